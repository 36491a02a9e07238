//! What did the customer permit, and what not?

use crate::bounds::{evict, shortened};
use crate::latest::Latest;
use crate::loose::{Loose, read_fields};
use base::{SourceId, Timestamp};
use lexicon::{Channel, ConsentState, Event, Purpose};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Answers kept per fragment.
const CONSENTS_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 128;

/// One answer of the customer, the latest for its purpose and channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// What for.
    pub purpose: Purpose,
    /// On which channel.
    pub channel: Channel,
    /// Yes or no.
    pub state: ConsentState,
    /// When the latest event that says so happened.
    pub at: Timestamp,
    /// Where that event came from.
    pub source: SourceId,
    /// The version of the text that was agreed to, where it was given.
    pub text_version: Option<String>,
}

/// An answer; at the same moment no beats yes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Answer {
    state: ConsentState,
    text_version: Option<Box<str>>,
    source: SourceId,
}

/// The answers of one fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Consents(BTreeMap<(Purpose, Channel), Latest<Answer>>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Changed<'a> {
    #[serde(borrow)]
    purpose: Loose<'a>,
    #[serde(borrow)]
    channel: Loose<'a>,
    #[serde(borrow)]
    granted: Loose<'a>,
    #[serde(borrow)]
    text_version: Loose<'a>,
}

impl Changed<'_> {
    fn said(&self, event: &Event) -> Option<((Purpose, Channel), Answer)> {
        let purpose = Purpose::new(shortened(&self.purpose.text()?, NAME_BYTES_MAX))?;
        let channel = self.channel.text().unwrap_or_default();
        let version = self.text_version.text();
        let version = version.map(|version| shortened(&version, NAME_BYTES_MAX).into());
        let answer = Answer::new(self.granted.flag()?, version, event);
        Some(((purpose, Channel::new(shortened(&channel, NAME_BYTES_MAX))), answer))
    }
}

impl Answer {
    fn new(granted: bool, text_version: Option<Box<str>>, event: &Event) -> Self {
        let state = if granted { ConsentState::Granted } else { ConsentState::Denied };
        Self { state, text_version, source: event.source }
    }
}

impl Consents {
    /// Takes a `Consent Changed` event: `purpose`, `granted`, and where given `channel` and
    /// `text_version`. Without a purpose or an answer it says nothing.
    pub(crate) fn absorb_changed(&mut self, event: &Event) {
        let said = read_fields(&event.properties, |text| {
            serde_json::from_str::<Changed<'_>>(text).ok().map(|changed| changed.said(event))
        });
        if let Some((key, answer)) = said.flatten() {
            self.answer(event, key, answer);
        }
    }

    /// Takes `context.consent.categoryPreferences`: each category is a purpose on every channel.
    pub(crate) fn absorb_categories(
        &mut self,
        event: &Event,
        categories: &BTreeMap<Cow<'_, str>, Loose<'_>>,
    ) {
        for (category, answer) in categories {
            let purpose = Purpose::new(shortened(category, NAME_BYTES_MAX));
            if let (Some(purpose), Some(granted)) = (purpose, answer.flag()) {
                self.answer(event, (purpose, Channel::all()), Answer::new(granted, None, event));
            }
        }
    }

    /// Takes that the customer wants no more marketing by e-mail (unsubscribed, or marked as spam).
    pub(crate) fn absorb_objection_to_email(&mut self, event: &Event) {
        let purpose = Purpose::new("marketing").expect("a name that is not blank");
        let key = (purpose, Channel::new("email"));
        self.answer(event, key, Answer::new(false, None, event));
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (key, theirs) in other.0 {
            self.put(key, theirs);
        }
    }

    pub(crate) fn shown(&self) -> Vec<Consent> {
        let shown = self.0.iter().map(|((purpose, channel), latest)| Consent {
            purpose: purpose.clone(),
            channel: channel.clone(),
            state: latest.value.state,
            at: latest.at,
            source: latest.value.source,
            text_version: latest.value.text_version.as_deref().map(Into::into),
        });
        shown.collect()
    }

    fn answer(&mut self, event: &Event, key: (Purpose, Channel), answer: Answer) {
        self.put(key, Latest::new(event.occurred_at, answer));
        evict(&mut self.0, CONSENTS_MAX, |_, latest| latest.at);
    }

    fn put(&mut self, key: (Purpose, Channel), latest: Latest<Answer>) {
        match self.0.get_mut(&key) {
            Some(held) => held.join(latest),
            None => drop(self.0.insert(key, latest)),
        }
    }
}
