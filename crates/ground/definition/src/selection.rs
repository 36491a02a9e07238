//! Which events does a definition count, and how is that said?
//!
//! A selection of events is a [`Condition`]: names, and tests that must all hold. Here it is
//! checked and put into words.

use crate::error::{self, BadDefinition, Problem};
use crate::vocabulary::Unknown;
use crate::words;
#[cfg(test)]
use timeline::View;
use timeline::{Condition, Fact, FactTest, Field, MonthDay, Op, Test, When};

/// Names in one selection at most.
pub const NAMES_MAX: usize = 50;
/// Tests in one selection at most.
pub const TESTS_MAX: usize = 20;
/// Values in one test at most.
pub const VALUES_MAX: usize = 1_000;

/// That a selection can be used.
///
/// # Errors
/// Names the first of its fields that cannot.
pub fn check(selection: &Condition) -> Result<(), BadDefinition> {
    if !selection.events.is_empty() {
        error::some("events", selection.events.len(), NAMES_MAX)?;
    }
    if let Some(k) = selection.events.iter().position(|name| name.is_empty()) {
        return Err(BadDefinition::new(format!("events[{k}]"), Problem::Empty));
    }
    if !selection.tests.is_empty() {
        error::some("tests", selection.tests.len(), TESTS_MAX)?;
    }
    for (k, test) in selection.tests.iter().enumerate() {
        check_test(test).map_err(|bad| bad.within(&format!("tests[{k}]")))?;
    }
    Ok(())
}

/// That conditions on customers can be used.
///
/// # Errors
/// Names the first that cannot: `who[1].values`.
pub fn check_who(who: &[FactTest]) -> Result<(), BadDefinition> {
    if !who.is_empty() {
        error::some("who", who.len(), TESTS_MAX)?;
    }
    for (k, test) in who.iter().enumerate() {
        let here = format!("who[{k}]");
        if test.fact.trait_name().is_some_and(str::is_empty) {
            return Err(BadDefinition::new("trait", Problem::Empty).within(&here));
        }
        check_fact_op(&test.fact, &test.op).map_err(|bad| bad.within(&here))?;
    }
    Ok(())
}

/// Conditions on customers in a sentence, where there are any: `Only customers whose plan is “pro”
/// are looked at.`
#[must_use]
pub fn who_words(who: &[FactTest]) -> Option<String> {
    let words = |test: &FactTest| op_words(&words::fact(&test.fact, &Unknown), &test.op);
    let tests: Vec<String> = who.iter().map(words).collect();
    let all = words::list(&tests, "and");
    (!all.is_empty()).then(|| format!("Only customers whose {all} are looked at."))
}

/// That a test of a fact can be used.
///
/// # Errors
/// Names what cannot.
pub fn check_fact_op(fact: &Fact, op: &Op) -> Result<(), BadDefinition> {
    match (fact, op) {
        (Fact::List(_) | Fact::Account(_), Op::Has(values)) => {
            error::some("values", values.len(), VALUES_MAX)
        }
        (_, Op::Has(_)) => Err(BadDefinition::new("op", Problem::Unfit(NO_LIST_FACT))),
        _ => check_op(op),
    }
}

const NO_LIST_FACT: &str = "only lists have items: name the trait as a list";

fn check_test(test: &Test) -> Result<(), BadDefinition> {
    if let Field::Property(path) | Field::Context(path) = &test.field
        && path.is_empty()
    {
        return Err(BadDefinition::new("field", Problem::Empty));
    }
    check_op(&test.op)
}

/// That what must hold for a label can be used.
///
/// # Errors
/// Names what cannot.
pub fn check_op(op: &Op) -> Result<(), BadDefinition> {
    match op {
        Op::Is(values) | Op::IsNot(values) => error::some("values", values.len(), VALUES_MAX),
        Op::Has(_) => Err(BadDefinition::new("op", Problem::Unfit(NO_LIST))),
        Op::Contains(text) | Op::StartsWith(text) | Op::EndsWith(text) => {
            error::some("value", text.len(), usize::MAX)
        }
        Op::When(when) => check_when(when),
        Op::Equal(bound)
        | Op::Less(bound)
        | Op::AtMost(bound)
        | Op::More(bound)
        | Op::AtLeast(bound) => match bound.is_finite() {
            true => Ok(()),
            false => Err(BadDefinition::new("value", Problem::NotFinite)),
        },
        Op::Version(_) | Op::Exists | Op::Missing => Ok(()),
    }
}

const NO_LIST: &str = "a list counts as absent here: name one place in it, such as tags.0";

