//! With which definitions, events and identities is it tried?

use base::{ComputedId, Duration, SegmentId, SourceId, Timestamp};
use definition::{
    Behaviour, Calendar, Criterion, DateTest, Definition, FactCriterion, FactIs, Grain, InOrder,
    Known, Length, Lookback, NotFollowed, NumberTest, Period, Predicate, Quantity, Same, Share,
    Since, ValueTest, Vocabulary, Weekday, Which, date,
};
use lexicon::{EventKind, Json};
use proptest::prelude::*;
use proptest::sample::select;
use timeline::{Condition, Fact, Field, Label, Op, PlainEvent, Test, View};

/// Noon of 20 March 2026 in UTC; the clocks of Berlin are set on the 29th.
pub const BEGIN: i64 = 1_774_008_000_000_000;
/// Events lie on a grid, so that edges and ties happen.
pub const GRID: i64 = Duration::hours(6).0;

/// What happens, in order.
#[derive(Clone, Debug)]
pub enum Happening {
    /// An event under one of the identifiers, so many cells behind the clock (or ahead).
    Event { identifier: usize, behind: i64, name: usize, key: Option<usize>, number: Option<i32> },
    /// The clock goes on by so many cells.
    Wait(i64),
    /// Something becomes known of the customer of an identifier.
    Known { identifier: usize, label: usize },
    /// Two identifiers are found to be one customer's.
    Merge(usize, usize),
    /// An identifier is found to be nobody else's.
    Unmerge(usize),
}

pub const N_IDENTIFIERS: usize = 3;
const NAMES: [&str; 3] = ["A", "B", "C"];
const KEYS: [&str; 3] = ["x", "y", "5"];

fn key() -> Label {
    Label { field: Field::Property("k".into()), view: View::Whole }
}

fn number() -> Field {
    Field::Property("p".into())
}

pub fn plan() -> Fact {
    Fact::Trait("plan".into())
}

pub fn ends() -> Fact {
    Fact::Trait("ends".into())
}

/// Two segments, and how long all events are kept.
pub struct Names {
    pub kept: Option<Duration>,
}

impl Vocabulary for Names {
    fn segment(&self, _key: &str) -> Option<SegmentId> {
        None
    }
    fn segment_key(&self, id: SegmentId) -> Option<String> {
        Some(id.to_string())
    }
    fn segment_name(&self, _id: SegmentId) -> Option<String> {
        None
    }
    fn computed(&self, _key: &str) -> Option<ComputedId> {
        None
    }
    fn computed_key(&self, _id: ComputedId) -> Option<String> {
        None
    }
    fn computed_name(&self, _id: ComputedId) -> Option<String> {
        None
    }
    fn all(&self, _kind: Known) -> Vec<Box<str>> {
        Vec::new()
    }
    fn kept(&self, _events: &Condition) -> Option<Duration> {
        self.kept
    }
}

/// What may be known: of the plan, and when something ends.
pub fn known(label: usize) -> (Fact, String) {
    match label {
        0 => (plan(), "pro".into()),
        1 => (plan(), "free".into()),
        2 => (ends(), "2026-03-28".into()),
        3 => (ends(), "2026-03-25T18:00:00Z".into()),
        _ => (ends(), "never".into()),
    }
}

