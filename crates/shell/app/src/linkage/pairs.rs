//! Which pairs of customers may be one person, and what became of each?

use super::census::record_of;
use super::dossier::{Dossier, PairEvidence};
use super::record::Record;
use super::runs::author;
use super::settings::LinkageSettings;
use crate::edits::{CustomerCard, EditChange, anchor};
use crate::engine::{Engine, Shared};
use crate::page::{Page, PageQuery, cursor_of};
use crate::traits::Sight;
use base::{CustomerId, Error, ErrorKind, IdentifierId, LinkageRunId, PairId, Position, Timestamp};
use state::{N_SPREAD_BINS, PairOrder, PairQuery, PairRow, PairVerdict};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Identifiers that a side of a pair shows.
const IDENTIFIERS_SHOWN: usize = 8;
/// The author of links that were made as a record came.
pub(super) const AUTHOR: &str = "linkage";

/// Where a pair stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PairState {
    /// Waiting for a person.
    Open,
    /// A person said that they are one; they were merged.
    Same,
    /// A person said that they are two.
    Different,
    /// A person put it aside.
    Skipped,
    /// Linked without a question.
    Linked,
    /// No question any more: the two are one customer already, or one is gone.
    Gone,
}

impl PairState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Same, Self::Different, Self::Skipped, Self::Linked, Self::Gone];

    /// The state as it is written in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Same => "same",
            Self::Different => "different",
            Self::Skipped => "skipped",
            Self::Linked => "linked",
            Self::Gone => "gone",
        }
    }

    fn from_slug(slug: &str) -> Option<Self> {
        // Between its entry in the table and the one in the log a link is as good as made.
        let slug = if slug == LINKING { Self::Linked.slug() } else { slug };
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }
}

/// A pair whose link is on its way into the log.
const LINKING: &str = "linking";

/// How a pair was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FoundBy {
    /// By a run over all customers.
    Run(LinkageRunId),
    /// As one of the two came, or changed.
    NewRecord,
}

/// Two customers who may be one person.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Which pair.
    pub id: PairId,
    /// Where it stands.
    pub state: PairState,
    /// That they are one person, in [0, 1].
    pub probability: f64,
    /// The same in bits.
    pub weight: f64,
    /// When it was found.
    pub found_at: Timestamp,
    /// How it was found.
    pub found_by: FoundBy,
    /// Why identity would not join the two by itself: `two_user_ids`, `taken_back` or
    /// `contradicted`.
    pub held_apart: Option<String>,
    /// The one customer, as they are now; `None` for one who is gone.
    pub a: Option<CustomerCard>,
    /// The other.
    pub b: Option<CustomerCard>,
    /// What spoke for it and what against when it was found.
    pub evidence: PairEvidence,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided it.
    pub decided_by: Option<String>,
    /// The decision that joined the two.
    pub decision: Option<Position>,
}

/// The pairs of about one probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpreadBin {
    /// The least probability.
    pub from: f64,
    /// Where the next bin begins.
    pub to: f64,
    /// The pairs.
    pub n: u64,
    /// Those that wait for a person.
    pub n_open: u64,
}

/// Which pairs are asked for.
#[derive(Clone, Debug)]
pub struct PairsQuery {
    /// In this state; `None` for all.
    pub state: Option<PairState>,
    /// Found by this run.
    pub run: Option<LinkageRunId>,
    /// With this customer on one side.
    pub customer: Option<CustomerId>,
    /// In which order.
    pub order: PairOrder,
    /// Which page.
    pub page: PageQuery,
}

/// A pair that was found and is to be written down.
pub(super) struct NewPair {
    pub(super) a: CustomerId,
    pub(super) b: CustomerId,
    /// Whether the two are to be linked, or asked about.
    pub(super) is_link: bool,
    pub(super) held_apart: Option<&'static str>,
    pub(super) dossier: Dossier,
}

impl NewPair {
    /// The pair with the older customer first, as it is kept.
    pub(super) fn new(
        (a, b): (CustomerId, CustomerId),
        is_link: bool,
        held_apart: Option<&'static str>,
        dossier: Dossier,
    ) -> Self {
        let dossier = if a > b { dossier.swapped() } else { dossier };
        Self { a: a.min(b), b: a.max(b), is_link, held_apart, dossier }
    }
}

/// What was written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) n_links: u64,
    pub(super) n_review: u64,
    pub(super) n_held_apart: u64,
}

