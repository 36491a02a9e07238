//! Who asked for what, who works at it, and by when must they have an answer?

use crate::access::Actor;
use crate::engine::Engine;
use crate::page::{Page, PageQuery, cursor_of};
use base::{CustomerId, Duration, Error, ErrorKind, RequestId, Timestamp};
use state::{RequestFilter, RequestRow, RequestSummary};

/// Days in which a request must be answered (GDPR, article 12 (3): one month).
const DUE_DAYS: i64 = 30;
/// The same for one that was extended (two months more).
const EXTENDED_DAYS: i64 = 90;
/// Days before the end from which on a request is due soon.
const SOON_DAYS: i64 = 7;
/// The oldest request that may be put down, in days.
const AGE_DAYS_MAX: i64 = 400;
/// Characters of a text.
const CHARS_MAX: usize = 2_000;

/// What a customer may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// To be told what is known.
    Access,
    /// To be forgotten.
    Erasure,
    /// To have the use of their data rest.
    Restriction,
    /// To have something corrected.
    Rectification,
    /// Not to be written to, or not to be profiled.
    Objection,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Access, Self::Erasure, Self::Restriction, Self::Rectification, Self::Objection];

    /// The kind as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Rectification => "rectification",
            Self::Objection => "objection",
        }
    }

    /// The kind written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// How far a request has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestStatus {
    /// Nobody has begun.
    Open,
    /// Somebody works at it.
    InProgress,
    /// It was answered as it was asked.
    Done,
    /// It was answered otherwise, with the reason.
    Refused,
}

impl RequestStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Open, Self::InProgress, Self::Done, Self::Refused];

    /// The status as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// The status written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.slug() == slug)
    }

    fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Refused)
    }
}

/// A request as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivacyRequest {
    /// Which request.
    pub id: RequestId,
    /// What is kept of it.
    pub row: RequestRow,
    /// What the customer is called.
    pub customer_name: Option<String>,
    /// Whether it is open and late.
    pub is_overdue: bool,
    /// Days until it is due, negative when late; `None` where it is closed.
    pub days_left: Option<i64>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// What is asked for.
    pub kind: RequestKind,
    /// Who it is, where that is known.
    pub customer: Option<CustomerId>,
    /// Where the answer goes.
    pub contact: Option<String>,
    /// What was said along with it.
    pub note: String,
    /// When it came; now where nothing is said.
    pub received_at: Option<Timestamp>,
}

/// What is to be different about a request; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct RequestChange {
    /// How far it has got.
    pub status: Option<RequestStatus>,
    /// Who it is.
    pub customer: Option<CustomerId>,
    /// Where the answer goes.
    pub contact: Option<String>,
    /// What was said along with it.
    pub note: Option<String>,
    /// What was done, or why nothing was.
    pub outcome: Option<String>,
    /// Why it takes longer: moves the day on which it is due.
    pub extension_reason: Option<String>,
}

/// Which requests are asked for; empty means any.
#[derive(Clone, Debug, Default)]
pub struct RequestQuery {
    /// Of these kinds.
    pub kinds: Vec<RequestKind>,
    /// In these states.
    pub statuses: Vec<RequestStatus>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
}

/// A request's number as the tables keep it.
pub(super) fn request_number(id: RequestId) -> i64 {
    id.to_sql()
}

