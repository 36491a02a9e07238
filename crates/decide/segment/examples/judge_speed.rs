//! How long does it take to judge an event, and how large are lives, by how many segments there
//! are?
//!
//! `cargo run --release -p rapport-segment --example judge_speed -- [customers] [events]`

#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the clock, and is told numbers")]

use base::hash::mix64;
use base::{CustomerId, Duration, IdentifierId, SegmentId, SourceId, Timestamp};
use definition::{
    Behaviour, Bound, Calendar, Criterion, Definition, FactCriterion, FactIs, InOrder, Length,
    Lookback, NotFollowed, NumberTest, Predicate, Quantity, Same, Unknown, ValueTest, Which,
};
use lexicon::{EventKind, Json};
use segment::{
    Cause, EventSeen, FactClass, FactDirt, Facts, LeafBook, Life, LivePlan, ProgramId, Serving,
    Step, compile,
};
use std::borrow::Cow;
use std::time::Instant;
use timeline::{Condition, Fact, Field, Label, Op, Test, View};

/// Half of all events are page views; the names after it are ever rarer.
const NAMES: [&str; 12] = [
    "Page Viewed",
    "Product Viewed",
    "Product Added",
    "Email Opened",
    "Search Performed",
    "Cart Viewed",
    "Checkout Started",
    "Order Completed",
    "Email Clicked",
    "Signed Up",
    "Support Asked",
    "Review Written",
];
const CATEGORIES: [&str; 5] = ["garden", "camera", "doorbell", "light", "lock"];

/// A stream of numbers.
struct Draw {
    seed: u64,
    n: u64,
}

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.n += 1;
        mix64(self.seed ^ mix64(self.n)) % n
    }
}

fn name(draw: &mut Draw) -> &'static str {
    let place = (0..NAMES.len() - 1).find(|_| draw.below(2) == 0);
    NAMES[place.unwrap_or(NAMES.len() - 1)]
}

fn condition(draw: &mut Draw) -> Condition {
    let name = NAMES[draw.below(NAMES.len() as u64) as usize];
    let mut condition = Condition::event(name);
    if draw.below(3) == 0 {
        let category = CATEGORIES[draw.below(5) as usize];
        let field = Field::Property("category".into());
        let op = Op::Is(vec![category.into()]);
        condition.tests.push(Test { field, view: View::Whole, op });
    } else if draw.below(4) == 0 {
        let field = Field::Property("revenue".into());
        let op = Op::More(10.0 * draw.below(8) as f64);
        condition.tests.push(Test { field, view: View::Whole, op });
    }
    condition
}

fn window(draw: &mut Draw) -> Lookback {
    let days = [1, 2, 7, 14, 30, 60, 90][draw.below(7) as usize];
    match draw.below(10) {
        0 => Lookback::Ever,
        1 => Lookback::Ago { from: Length::days(180), to: Length::days(30) },
        2 => Lookback::LongerAgo(Length::days(days)),
        3 => Lookback::Last(Length::Exact(Duration::hours(1))),
        _ => Lookback::Last(Length::days(days)),
    }
}

fn product() -> Label {
    Label { field: Field::Property("product_id".into()), view: View::Whole }
}

/// Two in three are counts; the rest is of every kind.
fn criterion(draw: &mut Draw) -> Criterion {
    let (events, window) = (condition(draw), window(draw));
    let is = NumberTest::AtLeast(1.0 + draw.below(4) as f64);
    let of = |measure, is| {
        let (events, window) = (events.clone(), window.clone());
        Criterion::Behaviour(Behaviour { events, window, measure, is })
    };
    match draw.below(20) {
        0 => of(Quantity::Sum(Field::Property("revenue".into())), NumberTest::More(50.0)),
        1 => of(Quantity::Distinct(product()), is),
        2 => of(Quantity::DaysSinceLast, NumberTest::More(14.0)),
        3 => Criterion::Value(ValueTest {
            which: Which::Last,
            label: Label { field: Field::Property("category".into()), view: View::Whole },
            events,
            window: Lookback::Ever,
            is: Op::Is(vec!["camera".into()]),
        }),
        4 => Criterion::InOrder(InOrder {
            steps: vec![events, condition(draw)],
            within: Duration::hours(1),
            window: Lookback::Last(Length::days(7)),
            without: None,
            held: None,
        }),
        5 => Criterion::NotFollowed(NotFollowed {
            first: Condition::event("Cart Viewed"),
            by: Condition::event("Order Completed"),
            within: Duration::hours(2),
            window: Lookback::Last(Length::days(7)),
            held: None,
        }),
        6 => {
            let inside = Criterion::Behaviour(Behaviour {
                events: Condition::event("Product Viewed"),
                window: Lookback::Last(Length::days(2)),
                measure: Quantity::Times,
                is: NumberTest::AtLeast(3.0),
            });
            let who = Box::new(Predicate::Criterion(inside));
            Criterion::Same(Same { label: product(), who })
        }
        7..=9 => Criterion::Fact(FactCriterion {
            fact: Fact::Trait("plan".into()),
            is: FactIs::Op(Op::Is(vec![["pro", "free"][draw.below(2) as usize].into()])),
        }),
        _ => of(Quantity::Times, is),
    }
}

