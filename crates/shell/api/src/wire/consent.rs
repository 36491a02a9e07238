//! What does a customer permit, since when, and by which evidence?

use super::scalar::{Evidence, Time};
use super::word::{ConsentAct, ConsentState};
use app::customers as inner;
use app::sources::Sources;
use serde::Serialize;
use utoipa::ToSchema;

/// A permission, or its refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct Consent {
    pub purpose: String,
    /// `all` where it is about every channel.
    pub channel: String,
    /// `pending` permits nothing: they have not confirmed yet that it was they who agreed.
    pub state: ConsentState,
    /// Since when that is so.
    pub since: Time,
    /// When it was said last.
    pub at: Time,
    /// The event that made it so.
    pub evidence: Evidence,
    /// The version of the text that they agreed to last.
    pub text_version: Option<String>,
    /// Every answer that is kept, the latest first.
    pub changes: Vec<ConsentChange>,
    /// How many answers are no longer kept.
    pub n_fallen: u64,
}

/// One answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentChange {
    pub act: ConsentAct,
    /// The first event that said so.
    pub first: Evidence,
    /// The latest: another one only where many events said it along with something else.
    pub last: Evidence,
    /// How many events said so.
    pub n: u64,
    pub text_version: Option<String>,
}

/// Whether something is permitted for a purpose on a channel, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Permission {
    pub purpose: String,
    pub channel: String,
    pub allowed: bool,
    /// `null` where nobody ever answered: silence is not consent.
    pub state: Option<ConsentState>,
    pub since: Option<Time>,
    /// The answer in a sentence.
    pub words: String,
    /// The event that decides.
    pub evidence: Option<Evidence>,
    pub text_version: Option<String>,
}

impl Consent {
    /// The wire form of `consent`.
    pub fn of(consent: inner::ConsentView, sources: &Sources) -> Self {
        let changes = consent.changes.into_iter().map(|change| ConsentChange {
            act: change.act.into(),
            first: Evidence::of(change.first, sources),
            last: Evidence::of(change.last, sources),
            n: change.n,
            text_version: change.text_version,
        });
        Self {
            changes: changes.collect(),
            purpose: consent.purpose,
            channel: consent.channel,
            state: consent.state.into(),
            since: consent.since.into(),
            at: consent.at.into(),
            evidence: Evidence::of(consent.evidence, sources),
            text_version: consent.text_version,
            n_fallen: consent.n_fallen,
        }
    }
}

impl Permission {
    /// The wire form of `permission`.
    pub fn of(permission: inner::PermissionView, sources: &Sources) -> Self {
        Self {
            purpose: permission.purpose,
            channel: permission.channel,
            allowed: permission.allowed,
            state: permission.state.map(ConsentState::from),
            since: Time::maybe(permission.since),
            words: permission.words,
            evidence: permission.evidence.map(|evidence| Evidence::of(evidence, sources)),
            text_version: permission.text_version,
        }
    }
}
