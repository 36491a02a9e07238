//! How is a question about behaviour read that is written as the API takes it, outside of HTTP?

use crate::wire::insight as wire;
use crate::wire::insight::funnel::FunnelQuestion;
use crate::wire::insight::retention::RetentionQuestion;
use crate::wire::insight::trend::TrendQuestion;
use base::{Error, ErrorKind};
use insight::{funnel, retention, trend};
use serde::de::DeserializeOwned;
use timeline::FactTest;

/// A funnel: the body of `POST /api/insights/funnel`.
///
/// # Errors
/// `Invalid` where the text is no such question.
pub fn funnel(json: &str) -> Result<funnel::Definition, Error> {
    Ok(read::<FunnelQuestion>(json)?.definition()?)
}

/// Retention: the body of `POST /api/insights/retention`.
///
/// # Errors
/// `Invalid` where the text is no such question.
pub fn retention(json: &str) -> Result<retention::Definition, Error> {
    Ok(read::<RetentionQuestion>(json)?.definition()?)
}

/// A trend: the body of `POST /api/insights/trend`.
///
/// # Errors
/// `Invalid` where the text is no such question.
pub fn trend(json: &str) -> Result<trend::Definition, Error> {
    Ok(read::<TrendQuestion>(json)?.definition()?)
}

/// What a question of any of them says must hold for customers.
///
/// # Errors
/// `Invalid` where the text is no such question.
pub fn who(json: &str) -> Result<Vec<FactTest>, Error> {
    Ok(wire::who(&read::<Whom>(json)?.who)?)
}

/// What all questions have.
#[derive(serde::Deserialize)]
struct Whom {
    #[serde(default)]
    who: Vec<wire::TraitTest>,
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| {
        Error::new(ErrorKind::Invalid, format!("the question is not as expected: {error}"))
    })
}
