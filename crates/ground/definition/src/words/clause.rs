//! How is one test said?

use super::{duration, fact as fact_words, held, label, part, quoted};
use crate::criterion::{
    Behaviour, Criterion, FactCriterion, FactIs, InOrder, NotFollowed, Quantity, Share, ValueTest,
    Which,
};
use crate::dates::{DateTest, Moment};
use crate::length::Length;
use crate::lookback::{Lookback, Since};
use crate::number::NumberTest;
use crate::period::Period;
use crate::selection;
use crate::vocabulary::Vocabulary;
use base::Duration;
use timeline::{Condition, Fact, Op};

/// A clause, as it follows "customers": `who have “A”`, `whose plan is “pro”`, `for whom …`.
pub(super) struct Clause {
    lead: Lead,
    text: String,
    /// What it is negated as; where there is none, "who are not among those …".
    negative: Option<String>,
}

#[derive(Clone, Copy)]
enum Lead {
    Who,
    Whose,
    ForWhom,
}

impl Clause {
    fn who(text: String) -> Self {
        Self { lead: Lead::Who, text, negative: None }
    }

    /// `have …`, `do not have …`.
    fn verb(verb: &str, rest: &str) -> Self {
        let negative = Some(format!("do not {verb} {rest}"));
        Self { lead: Lead::Who, text: format!("{verb} {rest}"), negative }
    }

    fn whose(text: String) -> Self {
        Self { lead: Lead::Whose, text, negative: None }
    }

    pub(super) fn for_whom(text: String) -> Self {
        Self { lead: Lead::ForWhom, text, negative: None }
    }

    fn or_not(self, negative: String) -> Self {
        Self { negative: Some(negative), ..self }
    }

    /// After "customers".
    pub(super) fn relative(&self) -> String {
        let lead = match self.lead {
            Lead::Who => "who",
            Lead::Whose => "whose",
            Lead::ForWhom => "for whom",
        };
        format!("{lead} {}", self.text)
    }

    /// As a sentence about them.
    pub(super) fn about_them(&self) -> String {
        match self.lead {
            Lead::Who => format!("they {}", self.text),
            Lead::Whose => format!("their {}", self.text),
            Lead::ForWhom => self.text.clone(),
        }
    }

    /// That it does not hold.
    pub(super) fn negated(self) -> Self {
        match self.negative {
            Some(negative) => Self::who(negative),
            None => Self::who(format!("are not among those {}", self.relative())),
        }
    }
}

/// A test; of `Same` what it says of the events with one value, said by the caller.
pub(super) fn of(criterion: &Criterion, names: &dyn Vocabulary) -> Clause {
    match criterion {
        Criterion::Fact(of) => fact(of, names),
        Criterion::Behaviour(of) => behaviour(of, names),
        Criterion::Value(of) => value(of, names),
        Criterion::InOrder(of) => in_order(of, names),
        Criterion::NotFollowed(of) => not_followed(of, names),
        Criterion::Same(of) => {
            let inside = super::tree::about_them(&of.who, names);
            Clause::for_whom(format!("there is one {} with which {inside}", label(&of.label)))
        }
        Criterion::Share(of) => Clause::who(share(of)),
    }
}

fn share(of: &Share) -> String {
    let percent = |part: f64| format!("{} %", (part * 1e8).round() / 1e6);
    if of.from == 0.0 {
        return format!("are in a fixed random {} (drawing {})", percent(of.to), quoted(&of.salt));
    }
    let (from, to) = (percent(of.from), percent(of.to));
    format!("stand between {from} and {to} of a fixed random order (drawing {})", quoted(&of.salt))
}

fn behaviour(of: &Behaviour, names: &dyn Vocabulary) -> Clause {
    let events = selection::words(&of.events);
    let when = spaced(&window(&of.window, &[&of.events], names));
    match &of.measure {
        Quantity::Times if of.is_did() => Clause::verb("have", &format!("{events}{when}")),
        Quantity::Times => {
            Clause::verb("have", &format!("{events} {}{when}", counted(of.is, "time")))
        }
        Quantity::Days => {
            Clause::verb("have", &format!("{events} on {}{when}", counted(of.is, "day")))
        }
        Quantity::Sum(field) => number_of("sum of", &super::field(field), (&events, &when), of.is),
        Quantity::Mean(field) => {
            number_of("mean of", &super::field(field), (&events, &when), of.is)
        }
        Quantity::Least(field) => number_of("least", &super::field(field), (&events, &when), of.is),
        Quantity::Greatest(field) => {
            number_of("greatest", &super::field(field), (&events, &when), of.is)
        }
        Quantity::Distinct(by) => {
            number_of("number of different values of", &label(by), (&events, &when), of.is)
        }
        Quantity::DaysSinceLast => {
            Clause::whose(format!("last {events}{when} was {} ago", compared_days(of.is)))
        }
        Quantity::DaysSinceFirst => {
            Clause::whose(format!("first {events}{when} was {} ago", compared_days(of.is)))
        }
    }
}

fn number_of(what: &str, field: &str, (events, when): (&str, &str), is: NumberTest) -> Clause {
    Clause::whose(format!("{what} {field} over {events}{when} is {}", compared(is)))
}

