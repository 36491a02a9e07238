//! What is in this file, and what would become of it?

use anyhow::Result;
use std::path::Path;
use sync::{Inspection, Mapping, Proposal};

/// Columns whose names are longer are cut in the table.
const NAME_WIDTH: usize = 24;
/// Rows that are shown as they would arrive.
const EVENTS_SHOWN: usize = 10;

/// The columns with what they seem to hold.
pub fn show_file(file: &Path, inspection: &Inspection) {
    let megabytes = inspection.n_bytes as f64 / 1e6;
    println!("{} · {megabytes:.1} MB", file.display());
    println!();
    for column in &inspection.columns {
        let name: String = column.name.chars().take(NAME_WIDTH).collect();
        let examples = column.examples.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        let guess = column.guess.words();
        println!("  {name:<NAME_WIDTH$}  {guess:<16}  {examples}");
    }
    println!();
}

/// What is proposed, and why.
pub fn show_proposal(proposal: &Proposal) {
    let (words, confidence) = (proposal.shape.words(), proposal.confidence.slug());
    println!("This looks like {words} (confidence: {confidence}).");
    for reason in &proposal.reasons {
        println!("  · {}", reason.words);
    }
    for warning in &proposal.warnings {
        println!("  ! {warning}");
    }
    println!();
}

/// The first rows as they would arrive.
pub fn show_preview(file: &Path, mapping: &Mapping) -> Result<()> {
    let preview = tokio::task::block_in_place(|| sync::preview(file, mapping, EVENTS_SHOWN))?;
    println!("The first {} events as they would arrive:", preview.events.len());
    for event in &preview.events {
        println!("  {}", shortened(event));
    }
    for reject in &preview.rejects {
        println!("  row {} would be rejected: {}", reject.row, reject.reason);
    }
    println!();
    Ok(())
}

/// One line of a terminal is enough to recognise an event.
fn shortened(event: &str) -> String {
    const CHARS_MAX: usize = 240;
    if event.chars().count() <= CHARS_MAX {
        return event.to_owned();
    }
    let cut: String = event.chars().take(CHARS_MAX).collect();
    format!("{cut}…")
}
