//! Do the API's description and the TypeScript types say what the server says?

use crate::repo;
use crate::steps::{Outcome, command_in};
use anyhow::{Context, Result, bail};
use std::process::Command;

const OPENAPI: &str = "docs/openapi.json";
const TYPES: &str = "web/src/api/schema.d.ts";

/// Writes both files anew.
pub fn write() -> Result<()> {
    std::fs::write(repo::root().join(OPENAPI), describe()?)?;
    match command_in("web", "npm", &["run", "--silent", "codegen"], &[])? {
        Outcome::Passed => {
            println!("wrote {OPENAPI} and {TYPES}");
            Ok(())
        }
        other => bail!("the TypeScript types could not be written: {other:?}"),
    }
}

/// Fails where writing them anew would change them; leaves the new ones for a look at the diff.
pub fn check() -> Result<()> {
    let before = [OPENAPI, TYPES].map(read);
    write()?;
    for (name, before) in [OPENAPI, TYPES].into_iter().zip(before) {
        if read(name) != before {
            bail!("{name} was not up to date; run `cargo xtask codegen` and commit it");
        }
    }
    Ok(())
}

fn read(name: &str) -> Option<String> {
    std::fs::read_to_string(repo::root().join(name)).ok()
}

fn describe() -> Result<String> {
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--package", "rapport-api", "--example", "openapi"])
        .current_dir(repo::root())
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        bail!("the API could not be described: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
