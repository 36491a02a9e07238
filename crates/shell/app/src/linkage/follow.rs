//! How is a record compared as it comes?
//!
//! The processor tells who has changed; here each of them is looked up in the book of all
//! customers, linked to the one who is sure, and asked about where that is doubtful. Nobody waits
//! for it: events are processed first.

use super::Linkage;
use super::census::{misfit, record_of, source_of};
use super::dossier::Dossier;
use super::fates::{Settled, TAKEN_BACK, TWO_USER_IDS, ordered};
use super::model::{self, LearnedModel};
use super::pairs::NewPair;
use super::record::Record;
use super::settings::LinkageSettings;
use crate::access::Actor;
use crate::engine::Shared;
use base::{CustomerId, Error, Position};
use linkage::{Band, Candidate, Evidence};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Customers that are looked at in one go: at half a millisecond each nothing else waits long.
const N_AT_A_TIME: usize = 100;
/// Questions about one record at most.
const QUESTIONS_MAX: usize = 3;

/// What was found for one customer.
struct Match {
    customer: CustomerId,
    other: CustomerId,
    probability: f64,
    evidence: Evidence,
    both_have_user_ids: bool,
}

/// A customer who has changed, as they are now.
struct Newcomer {
    customer: CustomerId,
    record: Option<Record>,
    has_user_id: bool,
}

/// What following came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// Nobody has changed: everybody was looked at who changed up to this entry of the log.
    Nothing(Option<Position>),
    /// Some were looked at; there may be more.
    Some,
    /// More have changed than could be remembered: all customers must be read again.
    Lost,
}

/// Looks at some of those who have changed. Those in `quiet` were joined by linkage itself just
/// now: they are put down as they are, and not asked about, so that one link does not lead to the
/// next.
///
/// # Errors
/// Whatever the state or the log says.
pub(super) async fn follow(
    shared: &Shared,
    settings: &LinkageSettings,
    settled: &Settled,
    quiet: &mut HashSet<CustomerId>,
) -> Result<Followed, Error> {
    let changed = shared.linkage.news.take(N_AT_A_TIME);
    if changed.is_lost {
        return Ok(Followed::Lost);
    }
    if changed.customers.is_empty() {
        return Ok(Followed::Nothing(changed.through));
    }
    let newcomers = newcomers(shared, settings, &changed.customers).await?;
    let mut matches = Vec::new();
    for newcomer in &newcomers {
        let is_quiet = quiet.remove(&newcomer.customer);
        matches.extend(shared.linkage.look_up(newcomer, is_quiet).map_err(misfit)?);
    }
    let pairs = shared.new_pairs(settings, settled, matches, &newcomers).await?;
    for pair in pairs.iter().filter(|pair| pair.is_link) {
        quiet.extend([pair.a, pair.b]);
    }
    shared.write_pairs(pairs, None).await?;
    Ok(Followed::Some)
}

async fn newcomers(
    shared: &Shared,
    settings: &LinkageSettings,
    customers: &[CustomerId],
) -> Result<Vec<Newcomer>, Error> {
    let rules = shared.traits.rules();
    let blobs = shared.profile_blobs(customers).await?;
    let with = shared.state.with_user_id(customers).await?;
    let newcomer = |(&customer, blob): (&CustomerId, Option<Arc<[u8]>>)| {
        let record = blob.map_or(Ok(None), |blob| record_of(&blob, settings, &rules))?;
        Ok(Newcomer { customer, record, has_user_id: with.binary_search(&customer).is_ok() })
    };
    customers.iter().zip(blobs).map(newcomer).collect()
}

