//! Do the states keep their laws? Each against the events themselves, gone through one by one.

use super::*;
use crate::question::{Glass, Measure, Of, Question, ValueOf};
use crate::same::{Keyed, Same};
use crate::sequence::{InOrder, NotFollowed};
use definition::{NumberTest, Which};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A window from so long before `t` (or ever) to so long before it.
#[derive(Clone, Copy, Debug)]
struct Lag {
    from: Option<i64>,
    to: i64,
}

/// Days, in tests where a µs is the unit.
const MICRO: f64 = 1.0 / 86_400_000_000.0;

impl Moving for Lag {
    fn window(&self, t: Timestamp) -> Window {
        let from = self.from.map_or(i64::MIN, |from| t.0 - from + 1);
        Window { from: Timestamp(from), until: Timestamp(t.0 - self.to + 1) }
    }

    fn span_of(&self, at: Timestamp) -> (Timestamp, Option<Timestamp>) {
        (Timestamp(at.0 + self.to), self.from.map(|from| Timestamp(at.0 + from)))
    }
}

/// What is kept, what is asked of it, and where: all that a law is tried with.
#[derive(Clone, Debug)]
struct Case {
    keep: Keep,
    question: Question,
    /// The window, or the mark of the anchor.
    lag: Result<Lag, (u8, Side)>,
}

const MOST: u32 = 6;

fn ever() -> Lag {
    Lag { from: None, to: 0 }
}

fn case(form: Form, lag: Lag, question: impl FnOnce(Glass) -> Question) -> Case {
    let keep = Keep { form, reach: lag.from.map(Duration), within: Window::EVER };
    Case { keep, question: question(Glass::Moving(Arc::new(lag))), lag: Ok(lag) }
}

fn measure(measured: Measured, number: NumberTest, of: Of) -> impl FnOnce(Glass) -> Question {
    move |glass| Question::Measure(Measure { mark: 0, measured, of, number, glass })
}

fn number_test(scale: f64) -> impl Strategy<Value = NumberTest> {
    let bound = move || (0..6_i32).prop_map(move |n| f64::from(n) * scale);
    prop_oneof![
        bound().prop_map(NumberTest::Equal),
        bound().prop_map(NumberTest::NotEqual),
        bound().prop_map(NumberTest::Less),
        bound().prop_map(NumberTest::AtMost),
        bound().prop_map(NumberTest::More),
        bound().prop_map(NumberTest::AtLeast),
        (bound(), bound()).prop_map(|(a, b)| NumberTest::Between(a.min(b), a.max(b))),
    ]
}

fn lag_now() -> impl Strategy<Value = Lag> {
    prop_oneof![Just(ever()), (1..25_i64).prop_map(|from| Lag { from: Some(from), to: 0 })]
}

fn lag() -> impl Strategy<Value = Lag> {
    let late = (prop::option::of(1..20_i64), 0..12_i64);
    prop_oneof![lag_now(), late.prop_map(|(more, to)| Lag { from: more.map(|more| to + more), to })]
}

fn k_of(number: &NumberTest) -> u32 {
    n_decisive(number) as u32
}

fn short_case() -> impl Strategy<Value = Case> {
    let times = (number_test(1.0), lag_now()).prop_map(|(number, lag)| {
        let form = Form::Newest { k: k_of(&number) };
        case(form, lag, measure(Measured::Times, number, Of::Events))
    });
    let since_last = (number_test(4.0 * MICRO), lag_now()).prop_map(|(number, lag)| {
        case(Form::Newest { k: 1 }, lag, measure(Measured::SinceLast, number, Of::Events))
    });
    let longer_ago = (number_test(1.0), 0..12_i64).prop_map(|(number, to)| {
        let form = Form::Oldest { k: k_of(&number) };
        case(form, Lag { from: None, to }, measure(Measured::Times, number, Of::Events))
    });
    let since_first = (number_test(4.0 * MICRO), 0..12_i64).prop_map(|(number, to)| {
        let lag = Lag { from: None, to };
        case(Form::Oldest { k: 1 }, lag, measure(Measured::SinceFirst, number, Of::Events))
    });
    let values = (number_test(1.0), lag_now()).prop_map(|(number, lag)| {
        let form = Form::PerValue { k: k_of(&number) };
        case(form, lag, measure(Measured::Values, number, Of::Column(0)))
    });
    let sums = (number_test(2.5), prop::sample::select(vec![Measured::Sum, Measured::Mean]));
    let sums = sums.prop_map(|(number, measured)| {
        case(Form::Tally, ever(), measure(measured, number, Of::Column(0)))
    });
    let ends = (number_test(1.0), any::<bool>()).prop_map(|(number, is_least)| {
        let (end, measured) = match is_least {
            true => (End::Least, Measured::Least),
            false => (End::Greatest, Measured::Greatest),
        };
        case(Form::Extreme(end), ever(), measure(measured, number, Of::Column(0)))
    });
    let last = (any::<bool>(), lag_now())
        .prop_map(|(none, lag)| case(Form::Edge(Side::Last), lag, value(Which::Last, none)));
    let first = any::<bool>()
        .prop_map(|none| case(Form::Edge(Side::First), ever(), value(Which::First, none)));
    prop_oneof![times, since_last, longer_ago, since_first, values, sums, ends, last, first]
}

