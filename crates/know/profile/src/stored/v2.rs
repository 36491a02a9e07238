//! How is a fragment written?

use super::Inconsistent;
use crate::accounts::Accounts;
use crate::circumstances::Circumstances;
use crate::confirmed::{Address, Confirmed};
use crate::consents::{Answer, Answers, Consents};
use crate::counts::Counts;
use crate::fragment::Fragment;
use crate::message_id::MessageId;
use crate::messages::Messages;
use crate::orders::Orders;
use crate::origin::{Origin, Span};
use crate::sayings::{Saying, Sayings};
use crate::traits::{Once, Traits};
use crate::view::Certainty;
use base::{SourceId, Timestamp};
use lexicon::{Channel, ConsentAct, Purpose};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An event's place in the table of a fragment.
type Place = u32;

/// Microseconds since the event before it in the table (the first: since 1970), source, id.
type EventStored<M> = (i64, SourceId, M);

/// What was said once is stored with one event, the rest with the first, the last and the number.
#[derive(Serialize, Deserialize)]
enum SpanStored {
    Once(Place),
    Often { first: Place, last: Place, n: u64 },
}

/// Value, events.
type SayingStored<T> = (Option<T>, SpanStored);
/// Name of a trait, number of its values in the list of all values, number of what fell out.
type TraitStored<T> = (T, u32, u64);
/// Act, whether it was said along with other events, version of the text, events.
type AnswerStored<T> = (ConsentAct, bool, Option<T>, SpanStored);
type AnswersStored<T> = (Vec<AnswerStored<T>>, u64);

