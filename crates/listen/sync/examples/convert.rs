//! What becomes of a file? `cargo run -p rapport-sync --example convert FILE [MAPPING]`
//!
//! Without a mapping: what the file seems to be, and the first events. With one: how many events
//! the whole file gives, and how fast. Nothing is sent anywhere.

use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [file] => look(Path::new(file)),
        [file, mapping] => convert(Path::new(file), Path::new(mapping)),
        _ => Err("usage: convert FILE [MAPPING]".into()),
    }
}

fn look(file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let found = rapport_sync::inspect(file)?;
    println!("{} bytes, fingerprint {}", found.n_bytes, found.fingerprint);
    for column in &found.columns {
        let examples = column.examples.join(" · ");
        println!("  {:<24} {:<28} {examples}", column.name, column.guess.words());
    }
    let proposal = &found.proposal;
    println!("\n{} ({} confidence)", proposal.shape.words(), proposal.confidence.slug());
    for reason in &proposal.reasons {
        println!("  {:<24} {:<7} {}", reason.part, reason.confidence.slug(), reason.words);
    }
    proposal.warnings.iter().for_each(|warning| println!("  look: {warning}"));
    println!("\n{}", proposal.mapping.to_toml()?);
    found.preview.events.iter().for_each(|event| println!("{event}"));
    found.preview.rejects.iter().for_each(|r| println!("row {}: {}", r.row, r.reason));
    Ok(())
}

fn convert(file: &Path, mapping: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mapping = rapport_sync::Mapping::load(mapping)?;
    let begun = Instant::now();
    let (mut n_rows, mut n_events, mut n_bytes, mut n_rejects) = (0, 0, 0, 0);
    for chunk in rapport_sync::Conversion::new(file, &mapping, 0)? {
        let chunk = chunk?;
        n_rows = chunk.to_row;
        n_events += chunk.events.len();
        n_bytes += chunk.events.iter().map(String::len).sum::<usize>();
        n_rejects += chunk.rejects.len();
    }
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{n_rows} rows: {n_events} events of {n_bytes} bytes, {n_rejects} rejects, {took:.2} s"
    );
    Ok(())
}
