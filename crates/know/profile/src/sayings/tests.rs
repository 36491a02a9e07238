//! Is what is kept of many values the same in every order, and is the rest counted?

use super::*;
use crate::message_id::MessageId;
use proptest::prelude::*;

type Word = (u8, i64, u64);

fn origin(at: i64, source: u64) -> Arc<Origin> {
    Arc::new(Origin { at: Timestamp(at), source: SourceId(source), message_id: MessageId::of("m") })
}

/// Value 0 stands for taking the trait away; a value has as many bytes as its number.
fn said(words: &[Word], limits: &Limits) -> Sayings {
    let mut sayings = Sayings::default();
    for &(value, at, source) in words {
        let value = (value > 0).then(|| "x".repeat(value.into()));
        sayings.say(value.as_deref(), origin(at, source), limits);
    }
    sayings
}

fn tiny() -> Limits {
    Limits { values_per_trait_max: 3, past_value_bytes_max: 4, ..Limits::default() }
}

fn total(sayings: &Sayings) -> u64 {
    sayings.n_fallen + sayings.said.iter().map(|saying| saying.span.n).sum::<u64>()
}

/// What of an entry is exact beyond the bounds.
fn kept(sayings: &Sayings) -> Vec<(Option<Box<str>>, Arc<Origin>)> {
    sayings.said.iter().map(|s| (s.value.clone(), Arc::clone(&s.span.last))).collect()
}

#[test]
fn a_value_said_again_is_one_entry() {
    let sayings =
        said(&[(1, 5, 1), (2, 7, 1), (1, 3, 1), (1, 9, 1), (1, 4, 2)], &Limits::default());
    let shown = sayings.said.iter().map(|s| {
        (s.value.as_deref().unwrap().len(), s.span.first.at.0, s.span.last.at.0, s.span.n)
    });
    let shown: Vec<_> = shown.collect();
    assert_eq!(shown, [(1, 3, 9, 3), (2, 7, 7, 1), (1, 4, 4, 1)]);
    assert_eq!(sayings.last_at(), Timestamp(9));
}

#[test]
fn the_latest_stay_and_the_last_word_of_each_source() {
    let many: Vec<Word> = (1..=6).map(|n| (1 + n % 2, i64::from(n), 1 + u64::from(n))).collect();
    let mut words = many.clone();
    words.extend([(3, 90, 1), (4, 91, 1), (2, 92, 1), (0, 93, 1), (1, 94, 1)]);
    let sayings = said(&words, &tiny());
    let of_one = sayings.said.iter().filter(|s| s.source() == SourceId(1)).count();
    assert_eq!(of_one, 3, "three values at most; five were said");
    assert_eq!(sayings.said.len(), 3 + many.len(), "every other source keeps its last word");
    assert_eq!((sayings.n_fallen, total(&sayings)), (2, 11));
}

#[test]
fn a_long_value_stays_only_while_it_is_the_last_word_of_its_source() {
    let sayings = said(&[(4, 1, 1), (5, 2, 1), (6, 3, 1)], &tiny());
    let sizes: Vec<_> = sayings.said.iter().map(Saying::n_bytes).collect();
    assert_eq!((sizes, sayings.n_fallen), (vec![6, 4], 1));
    let sayings = said(&[(6, 3, 1), (1, 4, 1), (5, 2, 2)], &tiny());
    let sizes: Vec<_> = sayings.said.iter().map(Saying::n_bytes).collect();
    assert_eq!((sizes, sayings.n_fallen), (vec![1, 5], 1));
}

fn words() -> impl Strategy<Value = (Vec<Word>, Vec<Word>)> {
    proptest::collection::vec((0..6u8, 0..12i64, 1..4u64), 1..40)
        .prop_flat_map(|words| (Just(words.clone()), Just(words).prop_shuffle()))
}

proptest! {
    #[test]
    fn within_the_bounds_every_order_is_the_same((words, shuffled) in words()) {
        let wide = Limits { values_per_trait_max: 100, ..Limits::default() };
        prop_assert_eq!(said(&words, &wide), said(&shuffled, &wide));
    }

    #[test]
    fn beyond_the_bounds_values_last_times_and_the_sum_are((words, shuffled) in words()) {
        let (one, other) = (said(&words, &tiny()), said(&shuffled, &tiny()));
        prop_assert_eq!(kept(&one), kept(&other));
        prop_assert_eq!(total(&one), words.len() as u64);
        prop_assert_eq!(total(&other), words.len() as u64);
    }

    #[test]
    fn parts_joined_are_the_whole((words, shuffled) in words(), cut in 0..40usize) {
        let wide = Limits { values_per_trait_max: 100, ..Limits::default() };
        let (first, second) = shuffled.split_at(cut.min(shuffled.len()));
        let mut joined = said(second, &wide);
        joined.join(said(first, &wide));
        prop_assert_eq!(joined, said(&words, &wide));
    }
}
