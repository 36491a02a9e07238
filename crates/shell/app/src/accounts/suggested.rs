//! Who may belong to an account, by the domain of their address?

use super::AccountTraits;
use crate::engine::Engine;
use base::{AccountId, CustomerId, Error, IdentifierId, Timestamp};
use lexicon::{Identifier, LinkRule};
use state::{AccountVerdictRow, CustomerRow};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Suggestions that an account's page names.
const SUGGESTED_SHOWN: usize = 50;
/// Addresses of one domain that are looked at.
const ADDRESSES_MAX: usize = 1_000;
/// People put away whom the page names.
const DISMISSED_SHOWN: usize = 50;

/// A domain that an account claims.
#[derive(Clone, Debug)]
pub struct ClaimedDomain {
    /// The domain.
    pub name: String,
    /// Whether a trait of the account names it.
    pub is_told: bool,
    /// Who claimed it by hand.
    pub by: Option<String>,
    /// Since when.
    pub at: Timestamp,
    /// Whether addresses of it say nothing about an organisation.
    pub is_free_mail: bool,
    /// Other accounts that claim it as well.
    pub rivals: Vec<Rival>,
}

/// Another account that claims a domain.
#[derive(Clone, Debug)]
pub struct Rival {
    /// The account.
    pub id: AccountId,
    /// Its name, else its key.
    pub name: String,
}

/// Somebody who may belong to an account.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// Their line in lists.
    pub row: CustomerRow,
    /// The address that says so.
    pub address: Identifier,
    /// The domain that the account claims.
    pub domain: String,
    /// Whether the address was shown to be theirs.
    pub is_verified: bool,
}

/// An address of a claimed domain.
struct Found {
    identifier: IdentifierId,
    domain: String,
}

impl Engine {
    pub(super) async fn domains_of(
        &self,
        id: AccountId,
        traits: &AccountTraits,
    ) -> Result<Vec<ClaimedDomain>, Error> {
        let settings = self.shared.account_rules.settings();
        let claim = |name: &str, at| ClaimedDomain {
            name: name.to_owned(),
            is_told: false,
            by: None,
            at,
            is_free_mail: settings.free_mail.includes(name),
            rivals: Vec::new(),
        };
        let mut found: BTreeMap<String, ClaimedDomain> = BTreeMap::new();
        for row in self.shared.state.account_domains(id).await? {
            let domain = found.entry(row.domain.clone());
            let domain = domain.or_insert_with(|| claim(&row.domain, row.at));
            domain.at = domain.at.min(row.at);
            domain.is_told |= row.origin == "trait";
            domain.by = domain.by.take().or(row.by);
        }
        for (name, at) in traits.domains() {
            found.entry(name.clone()).or_insert_with(|| claim(&name, at)).is_told = true;
        }
        let names: Vec<&str> = found.keys().map(String::as_str).collect();
        let mut rivals = self.rivals(id, &names).await?;
        let mut domains: Vec<ClaimedDomain> = found.into_values().collect();
        for domain in &mut domains {
            domain.rivals = rivals.remove(&domain.name).unwrap_or_default();
        }
        Ok(domains)
    }

    /// Which other accounts claim these domains.
    async fn rivals(
        &self,
        id: AccountId,
        domains: &[&str],
    ) -> Result<HashMap<String, Vec<Rival>>, Error> {
        let claims = self.shared.state.domain_claims(domains).await?;
        let others: BTreeSet<(String, AccountId)> = claims
            .into_iter()
            .filter(|claim| claim.account != id)
            .map(|claim| (claim.domain, claim.account))
            .collect();
        let ids: Vec<AccountId> = others.iter().map(|(_, account)| *account).collect();
        let rows = self.shared.state.accounts(&ids).await?;
        let mut rivals: HashMap<String, Vec<Rival>> = HashMap::new();
        for ((domain, id), row) in others.into_iter().zip(rows) {
            let Some(row) = row else { continue };
            let name = row.name.unwrap_or(row.key);
            rivals.entry(domain).or_default().push(Rival { id, name });
        }
        Ok(rivals)
    }

