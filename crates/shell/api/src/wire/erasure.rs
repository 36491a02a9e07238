//! How do erasures travel?

use super::scalar::{Identifier, Time};
use super::word::{EraseReason, ErasureState};
use app::privacy as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is to be erased.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewErasure {
    pub customer_id: String,
    /// There is no room for words: nothing personal may stay. `request` where nothing is said.
    pub reason: Option<EraseReason>,
    /// The request that it answers.
    pub request_id: Option<String>,
}

/// Whose erasure is to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureTrial {
    pub customer_id: String,
}

/// What an erasure would take away.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasurePreview {
    pub customer_id: String,
    pub name: Option<String>,
    pub n_identifiers: u64,
    pub identifiers: Vec<ErasureIdentifier>,
    pub n_events: u64,
    pub n_orders: u64,
    /// Entries of the log that will be read.
    pub n_log_entries: u64,
    pub n_requests_open: u64,
    pub is_suspended: bool,
    pub n_decisions: u64,
    pub n_accounts: u64,
}

/// An identifier of who is to be erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureIdentifier {
    pub kind: String,
    pub value: String,
    /// Whether another customer has given it too: what they said of it stays.
    pub is_shared: bool,
}

impl From<inner::ErasurePreview> for ErasurePreview {
    fn from(preview: inner::ErasurePreview) -> Self {
        let identifier = |(identifier, is_shared): (lexicon::Identifier, bool)| {
            let Identifier { kind, value } = identifier.into();
            ErasureIdentifier { kind, value, is_shared }
        };
        Self {
            customer_id: preview.customer.to_string(),
            name: preview.name,
            n_identifiers: preview.identifiers.len() as u64,
            identifiers: preview.identifiers.into_iter().map(identifier).collect(),
            n_events: preview.n_events,
            n_orders: preview.n_orders,
            n_log_entries: preview.n_log_entries,
            n_requests_open: preview.n_requests_open,
            is_suspended: preview.is_suspended,
            n_decisions: preview.n_decisions,
            n_accounts: preview.n_accounts,
        }
    }
}

/// An erasure and how far it has got.
#[derive(Debug, Serialize, ToSchema)]
pub struct Erasure {
    #[schema(examples("p_0960"))]
    pub id: String,
    /// Points to nobody any more.
    pub customer_id: String,
    pub state: ErasureState,
    pub ordered_at: Time,
    pub ordered_by: String,
    pub reason: String,
    pub request_id: Option<String>,
    /// From when on nobody sees the customer.
    pub carried_out_at: Option<Time>,
    pub finished_at: Option<Time>,
    pub steps: Vec<ErasureStep>,
    /// Why a step is being tried again.
    pub trouble: Option<String>,
    pub n_identifiers: u64,
    pub tombstones: ErasureTombstones,
    /// SHA-256 in hexadecimal digits, when it is done.
    pub certificate_digest: Option<String>,
}

/// One step of an erasure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureStep {
    /// `tables`, `files`, `log`, `free_pages` or `verify`.
    pub name: String,
    pub words: String,
    /// `waiting`, `running` or `done`.
    pub state: String,
    pub n_done: u64,
    pub n_total: u64,
}

/// What keeps the identifiers from coming back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureTombstones {
    pub n: u64,
    /// How many of them files may bring back.
    pub n_lifted: u64,
    pub lifted_at: Option<Time>,
    pub lifted_by: Option<String>,
}