impl Engine {
    /// A request.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn privacy_request(&self, id: RequestId) -> Result<PrivacyRequest, Error> {
        let row = self.shared.state.privacy_request(id.to_sql()).await?;
        let missing = || Error::new(ErrorKind::NotFound, format!("there is no request {id}"));
        Ok(self.requests_of(vec![row.ok_or_else(missing)?]).await?.remove(0))
    }

    /// Requests: the open ones first, the one due first on top, then the closed ones.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn privacy_requests(
        &self,
        query: &RequestQuery,
        page: &PageQuery,
    ) -> Result<Page<PrivacyRequest>, Error> {
        let offset = page.place::<usize>()?.unwrap_or(0);
        let filter = RequestFilter {
            kinds: query.kinds.iter().map(|kind| kind.slug().to_owned()).collect(),
            statuses: query.statuses.iter().map(|status| status.slug().to_owned()).collect(),
            customer: query.customer,
        };
        let state = &self.shared.state;
        let mut rows = state.privacy_requests(&filter, (offset, page.limit + 1)).await?;
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = has_more.then(|| cursor_of(&(offset + page.limit)));
        Ok(Page { items: self.requests_of(rows).await?, next })
    }

    /// How many requests there are, and when the next is due.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn privacy_request_summary(&self) -> Result<RequestSummary, Error> {
        let now = self.now();
        let soon = now.plus(Duration::hours(24 * SOON_DAYS));
        Ok(self.shared.state.privacy_request_summary((now, soon)).await?)
    }

    /// Puts down a request that came.
    ///
    /// # Errors
    /// `Invalid` with what is wrong; `NotFound` where there is no such customer.
    pub async fn create_privacy_request(
        &self,
        actor: &Actor,
        new: NewRequest,
    ) -> Result<PrivacyRequest, Error> {
        let now = self.now();
        let received_at = new.received_at.unwrap_or(now);
        if received_at > now || received_at < now.minus(Duration::hours(24 * AGE_DAYS_MAX)) {
            let message = format!("a request came between {AGE_DAYS_MAX} days ago and now");
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        check_texts(&[new.contact.as_deref().unwrap_or(""), &new.note])?;
        let customer = match new.customer {
            Some(customer) => Some(self.canonical(customer).await?),
            None => None,
        };
        let row = RequestRow {
            id: 0,
            kind: new.kind.slug().to_owned(),
            status: RequestStatus::Open.slug().to_owned(),
            is_closed: false,
            customer,
            contact: new.contact.filter(|contact| !contact.trim().is_empty()),
            note: new.note.trim().to_owned(),
            received_at,
            due_at: received_at.plus(Duration::hours(24 * DUE_DAYS)),
            extension_reason: String::new(),
            handled_by: None,
            created_by: actor.name.clone(),
            created_at: now,
            closed_at: None,
            outcome: String::new(),
            erasure: None,
        };
        let row = self.shared.state.create_privacy_request(row).await?;
        self.audit_request(actor, &row, "privacy_request.created").await?;
        Ok(self.requests_of(vec![row]).await?.remove(0))
    }

    /// Changes a request, or closes it.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` with what is wrong; `Conflict` where it was extended before.
    pub async fn change_privacy_request(
        &self,
        actor: &Actor,
        id: RequestId,
        change: RequestChange,
    ) -> Result<PrivacyRequest, Error> {
        let mut row = self.privacy_request(id).await?.row;
        let texts = [&change.contact, &change.note, &change.outcome, &change.extension_reason];
        check_texts(&texts.map(|text| text.as_deref().unwrap_or("")))?;
        if let Some(customer) = change.customer {
            row.customer = Some(self.canonical(customer).await?);
        }
        if let Some(contact) = change.contact {
            row.contact = Some(contact).filter(|contact| !contact.trim().is_empty());
        }
        row.note = change.note.unwrap_or(row.note);
        row.outcome = change.outcome.unwrap_or(row.outcome);
        if let Some(reason) = change.extension_reason {
            extend(&mut row, &reason)?;
        }
        if let Some(status) = change.status {
            turn(&mut row, status, self.now())?;
        }
        row.handled_by = Some(actor.name.clone());
        self.shared.state.put_privacy_request(&row).await?;
        self.audit_request(actor, &row, "privacy_request.changed").await?;
        Ok(self.requests_of(vec![row]).await?.remove(0))
    }

    /// The audit log says by number which request it was, and nothing of what was written.
    async fn audit_request(
        &self,
        actor: &Actor,
        row: &RequestRow,
        action: &str,
    ) -> Result<(), Error> {
        let target = RequestId::from_sql(row.id).to_string();
        let detail = format!("{}: {}", row.kind, row.status);
        self.shared.access.audit(actor, action, (&target, &detail), self.now()).await
    }

    async fn requests_of(&self, rows: Vec<RequestRow>) -> Result<Vec<PrivacyRequest>, Error> {
        let now = self.now();
        let ids: Vec<CustomerId> = rows.iter().filter_map(|row| row.customer).collect();
        let named = self.shared.state.customer_rows(&ids).await?;
        let name_of = |customer: CustomerId| {
            let rows = named.iter().flatten();
            rows.into_iter().find(|row| row.id == customer).and_then(|row| row.name.clone())
        };
        let request = |row: RequestRow| {
            let left = row.due_at.0 - now.0;
            PrivacyRequest {
                id: RequestId::from_sql(row.id),
                customer_name: row.customer.and_then(name_of),
                is_overdue: !row.is_closed && left < 0,
                days_left: (!row.is_closed).then(|| left.div_euclid(Duration::hours(24).0)),
                row,
            }
        };
        Ok(rows.into_iter().map(request).collect())
    }
}

fn check_texts(texts: &[&str]) -> Result<(), Error> {
    if texts.iter().all(|text| text.chars().count() <= CHARS_MAX) {
        return Ok(());
    }
    let message = format!("a text has more than {CHARS_MAX} characters");
    Err(Error::new(ErrorKind::Invalid, message))
}

fn extend(row: &mut RequestRow, reason: &str) -> Result<(), Error> {
    if reason.trim().is_empty() {
        return Err(Error::new(ErrorKind::Invalid, "an extension needs a reason"));
    }
    if !row.extension_reason.is_empty() {
        return Err(Error::new(ErrorKind::Conflict, "the request was extended before"));
    }
    row.extension_reason = reason.trim().to_owned();
    row.due_at = row.received_at.plus(Duration::hours(24 * EXTENDED_DAYS));
    Ok(())
}

fn turn(row: &mut RequestRow, status: RequestStatus, now: Timestamp) -> Result<(), Error> {
    if status == RequestStatus::Refused && row.outcome.trim().is_empty() {
        let message = "a request is refused with an outcome that says why";
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    row.status = status.slug().to_owned();
    row.is_closed = status.is_closed();
    row.closed_at = row.is_closed.then_some(now);
    Ok(())
}
