//! Which records are worth comparing at all?

use crate::kind::{Part, Prepared};
use crate::pool::MISSING;
use crate::schema::Schema;
use crate::table::Row;
use base::hash::{hash64, mix64};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// A part of a column's value that must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KeyPart {
    /// The column.
    pub column: u8,
    /// Which part of its value.
    pub part: Part,
}

/// A blocking rule: two records are compared if all parts agree. A record that lacks a part is
/// not reached by the rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rule {
    /// The parts, each of another column.
    pub parts: Vec<KeyPart>,
}

impl Rule {
    pub(crate) fn of(parts: &[KeyPart]) -> Self {
        Self { parts: parts.to_vec() }
    }

    /// A fingerprint of the parts of a record; `None` where one is missing. Two records whose
    /// parts differ have the same one with probability 2⁻⁶⁴, which costs a comparison at worst.
    pub(crate) fn key(&self, schema: &Schema, row: &impl Row) -> Option<u64> {
        let mut key = 0;
        for part in &self.parts {
            key = mix64(key ^ part.hash(schema, row)?);
        }
        Some(key)
    }

    /// The rule in words: `same family name and same year and month of birthday`.
    #[must_use]
    pub fn words(&self, schema: &Schema) -> String {
        let mut out = String::new();
        for (at, part) in self.parts.iter().enumerate() {
            if at > 0 {
                out.push_str(" and ");
            }
            part.push_words(schema, &mut out);
        }
        out
    }

    /// Whether agreement by this rule says that `column` agrees, fully or in part.
    pub(crate) fn touches(&self, schema: &Schema, column: usize) -> bool {
        self.parts.iter().any(|part| {
            let is_both_names = part.part == Part::BothNames;
            let names = schema.names();
            usize::from(part.column) == column
                || (is_both_names && names.is_some_and(|(_, family)| family == column))
        })
    }
}

impl KeyPart {
    pub(crate) fn hash(self, schema: &Schema, row: &impl Row) -> Option<u64> {
        let column = usize::from(self.column);
        if row.values()[column] == MISSING {
            return None;
        }
        let value = row.prepared(column);
        if self.part == Part::BothNames {
            let (given, family) = schema.names()?;
            if row.values()[family] == MISSING {
                return None;
            }
            let (given, family) = (row.prepared(given).text, row.prepared(family).text);
            // A sum, so that swapped names have the same key.
            return Some(hash64(1, given.as_bytes()).wrapping_add(hash64(1, family.as_bytes())));
        }
        part_hash(self.part, value)
    }

    fn push_words(self, schema: &Schema, out: &mut String) {
        let name = &schema.columns()[usize::from(self.column)].name;
        let written = match self.part {
            Part::Whole => write!(out, "same {name}"),
            Part::Start(1) => write!(out, "same first letter of {name}"),
            Part::Start(n) => write!(out, "same first {n} letters of {name}"),
            Part::End(n) => write!(out, "same last {n} letters of {name}"),
            Part::Sound => write!(out, "same sound of {name}"),
            Part::YearMonth => write!(out, "same year and month of {name}"),
            Part::DayMonth => write!(out, "same day and month of {name}"),
            Part::LocalPart => write!(out, "same {name} before the @"),
            Part::BothNames => write!(out, "same given and family name in either order"),
        };
        written.expect("writing to a string succeeds");
    }
}

fn part_hash(part: Part, value: Prepared<'_>) -> Option<u64> {
    let text = value.text.as_bytes();
    let hash = |bytes: &[u8]| Some(hash64(1, bytes));
    match part {
        Part::Whole => hash(text),
        Part::Start(n) => hash(text.get(..usize::from(n))?),
        Part::End(n) => hash(&text[text.len().checked_sub(usize::from(n))?..]),
        Part::Sound => Some(u64::from(u32::from_le_bytes(soundex(text)?))),
        Part::YearMonth if text.len() == 8 => hash(&text[..6]),
        Part::DayMonth if text.len() == 8 => {
            let (a, b) = (&text[4..6], &text[6..]);
            let (first, second) = if a <= b { (a, b) } else { (b, a) };
            hash(&[first, second].concat())
        }
        Part::LocalPart => hash(&text[..text.iter().position(|byte| *byte == b'@')?]),
        Part::YearMonth | Part::DayMonth | Part::BothNames => None,
    }
}

/// The Soundex code of the first word (Russell 1918, the American census rules): its first letter
/// and three digits.
fn soundex(text: &[u8]) -> Option<[u8; 4]> {
    let first = *text.first().filter(|byte| byte.is_ascii_lowercase())?;
    let mut code = [first, b'0', b'0', b'0'];
    let mut n = 1;
    let mut previous = soundex_digit(first);
    for &letter in text[1..].iter().take_while(|byte| **byte != b' ') {
        let digit = soundex_digit(letter);
        if digit != b'0' && digit != previous {
            code[n] = digit;
            n += 1;
            if n == 4 {
                break;
            }
        }
        // h and w do not part two letters of one digit; vowels do.
        if !matches!(letter, b'h' | b'w') {
            previous = digit;
        }
    }
    Some(code)
}

fn soundex_digit(letter: u8) -> u8 {
    match letter {
        b'b' | b'f' | b'p' | b'v' => b'1',
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => b'2',
        b'd' | b't' => b'3',
        b'l' => b'4',
        b'm' | b'n' => b'5',
        b'r' => b'6',
        _ => b'0',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soundex_as_published() {
        for (name, code) in [
            ("robert", "r163"),
            ("rupert", "r163"),
            ("ashcraft", "a261"),
            ("tymczak", "t522"),
            ("pfister", "p236"),
            ("honeyman", "h555"),
            ("lee", "l000"),
        ] {
            let found = soundex(name.as_bytes()).expect("a name");
            assert_eq!(std::str::from_utf8(&found), Ok(code), "{name}");
        }
    }
}
