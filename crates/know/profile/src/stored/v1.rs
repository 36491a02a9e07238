//! What did version 1 keep?
//!
//! Of each trait and each consent the latest word, with its time and source, but neither the event
//! nor what was said before; of a trait that was taken away not even the source.

use super::Inconsistent;
use crate::accounts::Accounts;
use crate::circumstances::Circumstances;
use crate::consents::{Answer, Answers, Consents};
use crate::counts::Counts;
use crate::fragment::Fragment;
use crate::latest::Latest;
use crate::message_id::MessageId;
use crate::messages::Messages;
use crate::orders::Orders;
use crate::origin::{Origin, Span};
use crate::sayings::{Saying, Sayings};
use crate::traits::{Once, Traits};
use crate::view::Certainty;
use base::{SourceId, Timestamp};
use lexicon::{Channel, ConsentAct, ConsentState, Purpose};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
pub(super) struct FragmentRead {
    certainty: Certainty,
    first_seen: Timestamp,
    last_seen: Timestamp,
    n_events: u64,
    counts: Counts,
    traits: TraitsRead,
    circumstances: Circumstances,
    consents: BTreeMap<(Purpose, Channel), Latest<AnswerRead>>,
    accounts: Accounts,
    orders: Orders,
    messages: Messages,
}

#[derive(Deserialize)]
struct TraitsRead {
    set: BTreeMap<Box<str>, Latest<Option<SaidRead>>>,
    once: BTreeMap<Box<str>, (Timestamp, SaidRead)>,
}

#[derive(Deserialize)]
struct SaidRead {
    text: Box<str>,
    source: SourceId,
}

#[derive(Deserialize)]
struct AnswerRead {
    state: ConsentState,
    text_version: Option<Box<str>>,
    source: SourceId,
}

impl TryFrom<FragmentRead> for Fragment {
    type Error = Inconsistent;

    fn try_from(read: FragmentRead) -> Result<Self, Inconsistent> {
        Ok(Self {
            certainty: read.certainty,
            first_seen: read.first_seen,
            last_seen: read.last_seen,
            n_events: read.n_events,
            counts: read.counts,
            traits: read.traits.into(),
            circumstances: read.circumstances,
            consents: consents(read.consents),
            accounts: read.accounts,
            orders: read.orders,
            messages: read.messages,
        })
    }
}

impl From<TraitsRead> for Traits {
    fn from(read: TraitsRead) -> Self {
        let sayings = |latest: Latest<Option<SaidRead>>| {
            let source = latest.value.as_ref().map_or(SourceId::default(), |said| said.source);
            let span = Span::once(origin(latest.at, source));
            let said = vec![Saying { value: latest.value.map(|said| said.text), span }];
            Sayings { said, n_fallen: 0 }
        };
        let once = |(at, said): (Timestamp, SaidRead)| Once {
            value: said.text,
            origin: origin(at, said.source),
        };
        Self {
            set: read.set.into_iter().map(|(name, latest)| (name, sayings(latest))).collect(),
            once: read.once.into_iter().map(|(name, first)| (name, once(first))).collect(),
            ..Self::default()
        }
    }
}

fn consents(read: BTreeMap<(Purpose, Channel), Latest<AnswerRead>>) -> Consents {
    let answers = |latest: Latest<AnswerRead>| {
        let answer = Answer {
            act: match latest.value.state {
                ConsentState::Granted => ConsentAct::Given,
                ConsentState::Denied => ConsentAct::Withdrawn,
                ConsentState::Pending => ConsentAct::Asked,
            },
            is_along: false,
            text_version: latest.value.text_version,
            span: Span::once(origin(latest.at, latest.value.source)),
        };
        Answers { said: vec![answer], n_fallen: 0 }
    };
    Consents(read.into_iter().map(|(key, latest)| (key, answers(latest))).collect())
}

fn origin(at: Timestamp, source: SourceId) -> Arc<Origin> {
    Arc::new(Origin { at, source, message_id: MessageId::unknown() })
}
