//! Is everything that was acknowledged there, once?

use crate::journal::{self, Acknowledged};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// What to compare.
#[derive(Args, Debug)]
pub struct AuditArguments {
    /// The journal of acknowledged batches
    #[arg(long)]
    pub journal: PathBuf,
    /// The export: one JSON object with a `message_id` per line
    #[arg(long)]
    pub export: PathBuf,
}

/// What the audit found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Events that were acknowledged.
    pub n_acknowledged: u64,
    /// Events that are stored.
    pub n_stored: u64,
    /// Acknowledged events that are not stored.
    pub n_missing: u64,
    /// Events that are stored more than once.
    pub n_doubled: u64,
    /// Some of the missing and doubled ones.
    pub examples: Vec<String>,
}

#[derive(Deserialize)]
struct Stored {
    message_id: String,
}

/// Compares and prints; fails where anything is missing or doubled.
pub fn run(arguments: &AuditArguments) -> Result<()> {
    let findings = compare(&arguments.journal, &arguments.export)?;
    println!("{findings:#?}");
    if findings.n_missing + findings.n_doubled > 0 {
        bail!("{} missing, {} doubled", findings.n_missing, findings.n_doubled);
    }
    Ok(())
}

/// Compares a journal with an export.
pub fn compare(journal: &Path, export: &Path) -> Result<Findings> {
    let times = stored_times(export)?;
    let mut findings = Findings { n_stored: times.values().sum(), ..Findings::default() };
    for (id, n) in &times {
        if *n > 1 {
            findings.n_doubled += 1;
            note(&mut findings.examples, format!("{n} × {id}"));
        }
    }
    for batch in journal::read(journal)? {
        for id in ids(&batch) {
            findings.n_acknowledged += 1;
            if !times.contains_key(&id) {
                findings.n_missing += 1;
                note(&mut findings.examples, format!("missing {id}"));
            }
        }
    }
    Ok(findings)
}

fn ids(batch: &Acknowledged) -> impl Iterator<Item = String> {
    let Acknowledged { run, worker, batch: number, n_events } = batch;
    (0..*n_events).map(move |index| format!("{run}-{worker}-{number}-{index}"))
}

fn note(examples: &mut Vec<String>, example: String) {
    if examples.len() < 10 {
        examples.push(example);
    }
}

fn stored_times(export: &Path) -> Result<HashMap<String, u64>> {
    let file = File::open(export).with_context(|| format!("no {}", export.display()))?;
    let mut times = HashMap::new();
    for line in BufReader::new(file).lines() {
        let stored: Stored = serde_json::from_str(&line?)?;
        *times.entry(stored.message_id).or_default() += 1;
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_auditor_finds_what_is_missing_and_what_is_doubled() {
        let folder = std::env::temp_dir().join(format!("rapport-audit-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (journal, export) = (folder.join("journal"), folder.join("export"));
        std::fs::write(&journal, "r 0 0 2\nr 0 1 1\n").unwrap();
        let stored = ["r-0-0-0", "r-0-0-1", "r-0-0-1", "not-acknowledged"];
        let lines = stored.map(|id| format!("{{\"message_id\":\"{id}\"}}\n")).concat();
        std::fs::write(&export, lines).unwrap();
        let findings = compare(&journal, &export).unwrap();
        assert_eq!((findings.n_acknowledged, findings.n_stored), (3, 4));
        assert_eq!((findings.n_missing, findings.n_doubled), (1, 1));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
