//! Which thing is meant? One type per kind of thing, so that no id is passed for another.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Crockford's base 32: no letter is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The text is not an id of the expected kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not {what}: expected '{prefix}' and letters or digits")]
pub struct BadId {
    text: String,
    what: &'static str,
    prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// The id as the signed integer that SQL databases keep.
            #[must_use]
            pub fn to_sql(self) -> i64 {
                self.0.cast_signed()
            }

            /// The id from the signed integer that SQL databases keep.
            #[must_use]
            pub fn from_sql(value: i64) -> Self {
                Self(value.cast_unsigned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                write_base32(f, self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                text.strip_prefix($prefix).and_then(parse_base32).map(Self).ok_or_else(|| BadId {
                    text: text.chars().take(40).collect(),
                    what: $what,
                    prefix: $prefix,
                })
            }
        }
    };
}

id!(
    /// An identifier's place in the order in which identifiers were first seen, from 1.
    IdentifierId, "id_", "an identifier"
);
id!(
    /// A customer: the number of the oldest identifier that points to them. A merge keeps the
    /// older of two numbers and an unmerge finds the younger one again, so that no id is ever
    /// handed to somebody else.
    CustomerId, "c_", "a customer"
);
id!(
    /// An organisation of customers.
    AccountId, "a_", "an account"
);
id!(
    /// A source of events.
    SourceId, "s_", "a source"
);
id!(
    /// Somebody who signs in to Rapport.
    UserId, "u_", "a user"
);
id!(
    /// A token with which a program calls the API.
    TokenId, "t_", "an API token"
);
id!(
    /// One run of an import.
    ImportId, "i_", "an import"
);
id!(
    /// One run of linkage over all customers.
    LinkageRunId, "r_", "a run of linkage"
);
id!(
    /// Two customers who may be one person.
    PairId, "k_", "a pair of customers"
);
id!(
    /// What a customer asked for about their data.
    RequestId, "q_", "a privacy request"
);
id!(
    /// A question in SQL that somebody saved.
    QueryId, "y_", "a saved query"
);
id!(
    /// Charts that were put side by side.
    BoardId, "b_", "a board"
);
id!(
    /// A note beside a day on charts.
    NoteId, "n_", "a note"
);
id!(
    /// Somebody's wish to be told when a metric is not as it should be.
    AlertId, "w_", "an alert"
);
id!(
    /// One time that an alert had something to tell.
    FiringId, "f_", "a firing of an alert"
);
id!(
    /// A segment: a definition of customers that has a name.
    SegmentId, "g_", "a segment"
);
id!(
    /// A computed trait: a value that is worked out from what customers do.
    ComputedId, "v_", "a computed trait"
);
id!(
    /// An address that is told when somebody enters or leaves a segment.
    HookId, "h_", "a webhook"
);
id!(
    /// One pass over history that works out what a new definition needs to know.
    FillId, "l_", "a fill"
);
id!(
    /// A place in the log: entries are numbered from 1 in the order in which they became durable.
    Position, "p_", "a log position"
);

impl CustomerId {
    /// The customer whom this identifier founded.
    #[must_use]
    pub fn founded_by(identifier: IdentifierId) -> Self {
        Self(identifier.0)
    }
}

fn write_base32(f: &mut fmt::Formatter<'_>, value: u64) -> fmt::Result {
    let n_digits = (64 - value.leading_zeros()).div_ceil(5).max(4);
    for digit in (0..n_digits).rev() {
        let index = (value >> (digit * 5)) & 31;
        write!(f, "{}", char::from(ALPHABET[index as usize]))?;
    }
    Ok(())
}

fn parse_base32(digits: &str) -> Option<u64> {
    if digits.is_empty() || digits.len() > 13 {
        return None;
    }
    digits.bytes().try_fold(0u64, |value, byte| {
        let digit = ALPHABET.iter().position(|&a| a == byte.to_ascii_lowercase())?;
        value.checked_mul(32)?.checked_add(digit as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_read_well_and_refuse_each_other() {
        assert_eq!(CustomerId(33).to_string(), "c_0011");
        assert_eq!("c_0011".parse(), Ok(CustomerId(33)));
        assert!("a_0011".parse::<CustomerId>().is_err());
        assert!("c_".parse::<CustomerId>().is_err());
        assert!("c_zzzzzzzzzzzzz".parse::<CustomerId>().is_err(), "over 64 bits");
        let message = "customer 7".parse::<CustomerId>().unwrap_err().to_string();
        assert_eq!(message, "'customer 7' is not a customer: expected 'c_' and letters or digits");
    }

    proptest! {
        #[test]
        fn text_and_sql_round_trip(value: u64) {
            let id = CustomerId(value);
            prop_assert_eq!(id.to_string().parse::<CustomerId>(), Ok(id));
            prop_assert_eq!(CustomerId::from_sql(id.to_sql()), id);
        }
    }
}