fn value(which: Which, is_so_of_none: bool) -> impl FnOnce(Glass) -> Question {
    move |glass| {
        let (mark, truth, column) = (0, 1, 0);
        Question::Value(ValueOf { mark, truth, column, which, is_so_of_none, glass })
    }
}

/// Windows of trails: moving ones, and those after an event of kind 3.
fn glass() -> impl Strategy<Value = (Glass, Result<Lag, (u8, Side)>)> {
    let since = prop::sample::select(vec![Side::First, Side::Last])
        .prop_map(|side| (Glass::Since { mark: 3, side, kept: None }, Err((3, side))));
    prop_oneof![
        3 => lag().prop_map(|lag| (Glass::Moving(Arc::new(lag) as _), Ok(lag))),
        1 => since,
    ]
}

fn trail_question() -> impl Strategy<Value = (Question, Result<Lag, (u8, Side)>)> {
    let all = vec![
        Measured::Times,
        Measured::Values,
        Measured::Sum,
        Measured::Mean,
        Measured::Least,
        Measured::Greatest,
    ];
    let measures = (prop::sample::select(all), number_test(1.0), glass());
    let measures = measures.prop_map(|(measured, number, (glass, lag))| {
        let of = match measured {
            Measured::Times => Of::Events,
            Measured::Values => Of::Column(0),
            _ => Of::Column(1),
        };
        (measure(measured, number, of)(glass), lag)
    });
    let since = prop::sample::select(vec![Measured::SinceLast, Measured::SinceFirst]);
    let since = (since, number_test(4.0 * MICRO), glass());
    let since = since.prop_map(|(measured, number, (glass, lag))| {
        (measure(measured, number, Of::Events)(glass), lag)
    });
    let which = prop::sample::select(vec![Which::First, Which::Last, Which::MostFrequent]);
    let values = (which, any::<bool>(), glass())
        .prop_map(|(which, none, (glass, lag))| (value(which, none)(glass), lag));
    let held = || prop::sample::select(vec![None, Some(0)]);
    let steps = prop::collection::vec(0..3_u8, 2..4);
    let in_order = (steps, 0..15_i64, prop::sample::select(vec![None, Some(2)]), held(), glass());
    let in_order = in_order.prop_map(|(steps, within, without, held, (glass, lag))| {
        let within = Duration(within);
        (Question::InOrder(InOrder { steps, within, without, held, glass }), lag)
    });
    let not = (0..2_u8, 0..2_u8, 0..15_i64, held(), glass());
    let not = not.prop_map(|(first, by, within, held, (glass, lag))| {
        let within = Duration(within);
        (Question::NotFollowed(NotFollowed { first, by, within, held, glass }), lag)
    });
    prop_oneof![measures, since, values, in_order, not]
}

fn trail_case() -> impl Strategy<Value = Case> {
    let form = Form::Trail { most: MOST, columns: Columns { n: 2, numbers: 0b10 } };
    (trail_question(), any::<bool>()).prop_map(move |((question, lag), is_keyed)| {
        let reach = match lag {
            Ok(Lag { from: Some(from), .. }) => Some(Duration(from)),
            _ => None,
        };
        let keep = Keep { form, reach, within: Window::EVER };
        let is_keyed = is_keyed && !matches!(question, Question::Value(_));
        if !is_keyed {
            return Case { keep, question, lag };
        }
        let who = Keyed::Test(Box::new(question));
        let reach = if who.holds_of_nothing() { None } else { reach };
        let question = Question::Same(Same { column: 0, who });
        Case { keep: Keep { reach, ..keep }, question, lag }
    })
}

