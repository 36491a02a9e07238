//! Which numbers does an answer have, and which does its SQL have, so that they can be compared?
//!
//! Both are read into the same form: a number by what it stands for. Where nothing was counted an
//! answer says 0 or "no number" and SQL has no row: neither is compared.

use base::Timestamp;
use insight::{Calendar, Date, Grain, Weekday};
use serde_json::Value;
use std::collections::BTreeMap;

/// Numbers by what they stand for.
pub type Numbers = BTreeMap<Vec<String>, f64>;

/// How an insight's answer and its SQL are read. Both are given the question.
#[derive(Clone, Copy)]
pub struct Read {
    /// The numbers of an answer.
    pub answer: fn(&Value, &Value) -> Numbers,
    /// The numbers of the answer of its SQL.
    pub sql: fn(&Value, &Sql) -> Numbers,
}

/// The answer of SQL.
pub struct Sql {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Sql {
    /// That of the API.
    pub fn new(answer: &Value) -> Self {
        let columns = list(&answer["columns"]).iter().map(|column| text(&column["name"]));
        let rows = list(&answer["rows"]).iter().map(|row| list(row).to_vec());
        Self { columns: columns.collect(), rows: rows.collect() }
    }

    /// The rows, each with its columns by name.
    fn rows(&self) -> impl Iterator<Item = BTreeMap<&str, &Value>> {
        self.rows.iter().map(|row| self.columns.iter().map(String::as_str).zip(row).collect())
    }
}

/// The items of a list.
fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

/// A cell as text; what is absent is empty.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// A group as SQL calls it.
fn group(group: &Value) -> String {
    match text(&group["is"]).as_str() {
        "" | "all" => String::new(),
        "value" => text(&group["value"]),
        other => format!("({other})"),
    }
}

fn key<const N: usize>(parts: [&str; N]) -> Vec<String> {
    parts.map(str::to_owned).into()
}

fn calendar(question: &Value) -> Calendar {
    let clock = &question["clock"];
    let zone = clock["time_zone"].as_str().unwrap_or("UTC");
    let is_sunday = clock["weeks_begin_on_sunday"] == true;
    let begins = if is_sunday { Weekday::Sunday } else { Weekday::Monday };
    Calendar::new(zone, begins).expect("a zone")
}

fn grain(question: &Value) -> Grain {
    Grain::from_word(&text(&question["grain"])).expect("a grain")
}

/// A span of SQL as the moment of its beginning: there it is a moment, or a local time; empty where
/// there is none.
fn moment(question: &Value, span: &Value) -> String {
    let span = text(span);
    if span.is_empty() {
        return span;
    }
    if span.ends_with('Z') {
        return Timestamp::parse(&span).expect("a time").to_string();
    }
    let day: Date = span[..10].parse().expect("a date");
    calendar(question).midnight(day).to_string()
}

/// A time of an answer.
fn time(value: &Value) -> Timestamp {
    Timestamp::parse(&text(value)).expect("a time")
}

/// Keeps what is a number other than 0.
fn put(numbers: &mut Numbers, key: Vec<String>, value: &Value) {
    if let Some(value) = value.as_f64().filter(|value| *value != 0.0) {
        assert!(!numbers.contains_key(&key), "twice: {key:?}");
        numbers.insert(key, value);
    }
}

/// A row of SQL for each number: by its keys, then the names of columns with numbers.
fn by_columns(question: &Value, sql: &Sql, keys: &[&str]) -> Numbers {
    let mut numbers = Numbers::new();
    for row in sql.rows() {
        let part = |name: &&str| match (*name, row.get(name)) {
            (_, None) => String::new(),
            ("span" | "cohort", Some(span)) => moment(question, span),
            (_, Some(value)) => text(value),
        };
        let place: Vec<String> = keys.iter().map(part).collect();
        for (name, value) in row.iter().filter(|(name, _)| !keys.contains(name)) {
            let key = place.iter().cloned().chain([(*name).to_owned()]).collect();
            put(&mut numbers, key, value);
        }
    }
    numbers
}

pub const TREND: Read = Read {
    answer: |_, answer| {
        let mut numbers = Numbers::new();
        for line in list(&answer["lines"]) {
            let name = match line["series"].as_u64() {
                Some(series) => char::from(b'A' + series as u8).to_string(),
                None => "formula".into(),
            };
            let group = group(&answer["groups"][line["group"].as_u64().expect("a place") as usize]);
            for (span, point) in list(&answer["spans"]).iter().zip(list(&line["points"])) {
                let begin = time(&span["begin"]).to_string();
                put(&mut numbers, key([&begin, &group, &name]), &point["value"]);
            }
        }
        numbers
    },
    sql: |question, sql| by_columns(question, sql, &["span", "grp"]),
};

pub const FUNNEL: Read = Read {
    answer: |_, answer| {
        let mut numbers = Numbers::new();
        for of in groups(answer) {
            let reached: Vec<u64> =
                list(&of["steps"]).iter().map(|step| step["n"].as_u64().expect("n")).collect();
            for (k, n) in reached.iter().enumerate() {
                let deeper = reached.get(k + 1).copied().unwrap_or(0);
                let place = key([&group(&of["group"]), &(k + 1).to_string(), "customers"]);
                put(&mut numbers, place, &(n - deeper).into());
            }
        }
        numbers
    },
    sql: |question, sql| by_columns(question, sql, &["grp", "level"]),
};

/// The parts of an answer by group; all where there are none.
fn groups(answer: &Value) -> &[Value] {
    match list(&answer["groups"]) {
        [] => std::slice::from_ref(&answer["all"]),
        groups => groups,
    }
}

pub const RETENTION: Read = Read { answer: retention, sql: retention_in_sql };

fn retention(question: &Value, answer: &Value) -> Numbers {
    let (calendar, grain) = (calendar(question), grain(question));
    let is_exact = question["spans_from"] == "exact";
    let mut numbers = Numbers::new();
    for of in groups(answer) {
        let group = group(&of["group"]);
        for cohort in list(&of["cohorts"]) {
            let mut span = calendar.begin(grain, time(&cohort["begin"]));
            let begin = span.to_string();
            put(&mut numbers, key([&begin, &group, "", "n"]), &cohort["n"]);
            for (k, cell) in list(&cohort["cells"]).iter().enumerate() {
                let name = if is_exact { k.to_string() } else { span.to_string() };
                put(&mut numbers, key([&begin, &group, &name, "customers"]), &cell["n"]);
                put(&mut numbers, key([&begin, &group, &name, "value"]), &cell["worth"]["sum"]);
                span = calendar.end(grain, span);
            }
        }
    }
    numbers
}

fn retention_in_sql(question: &Value, sql: &Sql) -> Numbers {
    let is_exact = question["spans_from"] == "exact";
    let mut numbers = Numbers::new();
    for row in sql.rows() {
        let begin = moment(question, row["cohort"]);
        let group = row.get("grp").map(|group| text(group)).unwrap_or_default();
        numbers.insert(key([&begin, &group, "", "n"]), number(row["n"]));
        let span = match row["span"] {
            Value::Null => continue,
            span if is_exact => number(span).to_string(),
            span => moment(question, span),
        };
        for name in ["customers", "value"] {
            let value = row.get(name).copied().unwrap_or(&Value::Null);
            put(&mut numbers, key([&begin, &group, &span, name]), value);
        }
    }
    numbers
}

pub const VISITS: Read = Read {
    answer: |question, answer| {
        let mut numbers = Numbers::new();
        let mut add = |span: &str, group: &str, of: &Value| {
            let put_one = |numbers: &mut Numbers, name: &str, value: &Value| {
                put(numbers, key([span, group, name]), value);
            };
            put_one(&mut numbers, "visits", &of["n_visits"]);
            put_one(&mut numbers, "visitors", &of["n_visitors"]);
            put_one(&mut numbers, "views", &of["n_views"]);
            put_one(&mut numbers, "duration_s", &of["duration_seconds"]["value"]);
            let bounces =
                of["bounce"]["value"].as_f64().map(|share| share * number(&of["n_visits"]));
            put_one(&mut numbers, "bounces", &bounces.map(f64::round).into());
        };
        for row in list(&answer["rows"]).iter().filter(|_| question["by"].is_object()) {
            add("", &group(&row["group"]), &row["visits"]);
        }
        for span in list(&answer["series"]).iter().filter(|_| question["grain"].is_string()) {
            let begin = calendar(question).begin(grain(question), time(&span["begin"]));
            add(&begin.to_string(), "", &span["visits"]);
        }
        if !question["by"].is_object() && !question["grain"].is_string() {
            add("", "", &answer["all"]);
        }
        numbers
    },
    sql: |question, sql| by_columns(question, sql, &["span", "grp"]),
};

pub const PATHS: Read = Read {
    answer: |_, answer| {
        let mut numbers = Numbers::new();
        for path in list(&answer["top"]) {
            let steps = list(&path["steps"]);
            let step = |k: usize| steps.get(k).map(|step| text(&step["value"])).unwrap_or_default();
            put(&mut numbers, key([&step(0), &step(1), &step(2), "paths"]), &path["n"]);
        }
        numbers
    },
    sql: |question, sql| by_columns(question, sql, &["step", "second", "third"]),
};

pub const LIFECYCLE: Read = Read {
    answer: |_, answer| {
        let mut numbers = Numbers::new();
        for of in groups_or(answer, "spans") {
            for span in list(&of["spans"]) {
                let begin = time(&span["begin"]).to_string();
                for state in ["new", "returning", "resurrecting", "dormant"] {
                    let place = key([&begin, &group(&of["group"]), state, "n"]);
                    put(&mut numbers, place, &span[format!("n_{state}")]);
                }
            }
        }
        numbers
    },
    sql: |question, sql| by_columns(question, sql, &["span", "grp", "state"]),
};

pub const STICKINESS: Read = Read {
    answer: |_, answer| {
        let mut numbers = Numbers::new();
        for of in groups_or(answer, "spans") {
            for span in list(&of["spans"]) {
                let begin = time(&span["begin"]).to_string();
                for (n_days, n) in (1..).zip(list(&span["n_by_days"])) {
                    let n_days: i32 = n_days;
                    let place = key([&begin, &group(&of["group"]), &n_days.to_string(), "n"]);
                    put(&mut numbers, place, n);
                }
            }
        }
        numbers
    },
    sql: |question, sql| by_columns(question, sql, &["span", "grp", "n_days"]),
};

/// The parts of an answer by group; the answer itself, which has `field`, where there are none.
fn groups_or<'a>(answer: &'a Value, field: &str) -> &'a [Value] {
    assert!(answer[field].is_array(), "{answer}");
    match answer["groups"].as_array().map(Vec::as_slice) {
        None | Some([]) => std::slice::from_ref(answer),
        Some(groups) => groups,
    }
}

