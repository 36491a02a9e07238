//! What does a call say, argument by argument?

use base::Duration;
use insight::{Date, Grain, Period};
use sql::Argument;

/// Reads the arguments of a call from the first to the last.
pub(super) struct Arguments<'a> {
    rest: &'a [Argument],
    n_read: usize,
}

impl<'a> Arguments<'a> {
    pub fn new(arguments: &'a [Argument]) -> Self {
        Self { rest: arguments, n_read: 0 }
    }

    /// The question of the API, where the call is one JSON text.
    pub fn json(&self) -> Option<&'a str> {
        match self.rest {
            [Argument::Text(text)] if text.trim_start().starts_with('{') => Some(text),
            _ => None,
        }
    }

    fn next(&mut self, what: &str) -> Result<&'a Argument, String> {
        let (first, rest) = self.rest.split_first().ok_or_else(|| format!("{what} is missing"))?;
        (self.rest, self.n_read) = (rest, self.n_read + 1);
        Ok(first)
    }

    pub fn text(&mut self, what: &str) -> Result<&'a str, String> {
        match self.next(what)? {
            Argument::Text(text) if !text.is_empty() => Ok(text),
            _ => Err(format!("argument {} must be a text: {what}", self.n_read)),
        }
    }

    /// The first and the last day of a period.
    pub fn period(&mut self) -> Result<Period, String> {
        Ok(Period::Between { first: self.day("the first day")?, last: self.day("the last day")? })
    }

    fn day(&mut self, what: &str) -> Result<Date, String> {
        let text = self.text(what)?;
        text.parse().map_err(|_| format!("{what} must be like '2026-07-01', not '{text}'"))
    }

    pub fn grain(&mut self) -> Result<Grain, String> {
        let word = self.text("hour, day, week, month, quarter or year")?;
        let found = Grain::from_word(word);
        found.ok_or_else(|| format!("'{word}' is no hour, day, week, month, quarter or year"))
    }

    /// A length of time, as `7 days`.
    pub fn length(&mut self) -> Result<Duration, String> {
        let text = self.text("a length of time, as '7 days'")?;
        length(text).ok_or_else(|| format!("'{text}' is no length of time, as '7 days'"))
    }

    /// A number from 1.
    pub fn count(&mut self, what: &str) -> Result<u32, String> {
        match self.next(what)? {
            Argument::Int(n @ 1..=100_000) => Ok(*n as u32),
            _ => Err(format!("argument {} must be a number from 1: {what}", self.n_read)),
        }
    }

    /// The texts that are left.
    pub fn texts(&mut self, what: &str) -> Result<Vec<&'a str>, String> {
        let mut texts = Vec::new();
        while !self.rest.is_empty() {
            texts.push(self.text(what)?);
        }
        Ok(texts)
    }

    pub fn is_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing if no argument is left.
    pub fn end(&self) -> Result<(), String> {
        match self.rest.is_empty() {
            true => Ok(()),
            false => Err(format!("there are more than {} arguments", self.n_read)),
        }
    }
}

fn length(text: &str) -> Option<Duration> {
    let (n, unit) = text.trim().split_once(' ')?;
    let n: i64 = n.parse().ok()?;
    let seconds: i64 = match unit.trim().trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        "week" => 7 * 86_400,
        _ => return None,
    };
    Some(Duration::seconds(n.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let check = |text: &str, seconds: Option<i64>| {
            assert_eq!(length(text), seconds.map(Duration::seconds), "{text}");
        };
        check("7 days", Some(604_800));
        check("1 hour", Some(3_600));
        check("30 minutes", Some(1_800));
        check("7", None);
        check("x days", None);
        check("7 moons", None);
    }

    #[test]
    fn what_is_wrong_is_told_by_place() {
        let text = |text: &str| Argument::Text(text.to_owned());
        let call = [text("2026-07-01"), text("2026-13-01")];
        let error = Arguments::new(&call).period().unwrap_err();
        assert_eq!(error, "the last day must be like '2026-07-01', not '2026-13-01'");
        let call = [Argument::Int(7)];
        let error = Arguments::new(&call).text("a step").unwrap_err();
        assert_eq!(error, "argument 1 must be a text: a step");
        assert_eq!(Arguments::new(&[]).text("a step").unwrap_err(), "a step is missing");
        assert_eq!(Arguments::new(&[text(" {\"a\":1}")]).json(), Some(" {\"a\":1}"));
    }
}
