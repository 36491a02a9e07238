//! Which words does the command line understand?

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// One record per customer: collect events, know customers, see their whole story.
#[derive(Parser)]
#[command(name = "rapport", version, about, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// The folder that holds everything [default: rapport-data]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// A configuration file [default: rapport.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:7117]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Say more (twice: everything)
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

const EXAMPLES: &str = "\
Examples:
  rapport demo                                   See it with 20,000 simulated customers
  rapport serve                                  Serve the data directory ./rapport-data
  rapport import orders.csv.gz                   Look at a file, propose a mapping, import it
  rapport import orders.csv --mapping shop.toml  Import with a saved mapping, no questions
  rapport key create \"Web shop\" --kind browser   Make a source and print its write key
  rapport user invite ann@example.com --role analyst
  rapport export events > events.jsonl
  rapport doctor                                 Check a data directory

Settings come from flags, then RAPPORT_* variables, then rapport.toml.
Exit codes: 0 done, 1 failed, 2 correct the call, 3 try again later, 4 the data is damaged.";

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Fill a data directory from the simulated world, once, and serve it
    Demo(DemoOptions),
    /// Serve a data directory
    Serve,
    /// Bring a file of customers, orders or events in (CSV, JSONL, Parquet; gz and zst too)
    Import(ImportOptions),
    /// Write events or customers to standard output, one JSON object a line
    Export(ExportOptions),
    /// Invite people, list them, change what they may do
    #[command(subcommand)]
    User(UserAction),
    /// Make sources, list them, change their write keys
    #[command(subcommand)]
    Key(KeyAction),
    /// Check a data directory, file by file
    Doctor,
    /// Write the simulated world to files: what a company would have, and the truth behind it
    Simulate(SimulateOptions),
}

/// How to fill the demo.
#[derive(Args)]
pub struct DemoOptions {
    /// How many customers the simulated company has
    #[arg(long, default_value_t = 20_000)]
    pub customers: u64,
    /// Another seed makes another company
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// What to write of the simulated world.
#[derive(Args)]
pub struct SimulateOptions {
    /// How many customers
    #[arg(long, default_value_t = 20_000)]
    pub customers: u64,
    /// Another seed makes another company
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// The last moment of the eighteen months, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// A folder for events.jsonl, crm.csv, products.jsonl and truth.jsonl
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
}

/// What to import, and how.
#[derive(Args)]
pub struct ImportOptions {
    /// The file
    pub file: PathBuf,
    /// A saved mapping
    #[arg(long, short, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Save the proposed mapping here, to look at it and use it again
    #[arg(long, value_name = "FILE")]
    pub save_mapping: Option<PathBuf>,
    /// Only show what would arrive
    #[arg(long)]
    pub preview: bool,
    /// Do not ask before importing
    #[arg(long, short)]
    pub yes: bool,
    /// Where rejected lines go [default: FILE.rejects.csv]
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// What to export.
#[derive(Args)]
pub struct ExportOptions {
    /// Which of the two
    pub what: Exported,
}

/// What can be exported.
#[derive(Clone, Copy, ValueEnum)]
pub enum Exported {
    /// Every stored event
    Events,
    /// Every customer, as lists show them
    Customers,
}

/// What to do about people.
#[derive(Subcommand)]
pub enum UserAction {
    /// Print a link with which somebody can join
    Invite {
        /// Their e-mail address
        email: String,
        /// What they may do: admin, marketer, analyst, sales, read_only
        #[arg(long, default_value = "read_only")]
        role: String,
    },
    /// Everybody who can sign in
    List,
    /// Print a link with which somebody sets a new password
    Reset {
        /// Their e-mail address
        email: String,
    },
    /// Change what somebody may do
    Role {
        /// Their e-mail address
        email: String,
        /// admin, marketer, analyst, sales, read_only
        role: String,
    },
    /// Keep somebody from signing in
    Disable {
        /// Their e-mail address
        email: String,
    },
}

/// What to do about sources.
#[derive(Subcommand)]
pub enum KeyAction {
    /// Make a source and print its write key
    Create {
        /// What to call it
        name: String,
        /// Where its events come from: browser, mobile, server
        #[arg(long, default_value = "server")]
        kind: String,
    },
    /// Every source with its write key
    List,
    /// Give a source a new write key; the old one stops working at once
    Rotate {
        /// The source's id, as in `rapport key list`
        id: String,
    },
}
