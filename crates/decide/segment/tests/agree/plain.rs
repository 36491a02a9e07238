//! Who is meant, if one looks at every event of a customer each time?
//!
//! Slow, and of the language alone: no leaves, no states, no sets.

use base::{CustomerId, Duration, Timestamp};
use definition::{
    Behaviour, Calendar, Criterion, InOrder, Lookback, NotFollowed, Predicate, Quantity, Same,
    Since, ValueTest, Which,
};
use segment::Facts;
use std::collections::BTreeSet;
use timeline::{Condition, Field, Label, PlainEvent, Test};

/// At which moment is looked, and with which bounds.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The moment.
    pub t: Timestamp,
    /// By whose days.
    pub calendar: &'a Calendar,
    /// How long events are kept.
    pub kept: Option<Duration>,
    /// How many events of a trail count.
    pub most: usize,
    /// What is known besides.
    pub facts: &'a dyn Facts,
}

type Events<'e> = Vec<&'e PlainEvent>;

/// Whether a customer with these events is meant.
pub fn holds(who: &Predicate, events: &[&PlainEvent], at: At<'_>) -> bool {
    let mut seen: Events<'_> =
        events.iter().copied().filter(|event| event.occurred_at <= at.t).collect();
    seen.sort_by_key(|event| (event.occurred_at, event.seq));
    whole(who, &seen, at)
}

fn whole(who: &Predicate, events: &[&PlainEvent], at: At<'_>) -> bool {
    match who {
        Predicate::All(parts) => parts.iter().all(|part| whole(part, events, at)),
        Predicate::Any(parts) => parts.iter().any(|part| whole(part, events, at)),
        Predicate::Not(part) => !whole(part, events, at),
        Predicate::Criterion(criterion) => {
            let events = match is_trail(criterion, at.kept) {
                true => bounded(&conditions(criterion), events, at.most),
                false => events.to_vec(),
            };
            test(criterion, &events, at)
        }
    }
}

/// The conditions of all that is looked at.
fn conditions(criterion: &Criterion) -> Vec<Condition> {
    match criterion {
        Criterion::Same(same) => same.who.criteria().flat_map(conditions).collect(),
        _ => criterion.selections().into_iter().cloned().collect(),
    }
}

fn bounded<'e>(of: &[Condition], events: &[&'e PlainEvent], most: usize) -> Events<'e> {
    let counts = |event: &&PlainEvent| of.iter().any(|condition| takes(condition, event));
    let counted: Events<'e> = events.iter().copied().filter(|event| counts(event)).collect();
    counted[counted.len().saturating_sub(most)..].to_vec()
}

fn is_trail(criterion: &Criterion, kept: Option<Duration>) -> bool {
    let is_still = |window: &Lookback| window.never_lets_go() && !is_late(window) && kept.is_none();
    let is_newest = |window: &Lookback| {
        is_still(window) || (window.ends_now() && !matches!(window, Lookback::Since { .. }))
    };
    match criterion {
        Criterion::Fact(_) | Criterion::Share(_) => false,
        Criterion::Behaviour(of) => match of.measure {
            Quantity::Times if is_late(&of.window) => kept.is_some(),
            Quantity::Times | Quantity::Days | Quantity::Distinct(_) | Quantity::DaysSinceLast => {
                !is_newest(&of.window)
            }
            _ => !is_still(&of.window),
        },
        Criterion::Value(of) => match of.which {
            Which::First => !is_still(&of.window),
            Which::Last => !is_newest(&of.window),
            Which::MostFrequent => true,
        },
        Criterion::InOrder(_) | Criterion::NotFollowed(_) | Criterion::Same(_) => true,
    }
}

fn is_late(window: &Lookback) -> bool {
    matches!(window, Lookback::LongerAgo(_))
}

fn takes(condition: &Condition, event: &PlainEvent) -> bool {
    let mut tests = condition.tests.iter();
    condition.takes_name(&event.name)
        && tests.all(|test| test.takes(event.scalar(&test.field).as_ref()))
}

