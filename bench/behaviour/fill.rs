//! How do the made events get into a history like a real one?
//!
//! As they would in life: in batches in the order of arrival, flushed into files now and then,
//! files merged by the same plan as on a server.

use crate::made::{self, KINDS, Made};
use anyhow::{Context, Result};
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use history::{FreshBatch, History, Rewrite, RunMeta, RunStore, StoredEvent};
use lexicon::{EventKind, Json};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Events of one batch of the processor.
const BATCH: usize = 4_000;
/// Events between two flushes.
const FLUSH: usize = 1_000_000;
/// What the store keeps of opened files, in bytes.
const FOOTERS_BYTES: u64 = 64 << 20;

/// What to make.
#[derive(clap::Args)]
pub struct FillArguments {
    /// The folder that receives the files
    #[arg(long)]
    pub folder: PathBuf,
    /// Events
    #[arg(long, default_value_t = 20_000_000)]
    pub events: u64,
    /// Customers
    #[arg(long, default_value_t = 400_000)]
    pub customers: u32,
    /// The seed of all choices
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Makes the events and writes them.
pub async fn run(arguments: &FillArguments) -> Result<()> {
    let begun = Instant::now();
    let events = made::events(arguments.events, arguments.customers, arguments.seed);
    println!("made {} events in {:.1} s", events.len(), begun.elapsed().as_secs_f64());
    std::fs::create_dir_all(&arguments.folder)?;
    let store = RunStore::in_folder(&arguments.folder, FOOTERS_BYTES)?;
    let mut filling = Filling { history: History::open(store, Vec::new(), Vec::new())?, seed: 0 };
    for (number, batch) in (1..).zip(events.chunks(BATCH)) {
        filling.add(Position(number), batch)?;
        if (number as usize * BATCH).is_multiple_of(FLUSH) {
            filling.flush().await?;
        }
    }
    filling.flush().await?;
    write_list(&arguments.folder, &filling.history.runs())?;
    let size = filling.history.size();
    println!(
        "{} files, {} MB, {:.1} s",
        size.n_runs,
        size.run_bytes >> 20,
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

/// The history that [`run`] left in `folder`.
pub fn open(folder: &Path) -> Result<History> {
    let list = File::open(list_of(folder)).context("no list of files there: run `fill` first")?;
    let rows = BufReader::new(list).lines();
    let runs = rows.map(|row| Ok(serde_json::from_str::<Row>(&row?)?.into()));
    let store = RunStore::in_folder(folder, FOOTERS_BYTES)?;
    Ok(History::open(store, runs.collect::<Result<_>>()?, Vec::new())?)
}

struct Filling {
    history: History,
    seed: u64,
}

impl Filling {
    fn add(&self, position: Position, batch: &[Made]) -> Result<()> {
        let stored = batch.iter().enumerate();
        let events: Vec<StoredEvent> =
            stored.map(|(index, made)| stored_event(made, position, index)).collect();
        self.history.add(FreshBatch::pack(position, &events)?);
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let seed = self.next();
        if let Some(flushed) = self.history.flush(Rewrite::default(), seed).await? {
            self.history.install(&flushed.runs, &[], Some(flushed.through));
        }
        while let Some(job) = self.history.plan(false).into_iter().next() {
            let seed = self.next();
            let done = self.history.compact(job, Rewrite::default(), seed).await?;
            self.history.install(&done.added, &done.removed, None);
        }
        self.history.remove_retired().await?;
        Ok(())
    }

    fn next(&mut self) -> u64 {
        self.seed += 1;
        self.seed
    }
}

fn stored_event(made: &Made, position: Position, index: usize) -> StoredEvent {
    let seq = StoredEvent::seq_of(position, index);
    let properties = properties(made, seq);
    StoredEvent {
        customer: CustomerId(u64::from(made.customer)),
        occurred_at: Timestamp(made.at),
        identifier: IdentifierId(u64::from(made.customer)),
        seq,
        kind: EventKind::Track,
        name: KINDS[usize::from(made.kind)].0.into(),
        source: SourceId(1),
        received_at: Timestamp(made.at + 40_000),
        message_id: format!("m-{seq:x}").into(),
        properties,
        traits: Json::empty(),
        context: Json::empty(),
    }
}

/// Orders have a revenue, products a number and a category, pages a path.
fn properties(made: &Made, seq: u64) -> Json {
    let draw = base::hash::mix64(seq);
    let text = match KINDS[usize::from(made.kind)].0 {
        "order_completed" => {
            format!(r#"{{"revenue":{}.{:02},"currency":"EUR"}}"#, draw % 400, draw >> 16 & 63)
        }
        "product_viewed" | "product_added" | "product_removed" => {
            format!(r#"{{"product_id":"p{}","category":"c{}"}}"#, draw % 2_000, draw % 20)
        }
        "page_viewed" => format!(r#"{{"path":"/{}"}}"#, draw % 300),
        "campaign_touched" => format!(r#"{{"campaign":"k{}"}}"#, draw % 12),
        _ => return Json::empty(),
    };
    Json::from_checked_text(text)
}

/// A line of the list of files.
#[derive(Serialize, Deserialize)]
struct Row {
    path: String,
    bucket: u16,
    level: u8,
    n_rows: u64,
    bytes: u64,
    customers: (u64, u64),
    times: (i64, i64),
    n_customers: u64,
}

impl From<&RunMeta> for Row {
    fn from(run: &RunMeta) -> Self {
        Self {
            path: run.path.clone(),
            bucket: run.bucket,
            level: run.level,
            n_rows: run.n_rows,
            bytes: run.bytes,
            customers: (run.min_customer.0, run.max_customer.0),
            times: (run.min_time.0, run.max_time.0),
            n_customers: run.n_customers,
        }
    }
}

impl From<Row> for RunMeta {
    fn from(row: Row) -> Self {
        Self {
            path: row.path,
            bucket: row.bucket,
            level: row.level,
            n_rows: row.n_rows,
            bytes: row.bytes,
            min_customer: CustomerId(row.customers.0),
            max_customer: CustomerId(row.customers.1),
            min_time: Timestamp(row.times.0),
            max_time: Timestamp(row.times.1),
            n_customers: row.n_customers,
            written_through: Position(0),
        }
    }
}

fn list_of(folder: &Path) -> PathBuf {
    folder.join("files.jsonl")
}

fn write_list(folder: &Path, runs: &[RunMeta]) -> Result<()> {
    let mut list = BufWriter::new(File::create(list_of(folder))?);
    for run in runs {
        serde_json::to_writer(&mut list, &Row::from(run))?;
        writeln!(list)?;
    }
    list.flush()?;
    Ok(())
}
