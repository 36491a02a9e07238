//! How are windows, periods and lengths written as JSON?

use super::event;
use super::fields::{Fields, expected};
use crate::calendar::Grain;
use crate::error::BadDefinition;
use crate::length::Length;
use crate::lookback::{Lookback, Since};
use crate::period::Period;
use jiff::civil::Date;
use serde_json::{Value, json};

type Read<T> = Result<T, BadDefinition>;

const LENGTH: &str = "a length such as 30 days";

pub(super) fn write(window: &Lookback) -> Value {
    match window {
        Lookback::Ever => json!({ "is": "ever" }),
        Lookback::Last(length) => json!({ "is": "last", "length": length.to_string() }),
        Lookback::LongerAgo(length) => json!({ "is": "longer_ago", "length": length.to_string() }),
        Lookback::Ago { from, to } => {
            json!({ "is": "ago", "from": from.to_string(), "to": to.to_string() })
        }
        Lookback::Period(period) => json!({ "is": "period", "period": write_period(*period) }),
        Lookback::Since { events, which } => {
            json!({ "is": "since", "which": since_word(*which), "events": event::write(events) })
        }
    }
}

/// The window in the field `window`; everything where there is none.
pub(super) fn read(of: &Fields<'_>) -> Read<Lookback> {
    let Some(value) = of.maybe("window") else { return Ok(Lookback::Ever) };
    let fields = Fields::of(value, &of.path("window"))?;
    let length = |name| fields.read(name, LENGTH, Length::parse);
    let window = match fields.text("is")? {
        "ever" => Lookback::Ever,
        "last" => Lookback::Last(length("length")?),
        "longer_ago" => Lookback::LongerAgo(length("length")?),
        "ago" => Lookback::Ago { from: length("from")?, to: length("to")? },
        "period" => Lookback::Period(read_period(fields.get("period")?, &fields.path("period"))?),
        "since" => Lookback::Since {
            events: Box::new(event::read(fields.get("events")?, &fields.path("events"))?),
            which: fields.read("which", "first or last", |word| {
                [Since::First, Since::Last].into_iter().find(|which| since_word(*which) == word)
            })?,
        },
        _ => {
            let words = "ever, last, longer_ago, ago, period or since";
            return Err(expected(&fields.path("is"), words));
        }
    };
    fields.done()?;
    Ok(window)
}

fn since_word(which: Since) -> &'static str {
    match which {
        Since::First => "first",
        Since::Last => "last",
    }
}

fn write_period(period: Period) -> Value {
    match period {
        Period::Last { n, grain, current } => {
            json!({ "kind": "last", "n": n, "grain": grain.word(), "current": current })
        }
        Period::Between { first, last } => {
            json!({ "kind": "between", "first": first.to_string(), "last": last.to_string() })
        }
    }
}

fn read_period(value: &Value, path: &str) -> Read<Period> {
    let fields = Fields::of(value, path)?;
    let date =
        |name| fields.read(name, "a date such as 2026-01-31", |text| text.parse::<Date>().ok());
    let period = match fields.text("kind")? {
        "last" => Period::Last {
            n: fields.whole("n")?,
            grain: fields.read(
                "grain",
                "hour, day, week, month, quarter or year",
                Grain::from_word,
            )?,
            current: fields.flag("current")?,
        },
        "between" => Period::Between { first: date("first")?, last: date("last")? },
        _ => return Err(expected(&fields.path("kind"), "last or between")),
    };
    fields.done()?;
    Ok(period)
}
