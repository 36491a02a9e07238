//! Does anything acknowledged get lost, or applied twice, when the server is killed at random?

use crate::audit;
use crate::events::Traffic;
use crate::http::Connection;
use crate::journal::{Acknowledged, Journal};
use crate::load;
use crate::server::{Place, Server, WRITE_KEY, export_events};
use anyhow::{Result, bail, ensure};
use base::seed::Seed;
use clap::Args;
use rand_core::RngCore;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// How to drill.
#[derive(Args, Clone, Debug)]
pub struct CrashArguments {
    /// The program under test
    #[arg(long, default_value = "target/release/rapport")]
    pub binary: PathBuf,
    /// A folder for the drill, empty or absent
    #[arg(long)]
    pub folder: PathBuf,
    /// How many times to kill it
    #[arg(long, default_value_t = 100)]
    pub rounds: u64,
    /// Connections that send at the same time
    #[arg(long, default_value_t = 8)]
    pub connections: u64,
    /// Events per batch
    #[arg(long, default_value_t = 10)]
    pub batch: usize,
    /// Active customers
    #[arg(long, default_value_t = 5_000)]
    pub customers: u64,
    /// The port on 127.0.0.1
    #[arg(long, default_value_t = 7199)]
    pub port: u16,
    /// The seed of the moments of death
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Drills and audits; fails where anything is missing or doubled.
pub async fn run(arguments: &CrashArguments) -> Result<()> {
    std::fs::create_dir_all(&arguments.folder)?;
    let data = arguments.folder.join("data");
    ensure!(!data.exists(), "{} exists already; give an empty folder", data.display());
    let address = format!("127.0.0.1:{}", arguments.port);
    let place = Place { binary: arguments.binary.clone(), data, address };
    let mut drill = Drill::new(arguments, place)?;
    for round in 0..arguments.rounds {
        drill.round(round).await?;
    }
    drill.audit().await
}

struct Drill {
    arguments: CrashArguments,
    place: Place,
    journal: Arc<Journal>,
    /// The next batch of each worker; one that was not acknowledged is sent again.
    next: Vec<u64>,
    n_acknowledged: u64,
    n_sent_again: u64,
}

impl Drill {
    fn new(arguments: &CrashArguments, place: Place) -> Result<Self> {
        let journal = Arc::new(Journal::open(Some(&arguments.folder.join("journal")))?);
        let next = vec![0; usize::try_from(arguments.connections)?];
        let arguments = arguments.clone();
        Ok(Self { arguments, place, journal, next, n_acknowledged: 0, n_sent_again: 0 })
    }

    async fn round(&mut self, round: u64) -> Result<()> {
        let server = Server::start(&self.place).await?;
        let is_over = Arc::new(AtomicBool::new(false));
        let mut senders = JoinSet::new();
        for (worker, next) in self.next.iter().enumerate() {
            let sender = Sender {
                traffic: self.traffic(),
                address: self.place.address.clone(),
                worker: worker as u64,
                journal: Arc::clone(&self.journal),
                is_over: Arc::clone(&is_over),
            };
            senders.spawn(sender.run(*next));
        }
        let mut rng = Seed::root(self.arguments.seed).nth(round).rng();
        let life = Duration::from_millis(50 + rng.next_u64() % 1_500);
        tokio::time::sleep(life).await;
        server.kill()?;
        is_over.store(true, Ordering::SeqCst);
        while let Some(done) = senders.join_next().await {
            let (worker, next) = done??;
            let before = &mut self.next[usize::try_from(worker)?];
            self.n_acknowledged += next - *before;
            self.n_sent_again += 1;
            *before = next;
        }
        let n_events = self.n_acknowledged * self.arguments.batch as u64;
        println!("round {:>3}: lived {life:>7.0?}, {n_events} events acknowledged", round + 1);
        Ok(())
    }

    fn traffic(&self) -> Traffic {
        Traffic {
            run: "crash".to_owned(),
            batch_events: self.arguments.batch,
            n_customers: self.arguments.customers,
            identify_permille: 20,
            seed: Seed::root(self.arguments.seed),
        }
    }

    async fn audit(&self) -> Result<()> {
        self.journal.flush()?;
        let server = Server::start(&self.place).await?;
        wait_until_processed(&self.place.address).await?;
        server.stop()?;
        let export = self.arguments.folder.join("export.jsonl");
        export_events(&self.arguments.binary, &self.place.data, &export)?;
        let findings = audit::compare(&self.arguments.folder.join("journal"), &export)?;
        println!("batches sent again after a lost acknowledgement: up to {}", self.n_sent_again);
        println!("{findings:#?}");
        ensure!(
            findings.n_acknowledged > 0,
            "the drill acknowledged nothing: no proof of anything"
        );
        if findings.n_missing + findings.n_doubled > 0 {
            bail!("{} missing, {} doubled", findings.n_missing, findings.n_doubled);
        }
        println!("nothing acknowledged is missing, nothing is doubled");
        Ok(())
    }
}

/// Waits until the processor has reached the end of the log.
pub async fn wait_until_processed(address: &str) -> Result<()> {
    let token = format!("Bearer {}", crate::server::ADMIN_TOKEN);
    let mut connection = Connection::open(address, &token).await?;
    for _ in 0..6_000 {
        let answer = connection.ask("GET", "/api/home", b"").await?;
        let home: serde_json::Value = serde_json::from_str(&answer.body)?;
        let processor = &home["processor"];
        if processor["position"].is_string() && processor["position"] == processor["head"] {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("the processor did not reach the end of the log within ten minutes")
}

struct Sender {
    traffic: Traffic,
    address: String,
    worker: u64,
    journal: Arc<Journal>,
    is_over: Arc<AtomicBool>,
}

impl Sender {
    /// Sends batches from `next` on until the server is gone; answers with the first batch that
    /// was not acknowledged.
    async fn run(self, mut next: u64) -> Result<(u64, u64)> {
        let key = load::basic(WRITE_KEY);
        let Ok(mut connection) = Connection::open(&self.address, &key).await else {
            return Ok((self.worker, next));
        };
        while !self.is_over.load(Ordering::SeqCst) {
            let body = self.traffic.body(self.worker, next, load::now_ms());
            match connection.ask("POST", "/v1/batch", body.as_bytes()).await {
                Ok(answer) if answer.status == 200 => self.note(next)?,
                Ok(answer) if matches!(answer.status, 429 | 503) => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
                Ok(answer) => bail!("status {}: {}", answer.status, answer.body),
                Err(_) => break,
            }
            next += 1;
        }
        Ok((self.worker, next))
    }

    fn note(&self, batch: u64) -> Result<()> {
        let (run, n_events) = (self.traffic.run.clone(), self.traffic.batch_events);
        self.journal.note(&Acknowledged { run, worker: self.worker, batch, n_events })
    }
}
