//! Which batches were acknowledged? Written outside the server, so that it outlives its crashes.

use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Mutex;

/// A file with one line `run worker batch events` per acknowledged batch.
pub struct Journal(Option<Mutex<BufWriter<File>>>);

/// An acknowledged batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// The run that sent it.
    pub run: String,
    /// The worker that sent it.
    pub worker: u64,
    /// Its number within the worker.
    pub batch: u64,
    /// How many events it had.
    pub n_events: usize,
}

impl Journal {
    /// Appends to the file at `path`, or forgets everything where there is none.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self(None)) };
        let file = File::options().create(true).append(true).open(path);
        let file = file.with_context(|| format!("could not open {}", path.display()))?;
        Ok(Self(Some(Mutex::new(BufWriter::new(file)))))
    }

    /// Notes an acknowledged batch.
    pub fn note(&self, batch: &Acknowledged) -> Result<()> {
        let Some(file) = &self.0 else { return Ok(()) };
        let mut file = file.lock().expect("no writer of the journal panics");
        writeln!(file, "{} {} {} {}", batch.run, batch.worker, batch.batch, batch.n_events)?;
        Ok(())
    }

    /// Writes what is still in memory.
    pub fn flush(&self) -> Result<()> {
        if let Some(file) = &self.0 {
            file.lock().expect("no writer of the journal panics").flush()?;
        }
        Ok(())
    }
}

/// Reads a journal back.
pub fn read(path: &Path) -> Result<Vec<Acknowledged>> {
    let file = File::open(path).with_context(|| format!("could not open {}", path.display()))?;
    BufReader::new(file).lines().map(|line| parse(&line?)).collect()
}

fn parse(line: &str) -> Result<Acknowledged> {
    let mut words = line.split(' ');
    let mut next = || words.next().context("a journal line has four words");
    Ok(Acknowledged {
        run: next()?.to_owned(),
        worker: next()?.parse()?,
        batch: next()?.parse()?,
        n_events: next()?.parse()?,
    })
}
