//! How does a file come in: look, propose, show, import?

mod look;
mod send;

use crate::cli::ImportOptions;
use crate::client::Client;
use crate::config::Config;
use anyhow::{Context, Result};
use base::{Error, ErrorKind};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use sync::{Inspection, Mapping};

/// Looks at the file, shows what would arrive, asks, and imports.
pub async fn run(config: &Config, options: &ImportOptions) -> Result<()> {
    let inspection = tokio::task::block_in_place(|| sync::inspect(&options.file))?;
    let mapping = choose_mapping(options, &inspection)?;
    if let Some(path) = &options.save_mapping {
        mapping.save(path)?;
        println!(
            "The mapping is in {}; change it there and import with --mapping.",
            path.display()
        );
    }
    mapping.check()?;
    look::show_preview(&options.file, &mapping)?;
    if options.preview || !is_wanted(options)? {
        return Ok(());
    }
    let client = Client::connect(config).await?;
    let rejects = options.rejects.clone().unwrap_or_else(|| rejects_beside(&options.file));
    let sent = tokio::task::block_in_place(|| {
        send::Sending { client: &client, file: &options.file, mapping: &mapping, rejects }
            .run(&inspection)
    });
    // What was sent is safe in the log; closing waits until it is processed.
    client.close().await?;
    sent
}

/// The saved mapping, or the proposed one together with the reasons for it.
fn choose_mapping(options: &ImportOptions, inspection: &Inspection) -> Result<Mapping> {
    match &options.mapping {
        Some(path) => {
            let mapping = Mapping::load(path);
            Ok(mapping.with_context(|| format!("the mapping {} does not fit", path.display()))?)
        }
        None => {
            look::show_file(&options.file, inspection);
            look::show_proposal(&inspection.proposal);
            Ok(inspection.proposal.mapping.clone())
        }
    }
}

/// Whether to go on: yes with --yes or a saved mapping, else what the person says.
fn is_wanted(options: &ImportOptions) -> Result<bool> {
    if options.yes || options.mapping.is_some() {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        let message = "the proposed mapping was not confirmed";
        let hint = "look at it with --preview, then add --yes, or save it with --save-mapping";
        return Err(Error::new(ErrorKind::Invalid, message).with_hint(hint).into());
    }
    print!("Import it like this? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn rejects_beside(file: &std::path::Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".rejects.csv");
    PathBuf::from(name)
}
