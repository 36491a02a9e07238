//! Does every file say which question it answers?

use crate::repo;
use anyhow::Result;
use std::path::Path;

/// Files whose first line is not a `//!` question.
pub fn breaches() -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for folder in ["crates", "bench", "xtask"] {
        for file in repo::files(&repo::root().join(folder), "rs")? {
            if !asks_a_question(&file)? {
                let name = repo::shown(&file);
                breaches.push(format!("{name}:1: does not begin with a `//!` question"));
            }
        }
    }
    Ok(breaches)
}

fn asks_a_question(file: &Path) -> Result<bool> {
    let text = std::fs::read_to_string(file)?;
    let sentence: String = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .take_while(|line| !line.trim().is_empty())
        .collect();
    Ok(sentence.contains('?'))
}
