//! Can a definition be used?

use crate::criterion::{
    Behaviour, Criterion, FactCriterion, FactIs, InOrder, NotFollowed, Quantity, Same, Share,
    ValueTest,
};
use crate::definition::Definition;
use crate::error::{BadDefinition, Problem, between, some};
use crate::length::Length;
use crate::lookback::Lookback;
use crate::number::NumberTest;
use crate::period::Period;
use crate::predicate::{Node, Predicate};
use crate::selection;
use crate::vocabulary::Vocabulary;
use base::Duration;
use timeline::{Condition, Fact, Field, Label, Op};

/// Nodes of a definition at most.
pub const NODES_MAX: usize = 100;
/// How deep nodes may be in each other.
pub const DEPTH_MAX: usize = 8;
/// The greatest threshold of a count in a window that moves: as many times are kept of a customer.
pub const COUNT_MAX: f64 = 1_000.0;
/// Of a test that needs events one by one, the latest so many of a customer are looked at.
pub const TRAIL_EVENTS_MAX: usize = 1_000;
/// Steps in order at most.
pub const STEPS_MAX: usize = 6;
/// Characters of a salt at most.
const SALT_CHARS_MAX: usize = 100;
/// How long it may be waited for a step, or for what did not follow.
const WITHIN_MAX: Duration = Duration::days(366);

type Checked = Result<(), BadDefinition>;

/// That a definition can be used.
///
/// # Errors
/// Names the first place that cannot: `who.of[1].events`.
pub fn check(definition: &Definition, names: &dyn Vocabulary) -> Checked {
    let nodes = definition.who.nodes();
    some("who", nodes.len(), NODES_MAX)?;
    for node in &nodes {
        check_node(node, names).map_err(|bad| bad.within(node.path.as_str()))?;
    }
    Ok(())
}

fn check_node(node: &Node<'_>, names: &dyn Vocabulary) -> Checked {
    if node.depth > DEPTH_MAX {
        let problem = Problem::TooDeep { max: DEPTH_MAX };
        return Err(BadDefinition::new("", problem));
    }
    match node.predicate {
        Predicate::All(_) | Predicate::Not(_) => Ok(()),
        Predicate::Any(any) => some("of", any.len(), NODES_MAX),
        Predicate::Criterion(criterion) => {
            if node.is_in_same {
                check_in_same(criterion)?;
            }
            check_criterion(criterion, names)
        }
    }
}

/// What can be asked of the events with one value.
fn check_in_same(criterion: &Criterion) -> Checked {
    let problem = match criterion {
        Criterion::Behaviour(Behaviour { measure: Quantity::Distinct(_), .. }) => {
            "different values are not counted for one value"
        }
        Criterion::Behaviour(_) | Criterion::InOrder(_) | Criterion::NotFollowed(_) => {
            return Ok(());
        }
        Criterion::Same(_) => "one 'same' cannot be in another",
        Criterion::Fact(_) | Criterion::Share(_) => {
            "what is known of the customer has no such value: ask for it beside"
        }
        Criterion::Value(_) => "the value of one event is not asked for one value",
    };
    Err(BadDefinition::new("", Problem::Unfit(problem)))
}

fn check_criterion(criterion: &Criterion, names: &dyn Vocabulary) -> Checked {
    match criterion {
        Criterion::Fact(of) => fact(of, names),
        Criterion::Behaviour(of) => behaviour(of),
        Criterion::Value(of) => value(of),
        Criterion::InOrder(of) => in_order(of),
        Criterion::NotFollowed(of) => not_followed(of),
        Criterion::Same(of) => same(of),
        Criterion::Share(of) => share(of),
    }
}

fn fact(of: &FactCriterion, names: &dyn Vocabulary) -> Checked {
    let unknown = |what| Err(BadDefinition::new("fact", Problem::Unfit(what)));
    match &of.fact {
        Fact::Trait(name) | Fact::List(name) | Fact::Account(name) | Fact::Holding(_, name) => {
            some("fact.name", name.len(), usize::MAX)?;
        }
        Fact::Segment(id) if names.segment_key(*id).is_none() => {
            return unknown("there is no such segment");
        }
        Fact::Computed(id) if names.computed_key(*id).is_none() => {
            return unknown("there is no such computed trait");
        }
        Fact::Own(_)
        | Fact::Permission(..)
        | Fact::Consent(..)
        | Fact::Relation(_)
        | Fact::Segment(_)
        | Fact::Computed(_) => {}
    }
    match &of.is {
        FactIs::Op(Op::When(_)) => {
            Err(BadDefinition::new("op", Problem::Unfit("dates of customers are seen from today")))
        }
        FactIs::Op(op) => selection::check_fact_op(&of.fact, op),
        FactIs::Date(test) => test.check(),
    }
}

