//! What may a customer be told of comparisons with others?
//!
//! That there was one, how likely it seemed, what became of it, and which of their own values were
//! looked at. Of the other one nothing is told.

use super::pairs::{FoundBy, Pair, PairState, PairsQuery};
use crate::engine::Engine;
use crate::page::PageQuery;
use crate::traits::Sight;
use base::{CustomerId, Error, PairId, Timestamp};
use state::PairOrder;

/// Pairs that are read in one go.
const AT_ONCE: usize = 500;

/// That somebody else may be, or is not, the customer.
#[derive(Clone, Debug, PartialEq)]
pub struct PairTold {
    /// Which comparison.
    pub id: PairId,
    /// What became of it.
    pub state: PairState,
    /// That the two are one person, in [0, 1].
    pub probability: f64,
    /// The same in bits.
    pub weight: f64,
    /// When it was made.
    pub found_at: Timestamp,
    /// How it came to be made.
    pub found_by: FoundBy,
    /// Why identity would not join the two by itself.
    pub held_apart: Option<String>,
    /// What was compared.
    pub fields: Vec<FieldTold>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
}

/// What one comparison said.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldTold {
    /// What people call the field.
    pub name: String,
    /// The customer's own value; two where both sides are the customer by now.
    pub values: Vec<String>,
    /// How alike the two are, in words; `None` where one has no value.
    pub level: Option<String>,
    /// What it weighs, in bits.
    pub weight: f64,
}

impl Engine {
    /// Every comparison of a customer with somebody, the newest first.
    ///
    /// # Errors
    /// Whatever the state says.
    pub(crate) async fn pairs_told(&self, customer: CustomerId) -> Result<Vec<PairTold>, Error> {
        let mut query = PairsQuery {
            state: None,
            run: None,
            customer: Some(customer),
            order: PairOrder::Newest,
            page: PageQuery { limit: AT_ONCE, cursor: None },
        };
        let mut told = Vec::new();
        loop {
            let found = self.linkage_pairs(&query, &Sight::everything()).await?;
            told.extend(found.items.into_iter().map(|pair| PairTold::of(pair, customer)));
            match found.next {
                Some(next) => query.page.cursor = Some(next),
                None => return Ok(told),
            }
        }
    }
}

impl PairTold {
    fn of(pair: Pair, customer: CustomerId) -> Self {
        let is_own =
            [&pair.a, &pair.b].map(|side| side.as_ref().is_some_and(|card| card.id == customer));
        let fields = pair.evidence.fields.into_iter().map(|field| {
            let values = [field.a, field.b].into_iter().zip(is_own);
            FieldTold {
                name: field.name,
                values: values.filter_map(|(value, is_own)| value.filter(|_| is_own)).collect(),
                level: field.level,
                weight: field.weight,
            }
        });
        Self {
            id: pair.id,
            state: pair.state,
            probability: pair.probability,
            weight: pair.weight,
            found_at: pair.found_at,
            found_by: pair.found_by,
            held_apart: pair.held_apart,
            fields: fields.collect(),
            decided_at: pair.decided_at,
            decided_by: pair.decided_by,
        }
    }
}
