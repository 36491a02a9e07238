//! Who makes others buy, as far as that can be told?
//!
//! The comparison group and the relations of everybody are read together and kept for a minute;
//! the pairs of the customer who is looked at are read anew each time.

use crate::engine::Engine;
use crate::processor::decode;
use crate::traits::Sight;
use base::{CustomerId, Duration, Error, ErrorKind, Timestamp};
use relations::influence::{Comparison, Estimate, Options, PAIRS_MIN, Pair, Person, Verdict};
use relations::influence::{Influence, influence};
use relations::{Edge, NotEstimable, RelationKind, Relations, Way};
use state::CustomerRow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::Mutex;

/// People in the comparison group.
const COMPARED_WITH: usize = 20_000;
/// Statements about relations that are read for everybody's score.
const STATEMENTS_MAX: usize = 200_000;
/// How long what was read is good.
const GOOD_FOR: Duration = Duration::seconds(60);
/// Customers in the list of influencers.
const INFLUENCERS_SHOWN: usize = 100;
/// The window where nothing else is asked for, in days.
const WINDOW_DAYS: u32 = 30;
/// The windows that can be asked for, in days.
const WINDOWS: std::ops::RangeInclusive<u32> = 7..=365;

/// The influence of one customer.
#[derive(Clone, Debug)]
pub struct InfluenceView {
    /// The customer; may differ from the one asked for, who was merged away.
    pub customer: CustomerId,
    /// How long an order counts, in days.
    pub window_days: u32,
    /// The number, or why there is none.
    pub estimate: Result<Estimate, NotEstimable>,
    /// What became of each person whom they reached, the latest first.
    pub pairs: Vec<PairView>,
    /// The people with whom those were compared.
    pub n_group: u64,
    /// Up to when the comparison holds.
    pub freshness_at: Timestamp,
}

/// One person whom a customer reached.
#[derive(Clone, Debug)]
pub struct PairView {
    /// Their line in lists.
    pub row: CustomerRow,
    /// How they were reached first.
    pub kind: RelationKind,
    /// When.
    pub at: Timestamp,
    /// Who said so.
    pub way: Way,
    /// What became of it.
    pub verdict: Verdict,
}

/// The customers with the most influence.
#[derive(Clone, Debug)]
pub struct InfluencersView {
    /// Those of whom there is a number, by the lower end of its interval.
    pub items: Vec<Influencer>,
    /// How many reached somebody and too few for a number.
    pub n_too_few: u64,
    /// How long an order counts, in days.
    pub window_days: u32,
    /// The people with whom those were compared.
    pub n_group: u64,
    /// Whether not all relations were read, there being too many.
    pub is_partial: bool,
    /// Up to when it holds.
    pub freshness_at: Timestamp,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Influencer {
    /// Their line in lists.
    pub row: CustomerRow,
    /// Their number.
    pub estimate: Estimate,
}

/// What was read last, if it is still good.
#[derive(Default)]
pub struct Influencers(Mutex<Option<Arc<Book>>>);

/// The comparison group and everybody's relations.
struct Book {
    read_at: Timestamp,
    group: Vec<Person>,
    /// Everybody who was reached.
    reached: HashMap<CustomerId, Person>,
    relations: Relations,
    is_partial: bool,
}

/// How one person was reached first.
#[derive(Clone, Copy)]
struct Reach {
    kind: RelationKind,
    at: Timestamp,
    way: Way,
}

impl Engine {
    /// The influence of a customer, as somebody with this `sight` sees it, within a window of so
    /// many days.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a window that is too short or too long.
    pub async fn influence(
        &self,
        id: CustomerId,
        window_days: Option<u32>,
        sight: &Sight,
    ) -> Result<InfluenceView, Error> {
        let window_days = checked(window_days)?;
        let customer = self.canonical(id).await?;
        let book = self.book().await?;
        let (relations, _) = self.resolve(self.shared.said_around(customer).await?).await?;
        let mut reached: Vec<(CustomerId, Reach)> = reached_by(&relations, customer);
        let resting = self.resting().await?;
        reached.retain(|(other, _)| !resting.contains(other));
        reached.sort_by_key(|(other, reach)| (std::cmp::Reverse(reach.at), *other));
        let ids: Vec<CustomerId> = reached.iter().map(|(other, _)| *other).collect();
        let mut people = self.people(&ids).await?;
        reached.retain(|(other, _)| people.contains_key(other));
        for (other, reach) in &reached {
            let person = people.get_mut(other).expect("only people who were found are left");
            person.first_reached = Some(reach.at);
        }
        let found = judge(&reached, &people, &book, window_days).await?;
        let rows = self.shared.state.customer_rows(&ids).await?.into_iter().flatten();
        let mut rows: HashMap<CustomerId, CustomerRow> =
            rows.map(|row| (row.id, sight.row(row))).collect();
        let pairs = reached.into_iter().zip(found.verdicts);
        let pairs = pairs.filter_map(|((other, reach), verdict)| {
            let Reach { kind, at, way } = reach;
            Some(PairView { row: rows.remove(&other)?, kind, at, way, verdict })
        });
        Ok(InfluenceView {
            customer,
            window_days,
            estimate: found.estimate,
            pairs: pairs.collect(),
            n_group: book.group.len() as u64,
            freshness_at: book.read_at,
        })
    }

