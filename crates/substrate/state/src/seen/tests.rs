//! Does the memory of message ids agree with a plain set?

use super::*;
use crate::testing::{Place, on_both};
use base::Position;
use base::hash::{hash128, mix64};
use proptest::prelude::*;
use std::collections::HashSet;

const WINDOW: Duration = Duration::seconds(60);
/// A sixth of the window; see `N_SLICES`.
const SLICE: Duration = Duration::seconds(10);

fn id(n: u64) -> u128 {
    hash128(&n.to_le_bytes())
}

async fn open(state: &State) -> Seen {
    Seen::open_with(state, WINDOW, 50).await.unwrap()
}

/// The memory after the program was killed and started again: of the one before, nothing goes on.
async fn reopened(state: &State, mut before: Seen) -> Seen {
    if let Some(upkeep) = before.upkeep.take() {
        upkeep.abort();
        // It ends at its next step, as a process would have at once.
        let _ = upkeep.await;
    }
    open(state).await
}

/// Asks for `ids`, commits, and answers which were new.
async fn take(state: &State, seen: &mut Seen, ids: &[(u128, bool)], now: i64) -> Vec<bool> {
    let answer = seen.which_are_new(ids).await.unwrap();
    let mut batch = state.begin().await.unwrap();
    seen.stage(&mut batch, Timestamp(now)).await.unwrap();
    batch.advance(Position(batch.position().0 + 1));
    batch.commit().await.unwrap();
    answer
}

async fn an_id_is_new_once(place: &Place) {
    let state = State::open(&place.url).await.unwrap();
    let mut seen = open(&state).await;
    let ids = [(id(1), false), (id(2), false), (id(1), false)];
    assert_eq!(seen.which_are_new(&ids).await.unwrap(), [true, true, false]);
    assert_eq!(seen.which_are_new(&ids).await.unwrap(), [false; 3], "before it is staged");
    seen.abandon();
    assert_eq!(take(&state, &mut seen, &ids, 0).await, [true, true, false]);
    assert_eq!(seen.which_are_new(&ids).await.unwrap(), [false; 3]);
    let mut seen = reopened(&state, seen).await;
    assert_eq!(seen.which_are_new(&ids).await.unwrap(), [false; 3], "after a restart");
    assert_eq!(seen.len(), 2);
}

async fn what_is_rolled_back_is_new_again(place: &Place) {
    let state = State::open(&place.url).await.unwrap();
    let mut seen = open(&state).await;
    let many: Vec<_> = (0..200).map(|n| (id(n), false)).collect();
    take(&state, &mut seen, &many[..40], 0).await;
    // More than is kept in memory: the batch that is lost would have frozen a segment.
    assert!(seen.which_are_new(&many[40..]).await.unwrap().iter().all(|&is_new| is_new));
    let mut batch = state.begin().await.unwrap();
    seen.stage(&mut batch, Timestamp(1)).await.unwrap();
    let twice = seen.stage(&mut batch, Timestamp(1)).await;
    assert!(matches!(twice, Err(StateError::Conflict { .. })));
    assert_eq!(seen.which_are_new(&many[100..101]).await.unwrap(), [false], "while it is open");
    drop(batch);
    let answer = take(&state, &mut seen, &many, 2).await;
    assert!(answer[..40].iter().all(|&is_new| !is_new) && answer[40..].iter().all(|&n| n));
    let mut seen = reopened(&state, seen).await;
    assert_eq!(seen.which_are_new(&many).await.unwrap(), [false; 200]);
}

async fn segments_merge_and_nothing_is_lost(place: &Place) {
    let state = State::open(&place.url).await.unwrap();
    let mut seen = open(&state).await;
    // 3,000 ids in 60 batches, every tenth for ever; some 60 freezes within one slice.
    let ids: Vec<_> = (0..3_000).map(|n| (id(n), n % 10 == 0)).collect();
    for (n, chunk) in (0..).zip(ids.chunks(50)) {
        assert_eq!(take(&state, &mut seen, chunk, n).await, [true; 50]);
        seen.rest().await.unwrap();
    }
    assert!(seen.segments.len() < 16, "{} segments", seen.segments.len());
    assert_eq!(seen.len(), 3_000);
    assert_eq!(seen.which_are_new(&ids).await.unwrap(), [false; 3_000]);
    assert_eq!(seen.which_are_new(&[(id(5_000), false)]).await.unwrap(), [true]);
    seen.abandon();
    let mut seen = reopened(&state, seen).await;
    assert_eq!(seen.len(), 3_000);
    assert_eq!(seen.which_are_new(&ids).await.unwrap(), [false; 3_000]);

    // A window and a slice later only those kept for ever are known; their blocks alone remain.
    let later = WINDOW.0 + 2 * SLICE.0;
    for n in 0..8 {
        take(&state, &mut seen, &[(id(10_000 + n), false)], later + n.cast_signed()).await;
        seen.rest().await.unwrap();
    }
    let answer = seen.which_are_new(&ids).await.unwrap();
    assert!(answer.iter().zip(&ids).all(|(is_new, (_, is_kept))| is_new != is_kept));
    let sql = "SELECT COUNT(*) FROM seen_segments";
    let n_segments = state.db().row(sql, vec![]).await.unwrap().unwrap().int(0).unwrap();
    assert!(n_segments < 10, "{n_segments} segments on disk");
}

