//! Who is meant, by the words of the language alone?
//!
//! Slow and plain on purpose, a few lines per test: every evaluator must agree with it. It knows no
//! states, sets or indexes, and works out windows by comparing times instead of laying them out.

use crate::bound::Bound;
use crate::calendar::{Calendar, Grain};
use crate::criterion::{
    Behaviour, Criterion, FactCriterion, FactIs, InOrder, NotFollowed, Quantity, Same, ValueTest,
    Which,
};
use crate::length::Length;
use crate::lookback::{Lookback, Since};
use crate::period::Period;
use crate::predicate::Predicate;
use base::{CustomerId, Duration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use timeline::{Condition, Fact, Label, Op, PlainEvent, Scalar, Test, View};

/// A customer with all that is known of them.
#[derive(Clone, Debug)]
pub struct PlainCustomer {
    /// Who it is: by it a random part is drawn.
    pub id: CustomerId,
    /// Their events, in whatever order.
    pub events: Vec<PlainEvent>,
    /// What is known of them, as it is written.
    pub facts: BTreeMap<Fact, String>,
    /// Whether their data rest.
    pub rests: bool,
}

/// At which moment is looked, and how.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The moment.
    pub t: Timestamp,
    /// By which clock.
    pub calendar: &'a Calendar,
    /// How many events of a customer a test looks at that needs them one by one.
    pub trail_events_max: usize,
}

/// Whether a customer is meant.
#[must_use]
pub fn holds(bound: &Bound, customer: &PlainCustomer, now: Moment<'_>) -> bool {
    if customer.rests {
        return false;
    }
    let mut events: Vec<&PlainEvent> =
        customer.events.iter().filter(|event| event.occurred_at <= now.t).collect();
    events.sort_by_key(|event| (event.occurred_at, event.seq));
    let test = |criterion: &Criterion| {
        let kept = bound.kept(criterion);
        let is_kept =
            |event: &&&PlainEvent| kept.is_none_or(|kept| now.t.since(event.occurred_at) < kept);
        let events: Vec<&PlainEvent> = events.iter().filter(is_kept).copied().collect();
        criterion_holds(criterion, (&events, kept), (customer, now))
    };
    tree(&bound.definition().who, &test)
}

fn tree(predicate: &Predicate, test: &dyn Fn(&Criterion) -> bool) -> bool {
    match predicate {
        Predicate::All(all) => all.iter().all(|part| tree(part, test)),
        Predicate::Any(any) => any.iter().any(|part| tree(part, test)),
        Predicate::Not(not) => !tree(not, test),
        Predicate::Criterion(criterion) => test(criterion),
    }
}

