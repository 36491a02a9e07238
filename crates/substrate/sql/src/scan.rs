//! How are all events of one moment read, in any order or customer by customer?
//!
//! A plan begins with [`EventsExec`], which stands for both ways. The rule in
//! [`by_customer`](crate::by_customer) chooses before anything else is decided about the plan.
//!
//! In any order, each thread reads some of the files. Customer by customer, each thread has a share
//! of the buckets, and merges their files, which are sorted. What may belong elsewhere than it lies
//! is sorted beside that: rows of customers who are touched by a move, files of all buckets, and
//! fresh events; all of them are few.

use crate::columns::{Column, schema_of};
use crate::events::{CUSTOMER, EVENT_COLUMNS, FreshRows, KIND, NAME};
use crate::owner::{Owners, Share, Wanted};
use crate::runs::{ASCENDING, RunScan, SORTED_BY, column};
use crate::timelines::Timelines;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::Result as DfResult;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{LexOrdering, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
};
use datafusion::prelude::SessionConfig;
use history::{FreshBatch, N_BUCKETS, RunMeta};
use std::fmt;
use std::sync::Arc;

/// Files above which they are not merged: of each a page lies open, some 200 kB. While merging keeps
/// up, there are fewer.
const FILES_MERGED_MAX: usize = 512;

/// All events of one moment, and what is wanted of them.
#[derive(Clone)]
pub(crate) struct EventScan {
    /// The files, and what is wanted.
    pub files: RunScan,
    /// Events that are in no file yet.
    pub fresh: Vec<Arc<FreshBatch>>,
}

impl EventScan {
    fn schema(&self) -> SchemaRef {
        let columns: Vec<Column> =
            self.files.wanted.iter().map(|&place| EVENT_COLUMNS[place]).collect();
        schema_of(&columns)
    }

    /// A plan that reads the rows in any order.
    fn in_any_order(&self, config: &SessionConfig) -> DfResult<Arc<dyn ExecutionPlan>> {
        let inputs = self.inputs(&self.files.runs, &self.files.owners, config)?;
        if inputs.is_empty() { self.fresh(&self.files.owners) } else { UnionExec::try_new(inputs) }
    }

    /// A plan in which each customer's rows lie beside each other in one partition. `keys` is how
    /// many of the columns of [`SORTED_BY`] say the order. `None` where the customer is not wanted,
    /// or there are too many files.
    pub fn by_customer(
        &self,
        keys: usize,
        config: &SessionConfig,
    ) -> DfResult<Option<Arc<dyn ExecutionPlan>>> {
        let schema = self.schema();
        let wanted = &self.files.wanted;
        let keys = SORTED_BY.into_iter().take(keys).take_while(|key| wanted.contains(key));
        let by = keys.map(|key| {
            let key = column(&schema, EVENT_COLUMNS[key].name)?;
            Ok(PhysicalSortExpr::new(key, ASCENDING))
        });
        let order = LexOrdering::new(by.collect::<DfResult<Vec<_>>>()?);
        let n_shares = u16::try_from(config.target_partitions()).unwrap_or(N_BUCKETS);
        let n_shares = n_shares.clamp(1, N_BUCKETS);
        let Some(order) = order.filter(|_| self.files.runs.len() <= FILES_MERGED_MAX) else {
            return Ok(None);
        };
        let shares = (0..n_shares).map(|number| Share { number, of: n_shares });
        let shares = shares.map(|share| self.share(share, &order, config));
        let timelines = Timelines::try_new(shares.collect::<DfResult<_>>()?, order)?;
        Ok(Some(Arc::new(timelines)))
    }

