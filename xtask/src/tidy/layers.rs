//! Does any crate know a crate, or a library, that it must not know?

use crate::repo;
use anyhow::{Context, Result};
use std::path::Path;

/// Libraries that only these crates may name (as `layer/crate`).
const RESERVED: [(&str, &[&str]); 7] = [
    ("datafusion", &["substrate/sql"]),
    ("sqlx", &["substrate/log", "substrate/state"]),
    ("object_store", &["substrate/history", "shell/app"]),
    ("axum", &["shell/api", "shell/rapport"]),
    ("utoipa", &["shell/api"]),
    ("getrandom", &["shell/app"]),
    ("clap", &["shell/rapport"]),
];

/// Which layers a crate of `layer` may name. A stage knows the ground only: `app` carries values
/// from stage to stage.
fn may_name(layer: &str) -> &'static [&'static str] {
    match layer {
        "ground" | "listen" | "know" | "decide" | "act" | "learn" | "substrate" => &["ground"],
        "proof" => &["ground", "shell"],
        "shell" => {
            &["ground", "substrate", "listen", "know", "decide", "act", "learn", "shell", "proof"]
        }
        _ => &[],
    }
}

/// Every edge between crates, and from a crate to a reserved library, that a law forbids.
pub fn breaches() -> Result<Vec<String>> {
    let manifests = repo::files(&repo::root().join("crates"), "toml")?;
    let mut breaches = Vec::new();
    for manifest in manifests.iter().filter(|m| m.ends_with("Cargo.toml")) {
        breaches.extend(breaches_of(manifest)?);
    }
    Ok(breaches)
}

fn breaches_of(manifest: &Path) -> Result<Vec<String>> {
    let place = repo::shown(manifest.parent().expect("a manifest lies in a folder"));
    let place = place.trim_start_matches("crates/");
    let (layer, _) = place.split_once('/').context("crates lie in crates/<layer>/<name>")?;
    let text = std::fs::read_to_string(manifest)?;
    let table: toml::Table = text.parse().with_context(|| repo::shown(manifest))?;
    let mut breaches = Vec::new();
    for name in dependencies(&table) {
        if let Some(other) = layer_of(&name)? {
            let allowed = other == layer || may_name(layer).contains(&other.as_str());
            if !allowed {
                breaches
                    .push(format!("crates/{place}: a crate of {layer} names '{name}' of {other}"));
            }
        }
        for (library, homes) in RESERVED {
            if name.starts_with(library) && !homes.contains(&place) {
                breaches.push(format!("crates/{place}: '{name}' is reserved for {homes:?}"));
            }
        }
    }
    Ok(breaches)
}

/// What the crate needs at run time; tests may know more.
fn dependencies(manifest: &toml::Table) -> Vec<String> {
    let table = manifest.get("dependencies").and_then(toml::Value::as_table);
    table.map(|t| t.keys().cloned().collect()).unwrap_or_default()
}

/// The layer of one of our own crates, by its name in `[workspace.dependencies]`.
fn layer_of(name: &str) -> Result<Option<String>> {
    let text = std::fs::read_to_string(repo::root().join("Cargo.toml"))?;
    let workspace: toml::Table = text.parse()?;
    let path = workspace["workspace"]["dependencies"]
        .get(name)
        .and_then(|d| d.get("path"))
        .and_then(toml::Value::as_str);
    Ok(path.and_then(|p| p.split('/').nth(1)).map(str::to_owned))
}
