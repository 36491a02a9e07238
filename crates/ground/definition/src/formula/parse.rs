//! Which definition does a formula mean?

use super::error::{Doubt, FormulaError, Place};
use super::lex::{self, Token};
use super::{CHARS_MAX, NESTED_MAX};
use crate::calendar::Calendar;
use crate::definition::Definition;
use crate::predicate::Predicate;
use crate::vocabulary::{Known, Vocabulary};

/// What a formula means, and what in it is not known to anybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The definition; it is still to be checked.
    pub definition: Definition,
    /// Names that nobody knows so far but that come near to known ones.
    pub doubts: Vec<Doubt>,
}

/// Reads a formula. Segments and computed traits are found by their keys in `names`.
///
/// # Errors
/// Names the first place at which something else was expected.
pub fn parse(
    text: &str,
    calendar: &Calendar,
    names: &dyn Vocabulary,
) -> Result<Parsed, FormulaError> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > CHARS_MAX {
        let expected = vec![format!("at most {CHARS_MAX} characters")];
        let found = format!("{}", chars.len());
        let place = Place::of(&chars, CHARS_MAX);
        return Err(FormulaError { place, found, expected, suggest: Vec::new() });
    }
    let tokens = lex::tokens(&chars)?;
    let mut parser = Parser { chars, tokens, at: 0, depth: 0, names, doubts: Vec::new() };
    let who = parser.or()?;
    match parser.peek() {
        None => {
            let definition = Definition { who, calendar: calendar.clone() };
            Ok(Parsed { definition, doubts: parser.doubts })
        }
        Some(_) => Err(parser.expected(&["'and'", "'or'", "the end"])),
    }
}

pub(super) type Read<T> = Result<T, FormulaError>;

/// Reads tokens one after the other.
pub(super) struct Parser<'a> {
    chars: Vec<char>,
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    pub(super) names: &'a dyn Vocabulary,
    doubts: Vec<Doubt>,
}

impl Parser<'_> {
    /// What holds alternatively.
    pub(super) fn or(&mut self) -> Read<Predicate> {
        let first = self.and()?;
        if !self.is_word("or") {
            return Ok(first);
        }
        let mut any = vec![first];
        while self.takes_word("or") {
            any.push(self.and()?);
        }
        Ok(Predicate::Any(any))
    }

    fn and(&mut self) -> Read<Predicate> {
        let first = self.not()?;
        if !self.is_word("and") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.takes_word("and") {
            all.push(self.not()?);
        }
        Ok(Predicate::All(all))
    }

    fn not(&mut self) -> Read<Predicate> {
        if self.is_word("not") {
            return self.nested(|parser| {
                parser.at += 1;
                Ok(parser.not()?.negated())
            });
        }
        self.primary()
    }

    fn primary(&mut self) -> Read<Predicate> {
        if self.is_sign("(") {
            return self.nested(|parser| {
                parser.at += 1;
                let inside = parser.or()?;
                parser.sign(")")?;
                Ok(inside)
            });
        }
        for (word, of) in [("all", Group::All), ("any", Group::Any), ("none", Group::None)] {
            if self.is_word(word) {
                self.at += 1;
                let parts = self.nested(Self::group)?;
                return Ok(match of {
                    Group::All => Predicate::All(parts),
                    Group::Any => Predicate::Any(parts),
                    Group::None => Predicate::Any(parts).negated(),
                });
            }
        }
        self.test()
    }

    fn group(&mut self) -> Read<Vec<Predicate>> {
        self.sign("(")?;
        let mut parts = vec![self.or()?];
        while self.takes_sign(",") {
            parts.push(self.or()?);
        }
        self.sign(")")?;
        Ok(parts)
    }

    /// Reads something that may have more of its kind in it, down to a depth.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == NESTED_MAX {
            return Err(self.expected(&["fewer brackets in each other"]));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// The token `n` after the next.
    pub(super) fn ahead(&self, n: usize) -> Option<&Token> {
        self.tokens.get(self.at + n).map(|(token, _)| token)
    }

    /// Where the next token begins, to be told later.
    pub(super) fn here(&self) -> usize {
        self.at
    }

    /// Goes on from a token that was met before, or passed by.
    pub(super) fn back_to(&mut self, token: usize) {
        self.at = token;
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    /// Whether these words stand here, one after the other.
    pub(super) fn takes_words(&mut self, words: &[&str]) -> bool {
        let begin = self.at;
        let all = words.iter().all(|word| self.takes_word(word));
        if !all {
            self.at = begin;
        }
        all
    }

    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let is_it = self.is_word(word);
        self.at += usize::from(is_it);
        is_it
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    pub(super) fn takes_sign(&mut self, sign: &str) -> bool {
        let is_it = self.is_sign(sign);
        self.at += usize::from(is_it);
        is_it
    }

    pub(super) fn sign(&mut self, sign: &str) -> Read<()> {
        if self.takes_sign(sign) { Ok(()) } else { Err(self.expected(&[&format!("'{sign}'")])) }
    }

    /// A word, in lower case.
    pub(super) fn word(&mut self, expected: &[&str]) -> Read<String> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.to_lowercase();
                self.at += 1;
                Ok(word)
            }
            _ => Err(self.expected(expected)),
        }
    }

    /// A text in single quotes.
    pub(super) fn text(&mut self, expected: &str) -> Read<String> {
        match self.peek() {
            Some(Token::Text(text)) => {
                let text = text.clone();
                self.at += 1;
                Ok(text)
            }
            _ => Err(self.expected(&[expected])),
        }
    }

    /// A text that is read as something else.
    pub(super) fn text_as<T>(
        &mut self,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Read<T> {
        let begin = self.at;
        let text = self.text(expected)?;
        read(&text).ok_or_else(|| self.expected_at(begin, &[expected]))
    }

    /// A number, with its sign.
    pub(super) fn number(&mut self) -> Read<f64> {
        let begin = self.at;
        let is_negative = self.takes_sign("-");
        match self.peek() {
            Some(Token::Number(number)) => {
                let number = if is_negative { -number } else { *number };
                self.at += 1;
                Ok(number)
            }
            _ => Err(self.expected_at(begin, &["a number"])),
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.peek(), Some(Token::Number(_))) || self.is_sign("-")
    }

    /// What was expected here.
    pub(super) fn expected(&self, expected: &[&str]) -> FormulaError {
        self.expected_at(self.at, expected)
    }

    /// What was expected at a token.
    pub(super) fn expected_at(&self, token: usize, expected: &[&str]) -> FormulaError {
        let found = self.tokens.get(token);
        FormulaError {
            place: Place::of(&self.chars, found.map_or(self.chars.len(), |(_, begin)| *begin)),
            found: found.map(|(token, _)| token.shown()).unwrap_or_default(),
            expected: expected.iter().map(|text| (*text).to_owned()).collect(),
            suggest: Vec::new(),
        }
    }

    /// Notes a name at a token that comes near to known ones without being one.
    pub(super) fn doubt(&mut self, token: usize, kind: Known, name: &str) {
        let suggest = self.names.near(kind, name);
        if !suggest.is_empty() {
            let begin = self.tokens.get(token).map_or(self.chars.len(), |(_, begin)| *begin);
            let place = Place::of(&self.chars, begin);
            self.doubts.push(Doubt { place, name: name.to_owned(), suggest });
        }
    }
}

#[derive(Clone, Copy)]
enum Group {
    All,
    Any,
    None,
}
