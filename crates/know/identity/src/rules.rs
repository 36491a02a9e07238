//! Which links count, and in which order?

use crate::Inert;
use base::Duration;
use lexicon::{Blocked, Identifier, IdentifierKind, LinkRule};

/// What is agreed about who is who. Changed as a whole, with a version that grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRules {
    /// Which version this is; an installation begins with 0.
    pub version: u64,
    /// The kinds that have rules of their own, the one with the highest priority first.
    pub kinds: Vec<(IdentifierKind, KindRules)>,
    /// The rules of every other kind, which come last.
    pub others: KindRules,
    /// Values that stand for nobody.
    pub blocked: Blocked,
    /// The country of telephone numbers that name none: two letters of ISO 3166-1.
    pub country: Option<Box<str>>,
}

/// What is agreed about one kind of identifier. `None` stands for "without bounds".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct KindRules {
    /// How many of the kind one customer may have by automatic links.
    pub limit: Limit,
    /// With how many user ids one identifier of the kind may be seen; one seen with more is shared.
    pub users_max: Option<u32>,
    /// With how many anonymous ids one identifier of the kind may be seen, likewise.
    pub visitors_max: Option<u32>,
    /// Which evidence is believed.
    pub trust: Trust,
}

/// How many identifiers of a kind one customer may have by automatic links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Limit {
    /// In all.
    pub ever: Option<u32>,
    /// First linked within any thirty days.
    pub month: Option<u32>,
    /// First linked within any seven days.
    pub week: Option<u32>,
}

/// Which evidence is believed for identifiers of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Trust {
    /// Whatever a sender claims.
    #[default]
    Claimed,
    /// What the sender says was shown to be the customer's own, and what was stated outright.
    Verified,
}

impl Trust {
    /// Every answer.
    pub const ALL: [Self; 2] = [Self::Claimed, Self::Verified];

    /// The answer as it is written in tables and on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Verified => "verified",
        }
    }

    /// The answer written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trust| trust.slug() == slug)
    }
}

impl Limit {
    /// The bounds on what was first linked within a while.
    pub(crate) fn windows(self) -> impl Iterator<Item = (Duration, u32)> {
        let month = self.month.map(|n_max| (Duration::days(30), n_max));
        let week = self.week.map(|n_max| (Duration::days(7), n_max));
        month.into_iter().chain(week)
    }

    /// Whether there is any bound.
    #[must_use]
    pub fn is_set(self) -> bool {
        self.ever.is_some() || self.has_windows()
    }

    /// Whether it matters when an identifier was first linked.
    #[must_use]
    pub fn has_windows(self) -> bool {
        self.month.is_some() || self.week.is_some()
    }
}

impl Default for IdentityRules {
    /// What an installation begins with.
    fn default() -> Self {
        let address = KindRules {
            limit: Limit { ever: Some(10), ..Limit::default() },
            users_max: Some(5),
            visitors_max: Some(200),
            trust: Trust::Claimed,
        };
        let browser = KindRules {
            limit: Limit { ever: None, month: Some(200), week: Some(100) },
            users_max: Some(5),
            ..KindRules::default()
        };
        let device = KindRules { users_max: Some(5), ..KindRules::default() };
        let kinds = [
            (IdentifierKind::UserId, KindRules::default()),
            (IdentifierKind::CrmId, KindRules::default()),
            (IdentifierKind::Email, address),
            (IdentifierKind::Phone, address),
            (IdentifierKind::SocialHandle, KindRules::default()),
            (IdentifierKind::DeviceId, device),
            (IdentifierKind::AnonymousId, browser),
        ];
        Self {
            version: 0,
            kinds: kinds.into(),
            others: KindRules::default(),
            blocked: Blocked::default(),
            country: None,
        }
    }
}

impl IdentityRules {
    /// Rules that let every link count but those between two user ids.
    #[must_use]
    pub fn open() -> Self {
        Self {
            version: 0,
            kinds: Vec::new(),
            others: KindRules::default(),
            blocked: Blocked::new(false, []),
            country: None,
        }
    }

    /// What is agreed about a kind.
    #[must_use]
    pub fn of(&self, kind: &IdentifierKind) -> &KindRules {
        let own = self.kinds.iter().find(|(own, _)| own == kind);
        own.map_or(&self.others, |(_, rules)| rules)
    }

    /// The place of a kind in the order of priority, the highest first.
    pub(crate) fn rank(&self, kind: &IdentifierKind) -> usize {
        self.kinds.iter().position(|(own, _)| own == kind).unwrap_or(self.kinds.len())
    }

    /// Why a link between the two by `rule` can never be followed, whatever other links there are.
    pub(crate) fn refusal(&self, a: &Identifier, b: &Identifier, rule: LinkRule) -> Option<Inert> {
        if self.blocked.blocks(a) || self.blocked.blocks(b) {
            return Some(Inert::Blocked);
        }
        let is_claim = matches!(rule, LinkRule::SameEvent | LinkRule::Trait | LinkRule::Attached);
        let must_be_shown = |i: &Identifier| self.of(&i.kind).trust == Trust::Verified;
        (is_claim && (must_be_shown(a) || must_be_shown(b))).then_some(Inert::Unverified)
    }

    /// Whether identifiers of the kind `hub` are shared by how many of the kind `other` they were
    /// seen with.
    pub(crate) fn counts(&self, hub: &IdentifierKind, other: &IdentifierKind) -> bool {
        let own = self.of(hub);
        match other {
            IdentifierKind::UserId => own.users_max.is_some(),
            IdentifierKind::AnonymousId => own.visitors_max.is_some(),
            _ => false,
        }
    }

    /// Whether it matters when an identifier of this kind was first linked.
    pub(crate) fn has_windows(&self, kind: &IdentifierKind) -> bool {
        self.of(kind).limit.has_windows()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::identifier;

    #[test]
    fn a_refusal_depends_on_the_two_ends_and_the_evidence() {
        let mut rules = IdentityRules::default();
        let verified = KindRules { trust: Trust::Verified, ..KindRules::default() };
        rules.kinds = vec![(IdentifierKind::Email, verified)];
        let (user, email) = (identifier("u1"), identifier("m1"));
        let check = |rule, expected| assert_eq!(rules.refusal(&user, &email, rule), expected);
        check(LinkRule::Trait, Some(Inert::Unverified));
        check(LinkRule::SameEvent, Some(Inert::Unverified));
        check(LinkRule::Linkage, None);
        check(LinkRule::Verified, None);
        check(LinkRule::Stated, None);
        let nobody = Identifier { kind: IdentifierKind::Email, value: "test@test.com".into() };
        assert_eq!(rules.refusal(&user, &nobody, LinkRule::Stated), Some(Inert::Blocked));
    }

    #[test]
    fn words_come_back() {
        for trust in Trust::ALL {
            assert_eq!(Trust::from_slug(trust.slug()), Some(trust));
        }
    }
}
