//! What do the events of each source look like, and where do they break their plan?

use crate::plan::{ObservedPlan, Violation};
use base::{Error, SourceId, Timestamp};
use collect::Observation;
use lexicon::{Event, Refusal, RefusalReason};
use serde::{Deserialize, Serialize};
use state::State;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Every event of a name is looked at until there were so many …
const ALL_UNTIL: u64 = 200;
/// … and then one in so many: a plan needs types, not every value.
const ONE_IN: u64 = 50;
/// Distinct violations kept per source.
const VIOLATIONS_MAX: usize = 200;

/// What is known of the events of all sources.
pub struct Observations(HashMap<SourceId, Observed>);

#[derive(Default)]
struct Observed {
    seen: Observation,
    violations: BTreeMap<ViolationKey, ViolationCount>,
    n_by_name: HashMap<Box<str>, u64>,
    is_changed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct ViolationKey {
    event: String,
    field: String,
    reason: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct ViolationCount {
    n: u64,
    last_at: Timestamp,
    message: String,
    reason: RefusalReason,
}

/// How an [`Observed`] is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    seen: Observation,
    violations: Vec<(ViolationKey, ViolationCount)>,
}

impl Observations {
    /// What was observed before.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn open(state: &State) -> Result<Self, Error> {
        let mut all = HashMap::new();
        for kept in state.observations().await? {
            let parsed = kept.observed.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
            let Some(parsed) = parsed else { continue };
            let observed = Observed {
                seen: parsed.seen,
                violations: parsed.violations.into_iter().collect(),
                ..Observed::default()
            };
            all.insert(kept.source, observed);
        }
        Ok(Self(all))
    }

    /// Looks at an event, if it is not one of very many alike.
    pub fn observe(&mut self, event: &Event) {
        let observed = self.0.entry(event.source).or_default();
        let n = observed.n_by_name.entry(event.name.clone()).or_default();
        *n += 1;
        if *n <= ALL_UNTIL || n.is_multiple_of(ONE_IN) {
            observed.seen.observe(event);
            observed.is_changed = true;
        }
    }

    /// Counts what the plan has against an event.
    pub fn complain(&mut self, event: &Event, complaints: &[Refusal]) {
        for complaint in complaints {
            let observed = self.0.entry(event.source).or_default();
            observed.count(event, complaint);
        }
    }

    /// What changed since this was asked last, as it is to be kept.
    pub fn changed(&mut self) -> Vec<(SourceId, String, Arc<ObservedPlan>)> {
        let changed = self.0.iter_mut().filter(|(_, observed)| observed.is_changed);
        let mut rows: Vec<_> = changed
            .map(|(source, observed)| {
                observed.is_changed = false;
                (*source, observed.to_json(), Arc::new(observed.to_plan()))
            })
            .collect();
        rows.sort_unstable_by_key(|(source, _, _)| *source);
        rows
    }

    /// Forgets every value that was kept as an example, what stood inside of objects, and what was
    /// said of single values; names, types and counts stay. The rest comes again with the next
    /// events, of which all are looked at again to begin with.
    pub fn forget_values(&mut self) {
        for observed in self.0.values_mut() {
            observed.seen.forget_examples();
            observed.n_by_name.clear();
            for (key, violation) in &mut observed.violations {
                violation.message = format!("{}: {}", key.field, key.reason.replace('_', " "));
            }
            observed.is_changed = true;
        }
    }

    /// Everything, for the start.
    pub fn all(&self) -> Vec<(SourceId, Arc<ObservedPlan>)> {
        self.0.iter().map(|(source, observed)| (*source, Arc::new(observed.to_plan()))).collect()
    }
}

impl Observed {
    fn count(&mut self, event: &Event, complaint: &Refusal) {
        let key = ViolationKey {
            event: event.name.to_string(),
            field: complaint.field.clone(),
            reason: complaint.reason.slug().to_owned(),
        };
        if self.violations.len() >= VIOLATIONS_MAX && !self.violations.contains_key(&key) {
            return;
        }
        let count = self.violations.entry(key).or_insert_with(|| ViolationCount {
            n: 0,
            last_at: event.received_at,
            message: complaint.message.clone(),
            reason: complaint.reason,
        });
        count.n += 1;
        count.last_at = count.last_at.max(event.received_at);
        self.is_changed = true;
    }

    fn to_json(&self) -> String {
        let violations = self.violations.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        let kept = Kept { seen: self.seen.clone(), violations };
        serde_json::to_string(&kept).expect("texts and numbers are JSON")
    }

    fn to_plan(&self) -> ObservedPlan {
        let violation = |(key, count): (&ViolationKey, &ViolationCount)| Violation {
            event: key.event.clone(),
            property: key.field.strip_prefix("properties.").map(str::to_owned),
            reason: count.reason,
            message: count.message.clone(),
            n: count.n,
            last_at: count.last_at,
        };
        let mut violations: Vec<Violation> = self.violations.iter().map(violation).collect();
        violations.sort_by_key(|violation| std::cmp::Reverse(violation.n));
        ObservedPlan { plan: self.seen.to_plan(), fields: self.seen.to_fields(), violations }
    }
}
