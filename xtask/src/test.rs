//! Does everything hold that a contribution must not break?

use crate::steps::{Outcome, Ran, all, built, command, command_in, has, timed};
use anyhow::{Result, bail};
use std::path::Path;

type Step = (&'static str, fn() -> Result<Outcome>);

/// Every step, cheapest first.
const STEPS: [Step; 8] = [
    ("tidy", tidy),
    ("format", || command("cargo", &["fmt", "--all", "--check"])),
    ("web", web),
    ("lint", lint),
    ("rust", || command("cargo", &["test", "--workspace", "--quiet", "--no-fail-fast"])),
    ("codegen", codegen),
    ("clients", clients),
    ("browser", browser),
];

/// Prints the names of the steps.
pub fn list() {
    for (name, _) in STEPS {
        println!("{name}");
    }
}

/// Runs the steps named in `only`, or all; fails where one of them failed.
pub fn run(only: &[&str]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|(n, _)| n != *name)) {
        bail!("there is no step '{unknown}'; `cargo xtask test --list` names them");
    }
    let wanted = STEPS.iter().filter(|(name, _)| only.is_empty() || only.contains(name));
    let ran: Vec<Ran> = wanted.map(|(name, step)| timed(name, *step)).collect();
    summarise(&ran)
}

fn summarise(ran: &[Ran]) -> Result<()> {
    println!();
    for step in ran {
        let word = match &step.outcome {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Failed(why) => format!("FAILED: {why}"),
            Outcome::Skipped(why) => format!("skipped: {why}"),
        };
        println!("{:>8}  {:>5} s  {word}", step.name, step.took.as_secs());
    }
    let count = |wanted: fn(&Outcome) -> bool| ran.iter().filter(|s| wanted(&s.outcome)).count();
    let n_failed = count(|o| matches!(o, Outcome::Failed(_)));
    let n_skipped = count(|o| matches!(o, Outcome::Skipped(_)));
    let n_passed = ran.len() - n_failed - n_skipped;
    println!("\n{n_passed} passed, {n_failed} failed, {n_skipped} skipped");
    if n_failed > 0 {
        bail!("{n_failed} steps failed");
    }
    Ok(())
}

fn tidy() -> Result<Outcome> {
    crate::tidy::check()?;
    Ok(Outcome::Passed)
}

fn codegen() -> Result<Outcome> {
    crate::codegen::check()?;
    Ok(Outcome::Passed)
}

fn lint() -> Result<Outcome> {
    let deny = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"];
    command("cargo", &deny)
}

fn web() -> Result<Outcome> {
    let npm = |words: &'static [&'static str]| move || command_in("web", "npm", words, &[]);
    all(&[
        &npm(&["ci", "--no-audit", "--no-fund"]),
        &npm(&["run", "--silent", "lint"]),
        &npm(&["test", "--silent"]),
        &npm(&["run", "--silent", "build"]),
    ])
}

/// The official client libraries of Segment, RudderStack and PostHog against the real binary.
fn clients() -> Result<Outcome> {
    if !has("python3") {
        return Ok(Outcome::Skipped("python3 is not installed".to_owned()));
    }
    let binary = binary()?;
    all(&[&|| command_in("tests/clients", "npm", &["ci", "--no-audit", "--no-fund"], &[]), &|| {
        command_in("tests/clients", "npm", &["test"], &[("RAPPORT_BINARY", &binary)])
    }])
}

/// The program under test.
fn binary() -> Result<String> {
    Ok(built(Path::new("rapport"))?.to_string_lossy().into_owned())
}

/// The pages that the real binary carries, in a real browser.
fn browser() -> Result<Outcome> {
    if !has("chromium") {
        return Ok(Outcome::Skipped("chromium is not installed".to_owned()));
    }
    let binary = binary()?;
    command_in("web", "npm", &["run", "--silent", "e2e"], &[("RAPPORT_BINARY", &binary)])
}
