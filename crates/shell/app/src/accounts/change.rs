//! How do people say who belongs to an account, and which domains are its?

use crate::access::Actor;
use crate::engine::Engine;
use crate::relations::{Word, WordPlace};
use base::{AccountId, CustomerId, Error, ErrorKind, IdentifierId};

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
        let account = self.account_kept(id).await?.key;
        let wanted = relations::domain_of_site(domain);
        let domain = wanted.ok_or_else(|| {
            Error::new(ErrorKind::Invalid, format!("'{domain}' is no domain, such as acme.com"))
        })?;
        let target = id.to_string();
        let place = WordPlace::Domain { account, domain: domain.clone() };
        let words = vec![Word::new(place, Some((true, self.now(), actor)))];
        let audit = ("accounts.domain_claimed", (target.as_str(), domain.as_str()));
        self.say(actor, words, None, audit).await?;
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
        let account = self.account_kept(id).await?.key;
        let target = id.to_string();
        let place = WordPlace::Domain { account, domain: domain.to_owned() };
        let audit = ("accounts.domain_dropped", (target.as_str(), domain));
        self.say(actor, vec![Word::new(place, None)], None, audit).await?;
        Ok(())
    }

    /// Says that a customer belongs to an account, or that they do not.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn judge_member(
        &self,
        actor: &Actor,
        of: (AccountId, CustomerId),
        is_member: bool,
    ) -> Result<(), Error> {
        let action = if is_member { "accounts.member_added" } else { "accounts.member_put_away" };
        self.say_of_member(actor, of, Some(is_member), action).await
    }

    /// Takes back what was said of a customer as a member of an account.
    ///
    /// # Errors
    /// `NotFound` where nothing was said.
    pub async fn unjudge_member(
        &self,
        actor: &Actor,
        of: (AccountId, CustomerId),
    ) -> Result<(), Error> {
        self.say_of_member(actor, of, None, "accounts.member_decision_taken_back").await
    }

    async fn say_of_member(
        &self,
        actor: &Actor,
        (id, customer): (AccountId, CustomerId),
        is_member: Option<bool>,
        action: &str,
    ) -> Result<(), Error> {
        let account = self.account_kept(id).await?.key;
        let said = is_member.map(|is_member| (is_member, self.now(), actor));
        let word = |identifier| {
            Word::new(WordPlace::Member { account: account.clone(), identifier }, said)
        };
        let words = self.identifiers_of(customer).await?.into_iter().map(word).collect();
        let (target, detail) = (id.to_string(), customer.to_string());
        self.say(actor, words, None, (action, (&target, &detail))).await?;
        Ok(())
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

    /// What is agreed about accounts.
    #[must_use]
    pub fn account_rules(&self) -> &super::AccountRules {
        &self.shared.account_rules
    }
}
