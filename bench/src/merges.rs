//! How long after somebody decided on a merge, or took it back, does every page show it?

use crate::http::Connection;
use crate::load::{self, LoadArguments};
use anyhow::{Context, Result, bail};
use clap::Args;
use hdrhistogram::Histogram;
use serde_json::Value;
use std::time::{Duration, Instant};

/// What to measure.
#[derive(Args, Clone, Debug)]
pub struct MergesArguments {
    /// The load beside which it is measured
    #[command(flatten)]
    pub load: LoadArguments,
    /// A token that may decide
    #[arg(long)]
    pub token: String,
    /// Pairs of customers who are merged and parted again, one after another
    #[arg(long, default_value_t = 200)]
    pub pairs: u64,
}

/// Sends the load and, beside it, merges pairs of its customers by hand and takes that back.
pub async fn run(arguments: &MergesArguments) -> Result<()> {
    let load = arguments.load.clone();
    let sending = tokio::spawn(async move { load::send(&load).await });
    tokio::time::sleep(Duration::from_secs(8)).await;
    let token = format!("Bearer {}", arguments.token);
    let mut desk = Desk { api: Connection::open(&arguments.load.server, &token).await? };
    let mut merged_us = Histogram::<u64>::new(3)?;
    let mut parted_us = Histogram::<u64>::new(3)?;
    let mut n_pairs = 0;
    for customer in 0..arguments.load.customers / 2 {
        let Some(pair) = desk.pair(2 * customer).await? else { continue };
        let (decision, took) = desk.merge(&pair).await?;
        merged_us.record(took)?;
        parted_us.record(desk.part(&pair, &decision).await?)?;
        n_pairs += 1;
        if n_pairs == arguments.pairs {
            break;
        }
        if sending.is_finished() {
            bail!("the load ended before the merges did; give it more seconds");
        }
    }
    sending.abort();
    println!("pairs                 {n_pairs}");
    for (what, histogram) in [("merge", merged_us), ("unmerge", parted_us)] {
        for (name, quantile) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0)] {
            let ms = histogram.value_at_quantile(quantile) as f64 / 1e3;
            println!("{what:<8} visible {name:<5} {ms:.1} ms");
        }
    }
    Ok(())
}

/// Two customers of the load, each with one identifier that is known.
struct Pair {
    identifiers: [String; 2],
    ids: [String; 2],
}

struct Desk {
    api: Connection,
}

impl Desk {
    async fn pair(&mut self, first: u64) -> Result<Option<Pair>> {
        let identifiers = [format!("anon-{first}"), format!("anon-{}", first + 1)];
        let [a, b] = [self.lookup(&identifiers[0]).await?, self.lookup(&identifiers[1]).await?];
        Ok(a.zip(b).filter(|(a, b)| a != b).map(|(a, b)| Pair { identifiers, ids: [a, b] }))
    }

    async fn lookup(&mut self, identifier: &str) -> Result<Option<String>> {
        let path = format!("/api/lookup?kind=anonymous_id&value={identifier}");
        let answer = self.api.ask("GET", &path, b"").await?;
        match answer.status {
            404 => Ok(None),
            200 => {
                let found: Value = serde_json::from_str(&answer.body)?;
                Ok(found["customer_id"].as_str().map(str::to_owned))
            }
            status => bail!("status {status}: {}", answer.body),
        }
    }

    /// The decision, and microseconds from asking for it until both identifiers, the profile and
    /// the timeline are those of one customer.
    async fn merge(&mut self, pair: &Pair) -> Result<(String, u64)> {
        let asked = Instant::now();
        let body = serde_json::json!({ "merge": pair.ids }).to_string();
        let decision = self.decide("/api/decisions", &body).await?;
        while !self.is_one(pair).await? {
            give_up_after(asked, "a merge was not on every page after 10 s")?;
        }
        Ok((decision, u64::try_from(asked.elapsed().as_micros())?))
    }

    /// The same until they are two again.
    async fn part(&mut self, pair: &Pair, decision: &str) -> Result<u64> {
        let asked = Instant::now();
        self.decide(&format!("/api/decisions/{decision}/undo"), "").await?;
        while !self.are_two(pair).await? {
            give_up_after(asked, "an unmerge was not on every page after 10 s")?;
        }
        Ok(u64::try_from(asked.elapsed().as_micros())?)
    }

    async fn decide(&mut self, path: &str, body: &str) -> Result<String> {
        let answer = self.api.ask("POST", path, body.as_bytes()).await?;
        if answer.status >= 300 {
            bail!("{path}: status {}: {}", answer.status, answer.body);
        }
        let decision: Value = serde_json::from_str(&answer.body)?;
        Ok(decision["id"].as_str().context("a decision has an id")?.to_owned())
    }

    async fn is_one(&mut self, pair: &Pair) -> Result<bool> {
        let [a, b] = &pair.identifiers;
        let (of_a, of_b) = (self.lookup(a).await?, self.lookup(b).await?);
        let Some(id) = of_a else { return Ok(false) };
        Ok(of_b.as_ref() == Some(&id) && self.shows(&id, a).await? && self.shows(&id, b).await?)
    }

    async fn are_two(&mut self, pair: &Pair) -> Result<bool> {
        let [a, b] = &pair.identifiers;
        let found = [self.lookup(a).await?, self.lookup(b).await?];
        let [Some(of_a), Some(of_b)] = found else { return Ok(false) };
        Ok(of_a != of_b
            && self.shows(&of_a, a).await?
            && self.shows(&of_b, b).await?
            && !self.shows(&of_a, b).await?)
    }

    /// Whether the profile and the timeline of a customer hold an identifier.
    async fn shows(&mut self, id: &str, identifier: &str) -> Result<bool> {
        let quoted = format!("\"{identifier}\"");
        for path in
            [format!("/api/customers/{id}"), format!("/api/customers/{id}/events?limit=500")]
        {
            let answer = self.api.ask("GET", &path, b"").await?;
            if answer.status != 200 || !answer.body.contains(&quoted) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn give_up_after(asked: Instant, message: &str) -> Result<()> {
    if asked.elapsed() > Duration::from_secs(10) {
        bail!("{message}");
    }
    Ok(())
}
