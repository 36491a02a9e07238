//! Who is there when it crashes, and what is shown of them?

use super::image::Image;
use crate::access::{Actor, ActorKind};
use crate::customers::TimelineFilter;
use crate::edits::Wish;
use crate::engine::{Engine, Origin};
use crate::keeper;
use crate::options::EngineOptions;
use crate::page::PageQuery;
use crate::privacy::Step;
use base::{CustomerId, Duration as Span, IdentifierId, Position, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use history::Job;
use lexicon::{Identifier, IdentifierKind, Json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the chores take that follow a start or a step.
const REST: Duration = Duration::from_millis(700);
/// How long nothing may change in a folder while it is copied. An erasure that waits is looked at
/// twice a second.
const QUIET: Duration = Duration::from_millis(60);
/// How many people there are.
pub const N_PEOPLE: u64 = 6;

/// An engine and its folder.
pub struct Scene {
    pub engine: Arc<Engine>,
    folder: TempDir,
}

impl Scene {
    /// The engine of a folder. It does no chores but those that it is asked for; erasures wait
    /// before their first step.
    pub async fn open(folder: TempDir) -> Self {
        let options = EngineOptions {
            erasure_holds_at: Some(Step::Tables),
            ..EngineOptions::for_tests(folder.path(), NOW)
        };
        let engine = Engine::open(options).await.unwrap();
        engine.caught_up(PATIENCE).await.unwrap();
        Self { engine, folder }
    }

    pub async fn end(self) {
        self.engine.shutdown().await;
    }

    /// What lies in the folder once the chores of a start are done, while nothing is being written.
    pub async fn image(&self) -> Image {
        tokio::time::sleep(REST).await;
        let mut image = Image::of(self.folder.path());
        loop {
            tokio::time::sleep(QUIET).await;
            let now = Image::of(self.folder.path());
            if now == image {
                return image;
            }
            image = now;
        }
    }

    /// Everybody looks around, signs in and gives an address, with ids that begin with `round`.
    pub async fn visit(&self, round: &str) {
        let event = |n: u64| {
            format!(
                r#"{{"type":"identify","messageId":"{round}{n}","anonymousId":"browser-{n}",
                   "userId":"user-{n}","timestamp":"2026-09-1{n}T10:00:00Z","traits":{{
                   "email":"person-{n}@example.com","city":"{round}"}}}}"#
            )
        };
        let looks = |n: u64| {
            format!(
                r#"{{"type":"page","messageId":"{round}p{n}","anonymousId":"browser-{n}",
                   "timestamp":"2026-09-1{n}T09:00:00Z","name":"Home"}}"#
            )
        };
        // The second person also used the first one's browser.
        let lent = format!(
            r#"{{"type":"identify","messageId":"{round}l","anonymousId":"browser-0",
               "userId":"user-1","timestamp":"2026-09-19T09:00:00Z","traits":{{"name":"Bo"}}}}"#
        );
        let events: Vec<String> =
            (0..N_PEOPLE).flat_map(|n| [looks(n), event(n)]).chain([lent]).collect();
        let item = |json: &String| RawItem { kind: None, json: json.as_str().into() };
        let parcel = Parcel {
            dialect: Dialect::Segment,
            write_key: None,
            sent_at: None,
            shared: Json::empty(),
            items: events.iter().map(item).collect(),
            is_single: false,
        };
        let source = self.engine.sources().by_write_key("test-write-key").unwrap();
        let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
        self.engine.accept(parcel, origin).await.unwrap();
        self.engine.caught_up(PATIENCE).await.unwrap();
    }

    pub async fn person(&self, n: u64) -> CustomerId {
        let user = Identifier::new(IdentifierKind::UserId, &format!("user-{n}")).unwrap();
        self.engine.lookup(&user).await.unwrap()
    }

    /// Merges two people by hand.
    pub async fn merge(&self, a: u64, b: u64) -> Position {
        let wish = Wish::Merge(vec![self.person(a).await, self.person(b).await]);
        self.engine.decide(&somebody(), &wish, "the same person").await.unwrap().id
    }

    /// Writes fresh events to files.
    pub async fn flush(&self) {
        let shared = &self.engine.shared;
        keeper::flush(shared, keeper::rewrite(shared).await.unwrap()).await.unwrap();
    }

    /// Writes all files of each bucket anew, as one.
    pub async fn compact(&self) {
        let shared = &self.engine.shared;
        let mut buckets = BTreeMap::new();
        for run in shared.history.runs() {
            buckets.entry(run.bucket).or_insert_with(Vec::new).push(run);
        }
        for runs in buckets.into_values() {
            let job = Job::rewriting(runs).unwrap();
            keeper::compact(shared, job, keeper::rewrite(shared).await.unwrap()).await.unwrap();
        }
    }

    /// Everything must fit together, and no file is left over once what a crash left behind is
    /// swept up.
    pub async fn check(&self) {
        let findings = self.engine.examine().await.unwrap();
        assert!(findings.iter().all(|finding| finding.is_sound), "{findings:?}");
        let history = &self.engine.shared.history;
        let orphans = history.list_orphans(Timestamp(i64::MAX), Span(0)).await.unwrap();
        let orphans = orphans.into_iter().map(|orphan| orphan.path).collect();
        history.store().remove(orphans).await.unwrap();
        let named: BTreeSet<String> = history.runs().into_iter().map(|run| run.path).collect();
        let (none, store) = (HashSet::new(), history.store());
        let there = store.list_orphans(&none, Timestamp(i64::MAX), Span(0)).await.unwrap();
        let there: BTreeSet<String> = there.into_iter().map(|file| file.path).collect();
        assert_eq!(there, named);
    }
}

pub fn somebody() -> Actor {
    Actor { kind: ActorKind::User, name: "Ann".to_owned() }
}

/// Everything that is shown: who is who and why, profiles as they are kept, lists, timelines,
/// decisions and erasures.
pub async fn everything(engine: &Engine) -> String {
    let state = &engine.shared.state;
    let rows = state.identifiers_after(IdentifierId::default(), 1_000).await.unwrap();
    let ids: Vec<IdentifierId> = rows.iter().map(|(id, ..)| *id).collect();
    let customers: BTreeSet<CustomerId> = rows.iter().map(|(.., customer)| *customer).collect();
    let customers: Vec<CustomerId> = customers.into_iter().collect();
    let mut told = vec![format!("{rows:?}")];
    told.push(format!("{:#?}", state.links_touching(&ids).await.unwrap()));
    told.push(format!("{:#?}", state.identity_changes(&ids).await.unwrap()));
    told.push(format!("{:?}", state.profiles(&customers).await.unwrap()));
    told.push(format!("{:#?}", state.customer_rows(&customers).await.unwrap()));
    let page = PageQuery { limit: 100, cursor: None };
    for id in customers {
        let events = engine.timeline(id, &TimelineFilter::default(), &page).await.unwrap();
        told.push(format!("{id} {:#?}", events.items));
    }
    told.push(format!("{:#?}", engine.decisions(&page).await.unwrap().items));
    told.push(format!("{:#?}", engine.erasures(&page).await.unwrap().items));
    told.join("\n")
}