    /// The customers with the most influence, as somebody with this `sight` sees them.
    ///
    /// # Errors
    /// `Invalid` for a window that is too short or too long.
    pub async fn influencers(
        &self,
        window_days: Option<u32>,
        sight: &Sight,
    ) -> Result<InfluencersView, Error> {
        let window_days = checked(window_days)?;
        let book = self.book().await?;
        let resting = self.resting().await?;
        let at_work = Arc::clone(&book);
        let (found, n_too_few) = off_the_path(move || at_work.best(window_days, &resting)).await?;
        let ids: Vec<CustomerId> = found.iter().map(|(id, _)| *id).collect();
        let rows = self.shared.state.customer_rows(&ids).await?;
        let items = found
            .into_iter()
            .zip(rows)
            .filter_map(|((_, estimate), row)| Some(Influencer { row: sight.row(row?), estimate }));
        Ok(InfluencersView {
            items: items.take(INFLUENCERS_SHOWN).collect(),
            n_too_few,
            window_days,
            n_group: book.group.len() as u64,
            is_partial: book.is_partial,
            freshness_at: book.read_at,
        })
    }

    /// What was read within the last minute, else what there is now. One reads, others wait.
    async fn book(&self) -> Result<Arc<Book>, Error> {
        let mut held = self.shared.influencers.0.lock().await;
        let now = self.now();
        if let Some(book) = held.as_ref().filter(|book| now.since(book.read_at) < GOOD_FOR) {
            return Ok(Arc::clone(book));
        }
        let book = Arc::new(self.read_book(now).await?);
        *held = Some(Arc::clone(&book));
        Ok(book)
    }

    async fn read_book(&self, now: Timestamp) -> Result<Book, Error> {
        let rows = self.shared.state.all_relations(STATEMENTS_MAX + 1).await?;
        let is_partial = rows.len() > STATEMENTS_MAX;
        let (relations, _) = self.resolve(rows).await?;
        let mut first_reached: BTreeMap<CustomerId, Timestamp> = BTreeMap::new();
        for edge in relations.edges() {
            let at = first_reached.entry(edge.to).or_insert(edge.first.at);
            *at = edge.first.at.min(*at);
        }
        let sample = self.shared.state.sample_known(COMPARED_WITH).await?;
        let mut group = self.people(&sample).await?;
        let targets: Vec<CustomerId> = first_reached.keys().copied().collect();
        let mut reached = self.people(&targets).await?;
        for (customer, at) in first_reached {
            for people in [&mut group, &mut reached] {
                if let Some(person) = people.get_mut(&customer) {
                    person.first_reached = Some(at);
                }
            }
        }
        let mut group: Vec<(CustomerId, Person)> = group.into_iter().collect();
        group.sort_unstable_by_key(|(customer, _)| *customer);
        let group = group.into_iter().map(|(_, person)| person).collect();
        Ok(Book { read_at: now, group, reached, relations, is_partial })
    }

    /// What is known of these people; who is not known by more than a browser is left out.
    async fn people(&self, ids: &[CustomerId]) -> Result<HashMap<CustomerId, Person>, Error> {
        let mut people = HashMap::with_capacity(ids.len());
        for some in ids.chunks(1_024) {
            let known = self.shared.state.known_since(some).await?;
            let blobs = self.shared.profile_blobs(some).await?;
            let found: Vec<_> = some
                .iter()
                .zip(blobs)
                .filter_map(|(id, blob)| Some((*id, *known.get(id)?, blob?)))
                .collect();
            let read = move || {
                let person = |(id, known_since, blob): (CustomerId, Timestamp, Arc<[u8]>)| {
                    let orders = decode(&blob)?.orders_placed_at();
                    Ok((id, Person { known_since, orders, first_reached: None }))
                };
                found.into_iter().map(person).collect::<Result<Vec<_>, Error>>()
            };
            people.extend(off_the_path(read).await??);
        }
        Ok(people)
    }

