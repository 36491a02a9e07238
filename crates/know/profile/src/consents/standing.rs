//! What does the customer permit now, given all their answers?
//!
//! | they were | asked | gave it | confirmed | withdrew |
//! |---|---|---|---|---|
//! | silent | pending | granted | granted | denied |
//! | pending | pending | granted | granted | denied |
//! | granted | granted | granted | granted | denied |
//! | denied | pending | granted | **denied** | denied |
//!
//! A link to confirm that is followed after a withdrawal is an old link, and permits nothing. At
//! the same moment, no comes last.

use super::{Answer, Answers, Consents};
use crate::origin::{Evidence, Origin};
use base::{SourceId, Timestamp};
use lexicon::{Channel, ConsentAct, ConsentState, Purpose};
use std::sync::Arc;

/// What the customer permits or refuses for one purpose on one channel, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// What for.
    pub purpose: Purpose,
    /// On which channel.
    pub channel: Channel,
    /// Yes, no, or yes with the confirmation still to come.
    pub state: ConsentState,
    /// Since when that is so.
    pub since: Timestamp,
    /// When it was said last.
    pub at: Timestamp,
    /// The event that made it so.
    pub evidence: Evidence,
    /// The version of the text that was agreed to last, where it was given; `None` after a no.
    pub text_version: Option<String>,
    /// Every answer that is kept, the latest first.
    pub changes: Vec<ConsentChange>,
    /// How many answers are no longer kept.
    pub n_fallen: u64,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentChange {
    /// What was done.
    pub act: ConsentAct,
    /// The first event that said so.
    pub first: Evidence,
    /// The latest: another one only where it was said along with many events.
    pub last: Evidence,
    /// How many events said so.
    pub n: u64,
    /// The version of the text, where it was given.
    pub text_version: Option<String>,
}

impl Consent {
    /// Where the event that made it so came from.
    #[must_use]
    pub fn source(&self) -> Option<SourceId> {
        self.evidence.source
    }
}

impl Consents {
    /// What is permitted and what not, by purpose and channel.
    pub(crate) fn shown(&self) -> Vec<Consent> {
        let shown = self.0.iter().filter_map(|((purpose, channel), answers)| {
            let standing = Standing::of(answers)?;
            Some(Consent {
                purpose: purpose.clone(),
                channel: channel.clone(),
                state: standing.state,
                since: standing.since.at,
                at: standing.at,
                evidence: standing.since.evidence(),
                text_version: standing.text_version.map(str::to_owned),
                changes: answers.said.iter().map(change).collect(),
                n_fallen: answers.n_fallen,
            })
        });
        shown.collect()
    }
}

fn change(answer: &Answer) -> ConsentChange {
    ConsentChange {
        act: answer.act,
        first: answer.span.first.evidence(),
        last: answer.span.last.evidence(),
        n: answer.span.n,
        text_version: answer.text_version.as_deref().map(str::to_owned),
    }
}

/// What stands after some answers.
struct Standing<'a> {
    state: ConsentState,
    since: &'a Arc<Origin>,
    at: Timestamp,
    text_version: Option<&'a str>,
    /// Of the text that they were asked about and have not confirmed.
    asked_about: Option<&'a str>,
}

impl<'a> Standing<'a> {
    fn of(answers: &'a Answers) -> Option<Self> {
        let moments = answers.said.iter().flat_map(|answer| {
            let span = &answer.span;
            let again = (span.first != span.last).then_some((&span.last, answer));
            std::iter::once((&span.first, answer)).chain(again)
        });
        let mut moments: Vec<(&Arc<Origin>, &Answer)> = moments.collect();
        moments.sort_by_key(|(origin, answer)| (origin.at, answer.act, *origin));
        let mut moments = moments.into_iter();
        let (origin, answer) = moments.next()?;
        let first = Self::first(origin, answer);
        Some(moments.fold(first, |before, (origin, answer)| before.after(origin, answer)))
    }

    fn first(origin: &'a Arc<Origin>, answer: &'a Answer) -> Self {
        let text = answer.text_version.as_deref();
        let state = state_after(None, answer.act);
        let asked_about = text.filter(|_| answer.act == ConsentAct::Asked);
        let text_version = text.filter(|_| state != ConsentState::Denied);
        Self { state, since: origin, at: origin.at, text_version, asked_about }
    }

    fn after(self, origin: &'a Arc<Origin>, answer: &'a Answer) -> Self {
        let state = state_after(Some(self.state), answer.act);
        let said = answer.text_version.as_deref();
        let since = if state == self.state { self.since } else { origin };
        let asked_about =
            if answer.act == ConsentAct::Asked { said.or(self.asked_about) } else { None };
        let text_version = match (answer.act, state) {
            (_, ConsentState::Denied) => None,
            (ConsentAct::Asked, ConsentState::Granted) => self.text_version,
            (ConsentAct::Confirmed, _) => said.or(self.asked_about).or(self.text_version),
            _ => said.or(self.text_version),
        };
        // A question does not renew a yes, nor a confirmation that came too late a no.
        let is_about = match answer.act {
            ConsentAct::Asked => state == ConsentState::Pending,
            ConsentAct::Confirmed => state == ConsentState::Granted,
            ConsentAct::Given | ConsentAct::Withdrawn => true,
        };
        let at = if is_about { origin.at } else { self.at };
        Self { state, since, at, text_version, asked_about }
    }
}

fn state_after(before: Option<ConsentState>, act: ConsentAct) -> ConsentState {
    match (act, before) {
        (ConsentAct::Withdrawn, _) => ConsentState::Denied,
        (ConsentAct::Given, _) => ConsentState::Granted,
        (ConsentAct::Asked, Some(ConsentState::Granted)) => ConsentState::Granted,
        (ConsentAct::Asked, _) => ConsentState::Pending,
        (ConsentAct::Confirmed, Some(ConsentState::Denied)) => ConsentState::Denied,
        (ConsentAct::Confirmed, _) => ConsentState::Granted,
    }
}
