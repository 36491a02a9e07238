//! How do decisions about who is who travel?

use super::scalar::{Identifier, SourceName, Time};
use super::word::LinkRule;
use crate::error::ApiError;
use app::edits as inner;
use app::sources::Sources;
use app::traits::Sight;
use base::CustomerId;
use lexicon::IdentifierKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody wants to be true; exactly one of `merge`, `withdraw`, `restore` and `part`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// These customers are one; at least two.
    #[schema(examples(json!(["c_0011", "c_0022"])))]
    pub merge: Option<Vec<String>>,
    /// These links should not count any more, as if they had never been.
    pub withdraw: Option<Vec<LinkName>>,
    /// These withdrawn links should count again.
    pub restore: Option<Vec<LinkName>>,
    /// These identifiers of one customer are somebody else.
    pub part: Option<Vec<NamedIdentifier>>,
    /// Why, for those who ask later; at most 500 characters.
    #[serde(default)]
    pub reason: String,
}

/// A value that points to a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedIdentifier {
    /// `user_id`, `anonymous_id`, `email`, `phone`, …
    pub kind: String,
    pub value: String,
}

/// Which link is meant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkName {
    pub a: NamedIdentifier,
    pub b: NamedIdentifier,
    pub rule: LinkRule,
}

impl NewDecision {
    /// What is wished for.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn wish(&self) -> Result<inner::Wish, ApiError> {
        let wishes = [
            self.merge.as_deref().map(merge),
            self.withdraw
                .as_deref()
                .map(|links| names("withdraw", links).map(inner::Wish::Withdraw)),
            self.restore.as_deref().map(|links| names("restore", links).map(inner::Wish::Restore)),
            self.part.as_deref().map(part),
        ];
        let mut wishes = wishes.into_iter().flatten();
        match (wishes.next(), wishes.next()) {
            (Some(wish), None) => wish,
            _ => {
                let message = "say exactly one of merge, withdraw, restore and part";
                Err(ApiError::field("merge", message))
            }
        }
    }
}

fn merge(ids: &[String]) -> Result<inner::Wish, ApiError> {
    let customer = |id: &String| {
        id.parse::<CustomerId>().map_err(|error| ApiError::field("merge", error.to_string()))
    };
    Ok(inner::Wish::Merge(ids.iter().map(customer).collect::<Result<_, _>>()?))
}

fn part(identifiers: &[NamedIdentifier]) -> Result<inner::Wish, ApiError> {
    let all = identifiers.iter().map(|identifier| identifier.read("part"));
    Ok(inner::Wish::Part(all.collect::<Result<_, _>>()?))
}

fn names(field: &str, links: &[LinkName]) -> Result<Vec<inner::LinkName>, ApiError> {
    let name = |link: &LinkName| {
        Ok(inner::LinkName {
            a: link.a.read(field)?,
            b: link.b.read(field)?,
            rule: link.rule.into(),
        })
    };
    links.iter().map(name).collect()
}

impl NamedIdentifier {
    /// The identifier that is meant.
    ///
    /// # Errors
    /// `Invalid` where the value stands for nobody.
    pub fn read(&self, field: &str) -> Result<lexicon::Identifier, ApiError> {
        let kind = IdentifierKind::from_slug(self.kind.trim());
        lexicon::Identifier::formed(kind, &self.value).ok_or_else(|| {
            let message = format!("{:?} is not of its kind's form", self.value);
            ApiError::field(field, message)
        })
    }
}

/// A decision about who is who, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decision {
    #[schema(examples("p_0960"))]
    pub id: String,
    pub at: Time,
    /// Who decided.
    pub by: String,
    pub reason: String,
    pub kind: DecisionKind,
    /// How many links it changed.
    pub n_changes: usize,
    /// The links that it changed, the first 20.
    pub links: Vec<DecidedLink>,
    /// The customers before and after it, the first 20.
    pub customers: Vec<DecidedCustomer>,
    /// How many customers it is about.
    pub n_customers: usize,
    /// Why it could not be carried out; `null` where it was.
    pub refusal: Option<String>,
    /// The decision that it took back.
    pub undoes: Option<String>,
    /// The decision that took it back.
    pub undone_by: Option<String>,
}

/// A link that a decision changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedLink {
    /// `null` where the identifier is gone.
    pub a: Option<Identifier>,
    pub b: Option<Identifier>,
    pub rule: LinkRule,
    /// Whether it counts since.
    pub counts: bool,
}

