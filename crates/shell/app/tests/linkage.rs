//! Are customers who share no identifier found, linked, asked about and parted again?

use rapport_app as app;

use app::access::{Actor, ActorKind};
use app::linkage::{
    ImportMatch, IndexState, LinkageRun, LinkageSettings, Pair, PairOrder, PairState, PairsQuery,
    RunState, Verdict,
};
use app::page::PageQuery;
use app::privacy::{EraseReason, ErasureState};
use app::traits::Sight;
use app::{Engine, EngineOptions, Origin};
use base::{CustomerId, ErrorKind, PairId, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json, LinkRule};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const PATIENCE: Duration = Duration::from_secs(60);
/// Customers with a user id.
const N_MEMBERS: usize = 240;
/// Every so many of them was at the till as well, mistyped.
const TILL_EVERY: usize = 4;

const GIVEN: [&str; 12] = [
    "Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Tony", "Frances", "Niklaus", "Radia",
    "Leslie", "Shafi",
];
const FAMILY: [&str; 10] = [
    "Abernathy",
    "Brockhurst",
    "Castellano",
    "Drummond",
    "Eriksson",
    "Fitzgerald",
    "Grunewald",
    "Hollister",
    "Ibarguen",
    "Jankowski",
];

/// Opens the folder; tasks of an engine that was shut down may hold its lock for a moment longer.
async fn open(folder: &Path) -> Arc<Engine> {
    let opened = async {
        loop {
            match Engine::open(EngineOptions::for_tests(folder, NOW)).await {
                Ok(engine) => return engine,
                Err(error) if error.kind() == ErrorKind::Conflict => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(error) => panic!("{error:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, opened).await.expect("the folder is free again")
}

async fn take(engine: &Engine, events: &[String]) {
    for some in events.chunks(200) {
        let item = |json: &String| RawItem { kind: None, json: json.as_str().into() };
        let parcel = Parcel {
            dialect: Dialect::Segment,
            write_key: None,
            sent_at: None,
            shared: Json::empty(),
            items: some.iter().map(item).collect(),
            is_single: false,
        };
        let source = engine.sources().by_write_key("test-write-key").unwrap();
        let origin = Origin { source, received_at: NOW, ip: None, user_agent: None };
        engine.accept(parcel, origin).await.unwrap();
    }
    engine.caught_up(PATIENCE).await.unwrap();
}

/// Somebody's name, birthday, phone and town.
#[derive(Clone)]
struct Person {
    first: String,
    last: String,
    birthday: String,
    phone: String,
    city: String,
}

fn person(at: usize) -> Person {
    Person {
        first: GIVEN[at * 7 % 12].to_owned(),
        last: FAMILY[at * 3 % 10].to_owned(),
        birthday: format!(
            "19{:02}-{:02}-{:02}",
            40 + at * 11 % 53,
            1 + at * 5 % 12,
            1 + at * 13 % 28
        ),
        phone: format!("+49 170 {:07}", 1_000_003 + at * 7919 % 900_000),
        city: ["Oslo", "Bergen", "Kiel", "York"][at % 4].to_owned(),
    }
}

/// The same person as a till has them: no letter of the phone, a slip in the name.
fn mistyped(at: usize) -> Person {
    let mut person = person(at);
    person.last.insert(3, 'x');
    person
}

fn identify(id: &str, who: &str, person: &Person) -> String {
    let Person { first, last, birthday, phone, city } = person;
    format!(
        r#"{{"type":"identify","messageId":"{id}",{who},"timestamp":"2026-09-20T10:00:00Z",
           "traits":{{"firstName":"{first}","lastName":"{last}","birthday":"{birthday}",
           "address":{{"city":"{city}"}},"mobile":"{phone}"}}}}"#
    )
}

/// Members with user ids, and visits of every fourth of them to a till.
fn people() -> Vec<String> {
    let mut events = Vec::new();
    for at in 0..N_MEMBERS {
        events.push(identify(&format!("m{at}"), &format!(r#""userId":"u{at}""#), &person(at)));
        if at % TILL_EVERY == 0 {
            let who = format!(r#""anonymousId":"till-{at}""#);
            events.push(identify(&format!("t{at}"), &who, &mistyped(at)));
        }
    }
    events
}

/// The phone is a field of its own name here.
fn settings() -> LinkageSettings {
    let mut settings = LinkageSettings::default();
    for field in &mut settings.fields {
        if field.name == "phone" {
            field.traits = vec!["mobile".to_owned()];
        }
    }
    settings
}

async fn filled(folder: &Path) -> Arc<Engine> {
    let engine = open(folder).await;
    engine.change_linkage(&ann(), settings()).await.unwrap();
    take(&engine, &people()).await;
    engine
}

fn ann() -> Actor {
    Actor { kind: ActorKind::User, name: "ann@example.com".to_owned() }
}

async fn find(engine: &Engine, kind: IdentifierKind, value: &str) -> CustomerId {
    engine.lookup(&Identifier::new(kind, value).unwrap()).await.unwrap()
}

async fn user(engine: &Engine, at: usize) -> CustomerId {
    find(engine, IdentifierKind::UserId, &format!("u{at}")).await
}

async fn till(engine: &Engine, at: usize) -> CustomerId {
    find(engine, IdentifierKind::AnonymousId, &format!("till-{at}")).await
}

/// Runs, and waits for the end.
async fn run(engine: &Engine) -> LinkageRun {
    let begun = engine.start_linkage(&ann()).await.unwrap();
    let ended = async {
        loop {
            let run = engine.linkage_run(begun.id).await.unwrap();
            if run.state != RunState::Running {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("a run ends")
}

async fn pairs(engine: &Engine, state: PairState) -> Vec<Pair> {
    let page = PageQuery { limit: 500, cursor: None };
    let query = PairsQuery {
        state: Some(state),
        run: None,
        customer: None,
        order: PairOrder::Likely,
        page,
    };
    engine.linkage_pairs(&query, &Sight::everything()).await.unwrap().items
}

/// How many of the till's visits are put down to whom they are of, and how many to others.
async fn right_and_wrong(engine: &Engine) -> (usize, usize) {
    let (mut right, mut wrong) = (0, 0);
    for at in (0..N_MEMBERS).step_by(TILL_EVERY) {
        let (visitor, member) = (till(engine, at).await, user(engine, at).await);
        if visitor == member {
            right += 1;
        } else if engine.customer(visitor).await.unwrap().identifiers.len() > 1 {
            wrong += 1;
        }
    }
    (right, wrong)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_links_what_is_sure_and_can_be_taken_back_whole() {
    let folder = TempDir::new().unwrap();
    let engine = filled(folder.path()).await;
    let before = engine.customer(user(&engine, 0).await).await.unwrap();
    let first = run(&engine).await;
    assert_eq!((first.state, &first.message), (RunState::Done, &None));
    let n_visits = N_MEMBERS.div_ceil(TILL_EVERY);
    let (right, wrong) = right_and_wrong(&engine).await;
    assert!(right * 10 >= n_visits * 9 && wrong == 0, "{right} right, {wrong} wrong: {first:?}");
    assert_eq!(first.counts.n_links as usize, right);
    let view = engine.customer(user(&engine, 0).await).await.unwrap();
    let link = view.links.iter().find(|link| link.rule == LinkRule::Linkage).expect("the link");
    assert!(
        link.inert.is_none() && link.message_id.contains("birthday same"),
        "{}",
        link.message_id
    );
    assert!(!link.message_id.contains("Abernathy"), "evidence carries nobody's data");
    let linked = pairs(&engine, PairState::Linked).await;
    assert_eq!(linked.len(), right);
    let evidence = &linked[0].evidence;
    let sum = evidence.prior
        + evidence.fields.iter().map(|field| field.weight).sum::<f64>()
        + evidence.of_household;
    assert!((sum - evidence.total).abs() < 1e-3, "{evidence:?}");
    for at in 1..N_MEMBERS {
        assert_ne!(user(&engine, at).await, user(&engine, at - 1).await, "two user ids");
    }

    let again = run(&engine).await;
    assert_eq!(again.counts.n_links, 0, "nothing is linked twice");
    let undone = engine.undo_linkage(&ann(), first.id).await.unwrap();
    assert_eq!(undone.counts.n_withdrawn as usize, right);
    assert_eq!(right_and_wrong(&engine).await, (0, 0));
    let mut after = engine.customer(user(&engine, 0).await).await.unwrap();
    after.links.clone_from(&before.links);
    for identifier in &mut after.identifiers {
        identifier.customer_since = None;
    }
    assert_eq!(format!("{after:?}"), format!("{before:?}"), "as if it had never been");
    let twice = engine.undo_linkage(&ann(), first.id).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Conflict);

    let third = run(&engine).await;
    assert_eq!(third.counts.n_links, 0, "what was taken back is asked, not done: {third:?}");
    assert!(third.counts.n_held_apart as usize >= right);
    let open = pairs(&engine, PairState::Open).await;
    assert!(open.iter().filter(|p| p.held_apart.as_deref() == Some("taken_back")).count() >= right);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_merge_and_part_and_are_never_asked_twice() {
    let folder = TempDir::new().unwrap();
    let engine = filled(folder.path()).await;
    let mut twin = person(1);
    twin.last.insert(2, 'q');
    // Somebody who has signed up twice: identity would not join two user ids by itself.
    take(&engine, &[identify("twin", r#""userId":"u1-again""#, &twin)]).await;
    run(&engine).await;
    let open = pairs(&engine, PairState::Open).await;
    let twin = find(&engine, IdentifierKind::UserId, "u1-again").await;
    let pair = open
        .iter()
        .find(|p| [&p.a, &p.b].into_iter().flatten().any(|side| side.id == twin))
        .unwrap_or_else(|| panic!("nobody asks about the twin: {open:?}"));
    assert_eq!(pair.held_apart.as_deref(), Some("two_user_ids"));
    let say = async |id: PairId, verdict| {
        let results = engine.judge_pairs(&ann(), &[(id, verdict)], &Sight::everything()).await;
        results.unwrap().remove(0)
    };
    let same = say(pair.id, Verdict::Same).await;
    let merged = same.pair.expect("the pair");
    assert_eq!((merged.state, &same.problem), (PairState::Same, &None));
    assert!(merged.decision.is_some());
    assert_eq!(find(&engine, IdentifierKind::UserId, "u1-again").await, user(&engine, 1).await);
    let otherwise = say(pair.id, Verdict::Different).await;
    assert!(otherwise.problem.is_some(), "it is no open question any more");
    let again = [(pair.id, Verdict::Same), (pair.id, Verdict::Same)];
    for twice in engine.judge_pairs(&ann(), &again, &Sight::everything()).await.unwrap() {
        let pair = twice.pair.expect("the pair");
        assert_eq!((pair.state, &twice.problem), (PairState::Same, &None));
        assert_eq!(pair.decision, merged.decision, "it was not decided anew");
    }

    for _ in 0..2 {
        let back = engine.unjudge_pairs(&ann(), &[pair.id], &Sight::everything()).await.unwrap();
        assert_eq!(back[0].pair.as_ref().unwrap().state, PairState::Open);
        assert_eq!(back[0].problem, None);
    }
    assert_eq!(find(&engine, IdentifierKind::UserId, "u1-again").await, twin);
    assert_eq!(say(pair.id, Verdict::Skip).await.pair.unwrap().state, PairState::Skipped);
    assert_eq!(say(pair.id, Verdict::Different).await.pair.unwrap().state, PairState::Different);
    run(&engine).await;
    let asked = pairs(&engine, PairState::Open).await;
    assert!(asked.iter().all(|p| p.id != pair.id), "it is never asked again");
    let status = engine.linkage_status().await.unwrap();
    assert_eq!(status.review.n_different, 1);
    assert_eq!(status.model.expect("a model").origin.n_verdicts, 1, "it was taught");
    let missing = say(PairId(999), Verdict::Same).await;
    assert!(missing.pair.is_none() && missing.problem.is_some());
    let none = engine.judge_pairs(&ann(), &[], &Sight::everything()).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Invalid);
    engine.shutdown().await;
}

/// Waits until `is_so`.
async fn until(mut is_so: impl AsyncFnMut() -> bool, what: &str) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{what}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_records_are_matched_as_they_come_also_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let engine = filled(folder.path()).await;
    let visit = |at: usize| {
        let who = format!(r#""anonymousId":"till-{at}""#);
        identify(&format!("v{at}"), &who, &mistyped(at))
    };
    take(&engine, &[visit(1)]).await;
    assert_ne!(till(&engine, 1).await, user(&engine, 1).await, "nobody compares before a run");
    run(&engine).await;
    assert_eq!(till(&engine, 1).await, user(&engine, 1).await);
    take(&engine, &[visit(2)]).await;
    let engine_of = &engine;
    until(async || till(engine_of, 2).await == user(engine_of, 2).await, "not matched").await;
    let stranger = Person { first: "Zoltan".into(), last: "Quist".into(), ..person(3) };
    let stranger = Person { birthday: "1999-01-30".into(), phone: String::new(), ..stranger };
    take(&engine, &[identify("s", r#""anonymousId":"till-x""#, &stranger)]).await;
    engine.shutdown().await;
    drop(engine);

    let engine = open(folder.path()).await;
    let engine_of = &engine;
    let ready = async || engine_of.linkage_status().await.unwrap().index.state == IndexState::Ready;
    until(ready, "the customers are not read again").await;
    take(&engine, &[visit(3)]).await;
    until(async || till(engine_of, 3).await == user(engine_of, 3).await, "not matched").await;
    let stranger = find(&engine, IdentifierKind::AnonymousId, "till-x").await;
    assert_eq!(engine.customer(stranger).await.unwrap().identifiers.len(), 1);
    let manual = LinkageSettings { is_automatic: false, ..settings() };
    engine.change_linkage(&ann(), manual).await.unwrap();
    let off = async || engine_of.linkage_status().await.unwrap().index.state == IndexState::Off;
    until(off, "nobody wants it any more").await;
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_not_compared_when_it_stopped_is_found_at_the_start() {
    let folder = TempDir::new().unwrap();
    let engine = filled(folder.path()).await;
    let visit = |at: usize| {
        let who = format!(r#""anonymousId":"till-{at}""#);
        identify(&format!("v{at}"), &who, &mistyped(at))
    };
    run(&engine).await;
    take(&engine, &[visit(1)]).await;
    let engine_of = &engine;
    until(async || till(engine_of, 1).await == user(engine_of, 1).await, "not matched").await;
    // How far it has come is written down every second.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let manual = LinkageSettings { is_automatic: false, ..settings() };
    engine.change_linkage(&ann(), manual).await.unwrap();
    let off = async || engine_of.linkage_status().await.unwrap().index.state == IndexState::Off;
    until(off, "nobody wants it any more").await;
    take(&engine, &[visit(2), visit(3)]).await;
    engine.shutdown().await;
    drop(engine);

    let engine = open(folder.path()).await;
    let engine_of = &engine;
    assert_ne!(till(&engine, 2).await, user(&engine, 2).await, "nobody has compared them");
    engine.change_linkage(&ann(), settings()).await.unwrap();
    for at in [2, 3] {
        let is_found = async || till(engine_of, at).await == user(engine_of, at).await;
        until(is_found, "who was missed is not looked for").await;
    }
    let runs = engine.linkage_runs(&PageQuery { limit: 9, cursor: None }).await.unwrap();
    assert_eq!(runs.items.len(), 1, "without another run");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_compared_before_it_is_imported() {
    let folder = TempDir::new().unwrap();
    let engine = filled(folder.path()).await;
    let rows = || {
        let known = identify("f0", r#""userId":"u5""#, &person(5));
        let perhaps = identify("f1", r#""anonymousId":"crm-1""#, &mistyped(6));
        let new = Person { first: "Zoltan".into(), last: "Quist".into(), ..person(700) };
        let new = Person { birthday: "1999-01-30".into(), ..new };
        let again = identify("f3", r#""anonymousId":"crm-2""#, &new);
        let new = identify("f2", r#""anonymousId":"crm-2""#, &new);
        vec![(0, known), (1, perhaps), (2, new), (3, again), (4, "{}".to_owned())]
    };
    let sight = Sight::everything();
    let blind = engine.preview_import(rows(), &sight).await.unwrap();
    assert!(!blind.has_model, "only identifiers can be compared before the first run");
    assert_eq!((blind.n_rows, blind.n_known, blind.n_perhaps), (4, 1, 0));
    run(&engine).await;
    let preview = engine.preview_import(rows(), &sight).await.unwrap();
    assert!(preview.has_model);
    assert_eq!((preview.n_known, preview.n_perhaps, preview.n_new), (1, 1, 2), "{preview:?}");
    assert_eq!((preview.n_among_known, preview.n_among_perhaps), (1, 0));
    let found = &preview.rows[0];
    assert_eq!((found.row, found.found), (1, ImportMatch::Perhaps), "the doubtful ones first");
    assert_eq!(found.customer.as_ref().unwrap().id, user(&engine, 6).await);
    assert!(found.probability > Some(0.5) && found.evidence.is_some());
    let double = preview.rows.iter().find(|row| row.row == 3).expect("the double");
    assert_eq!((double.double_of, double.double_probability), (Some(2), Some(1.0)));
    let engine_of = &engine;
    let n_records = async || engine_of.linkage_status().await.unwrap().index.n_records as usize;
    until(async || n_records().await == N_MEMBERS, "nothing was written: everybody once").await;
    let many = vec![(0, "{}".to_owned()); 20_001];
    assert_eq!(engine.preview_import(many, &sight).await.unwrap_err().kind(), ErrorKind::Limited);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_broken_off_is_begun_again_without_doubles() {
    let folder = TempDir::new().unwrap();
    let mut engine = filled(folder.path()).await;
    let mut states = Vec::new();
    // Broken off at several places: before it begins, while it compares, while it writes.
    for pause_ms in [0, 40, 120, 300] {
        let begun = engine.start_linkage(&ann()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        engine.shutdown().await;
        drop(engine);
        engine = open(folder.path()).await;
        states.push(engine.linkage_run(begun.id).await.unwrap().state);
    }
    assert!(states.contains(&RunState::Interrupted), "{states:?}");
    run(&engine).await;
    let (right, wrong) = right_and_wrong(&engine).await;
    assert!(right * 10 >= N_MEMBERS.div_ceil(TILL_EVERY) * 9 && wrong == 0, "{right} {wrong}");
    for at in (0..N_MEMBERS).step_by(TILL_EVERY) {
        let view = engine.customer(user(&engine, at).await).await.unwrap();
        let links = view.links.iter().filter(|link| link.rule == LinkRule::Linkage).count();
        assert!(links <= 1, "u{at} is linked {links} times");
    }
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_says_why() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path()).await;
    let person =
        |at: usize| identify(&format!("m{at}"), &format!(r#""userId":"u{at}""#), &person(at));
    take(&engine, &(0..3).map(person).collect::<Vec<_>>()).await;
    let failed = run(&engine).await;
    assert_eq!(failed.state, RunState::Failed);
    let message = failed.message.expect("a reason");
    assert!(message.contains('3') && message.contains("50"), "{message}");
    let cancel = engine.cancel_linkage(&ann(), failed.id).await.unwrap_err();
    assert_eq!(cancel.kind(), ErrorKind::Conflict, "it is not at work");
    let few = LinkageSettings { records_max: 2, ..settings() };
    engine.change_linkage(&ann(), few).await.unwrap();
    let failed = run(&engine).await;
    assert!(failed.message.expect("a reason").contains("more than 2"));
    let bad = LinkageSettings { link_at: 0.2, ..settings() };
    assert_eq!(engine.change_linkage(&ann(), bad).await.unwrap_err().kind(), ErrorKind::Invalid);
    engine.shutdown().await;
}

/// What is learned is kept as shares and rules, not as values: the name of one who is erased, which
/// nobody else has, is nowhere afterwards, however rare it was.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_learned_names_nobody() {
    let folder = TempDir::new().unwrap();
    let engine = filled(folder.path()).await;
    let rare = Person { last: "Zwingenberger-Unikat".to_owned(), ..person(1) };
    let slip = Person { last: "Zwingenberger-Unikxt".to_owned(), ..person(1) };
    take(
        &engine,
        &[
            identify("r1", r#""userId":"rare-one""#, &rare),
            identify("r2", r#""anonymousId":"till-of-rare-one""#, &slip),
        ],
    )
    .await;
    run(&engine).await;
    for (kind, value) in
        [(IdentifierKind::UserId, "rare-one"), (IdentifierKind::AnonymousId, "till-of-rare-one")]
    {
        let Ok(id) = engine.lookup(&Identifier::new(kind, value).unwrap()).await else { continue };
        let order = engine.erase(&ann(), id, EraseReason::Request, None).await.unwrap().row.id;
        until(async || engine.erasure(order).await.unwrap().state == ErasureState::Done, "erased")
            .await;
    }
    engine.shutdown().await;
    let mut folders = vec![folder.path().to_owned()];
    while let Some(path) = folders.pop() {
        for entry in std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let mut bytes = std::fs::read(&entry).unwrap();
            bytes.make_ascii_lowercase();
            let is_in = bytes.windows(12).any(|part| part == b"zwingenberge");
            assert!(!is_in, "{}", entry.display());
        }
    }
}