#[derive(Serialize)]
pub(super) struct FragmentWritten<'a> {
    certainty: Certainty,
    first_seen: Timestamp,
    last_seen: Timestamp,
    n_events: u64,
    counts: &'a Counts,
    events: Vec<EventStored<&'a MessageId>>,
    set: Vec<TraitStored<&'a str>>,
    /// The values of all traits, in the order of `set`.
    said: Vec<SayingStored<&'a str>>,
    once: Vec<(&'a str, &'a str, Place)>,
    confirmed: Vec<(bool, &'a str, Place)>,
    circumstances: &'a Circumstances,
    consents: Vec<((&'a Purpose, &'a Channel), AnswersStored<&'a str>)>,
    accounts: &'a Accounts,
    orders: &'a Orders,
    messages: &'a Messages,
}

#[derive(Deserialize)]
pub(super) struct FragmentRead<'a> {
    certainty: Certainty,
    first_seen: Timestamp,
    last_seen: Timestamp,
    n_events: u64,
    counts: Counts,
    events: Vec<EventStored<MessageId>>,
    #[serde(borrow)]
    set: Vec<TraitStored<&'a str>>,
    #[serde(borrow)]
    said: Vec<SayingStored<&'a str>>,
    #[serde(borrow)]
    once: Vec<(&'a str, &'a str, Place)>,
    #[serde(borrow)]
    confirmed: Vec<(bool, &'a str, Place)>,
    circumstances: Circumstances,
    #[serde(borrow)]
    consents: Vec<((Purpose, Channel), AnswersStored<&'a str>)>,
    accounts: Accounts,
    orders: Orders,
    messages: Messages,
}

/// The events that are evidence for anything, in the order of their time.
///
/// Nearly everything that one event says shares one origin in memory, so that most are told apart
/// by where they are; few are left to be compared.
struct Table<'a> {
    /// Distinct by where they are in memory, in no order, each with its place.
    found: Vec<(&'a Origin, Place)>,
    /// Distinct by content, ascending.
    sorted: Vec<&'a Origin>,
}

impl<'a> Table<'a> {
    fn of(fragment: &'a Fragment) -> Self {
        let mut table = Self { found: Vec::with_capacity(8), sorted: Vec::new() };
        let traits = &fragment.traits;
        for saying in traits.set.values().flat_map(|sayings| &sayings.said) {
            table.find_ends(&saying.span);
        }
        for answer in fragment.consents.0.values().flat_map(|answers| &answers.said) {
            table.find_ends(&answer.span);
        }
        traits.once.values().for_each(|once| table.find(&once.origin));
        traits.confirmed.0.values().for_each(|origin| table.find(origin));
        table.sort();
        table
    }

    fn find_ends(&mut self, span: &'a Span) {
        self.find(&span.last);
        if span.n > 1 {
            self.find(&span.first);
        }
    }

    fn find(&mut self, origin: &'a Origin) {
        if !self.found.iter().any(|(found, _)| std::ptr::eq(*found, origin)) {
            self.found.push((origin, 0));
        }
    }

    fn sort(&mut self) {
        self.sorted = self.found.iter().map(|(origin, _)| *origin).collect();
        self.sorted.sort_unstable();
        self.sorted.dedup();
        for (origin, place) in &mut self.found {
            let found = self.sorted.binary_search(origin).expect("every event was sorted in");
            *place = Place::try_from(found).expect("the bounds of a profile are far below that");
        }
    }

    fn place(&self, origin: &Origin) -> Place {
        let found = self.found.iter().find(|(found, _)| std::ptr::eq(*found, origin));
        found.expect("every event was found").1
    }

    fn span(&self, span: &Span) -> SpanStored {
        let last = self.place(&span.last);
        match span.n {
            1 => SpanStored::Once(last),
            n => SpanStored::Often { first: self.place(&span.first), last, n },
        }
    }

    fn answers(&self, answers: &'a Answers) -> AnswersStored<&'a str> {
        let said = answers.said.iter().map(|answer| {
            let text = answer.text_version.as_deref();
            (answer.act, answer.is_along, text, self.span(&answer.span))
        });
        (said.collect(), answers.n_fallen)
    }

    fn stored(&self) -> Vec<EventStored<&'a MessageId>> {
        let mut before = 0;
        let stored = self.sorted.iter().map(|origin| {
            let passed = origin.at.0.wrapping_sub(before);
            before = origin.at.0;
            (passed, origin.source, &origin.message_id)
        });
        stored.collect()
    }
}

impl<'a> FragmentWritten<'a> {
    pub(super) fn of(fragment: &'a Fragment) -> Self {
        let table = Table::of(fragment);
        let traits = &fragment.traits;
        let set = traits.set.iter().map(|(name, sayings)| {
            let n_said = u32::try_from(sayings.said.len());
            (&**name, n_said.expect("the bounds of a trait are far below that"), sayings.n_fallen)
        });
        let said = traits.set.values().flat_map(|sayings| &sayings.said);
        let said = said.map(|saying| (saying.value.as_deref(), table.span(&saying.span)));
        let once = traits
            .once
            .iter()
            .map(|(name, once)| (&**name, &*once.value, table.place(&once.origin)));
        let confirmed = traits.confirmed.0.iter().map(|((address, value), origin)| {
            (*address == Address::Phone, &**value, table.place(origin))
        });
        let consents = fragment
            .consents
            .0
            .iter()
            .map(|((purpose, channel), answers)| ((purpose, channel), table.answers(answers)));
        Self {
            certainty: fragment.certainty,
            first_seen: fragment.first_seen,
            last_seen: fragment.last_seen,
            n_events: fragment.n_events,
            counts: &fragment.counts,
            set: set.collect(),
            said: said.collect(),
            once: once.collect(),
            confirmed: confirmed.collect(),
            circumstances: &fragment.circumstances,
            consents: consents.collect(),
            accounts: &fragment.accounts,
            orders: &fragment.orders,
            messages: &fragment.messages,
            events: table.stored(),
        }
    }
}

/// The events of a table that was read.
struct Events(Vec<Arc<Origin>>);

impl Events {
    fn of(stored: Vec<EventStored<MessageId>>) -> Self {
        let mut before = 0_i64;
        let events = stored.into_iter().map(|(passed, source, message_id)| {
            before = before.wrapping_add(passed);
            Arc::new(Origin { at: Timestamp(before), source, message_id })
        });
        Self(events.collect())
    }

    fn at(&self, place: Place) -> Result<Arc<Origin>, Inconsistent> {
        self.0.get(place as usize).cloned().ok_or(Inconsistent)
    }

    fn span(&self, stored: &SpanStored) -> Result<Span, Inconsistent> {
        match *stored {
            SpanStored::Once(place) => Ok(Span::once(self.at(place)?)),
            SpanStored::Often { first, last, n } => {
                Ok(Span { first: self.at(first)?, last: self.at(last)?, n })
            }
        }
    }

    /// The traits, each with the next of all values.
    fn traits(
        &self,
        set: Vec<TraitStored<&str>>,
        said: Vec<SayingStored<&str>>,
    ) -> Result<BTreeMap<Box<str>, Sayings>, Inconsistent> {
        let mut said = said.into_iter();
        let mut saying = || {
            let (value, span) = said.next().ok_or(Inconsistent)?;
            Ok(Saying { value: value.map(Into::into), span: self.span(&span)? })
        };
        let mut traits = BTreeMap::new();
        for (name, n_said, n_fallen) in set {
            let said = (0..n_said).map(|_| saying()).collect::<Result<_, _>>()?;
            traits.insert(name.into(), Sayings { said, n_fallen });
        }
        if said.next().is_some() { Err(Inconsistent) } else { Ok(traits) }
    }

    fn answers(&self, (said, n_fallen): AnswersStored<&str>) -> Result<Answers, Inconsistent> {
        let answer = |(act, is_along, text, span): AnswerStored<&str>| {
            let text_version = text.map(Into::into);
            Ok(Answer { act, is_along, text_version, span: self.span(&span)? })
        };
        let said = said.into_iter().map(answer).collect::<Result<_, _>>()?;
        Ok(Answers { said, n_fallen })
    }
}

impl TryFrom<FragmentRead<'_>> for Fragment {
    type Error = Inconsistent;

    fn try_from(read: FragmentRead<'_>) -> Result<Self, Inconsistent> {
        let events = Events::of(read.events);
        let once = read.once.into_iter().map(|(name, value, place)| {
            Ok((name.into(), Once { value: value.into(), origin: events.at(place)? }))
        });
        let confirmed = read.confirmed.into_iter().map(|(is_phone, value, place)| {
            let address = if is_phone { Address::Phone } else { Address::Email };
            Ok(((address, value.into()), events.at(place)?))
        });
        let consents = read.consents.into_iter();
        let consents = consents.map(|(key, said)| Ok((key, events.answers(said)?)));
        Ok(Self {
            certainty: read.certainty,
            first_seen: read.first_seen,
            last_seen: read.last_seen,
            n_events: read.n_events,
            counts: read.counts,
            traits: Traits {
                set: events.traits(read.set, read.said)?,
                once: once.collect::<Result<_, Inconsistent>>()?,
                confirmed: Confirmed(confirmed.collect::<Result<_, Inconsistent>>()?),
            },
            circumstances: read.circumstances,
            consents: Consents(consents.collect::<Result<_, Inconsistent>>()?),
            accounts: read.accounts,
            orders: read.orders,
            messages: read.messages,
        })
    }
}