    /// The rows of a share of the customers; each partition is sorted.
    fn share(
        &self,
        share: Share,
        order: &LexOrdering,
        config: &SessionConfig,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let of = |is_taken: &dyn Fn(&RunMeta) -> bool| -> Vec<Arc<RunMeta>> {
            self.files.runs.iter().filter(|run| is_taken(run)).cloned().collect()
        };
        let own = of(&|run| run.bucket != RunMeta::MIXED && share.has(run.bucket));
        let (mixed, of_buckets): (Vec<_>, Vec<_>) =
            self.files.runs.iter().cloned().partition(|run| run.bucket == RunMeta::MIXED);
        let owners = &self.files.owners;
        let mut strays = self.inputs(&mixed, &owners.of_those(Wanted::Of(share)), config)?;
        if !owners.moves.is_empty() && !of_buckets.is_empty() {
            let owners = owners.of_those(Wanted::StraysOf(share));
            strays.push(RunScan { runs: of_buckets, owners, ..self.files.clone() }.plan(config)?);
        }
        let mut inputs: Vec<Arc<dyn ExecutionPlan>> = Vec::new();
        if !own.is_empty() {
            inputs.push(RunScan { runs: own, ..self.files.clone() }.in_order(config)?);
        }
        if !strays.is_empty() {
            let sorted = SortExec::new(order.clone(), UnionExec::try_new(strays)?);
            inputs.push(Arc::new(sorted.with_preserve_partitioning(true)));
        }
        if inputs.is_empty() {
            return Ok(Arc::new(EmptyExec::new(self.schema())));
        }
        UnionExec::try_new(inputs)
    }

    /// The rows of some files and the fresh ones, where there are any.
    fn inputs(
        &self,
        runs: &[Arc<RunMeta>],
        owners: &Owners,
        config: &SessionConfig,
    ) -> DfResult<Vec<Arc<dyn ExecutionPlan>>> {
        let mut inputs = Vec::new();
        if !runs.is_empty() {
            let (runs, owners) = (runs.to_vec(), owners.clone());
            inputs.push(RunScan { runs, owners, ..self.files.clone() }.plan(config)?);
        }
        if !self.fresh.is_empty() {
            inputs.push(self.fresh(owners)?);
        }
        Ok(inputs)
    }

    fn fresh(&self, owners: &Owners) -> DfResult<Arc<dyn ExecutionPlan>> {
        let rows = FreshRows {
            batches: self.fresh.clone(),
            owners: owners.clone(),
            veil: self.files.veil.clone(),
            wanted: self.files.wanted.clone(),
            schema: self.schema(),
        };
        rows.plan()
    }
}

/// All events of one moment, until it is decided in which order they are read.
pub(crate) struct EventsExec {
    scan: EventScan,
    config: SessionConfig,
    in_any_order: Arc<dyn ExecutionPlan>,
}

impl EventsExec {
    pub fn new(scan: EventScan, config: &SessionConfig) -> DfResult<Self> {
        let in_any_order = scan.in_any_order(config)?;
        Ok(Self { scan, config: config.clone(), in_any_order })
    }

    /// What reads the rows in any order.
    pub fn in_any_order(&self) -> Arc<dyn ExecutionPlan> {
        self.in_any_order.clone()
    }

    /// What reads them customer by customer, see [`EventScan::by_customer`].
    pub fn by_customer(&self, keys: usize) -> DfResult<Option<Arc<dyn ExecutionPlan>>> {
        self.scan.by_customer(keys, &self.config)
    }

    /// Whether there are few texts in a column, each of them many times.
    pub fn has_few_texts(&self, column: usize) -> bool {
        [KIND, NAME].contains(&self.scan.files.wanted[column])
    }

    /// The place of the customer among the columns.
    pub fn customer(&self) -> Option<usize> {
        self.scan.files.wanted.iter().position(|&place| place == CUSTOMER)
    }
}

impl fmt::Debug for EventsExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventsExec")
    }
}

impl DisplayAs for EventsExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventsExec")
    }
}

impl ExecutionPlan for EventsExec {
    fn name(&self) -> &'static str {
        "EventsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.in_any_order.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> DfResult<SendableRecordBatchStream> {
        self.in_any_order.execute(partition, context)
    }
}
