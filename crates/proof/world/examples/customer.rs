//! What does one customer's life look like? `cargo run --example customer -- INDEX [SEED]`
//!
//! Prints the truth, then every event as a client library would send it, then the
//! records of the CRM and of the stores.

use world::{CrmRecord, Receipt, World, WorldSpec};

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let index = arguments.next().unwrap_or(42);
    let seed = arguments.next().unwrap_or(1);
    let ends_at = 1_795_262_400_000_000; // 2026-11-21 12:00 UTC
    let world = World::new(WorldSpec { seed, n_customers: index + 1, ends_at, months: 18 });
    let life = world.customer(index);
    println!("{}", serde_json::to_string_pretty(&life.truth).expect("the truth is plain data"));
    let mut out = String::new();
    for event in &life.events {
        event.to_segment_json(&mut out);
        out.push('\n');
    }
    out.push_str(CrmRecord::CSV_HEADER);
    life.crm.iter().for_each(|record| record.to_csv(&mut out));
    out.push_str(Receipt::CSV_HEADER);
    life.receipts.iter().for_each(|receipt| receipt.to_csv(&mut out));
    print!("{out}");
}
