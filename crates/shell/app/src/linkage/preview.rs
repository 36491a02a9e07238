//! Which rows of a file are customers already, and which are there twice, before it is imported?
//!
//! Nothing is written. A row is *known* where one of its identifiers is a customer's already, by
//! the rules of identity; it is *perhaps* somebody where linkage finds a customer who is alike
//! enough. Rows are compared with each other in the same two ways.

use super::census::misfit;
use super::dossier::PairEvidence;
use super::record::Record;
use super::settings::LinkageSettings;
use crate::access::Caller;
use crate::edits::CustomerCard;
use crate::engine::{Engine, Shared};
use crate::imports::UploadId;
use crate::traits::Sight;
use base::seed::Seed;
use base::{CustomerId, Error, ErrorKind, IdentifierId, SourceId};
use collect::delivery::Arrival;
use collect::{Delivery, Dialect, Parcel, RawItem};
use lexicon::{Event, Identifier, IdentifierKind, Json, SourceKind};
use linkage::{
    Band, Bands, Evidence, LearnOptions, LinkOptions, LinkageError, Model, Scope, SourceIdx, Table,
    learn, link,
};
use profile::Fragments;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use sync::Mapping;

/// Events of one preview.
const PREVIEW_EVENTS_MAX: usize = 20_000;
/// Rows that are told one by one.
const ROWS_SHOWN: usize = 500;

/// What an import would meet.
#[derive(Clone, Debug, Default)]
pub struct ImportPreview {
    /// Rows that were looked at.
    pub n_rows: u64,
    /// Rows of the file over which those are spread evenly; `None` where all were looked at. Doubles
    /// are found among the rows that were looked at.
    pub spread_over: Option<u64>,
    /// Rows of customers who are known for certain.
    pub n_known: u64,
    /// Rows that may be of a customer.
    pub n_perhaps: u64,
    /// Rows of people nobody has met.
    pub n_new: u64,
    /// Rows that are for certain of the same person as an earlier row.
    pub n_among_known: u64,
    /// Rows that may be of the same person as an earlier row.
    pub n_among_perhaps: u64,
    /// Whether more than identifiers was compared.
    pub has_model: bool,
    /// Rows of which there is something to say, the doubtful ones first.
    pub rows: Vec<ImportRowMatch>,
}

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportMatch {
    /// A customer, for certain.
    Known,
    /// A customer, perhaps.
    Perhaps,
    /// Nobody we know.
    New,
}

/// What is to be said of one row.
#[derive(Clone, Debug)]
pub struct ImportRowMatch {
    /// Which row.
    pub row: u64,
    /// What it is of.
    pub found: ImportMatch,
    /// The customer.
    pub customer: Option<CustomerCard>,
    /// That it is of that customer, in [0, 1]; `None` where that is certain.
    pub probability: Option<f64>,
    /// What would be done after the import.
    pub band: Option<Band>,
    /// What shows it for certain: the kind of the identifier.
    pub reason: Option<String>,
    /// What speaks for it and what against.
    pub evidence: Option<PairEvidence>,
    /// The earlier row that is of the same person.
    pub double_of: Option<u64>,
    /// That it is, in [0, 1].
    pub double_probability: Option<f64>,
}

/// A row that was understood.
struct Row {
    row: u64,
    identifiers: Vec<Identifier>,
    record: Option<Record>,
}

/// A customer, how likely, and why.
type Best = (CustomerId, f64, Evidence);

/// What was found out about a row.
#[derive(Clone, Default)]
struct Finding {
    known: Option<(CustomerId, IdentifierKind)>,
    perhaps: Option<(CustomerId, f64, PairEvidence)>,
    double: Option<(u64, f64)>,
    is_certain_double: bool,
}

impl Engine {
    /// What an import of an uploaded file under `mapping` would meet; of a long file about ten
    /// thousand rows are looked at, spread over all of it.
    ///
    /// # Errors
    /// As [`Engine::rehearse_upload`], and `Invalid` where the mapping does not fit.
    pub async fn preview_upload(
        &self,
        caller: &Caller,
        (id, mapping): (&UploadId, &Mapping),
        sight: &Sight,
    ) -> Result<ImportPreview, Error> {
        let found = self.upload_events(caller, id, mapping).await?;
        let preview = self.preview_import(found.events, sight).await?;
        Ok(ImportPreview { spread_over: found.spread_over, ..preview })
    }