fn definition(draw: &mut Draw) -> Bound {
    let n = 1 + draw.below(3);
    let parts = (0..n).map(|_| Predicate::Criterion(criterion(draw)));
    let parts = parts.map(|part| if stands_for_not(&part) { part.negated() } else { part });
    let who = Predicate::All(parts.collect());
    Bound::new(Definition { who, calendar: Calendar::utc() }, &Unknown).expect("a good definition")
}

/// Counts of one, of any such event, stand for who did not.
fn stands_for_not(part: &Predicate) -> bool {
    let Predicate::Criterion(Criterion::Behaviour(of)) = part else { return false };
    of.measure == Quantity::Times && of.is == NumberTest::AtLeast(1.0) && of.events.tests.is_empty()
}

struct Known(CustomerId);

impl Facts for Known {
    fn label(&self, _: &Fact) -> Option<Cow<'_, str>> {
        Some(["pro", "free", "none"][self.0.0 as usize % 3].into())
    }

    fn customer(&self) -> CustomerId {
        self.0
    }
}

fn plan(n: usize) -> LivePlan {
    let draw = &mut Draw { seed: 7, n: 0 };
    let bounds: Vec<Bound> = (0..n).map(|_| definition(draw)).collect();
    let serving = |(k, bound)| {
        let owner = ProgramId { segment: SegmentId(k as u64 + 1), version: 1 };
        Serving { owner, bound, is_shadow: false }
    };
    let all: Vec<Serving<'_>> = bounds.iter().enumerate().map(serving).collect();
    compile(&all, &LeafBook::default()).expect("not too much").plan
}

fn properties(draw: &mut Draw) -> Json {
    Json::from_checked_text(format!(
        r#"{{"product_id":"p-{}","category":"{}","revenue":{}.5,"page":"/shop/{}"}}"#,
        draw.below(400),
        CATEGORIES[draw.below(5) as usize],
        draw.below(120),
        draw.below(50),
    ))
}

fn measure(n_segments: usize, n_customers: u64, n_events: u64) {
    let plan = plan(n_segments);
    let draw = &mut Draw { seed: 8, n: 0 };
    let mut blobs: Vec<Option<Vec<u8>>> = vec![None; n_customers as usize];
    let (mut flips, mut spent, mut n_flips, mut n_fired) = (Vec::new(), 0, 0, 0);
    let begin = Timestamp::parse("2026-01-01").expect("a date");
    let pause = Duration::days(90).0 / n_events as i64;
    for seq in 1..=n_events {
        let clock = begin.plus(Duration(seq as i64 * pause));
        // A fifth of the customers have four fifths of the events.
        let busy = if draw.below(5) == 0 { n_customers } else { n_customers.div_ceil(5) };
        let customer = draw.below(busy);
        let (name, properties, context) = (name(draw), properties(draw), Json::empty());
        let event = EventSeen {
            occurred_at: clock,
            seq,
            kind: EventKind::Track,
            name,
            source: SourceId(1),
            properties: &properties,
            context: &context,
        };
        let dirty = FactDirt::NONE.and(FactClass::Seen);
        let step = Step { clock, rests: false, cause: Cause::Event(seq), dirty };
        let facts = Known(CustomerId(customer + 1));
        let blob = &mut blobs[customer as usize];
        let started = Instant::now();
        let mut life = Life::read(blob.as_deref()).expect("what was written");
        n_fired += u64::from(life.due().is_some_and(|due| due <= clock));
        life.fire(&plan, &step, &facts, &mut flips);
        life.absorb(&plan, IdentifierId(customer + 1), &event, clock);
        life.judge(&plan, &step, &facts, &mut flips);
        *blob = Some(life.write(&plan).0);
        if seq > n_events / 2 {
            spent += started.elapsed().as_nanos();
        }
        n_flips += flips.len();
        flips.clear();
    }
    let mut sizes: Vec<usize> = blobs.iter().flatten().map(Vec::len).collect();
    sizes.sort_unstable();
    let at = |share: f64| sizes[((sizes.len() - 1) as f64 * share) as usize];
    println!(
        "{n_segments:5} segments, {:4} leaves: {:6.2} µs per event, {:.2} flips per event, {:.2} of \
         events after something due; bytes: median {}, p90 {}, p99 {}",
        plan.leaves().len(),
        spent as f64 / (n_events - n_events / 2) as f64 / 1e3,
        n_flips as f64 / n_events as f64,
        n_fired as f64 / n_events as f64,
        at(0.5),
        at(0.9),
        at(0.99),
    );
}

fn main() {
    let number = |n| std::env::args().nth(n).and_then(|text| text.parse().ok());
    let (n_customers, n_events) = (number(1).unwrap_or(200_000), number(2).unwrap_or(4_000_000));
    for n_segments in [50, 200, 1_000] {
        measure(n_segments, n_customers, n_events);
    }
}
