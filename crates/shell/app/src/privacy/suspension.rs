//! Whose data rest?
//!
//! A suspended customer's events are recorded as before and used for nothing: lists, counts and
//! permissions leave them out until somebody resumes.

use super::requests::request_number;
use crate::access::Actor;
use crate::engine::Engine;
use base::{CustomerId, Error, ErrorKind, IdentifierId, RequestId, Timestamp};
use state::SuspensionRow;

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 500;

/// That the data of a customer rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// The customer.
    pub customer: CustomerId,
    /// What they are called.
    pub name: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The request that it answers.
    pub request: Option<RequestId>,
}

impl Engine {
    /// The suspension of a customer, if there is one.
    ///
    /// # Errors
    /// `NotFound` where there is no such customer.
    pub async fn suspension(&self, customer: CustomerId) -> Result<Option<Suspension>, Error> {
        let customer = self.canonical(customer).await?;
        let row = self.shared.state.suspension(customer).await?;
        Ok(row.map(|row| suspension(row, None)))
    }

    /// Every suspension, the latest first.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn suspensions(&self) -> Result<Vec<Suspension>, Error> {
        let rows = self.shared.state.suspensions().await?;
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.customer).collect();
        let names = self.shared.state.customer_rows(&ids).await?;
        let named = rows.into_iter().zip(names);
        Ok(named.map(|(row, named)| suspension(row, named.and_then(|row| row.name))).collect())
    }

    /// Lets the data of a customer rest.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` where they rest already; `Invalid` for a reason that is too long.
    pub async fn suspend(
        &self,
        actor: &Actor,
        customer: CustomerId,
        reason: &str,
        request: Option<RequestId>,
    ) -> Result<Suspension, Error> {
        let customer = self.canonical(customer).await?;
        if reason.chars().count() > REASON_CHARS_MAX {
            let message = format!("the reason has more than {REASON_CHARS_MAX} characters");
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        if let Some(request) = request {
            self.privacy_request(request).await?;
        }
        if self.shared.state.suspension(customer).await?.is_some() {
            return Err(Error::new(ErrorKind::Conflict, "the customer is suspended already"));
        }
        let clusters = self.shared.state.clusters(&[customer]).await?;
        let ids: Vec<IdentifierId> = clusters.identifiers.iter().map(|row| row.id).collect();
        let row = SuspensionRow {
            customer,
            since: self.now(),
            by: actor.name.clone(),
            reason: reason.trim().to_owned(),
            request: request.map(request_number),
        };
        self.shared.state.suspend(&ids, &row).await?;
        self.shared.questions.catalogue.clear();
        self.audit_suspension(actor, customer, "customer.suspended").await?;
        Ok(suspension(row, None))
    }

    /// Lets the data of a customer be used again.
    ///
    /// # Errors
    /// `NotFound` where they do not rest.
    pub async fn resume(&self, actor: &Actor, customer: CustomerId) -> Result<(), Error> {
        let customer = self.canonical(customer).await?;
        if !self.shared.state.resume(customer).await? {
            return Err(Error::new(ErrorKind::NotFound, "the customer is not suspended"));
        }
        self.shared.questions.catalogue.clear();
        self.audit_suspension(actor, customer, "customer.resumed").await
    }

    async fn audit_suspension(
        &self,
        actor: &Actor,
        customer: CustomerId,
        action: &str,
    ) -> Result<(), Error> {
        let target = customer.to_string();
        self.shared.access.audit(actor, action, (&target, ""), self.now()).await
    }
}

fn suspension(row: SuspensionRow, name: Option<String>) -> Suspension {
    Suspension {
        customer: row.customer,
        name,
        since: row.since,
        by: row.by,
        reason: row.reason,
        request: row.request.map(RequestId::from_sql),
    }
}
