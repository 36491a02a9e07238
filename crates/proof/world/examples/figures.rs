//! What are the figures of a whole world? `cargo run --release --example figures -- [N] [SEED]`
//!
//! Writes every event as JSON (into memory only) and prints shares and means: to
//! see whether the world is believable, and with `time`, how fast it is made.

use std::collections::BTreeMap;
use world::{Kind, World, WorldSpec};

#[derive(Default)]
struct Figures {
    n_customers: f64,
    n_events: f64,
    n_identified: f64,
    n_with_orders: f64,
    n_orders: f64,
    n_alive: f64,
    n_subscribed: f64,
    revenue: f64,
    expected: f64,
    expected_without: f64,
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let n_customers = arguments.next().unwrap_or(20_000);
    let seed = arguments.next().unwrap_or(1);
    let ends_at = 1_795_262_400_000_000; // 2026-11-21 12:00 UTC
    let world = World::new(WorldSpec { seed, n_customers, ends_at, months: 18 });
    let mut by_kind: BTreeMap<String, Figures> = BTreeMap::new();
    let mut by_name: BTreeMap<String, u64> = BTreeMap::new();
    let mut line = String::new();
    let (mut n_bytes, mut largest) = (0, 0);
    for life in world.lives() {
        for event in &life.events {
            line.clear();
            event.to_segment_json(&mut line);
            n_bytes += line.len();
            let name = format!("{} {}", event.method.name(), event.name);
            *by_name.entry(name).or_default() += 1;
        }
        largest = largest.max(life.events.len());
        add(by_kind.entry("All".to_owned()).or_default(), &life.truth);
        add(by_kind.entry(format!("{:?}", kind(&life.truth))).or_default(), &life.truth);
    }
    for (kind, figures) in &by_kind {
        print_figures(kind, figures);
    }
    for (name, n) in &by_name {
        println!("{n:>9} {name}");
    }
    println!("{n_bytes} bytes of JSON; the longest life has {largest} events");
}

fn kind(truth: &world::Truth) -> Kind {
    truth.nature.kind
}

fn add(figures: &mut Figures, truth: &world::Truth) {
    let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
    let outcome = &truth.outcome;
    let n_orders = (outcome.n_orders_online + outcome.n_orders_store) as f64;
    let ids = &truth.identifiers;
    figures.n_customers += 1.0;
    figures.n_events += outcome.n_events as f64;
    figures.n_identified += flag(ids.user_id.is_some() || !ids.emails.is_empty());
    figures.n_with_orders += flag(n_orders > 0.0);
    figures.n_orders += n_orders;
    figures.n_alive += flag(truth.died_at.is_none());
    figures.n_subscribed += flag(outcome.plan_at_end.is_some());
    figures.revenue += outcome.revenue_cents as f64 / 100.0;
    figures.expected += outcome.expected_orders;
    figures.expected_without += outcome.expected_orders_without_messages;
}

fn print_figures(kind: &str, figures: &Figures) {
    let n = figures.n_customers;
    println!(
        "{kind:<9} n {n:>7} events {:6.1} known {:.3} buyers {:.3} orders {:.3} expected {:.3} \
         without messages {:.3} alive {:.3} subscribed {:.3} revenue {:7.2}",
        figures.n_events / n,
        figures.n_identified / n,
        figures.n_with_orders / n,
        figures.n_orders / n,
        figures.expected / n,
        figures.expected_without / n,
        figures.n_alive / n,
        figures.n_subscribed / n,
        figures.revenue / n,
    );
}
