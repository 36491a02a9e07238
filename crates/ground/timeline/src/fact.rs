//! What can be known of a customer, as one label or none?

use base::{ComputedId, SegmentId};
use lexicon::{Channel, Purpose};
use std::fmt;

/// Something that is known of a customer now, whoever knows it. It comes as a label, written like
/// [`Scalar::label`](crate::Scalar::label), or is absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// The trait that counts now; a dot looks inside an object. Lists and objects count as absent.
    Trait(Box<str>),
    /// A trait that is a list: its label is the list as JSON. For [`Op::Has`](crate::Op::Has).
    List(Box<str>),
    /// What every profile has.
    Own(Own),
    /// The trait of an account of theirs: the values in all their accounts as a JSON list, sorted,
    /// each once; absent where no account says any.
    Account(Box<str>),
    /// Whether they may be written to for this purpose on this channel: `yes` or `no`, never
    /// absent.
    Permission(Purpose, Channel),
    /// What they said: `granted`, `denied`, `pending`; absent where they said nothing.
    Consent(Purpose, Channel),
    /// Pieces held of the products that are called so, as a number; absent where they hold none.
    Holding(HeldBy, Box<str>),
    /// How many others they stand in a relation to; absent where there are none.
    Relation(RelationCount),
    /// Whether they are in a segment: `in`, else absent.
    Segment(SegmentId),
    /// A computed trait.
    Computed(ComputedId),
}

impl Fact {
    /// The name of the trait, where it is one.
    #[must_use]
    pub fn trait_name(&self) -> Option<&str> {
        match self {
            Self::Trait(name) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Fact {
    /// For messages: `trait 'plan'`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trait(name) | Self::List(name) => write!(f, "trait '{name}'"),
            Self::Own(own) => write!(f, "'{}' of the profile", own.word()),
            Self::Account(name) => write!(f, "trait '{name}' of accounts"),
            Self::Permission(purpose, channel) => {
                write!(f, "permission for '{}' by '{}'", purpose.as_str(), channel.as_str())
            }
            Self::Consent(purpose, channel) => {
                write!(f, "consent to '{}' by '{}'", purpose.as_str(), channel.as_str())
            }
            Self::Holding(by, value) => write!(f, "holding of {} '{value}'", by.word()),
            Self::Relation(count) => write!(f, "number of '{}'", count.word()),
            Self::Segment(id) => write!(f, "segment {id}"),
            Self::Computed(id) => write!(f, "computed trait {id}"),
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// How it is called in a definition.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The one that is called so.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// What every profile has, whether or not anything was said of it.
    Own {
        /// The country, as the traits say.
        Country = "country",
        /// The city.
        City = "city",
        /// The company.
        Company = "company",
        /// The address for email.
        Email = "email",
        /// The telephone number.
        Phone = "phone",
        /// How sure it is who they are: `anonymous`, `likely`, `known`.
        Certainty = "certainty",
        /// When their first event happened.
        FirstSeen = "first_seen",
        /// When their last event happened.
        LastSeen = "last_seen",
        /// How many events they have.
        Events = "events",
        /// How many orders that stand.
        Orders = "orders",
        /// What these orders came to, in [`Currency`](Self::Currency).
        Revenue = "revenue",
        /// The currency of most of their orders.
        Currency = "currency",
    }
}

words! {
    /// What products are called by whose pieces are counted.
    HeldBy {
        /// The product's id.
        Product = "product",
        /// Its name.
        Name = "name",
        /// Its category.
        Category = "category",
    }
}

words! {
    /// Which others are counted.
    RelationCount {
        /// Whom they brought.
        Referred = "referred",
        /// Who brought them.
        ReferredBy = "referred_by",
        /// Who mentions them, or whom they mention.
        Mentioned = "mentioned",
        /// Who lives in one household with them.
        Household = "household",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        assert!(Own::ALL.iter().all(|own| Own::from_word(own.word()) == Some(*own)));
        assert_eq!(HeldBy::from_word("category"), Some(HeldBy::Category));
        assert_eq!(RelationCount::from_word("enemy"), None);
        assert_eq!(Fact::Trait("plan".into()).trait_name(), Some("plan"));
        assert_eq!(Fact::Own(Own::City).trait_name(), None);
    }
}
