//! How does a profile become bytes, and what do bytes of earlier versions mean?
//!
//! Version 2: a version byte, then postcard. One event says many things at once, so each fragment
//! has a table of the events that are evidence for anything in it, and values and answers name
//! their events by their place in the table. Most message ids are UUIDs and take 16 bytes.

#[cfg(test)]
mod tests;
#[cfg(test)]
mod told;
mod v1;
mod v2;

use crate::DecodeError;
use crate::fragment::Fragment;
use crate::fragments::Fragments;
use base::IdentifierId;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// The version that is written; every older one is read.
const VERSION: u8 = 2;

/// The bytes to be stored.
pub(crate) fn encode(fragments: &Fragments) -> Vec<u8> {
    let bytes = Vec::with_capacity(512);
    let bytes = postcard::to_extend(&VERSION, bytes).expect("a vector takes every byte");
    postcard::to_extend(&Written(fragments), bytes).expect("a vector takes every byte")
}

/// Reads bytes of any version.
pub(crate) fn decode(bytes: &[u8]) -> Result<Fragments, DecodeError> {
    let (&version, body) = bytes.split_first().ok_or(DecodeError::Empty)?;
    match version {
        1 => whole::<v1::FragmentRead>(body),
        VERSION => whole::<v2::FragmentRead<'_>>(body),
        found => Err(DecodeError::UnknownVersion { found, newest: VERSION }),
    }
}

/// Fragments by their identifiers, each read as a `Read`.
fn whole<'a, Read>(body: &'a [u8]) -> Result<Fragments, DecodeError>
where
    Read: Deserialize<'a> + TryInto<Fragment, Error = Inconsistent>,
{
    let (whole, rest): (Whole<Read>, &[u8]) =
        postcard::take_from_bytes(body).map_err(|source| DecodeError::Damaged { source })?;
    if !rest.is_empty() {
        return Err(DecodeError::Trailing { n_bytes: rest.len() });
    }
    Ok(Fragments(whole.fragments))
}

/// A value names an event that is not in the table, or there are more values than traits have.
struct Inconsistent;

/// Fragments that are put where they belong as soon as they are read: a fragment is large to carry
/// about.
struct Whole<Read> {
    fragments: BTreeMap<IdentifierId, Fragment>,
    read_as: PhantomData<Read>,
}

impl<'de, Read> Deserialize<'de> for Whole<Read>
where
    Read: Deserialize<'de> + TryInto<Fragment, Error = Inconsistent>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let empty = Self { fragments: BTreeMap::new(), read_as: PhantomData };
        deserializer.deserialize_seq(empty)
    }
}

impl<'de, Read> Visitor<'de> for Whole<Read>
where
    Read: Deserialize<'de> + TryInto<Fragment, Error = Inconsistent>,
{
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fragments by their identifiers")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Self, A::Error> {
        while let Some((identifier, read)) = seq.next_element::<(IdentifierId, Read)>()? {
            let fragment = read.try_into().map_err(|Inconsistent| {
                A::Error::custom("the parts of a fragment do not belong together")
            })?;
            self.fragments.insert(identifier, fragment);
        }
        Ok(self)
    }
}

struct Written<'a>(&'a Fragments);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let each = self.0.0.iter().map(|(id, fragment)| (id, v2::FragmentWritten::of(fragment)));
        serializer.collect_seq(each)
    }
}
