//! Which test does a function of a formula mean, and which window its arguments?

use super::compare;
use super::error::FormulaError;
use super::lex::Token;
use super::parse::{Parser, Read};
use crate::criterion::{
    Behaviour, Criterion, InOrder, NotFollowed, Quantity, Same, Share, ValueTest, Which,
};
use crate::length::Length;
use crate::lookback::{Lookback, Since};
use crate::number::NumberTest;
use crate::predicate::Predicate;
use base::Duration;
use timeline::{Condition, Label, Test};

/// The functions that are no facts.
const CALLS: [&str; 20] = [
    "did",
    "times",
    "days",
    "sum_of",
    "avg_of",
    "min_of",
    "max_of",
    "distinct_of",
    "days_since",
    "days_since_first",
    "first_of",
    "last_of",
    "most_frequent",
    "did_in_order",
    "not_followed",
    "same",
    "consents",
    "in_segment",
    "share",
    "everybody",
];

/// The arguments with names, as far as they stand there.
#[derive(Default)]
struct Named {
    window: Option<Lookback>,
    tests: Option<Vec<Test>>,
    within: Option<Duration>,
    without: Option<Condition>,
    by: Option<Condition>,
    held: Option<Label>,
    salt: Option<Box<str>>,
}

const WINDOWS: [&str; 5] = ["last", "longer_ago", "ago", "during", "since"];

