//! How good and how fast is linkage, against truth and against a million records?

mod files;
mod machine;
mod million;
mod northlight;
mod run;

#[path = "../../crates/know/linkage/tests/mistyped/mod.rs"]
mod mistyped;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Precision, recall, calibration, time and memory of record linkage where the truth is known.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// The public files: febrl 3 and 4, fake 1000, Senzing's truth set
    Files {
        /// The folder of the data
        #[arg(long, default_value = "../shared/data")]
        data: PathBuf,
        /// Only the file of this name
        #[arg(long)]
        only: Option<String>,
        /// Tell what was learned, and which pairs are wrong
        #[arg(long)]
        verbose: bool,
    },
    /// The mistyped CRM file of the simulated world
    Northlight {
        /// Customers of the world
        #[arg(long, default_value_t = 50_000)]
        customers: u64,
        /// Seed of the world
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Tell what was learned, and which pairs are wrong
        #[arg(long)]
        verbose: bool,
    },
    /// A made file against itself
    Million {
        /// Records of the file
        #[arg(long, default_value_t = 1_000_000)]
        records: usize,
        /// Seed of the file
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// A CSV file to read instead, as `export` writes it
        #[arg(long)]
        from: Option<PathBuf>,
        /// Tell what was learned
        #[arg(long)]
        verbose: bool,
    },
    /// One new record at a time against a made file
    Online {
        /// Records of the file
        #[arg(long, default_value_t = 1_000_000)]
        records: usize,
        /// Questions asked
        #[arg(long, default_value_t = 50_000)]
        questions: usize,
        /// Seed of the file
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Write a made file as CSV, its truth in the last column
    Export {
        /// Records of the file
        #[arg(long, default_value_t = 1_000_000)]
        records: usize,
        /// Seed of the file
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Where to
        #[arg(long)]
        to: PathBuf,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Files { data, only, verbose } => files::run(&data, only.as_deref(), verbose),
        Chore::Northlight { customers, seed, verbose } => northlight::run(customers, seed, verbose),
        Chore::Million { records, seed, from, verbose } => {
            million::run(records, seed, from.as_deref(), verbose)
        }
        Chore::Online { records, questions, seed } => million::online(records, questions, seed),
        Chore::Export { records, seed, to } => million::export(records, seed, &to),
    }
}
