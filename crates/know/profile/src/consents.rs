//! What did the customer permit, and what not?
//!
//! Every answer is kept with the event that is its evidence; what they permit now follows from the
//! answers in the order of their time ([`standing`]).

mod standing;

pub use standing::{Consent, ConsentChange};

use crate::bounds::{evict, shortened};
use crate::loose::{Loose, read_fields};
use crate::origin::{Span, Telling};
use base::{Limits, Timestamp};
use lexicon::{Channel, ConsentAct, Purpose};
use serde::Deserialize;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Purposes and channels with answers that are kept per fragment.
const CONSENTS_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 128;

/// One answer: an act of its own, or what was said along with other events again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) act: ConsentAct,
    /// Whether it was said along with events about something else, which say it over and over.
    pub(crate) is_along: bool,
    /// The version of the text that was agreed to, where it was given.
    pub(crate) text_version: Option<Box<str>>,
    pub(crate) span: Span,
}

impl Answer {
    /// What was said later counts for more; ties are broken by content.
    fn rank(&self) -> impl Ord {
        let last = &self.span.last;
        (last.at, self.act, last, self.is_along, self.text_version.as_deref())
    }

    /// Whether `other` is the same, said again: what was said along by the same source.
    fn is_repeated_by(&self, other: &Self) -> bool {
        self.is_along
            && other.is_along
            && self.act == other.act
            && self.span.last.source == other.span.last.source
    }
}

/// The answers for one purpose and channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    /// The latest first; never empty once something was said.
    pub(crate) said: Vec<Answer>,
    /// How many times something was said that is no longer kept.
    pub(crate) n_fallen: u64,
}

impl Answers {
    fn put(&mut self, answer: Answer) {
        match self.said.iter_mut().find(|held| held.is_repeated_by(&answer)) {
            Some(held) => held.span.join(answer.span),
            None => self.said.push(answer),
        }
        self.said.sort_by(|a, b| b.rank().cmp(&a.rank()));
    }

    fn last_at(&self) -> Timestamp {
        self.said.first().map_or(Timestamp(i64::MIN), |answer| answer.span.last.at)
    }

    /// Keeps the latest, and the latest withdrawal however old: without it, a confirmation that
    /// came too late would count.
    fn bound(&mut self, limits: &Limits) {
        let n_max = limits.answers_per_consent_max.max(1);
        if self.said.len() <= n_max {
            return;
        }
        let withdrawal = self.said.iter().position(|a| a.act == ConsentAct::Withdrawn);
        let mut place = 0;
        self.said.retain(|answer| {
            let stays = place < n_max || Some(place) == withdrawal;
            place += 1;
            if !stays {
                self.n_fallen = self.n_fallen.saturating_add(answer.span.n);
            }
            stays
        });
    }
}

/// The answers of one fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Consents(pub(crate) BTreeMap<(Purpose, Channel), Answers>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields<'a> {
    #[serde(borrow)]
    purpose: Loose<'a>,
    #[serde(borrow)]
    channel: Loose<'a>,
    #[serde(borrow)]
    granted: Loose<'a>,
    #[serde(borrow)]
    double_opt_in: Loose<'a>,
    #[serde(borrow)]
    text_version: Loose<'a>,
}

impl Fields<'_> {
    fn key(&self) -> Option<(Purpose, Channel)> {
        let purpose = Purpose::new(shortened(&self.purpose.text()?, NAME_BYTES_MAX))?;
        let channel = self.channel.text().unwrap_or_default();
        Some((purpose, Channel::new(shortened(&channel, NAME_BYTES_MAX))))
    }

    /// What was done: what the event's name says, else what `granted` says.
    fn act(&self, named: Option<ConsentAct>) -> Option<ConsentAct> {
        let is_double = self.double_opt_in.flag() == Some(true);
        match named.or_else(|| self.granted_act())? {
            ConsentAct::Given if is_double => Some(ConsentAct::Asked),
            act => Some(act),
        }
    }

    fn granted_act(&self) -> Option<ConsentAct> {
        let is_pending = |text: Cow<'_, str>| text.eq_ignore_ascii_case("pending");
        if self.granted.text().is_some_and(is_pending) {
            return Some(ConsentAct::Asked);
        }
        Some(if self.granted.flag()? { ConsentAct::Given } else { ConsentAct::Withdrawn })
    }
}

impl Consents {
    /// Takes an event that is about consent: `purpose`, and where given `channel`,
    /// `text_version` and `double_opt_in`; `granted` where the name does not say it (`named`).
    /// Without a purpose or an answer it says nothing.
    pub(crate) fn absorb(
        &mut self,
        telling: &Telling<'_>,
        named: Option<ConsentAct>,
        limits: &Limits,
    ) {
        let said = read_fields(&telling.event.properties, |text| {
            let fields: Fields<'_> = serde_json::from_str(text).ok()?;
            let version = fields.text_version.text();
            let version = version.map(|text| Box::from(shortened(&text, NAME_BYTES_MAX)));
            Some(fields.key().zip(fields.act(named)).map(|(key, act)| (key, act, version)))
        });
        if let Some((key, act, text_version)) = said.flatten() {
            let span = Span::once(telling.origin());
            self.answer(key, Answer { act, is_along: false, text_version, span }, limits);
        }
    }

    /// Takes `context.consent.categoryPreferences`: each category is a purpose on every channel.
    pub(crate) fn absorb_categories(
        &mut self,
        telling: &Telling<'_>,
        categories: &BTreeMap<Cow<'_, str>, Loose<'_>>,
        limits: &Limits,
    ) {
        for (category, answer) in categories {
            let purpose = Purpose::new(shortened(category, NAME_BYTES_MAX));
            if let (Some(purpose), Some(granted)) = (purpose, answer.flag()) {
                let act = if granted { ConsentAct::Given } else { ConsentAct::Withdrawn };
                let span = Span::once(telling.origin());
                let answer = Answer { act, is_along: true, text_version: None, span };
                self.answer((purpose, Channel::all()), answer, limits);
            }
        }
    }

    /// Takes that the customer wants no more marketing by e-mail (unsubscribed, or marked as spam).
    pub(crate) fn absorb_objection_to_email(&mut self, telling: &Telling<'_>, limits: &Limits) {
        let purpose = Purpose::new("marketing").expect("a name that is not blank");
        let answer = Answer {
            act: ConsentAct::Withdrawn,
            is_along: false,
            text_version: None,
            span: Span::once(telling.origin()),
        };
        self.answer((purpose, Channel::new("email")), answer, limits);
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (key, theirs) in other.0 {
            let ours = self.0.entry(key).or_default();
            ours.n_fallen = ours.n_fallen.saturating_add(theirs.n_fallen);
            theirs.said.into_iter().for_each(|answer| ours.put(answer));
        }
    }

    fn answer(&mut self, key: (Purpose, Channel), answer: Answer, limits: &Limits) {
        let answers = self.0.entry(key).or_default();
        answers.put(answer);
        answers.bound(limits);
        evict(&mut self.0, CONSENTS_MAX, |key, answers| (answers.last_at(), Reverse(key.clone())));
    }
}

#[cfg(test)]
mod tests;
