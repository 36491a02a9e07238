//! What would a company have on its disks, and what is the truth behind it?

use crate::cli::SimulateOptions;
use crate::fill::now_micros;
use crate::filling::MONTHS;
use anyhow::{Context, Result};
use base::{Error, ErrorKind, Timestamp};
use std::fs::File;
use std::io::{BufWriter, Write};
use world::{CrmRecord, Receipt, SpendDay, World, WorldSpec};

/// Writes the world to files, customer by customer.
pub fn run(options: &SimulateOptions) -> Result<()> {
    let ends_at = match &options.until {
        None => now_micros(),
        Some(text) => Timestamp::parse(text).map(|t| t.0).ok_or_else(|| {
            let message = format!("'{text}' is not a moment; write it like 2026-01-31T12:00:00Z");
            Error::new(ErrorKind::Invalid, message)
        })?,
    };
    let spec =
        WorldSpec { seed: options.seed, n_customers: options.customers, ends_at, months: MONTHS };
    std::fs::create_dir_all(&options.out)
        .with_context(|| format!("could not make {}", options.out.display()))?;
    tokio::task::block_in_place(|| write(&World::new(spec), options))
}

fn write(world: &World, options: &SimulateOptions) -> Result<()> {
    let create = |name: &str| -> Result<BufWriter<File>> {
        let path = options.out.join(name);
        let file =
            File::create(&path).with_context(|| format!("could not make {}", path.display()));
        Ok(BufWriter::with_capacity(1 << 20, file?))
    };
    let (mut events, mut truth) = (create("events.jsonl")?, create("truth.jsonl")?);
    let (mut crm, mut receipts) = (create("crm.csv")?, create("receipts.csv")?);
    crm.write_all(CrmRecord::CSV_HEADER.as_bytes())?;
    receipts.write_all(Receipt::CSV_HEADER.as_bytes())?;
    let mut line = String::new();
    let mut n_events = 0u64;
    for life in world.lives() {
        for event in &life.events {
            line.clear();
            event.to_segment_json(&mut line);
            writeln!(events, "{line}")?;
            n_events += 1;
        }
        serde_json::to_writer(&mut truth, &life.truth)?;
        truth.write_all(b"\n")?;
        line.clear();
        life.crm.iter().for_each(|record| record.to_csv(&mut line));
        crm.write_all(line.as_bytes())?;
        line.clear();
        life.receipts.iter().for_each(|receipt| receipt.to_csv(&mut line));
        receipts.write_all(line.as_bytes())?;
    }
    write_company(world, create("spend.csv")?)?;
    for mut file in [events, truth, crm, receipts] {
        file.flush()?;
    }
    println!("{} customers, {n_events} events", options.customers);
    println!("events.jsonl, crm.csv, receipts.csv and spend.csv are what the company has;");
    println!("truth.jsonl is what it cannot see. All are in {}.", options.out.display());
    Ok(())
}

fn write_company(world: &World, mut spend: BufWriter<File>) -> Result<()> {
    let mut text = SpendDay::CSV_HEADER.to_owned();
    world.spend().iter().for_each(|day| day.to_csv(&mut text));
    spend.write_all(text.as_bytes())?;
    Ok(spend.flush()?)
}