impl Shared {
    /// Writes down what was found: questions into their table, links into the log. Pairs whose two
    /// customers are one by now, or of whom one is gone, are passed over.
    pub(super) async fn write_pairs(
        &self,
        mut pairs: Vec<NewPair>,
        run: Option<LinkageRunId>,
    ) -> Result<Written, Error> {
        let named = pairs.iter().flat_map(|pair| [pair.a, pair.b]);
        let now = self.present(&named.collect::<Vec<_>>()).await?;
        pairs.retain(|pair| match (now.get(&pair.a), now.get(&pair.b)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        });
        let rows: Vec<PairRow> = pairs.iter().map(|pair| new_row(pair, run, self.now())).collect();
        self.state.put_pairs(&rows).await?;
        let links: Vec<&NewPair> = pairs.iter().filter(|pair| pair.is_link).collect();
        let n_links = self.link(&links, &now, run).await?;
        let asked = pairs.iter().filter(|pair| !pair.is_link);
        Ok(Written {
            n_links,
            n_review: asked.clone().count() as u64,
            n_held_apart: asked.filter(|pair| pair.held_apart.is_some()).count() as u64,
        })
    }

    /// Links pairs by one order; answers how many.
    async fn link(
        &self,
        pairs: &[&NewPair],
        now: &HashMap<CustomerId, CustomerId>,
        run: Option<LinkageRunId>,
    ) -> Result<u64, Error> {
        if pairs.is_empty() {
            return Ok(0);
        }
        let customers: BTreeSet<CustomerId> =
            pairs.iter().flat_map(|pair| [now[&pair.a], now[&pair.b]]).collect();
        let customers: Vec<CustomerId> = customers.into_iter().collect();
        let clusters = self.state.clusters(&customers).await?;
        let mut seen = HashSet::new();
        let changes = pairs.iter().filter_map(|pair| {
            let (a, b) = (anchor(now[&pair.a], &clusters), anchor(now[&pair.b], &clusters));
            let evidence = pair.dossier.evidence.words();
            seen.insert((a.min(b), a.max(b))).then_some(EditChange::Link { a, b, evidence })
        });
        let changes: Vec<EditChange> = changes.collect();
        let n_links = changes.len() as u64;
        let by = run.map_or_else(|| AUTHOR.to_owned(), author);
        let decided = self.carry_out((by, String::new()), changes, None).await?;
        let verdict = PairVerdict {
            at: Some(decided.at),
            by: Some(decided.by),
            decision: Some(decided.id),
            joined: None,
        };
        let ends: Vec<_> = pairs.iter().map(|pair| ends(pair.a, pair.b)).collect();
        self.state.finish_linking(&ends, &verdict).await?;
        Ok(n_links)
    }

    /// The records of these customers as they are now; those who have none are not among them.
    pub(super) async fn records(
        &self,
        customers: BTreeSet<CustomerId>,
        settings: &LinkageSettings,
    ) -> Result<HashMap<CustomerId, Record>, Error> {
        let customers: Vec<CustomerId> = customers.into_iter().collect();
        let rules = self.traits.rules();
        let blobs = self.profile_blobs(&customers).await?;
        let mut records = HashMap::new();
        for (customer, blob) in customers.into_iter().zip(blobs) {
            let Some(blob) = blob else { continue };
            if let Some(record) = record_of(&blob, settings, &rules)? {
                records.insert(customer, record);
            }
        }
        Ok(records)
    }

    /// Customers in short, as somebody with this `sight` sees them.
    pub(super) async fn cards(
        &self,
        customers: &[CustomerId],
        sight: &Sight,
    ) -> Result<HashMap<CustomerId, CustomerCard>, Error> {
        let rows = self.state.customer_rows(customers).await?;
        let clusters = self.state.clusters(customers).await?;
        let mut identifiers: BTreeMap<CustomerId, Vec<lexicon::Identifier>> = BTreeMap::new();
        for row in clusters.identifiers {
            let own = identifiers.entry(row.customer).or_default();
            if own.len() < IDENTIFIERS_SHOWN {
                own.push(sight.identifier(row.identifier));
            }
        }
        let cards = rows.into_iter().flatten().map(|row| {
            let row = sight.row(row);
            let card = CustomerCard {
                id: row.id,
                name: row.name,
                identifiers: identifiers.remove(&row.id).unwrap_or_default(),
                n_events: row.n_events,
                n_orders: row.n_orders,
                first_seen: Some(row.first_seen),
                last_seen: Some(row.last_seen),
            };
            (row.id, card)
        });
        Ok(cards.collect())
    }
}

