//! How many requests per second does the log take, and how long does each wait?
//!
//! `cargo run --release -p rapport-log --example append_speed -- [requests/s] [bytes] [seconds]`
//! appends entries of random-looking bytes at a steady pace while a reader follows and a trim
//! clears away behind it, as the processor does; then as fast as 64 senders can.

use base::Position;
use rapport_log::{EventLog, LogOptions, SqliteLog};
use std::time::{Duration, Instant};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let mut next = |default| numbers.next().unwrap_or(Ok(default));
    let (rate, n_bytes, seconds) = (next(600)?, next(60_000)?, next(10)?);
    let dir = std::env::temp_dir().join(format!("rapport-append-speed-{}", std::process::id()));
    let log = SqliteLog::open(&dir, LogOptions::default()).await?;
    let follower = tokio::spawn(follow(log.clone()));

    let begin = Instant::now();
    let mut sent = Vec::new();
    for n in 0..rate * seconds {
        let due = begin + Duration::from_micros(n * 1_000_000 / rate);
        tokio::time::sleep_until(due.into()).await;
        sent.push(tokio::spawn(timed(log.clone(), body(n, n_bytes), due)));
    }
    report(&format!("{rate} requests/s of {n_bytes} bytes"), begin, sent).await?;

    let begin = Instant::now();
    let senders = (0..64).map(|sender| {
        let log = log.clone();
        tokio::spawn(async move {
            let mut waits = Vec::new();
            for n in 0..200 {
                let body = body(sender * 1_000 + n, n_bytes);
                waits.push(timed(log.clone(), body, Instant::now()).await);
            }
            waits
        })
    });
    let mut waits = Vec::new();
    for sender in senders.collect::<Vec<_>>() {
        waits.extend(sender.await?);
    }
    print("64 senders, as fast as they can", begin, waits);
    follower.abort();
    log.close().await?;
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

/// A body that does not compress into nothing.
fn body(seed: u64, n_bytes: u64) -> Vec<u8> {
    (0..n_bytes.div_ceil(8)).flat_map(|n| base::hash::mix64(seed << 20 | n).to_le_bytes()).collect()
}

async fn timed(log: SqliteLog, body: Vec<u8>, due: Instant) -> Duration {
    log.append(body.into()).await.expect("the log takes what it is sent");
    due.elapsed()
}

async fn follow(log: SqliteLog) {
    let (mut at, mut head) = (Position(0), log.watch());
    while head.changed().await.is_ok() {
        loop {
            let entries = log.read_after(at, 1_000, 16 << 20).await.expect("the log can be read");
            let Some(last) = entries.last() else { break };
            at = last.position;
        }
        log.trim(Position(at.0.saturating_sub(2_000))).await.expect("the log can be trimmed");
    }
}

async fn report(
    title: &str,
    begin: Instant,
    sent: Vec<tokio::task::JoinHandle<Duration>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut waits = Vec::new();
    for task in sent {
        waits.push(task.await?);
    }
    print(title, begin, waits);
    Ok(())
}

fn print(title: &str, begin: Instant, mut waits: Vec<Duration>) {
    let seconds = begin.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{title}: {:.0}/s, wait p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms, max {:.1} ms",
        waits.len() as f64 / seconds,
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
}