/// `at least 2 times`, `exactly 1 day`.
fn counted(is: NumberTest, unit: &str) -> String {
    let (low, high) = is.bounds();
    let plural = if high.unwrap_or(low) == 1.0 { "" } else { "s" };
    match is {
        NumberTest::Equal(n) => format!("exactly {n} {unit}{plural}"),
        NumberTest::NotEqual(n) => format!("any number of {unit}s but {n}"),
        NumberTest::Less(n) => format!("fewer than {n} {unit}{plural}"),
        NumberTest::AtMost(n) => format!("at most {n} {unit}{plural}"),
        NumberTest::More(n) => format!("more than {n} {unit}{plural}"),
        NumberTest::AtLeast(n) => format!("at least {n} {unit}{plural}"),
        NumberTest::Between(low, high) => format!("from {low} to {high} {unit}s"),
    }
}

fn compared(is: NumberTest) -> String {
    match is {
        NumberTest::Equal(n) => n.to_string(),
        NumberTest::NotEqual(n) => format!("a number other than {n}"),
        NumberTest::Less(n) => format!("less than {n}"),
        NumberTest::AtMost(n) => format!("at most {n}"),
        NumberTest::More(n) => format!("more than {n}"),
        NumberTest::AtLeast(n) => format!("at least {n}"),
        NumberTest::Between(low, high) => format!("from {low} to {high}"),
    }
}

/// `more than 14 days`.
fn compared_days(is: NumberTest) -> String {
    let (low, high) = is.bounds();
    let unit = if high.unwrap_or(low) == 1.0 { "day" } else { "days" };
    match is {
        NumberTest::Equal(n) => format!("exactly {n} {unit}"),
        _ => format!("{} {unit}", compared(is)),
    }
}

fn value(of: &ValueTest, names: &dyn Vocabulary) -> Clause {
    let events = selection::words(&of.events);
    let when = spaced(&window(&of.window, &[&of.events], names));
    let what = part(of.label.view, super::field(&of.label.field));
    let what = match of.which {
        Which::First => format!("the {what} of their first {events}{when}"),
        Which::Last => format!("the {what} of their last {events}{when}"),
        Which::MostFrequent => format!("the most frequent {what} over {events}{when}"),
    };
    Clause::for_whom(selection::op_words(&what, &of.is))
}

fn in_order(of: &InOrder, names: &dyn Vocabulary) -> Clause {
    let steps: Vec<String> = of.steps.iter().map(selection::words).collect();
    let mut text = format!("{}, all within {}", steps.join(", then "), duration(of.within));
    if let Some(held) = &of.held {
        text += &format!(", with one and the same {}", label(held));
    }
    if let Some(without) = &of.without {
        text += &format!(", with no {} in between", selection::words(without));
    }
    let events: Vec<&Condition> = of.steps.iter().chain(&of.without).collect();
    let when = window(&of.window, &events, names);
    if !when.is_empty() {
        text += &format!(", beginning {when}");
    }
    Clause::verb("have", &text)
}

fn not_followed(of: &NotFollowed, names: &dyn Vocabulary) -> Clause {
    let when = spaced(&window(&of.window, &[&of.first, &of.by], names));
    let (first, by) = (selection::words(&of.first), selection::words(&of.by));
    let held = of.held.as_ref().map(|held| format!(" with the same {}", label(held)));
    let (held, within) = (held.unwrap_or_default(), duration(of.within));
    Clause::verb("have", &format!("{first}{when} without {by}{held} in the {within} after it"))
}

fn spaced(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" {text}") }
}

/// A window, and how far it reaches where events are kept for a time only; nothing where everything
/// is looked at.
fn window(window: &Lookback, events: &[&Condition], names: &dyn Vocabulary) -> String {
    let words = match window {
        Lookback::Ever => String::new(),
        Lookback::Last(length) => format!("in the last {}", one_or_more(*length)),
        Lookback::LongerAgo(length) => format!("longer than {length} ago"),
        Lookback::Ago { from, to } => format!("between {from} and {to} ago"),
        Lookback::Period(period @ Period::Between { .. }) => period.words(),
        Lookback::Period(period @ Period::Last { n: 1, current: true, .. }) => period.words(),
        Lookback::Period(period) => format!("in {}", period.words()),
        Lookback::Since { events, which } => {
            let which = match which {
                Since::First => "first",
                Since::Last => "last",
            };
            format!("since their {which} {}", selection::words(events))
        }
    };
    let anchor = window.anchor().into_iter();
    let all = events.iter().copied().chain(anchor);
    let kept = all.filter_map(|events| names.kept(events)).min();
    match kept.filter(|kept| reaches(window, *kept)) {
        None => words,
        Some(kept) => {
            let note = format!("(as far as events are kept: {})", duration(kept));
            if words.is_empty() { note } else { format!("{words} {note}") }
        }
    }
}

/// "the last day", "the last 2 days".
fn one_or_more(length: Length) -> String {
    let text = length.to_string();
    text.strip_prefix("1 ").map(str::to_owned).unwrap_or(text)
}

