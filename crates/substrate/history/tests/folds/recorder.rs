//! What does a fold see? This one writes down all that it is shown.

use base::{CustomerId, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeMap;
use timeline::{
    Ask, Condition, Fact, FactTest, Field, Fold, Label, Op, Rows, Test, Texts, Than, Version,
    VersionTest, View, When, Window,
};

/// Times are whole numbers of this, in µs: three of them are no pause between bouts, four are.
pub const UNIT_US: i64 = timeline::BOUT_PAUSE / 3;

/// Shows what it was shown.
#[derive(Debug)]
pub struct Recorder(pub Ask);

/// A row as it was shown: numbers by their bits, labels by their codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub at: i64,
    pub marks: Option<u16>,
    pub numbers: Vec<Option<u64>>,
    pub codes: Vec<u32>,
}

/// The rows of each customer, and the codes of their traits.
pub type Record = BTreeMap<CustomerId, (Vec<u32>, Vec<Seen>)>;

impl Fold for Recorder {
    type State = (Vec<u32>, Vec<Seen>);
    type Total = Record;

    fn ask(&self) -> &Ask {
        &self.0
    }

    fn start(&self) -> Self::State {
        Self::State::default()
    }

    fn step(&self, (traits, seen): &mut Self::State, rows: Rows<'_>) {
        check_outline(&rows);
        *traits = (0..self.0.traits.len()).map(|k| rows.trait_(k)).collect();
        for (row, &at) in rows.times().iter().enumerate() {
            let marks = rows.marks().get(row).copied();
            if marks == Some(0) {
                continue;
            }
            let number = |k| Some(rows.numbers(k)[row]).filter(|n| !n.is_nan()).map(f64::to_bits);
            let numbers = (0..self.0.numbers.len()).map(number).collect();
            let codes = (0..self.0.labels.len()).map(|k| rows.labels(k)[row]).collect();
            seen.push(Seen { at, marks, numbers, codes });
        }
    }

    fn finish(&self, state: Self::State, customer: CustomerId, total: &mut Record) {
        assert!(!state.1.is_empty(), "only customers with a row that counts are finished");
        assert!(total.insert(customer, state).is_none(), "a customer comes once");
    }

    fn total(&self) -> Record {
        Record::new()
    }

    fn merge(&self, into: &mut Record, other: Record) {
        for (customer, rows) in other {
            assert!(into.insert(customer, rows).is_none(), "a customer comes once");
        }
    }
}

/// What is said of the rows as a whole is what they say one by one.
fn check_outline(rows: &Rows<'_>) {
    let times = rows.times();
    assert_eq!(rows.span(), (times[0], times[times.len() - 1]));
    let Some(bouts) = rows.bouts() else { return };
    let is_near = |a: &i64, b: &i64| b - a <= timeline::BOUT_PAUSE;
    let plain = times.chunk_by(is_near).map(|bout| (bout[0], bout[bout.len() - 1], bout.len()));
    let bout = |k: usize| (bouts.firsts[k], bouts.lasts[k], bouts.rows(k).len());
    assert!(plain.eq((0..bouts.len()).map(bout)), "{bouts:?} of {times:?}");
}

/// A record in which texts stand instead of codes.
pub fn resolved(ask: &Ask, record: &Record, texts: &[Texts]) -> Vec<String> {
    let text = |texts: &Texts, code: u32| texts.text(code).map(ToString::to_string);
    let (labels, traits) = texts.split_at(ask.labels.len());
    let mut lines = Vec::new();
    for (customer, (trait_codes, seen)) in record {
        let of: Vec<_> = trait_codes.iter().zip(traits).map(|(c, t)| text(t, *c)).collect();
        lines.push(format!("{customer} {of:?}"));
        for Seen { at, marks, numbers, codes } in seen {
            let of: Vec<_> = codes.iter().zip(labels).map(|(c, t)| text(t, *c)).collect();
            lines.push(format!("  {at} {marks:?} {numbers:?} {of:?}"));
        }
    }
    lines
}

fn field() -> impl Strategy<Value = Field> {
    let property = prop::sample::select(vec!["revenue", "currency", "item.sku", "odd", "none"]);
    let context = prop::sample::select(vec!["page.url", "campaign.source", "locale"]);
    prop_oneof![
        1 => Just(Field::Name),
        1 => Just(Field::Kind),
        1 => Just(Field::Source),
        3 => property.prop_map(|path| Field::Property(path.into())),
        2 => context.prop_map(|path| Field::Context(path.into())),
    ]
}

fn view() -> impl Strategy<Value = View> {
    prop_oneof![3 => Just(View::Whole), 1 => Just(View::Host), 1 => Just(View::Path)]
}

fn op() -> impl Strategy<Value = Op> {
    let texts = || {
        let all = ["EUR", "5", "page", "true", "/a", "shop.example", "1", "ü"];
        let one = prop::sample::select(all.to_vec()).prop_map(Box::<str>::from);
        prop::collection::vec(one, 1..3)
    };
    let first = |texts: Vec<Box<str>>| texts[0].clone();
    prop_oneof![
        texts().prop_map(Op::Is),
        texts().prop_map(Op::IsNot),
        texts().prop_map(move |all| Op::Contains(first(all))),
        texts().prop_map(move |all| Op::StartsWith(first(all))),
        texts().prop_map(move |all| Op::EndsWith(first(all))),
        Just(Op::When(When::Within { moments: Window::EVER, days: 0..20_000 })),
        Just(Op::Version(VersionTest { is: Than::AtMost, version: Version::parse("5").unwrap() })),
        Just(Op::Equal(5.0)),
        Just(Op::Less(5.0)),
        Just(Op::AtMost(5.0)),
        Just(Op::More(5.0)),
        Just(Op::AtLeast(5.0)),
        Just(Op::Exists),
        Just(Op::Missing),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let names = vec!["Page Viewed", "Product Added", "Order Completed", "never"];
    let events = prop::collection::vec(prop::sample::select(names), 0..3);
    let test = (field(), view(), op()).prop_map(|(field, view, op)| Test { field, view, op });
    (events, prop::collection::vec(test, 0..2)).prop_map(|(events, tests)| Condition {
        events: events.into_iter().map(Box::from).collect(),
        tests,
    })
}

fn window() -> impl Strategy<Value = Window> {
    let part = (0i64..40, 0i64..40)
        .prop_map(|(from, long)| (Timestamp(from * UNIT_US), Timestamp((from + long) * UNIT_US)));
    let part = part.prop_map(|(from, until)| Window { from, until });
    prop_oneof![Just(Window::EVER), part]
}

/// Any question.
pub fn ask() -> impl Strategy<Value = Ask> {
    let label = (field(), view()).prop_map(|(field, view)| Label { field, view });
    let fact = || prop::sample::select(vec!["plan", "city"]).prop_map(|n| Fact::Trait(n.into()));
    let traits = prop::collection::vec(fact(), 0..3);
    let who = (fact(), op()).prop_map(|(fact, op)| FactTest { fact, op });
    (
        window(),
        prop::collection::vec(condition(), 0..4),
        prop::collection::vec(field(), 0..3),
        prop::collection::vec(label, 0..3),
        (traits, prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(who, 1..3)]),
    )
        .prop_map(|(window, conditions, numbers, labels, (traits, who))| Ask {
            window,
            conditions,
            numbers,
            labels,
            traits,
            who,
        })
}
