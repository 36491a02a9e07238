//! How fast are timelines read, and how fast are events written and compacted?
//!
//! `cargo run --release -p rapport-history --example timeline_speed -- [events] [runs] [folder]`
//! writes web events of about 0.8 kB for a twentieth as many customers in so many flushes (so
//! every bucket has that many runs), and prints times. Without a folder a temporary one is used.

use base::hash::mix64;
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{EventKind, Json};
use rapport_history::{
    Filter, FreshBatch, History, Job, Rewrite, RunMeta, RunStore, StoredEvent, TimelineQuery,
};
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

const BATCH_EVENTS: u64 = 1_000;
const EVENTS_PER_CUSTOMER: u64 = 20;
const FOOTER_BYTES: u64 = 256 << 20;
const N_LOOKS: u64 = 2_000;
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse::<u64>());
    let (n_events, n_runs) = (number(5_000_000)?, number(4)?.max(1));
    let temporary = tempfile::tempdir()?;
    let folder = arguments.next().map_or(temporary.path().to_path_buf(), PathBuf::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(measure(n_events, n_runs, folder))
}

async fn measure(n_events: u64, n_runs: u64, folder: PathBuf) -> Outcome<()> {
    let n_customers = (n_events / EVENTS_PER_CUSTOMER).max(1);
    println!("{n_events} events of {n_customers} customers, {n_runs} runs per bucket");
    let history = History::open(RunStore::in_folder(&folder, FOOTER_BYTES)?, Vec::new(), [])?;
    let mut times = Times::default();
    for run in 0..n_runs {
        let per_run = n_events / n_runs;
        add(&history, run * per_run..(run + 1) * per_run, n_customers, &mut times)?;
        if run == 0 {
            let size = history.size();
            println!("fresh: {} bytes per event", size.fresh_bytes / size.n_fresh.max(1));
            look(&history, n_customers, "fresh events", &Filter::default()).await?;
        }
        flush(&history, run, &mut times).await?;
    }
    let size = history.size();
    let n_rows = size.n_run_rows;
    times.print(n_rows);
    println!("runs: {} files, {} bytes per row", size.n_runs, size.run_bytes / n_rows.max(1));
    looks(&history, n_customers).await?;
    compact_all(&history).await?;
    looks(&history, n_customers).await
}

async fn looks(history: &History, n_customers: u64) -> Outcome<()> {
    let text = Filter { text: Some("sku-77".into()), ..Filter::default() };
    look(history, n_customers, "first pages, footers not cached yet", &Filter::default()).await?;
    look(history, n_customers, "first pages", &Filter::default()).await?;
    look(history, n_customers, "first pages with a text filter", &text).await
}

#[derive(Default)]
struct Times {
    pack: Duration,
    add: Duration,
    flush: Duration,
    flush_cpu: f64,
}

impl Times {
    fn print(&self, n_rows: u64) {
        for (what, time) in [("pack", self.pack), ("add", self.add), ("flush", self.flush)] {
            println!("{what}: {}", rate(n_rows, time));
        }
        println!("    flush: {:.0} rows per CPU second", n_rows as f64 / self.flush_cpu);
    }
}

fn rate(n_rows: u64, time: Duration) -> String {
    let seconds = time.as_secs_f64();
    format!("{:.0} rows/s ({n_rows} rows in {seconds:.2} s)", n_rows as f64 / seconds)
}

fn add(
    history: &History,
    numbers: std::ops::Range<u64>,
    n_customers: u64,
    times: &mut Times,
) -> Outcome<()> {
    let mut start = numbers.start;
    while start < numbers.end {
        let end = (start + BATCH_EVENTS).min(numbers.end);
        let position = Position(start / BATCH_EVENTS + 1);
        let events: Vec<StoredEvent> =
            (start..end).map(|n| event(n, position, n_customers)).collect();
        let clock = Instant::now();
        let batch = FreshBatch::pack(position, &events)?;
        times.pack += clock.elapsed();
        let clock = Instant::now();
        history.add(batch);
        times.add += clock.elapsed();
        start = end;
    }
    Ok(())
}

async fn flush(history: &History, seed: u64, times: &mut Times) -> Outcome<()> {
    let (clock, cpu_before) = (Instant::now(), cpu());
    if let Some(flushed) = history.flush(Rewrite::default(), seed).await? {
        history.install(&flushed.runs, &[], Some(flushed.through));
    }
    times.flush += clock.elapsed();
    times.flush_cpu += cpu().zip(cpu_before).map_or(f64::NAN, |(after, before)| after - before);
    Ok(())
}

