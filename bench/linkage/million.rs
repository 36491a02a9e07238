//! How long do a million records take against themselves, and one new record against a million?

use crate::machine::{n_threads, peak_mb};
use crate::mistyped::{FIELDS, FileSpec, Made, record, records, schema};
use crate::run::{Case, grade};
use anyhow::{Context, Result};
use base::seed::Seed;
use hdrhistogram::Histogram;
use linkage::{Index, IndexOptions, LearnOptions, Scope, SourceIdx, Table, learn};
use std::path::Path;
use std::time::Instant;

/// A made file, or one that was exported, against itself.
pub fn run(n_records: usize, seed: u64, from: Option<&Path>, verbose: bool) -> Result<()> {
    let case = match from {
        Some(path) => read(path)?,
        None => make(FileSpec::usual(seed, n_records))?,
    };
    println!("table: {} MB", case.table.n_bytes() >> 20);
    grade(&case, verbose)
}

/// Writes a made file.
pub fn export(n_records: usize, seed: u64, to: &Path) -> Result<()> {
    let mut writer = csv::Writer::from_path(to)?;
    let names = FIELDS.iter().map(|(name, _)| name.replace(' ', "_"));
    writer.write_record(
        ["unique_id".to_owned()].into_iter().chain(names).chain(["cluster".to_owned()]),
    )?;
    for (at, made) in records(FileSpec::usual(seed, n_records)).enumerate() {
        let (id, person) = (at.to_string(), made.person.to_string());
        let values = made.fields.iter().map(String::as_str);
        writer.write_record([id.as_str()].into_iter().chain(values).chain([person.as_str()]))?;
    }
    writer.flush()?;
    Ok(())
}

/// One new record at a time.
pub fn online(n_records: usize, n_questions: usize, seed: u64) -> Result<()> {
    let spec = FileSpec::usual(seed, n_records);
    let case = make(spec)?;
    let options = LearnOptions::new(Seed::root(seed), Scope::Within, n_threads());
    let learned = learn(&case.table, &options, &[])?;
    let started = Instant::now();
    let mut index = Index::new(case.table, learned.model, IndexOptions::default());
    let made_s = started.elapsed().as_secs_f64();
    println!("index of {n_records}: {made_s:.1} s, {} MB", index.n_bytes() >> 20);
    let questions: Vec<Made> = (n_records..n_records + n_questions)
        .map(|at| record(FileSpec { n_records: at + 1, ..spec }, at))
        .collect();
    let (mut asking, mut taking, mut dropping) = (clock()?, clock()?, clock()?);
    let (mut n_compared, mut n_cut, mut n_right, mut n_known) = (0usize, 0usize, 0u64, 0u64);
    for made in &questions {
        let fields: Vec<&str> = made.fields.iter().map(String::as_str).collect();
        let started = Instant::now();
        let answer = index.ask(&fields)?;
        asking.record(started.elapsed().as_nanos() as u64)?;
        n_compared += answer.n_compared;
        n_cut += answer.n_rules_cut;
        if (made.person as usize) < n_records {
            n_known += 1;
            let best = answer.candidates.first();
            n_right +=
                u64::from(best.is_some_and(|c| case.persons[c.record.0 as usize] == made.person));
        }
        let started = Instant::now();
        let taken = index.insert(SourceIdx(0), &fields)?;
        taking.record(started.elapsed().as_nanos() as u64)?;
        let started = Instant::now();
        index.remove(taken);
        dropping.record(started.elapsed().as_nanos() as u64)?;
    }
    for (name, times) in [("ask", &asking), ("insert", &taking), ("remove", &dropping)] {
        println!(
            "{name}: p50 {:.0} µs, p99 {:.0} µs, p99.9 {:.0} µs, max {:.0} µs",
            times.value_at_quantile(0.5) as f64 / 1e3,
            times.value_at_quantile(0.99) as f64 / 1e3,
            times.value_at_quantile(0.999) as f64 / 1e3,
            times.max() as f64 / 1e3
        );
    }
    println!(
        "{:.1} records compared per question, {:.2} chains cut; of {n_known} known people {:.4} \
         are found first; peak {} MB",
        n_compared as f64 / n_questions as f64,
        n_cut as f64 / n_questions as f64,
        n_right as f64 / n_known as f64,
        peak_mb().unwrap_or(0)
    );
    Ok(())
}

fn clock() -> Result<Histogram<u64>> {
    Ok(Histogram::new(3)?)
}

fn make(spec: FileSpec) -> Result<Case> {
    let mut table = Table::new(schema());
    let mut persons = Vec::with_capacity(spec.n_records);
    let mut read_s = 0.0;
    for at in 0..spec.n_records {
        let made = record(spec, at);
        let started = Instant::now();
        let fields: Vec<&str> = made.fields.iter().map(String::as_str).collect();
        table.push(SourceIdx(0), &fields)?;
        read_s += started.elapsed().as_secs_f64();
        persons.push(made.person);
    }
    Ok(case(table, persons, read_s))
}

fn read(path: &Path) -> Result<Case> {
    let started = Instant::now();
    let mut reader = csv::Reader::from_path(path)?;
    let mut table = Table::new(schema());
    let mut persons = Vec::new();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row)? {
        let fields: Vec<&str> = row.iter().skip(1).take(FIELDS.len()).collect();
        table.push(SourceIdx(0), &fields)?;
        persons.push(row.get(FIELDS.len() + 1).context("a row without a person")?.parse()?);
    }
    Ok(case(table, persons, started.elapsed().as_secs_f64()))
}

fn case(table: Table, persons: Vec<u32>, read_s: f64) -> Case {
    Case {
        name: "made".to_owned(),
        table,
        persons,
        sources: Vec::new(),
        unique_sources: Vec::new(),
        read_s,
    }
}
