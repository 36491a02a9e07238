//! With which definitions is the language tried?

use crate::calendar::{Calendar, Grain};
use crate::criterion::{
    Behaviour, Criterion, FactCriterion, FactIs, InOrder, NotFollowed, Quantity, Same, Share,
    ValueTest, Which,
};
use crate::dates::{DateTest, Moment};
use crate::definition::Definition;
use crate::length::Length;
use crate::lookback::{Lookback, Since};
use crate::number::NumberTest;
use crate::period::Period;
use crate::predicate::Predicate;
use crate::vocabulary::{Known, Vocabulary};
use base::{ComputedId, Duration, SegmentId, Timestamp};
use jiff::civil::date;
use lexicon::{Channel, Purpose};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use timeline::{
    Condition, Fact, Field, HeldBy, Label, MonthDay, Op, Own, RelationCount, Test, Than, Version,
    VersionTest, View, When, Window,
};

/// A shop's names.
pub(crate) struct Shop;

const SEGMENTS: [(&str, u64, &str); 2] =
    [("eu-residents", 1, "EU residents"), ("it's-new", 2, "It's new")];
const COMPUTED: [(&str, u64, &str); 2] =
    [("orders-90d", 7, "Orders in 90 days"), ("favourite", 8, "Favourite category")];

impl Vocabulary for Shop {
    fn segment(&self, key: &str) -> Option<SegmentId> {
        SEGMENTS.iter().find(|known| known.0 == key).map(|known| SegmentId(known.1))
    }

    fn segment_key(&self, id: SegmentId) -> Option<String> {
        SEGMENTS.iter().find(|known| known.1 == id.0).map(|known| known.0.into())
    }

    fn segment_name(&self, id: SegmentId) -> Option<String> {
        SEGMENTS.iter().find(|known| known.1 == id.0).map(|known| known.2.into())
    }

    fn computed(&self, key: &str) -> Option<ComputedId> {
        COMPUTED.iter().find(|known| known.0 == key).map(|known| ComputedId(known.1))
    }

    fn computed_key(&self, id: ComputedId) -> Option<String> {
        COMPUTED.iter().find(|known| known.1 == id.0).map(|known| known.0.into())
    }

    fn computed_name(&self, id: ComputedId) -> Option<String> {
        COMPUTED.iter().find(|known| known.1 == id.0).map(|known| known.2.into())
    }

    fn all(&self, kind: Known) -> Vec<Box<str>> {
        let all: &[&str] = match kind {
            Known::Events => &["Order Completed", "Email Opened", "Page Viewed"],
            Known::Properties => &["revenue", "product_id"],
            Known::Traits => &["plan", "birthday"],
            Known::AccountTraits => &["industry"],
            Known::Segments => &["eu-residents", "it's-new"],
            Known::Computed => &["orders-90d", "favourite"],
        };
        all.iter().map(|name| (*name).into()).collect()
    }

    fn kept(&self, events: &Condition) -> Option<Duration> {
        events.takes_name("Page Viewed").then_some(Duration::days(90))
    }
}

fn text() -> impl Strategy<Value = Box<str>> {
    let usual = select(vec!["pro", "Order Completed", "it's", "true", "5", "ü\n", "a\"b", ", ["]);
    prop_oneof![4 => usual.prop_map(Into::into), 1 => "[ -~äß\u{1F600}]{1,8}".prop_map(Into::into)]
}

fn path() -> impl Strategy<Value = Box<str>> {
    let usual = vec![
        "revenue",
        "product_id",
        "a.b",
        "context.x",
        "event.name",
        "and",
        "host",
        "Is",
        "a b",
        "0a",
        "context",
        "items.0.sku",
        "é",
        "last",
        "a..b",
        "x\"y",
    ];
    prop_oneof![4 => select(usual).prop_map(Into::into), 1 => "[ -~]{1,6}".prop_map(Into::into)]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        select(vec![0.0, 1.0, 2.0, -5.0, 0.1, 50.0, 1e-7, 1e300, 12_345_678.9]),
        (-1e6..1e6f64),
    ]
}

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![
        1 => select(vec![Field::Name, Field::Kind, Field::Source]),
        4 => path().prop_map(Field::Property),
        2 => path().prop_map(Field::Context),
    ]
}

fn label() -> impl Strategy<Value = Label> {
    let view = select(vec![View::Whole, View::Whole, View::Host, View::Path]);
    (field(), view).prop_map(|(field, view)| Label { field, view })
}

fn number_field() -> impl Strategy<Value = Field> {
    prop_oneof![path().prop_map(Field::Property), path().prop_map(Field::Context)]
}

fn month_day() -> impl Strategy<Value = MonthDay> {
    (1u8..13, 1u8..29).prop_map(|(month, day)| MonthDay { month, day })
}

