//! How is a definition written as a formula?

use super::is_plain_path;
use crate::criterion::{
    Behaviour, Criterion, FactCriterion, FactIs, InOrder, NotFollowed, Quantity, Same, Share,
    ValueTest, Which,
};
use crate::dates::DateTest;
use crate::definition::Definition;
use crate::lookback::{Lookback, Since};
use crate::number::NumberTest;
use crate::period::Period;
use crate::predicate::Predicate;
use crate::vocabulary::Vocabulary;
use base::Timestamp;
use timeline::{Condition, Fact, Field, Label, Op, Test, Than, View, When, Window};

/// A definition as a formula; its calendar is not in it.
#[must_use]
pub fn print(definition: &Definition, names: &dyn Vocabulary) -> String {
    print_predicate(&definition.who, names)
}

/// A part of a definition as a formula.
#[must_use]
pub fn print_predicate(predicate: &Predicate, names: &dyn Vocabulary) -> String {
    written(predicate, names).0
}

/// How tightly what is written holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Or,
    And,
    Not,
    One,
}

fn written(predicate: &Predicate, names: &dyn Vocabulary) -> (String, Bond) {
    match predicate {
        Predicate::All(all) if all.is_empty() => ("everybody()".into(), Bond::One),
        Predicate::All(all) if all.len() == 1 => (call("all", all, names), Bond::One),
        Predicate::All(all) => (joined(all, (" and ", Bond::Not), names), Bond::And),
        Predicate::Any(any) if any.len() < 2 => (call("any", any, names), Bond::One),
        Predicate::Any(any) => (joined(any, (" or ", Bond::And), names), Bond::Or),
        Predicate::Not(not) => match &**not {
            Predicate::Any(none) => (call("none", none, names), Bond::One),
            not => (format!("not {}", bracketed(not, Bond::Not, names)), Bond::Not),
        },
        Predicate::Criterion(criterion) => (self::criterion(criterion, names), Bond::One),
    }
}

fn call(name: &str, parts: &[Predicate], names: &dyn Vocabulary) -> String {
    let parts: Vec<String> = parts.iter().map(|part| written(part, names).0).collect();
    format!("{name}({})", parts.join(", "))
}

fn joined(parts: &[Predicate], (joint, least): (&str, Bond), names: &dyn Vocabulary) -> String {
    let parts: Vec<String> = parts.iter().map(|part| bracketed(part, least, names)).collect();
    parts.join(joint)
}

/// In brackets where it holds together less tightly than needed.
fn bracketed(predicate: &Predicate, least: Bond, names: &dyn Vocabulary) -> String {
    let (text, bond) = written(predicate, names);
    if bond < least { format!("({text})") } else { text }
}

fn criterion(criterion: &Criterion, names: &dyn Vocabulary) -> String {
    match criterion {
        Criterion::Fact(fact) => self::fact_criterion(fact, names),
        Criterion::Behaviour(behaviour) => self::behaviour(behaviour),
        Criterion::Value(value) => self::value(value),
        Criterion::InOrder(in_order) => self::in_order(in_order),
        Criterion::NotFollowed(not_followed) => self::not_followed(not_followed),
        Criterion::Same(Same { label, who }) => {
            format!("same({}, {})", self::label(label), print_predicate(who, names))
        }
        Criterion::Share(Share { salt, from, to }) => {
            let salt = text(salt);
            if *from == 0.0 {
                return format!("share({}, salt => {salt})", number(*to));
            }
            format!("share({}, {}, salt => {salt})", number(*from), number(*to))
        }
    }
}

fn fact_criterion(criterion: &FactCriterion, names: &dyn Vocabulary) -> String {
    match (&criterion.fact, &criterion.is) {
        (Fact::Segment(id), FactIs::Op(Op::Exists)) => {
            format!("in_segment({})", text(&names.key_of_segment(*id)))
        }
        (Fact::Permission(purpose, channel), FactIs::Op(Op::Is(values))) if matches!(&values[..], [yes] if &**yes == "yes") =>
        {
            format!("consents({}, {})", text(purpose.as_str()), text(channel.as_str()))
        }
        (fact, FactIs::Op(op)) => format!("{} {}", self::fact(fact, names), self::op(op)),
        (fact, FactIs::Date(test)) => format!("{} {}", self::fact(fact, names), date_test(test)),
    }
}

fn fact(fact: &Fact, names: &dyn Vocabulary) -> String {
    match fact {
        Fact::Trait(name) => format!("trait({})", text(name)),
        Fact::List(name) => format!("list({})", text(name)),
        Fact::Own(own) => format!("own('{}')", own.word()),
        Fact::Account(name) => format!("account({})", text(name)),
        Fact::Permission(purpose, channel) => {
            format!("permission({}, {})", text(purpose.as_str()), text(channel.as_str()))
        }
        Fact::Consent(purpose, channel) => {
            format!("consent({}, {})", text(purpose.as_str()), text(channel.as_str()))
        }
        Fact::Holding(by, value) => format!("holding({}, by => '{}')", text(value), by.word()),
        Fact::Relation(count) => format!("relation('{}')", count.word()),
        Fact::Segment(id) => format!("segment({})", text(&names.key_of_segment(*id))),
        Fact::Computed(id) => format!("computed({})", text(&names.key_of_computed(*id))),
    }
}

