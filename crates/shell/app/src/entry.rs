//! What may an entry of the log hold?

use crate::edits::EditOrder;
use crate::privacy::{EraseOrder, RedactOrder};
use crate::relations::RelateOrder;
use crate::rules::RulesOrder;
use crate::traits::RelistOrder;
use base::{Error, ErrorKind, Timestamp};
use collect::Delivery;
use serde::{Deserialize, Serialize};

/// The first byte of an entry of our own; deliveries begin with the number of their version, from 1
/// on. JSON follows.
const OWN: u8 = 0xE1;

/// An entry of the log.
pub enum LogEntry {
    /// Events that somebody sent.
    Delivery(Delivery),
    /// A decision of a person about who is who.
    Edit(EditOrder),
    /// A change of the rules of identity.
    Rules(RulesOrder),
    /// Who is to be forgotten.
    Erase(EraseOrder),
    /// Whose profiles mention somebody who was.
    Redact(RedactOrder),
    /// Who belongs where, as a person says.
    Relate(RelateOrder),
    /// Whose lines in lists are to be written anew.
    Relist(RelistOrder),
}

/// An entry of our own. Decisions were the first and carry no name; every other kind is an object
/// with one field, which is called like the kind.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Own {
    Edit(EditOrder),
    Named(Named),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Named {
    Rules(RulesOrder),
    Erase(EraseOrder),
    Redact(RedactOrder),
    Relate(RelateOrder),
    Relist(RelistOrder),
}

impl LogEntry {
    /// What is kept as `payload`.
    ///
    /// # Errors
    /// `Corrupt` where it is damaged, or from a newer program.
    pub fn decode(payload: &[u8]) -> Result<Self, Error> {
        let unreadable = "a log entry cannot be read";
        match payload {
            [OWN, text @ ..] => serde_json::from_slice(text)
                .map(Self::of)
                .map_err(|error| Error::new(ErrorKind::Corrupt, unreadable).with_source(error)),
            _ => Delivery::decode(payload)
                .map(Self::Delivery)
                .map_err(|error| Error::new(ErrorKind::Corrupt, unreadable).with_source(error)),
        }
    }

    /// The bytes to keep for a decision.
    pub fn encode_edit(order: &EditOrder) -> Vec<u8> {
        encode(order)
    }

    /// The bytes to keep for a change of the rules of identity.
    pub fn encode_rules(order: &RulesOrder) -> Vec<u8> {
        encode(&Named::Rules(order.clone()))
    }

    /// The bytes to keep for an erasure.
    pub fn encode_erase(order: &EraseOrder) -> Vec<u8> {
        encode(&Named::Erase(order.clone()))
    }

    /// The bytes to keep for a redaction.
    pub fn encode_redact(order: &RedactOrder) -> Vec<u8> {
        encode(&Named::Redact(order.clone()))
    }

    /// The bytes to keep for what a person says of who belongs where.
    pub fn encode_relate(order: &RelateOrder) -> Vec<u8> {
        encode(&Named::Relate(order.clone()))
    }

    /// The bytes to keep for lines of lists that are to be written anew.
    pub fn encode_relist(order: &RelistOrder) -> Vec<u8> {
        encode(&Named::Relist(order.clone()))
    }

    fn of(own: Own) -> Self {
        match own {
            Own::Edit(order) => Self::Edit(order),
            Own::Named(Named::Rules(order)) => Self::Rules(order),
            Own::Named(Named::Erase(order)) => Self::Erase(order),
            Own::Named(Named::Redact(order)) => Self::Redact(order),
            Own::Named(Named::Relate(order)) => Self::Relate(order),
            Own::Named(Named::Relist(order)) => Self::Relist(order),
        }
    }

    /// When it reached us.
    pub fn received_at(&self) -> Timestamp {
        match self {
            Self::Delivery(delivery) => delivery.received_at,
            Self::Edit(order) => order.at,
            Self::Rules(order) => order.at,
            Self::Erase(order) => order.at,
            Self::Redact(order) => order.at,
            Self::Relate(order) => order.at,
            Self::Relist(order) => order.at,
        }
    }
}

fn encode(own: &impl Serialize) -> Vec<u8> {
    let text = serde_json::to_vec(own).expect("numbers and texts are JSON");
    [&[OWN], text.as_slice()].concat()
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

    #[test]
    fn rules_come_back() {
        let order = RulesOrder::of_the_program(Timestamp(7));
        let bytes = LogEntry::encode_rules(&order);
        assert!(bytes[1..].starts_with(br#"{"rules":"#));
        let Ok(LogEntry::Rules(found)) = LogEntry::decode(&bytes) else { panic!("it was rules") };
        assert_eq!(found, order);
    }
}