fn plain_op() -> impl Strategy<Value = Op> {
    let version = select(vec!["1.4.0", "2.0.0-rc.1", "0.0.1-a-b.7"]);
    let than = select(vec![Than::Less, Than::AtMost, Than::Equal, Than::AtLeast, Than::More]);
    prop_oneof![
        vec(text(), 1..4).prop_map(Op::Is),
        vec(text(), 1..4).prop_map(Op::IsNot),
        text().prop_map(Op::Contains),
        text().prop_map(Op::StartsWith),
        text().prop_map(Op::EndsWith),
        number().prop_map(Op::Equal),
        number().prop_map(Op::Less),
        number().prop_map(Op::AtMost),
        number().prop_map(Op::More),
        number().prop_map(Op::AtLeast),
        Just(Op::Exists),
        Just(Op::Missing),
        (than, version).prop_map(|(is, version)| {
            let version = Version::parse(version).expect("a version");
            Op::Version(VersionTest { is, version })
        }),
    ]
}

fn when() -> impl Strategy<Value = When> {
    let moment = |open: i64| prop_oneof![Just(open), (0i64..2_000_000_000_000_000)];
    let within = (moment(i64::MIN), moment(i64::MAX), any::<bool>(), 0i32..20_000).prop_map(
        |(from, until, is_open, day)| {
            let until = until.max(from);
            let moments = Window { from: Timestamp(from), until: Timestamp(until) };
            let days = if is_open { i32::MIN..day } else { day..day + 7 };
            When::Within { moments, days }
        },
    );
    let yearly = (month_day(), month_day()).prop_map(|(first, last)| When::Yearly { first, last });
    prop_oneof![within, yearly]
}

fn event_op() -> impl Strategy<Value = Op> {
    prop_oneof![5 => plain_op(), 1 => when().prop_map(Op::When)]
}

fn events() -> impl Strategy<Value = Condition> {
    let test =
        (label(), event_op()).prop_map(|(Label { field, view }, op)| Test { field, view, op });
    (vec(text(), 0..3), vec(test, 0..3)).prop_map(|(events, tests)| Condition { events, tests })
}