    /// What an import of these events, each with its row, would meet. Events that cannot be
    /// understood are passed over: the import will say so.
    ///
    /// # Errors
    /// `Limited` for too many events.
    pub async fn preview_import(
        &self,
        events: Vec<(u64, String)>,
        sight: &Sight,
    ) -> Result<ImportPreview, Error> {
        if events.len() > PREVIEW_EVENTS_MAX {
            let message = format!("at most {PREVIEW_EVENTS_MAX} events in one preview");
            return Err(Error::new(ErrorKind::Limited, message));
        }
        let settings = self.shared.linkage.settings.now();
        let rows = self.shared.rows(events, &settings);
        let mut findings = vec![Finding::default(); rows.len()];
        self.shared.find_known(&rows, &mut findings).await?;
        let has_model = self.find_perhaps(&rows, &settings, &mut findings).await?;
        find_certain_doubles(&rows, &mut findings);
        let doubles = self.shared.doubles(&rows, &findings, &settings).await?;
        for (at, double) in doubles {
            findings[at].double = Some(double);
        }
        self.told(&rows, findings, (&settings, has_model), sight).await
    }

    /// Finds rows that are alike a customer; answers whether that could be looked for.
    async fn find_perhaps(
        &self,
        rows: &[Row],
        settings: &LinkageSettings,
        findings: &mut [Finding],
    ) -> Result<bool, Error> {
        let open = rows.iter().enumerate().filter(|(at, _)| findings[*at].known.is_none());
        let open: Vec<(usize, Record)> =
            open.filter_map(|(at, row)| Some((at, row.record.clone()?))).collect();
        let shared = Arc::clone(&self.shared);
        let asking = tokio::task::spawn_blocking(move || {
            let best = |(at, record): &(usize, Record)| {
                Ok(shared.linkage.best(record)?.map(|best| (*at, best)))
            };
            open.iter().filter_map(|row| best(row).transpose()).collect::<Result<Vec<_>, _>>()
        });
        let found = asking.await.map_err(|_| broken_off())?.map_err(misfit)?;
        let others: BTreeSet<CustomerId> = found.iter().map(|(_, (other, ..))| *other).collect();
        let others = self.shared.records(others, settings).await?;
        let Some(learned) = self.shared.linkage.model() else { return Ok(false) };
        for (at, (other, probability, evidence)) in found {
            let (Some(own), Some(theirs)) = (&rows[at].record, others.get(&other)) else {
                continue;
            };
            let schema = learned.model.schema();
            let evidence = PairEvidence::of(settings, schema, (own, theirs), &evidence);
            findings[at].perhaps = Some((other, probability, evidence));
        }
        Ok(self.shared.linkage.with_book(|_| ()).is_some())
    }

    async fn told(
        &self,
        rows: &[Row],
        findings: Vec<Finding>,
        (settings, has_model): (&LinkageSettings, bool),
        sight: &Sight,
    ) -> Result<ImportPreview, Error> {
        let mut preview =
            ImportPreview { n_rows: rows.len() as u64, has_model, ..ImportPreview::default() };
        for finding in &findings {
            match (&finding.known, &finding.perhaps) {
                (Some(_), _) => preview.n_known += 1,
                (None, Some(_)) => preview.n_perhaps += 1,
                (None, None) => preview.n_new += 1,
            }
            preview.n_among_known += u64::from(finding.is_certain_double);
            let is_perhaps = finding.double.is_some() && !finding.is_certain_double;
            preview.n_among_perhaps += u64::from(is_perhaps);
        }
        let mut shown: Vec<(&Row, Finding)> =
            rows.iter().zip(findings).filter(|(_, finding)| finding.says_something()).collect();
        shown.sort_by_key(|(row, finding)| (!finding.is_doubtful(), row.row));
        shown.truncate(ROWS_SHOWN);
        let customers: BTreeSet<CustomerId> =
            shown.iter().filter_map(|(_, finding)| finding.customer()).collect();
        let customers: Vec<CustomerId> = customers.into_iter().collect();
        let now = self.shared.present(&customers).await?;
        let present: BTreeSet<CustomerId> = now.values().copied().collect();
        let cards = self.shared.cards(&present.into_iter().collect::<Vec<_>>(), sight).await?;
        let card = |customer: CustomerId| cards.get(now.get(&customer)?).cloned();
        let tell = |(row, finding): (&Row, Finding)| {
            let customer = finding.customer().and_then(card);
            finding.told(row.row, customer, settings.bands(), sight)
        };
        preview.rows = shown.into_iter().map(tell).collect();
        Ok(preview)
    }
}

