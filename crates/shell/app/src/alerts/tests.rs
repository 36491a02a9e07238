//! Are alerts told once, also over restarts, and do they reach somebody's server?

use super::*;
use crate::access::ActorKind;
use crate::clock::FixedClock;
use crate::metrics::usual;
use crate::{EngineOptions, Origin};
use base::Duration;
use collect::{Dialect, Parcel, RawItem};
use lexicon::Json;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Monday, 5 January 2026, 00:00 UTC.
const MONDAY: Timestamp = Timestamp(1_767_571_200_000_000);

fn day(n: i64) -> Timestamp {
    MONDAY.plus(Duration::days(n))
}

fn ann() -> Actor {
    Actor { kind: ActorKind::User, name: "ann@example.com".to_owned() }
}

/// A clock that stands still, and an engine that goes by it. Nothing looks by itself until told:
/// the clock stands before the first span ends.
async fn open(folder: &Path, clock: &Arc<FixedClock>) -> Arc<Engine> {
    let options = EngineOptions::for_tests(folder, MONDAY);
    let clock = Arc::clone(clock) as Arc<dyn crate::clock::Clock>;
    Engine::open(EngineOptions { clock, ..options }).await.unwrap()
}

/// So many orders on each of these days.
async fn order(engine: &Engine, days: impl Iterator<Item = (i64, u32)>) {
    let order = |(n, k): (i64, u32)| {
        let at = day(n).plus(Duration::hours(9)).plus(Duration::seconds(i64::from(k)));
        format!(
            r#"{{"type":"track","userId":"u{k}","messageId":"o-{n}-{k}","event":"Order Completed",
               "timestamp":"{at}","properties":{{"revenue":10}}}}"#
        )
    };
    let items = days.flat_map(|(n, n_orders)| (0..n_orders).map(move |k| (n, k)));
    let items = items.map(|one| RawItem { kind: None, json: order(one).as_str().into() });
    let parcel = Parcel {
        dialect: Dialect::Segment,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items: items.collect(),
        is_single: false,
    };
    let source = engine.sources().by_write_key("test-write-key").unwrap();
    let origin = Origin { source, received_at: engine.now(), ip: None, user_agent: None };
    engine.accept(parcel, origin).await.unwrap();
    engine.caught_up(std::time::Duration::from_secs(30)).await.unwrap();
}

async fn watch_orders(engine: &Engine, when: When, webhook_url: Option<String>) -> Alert {
    let metric = usual(None).into_iter().find(|metric| &*metric.id == "orders").unwrap();
    engine.metrics().create(&ann(), metric, engine.now()).await.unwrap();
    let rule =
        AlertRule { metric: "orders".into(), grain: Grain::Day, calendar: Calendar::utc(), when };
    let draft = AlertDraft { rule, webhook_url, is_on: true };
    engine.alerts().create(&ann(), draft, engine.now()).await.unwrap()
}

async fn told(engine: &Engine) -> Vec<Firing> {
    let page = PageQuery { limit: 100, cursor: None };
    engine.alerts().firings(None, "ann", &page).await.unwrap().items
}

/// The background may have been faster: what counts is what is told in the end.
async fn look(engine: &Engine, clock: &FixedClock, now: Timestamp) {
    clock.set(now);
    engine.judge_alerts().await.unwrap();
}

