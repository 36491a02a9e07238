//! How are selections of events, their tests and their fields written as JSON?

use super::fields::{Fields, expected};
use crate::error::BadDefinition;
use base::Timestamp;
use serde_json::{Map, Value, json};
use timeline::{
    Condition, Field, Label, MonthDay, Op, Test, Than, Version, VersionTest, View, When, Window,
    WrittenDate,
};

type Read<T> = Result<T, BadDefinition>;

pub(super) fn write(condition: &Condition) -> Value {
    let tests: Vec<Value> = condition.tests.iter().map(write_test).collect();
    json!({ "events": condition.events, "tests": tests })
}

pub(super) fn read(value: &Value, path: &str) -> Read<Condition> {
    let fields = Fields::of(value, path)?;
    let events = fields.texts("events")?;
    let tests = fields.list("tests")?.iter().enumerate();
    let tests = tests.map(|(k, test)| read_test(test, &format!("{path}.tests[{k}]")));
    let tests = tests.collect::<Read<Vec<Test>>>()?;
    fields.done()?;
    Ok(Condition { events, tests })
}

fn write_test(test: &Test) -> Value {
    let mut json = Map::new();
    json.insert("field".into(), write_field(&test.field));
    json.insert("view".into(), view_word(test.view).into());
    write_op(&test.op, &mut json);
    Value::Object(json)
}

fn read_test(value: &Value, path: &str) -> Read<Test> {
    let fields = Fields::of(value, path)?;
    let field = read_field(fields.get("field")?, &fields.path("field"))?;
    let test = Test { field, view: read_view(&fields)?, op: read_op(&fields)? };
    fields.done()?;
    Ok(test)
}

pub(super) fn write_field(field: &Field) -> Value {
    match field {
        Field::Name => json!({ "of": "name" }),
        Field::Kind => json!({ "of": "kind" }),
        Field::Source => json!({ "of": "source" }),
        Field::Property(path) => json!({ "of": "property", "path": path }),
        Field::Context(path) => json!({ "of": "context", "path": path }),
    }
}

pub(super) fn read_field(value: &Value, path: &str) -> Read<Field> {
    let fields = Fields::of(value, path)?;
    let field = match fields.text("of")? {
        "name" => Field::Name,
        "kind" => Field::Kind,
        "source" => Field::Source,
        "property" => Field::Property(fields.text("path")?.into()),
        "context" => Field::Context(fields.text("path")?.into()),
        _ => return Err(expected(&fields.path("of"), "name, kind, source, property or context")),
    };
    fields.done()?;
    Ok(field)
}

pub(super) fn write_label(label: &Label) -> Value {
    json!({ "field": write_field(&label.field), "view": view_word(label.view) })
}

pub(super) fn read_label(value: &Value, path: &str) -> Read<Label> {
    let fields = Fields::of(value, path)?;
    let field = read_field(fields.get("field")?, &fields.path("field"))?;
    let label = Label { field, view: read_view(&fields)? };
    fields.done()?;
    Ok(label)
}

fn view_word(view: View) -> &'static str {
    match view {
        View::Whole => "whole",
        View::Host => "host",
        View::Path => "path",
    }
}

fn read_view(fields: &Fields<'_>) -> Read<View> {
    if fields.maybe("view").is_none() {
        return Ok(View::Whole);
    }
    fields.read("view", "whole, host or path", |word| {
        [View::Whole, View::Host, View::Path].into_iter().find(|view| view_word(*view) == word)
    })
}