fn behaviour(of: &Behaviour) -> Checked {
    events("events", &of.events)?;
    lookback(&of.window)?;
    match &of.measure {
        Quantity::Sum(field)
        | Quantity::Mean(field)
        | Quantity::Least(field)
        | Quantity::Greatest(field) => number_field(field)?,
        Quantity::Distinct(of) => label("measure.by", of)?,
        Quantity::Times | Quantity::Days | Quantity::DaysSinceLast | Quantity::DaysSinceFirst => {}
    }
    number(of.is)?;
    let is_whole = matches!(of.window, Lookback::Ever | Lookback::Period(Period::Between { .. }));
    if of.measure.is_count() && !is_whole {
        let (low, high) = of.is.bounds();
        between("number.value", high.unwrap_or(low), (-COUNT_MAX, COUNT_MAX))?;
    }
    Ok(())
}

fn number_field(field: &Field) -> Checked {
    match field {
        Field::Property(path) | Field::Context(path) => some("measure.of", path.len(), usize::MAX),
        Field::Name | Field::Kind | Field::Source => {
            Err(BadDefinition::new("measure.of", Problem::Unfit("this is no number")))
        }
    }
}

fn number(test: NumberTest) -> Checked {
    let (low, high) = test.bounds();
    let all = [Some(low), high].into_iter().flatten();
    if !all.into_iter().all(f64::is_finite) {
        return Err(BadDefinition::new("number.value", Problem::NotFinite));
    }
    if high.is_some_and(|high| high < low) {
        return Err(BadDefinition::new("number.high", Problem::EndsBeforeItBegins));
    }
    Ok(())
}

fn value(of: &ValueTest) -> Checked {
    events("events", &of.events)?;
    lookback(&of.window)?;
    label("label", &of.label)?;
    selection::check_op(&of.is)
}

fn in_order(of: &InOrder) -> Checked {
    if of.steps.len() < 2 {
        return Err(BadDefinition::new("steps", Problem::Unfit("there must be at least two")));
    }
    some("steps", of.steps.len(), STEPS_MAX)?;
    for (k, step) in of.steps.iter().enumerate() {
        events(&format!("steps[{k}]"), step)?;
    }
    if let Some(without) = &of.without {
        events("without", without)?;
    }
    within_and_held(of.within, of.held.as_ref())?;
    lookback(&of.window)
}

fn not_followed(of: &NotFollowed) -> Checked {
    events("first", &of.first)?;
    events("by", &of.by)?;
    within_and_held(of.within, of.held.as_ref())?;
    lookback(&of.window)
}

fn within_and_held(within: Duration, held: Option<&Label>) -> Checked {
    Length::Exact(within).check("within")?;
    if within > WITHIN_MAX {
        let (value, max) = (within.0 as f64 / 6e7, WITHIN_MAX.0 as f64 / 6e7);
        return Err(BadDefinition::new("within", Problem::OutOfRange { value, min: 1.0, max }));
    }
    held.map_or(Ok(()), |held| label("same", held))
}

fn same(of: &Same) -> Checked {
    label("label", &of.label)?;
    let n = of.who.criteria().count();
    some("who", n, NODES_MAX)
}

fn share(of: &Share) -> Checked {
    some("salt", of.salt.chars().count(), SALT_CHARS_MAX)?;
    between("from", of.from, (0.0, 1.0))?;
    between("to", of.to, (0.0, 1.0))?;
    if of.to <= of.from {
        return Err(BadDefinition::new("to", Problem::EndsBeforeItBegins));
    }
    Ok(())
}

fn events(field: &str, condition: &Condition) -> Checked {
    selection::check(condition).map_err(|bad| bad.within(field))
}

fn label(field: &str, label: &Label) -> Checked {
    match &label.field {
        Field::Property(path) | Field::Context(path) => some(field, path.len(), usize::MAX),
        Field::Name | Field::Kind | Field::Source => Ok(()),
    }
}

fn lookback(window: &Lookback) -> Checked {
    match window {
        Lookback::Ever => Ok(()),
        Lookback::Last(length) | Lookback::LongerAgo(length) => length.check("window.length"),
        Lookback::Ago { from, to } => {
            from.check("window.from")?;
            to.check("window.to")?;
            if days(*from) <= days(*to) {
                let problem = Problem::Unfit("must be longer ago than where it ends");
                return Err(BadDefinition::new("window.from", problem));
            }
            Ok(())
        }
        Lookback::Period(period) => period.check().map_err(|bad| bad.within("window")),
        Lookback::Since { events, .. } => self::events("window.events", events),
    }
}

/// About how many days a length is: enough to tell which of two is longer, a month being between 28
/// and 31 days.
fn days(length: Length) -> f64 {
    match length {
        Length::Exact(length) => length.0 as f64 / Duration::days(1).0 as f64,
        Length::Calendar { n, grain } => {
            let days = match grain {
                crate::calendar::Grain::Year => 365.25,
                crate::calendar::Grain::Quarter => 91.3,
                _ => 30.4,
            };
            f64::from(n) * days
        }
    }
}

#[cfg(test)]
mod tests;
