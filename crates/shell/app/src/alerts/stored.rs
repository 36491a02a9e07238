//! How are the rule of an alert and what it found written in the tables?

use super::{AlertRule, Judgement, Sensitivity, When};
use base::{Error, ErrorKind, Timestamp};
use insight::{Grain, Weekday};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct StoredRule {
    grain: String,
    zone: String,
    weeks_begin_on_sunday: bool,
    when: StoredWhen,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredWhen {
    Above(f64),
    Below(f64),
    Unusual(StoredSensitivity),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredSensitivity {
    Low,
    Normal,
    High,
}

#[derive(Serialize, Deserialize)]
struct StoredJudgement {
    from: i64,
    until: i64,
    span: String,
    value: Option<f64>,
    expected: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    fires: bool,
    words: String,
}

/// The text for the table; the metric has a column of its own.
pub fn write_rule(rule: &AlertRule) -> String {
    let when = match rule.when {
        When::Above(limit) => StoredWhen::Above(limit),
        When::Below(limit) => StoredWhen::Below(limit),
        When::Unusual(Sensitivity::Low) => StoredWhen::Unusual(StoredSensitivity::Low),
        When::Unusual(Sensitivity::Normal) => StoredWhen::Unusual(StoredSensitivity::Normal),
        When::Unusual(Sensitivity::High) => StoredWhen::Unusual(StoredSensitivity::High),
    };
    write(&StoredRule {
        grain: rule.grain.word().to_owned(),
        zone: rule.calendar.zone_name().to_owned(),
        weeks_begin_on_sunday: rule.calendar.week_begins() == Weekday::Sunday,
        when,
    })
}

/// The rule in the table.
///
/// # Errors
/// `Corrupt` where it is none of ours.
pub fn read_rule(metric: String, text: &str) -> Result<AlertRule, Error> {
    let stored: StoredRule = read(text)?;
    let when = match stored.when {
        StoredWhen::Above(limit) => When::Above(limit),
        StoredWhen::Below(limit) => When::Below(limit),
        StoredWhen::Unusual(StoredSensitivity::Low) => When::Unusual(Sensitivity::Low),
        StoredWhen::Unusual(StoredSensitivity::Normal) => When::Unusual(Sensitivity::Normal),
        StoredWhen::Unusual(StoredSensitivity::High) => When::Unusual(Sensitivity::High),
    };
    let calendar = AlertRule::calendar_of(&stored.zone, stored.weeks_begin_on_sunday);
    Ok(AlertRule {
        metric,
        grain: Grain::from_word(&stored.grain).ok_or_else(corrupt)?,
        calendar: calendar.map_err(|_| corrupt())?,
        when,
    })
}

/// The text for the table.
pub fn write_judgement(found: &Judgement) -> String {
    write(&StoredJudgement {
        from: found.from.0,
        until: found.until.0,
        span: found.span.clone(),
        value: found.value,
        expected: found.expected,
        low: found.low,
        high: found.high,
        fires: found.fires,
        words: found.words.clone(),
    })
}

/// What was found, in the table.
///
/// # Errors
/// `Corrupt` where it is none of ours.
pub fn read_judgement(text: &str) -> Result<Judgement, Error> {
    let stored: StoredJudgement = read(text)?;
    Ok(Judgement {
        from: Timestamp(stored.from),
        until: Timestamp(stored.until),
        span: stored.span,
        value: stored.value,
        expected: stored.expected,
        low: stored.low,
        high: stored.high,
        fires: stored.fires,
        words: stored.words,
    })
}

fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("words and finite numbers are JSON")
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| corrupt().with_source(error))
}

fn corrupt() -> Error {
    Error::new(ErrorKind::Corrupt, "an alert in the table cannot be read")
}
