//! How is a body taken apart into what is common and the events, in one pass and without
//! recursion?

use super::ITEMS_MAX;
use crate::fields::{Fields, Key};
use crate::refused::Refused;
use crate::route::Call;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// A body: the fields around the events, and the events.
#[derive(Debug, Default)]
pub(super) struct Envelope<'a> {
    /// Everything but `batch`.
    pub fields: Fields<'a>,
    /// The events, as many as are kept.
    pub items: Vec<&'a RawValue>,
    /// How many there were.
    pub n_items: usize,
    /// Whether the body is the event.
    pub is_single: bool,
}

impl<'a> Envelope<'a> {
    /// Takes `text` apart as `call` wants it: a single event is its own envelope.
    pub(super) fn read(text: &'a str, call: &Call) -> Result<Self, Refused> {
        let text = text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        if text.is_empty() {
            return Err(
                Refused::invalid("empty_body", "the body is empty").with_hint("send a JSON object")
            );
        }
        let form = Form::of(text, call);
        let Some(form) = form else {
            return Err(wrong_shape(text, call));
        };
        if form == Form::One {
            return Self::one(text);
        }
        let batch: Batch<'a> = serde_json::from_str(text).map_err(|error| complain(&error))?;
        match (batch.items, call) {
            (Some(items), _) => {
                let (fields, n_items) = (batch.fields, items.n);
                Ok(Self { fields, items: items.kept, n_items, is_single: false })
            }
            (None, Call::Capture) => Self::one(text),
            (None, _) => Err(Refused::invalid("missing", "the field batch is missing")
                .at("batch")
                .with_hint("send {\"batch\":[…]} with a list of events")),
        }
    }

    /// The first event.
    pub(super) fn first(&self) -> Option<&'a RawValue> {
        self.items.first().copied()
    }

    fn one(text: &'a str) -> Result<Self, Refused> {
        let event: &RawValue = serde_json::from_str(text).map_err(|error| Refused::json(&error))?;
        let fields = Fields::read(event.get()).map_err(|error| Refused::json(&error))?;
        Ok(Self { fields, items: vec![event], n_items: 1, is_single: true })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One event.
    One,
    /// An object with `batch`, or a bare list.
    Several,
}

impl Form {
    fn of(text: &str, call: &Call) -> Option<Self> {
        match (text.as_bytes().first()?, call) {
            (b'{', Call::Single(_) | Call::Typed) => Some(Self::One),
            (b'{' | b'[', Call::Batch | Call::Capture) => Some(Self::Several),
            _ => None,
        }
    }
}

fn wrong_shape(text: &str, call: &Call) -> Refused {
    match serde_json::from_str::<&RawValue>(text) {
        Err(error) => Refused::json(&error),
        Ok(raw) => {
            let expected = match call {
                Call::Single(_) | Call::Typed => "an object",
                _ => "an object with a batch, or an array",
            };
            let found = crate::fields::what(raw);
            Refused::invalid("wrong_type", format!("the body must be {expected}, but is {found}"))
        }
    }
}

fn complain(error: &serde_json::Error) -> Refused {
    if error.is_data() {
        return Refused::invalid("wrong_type", "batch must be an array of events").at("batch");
    }
    Refused::json(error)
}

#[derive(Default)]
struct Batch<'a> {
    fields: Fields<'a>,
    items: Option<Items<'a>>,
}

#[derive(Default)]
struct Items<'a> {
    kept: Vec<&'a RawValue>,
    n: usize,
}

impl<'a> Items<'a> {
    fn read<A: SeqAccess<'a>>(mut seq: A) -> Result<Self, A::Error> {
        let mut items = Self::default();
        while items.kept.len() < ITEMS_MAX {
            let Some(item) = seq.next_element::<&'a RawValue>()? else {
                break;
            };
            items.kept.push(item);
        }
        items.n = items.kept.len();
        while seq.next_element::<IgnoredAny>()?.is_some() {
            items.n += 1;
        }
        Ok(items)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Batch<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BatchVisitor)
    }
}

struct BatchVisitor;

impl<'de> Visitor<'de> for BatchVisitor {
    type Value = Batch<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a batch, or an array of events")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Batch<'de>, A::Error> {
        let mut batch = Batch::default();
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            if key == "batch" {
                batch.items = map.next_value::<MaybeItems<'de>>()?.0;
            } else {
                batch.fields.0.push((key, map.next_value::<&'de RawValue>()?));
            }
        }
        Ok(batch)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Batch<'de>, A::Error> {
        Ok(Batch { fields: Fields::default(), items: Some(Items::read(seq)?) })
    }
}

/// The value of `batch`: a list; `null` is as good as absent.
struct MaybeItems<'a>(Option<Items<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for MaybeItems<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemsVisitor)
    }
}

struct ItemsVisitor;

impl<'de> Visitor<'de> for ItemsVisitor {
    type Value = MaybeItems<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_unit<E>(self) -> Result<MaybeItems<'de>, E> {
        Ok(MaybeItems(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<MaybeItems<'de>, A::Error> {
        Items::read(seq).map(|items| MaybeItems(Some(items)))
    }
}
