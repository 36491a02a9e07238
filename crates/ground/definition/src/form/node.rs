//! How are tests and groups of them written as JSON?

use super::fields::{Fields, expected};
use super::{event, fact, window};
use crate::criterion::{
    Behaviour, Criterion, InOrder, NotFollowed, Quantity, Same, Share, ValueTest, Which,
};
use crate::error::{BadDefinition, Problem};
use crate::length::Length;
use crate::number::NumberTest;
use crate::predicate::Predicate;
use crate::vocabulary::Vocabulary;
use base::Duration;
use serde_json::{Map, Value, json};
use timeline::{Condition, Label};

type Read<T> = Result<T, BadDefinition>;

/// How deep JSON is read, more than a definition may be deep.
const NESTED_MAX: usize = 40;

pub(super) fn write(predicate: &Predicate, names: &dyn Vocabulary) -> Value {
    let parts = |parts: &[Predicate]| parts.iter().map(|part| write(part, names)).collect();
    let group = |is: &str, of: Vec<Value>| json!({ "is": is, "of": of });
    match predicate {
        Predicate::All(all) => group("all", parts(all)),
        Predicate::Any(any) => group("any", parts(any)),
        Predicate::Not(not) => match &**not {
            Predicate::Any(none) if none.len() > 1 => group("none", parts(none)),
            // Of one alone, "none of" is "not": none of `Any` of one is written with both.
            one => group("none", vec![write(one, names)]),
        },
        Predicate::Criterion(criterion) => write_criterion(criterion, names),
    }
}

pub(super) fn read(
    value: &Value,
    (path, depth): (&str, usize),
    names: &dyn Vocabulary,
) -> Read<Predicate> {
    if depth > NESTED_MAX {
        return Err(BadDefinition::new(path, Problem::TooDeep { max: NESTED_MAX }));
    }
    let fields = Fields::of(value, path)?;
    let parts = || -> Read<Vec<Predicate>> {
        let parts = fields.list("of")?.iter().enumerate();
        let part = |(k, part)| read(part, (&format!("{path}.of[{k}]"), depth + 1), names);
        parts.map(part).collect()
    };
    let found = match fields.text("is")? {
        "all" => Predicate::All(parts()?),
        "any" => Predicate::Any(parts()?),
        "none" => {
            let mut parts = parts()?;
            match parts.len() {
                0 => return Err(BadDefinition::new(fields.path("of"), Problem::Empty)),
                1 => parts.remove(0).negated(),
                _ => Predicate::Any(parts).negated(),
            }
        }
        "same" => Predicate::of(Same {
            label: event::read_label(fields.get("label")?, &fields.path("label"))?,
            who: Box::new(read(fields.get("who")?, (&fields.path("who"), depth + 1), names)?),
        }),
        is => Predicate::Criterion(read_criterion(is, &fields, names)?),
    };
    fields.done()?;
    Ok(found)
}

fn write_criterion(criterion: &Criterion, names: &dyn Vocabulary) -> Value {
    let mut json = Map::new();
    let mut put = |name: &str, value: Value| {
        json.insert(name.into(), value);
    };
    match criterion {
        Criterion::Fact(of) => {
            put("is", "fact".into());
            fact::write(of, names, &mut json);
        }
        Criterion::Behaviour(of) => {
            put("is", "behaviour".into());
            put("events", event::write(&of.events));
            put("window", window::write(&of.window));
            put("measure", write_quantity(&of.measure));
            put("number", write_number(of.is));
        }
        Criterion::Value(of) => {
            put("is", "value".into());
            put("which", which_word(of.which).into());
            put("label", event::write_label(&of.label));
            put("events", event::write(&of.events));
            put("window", window::write(&of.window));
            event::write_op(&of.is, &mut json);
        }
        Criterion::InOrder(of) => {
            put("is", "in_order".into());
            put("steps", of.steps.iter().map(event::write).collect());
            put("within", crate::words::duration(of.within).into());
            put("window", window::write(&of.window));
            put("without", of.without.as_ref().map(event::write).into());
            put("same", of.held.as_ref().map(event::write_label).into());
        }
        Criterion::NotFollowed(of) => {
            put("is", "not_followed".into());
            put("first", event::write(&of.first));
            put("by", event::write(&of.by));
            put("within", crate::words::duration(of.within).into());
            put("window", window::write(&of.window));
            put("same", of.held.as_ref().map(event::write_label).into());
        }
        Criterion::Same(of) => {
            put("is", "same".into());
            put("label", event::write_label(&of.label));
            put("who", write(&of.who, names));
        }
        Criterion::Share(Share { salt, from, to }) => {
            return json!({ "is": "share", "salt": salt, "from": from, "to": to });
        }
    }
    Value::Object(json)
}

