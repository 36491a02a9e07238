//! How fast is it, does it lose anything, and is that still true today?

mod analysts;
mod audit;
mod crash;
mod events;
mod http;
mod journal;
mod load;
mod merges;
mod pages;
mod server;
mod visible;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Load, auditors and drills against a running Rapport, on loopback only.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Send batches at a rate (or as fast as they are acknowledged) and report the latencies
    Load(load::LoadArguments),
    /// How long from the acknowledgement until an event is on its customer's profile
    Visible(visible::VisibleArguments),
    /// How long until a merge by hand, and its undoing, are on every page
    Merges(merges::MergesArguments),
    /// How long people wait who click through insights, and whether a question fails
    Analysts(analysts::AnalystsArguments),
    /// How long the API takes for a customer's page
    Pages(pages::PagesArguments),
    /// Kill the server at random points under load, many times, then audit what it kept
    Crash(crash::CrashArguments),
    /// Compare an export with the journal of what was acknowledged
    Audit(audit::AuditArguments),
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Load(arguments) => load::run(&arguments).await,
        Chore::Visible(arguments) => visible::run(&arguments).await,
        Chore::Merges(arguments) => merges::run(&arguments).await,
        Chore::Pages(arguments) => pages::run(&arguments).await,
        Chore::Analysts(arguments) => analysts::run(&arguments).await,
        Chore::Crash(arguments) => crash::run(&arguments).await,
        Chore::Audit(arguments) => audit::run(&arguments),
    }
}
