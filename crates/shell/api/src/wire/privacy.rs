//! How do requests of customers, suspensions and what is agreed about keeping events travel?

use super::scalar::{SourceName, Time};
use super::word::{EventKind, RequestKind, RequestStatus};
use crate::error::ApiError;
use app::privacy as inner;
use app::sources::Sources;
use base::{CustomerId, RequestId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a customer asked for about their data.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrivacyRequest {
    #[schema(examples("q_0001"))]
    pub id: String,
    pub kind: RequestKind,
    pub status: RequestStatus,
    /// `null` while nobody has found out who it is.
    pub customer_id: Option<String>,
    pub customer_name: Option<String>,
    /// Where the answer goes.
    pub contact: Option<String>,
    pub note: String,
    pub received_at: Time,
    pub due_at: Time,
    /// Whether it was given more time.
    pub is_extended: bool,
    pub extension_reason: String,
    pub is_overdue: bool,
    /// Negative when late; `null` when closed.
    pub days_left: Option<i64>,
    /// Who worked at it last.
    pub handled_by: Option<String>,
    pub created_by: String,
    pub created_at: Time,
    pub closed_at: Option<Time>,
    /// What was done, or why nothing was.
    pub outcome: String,
    /// The erasure that answered it.
    pub erasure_id: Option<String>,
}

impl From<inner::PrivacyRequest> for PrivacyRequest {
    fn from(request: inner::PrivacyRequest) -> Self {
        let inner::PrivacyRequest { id, row, customer_name, is_overdue, days_left } = request;
        let kind = inner::RequestKind::from_slug(&row.kind);
        let status = inner::RequestStatus::from_slug(&row.status);
        Self {
            id: id.to_string(),
            kind: kind.unwrap_or(inner::RequestKind::Access).into(),
            status: status.unwrap_or(inner::RequestStatus::Open).into(),
            customer_id: row.customer.map(|id| id.to_string()),
            customer_name,
            contact: row.contact,
            note: row.note,
            received_at: row.received_at.into(),
            due_at: row.due_at.into(),
            is_extended: !row.extension_reason.is_empty(),
            extension_reason: row.extension_reason,
            is_overdue,
            days_left,
            handled_by: row.handled_by,
            created_by: row.created_by,
            created_at: row.created_at.into(),
            closed_at: Time::maybe(row.closed_at),
            outcome: row.outcome,
            erasure_id: row.erasure.map(|id| id.to_string()),
        }
    }
}

/// How many requests there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrivacyRequestSummary {
    pub n_open: u64,
    pub n_overdue: u64,
    /// Due within a week.
    pub n_due_soon: u64,
    pub n_closed: u64,
    pub next_due_at: Option<Time>,
}

impl From<inner::RequestSummary> for PrivacyRequestSummary {
    fn from(summary: inner::RequestSummary) -> Self {
        Self {
            n_open: summary.n_open,
            n_overdue: summary.n_overdue,
            n_due_soon: summary.n_due_soon,
            n_closed: summary.n_closed,
            next_due_at: Time::maybe(summary.next_due_at),
        }
    }
}

/// A request that came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrivacyRequest {
    pub kind: RequestKind,
    pub customer_id: Option<String>,
    pub contact: Option<String>,
    #[serde(default)]
    pub note: String,
    /// Now where nothing is said.
    pub received_at: Option<Time>,
}

impl NewPrivacyRequest {
    /// What is to be put down.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn read(self) -> Result<inner::NewRequest, ApiError> {
        Ok(inner::NewRequest {
            kind: self.kind.into(),
            customer: customer(self.customer_id.as_deref())?,
            contact: self.contact,
            note: self.note,
            received_at: self.received_at.map(|at| moment("received_at", &at)).transpose()?,
        })
    }
}

/// What is to be different about a request; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivacyRequestChange {
    pub status: Option<RequestStatus>,
    pub customer_id: Option<String>,
    pub contact: Option<String>,
    pub note: Option<String>,
    /// Needed where a request is refused.
    pub outcome: Option<String>,
    /// Moves the day on which it is due to 90 days after it came, once.
    pub extension_reason: Option<String>,
}