impl Engine {
    /// Pairs, with both customers as they are now and the evidence, as somebody with this `sight`
    /// sees them.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn linkage_pairs(
        &self,
        query: &PairsQuery,
        sight: &Sight,
    ) -> Result<Page<Pair>, Error> {
        let place = query.page.place::<(i64, u64)>()?;
        let wanted = PairQuery {
            state: query.state.map(PairState::slug),
            run: query.run,
            customer: self.present_customer(query.customer).await?,
            order: query.order,
            after: place.map(|(place, id)| (place, PairId(id))),
            n_max: query.page.limit + 1,
        };
        let mut rows = self.shared.state.pairs(&wanted).await?;
        let has_more = rows.len() > query.page.limit;
        rows.truncate(query.page.limit);
        let last = rows.last().filter(|_| has_more);
        let next = last.map(|(row, place)| cursor_of(&(*place, row.id.0)));
        let rows: Vec<PairRow> = rows.into_iter().map(|(row, _)| row).collect();
        let mut items = self.pair_views(rows, sight).await?;
        if query.state == Some(PairState::Open) {
            items.retain(|pair| pair.state == PairState::Open);
        }
        Ok(Page { items, next })
    }

    /// Who the customer with this number is now; the number itself where nobody is any more.
    async fn present_customer(
        &self,
        customer: Option<CustomerId>,
    ) -> Result<Option<CustomerId>, Error> {
        let Some(id) = customer else { return Ok(None) };
        Ok(Some(self.shared.present(&[id]).await?.get(&id).copied().unwrap_or(id)))
    }

    /// How many pairs there are by probability, for whoever thinks about other thresholds.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn linkage_spread(&self) -> Result<Vec<SpreadBin>, Error> {
        let bins = self.shared.state.spread_of_pairs().await?.into_iter();
        let edge = |bin: u64| bin as f64 / N_SPREAD_BINS as f64;
        Ok(bins
            .map(|(bin, n, n_open)| SpreadBin { from: edge(bin), to: edge(bin + 1), n, n_open })
            .collect())
    }

    /// One pair.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn linkage_pair(&self, id: PairId, sight: &Sight) -> Result<Pair, Error> {
        let rows = self.shared.state.pairs_by_id(&[id]).await?;
        let pair = self.pair_views(rows, sight).await?.into_iter().next();
        pair.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no pair {id}")))
    }

    /// What is shown of pairs, in their order. Open questions that are none any more are put away.
    pub(super) async fn pair_views(
        &self,
        rows: Vec<PairRow>,
        sight: &Sight,
    ) -> Result<Vec<Pair>, Error> {
        let named: Vec<CustomerId> =
            rows.iter().flat_map(|row| [CustomerId(row.a.0), CustomerId(row.b.0)]).collect();
        let now = self.shared.present(&named).await?;
        let present: BTreeSet<CustomerId> = now.values().copied().collect();
        let present: Vec<CustomerId> = present.into_iter().collect();
        let cards = self.shared.cards(&present, sight).await?;
        let card = |end: IdentifierId| cards.get(now.get(&CustomerId(end.0))?).cloned();
        let mut views = Vec::new();
        let mut gone = Vec::new();
        for row in rows {
            let (a, b) = (card(row.a), card(row.b));
            let mut pair = view(row, (a, b), sight)?;
            if pair.state == PairState::Open && !is_question(&pair) {
                pair.state = PairState::Gone;
                gone.push((pair.id, PairState::Gone.slug(), PairVerdict::default()));
            }
            views.push(pair);
        }
        self.shared.state.decide_pairs(&gone).await?;
        Ok(views)
    }
}

/// Whether both are there, and not one customer yet.
fn is_question(pair: &Pair) -> bool {
    matches!((&pair.a, &pair.b), (Some(a), Some(b)) if a.id != b.id)
}

fn view(
    row: PairRow,
    (a, b): (Option<CustomerCard>, Option<CustomerCard>),
    sight: &Sight,
) -> Result<Pair, Error> {
    let state = PairState::from_slug(&row.state).ok_or_else(|| {
        Error::new(ErrorKind::Corrupt, format!("the state of pair {} cannot be read", row.id))
    })?;
    Ok(Pair {
        id: row.id,
        state,
        probability: f64::from(row.probability_ppm) / 1e6,
        weight: row.weight_milli as f64 / 1e3,
        found_at: row.found_at,
        found_by: row.run.map_or(FoundBy::NewRecord, FoundBy::Run),
        held_apart: row.held_apart,
        a,
        b,
        evidence: Dossier::read(&row.evidence)?.evidence.seen_with(sight),
        decided_at: row.verdict.at,
        decided_by: row.verdict.by,
        decision: row.verdict.decision,
    })
}

/// The names of a pair's two sides: the identifiers that founded the customers.
pub(super) fn ends(a: CustomerId, b: CustomerId) -> (IdentifierId, IdentifierId) {
    (IdentifierId(a.0.min(b.0)), IdentifierId(a.0.max(b.0)))
}

fn new_row(pair: &NewPair, run: Option<LinkageRunId>, now: Timestamp) -> PairRow {
    let (a, b) = ends(pair.a, pair.b);
    let evidence = &pair.dossier.evidence;
    PairRow {
        id: PairId::default(),
        a,
        b,
        state: if pair.is_link { LINKING } else { PairState::Open.slug() }.to_owned(),
        probability_ppm: (evidence.probability * 1e6).round() as u32,
        weight_milli: (evidence.total * 1e3).round() as i64,
        run,
        found_at: now,
        held_apart: pair.held_apart.map(str::to_owned),
        evidence: pair.dossier.write(),
        verdict: PairVerdict::default(),
    }
}