    /// Everybody whose data rest.
    async fn resting(&self) -> Result<BTreeSet<CustomerId>, Error> {
        let rows = self.shared.state.suspensions().await?;
        Ok(rows.into_iter().map(|row| row.customer).collect())
    }
}

impl Book {
    /// Everybody of whom there is a number, by the lower end of its interval, and how many reached
    /// too few for one.
    fn best(
        &self,
        window_days: u32,
        resting: &BTreeSet<CustomerId>,
    ) -> (Vec<(CustomerId, Estimate)>, u64) {
        let options = options(window_days, self.read_at);
        let comparison = Comparison::new(&self.group, options);
        let acting: BTreeSet<CustomerId> = self.relations.edges().map(|edge| edge.from).collect();
        let mut found: Vec<(CustomerId, Estimate)> = Vec::new();
        let mut n_too_few = 0;
        for customer in acting.into_iter().filter(|customer| !resting.contains(customer)) {
            let reached = reached_by(&self.relations, customer);
            let pairs: Vec<Pair<'_>> = reached
                .iter()
                .filter(|(other, _)| !resting.contains(other))
                .filter_map(|(other, reach)| Some(pair(reach, self.reached.get(other)?)))
                .collect();
            // Whoever reached fewer has no number, which need not be computed.
            let estimate = (pairs.len() >= PAIRS_MIN).then(|| influence(&pairs, &comparison));
            match estimate.map(|found| found.estimate) {
                Some(Ok(estimate)) => found.push((customer, estimate)),
                _ => n_too_few += 1,
            }
        }
        found.sort_by(|a, b| b.1.interval.0.total_cmp(&a.1.interval.0).then(a.0.cmp(&b.0)));
        found.truncate(INFLUENCERS_SHOWN * 2);
        (found, n_too_few)
    }
}

/// Whom a customer reached, and how first.
fn reached_by(relations: &Relations, customer: CustomerId) -> Vec<(CustomerId, Reach)> {
    let mut first: BTreeMap<CustomerId, &Edge> = BTreeMap::new();
    let of = relations.of(customer);
    for edge in RelationKind::ALL.into_iter().flat_map(|kind| of.acts(kind)) {
        match first.get(&edge.to) {
            Some(held) if held.first <= edge.first => {}
            _ => drop(first.insert(edge.to, edge)),
        }
    }
    let reach = |edge: &Edge| Reach { kind: edge.kind, at: edge.first.at, way: edge.first.way };
    first.into_iter().map(|(other, edge)| (other, reach(edge))).collect()
}

fn pair<'a>(reach: &Reach, person: &'a Person) -> Pair<'a> {
    Pair { at: reach.at, way: reach.way, person }
}

async fn judge(
    reached: &[(CustomerId, Reach)],
    people: &HashMap<CustomerId, Person>,
    book: &Arc<Book>,
    window_days: u32,
) -> Result<Influence, Error> {
    let pairs = reached.iter().filter_map(|(id, reach)| Some((*reach, people.get(id)?.clone())));
    let (pairs, book) = (pairs.collect::<Vec<_>>(), Arc::clone(book));
    off_the_path(move || {
        let pairs: Vec<Pair<'_>> =
            pairs.iter().map(|(reach, person)| pair(reach, person)).collect();
        let options = options(window_days, book.read_at);
        influence(&pairs, &Comparison::new(&book.group, options))
    })
    .await
}

fn options(window_days: u32, now: Timestamp) -> Options {
    Options { window: Duration::days(window_days.into()), now }
}

fn checked(window_days: Option<u32>) -> Result<u32, Error> {
    let days = window_days.unwrap_or(WINDOW_DAYS);
    if WINDOWS.contains(&days) {
        return Ok(days);
    }
    let message = format!("a window has {} to {} days", WINDOWS.start(), WINDOWS.end());
    Err(Error::new(ErrorKind::Invalid, message))
}

/// Does what takes longer than a moment on a thread of its own.
async fn off_the_path<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Error::new(ErrorKind::Internal, "computing a score was broken off"))
}