fn behaviour(behaviour: &Behaviour) -> String {
    let events = counted(&behaviour.events, &behaviour.window);
    if behaviour.is_did() {
        return format!("did({events})");
    }
    let call = match &behaviour.measure {
        Quantity::Times => format!("times({events})"),
        Quantity::Days => format!("days({events})"),
        Quantity::Sum(of) => format!("sum_of({}, {events})", field(of)),
        Quantity::Mean(of) => format!("avg_of({}, {events})", field(of)),
        Quantity::Least(of) => format!("min_of({}, {events})", field(of)),
        Quantity::Greatest(of) => format!("max_of({}, {events})", field(of)),
        Quantity::Distinct(of) => format!("distinct_of({}, {events})", label(of)),
        Quantity::DaysSinceLast => format!("days_since({events})"),
        Quantity::DaysSinceFirst => format!("days_since_first({events})"),
    };
    format!("{call} {}", number_test(behaviour.is))
}

fn value(value: &ValueTest) -> String {
    let name = match value.which {
        Which::First => "first_of",
        Which::Last => "last_of",
        Which::MostFrequent => "most_frequent",
    };
    let events = counted(&value.events, &value.window);
    format!("{name}({}, {events}) {}", label(&value.label), op(&value.is))
}

fn in_order(of: &InOrder) -> String {
    let mut arguments: Vec<String> = of.steps.iter().map(selection).collect();
    arguments.push(format!("within => '{}'", crate::words::duration(of.within)));
    arguments.extend(of.without.iter().map(|events| format!("without => {}", selection(events))));
    arguments.extend(of.held.iter().map(|held| format!("same => {}", label(held))));
    arguments.extend(window(&of.window));
    format!("did_in_order({})", arguments.join(", "))
}

fn not_followed(of: &NotFollowed) -> String {
    let mut arguments = vec![selection(&of.first), format!("by => {}", selection(&of.by))];
    arguments.push(format!("within => '{}'", crate::words::duration(of.within)));
    arguments.extend(of.held.iter().map(|held| format!("same => {}", label(held))));
    arguments.extend(window(&of.window));
    format!("not_followed({})", arguments.join(", "))
}

/// The events of a call with its window and its conditions.
fn counted(events: &Condition, lookback: &Lookback) -> String {
    let mut arguments = vec![event_names(events)];
    arguments.extend(window(lookback));
    if !events.tests.is_empty() {
        arguments.push(format!("where => {}", tests(&events.tests)));
    }
    arguments.join(", ")
}

/// Events with their conditions.
fn selection(events: &Condition) -> String {
    match &events.tests[..] {
        [] => event_names(events),
        tests => format!("{}[where {}]", event_names(events), self::tests(tests)),
    }
}

fn event_names(events: &Condition) -> String {
    let names: Vec<String> = events.events.iter().map(|name| text(name)).collect();
    match &names[..] {
        [] => "any_event()".into(),
        [name] => name.clone(),
        names => format!("any_of({})", names.join(", ")),
    }
}

fn tests(tests: &[Test]) -> String {
    let test = |test: &Test| {
        let label = Label { field: test.field.clone(), view: test.view };
        format!("{} {}", self::label(&label), op(&test.op))
    };
    tests.iter().map(test).collect::<Vec<_>>().join(" and ")
}

/// A window as an argument; nothing where everything is looked at.
fn window(window: &Lookback) -> Option<String> {
    Some(match window {
        Lookback::Ever => return None,
        Lookback::Last(length) => format!("last => '{length}'"),
        Lookback::LongerAgo(length) => format!("longer_ago => '{length}'"),
        Lookback::Ago { from, to } => format!("ago => '{from} to {to}'"),
        Lookback::Period(period) => format!("during => '{}'", self::period(*period)),
        Lookback::Since { events, which } => {
            let which = match which {
                Since::First => "first",
                Since::Last => "last",
            };
            format!("since => {which}({})", selection(events))
        }
    })
}

fn period(period: Period) -> String {
    match period {
        Period::Last { n: 1, grain, current: true } => format!("this {}", grain.word()),
        Period::Last { n: 1, grain, current: false } => format!("last whole {}", grain.word()),
        Period::Last { n, grain, current: true } => format!("last {n} {}s", grain.word()),
        Period::Last { n, grain, current: false } => format!("last {n} whole {}s", grain.word()),
        Period::Between { first, last } => format!("{first} to {last}"),
    }
}

fn label(label: &Label) -> String {
    let field = field(&label.field);
    match label.view {
        View::Whole => field,
        View::Host => format!("host({field})"),
        View::Path => format!("path({field})"),
    }
}

