//! Which traits do customers have?

use super::REST_OF_TRAITS;
use super::properties::hides;
use super::search::{Found, search};
use crate::catalogue::Freshness;
use crate::engine::Engine;
use crate::traits::Sight;
use base::{CustomerId, Error};
use collect::plan::PropertyType;
use profile::{Fragments, Look, TraitRules};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use timeline::Scalar;

/// Profiles read at once.
const PAGE: usize = 1_000;
/// Pages read at most: with more customers than fit in, pages from all over them are read.
const PAGES_MAX: u64 = 10;
/// Values of one trait that are counted; with more of them none is an example.
const VALUES_MAX: usize = 200;
/// Examples of one trait at most.
const EXAMPLES_MAX: usize = 3;

/// A trait.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitFound {
    /// Its name; `a.b` is a part of an object.
    pub key: Box<str>,
    /// The type that most of its values have.
    pub kind: PropertyType,
    /// All types that its values have.
    pub types: BTreeSet<PropertyType>,
    /// How many of the customers who were looked at have it.
    pub n_customers: u64,
    /// The values of most of them, where it has not very many values.
    pub examples: Vec<String>,
}

/// The traits, and whom they were found with.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitsFound {
    /// Those that most customers have first.
    pub found: Found<TraitFound>,
    /// How many customers were looked at.
    pub n_looked_at: u64,
    /// Whether those were all customers.
    pub is_exact: bool,
}

/// What is known of the traits of all customers, or of many.
pub(super) struct Census {
    traits: Vec<TraitFound>,
    n_customers: u64,
    is_exact: bool,
}

impl Engine {
    /// The traits whose name contains `q`. What `sight` withholds is left out.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn catalogue_traits(
        &self,
        (q, limit): (&str, usize),
        sight: &Sight,
    ) -> Result<TraitsFound, Error> {
        let fresh = self.freshness();
        let fresh = Freshness { rest: fresh.rest * REST_OF_TRAITS, ..fresh };
        let kept = &self.shared.questions.catalogue.traits;
        let census = kept.get((), fresh, async || self.census().await).await?;
        let seen = census.traits.iter().filter(|found| !hides(sight, &found.key));
        let found = search(seen, (q, limit), |found| &found.key);
        Ok(TraitsFound {
            found: Found { items: found.items.into_iter().cloned().collect(), total: found.total },
            n_looked_at: census.n_customers,
            is_exact: census.is_exact,
        })
    }

    async fn census(&self) -> Result<Census, Error> {
        let state = &self.shared.state;
        let resting: BTreeSet<CustomerId> = state.suspended().await?.into_iter().collect();
        let rules = self.shared.traits.rules();
        let last = state.last_profile().await?.unwrap_or(CustomerId(0));
        let mut counts = Counts::default();
        let (mut after, mut is_exact) = (CustomerId(0), true);
        for k in 0..PAGES_MAX {
            let begin = CustomerId(last.0 / PAGES_MAX * k);
            is_exact &= begin <= after;
            after = after.max(begin);
            let page = state.profiles_after(after, PAGE).await?;
            let Some((to, _)) = page.last() else { break };
            after = *to;
            for (_, blob) in page.iter().filter(|(customer, _)| !resting.contains(customer)) {
                counts.add(blob, &rules);
            }
            // Reading profiles takes a while; others come in between.
            tokio::task::yield_now().await;
        }
        is_exact &= after >= last;
        Ok(Census { n_customers: counts.n_customers, traits: counts.found(), is_exact })
    }
}

/// Traits as they are counted.
#[derive(Default)]
struct Counts {
    n_customers: u64,
    by_name: BTreeMap<Box<str>, Count>,
}

struct Count {
    n: u64,
    types: BTreeMap<PropertyType, u64>,
    /// How many have which value; nothing any more once there were too many.
    values: Option<HashMap<Box<str>, u64>>,
}

impl Counts {
    /// A profile that cannot be read has no traits.
    fn add(&mut self, blob: &[u8], rules: &TraitRules) {
        self.n_customers += 1;
        let Ok(fragments) = Fragments::decode(blob) else { return };
        let look = Look::at(&fragments, rules);
        for name in fragments.trait_names() {
            match look.value(name) {
                Some(Value::Object(members)) => {
                    for (inside, value) in &members {
                        self.count(&format!("{name}.{inside}"), value);
                    }
                }
                Some(value) => self.count(name, &value),
                None => {}
            }
        }
    }

    fn count(&mut self, name: &str, value: &Value) {
        let Some(scalar) = Scalar::of(value) else { return };
        let count = self.by_name.entry(name.into()).or_insert_with(Count::new);
        count.n += 1;
        *count.types.entry(PropertyType::of_text(&value.to_string())).or_default() += 1;
        if let Some(values) = &mut count.values {
            *values.entry(Box::from(&*scalar.label())).or_default() += 1;
            if values.len() > VALUES_MAX {
                count.values = None;
            }
        }
    }

    fn found(self) -> Vec<TraitFound> {
        let found = |(key, count): (Box<str>, Count)| {
            let most = count.types.iter().max_by_key(|(_, n)| **n);
            let kind = most.map_or(PropertyType::String, |(of, _)| *of);
            let types = count.types.keys().copied().collect();
            TraitFound { key, kind, types, n_customers: count.n, examples: count.examples() }
        };
        let mut found: Vec<TraitFound> = self.by_name.into_iter().map(found).collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.n_customers));
        found
    }
}

impl Count {
    fn new() -> Self {
        Self { n: 0, types: BTreeMap::new(), values: Some(HashMap::new()) }
    }

    fn examples(self) -> Vec<String> {
        let mut values: Vec<(Box<str>, u64)> = self.values.into_iter().flatten().collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        values.into_iter().take(EXAMPLES_MAX).map(|(value, _)| value.into()).collect()
    }
}