impl Finding {
    fn says_something(&self) -> bool {
        self.known.is_some() || self.perhaps.is_some() || self.double.is_some()
    }

    fn is_doubtful(&self) -> bool {
        let is_double = self.double.is_some() && !self.is_certain_double;
        is_double || (self.known.is_none() && self.perhaps.is_some())
    }

    fn customer(&self) -> Option<CustomerId> {
        let perhaps = self.perhaps.as_ref().map(|(customer, _, _)| *customer);
        self.known.as_ref().map(|(customer, _)| *customer).or(perhaps)
    }

    fn told(
        self,
        row: u64,
        customer: Option<CustomerCard>,
        bands: Bands,
        sight: &Sight,
    ) -> ImportRowMatch {
        let perhaps = self.perhaps.filter(|_| self.known.is_none());
        let probability = perhaps.as_ref().map(|(_, probability, _)| *probability);
        let found = match (&self.known, &perhaps) {
            (Some(_), _) => ImportMatch::Known,
            (None, Some(_)) => ImportMatch::Perhaps,
            (None, None) => ImportMatch::New,
        };
        ImportRowMatch {
            row,
            found,
            customer,
            probability,
            band: probability.map(|probability| bands.band(probability)),
            reason: self.known.map(|(_, kind)| format!("same {}", kind.slug())),
            evidence: perhaps.map(|(_, _, evidence)| evidence.seen_with(sight)),
            double_of: self.double.map(|(row, _)| row),
            double_probability: self.double.map(|(_, probability)| probability),
        }
    }
}

impl Shared {
    /// The rows, each with all that its events say.
    fn rows(&self, events: Vec<(u64, String)>, settings: &LinkageSettings) -> Vec<Row> {
        let rules = self.traits.rules();
        let mut said: BTreeMap<u64, (Vec<Identifier>, Fragments)> = BTreeMap::new();
        for (row, json) in events {
            let Some(event) = self.understood(json) else { continue };
            let (identifiers, fragments) = said.entry(row).or_default();
            fragments.absorb(IdentifierId::default(), &event, &self.options.limits);
            for identifier in event.identifiers {
                if !identifiers.contains(&identifier) {
                    identifiers.push(identifier);
                }
            }
        }
        let row = |(row, (identifiers, fragments)): (u64, (Vec<Identifier>, Fragments))| Row {
            row,
            identifiers,
            record: Record::of(&fragments, settings, &rules),
        };
        said.into_iter().map(row).collect()
    }

    fn understood(&self, json: String) -> Option<Event> {
        let parcel = Parcel {
            dialect: Dialect::Import,
            write_key: None,
            sent_at: None,
            is_single: false,
            shared: Json::default(),
            items: vec![RawItem { kind: None, json: json.into() }],
        };
        let arrival = Arrival {
            source: SourceId::default(),
            source_kind: SourceKind::Import,
            received_at: self.now(),
            store_ip: false,
            ip: None,
            user_agent: None,
        };
        collect::understand(&Delivery::new(parcel, arrival), 0, &self.options.limits).ok()
    }

    /// Finds the rows of which an identifier is known. One that would put a second user id to a
    /// customer is no sign: identity holds those apart.
    async fn find_known(&self, rows: &[Row], findings: &mut [Finding]) -> Result<(), Error> {
        let all: BTreeSet<&Identifier> = rows.iter().flat_map(|row| &row.identifiers).collect();
        let all: Vec<Identifier> = all.into_iter().cloned().collect();
        let found = self.state.identifiers(&all).await?;
        let owners: HashMap<&Identifier, CustomerId> = all
            .iter()
            .zip(&found)
            .filter_map(|(id, row)| Some((id, row.as_ref()?.customer)))
            .collect();
        let customers: BTreeSet<CustomerId> = owners.values().copied().collect();
        let with = self.state.with_user_id(&customers.into_iter().collect::<Vec<_>>()).await?;
        for (row, finding) in rows.iter().zip(findings) {
            let has_own = row.identifiers.iter().any(|id| id.kind == IdentifierKind::UserId);
            let known = row.identifiers.iter().filter_map(|id| Some((owners.get(id)?, id)));
            let is_open = |customer: &CustomerId, id: &Identifier| {
                let is_own = id.kind == IdentifierKind::UserId;
                is_own || !has_own || with.binary_search(customer).is_err()
            };
            let known = known
                .filter(|(customer, id)| is_open(customer, id))
                .min_by_key(|(_, id)| id.kind != IdentifierKind::UserId);
            finding.known = known.map(|(customer, id)| (*customer, id.kind.clone()));
        }
        Ok(())
    }