fn text(label: &Label, event: &PlainEvent) -> Option<String> {
    event.scalar(&label.field).map(|scalar| label.view.of(&scalar.label()).into_owned())
}

/// The events that count and are in the window.
fn looked_at<'e>(
    (condition, window): (&Condition, &Lookback),
    events: &[&'e PlainEvent],
    at: At<'_>,
) -> Events<'e> {
    let is_in = |event: &&PlainEvent| match window {
        Lookback::Since { events: of, which } => {
            let mut anchors = events.iter().filter(|event| takes(of, event));
            let anchor = match which {
                Since::First => anchors.next(),
                Since::Last => anchors.next_back(),
            };
            let is_kept = at.kept.is_none_or(|kept| event.occurred_at > at.t.minus(kept));
            anchor.is_some_and(|anchor| event.occurred_at > anchor.occurred_at) && is_kept
        }
        _ => {
            let window = window.window_kept(at.calendar, (at.t, at.kept));
            window.is_some_and(|window| window.holds(event.occurred_at))
        }
    };
    events.iter().copied().filter(|event| takes(condition, event)).filter(is_in).collect()
}

fn test(criterion: &Criterion, events: &[&PlainEvent], at: At<'_>) -> bool {
    match criterion {
        Criterion::Fact(of) => {
            let label = at.facts.label(&of.fact);
            of.judge(label.as_deref(), (at.t, at.calendar)).holds
        }
        Criterion::Share(share) => share.takes(at.facts.customer()),
        Criterion::Behaviour(of) => behaviour(of, events, at),
        Criterion::Value(of) => value(of, events, at),
        Criterion::InOrder(of) => {
            let begins = looked_at((&of.steps[0], &of.window), events, at);
            begins.into_iter().any(|begin| goes_on(of, events, &mut vec![begin]))
        }
        Criterion::NotFollowed(of) => {
            let firsts = looked_at((&of.first, &of.window), events, at);
            firsts.into_iter().any(|first| is_alone(of, first, events, at.t))
        }
        Criterion::Same(of) => same(of, events, at),
    }
}

fn behaviour(of: &Behaviour, events: &[&PlainEvent], at: At<'_>) -> bool {
    let events = looked_at((&of.events, &of.window), events, at);
    let numbers = |field: &Field| -> Vec<f64> {
        events.iter().filter_map(|event| event.scalar(field)?.number()).collect()
    };
    let days =
        |event: &&PlainEvent| at.t.since(event.occurred_at).0 as f64 / Duration::days(1).0 as f64;
    let number = match &of.measure {
        Quantity::Times => Some(events.len() as f64),
        Quantity::Days => {
            let days: BTreeSet<String> =
                events.iter().map(|e| at.calendar.date(e.occurred_at).to_string()).collect();
            Some(days.len() as f64)
        }
        Quantity::Distinct(label) => {
            let texts: BTreeSet<String> = events.iter().filter_map(|e| text(label, e)).collect();
            Some(texts.len() as f64)
        }
        Quantity::Sum(field) => Some(numbers(field).iter().sum()),
        Quantity::Mean(field) => {
            let numbers = numbers(field);
            let n = numbers.len() as f64;
            (n > 0.0).then(|| numbers.iter().sum::<f64>() / n)
        }
        Quantity::Least(field) => numbers(field).into_iter().reduce(f64::min),
        Quantity::Greatest(field) => numbers(field).into_iter().reduce(f64::max),
        Quantity::DaysSinceLast => events.last().map(days),
        Quantity::DaysSinceFirst => events.first().map(days),
    };
    number.is_some_and(|number| of.is.takes(number))
}

