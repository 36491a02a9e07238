//! How does everything that is known of a customer travel to them?

use super::customer::Customer;
use super::pair::{PairFoundBy, PairState};
use super::privacy::{PrivacyRequest, Suspension};
use super::relation::{InfluenceEstimate, NotEstimable, ReferralCode};
use super::scalar::{Identifier, SourceName, Time};
use super::traits::TraitHistory;
use super::word::{HouseholdRule, RelationKind};
use app::linkage::{FieldTold, FoundBy, PairTold};
use app::privacy as inner;
use app::relations::{HomeTold, PlaceTold, Reference, RelationsTold, StatementTold, VERSION};
use app::sources::Sources;
use serde::Serialize;

/// Everything that is known of a customer; the events follow in `events`, the newest first.
#[derive(Debug, Serialize)]
pub struct CustomerExport {
    pub format: &'static str,
    pub generated_at: Time,
    pub customer: Customer,
    /// Every value of every trait that is kept.
    pub trait_histories: Vec<TraitHistory>,
    pub decisions: Vec<ExportedDecision>,
    pub identity_changes: Vec<IdentityChange>,
    pub requests: Vec<PrivacyRequest>,
    pub suspension: Option<Suspension>,
    pub relations: ExportedRelations,
    /// With whom they were compared, the newest first; of the others nothing is told.
    pub pairs: Vec<ExportedPair>,
}

/// What somebody decided about who the customer is; of others whom it was about nothing is told.
#[derive(Debug, Serialize)]
pub struct ExportedDecision {
    pub id: String,
    pub at: Time,
    pub by: String,
    pub reason: String,
    pub n_changes: usize,
    pub refusal: Option<String>,
    pub undone_by: Option<String>,
}

impl From<app::edits::Decided> for ExportedDecision {
    fn from(decided: app::edits::Decided) -> Self {
        Self {
            id: decided.id.to_string(),
            at: decided.at.into(),
            by: decided.by,
            reason: decided.reason,
            n_changes: decided.changes.len(),
            refusal: decided.refusal,
            undone_by: decided.undone_by.map(|id| id.to_string()),
        }
    }
}

/// That an identifier began to point to another customer number.
#[derive(Debug, Serialize)]
pub struct IdentityChange {
    pub identifier: String,
    pub from: String,
    pub to: String,
    pub at: Time,
    pub cause: String,
}

impl CustomerExport {
    /// The wire form of `told`.
    pub fn of(told: inner::Exported, sources: &Sources) -> Self {
        let change = |change: state::IdentityChange| IdentityChange {
            identifier: change.identifier.to_string(),
            from: change.from.to_string(),
            to: change.to.to_string(),
            at: change.at.into(),
            cause: change.cause,
        };
        let history = |history| TraitHistory::of(history, sources);
        Self {
            format: "rapport.customer/1",
            generated_at: told.at.into(),
            customer: Customer::of(told.view.id, told.view, sources),
            trait_histories: told.traits.into_iter().map(history).collect(),
            decisions: told.decisions.into_iter().map(ExportedDecision::from).collect(),
            identity_changes: told.changes.into_iter().map(change).collect(),
            requests: told.requests.into_iter().map(PrivacyRequest::from).collect(),
            suspension: told.suspension.map(Suspension::from),
            relations: ExportedRelations::of(told.relations, sources),
            pairs: told.pairs.into_iter().map(ExportedPair::from).collect(),
        }
    }
}

/// Whom a customer belongs to, without who the others are unless the customer named them.
#[derive(Debug, Serialize)]
pub struct ExportedRelations {
    /// Who brought whom and who mentioned whom, the latest first.
    pub statements: Vec<ExportedStatement>,
    pub referral_codes: Vec<ReferralCode>,
    pub households: Vec<ExportedHousehold>,
    /// What people said by hand of the customer and organisations.
    pub account_decisions: Vec<ExportedPlace>,
    pub influence: ExportedInfluence,
}

/// That an event relates the customer to somebody.
#[derive(Debug, Serialize)]
pub struct ExportedStatement {
    pub kind: RelationKind,
    /// Whether the customer brought or mentioned the other one; `false` the other way round.
    pub is_acting: bool,
    /// Whether the customer said so.
    pub is_own_word: bool,
    /// Where the customer said so, whom they named; else by what they were named.
    pub identifier: Option<Identifier>,
    /// The same, where by a referral code.
    pub code: Option<String>,
    pub at: Time,
    pub source: SourceName,
    /// `null` where the event is somebody else's.
    pub message_id: Option<String>,
}