/// Whether a window may begin before what is kept.
fn reaches(window: &Lookback, kept: Duration) -> bool {
    !matches!(window, Lookback::Last(Length::Exact(length)) if *length <= kept)
}

fn fact(of: &FactCriterion, names: &dyn Vocabulary) -> Clause {
    match (&of.fact, &of.is) {
        (Fact::Account(name), is) => account(name, is),
        (fact, FactIs::Op(op)) => special(fact, op, names)
            .unwrap_or_else(|| Clause::whose(known_or_not(&fact_words(fact, names), op))),
        (fact, FactIs::Date(test)) => {
            Clause::whose(format!("{}{}", fact_words(fact, names), date_test(*test)))
        }
    }
}

/// Of a fact it is said whether it is known, of a field whether it is given.
fn known_or_not(what: &str, op: &Op) -> String {
    match op {
        Op::Exists => format!("{what} is known"),
        Op::Missing => format!("{what} is not known"),
        op => selection::op_words(what, op),
    }
}

fn account(name: &str, is: &FactIs) -> Clause {
    let one = format!("the {name} of one of their accounts");
    let none = format!("the {name} of none of their accounts");
    Clause::for_whom(match is {
        FactIs::Op(Op::Missing) => format!("{none} is known"),
        FactIs::Op(Op::IsNot(values)) => selection::op_words(&none, &Op::Is(values.clone())),
        FactIs::Op(op) => known_or_not(&one, op),
        FactIs::Date(test) => format!("{one}{}", date_test(*test)),
    })
}

/// What is said otherwise than "whose … is …".
fn special(fact: &Fact, op: &Op, names: &dyn Vocabulary) -> Option<Clause> {
    match (fact, op) {
        (Fact::Permission(purpose, channel), Op::Is(values)) if values.len() == 1 => {
            let rest = format!("be written to by {} for {}", channel.as_str(), purpose.as_str());
            let (may, may_not) = (format!("may {rest}"), format!("may not {rest}"));
            match &*values[0] {
                "yes" => Some(Clause::who(may).or_not(may_not)),
                "no" => Some(Clause::who(may_not).or_not(may)),
                _ => None,
            }
        }
        (Fact::Consent(purpose, channel), Op::Exists | Op::Missing) => {
            let about = format!("said about {} by {}", purpose.as_str(), channel.as_str());
            let (something, nothing) =
                (format!("have {about} yes or no"), format!("have {about} nothing"));
            Some(match op {
                Op::Exists => Clause::who(something).or_not(nothing),
                _ => Clause::who(nothing).or_not(something),
            })
        }
        (Fact::Segment(id), Op::Exists | Op::Missing) => {
            let name = quoted(&names.name_of_segment(*id));
            let (is_in, is_not) = (format!("are in {name}"), format!("are not in {name}"));
            Some(match op {
                Op::Exists => Clause::who(is_in).or_not(is_not),
                _ => Clause::who(is_not).or_not(is_in),
            })
        }
        (Fact::Holding(by, value), op) => pieces(op, &held(*by, value)),
        _ => None,
    }
}

/// What they hold: `hold at least 2 pieces of category “Camera”`.
fn pieces(op: &Op, what: &str) -> Option<Clause> {
    let is = match *op {
        Op::Exists => return Some(Clause::verb("hold", &format!("something {what}"))),
        Op::Missing => return Some(Clause::who(format!("hold nothing {what}"))),
        Op::Equal(n) => NumberTest::Equal(n),
        Op::Less(n) => NumberTest::Less(n),
        Op::AtMost(n) => NumberTest::AtMost(n),
        Op::More(n) => NumberTest::More(n),
        Op::AtLeast(n) => NumberTest::AtLeast(n),
        _ => return None,
    };
    Some(Clause::verb("hold", &format!("{} {what}", counted(is, "piece"))))
}

/// After what has the date: ` is in the next 7 days`.
fn date_test(test: DateTest) -> String {
    let moment = |moment: Moment| match moment {
        Moment::Day(day) => super::date(day),
        Moment::At(at) => at.to_string(),
    };
    let days = |n: u32| if n == 1 { "day".to_owned() } else { format!("{n} days") };
    match test {
        DateTest::InLast(length) => format!(" is in the last {}", one_or_more(length)),
        DateTest::InNext(length) => format!(" is in the next {}", one_or_more(length)),
        DateTest::MoreThanAgo(length) => format!(" is {length} ago or longer"),
        DateTest::MoreThanAhead(length) => format!(" is more than {length} ahead"),
        DateTest::Before(at) => format!(" is before {}", moment(at)),
        DateTest::After(at) => format!(" is after {}", moment(at)),
        DateTest::On(day) => format!(" is on {}", super::date(day)),
        DateTest::YearlyInNext { n_days: 0 } | DateTest::YearlyInLast { n_days: 0 } => {
            ", in any year, is today".into()
        }
        DateTest::YearlyInNext { n_days: n } => {
            format!(", in any year, is today or in the next {}", days(n))
        }
        DateTest::YearlyInLast { n_days: n } => {
            format!(", in any year, is today or in the last {}", days(n))
        }
    }
}
