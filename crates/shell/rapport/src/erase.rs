//! How is a customer erased from the command line?

use crate::cli::EraseOptions;
use crate::client::Client;
use crate::config::Config;
use anyhow::{Context, Result};
use base::{Error, ErrorKind};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

/// How often the server is asked how far it has got.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// Shows what would go, asks, erases, and waits for the certificate.
pub async fn run(config: &Config, options: &EraseOptions) -> Result<()> {
    let client = Client::connect(config).await?;
    let erased = match &options.again {
        Some(file) => again(&client, file).await,
        None => erase(&client, options).await,
    };
    client.close().await?;
    erased
}

async fn erase(client: &Client, options: &EraseOptions) -> Result<()> {
    let id = customer(client, options.who.as_deref().unwrap_or_default())?;
    let what = json!({ "customer_id": id });
    let preview = client.post("/api/privacy/erasures/preview", &what)?;
    show(&preview);
    if options.preview {
        return Ok(());
    }
    if !options.yes && !agrees()? {
        return Err(Error::new(ErrorKind::Invalid, "nothing was erased").into());
    }
    let mut order = json!({ "customer_id": id, "reason": options.reason });
    if let Some(request) = &options.request {
        order["request_id"] = json!(request);
    }
    let erasure = client.post("/api/privacy/erasures", &order)?;
    let id = erasure["id"].as_str().context("the answer has no id")?.to_owned();
    eprintln!("erasure {id}: nobody sees the customer any more");
    let done = wait(client, &id).await?;
    let digest = done["certificate_digest"].as_str().unwrap_or_default();
    eprintln!("erasure {id}: done; certificate SHA-256 {digest}");
    let certificate = client.get(&format!("/api/privacy/erasures/{id}/certificate"))?;
    match &options.certificate {
        Some(file) => std::fs::write(file, format!("{certificate}\n"))
            .with_context(|| format!("could not write {}", file.display())),
        None => {
            println!("{certificate}");
            Ok(())
        }
    }
}

/// Erases everybody who is in the list of another, younger copy.
async fn again(client: &Client, file: &Path) -> Result<()> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("could not read {}", file.display()))?;
    let list: Value =
        serde_json::from_str(&text).context("the file is not a list of tombstones")?;
    let answer = client.post("/api/privacy/tombstones/apply", &list)?;
    let ids = answer["erasure_ids"].as_array().cloned().unwrap_or_default();
    for id in ids.iter().filter_map(Value::as_str) {
        wait(client, id).await?;
        println!("{id}");
    }
    eprintln!("{} customers were erased again", ids.len());
    Ok(())
}

/// The customer's number: as it was given, or of whom an identifier points to.
pub fn customer(client: &Client, who: &str) -> Result<String> {
    let Some((kind, value)) = who.split_once(':') else { return Ok(who.to_owned()) };
    let (kind, value) = (encoded(kind), encoded(value));
    let found = client.get(&format!("/api/lookup?kind={kind}&value={value}"))?;
    Ok(found["customer_id"].as_str().context("the answer names nobody")?.to_owned())
}

/// A text as it stands in a query.
fn encoded(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}

fn show(preview: &Value) {
    let word = |name: &str| preview[name].as_str().unwrap_or("(no name)").to_owned();
    eprintln!("{}  {}", word("customer_id"), word("name"));
    for identifier in preview["identifiers"].as_array().into_iter().flatten() {
        let text = |name: &str| identifier[name].as_str().unwrap_or_default().to_owned();
        let is_shared = identifier["is_shared"].as_bool() == Some(true);
        let note = if is_shared { "  (another customer's too)" } else { "" };
        eprintln!("  {:<14} {}{note}", text("kind"), text("value"));
    }
    eprintln!("  {} events, {} orders", preview["n_events"], preview["n_orders"]);
}

fn agrees() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        let message = "nobody can be asked: say --yes to erase";
        return Err(Error::new(ErrorKind::Invalid, message).into());
    }
    eprint!("Erase for good? This cannot be taken back. [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

async fn wait(client: &Client, id: &str) -> Result<Value> {
    let mut trouble = String::new();
    loop {
        let erasure = client.get(&format!("/api/privacy/erasures/{id}"))?;
        if erasure["state"] == "done" {
            return Ok(erasure);
        }
        let now = erasure["trouble"].as_str().unwrap_or_default();
        if now != trouble && !now.is_empty() {
            eprintln!("erasure {id}: {now}; it is being tried again");
        }
        now.clone_into(&mut trouble);
        tokio::time::sleep(ASK_EVERY).await;
    }
}
