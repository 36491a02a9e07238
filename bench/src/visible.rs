//! How long after its acknowledgement is an event on its customer's profile?

use crate::http::Connection;
use crate::load::{self, LoadArguments};
use anyhow::{Result, bail};
use clap::Args;
use hdrhistogram::Histogram;
use std::time::{Duration, Instant};

/// What to measure.
#[derive(Args, Clone, Debug)]
pub struct VisibleArguments {
    /// The load beside which it is measured
    #[command(flatten)]
    pub load: LoadArguments,
    /// A token that may read
    #[arg(long)]
    pub token: String,
    /// Events that are followed, one after another
    #[arg(long, default_value_t = 500)]
    pub probes: u64,
}

/// Sends the load and, beside it, single events that are followed until they are seen.
pub async fn run(arguments: &VisibleArguments) -> Result<()> {
    let load = arguments.load.clone();
    let sending = tokio::spawn(async move { load::send(&load).await });
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut latency_us = Histogram::<u64>::new(3)?;
    let mut probe = Probe::open(arguments).await?;
    for number in 0..arguments.probes {
        latency_us.record(probe.follow(number).await?)?;
        if sending.is_finished() {
            bail!("the load ended before the probes did; give it more seconds");
        }
    }
    sending.abort();
    println!("probes                {}", arguments.probes);
    for (name, quantile) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0)] {
        let ms = latency_us.value_at_quantile(quantile) as f64 / 1e3;
        println!("visible {name:<13} {ms:.1} ms");
    }
    Ok(())
}

struct Probe {
    writing: Connection,
    reading: Connection,
    run: u64,
}

impl Probe {
    async fn open(arguments: &VisibleArguments) -> Result<Self> {
        let server = &arguments.load.server;
        let key = load::basic(&arguments.load.write_key);
        let token = format!("Bearer {}", arguments.token);
        Ok(Self {
            writing: Connection::open(server, &key).await?,
            reading: Connection::open(server, &token).await?,
            run: load::now_ms(),
        })
    }

    /// Microseconds from the acknowledgement of one event until its trait is on the profile.
    async fn follow(&mut self, number: u64) -> Result<u64> {
        let user = format!("probe-{}-{number}", self.run);
        let body = format!("{{\"userId\":\"{user}\",\"traits\":{{\"probe\":\"{user}\"}}}}");
        let answer = self.writing.ask("POST", "/v1/identify", body.as_bytes()).await?;
        if answer.status != 200 {
            bail!("status {}: {}", answer.status, answer.body);
        }
        let acknowledged = Instant::now();
        while !self.is_on_profile(&user).await? {
            if acknowledged.elapsed() > Duration::from_secs(30) {
                bail!("an acknowledged event was not on its profile after 30 s");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(u64::try_from(acknowledged.elapsed().as_micros())?)
    }

    async fn is_on_profile(&mut self, user: &str) -> Result<bool> {
        let path = format!("/api/lookup?kind=user_id&value={user}");
        let found = self.reading.ask("GET", &path, b"").await?;
        if found.status == 404 {
            return Ok(false);
        }
        let found: serde_json::Value = serde_json::from_str(&found.body)?;
        let Some(id) = found["customer_id"].as_str() else { bail!("no customer_id in {found}") };
        let profile = self.reading.ask("GET", &format!("/api/customers/{id}"), b"").await?;
        Ok(profile.status == 200 && profile.body.contains(user))
    }
}