    /// Rows that may be of the same person as an earlier one, by their places.
    async fn doubles(
        &self,
        rows: &[Row],
        findings: &[Finding],
        settings: &LinkageSettings,
    ) -> Result<Vec<(usize, (u64, f64))>, Error> {
        let Ok(schema) = settings.schema() else { return Ok(Vec::new()) };
        let mut table = Table::new(schema);
        let mut places = Vec::new();
        for (at, row) in rows.iter().enumerate().filter(|(at, _)| findings[*at].double.is_none()) {
            if let Some(record) = &row.record {
                table.push(SourceIdx(0), &record.texts()).map_err(misfit)?;
                places.push(at);
            }
        }
        let learned = self.linkage.model();
        let fallback = learned.filter(|learned| learned.model.schema() == table.schema());
        let bands = settings.bands();
        let linking = tokio::task::spawn_blocking(move || {
            let fallback = fallback.map(|learned| learned.model.clone());
            pairs_among(&table, fallback, bands)
        });
        let pairs = linking.await.map_err(|_| broken_off())?;
        let place = |(a, b, probability): (usize, usize, f64)| {
            (places[b], (rows[places[a]].row, probability))
        };
        Ok(pairs.into_iter().map(place).collect())
    }
}

fn broken_off() -> Error {
    Error::new(ErrorKind::Internal, "the comparison of rows was broken off")
}

/// For each record that may be an earlier one: the likeliest earlier one. What the file teaches
/// comes first, since a file has its own slips; a file that is too small to teach is compared as
/// customers are.
fn pairs_among(table: &Table, fallback: Option<Model>, bands: Bands) -> Vec<(usize, usize, f64)> {
    let options = LearnOptions::new(Seed::root(1), Scope::Within, 1);
    let learned = learn(table, &options, &[]).ok().map(|learned| learned.model);
    let Some(model) = learned.or(fallback) else { return Vec::new() };
    let mut options = LinkOptions::new(Scope::Within, 1);
    options.bands = bands;
    let mut best: BTreeMap<u32, (u32, f32)> = BTreeMap::new();
    for pair in link(table, &model, &options).pairs {
        let place = best.entry(pair.b.0).or_insert((pair.a.0, pair.probability));
        if pair.probability > place.1 {
            *place = (pair.a.0, pair.probability);
        }
    }
    let told = |(b, (a, p)): (u32, (u32, f32))| (a as usize, b as usize, f64::from(p));
    best.into_iter().map(told).collect()
}

/// Finds the rows that carry an identifier of an earlier row; the first row stands for them.
fn find_certain_doubles(rows: &[Row], findings: &mut [Finding]) {
    let mut first: HashMap<&Identifier, (usize, Option<&Identifier>)> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let user = row.identifiers.iter().find(|id| id.kind == IdentifierKind::UserId);
        // An address that two user ids give is shared, as identity sees it.
        let earlier = row.identifiers.iter().find_map(|id| {
            let (earlier, theirs) = first.get(id)?;
            let is_shared = matches!((user, theirs), (Some(a), Some(b)) if a != *b);
            (!is_shared).then_some(*earlier)
        });
        if let Some(earlier) = earlier {
            findings[at].double = Some((rows[earlier].row, 1.0));
            findings[at].is_certain_double = true;
        }
        for identifier in &row.identifiers {
            first.entry(identifier).or_insert((earlier.unwrap_or(at), user));
        }
    }
}

impl super::Linkage {
    /// The customer whom a record is most likely of.
    fn best(&self, record: &Record) -> Result<Option<Best>, LinkageError> {
        let found = self.with_book(|book| {
            let Some(best) = book.ask(record)?.candidates.into_iter().next() else {
                return Ok(None);
            };
            let evidence = book.explain(record, best.record)?;
            Ok(Some((book.customer(best.record), best.probability, evidence)))
        });
        found.unwrap_or(Ok(None))
    }
}
