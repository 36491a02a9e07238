//! How is JSON written as text, straight from cells?

use crate::decimal::Decimal;
use std::fmt::Write;

/// Writes one JSON object, member by member.
pub(crate) struct ObjectText {
    text: String,
}

impl ObjectText {
    /// An object without members.
    pub(crate) fn new() -> Self {
        Self { text: String::from("{") }
    }

    /// Whether no member was written.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.len() == 1
    }

    fn key(&mut self, key: &str) {
        if !self.is_empty() {
            self.text.push(',');
        }
        push_quoted(&mut self.text, key);
        self.text.push(':');
    }

    /// Adds a text.
    pub(crate) fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        push_quoted(&mut self.text, value);
    }

    /// Adds a number.
    pub(crate) fn number(&mut self, key: &str, value: Decimal) {
        self.key(key);
        let _ = write!(self.text, "{value}");
    }

    /// Adds what is JSON already.
    pub(crate) fn json(&mut self, key: &str, json: &str) {
        self.key(key);
        self.text.push_str(json);
    }

    /// The object.
    pub(crate) fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }
}

/// Appends `text` as a JSON string.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    let plain = text.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\');
    if plain {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::to_string(text).expect("a text is always JSON"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_is_written_reads_back(key in "\\PC*", value in any::<String>()) {
            let mut object = ObjectText::new();
            object.text(&key, &value);
            let read: serde_json::Value = serde_json::from_str(&object.finish()).unwrap();
            prop_assert_eq!(read[&key].as_str(), Some(value.as_str()));
        }
    }
}
