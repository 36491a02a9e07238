//! Do the API's description and the TypeScript types say what the server says?

use crate::repo;
use crate::steps::{Outcome, built, command_in};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

const OPENAPI: &str = "docs/openapi.json";
const TYPES: &str = "web/src/api/schema.d.ts";

/// Writes both files anew, building no more than that takes.
pub fn write() -> Result<()> {
    let example = ["run", "--quiet", "--package", "rapport-api", "--example", "openapi"];
    write_as_told_by(Command::new("cargo").args(example))
}

/// Fails where writing them anew would change them; leaves the new ones for a look at the diff.
/// Takes the server's description from what the tests are built of.
pub fn check() -> Result<()> {
    let before = [OPENAPI, TYPES].map(read);
    write_as_told_by(&mut Command::new(built(Path::new("examples/openapi"))?))?;
    for (name, before) in [OPENAPI, TYPES].into_iter().zip(before) {
        if read(name) != before {
            bail!("{name} was not up to date; run `cargo xtask codegen` and commit it");
        }
    }
    Ok(())
}

fn write_as_told_by(describer: &mut Command) -> Result<()> {
    std::fs::write(repo::root().join(OPENAPI), told(describer)?)?;
    match command_in("web", "npm", &["run", "--silent", "codegen"], &[])? {
        Outcome::Passed => {
            println!("wrote {OPENAPI} and {TYPES}");
            Ok(())
        }
        other => bail!("the TypeScript types could not be written: {other:?}"),
    }
}

fn read(name: &str) -> Option<String> {
    std::fs::read_to_string(repo::root().join(name)).ok()
}

fn told(describer: &mut Command) -> Result<String> {
    let output = describer
        .current_dir(repo::root())
        .output()
        .with_context(|| format!("{} could not be started", describer.get_program().display()))?;
    if !output.status.success() {
        bail!("the API could not be described: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
