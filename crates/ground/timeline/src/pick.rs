//! How are a few values got out of a JSON text without building all of it?
//!
//! The same answers as [`Scalar::at`](crate::Scalar::at), for whoever asks the same paths of
//! millions of texts: most texts have none of the paths and are passed over by a search for the
//! first steps alone.

use crate::field::Scalar;
use memchr::memmem::Finder;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// What stands at a path, as it lies in the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Picked<'t> {
    /// A text.
    Text(Cow<'t, str>),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
}

impl Picked<'_> {
    /// The same, kept.
    #[must_use]
    pub fn scalar(&self) -> Scalar {
        match self {
            Self::Text(text) => Scalar::Text(text.as_ref().into()),
            Self::Number(number) => Scalar::Number(*number),
            Self::Bool(is) => Scalar::Bool(*is),
        }
    }

    /// See [`Scalar::number`].
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) | Self::Bool(_) => None,
        }
    }

    /// See [`Scalar::label`].
    #[must_use]
    pub fn label(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Bool(is) => Cow::Borrowed(if *is { "true" } else { "false" }),
        }
    }
}

/// Paths that are asked of many JSON objects.
#[derive(Debug)]
pub struct Picker {
    root: Node,
    needles: Vec<Finder<'static>>,
    n_paths: usize,
}

/// A step of some paths.
#[derive(Debug, Default)]
struct Node {
    children: Vec<Child>,
    /// Paths that end here.
    ends: Vec<usize>,
    /// Paths that end here or below.
    all: Vec<usize>,
    /// Paths that end here because a member bears the whole path as its name.
    named: Vec<usize>,
}

#[derive(Debug)]
struct Child {
    step: Box<str>,
    /// The step as a place in a list.
    index: Option<usize>,
    node: Node,
}

impl Picker {
    /// A picker of `paths`, each as in [`Scalar::at`].
    #[must_use]
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut picker = Self { root: Node::default(), needles: Vec::new(), n_paths: 0 };
        let mut firsts: Vec<&str> = Vec::new();
        for (number, path) in paths.into_iter().enumerate() {
            picker.n_paths = number + 1;
            let mut steps = path.split('.');
            let mut node = &mut picker.root;
            for step in path.split('.') {
                node = node.child(step);
                node.all.push(number);
            }
            node.ends.push(number);
            if path.contains('.') {
                picker.root.child(path).named.push(number);
            }
            firsts.extend(steps.next());
        }
        firsts.sort_unstable();
        firsts.dedup();
        let needle = |first: &str| Finder::new(&format!("\"{first}")).into_owned();
        picker.needles = firsts.into_iter().map(needle).collect();
        picker
    }

    /// Puts what stands at each path into `found`, in the order of the paths; `None` for what
    /// counts as absent.
    pub fn pick<'t>(&self, text: &'t str, found: &mut Vec<Option<Picked<'t>>>) {
        found.clear();
        found.resize(self.n_paths, None);
        let bytes = text.as_bytes();
        // A name may be written with escapes; a text that has any is read.
        let may_hold = self.needles.iter().any(|needle| needle.find(bytes).is_some())
            || memchr::memchr(b'\\', bytes).is_some();
        if !may_hold {
            return;
        }
        let mut named = vec![false; if self.has_named() { self.n_paths } else { 0 }];
        let mut parser = serde_json::Deserializer::from_str(text);
        let into = Finds { found, named: &mut named };
        let whole = parser.deserialize_map(Members { node: &self.root, into });
        if whole.and_then(|()| parser.end()).is_err() {
            found.fill(None);
        }
    }

    fn has_named(&self) -> bool {
        self.root.children.iter().any(|child| !child.node.named.is_empty())
    }
}

impl Node {
    fn child(&mut self, step: &str) -> &mut Self {
        let place = self.children.iter().position(|child| *child.step == *step);
        let place = place.unwrap_or_else(|| {
            let (step, index) = (step.into(), step.parse().ok());
            self.children.push(Child { step, index, node: Self::default() });
            self.children.len() - 1
        });
        &mut self.children[place].node
    }
}

/// Where finds go.
struct Finds<'i, 't> {
    found: &'i mut [Option<Picked<'t>>],
    /// Paths that were found as the name of a member; empty where no path could be.
    named: &'i mut [bool],
}

impl<'t> Finds<'_, 't> {
    fn again(&mut self) -> Finds<'_, 't> {
        Finds { found: self.found, named: self.named }
    }

    /// What a name stands for begins: the last of several members of one name counts.
    fn begin(&mut self, node: &Node) {
        for &path in &node.all {
            if !self.is_named(path) {
                self.found[path] = None;
            }
        }
        for &path in &node.named {
            self.named[path] = true;
            self.found[path] = None;
        }
    }

    fn put(&mut self, node: &Node, value: &Picked<'t>) {
        for &path in &node.ends {
            if !self.is_named(path) {
                self.found[path] = Some(value.clone());
            }
        }
        for &path in &node.named {
            self.found[path] = Some(value.clone());
        }
    }

    fn is_named(&self, path: usize) -> bool {
        self.named.get(path).copied().unwrap_or(false)
    }
}

