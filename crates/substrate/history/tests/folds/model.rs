//! Does the history answer as a plain list does, whatever happened to it before?

use crate::recorder::{self, Recorder};
use crate::shop::{Shop, customers};
use base::CustomerId;
use base::hash::mix64;
use proptest::prelude::*;
use rapport_history::{HistoryError, Progress, Rewrite};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use timeline::{Ask, Field, Label, View, Window};

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<(u64, i64)>),
    Move(u64, usize),
    Erase(u64),
    Flush { moves: bool },
    Compact { mixed: bool, moves: bool },
    Redact,
    Restart,
    KeepHot(usize),
    LeaveOut(Vec<usize>),
    Ask(Vec<Ask>, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let at = (0i64..40).prop_map(|units| units * recorder::UNIT_US);
    let events = prop::collection::vec((1u64..14, at), 1..40);
    let asks = prop::collection::vec(recorder::ask(), 1..4);
    prop_oneof![
        6 => events.prop_map(Step::Add),
        3 => (1u64..14, 0usize..9).prop_map(|(identifier, to)| Step::Move(identifier, to)),
        1 => (1u64..14).prop_map(Step::Erase),
        4 => any::<bool>().prop_map(|moves| Step::Flush { moves }),
        4 => any::<(bool, bool)>().prop_map(|(mixed, moves)| Step::Compact { mixed, moves }),
        1 => Just(Step::Redact),
        1 => Just(Step::Restart),
        1 => prop::sample::select(vec![0, 2_000, 400 << 20]).prop_map(Step::KeepHot),
        2 => prop::collection::vec(0usize..9, 0..4).prop_map(Step::LeaveOut),
        6 => (asks, 1usize..4).prop_map(|(asks, threads)| Step::Ask(asks, threads)),
    ]
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn play(steps: &[Step], last: &[Ask]) {
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::new(folder.path());
    for step in steps {
        match step {
            Step::Add(events) => shop.add(events),
            Step::Move(identifier, to) => shop.move_to(*identifier, Some(customers()[*to])),
            Step::Erase(identifier) => shop.move_to(*identifier, None),
            Step::Flush { moves } => {
                let rewrite = if *moves { shop.rewrite() } else { Rewrite::default() };
                shop.flush(rewrite).await;
            }
            Step::Compact { mixed, moves } => {
                let rewrite = if *moves { shop.rewrite() } else { Rewrite::default() };
                shop.compact_all(*mixed, &rewrite).await;
            }
            Step::Redact => shop.redact().await,
            Step::Restart => shop.restart(folder.path()),
            Step::KeepHot(bytes) => shop.history.keep_hot(*bytes),
            Step::LeaveOut(some) => {
                let all = customers();
                shop.leave_out(some.iter().map(|place| all[*place]).collect());
            }
            Step::Ask(asks, threads) => shop.check(asks, *threads).await,
        }
    }
    shop.check(last, 2).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_fold_over_history_is_a_fold_over_plain_events(
        steps in prop::collection::vec(step(), 1..24),
        last in prop::collection::vec(recorder::ask(), 1..5),
    ) {
        runtime().block_on(play(&steps, &last));
    }
}

/// Many events of all customers, in several batches.
fn crowd(shop: &mut Shop, n_batches: u64) {
    for batch in 0..n_batches {
        let of = |i: u64| {
            let r = mix64(batch << 32 | i);
            (1 + r % 40, (r >> 20 & 0xfffff) as i64)
        };
        shop.add(&(0..3_000).map(of).collect::<Vec<_>>());
    }
}

fn labels(fields: &[Field]) -> Ask {
    let label = |field: &Field| Label { field: field.clone(), view: View::Whole };
    Ask { labels: fields.iter().map(label).collect(), ..Ask::every(Window::EVER) }
}

#[test]
fn long_timelines_are_given_in_slabs() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut shop = Shop::new(folder.path());
        for _ in 0..3 {
            crowd(&mut shop, 6);
            shop.flush(shop.rewrite()).await;
        }
        shop.move_to(3, Some(customers()[0]));
        shop.move_to(4, None);
        crowd(&mut shop, 1);
        let context = Field::Context("page.url".into());
        let ask = labels(&[Field::Name, Field::Property("currency".into()), context]);
        let progress = Arc::new(Progress::default());
        let options =
            rapport_history::FoldOptions { progress: Some(progress.clone()), ..shop.options(2) };
        let fold = Arc::new(Recorder(ask.clone()));
        let cold = shop.history.fold(fold.clone(), options.clone()).await.unwrap().seen;
        let warm = shop.history.fold(fold, options).await.unwrap().seen;
        assert!(cold.bytes_read > 0);
        assert_eq!(warm.bytes_read, 0, "what lies in memory is not read again");
        assert_eq!(cold.n_rows, warm.n_rows);
        let (done, all) = progress.rows();
        assert!(done == all && all > 56_000, "{done} of {all}");
        shop.check(std::slice::from_ref(&ask), 2).await;
        shop.leave_out(vec![customers()[1], customers()[5], CustomerId(u64::MAX)]);
        shop.check(&[ask], 2).await;
    });
}

