//! How many events per second are acknowledged, and how long does an acknowledgement take?

use crate::events::Traffic;
use crate::http::{Answer, Connection};
use crate::journal::{Acknowledged, Journal};
use anyhow::{Result, bail};
use base::seed::Seed;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use clap::Args;
use hdrhistogram::Histogram;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::task::JoinSet;

/// What to send.
#[derive(Args, Clone, Debug)]
pub struct LoadArguments {
    /// The server, as ADDRESS:PORT on loopback
    #[arg(long, default_value = "127.0.0.1:7117")]
    pub server: String,
    /// The write key of a source
    #[arg(long)]
    pub write_key: String,
    /// Events per second; 0: as many as are acknowledged
    #[arg(long, default_value_t = 0)]
    pub rate: u64,
    /// For how long, in seconds
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// Connections at the same time
    #[arg(long, default_value_t = 32)]
    pub connections: u64,
    /// Events per batch
    #[arg(long, default_value_t = 100)]
    pub batch: usize,
    /// Active customers
    #[arg(long, default_value_t = 200_000)]
    pub customers: u64,
    /// Identifying events, in 1/1000
    #[arg(long, default_value_t = 10)]
    pub identify_permille: u64,
    /// Names this run in the message ids
    #[arg(long, default_value = "load")]
    pub run: String,
    /// The seed of all choices
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A file that receives what was acknowledged, for the audit
    #[arg(long)]
    pub journal: Option<PathBuf>,
}

impl LoadArguments {
    /// The traffic that the arguments describe.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            run: self.run.clone(),
            batch_events: self.batch,
            n_customers: self.customers,
            identify_permille: self.identify_permille,
            seed: Seed::root(self.seed),
        }
    }
}

/// What one worker saw.
pub struct Seen {
    /// Microseconds from when a batch was due until it was acknowledged.
    pub latency_us: Histogram<u64>,
    /// Batches that were acknowledged.
    pub n_batches: u64,
    /// Answers that asked to wait (429, 503).
    pub n_asked_to_wait: u64,
}

impl Seen {
    fn new() -> Self {
        let latency_us = Histogram::new(3).expect("three digits are within the bounds");
        Self { latency_us, n_batches: 0, n_asked_to_wait: 0 }
    }

    fn add(&mut self, other: &Self) {
        self.latency_us.add(&other.latency_us).expect("both have the same digits");
        self.n_batches += other.n_batches;
        self.n_asked_to_wait += other.n_asked_to_wait;
    }
}

/// Sends the load and prints what was seen.
pub async fn run(arguments: &LoadArguments) -> Result<()> {
    let begun = Instant::now();
    let seen = send(arguments).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let n_events = seen.n_batches * arguments.batch as u64;
    println!("events acknowledged   {n_events}");
    println!("events per second     {:.0}", n_events as f64 / seconds);
    println!("asked to wait         {}", seen.n_asked_to_wait);
    for (name, quantile) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)] {
        let ms = seen.latency_us.value_at_quantile(quantile) as f64 / 1e3;
        println!("acknowledged {name:<8} {ms:.1} ms");
    }
    println!("acknowledged max      {:.1} ms", seen.latency_us.max() as f64 / 1e3);
    Ok(())
}

/// Sends the load; every worker has a connection and a timetable of its own.
pub async fn send(arguments: &LoadArguments) -> Result<Seen> {
    let journal = Arc::new(Journal::open(arguments.journal.as_deref())?);
    let mut workers = JoinSet::new();
    for worker in 0..arguments.connections {
        workers.spawn(Worker::new(arguments, worker, Arc::clone(&journal)).run());
    }
    let mut seen = Seen::new();
    while let Some(done) = workers.join_next().await {
        seen.add(&done??);
    }
    journal.flush()?;
    Ok(seen)
}

struct Worker {
    arguments: LoadArguments,
    traffic: Traffic,
    number: u64,
    journal: Arc<Journal>,
    seen: Seen,
}

impl Worker {
    fn new(arguments: &LoadArguments, number: u64, journal: Arc<Journal>) -> Self {
        let traffic = arguments.traffic();
        Self { arguments: arguments.clone(), traffic, number, journal, seen: Seen::new() }
    }

    async fn run(mut self) -> Result<Seen> {
        let key = basic(&self.arguments.write_key);
        let mut connection = Connection::open(&self.arguments.server, &key).await?;
        let begun = Instant::now();
        let end = begun + Duration::from_secs(self.arguments.seconds);
        for batch in 0.. {
            let due = self.due(begun, batch);
            if due.max(Instant::now()) >= end {
                break;
            }
            tokio::time::sleep_until(due.into()).await;
            // Waiting behind a slow answer counts: the batch was due, whoever held it up.
            let from = if self.arguments.rate == 0 { Instant::now() } else { due };
            self.send(&mut connection, batch).await?;
            let micros = u64::try_from(from.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.seen.latency_us.record(micros)?;
        }
        Ok(self.seen)
    }

    /// When batch `batch` of this worker is due; workers are spread over one interval.
    fn due(&self, begun: Instant, batch: u64) -> Instant {
        if self.arguments.rate == 0 {
            return begun;
        }
        let per_second = self.arguments.rate as f64 / self.arguments.batch as f64;
        let turn = batch * self.arguments.connections + self.number;
        begun + Duration::from_secs_f64(turn as f64 / per_second)
    }

    async fn send(&mut self, connection: &mut Connection, batch: u64) -> Result<()> {
        let body = self.traffic.body(self.number, batch, now_ms());
        loop {
            let answer = connection.ask("POST", "/v1/batch", body.as_bytes()).await?;
            match answer.status {
                200 => break,
                429 | 503 => self.wait(&answer).await,
                status => bail!("status {status}: {}", answer.body),
            }
        }
        self.seen.n_batches += 1;
        let run = self.traffic.run.clone();
        let (worker, n_events) = (self.number, self.traffic.batch_events);
        self.journal.note(&Acknowledged { run, worker, batch, n_events })
    }

    async fn wait(&mut self, answer: &Answer) {
        self.seen.n_asked_to_wait += 1;
        tokio::time::sleep(Duration::from_secs(answer.retry_after.unwrap_or(1))).await;
    }
}

/// The header with which client libraries give a write key.
pub fn basic(write_key: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{write_key}:")))
}

/// The machine's clock, as clients stamp their events with it.
#[expect(clippy::disallowed_methods, reason = "the load generator is a client with its own clock")]
pub fn now_ms() -> u64 {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since_1970.map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(0))
}
