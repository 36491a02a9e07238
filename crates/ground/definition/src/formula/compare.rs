//! How is a value of a formula compared?

use super::lex::Token;
use super::parse::{Parser, Read};
use crate::calendar::Grain;
use crate::dates::{DateTest, Moment};
use crate::length::Length;
use crate::number::NumberTest;
use base::Timestamp;
use jiff::civil::Date;
use timeline::{MonthDay, Op, Than, Version, VersionTest, When, Window, WrittenDate};

/// What a value is compared with.
enum Literal {
    Number(f64),
    Text(String),
    Version(Version),
}

impl Literal {
    /// As a label.
    fn label(self) -> Option<Box<str>> {
        match self {
            Self::Number(number) => Some(number.to_string().into()),
            Self::Text(text) => Some(text.into()),
            Self::Version(_) => None,
        }
    }
}

const COMPARISONS: [(&str, Than); 5] = [
    ("=", Than::Equal),
    ("<", Than::Less),
    ("<=", Than::AtMost),
    (">", Than::More),
    (">=", Than::AtLeast),
];

impl Parser<'_> {
    /// A test of a counted number.
    pub(super) fn number_test(&mut self) -> Read<NumberTest> {
        if self.takes_word("between") {
            let low = self.number()?;
            if !self.takes_word("and") {
                return Err(self.expected(&["'and' and the upper bound"]));
            }
            return Ok(NumberTest::Between(low, self.number()?));
        }
        if self.takes_sign("<>") || self.takes_sign("!=") {
            return self.number().map(NumberTest::NotEqual);
        }
        let than = self.than().ok_or_else(|| self.expected(&["=, <>, <, <=, >, >=", "between"]))?;
        let bound = self.number()?;
        Ok(match than {
            Than::Equal => NumberTest::Equal(bound),
            Than::Less => NumberTest::Less(bound),
            Than::AtMost => NumberTest::AtMost(bound),
            Than::More => NumberTest::More(bound),
            Than::AtLeast => NumberTest::AtLeast(bound),
        })
    }

    fn than(&mut self) -> Option<Than> {
        let found = COMPARISONS.iter().find(|(sign, _)| self.takes_sign(sign));
        found.map(|(_, than)| *than)
    }

    /// A test of a label.
    pub(super) fn op(&mut self) -> Read<Op> {
        let begin = self.here();
        if let Some(than) = self.than() {
            let at = self.here();
            return match self.literal()? {
                Literal::Number(bound) => Ok(numeric(than, bound)),
                Literal::Version(version) => Ok(Op::Version(VersionTest { is: than, version })),
                Literal::Text(text) if than == Than::Equal => Ok(Op::Is(vec![text.into()])),
                Literal::Text(_) => Err(self.expected_at(at, &["a number", "version('…')"])),
            };
        }
        if self.takes_sign("<>") || self.takes_sign("!=") {
            return self.label_literal().map(|text| Op::IsNot(vec![text]));
        }
        if self.takes_words(&["not", "in"]) {
            return self.labels().map(Op::IsNot);
        }
        if self.takes_word("in") {
            return self.labels().map(Op::Is);
        }
        if self.takes_word("has") {
            return match self.is_sign("(") {
                true => self.labels().map(Op::Has),
                false => self.label_literal().map(|text| Op::Has(vec![text])),
            };
        }
        self.text_op(begin)
    }

    fn text_op(&mut self, begin: usize) -> Read<Op> {
        if self.takes_word("contains") {
            return self.text("a text").map(|text| Op::Contains(text.into()));
        }
        if self.takes_words(&["starts", "with"]) {
            return self.text("a text").map(|text| Op::StartsWith(text.into()));
        }
        if self.takes_words(&["ends", "with"]) {
            return self.text("a text").map(|text| Op::EndsWith(text.into()));
        }
        if self.takes_words(&["is", "known"]) {
            return Ok(Op::Exists);
        }
        if self.takes_words(&["is", "not", "known"]) {
            return Ok(Op::Missing);
        }
        if self.takes_words(&["is", "within"]) {
            return self.within().map(Op::When);
        }
        if self.takes_words(&["is", "yearly", "from"]) {
            let first = self.month_day()?;
            if !self.takes_word("to") {
                return Err(self.expected(&["'to' and the last day"]));
            }
            return Ok(Op::When(When::Yearly { first, last: self.month_day()? }));
        }
        Err(self.expected_at(
            begin,
            &[
                "=, <>, <, <=, >, >=",
                "in (…)",
                "starts with",
                "ends with",
                "contains",
                "has",
                "is known",
            ],
        ))
    }

    fn month_day(&mut self) -> Read<MonthDay> {
        self.text_as("a day of the year such as '12-24'", |text| {
            let (month, day) = text.split_once('-')?;
            let day = MonthDay { month: month.parse().ok()?, day: day.parse().ok()? };
            day.exists().then_some(day)
        })
    }

    /// `('2026-01-01T00:00:00Z', '', '2026-01-01', '')`: moments and days, open where nothing stands.
    fn within(&mut self) -> Read<When> {
        let moment = |text: &str, open: Timestamp| match text {
            "" => Some(open),
            text => Timestamp::parse(text),
        };
        let day = |text: &str, open: i32| match (text, WrittenDate::parse(text)) {
            ("", _) => Some(open),
            (_, Some(WrittenDate::Day(day))) => Some(day),
            _ => None,
        };
        let (time, date) = ("a time such as '2026-01-31T12:00:00Z'", "a date such as '2026-01-31'");
        self.sign("(")?;
        let from = self.text_as(time, |text| moment(text, Window::EVER.from))?;
        self.sign(",")?;
        let until = self.text_as(time, |text| moment(text, Window::EVER.until))?;
        self.sign(",")?;
        let first = self.text_as(date, |text| day(text, i32::MIN))?;
        self.sign(",")?;
        let end = self.text_as(date, |text| day(text, i32::MAX))?;
        self.sign(")")?;
        Ok(When::Within { moments: Window { from, until }, days: first..end })
    }

    fn literal(&mut self) -> Read<Literal> {
        if self.is_number() {
            return self.number().map(Literal::Number);
        }
        for word in ["true", "false"] {
            if self.takes_word(word) {
                return Ok(Literal::Text(word.to_owned()));
            }
        }
        if self.takes_word("version") {
            self.sign("(")?;
            let version = self.text_as("a version such as '1.4.0'", Version::parse)?;
            self.sign(")")?;
            return Ok(Literal::Version(version));
        }
        match self.peek() {
            Some(Token::Text(_)) => self.text("a text").map(Literal::Text),
            _ => Err(self.expected(&["a number", "a text in single quotes", "true", "false"])),
        }
    }

    fn label_literal(&mut self) -> Read<Box<str>> {
        let begin = self.here();
        let label = self.literal()?.label();
        label.ok_or_else(|| self.expected_at(begin, &["a text", "a number"]))
    }

    fn labels(&mut self) -> Read<Vec<Box<str>>> {
        self.sign("(")?;
        let mut labels = vec![self.label_literal()?];
        while self.takes_sign(",") {
            labels.push(self.label_literal()?);
        }
        self.sign(")")?;
        Ok(labels)
    }

    /// `is in the next 7 days`, `is before '2026-01-01'`; nothing where it is no test of a date.
    pub(super) fn date_test(&mut self) -> Read<Option<DateTest>> {
        let begin = self.here();
        if !self.takes_word("is") {
            return Ok(None);
        }
        if self.takes_words(&["in", "the", "last"]) {
            return self.length().map(|length| Some(DateTest::InLast(length)));
        }
        if self.takes_words(&["in", "the", "next"]) {
            return self.length().map(|length| Some(DateTest::InNext(length)));
        }
        if self.takes_words(&["more", "than"]) {
            return self.more_than().map(Some);
        }
        if self.takes_word("yearly") && !self.is_word("from") {
            return self.yearly().map(Some);
        }
        let moment = "a date or a time such as '2026-01-31'";
        let found = match () {
            () if self.takes_word("before") => {
                DateTest::Before(self.text_as(moment, Moment::parse)?)
            }
            () if self.takes_word("after") => DateTest::After(self.text_as(moment, Moment::parse)?),
            () if self.takes_word("on") => DateTest::On(self.text_as("a date", day)?),
            () => {
                self.back_to(begin);
                return Ok(None);
            }
        };
        Ok(Some(found))
    }

    fn more_than(&mut self) -> Read<DateTest> {
        let length = self.length()?;
        match () {
            () if self.takes_word("ago") => Ok(DateTest::MoreThanAgo(length)),
            () if self.takes_word("ahead") => Ok(DateTest::MoreThanAhead(length)),
            () => Err(self.expected(&["'ago'", "'ahead'"])),
        }
    }

    fn yearly(&mut self) -> Read<DateTest> {
        if self.takes_word("today") {
            return Ok(DateTest::YearlyInNext { n_days: 0 });
        }
        let is_next = self.takes_words(&["in", "the", "next"]);
        if !is_next && !self.takes_words(&["in", "the", "last"]) {
            return Err(self.expected(&[
                "'today'",
                "'in the next … days'",
                "'in the last … days'",
            ]));
        }
        let begin = self.here();
        let number = self.number()?;
        let n_days = number as u32;
        if f64::from(n_days).to_bits() != number.to_bits() {
            return Err(self.expected_at(begin, &["a whole number of days"]));
        }
        if !self.takes_word("days") && !self.takes_word("day") {
            return Err(self.expected(&["'days'"]));
        }
        Ok(if is_next {
            DateTest::YearlyInNext { n_days }
        } else {
            DateTest::YearlyInLast { n_days }
        })
    }

    /// A length without quotes: `7 days`.
    fn length(&mut self) -> Read<Length> {
        let begin = self.here();
        let expected = ["a length such as 7 days"];
        let number = self.number()?;
        let unit = self.word(&["minutes, hours, days, weeks, months, quarters or years"])?;
        let length = Length::parse(&format!("{number} {unit}"));
        length.ok_or_else(|| self.expected_at(begin, &expected))
    }
}

