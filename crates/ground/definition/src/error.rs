//! What is wrong with a definition, and where?

/// Which field of a definition cannot be used as it is, and why. The definition must be corrected.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct BadDefinition {
    /// The path to the field, as the definition is written: `series[1].measure.percentile`.
    pub field: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Why a field cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    /// Something must be there.
    #[error("must not be empty")]
    Empty,
    /// There is more of it than can be answered.
    #[error("{n} are too many, at most {max} are possible")]
    TooMany {
        /// How many there are.
        n: u64,
        /// How many there may be.
        max: u64,
    },
    /// A number that is not between its bounds.
    #[error("{value} is not from {min} to {max}")]
    OutOfRange {
        /// What was given.
        value: f64,
        /// The least that is possible.
        min: f64,
        /// The most that is possible.
        max: f64,
    },
    /// A number that is infinite or none at all.
    #[error("must be a finite number")]
    NotFinite,
    /// A time zone that the tz database does not know.
    #[error("'{name}' is no time zone of the tz database, such as 'Europe/Berlin'")]
    UnknownZone {
        /// What was given.
        name: String,
    },
    /// An end that does not come after its beginning.
    #[error("ends before it begins")]
    EndsBeforeItBegins,
    /// A time of which nothing can be known yet.
    #[error("begins in the future")]
    InTheFuture,
    /// Dates with which the calendar cannot count.
    #[error("is too far from today")]
    OutsideTheCalendar,
    /// A formula that cannot be read.
    #[error("character {at}: expected {expected}")]
    Formula {
        /// Which character, counted from 1; one past the end where something is missing.
        at: usize,
        /// What could stand there.
        expected: String,
    },
    /// Something else was expected.
    #[error("expected {what}")]
    Expected {
        /// What could stand there.
        what: String,
    },
    /// A field that nobody asks for.
    #[error("there is no such field")]
    UnknownField,
    /// Parts that lie too deep in each other.
    #[error("lies too deep: at most {max} parts in each other are possible")]
    TooDeep {
        /// How deep it may be.
        max: usize,
    },
    /// Two things that cannot go together.
    #[error("{0}")]
    Unfit(&'static str),
}

impl BadDefinition {
    /// Something is wrong with `field`.
    #[must_use]
    pub fn new(field: impl Into<String>, problem: Problem) -> Self {
        Self { field: field.into(), problem }
    }

    /// The same, seen from outside: the field is a part of `whole`.
    #[must_use]
    pub fn within(self, whole: &str) -> Self {
        let dot = if self.field.is_empty() || self.field.starts_with('[') { "" } else { "." };
        Self { field: format!("{whole}{dot}{}", self.field), ..self }
    }
}

/// That `n` is at most `max` and not 0.
///
/// # Errors
/// Names `field`.
pub fn some(field: &str, n: usize, max: usize) -> Result<(), BadDefinition> {
    match n {
        0 => Err(BadDefinition::new(field, Problem::Empty)),
        n if n > max => {
            let problem = Problem::TooMany { n: n as u64, max: max as u64 };
            Err(BadDefinition::new(field, problem))
        }
        _ => Ok(()),
    }
}

/// That `value` is from `min` to `max`.
///
/// # Errors
/// Names `field`.
pub fn between(field: &str, value: f64, (min, max): (f64, f64)) -> Result<(), BadDefinition> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(BadDefinition::new(field, Problem::OutOfRange { value, min, max }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_place() {
        let error = BadDefinition::new("tests", Problem::Empty).within("[1]").within("series");
        assert_eq!(error.to_string(), "series[1].tests: must not be empty");
        let error = between("percentile", 101.0, (0.0, 100.0)).unwrap_err().within("measure");
        assert_eq!(error.to_string(), "measure.percentile: 101 is not from 0 to 100");
        assert_eq!(
            some("groups", 80, 50).unwrap_err().to_string(),
            "groups: 80 are too many, at most 50 are possible"
        );
    }
}