fn field(field: &Field) -> String {
    match field {
        Field::Name => "event.name".into(),
        Field::Kind => "event.kind".into(),
        Field::Source => "event.source".into(),
        Field::Property(path) if is_plain_path(path) => path.to_string(),
        Field::Property(path) => name(path),
        Field::Context(path) => {
            let bare = format!("x.{path}");
            match is_plain_path(&bare) {
                true => format!("context.{path}"),
                false => format!("context({})", name(path)),
            }
        }
    }
}

fn op(op: &Op) -> String {
    match op {
        Op::Is(values) => match &values[..] {
            [one] => format!("= {}", text_or_bool(one)),
            values => format!("in {}", list(values)),
        },
        Op::IsNot(values) => match &values[..] {
            [one] => format!("<> {}", text_or_bool(one)),
            values => format!("not in {}", list(values)),
        },
        Op::Contains(part) => format!("contains {}", text(part)),
        Op::StartsWith(part) => format!("starts with {}", text(part)),
        Op::EndsWith(part) => format!("ends with {}", text(part)),
        Op::Has(values) => match &values[..] {
            [one] => format!("has {}", text_or_bool(one)),
            values => format!("has {}", list(values)),
        },
        Op::When(when) => self::when(when),
        Op::Version(test) => format!("{} version('{}')", sign(test.is), test.version),
        Op::Equal(bound) => format!("= {}", number(*bound)),
        Op::Less(bound) => format!("< {}", number(*bound)),
        Op::AtMost(bound) => format!("<= {}", number(*bound)),
        Op::More(bound) => format!("> {}", number(*bound)),
        Op::AtLeast(bound) => format!(">= {}", number(*bound)),
        Op::Exists => "is known".into(),
        Op::Missing => "is not known".into(),
    }
}

fn sign(than: Than) -> &'static str {
    match than {
        Than::Less => "<",
        Than::AtMost => "<=",
        Than::Equal => "=",
        Than::AtLeast => ">=",
        Than::More => ">",
    }
}

fn when(when: &When) -> String {
    match when {
        When::Within { moments, days } => {
            let ever = Window::EVER;
            let moment =
                |at: Timestamp, open| if at == open { String::new() } else { at.to_string() };
            let day = |day: i32, open| if day == open { String::new() } else { date_of(day) };
            format!(
                "is within ('{}', '{}', '{}', '{}')",
                moment(moments.from, ever.from),
                moment(moments.until, ever.until),
                day(days.start, i32::MIN),
                day(days.end, i32::MAX),
            )
        }
        When::Yearly { first, last } => {
            let day = |day: &timeline::MonthDay| format!("{:02}-{:02}", day.month, day.day);
            format!("is yearly from '{}' to '{}'", day(first), day(last))
        }
    }
}

/// The date of a day since 1970.
fn date_of(day: i32) -> String {
    let midnight = Timestamp(i64::from(day).saturating_mul(86_400_000_000)).to_string();
    midnight.split('T').next().unwrap_or_default().to_owned()
}

fn date_test(test: &DateTest) -> String {
    let days = |n: u32| if n == 1 { "day" } else { "days" };
    match test {
        DateTest::InLast(length) => format!("is in the last {length}"),
        DateTest::InNext(length) => format!("is in the next {length}"),
        DateTest::MoreThanAgo(length) => format!("is more than {length} ago"),
        DateTest::MoreThanAhead(length) => format!("is more than {length} ahead"),
        DateTest::Before(moment) => format!("is before '{moment}'"),
        DateTest::After(moment) => format!("is after '{moment}'"),
        DateTest::On(day) => format!("is on '{day}'"),
        DateTest::YearlyInNext { n_days: 0 } => "is yearly today".into(),
        DateTest::YearlyInNext { n_days: n } => format!("is yearly in the next {n} {}", days(*n)),
        DateTest::YearlyInLast { n_days: n } => format!("is yearly in the last {n} {}", days(*n)),
    }
}

fn number_test(test: NumberTest) -> String {
    match test {
        NumberTest::Equal(bound) => format!("= {}", number(bound)),
        NumberTest::NotEqual(bound) => format!("<> {}", number(bound)),
        NumberTest::Less(bound) => format!("< {}", number(bound)),
        NumberTest::AtMost(bound) => format!("<= {}", number(bound)),
        NumberTest::More(bound) => format!("> {}", number(bound)),
        NumberTest::AtLeast(bound) => format!(">= {}", number(bound)),
        NumberTest::Between(low, high) => format!("between {} and {}", number(low), number(high)),
    }
}

fn list(values: &[Box<str>]) -> String {
    let values: Vec<String> = values.iter().map(|value| text_or_bool(value)).collect();
    format!("({})", values.join(", "))
}

fn text_or_bool(value: &str) -> String {
    match value {
        "true" | "false" => value.to_owned(),
        value => text(value),
    }
}

fn text(text: &str) -> String {
    crate::sql::literal(text)
}

fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The shortest text that reads as this number.
fn number(number: f64) -> String {
    let text = format!("{number:?}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
