//! How does a data directory come to hold the simulated world?
//!
//! What is older than two days is put into the log in bulk, as an import would be; the freshest
//! days go through the doors that client libraries use, over HTTP.

use crate::filling::Filling;
use anyhow::{Context, Result, ensure};
use app::sources::Source;
use app::{Engine, Origin};
use base::{Duration, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Json, SourceKind};
use std::sync::Arc;
use std::time::{Duration as Pause, Instant};
use world::{World, WorldEvent};

/// Events in one log entry of the bulk.
const BULK_EVENTS: usize = 2_000;
/// Events in one request of the freshest days.
const REQUEST_EVENTS: usize = 100;
/// What is younger comes over HTTP.
const FRESH: Duration = Duration::days(2);
/// How often it is written down how far the bulk is. What comes twice after a crash is known by
/// its ids; this only keeps it little.
const BETWEEN_MARKS: Pause = Pause::from_millis(250);

/// What was filled in now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filled {
    /// Events put in in bulk.
    pub n_bulk: u64,
    /// Events sent over HTTP.
    pub n_sent: u64,
}

/// The sources of the demo, by whose hands the senders are in.
struct DemoSources {
    shop: Arc<Source>,
    app: Arc<Source>,
    server: Arc<Source>,
}

/// The machine's time, for where the world ends.
pub fn now_micros() -> i64 {
    use app::clock::{Clock, SystemClock};
    SystemClock.now().0
}

/// Fills what is missing into the data directory of `engine`, which listens at `address`. May be
/// dropped at any moment: the next call goes on from what was written down last.
pub async fn fill(
    engine: &Engine,
    address: &str,
    filling: &mut Filling,
    progress: impl Fn(u64),
) -> Result<Filled> {
    let sources = make_sources(engine).await?;
    let mut fresh: Vec<WorldEvent> = Vec::new();
    let mut bulk = Bulk::new(engine, &sources);
    let spec = filling.spec();
    let border = Timestamp(spec.ends_at).minus(FRESH).0;
    let world = World::new(spec);
    let mut marked = Instant::now();
    for (n_before, life) in (0u64..).zip(world.lives()) {
        let is_in = n_before < filling.n_lives;
        for event in life.events {
            if event.timestamp >= border {
                fresh.push(event);
            } else if !is_in {
                bulk.put(&event).await?;
            }
        }
        if !is_in && marked.elapsed() > BETWEEN_MARKS {
            bulk.flush().await?;
            filling.n_lives = n_before + 1;
            filling.save()?;
            marked = Instant::now();
        }
        progress(n_before + 1);
    }
    bulk.flush().await?;
    filling.n_lives = filling.customers;
    filling.save()?;
    fresh.sort_by_key(|event| event.timestamp);
    let n_sent = send(&fresh, &sources, address, filling).await?;
    engine.caught_up(Pause::from_secs(600)).await?;
    filling.is_whole = true;
    filling.save()?;
    Ok(Filled { n_bulk: bulk.n_put, n_sent })
}

/// The sources of the demo: those of an earlier start, or new ones.
async fn make_sources(engine: &Engine) -> Result<DemoSources> {
    let actor = app::access::Actor::system();
    let now = engine.now();
    let known = engine.sources().all();
    let make = async |name: &str, kind: SourceKind| {
        let is_it = |source: &&Arc<Source>| source.name == name && source.kind == kind;
        if let Some(source) = known.iter().find(is_it) {
            return Ok(Arc::clone(source));
        }
        engine.sources().create(&actor, (name, kind), engine.store_ip_default(), now).await
    };
    Ok(DemoSources {
        shop: make("Web shop", SourceKind::Browser).await?,
        app: make("Mobile app", SourceKind::Mobile).await?,
        server: make("Order and e-mail systems", SourceKind::Server).await?,
    })
}

impl DemoSources {
    /// The source that an event of the world comes from, by its library.
    fn of(&self, event: &WorldEvent) -> &Arc<Source> {
        match event.sender.library {
            "analytics.js" => &self.shop,
            "analytics-node" => &self.server,
            _ => &self.app,
        }
    }
}

/// Events on their way into the log, gathered per source.
struct Bulk<'a> {
    engine: &'a Engine,
    sources: &'a DemoSources,
    waiting: Vec<(Arc<Source>, Vec<RawItem>)>,
    n_put: u64,
}

impl<'a> Bulk<'a> {
    fn new(engine: &'a Engine, sources: &'a DemoSources) -> Self {
        let all = [&sources.shop, &sources.app, &sources.server];
        let waiting = all.map(|source| (Arc::clone(source), Vec::new())).into();
        Self { engine, sources, waiting, n_put: 0 }
    }

    async fn put(&mut self, event: &WorldEvent) -> Result<()> {
        let source = self.sources.of(event).id;
        let lot = self.waiting.iter_mut().find(|(s, _)| s.id == source);
        let (source, items) = lot.expect("every source of the demo has a lot");
        let mut json = String::with_capacity(700);
        event.to_segment_json(&mut json);
        items.push(RawItem { kind: None, json: json.into() });
        self.n_put += 1;
        if items.len() < BULK_EVENTS {
            return Ok(());
        }
        append(self.engine, source, std::mem::take(items)).await
    }

    /// Puts what waits into the log.
    async fn flush(&mut self) -> Result<()> {
        for (source, items) in &mut self.waiting {
            append(self.engine, source, std::mem::take(items)).await?;
        }
        Ok(())
    }
}

/// Puts one lot into the log; waits where the processor asks to.
async fn append(engine: &Engine, source: &Arc<Source>, items: Vec<RawItem>) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let parcel = Parcel {
        dialect: Dialect::Import,
        write_key: None,
        sent_at: None,
        shared: Json::empty(),
        items,
        is_single: false,
    };
    let source = Arc::clone(source);
    let origin = Origin { source, received_at: engine.now(), ip: None, user_agent: None };
    engine.accept(parcel, origin).await?;
    Ok(())
}

/// Sends those of the freshest events that were not sent before, as a client library would.
async fn send(
    events: &[WorldEvent],
    sources: &DemoSources,
    address: &str,
    filling: &mut Filling,
) -> Result<u64> {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("http://{address}/v1/batch");
    let (mut n_passed, mut n_sent) = (0, 0);
    for source in [&sources.shop, &sources.app, &sources.server] {
        let own: Vec<&WorldEvent> =
            events.iter().filter(|event| sources.of(event).id == source.id).collect();
        for batch in own.chunks(REQUEST_EVENTS) {
            n_passed += batch.len() as u64;
            if n_passed <= filling.n_sent {
                continue;
            }
            let body = body_of(batch, &source.write_key);
            let answer = tokio::task::block_in_place(|| agent.post(&url).send(&body));
            let status = answer.context("the server of the demo did not answer")?.status();
            ensure!(status.as_u16() == 200, "the server of the demo answered {status}");
            n_sent += batch.len() as u64;
            filling.n_sent = n_passed;
            filling.save()?;
        }
    }
    Ok(n_sent)
}

fn body_of(events: &[&WorldEvent], write_key: &str) -> String {
    let mut body = format!("{{\"writeKey\":\"{write_key}\",\"batch\":[");
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        event.to_segment_json(&mut body);
    }
    body.push_str("]}");
    body
}