/// A test as the fields of the object in which it stands.
pub(super) fn write_op(op: &Op, json: &mut Map<String, Value>) {
    let fields = match op {
        Op::Is(values) => json!({ "op": "is", "values": values }),
        Op::IsNot(values) => json!({ "op": "is_not", "values": values }),
        Op::Contains(text) => json!({ "op": "contains", "text": text }),
        Op::StartsWith(text) => json!({ "op": "starts_with", "text": text }),
        Op::EndsWith(text) => json!({ "op": "ends_with", "text": text }),
        Op::Equal(value) => json!({ "op": "equal", "value": value }),
        Op::Less(value) => json!({ "op": "less", "value": value }),
        Op::AtMost(value) => json!({ "op": "at_most", "value": value }),
        Op::More(value) => json!({ "op": "more", "value": value }),
        Op::AtLeast(value) => json!({ "op": "at_least", "value": value }),
        Op::Exists => json!({ "op": "exists" }),
        Op::Missing => json!({ "op": "missing" }),
        Op::Version(VersionTest { is, version }) => {
            json!({ "op": "version", "than": than_word(*is), "version": version.to_string() })
        }
        Op::Has(values) => json!({ "op": "has", "values": values }),
        Op::When(When::Within { moments, days }) => {
            let moment = |at: Timestamp, open| (at != open).then(|| at.to_string());
            let day = |day: i32, open| (day != open).then(|| date_of(day));
            json!({
                "op": "within",
                "from": moment(moments.from, Window::EVER.from),
                "until": moment(moments.until, Window::EVER.until),
                "from_day": day(days.start, i32::MIN),
                "until_day": day(days.end, i32::MAX),
            })
        }
        Op::When(When::Yearly { first, last }) => {
            let day = |day: &MonthDay| format!("{:02}-{:02}", day.month, day.day);
            json!({ "op": "yearly", "first": day(first), "last": day(last) })
        }
    };
    if let Value::Object(fields) = fields {
        json.extend(fields);
    }
}

/// The test that stands in the fields of an object.
pub(super) fn read_op(fields: &Fields<'_>) -> Read<Op> {
    let text = || fields.text("text").map(Into::into);
    Ok(match fields.text("op")? {
        "is" => Op::Is(fields.texts("values")?),
        "is_not" => Op::IsNot(fields.texts("values")?),
        "contains" => Op::Contains(text()?),
        "starts_with" => Op::StartsWith(text()?),
        "ends_with" => Op::EndsWith(text()?),
        "equal" => Op::Equal(fields.number("value")?),
        "less" => Op::Less(fields.number("value")?),
        "at_most" => Op::AtMost(fields.number("value")?),
        "more" => Op::More(fields.number("value")?),
        "at_least" => Op::AtLeast(fields.number("value")?),
        "exists" => Op::Exists,
        "missing" => Op::Missing,
        "version" => Op::Version(VersionTest {
            is: fields.read("than", "less, at_most, equal, at_least or more", than)?,
            version: fields.read("version", "a version such as 1.4.0", Version::parse)?,
        }),
        "has" => Op::Has(fields.texts("values")?),
        "within" => Op::When(read_within(fields)?),
        "yearly" => Op::When(When::Yearly {
            first: fields.read("first", "a day of the year such as 12-24", month_day)?,
            last: fields.read("last", "a day of the year such as 12-24", month_day)?,
        }),
        _ => return Err(expected(&fields.path("op"), OPS)),
    })
}

const OPS: &str = "is, is_not, contains, starts_with, ends_with, equal, less, at_most, more, \
                   at_least, exists, missing, version, has, within or yearly";

const THANS: [(&str, Than); 5] = [
    ("less", Than::Less),
    ("at_most", Than::AtMost),
    ("equal", Than::Equal),
    ("at_least", Than::AtLeast),
    ("more", Than::More),
];

fn than_word(is: Than) -> &'static str {
    THANS.iter().find(|(_, than)| *than == is).map_or("equal", |(word, _)| word)
}

fn than(word: &str) -> Option<Than> {
    THANS.iter().find(|(known, _)| *known == word).map(|(_, than)| *than)
}

fn read_within(fields: &Fields<'_>) -> Read<When> {
    let moment = |name, open| match fields.maybe(name) {
        None => Ok(open),
        Some(_) => fields.read(name, "a time such as 2026-01-31T12:00:00Z", Timestamp::parse),
    };
    let day = |name, open| match fields.maybe(name) {
        None => Ok(open),
        Some(_) => {
            fields.read(name, "a date such as 2026-01-31", |text| match WrittenDate::parse(text)? {
                WrittenDate::Day(day) => Some(day),
                WrittenDate::Moment(_) => None,
            })
        }
    };
    let (from, until) = (moment("from", Window::EVER.from)?, moment("until", Window::EVER.until)?);
    let days = day("from_day", i32::MIN)?..day("until_day", i32::MAX)?;
    Ok(When::Within { moments: Window { from, until }, days })
}

fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.split_once('-')?;
    let day = MonthDay { month: month.parse().ok()?, day: day.parse().ok()? };
    day.exists().then_some(day)
}

fn date_of(day: i32) -> String {
    let midnight = Timestamp(i64::from(day).saturating_mul(86_400_000_000)).to_string();
    midnight.split('T').next().unwrap_or_default().to_owned()
}
