//! Which laws of the house does the code break today?

mod first_line;
mod layers;
mod sizes;

use crate::repo;
use anyhow::{Result, bail};
use std::collections::BTreeSet;

/// Exceptions to the size rules that stand today, one key per line; the list may only shrink.
const RATCHET: &str = "xtask/tidy.ratchet";

/// Fails with every breach of a law, and with every ratcheted exception that is no longer needed.
pub fn check() -> Result<()> {
    let mut breaches = layers::breaches()?;
    breaches.extend(first_line::breaches()?);
    let sizes = sizes::breaches()?;
    let allowed = ratchet()?;
    let found: BTreeSet<&str> = sizes.iter().map(|s| s.key.as_str()).collect();
    breaches.extend(sizes.iter().filter(|s| !allowed.contains(&s.key)).map(|s| s.sentence.clone()));
    let healed = allowed.iter().filter(|key| !found.contains(key.as_str()));
    breaches.extend(healed.map(|key| format!("{RATCHET}: '{key}' is healed; take the line out")));
    if breaches.is_empty() {
        println!("tidy: the house is in order ({} exceptions left)", allowed.len());
        return Ok(());
    }
    for breach in &breaches {
        println!("{breach}");
    }
    bail!("{} breaches of the laws of the house", breaches.len());
}

/// Writes down today's exceptions to the size rules.
pub fn write_ratchet() -> Result<()> {
    let keys: BTreeSet<String> = sizes::breaches()?.into_iter().map(|s| s.key).collect();
    let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
    std::fs::write(repo::root().join(RATCHET), text)?;
    println!("{} exceptions written to {RATCHET}", keys.len());
    Ok(())
}

fn ratchet() -> Result<BTreeSet<String>> {
    let path = repo::root().join(RATCHET);
    let text = if path.exists() { std::fs::read_to_string(path)? } else { String::new() };
    Ok(text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect())
}