impl Parser<'_> {
    /// One test.
    pub(super) fn test(&mut self) -> Read<Predicate> {
        let begin = self.here();
        let name =
            self.word(&["a test such as did('Order Completed') or trait('plan') = 'pro'"])?;
        if !self.is_sign("(") {
            return Err(self.unknown_function(begin, &name));
        }
        if name == "everybody" {
            self.sign("(")?;
            self.sign(")")?;
            return Ok(Predicate::everybody());
        }
        if let Some(criterion) = self.fact_test(&name)? {
            return Ok(Predicate::Criterion(criterion));
        }
        let found = match name.as_str() {
            "did" => self.did()?,
            "did_in_order" => self.in_order()?,
            "not_followed" => self.not_followed()?,
            "same" => self.nested(Self::same)?,
            "share" => self.share()?,
            "first_of" => self.value(Which::First)?,
            "last_of" => self.value(Which::Last)?,
            "most_frequent" => self.value(Which::MostFrequent)?,
            _ => self.counted(begin, &name)?,
        };
        Ok(Predicate::Criterion(found))
    }

    /// No function is called so; the nearest that is one is suggested.
    fn unknown_function(&self, token: usize, name: &str) -> FormulaError {
        let all = CALLS.iter().chain(&super::fact::FACTS);
        let near = all.map(|known| (strsim::osa_distance(name, known), *known)).min();
        let near = near.filter(|(distance, _)| (1..=2).contains(distance));
        let suggest = near.map(|(_, known)| format!("{known}(…)"));
        FormulaError {
            suggest: suggest.into_iter().collect(),
            ..self.expected_at(token, &["a test such as did('Order Completed')"])
        }
    }

    fn did(&mut self) -> Read<Criterion> {
        self.sign("(")?;
        let (events, window) = self.counted_events()?;
        let (measure, is) = (Quantity::Times, NumberTest::AtLeast(1.0));
        Ok(Behaviour { events, window, measure, is }.into())
    }

    fn counted(&mut self, begin: usize, name: &str) -> Read<Criterion> {
        const OF_FIELD: [&str; 4] = ["sum_of", "avg_of", "min_of", "max_of"];
        let is_plain = ["times", "days", "days_since", "days_since_first"].contains(&name);
        if !is_plain && !OF_FIELD.contains(&name) && name != "distinct_of" {
            return Err(self.unknown_function(begin, name));
        }
        self.sign("(")?;
        let measure = match name {
            "times" => Quantity::Times,
            "days" => Quantity::Days,
            "days_since" => Quantity::DaysSinceLast,
            "days_since_first" => Quantity::DaysSinceFirst,
            "distinct_of" => Quantity::Distinct(self.label()?),
            "sum_of" => Quantity::Sum(self.field()?),
            "avg_of" => Quantity::Mean(self.field()?),
            "min_of" => Quantity::Least(self.field()?),
            _ => Quantity::Greatest(self.field()?),
        };
        if !is_plain {
            self.sign(",")?;
        }
        let (events, window) = self.counted_events()?;
        Ok(Behaviour { events, window, measure, is: self.number_test()? }.into())
    }

    fn value(&mut self, which: Which) -> Read<Criterion> {
        self.sign("(")?;
        let label = self.label()?;
        self.sign(",")?;
        let (events, window) = self.counted_events()?;
        Ok(ValueTest { which, label, events, window, is: self.op()? }.into())
    }

    /// Events, window and conditions up to the closing bracket.
    fn counted_events(&mut self) -> Read<(Condition, Lookback)> {
        let mut events = self.events()?;
        let named = self.arguments(&["where"])?;
        events.tests.extend(named.tests.unwrap_or_default());
        Ok((events, named.window.unwrap_or(Lookback::Ever)))
    }

    fn in_order(&mut self) -> Read<Criterion> {
        self.sign("(")?;
        let mut steps = vec![self.events()?];
        while self.is_sign(",") && !self.is_argument() {
            self.sign(",")?;
            steps.push(self.events()?);
        }
        let named = self.arguments(&["within", "without", "same"])?;
        let within = named.within.ok_or_else(|| self.missing("within => '7 days'"))?;
        let window = named.window.unwrap_or(Lookback::Ever);
        let (without, held) = (named.without, named.held);
        Ok(InOrder { steps, within, window, without, held }.into())
    }

    fn not_followed(&mut self) -> Read<Criterion> {
        self.sign("(")?;
        let first = self.events()?;
        let named = self.arguments(&["by", "within", "same"])?;
        let by = named.by.ok_or_else(|| self.missing("by => 'Order Completed'"))?;
        let within = named.within.ok_or_else(|| self.missing("within => '2 hours'"))?;
        let (window, held) = (named.window.unwrap_or(Lookback::Ever), named.held);
        Ok(NotFollowed { first, by, within, window, held }.into())
    }

    fn same(&mut self) -> Read<Criterion> {
        self.sign("(")?;
        let label = self.label()?;
        self.sign(",")?;
        let who = Box::new(self.or()?);
        self.sign(")")?;
        Ok(Same { label, who }.into())
    }

    fn share(&mut self) -> Read<Criterion> {
        self.sign("(")?;
        let first = self.number()?;
        let is_range = self.is_sign(",") && !self.is_argument();
        let (from, to) = match is_range {
            true => {
                self.sign(",")?;
                (first, self.number()?)
            }
            false => (0.0, first),
        };
        let named = self.arguments(&["salt"])?;
        let salt = named.salt.ok_or_else(|| self.missing("salt => 'spring'"))?;
        Ok(Share { salt, from, to }.into())
    }

    /// An argument that must be there, told at the bracket that closes without it.
    fn missing(&self, argument: &str) -> FormulaError {
        self.expected_at(self.here() - 1, &[argument])
    }

    /// Whether after the comma an argument with a name stands.
    fn is_argument(&self) -> bool {
        let word = matches!(self.ahead(1), Some(Token::Word(_)));
        word && matches!(self.ahead(2), Some(Token::Sign("=>")))
    }

    /// The arguments with names, up to the closing bracket; beside windows those of `allowed`.
    fn arguments(&mut self, allowed: &[&str]) -> Read<Named> {
        let mut named = Named::default();
        while self.takes_sign(",") {
            let begin = self.here();
            let windows = if allowed.contains(&"salt") { &[][..] } else { &WINDOWS };
            let expected: Vec<String> =
                windows.iter().chain(allowed).map(|name| format!("{name} => …")).collect();
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            let name = self.word(&expected)?;
            if !windows.contains(&&*name) && !allowed.contains(&&*name) {
                return Err(self.expected_at(begin, &expected));
            }
            self.sign("=>")?;
            if !self.argument(&name, &mut named)? {
                return Err(self.expected_at(begin, &["each argument once, and one window"]));
            }
        }
        self.sign(")")?;
        Ok(named)
    }

    /// Reads an argument; false where it was there before.
    fn argument(&mut self, name: &str, named: &mut Named) -> Read<bool> {
        Ok(match name {
            "where" => named.tests.replace(self.tests()?).is_none(),
            "within" => named.within.replace(self.within_length()?).is_none(),
            "without" => named.without.replace(self.events()?).is_none(),
            "by" => named.by.replace(self.events()?).is_none(),
            "same" => named.held.replace(self.label()?).is_none(),
            "salt" => named.salt.replace(self.text("a text")?.into()).is_none(),
            _ => named.window.replace(self.window(name)?).is_none(),
        })
    }

    fn within_length(&mut self) -> Read<Duration> {
        self.text_as("a length in minutes, hours, days or weeks, such as '2 hours'", |text| {
            match Length::parse(text)? {
                Length::Exact(length) => Some(length),
                Length::Calendar { .. } => None,
            }
        })
    }

    fn window(&mut self, name: &str) -> Read<Lookback> {
        let length = "a length such as '30 days'";
        match name {
            "last" => self.text_as(length, Length::parse).map(Lookback::Last),
            "longer_ago" => self.text_as(length, Length::parse).map(Lookback::LongerAgo),
            "ago" => self.text_as("two lengths such as '90 days to 30 days'", |text| {
                let (from, to) = text.split_once(" to ")?;
                Some(Lookback::Ago { from: Length::parse(from)?, to: Length::parse(to)? })
            }),
            "during" => {
                let expected = "'this month', 'last 3 weeks', 'last 3 whole months' or \
                                '2026-01-01 to 2026-01-31'";
                self.text_as(expected, compare::period).map(Lookback::Period)
            }
            _ => self.since(),
        }
    }

    fn since(&mut self) -> Read<Lookback> {
        let which = match () {
            () if self.takes_word("last") => Since::Last,
            () if self.takes_word("first") => Since::First,
            () => return Err(self.expected(&["last('…')", "first('…')"])),
        };
        self.sign("(")?;
        let events = Box::new(self.events()?);
        self.sign(")")?;
        Ok(Lookback::Since { events, which })
    }
}