#[test]
fn fields_that_are_asked_for_get_columns() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut shop = Shop::new(folder.path());
        crowd(&mut shop, 2);
        shop.flush(shop.rewrite()).await;
        let odd = Field::Property("odd".into());
        let ask = labels(std::slice::from_ref(&odd));
        for _ in 0..3 {
            shop.check(std::slice::from_ref(&ask), 1).await;
        }
        assert!(shop.history.promoted().contains(&odd));
        let read = |shop: &Shop| {
            let (fold, options) = (Arc::new(Recorder(ask.clone())), shop.options(1));
            let history = shop.history.clone();
            async move { history.fold(fold, options).await.unwrap().seen.bytes_read }
        };
        shop.restart(folder.path());
        let out_of_json = read(&shop).await;
        shop.history.promote(vec![odd.clone()]);
        shop.compact_all(true, &shop.rewrite()).await;
        shop.restart(folder.path());
        let out_of_columns = read(&shop).await;
        assert!(out_of_columns * 2 < out_of_json, "{out_of_columns} of {out_of_json} bytes");
        shop.restart(folder.path());
        assert!(!shop.history.promoted().contains(&odd));
        shop.history.recall_fields().await.unwrap();
        assert!(shop.history.promoted().contains(&odd), "files tell what was asked for");
        shop.compact_all(false, &shop.rewrite()).await;
        assert_eq!(read(&shop).await, out_of_columns, "what has columns keeps them");
        shop.check(&[ask], 2).await;
    });
}

#[test]
fn what_was_taken_out_is_forgotten() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut shop = Shop::new(folder.path());
        crowd(&mut shop, 1);
        shop.flush(shop.rewrite()).await;
        let ask = labels(&[Field::Name, Field::Context("campaign.source".into())]);
        let before = shop.texts(ask.clone()).await;
        assert!(before.contains("mail-1") && before.contains("Müsli Tasted"));
        shop.redact().await;
        let after = shop.texts(ask).await;
        assert!(!after.contains("mail-1") && !after.contains("Müsli Tasted"), "{after:?}");
    });
}

#[test]
fn a_question_keeps_within_its_limits() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut shop = Shop::new(folder.path());
        crowd(&mut shop, 1);
        let fold = Arc::new(Recorder(labels(&[Field::Name])));
        let with = |options| shop.history.fold(fold.clone(), options);
        let cancel = Arc::new(AtomicBool::new(false));
        cancel.store(true, Ordering::Relaxed);
        let cancelled = rapport_history::FoldOptions { cancel, ..shop.options(2) };
        assert!(matches!(with(cancelled).await, Err(HistoryError::Cancelled)));
        let late = rapport_history::FoldOptions { budget: Some(Duration::ZERO), ..shop.options(2) };
        assert!(matches!(with(late).await, Err(HistoryError::OutOfTime { .. })));
        let small = rapport_history::FoldOptions { memory_max: 1_000, ..shop.options(1) };
        assert!(matches!(with(small).await, Err(HistoryError::TooLarge { .. })));
    });
}
