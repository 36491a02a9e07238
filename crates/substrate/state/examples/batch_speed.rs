//! How fast do the processor's tables take what 25,000 events a second bring?
//!
//! `cargo run --release -p rapport-state --example batch_speed -- [sqlite:PATH | postgres://…]`
//! measures, with 200,000 customers whose profiles have 1,500 bytes, batches that touch 20,000 of
//! them, and the memory of message ids.

use base::hash::{hash128, mix64};
use base::{CustomerId, Duration, IdentifierId, Position, Timestamp};
use lexicon::{Identifier, IdentifierKind};
use rapport_state::{Count, CustomerQuery, CustomerRow, IdentifierRow, Seen, State, StateError};
use std::future::Future;
use std::time::Instant;

const N_CUSTOMERS: u64 = 200_000;
const N_TOUCHED: u64 = 20_000;
const N_BATCHES: u64 = 5;

#[tokio::main]
async fn main() -> Result<(), StateError> {
    let dir = std::env::temp_dir().join(format!("rapport-batch-speed-{}", std::process::id()));
    let file = format!("sqlite:{}", dir.join("state.db").display());
    std::fs::create_dir_all(&dir).expect("a directory for the database");
    let state = State::open(&std::env::args().nth(1).unwrap_or(file)).await?;
    println!("{}", state.db().dialect().name());
    fill(&state).await?;
    for n in 1..=N_BATCHES {
        step(&state, n).await?;
    }
    ask(&state).await?;
    remember(&state).await?;
    state.db().close().await;
    std::fs::remove_dir_all(&dir).expect("the directory goes");
    Ok(())
}

/// Prints how long it took, and the rate.
async fn timed<T>(
    what: &str,
    n: u64,
    work: impl Future<Output = Result<T, StateError>>,
) -> Result<T, StateError> {
    let begin = Instant::now();
    let answer = work.await?;
    let seconds = begin.elapsed().as_secs_f64();
    println!("{what:<44} {n:>9} in {:>7.1} ms: {:>9.0}/s", seconds * 1e3, n as f64 / seconds);
    Ok(answer)
}

fn identifier(n: u64) -> Identifier {
    let value = format!("{:016x}-{n}", mix64(n)).into();
    Identifier { kind: IdentifierKind::UserId, value }
}

fn customer(n: u64, at: u64) -> CustomerRow {
    CustomerRow {
        id: CustomerId(n),
        name: Some(format!("Customer Number{:06}", mix64(n) % 1_000_000)),
        email: Some(format!("c{n}@example.com")),
        phone: None,
        country: Some("DE".into()),
        city: Some("Berlin".into()),
        company: None,
        first_seen: Timestamp(0),
        last_seen: Timestamp((at * 1_000_000 + mix64(n ^ at) % 1_000_000).cast_signed()),
        n_events: at,
        n_orders: 0,
        revenue_minor: 0,
        currency: None,
        is_known: true,
    }
}

fn profile(n: u64) -> Vec<u8> {
    (0..188).flat_map(|i| mix64(n ^ (i << 32)).to_le_bytes()).collect()
}

async fn fill(state: &State) -> Result<(), StateError> {
    let rows = (1..=N_CUSTOMERS).map(|n| IdentifierRow {
        id: IdentifierId(n),
        identifier: identifier(n),
        customer: CustomerId(n),
        first_seen: Timestamp(0),
        recorded_at: Timestamp(0),
        is_shared: false,
    });
    let rows: Vec<_> = rows.collect();
    let customers: Vec<_> = (1..=N_CUSTOMERS).map(|n| customer(n, 0)).collect();
    let profiles: Vec<_> = (1..=N_CUSTOMERS).map(|n| (CustomerId(n), profile(n))).collect();
    let mut batch = state.begin().await?;
    timed("new identifiers", N_CUSTOMERS, batch.put_identifiers(&rows)).await?;
    timed("new customers", N_CUSTOMERS, batch.put_customers(&customers)).await?;
    timed("new profiles", N_CUSTOMERS, batch.put_profiles(&profiles)).await?;
    timed("commit", 1, batch.commit()).await
}