async fn a_merge_cut_off_by_a_crash_is_swept(place: &Place) {
    let state = State::open(&place.url).await.unwrap();
    let mut seen = open(&state).await;
    // A batch of 40 freezes the one before it; four segments of one size are due for a merge.
    let ids: Vec<_> = (0..200).map(|n| (id(n), false)).collect();
    for (n, chunk) in (0..).zip(ids.chunks(40)) {
        assert!(seen.merged.is_none(), "after {n} batches");
        take(&state, &mut seen, chunk, n).await;
        seen.rest().await.unwrap();
    }
    assert!(seen.merged.is_some(), "a merge waits to be put to use, and the program stops here");
    let mut seen = reopened(&state, seen).await;
    assert_eq!(seen.which_are_new(&ids).await.unwrap(), [false; 200]);
    take(&state, &mut seen, &[(id(999), false)], 20).await;
    seen.rest().await.unwrap();
    take(&state, &mut seen, &[], 21).await;
    seen.rest().await.unwrap();
    let sql = "SELECT COUNT(*) FROM seen_blocks WHERE block / 4294967296 NOT IN \
               (SELECT id FROM seen_segments)";
    let n_lost = state.db().row(sql, vec![]).await.unwrap().unwrap().int(0).unwrap();
    assert_eq!(n_lost, 0, "blocks of no segment");
    assert_eq!(seen.which_are_new(&ids).await.unwrap(), [false; 200]);
}

on_both!(
    an_id_is_new_once,
    what_is_rolled_back_is_new_again,
    segments_merge_and_nothing_is_lost,
    a_merge_cut_off_by_a_crash_is_swept,
);

/// What one step of the law does.
#[derive(Clone, Debug)]
enum Step {
    /// Ask for some ids, and commit them or not.
    Take { first: u64, n: u64, is_kept: bool, is_committed: bool },
    /// Time passes, in seconds.
    Pass(i64),
    /// The program stops and starts again.
    Restart,
    /// The background comes to rest.
    Rest,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..400u64, 1..40u64, prop::bool::weighted(0.2), prop::bool::weighted(0.8)).prop_map(
            |(first, n, is_kept, is_committed)| Step::Take { first, n, is_kept, is_committed }
        ),
        2 => (1..25i64).prop_map(Step::Pass),
        1 => Just(Step::Restart),
        1 => Just(Step::Rest),
    ]
}

/// A plain set with times. An id is surely known within the window, surely forgotten a slice and a
/// stage after it, and may be either in between.
#[derive(Default)]
struct Model {
    known: HashMap<u128, (i64, bool)>,
    /// The time of the last two commits: expiry happens in a stage and shows after its commit.
    commits: [i64; 2],
}

impl Model {
    fn check(&self, id: u128, is_new: bool, now: i64) {
        let Some(&(at, is_kept)) = self.known.get(&id) else {
            assert!(is_new, "an id that was never seen");
            return;
        };
        if is_kept || now - at < WINDOW.0 {
            assert!(!is_new, "an id seen {} s ago, kept: {is_kept}", (now - at) / 1_000_000);
        }
        let is_over = at + WINDOW.0 + SLICE.0 <= self.commits[0];
        assert!(is_kept || !is_over || is_new, "an id that has expired");
    }
}

async fn follows_the_model(steps: Vec<Step>) {
    let place = Place::sqlite();
    let state = State::open(&place.url).await.unwrap();
    let (mut seen, mut model, mut now) = (open(&state).await, Model::default(), 0i64);
    for step in steps {
        match step {
            Step::Pass(seconds) => now += Duration::seconds(seconds).0,
            Step::Restart => seen = reopened(&state, seen).await,
            Step::Rest => seen.rest().await.unwrap(),
            Step::Take { first, n, is_kept, is_committed } => {
                let ids: Vec<_> =
                    (first..first + n).map(|n| (id(mix64(n) % 300), is_kept)).collect();
                let answer = seen.which_are_new(&ids).await.unwrap();
                let mut asked = HashSet::new();
                for (&(id, _), &is_new) in ids.iter().zip(&answer) {
                    if asked.insert(id) {
                        model.check(id, is_new, now);
                    } else {
                        assert!(!is_new, "a double within one question");
                    }
                }
                let mut batch = state.begin().await.unwrap();
                seen.stage(&mut batch, Timestamp(now)).await.unwrap();
                if is_committed {
                    batch.commit().await.unwrap();
                    let new = ids.into_iter().zip(answer).filter(|&(_, is_new)| is_new);
                    model.known.extend(new.map(|((id, is_kept), _)| (id, (now, is_kept))));
                    model.commits = [model.commits[1], now];
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn it_agrees_with_a_plain_set(steps in prop::collection::vec(step(), 1..60)) {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(follows_the_model(steps));
    }
}
