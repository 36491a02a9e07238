//! What do other rules change about everybody?

use super::{IdentityRules, check};
use crate::engine::{Engine, Shared};
use base::{CustomerId, Error, IdentifierId};
use identity::{IdentityPlan, Inert, Outlook, Snapshot};
use lexicon::Identifier;
use state::IdentifierRow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Customers who are judged together; more are loaded where links lead to them.
const CUSTOMERS_AT_ONCE: usize = 2_000;
/// Customers that a preview looks at.
const PREVIEW_CUSTOMERS_MAX: usize = 50_000;

/// What a change of the rules would do, as far as it was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesPreview {
    /// How many customers were looked at.
    pub n_customers: u64,
    /// Whether that was everybody.
    pub is_whole: bool,
    /// How many links would be judged otherwise.
    pub n_links_turned: u64,
    /// Of these, how many would be followed.
    pub n_links_followed: u64,
    /// The others, by the reason for which they would not be.
    pub n_links_inert: BTreeMap<Inert, u64>,
    /// How many identifiers would point to somebody else.
    pub n_identifiers_moved: u64,
    /// How many customers would become part of another one.
    pub n_merges: u64,
    /// How many parts of customers would become customers of their own or of others.
    pub n_splits: u64,
    /// How many identifiers would be shared that are not.
    pub n_newly_shared: u64,
}

impl Engine {
    /// What would change if `rules` held; nothing does. Looks at the first customers by number, and
    /// says whether that was everybody.
    ///
    /// # Errors
    /// `Invalid` with what is wrong with the rules.
    pub async fn preview_identity_rules(
        &self,
        rules: IdentityRules,
    ) -> Result<RulesPreview, Error> {
        let rules = check::checked(rules)?;
        let mut changes = IdentityPlan::default();
        let mut judging = Judging::new(&self.shared, &rules, "");
        let (mut n_customers, mut is_whole) = (0, false);
        while n_customers < PREVIEW_CUSTOMERS_MAX && !is_whole {
            match judging.next().await? {
                Some((n_more, plan)) => {
                    n_customers += n_more;
                    changes.absorb(plan);
                }
                None => is_whole = true,
            }
        }
        Ok(RulesPreview::of(&changes, n_customers as u64, is_whole))
    }
}

impl RulesPreview {
    fn of(plan: &IdentityPlan, n_customers: u64, is_whole: bool) -> Self {
        let mut n_links_inert = BTreeMap::new();
        for inert in plan.links.iter().filter_map(|link| link.inert) {
            *n_links_inert.entry(inert).or_default() += 1;
        }
        let n = |n: usize| n as u64;
        Self {
            n_customers,
            is_whole,
            n_links_turned: n(plan.links.len()),
            n_links_followed: n(plan.links.iter().filter(|link| link.is_active()).count()),
            n_links_inert,
            n_identifiers_moved: n(plan.moves.len()),
            n_merges: n(plan.merges.len()),
            n_splits: n(plan.splits.len()),
            n_newly_shared: n(plan.shared.iter().filter(|(_, is_shared)| *is_shared).count()),
        }
    }
}

impl Shared {
    /// What changes for everybody if from now on `rules` hold, for the reason `words`.
    pub(crate) async fn judge_all(
        &self,
        rules: &IdentityRules,
        words: &str,
    ) -> Result<IdentityPlan, Error> {
        let mut changes = IdentityPlan::default();
        let mut judging = Judging::new(self, rules, words);
        while let Some((_, plan)) = judging.next().await? {
            changes.absorb(plan);
        }
        Ok(changes)
    }

    /// What is known of each of these identifiers, written as it is or as the rules write it: a
    /// telephone number from before there was a country stays without one.
    pub(crate) async fn identifier_rows(
        &self,
        wanted: &[Identifier],
    ) -> Result<Vec<Option<IdentifierRow>>, Error> {
        let rules = self.rules.now();
        let normal: Vec<Identifier> =
            wanted.iter().map(|identifier| rules.rules.normal(identifier.clone())).collect();
        let as_written = self.state.identifiers(wanted).await?;
        if normal == wanted {
            return Ok(as_written);
        }
        let by_rules = self.state.identifiers(&normal).await?;
        Ok(by_rules.into_iter().zip(as_written).map(|(one, other)| one.or(other)).collect())
    }

    /// The customers of these identifiers join `wanted`.
    pub(crate) async fn further(
        &self,
        wanted: &mut BTreeSet<CustomerId>,
        ids: &[IdentifierId],
    ) -> Result<(), Error> {
        let rows = self.state.identifiers_by_id(ids).await?;
        wanted.extend(rows.into_iter().flatten().map(|row| row.customer));
        Ok(())
    }
}

/// Everybody, some at a time, in the order of their numbers.
struct Judging<'s> {
    shared: &'s Shared,
    rules: &'s IdentityRules,
    words: &'s str,
    after: CustomerId,
    /// Customers further on who were judged with others.
    judged: HashSet<CustomerId>,
}

impl<'s> Judging<'s> {
    fn new(shared: &'s Shared, rules: &'s IdentityRules, words: &'s str) -> Self {
        Self { shared, rules, words, after: CustomerId(0), judged: HashSet::new() }
    }

    /// Judges the next customers, and says how many; nothing when everybody is.
    async fn next(&mut self) -> Result<Option<(usize, IdentityPlan)>, Error> {
        let behind = self.shared.state.customers_behind(self.after, CUSTOMERS_AT_ONCE).await?;
        let Some(&last) = behind.last() else { return Ok(None) };
        self.after = last;
        let mut wanted: BTreeSet<CustomerId> =
            behind.into_iter().filter(|customer| !self.judged.remove(customer)).collect();
        if wanted.is_empty() {
            return Ok(Some((0, IdentityPlan::default())));
        }
        let plan = loop {
            let customers: Vec<CustomerId> = wanted.iter().copied().collect();
            let snapshot: Snapshot = self.shared.snapshot(&customers).await?;
            match snapshot.judge(self.words, IdentifierId::default(), self.rules) {
                Outlook::Settled(plan) => break plan,
                Outlook::Beyond(ids) => self.shared.further(&mut wanted, &ids).await?,
            }
        };
        let n_judged = wanted.len();
        self.judged.extend(wanted.into_iter().filter(|customer| *customer > last));
        Ok(Some((n_judged, plan)))
    }
}
