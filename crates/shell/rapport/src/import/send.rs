//! How do the rows travel, such that a broken import goes on where it stopped?

use crate::client::Client;
use anyhow::{Context, Result};
use base::{Error, ErrorKind};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::error::Error as StdError;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use sync::{Chunk, Inspection, Mapping, Reading, Reject};

/// Rejected lines of one chunk that go into the registry; the file has them all.
const REJECTS_SENT_MAX: usize = 200;

/// How long a server that asks to wait is left alone.
const WAIT: Duration = Duration::from_secs(2);
/// Waits for one chunk after which the person is told.
const WAITS_TOLD: u32 = 5;

/// One import on its way.
pub struct Sending<'a> {
    /// The server.
    pub client: &'a Client,
    /// The file.
    pub file: &'a Path,
    /// How its rows become events.
    pub mapping: &'a Mapping,
    /// Where rejected lines go.
    pub rejects: PathBuf,
}

impl Sending<'_> {
    /// Sends what was not sent before.
    pub fn run(&self, inspection: &Inspection) -> Result<()> {
        let begun = Instant::now();
        let import = self.begin(inspection)?;
        let id = import["id"].as_str().context("the server named no import")?.to_owned();
        let from_row = import["resume_row"].as_u64().unwrap_or(0);
        if from_row > 0 {
            println!("Going on at row {}.", HumanCount(from_row + 1));
        }
        match self.send(&id, from_row) {
            Ok(n_rejected) => self.finish(&id, begun, n_rejected),
            Err(error) => {
                let body = json!({ "state": "stopped", "message": error.to_string() });
                // The first error is the one to tell; the import can be taken up again either way.
                let _ = self.client.post(&format!("/api/imports/{id}/finish"), &body);
                Err(stopped(error))
            }
        }
    }

    fn begin(&self, inspection: &Inspection) -> Result<Value> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        self.client.post(
            "/api/imports",
            &json!({
                "fingerprint": inspection.fingerprint,
                "file_name": name,
                "mapping_name": self.mapping.name,
                "mapping_hash": self.mapping.fingerprint()?,
                "bytes_total": inspection.n_bytes,
                "n_rows_total": inspection.n_rows,
            }),
        )
    }

    fn send(&self, id: &str, from_row: u64) -> Result<u64> {
        let mut reading = Reading::open(self.file, &self.rejects, self.mapping, from_row)?;
        let bar = progress_bar(reading.bytes_total());
        while let Some(chunk) = reading.next_chunk()? {
            self.send_chunk(id, &chunk)?;
            bar.set_position(chunk.bytes_done);
        }
        bar.finish_and_clear();
        Ok(reading.n_rejected())
    }

    /// Sends one chunk; a server that asks to wait is waited for. Waits of more than some seconds
    /// are told, because somebody may have to make room.
    fn send_chunk(&self, id: &str, chunk: &Chunk) -> Result<()> {
        let body = body_of(chunk)?;
        let path = format!("/api/imports/{id}/rows");
        let mut n_waits = 0;
        loop {
            let error = match self.client.post(&path, &body) {
                Ok(_) => return Ok(()),
                Err(error) => error,
            };
            match crate::kind_of(&error) {
                Some(ErrorKind::Limited | ErrorKind::Unavailable) => {}
                _ => return Err(error),
            }
            n_waits += 1;
            if n_waits == WAITS_TOLD {
                eprintln!("waiting for the server: {error}");
            }
            std::thread::sleep(WAIT);
        }
    }

    fn finish(&self, id: &str, begun: Instant, n_rejected: u64) -> Result<()> {
        let body = json!({ "state": "done", "message": null });
        let import = self.client.post(&format!("/api/imports/{id}/finish"), &body)?;
        let count = |name: &str| HumanCount(import[name].as_u64().unwrap_or(0));
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{} rows, {} events, {} rejected, in {seconds:.1} s",
            count("n_rows_done"),
            count("n_events"),
            count("n_rejected"),
        );
        if n_rejected > 0 {
            println!("The rejected lines are in {}, each with its reason.", self.rejects.display());
        }
        Ok(())
    }
}

/// What stopped an import. A server that does not answer may be back soon.
fn stopped(error: anyhow::Error) -> anyhow::Error {
    let message = "the import stopped; the same command goes on where it was";
    if crate::kind_of(&error).is_some() {
        return error.context(message);
    }
    let cause: Box<dyn StdError + Send + Sync> = error.into();
    Error::new(ErrorKind::Unavailable, message).with_source(cause).into()
}

/// A chunk as it travels: the events as they were written, which a parser might not take.
#[derive(Serialize)]
struct Rows<'a> {
    from_row: u64,
    to_row: u64,
    events: Vec<&'a RawValue>,
    rejects: Vec<Value>,
    bytes_done: u64,
}

fn body_of(chunk: &Chunk) -> Result<Rows<'_>> {
    let events: Result<Vec<&RawValue>, _> =
        chunk.events.iter().map(|event| serde_json::from_str(event)).collect();
    let reject = |reject: &Reject| json!({ "row": reject.row, "column": reject.column, "reason": reject.reason });
    let rejects: Vec<Value> = chunk.rejects.iter().take(REJECTS_SENT_MAX).map(reject).collect();
    Ok(Rows {
        from_row: chunk.from_row,
        to_row: chunk.to_row,
        events: events.context("an event that was made is no JSON")?,
        rejects,
        bytes_done: chunk.bytes_done,
    })
}

/// A bar on a terminal; nothing where the output is piped.
fn progress_bar(bytes_total: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = "{bar:40} {percent:>3} %  {bytes}/{total_bytes}  {eta} left";
    let style = ProgressStyle::with_template(template).expect("the template is one of indicatif's");
    ProgressBar::new(bytes_total).with_style(style)
}