type Events<'e> = &'e [&'e PlainEvent];

fn criterion_holds(
    criterion: &Criterion,
    (events, kept): (Events<'_>, Option<Duration>),
    (customer, now): (&PlainCustomer, Moment<'_>),
) -> bool {
    let counted = selections(criterion);
    let counts = |event: &&&PlainEvent| counted.iter().any(|one| takes(one, event));
    let mut seen: Vec<&PlainEvent> = events.iter().filter(counts).copied().collect();
    if needs_each(criterion, kept.is_some()) {
        seen = seen.split_off(seen.len().saturating_sub(now.trail_events_max));
    }
    match criterion {
        Criterion::Fact(of) => {
            fact_holds(of, customer.facts.get(&of.fact).map(String::as_str), now)
        }
        Criterion::Share(of) => of.takes(customer.id),
        _ => events_hold(criterion, &seen, now),
    }
}

fn events_hold(criterion: &Criterion, events: Events<'_>, now: Moment<'_>) -> bool {
    match criterion {
        Criterion::Behaviour(of) => behaviour_holds(of, events, now),
        Criterion::Value(of) => value_holds(of, events, now),
        Criterion::InOrder(of) => in_order_holds(of, events, now),
        Criterion::NotFollowed(of) => not_followed_holds(of, events, now),
        Criterion::Same(of) => same_holds(of, events, now),
        Criterion::Fact(_) | Criterion::Share(_) => false,
    }
}

fn selections(criterion: &Criterion) -> Vec<&Condition> {
    match criterion {
        Criterion::Same(same) => same.who.criteria().flat_map(selections).collect(),
        _ => criterion.selections(),
    }
}

fn takes(condition: &Condition, event: &PlainEvent) -> bool {
    let test = |test: &Test| test.takes(event.scalar(&test.field).as_ref());
    condition.takes_name(&event.name) && condition.tests.iter().all(test)
}

/// Whether a test needs events one by one, and so looks at the latest of them only. What is kept for
/// a time only has a window that moves.
fn needs_each(criterion: &Criterion, is_clipped: bool) -> bool {
    let (window, measure) = match criterion {
        Criterion::Fact(_) | Criterion::Share(_) => return false,
        Criterion::InOrder(_) | Criterion::NotFollowed(_) | Criterion::Same(_) => return true,
        Criterion::Value(ValueTest { which: Which::MostFrequent, .. }) => return true,
        Criterion::Value(of) => (&of.window, (of.which == Which::Last).then_some(&Quantity::Days)),
        Criterion::Behaviour(of) => (&of.window, Some(&of.measure)),
    };
    let of_newest = matches!(
        measure,
        Some(Quantity::Times | Quantity::Days | Quantity::Distinct(_) | Quantity::DaysSinceLast)
    );
    match window {
        Lookback::Since { .. } | Lookback::Ago { .. } => true,
        Lookback::Period(Period::Last { current: false, .. }) => true,
        Lookback::LongerAgo(_) => is_clipped || measure != Some(&Quantity::Times),
        Lookback::Last(_) | Lookback::Period(Period::Last { .. }) => !of_newest,
        Lookback::Ever => is_clipped && !of_newest,
        Lookback::Period(Period::Between { .. }) => is_clipped,
    }
}

/// Whether an event at `at` is in a window, seen from `t`; not of `Since`.
fn is_in(window: &Lookback, at: Timestamp, now: Moment<'_>) -> bool {
    let Moment { t, calendar, .. } = now;
    let is_within = |length: &Length| match *length {
        Length::Exact(length) => t.since(at) < length,
        Length::Calendar { n, grain } => {
            let months = match grain {
                Grain::Year => 12,
                Grain::Quarter => 3,
                _ => 1,
            };
            let span = jiff::Span::new().months(i64::from(n) * months);
            calendar.date(at) >= calendar.date(t).saturating_sub(span)
        }
    };
    at <= t
        && match window {
            Lookback::Ever | Lookback::Since { .. } => true,
            Lookback::Last(length) => is_within(length),
            Lookback::LongerAgo(length) => !is_within(length),
            Lookback::Ago { from, to } => is_within(from) && !is_within(to),
            Lookback::Period(Period::Between { first, last }) => {
                (*first..=*last).contains(&calendar.date(at))
            }
            Lookback::Period(Period::Last { n, grain, current }) => {
                // Counted in spans: how many have begun after the one of the event.
                let mut begun = 0;
                let mut end = calendar.end(*grain, at);
                while end <= t && begun <= *n {
                    begun += 1;
                    end = calendar.end(*grain, end);
                }
                if *current { begun < *n } else { (1..=*n).contains(&begun) }
            }
        }
}

/// The events of a selection that are in the window.
fn in_window<'e>(
    (condition, window): (&Condition, &Lookback),
    events: Events<'e>,
    now: Moment<'_>,
) -> Vec<&'e PlainEvent> {
    let begins = match window {
        Lookback::Since { events: anchor, which } => {
            let mut all = events.iter().filter(|event| takes(anchor, event));
            let found = match which {
                Since::First => all.next(),
                Since::Last => all.next_back(),
            };
            match found {
                Some(anchor) => Some(anchor.occurred_at),
                None => return Vec::new(),
            }
        }
        _ => None,
    };
    let is_meant = |event: &&&PlainEvent| {
        takes(condition, event)
            && is_in(window, event.occurred_at, now)
            && begins.is_none_or(|begin| begin < event.occurred_at)
    };
    events.iter().filter(is_meant).copied().collect()
}

fn label_of(label: &Label, event: &PlainEvent) -> Option<String> {
    event.scalar(&label.field).map(|scalar| label.view.of(&scalar.label()).into_owned())
}

fn behaviour_holds(of: &Behaviour, events: Events<'_>, now: Moment<'_>) -> bool {
    let seen = in_window((&of.events, &of.window), events, now);
    let numbers = |field| -> Vec<f64> {
        seen.iter().filter_map(|event| event.scalar(field)?.number()).collect()
    };
    let days = |event: Option<&&PlainEvent>| {
        event.map_or(f64::NAN, |event| now.t.since(event.occurred_at).0 as f64 / 86.4e9)
    };
    let number = match &of.measure {
        Quantity::Times => seen.len() as f64,
        Quantity::Days => {
            let days: BTreeSet<_> =
                seen.iter().map(|event| now.calendar.date(event.occurred_at)).collect();
            days.len() as f64
        }
        Quantity::Sum(field) => numbers(field).iter().sum(),
        Quantity::Mean(field) => {
            let numbers = numbers(field);
            numbers.iter().sum::<f64>() / numbers.len() as f64
        }
        Quantity::Least(field) => numbers(field).into_iter().fold(f64::NAN, f64::min),
        Quantity::Greatest(field) => numbers(field).into_iter().fold(f64::NAN, f64::max),
        Quantity::Distinct(label) => {
            let values: BTreeSet<_> =
                seen.iter().filter_map(|event| label_of(label, event)).collect();
            values.len() as f64
        }
        Quantity::DaysSinceLast => days(seen.last()),
        Quantity::DaysSinceFirst => days(seen.first()),
    };
    of.is.takes(number)
}

fn value_holds(of: &ValueTest, events: Events<'_>, now: Moment<'_>) -> bool {
    let seen = in_window((&of.events, &of.window), events, now);
    let event = match of.which {
        Which::First => seen.first(),
        Which::Last => seen.last(),
        Which::MostFrequent => {
            let label = |event: &PlainEvent| label_of(&of.label, event);
            let n = |value: &Option<String>| seen.iter().filter(|e| label(e) == *value).count();
            let said = seen.iter().filter(|event| label(event).is_some());
            // Of equal ones the last is taken.
            said.max_by_key(|event| n(&label(event)))
        }
    };
    let scalar: Option<Scalar> = event.and_then(|event| event.scalar(&of.label.field));
    let (field, view) = (of.label.field.clone(), of.label.view);
    Test { field, view, op: of.is.clone() }.takes(scalar.as_ref())
}

fn in_order_holds(of: &InOrder, events: Events<'_>, now: Moment<'_>) -> bool {
    let mut begins = in_window((&of.steps[0], &of.window), events, now).into_iter();
    begins.any(|begin| {
        let held = of.held.as_ref().map(|held| label_of(held, begin));
        let is_held =
            |event: &&&PlainEvent| of.held.as_ref().map(|label| label_of(label, event)) == held;
        let within: Vec<&PlainEvent> = events
            .iter()
            .filter(|event| event.occurred_at >= begin.occurred_at)
            .filter(|event| event.occurred_at.since(begin.occurred_at) <= of.within)
            .filter(is_held)
            .copied()
            .collect();
        let ends = ends(&of.steps[1..], (begin.occurred_at, &mut vec![begin.seq]), &within);
        let is_free = |end: &Timestamp| {
            let between = events
                .iter()
                .filter(|event| begin.occurred_at < event.occurred_at && event.occurred_at <= *end);
            let mut without = of.without.iter();
            !without.any(|without| between.clone().any(|event| takes(without, event)))
        };
        held != Some(None) && ends.iter().any(is_free)
    })
}

/// When the last of the steps can be taken: each by an event that none before it took, and not
/// before the one before it.
fn ends(
    steps: &[Condition],
    (from, taken): (Timestamp, &mut Vec<u64>),
    events: Events<'_>,
) -> BTreeSet<Timestamp> {
    let Some((step, rest)) = steps.split_first() else { return BTreeSet::from([from]) };
    let mut found = BTreeSet::new();
    for event in events {
        if event.occurred_at >= from && !taken.contains(&event.seq) && takes(step, event) {
            taken.push(event.seq);
            found.extend(ends(rest, (event.occurred_at, taken), events));
            taken.pop();
        }
    }
    found
}

fn not_followed_holds(of: &NotFollowed, events: Events<'_>, now: Moment<'_>) -> bool {
    let mut firsts = in_window((&of.first, &of.window), events, now).into_iter();
    firsts.any(|first| {
        let held = of.held.as_ref().map(|held| label_of(held, first));
        let follows = |event: &&PlainEvent| {
            takes(&of.by, event)
                && event.seq != first.seq
                && event.occurred_at >= first.occurred_at
                && event.occurred_at.since(first.occurred_at) <= of.within
                && of.held.as_ref().map(|label| label_of(label, event)) == held
        };
        let is_over = now.t.since(first.occurred_at) >= of.within;
        held != Some(None) && is_over && !events.iter().any(follows)
    })
}

fn same_holds(of: &Same, events: Events<'_>, now: Moment<'_>) -> bool {
    let values: BTreeSet<String> =
        events.iter().filter_map(|event| label_of(&of.label, event)).collect();
    values.iter().any(|value| {
        let is_of = |event: &&&PlainEvent| label_of(&of.label, event).as_ref() == Some(value);
        let events: Vec<&PlainEvent> = events.iter().filter(is_of).copied().collect();
        tree(&of.who, &|criterion| events_hold(criterion, &events, now))
    })
}

fn fact_holds(of: &FactCriterion, label: Option<&str>, now: Moment<'_>) -> bool {
    let op = match &of.is {
        FactIs::Op(op) => op.clone(),
        FactIs::Date(test) => test.bound(now.calendar, now.t),
    };
    let one = |op: &Op, label: Option<&str>| match op.is_numeric() {
        true => label
            .and_then(|label| label.trim().parse().ok())
            .is_some_and(|number: f64| number.is_finite() && op.takes_number(number)),
        false => {
            let field = timeline::Field::Name;
            let test = Test { field, view: View::Whole, op: op.clone() };
            test.takes_label(label)
        }
    };
    let Fact::Account(_) = &of.fact else { return one(&op, label) };
    let of_accounts: Vec<String> =
        label.and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default();
    match &op {
        Op::Missing => of_accounts.is_empty(),
        Op::IsNot(_) => of_accounts.iter().all(|label| one(&op, Some(label))),
        op => of_accounts.iter().any(|label| one(op, Some(label))),
    }
}

#[cfg(test)]
mod tests;
