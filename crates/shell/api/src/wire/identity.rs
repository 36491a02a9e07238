//! How do the rules of identity, and who somebody was, travel?

use super::scalar::{Identifier, Time};
use super::word::{InertReason, Trust};
use app::customers as then;
use app::rules as inner;
use lexicon::{Blocked, IdentifierKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which evidence makes two identifiers one customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityRules {
    /// Grows with every change; a change names the one that it was made from.
    pub version: u64,
    /// The kinds of identifiers that have rules of their own, the one with the highest priority
    /// first.
    pub kinds: Vec<IdentityKind>,
    /// The rules of every other kind, which come last.
    pub others: IdentityLimits,
    /// Values that stand for nobody.
    pub blocked: Vec<BlockedValue>,
    /// Whether values of nothing but zeros and dashes stand for nobody as well.
    pub blocked_zeros: bool,
    /// The country of telephone numbers that name none: two letters of ISO 3166-1.
    #[schema(examples("DE"))]
    pub country: Option<String>,
}

/// The rules of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityKind {
    /// `user_id`, `anonymous_id`, `email`, `phone`, …
    pub kind: String,
    pub rules: IdentityLimits,
}

/// What is agreed about identifiers of a kind; `null` stands for "without bounds".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityLimits {
    /// How many of the kind one customer may have by automatic links.
    #[serde(default)]
    pub ever: Option<u32>,
    /// The same, first linked within any thirty days.
    #[serde(default)]
    pub month: Option<u32>,
    /// The same, first linked within any seven days.
    #[serde(default)]
    pub week: Option<u32>,
    /// With how many user ids one identifier of the kind may be seen before it is shared.
    #[serde(default)]
    pub users_max: Option<u32>,
    /// With how many anonymous ids, likewise.
    #[serde(default)]
    pub visitors_max: Option<u32>,
    pub trust: Trust,
}

/// A value that stands for nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockedValue {
    /// Of which kind; of every kind where it is `null`.
    #[serde(default)]
    pub kind: Option<String>,
    /// `*` stands for any letters, and case does not matter.
    #[schema(examples("noreply@*"))]
    pub value: String,
}

/// The rules that hold, and how they came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentitySettings {
    pub rules: IdentityRules,
    /// What an installation begins with, to go back to.
    pub defaults: IdentityRules,
    /// The latest versions, the one that holds first.
    pub versions: Vec<IdentityVersion>,
}

/// A version of the rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityVersion {
    pub version: u64,
    pub changed_at: Time,
    pub changed_by: String,
    /// How many links it judged otherwise than the one before.
    pub n_links_turned: u64,
    /// How many identifiers point to somebody else since.
    pub n_identifiers_moved: u64,
}

/// What a change of the rules would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityRulesPreview {
    /// How many customers were looked at.
    pub n_customers: u64,
    /// Whether that was everybody; otherwise these were the oldest.
    pub is_whole: bool,
    /// How many links would be judged otherwise.
    pub n_links_turned: u64,
    /// Of these, how many would be followed.
    pub n_links_followed: u64,
    /// The others, by the reason for which they would not be.
    pub n_links_inert: Vec<InertCount>,
    /// How many identifiers would point to somebody else.
    pub n_identifiers_moved: u64,
    /// How many customers would become part of another one.
    pub n_merges: u64,
    /// How many parts of customers would become somebody else.
    pub n_splits: u64,
    /// How many identifiers would be shared that are not.
    pub n_newly_shared: u64,
}

/// Links that would not be followed for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct InertCount {
    pub reason: InertReason,
    pub n: u64,
}

/// A customer as they were known at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityThen {
    pub at: Time,
    /// The number that the customer had; `null` before anything was known of them.
    pub customer_id: Option<String>,
    pub identifiers: Vec<IdentifierThen>,
    /// When somebody came or went, the earliest first; the latest 200.
    pub moments: Vec<IdentityMoment>,
    /// How many moments there are in all.
    pub n_moments: usize,
}

/// An identifier of a customer at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentifierThen {
    pub kind: String,
    pub value: String,
    /// When it reached us first.
    pub recorded_at: Time,
    /// The customer whom it points to now.
    pub customer_id_now: String,
}

/// Something that changed who a customer is.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityMoment {
    pub at: Time,
    /// Why, in words.
    pub cause: String,
    /// The identifiers that came.
    pub came: Vec<Identifier>,
    /// The identifiers that went to somebody else.
    pub went: Vec<Identifier>,
}

