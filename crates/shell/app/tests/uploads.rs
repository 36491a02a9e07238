//! Does an uploaded file come in once, wherever the process is stopped on the way, and is it gone
//! afterwards?

use rapport_app as app;

use app::access::{Actor, Caller, Credential};
use app::imports::{Import, ImportState, UploadId};
use app::page::PageQuery;
use app::{Engine, EngineOptions};
use base::{ImportId, Timestamp};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(60);
const ROWS: u64 = 6_000;

/// With room for hardly any backlog, an import is made to wait after every few chunks.
async fn open(folder: &Path, lag_entries_max: u64) -> Arc<Engine> {
    let options = EngineOptions { lag_entries_max, ..EngineOptions::for_tests(folder, NOW) };
    Engine::open(options).await.unwrap()
}

fn operator() -> Caller {
    Caller { actor: Actor::cli(), credential: Credential::AdminToken }
}

/// Every tenth row is of nobody.
fn guests() -> String {
    let row = |n: u64| match n % 10 {
        0 => ",Nobody,Ulm\n".to_owned(),
        _ => format!("p{n}@example.com,P{n},Kiel\n"),
    };
    std::iter::once("email,first name,town\n".to_owned()).chain((0..ROWS).map(row)).collect()
}

async fn upload(engine: &Engine) -> UploadId {
    let uploads = engine.imports().uploads();
    let mut receipt = uploads.receive(&operator(), "guests.csv", None).await.unwrap();
    receipt.write(guests().as_bytes()).await.unwrap();
    receipt.finish(NOW).await.unwrap().id
}

async fn start(engine: &Arc<Engine>, id: &UploadId) -> Import {
    let look = engine.look_at_upload(&operator(), id, None).await.unwrap();
    engine.import_upload(&operator(), id, look.proposal.mapping).await.unwrap()
}

/// Waits until the import is as wanted.
async fn until(engine: &Engine, id: ImportId, is_so: impl Fn(&Import) -> bool) -> Import {
    let mut changes = engine.imports().changes();
    let wait = async {
        loop {
            let import = engine.imports().get(id).await.unwrap();
            if is_so(&import) {
                return import;
            }
            // A change that was missed has been followed by another, or the table says so.
            let _ = tokio::time::timeout(Duration::from_millis(200), changes.recv()).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap()
}

fn has_ended(import: &Import) -> bool {
    import.state != ImportState::Running
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_goes_on_after_a_restart_and_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(dir.path(), 0).await;
    let id = upload(&engine).await;
    let import = start(&engine, &id).await;
    let begun = until(&engine, import.id, |import| import.resume_row > 0).await;
    assert!(begun.resume_row < ROWS, "in the middle: {}", begun.resume_row);
    engine.shutdown().await;
    drop(engine);

    let engine = open(dir.path(), 100_000).await;
    let stopped = engine.imports().get(import.id).await.unwrap();
    assert_eq!(stopped.state, ImportState::Stopped);
    assert!(stopped.message.unwrap().contains("goes on where it was"));
    let again = start(&engine, &id).await;
    assert_eq!((again.id, again.resume_row), (import.id, stopped.resume_row));
    let done = until(&engine, import.id, has_ended).await;
    assert_eq!(done.state, ImportState::Done, "{:?}", done.message);
    assert_eq!((done.n_events, done.n_rejected), (ROWS - ROWS / 10, ROWS / 10));
    engine.caught_up(PATIENCE).await.unwrap();
    let uploads = engine.imports().uploads();
    let rejects = std::fs::read_to_string(uploads.rejects_file(&id)).unwrap();
    assert_eq!(rejects.lines().count() as u64, 1 + ROWS / 10, "each row once");
    uploads.remove(&operator(), &id).unwrap();
    let left = std::fs::read_dir(engine.data_dir().uploads()).unwrap().count();
    assert_eq!(left, 0, "the file is gone");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_nobody_runs_any_more_is_not_said_to_run() {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(dir.path(), 0).await;
    let id = upload(&engine).await;
    let import = start(&engine, &id).await;
    until(&engine, import.id, |import| import.resume_row > 0).await;
    engine.shutdown().await;
    drop(engine);
    let engine = open(dir.path(), 50_000).await;
    // As if the process had been killed before it could say so.
    let file = engine.imports().get(import.id).await.unwrap().file;
    engine.imports().begin(&Actor::cli(), file, NOW).await.unwrap();
    engine.shutdown().await;
    drop(engine);
    let engine = open(dir.path(), 100_000).await;
    let page = PageQuery { limit: 10, cursor: None };
    let imports = engine.imports().list(&page).await.unwrap().items;
    assert_eq!(imports.len(), 1);
    assert_eq!(imports[0].state, ImportState::Stopped);
    engine.shutdown().await;
}