impl From<inner::Erasure> for Erasure {
    fn from(erasure: inner::Erasure) -> Self {
        let inner::Erasure { row, state, steps, n_tombstones } = erasure;
        let digest = row.certificate.as_deref().and_then(digest_of);
        let n_lifted = if row.lifted_at.is_some() { n_tombstones } else { 0 };
        Self {
            id: row.id.to_string(),
            customer_id: row.customer.to_string(),
            state: state.into(),
            ordered_at: row.ordered_at.into(),
            ordered_by: row.ordered_by,
            reason: row.reason,
            request_id: row.request.map(|id| base::RequestId::from_sql(id).to_string()),
            carried_out_at: Time::maybe(row.carried_out_at),
            finished_at: Time::maybe(row.finished_at),
            steps: steps.into_iter().map(ErasureStep::from).collect(),
            trouble: row.trouble.or(row.refusal),
            n_identifiers: row.n_identifiers,
            tombstones: ErasureTombstones {
                n: n_tombstones,
                n_lifted,
                lifted_at: Time::maybe(row.lifted_at),
                lifted_by: row.lifted_by,
            },
            certificate_digest: digest,
        }
    }
}

fn digest_of(certificate: &str) -> Option<String> {
    let document: serde_json::Value = serde_json::from_str(certificate).ok()?;
    Some(document["digest"].as_str()?.to_owned())
}

impl From<inner::StepView> for ErasureStep {
    fn from(view: inner::StepView) -> Self {
        let state = match view.is_over {
            Some(true) => "done",
            Some(false) => "running",
            None => "waiting",
        };
        Self {
            name: view.step.slug().to_owned(),
            words: view.step.words().to_owned(),
            state: state.to_owned(),
            n_done: view.n_done,
            n_total: view.n_total,
        }
    }
}

/// Whether somebody of this identifier was erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct TombstoneCheck {
    pub is_erased: bool,
    pub erased_at: Option<Time>,
    pub erasure_id: Option<String>,
    /// Whether files may bring them back.
    pub is_lifted: bool,
}

impl From<Option<inner::Tombstone>> for TombstoneCheck {
    fn from(tombstone: Option<inner::Tombstone>) -> Self {
        Self {
            is_erased: tombstone.is_some(),
            erased_at: tombstone.map(|tombstone| tombstone.erased_at.into()),
            erasure_id: tombstone.map(|tombstone| tombstone.erasure.to_string()),
            is_lifted: tombstone.is_some_and(|tombstone| tombstone.is_lifted),
        }
    }
}

/// What is remembered of everybody who was erased: keyed hashes, and no identifier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TombstoneList {
    pub tombstones: Vec<TombstoneDigest>,
}

/// What is remembered of one identifier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TombstoneDigest {
    pub digest: String,
    pub erased_at: Time,
}

/// Who was found and erased again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasedAgain {
    pub erasure_ids: Vec<String>,
}

/// What proves that a customer was erased. It names nobody.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    #[schema(examples("rapport.erasure/1"))]
    pub format: String,
    pub erasure_id: String,
    /// Which installation says so.
    pub installation: String,
    /// The number that the customer had.
    pub customer_id: String,
    pub ordered_at: Time,
    pub ordered_by: String,
    pub reason: String,
    /// From when on nobody saw the customer.
    pub carried_out_at: Time,
    pub finished_at: Time,
    /// What went, and how many of each.
    pub erased: Vec<CertifiedCount>,
    /// What stays, because it is about nobody.
    pub kept: Vec<CertifiedPlace>,
    pub verified: Verified,
    /// Identifiers that cannot come back.
    pub tombstones: u64,
    /// SHA-256 of this document without this field, as compact JSON with sorted keys.
    pub digest: String,
}

/// How much went from one place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertifiedCount {
    pub place: String,
    pub words: String,
    pub n: u64,
}

/// One place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertifiedPlace {
    pub place: String,
    pub words: String,
}

/// What was searched.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verified {
    pub at: Time,
    pub n_files: u64,
    pub n_bytes: u64,
    /// Spellings that were sought.
    pub n_needles: u64,
    pub n_found: u64,
    pub files: Vec<VerifiedFiles>,
    /// What a search cannot reach.
    pub not_covered: Vec<String>,
}

/// Files that were searched alike.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifiedFiles {
    pub path: String,
    pub how: String,
    pub n_files: u64,
    pub bytes: u64,
}