/// What the processor does with 25,000 events of 20,000 customers.
async fn step(state: &State, n: u64) -> Result<(), StateError> {
    let mut touched: Vec<u64> =
        (0..N_TOUCHED).map(|i| mix64(n << 32 | i) % N_CUSTOMERS + 1).collect();
    touched.sort_unstable();
    touched.dedup();
    let n_touched = touched.len() as u64;
    let wanted: Vec<_> = touched.iter().map(|&n| identifier(n)).collect();
    let ids: Vec<_> = touched.iter().map(|&n| CustomerId(n)).collect();
    let customers: Vec<_> = touched.iter().map(|&c| customer(c, n)).collect();
    let profiles: Vec<_> = touched.iter().map(|&c| (CustomerId(c), profile(c ^ n))).collect();
    let counts = (0..50).map(|i| Count {
        source: base::SourceId(1),
        hour: Timestamp(0),
        name: format!("Event {i}"),
        n_accepted: 500,
        n_refused: 0,
        n_duplicate: 0,
    });
    let begin = Instant::now();
    timed("read identifiers", n_touched, state.identifiers(&wanted)).await?;
    timed("read profiles", n_touched, state.profiles(&ids)).await?;
    let mut batch = state.begin().await?;
    timed("write profiles", n_touched, batch.put_profiles(&profiles)).await?;
    timed("write customers", n_touched, batch.put_customers(&customers)).await?;
    timed("write counts", 50, batch.put_counts(&counts.collect::<Vec<_>>())).await?;
    timed("write fresh", 1, batch.put_fresh(Position(n), 25_000, &vec![7; 3 << 20])).await?;
    batch.advance(Position(n));
    timed("commit", 1, batch.commit()).await?;
    println!("batch {n} of 25,000 events: {:.0} ms", begin.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

async fn ask(state: &State) -> Result<(), StateError> {
    let query = |text: Option<&str>| CustomerQuery {
        text: text.map(str::to_owned),
        descending: true,
        limit: 50,
        ..CustomerQuery::default()
    };
    timed("list of 50, last seen", 1, state.customers(&query(None))).await?;
    timed("search by identifier", 1, state.customers(&query(Some("0a1")))).await?;
    timed("search by part of a name", 1, state.customers(&query(Some("number0012")))).await?;
    timed("count customers", 1, state.count_customers()).await?;
    Ok(())
}

/// Message ids: three million new ones in batches of 25,000, then a replay of the first.
async fn remember(state: &State) -> Result<(), StateError> {
    let mut seen = Seen::open(state, Duration::hours(72)).await?;
    let id = |n: u64| (hash128(&n.to_le_bytes()), false);
    let begin = Instant::now();
    let mut slowest = 0.0f64;
    for n in 0..120 {
        let ids: Vec<_> = (n * 25_000..(n + 1) * 25_000).map(id).collect();
        let begin = Instant::now();
        let are_new = seen.which_are_new(&ids).await?;
        assert!(are_new.iter().all(|&is_new| is_new));
        let mut batch = state.begin().await?;
        seen.stage(&mut batch, Timestamp(0)).await?;
        batch.commit().await?;
        slowest = slowest.max(begin.elapsed().as_secs_f64());
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("new message ids: {:.0}/s, slowest batch {:.0} ms", 3e6 / seconds, slowest * 1e3);
    seen.rest().await?;
    let again: Vec<_> = (0..25_000).map(|n| id(n * 100)).collect();
    timed("replayed message ids", 25_000, seen.which_are_new(&again)).await?;
    let reopened = timed("open the memory", 1, Seen::open(state, Duration::hours(72))).await?;
    assert_eq!(reopened.len(), 3_000_000);
    Ok(())
}
