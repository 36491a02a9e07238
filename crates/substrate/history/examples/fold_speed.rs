//! How fast are questions about behaviour answered, cold and warm, beside bare decoding?
//!
//! `cargo run --release -p rapport-history --example fold_speed -- [events] [folder]` writes so
//! many events of a fiftieth as many customers (log-normal activity, visits, a year) into runs,
//! unless the folder has them already, and prints times for two threads.

use base::hash::mix64;
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{EventKind, Json};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rapport_history::{
    FoldOptions, FreshBatch, History, Job, NoTraits, Rewrite, RunMeta, RunStore, StoredEvent,
};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use timeline::{Ask, Condition, Field, Fold, Label, Rows, View, Window};

const EVENTS_PER_CUSTOMER: u64 = 50;
const BATCH_EVENTS: usize = 20_000;
const FLUSH_EVENTS: usize = 1_000_000;
const FOOTER_BYTES: u64 = 64 << 20;
const THREADS: usize = 2;
const YEAR_FROM: i64 = 1_735_689_600_000_000;
const DAY: i64 = 86_400_000_000;
/// Names with their share in thousandths.
const NAMES: [(&str, u64); 15] = [
    ("page_viewed", 420),
    ("product_viewed", 150),
    ("product_list_viewed", 90),
    ("product_added", 60),
    ("search_performed", 55),
    ("email_delivered", 50),
    ("email_opened", 40),
    ("cart_viewed", 35),
    ("campaign_touched", 25),
    ("email_clicked", 20),
    ("checkout_started", 20),
    ("order_completed", 15),
    ("product_removed", 10),
    ("coupon_applied", 6),
    ("support_contacted", 4),
];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let n_events = arguments.next().map_or(Ok(2_000_000), |text| text.parse::<u64>())?;
    let temporary = tempfile::tempdir()?;
    let folder = arguments.next().map_or(temporary.path().to_path_buf(), PathBuf::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    runtime.block_on(async {
        let list = folder.with_extension("runs");
        if !list.exists() {
            write(n_events, &folder, &list).await?;
        }
        measure(&folder, &list).await
    })
}

/// Customers one after the other, so that each lies in one flush; then one run per bucket.
async fn write(n_events: u64, folder: &Path, list: &Path) -> Outcome<()> {
    let clock = Instant::now();
    let history = History::open(RunStore::in_folder(folder, FOOTER_BYTES)?, Vec::new(), [])?;
    let n_customers = (n_events / EVENTS_PER_CUSTOMER).max(1);
    let (mut events, mut position, mut seed) = (Vec::new(), 0, 0);
    for customer in 1..=n_customers {
        visits(customer, position + 1, &mut events);
        if events.len() >= BATCH_EVENTS || customer == n_customers {
            position += 100;
            history.add(FreshBatch::pack(Position(position), &events)?);
            events.clear();
        }
        if history.size().n_fresh >= FLUSH_EVENTS || customer == n_customers {
            seed += 1;
            if let Some(flushed) = history.flush(Rewrite::default(), seed).await? {
                history.install(&flushed.runs, &[], Some(flushed.through));
            }
        }
    }
    println!("written in {:.1} s", clock.elapsed().as_secs_f64());
    let mut buckets: BTreeMap<u16, Vec<RunMeta>> = BTreeMap::new();
    for run in history.runs() {
        buckets.entry(run.bucket).or_default().push(run);
    }
    for runs in buckets.into_values().filter(|runs| runs.len() > 1) {
        seed += 1;
        let job = Job::rewriting(runs).ok_or("a bucket has runs")?;
        let done = history.compact(job, Rewrite::default(), seed).await?;
        history.install(&done.added, &done.removed, None);
        history.remove_retired().await?;
    }
    let size = history.size();
    let (n_rows, per_row) = (size.n_run_rows, size.run_bytes / size.n_run_rows.max(1));
    println!("{n_rows} rows in {} files of {per_row} bytes a row", size.n_runs);
    println!("merged after {:.1} s", clock.elapsed().as_secs_f64());
    let line = |run: &RunMeta| {
        let RunMeta { path, bucket, level, n_rows, bytes, n_customers, .. } = run;
        let (first, last) = (run.min_customer.0, run.max_customer.0);
        let (from, to, through) = (run.min_time.0, run.max_time.0, run.written_through.0);
        format!(
            "{path} {bucket} {level} {n_rows} {bytes} {n_customers} {first} {last} {from} {to} {through}\n"
        )
    };
    Ok(std::fs::write(list, history.runs().iter().map(line).collect::<String>())?)
}

