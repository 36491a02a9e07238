//! Does an import go on where it was, and count nothing twice?

use super::*;

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

fn orders() -> ImportStart {
    ImportStart {
        fingerprint: "content".into(),
        file_name: "orders.csv".into(),
        mapping_name: "orders".into(),
        mapping_hash: "mapping".into(),
        bytes_total: 1_000,
        n_rows_total: Some(20),
    }
}

fn step(to_row: u64, n_rejects: usize) -> ImportStep {
    let reject = ImportReject { row: to_row, column: None, reason: "no customer".into() };
    ImportStep { to_row, n_events: 9, rejects: vec![reject; n_rejects], bytes_done: 2_000 }
}

#[tokio::test]
async fn an_import_is_resumed_and_rows_sent_twice_count_once() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("state.db").display());
    let uploads = Uploads::open(&dir.path().join("uploads"), 0).unwrap();
    let imports = Imports::open(&State::open(&url).await.unwrap(), uploads);
    let mut changes = imports.changes();
    let begun = imports.begin(&Actor::cli(), orders(), NOW).await.unwrap();
    let id = begun.id;
    assert_eq!(imports.check_rows(id, (0, 10)).await.unwrap(), RowsWanted::Yes(begun));
    let moved = imports.advance(id, 0, &step(10, 2)).await.unwrap();
    assert_eq!((moved.resume_row, moved.n_events, moved.bytes_done), (10, 9, 1_000));
    assert_eq!(imports.check_rows(id, (0, 10)).await.unwrap(), RowsWanted::TakenBefore(moved));
    let kind = async |rows| imports.check_rows(id, rows).await.unwrap_err().kind();
    assert_eq!(kind((11, 12)).await, ErrorKind::Conflict, "a gap");
    assert_eq!(kind((5, 12)).await, ErrorKind::Conflict, "an overlap");
    assert_eq!(kind((10, 9)).await, ErrorKind::Invalid);
    let raced = imports.advance(id, 0, &step(10, 2)).await.unwrap_err();
    assert_eq!(raced.kind(), ErrorKind::Conflict);

    let stopped = (ImportState::Stopped, Some("Ctrl-C".to_owned()));
    imports.finish(id, stopped, NOW).await.unwrap();
    assert_eq!(kind((10, 12)).await, ErrorKind::Conflict, "it does not run");
    let resumed = imports.begin(&Actor::cli(), orders(), NOW).await.unwrap();
    assert_eq!((resumed.id, resumed.resume_row), (id, 10));
    assert_eq!((resumed.state, resumed.message), (ImportState::Running, None));
    imports.advance(id, 10, &step(20, 1)).await.unwrap();
    imports.count_processed(id, 5, &[]).await.unwrap();
    let done = imports.finish(id, (ImportState::Done, None), NOW).await.unwrap();
    assert_eq!((done.n_duplicates, done.n_rejected, done.finished_at), (5, 3, Some(NOW)));
    let anew = imports.begin(&Actor::cli(), orders(), NOW).await.unwrap();
    assert_ne!(anew.id, id, "one that is done is begun anew");

    let page = imports.rejects(id, &PageQuery { limit: 2, cursor: None }).await.unwrap();
    let rest = imports.rejects(id, &PageQuery { limit: 2, cursor: page.next }).await.unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.next), (2, 1, None));
    let list = imports.list(&PageQuery { limit: 1, cursor: None }).await.unwrap();
    assert_eq!(list.items[0].id, anew.id);
    let older = imports.list(&PageQuery { limit: 1, cursor: list.next }).await.unwrap();
    assert_eq!((older.items[0].id, older.next), (id, None));
    let mut told = Vec::new();
    while let Ok(import) = changes.try_recv() {
        told.push(import.state);
    }
    use ImportState::{Done, Running, Stopped};
    assert_eq!(told, [Running, Running, Stopped, Running, Running, Running, Done, Running]);
}
