//! What may an entry of the log hold?

use crate::edits::EditOrder;
use base::{Error, ErrorKind, Timestamp};
use collect::Delivery;

/// The first byte of a decision; deliveries begin with the number of their version, from 1 on.
const EDIT: u8 = 0xE1;

/// An entry of the log.
pub enum LogEntry {
    /// Events that somebody sent.
    Delivery(Delivery),
    /// A decision of a person about who is who.
    Edit(EditOrder),
}

impl LogEntry {
    /// What is kept as `payload`.
    ///
    /// # Errors
    /// `Corrupt` where it is damaged, or from a newer program.
    pub fn decode(payload: &[u8]) -> Result<Self, Error> {
        let unreadable = "a log entry cannot be read";
        match payload {
            [EDIT, text @ ..] => serde_json::from_slice(text)
                .map(Self::Edit)
                .map_err(|error| Error::new(ErrorKind::Corrupt, unreadable).with_source(error)),
            _ => Delivery::decode(payload)
                .map(Self::Delivery)
                .map_err(|error| Error::new(ErrorKind::Corrupt, unreadable).with_source(error)),
        }
    }

    /// The bytes to keep for a decision.
    pub fn encode_edit(order: &EditOrder) -> Vec<u8> {
        let text = serde_json::to_vec(order).expect("numbers and texts are JSON");
        [&[EDIT], text.as_slice()].concat()
    }

    /// When it reached us.
    pub fn received_at(&self) -> Timestamp {
        match self {
            Self::Delivery(delivery) => delivery.received_at,
            Self::Edit(order) => order.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::EditChange;
    use base::IdentifierId;

    #[test]
    fn decisions_come_back_and_damage_is_told() {
        let order = EditOrder {
            at: Timestamp(7),
            by: "ann@example.com".to_owned(),
            reason: "met at the desk".to_owned(),
            undoes: None,
            changes: vec![EditChange::Join { a: IdentifierId(1), b: IdentifierId(2) }],
        };
        let bytes = LogEntry::encode_edit(&order);
        let Ok(LogEntry::Edit(found)) = LogEntry::decode(&bytes) else { panic!("it was an edit") };
        assert_eq!(found, order);
        for damaged in [&bytes[..bytes.len() - 1], &[], &[99]] {
            assert!(LogEntry::decode(damaged).is_err());
        }
    }
}
