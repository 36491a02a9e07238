//! What happens when files are damaged, missing or left over?

use crate::runtime;
use crate::world::World;
use base::hash::mix64;
use base::{CustomerId, Duration, ErrorKind, IdentifierId, Timestamp};
use bytes::Bytes;
use rapport_history::{
    Filter, FreshBatch, HistoryError, Rewrite, RunMeta, TimelinePage, TimelineQuery,
};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A history of one run with the events of five customers.
async fn one_run(folder: &Path) -> (World, RunMeta) {
    let mut world = World::new(folder);
    let events: Vec<(u64, i64)> = (0..4_000).map(|n| (1 + n % 5, (n % 97) as i64)).collect();
    world.add(&events);
    world.flush(Rewrite::default()).await;
    assert_eq!(world.runs.len(), 1);
    let run = world.runs[0].clone();
    (world, run)
}

async fn page(world: &World, customer: u64) -> Result<TimelinePage, HistoryError> {
    let query = TimelineQuery {
        customers: &[CustomerId(customer)],
        identifiers: &HashSet::from([IdentifierId(customer)]),
        before: None,
        limit: 50,
        scan_rows_max: usize::MAX,
        filter: &Filter { text: Some("sku-3".into()), ..Filter::default() },
    };
    world.history.timeline(&query).await
}

#[test]
fn a_damaged_file_is_named_and_never_a_panic() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (mut world, run) = one_run(folder.path()).await;
        let path = folder.path().join(&run.path);
        let whole = fs::read(&path).unwrap();
        let footer_at = whole.len() - 3_000;
        let mut n_refused = 0;
        for n in 0..120 {
            let mut bytes = whole.clone();
            let r = mix64(n);
            // Half of the damage goes to the footer and the page index.
            let start = if n % 2 == 0 { footer_at } else { 0 };
            let place = start + r as usize % (whole.len() - start);
            bytes[place] ^= 1 << (r >> 60 & 7);
            fs::write(&path, &bytes).unwrap();
            world.restart(folder.path());
            for customer in 1..=5 {
                if let Err(error) = page(&world, customer).await {
                    assert!(error.to_string().contains(&run.path), "{error}");
                    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error:?}");
                    n_refused += 1;
                }
            }
            let error = world.history.store().verify(&run).await.unwrap_err();
            assert!(matches!(error, HistoryError::Corrupt { .. }), "{error:?}");
        }
        assert!(n_refused > 40, "most damage is seen while reading: {n_refused}");
        fs::write(&path, &whole).unwrap();
        world.restart(folder.path());
        world.history.store().verify(&run).await.unwrap();
    });
}

#[test]
fn a_cut_or_missing_file_is_named() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (mut world, run) = one_run(folder.path()).await;
        let path = folder.path().join(&run.path);
        let whole = fs::read(&path).unwrap();
        for len in [0, 4, 100, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..len]).unwrap();
            world.restart(folder.path());
            let error = page(&world, 1).await.unwrap_err();
            assert!(matches!(error, HistoryError::Corrupt { .. }), "{len}: {error:?}");
            assert!(world.history.store().verify(&run).await.is_err());
        }
        fs::remove_file(&path).unwrap();
        world.restart(folder.path());
        let error = page(&world, 1).await.unwrap_err();
        assert!(matches!(error, HistoryError::Missing { .. }), "{error:?}");
        assert!(error.to_string().contains(&run.path));
    });
}

