//! How do people say who belongs to an account, and which domains are its?

use crate::access::{Actor, audit_line};
use crate::engine::Engine;
use base::{AccountId, CustomerId, Error, ErrorKind, IdentifierId};
use state::admin::Admin;
use state::{AccountDomainRow, AccountVerdictRow};

/// Domains that one account may claim by hand.
const DOMAINS_MAX: usize = 50;

impl Engine {
    /// Lets an account claim a domain.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` where it is no domain, `Limited` where there are too many.
    pub async fn claim_domain(
        &self,
        actor: &Actor,
        id: AccountId,
        domain: &str,
    ) -> Result<(), Error> {
        self.account_kept(id).await?;
        let wanted = relations::domain_of_site(domain);
        let domain = wanted.ok_or_else(|| {
            Error::new(ErrorKind::Invalid, format!("'{domain}' is no domain, such as acme.com"))
        })?;
        let claimed = self.shared.state.account_domains(id).await?;
        if claimed.len() >= DOMAINS_MAX {
            let message = format!("an account may claim at most {DOMAINS_MAX} domains");
            return Err(Error::new(ErrorKind::Limited, message));
        }
        let now = self.now();
        let row = AccountDomainRow {
            domain,
            account: id,
            origin: "hand".to_owned(),
            at: now,
            by: Some(actor.name.clone()),
        };
        let target = id.to_string();
        let line = audit_line(actor, "accounts.domain_claimed", (&target, &row.domain), now);
        self.admin().claim_domain(&row, &line).await?;
        Ok(())
    }

    /// Takes back that an account claims a domain by hand.
    ///
    /// # Errors
    /// `NotFound` where it did not, or does by a trait alone.
    pub async fn drop_domain(
        &self,
        actor: &Actor,
        id: AccountId,
        domain: &str,
    ) -> Result<(), Error> {
        let target = id.to_string();
        let line = audit_line(actor, "accounts.domain_dropped", (&target, domain), self.now());
        if self.admin().drop_domain((id, domain), &line).await? {
            return Ok(());
        }
        let message = format!("nobody has claimed '{domain}' for {id} by hand");
        Err(Error::new(ErrorKind::NotFound, message))
    }

    /// Says that a customer belongs to an account, or that they do not.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn judge_member(
        &self,
        actor: &Actor,
        (id, customer): (AccountId, CustomerId),
        is_member: bool,
    ) -> Result<(), Error> {
        self.account_kept(id).await?;
        let ids = self.identifiers_of(customer).await?;
        let now = self.now();
        let row = |identifier| AccountVerdictRow {
            account: id,
            identifier,
            is_member,
            at: now,
            by: actor.name.clone(),
        };
        let rows: Vec<AccountVerdictRow> = ids.into_iter().map(row).collect();
        let action = if is_member { "accounts.member_added" } else { "accounts.member_put_away" };
        let (target, detail) = (id.to_string(), customer.to_string());
        let line = audit_line(actor, action, (&target, &detail), now);
        Ok(self.admin().put_verdicts(&rows, &line).await?)
    }

    /// Takes back what was said of a customer as a member of an account.
    ///
    /// # Errors
    /// `NotFound` where nothing was said.
    pub async fn unjudge_member(
        &self,
        actor: &Actor,
        (id, customer): (AccountId, CustomerId),
    ) -> Result<(), Error> {
        let ids = self.identifiers_of(customer).await?;
        let (target, detail) = (id.to_string(), customer.to_string());
        let action = "accounts.member_decision_taken_back";
        let line = audit_line(actor, action, (&target, &detail), self.now());
        if self.admin().drop_verdicts(id, &ids, &line).await? {
            return Ok(());
        }
        let message = format!("nobody has said by hand whether {customer} belongs to {id}");
        Err(Error::new(ErrorKind::NotFound, message))
    }

    /// The identifiers that point to a customer now.
    pub(crate) async fn identifiers_of(
        &self,
        customer: CustomerId,
    ) -> Result<Vec<IdentifierId>, Error> {
        let customer = self.canonical(customer).await?;
        let clusters = self.shared.state.clusters(&[customer]).await?;
        Ok(clusters.identifiers.into_iter().map(|row| row.id).collect())
    }

    pub(crate) fn admin(&self) -> Admin {
        Admin::new(self.shared.state.db())
    }

    /// What is agreed about accounts.
    #[must_use]
    pub fn account_rules(&self) -> &super::AccountRules {
        &self.shared.account_rules
    }
}