fn value(of: &ValueTest, events: &[&PlainEvent], at: At<'_>) -> bool {
    let events = looked_at((&of.events, &of.window), events, at);
    let found = match of.which {
        Which::First => events.first(),
        Which::Last => events.last(),
        Which::MostFrequent => {
            let same = |a: &PlainEvent, b: &PlainEvent| text(&of.label, a) == text(&of.label, b);
            let n = |event: &PlainEvent| events.iter().filter(|other| same(event, other)).count();
            let with = events.iter().filter(|event| text(&of.label, event).is_some());
            with.max_by_key(|event| n(event))
        }
    };
    let Label { field, view } = of.label.clone();
    let scalar = found.and_then(|event| event.scalar(&field));
    Test { field, view, op: of.is.clone() }.takes(scalar.as_ref())
}

fn is_alone(of: &NotFollowed, first: &PlainEvent, events: &[&PlainEvent], t: Timestamp) -> bool {
    let held = |event: &PlainEvent| of.held.as_ref().map(|label| text(label, event));
    let last = first.occurred_at.plus(of.within);
    let follows = |event: &&&PlainEvent| {
        event.seq != first.seq
            && takes(&of.by, event)
            && held(event) == held(first)
            && (first.occurred_at..=last).contains(&event.occurred_at)
    };
    held(first) != Some(None) && last <= t && !events.iter().any(|event| follows(&event))
}

/// Whether the steps after those that were taken can be found, in any way.
fn goes_on<'e>(of: &InOrder, events: &[&'e PlainEvent], taken: &mut Vec<&'e PlainEvent>) -> bool {
    let held = |event: &PlainEvent| of.held.as_ref().map(|label| text(label, event));
    let (first, last) = (taken[0], taken[taken.len() - 1]);
    if held(first) == Some(None) {
        return false;
    }
    if taken.len() == of.steps.len() {
        let is_between = |event: &&&PlainEvent| {
            event.occurred_at > first.occurred_at && event.occurred_at <= last.occurred_at
        };
        let mut between = events.iter().filter(is_between);
        return !between.any(|event| of.without.as_ref().is_some_and(|c| takes(c, event)));
    }
    events.iter().any(|event| {
        let in_time = last.occurred_at..=first.occurred_at.plus(of.within);
        let is_next = takes(&of.steps[taken.len()], event)
            && held(event) == held(first)
            && in_time.contains(&event.occurred_at)
            && taken.iter().all(|other| other.seq != event.seq);
        if !is_next {
            return false;
        }
        taken.push(event);
        let does = goes_on(of, events, taken);
        taken.pop();
        does
    })
}

fn same(of: &Same, events: &[&PlainEvent], at: At<'_>) -> bool {
    let values: BTreeSet<String> = events.iter().filter_map(|e| text(&of.label, e)).collect();
    values.into_iter().any(|value| {
        let says = |event: &&PlainEvent| text(&of.label, event).as_deref() == Some(&*value);
        let of_value: Events<'_> = events.iter().copied().filter(says).collect();
        inside(&of.who, &of_value, at)
    })
}

/// What is inside of a keyed test looks at the events of the value that are in its trail.
fn inside(who: &Predicate, events: &[&PlainEvent], at: At<'_>) -> bool {
    match who {
        Predicate::All(parts) => parts.iter().all(|part| inside(part, events, at)),
        Predicate::Any(parts) => parts.iter().any(|part| inside(part, events, at)),
        Predicate::Not(part) => !inside(part, events, at),
        Predicate::Criterion(criterion) => test(criterion, events, at),
    }
}

/// Facts that are written down.
#[derive(Clone, Debug, Default)]
pub struct PlainFacts {
    /// Whose.
    pub customer: CustomerId,
    /// What is known.
    pub labels: Vec<(timeline::Fact, String)>,
}

impl Facts for PlainFacts {
    fn label(&self, fact: &timeline::Fact) -> Option<std::borrow::Cow<'_, str>> {
        let known = self.labels.iter().rev().find(|(of, _)| of == fact);
        known.map(|(_, label)| label.as_str().into())
    }

    fn customer(&self) -> CustomerId {
        self.customer
    }
}
