//! Are sources known in memory as they are in the tables?

use super::*;
use crate::access::Actor;

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

async fn state(dir: &tempfile::TempDir) -> State {
    let url = format!("sqlite:{}", dir.path().join("state.db").display());
    State::open(&url).await.unwrap()
}

#[tokio::test]
async fn a_source_lives_and_dies() {
    let dir = tempfile::tempdir().unwrap();
    let state = state(&dir).await;
    let sources = Sources::open(&state).await.unwrap();
    let changes = sources.changes();
    let about = (" Shop ", SourceKind::Browser);
    let made = sources.create(&Actor::cli(), about, true, NOW).await.unwrap();
    assert_eq!((made.name.as_str(), made.write_key.len()), ("Shop", 32));
    assert_eq!(sources.by_write_key(&made.write_key).unwrap().id, made.id);
    let change = SourceChange { enabled: Some(false), ..SourceChange::default() };
    let changed = sources.change(&Actor::cli(), made.id, change, NOW).await.unwrap();
    assert!(!changed.enabled && changed.store_ip && changed.name == "Shop");
    let rotated = sources.rotate_key(&Actor::cli(), made.id, NOW).await.unwrap();
    assert!(sources.by_write_key(&made.write_key).is_none(), "the old key is dead at once");
    assert!(sources.by_write_key(&rotated.write_key).is_some());
    let plan = TrackingPlan::default();
    let pinned = sources.pin_plan(&Actor::cli(), made.id, (Some(plan), PlanMode::Block), NOW).await;
    assert_eq!(pinned.unwrap().pinned_by.as_deref(), Some("command line"));
    let again = Sources::open(&state).await.unwrap();
    assert_eq!(again.all(), sources.all(), "the tables hold what the memory holds");
    sources.delete(&Actor::cli(), made.id, NOW).await.unwrap();
    assert!(sources.by_write_key(&rotated.write_key).is_none());
    assert!(sources.all().is_empty());
    assert_eq!(sources.get(made.id).unwrap().name, "Shop", "events keep its name");
    let gone = sources.rotate_key(&Actor::cli(), made.id, NOW).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    assert_eq!(*changes.borrow(), 5);
}

#[tokio::test]
async fn first_sources_are_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let sources = Sources::open(&state(&dir).await).await.unwrap();
    assert_eq!(sources.ensure_first(None, true, NOW).await.unwrap(), None);
    for _ in 0..2 {
        let first = sources.ensure_first(Some("my_write-key.1"), true, NOW).await.unwrap();
        assert_eq!(first.unwrap().id, SourceId(1));
        assert_eq!(sources.ensure_import_source(NOW).await.unwrap().id, SourceId(2));
        assert_eq!(sources.ensure_rapport_source(NOW).await.unwrap().id, SourceId(3));
    }
    for bad in ["short", "with blanks inside", "ümlaut-key"] {
        let error = sources.ensure_first(Some(bad), true, NOW).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{bad}");
    }
}

#[tokio::test]
async fn people_make_only_sources_of_their_kinds() {
    let dir = tempfile::tempdir().unwrap();
    let sources = Sources::open(&state(&dir).await).await.unwrap();
    for about in [("x", SourceKind::Import), ("", SourceKind::Server), ("a\nb", SourceKind::Server)]
    {
        let error = sources.create(&Actor::cli(), about, true, NOW).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{about:?}");
    }
}