pub(crate) fn length() -> impl Strategy<Value = Length> {
    let grain = select(vec![Grain::Month, Grain::Quarter, Grain::Year]);
    prop_oneof![
        3 => (1i64..60_000).prop_map(|n| Length::Exact(Duration::seconds(60 * n))),
        1 => (1u32..13, grain).prop_map(|(n, grain)| Length::Calendar { n, grain }),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    let grain = select(Grain::ALL.to_vec());
    prop_oneof![
        (1u32..30, grain, any::<bool>()).prop_map(|(n, grain, current)| Period::Last {
            n,
            grain,
            current
        }),
        (1i8..7, 1i8..28).prop_map(|(month, day)| Period::Between {
            first: date(2026, month, day),
            last: date(2026, month + 3, day),
        }),
    ]
}

fn lookback() -> impl Strategy<Value = Lookback> {
    let since = (events(), any::<bool>()).prop_map(|(events, is_first)| Lookback::Since {
        events: Box::new(events),
        which: if is_first { Since::First } else { Since::Last },
    });
    prop_oneof![
        Just(Lookback::Ever),
        length().prop_map(Lookback::Last),
        length().prop_map(Lookback::LongerAgo),
        (61i64..90, 1i64..60).prop_map(|(from, to)| {
            Lookback::Ago { from: Length::days(from), to: Length::days(to) }
        }),
        period().prop_map(Lookback::Period),
        since,
    ]
}

fn quantity(with_distinct: bool) -> impl Strategy<Value = Quantity> {
    let last = if with_distinct {
        label().prop_map(Quantity::Distinct).boxed()
    } else {
        Just(Quantity::Days).boxed()
    };
    prop_oneof![
        Just(Quantity::Times),
        Just(Quantity::Days),
        number_field().prop_map(Quantity::Sum),
        number_field().prop_map(Quantity::Mean),
        number_field().prop_map(Quantity::Least),
        number_field().prop_map(Quantity::Greatest),
        Just(Quantity::DaysSinceLast),
        Just(Quantity::DaysSinceFirst),
        last,
    ]
}

fn number_test() -> impl Strategy<Value = NumberTest> {
    let bound = select(vec![0.0, 1.0, 3.0, 14.5, 1_000.0]);
    prop_oneof![
        bound.clone().prop_map(NumberTest::Equal),
        bound.clone().prop_map(NumberTest::NotEqual),
        bound.clone().prop_map(NumberTest::Less),
        bound.clone().prop_map(NumberTest::AtMost),
        bound.clone().prop_map(NumberTest::More),
        bound.clone().prop_map(NumberTest::AtLeast),
        bound.prop_map(|low| NumberTest::Between(low.min(900.0), low.min(900.0) + 2.0)),
    ]
}

fn behaviour(with_distinct: bool) -> impl Strategy<Value = Criterion> {
    (events(), lookback(), quantity(with_distinct), number_test())
        .prop_map(|(events, window, measure, is)| Behaviour { events, window, measure, is }.into())
}

fn within() -> impl Strategy<Value = Duration> {
    (1i64..5_000).prop_map(|minutes| Duration::seconds(60 * minutes))
}

fn in_order() -> impl Strategy<Value = Criterion> {
    let parts = (vec(events(), 2..4), within(), lookback(), option::of(events()));
    (parts, option::of(label())).prop_map(|((steps, within, window, without), held)| {
        InOrder { steps, within, window, without, held }.into()
    })
}

fn not_followed() -> impl Strategy<Value = Criterion> {
    (events(), events(), within(), lookback(), option::of(label())).prop_map(
        |(first, by, within, window, held)| NotFollowed { first, by, within, window, held }.into(),
    )
}

fn date_test() -> impl Strategy<Value = DateTest> {
    let moment = || {
        prop_oneof![
            (1i8..13, 1i8..29).prop_map(|(m, d)| Moment::Day(date(2026, m, d))),
            (0i64..2_000_000_000_000_000).prop_map(|us| Moment::At(Timestamp(us))),
        ]
    };
    prop_oneof![
        length().prop_map(DateTest::InLast),
        length().prop_map(DateTest::InNext),
        length().prop_map(DateTest::MoreThanAgo),
        length().prop_map(DateTest::MoreThanAhead),
        moment().prop_map(DateTest::Before),
        moment().prop_map(DateTest::After),
        Just(DateTest::On(date(2026, 5, 3))),
        (0u32..365).prop_map(|n_days| DateTest::YearlyInNext { n_days }),
        (0u32..365).prop_map(|n_days| DateTest::YearlyInLast { n_days }),
    ]
}

fn plain_fact() -> impl Strategy<Value = Fact> {
    let purpose = || Purpose::new("Marketing").expect("a purpose");
    prop_oneof![
        3 => text().prop_map(Fact::Trait),
        1 => text().prop_map(Fact::List),
        1 => text().prop_map(Fact::Account),
        1 => select(Own::ALL.to_vec()).prop_map(Fact::Own),
        1 => select(RelationCount::ALL.to_vec()).prop_map(Fact::Relation),
        1 => Just(Fact::Permission(purpose(), Channel::new("email"))),
        1 => Just(Fact::Consent(purpose(), Channel::all())),
        1 => (select(HeldBy::ALL.to_vec()), text()).prop_map(|(by, value)| Fact::Holding(by, value)),
        1 => (1u64..3).prop_map(|id| Fact::Segment(SegmentId(id))),
        1 => (7u64..9).prop_map(|id| Fact::Computed(ComputedId(id))),
    ]
}

fn fact() -> impl Strategy<Value = Criterion> {
    let is = prop_oneof![
        3 => plain_op().prop_map(FactIs::Op),
        1 => date_test().prop_map(FactIs::Date),
    ];
    let any = (plain_fact(), is).prop_map(|(fact, is)| FactCriterion { fact, is }.into());
    let of = |fact, op| FactCriterion { fact, is: FactIs::Op(op) }.into();
    let has = (text(), vec(text(), 1..3)).prop_map(move |(n, v)| of(Fact::List(n), Op::Has(v)));
    let purpose = Purpose::new("marketing").expect("a purpose");
    let yes = Op::Is(vec!["yes".into()]);
    prop_oneof![
        6 => any,
        1 => has,
        1 => Just(of(Fact::Segment(SegmentId(2)), Op::Exists)),
        1 => Just(of(Fact::Permission(purpose, Channel::new("sms")), yes)),
    ]
}

fn value() -> impl Strategy<Value = Criterion> {
    let which = select(vec![Which::First, Which::Last, Which::MostFrequent]);
    (which, label(), events(), lookback(), event_op()).prop_map(
        |(which, label, events, window, is)| ValueTest { which, label, events, window, is }.into(),
    )
}

fn same() -> impl Strategy<Value = Criterion> {
    let inside = prop_oneof![3 => behaviour(false), 1 => in_order(), 1 => not_followed()];
    let who = inside.prop_map(Predicate::Criterion).prop_recursive(2, 6, 3, grouped);
    (label(), who).prop_map(|(label, who)| Same { label, who: Box::new(who) }.into())
}

fn share() -> impl Strategy<Value = Criterion> {
    (text(), prop_oneof![Just(0.0), 0.0..0.5f64], 0.5..1.0f64)
        .prop_map(|(salt, from, to)| Share { salt, from, to }.into())
}

pub(crate) fn criterion() -> impl Strategy<Value = Criterion> {
    prop_oneof![
        4 => fact(),
        4 => behaviour(true),
        1 => value(),
        1 => in_order(),
        1 => not_followed(),
        1 => same(),
        1 => share(),
    ]
}

fn grouped(inside: BoxedStrategy<Predicate>) -> BoxedStrategy<Predicate> {
    prop_oneof![
        vec(inside.clone(), 1..4).prop_map(Predicate::All),
        vec(inside.clone(), 1..4).prop_map(Predicate::Any),
        inside.prop_map(Predicate::negated),
    ]
    .boxed()
}

/// Definitions that can be used.
pub(crate) fn definition() -> impl Strategy<Value = Definition> {
    let leaf = prop_oneof![
        12 => criterion().prop_map(Predicate::Criterion),
        1 => Just(Predicate::everybody()),
    ];
    leaf.prop_recursive(4, 16, 3, grouped)
        .prop_map(|who| Definition { who, calendar: Calendar::utc() })
}