impl PrivacyRequestChange {
    /// What is to change.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn read(self) -> Result<inner::RequestChange, ApiError> {
        Ok(inner::RequestChange {
            status: self.status.map(Into::into),
            customer: customer(self.customer_id.as_deref())?,
            contact: self.contact,
            note: self.note,
            outcome: self.outcome,
            extension_reason: self.extension_reason,
        })
    }
}

/// That the data of a customer rest: they are kept, and used for nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suspension {
    pub customer_id: String,
    /// In the list of all.
    pub customer_name: Option<String>,
    pub since: Time,
    pub by: String,
    pub reason: String,
    pub request_id: Option<String>,
}

impl From<inner::Suspension> for Suspension {
    fn from(suspension: inner::Suspension) -> Self {
        Self {
            customer_id: suspension.customer.to_string(),
            customer_name: suspension.name,
            since: suspension.since.into(),
            by: suspension.by,
            reason: suspension.reason,
            request_id: suspension.request.map(|id| id.to_string()),
        }
    }
}

/// Why data are to rest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSuspension {
    /// At most 500 characters.
    #[serde(default)]
    pub reason: String,
    pub request_id: Option<String>,
}

/// How long events of a kind, or of a name, are kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// `null` where the rule is about a name.
    pub kind: Option<EventKind>,
    /// `null` where the rule is about a kind.
    pub name: Option<String>,
    pub days: u32,
}

impl From<&inner::RetentionRule> for RetentionRule {
    fn from(rule: &inner::RetentionRule) -> Self {
        Self { kind: rule.kind.map(Into::into), name: rule.name.clone(), days: rule.days }
    }
}

impl From<RetentionRule> for inner::RetentionRule {
    fn from(rule: RetentionRule) -> Self {
        Self { kind: rule.kind.map(Into::into), name: rule.name, days: rule.days }
    }
}

/// What is agreed about how long events are kept. A rule about a name beats one about a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRules {
    pub version: u64,
    pub rules: Vec<RetentionRule>,
    pub changed_at: Option<Time>,
    pub changed_by: Option<String>,
    /// What the last run took away.
    pub last_run: Option<RetentionRun>,
}

impl From<&inner::RetentionRules> for RetentionRules {
    fn from(rules: &inner::RetentionRules) -> Self {
        Self {
            version: rules.version,
            rules: rules.rules.iter().map(RetentionRule::from).collect(),
            changed_at: Time::maybe(rules.changed_at),
            changed_by: rules.changed_by.clone(),
            last_run: rules.last_run.map(|run| RetentionRun {
                at: run.at.into(),
                n_events: run.n_events,
                n_files: run.n_files,
                n_log_entries: run.n_log_entries,
            }),
        }
    }
}

/// What a run of the rules took away.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRun {
    pub at: Time,
    pub n_events: u64,
    /// Files that were written anew.
    pub n_files: u64,
    /// Entries of the log that were written anew.
    pub n_log_entries: u64,
}

/// Other rules.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionChange {
    /// The version that was looked at.
    pub version: u64,
    pub rules: Vec<RetentionRule>,
}

/// Rules to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionTrial {
    pub rules: Vec<RetentionRule>,
}

/// How much would go.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionPreview {
    pub n_events_now: u64,
    pub n_events_go: u64,
    pub rules: Vec<RetentionPreviewRule>,
    pub at: Time,
}

/// How much would go by one rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionPreviewRule {
    pub kind: Option<EventKind>,
    pub name: Option<String>,
    pub days: u32,
    pub n_go: u64,
    pub oldest_at: Option<Time>,
}