/// Events on a coarse grid, so that many fall together.
fn events() -> impl Strategy<Value = Vec<Item>> {
    let event = (0..40_i64, 0..16_u16, prop::option::of(0..3_u64), prop::option::of(0..5_i32));
    prop::collection::vec(event, 0..14).prop_map(|events| {
        let item =
            |(seq, (at, marks, text, number)): (u64, (i64, u16, Option<u64>, Option<i32>))| {
                let number = number.map_or(ABSENT, |n| (f64::from(n) * 1.25).to_bits());
                let cells = [text.unwrap_or(ABSENT), number, ABSENT, ABSENT];
                Item { at, seq, marks, cells }
            };
        (0..).zip(events).map(item).collect()
    })
}

/// The events as a state of this form is given them: short ones are given what is theirs alone.
fn given(case: &Case, items: &[Item]) -> Vec<Item> {
    let is_number = matches!(case.keep.form, Form::Tally | Form::Extreme(_));
    let counts = |item: &&Item| match case.keep.form {
        Form::Trail { .. } => item.marks != 0,
        _ => item.is(0),
    };
    let swap = |item: &Item| {
        let mut item = *item;
        if is_number {
            item.cells[0] = item.cells[1];
        }
        item.cells[1] = if is_number { ABSENT } else { item.cells[1] };
        item
    };
    items.iter().filter(counts).map(swap).collect()
}

fn state_of(keep: Keep, items: &[Item], clock: Timestamp) -> State {
    let mut state = keep.start();
    items.iter().for_each(|item| state.absorb(item, keep));
    state.trim(keep, clock);
    state
}

/// Events as they arrive, each at a clock that it is at most a little ahead of.
fn arrived(keep: Keep, items: &[Item]) -> (State, Timestamp) {
    let mut state = keep.start();
    let mut clock = i64::MIN;
    for item in items {
        clock = clock.max(item.at - 6);
        state.absorb(item, keep);
        state.trim(keep, Timestamp(clock));
    }
    let clock = Timestamp(clock.max(0));
    state.trim(keep, clock);
    (state, clock)
}

mod plain;

fn shuffled() -> impl Strategy<Value = (Vec<Item>, Vec<Item>)> {
    events().prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle()))
}

fn check_laws(case: &Case, items: &[Item], other: &[Item], split: usize) {
    let (items, other) = (given(case, items), given(case, other));
    let keep = case.keep;
    let (state, clock) = arrived(keep, &other);
    // L1
    let whole = state_of(keep, &items, clock);
    assert_eq!(state, whole, "the order of arrival matters");
    // L2
    let (left, right) = items.split_at(split.min(items.len()));
    let (a, b) = (state_of(keep, left, clock), state_of(keep, right, clock));
    for (mut into, from) in [(a.clone(), &b), (b.clone(), &a)] {
        into.join(from, keep);
        into.trim(keep, clock);
        assert_eq!(into, whole, "both together are not the whole");
    }
    // L3
    let mut bytes = Vec::new();
    whole.encode(&mut bytes);
    assert_eq!(State::decode(keep.form, &bytes).as_ref(), Ok(&whole), "written and read");
    for end in 0..bytes.len() {
        assert!(State::decode(keep.form, &bytes[..end]).is_err(), "cut at {end}");
    }
    // L4, L5
    let truth: Vec<bool> =
        (0..70).map(|after| plain::holds(case, &items, clock.0 + after, MOST as usize)).collect();
    for after in 0..60 {
        let t = Timestamp(clock.0 + after);
        let judged = case.question.judge(&whole, MOST as usize, t);
        assert_eq!(judged.holds, truth[after as usize], "at {t:?}");
        let until = judged.until.map_or(70, |until| until.0 - clock.0);
        assert!(until > after, "{judged:?} is not later than {t:?}");
        let mut stays = truth[after as usize..until.min(70) as usize].iter();
        assert!(stays.all(|holds| *holds == judged.holds), "{judged:?} from {t:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn short_states_keep_their_laws(
        case in short_case(),
        (items, other) in shuffled(),
        split in 0..14_usize,
    ) {
        check_laws(&case, &items, &other, split);
    }

    #[test]
    fn trails_keep_their_laws(
        case in trail_case(),
        (items, other) in shuffled(),
        split in 0..14_usize,
    ) {
        check_laws(&case, &items, &other, split);
    }
}

#[test]
fn nobody_reads_nonsense() {
    for form in [Form::Tally, Form::Newest { k: 1 }, Form::PerValue { k: 1 }] {
        assert!(State::decode(form, &[0xff; 40]).is_err());
        assert!(State::decode(form, &[0xff, 0xff, 0x7f]).is_err());
    }
}
