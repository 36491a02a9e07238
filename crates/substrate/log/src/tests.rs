//! Does the log keep what it acknowledged, in order, through restarts and full disks?

use super::*;
use sqlx::{Connection, Row};
use std::path::Path;

fn options() -> LogOptions {
    LogOptions { reserve_bytes: 0, ..LogOptions::default() }
}

async fn open(dir: &Path) -> SqliteLog {
    SqliteLog::open(dir, options()).await.unwrap()
}

fn payload(n: u64) -> Bytes {
    n.to_le_bytes().to_vec().into()
}

async fn positions(log: &SqliteLog, after: u64, max: usize, bytes: usize) -> Vec<u64> {
    let entries = log.read_after(Position(after), max, bytes).await.unwrap();
    entries.into_iter().map(|entry| entry.position.0).collect()
}

/// A second, independent look at the file: what another process would find after a crash.
async fn count_on_disk(dir: &Path) -> i64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("log.sqlite"));
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    let row = sqlx::query("SELECT COUNT(*) FROM entries").fetch_one(&mut connection).await.unwrap();
    row.get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_come_back_in_the_order_of_their_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    let tasks: Vec<_> = (0..300u64)
        .map(|n| {
            let log = log.clone();
            tokio::spawn(async move { (log.append(payload(n)).await.unwrap(), n) })
        })
        .collect();
    let mut acknowledged = Vec::new();
    for task in tasks {
        acknowledged.push(task.await.unwrap());
    }
    acknowledged.sort_unstable();
    let entries = log.read_after(Position(0), 1_000, usize::MAX).await.unwrap();
    let read: Vec<(Position, Bytes)> =
        entries.into_iter().map(|entry| (entry.position, entry.payload)).collect();
    let expected: Vec<_> = acknowledged.into_iter().map(|(at, n)| (at, payload(n))).collect();
    assert_eq!(read, expected);
    assert_eq!(read.iter().map(|(at, _)| at.0).collect::<Vec<_>>(), (1..=300).collect::<Vec<_>>());
    assert_eq!(log.head(), Position(300));
}

#[tokio::test]
async fn an_answer_comes_after_the_commit() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    for n in 1..=5 {
        log.append(payload(n)).await.unwrap();
        assert_eq!(count_on_disk(dir.path()).await, n.cast_signed());
    }
}

#[tokio::test]
async fn pages_are_bounded_by_entries_and_bytes_but_never_empty() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    for n_bytes in [10, 10, 1_000, 10, 10] {
        log.append(vec![7; n_bytes].into()).await.unwrap();
    }
    assert_eq!(positions(&log, 0, 2, usize::MAX).await, [1, 2]);
    assert_eq!(positions(&log, 0, 9, 100).await, [1, 2]);
    assert_eq!(positions(&log, 2, 9, 100).await, [3], "one entry comes, however large");
    assert_eq!(positions(&log, 3, 9, 20).await, [4, 5]);
    assert_eq!(positions(&log, 5, 9, 100).await, [0; 0]);
}

#[tokio::test]
async fn numbers_are_never_used_twice() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    for n in 1..=600 {
        log.append(payload(n)).await.unwrap();
    }
    assert_eq!(log.trim(Position(599)).await.unwrap(), 599, "more than one turn of the writer");
    assert_eq!(log.entry(Position(599)).await.unwrap(), None);
    assert_eq!(log.entry(Position(600)).await.unwrap().unwrap().payload, payload(600));
    assert_eq!(log.trim(Position(9_999)).await.unwrap(), 1);
    log.close().await.unwrap();
    assert!(matches!(log.append(payload(0)).await, Err(LogError::Closed)));

    let log = open(dir.path()).await;
    assert_eq!(log.head(), Position(600), "the head outlives its entries");
    assert_eq!(log.append(payload(1)).await.unwrap(), Position(601));
    // Without a close, as after a crash.
    drop(log);
    let log = open(dir.path()).await;
    assert_eq!(log.head(), Position(601));
    assert_eq!(positions(&log, 0, 9, 100).await, [601]);
}

#[tokio::test]
async fn a_full_disk_refuses_and_recovers_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    log.append(payload(1)).await.unwrap();
    log.set_reserve_bytes(u64::MAX);
    match log.append(payload(2)).await {
        Err(LogError::Full { free_bytes, reserve_bytes }) => {
            assert!(free_bytes > 0 && reserve_bytes == u64::MAX);
        }
        other => panic!("expected Full, got {other:?}"),
    }
    assert_eq!(log.trim(Position(1)).await.unwrap(), 1, "making room is always allowed");
    log.set_reserve_bytes(0);
    assert_eq!(log.append(payload(3)).await.unwrap(), Position(2));
}

