//! How is a definition written as JSON?
//!
//! One form for tables, the API and files: `docs/definitions.md` shows it, `definition.schema.json`
//! describes it. Segments and computed traits are named by their keys. What is not of the form is
//! refused with the path to it.

mod event;
mod fact;
mod fields;
mod node;
mod window;

use crate::calendar::Calendar;
use crate::definition::Definition;
use crate::error::BadDefinition;
use crate::predicate::Predicate;
use crate::vocabulary::Vocabulary;
use fields::{Fields, expected};
use jiff::civil::Weekday;
use serde_json::{Value, json};

/// A definition as JSON.
#[must_use]
pub fn write(definition: &Definition, names: &dyn Vocabulary) -> Value {
    let calendar = &definition.calendar;
    json!({
        "clock": {
            "time_zone": calendar.zone_name(),
            "weeks_begin_on_sunday": calendar.week_begins() == Weekday::Sunday,
        },
        "who": node::write(&definition.who, names),
    })
}

/// The definition that JSON means; it is still to be checked.
///
/// # Errors
/// Names the first place that is not of the form: `who.of[1].window.length`.
pub fn read(json: &Value, names: &dyn Vocabulary) -> Result<Definition, BadDefinition> {
    let fields = Fields::of(json, "")?;
    let calendar = match fields.maybe("clock") {
        None => Calendar::utc(),
        Some(clock) => {
            let clock = Fields::of(clock, "clock")?;
            let zone = clock.maybe("time_zone").map_or(Ok("UTC"), |zone| {
                zone.as_str().ok_or_else(|| expected("clock.time_zone", "the name of a time zone"))
            })?;
            let week_begins = match clock.flag("weeks_begin_on_sunday")? {
                true => Weekday::Sunday,
                false => Weekday::Monday,
            };
            clock.done()?;
            Calendar::new(zone, week_begins)
                .map_err(|bad| BadDefinition { field: "clock.time_zone".into(), ..bad })?
        }
    };
    let who = node::read(fields.get("who")?, ("who", 0), names)?;
    fields.done()?;
    Ok(Definition { who, calendar })
}

/// A part of a definition as JSON.
#[must_use]
pub fn write_predicate(predicate: &Predicate, names: &dyn Vocabulary) -> Value {
    node::write(predicate, names)
}

#[cfg(test)]
mod tests;
