//! How is the history a table?
//!
//! All live runs and all fresh events of one moment, each row with whom it belongs to now. The
//! customer is a number, as in every other table: it is what rows are sorted and joined by, a text
//! would be twelve times as long. `customer_key(customer_id)` is the id that the API shows.

use crate::columns::{Column, Kind, always, schema_of};
use crate::error::SqlError;
use crate::owner::{NOBODY, Owners, Wanted};
use crate::runs::RunScan;
use crate::scan::{EventScan, EventsExec};
use crate::tables::{Tables, numbers_asked};
use crate::veil::veiled;
use crate::viewer::{Veil, Viewer};
use Kind::{Int, Text, Time};
use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch, RecordBatchOptions};
use datafusion::arrow::array::{Int64Array, Scalar};
use datafusion::arrow::compute::kernels::cmp::neq;
use datafusion::arrow::compute::{cast, filter_record_batch};
use datafusion::arrow::datatypes::{Int64Type, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use history::{FreshBatch, History};
use std::fmt;
use std::sync::Arc;

/// The columns of `events`.
pub const EVENT_COLUMNS: &[Column] = &[
    always("customer_id", Int, "whose event it is now; customer_key(customer_id) is the API's id"),
    always("occurred_at", Time, "when it happened"),
    always("received_at", Time, "when it reached us"),
    always("kind", Text, "which call it was: track, identify, page, screen, group, alias"),
    always("name", Text, "what is counted"),
    always("source_id", Int, "where it came from"),
    always("message_id", Text, "the sender's id of it"),
    always("properties", Text, "its fields as a JSON object"),
    always("traits", Text, "what it says of the customer or account, as a JSON object"),
    always("context", Text, "its circumstances as a JSON object"),
    always("identifier_id", Int, "the identifier that it came under, for ever"),
    always("event_id", Int, "its number, unique, in the order of the log"),
];

/// What the columns are called in runs, in the same order.
pub(crate) const RUN_NAMES: [&str; EVENT_COLUMNS.len()] = [
    "customer",
    "occurred_at",
    "received_at",
    "kind",
    "name",
    "source",
    "message_id",
    "properties",
    "traits",
    "context",
    "identifier",
    "seq",
];

/// The place of the customer.
pub(crate) const CUSTOMER: usize = 0;
/// The place of the time.
pub(crate) const OCCURRED_AT: usize = 1;
/// The place of the call.
pub(crate) const KIND: usize = 3;
/// The place of the name.
pub(crate) const NAME: usize = 4;
/// The place of the identifier.
pub(crate) const IDENTIFIER: usize = 10;
/// The place of the event's number.
pub(crate) const EVENT_ID: usize = 11;
/// The places of JSON.
pub(crate) const JSON: [usize; 3] = [7, 8, 9];

/// `events`, as one viewer may see it.
pub(crate) struct EventsTable {
    history: Arc<History>,
    tables: Arc<dyn Tables>,
    veil: Option<Arc<dyn Veil>>,
    schema: SchemaRef,
}

impl EventsTable {
    pub fn new(history: Arc<History>, viewer: &Viewer) -> Self {
        let (tables, veil) = (viewer.tables.clone(), viewer.veil.clone());
        Self { history, tables, veil, schema: schema_of(EVENT_COLUMNS) }
    }
}

impl fmt::Debug for EventsTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventsTable")
    }
}

#[async_trait]
impl TableProvider for EventsTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    /// Conditions on the customer are looked at here, because a row may lie under whom it belonged
    /// to before. All others find their way into the decoder by themselves: to row groups, pages,
    /// and rows.
    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> DfResult<Vec<TableProviderFilterPushDown>> {
        let one = |filter: &&Expr| {
            let customers =
                numbers_asked(std::slice::from_ref(*filter), EVENT_COLUMNS[CUSTOMER].name);
            match customers {
                Some(_) => TableProviderFilterPushDown::Inexact,
                None => TableProviderFilterPushDown::Unsupported,
            }
        };
        Ok(filters.iter().map(one).collect())
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let left_out = self.tables.left_out().await.map_err(|source| {
            DataFusionError::External(Box::new(SqlError::of_table("events", source)))
        })?;
        let live = self.history.everything();
        let scan = EventScan {
            files: RunScan {
                store: self.history.store().clone(),
                runs: live.runs,
                owners: Owners { moves: live.moves, left_out, wanted: Wanted::All },
                veil: self.veil.clone(),
                customers: numbers_asked(filters, EVENT_COLUMNS[CUSTOMER].name),
                wanted: projection.cloned().unwrap_or_else(|| (0..EVENT_COLUMNS.len()).collect()),
            },
            fresh: live.fresh,
        };
        Ok(Arc::new(EventsExec::new(scan, session.config())?))
    }
}

/// The fresh events of one moment.
#[derive(Clone)]
pub(crate) struct FreshRows {
    pub batches: Vec<Arc<FreshBatch>>,
    pub owners: Owners,
    pub veil: Option<Arc<dyn Veil>>,
    /// Places of columns in [`EVENT_COLUMNS`], and these columns.
    pub wanted: Vec<usize>,
    pub schema: SchemaRef,
}

impl fmt::Debug for FreshRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FreshRows").field("n_batches", &self.batches.len()).finish_non_exhaustive()
    }
}

impl PartitionStream for FreshRows {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let fresh = self.clone();
        let batches = self.batches.clone().into_iter().map(move |batch| fresh.rows(&batch));
        let batches = futures::stream::iter(batches);
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), batches))
    }
}

impl FreshRows {
    /// A plan of one partition.
    pub fn plan(self) -> DfResult<Arc<dyn ExecutionPlan>> {
        let schema = self.schema.clone();
        let rows: Vec<Arc<dyn PartitionStream>> = vec![Arc::new(self)];
        Ok(Arc::new(StreamingTableExec::try_new(schema, rows, None, [], false, None)?))
    }

    fn rows(&self, batch: &FreshBatch) -> DfResult<RecordBatch> {
        let rows = batch.rows().map_err(|e| DataFusionError::External(Box::new(e)))?;
        let column = |place: usize| -> DfResult<ArrayRef> {
            let column = rows.column_by_name(RUN_NAMES[place]).expect("runs have these columns");
            Ok(cast(column, &EVENT_COLUMNS[place].kind.arrow())?)
        };
        let (written, identifiers) = (column(CUSTOMER)?, column(IDENTIFIER)?);
        let number = |column: &ArrayRef| column.as_primitive::<Int64Type>().clone();
        let owner = self.owners.of(&number(&written), &number(&identifiers));
        let columns: Vec<ArrayRef> = self
            .wanted
            .iter()
            .map(|&place| match (&self.veil, place) {
                (_, CUSTOMER) => Ok(Arc::new(owner.clone()) as ArrayRef),
                (Some(veil), place) if JSON.contains(&place) => {
                    let texts = column(place)?;
                    Ok(Arc::new(veiled(&**veil, texts.as_string_view())) as ArrayRef)
                }
                (_, place) => column(place),
            })
            .collect::<DfResult<_>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
        let seen = RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)?;
        let is_somebodys = neq(&owner, &Scalar::new(Int64Array::from(vec![NOBODY])))?;
        Ok(filter_record_batch(&seen, &is_somebodys)?)
    }
}
