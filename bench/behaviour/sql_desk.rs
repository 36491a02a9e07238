//! What does Rapport's own SQL answer on the history that was filled, and how long does it take?

use crate::ask::peak_mb;
use crate::fill;
use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use futures::TryStreamExt;
use serde::Serialize;
use serde_json::Value;
use sql::write::{Form, write};
use sql::{Cause, Engine, Folds, PageQuery, Rows, SqlLimits, Tables, Viewer};
use std::collections::{BTreeMap, HashSet};
use std::io::read_to_string;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// What may lie on the disk for a while, as on a server.
const SPILL_BYTES: u64 = 4 << 30;

/// Of what to ask.
#[derive(clap::Args)]
pub struct SqlArguments {
    /// The folder that `fill` has written
    #[arg(long)]
    pub folder: PathBuf,
    /// Times that each text is asked; the best counts
    #[arg(long, default_value_t = 3)]
    pub runs: u32,
}

/// What is printed, as JSON.
#[derive(Serialize)]
struct Answers {
    peak_mb: u64,
    answers: BTreeMap<String, Answer>,
}

#[derive(Serialize)]
struct Answer {
    rows: Value,
    first_seconds: f64,
    seconds: f64,
}

/// A history without customers' tables: nobody is left out.
struct HistoryAlone;

#[async_trait]
impl Tables for HistoryAlone {
    async fn page(&self, _: PageQuery<'_>, _: &mut Rows) -> Result<Option<String>, Cause> {
        Ok(None)
    }

    async fn left_out(&self) -> Result<Arc<HashSet<i64>>, Cause> {
        Ok(Arc::default())
    }
}

/// Asks each text several times.
pub async fn run(arguments: &SqlArguments) -> Result<()> {
    let texts: BTreeMap<String, String> = serde_json::from_str(&read_to_string(std::io::stdin())?)?;
    let history = Arc::new(fill::open(&arguments.folder)?);
    let work = tempfile::tempdir()?;
    let spill = Some((work.path().to_owned(), SPILL_BYTES));
    let engine = Engine::new(history, SqlLimits { spill, ..SqlLimits::default() })?;
    let viewer = Viewer {
        name: "bench".into(),
        tables: Arc::new(HistoryAlone),
        veil: None,
        folds: Folds::default(),
        ledger: None,
    };
    let mut answers = BTreeMap::new();
    for (name, text) in texts {
        let asked = ask(&engine, &viewer, &text, arguments.runs).await;
        answers.insert(name.clone(), asked.with_context(|| name)?);
    }
    println!("{}", serde_json::to_string(&Answers { peak_mb: peak_mb(), answers })?);
    Ok(())
}

async fn ask(engine: &Engine, viewer: &Viewer, text: &str, runs: u32) -> Result<Answer> {
    let mut answer = Answer { rows: Value::Null, first_seconds: 0.0, seconds: f64::INFINITY };
    for number in 0..runs.max(1) {
        let begun = Instant::now();
        let stream = write(engine.query(viewer, text).await?, Form::Json, None);
        let parts: Vec<_> = stream.try_collect().await?;
        let seconds = begun.elapsed().as_secs_f64();
        if number == 0 {
            answer.first_seconds = seconds;
        }
        answer.seconds = answer.seconds.min(seconds);
        let mut told: Value = serde_json::from_slice(&parts.concat())?;
        if !told["error"].is_null() {
            bail!("{}", told["error"]["message"]);
        }
        answer.rows = told["rows"].take();
    }
    Ok(answer)
}
