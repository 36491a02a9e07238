//! What does the command line offer, and how does the process start and stop?

mod cli;
mod client;
mod config;
mod demo;
mod doctor;
mod erase;
mod export;
mod fill;
mod filling;
mod import;
mod key;
mod link;
mod serve;
mod simulate;
mod ui;
mod user;

use base::ErrorKind;
use clap::Parser;
use cli::{Arguments, Command};
use std::process::ExitCode;

/// Profiles are decoded into thousands of small pieces per second; the system's allocator would
/// be a third of that work.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(n_workers())
        .enable_all()
        .build()
        .expect("the system gives us threads");
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            exit_code(&error)
        }
    }
}

/// Twice as many workers as cores, so that requests are answered while the processor thinks for
/// some milliseconds on one of them.
fn n_workers() -> usize {
    2 * std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let config = config::read(&arguments)?;
    config::start_logging(&arguments);
    match arguments.command {
        Command::Demo(options) => demo::run(&config, &options).await,
        Command::Serve => serve::run(&config).await,
        Command::Import(options) => import::run(&config, &options).await,
        Command::Export(options) => export::run(&config, &options).await,
        Command::Erase(options) => erase::run(&config, &options).await,
        Command::User(action) => user::run(&config, &action).await,
        Command::Key(action) => key::run(&config, &action).await,
        Command::Link(action) => link::run(&config, &action).await,
        Command::Doctor => doctor::run(&config).await,
        Command::Simulate(options) => simulate::run(&options),
    }
}

/// What happened, and what can be done, on the error stream.
fn complain(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
    if let Some(hint) = error.downcast_ref::<base::Error>().and_then(base::Error::hint) {
        eprintln!("  hint: {hint}");
    }
}

/// 2: correct the call; 3: try again later; 4: the data is damaged; 1: anything else.
fn exit_code(error: &anyhow::Error) -> ExitCode {
    use base::ErrorKind::{Conflict, Corrupt, Invalid, Limited, NotFound, Unavailable};
    ExitCode::from(match kind_of(error) {
        Some(Invalid | NotFound) => 2,
        Some(Conflict | Limited | Unavailable) => 3,
        Some(Corrupt) => 4,
        _ => 1,
    })
}

/// What the caller should do about it, where the error says so.
fn kind_of(error: &anyhow::Error) -> Option<ErrorKind> {
    let ours = error.downcast_ref::<base::Error>().map(base::Error::kind);
    ours.or_else(|| error.downcast_ref::<sync::SyncError>().map(sync::SyncError::kind))
}
