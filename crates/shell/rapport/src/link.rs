//! Which customers are one person although they share no identifier?

use crate::cli::LinkAction;
use crate::client::Client;
use crate::config::Config;
use anyhow::{Context, Result, bail};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::time::Duration;

/// How often a run is asked how far it is.
const ASK_EVERY: Duration = Duration::from_millis(300);

/// Carries out one action on linkage.
pub async fn run(config: &Config, action: &LinkAction) -> Result<()> {
    let client = Client::connect(config).await?;
    let acted = act(&client, action).await;
    client.close().await?;
    acted
}

async fn act(client: &Client, action: &LinkAction) -> Result<()> {
    match action {
        LinkAction::Run => work(client).await,
        LinkAction::List => {
            for run in client.list("/api/linkage/runs")? {
                println!("{}", line(&run));
            }
            Ok(())
        }
        LinkAction::Undo { id } => {
            let run = client.post(&format!("/api/linkage/runs/{id}/undo"), &json!({}))?;
            let n_links = run["n_withdrawn"].as_u64().unwrap_or(0);
            println!("{} links were withdrawn.", HumanCount(n_links));
            Ok(())
        }
    }
}

/// Begins a run and waits for its end.
async fn work(client: &Client) -> Result<()> {
    let mut run = client.post("/api/linkage/runs", &json!({}))?;
    let id = run["id"].as_str().context("the server named no run")?.to_owned();
    let bar = progress_bar();
    while run["state"] == "running" {
        tokio::time::sleep(ASK_EVERY).await;
        run = client.get(&format!("/api/linkage/runs/{id}"))?;
        bar.set_message(run["phase"].as_str().unwrap_or_default().to_owned());
        bar.set_position((run["progress"].as_f64().unwrap_or(0.0) * 1_000.0) as u64);
    }
    bar.finish_and_clear();
    if run["state"] != "done" {
        bail!("{}", run["message"].as_str().unwrap_or("the run was stopped"));
    }
    println!("{}", line(&run));
    let n_open = run["n_review"].as_u64().unwrap_or(0);
    if n_open > 0 {
        println!("{} pairs wait for somebody to look at them (Know → Review).", HumanCount(n_open));
    }
    Ok(())
}

/// A run in one line.
fn line(run: &Value) -> String {
    let word = |name: &str| run[name].as_str().unwrap_or("").to_owned();
    let number = |name: &str| HumanCount(run[name].as_u64().unwrap_or(0)).to_string();
    let end = if run["undone_at"].is_null() { word("state") } else { "undone".to_owned() };
    format!(
        "{:<8} {end:<11} {}  {} customers, {} pairs compared, {} links, {} to review",
        word("id"),
        word("started_at"),
        number("n_records"),
        number("n_compared"),
        number("n_links"),
        number("n_review")
    )
}

/// Quiet where nobody looks.
fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}");
    let style = style.expect("the template is one of indicatif's");
    ProgressBar::new(1_000).with_style(style)
}
