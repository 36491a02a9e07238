//! How is one chore of the test run carried out, and what became of it?

use crate::repo;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It held.
    Passed,
    /// It did not hold, or could not be run to its end.
    Failed(String),
    /// This machine lacks what it needs; the reason says what.
    Skipped(String),
}

/// A step that was run.
pub struct Ran {
    /// The step's name.
    pub name: &'static str,
    /// What became of it.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

/// Runs `step` and times it.
pub fn timed(name: &'static str, step: fn() -> Result<Outcome>) -> Ran {
    println!("\n━━ {name}");
    let begun = Instant::now();
    let outcome = step().unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")));
    Ran { name, outcome, took: begun.elapsed() }
}

/// Runs a command at the root of the repository, its output shown.
pub fn command(program: &str, arguments: &[&str]) -> Result<Outcome> {
    command_in(".", program, arguments, &[])
}

/// Runs a command in `folder` (from the root) with `environment` added, its output shown.
pub fn command_in(
    folder: &str,
    program: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<Outcome> {
    println!("$ {program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .current_dir(repo::root().join(folder))
        .envs(environment.iter().copied())
        .status();
    Ok(match status {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("{program} ended with {status}")),
        Err(error) => Outcome::Failed(format!("{program} could not be started: {error}")),
    })
}

/// Runs steps one after another until one does not pass.
pub fn all(steps: &[&dyn Fn() -> Result<Outcome>]) -> Result<Outcome> {
    for step in steps {
        let outcome = step()?;
        if outcome != Outcome::Passed {
            return Ok(outcome);
        }
    }
    Ok(Outcome::Passed)
}

/// Whether `program` can be started here.
pub fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|o| o.status.success())
}

/// Where a program stands that is built with the workspace's tests, `name` being its place in
/// cargo's folder. Builds them all, so that a run after the tests finds everything done: a build
/// of one package alone chooses other features of the same libraries, and compiles them again.
pub fn built(name: &Path) -> Result<PathBuf> {
    match command("cargo", &["test", "--workspace", "--quiet", "--no-run"])? {
        Outcome::Passed => {}
        other => bail!("the workspace could not be built: {other:?}"),
    }
    // Cargo puts it beside this one, wherever the target folder is.
    let folder = std::env::current_exe()?;
    let folder = folder.parent().context("a program stands in a folder")?;
    Ok(folder.join(name))
}
