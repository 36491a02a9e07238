//! Is a customer who is erased gone from every file, and do they stay gone?

use rapport_app as app;

use app::access::{Actor, ActorKind};
use app::clock::FixedClock;
use app::customers::TimelineFilter;
use app::edits::Wish;
use app::imports::ImportStart;
use app::page::PageQuery;
use app::privacy::{
    EraseReason, Erasure, ErasureState, NewRequest, RequestKind, RetentionRule, Step,
};
use app::{Engine, EngineOptions, ImportRows, Origin};
use base::{CustomerId, Duration as Span, ErrorKind, Position, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(60);

/// What Ann is known by, and what she is called.
const ANN: [&str; 5] = [
    "user-ann-4711",
    "browser-of-ann-0815",
    "ann.unique@example.com",
    "+4930123456789",
    "Annabella Unikat",
];

fn options(folder: &Path) -> EngineOptions {
    EngineOptions { fresh_events_max: 12, ..EngineOptions::for_tests(folder, NOW) }
}

async fn open(folder: &Path) -> Arc<Engine> {
    open_with(options(folder)).await
}

/// Opens the folder, once whoever had it before has let go of it.
async fn open_with(options: EngineOptions) -> Arc<Engine> {
    let begun = Instant::now();
    loop {
        match Engine::open(options.clone()).await {
            Err(error) if error.kind() == ErrorKind::Conflict && begun.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            opened => return opened.unwrap(),
        }
    }
}

async fn take(engine: &Engine, events: &[String]) -> Position {
    let item = |json: &String| RawItem { kind: None, json: json.as_str().into() };
    let parcel = Parcel {
        dialect: Dialect::Segment,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: events.iter().map(item).collect(),
        is_single: false,
    };
    let source = engine.sources().by_write_key("test-write-key").unwrap();
    let ip = "203.0.113.77".parse().ok();
    let origin = Origin { source, received_at: engine.now(), ip, user_agent: None };
    let position = engine.accept(parcel, origin).await.unwrap().position;
    engine.caught_up(PATIENCE).await.unwrap();
    position
}

async fn import(engine: &Engine, name: &str, events: &[String]) {
    let file = ImportStart {
        fingerprint: name.to_owned(),
        file_name: format!("{name}.csv"),
        mapping_name: "m".to_owned(),
        mapping_hash: "h".to_owned(),
        n_rows_total: None,
        bytes_total: 1,
    };
    let id = engine.imports().begin(&staff(), file, NOW).await.unwrap().id;
    let events: Vec<Box<str>> = events.iter().map(|event| event.as_str().into()).collect();
    let to_row = events.len() as u64;
    let rows = ImportRows { from_row: 0, to_row, events, rejects: Vec::new(), bytes_done: 1 };
    engine.import_rows(id, rows).await.unwrap();
    engine.caught_up(PATIENCE).await.unwrap();
}

fn staff() -> Actor {
    Actor { kind: ActorKind::User, name: "staff@example.org".to_owned() }
}

/// What Ann did, told with message ids that begin with `m`.
fn ann(m: &str) -> Vec<String> {
    let [user, browser, email, phone, name] = ANN;
    vec![
        format!(
            r#"{{"type":"track","messageId":"{m}1","anonymousId":"{browser}","event":"Looked",
               "timestamp":"2026-09-01T10:00:00Z","properties":{{"page":"home"}}}}"#
        ),
        format!(
            r#"{{"type":"identify","messageId":"{m}2","anonymousId":"{browser}","userId":"{user}",
               "timestamp":"2026-09-01T10:01:00Z","traits":{{"email":"Ann.Unique@example.com",
               "phone":"{phone}","name":"{name}","city":"Oslo"}}}}"#
        ),
        format!(
            r#"{{"type":"track","messageId":"{m}3","userId":"{user}","event":"Order Completed",
               "timestamp":"2026-09-02T10:00:00Z","properties":{{"order_id":"ann-order-1",
               "total":20,"currency":"EUR","gift_note":"from {name}"}}}}"#
        ),
        format!(
            r#"{{"type":"group","messageId":"{m}4","userId":"{user}","groupId":"acme",
               "timestamp":"2026-09-02T10:00:00Z","traits":{{"name":"Acme","owner":"{email}"}}}}"#
        ),
        format!(
            r#"{{"type":"track","messageId":"{m}5","event":"Nobody","traits":{{"x":"{email}"}}}}"#
        ),
    ]
}

