//! How long do people wait who click through insights, and does any of their questions fail?

use crate::http::Connection;
use anyhow::{Result, bail};
use base::seed::Seed;
use clap::Args;
use hdrhistogram::Histogram;
use rand_core::RngCore;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Who asks.
#[derive(Args, Clone, Debug)]
pub struct AnalystsArguments {
    /// The server, as ADDRESS:PORT on loopback
    #[arg(long, default_value = "127.0.0.1:7117")]
    pub server: String,
    /// A token that may read
    #[arg(long)]
    pub token: String,
    /// People who click at the same time
    #[arg(long, default_value_t = 10)]
    pub people: u64,
    /// How long they click, in seconds
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// The longest that a person looks at an answer before the next click, in seconds
    #[arg(long, default_value_t = 6)]
    pub look: u64,
    /// The seed of all choices
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// What one person saw.
#[derive(Default)]
struct Seen {
    by_question: BTreeMap<&'static str, Histogram<u64>>,
    failed: Vec<String>,
}

/// A click: what it is called in the report, where it goes, what it sends.
struct Click {
    name: &'static str,
    path: &'static str,
    body: Value,
}

/// Lets people click until the time is over and prints how long they waited; fails where one of
/// their questions did.
pub async fn run(arguments: &AnalystsArguments) -> Result<()> {
    let mut people = JoinSet::new();
    for person in 0..arguments.people {
        people.spawn(sit(arguments.clone(), person));
    }
    let mut seen = Seen::default();
    while let Some(done) = people.join_next().await {
        seen.add(done??)?;
    }
    for (name, waited) in &seen.by_question {
        let ms = |quantile| waited.value_at_quantile(quantile) as f64 / 1e3;
        let (n, p50, p99, max) = (waited.len(), ms(0.5), ms(0.99), waited.max() as f64 / 1e3);
        println!("{name:<28} {n:>6} asked   p50 {p50:.0}   p99 {p99:.0}   max {max:.0} ms");
    }
    println!("failed {}", seen.failed.len());
    if let Some(first) = seen.failed.first() {
        bail!("the first that failed: {first}");
    }
    Ok(())
}

async fn sit(arguments: AnalystsArguments, person: u64) -> Result<Seen> {
    let token = format!("Bearer {}", arguments.token);
    let mut connection = Connection::open(&arguments.server, &token).await?;
    let mut rng = Seed::root(arguments.seed).nth(person).rng();
    let end = Instant::now() + Duration::from_secs(arguments.seconds);
    let mut seen = Seen::default();
    while Instant::now() < end {
        let looks = rng.next_u64() % (arguments.look * 1_000).max(1);
        tokio::time::sleep(Duration::from_millis(looks)).await;
        let Click { name, path, body } = click(&mut rng);
        let asked = Instant::now();
        let answer = connection.ask("POST", path, body.to_string().as_bytes()).await?;
        if answer.status == 200 {
            let waited = seen.by_question.entry(name).or_insert_with(histogram);
            waited.record(u64::try_from(asked.elapsed().as_micros())?)?;
        } else {
            seen.failed.push(format!("{name}: status {}: {}", answer.status, answer.body));
        }
    }
    Ok(seen)
}

impl Seen {
    fn add(&mut self, other: Self) -> Result<()> {
        for (name, waited) in other.by_question {
            self.by_question.entry(name).or_insert_with(histogram).add(waited)?;
        }
        self.failed.extend(other.failed);
        Ok(())
    }
}

fn histogram() -> Histogram<u64> {
    Histogram::new(3).expect("three digits are within the bounds")
}

/// What a person asks next: one of the questions, over a stretch of their choice.
fn click(rng: &mut impl RngCore) -> Click {
    let days = [1, 7, 14, 30, 90][(rng.next_u64() % 5) as usize];
    let period = json!({"kind": "last", "n": days, "grain": "day", "current": true});
    let grain = if days == 1 { "hour" } else { "day" };
    let viewed = json!({"events": ["Product Viewed"]});
    let ordered = json!({"events": ["Order Completed"]});
    let steps = json!([viewed, {"events": ["Product Added"]}, ordered]);
    let funnel = json!({"period": period, "steps": steps, "within": 604_800});
    let customers = json!({"events": viewed, "measure": {"is": "customers"}});
    match rng.next_u64() % 7 {
        0 => trend("customers by day", period, grain, json!({"series": [customers]})),
        1 => {
            let of = json!({"of": "property", "path": "revenue"});
            let revenue = json!({"events": ordered, "measure": {"is": "sum", "of": of}});
            trend("revenue by day", period, grain, json!({"series": [revenue]}))
        }
        2 => {
            let views = json!({"events": {}, "measure": {"is": "events"}});
            let by = json!({"of": "context", "path": "page.path"});
            let asked = json!({"series": [views], "breakdown": {"by": by}});
            trend("events by page", period, grain, asked)
        }
        3 => {
            let compared = json!({"series": [customers], "compare": "previous"});
            trend("customers, compared", period, grain, compared)
        }
        4 => Click { name: "funnel", path: "/api/insights/funnel", body: funnel },
        5 => {
            let path = "/api/insights/funnel/customers";
            let body = json!({"question": funnel, "step": 2, "side": "dropped"});
            Click { name: "customers who dropped", path, body }
        }
        _ => {
            let path = "/api/insights/trend/customers";
            let series = [customers];
            let question = json!({"period": period, "grain": grain, "series": series});
            Click {
                name: "customers of a day",
                path,
                body: json!({"question": question, "series": 0}),
            }
        }
    }
}

fn trend(name: &'static str, period: Value, grain: &str, mut asked: Value) -> Click {
    asked["period"] = period;
    asked["grain"] = json!(grain);
    Click { name, path: "/api/insights/trend", body: asked }
}