/// A customer whom a decision is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedCustomer {
    /// The number at the time of the decision.
    pub id: String,
    /// The number now; `null` where nobody is left.
    pub canonical_id: Option<String>,
    /// What they are called now.
    pub name: Option<String>,
}

/// What a decision did to links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Customers were joined.
    Merge,
    /// Customers who are alike enough were linked.
    Linkage,
    /// Links were withdrawn.
    Unmerge,
    /// Links count again.
    Restore,
}

impl Decision {
    /// The wire form of `told`, for somebody with this `sight`.
    pub fn of(told: inner::ToldDecision, sight: &Sight) -> Self {
        let told = sight.told(told);
        let customer = |told: inner::ToldCustomer| DecidedCustomer {
            id: told.id.to_string(),
            canonical_id: told.now.map(|now| now.to_string()),
            name: told.name,
        };
        let link = |link: inner::ToldLink| DecidedLink {
            a: link.a.map(Identifier::from),
            b: link.b.map(Identifier::from),
            rule: link.rule.into(),
            counts: link.counts,
        };
        let decided = told.decided;
        let kind = match decided.changes.first() {
            Some(inner::EditChange::Withdraw { .. }) => DecisionKind::Unmerge,
            Some(inner::EditChange::Restore { .. }) => DecisionKind::Restore,
            Some(inner::EditChange::Link { .. }) => DecisionKind::Linkage,
            Some(inner::EditChange::Join { .. }) | None => DecisionKind::Merge,
        };
        Self {
            id: decided.id.to_string(),
            at: decided.at.into(),
            by: decided.by,
            reason: decided.reason,
            kind,
            n_changes: decided.changes.len(),
            links: told.links.into_iter().map(link).collect(),
            customers: told.customers.into_iter().map(customer).collect(),
            n_customers: told.n_customers,
            refusal: decided.refusal,
            undoes: decided.undoes.map(|id| id.to_string()),
            undone_by: decided.undone_by.map(|id| id.to_string()),
        }
    }
}

/// What would be different if something were decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionPreview {
    /// The customers as they are.
    pub before: Vec<CustomerCard>,
    /// The customers as they would be.
    pub after: Vec<CustomerCard>,
    /// What customers who would become one say differently.
    pub conflicts: Vec<TraitConflict>,
    /// Whether nobody would move: other links hold the same customers together.
    pub is_without_effect: bool,
}

/// A customer in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerCard {
    pub id: String,
    pub name: Option<String>,
    pub identifiers: Vec<Identifier>,
    pub n_events: u64,
    pub n_orders: u64,
    pub first_seen: Option<Time>,
    pub last_seen: Option<Time>,
}

/// A trait of which several things are said.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraitConflict {
    pub name: String,
    /// The customer who would have it.
    pub customer_id: String,
    /// The value that would win.
    pub winner: serde_json::Value,
    /// What is said now.
    pub said: Vec<SaidOfTrait>,
}

/// What one customer's profile says of a trait.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaidOfTrait {
    pub customer_id: String,
    pub value: serde_json::Value,
    pub at: Time,
    pub source: SourceName,
}

impl DecisionPreview {
    /// The wire form of `preview`.
    pub fn of(preview: inner::Preview, sources: &Sources) -> Self {
        let conflict = |conflict: inner::TraitConflict| TraitConflict {
            name: conflict.name,
            customer_id: conflict.customer.to_string(),
            winner: conflict.winner,
            said: conflict.said.into_iter().map(|said| SaidOfTrait::of(said, sources)).collect(),
        };
        Self {
            before: preview.before.into_iter().map(CustomerCard::from).collect(),
            after: preview.after.into_iter().map(CustomerCard::from).collect(),
            conflicts: preview.conflicts.into_iter().map(conflict).collect(),
            is_without_effect: preview.is_without_effect,
        }
    }
}

impl SaidOfTrait {
    fn of(said: inner::SaidOfTrait, sources: &Sources) -> Self {
        Self {
            customer_id: said.customer.to_string(),
            value: said.value,
            at: said.at.into(),
            source: SourceName::of(said.source, sources),
        }
    }
}

impl From<inner::CustomerCard> for CustomerCard {
    fn from(card: inner::CustomerCard) -> Self {
        Self {
            id: card.id.to_string(),
            name: card.name,
            identifiers: card.identifiers.into_iter().map(Identifier::from).collect(),
            n_events: card.n_events,
            n_orders: card.n_orders,
            first_seen: Time::maybe(card.first_seen),
            last_seen: Time::maybe(card.last_seen),
        }
    }
}
