//! What do tests ask of?

use crate::{
    Cause, Cell, Engine, Folds, PageQuery, Rows, SqlError, SqlLimits, Table, Tables, Viewer,
};
use async_trait::async_trait;
use base::hash::mix64;
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use history::{FreshBatch, History, Moved, News, Rewrite, RunStore, StoredEvent};
use lexicon::{EventKind, Json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tempfile::TempDir;

pub const NAMES: [&str; 4] = ["Order Completed", "Product Viewed", "Page Viewed", "signed up"];
pub const N_CUSTOMERS: u64 = 500;
/// 2026-01-01 in microseconds.
pub const START: i64 = 1_767_225_600_000_000;
pub const HOUR: i64 = 3_600_000_000;

/// An event as a plain list keeps it.
#[derive(Clone, Debug)]
pub struct Plain {
    pub identifier: u64,
    pub at: i64,
    pub name: &'static str,
    pub revenue: Option<f64>,
}

/// A history, and beside it what should be in it.
pub struct World {
    pub engine: Engine,
    pub viewer: Viewer,
    pub history: Arc<History>,
    pub events: Vec<Plain>,
    /// Whose identifiers are; `None` where they were erased.
    pub owner: HashMap<u64, Option<u64>>,
    _folder: TempDir,
    position: u64,
}

/// Two thirds of the events in runs, a third fresh.
pub async fn world() -> World {
    world_with(SqlLimits::default(), &Folds::default()).await
}

pub async fn world_with(limits: SqlLimits, folds: &Folds) -> World {
    let folder = tempfile::tempdir().unwrap();
    let store = RunStore::in_folder(folder.path(), 16 << 20).unwrap();
    let history = Arc::new(History::open(store, Vec::new(), Vec::new()).unwrap());
    let engine = Engine::new(history.clone(), limits).unwrap();
    let (name, folds) = ("ada".into(), folds.clone());
    let viewer = Viewer { name, tables: Arc::new(Fixed), veil: None, folds, ledger: None };
    let (events, owner) = (Vec::new(), HashMap::new());
    let mut world = World { engine, viewer, history, events, owner, _folder: folder, position: 0 };
    world.add(20_000);
    world.flush().await;
    world.add(4_000);
    world.flush().await;
    world.add(3_000);
    world
}

impl World {
    pub fn add(&mut self, n: u64) {
        self.position += 1;
        let position = Position(self.position);
        for first in (0..n).step_by(2_000) {
            self.add_batch(position.0 * 1_000_000 + first, (n - first).min(2_000));
        }
    }

    fn add_batch(&mut self, seed: u64, n: u64) {
        self.position += 1;
        let position = Position(self.position);
        let events = (0..n).map(|index| {
            let r = mix64(seed + index);
            let identifier = r % N_CUSTOMERS + 1;
            let name = NAMES[(r >> 20) as usize % NAMES.len()];
            let revenue = (name == NAMES[0]).then_some((r >> 30 & 1023) as f64 + 0.25);
            let at = START + (r >> 12 & 2047) as i64 * HOUR / 2;
            self.events.push(Plain { identifier, at, name, revenue });
            let customer =
                CustomerId(self.owner.get(&identifier).copied().flatten().unwrap_or(identifier));
            let properties = match revenue {
                Some(revenue) => format!(r#"{{"revenue":{revenue},"currency":"EUR","n":{index}}}"#),
                None => format!(r#"{{"revenue":"none","path":"/p/{}"}}"#, r >> 40 & 7),
            };
            StoredEvent {
                customer,
                occurred_at: Timestamp(at),
                identifier: IdentifierId(identifier),
                seq: StoredEvent::seq_of(position, index as usize),
                kind: EventKind::Track,
                name: name.into(),
                source: SourceId(r >> 50 & 3),
                received_at: Timestamp(at + 5),
                message_id: format!("m-{seed}-{index}").into(),
                properties: Json::from_checked_text(properties),
                traits: Json::empty(),
                context: Json::from_checked_text(r#"{"page":{"path":"/"},"secret":"x"}"#),
            }
        });
        let events: Vec<StoredEvent> = events.collect();
        assert!(self.history.add(FreshBatch::pack(position, &events).unwrap()));
    }

    pub async fn flush(&mut self) {
        let rewrite = Rewrite { through: Position(self.position), ..Rewrite::default() };
        let flushed = self.history.flush(rewrite, self.position).await.unwrap().unwrap();
        self.history.install(&flushed.runs, &[], Some(flushed.through));
    }

    /// An identifier points to somebody else, or to nobody, from now on.
    pub fn move_to(&mut self, identifier: u64, to: Option<u64>) {
        self.position += 1;
        let from = self.owner.insert(identifier, to).flatten().unwrap_or(identifier);
        let moved = Moved {
            identifier: IdentifierId(identifier),
            from: CustomerId(from),
            to: to.map(CustomerId),
            at: Position(self.position),
        };
        let through = Position(self.position);
        self.history.take_in(News { through, fresh: Vec::new(), moved: vec![moved] });
    }

    pub fn owner(&self, event: &Plain) -> Option<u64> {
        self.owner.get(&event.identifier).copied().unwrap_or(Some(event.identifier))
    }

    /// Events that are somebody's.
    pub fn seen(&self) -> impl Iterator<Item = &Plain> {
        self.events.iter().filter(|event| self.owner(event).is_some())
    }

    pub async fn ask(&self, text: &str) -> Result<Vec<RecordBatch>, SqlError> {
        self.engine.query(&self.viewer, text).await?.collect().await
    }

    /// The rows of an answer as texts, without a value `-`.
    pub async fn rows(&self, text: &str) -> Vec<Vec<String>> {
        let batches = self.ask(text).await;
        texts(&batches.unwrap_or_else(|e| panic!("{text:.200}: {e} ({e:?})")))
    }

    /// An answer of one value.
    pub async fn one(&self, text: &str) -> String {
        let rows = self.rows(text).await;
        assert!(rows.len() == 1 && rows[0].len() == 1, "{text}: {rows:?}");
        rows[0][0].clone()
    }

    pub async fn error(&self, text: &str) -> SqlError {
        match self.ask(text).await {
            Err(error) => error,
            Ok(batches) => panic!("{text} was answered: {} batches", batches.len()),
        }
    }
}

pub fn texts(batches: &[RecordBatch]) -> Vec<Vec<String>> {
    let options = FormatOptions::new().with_null("-");
    let mut rows = Vec::new();
    for batch in batches {
        let columns: Vec<_> = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column.as_ref(), &options).unwrap())
            .collect();
        for row in 0..batch.num_rows() {
            rows.push(columns.iter().map(|column| column.value(row).to_string()).collect());
        }
    }
    rows
}

/// A few rows of each table, in pages of three.
pub struct Fixed;

#[async_trait]
impl Tables for Fixed {
    async fn page(&self, query: PageQuery<'_>, rows: &mut Rows) -> Result<Option<String>, Cause> {
        let n = match query.table {
            Table::Customers => N_CUSTOMERS,
            Table::Accounts => return Err("the disk is full".into()),
            _ => 7,
        };
        let first: u64 = query.after.map_or(Ok(1), str::parse)?;
        let last = (first + 2).min(n);
        for id in first..=last {
            if query.ids.is_some_and(|ids| !ids.contains(&(id as i64))) {
                continue;
            }
            let (name, id) = (format!("n{id}"), id as i64);
            rows.push(|column| match column {
                "customer_id" | "account_id" | "source_id" | "identifier_id" => Cell::Int(id),
                "first_seen" | "last_seen" | "since" => Cell::Time(Timestamp(START)),
                "n_events" | "n_orders" | "n_units" => Cell::Int(id * 2),
                "revenue" | "quantity" => Cell::Float(id as f64 / 2.0),
                "is_known" => Cell::Bool(id % 2 == 0),
                "name" | "kind" | "value" | "product_id" => Cell::Text(&name),
                "traits" => Cell::Text(r#"{"plan":"pro"}"#),
                _ => Cell::Null,
            });
        }
        Ok((last < n).then(|| (last + 1).to_string()))
    }

    async fn left_out(&self) -> Result<Arc<HashSet<i64>>, Cause> {
        Ok(Arc::default())
    }
}