impl From<inner::RetentionPreview> for RetentionPreview {
    fn from(preview: inner::RetentionPreview) -> Self {
        let rule = |(rule, n_go, oldest): (inner::RetentionRule, u64, Option<Timestamp>)| {
            let RetentionRule { kind, name, days } = RetentionRule::from(&rule);
            RetentionPreviewRule { kind, name, days, n_go, oldest_at: Time::maybe(oldest) }
        };
        Self {
            n_events_now: preview.n_events_now,
            n_events_go: preview.n_events_go,
            rules: preview.by_rule.into_iter().map(rule).collect(),
            at: preview.at.into(),
        }
    }
}

/// Who agreed to what, in numbers of customers, by what stands now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentReport {
    pub at: Time,
    pub n_customers: u64,
    /// Of whom no answer is known.
    pub n_silent: u64,
    /// Whose data rest; they are in no other number.
    pub n_suspended: u64,
    pub items: Vec<ConsentStanding>,
}

/// The answers about one purpose on one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentStanding {
    pub purpose: String,
    pub channel: String,
    pub n_granted: u64,
    pub n_pending: u64,
    pub n_denied: u64,
    /// Of those who agreed: who confirmed that it was they.
    pub n_confirmed: u64,
    /// Of those who agreed: of whom no text is known that they agreed to.
    pub n_without_text: u64,
    pub texts: Vec<ConsentText>,
    pub sources: Vec<ConsentSource>,
    pub oldest_at: Option<Time>,
    pub latest_at: Option<Time>,
}

/// The answers about one text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentText {
    /// `null` where none was told.
    pub text_version: Option<String>,
    pub n_granted: u64,
    pub n_pending: u64,
    pub n_denied: u64,
    pub first_at: Option<Time>,
    pub last_at: Option<Time>,
}

/// Answers that came from one source.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentSource {
    pub source: SourceName,
    pub n: u64,
}

impl ConsentReport {
    /// The wire form of `report`.
    pub fn of(report: &inner::ConsentReport, sources: &Sources) -> Self {
        Self {
            at: report.at.into(),
            n_customers: report.n_customers,
            n_silent: report.n_silent,
            n_suspended: report.n_suspended,
            items: report.items.iter().map(|item| standing(item, sources)).collect(),
        }
    }
}

fn standing(item: &inner::ConsentStanding, sources: &Sources) -> ConsentStanding {
    let text = |text: &inner::TextStanding| ConsentText {
        text_version: text.text_version.clone(),
        n_granted: text.n_granted,
        n_pending: text.n_pending,
        n_denied: text.n_denied,
        first_at: Time::maybe(text.first_at),
        last_at: Time::maybe(text.last_at),
    };
    let source =
        |&(id, n): &(base::SourceId, u64)| ConsentSource { source: SourceName::of(id, sources), n };
    ConsentStanding {
        purpose: item.purpose.clone(),
        channel: item.channel.clone(),
        n_granted: item.n_granted,
        n_pending: item.n_pending,
        n_denied: item.n_denied,
        n_confirmed: item.n_confirmed,
        n_without_text: item.n_without_text,
        texts: item.texts.iter().map(text).collect(),
        sources: item.sources.iter().map(source).collect(),
        oldest_at: Time::maybe(item.oldest_at),
        latest_at: Time::maybe(item.latest_at),
    }
}

/// The customer in a field, where there is one.
pub(crate) fn customer(text: Option<&str>) -> Result<Option<CustomerId>, ApiError> {
    let parse = |text: &str| {
        let id = text.parse::<CustomerId>();
        id.map_err(|error| ApiError::field("customer_id", error.to_string()))
    };
    text.filter(|text| !text.is_empty()).map(parse).transpose()
}

/// The request in a field, where there is one.
pub(crate) fn request(text: Option<&str>) -> Result<Option<RequestId>, ApiError> {
    let parse = |text: &str| {
        let id = text.parse::<RequestId>();
        id.map_err(|error| ApiError::field("request_id", error.to_string()))
    };
    text.filter(|text| !text.is_empty()).map(parse).transpose()
}

fn moment(field: &str, time: &Time) -> Result<Timestamp, ApiError> {
    Timestamp::parse(&time.0)
        .ok_or_else(|| ApiError::field(field, "must be a time like 2026-11-21T09:30:00Z"))
}