#[test]
fn a_failed_compaction_changes_nothing() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (mut world, run) = one_run(folder.path()).await;
        world.add(&[(1, 3), (2, 4)]);
        world.flush(Rewrite::default()).await;
        let path = folder.path().join(&run.path);
        let whole = fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        damaged[200..4_000].fill(0x55);
        fs::write(&path, &damaged).unwrap();
        world.restart(folder.path());
        let job = rapport_history::Job::rewriting(world.runs.clone()).unwrap();
        let error = world.history.compact(job.clone(), Rewrite::default(), 77).await.unwrap_err();
        assert!(error.to_string().contains(&run.path), "{error}");
        fs::write(&path, &whole).unwrap();
        world.restart(folder.path());
        world.compact(job, Rewrite::default()).await;
        assert_eq!(world.runs.len(), 1);
        assert_eq!(world.runs[0].n_rows, 4_002);
        for customer in 1..=5 {
            world.check(CustomerId(customer), 50, &Filter::default(), usize::MAX).await;
        }
    });
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] }).collect()
}

#[test]
fn leftovers_of_a_crash_are_found_by_age_and_removed() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (mut world, _) = one_run(folder.path()).await;
        world.add(&[(1, 5)]);
        // A flush that was never listed, an upload that was never finished, and one being staged.
        world.history.flush(Rewrite::default(), 99).await.unwrap().unwrap();
        fs::create_dir_all(folder.path().join("staging")).unwrap();
        fs::write(folder.path().join("staging/7"), b"half").unwrap();
        fs::write(folder.path().join("mixed/x.parquet#1"), b"half").unwrap();
        world.restart(folder.path());
        let hour = Duration::hours(1);
        let written = fs::metadata(folder.path().join("staging/7")).unwrap().modified().unwrap();
        let written = written.duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
        let now = Timestamp(i64::try_from(written).unwrap());
        assert!(world.history.list_orphans(now, hour).await.unwrap().is_empty(), "too young");
        let later = now.plus(Duration::hours(2));
        let orphans = world.history.list_orphans(later, hour).await.unwrap();
        assert_eq!(orphans.len(), 3, "{orphans:?}");
        let paths = orphans.into_iter().map(|o| o.path).collect();
        world.history.store().remove(paths).await.unwrap();
        assert_eq!(
            files(folder.path()),
            [folder.path().canonicalize().unwrap().join(&world.runs[0].path)]
        );
        world.check(CustomerId(1), 50, &Filter::default(), usize::MAX).await;
    });
}

#[test]
fn a_damaged_batch_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path());
    world.add(&(0..300).map(|n| (1 + n % 7, n as i64)).collect::<Vec<_>>());
    let blob = world.blobs.values().next().unwrap().clone();
    let mut events = FreshBatch::read(blob.clone()).unwrap().events().unwrap();
    events.sort_by_key(|e| e.seq);
    assert_eq!(events, world.events, "encoding and decoding gives the same events");
    for place in (0..blob.len()).step_by(37) {
        let mut bytes = blob.to_vec();
        bytes[place] ^= 4;
        assert!(FreshBatch::read(bytes.into()).is_err(), "byte {place}");
        assert!(FreshBatch::read(blob.slice(..place)).is_err(), "cut at {place}");
    }
    let mut newer = blob.to_vec();
    newer[0] = 2;
    let error = FreshBatch::read(Bytes::from(newer)).unwrap_err();
    assert!(matches!(error, HistoryError::TooNew { version: 2, .. }), "{error}");
}

#[test]
fn files_in_use_outlive_their_place_in_the_list() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (mut world, run) = one_run(folder.path()).await;
        world.add(&[(1, 5)]);
        world.flush(Rewrite::default()).await;
        let job = rapport_history::Job::rewriting(world.runs.clone()).unwrap();
        let done = world.history.compact(job, Rewrite::default(), 5).await.unwrap();
        world.history.install(&done.added, &done.removed, None);
        assert!(folder.path().join(&run.path).exists(), "unlisted, not yet removed");
        let far = Timestamp(i64::MAX);
        let orphans = world.history.list_orphans(far, Duration::hours(0)).await.unwrap();
        assert!(orphans.is_empty(), "retired files are no orphans: {orphans:?}");
        assert_eq!(world.history.remove_retired().await.unwrap(), 2);
        assert!(!folder.path().join(&run.path).exists());
        assert_eq!(world.history.remove_retired().await.unwrap(), 0);
    });
}