fn minutes(n: i64) -> Duration {
    Duration::seconds(60 * n)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_span_is_judged_once_after_it_has_ended_and_also_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let clock = Arc::new(FixedClock::at(day(3)));
    let engine = open(folder.path(), &clock).await;
    order(&engine, [(0, 5), (1, 2), (2, 2)].into_iter()).await;
    clock.set(MONDAY.plus(minutes(1)));
    let alert = watch_orders(&engine, When::Below(3.0), None).await;
    look(&engine, &clock, day(1).plus(minutes(5))).await;
    assert_eq!(told(&engine).await, [], "what is on its way gets in first");
    look(&engine, &clock, day(2).plus(minutes(20))).await;
    let first = told(&engine).await;
    assert_eq!(first.len(), 1, "Monday was fine, Tuesday was not");
    assert_eq!((first[0].judgement.value, &*first[0].judgement.span), (Some(2.0), "2026-01-06"));
    assert_eq!(first[0].judgement.words, "Orders: 2 in the day 2026-01-06, below 3.");
    assert!(!first[0].is_seen && first[0].delivery.is_none());
    look(&engine, &clock, day(2).plus(minutes(30))).await;
    assert_eq!(told(&engine).await.len(), 1);
    engine.alerts().see("ann", first[0].id).await.unwrap();
    assert_eq!(engine.alerts().n_unseen("ann").await.unwrap(), 0);
    assert_eq!(engine.alerts().n_unseen("ben").await.unwrap(), 1);
    engine.shutdown().await;
    drop(engine);

    // While nobody was there, two days ended.
    clock.set(day(4).plus(minutes(20)));
    let engine = open(folder.path(), &clock).await;
    engine.judge_alerts().await.unwrap();
    let spans: Vec<String> =
        told(&engine).await.iter().map(|firing| firing.judgement.span.clone()).collect();
    assert_eq!(spans, ["2026-01-08", "2026-01-07", "2026-01-06"]);
    let last = engine.alerts().get(alert.id).await.unwrap().last.unwrap();
    assert_eq!((last.value, last.fires, &*last.span), (Some(0.0), true, "2026-01-08"));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_unusual_is_learnt_from_the_weeks_before() {
    let folder = TempDir::new().unwrap();
    let clock = Arc::new(FixedClock::at(day(36)));
    let engine = open(folder.path(), &clock).await;
    // Twenty orders a day, ten on Sundays, some more or less; then a Sunday with twenty.
    let usual = |n: i64| if n % 7 == 6 { 10 } else { 20 };
    let wobble = |n: i64| u32::try_from(n * 7 % 5).unwrap();
    let days = (0..34).map(|n| (n, usual(n) + wobble(n))).chain([(34, 40)]);
    order(&engine, days).await;
    clock.set(day(20).plus(minutes(1)));
    let alert = watch_orders(&engine, When::Unusual(Sensitivity::Normal), None).await;
    look(&engine, &clock, day(21).plus(minutes(20))).await;
    let early = engine.alerts().get(alert.id).await.unwrap().last.unwrap();
    assert!(!early.fires && early.expected.is_none(), "{early:?}");
    assert!(early.words.contains("not known yet, because 2 are too few"), "{}", early.words);
    look(&engine, &clock, day(34).plus(minutes(20))).await;
    assert_eq!(told(&engine).await, [], "all of these days were usual");
    look(&engine, &clock, day(35).plus(minutes(20))).await;
    let fired = told(&engine).await;
    assert_eq!(fired.len(), 1);
    let found = &fired[0].judgement;
    assert_eq!((found.value, &*found.span), (Some(40.0), "2026-02-08"));
    assert!(found.high.unwrap() < 25.0 && found.low.unwrap() > 3.0, "{found:?}");
    engine.shutdown().await;
}

/// A server that answers two messages; what it was sent.
async fn somebody(answers: [&'static str; 2]) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?a=b", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let mut sent = Vec::new();
        for status in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut text, mut room) = (String::new(), [0u8; 4_096]);
            while !text.contains("\r\n\r\n") || !text.ends_with('}') {
                let n = stream.read(&mut room).await.unwrap();
                text += std::str::from_utf8(&room[..n]).unwrap();
            }
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            sent.push(text);
        }
        sent
    });
    (url, task)
}

/// An engine for which nothing is done in the background: what happens is what a test does.
async fn open_still(folder: &Path, now: Timestamp) -> Arc<Engine> {
    let options = EngineOptions::for_tests(folder, now);
    Engine::open(EngineOptions { is_processor_paused: true, ..options }).await.unwrap()
}

