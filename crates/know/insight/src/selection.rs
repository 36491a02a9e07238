//! Which events does a definition count, and how is that said?
//!
//! A selection of events is a [`Condition`]: names, and tests that must all hold. Here it is
//! checked and put into words.

use crate::error::{self, BadDefinition, Problem};
use crate::words;
use std::ops::Range;
use timeline::{Ask, Condition, Field, Op, Rows, Test, TraitTest, View, Window};

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
pub fn check_who(who: &[TraitTest]) -> Result<(), BadDefinition> {
    if !who.is_empty() {
        error::some("who", who.len(), TESTS_MAX)?;
    }
    for (k, test) in who.iter().enumerate() {
        let here = format!("who[{k}]");
        if test.name.is_empty() {
            return Err(BadDefinition::new("trait", Problem::Empty).within(&here));
        }
        check_test(&of_trait(test)).map_err(|bad| bad.within(&here))?;
    }
    Ok(())
}

/// Conditions on customers in a sentence, where there are any: `Only customers whose plan is “pro”
/// are looked at.`
#[must_use]
pub fn who_words(who: &[TraitTest]) -> Option<String> {
    let tests: Vec<String> = who.iter().map(|test| test_words(&of_trait(test))).collect();
    let all = words::list(&tests, "and");
    (!all.is_empty()).then(|| format!("Only customers whose {all} are looked at."))
}

/// The same test as one of a field of this name.
fn of_trait(test: &TraitTest) -> Test {
    Test { field: Field::Property(test.name.clone()), view: View::Whole, op: test.op.clone() }
}

fn check_test(test: &Test) -> Result<(), BadDefinition> {
    if let Field::Property(path) | Field::Context(path) = &test.field
        && path.is_empty()
    {
        return Err(BadDefinition::new("field", Problem::Empty));
    }
    match &test.op {
        Op::Is(values) | Op::IsNot(values) => error::some("values", values.len(), VALUES_MAX),
        Op::Contains(text) | Op::StartsWith(text) => error::some("value", text.len(), usize::MAX),
        Op::Equal(bound)
        | Op::Less(bound)
        | Op::AtMost(bound)
        | Op::More(bound)
        | Op::AtLeast(bound) => match bound.is_finite() {
            true => Ok(()),
            false => Err(BadDefinition::new("value", Problem::NotFinite)),
        },
        Op::Exists | Op::Missing => Ok(()),
    }
}

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
    let values = |texts: &[Box<str>]| {
        let texts: Vec<String> = texts.iter().map(|text| words::quoted(text)).collect();
        words::list(&texts, "or")
    };
    match &test.op {
        Op::Is(texts) => format!("{what} is {}", values(texts)),
        Op::IsNot(texts) => format!("{what} is not {}", values(texts)),
        Op::Contains(text) => format!("{what} contains {}", words::quoted(text)),
        Op::StartsWith(text) => format!("{what} starts with {}", words::quoted(text)),
        Op::Equal(bound) => format!("{what} is {bound}"),
        Op::Less(bound) => format!("{what} is less than {bound}"),
        Op::AtMost(bound) => format!("{what} is at most {bound}"),
        Op::More(bound) => format!("{what} is more than {bound}"),
        Op::AtLeast(bound) => format!("{what} is at least {bound}"),
        Op::Exists => format!("{what} is given"),
        Op::Missing => format!("{what} is not given"),
    }
}

/// What a fold asks for that looks at the events of one selection.
pub(crate) fn asked(selection: &Condition, window: Window) -> Ask {
    let mut ask = Ask::every(window);
    if *selection != Condition::default() {
        ask.conditions.push(selection.clone());
    }
    ask
}

/// How many of the rows of a range count, for a fold that looks at one selection.
#[inline]
pub(crate) fn n_counted(rows: &Rows<'_>, range: Range<usize>) -> u64 {
    match rows.marks() {
        [] => range.len() as u64,
        marks => marks[range].iter().map(|marks| u64::from(*marks != 0)).sum(),
    }
}

/// Whether any of the rows of a range counts, likewise.
#[inline]
pub(crate) fn any_counts(rows: &Rows<'_>, range: Range<usize>) -> bool {
    match rows.marks() {
        [] => !range.is_empty(),
        marks => marks[range].iter().any(|marks| *marks != 0),
    }
}

/// The first of the rows of a range that counts, likewise.
#[inline]
pub(crate) fn first_counted(rows: &Rows<'_>, mut range: Range<usize>) -> Option<usize> {
    match rows.marks() {
        [] => range.next(),
        marks => range.find(|row| marks[*row] != 0),
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
        let test = |name: &str, op| TraitTest { name: name.into(), op };
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
