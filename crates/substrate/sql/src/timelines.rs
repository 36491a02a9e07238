//! How do sorted inputs become timelines, each customer's rows beside each other?
//!
//! [`Timelines`] merges, for each share of the customers, all partitions of one input. Its
//! partitions hold whole customers, so steps that work customer by customer need no exchange of
//! rows. DataFusion has no word for such a partition but `Hash`, by which it also pairs the
//! partitions of two inputs of a join; these are not dealt out by its hash. So [`Apart`] stands
//! above the last step that works customer by customer, and takes the word back.

use crate::merge::merged;
use datafusion::common::Statistics;
use datafusion::common::config::ConfigOptions;
use datafusion::common::stats::NdvFallback;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{
    EquivalenceProperties, LexOrdering, OrderingRequirements, Partitioning, PhysicalExpr,
};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::filter_pushdown::{FilterDescription, FilterPushdownPhase};
use datafusion::physical_plan::{
    ChildStats, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties,
    ReplaceChildrenOptions, StatisticsArgs,
};
use std::fmt;
use std::sync::Arc;

/// One partition per share of the customers, sorted.
#[derive(Debug)]
pub(crate) struct Timelines {
    shares: Vec<Arc<dyn ExecutionPlan>>,
    order: LexOrdering,
    properties: Arc<PlanProperties>,
}

impl Timelines {
    /// Merges the partitions of each share; each of them has to be sorted by `order`, columns of
    /// whole numbers or times that are never missing, the customer first.
    pub fn try_new(shares: Vec<Arc<dyn ExecutionPlan>>, order: LexOrdering) -> DfResult<Self> {
        let none = || DataFusionError::Internal("timelines of nobody".into());
        let schema = shares.first().ok_or_else(none)?.schema();
        let sorted = EquivalenceProperties::new_with_orderings(schema, [order.clone()]);
        let customer = order.first().expr.clone();
        let properties = PlanProperties::new(
            sorted,
            Partitioning::Hash(vec![customer], shares.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Self { shares, order, properties: Arc::new(properties) })
    }

    /// The place of the customer among the columns.
    pub fn customer(&self) -> Option<usize> {
        self.order.first().expr.downcast_ref::<Column>().map(Column::index)
    }
}

impl DisplayAs for Timelines {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimelinesExec: shares={}, order=[{}]", self.shares.len(), self.order)
    }
}

impl ExecutionPlan for Timelines {
    fn name(&self) -> &'static str {
        "TimelinesExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.shares.iter().collect()
    }

    fn required_input_ordering(&self) -> Vec<Option<OrderingRequirements>> {
        vec![Some(self.order.clone().into()); self.shares.len()]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false; self.shares.len()]
    }

    fn apply_expressions(
        &self,
        of: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        for key in &self.order {
            if of(&key.expr)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::try_new(children, self.order.clone())?))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::try_new(children, self.order.clone())?))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> DfResult<SendableRecordBatchStream> {
        let share = &self.shares[partition];
        let n_inputs = share.properties().partitioning.partition_count();
        let inputs = (0..n_inputs).map(|input| share.execute(input, context.clone()));
        let place = |key: &dyn PhysicalExpr| key.downcast_ref::<Column>().map(Column::index);
        let keys: Option<Vec<usize>> = self.order.iter().map(|key| place(&*key.expr)).collect();
        let keys = keys.ok_or_else(|| DataFusionError::Internal("a key is no column".into()))?;
        merged(self.schema(), inputs.collect::<DfResult<_>>()?, keys, &context)
    }

    fn gather_filters_for_pushdown(
        &self,
        _: FilterPushdownPhase,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _: &ConfigOptions,
    ) -> DfResult<FilterDescription> {
        FilterDescription::from_children(filters, &self.children())
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        let of = |share| match partition {
            Some(partition) if partition != share => ChildStats::Skip,
            _ => ChildStats::At(None),
        };
        (0..self.shares.len()).map(of).collect()
    }

    fn statistics_from_inputs(
        &self,
        inputs: &[Arc<Statistics>],
        args: &StatisticsArgs,
    ) -> DfResult<Arc<Statistics>> {
        if let Some(partition) = args.partition() {
            return Ok(inputs[partition].clone());
        }
        let (all, schema) = (inputs.iter().map(|of| &**of), self.schema());
        let all = Statistics::try_merge_iter_with_ndv_fallback(all, &schema, NdvFallback::Sum)?;
        Ok(Arc::new(all))
    }
}

/// The same rows in the same partitions, of which nothing is said any more.
#[derive(Debug)]
pub(crate) struct Apart {
    input: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

impl Apart {
    pub fn new(input: Arc<dyn ExecutionPlan>) -> Self {
        let of = PlanProperties::clone(input.properties());
        let n_partitions = of.partitioning.partition_count();
        let properties = of.with_partitioning(Partitioning::UnknownPartitioning(n_partitions));
        Self { input, properties: Arc::new(properties) }
    }
}

impl DisplayAs for Apart {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApartExec")
    }
}

impl ExecutionPlan for Apart {
    fn name(&self) -> &'static str {
        "ApartExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::new(children.swap_remove(0))))
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::new(children.swap_remove(0))))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> DfResult<SendableRecordBatchStream> {
        self.input.execute(partition, context)
    }

    fn gather_filters_for_pushdown(
        &self,
        _: FilterPushdownPhase,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _: &ConfigOptions,
    ) -> DfResult<FilterDescription> {
        FilterDescription::from_children(filters, &self.children())
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        vec![ChildStats::At(partition)]
    }

    fn statistics_from_inputs(
        &self,
        inputs: &[Arc<Statistics>],
        _: &StatisticsArgs,
    ) -> DfResult<Arc<Statistics>> {
        Ok(inputs[0].clone())
    }
}