    /// Up to 50 people with an address of these domains of whom nobody has said anything yet, and
    /// whether there are more.
    pub(super) async fn suggested_for(
        &self,
        id: AccountId,
        domains: &[ClaimedDomain],
        verdicts: &[(AccountVerdictRow, CustomerId)],
    ) -> Result<(Vec<Suggestion>, bool), Error> {
        let state = &self.shared.state;
        let mut found: BTreeMap<CustomerId, Found> = BTreeMap::new();
        for domain in domains.iter().filter(|domain| !domain.is_free_mail) {
            for (identifier, customer) in
                state.emails_of_domain(&domain.name, ADDRESSES_MAX).await?
            {
                let domain = domain.name.clone();
                found.entry(customer).or_insert(Found { identifier, domain });
            }
        }
        for (_, customer) in verdicts {
            found.remove(customer);
        }
        let candidates: Vec<CustomerId> = found.keys().copied().collect();
        for member in state.members_among(id, &candidates).await? {
            found.remove(&member);
        }
        let has_more = found.len() > SUGGESTED_SHOWN;
        let shown: BTreeMap<CustomerId, Found> = found.into_iter().take(SUGGESTED_SHOWN).collect();
        Ok((self.suggestions(shown).await?, has_more))
    }

    async fn suggestions(
        &self,
        found: BTreeMap<CustomerId, Found>,
    ) -> Result<Vec<Suggestion>, Error> {
        let state = &self.shared.state;
        let ids: Vec<IdentifierId> = found.values().map(|found| found.identifier).collect();
        let addresses = state.identifiers_by_id(&ids).await?;
        let addresses: HashMap<IdentifierId, Identifier> =
            addresses.into_iter().flatten().map(|row| (row.id, row.identifier)).collect();
        let verified = self.verified(&ids).await?;
        let customers: Vec<CustomerId> = found.keys().copied().collect();
        let profiles = self.profiles_shown(&customers).await?;
        let rows = state.customer_rows(&customers).await?.into_iter().flatten();
        let suggestion = |row: CustomerRow| {
            let found = found.get(&row.id)?;
            let address = addresses.get(&found.identifier)?.clone();
            let email = profiles.get(&row.id)?.traits.iter().find(|t| t.name == "email");
            let is_confirmed = email.is_some_and(|email| {
                let value = email.value.as_str().unwrap_or_default();
                email.is_verified && value.trim().eq_ignore_ascii_case(&address.value)
            });
            let is_verified = is_confirmed || verified.contains(&found.identifier);
            Some(Suggestion { address, domain: found.domain.clone(), is_verified, row })
        };
        Ok(rows.filter_map(suggestion).collect())
    }

    /// Which of these addresses were shown to be their customer's own.
    async fn verified(&self, ids: &[IdentifierId]) -> Result<BTreeSet<IdentifierId>, Error> {
        let links = self.shared.state.links_touching(ids).await?;
        let counts = links.iter().filter(|l| l.rule == LinkRule::Verified && l.inert.is_none());
        Ok(counts.flat_map(|link| [link.a, link.b]).collect())
    }

    /// Whom somebody has said to be no members.
    pub(super) async fn dismissed(
        &self,
        verdicts: &[(AccountVerdictRow, CustomerId)],
    ) -> Result<Vec<CustomerRow>, Error> {
        let away = verdicts.iter().filter(|(verdict, _)| !verdict.is_member);
        let ids: BTreeSet<CustomerId> = away.map(|(_, customer)| *customer).collect();
        let ids: Vec<CustomerId> = ids.into_iter().take(DISMISSED_SHOWN).collect();
        Ok(self.shared.state.customer_rows(&ids).await?.into_iter().flatten().collect())
    }
}
