//! How does what people say by hand of who belongs where travel?

use super::scalar::Time;
use app::relations as inner;
use serde::Serialize;
use state::{HandChange, HandPlace, HandWord};
use utoipa::ToSchema;

/// What somebody said by hand, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaidByHand {
    /// Its place in the log.
    #[schema(examples("p_0960"))]
    pub id: String,
    pub at: Time,
    pub by: String,
    /// What it changed; one for each customer, domain or household.
    pub changes: Vec<ChangeByHand>,
    /// Why it could not be carried out; `null` where it was.
    pub refusal: Option<String>,
    /// The one that it took back.
    pub undoes: Option<String>,
    /// The one that took it back.
    pub undone_by: Option<String>,
}

/// What is said of something by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeByHand {
    pub about: AboutByHand,
    pub account_id: Option<String>,
    /// The customer as they go now.
    pub customer_id: Option<String>,
    pub domain: Option<String>,
    /// The key of the household.
    pub household: Option<String>,
    /// Whether they belong to it, whether it is claimed, whether they are taken out; `null` where
    /// nothing was said.
    pub before: Option<bool>,
    pub after: Option<bool>,
}

/// What a word by hand is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AboutByHand {
    /// Whether an account claims a domain.
    Domain,
    /// Whether somebody belongs to an account.
    Member,
    /// Whether somebody is taken out of a household.
    Household,
}

impl From<inner::SaidByHand> for SaidByHand {
    fn from(said: inner::SaidByHand) -> Self {
        let customer = |id| said.customers.get(&id).map(ToString::to_string);
        let changed = said.changes.iter().filter(|change| change.before != change.after);
        let mut changes: Vec<ChangeByHand> =
            changed.map(|change| ChangeByHand::of(change, customer)).collect();
        // One is kept for each identifier of a customer.
        changes.dedup();
        Self {
            id: said.row.id.to_string(),
            at: said.row.at.into(),
            by: said.row.by,
            changes,
            refusal: said.row.refusal,
            undoes: said.row.undoes.map(|id| id.to_string()),
            undone_by: said.row.undone_by.map(|id| id.to_string()),
        }
    }
}

impl ChangeByHand {
    fn of(change: &HandChange, customer: impl Fn(base::IdentifierId) -> Option<String>) -> Self {
        let is_so = |word: &Option<HandWord>| word.as_ref().map(|word| word.is_so);
        let bare = |about| Self {
            about,
            account_id: None,
            customer_id: None,
            domain: None,
            household: None,
            before: is_so(&change.before),
            after: is_so(&change.after),
        };
        match &change.place {
            HandPlace::Domain { account, domain } => Self {
                account_id: Some(account.to_string()),
                domain: Some(domain.clone()),
                ..bare(AboutByHand::Domain)
            },
            HandPlace::Member { account, identifier } => Self {
                account_id: Some(account.to_string()),
                customer_id: customer(*identifier),
                ..bare(AboutByHand::Member)
            },
            HandPlace::Household { household, identifier } => Self {
                household: Some(household.clone()),
                customer_id: customer(*identifier),
                ..bare(AboutByHand::Household)
            },
        }
    }
}