fn check_when(when: &When) -> Result<(), BadDefinition> {
    match when {
        When::Within { moments, days } if moments.from > moments.until || days.start > days.end => {
            Err(BadDefinition::new("until", Problem::EndsBeforeItBegins))
        }
        When::Within { .. } => Ok(()),
        When::Yearly { first, last } => {
            let is_bad = |day: &MonthDay| !day.exists();
            let bad = [("first", first), ("last", last)].into_iter().find(|(_, day)| is_bad(day));
            bad.map_or(Ok(()), |(field, _)| Err(BadDefinition::new(field, Problem::Unfit(NO_DAY))))
        }
    }
}

const NO_DAY: &str = "there is no such day in any year";

/// In words: `“Order Completed”`, `“A” or “B” where revenue is more than 50`, `any event`.
#[must_use]
pub fn words(selection: &Condition) -> String {
    let names: Vec<String> = selection.events.iter().map(|name| words::quoted(name)).collect();
    let names = if names.is_empty() { "any event".into() } else { words::list(&names, "or") };
    let tests: Vec<String> = selection.tests.iter().map(test_words).collect();
    match &tests[..] {
        [] => names,
        tests => format!("{names} where {}", words::list(tests, "and")),
    }
}

fn test_words(test: &Test) -> String {
    let what = words::part(test.view, words::field(&test.field));
    op_words(&what, &test.op)
}

/// A test of something, in words: `plan is “pro”`.
#[must_use]
pub fn op_words(what: &str, op: &Op) -> String {
    let values = |texts: &[Box<str>]| {
        let texts: Vec<String> = texts.iter().map(|text| words::quoted(text)).collect();
        words::list(&texts, "or")
    };
    match op {
        Op::Is(texts) => format!("{what} is {}", values(texts)),
        Op::IsNot(texts) => format!("{what} is not {}", values(texts)),
        Op::Contains(text) => format!("{what} contains {}", words::quoted(text)),
        Op::StartsWith(text) => format!("{what} starts with {}", words::quoted(text)),
        Op::EndsWith(text) => format!("{what} ends with {}", words::quoted(text)),
        Op::When(when) => format!("{what}{}", words::when(when)),
        Op::Version(test) => format!("{what} is {}", words::version(test)),
        Op::Has(texts) => format!("{what} includes {}", values(texts)),
        Op::Equal(bound) => format!("{what} is {bound}"),
        Op::Less(bound) => format!("{what} is less than {bound}"),
        Op::AtMost(bound) => format!("{what} is at most {bound}"),
        Op::More(bound) => format!("{what} is more than {bound}"),
        Op::AtLeast(bound) => format!("{what} is at least {bound}"),
        Op::Exists => format!("{what} is given"),
        Op::Missing => format!("{what} is not given"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(property: &str, op: Op) -> Test {
        Test { field: Field::Property(property.into()), view: View::Whole, op }
    }

    #[test]
    fn said_in_words() {
        let mut selection = Condition::event("Order Completed");
        assert_eq!(words(&selection), "“Order Completed”");
        selection.events.push("Order Paid".into());
        selection.tests.push(test("revenue", Op::More(50.0)));
        selection.tests.push(test("currency", Op::Is(vec!["EUR".into(), "USD".into()])));
        assert_eq!(
            words(&selection),
            "“Order Completed” or “Order Paid” where revenue is more than 50 and currency is \
             “EUR” or “USD”"
        );
        let page = Field::Context("page.url".into());
        let tests = vec![Test { field: page, view: View::Path, op: Op::Missing }];
        let any = Condition { events: Vec::new(), tests };
        assert_eq!(words(&any), "any event where path in page.url of the context is not given");
    }

    #[test]
    fn who_is_looked_at() {
        let test = |name: &str, op| FactTest::of_trait(name, op);
        let who = [test("plan", Op::Is(vec!["pro".into()])), test("age", Op::Less(30.0))];
        check_who(&who).expect("they can be used");
        let words = "Only customers whose plan is “pro” and age is less than 30 are looked at.";
        assert_eq!(who_words(&who).as_deref(), Some(words));
        assert_eq!(who_words(&[]), None);
        let bad = |test| check_who(&[who[0].clone(), test]).unwrap_err().to_string();
        assert_eq!(bad(test("", Op::Exists)), "who[1].trait: must not be empty");
        assert_eq!(bad(test("a", Op::Is(Vec::new()))), "who[1].values: must not be empty");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let check = |events: &[&str], tests: Vec<Test>, message: &str| {
            let events = events.iter().map(|name| (*name).into()).collect();
            let error = super::check(&Condition { events, tests }).unwrap_err();
            assert_eq!(error.to_string(), message);
        };
        check(&["a", ""], Vec::new(), "events[1]: must not be empty");
        check(&["a"], vec![test("", Op::Exists)], "tests[0].field: must not be empty");
        let tests = vec![test("p", Op::Exists), test("p", Op::Is(Vec::new()))];
        check(&["a"], tests, "tests[1].values: must not be empty");
        let nan = vec![test("p", Op::Less(f64::NAN))];
        check(&["a"], nan, "tests[0].value: must be a finite number");
    }
}
