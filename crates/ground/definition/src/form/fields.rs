//! Which fields does an object have, and which that it should not have?

use crate::error::{BadDefinition, Problem};
use serde_json::{Map, Value};
use std::cell::RefCell;

/// The fields of an object, and which of them were read.
pub(super) struct Fields<'v> {
    map: &'v Map<String, Value>,
    path: String,
    seen: RefCell<Vec<&'static str>>,
}

/// What was expected at a path.
pub(super) fn expected(path: &str, what: &str) -> BadDefinition {
    BadDefinition::new(path, Problem::Expected { what: what.to_owned() })
}

impl<'v> Fields<'v> {
    pub(super) fn of(value: &'v Value, path: &str) -> Result<Self, BadDefinition> {
        let map = value.as_object().ok_or_else(|| expected(path, "an object"))?;
        Ok(Self { map, path: path.to_owned(), seen: RefCell::default() })
    }

    /// The path to a field.
    pub(super) fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// A field that may be missing or null.
    pub(super) fn maybe(&self, name: &'static str) -> Option<&'v Value> {
        self.seen.borrow_mut().push(name);
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn get(&self, name: &'static str) -> Result<&'v Value, BadDefinition> {
        self.maybe(name).ok_or_else(|| BadDefinition::new(self.path(name), Problem::Empty))
    }

    pub(super) fn text(&self, name: &'static str) -> Result<&'v str, BadDefinition> {
        self.get(name)?.as_str().ok_or_else(|| expected(&self.path(name), "a text"))
    }

    pub(super) fn number(&self, name: &'static str) -> Result<f64, BadDefinition> {
        self.get(name)?.as_f64().ok_or_else(|| expected(&self.path(name), "a number"))
    }

    pub(super) fn whole(&self, name: &'static str) -> Result<u32, BadDefinition> {
        let number = self.get(name)?.as_u64().and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| expected(&self.path(name), "a whole number"))
    }

    /// Whether a flag stands; it does not where it is missing.
    pub(super) fn flag(&self, name: &'static str) -> Result<bool, BadDefinition> {
        let wrong = || expected(&self.path(name), "true or false");
        self.maybe(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(wrong))
    }

    /// A list, empty where it is missing.
    pub(super) fn list(&self, name: &'static str) -> Result<&'v [Value], BadDefinition> {
        let wrong = || expected(&self.path(name), "a list");
        self.maybe(name)
            .map_or(Ok(&[]), |value| value.as_array().map(Vec::as_slice).ok_or_else(wrong))
    }

    /// A list of texts.
    pub(super) fn texts(&self, name: &'static str) -> Result<Vec<Box<str>>, BadDefinition> {
        let text = |(k, value): (usize, &Value)| {
            let path = || format!("{}[{k}]", self.path(name));
            value.as_str().map(Into::into).ok_or_else(|| expected(&path(), "a text"))
        };
        self.list(name)?.iter().enumerate().map(text).collect()
    }

    /// A text that is read as something else.
    pub(super) fn read<T>(
        &self,
        name: &'static str,
        what: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, BadDefinition> {
        read(self.text(name)?).ok_or_else(|| expected(&self.path(name), what))
    }

    /// That every field was read.
    pub(super) fn done(&self) -> Result<(), BadDefinition> {
        let seen = self.seen.borrow();
        match self.map.keys().find(|name| !seen.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(BadDefinition::new(self.path(name), Problem::UnknownField)),
        }
    }
}
