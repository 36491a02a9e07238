//! What does the history keep of an event, and in which order?

use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{EventKind, Json};
use std::fmt;
use std::str::FromStr;

/// Bits of [`StoredEvent::seq`] that number the events of one log entry.
const SEQ_INDEX_BITS: u32 = 12;

/// One row of a timeline: an event, and to whom it was assigned when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// The customer whom the identifier belonged to when the row was (re)written. Readers ask for
    /// every customer that an identifier ever belonged to, so an old number is never wrong.
    pub customer: CustomerId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The identifier that it came under, for ever.
    pub identifier: IdentifierId,
    /// Unique, in the order of the log: see [`StoredEvent::seq_of`].
    pub seq: u64,
    /// Which of the six calls it was.
    pub kind: EventKind,
    /// What is counted.
    pub name: Box<str>,
    /// Where it came from.
    pub source: SourceId,
    /// When it reached us.
    pub received_at: Timestamp,
    /// The sender's id of the event.
    pub message_id: Box<str>,
    /// The fields of the event.
    pub properties: Json,
    /// What it says of the customer or the account.
    pub traits: Json,
    /// Circumstances.
    pub context: Json,
}

impl StoredEvent {
    /// The number of the `index`-th event of the log entry at `position`.
    ///
    /// # Panics
    /// If the entry has 4,096 events or more, which the limits on batches rule out, or the
    /// position is beyond 2⁵².
    #[must_use]
    pub fn seq_of(position: Position, index: usize) -> u64 {
        assert!(index < 1 << SEQ_INDEX_BITS, "a log entry holds fewer than 4,096 events");
        assert!(position.0 < 1 << (64 - SEQ_INDEX_BITS), "positions stay below 2^52");
        (position.0 << SEQ_INDEX_BITS) | index as u64
    }

    /// Where it stands in its timeline.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor { occurred_at: self.occurred_at, seq: self.seq }
    }

    pub(crate) fn key(&self) -> RowKey {
        RowKey { customer: self.customer.0, occurred_at: self.occurred_at.0, seq: self.seq }
    }
}

/// The order of rows in every run: customer, time, then arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowKey {
    pub customer: u64,
    pub occurred_at: i64,
    pub seq: u64,
}

impl RowKey {
    pub fn cursor(self) -> Cursor {
        Cursor { occurred_at: Timestamp(self.occurred_at), seq: self.seq }
    }
}

/// A place between the events of a timeline. A page that ends at a cursor is followed by the page
/// of what is strictly before it, whatever has been added meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    /// When the event happened.
    pub occurred_at: Timestamp,
    /// Its number, which parts events of the same microsecond.
    pub seq: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.occurred_at.0, self.seq)
    }
}

/// The text is not a cursor that an earlier page gave out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a cursor: expected the next_cursor of an earlier page")]
pub struct BadCursor {
    text: String,
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let parts = text.split_once('.').and_then(|(time, seq)| {
            Some(Self { occurred_at: Timestamp(time.parse().ok()?), seq: seq.parse().ok()? })
        });
        parts.ok_or_else(|| BadCursor { text: text.chars().take(60).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_sort() {
        let early = Cursor { occurred_at: Timestamp(-5), seq: u64::MAX };
        let late = Cursor { occurred_at: Timestamp(7), seq: 0 };
        assert!(early < late);
        assert_eq!(early.to_string().parse(), Ok(early));
        assert!("7".parse::<Cursor>().is_err());
        assert!("7.x".parse::<Cursor>().is_err());
    }

    #[test]
    fn numbers_follow_the_log() {
        assert!(StoredEvent::seq_of(Position(1), 4095) < StoredEvent::seq_of(Position(2), 0));
    }
}
