//! How is a whole definition said?

use super::clause::{self, Clause};
use super::list;
use crate::definition::Definition;
use crate::predicate::Predicate;
use crate::vocabulary::Vocabulary;

/// A definition as a sentence: `Customers who have “Order Completed” in the last 30 days and whose
/// plan is “pro”.` Where groups lie in each other they are bound by "either … or" and "both … and",
/// deeper ones by brackets, so that it can be read in one way only.
#[must_use]
pub fn definition(definition: &Definition, names: &dyn Vocabulary) -> String {
    format!("{}.", predicate(&definition.who, names))
}

/// A part of a definition: `Customers who …`.
#[must_use]
pub fn predicate(predicate: &Predicate, names: &dyn Vocabulary) -> String {
    match predicate {
        Predicate::All(all) if all.is_empty() => "All customers".into(),
        _ => format!("Customers {}", relative(predicate, names)),
    }
}

/// What is said of them, after "customers".
fn relative(predicate: &Predicate, names: &dyn Vocabulary) -> String {
    joined(predicate, (names, 0), &|clause: Clause| clause.relative())
}

/// What is said of them in a sentence of its own.
pub(super) fn about_them(predicate: &Predicate, names: &dyn Vocabulary) -> String {
    joined(predicate, (names, 0), &|clause: Clause| clause.about_them())
}

type Say<'s> = &'s dyn Fn(Clause) -> String;

fn joined(predicate: &Predicate, at: (&dyn Vocabulary, usize), say: Say<'_>) -> String {
    let (names, depth) = at;
    let parts = |of: &[Predicate]| -> Vec<String> {
        of.iter().map(|part| joined(part, (names, depth + 1), say)).collect()
    };
    match predicate {
        Predicate::All(all) if all.is_empty() => {
            say(Clause::for_whom("nothing more is asked".into()))
        }
        Predicate::All(all) | Predicate::Any(all) if all.len() == 1 => {
            joined(&all[0], (names, depth), say)
        }
        Predicate::All(all) => group(&parts(all), ("both", "and"), depth),
        Predicate::Any(any) => group(&parts(any), ("either", "or"), depth),
        Predicate::Not(not) => say(negated(not, names)),
        Predicate::Criterion(criterion) => say(clause::of(criterion, names)),
    }
}

/// Parts of a group. The outermost needs no frame; one in another begins with a word, and is in
/// brackets where it has more than two parts or lies deeper.
fn group(parts: &[String], (opener, joint): (&str, &str), depth: usize) -> String {
    let all = list(parts, joint);
    match (depth, parts.len()) {
        (0, _) => all,
        (1, 2) => format!("{opener} {all}"),
        _ => format!("({all})"),
    }
}

fn negated(not: &Predicate, names: &dyn Vocabulary) -> Clause {
    match not {
        Predicate::Criterion(criterion) => clause::of(criterion, names).negated(),
        Predicate::Any(any) if any.len() > 1 => {
            let sentences: Vec<String> = any.iter().map(|one| about_them(one, names)).collect();
            Clause::for_whom(format!("none of this is true: [{}]", sentences.join("; ")))
        }
        not => Clause::for_whom(format!("it is not true that [{}]", about_them(not, names))),
    }
}
