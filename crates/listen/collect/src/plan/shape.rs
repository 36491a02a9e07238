//! How is a tracking plan written down?

use lexicon::EventKind;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeSet;

/// Bytes of a plan's JSON.
const PLAN_BYTES_MAX: usize = 4 << 20;
/// Events of one plan.
pub(super) const EVENTS_MAX: usize = 1_000;
/// Properties of one event of a plan.
pub(super) const PROPERTIES_MAX: usize = 1_000;

/// The agreed events of a source. Its JSON is the wire form of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingPlan {
    /// Each event once, by kind and name.
    pub events: Vec<PlannedEvent>,
}

/// One agreed event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedEvent {
    /// Its name; for other kinds than track their own ([`EventKind::default_name`]).
    pub name: Box<str>,
    /// Which call it is.
    pub kind: EventKind,
    /// How many of it were seen, where the plan was inferred.
    #[serde(default)]
    pub n: Option<u64>,
    /// The agreed properties, or for `identify` and `group` traits, each once.
    #[serde(default)]
    pub properties: Vec<PlannedProperty>,
}

/// One agreed property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedProperty {
    /// Its name.
    pub name: Box<str>,
    /// The types that its value may have; none given: any.
    #[serde(default)]
    pub types: BTreeSet<PropertyType>,
    /// Whether it must be there.
    #[serde(default)]
    pub required: bool,
    /// How many were seen, where the plan was inferred.
    #[serde(default)]
    pub n: Option<u64>,
    /// A value that was seen.
    #[serde(default)]
    pub example: Option<Box<str>>,
}

/// What a property's value can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyType {
    /// A text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A text that is a date or a time.
    Datetime,
    /// An object.
    Object,
    /// A list.
    Array,
    /// `null`.
    Null,
}

/// The text is no tracking plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The text is no JSON, or not of a plan's form.
    #[error("the plan does not parse at line {line} column {column}")]
    Form {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// Something stands in it twice, is empty, or there is too much of it.
    #[error("{field}: {what}")]
    Content {
        /// Where: `events[2].properties[0].name`.
        field: String,
        /// What is wrong there.
        what: String,
    },
}

impl TrackingPlan {
    /// Reads a plan from its JSON.
    ///
    /// # Errors
    /// The text is no plan; the error says where.
    pub fn parse(json: &str) -> Result<Self, PlanError> {
        if json.len() > PLAN_BYTES_MAX {
            let what = format!("larger than {PLAN_BYTES_MAX} bytes");
            return Err(PlanError::Content { field: "plan".to_owned(), what });
        }
        let plan: Self = serde_json::from_str(json).map_err(|source| PlanError::Form {
            line: source.line(),
            column: source.column(),
            source,
        })?;
        plan.validate()?;
        Ok(plan)
    }

    /// Checks what the types do not hold: names are there, once each, and not too many.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self) -> Result<(), PlanError> {
        at_most("events", self.events.len(), EVENTS_MAX)?;
        let mut seen = BTreeSet::new();
        for (i, event) in self.events.iter().enumerate() {
            let field = format!("events[{i}]");
            named_once(
                &format!("{field}.name"),
                &event.name,
                seen.insert((event.kind.slug(), &event.name)),
            )?;
            at_most(&format!("{field}.properties"), event.properties.len(), PROPERTIES_MAX)?;
            let mut names = BTreeSet::new();
            for (j, property) in event.properties.iter().enumerate() {
                let field = format!("{field}.properties[{j}].name");
                named_once(&field, &property.name, names.insert(&property.name))?;
            }
        }
        Ok(())
    }

    /// The plan as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a plan has only text keys")
    }
}

fn at_most(field: &str, n: usize, n_max: usize) -> Result<(), PlanError> {
    if n <= n_max {
        return Ok(());
    }
    let what = format!("{n} are too many, at most {n_max} are kept");
    Err(PlanError::Content { field: field.to_owned(), what })
}

fn named_once(field: &str, name: &str, is_first: bool) -> Result<(), PlanError> {
    let what = match (name.is_empty(), is_first) {
        (false, true) => return Ok(()),
        (true, _) => "the name is empty".to_owned(),
        (false, false) => format!("'{name}' stands there twice"),
    };
    Err(PlanError::Content { field: field.to_owned(), what })
}

impl PropertyType {
    /// The type as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
            Self::Object => "object",
            Self::Array => "array",
            Self::Null => "null",
        }
    }

    /// Whether questions can look at it: lists, objects and null count as absent.
    #[must_use]
    pub fn is_value(self) -> bool {
        !matches!(self, Self::Object | Self::Array | Self::Null)
    }

    /// The type of a value; a text that reads as a time is one.
    pub(super) fn of(raw: &RawValue) -> Self {
        Self::of_text(raw.get())
    }

    /// The type of a value that is written as JSON.
    #[must_use]
    pub fn of_text(json: &str) -> Self {
        match json.as_bytes().first() {
            Some(b'"') if is_time(json) => Self::Datetime,
            Some(b'"') => Self::String,
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }
}

/// Looks at the digits first: parsing every text as a time would cost more than all the rest.
fn is_time(quoted: &str) -> bool {
    let inner = quoted.trim_matches('"');
    let digits = |range: std::ops::Range<usize>| {
        inner.as_bytes().get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let is_date = digits(0..4) && digits(5..7) && digits(8..10) && inner.as_bytes()[4] == b'-';
    is_date && inner.len() <= 40 && base::Timestamp::parse(inner).is_some()
}