#[tokio::test]
async fn a_file_that_may_not_grow_is_a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    let log = SqliteLog::open_limited(dir.path(), options(), 40).await.unwrap();
    let mut n_taken = 0;
    let refused = loop {
        match log.append(vec![1; 50_000].into()).await {
            Ok(position) => n_taken = position.0,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, LogError::Full { .. }), "{refused:?}");
    assert!(n_taken >= 5, "{n_taken}");
    assert_eq!(positions(&log, 0, 99, usize::MAX).await, (1..=n_taken).collect::<Vec<_>>());
    log.trim(Position(n_taken)).await.unwrap();
    assert_eq!(log.append(vec![1; 50_000].into()).await.unwrap(), Position(n_taken + 1));
}

#[tokio::test]
async fn what_may_not_wait_is_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let few = LogOptions { n_queued_max: 2, queued_bytes_max: 1_000, ..options() };
    let log = SqliteLog::open(dir.path(), few).await.unwrap();
    // The test has one thread: the writer cannot take anything before the first await that waits.
    let appends = [10, 10, 10].map(|n_bytes| log.append(vec![0; n_bytes].into()));
    let [a, b, c] = appends;
    let (a, b, c) = tokio::join!(a, b, c);
    assert!(a.is_ok() && b.is_ok());
    assert!(matches!(c, Err(LogError::Busy)), "{c:?}");
    let (a, b) = tokio::join!(log.append(vec![0; 900].into()), log.append(vec![0; 900].into()));
    assert!(a.is_ok());
    assert!(matches!(b, Err(LogError::Busy)), "{b:?}");
    assert!(log.append(vec![0; 5_000].into()).await.is_ok(), "alone, one may be larger");
    assert_eq!(log.head(), Position(4));
}

#[tokio::test]
async fn watchers_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    let mut watch = log.watch();
    let (seen, written) = tokio::join!(watch.changed(), log.append(payload(1)));
    seen.unwrap();
    assert_eq!(*watch.borrow(), written.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_write_ahead_log_does_not_grow_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    // 160 MB in entries of 1 MB; checkpoints are due every 32 MB.
    for n in 0..160u64 {
        log.append(vec![n as u8; 1 << 20].into()).await.unwrap();
        if n % 8 == 7 {
            log.trim(Position(n)).await.unwrap();
        }
    }
    let wal = dir.path().join("log.sqlite-wal").metadata().unwrap().len();
    assert!(wal < 150 << 20, "{wal} bytes");
    log.close().await.unwrap();
    assert!(!dir.path().join("log.sqlite-wal").exists(), "closing leaves nothing behind");
}

/// Whether the text stands anywhere in the files of the log, as raw bytes.
fn is_on_disk(dir: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(dir).unwrap().map(|file| std::fs::read(file.unwrap().path()));
    files.into_iter().any(|bytes| bytes.unwrap().windows(text.len()).any(|w| w == text.as_bytes()))
}

#[tokio::test]
async fn what_was_replaced_or_trimmed_is_gone_from_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    let texts =
        |n: u64| format!("secret-{n}. ").repeat(if n.is_multiple_of(3) { 9_000 } else { 5 });
    for n in 1..=60 {
        log.append(texts(n).into_bytes().into()).await.unwrap();
    }
    log.trim(Position(20)).await.unwrap();
    let stubs = (15..=40).map(|n| (Position(n), Bytes::from_static(b"nobody"))).collect();
    assert_eq!(log.replace(stubs).await.unwrap(), 20, "those that were trimmed are passed over");
    log.purge().await.unwrap();
    for n in 1..=60 {
        let text = format!("secret-{n}. ");
        assert_eq!(is_on_disk(dir.path(), &text), n > 40, "{text}");
    }
    assert_eq!(log.entry(Position(30)).await.unwrap().unwrap().payload, "nobody");
    assert_eq!(log.entry(Position(41)).await.unwrap().unwrap().payload, texts(41).as_bytes());
    assert_eq!(log.append(payload(1)).await.unwrap(), Position(61));
    log.close().await.unwrap();
    assert_eq!(open(dir.path()).await.replaced_through().await.unwrap(), Position(40));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_taken_while_the_file_is_being_cleaned() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).await;
    for _ in 0..40 {
        log.append(vec![7; 1 << 20].into()).await.unwrap();
    }
    log.trim(Position(39)).await.unwrap();
    let cleaning = tokio::spawn({
        let log = log.clone();
        async move { log.purge().await }
    });
    for n in 41..=80 {
        assert_eq!(log.append(payload(n)).await.unwrap(), Position(n));
    }
    cleaning.await.unwrap().unwrap();
    assert_eq!(positions(&log, 0, 100, usize::MAX).await, (40..=80).collect::<Vec<_>>());
}
