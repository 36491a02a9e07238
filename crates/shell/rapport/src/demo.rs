//! How does somebody see Rapport with a company in it, one command after cloning?

use crate::cli::DemoOptions;
use crate::config::Config;
use crate::fill::{Filling, fill};
use crate::serve::Serving;
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::time::Instant;

/// The file that says that a data directory holds the demo.
const MARK: &str = "demo.json";

/// Fills the data directory with the simulated world, once, and serves it.
pub async fn run(config: &Config, options: &DemoOptions) -> Result<()> {
    let mark = config.data.join(MARK);
    let serving = Serving::start(config).await?;
    let data = config.data.display();
    if let Ok(text) = std::fs::read_to_string(&mark) {
        if is_whole(&text) {
            println!("The demo is there already; using it. Delete {data} to begin anew.");
        } else {
            println!("Filling the demo was interrupted: it is not whole.");
            println!("Serving what there is. Delete {data} to begin anew.");
        }
    } else if serving.engine().about().await?.n_events > 0 {
        println!("{data} holds other data already; serving that.");
    } else {
        let text = |is_whole| {
            let (customers, seed) = (options.customers, options.seed);
            json!({ "customers": customers, "seed": seed, "is_whole": is_whole }).to_string()
        };
        std::fs::write(&mark, text(false))?;
        fill_in(&serving, options).await?;
        std::fs::write(&mark, text(true))?;
    }
    serving.until_stopped(config).await
}

/// Whether the demo was filled to its end; directories of old have no word on it.
fn is_whole(mark: &str) -> bool {
    let mark: Value = serde_json::from_str(mark).unwrap_or_default();
    mark["is_whole"] != false
}

async fn fill_in(serving: &Serving, options: &DemoOptions) -> Result<()> {
    let begun = Instant::now();
    let filling = Filling { n_customers: options.customers, seed: options.seed };
    println!("Living eighteen months with {} simulated customers …", options.customers);
    let bar = progress_bar(options.customers);
    let address = &serving.running().address;
    let filled = fill(serving.engine(), address, filling, |n| bar.set_position(n)).await?;
    bar.finish_and_clear();
    let (n_events, seconds) = (filled.n_bulk + filled.n_sent, begun.elapsed().as_secs_f64());
    println!("{n_events} events, {} of them over HTTP, in {seconds:.0} s.\n", filled.n_sent);
    Ok(())
}

/// A bar on a terminal; nothing where the output is piped.
fn progress_bar(n_customers: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} customers  {eta} left");
    ProgressBar::new(n_customers).with_style(style.expect("the template is one of indicatif's"))
}
