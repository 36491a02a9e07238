//! Which event said so, and when?

use crate::message_id::MessageId;
use base::{SourceId, Timestamp};
use lexicon::Event;
use std::cell::OnceCell;
use std::sync::Arc;

/// The event behind a value or an answer, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// When it happened.
    pub at: Timestamp,
    /// Where it came from; `None` where an earlier version did not keep it.
    pub source: Option<SourceId>,
    /// Its message id; `None` where an earlier version did not keep it.
    pub message_id: Option<String>,
}

/// The event behind a value or an answer; a source of 0 is an unknown one.
///
/// One event says many things: all of them share one of these, in memory and when stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    pub(crate) at: Timestamp,
    pub(crate) source: SourceId,
    pub(crate) message_id: MessageId,
}

impl Origin {
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence {
            at: self.at,
            source: (self.source != SourceId::default()).then_some(self.source),
            message_id: self.message_id.text(),
        }
    }
}

/// An event that is being absorbed; its origin is made when the first part of it is kept.
pub(crate) struct Telling<'a> {
    pub(crate) event: &'a Event,
    origin: OnceCell<Arc<Origin>>,
}

impl<'a> Telling<'a> {
    pub(crate) fn new(event: &'a Event) -> Self {
        Self { event, origin: OnceCell::new() }
    }

    pub(crate) fn origin(&self) -> Arc<Origin> {
        let origin = self.origin.get_or_init(|| {
            Arc::new(Origin {
                at: self.event.occurred_at,
                source: self.event.source,
                message_id: MessageId::of(&self.event.message_id),
            })
        });
        Arc::clone(origin)
    }
}

/// The same thing, said once or more often.
///
/// First and last are a minimum and a maximum and `n` is a sum, so that the order of arrival has
/// no say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) first: Arc<Origin>,
    pub(crate) last: Arc<Origin>,
    pub(crate) n: u64,
}

impl Span {
    pub(crate) fn once(origin: Arc<Origin>) -> Self {
        Self { first: Arc::clone(&origin), last: origin, n: 1 }
    }

    /// Takes that the same was said by `origin` as well.
    pub(crate) fn extend(&mut self, origin: Arc<Origin>) {
        self.n = self.n.saturating_add(1);
        if origin < self.first {
            self.first = Arc::clone(&origin);
        }
        if origin > self.last {
            self.last = origin;
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.n = self.n.saturating_add(other.n);
        if other.first < self.first {
            self.first = other.first;
        }
        if other.last > self.last {
            self.last = other.last;
        }
    }
}
