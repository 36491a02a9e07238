//! How is a definition written as a formula, and how is a formula read?
//!
//! The syntax is that of SQL expressions with a few functions; `formula/grammar.md` has all of it.
//! Printing is canonical, and what is printed reads as the same definition. A formula that cannot
//! be read is told by its place, by what could stand there, and by what comes near to it.

mod call;
mod compare;
mod error;
mod events;
mod fact;
mod lex;
mod parse;
mod print;
#[cfg(test)]
mod tests;

pub use error::{Doubt, FormulaError, Place};
pub use parse::{Parsed, parse};
pub use print::{print, print_predicate};

/// Characters of a formula at most.
pub const CHARS_MAX: usize = 10_000;
/// Brackets and `not`s in each other at most, more than a definition may be deep.
const NESTED_MAX: usize = 40;

/// Words that mean something between values; a property that is called so is put in double quotes.
const KEYWORDS: [&str; 28] = [
    "and",
    "or",
    "not",
    "all",
    "any",
    "none",
    "in",
    "is",
    "between",
    "known",
    "starts",
    "ends",
    "with",
    "contains",
    "has",
    "true",
    "false",
    "where",
    "last",
    "longer_ago",
    "ago",
    "during",
    "since",
    "within",
    "without",
    "same",
    "by",
    "yearly",
];

/// Whether a path of a property can be written as it is.
fn is_plain_path(path: &str) -> bool {
    let is_step = |step: &str| {
        !step.is_empty() && step.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let begins = path.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let first = path.split('.').next().unwrap_or_default();
    begins
        && path.split('.').all(is_step)
        && !KEYWORDS.contains(&path.to_lowercase().as_str())
        && !(path.contains('.') && ["context", "event"].contains(&first))
}
