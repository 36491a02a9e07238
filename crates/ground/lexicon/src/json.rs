//! How is a JSON object carried by those who mostly pass it on?

mod immense;

pub use immense::immense_number;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A JSON object as text, known to be well-formed. Most events are stored without anybody looking
/// into their properties, so the text is parsed by the few who ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Box<str>);

impl Json {
    /// The empty object.
    #[must_use]
    pub fn empty() -> Self {
        Self("{}".into())
    }

    /// The object `map`, as compact text.
    #[must_use]
    pub fn from_map(map: &Map<String, Value>) -> Self {
        Self(serde_json::to_string(map).expect("a map with text keys is JSON").into())
    }

    /// Takes text that a parser has already found to be one JSON object; what the text turns out
    /// not to hold reads as absent.
    #[must_use]
    pub fn from_checked_text(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.len() <= 2
    }

    /// The object, parsed; empty where the text is no object.
    #[must_use]
    pub fn to_map(&self) -> Map<String, Value> {
        if self.is_empty() {
            return Map::new();
        }
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl Default for Json {
    fn default() -> Self {
        Self::empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_map_agree() {
        let json = Json::from_checked_text(r#"{"a":1}"#);
        assert_eq!(Json::from_map(&json.to_map()), json);
        assert!(Json::default().to_map().is_empty());
        assert!(Json::from_checked_text("[1]").to_map().is_empty());
    }
}