fn read_list(list: &Path) -> Outcome<Vec<RunMeta>> {
    let run = |line: &str| -> Outcome<RunMeta> {
        let (path, rest) = line.split_once(' ').ok_or("a line has a path")?;
        let n: Vec<i64> = rest.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        Ok(RunMeta {
            path: path.into(),
            bucket: u16::try_from(n[0])?,
            level: u8::try_from(n[1])?,
            n_rows: n[2].cast_unsigned(),
            bytes: n[3].cast_unsigned(),
            n_customers: n[4].cast_unsigned(),
            min_customer: CustomerId(n[5].cast_unsigned()),
            max_customer: CustomerId(n[6].cast_unsigned()),
            min_time: Timestamp(n[7]),
            max_time: Timestamp(n[8]),
            written_through: Position(n[9].cast_unsigned()),
        })
    };
    std::fs::read_to_string(list)?.lines().map(run).collect()
}

fn unit(r: u64) -> f64 {
    ((r >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// A customer's year: a log-normal number of events in visits of eight, a minute between two.
fn visits(customer: u64, position: u64, events: &mut Vec<StoredEvent>) {
    let mut state = mix64(customer);
    let mut draw = move || {
        state = mix64(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
        state
    };
    let (a, b) = (unit(draw()), unit(draw()));
    let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
    // The mean of the exponential is e^0.72 with a spread of 1.2.
    let n = (EVENTS_PER_CUSTOMER as f64 * (1.2 * normal - 0.72).exp() + unit(draw())) as u64;
    let mut at = 0;
    for number in 0..n {
        let r = draw();
        if number == 0 || r % 8 == 0 {
            at = YEAR_FROM + (unit(draw()) * (364 * DAY) as f64) as i64;
        }
        at += (-unit(draw()).ln() * 60e6) as i64;
        events.push(event(customer, at, (position << 12) + number, draw()));
    }
}

fn event(customer: u64, at: i64, seq: u64, r: u64) -> StoredEvent {
    let mut place = r % 1_000;
    let kind = NAMES.iter().position(|(_, share)| {
        let is_it = place < *share;
        place = place.saturating_sub(*share);
        is_it
    });
    let name = NAMES[kind.unwrap_or(0)].0;
    let product = r >> 12 & 0xfff;
    let properties = match name {
        "order_completed" => {
            format!(
                r#"{{"order_id":"o-{seq}","revenue":{}.{:02},"currency":"EUR"}}"#,
                r >> 30 & 255,
                r >> 40 & 63
            )
        }
        "product_viewed" | "product_added" => format!(r#"{{"product_id":"p-{product}"}}"#),
        _ => format!(r#"{{"path":"/p/{product}"}}"#),
    };
    StoredEvent {
        customer: CustomerId(customer),
        occurred_at: Timestamp(at),
        identifier: IdentifierId(customer),
        seq,
        kind: EventKind::Track,
        name: name.into(),
        source: SourceId(1),
        received_at: Timestamp(at + 80_000),
        message_id: format!("{r:016x}").into(),
        properties: Json::from_checked_text(properties),
        traits: Json::empty(),
        context: Json::from_checked_text(r#"{"locale":"de"}"#),
    }
}

async fn measure(folder: &Path, list: &Path) -> Outcome<()> {
    let runs = read_list(list)?;
    let n_rows: u64 = runs.iter().map(|run| run.n_rows).sum();
    println!("{n_rows} rows; times in ms per 20 M rows");
    let scale = 20e9 / n_rows as f64;
    for (what, columns) in [("times", &[0, 1][..]), ("times and names", &[0, 1, 5])] {
        let times: Vec<f64> =
            (0..2).map(|_| decode(folder, &runs, columns)).collect::<Result<_, _>>()?;
        println!("bare decoding of {what}: {:.0}", times[1] * scale);
    }
    let history = History::open(RunStore::in_folder(folder, FOOTER_BYTES)?, runs, [])?;
    questions(&history, scale).await?;
    println!("hot: {} MB; resident: {} MB", history.hot_bytes() >> 20, resident_mb());
    add_fresh(&history, n_rows / EVENTS_PER_CUSTOMER)?;
    println!("with {} fresh events:", history.size().n_fresh);
    questions(&history, scale).await?;
    println!("hot: {} MB; resident: {} MB", history.hot_bytes() >> 20, resident_mb());
    Ok(())
}

/// As many fresh events as there are before a flush, in batches, of customers here and there.
fn add_fresh(history: &History, n_customers: u64) -> Outcome<()> {
    for batch in 0..50 {
        let position = Position(1 << 40 | batch);
        let fresh = |index: usize| {
            let r = mix64(batch << 32 | index as u64);
            let at = YEAR_FROM + 365 * DAY + (batch as i64) * 1_000_000;
            event(1 + r % n_customers, at, StoredEvent::seq_of(position, index), r >> 7)
        };
        let events: Vec<StoredEvent> = (0..4_000).map(fresh).collect();
        history.add(FreshBatch::pack(position, &events)?);
    }
    Ok(())
}

async fn questions(history: &History, scale: f64) -> Outcome<()> {
    let every = || Ask::every(Window::EVER);
    let ask = |names: &[&str]| Ask {
        conditions: names.iter().map(|name| Condition::event(name)).collect(),
        ..every()
    };
    let label = Label { field: Field::Name, view: View::Whole };
    let funnel = Funnel(ask(&["product_viewed", "product_added", "order_completed"]));
    let touch = Touch(ask(&["campaign_touched", "email_clicked", "order_completed"]));
    let conditions = vec![Condition::event("search_performed"), Condition::default()];
    let paths = Paths(Ask { labels: vec![label], conditions, ..every() });
    let days = |from: i64, until: i64| Window {
        from: Timestamp(YEAR_FROM + from * DAY),
        until: Timestamp(YEAR_FROM + until * DAY),
    };
    let (year, month) = (days(0, 366), days(300, 330));
    let revenue =
        Sum(Ask { numbers: vec![Field::Property("revenue".into())], ..ask(&["order_completed"]) });
    run(history, "sessions", scale, Sessions(every())).await?;
    run(history, "daily actives", scale, Days(Ask::every(year), DAY)).await?;
    run(history, "daily actives of a month", scale, Days(Ask::every(month), DAY)).await?;
    run(history, "weekly retention", scale, Weeks(Ask::every(year))).await?;
    run(history, "funnel", scale, funnel).await?;
    run(history, "paths", scale, paths).await?;
    run(history, "last touch", scale, touch).await?;
    run(history, "revenue", scale, revenue).await
}

fn resident_mb() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    (pages.unwrap_or(0) * 4096) >> 20
}

fn decode(folder: &Path, runs: &[RunMeta], columns: &[usize]) -> Outcome<f64> {
    let clock = Instant::now();
    let next = AtomicUsize::new(0);
    let work = || -> Result<usize, String> {
        let mut n = 0;
        while let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let file = File::open(folder.join(&run.path)).map_err(|e| e.to_string())?;
            let builder =
                ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| e.to_string())?;
            let mask = ProjectionMask::leaves(builder.parquet_schema(), columns.iter().copied());
            let rows = builder.with_projection(mask).with_batch_size(16 << 10).build();
            for batch in rows.map_err(|e| e.to_string())? {
                n += batch.map_err(|e| e.to_string())?.num_rows();
            }
        }
        Ok(n)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|t| t.join().map_err(|_| "a thread died")?.map(drop))
    })?;
    Ok(clock.elapsed().as_secs_f64())
}

async fn run<F>(history: &History, what: &str, scale: f64, fold: F) -> Outcome<()>
where
    F: Fold + Send + 'static,
    F::Total: std::fmt::Debug + 'static,
{
    let options = FoldOptions {
        traits: Arc::new(NoTraits),
        threads: THREADS,
        cancel: Arc::default(),
        progress: None,
        budget: None,
        memory_max: 256 << 20,
    };
    let fold = Arc::new(fold);
    let mut times = Vec::new();
    let mut shown = String::new();
    for _ in 0..8 {
        let clock = Instant::now();
        let folded = history.fold(fold.clone(), options.clone()).await?;
        times.push(clock.elapsed().as_secs_f64() * scale);
        shown = format!("{:?}", folded.total);
    }
    let warm = times[1..].iter().copied().fold(f64::INFINITY, f64::min);
    shown.truncate(60);
    println!("{what}: cold {:.0}, warm {warm:.1}    {shown}", times[0]);
    Ok(())
}

/// Implements what is the same for all folds below: they see timelines whole.
macro_rules! whole {
    ($fold:ty, $total:ty, $start:expr, $merge:expr) => {
        type State = Vec<(i64, u16, u32, f64)>;
        type Total = $total;

        fn ask(&self) -> &Ask {
            &self.0
        }

        fn start(&self) -> Self::State {
            Vec::new()
        }

        fn step(&self, _: &mut Self::State, _: Rows<'_>) {
            unreachable!("these folds are given timelines whole")
        }

        fn finish(&self, _: Self::State, _: CustomerId, _: &mut $total) {}

        fn total(&self) -> $total {
            $start
        }

        fn merge(&self, into: &mut $total, other: $total) {
            let add: fn(&mut $total, $total) = $merge;
            add(into, other);
        }
    };
}

fn add_all(into: &mut [u64], other: &[u64]) {
    into.iter_mut().zip(other).for_each(|(into, other)| *into += other);
}

/// Visits: half an hour without an event ends one.
struct Sessions(Ask);

impl Fold for Sessions {
    whole!(Sessions, u64, 0, |into, other| *into += other);

    fn whole(&self, rows: Rows<'_>, total: &mut u64) {
        let pairs = rows.times().windows(2);
        *total += 1 + pairs.map(|pair| u64::from(pair[1] - pair[0] > 1_800_000_000)).sum::<u64>();
    }
}

/// Customers per day.
struct Days(Ask, i64);

impl Fold for Days {
    whole!(Days, Vec<u64>, vec![0; 400], |into, other| add_all(into, &other));

    fn whole(&self, rows: Rows<'_>, total: &mut Vec<u64>) {
        let mut until = i64::MIN;
        for &at in rows.times() {
            if at >= until {
                let day = (at - YEAR_FROM) / self.1;
                until = YEAR_FROM + (day + 1) * self.1;
                total[day as usize] += 1;
            }
        }
    }
}

/// Customers by the week of their first event and weeks since then.
struct Weeks(Ask);

impl Fold for Weeks {
    whole!(Weeks, Vec<u64>, vec![0; 54 * 54], |into, other| add_all(into, &other));

    fn whole(&self, rows: Rows<'_>, total: &mut Vec<u64>) {
        let (mut until, mut first) = (i64::MIN, None);
        for &at in rows.times() {
            if at >= until {
                let week = (at - YEAR_FROM) / (7 * DAY);
                until = YEAR_FROM + (week + 1) * 7 * DAY;
                let first = *first.get_or_insert(week);
                total[(first * 54 + week - first) as usize] += 1;
            }
        }
    }
}

/// The deepest of three steps within a week.
struct Funnel(Ask);

impl Fold for Funnel {
    whole!(Funnel, [u64; 4], [0; 4], |into, other| add_all(into, &other));

    fn whole(&self, rows: Rows<'_>, total: &mut [u64; 4]) {
        const NEVER: i64 = i64::MIN / 2;
        let mut begun = [NEVER; 3];
        let mut level = 0;
        for (&at, &marks) in rows.times().iter().zip(rows.marks()) {
            match marks {
                0 => {}
                1 => {
                    begun[0] = at;
                    level = level.max(1);
                }
                2 => {
                    if at - begun[0] <= 7 * DAY {
                        begun[1] = begun[0];
                        level = level.max(2);
                    }
                }
                _ => {
                    if at - begun[1] <= 7 * DAY {
                        begun[2] = begun[1];
                        level = level.max(3);
                    }
                }
            }
        }
        total[level] += 1;
    }
}

/// What follows an event: it and the next two.
struct Paths(Ask);

impl Fold for Paths {
    whole!(Paths, Vec<u64>, vec![0; 32 * 32], |into, other| add_all(into, &other));

    fn whole(&self, rows: Rows<'_>, total: &mut Vec<u64>) {
        let (marks, labels) = (rows.marks(), rows.labels(0));
        for (row, next) in labels.windows(3).enumerate() {
            if marks[row] & 1 != 0 {
                total[(next[1] * 32 + next[2]) as usize] += 1;
            }
        }
    }
}

/// Orders by the last touch within thirty days before.
struct Touch(Ask);

impl Fold for Touch {
    whole!(Touch, [u64; 3], [0; 3], |into, other| add_all(into, &other));

    fn whole(&self, rows: Rows<'_>, total: &mut [u64; 3]) {
        let (mut last, mut which) = (i64::MIN / 2, 0);
        for (&at, &marks) in rows.times().iter().zip(rows.marks()) {
            match marks {
                0 => {}
                4 => total[if at - last <= 30 * DAY { which } else { 0 }] += 1,
                _ => (last, which) = (at, usize::from(marks)),
            }
        }
    }
}

/// The sum of a number.
struct Sum(Ask);

impl Fold for Sum {
    whole!(Sum, f64, 0.0, |into, other| *into += other);

    fn whole(&self, rows: Rows<'_>, total: &mut f64) {
        let numbers = rows.numbers(0).iter().zip(rows.marks());
        *total += numbers.filter(|(_, marks)| **marks != 0).map(|(n, _)| n).sum::<f64>();
    }
}
