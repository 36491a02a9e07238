//! How does everything come out again, as lines of JSON?

use crate::cli::{ExportOptions, Exported};
use crate::client::Client;
use crate::config::Config;
use crate::erase::customer;
use anyhow::Result;
use app::Engine;
use base::{Error, ErrorKind};
use history::StoredEvent;
use lexicon::Json;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use state::CustomerRow;
use std::io::{BufWriter, ErrorKind as IoErrorKind, Write};
use std::time::Duration;

/// How long what a killed server left in the log may take to be processed.
const PATIENCE: Duration = Duration::from_secs(24 * 3_600);

/// Writes what was asked for to standard output, all that was ever accepted. The data directory
/// must be free.
pub async fn run(config: &Config, options: &ExportOptions) -> Result<()> {
    if matches!(options.what, Exported::Customer | Exported::Tombstones) {
        return asked(config, options).await;
    }
    let engine = Engine::open(config.engine_options()).await?;
    engine.caught_up(PATIENCE).await?;
    let mut out = BufWriter::new(std::io::stdout());
    let written = match options.what {
        Exported::Events => {
            engine.export_events(|event| write(&mut out, &event_line(&event)?)).await
        }
        Exported::Customers => {
            engine.export_customers(|row| write(&mut out, &customer_line(&row))).await
        }
        Exported::Customer | Exported::Tombstones => Ok(()),
    };
    engine.shutdown().await;
    written?;
    out.flush().or_else(ignore_a_closed_pipe)?;
    Ok(())
}

/// What a server is asked for: one that runs, or one of our own.
async fn asked(config: &Config, options: &ExportOptions) -> Result<()> {
    let client = Client::connect(config).await?;
    let path = match options.what {
        Exported::Tombstones => Ok("/api/privacy/tombstones".to_owned()),
        _ => customer(&client, options.who.as_deref().unwrap_or_default()).map(|id| {
            let form = if options.page { "html" } else { "json" };
            format!("/api/customers/{id}/export?format={form}")
        }),
    };
    let copied = path.and_then(|path| client.copy(&path, &mut std::io::stdout().lock()));
    client.close().await?;
    copied
}

fn write(out: &mut impl Write, line: &impl Serialize) -> Result<(), Error> {
    let line = serde_json::to_string(line).expect("texts, numbers and JSON are JSON");
    writeln!(out, "{line}").or_else(ignore_a_closed_pipe).map_err(|error| {
        Error::new(ErrorKind::Unavailable, "the output cannot be written").with_source(error)
    })
}

/// `rapport export events | head` is no failure.
fn ignore_a_closed_pipe(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == IoErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    Err(error)
}

/// An event as it is exported. What the sender wrote comes out as it was written: no number loses
/// a digit.
#[derive(Serialize)]
struct EventLine<'a> {
    seq: String,
    customer: String,
    identifier: String,
    kind: &'static str,
    name: &'a str,
    occurred_at: String,
    received_at: String,
    source: String,
    message_id: &'a str,
    properties: Box<RawValue>,
    traits: Box<RawValue>,
    context: Box<RawValue>,
}

fn event_line(event: &StoredEvent) -> Result<EventLine<'_>, Error> {
    Ok(EventLine {
        seq: app::EventSeq::from(event.seq).to_string(),
        customer: event.customer.to_string(),
        identifier: event.identifier.to_string(),
        kind: event.kind.slug(),
        name: &event.name,
        occurred_at: event.occurred_at.to_string(),
        received_at: event.received_at.to_string(),
        source: event.source.to_string(),
        message_id: &event.message_id,
        properties: raw(&event.properties)?,
        traits: raw(&event.traits)?,
        context: raw(&event.context)?,
    })
}

fn raw(json: &Json) -> Result<Box<RawValue>, Error> {
    RawValue::from_string(json.as_str().to_owned()).map_err(|error| {
        Error::new(ErrorKind::Corrupt, "a stored event is no JSON").with_source(error)
    })
}

fn customer_line(row: &CustomerRow) -> Value {
    json!({
        "id": row.id.to_string(),
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "country": row.country,
        "city": row.city,
        "company": row.company,
        "first_seen": row.first_seen.to_string(),
        "last_seen": row.last_seen.to_string(),
        "n_events": row.n_events,
        "n_orders": row.n_orders,
        "revenue_minor": row.revenue_minor,
        "currency": row.currency.map(|currency| currency.code().to_owned()),
        "is_known": row.is_known,
    })
}
