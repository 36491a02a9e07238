//! Which value points to a customer, and when are two such values the same?

use crate::blocked::{WORDS, is_zeros};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What sort of value an identifier is. Custom kinds keep the name that their sender gave them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// The company's own number or name for a known customer.
    UserId,
    /// A browser, app installation or visit that nobody has signed in to yet.
    AnonymousId,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A device.
    DeviceId,
    /// The id of a record in a CRM.
    CrmId,
    /// A name on a social network.
    SocialHandle,
    /// Any other, by its name.
    Custom(Box<str>),
}

impl IdentifierKind {
    /// The kinds that have a name of their own here.
    pub const NAMED: [Self; 7] = [
        Self::UserId,
        Self::AnonymousId,
        Self::Email,
        Self::Phone,
        Self::DeviceId,
        Self::CrmId,
        Self::SocialHandle,
    ];

    /// The kind as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(&self) -> &str {
        match self {
            Self::UserId => "user_id",
            Self::AnonymousId => "anonymous_id",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::DeviceId => "device_id",
            Self::CrmId => "crm_id",
            Self::SocialHandle => "social_handle",
            Self::Custom(name) => name,
        }
    }

    /// The kind written as `slug`; a name that is none of ours is a custom kind.
    #[must_use]
    pub fn from_slug(slug: &str) -> Self {
        let known = Self::NAMED.into_iter().find(|kind| kind.slug() == slug);
        known.unwrap_or_else(|| Self::Custom(slug.into()))
    }
}

/// A value that points to a customer: its kind and its normalised text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// What sort of value it is.
    pub kind: IdentifierKind,
    /// The value, normalised for its kind; never empty.
    pub value: Box<str>,
}

impl Identifier {
    /// The identifier that `raw` stands for, or `None` where it stands for nobody wherever it may
    /// come from: not [of its kind's form](Self::formed), a word for "nothing" (`null`,
    /// `anonymous`, …), or only zeros and dashes. Where the rules of identity are at hand, they say
    /// which values are blocked ([`Blocked`](crate::Blocked)).
    #[must_use]
    pub fn new(kind: IdentifierKind, raw: &str) -> Option<Self> {
        let formed = Self::formed(kind, raw)?;
        let is_nothing = is_zeros(&formed.value)
            || WORDS.iter().any(|word| formed.value.eq_ignore_ascii_case(word));
        (!is_nothing).then_some(formed)
    }

    /// The identifier that `raw` stands for by its form, blocked or not; `None` where it is empty
    /// or not of its kind's form. Nor does a text with U+0000 stand for anybody: no program means
    /// it, and PostgreSQL has no place for it.
    ///
    /// E-mail addresses are compared in lower case; telephone numbers by their digits with a
    /// leading `+` kept (E.164 needs the country, which the rules of identity know); everything
    /// else as it is, without blanks around it.
    #[must_use]
    pub fn formed(kind: IdentifierKind, raw: &str) -> Option<Self> {
        let trimmed = raw.trim();
        if trimmed.is_empty() || trimmed.contains('\0') || kind.slug().contains('\0') {
            return None;
        }
        let value: Box<str> = match kind {
            IdentifierKind::Email => normal_email(trimmed)?.into(),
            IdentifierKind::Phone => normal_phone(trimmed)?.into(),
            _ => trimmed.into(),
        };
        Some(Self { kind, value })
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.slug(), self.value)
    }
}

fn normal_email(value: &str) -> Option<String> {
    let (name, domain) = value.rsplit_once('@')?;
    let whole = !name.is_empty() && domain.contains('.') && !value.contains(char::is_whitespace);
    whole.then(|| value.to_lowercase())
}

fn normal_phone(value: &str) -> Option<String> {
    let mut normal = String::with_capacity(value.len());
    if value.starts_with('+') {
        normal.push('+');
    }
    normal.extend(value.chars().filter(char::is_ascii_digit));
    (normal.len() >= 5).then_some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_normalised_or_refused() {
        let check = |kind: IdentifierKind, raw, expected: Option<&str>| {
            let value = Identifier::new(kind, raw).map(|i| i.value.to_string());
            assert_eq!(value.as_deref(), expected, "{raw:?}");
        };
        check(IdentifierKind::UserId, "  u-1 ", Some("u-1"));
        check(IdentifierKind::UserId, "", None);
        check(IdentifierKind::UserId, "NULL", None);
        check(IdentifierKind::UserId, "00000000-0000-0000-0000-000000000000", None);
        check(IdentifierKind::Email, "Ann@Example.COM", Some("ann@example.com"));
        check(IdentifierKind::Email, "ann at example.com", None);
        check(IdentifierKind::Email, "@example.com", None);
        check(IdentifierKind::Phone, "+49 (30) 1234-567", Some("+49301234567"));
        check(IdentifierKind::Phone, "call me", None);
        check(IdentifierKind::UserId, "u\0", None);
        check(IdentifierKind::Email, "ann\0@example.com", None);
        check(IdentifierKind::Phone, "+49 30\0 1234567", None);
        check(IdentifierKind::Custom("loy\0alty".into()), "7", None);
    }

    #[test]
    fn kinds_round_trip() {
        for kind in IdentifierKind::NAMED {
            assert_eq!(IdentifierKind::from_slug(kind.slug()), kind);
        }
        assert_eq!(IdentifierKind::from_slug("loyalty").slug(), "loyalty");
    }
}