impl IdentityRules {
    /// The wire form of `rules`.
    pub fn of(rules: &inner::IdentityRules) -> Self {
        let kinds = rules.kinds.iter().map(|(kind, own)| IdentityKind {
            kind: kind.slug().to_owned(),
            rules: IdentityLimits::of(own),
        });
        let blocked = rules.blocked.values().iter().map(|blocked| BlockedValue {
            kind: blocked.kind.as_ref().map(|kind| kind.slug().to_owned()),
            value: blocked.pattern.to_string(),
        });
        Self {
            version: rules.version,
            kinds: kinds.collect(),
            others: IdentityLimits::of(&rules.others),
            blocked: blocked.collect(),
            blocked_zeros: rules.blocked.zeros(),
            country: rules.country.as_deref().map(str::to_owned),
        }
    }

    /// The rules that are meant.
    pub fn into_rules(self) -> inner::IdentityRules {
        let kind = |text: &str| IdentifierKind::from_slug(text.trim());
        let kinds = self.kinds.iter().map(|own| (kind(&own.kind), own.rules.rules()));
        let blocked = self.blocked.iter().map(|blocked| lexicon::BlockedValue {
            kind: blocked.kind.as_deref().map(kind),
            pattern: blocked.value.as_str().into(),
        });
        let country = self.country.as_deref().map(str::trim).filter(|code| !code.is_empty());
        inner::IdentityRules {
            version: self.version,
            kinds: kinds.collect(),
            others: self.others.rules(),
            blocked: Blocked::new(self.blocked_zeros, blocked),
            country: country.map(Into::into),
        }
    }
}

impl IdentityLimits {
    fn of(own: &inner::KindRules) -> Self {
        Self {
            ever: own.limit.ever,
            month: own.limit.month,
            week: own.limit.week,
            users_max: own.users_max,
            visitors_max: own.visitors_max,
            trust: own.trust.into(),
        }
    }

    fn rules(&self) -> inner::KindRules {
        inner::KindRules {
            limit: inner::Limit { ever: self.ever, month: self.month, week: self.week },
            users_max: self.users_max,
            visitors_max: self.visitors_max,
            trust: self.trust.into(),
        }
    }
}

impl IdentitySettings {
    /// The wire form of the rules that hold, with the `versions` before them.
    pub fn of(now: &inner::AgreedRules, versions: Vec<inner::AgreedRules>) -> Self {
        let version = |agreed: inner::AgreedRules| IdentityVersion {
            version: agreed.rules.version,
            changed_at: agreed.changed_at.into(),
            changed_by: agreed.changed_by,
            n_links_turned: agreed.n_links_turned,
            n_identifiers_moved: agreed.n_identifiers_moved,
        };
        let version_now = now.rules.version;
        let defaults =
            inner::IdentityRules { version: version_now, ..inner::IdentityRules::default() };
        Self {
            rules: IdentityRules::of(&now.rules),
            defaults: IdentityRules::of(&defaults),
            versions: versions.into_iter().map(version).collect(),
        }
    }
}

impl From<inner::RulesPreview> for IdentityRulesPreview {
    fn from(preview: inner::RulesPreview) -> Self {
        let inert = preview.n_links_inert.into_iter();
        Self {
            n_customers: preview.n_customers,
            is_whole: preview.is_whole,
            n_links_turned: preview.n_links_turned,
            n_links_followed: preview.n_links_followed,
            n_links_inert: inert.map(|(inert, n)| InertCount { reason: inert.into(), n }).collect(),
            n_identifiers_moved: preview.n_identifiers_moved,
            n_merges: preview.n_merges,
            n_splits: preview.n_splits,
            n_newly_shared: preview.n_newly_shared,
        }
    }
}

impl From<then::IdentityThen> for IdentityThen {
    fn from(then: then::IdentityThen) -> Self {
        let identifier = |one: then::IdentifierThen| {
            let Identifier { kind, value } = one.identifier.into();
            let customer_id_now = one.now.to_string();
            IdentifierThen { kind, value, recorded_at: one.recorded_at.into(), customer_id_now }
        };
        let names = |list: Vec<lexicon::Identifier>| list.into_iter().map(Into::into).collect();
        let moment = |moment: then::IdentityMoment| IdentityMoment {
            at: moment.at.into(),
            cause: moment.cause,
            came: names(moment.came),
            went: names(moment.went),
        };
        Self {
            at: then.at.into(),
            customer_id: then.customer.map(|id| id.to_string()),
            identifiers: then.identifiers.into_iter().map(identifier).collect(),
            moments: then.moments.into_iter().map(moment).collect(),
            n_moments: then.n_moments,
        }
    }
}