/// What others did: Bob mentions Ann, and Eve shares a browser with her.
fn others() -> Vec<String> {
    let [user, browser, email, ..] = ANN;
    vec![
        format!(
            r#"{{"type":"track","messageId":"b1","userId":"user-bob","event":"Friend Invited",
               "timestamp":"2026-09-03T10:00:00Z","properties":{{"friend":"{email}","referrer_id":
               "{user}","note":"call +49 30 1234 56789 or joann.unique@example.com"}}}}"#
        ),
        format!(
            r#"{{"type":"identify","messageId":"e1","userId":"user-eve","anonymousId":"{browser}",
               "timestamp":"2026-09-03T10:00:00Z","traits":{{"name":"Eve Other"}}}}"#
        ),
        format!(
            r#"{{"type":"identify","messageId":"b2","userId":"user-bob","traits":{{"best_friend":
               "{email}","city":"Rome"}},"timestamp":"2026-09-03T11:00:00Z"}}"#
        ),
        r#"{"type":"track","messageId":"e2","userId":"user-eve","event":"Looked",
           "timestamp":"2026-09-04T10:00:00Z"}"#
            .to_owned(),
    ]
}

async fn who(engine: &Engine, kind: IdentifierKind, value: &str) -> Option<CustomerId> {
    engine.lookup(&Identifier::new(kind, value).unwrap()).await.ok()
}

async fn user(engine: &Engine, value: &str) -> Option<CustomerId> {
    who(engine, IdentifierKind::UserId, value).await
}

async fn events(engine: &Engine, id: CustomerId) -> Vec<String> {
    let page = PageQuery { limit: 100, cursor: None };
    let found = engine.timeline(id, &TimelineFilter::default(), &page).await.unwrap();
    found
        .items
        .iter()
        .map(|event| format!("{} {}", event.message_id, event.properties.as_str()))
        .collect()
}

async fn wait_until_done(engine: &Engine, id: Position) -> Erasure {
    let begun = Instant::now();
    loop {
        let erasure = engine.erasure(id).await.unwrap();
        if erasure.state == ErasureState::Done {
            return erasure;
        }
        assert!(begun.elapsed() < PATIENCE, "{erasure:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Every file below `root`, each as its raw bytes and as whatever can be inflated in it.
fn everything(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut bytes = std::fs::read(&path).unwrap();
            let inflated = inflated(&bytes);
            bytes.extend(inflated);
            bytes.make_ascii_lowercase();
            found.push((path.display().to_string(), bytes));
        }
    }
    found
}

/// The content of every zstd frame that begins anywhere in `bytes`, as far as it is whole: Parquet
/// pages, entries of the log, fresh batches.
fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let starts = bytes.windows(4).enumerate().filter(|(_, w)| *w == [0x28, 0xb5, 0x2f, 0xfd]);
    for (start, _) in starts {
        let decoder = zstd::stream::read::Decoder::new(&bytes[start..]);
        let Ok(decoder) = decoder else { continue };
        let mut decoder = decoder.single_frame();
        let mut piece = [0u8; 4096];
        while let Ok(n @ 1..) = std::io::Read::read(&mut decoder, &mut piece) {
            out.extend_from_slice(&piece[..n]);
        }
    }
    out
}

/// In which files `text` stands, whatever its case.
fn files_with(root: &Path, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    // Joann is somebody else.
    let is_it = |bytes: &[u8], at: usize| {
        bytes[at..].starts_with(text.as_bytes()) && !bytes[..at].ends_with(b"jo")
    };
    let holds = |bytes: &[u8]| (0..bytes.len()).any(|at| is_it(bytes, at));
    let files = everything(root).into_iter().filter(|(_, bytes)| holds(bytes));
    files.map(|(path, _)| path).collect()
}

