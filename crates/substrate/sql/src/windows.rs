//! How are window functions carried out over timelines?
//!
//! DataFusion's step for sorted input keeps a state for each customer and asks functions row by
//! row, so that a customer may go on for ever. Timelines are short: whole customers are taken at
//! once, as that step for unsorted input does it with all rows, and functions see each customer's
//! rows as columns.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::{concat, concat_batches};
use datafusion::arrow::datatypes::{Int64Type, SchemaRef};
use datafusion::common::Statistics;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{OrderingRequirements, PhysicalExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::windows::BoundedWindowAggExec;
use datafusion::physical_plan::{
    ChildStats, DisplayAs, DisplayFormatType, Distribution, ExecutionPlan, PlanProperties,
    ReplaceChildrenOptions, StatisticsArgs, WindowExpr, replace_children_if_necessary,
};
use futures::{StreamExt, stream};
use std::fmt;
use std::sync::Arc;

/// Window functions over the rows of each customer.
#[derive(Debug)]
pub(crate) struct TimelineWindows {
    /// What it stands for.
    like: Arc<dyn ExecutionPlan>,
    windows: Vec<Arc<dyn WindowExpr>>,
    customer: usize,
}

impl TimelineWindows {
    /// The same as `like` over an input in which rows of a customer, told apart by the column
    /// `customer` alone, lie beside each other. `None` for what is no such step.
    pub fn like(like: &Arc<dyn ExecutionPlan>, customer: usize) -> Option<Self> {
        let windows = like.downcast_ref::<BoundedWindowAggExec>()?.window_expr().to_vec();
        Some(Self { like: like.clone(), windows, customer })
    }

    /// The functions, each with what it is partitioned by.
    pub fn windows(&self) -> &[Arc<dyn WindowExpr>] {
        &self.windows
    }
}

impl DisplayAs for TimelineWindows {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.windows.iter().map(|window| window.name()).collect();
        write!(f, "TimelineWindowsExec: [{}]", names.join(", "))
    }
}

impl ExecutionPlan for TimelineWindows {
    fn name(&self) -> &'static str {
        "TimelineWindowsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.like.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.like.children()
    }

    fn required_input_distribution(&self) -> Vec<Distribution> {
        self.like.input_distribution_requirements().into_per_child()
    }

    fn required_input_ordering(&self) -> Vec<Option<OrderingRequirements>> {
        self.like.required_input_ordering()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn apply_expressions(
        &self,
        of: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        self.like.apply_expressions(of)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        options: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let like = self.like.clone().replace_children(children, options)?;
        Ok(Arc::new(Self { like, windows: self.windows.clone(), customer: self.customer }))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let like = replace_children_if_necessary(self.like.clone(), children)?;
        Ok(Arc::new(Self { like, windows: self.windows.clone(), customer: self.customer }))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> DfResult<SendableRecordBatchStream> {
        let input = self.like.children()[0].execute(partition, context.clone())?;
        let whole = Whole {
            input: Some(input),
            open: Vec::new(),
            windows: self.windows.clone(),
            customer: self.customer,
            schema: self.schema(),
            memory: MemoryConsumer::new("windows").register(context.memory_pool()),
        };
        let batches = stream::try_unfold(whole, |mut whole| async move {
            Ok(whole.next().await?.map(|batch| (batch, whole)))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), batches)))
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        self.like.child_stats_requests(partition)
    }

    fn statistics_from_inputs(
        &self,
        inputs: &[Arc<Statistics>],
        args: &StatisticsArgs,
    ) -> DfResult<Arc<Statistics>> {
        self.like.statistics_from_inputs(inputs, args)
    }
}

/// Takes whole customers out of a stream.
struct Whole {
    input: Option<SendableRecordBatchStream>,
    /// Rows of the last customer, of whom more may come, and perhaps of others before.
    open: Vec<RecordBatch>,
    windows: Vec<Arc<dyn WindowExpr>>,
    customer: usize,
    schema: SchemaRef,
    memory: MemoryReservation,
}

impl Whole {
    async fn next(&mut self) -> DfResult<Option<RecordBatch>> {
        while let Some(input) = &mut self.input {
            let Some(batch) = input.next().await.transpose()? else {
                self.input = None;
                break;
            };
            let Some(last) = batch.num_rows().checked_sub(1) else { continue };
            let customers = customers(&batch, self.customer)?;
            let begun = customers.partition_point(|&customer| customer < customers[last]);
            let is_same = begun == 0 && self.open_customer()? == Some(customers[0]);
            let whole = match begun {
                _ if is_same => Vec::new(),
                0 => std::mem::take(&mut self.open),
                begun => {
                    self.open.push(batch.slice(0, begun));
                    std::mem::take(&mut self.open)
                }
            };
            self.open.push(batch.slice(begun, batch.num_rows() - begun));
            self.memory
                .try_resize(self.open.iter().map(RecordBatch::get_array_memory_size).sum())?;
            if !whole.is_empty() {
                return self.with_windows(&whole).map(Some);
            }
        }
        let rest = std::mem::take(&mut self.open);
        if rest.is_empty() { Ok(None) } else { self.with_windows(&rest).map(Some) }
    }

    fn open_customer(&self) -> DfResult<Option<i64>> {
        let Some(batch) = self.open.last() else { return Ok(None) };
        Ok(customers(batch, self.customer)?.last().copied())
    }

    /// The rows of some customers, all of theirs, with what the functions say of each.
    fn with_windows(&self, whole: &[RecordBatch]) -> DfResult<RecordBatch> {
        let rows = concat_batches(&whole[0].schema(), whole)?;
        let customers = customers(&rows, self.customer)?;
        let mut told: Vec<Vec<ArrayRef>> = vec![Vec::new(); self.windows.len()];
        let mut begun = 0;
        for of_one in customers.chunk_by(|one, next| one == next) {
            let timeline = rows.slice(begun, of_one.len());
            begun += of_one.len();
            for (window, told) in self.windows.iter().zip(&mut told) {
                told.push(window.evaluate(&timeline)?);
            }
        }
        let mut columns = rows.columns().to_vec();
        for told in told {
            let parts: Vec<&dyn Array> = told.iter().map(|part| &**part).collect();
            columns.push(concat(&parts)?);
        }
        Ok(RecordBatch::try_new(self.schema.clone(), columns)?)
    }
}

fn customers(batch: &RecordBatch, column: usize) -> DfResult<&[i64]> {
    let customers = batch.column(column).as_primitive_opt::<Int64Type>();
    let customers = customers.filter(|customers| customers.null_count() == 0);
    let what = || DataFusionError::Internal("the customer is no number".into());
    Ok(customers.ok_or_else(what)?.values())
}