pub const RFM: Read = Read {
    answer: |question, answer| {
        let mut numbers = Numbers::new();
        for cell in list(&answer["cells"]) {
            let (recency, frequency) = (text(&cell["recency"]), text(&cell["frequency"]));
            put(&mut numbers, key([&recency, &frequency, "n"]), &cell["n"]);
            if question["money"].is_object() {
                put(&mut numbers, key([&recency, &frequency, "money"]), &cell["money"]["value"]);
            }
        }
        numbers
    },
    sql: |question, sql| by_columns(question, sql, &["recency", "frequency"]),
};

pub const LAST_TOUCH: Read = Read {
    answer: |_, answer| {
        let mut numbers = Numbers::new();
        let mut add = |is_touched: &str, label: &str, of: &Value| {
            put(&mut numbers, key([is_touched, label, "outcomes"]), &of["n"]);
            put(&mut numbers, key([is_touched, label, "total"]), &of["sum"]);
        };
        add("", "", &answer["untouched"]);
        for row in list(&answer["rows"]) {
            let label = text(&row["group"]["value"]);
            assert_ne!(row["group"]["is"], "other", "SQL tells all apart");
            add("true", &label, &row["outcomes"]);
        }
        numbers
    },
    sql: |question, sql| by_columns(question, sql, &["is_touched", "label"]),
};
