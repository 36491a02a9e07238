//! How fast are questions about behaviour, beside DuckDB and ClickHouse on the same events?

mod ask;
mod decode;
mod fill;
mod made;
mod questions;
mod sql_desk;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Makes a history of any size and puts the six questions of the comparison to it.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Make events and write them as files of a history
    Fill(fill::FillArguments),
    /// Put the questions to a history that was filled, and print answers and times as JSON
    Ask(ask::AskArguments),
    /// Only decode what a question needs, and print the seconds
    Decode(decode::DecodeArguments),
    /// Put SQL (a JSON object of texts by name on standard input) to it, and print the same
    Sql(sql_desk::SqlArguments),
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Fill(arguments) => fill::run(&arguments).await,
        Chore::Ask(arguments) => ask::run(&arguments).await,
        Chore::Decode(arguments) => decode::run(&arguments),
        Chore::Sql(arguments) => sql_desk::run(&arguments).await,
    }
}