/// With how many others a customer seems to live.
#[derive(Debug, Serialize)]
pub struct ExportedHousehold {
    pub key: String,
    pub rule: HouseholdRule,
    pub evidence: Option<String>,
    pub source: Option<SourceName>,
    /// `null` where too many share the evidence to be a household.
    pub n_others: Option<u64>,
    pub removed_at: Option<Time>,
    pub removed_by: Option<String>,
}

/// What somebody said by hand of the customer and an organisation.
#[derive(Debug, Serialize)]
pub struct ExportedPlace {
    pub account: String,
    pub is_member: bool,
    pub at: Time,
    pub by: String,
}

/// How many ordered because of the customer.
#[derive(Debug, Serialize)]
pub struct ExportedInfluence {
    pub version: u32,
    pub window_days: u32,
    pub estimate: Option<InfluenceEstimate>,
    pub not_estimable: Option<NotEstimable>,
}

/// That somebody was compared with the customer.
#[derive(Debug, Serialize)]
pub struct ExportedPair {
    pub id: String,
    pub state: PairState,
    pub probability: f64,
    pub weight: f64,
    pub found_at: Time,
    pub found_by: PairFoundBy,
    pub held_apart: Option<String>,
    pub fields: Vec<ExportedField>,
    pub decided_at: Option<Time>,
    pub decided_by: Option<String>,
}

/// What one comparison said.
#[derive(Debug, Serialize)]
pub struct ExportedField {
    pub name: String,
    /// The customer's own; two where both sides are the customer by now.
    pub values: Vec<String>,
    pub level: Option<String>,
    pub weight: f64,
}

impl ExportedRelations {
    fn of(told: RelationsTold, sources: &Sources) -> Self {
        let statements = told.statements.into_iter();
        let homes = told.homes.into_iter();
        Self {
            statements: statements.map(|one| ExportedStatement::of(one, sources)).collect(),
            referral_codes: told.codes.into_iter().map(ReferralCode::from).collect(),
            households: homes.map(|home| ExportedHousehold::of(home, sources)).collect(),
            account_decisions: told.places.into_iter().map(ExportedPlace::from).collect(),
            influence: ExportedInfluence {
                version: VERSION,
                window_days: told.influence.window_days,
                estimate: told.influence.estimate.as_ref().ok().map(|found| (*found).into()),
                not_estimable: told.influence.estimate.err().map(NotEstimable::from),
            },
        }
    }
}

impl ExportedStatement {
    fn of(one: StatementTold, sources: &Sources) -> Self {
        let (identifier, code) = match one.named {
            Reference::Identifier(identifier) => (Some(identifier.into()), None),
            Reference::Code(code) => (None, Some(code.into())),
        };
        Self {
            kind: one.kind.into(),
            is_acting: one.is_acting,
            is_own_word: one.is_own_word,
            identifier,
            code,
            at: one.at.into(),
            source: SourceName::of(one.source, sources),
            message_id: one.message_id,
        }
    }
}

impl ExportedHousehold {
    fn of(home: HomeTold, sources: &Sources) -> Self {
        let (removed_at, removed_by) = home.removed.unzip();
        Self {
            key: home.key.to_string(),
            rule: home.key.rule.into(),
            evidence: home.evidence,
            source: home.source.map(|id| SourceName::of(id, sources)),
            n_others: home.n_others,
            removed_at: Time::maybe(removed_at),
            removed_by,
        }
    }
}

impl From<PlaceTold> for ExportedPlace {
    fn from(place: PlaceTold) -> Self {
        let PlaceTold { account, is_member, at, by } = place;
        Self { account, is_member, at: at.into(), by }
    }
}

impl From<PairTold> for ExportedPair {
    fn from(pair: PairTold) -> Self {
        let field = |field: FieldTold| ExportedField {
            name: field.name,
            values: field.values,
            level: field.level,
            weight: field.weight,
        };
        Self {
            id: pair.id.to_string(),
            state: pair.state.into(),
            probability: pair.probability,
            weight: pair.weight,
            found_at: pair.found_at.into(),
            found_by: match pair.found_by {
                FoundBy::Run(_) => PairFoundBy::Run,
                FoundBy::NewRecord => PairFoundBy::NewRecord,
            },
            held_apart: pair.held_apart,
            fields: pair.fields.into_iter().map(field).collect(),
            decided_at: Time::maybe(pair.decided_at),
            decided_by: pair.decided_by,
        }
    }
}