/// Everything in a folder that no engine has open.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_kill_between_sending_and_noting_the_receiver_can_tell_that_it_has_it_already() {
    let (folder, killed) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (url, server) = somebody(["200 OK", "200 OK"]).await;
    let engine = open_still(folder.path(), MONDAY.plus(minutes(1))).await;
    watch_orders(&engine, When::Below(3.0), Some(url)).await;
    engine.shutdown().await;
    drop(engine);
    let now = day(1).plus(minutes(20));
    let engine = open_still(folder.path(), now).await;
    assert_eq!(engine.judge_alerts().await.unwrap(), 1);
    engine.shutdown().await;
    drop(engine);
    // What lies on the disk until the attempt is noted.
    copy(folder.path(), killed.path());

    let engine = open_still(folder.path(), now).await;
    assert_eq!(engine.deliver_firings().await.unwrap(), 1);
    assert_eq!(engine.deliver_firings().await.unwrap(), 0, "it is noted that it arrived");
    engine.shutdown().await;
    let engine = open_still(killed.path(), now.plus(minutes(3))).await;
    assert_eq!(engine.deliver_firings().await.unwrap(), 1, "nobody knows that it was sent");
    engine.shutdown().await;

    let sent = server.await.unwrap();
    assert_eq!(header(&sent[0], "webhook-id"), header(&sent[1], "webhook-id"));
    let body = |message: &str| message.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&sent[0]), body(&sent[1]), "it says the same");
    let at = |message| header(message, "webhook-timestamp").parse::<i64>().unwrap();
    assert_eq!(at(&sent[1]) - at(&sent[0]), 180, "each is signed for its own time");
}

fn header<'a>(message: &'a str, name: &str) -> &'a str {
    let lines = message.lines().filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value).unwrap_or_else(|| panic!("no {name}: {message}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_firing_reaches_a_server_that_was_busy_once_and_is_signed() {
    let folder = TempDir::new().unwrap();
    let clock = Arc::new(FixedClock::at(MONDAY.plus(minutes(1))));
    let engine = open(folder.path(), &clock).await;
    let (url, server) = somebody(["503 Busy", "204 No Content"]).await;
    let alert = watch_orders(&engine, When::Below(3.0), Some(url)).await;
    look(&engine, &clock, day(1).plus(minutes(20))).await;
    // The background may deliver as well; attempts are put down by their number, so wait for one.
    let attempted = async |n: usize| {
        for _ in 0..200 {
            engine.deliver_firings().await.unwrap();
            let delivery = told(&engine).await.pop().unwrap().delivery.unwrap();
            if delivery.attempts.len() >= n {
                return delivery;
            }
            tokio::task::yield_now().await;
        }
        panic!("it is not delivered");
    };
    let refused = attempted(1).await;
    assert_eq!((refused.attempts[0].status, refused.delivered_at), (Some(503), None));
    assert_eq!(refused.next_at, Some(engine.now().plus(Duration::seconds(5))));
    clock.set(engine.now().plus(Duration::seconds(6)));
    let taken = attempted(2).await;
    assert_eq!((taken.next_at, taken.delivered_at), (None, Some(engine.now())));
    let sent = server.await.unwrap();
    assert_eq!(header(&sent[0], "webhook-id"), header(&sent[1], "webhook-id"));
    let secret = &alert.webhook.as_ref().unwrap().secret;
    for message in &sent {
        assert!(message.starts_with("POST /hook?a=b HTTP/1.1"), "{message}");
        let body = message.split_once("\r\n\r\n").unwrap().1;
        let seconds = header(message, "webhook-timestamp").parse().unwrap();
        let expected = sign::signature(secret, (header(message, "webhook-id"), seconds), body);
        assert_eq!(header(message, "webhook-signature"), expected);
        let told: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((&told["type"], &told["data"]["value"]), (&"alert.fired".into(), &0.0.into()));
    }
    engine.shutdown().await;
}
