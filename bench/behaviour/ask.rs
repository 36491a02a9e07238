//! What does Rapport answer to the six questions, and how long does it take?

use crate::fill;
use crate::questions::{self, Row};
use anyhow::Result;
use history::History;
use insight::Period;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

/// What to ask.
#[derive(clap::Args)]
pub struct AskArguments {
    /// The folder that `fill` has written
    #[arg(long)]
    pub folder: PathBuf,
    /// Times that each question is asked with warm columns; the best counts
    #[arg(long, default_value_t = 3)]
    pub runs: u32,
    /// The first day that is asked for; without it all that there is, as the peers are asked
    #[arg(long)]
    pub since: Option<insight::Date>,
    /// Only this question
    #[arg(long)]
    pub only: Option<String>,
}

/// What is printed, as JSON.
#[derive(Serialize)]
struct Answers {
    n_rows: u64,
    peak_mb: u64,
    questions: BTreeMap<&'static str, Answer>,
}

#[derive(Serialize)]
struct Answer {
    rows: Vec<Row>,
    first_seconds: f64,
    seconds: f64,
}

/// Asks every question, first with nothing decoded, then with warm columns.
pub async fn run(arguments: &AskArguments) -> Result<()> {
    let mut answers = BTreeMap::new();
    let period = questions::period(arguments.since);
    for question in questions::ALL {
        if arguments.only.as_ref().is_none_or(|only| only == question.name) {
            // A history of its own, so that nothing is decoded yet.
            let history = fill::open(&arguments.folder)?;
            let answer = ask(&history, &question, (period, arguments.runs)).await?;
            answers.insert(question.name, answer);
        }
    }
    let n_rows = fill::open(&arguments.folder)?.size().n_run_rows;
    let answers = Answers { n_rows, peak_mb: peak_mb(), questions: answers };
    println!("{}", serde_json::to_string(&answers)?);
    Ok(())
}

async fn ask(
    history: &History,
    question: &questions::Question,
    (period, runs): (Period, u32),
) -> Result<Answer> {
    let begun = Instant::now();
    let mut rows = (question.ask)(history, period).await?;
    let first_seconds = begun.elapsed().as_secs_f64();
    let mut seconds = f64::INFINITY;
    for _ in 0..runs {
        let begun = Instant::now();
        rows = (question.ask)(history, period).await?;
        seconds = seconds.min(begun.elapsed().as_secs_f64());
    }
    Ok(Answer { rows, first_seconds, seconds })
}

/// The most memory that this process has held.
pub fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = peak.and_then(|text| text.trim().strip_suffix("kB")?.trim().parse().ok());
    kb.unwrap_or(0u64) >> 10
}
