//! How long does the API take for a customer's page?

use crate::http::Connection;
use anyhow::{Result, bail};
use base::seed::Seed;
use clap::Args;
use hdrhistogram::Histogram;
use rand_core::RngCore;
use std::time::Instant;

/// What to ask.
#[derive(Args, Clone, Debug)]
pub struct PagesArguments {
    /// The server, as ADDRESS:PORT on loopback
    #[arg(long, default_value = "127.0.0.1:7117")]
    pub server: String,
    /// A token that may read
    #[arg(long)]
    pub token: String,
    /// Customers of the load, who are called `anon-0` to `anon-N`
    #[arg(long, default_value_t = 1_000_000)]
    pub customers: u64,
    /// How many pages to ask for
    #[arg(long, default_value_t = 2_000)]
    pub requests: u64,
    /// The seed of the choice of customers
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Asks for random customers, profile and first page of the timeline, one after another.
pub async fn run(arguments: &PagesArguments) -> Result<()> {
    let token = format!("Bearer {}", arguments.token);
    let mut connection = Connection::open(&arguments.server, &token).await?;
    let mut rng = Seed::root(arguments.seed).rng();
    let mut profile_us = Histogram::<u64>::new(3)?;
    let mut timeline_us = Histogram::<u64>::new(3)?;
    let mut n_asked = 0;
    while n_asked < arguments.requests {
        let customer = rng.next_u64() % arguments.customers;
        let Some(id) = lookup(&mut connection, customer).await? else { continue };
        let profile = format!("/api/customers/{id}");
        profile_us.record(time(&mut connection, &profile).await?)?;
        let timeline = format!("/api/customers/{id}/events?limit=50");
        timeline_us.record(time(&mut connection, &timeline).await?)?;
        n_asked += 1;
    }
    for (name, histogram) in [("profile", profile_us), ("timeline", timeline_us)] {
        for (quantile, value) in [("p50", 0.5), ("p99", 0.99), ("max", 1.0)] {
            let ms = histogram.value_at_quantile(value) as f64 / 1e3;
            println!("{name:<9} {quantile:<4} {ms:.2} ms");
        }
    }
    Ok(())
}

async fn lookup(connection: &mut Connection, customer: u64) -> Result<Option<String>> {
    let path = format!("/api/lookup?kind=anonymous_id&value=anon-{customer}");
    let answer = connection.ask("GET", &path, b"").await?;
    match answer.status {
        200 => {
            let found: serde_json::Value = serde_json::from_str(&answer.body)?;
            Ok(found["customer_id"].as_str().map(str::to_owned))
        }
        404 => Ok(None),
        status => bail!("status {status}: {}", answer.body),
    }
}

async fn time(connection: &mut Connection, path: &str) -> Result<u64> {
    let asked = Instant::now();
    let answer = connection.ask("GET", path, b"").await?;
    if answer.status != 200 {
        bail!("{path}: status {}: {}", answer.status, answer.body);
    }
    Ok(u64::try_from(asked.elapsed().as_micros())?)
}
