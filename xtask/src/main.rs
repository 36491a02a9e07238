//! Which chores of the house can a machine do?

mod codegen;
mod repo;
mod steps;
mod test;
mod tidy;

use anyhow::{Result, bail};

const HELP: &str = "\
Chores of the house.

Usage: cargo xtask <CHORE> [OPTION]

  tidy               Hold the laws of the house: layers, reserved dependencies, first lines, sizes
  tidy --ratchet     Write today's exceptions to the size rules down (the list may only shrink)
  test               Run every check that a contribution needs, and end with one summary line
  test --list        Name the steps
  test STEP [STEP]   Run only these steps
  codegen            Write docs/openapi.json and the TypeScript types of the API
  codegen --check    Fail where they differ from what is committed
";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["tidy"] => tidy::check(),
        ["tidy", "--ratchet"] => tidy::write_ratchet(),
        ["test", "--list"] => {
            test::list();
            Ok(())
        }
        ["test", only @ ..] => test::run(only),
        ["codegen"] => codegen::write(),
        ["codegen", "--check"] => codegen::check(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no chore '{}'\n\n{HELP}", other.join(" ")),
    }
}