impl Linkage {
    /// Puts a newcomer down, and says whom they could be; nobody where nothing has changed.
    fn look_up(
        &self,
        newcomer: &Newcomer,
        is_quiet: bool,
    ) -> Result<Vec<Match>, linkage::LinkageError> {
        let customer = newcomer.customer;
        let found = self.change_book(|book| {
            let Some(record) = &newcomer.record else {
                book.remove(customer);
                return Ok(Vec::new());
            };
            if book.holds(customer, record) {
                return Ok(Vec::new());
            }
            book.remove(customer);
            let candidates = if is_quiet { Vec::new() } else { book.ask(record)?.candidates };
            let found = |candidate: &Candidate| {
                Ok(Match {
                    customer,
                    other: book.customer(candidate.record),
                    probability: candidate.probability,
                    evidence: book.explain(record, candidate.record)?,
                    both_have_user_ids: newcomer.has_user_id && book.has_user_id(candidate.record),
                })
            };
            let matches = candidates.iter().map(found).collect::<Result<Vec<_>, _>>()?;
            book.put(customer, source_of(newcomer.has_user_id), record)?;
            Ok(matches)
        });
        found.unwrap_or(Ok(Vec::new()))
    }

    /// Lets the model hear what people have said since.
    ///
    /// # Errors
    /// Whatever the state says.
    pub(super) async fn hear_verdicts(&self, shared: &Shared) -> Result<(), Error> {
        let Some(learned) = self.model() else { return Ok(()) };
        let labels = shared.labels(learned.model.schema()).await?;
        let n_verdicts = labels.len();
        let model = self.change_book(|book| {
            book.index_mut().recalibrate(&labels);
            book.index().model().clone()
        });
        let Some(model) = model else { return Ok(()) };
        let mut origin = learned.origin.clone();
        origin.n_verdicts = n_verdicts;
        let learned = LearnedModel { model, origin };
        model::save(&self.admin, &learned, &Actor::system(), shared.now()).await?;
        self.set_model(learned);
        Ok(())
    }
}

impl Shared {
    /// What is to become of what was found: each newcomer is linked to one customer at most.
    async fn new_pairs(
        &self,
        settings: &LinkageSettings,
        settled: &Settled,
        matches: Vec<Match>,
        newcomers: &[Newcomer],
    ) -> Result<Vec<NewPair>, Error> {
        let others: BTreeSet<CustomerId> = matches.iter().map(|found| found.other).collect();
        let others = self.records(others, settings).await?;
        let own: HashMap<CustomerId, &Record> = newcomers
            .iter()
            .filter_map(|newcomer| Some((newcomer.customer, newcomer.record.as_ref()?)))
            .collect();
        let Some(model) = self.linkage.model() else { return Ok(Vec::new()) };
        let schema = model.model.schema();
        let (mut linked, mut n_asked) = (HashSet::new(), HashMap::<CustomerId, usize>::new());
        let mut pairs = Vec::new();
        for found in matches {
            let names = ordered(found.customer, found.other);
            if settled.different.contains(&names) {
                continue;
            }
            let held = held_apart(&found, settled);
            let is_sure = settings.bands().band(found.probability) == Band::Link;
            let is_free = [found.customer, found.other].iter().all(|c| !linked.contains(c));
            let is_link = is_sure && held.is_none() && is_free;
            if is_link {
                linked.extend([found.customer, found.other]);
            } else {
                let n_asked = n_asked.entry(found.customer).or_default();
                *n_asked += 1;
                if *n_asked > QUESTIONS_MAX {
                    continue;
                }
            }
            let records = (own.get(&found.customer).copied(), others.get(&found.other));
            let (Some(a), Some(b)) = records else { continue };
            let dossier = Dossier::new(settings, schema, (a, b), &found.evidence);
            pairs.push(NewPair::new((found.customer, found.other), is_link, held, dossier));
        }
        Ok(pairs)
    }
}

fn held_apart(found: &Match, settled: &Settled) -> Option<&'static str> {
    if settled.taken_back.contains(&ordered(found.customer, found.other)) {
        return Some(TAKEN_BACK);
    }
    found.both_have_user_ids.then_some(TWO_USER_IDS)
}