async fn fill(engine: &Engine) {
    take(engine, &ann("a")).await;
    take(engine, &others()).await;
    for n in 0..4 {
        let look = |i: u32| {
            format!(
                r#"{{"type":"track","messageId":"n{n}-{i}","userId":"user-bob","event":"Looked",
                   "timestamp":"2026-09-05T10:00:00Z","properties":{{"n":{i}}}}}"#
            )
        };
        take(engine, &(0..10).map(look).collect::<Vec<_>>()).await;
    }
    take(engine, &[ann("later")[2].replace("ann-order-1", "ann-order-2")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_them_is_left_in_any_file() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    let (id, bob) =
        (user(&engine, ANN[0]).await.unwrap(), user(&engine, "user-bob").await.unwrap());
    let wish = Wish::Merge(vec![id, user(&engine, "user-eve").await.unwrap()]);
    let merged = engine.decide(&staff(), &wish, "Annabella Unikat called").await.unwrap();
    engine.undo_decision(&staff(), merged.id).await.unwrap();
    let new = NewRequest {
        kind: RequestKind::Erasure,
        customer: Some(id),
        contact: Some(ANN[2].to_owned()),
        note: "Annabella Unikat wrote".to_owned(),
        received_at: None,
    };
    let request = engine.create_privacy_request(&staff(), new).await.unwrap();
    for text in ANN {
        assert!(!files_with(folder.path(), text).is_empty(), "{text} is there to begin with");
    }
    let preview = engine.preview_erasure(id).await.unwrap();
    assert_eq!((preview.n_events, preview.n_requests_open), (5, 1));
    let shared: Vec<bool> = preview.identifiers.iter().map(|(_, is_shared)| *is_shared).collect();
    assert_eq!(shared.iter().filter(|is_shared| **is_shared).count(), 1, "Eve used her browser");

    let erasure = engine.erase(&staff(), id, EraseReason::Request, Some(request.id)).await.unwrap();
    assert!(user(&engine, ANN[0]).await.is_none(), "nobody sees her from now on");
    assert_eq!(engine.customer(id).await.unwrap_err().kind(), ErrorKind::NotFound);
    let erasure = wait_until_done(&engine, erasure.row.id).await;
    let certificate = erasure.row.certificate.unwrap();
    assert!(certificate.contains(r#""n_found":0"#), "{certificate}");
    for text in ANN {
        // Eve has used the browser, too, and what she said of it is hers.
        if text != ANN[1] {
            assert_eq!(files_with(folder.path(), text), [] as [String; 0], "{text}");
        }
        assert!(!certificate.to_lowercase().contains(&text.to_lowercase()));
    }
    for text in ["ann-order-1", "ann-order-2", "from Annabella"] {
        assert_eq!(files_with(folder.path(), text), [] as [String; 0], "{text}");
    }
    let told = events(&engine, bob).await.join("\n");
    assert!(told.contains(r#""friend":"(erased)""#), "{told}");
    assert!(told.contains("call (erased) or joann.unique@example.com"), "{told}");
    assert_eq!(told.lines().count(), 42);
    let view = engine.customer(bob).await.unwrap();
    let traits: Vec<&str> = view.traits.iter().map(|said| said.name.as_str()).collect();
    assert_eq!(traits, ["city"], "what he said of her went with its trait");
    let eve = user(&engine, "user-eve").await.unwrap();
    assert_eq!(events(&engine, eve).await.len(), 2);
    let findings = engine.examine().await.unwrap();
    assert!(findings.iter().all(|finding| finding.is_sound), "{findings:?}");
    let request = engine.privacy_request(request.id).await.unwrap();
    assert_eq!((request.row.contact, request.row.erasure), (None, Some(erasure.row.id)));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_events_and_old_files_do_not_bring_them_back() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    import(&engine, "crm", &ann("c")).await;
    let id = user(&engine, ANN[0]).await.unwrap();
    let erasure = engine.erase(&staff(), id, EraseReason::Request, None).await.unwrap();
    wait_until_done(&engine, erasure.row.id).await;

    // The last of these is nobody's: it stays in the log until that is trimmed.
    take(&engine, &ann("again")[..4]).await;
    import(&engine, "crm-again", &ann("file")[..4]).await;
    assert!(user(&engine, ANN[0]).await.is_none());
    assert!(who(&engine, IdentifierKind::Email, ANN[2]).await.is_none());
    let begun = Instant::now();
    while !files_with(&folder.path().join("log"), ANN[2]).is_empty() {
        assert!(begun.elapsed() < PATIENCE, "the log lets go of what was kept out");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    // A restart knows it as well.
    engine.shutdown().await;
    drop(engine);
    let clock = Arc::new(FixedClock::at(NOW));
    let engine = open_with(EngineOptions { clock: clock.clone(), ..options(folder.path()) }).await;
    take(&engine, &ann("once-more")[..4]).await;
    assert!(user(&engine, ANN[0]).await.is_none());
    let email = Identifier::new(IdentifierKind::Email, ANN[2]).unwrap();
    assert_eq!(engine.tombstone(&email).unwrap().erasure, erasure.row.id);

    // What happens from now on is somebody new; a file only after an admin says so.
    clock.set(NOW.plus(Span::hours(48)));
    let now = "2026-09-23T00:00:00Z";
    let new = ann("new").into_iter().map(|event| event.replace("2026-09-01T10:01:00Z", now));
    let new: Vec<String> = new.collect();
    take(&engine, &new[1..2]).await;
    let somebody = user(&engine, ANN[0]).await.unwrap();
    assert!(somebody > id, "a number is never given again");
    assert_eq!(events(&engine, somebody).await.len(), 1);
    import(&engine, "crm-third", &ann("third")[2..3]).await;
    assert_eq!(events(&engine, somebody).await.len(), 1);
    engine.lift_tombstones(&staff(), erasure.row.id).await.unwrap();
    import(&engine, "crm-fourth", &ann("fourth")[2..3]).await;
    assert_eq!(events(&engine, somebody).await.len(), 2);
    engine.shutdown().await;
}

/// The process ends before each step in turn, and goes on with the next start.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_before_any_step_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    let id = user(&engine, ANN[0]).await.unwrap();
    engine.shutdown().await;
    drop(engine);
    let mut erasure = None;
    for step in Step::ALL {
        let held = EngineOptions { erasure_holds_at: Some(step), ..options(folder.path()) };
        let engine = open_with(held).await;
        let order = match erasure {
            Some(id) => id,
            None => engine.erase(&staff(), id, EraseReason::Request, None).await.unwrap().row.id,
        };
        erasure = Some(order);
        let begun = Instant::now();
        while engine.erasure(order).await.unwrap().row.step < step.number() {
            assert!(begun.elapsed() < PATIENCE, "before {step:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(user(&engine, ANN[0]).await.is_none());
        assert!(folder.path().join("erasing").read_dir().unwrap().next().is_some());
        engine.shutdown().await;
    }
    let engine = open(folder.path()).await;
    let done = wait_until_done(&engine, erasure.unwrap()).await;
    assert!(done.row.certificate.unwrap().contains(r#""n_found":0"#));
    for text in [ANN[0], ANN[2], ANN[3], ANN[4]] {
        assert_eq!(files_with(folder.path(), text), [] as [String; 0], "{text}");
    }
    assert!(folder.path().join("erasing").read_dir().unwrap().next().is_none());
    engine.shutdown().await;
}

/// An address that six people gave points to nobody. Once one of them is forgotten it is what it
/// would be had they never been there: the address of the first of the five.
#[tokio::test(flavor = "multi_thread")]
async fn whom_an_erasure_leaves_is_judged_anew() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    for n in 1..=6 {
        let said = format!(
            r#"{{"type":"identify","messageId":"m{n}","userId":"u{n}","traits":{{"email":
               "office@x.example"}},"timestamp":"2026-09-01T10:0{n}:00Z"}}"#
        );
        take(&engine, &[said]).await;
    }
    let address = async || who(&engine, IdentifierKind::Email, "office@x.example").await;
    let first = user(&engine, "u1").await;
    assert_ne!(address().await, first, "too many share it");
    let last = user(&engine, "u6").await.unwrap();
    let order = engine.erase(&staff(), last, EraseReason::Request, None).await.unwrap().row.id;
    assert_eq!(address().await, first, "as soon as it is answered");
    wait_until_done(&engine, order).await;
    engine.shutdown().await;
    drop(engine);

    let engine = open(folder.path()).await;
    assert_eq!(who(&engine, IdentifierKind::Email, "office@x.example").await, first);
    engine.shutdown().await;
}

/// Two are erased at once, and one who is not there any more.
#[tokio::test(flavor = "multi_thread")]
async fn erasures_wait_for_each_other() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    let ids = [user(&engine, ANN[0]).await.unwrap(), user(&engine, "user-bob").await.unwrap()];
    let mut orders = Vec::new();
    for id in ids {
        orders.push(engine.erase(&staff(), id, EraseReason::Other, None).await.unwrap().row.id);
    }
    let again = engine.erase(&staff(), ids[0], EraseReason::Other, None).await;
    assert_eq!(again.unwrap_err().kind(), ErrorKind::NotFound);
    for order in orders {
        wait_until_done(&engine, order).await;
    }
    for text in ["user-bob", ANN[0], "Friend Invited"] {
        let left = files_with(folder.path(), text);
        let is_count = |path: &String| text == "Friend Invited" && path.contains("state.db");
        assert!(left.iter().all(is_count), "{text}: {left:?}");
    }
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_goes_from_files_and_log() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    let bob = user(&engine, "user-bob").await.unwrap();
    let rule = |name: &str, days| RetentionRule { kind: None, name: Some(name.to_owned()), days };
    let rules = vec![rule("Looked", 3), rule("Friend Invited", 30)];
    let preview = engine.preview_retention(rules.clone()).await.unwrap();
    assert_eq!((preview.by_rule[0].1, preview.by_rule[1].1), (42, 0), "{preview:?}");
    engine.change_retention(&staff(), 0, rules.clone()).await.unwrap();
    let again = engine.change_retention(&staff(), 0, rules).await;
    assert_eq!(again.unwrap_err().kind(), ErrorKind::Conflict);
    engine.shutdown().await;
    drop(engine);

    let engine = open(folder.path()).await;
    let begun = Instant::now();
    while engine.retention().last_run.is_none() {
        assert!(begun.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let run = engine.retention().last_run.unwrap();
    assert_eq!(run.n_events, 42);
    assert!(run.n_log_entries >= 5);
    assert_eq!(events(&engine, bob).await.len(), 2);
    assert_eq!(engine.customer(bob).await.unwrap().n_events, 42, "profiles still count");
    let left = files_with(&folder.path().join("log"), r#""event":"looked""#);
    assert_eq!(left, [] as [String; 0]);
    let findings = engine.examine().await.unwrap();
    assert!(findings.iter().all(|finding| finding.is_sound), "{findings:?}");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn data_that_rest_are_kept_and_not_used() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    fill(&engine).await;
    let id = user(&engine, ANN[0]).await.unwrap();
    engine.suspend(&staff(), id, "disputed", None).await.unwrap();
    let twice = engine.suspend(&staff(), id, "", None).await;
    assert_eq!(twice.unwrap_err().kind(), ErrorKind::Conflict);
    let view = engine.customer(id).await.unwrap();
    assert_eq!(view.suspension.unwrap().reason, "disputed");
    assert!(view.email_marketing.words.starts_with("No: the use of their data is suspended"));
    take(&engine, &[ann("rest")[2].replace("ann-order-1", "ann-order-3")]).await;
    assert_eq!(events(&engine, id).await.len(), 6, "still recorded");

    // A merge takes the suspension along.
    let bob = user(&engine, "user-bob").await.unwrap();
    let merged = engine.decide(&staff(), &Wish::Merge(vec![id, bob]), "").await.unwrap();
    assert!(engine.suspension(bob).await.unwrap().is_some());
    engine.undo_decision(&staff(), merged.id).await.unwrap();
    assert!(engine.suspension(bob).await.unwrap().is_none());
    engine.resume(&staff(), id).await.unwrap();
    assert!(engine.customer(id).await.unwrap().suspension.is_none());

    let (told, mut reader) = engine.export_customer(&staff(), id).await.unwrap();
    assert!(told.traits.iter().any(|history| history.name == "city"));
    let mut n_events = 0;
    while let Some(page) = reader.next(&engine).await.unwrap() {
        n_events += page.len();
    }
    assert_eq!(n_events, 6);
    let page = app::privacy::customer_page_head(&told, engine.sources());
    assert!(page.contains("Annabella Unikat") && page.contains("ann-order-3"));
    engine.shutdown().await;
}
