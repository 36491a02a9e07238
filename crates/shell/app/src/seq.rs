//! Which event is meant, for ever?

use base::Position;
use std::fmt;
use std::str::FromStr;

/// How many bits of an event's number say its place inside its log entry.
const INDEX_BITS: u32 = 12;

/// How many events one log entry can number.
pub const EVENTS_PER_ENTRY_MAX: usize = 1 << INDEX_BITS;

/// An event by where it stands in the log: the entry, and its place within it. Written
/// `p_0001.3`; as one number it is `position · 4096 + index`, which orders events by arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventSeq {
    /// The log entry.
    pub position: Position,
    /// The place within the entry, from 0.
    pub index: u32,
}

impl EventSeq {
    /// The event as one number.
    #[must_use]
    pub fn to_number(self) -> u64 {
        (self.position.0 << INDEX_BITS) | u64::from(self.index)
    }
}

impl From<u64> for EventSeq {
    fn from(number: u64) -> Self {
        let index = number & (EVENTS_PER_ENTRY_MAX as u64 - 1);
        Self {
            position: Position(number >> INDEX_BITS),
            index: u32::try_from(index).expect("12 bits fit into 32"),
        }
    }
}

impl fmt::Display for EventSeq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.position, self.index)
    }
}

impl FromStr for EventSeq {
    type Err = base::Error;

    fn from_str(text: &str) -> Result<Self, base::Error> {
        let parsed = text.split_once('.').and_then(|(position, index)| {
            Some(Self { position: position.parse().ok()?, index: index.parse().ok()? })
        });
        parsed.filter(|seq| (seq.index as usize) < EVENTS_PER_ENTRY_MAX).ok_or_else(|| {
            let message = "that is not an event; events are written like p_0001.3";
            base::Error::new(base::ErrorKind::Invalid, message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_number_round_trip() {
        let seq = EventSeq { position: Position(77), index: 4095 };
        assert_eq!(EventSeq::from(seq.to_number()), seq);
        assert_eq!(seq.to_string().parse::<EventSeq>().unwrap(), seq);
        for nonsense in ["", "p_0001", "p_0001.x", "c_0001.1", "p_0001.4096"] {
            assert!(nonsense.parse::<EventSeq>().is_err(), "{nonsense}");
        }
    }
}
