//! Which words does the command line understand?

mod help;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// One record per customer: collect events, know customers, see their whole story.
#[derive(Parser)]
#[command(name = "rapport", version, about, after_help = help::RAPPORT)]
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
    /// Where psql, JDBC and their like may connect, as 127.0.0.1:5433 [default: nowhere]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub postgres: Option<SocketAddr>,
    /// The certificate (and those between it and its authority) of that port, PEM
    #[arg(long, global = true, value_name = "FILE", requires = "postgres_key")]
    pub postgres_certificate: Option<PathBuf>,
    /// The key of that certificate, PEM
    #[arg(long, global = true, value_name = "FILE", requires = "postgres_certificate")]
    pub postgres_key: Option<PathBuf>,
    /// Say more (twice: everything)
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Fill a data directory from the simulated world, once, and serve it
    #[command(after_help = help::DEMO)]
    Demo(DemoOptions),
    /// Serve a data directory
    #[command(after_help = help::SERVE)]
    Serve,
    /// Bring a file of customers, orders or events in (CSV, JSONL, Parquet; gz and zst too)
    #[command(after_help = help::IMPORT)]
    Import(ImportOptions),
    /// Write events, customers, or everything known of one customer to standard output
    #[command(after_help = help::EXPORT)]
    Export(ExportOptions),
    /// Erase a customer everywhere, and print the certificate
    #[command(after_help = help::ERASE)]
    Erase(EraseOptions),
    /// Invite people, list them, change what they may do
    #[command(subcommand)]
    #[command(after_help = help::USER)]
    User(UserAction),
    /// Make sources, list them, change their write keys
    #[command(subcommand)]
    #[command(after_help = help::KEY)]
    Key(KeyAction),
    /// Find customers who are one person although they share no identifier
    #[command(subcommand)]
    #[command(after_help = help::LINK)]
    Link(LinkAction),
    /// Check a data directory, file by file
    #[command(after_help = help::DOCTOR)]
    Doctor,
    /// Write the simulated world to files: what a company would have, and the truth behind it
    #[command(after_help = help::SIMULATE)]
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
    /// A folder for events.jsonl, crm.csv, receipts.csv, spend.csv and truth.jsonl
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
    /// Where rejected lines go [default: FILE.rejects.csv in the current folder]
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// What to export.
#[derive(Args)]
pub struct ExportOptions {
    /// What
    pub what: Exported,
    /// Of `customer`: which, as c_… or KIND:VALUE
    #[arg(required_if_eq("what", "customer"))]
    pub who: Option<String>,
    /// Of `customer`: one page to be read by people, instead of JSON
    #[arg(long)]
    pub page: bool,
}

const REASONS: [&str; 4] = ["request", "objection", "retention", "other"];

/// Whom to erase.
#[derive(Args)]
pub struct EraseOptions {
    /// The customer, as c_… or KIND:VALUE
    #[arg(required_unless_present = "again")]
    pub who: Option<String>,
    /// Erase everybody in this list of tombstones again, after an older copy was put back
    #[arg(long, value_name = "FILE", conflicts_with = "who")]
    pub again: Option<PathBuf>,
    /// Only show what would go
    #[arg(long)]
    pub preview: bool,
    /// Do not ask before erasing
    #[arg(long, short)]
    pub yes: bool,
    /// Why: request, objection, retention, other
    #[arg(long, default_value = "request", value_parser = REASONS, hide_possible_values = true)]
    pub reason: String,
    /// The request that it answers, by its id
    #[arg(long, value_name = "ID")]
    pub request: Option<String>,
    /// Where the certificate goes [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
}

/// What can be exported.
#[derive(Clone, Copy, ValueEnum)]
pub enum Exported {
    /// Every stored event
    Events,
    /// Every customer, as lists show them
    Customers,
    /// Everything known of one customer
    Customer,
    /// Keyed hashes of everybody who was erased, for `rapport erase --again`
    Tombstones,
}

const ROLES: [&str; 5] = ["admin", "marketer", "analyst", "sales", "read_only"];
const KINDS: [&str; 3] = ["browser", "mobile", "server"];

/// What to do about people.
#[derive(Subcommand)]
pub enum UserAction {
    /// Print a link with which somebody can join
    #[command(after_help = help::USER_INVITE)]
    Invite {
        /// Their e-mail address
        email: String,
        /// What they may do: admin, marketer, analyst, sales, read_only
        #[arg(long, default_value = "read_only", value_parser = ROLES, hide_possible_values = true)]
        role: String,
    },
    /// Everybody who can sign in
    #[command(after_help = help::USER_LIST)]
    List,
    /// Print a link with which somebody sets a new password
    #[command(after_help = help::USER_RESET)]
    Reset {
        /// Their e-mail address
        email: String,
    },
    /// Change what somebody may do
    #[command(after_help = help::USER_ROLE)]
    Role {
        /// Their e-mail address
        email: String,
        /// admin, marketer, analyst, sales, read_only
        #[arg(value_parser = ROLES, hide_possible_values = true)]
        role: String,
    },
    /// Keep somebody from signing in
    #[command(after_help = help::USER_DISABLE)]
    Disable {
        /// Their e-mail address
        email: String,
    },
}

/// What to do about sources.
#[derive(Subcommand)]
pub enum KeyAction {
    /// Make a source and print its write key
    #[command(after_help = help::KEY_CREATE)]
    Create {
        /// What to call it
        name: String,
        /// Where its events come from: browser, mobile, server
        #[arg(long, default_value = "server", value_parser = KINDS, hide_possible_values = true)]
        kind: String,
    },
    /// Every source with its write key
    #[command(after_help = help::KEY_LIST)]
    List,
    /// Give a source a new write key; the old one stops working at once
    #[command(after_help = help::KEY_ROTATE)]
    Rotate {
        /// The source's id, as in `rapport key list`
        id: String,
    },
}

/// What to do about customers who are alike.
#[derive(Subcommand)]
pub enum LinkAction {
    /// Compare all customers: link what is sure, ask about the rest
    #[command(after_help = help::LINK_RUN)]
    Run,
    /// Every run, newest first
    #[command(after_help = help::LINK_LIST)]
    List,
    /// Withdraw every link that a run has made
    #[command(after_help = help::LINK_UNDO)]
    Undo {
        /// The run's id, as in `rapport link list`
        id: String,
    },
}
