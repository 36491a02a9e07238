//! What can be looked at in an event?

use lexicon::Json;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A place in an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The event's name.
    Name,
    /// Which of the six calls it was, by its slug.
    Kind,
    /// The number of the source it came from.
    Source,
    /// A property; steps into objects are parted by dots, a name with dots in it comes first.
    Property(Box<str>),
    /// A part of the context, likewise: `page.path`, `campaign.source`.
    Context(Box<str>),
}

/// What stands there.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A text.
    Text(Box<str>),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
}

impl Scalar {
    /// What `value` comes to; `None` for null, lists and objects: they count as absent.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.as_str().into())),
            Value::Bool(is) => Some(Self::Bool(*is)),
            Value::Number(number) => number.as_f64().filter(|n| n.is_finite()).map(Self::Number),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The value at `path` of a JSON object: the member of that very name, else step by step.
    #[must_use]
    pub fn at(object: &Json, path: &str) -> Option<Self> {
        Self::within(&object.to_map(), path)
    }

    /// The same of an object that was parsed.
    #[must_use]
    pub fn within(map: &Map<String, Value>, path: &str) -> Option<Self> {
        if let Some(value) = map.get(path) {
            return Self::of(value);
        }
        let mut steps = path.split('.');
        let first = map.get(steps.next()?)?;
        let value = steps.try_fold(first, |value, step| match value {
            Value::Object(members) => members.get(step),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })?;
        Self::of(value)
    }

    /// The number, where it is one. A text of digits is no number.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) | Self::Bool(_) => None,
        }
    }

    /// How it is written as a label: texts as they are, numbers in their shortest form (`5`, not
    /// `5.0`), `true` and `false`.
    #[must_use]
    pub fn label(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Bool(is) => Cow::Borrowed(if *is { "true" } else { "false" }),
        }
    }
}

/// Which part of a label is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum View {
    /// All of it.
    #[default]
    Whole,
    /// Of an address: the host, in small letters, without `www.`.
    Host,
    /// Of an address or a path: the path, without query and fragment.
    Path,
}

impl View {
    /// What of `text` is looked at; empty where that part is not there.
    #[must_use]
    pub fn of(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Whole => Cow::Borrowed(text),
            Self::Host => Cow::Owned(host(text)),
            Self::Path => Cow::Borrowed(path(text)),
        }
    }
}

fn host(text: &str) -> String {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_lowercase();
    host.strip_prefix("www.").map(str::to_owned).unwrap_or(host)
}

fn path(text: &str) -> &str {
    let rest = match text.split_once("://") {
        Some((_, rest)) => rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]),
        None => text,
    };
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty() { "/" } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, path: &str, label: Option<&str>) {
        let json = Json::from_checked_text(json);
        let scalar = Scalar::at(&json, path);
        assert_eq!(scalar.as_ref().map(Scalar::label).as_deref(), label, "{path} of {json:?}");
    }

    #[test]
    fn a_path_steps_into_objects_and_lists() {
        check(r#"{"a":{"b":5.0}}"#, "a.b", Some("5"));
        check(r#"{"a.b":true,"a":{"b":1}}"#, "a.b", Some("true"));
        check(r#"{"items":[{"sku":"x"}]}"#, "items.0.sku", Some("x"));
        check(r#"{"items":[1]}"#, "items", None);
        check(r#"{"a":null}"#, "a", None);
        check(r#"{"a":"5"}"#, "b", None);
    }

    #[test]
    fn a_text_of_digits_is_no_number() {
        assert_eq!(Scalar::Text("5".into()).number(), None);
        assert_eq!(Scalar::Number(5.5).number(), Some(5.5));
    }

    #[test]
    fn addresses_have_hosts_and_paths() {
        let url = "https://www.Example.com:8080/a/b?c=d#e";
        assert_eq!(View::Host.of(url), "example.com");
        assert_eq!(View::Path.of(url), "/a/b");
        assert_eq!(View::Path.of("/a?b"), "/a");
        assert_eq!(View::Path.of("https://example.com"), "/");
        assert_eq!(View::Host.of("example.com/a"), "example.com");
    }
}
