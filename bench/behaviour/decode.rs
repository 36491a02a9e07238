//! How long does it take to decode the columns of a question, and nothing else?

use crate::questions::THREADS;
use crate::{fill, questions};
use anyhow::{Context, Result, anyhow};
use history::RunMeta;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Rows that are decoded at once.
const ROWS: usize = 16 << 10;

/// What to decode.
#[derive(clap::Args)]
pub struct DecodeArguments {
    /// The folder that `fill` has written
    #[arg(long)]
    pub folder: PathBuf,
    /// For which question
    #[arg(long)]
    pub only: String,
}

/// Prints the seconds that decoding takes which this question cannot do without.
pub fn run(arguments: &DecodeArguments) -> Result<()> {
    let mut all = questions::ALL.iter();
    let question = all.find(|question| question.name == arguments.only);
    let columns = question.context("there is no such question")?.columns;
    let runs = fill::open(&arguments.folder)?.runs();
    println!("{}", seconds(&arguments.folder, &runs, columns)?);
    Ok(())
}

/// Seconds to decode `columns` of all runs with the Parquet library's own reader.
fn seconds(folder: &Path, runs: &[RunMeta], columns: &[usize]) -> Result<f64> {
    let begun = Instant::now();
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        while let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            decode(&folder.join(&run.path), columns)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow!("it panicked"))?)
    })?;
    Ok(begun.elapsed().as_secs_f64())
}

fn decode(path: &Path, columns: &[usize]) -> Result<()> {
    let file = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let mask = ProjectionMask::leaves(file.parquet_schema(), columns.iter().copied());
    for batch in file.with_projection(mask).with_batch_size(ROWS).build()? {
        std::hint::black_box(batch?);
    }
    Ok(())
}