async fn compact_all(history: &History) -> Outcome<()> {
    let mut buckets: BTreeMap<u16, Vec<RunMeta>> = BTreeMap::new();
    for run in history.runs() {
        buckets.entry(run.bucket).or_default().push(run);
    }
    // One customer in fifty has moved since, as after a merge.
    let rewrite = Rewrite {
        customer_of: Some(Arc::new(|_, customer: CustomerId| {
            if customer.0 % 50 == 49 { CustomerId(customer.0 - 1) } else { customer }
        })),
        ..Rewrite::default()
    };
    let (clock, cpu_before) = (Instant::now(), cpu());
    let mut n_rows = 0;
    for (bucket, runs) in buckets {
        let Some(job) = Job::rewriting(runs) else {
            continue;
        };
        let done = history.compact(job, rewrite.clone(), 1_000 + u64::from(bucket)).await?;
        n_rows += done.n_rows;
        history.install(&done.added, &done.removed, None);
        history.remove_retired().await?;
    }
    println!("compaction: {}", rate(n_rows, clock.elapsed()));
    if let (Some(before), Some(after)) = (cpu_before, cpu()) {
        println!("    compaction: {:.0} rows per CPU second", n_rows as f64 / (after - before));
    }
    let (clock, mut seed) = (Instant::now(), 2_000);
    let mut n_rows = 0;
    while let Some(job) = history.plan(false).into_iter().next() {
        let done = history.compact(job, Rewrite::default(), seed).await?;
        seed += 1;
        n_rows += done.n_rows;
        history.install(&done.added, &done.removed, None);
        history.remove_retired().await?;
    }
    println!("moved rows spread: {}", rate(n_rows, clock.elapsed()));
    let size = history.size();
    println!("runs: {} files, {} bytes per row", size.n_runs, size.run_bytes / size.n_run_rows);
    Ok(())
}

async fn look(history: &History, n_customers: u64, what: &str, filter: &Filter) -> Outcome<()> {
    let (cpu_before, mut times) = (cpu(), Vec::new());
    let mut n_found = 0;
    for n in 0..N_LOOKS {
        let customer = 1 + mix64(n ^ 0xabcd) % n_customers;
        let customers = [CustomerId(customer), CustomerId(customer - customer % 50 + 48)];
        let identifiers = HashSet::from([IdentifierId(customer)]);
        let customers = if customer % 50 == 49 { &customers[..] } else { &customers[..1] };
        let clock = Instant::now();
        let page = history
            .timeline(&TimelineQuery {
                customers,
                identifiers: &identifiers,
                before: None,
                limit: 50,
                scan_rows_max: 20_000,
                filter,
            })
            .await?;
        times.push(clock.elapsed());
        n_found += page.events.len();
    }
    times.sort_unstable();
    let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1e3;
    let mean = n_found as f64 / times.len() as f64;
    let (p50, p99, p999) = (at(0.5), at(0.99), at(0.999));
    println!("{what}: p50 {p50:.3} ms, p99 {p99:.3} ms, p99.9 {p999:.3} ms, {mean:.1} events each");
    if let (Some(before), Some(after)) = (cpu_before, cpu()) {
        println!("    {:.3} ms of CPU each", (after - before) * 1e3 / N_LOOKS as f64);
    }
    Ok(())
}

/// CPU seconds of this process so far, where Linux tells: on a busy machine they say more than
/// the clock. The kernel counts in ticks of 10 ms.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(ticks as f64 / 100.0)
}

/// Visits of a shop: each customer has a device, and looks at pages in sessions.
fn event(n: u64, position: Position, n_customers: u64) -> StoredEvent {
    let r = mix64(n);
    let customer = 1 + mix64((n / 4) ^ 0x5eed) % n_customers;
    let product = r % 5_000;
    let at = 1_700_000_000_000_000 + (n as i64) * 20_000;
    let (kind, name) = match r >> 40 & 15 {
        0 => (EventKind::Track, "Order Completed"),
        1 => (EventKind::Track, "Product Added"),
        2..=5 => (EventKind::Track, "Product Viewed"),
        6 => (EventKind::Identify, "Identified"),
        _ => (EventKind::Page, "Page Viewed"),
    };
    StoredEvent {
        customer: CustomerId(customer),
        occurred_at: Timestamp(at),
        identifier: IdentifierId(customer),
        seq: StoredEvent::seq_of(position, (n % BATCH_EVENTS) as usize),
        kind,
        name: name.into(),
        source: SourceId(1),
        received_at: Timestamp(at + 80_000 + (r % 5_000) as i64),
        message_id: format!(
            "{:08x}-{:04x}-4{:03x}-{:016x}",
            r as u32,
            r >> 48,
            r >> 32 & 0xfff,
            mix64(r)
        )
        .into(),
        properties: Json::from_checked_text(format!(
            r#"{{"product_id":"p-{product}","sku":"SKU-{product}","name":"Product number {product}","category":"c-{}","price":{}.{:02},"currency":"EUR","quantity":{}}}"#,
            product % 40,
            product % 300,
            r >> 50 & 63,
            1 + (r >> 56 & 3)
        )),
        traits: Json::empty(),
        context: Json::from_checked_text(context(customer, product, r)),
    }
}

fn context(customer: u64, product: u64, r: u64) -> String {
    let device = mix64(customer);
    let agent = AGENTS[(device % 4) as usize];
    format!(
        r#"{{"ip":"10.{}.{}.{}","userAgent":"{agent}","locale":"de-DE","library":{{"name":"analytics.js","version":"4.15.3"}},"page":{{"path":"/products/{product}","url":"https://shop.example.com/products/{product}?session={:x}","title":"Product number {product} – Example Shop","referrer":"https://shop.example.com/c/{}"}},"screen":{{"width":{},"height":1080,"density":2}},"timezone":"Europe/Berlin"}}"#,
        device >> 8 & 255,
        device >> 16 & 255,
        device >> 24 & 255,
        r >> 24,
        product % 40,
        1200 + (device >> 32 & 511)
    )
}