fn numeric(than: Than, bound: f64) -> Op {
    match than {
        Than::Equal => Op::Equal(bound),
        Than::Less => Op::Less(bound),
        Than::AtMost => Op::AtMost(bound),
        Than::More => Op::More(bound),
        Than::AtLeast => Op::AtLeast(bound),
    }
}

/// A date alone.
pub(super) fn day(text: &str) -> Option<Date> {
    match Moment::parse(text)? {
        Moment::Day(day) => Some(day),
        Moment::At(_) => None,
    }
}

/// A stretch of the calendar: `this month`, `last 3 whole weeks`, `2026-01-01 to 2026-01-31`.
pub(super) fn period(text: &str) -> Option<crate::period::Period> {
    use crate::period::Period;
    if let Some((first, last)) = text.split_once(" to ") {
        return Some(Period::Between { first: day(first)?, last: day(last)? });
    }
    let grain = |word: &str| Grain::from_word(word.strip_suffix('s').unwrap_or(word));
    let words: Vec<&str> = text.split(' ').collect();
    let (n, unit, current) = match words[..] {
        ["this", unit] => (1, unit, true),
        ["last", "whole", unit] => (1, unit, false),
        ["last", n, "whole", unit] => (n.parse().ok()?, unit, false),
        ["last", n, unit] => (n.parse().ok()?, unit, true),
        _ => return None,
    };
    Some(Period::Last { n, grain: grain(unit)?, current })
}