/// The event that happens at `at` as the `seq`-th.
pub fn event(happening: &Happening, at: Timestamp, seq: u64) -> Option<(usize, PlainEvent)> {
    let Happening::Event { identifier, name, key, number, .. } = happening else { return None };
    let key = key.map(|key| match KEYS[key] {
        "5" => r#""k":5"#.to_owned(),
        text => format!(r#""k":"{text}""#),
    });
    let number = number.map(|n| format!(r#""p":{}"#, f64::from(n) * 1.25));
    let members: Vec<String> = key.into_iter().chain(number).collect();
    let event = PlainEvent {
        customer: base::CustomerId(0),
        occurred_at: at,
        seq,
        kind: EventKind::Track,
        name: NAMES[*name].into(),
        source: SourceId(1),
        properties: Json::from_checked_text(format!("{{{}}}", members.join(","))),
        context: Json::empty(),
    };
    Some((*identifier, event))
}

fn op() -> impl Strategy<Value = Op> {
    select(vec![
        Op::Is(vec!["x".into()]),
        Op::IsNot(vec!["x".into()]),
        Op::Exists,
        Op::Missing,
        Op::Equal(5.0),
        Op::StartsWith("y".into()),
    ])
}

fn condition() -> impl Strategy<Value = Condition> {
    let test = prop_oneof![
        op().prop_map(|op| Test { field: key().field, view: View::Whole, op }),
        (0..4_i32).prop_map(|n| {
            let op = Op::More(f64::from(n));
            Test { field: number(), view: View::Whole, op }
        }),
    ];
    let names = prop_oneof![
        6 => (0..3_usize).prop_map(|name| vec![NAMES[name].into()]),
        2 => Just(vec!["A".into(), "B".into()]),
        1 => Just(Vec::new()),
    ];
    let tests = prop_oneof![3 => Just(Vec::new()), 1 => test.prop_map(|test| vec![test])];
    (names, tests).prop_map(|(events, tests)| Condition { events, tests })
}

fn length() -> impl Strategy<Value = Length> {
    let month = Length::Calendar { n: 1, grain: Grain::Month };
    let cells = (1..24_i64).prop_map(|cells| Length::Exact(Duration(cells * GRID)));
    prop_oneof![9 => cells, 1 => Just(month)]
}

fn cells() -> impl Strategy<Value = Duration> {
    (1..12_i64).prop_map(|cells| Duration(cells * GRID))
}

fn window() -> impl Strategy<Value = Lookback> {
    let ago = (1..12_i64, 1..12_i64).prop_map(|(to, more)| Lookback::Ago {
        from: Length::Exact(Duration((to + more) * GRID)),
        to: Length::Exact(Duration(to * GRID)),
    });
    let last = (1..4_u32, select(vec![Grain::Day, Grain::Week, Grain::Month]), any::<bool>());
    let last = last.prop_map(|(n, grain, current)| Period::Last { n, grain, current });
    let between = Period::Between { first: date(2026, 3, 23), last: date(2026, 3, 30) };
    let since = (condition(), select(vec![Since::First, Since::Last]))
        .prop_map(|(events, which)| Lookback::Since { events: Box::new(events), which });
    prop_oneof![
        2 => Just(Lookback::Ever),
        4 => length().prop_map(Lookback::Last),
        1 => length().prop_map(Lookback::LongerAgo),
        1 => ago,
        1 => last.prop_map(Lookback::Period),
        1 => Just(Lookback::Period(between)),
        1 => since,
    ]
}

fn number_test() -> impl Strategy<Value = NumberTest> {
    let n = || (0..5_i32).prop_map(f64::from);
    prop_oneof![
        n().prop_map(NumberTest::AtLeast),
        n().prop_map(NumberTest::More),
        n().prop_map(NumberTest::Less),
        n().prop_map(NumberTest::AtMost),
        n().prop_map(NumberTest::Equal),
        n().prop_map(NumberTest::NotEqual),
        (n(), n()).prop_map(|(a, b)| NumberTest::Between(a.min(b), a.max(b))),
    ]
}

fn quantity(is_in_same: bool) -> impl Strategy<Value = Quantity> {
    let mut all = vec![
        Quantity::Times,
        Quantity::Times,
        Quantity::Days,
        Quantity::Sum(number()),
        Quantity::Mean(number()),
        Quantity::Least(number()),
        Quantity::Greatest(number()),
        Quantity::DaysSinceLast,
        Quantity::DaysSinceFirst,
    ];
    if !is_in_same {
        all.push(Quantity::Distinct(key()));
    }
    select(all)
}

fn behaviour(is_in_same: bool) -> impl Strategy<Value = Criterion> {
    let all = (condition(), window(), quantity(is_in_same), number_test());
    all.prop_map(|(events, window, measure, is)| {
        Criterion::Behaviour(Behaviour { events, window, measure, is })
    })
}

fn value() -> impl Strategy<Value = Criterion> {
    let which = select(vec![Which::First, Which::Last, Which::MostFrequent]);
    (which, condition(), window(), op()).prop_map(|(which, events, window, is)| {
        Criterion::Value(ValueTest { which, label: key(), events, window, is })
    })
}

fn held() -> impl Strategy<Value = Option<Label>> {
    select(vec![None, Some(key())])
}

fn in_order() -> impl Strategy<Value = Criterion> {
    let steps = prop::collection::vec(condition(), 2..4);
    let without = prop::option::weighted(0.3, condition());
    (steps, cells(), window(), without, held()).prop_map(
        |(steps, within, window, without, held)| {
            Criterion::InOrder(InOrder { steps, within, window, without, held })
        },
    )
}

fn not_followed() -> impl Strategy<Value = Criterion> {
    let all = (condition(), condition(), cells(), window(), held());
    all.prop_map(|(first, by, within, window, held)| {
        Criterion::NotFollowed(NotFollowed { first, by, within, window, held })
    })
}

fn same() -> impl Strategy<Value = Criterion> {
    let test = prop_oneof![3 => behaviour(true), 1 => in_order(), 1 => not_followed()];
    let test = test.prop_map(Predicate::Criterion).boxed();
    let who = prop_oneof![
        3 => test.clone(),
        1 => (test.clone(), test.clone()).prop_map(|(a, b)| Predicate::All(vec![a, b.negated()])),
        1 => (test.clone(), test).prop_map(|(a, b)| Predicate::Any(vec![a, b])),
    ];
    who.prop_map(|who| Criterion::Same(Same { label: key(), who: Box::new(who) }))
}

fn fact() -> impl Strategy<Value = Criterion> {
    let of_plan = select(vec![Op::Is(vec!["pro".into()]), Op::IsNot(vec!["pro".into()])]);
    let of_plan = of_plan.prop_map(|op| FactCriterion { fact: plan(), is: FactIs::Op(op) });
    let of_date = prop_oneof![
        length().prop_map(DateTest::InLast),
        length().prop_map(DateTest::InNext),
        length().prop_map(DateTest::MoreThanAgo),
        length().prop_map(DateTest::MoreThanAhead),
        Just(DateTest::On(date(2026, 3, 28))),
        (0..3_u32).prop_map(|n_days| DateTest::YearlyInNext { n_days }),
    ];
    let of_date = of_date.prop_map(|test| FactCriterion { fact: ends(), is: FactIs::Date(test) });
    prop_oneof![of_plan, of_date].prop_map(Criterion::Fact)
}

/// Whether they are in the first segment.
fn in_first() -> Criterion {
    let is = FactIs::Op(Op::Exists);
    Criterion::Fact(FactCriterion { fact: Fact::Segment(SegmentId(1)), is })
}

fn criterion(looks: bool) -> impl Strategy<Value = Criterion> {
    let share = Criterion::Share(Share { salt: "s".into(), from: 0.0, to: 0.5 });
    prop_oneof![
        8 => behaviour(false),
        3 => value(),
        2 => in_order(),
        2 => not_followed(),
        2 => same(),
        2 => fact(),
        1 => Just(share),
        u32::from(looks) * 3 + 1 => if looks { Just(in_first()).boxed() } else { behaviour(false).boxed() },
    ]
}

fn who(looks: bool) -> impl Strategy<Value = Predicate> {
    let test = criterion(looks).prop_map(Predicate::Criterion);
    test.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Predicate::All),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Predicate::Any),
            inner.prop_map(Predicate::negated),
        ]
    })
}

/// Two definitions, the second of which may look at the first.
pub fn definitions() -> impl Strategy<Value = Vec<Definition>> {
    let berlin = Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone");
    (who(false), who(true)).prop_map(move |(first, second)| {
        let of = |who| Definition { who, calendar: berlin.clone() };
        vec![of(first), of(second)]
    })
}

/// What happens to three identifiers.
pub fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let n = 0..N_IDENTIFIERS;
    let event = (n.clone(), -2..14_i64, 0..3_usize);
    let event = (event, prop::option::of(0..3_usize), prop::option::of(0..5_i32));
    let event = event.prop_map(|((identifier, behind, name), key, number)| Happening::Event {
        identifier,
        behind: behind.max(-2),
        name,
        key,
        number,
    });
    let happening = prop_oneof![
        8 => event,
        4 => (1..9_i64).prop_map(Happening::Wait),
        1 => (n.clone(), 0..5_usize)
            .prop_map(|(identifier, label)| Happening::Known { identifier, label }),
        1 => (n.clone(), n.clone()).prop_map(|(a, b)| Happening::Merge(a, b)),
        1 => n.prop_map(Happening::Unmerge),
    ];
    prop::collection::vec(happening, 1..18)
}