fn read_criterion(is: &str, fields: &Fields<'_>, names: &dyn Vocabulary) -> Read<Criterion> {
    let events = |name| event::read(fields.get(name)?, &fields.path(name));
    Ok(match is {
        "fact" => fact::read(fields, names)?.into(),
        "behaviour" => Behaviour {
            events: events("events")?,
            window: window::read(fields)?,
            measure: read_quantity(fields.get("measure")?, &fields.path("measure"))?,
            is: read_number(fields.get("number")?, &fields.path("number"))?,
        }
        .into(),
        "value" => ValueTest {
            which: fields.read("which", "first, last or most_frequent", which)?,
            label: event::read_label(fields.get("label")?, &fields.path("label"))?,
            events: events("events")?,
            window: window::read(fields)?,
            is: event::read_op(fields)?,
        }
        .into(),
        "in_order" => read_in_order(fields)?.into(),
        "not_followed" => NotFollowed {
            first: events("first")?,
            by: events("by")?,
            within: within(fields)?,
            window: window::read(fields)?,
            held: held(fields)?,
        }
        .into(),
        "share" => Share {
            salt: fields.text("salt")?.into(),
            from: fields.number("from")?,
            to: fields.number("to")?,
        }
        .into(),
        _ => return Err(expected(&fields.path("is"), NODES)),
    })
}

const NODES: &str = "all, any, none, fact, behaviour, value, in_order, not_followed, same or share";

fn read_in_order(fields: &Fields<'_>) -> Read<InOrder> {
    let step = |(k, step)| event::read(step, &format!("{}[{k}]", fields.path("steps")));
    let steps = fields.list("steps")?.iter().enumerate().map(step);
    let without = fields.maybe("without");
    let without = without.map(|value| event::read(value, &fields.path("without")));
    Ok(InOrder {
        steps: steps.collect::<Read<Vec<Condition>>>()?,
        within: within(fields)?,
        window: window::read(fields)?,
        without: without.transpose()?,
        held: held(fields)?,
    })
}

fn within(fields: &Fields<'_>) -> Read<Duration> {
    fields.read("within", "a length in minutes, hours, days or weeks", |text| match Length::parse(
        text,
    )? {
        Length::Exact(length) => Some(length),
        Length::Calendar { .. } => None,
    })
}

fn held(fields: &Fields<'_>) -> Read<Option<Label>> {
    let held = fields.maybe("same");
    held.map(|value| event::read_label(value, &fields.path("same"))).transpose()
}

fn which_word(which: Which) -> &'static str {
    match which {
        Which::First => "first",
        Which::Last => "last",
        Which::MostFrequent => "most_frequent",
    }
}

fn which(word: &str) -> Option<Which> {
    let all = [Which::First, Which::Last, Which::MostFrequent];
    all.into_iter().find(|which| which_word(*which) == word)
}

fn write_quantity(quantity: &Quantity) -> Value {
    let of = |is: &str, field| json!({ "is": is, "of": event::write_field(field) });
    match quantity {
        Quantity::Times => json!({ "is": "times" }),
        Quantity::Days => json!({ "is": "days" }),
        Quantity::Sum(field) => of("sum", field),
        Quantity::Mean(field) => of("mean", field),
        Quantity::Least(field) => of("least", field),
        Quantity::Greatest(field) => of("greatest", field),
        Quantity::Distinct(label) => {
            json!({ "is": "distinct", "by": event::write_label(label) })
        }
        Quantity::DaysSinceLast => json!({ "is": "days_since_last" }),
        Quantity::DaysSinceFirst => json!({ "is": "days_since_first" }),
    }
}

fn read_quantity(value: &Value, path: &str) -> Read<Quantity> {
    let fields = Fields::of(value, path)?;
    let of = || event::read_field(fields.get("of")?, &fields.path("of"));
    let quantity = match fields.text("is")? {
        "times" => Quantity::Times,
        "days" => Quantity::Days,
        "sum" => Quantity::Sum(of()?),
        "mean" => Quantity::Mean(of()?),
        "least" => Quantity::Least(of()?),
        "greatest" => Quantity::Greatest(of()?),
        "distinct" => Quantity::Distinct(event::read_label(fields.get("by")?, &fields.path("by"))?),
        "days_since_last" => Quantity::DaysSinceLast,
        "days_since_first" => Quantity::DaysSinceFirst,
        _ => return Err(expected(&fields.path("is"), MEASURES)),
    };
    fields.done()?;
    Ok(quantity)
}

const MEASURES: &str = "times, days, sum, mean, least, greatest, distinct, days_since_last or \
                        days_since_first";

fn write_number(test: NumberTest) -> Value {
    let of = |op: &str, value: f64| json!({ "op": op, "value": value });
    match test {
        NumberTest::Equal(bound) => of("equal", bound),
        NumberTest::NotEqual(bound) => of("not_equal", bound),
        NumberTest::Less(bound) => of("less", bound),
        NumberTest::AtMost(bound) => of("at_most", bound),
        NumberTest::More(bound) => of("more", bound),
        NumberTest::AtLeast(bound) => of("at_least", bound),
        NumberTest::Between(low, high) => json!({ "op": "between", "low": low, "high": high }),
    }
}

fn read_number(value: &Value, path: &str) -> Read<NumberTest> {
    let fields = Fields::of(value, path)?;
    let bound = || fields.number("value");
    let test = match fields.text("op")? {
        "equal" => NumberTest::Equal(bound()?),
        "not_equal" => NumberTest::NotEqual(bound()?),
        "less" => NumberTest::Less(bound()?),
        "at_most" => NumberTest::AtMost(bound()?),
        "more" => NumberTest::More(bound()?),
        "at_least" => NumberTest::AtLeast(bound()?),
        "between" => NumberTest::Between(fields.number("low")?, fields.number("high")?),
        _ => {
            let words = "equal, not_equal, less, at_most, more, at_least or between";
            return Err(expected(&fields.path("op"), words));
        }
    };
    fields.done()?;
    Ok(test)
}
