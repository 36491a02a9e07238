//! How does somebody see Rapport with a company in it, one command after cloning?

use crate::cli::DemoOptions;
use crate::config::Config;
use crate::fill::{fill, now_micros};
use crate::filling::Filling;
use crate::serve::{Serving, StopSignals};
use anyhow::Result;
use app::Engine;
use app::access::Actor;
use base::Currency;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::Instant;

/// Fills the data directory with the simulated world, once, and serves it. Who is stopped while
/// filling goes on at the next start.
pub async fn run(config: &Config, options: &DemoOptions) -> Result<()> {
    let mut signals = StopSignals::new()?;
    let known = Filling::load(&config.data)?;
    let serving = Serving::start(config).await?;
    let data = config.data.display();
    let missing = match known {
        Some(filling) if filling.is_whole => {
            println!("The demo is there already; using it. Delete {data} to begin anew.");
            None
        }
        Some(filling) => Some(go_on(&serving, filling, config)),
        None if serving.engine().about().await?.n_events > 0 => {
            println!("{data} holds other data already; serving that.");
            None
        }
        None => Some(begin(config, options)?),
    };
    if let Some(mut filling) = missing {
        tokio::select! {
            filled = fill_in(&serving, &mut filling) => filled?,
            () = signals.wait() => {
                println!("\nStopped while filling the demo in; `rapport demo` goes on from here.");
                return serving.stop().await;
            }
        }
    }
    serving.until_stopped(config, signals).await
}

fn begin(config: &Config, options: &DemoOptions) -> Result<Filling> {
    let filling = Filling::new(&config.data, options.customers, options.seed, now_micros());
    filling.save()?;
    println!("Living eighteen months with {} simulated customers …", options.customers);
    Ok(filling)
}

/// The world of the start before, whatever the flags of this one say.
fn go_on(serving: &Serving, filling: Filling, config: &Config) -> Filling {
    let (n_lives, n_customers) = (filling.n_lives, filling.customers);
    println!("Filling the demo in was interrupted at {n_lives} of {n_customers} customers.");
    println!("Going on …");
    if let Some(ended) = filling.stale_since(serving.engine().now()) {
        println!("It ends at {ended}; delete {} for one that ends today.", config.data.display());
    }
    filling
}

async fn fill_in(serving: &Serving, filling: &mut Filling) -> Result<()> {
    let begun = Instant::now();
    agree_on_metrics(serving.engine()).await?;
    let bar = progress_bar(filling.customers);
    let address = &serving.running().address;
    let filled = fill(serving.engine(), address, filling, |n| bar.set_position(n)).await?;
    bar.finish_and_clear();
    let (n_events, seconds) = (filled.n_bulk + filled.n_sent, begun.elapsed().as_secs_f64());
    println!("{n_events} events, {} of them over HTTP, in {seconds:.0} s.\n", filled.n_sent);
    Ok(())
}

/// The usual metrics, in the currency of the simulated shop.
async fn agree_on_metrics(engine: &Engine) -> Result<()> {
    let euros = Currency::parse("EUR");
    engine.metrics().add_usual(&Actor::system(), (euros, None), engine.now()).await?;
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