/// Goes through the members of an object.
struct Members<'n, 'i, 't> {
    node: &'n Node,
    into: Finds<'i, 't>,
}

impl<'de> Visitor<'de> for Members<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(child) = members.next_key_seed(Name(self.node))? {
            match child {
                Some(Child { node, .. }) => {
                    self.into.begin(node);
                    members.next_value_seed(At { node, into: self.into.again() })?;
                }
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// Finds the child that a member's name leads to.
struct Name<'n>(&'n Node);

impl<'de, 'n> DeserializeSeed<'de> for Name<'n> {
    type Value = Option<&'n Child>;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<Self::Value, D::Error> {
        name.deserialize_str(self)
    }
}

impl<'n> Visitor<'_> for Name<'n> {
    type Value = Option<&'n Child>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.children.iter().find(|child| *child.step == *name))
    }
}

/// Takes the value that a step leads to.
struct At<'n, 'i, 't> {
    node: &'n Node,
    into: Finds<'i, 't>,
}

impl<'de> DeserializeSeed<'de> for At<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(mut self, is: bool) -> Result<(), E> {
        self.into.put(self.node, &Picked::Bool(is));
        Ok(())
    }

    fn visit_f64<E>(mut self, number: f64) -> Result<(), E> {
        if number.is_finite() {
            self.into.put(self.node, &Picked::Number(number));
        }
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_borrowed_str<E>(mut self, text: &'de str) -> Result<(), E> {
        self.into.put(self.node, &Picked::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E>(mut self, text: &str) -> Result<(), E> {
        self.into.put(self.node, &Picked::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        Members { node: self.node, into: self.into }.visit_map(members)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        for index in 0.. {
            let child = self.node.children.iter().find(|child| child.index == Some(index));
            let is_there = match child {
                Some(Child { node, .. }) => {
                    let at = At { node, into: self.into.again() };
                    items.next_element_seed(at)?.is_some()
                }
                None => items.next_element::<IgnoredAny>()?.is_some(),
            };
            if !is_there {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lexicon::Json;
    use proptest::prelude::*;

    const PATHS: [&str; 9] = ["a", "a.b", "b", "a.b.c", "c", "a.0", "b.1.a", "a.é", "b.c"];

    fn check(text: &str) {
        let picker = Picker::new(PATHS);
        let mut found = Vec::new();
        picker.pick(text, &mut found);
        let json = Json::from_checked_text(text);
        for (path, found) in PATHS.iter().zip(&found) {
            let scalar = Scalar::at(&json, path);
            assert_eq!(found.as_ref().map(Picked::scalar), scalar, "{path} of {text}");
        }
    }

    #[test]
    fn odd_texts_are_read_alike() {
        check(r#"{"a":{"b":1},"a":5}"#);
        check(r#"{"a":5,"a":{"b":1}}"#);
        check(r#"{"a.b":null,"a":{"b":1}}"#);
        check(r#"{"a":{"b":1},"a.b":2,"a":{"b":3}}"#);
        check(r#"{"a.b":2,"a.b":{},"a":{"b":3}}"#);
        check(r#"{"a":[1,2],"b":[0,{"a":true}]}"#);
        check(r#"{"a":{"é":"ü"}}"#);
        check("{\"\\u0061\":1,\"b\":\"\\u00e9\\n\"}");
        check(r#" {"a": 1.50, "b": 18446744073709551615, "c": -3} "#);
        check(r#"{"a":1,"b":}"#);
        check(r#"{"a":1} {"a":2}"#);
        check(r#"["a"]"#);
        check(r#""a""#);
        check("");
        check("{}");
    }

    fn value() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("\"a\"".to_owned()),
            Just("\"x\\\"y\"".to_owned()),
            any::<i32>().prop_map(|n| n.to_string()),
            (-1e9..1e9).prop_map(|n: f64| n.to_string()),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let name = prop::sample::select(vec!["a", "b", "c", "a.b", "b.c", "é", "0", "d"]);
            let member = (name, inner.clone()).prop_map(|(name, value)| format!("{name:?}:{value}"));
            prop_oneof![
                2 => prop::collection::vec(member, 0..5).prop_map(|m| format!("{{{}}}", m.join(","))),
                1 => prop::collection::vec(inner, 0..3).prop_map(|i| format!("[{}]", i.join(","))),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_picker_reads_as_the_plain_way_does(text in value()) {
            check(&text);
        }
    }
}
