//! Where may events come from?

use crate::cli::KeyAction;
use crate::client::Client;
use crate::config::Config;
use anyhow::Result;
use serde_json::{Value, json};

/// Carries out one action on sources.
pub async fn run(config: &Config, action: &KeyAction) -> Result<()> {
    let client = Client::connect(config).await?;
    let acted = act(&client, action);
    client.close().await?;
    acted
}

fn act(client: &Client, action: &KeyAction) -> Result<()> {
    match action {
        KeyAction::Create { name, kind } => {
            let source = client.post("/api/sources", &json!({ "name": name, "kind": kind }))?;
            print_key(&source);
        }
        KeyAction::List => {
            for source in client.list("/api/sources")? {
                let word = |name: &str| source[name].as_str().unwrap_or("").to_owned();
                let (id, kind, key) = (word("id"), word("kind"), word("write_key"));
                println!("{id:<8} {kind:<8} {key:<36} {}", word("name"));
            }
        }
        KeyAction::Rotate { id } => {
            print_key(&client.post(&format!("/api/sources/{id}/rotate_key"), &json!({}))?);
        }
    }
    Ok(())
}

fn print_key(source: &Value) {
    println!("{}", source["write_key"].as_str().unwrap_or_default());
}
