//! What does a plan touch, how is it cut, and how is it shown?

use crate::session::SCHEMA;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result as DfResult;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::{ExecutionPlan, displayable};
use std::sync::Arc;

/// Whether the plan reads what is known of customers: tables of ours or folds, and not only the
/// catalogues that describe them.
pub(crate) fn is_about_data(plan: &LogicalPlan) -> bool {
    let mut found = false;
    let walked = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            // Functions in FROM have no schema.
            found |= scan.table_name.schema().is_none_or(|schema| schema == SCHEMA);
        }
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    // A plan that cannot be walked is taken for one that matters.
    found || walked.is_err()
}

/// The same plan for somebody who takes so many rows: one more is made, which tells that the
/// answer was cut. What sorts needs to keep only these.
pub(crate) fn cut_at(plan: LogicalPlan, rows_max: usize) -> DfResult<LogicalPlan> {
    match plan {
        plan @ (LogicalPlan::Explain(_) | LogicalPlan::Analyze(_)) => Ok(plan),
        plan => LogicalPlanBuilder::from(plan).limit(0, rows_max.checked_add(1))?.build(),
    }
}

/// The same steps, with a pause for others wherever much comes of little. A join of what lies in
/// memory always has a next row ready: without a pause it would keep its thread until its end, and
/// neither time limits nor whoever stops it would be heard.
pub(crate) fn with_pauses(plan: Arc<dyn ExecutionPlan>) -> DfResult<Arc<dyn ExecutionPlan>> {
    let paused = |step: Arc<dyn ExecutionPlan>| {
        let makes_much = step.children().len() > 1 || step.name() == "UnnestExec";
        if !makes_much {
            return Ok(Transformed::no(step));
        }
        let step: Arc<dyn ExecutionPlan> = Arc::new(CooperativeExec::new(step));
        Ok(Transformed::yes(step))
    };
    Ok(plan.transform_up(paused)?.data)
}

/// The steps that would be carried out, the last one first, as people read it.
pub(crate) async fn shown(state: &SessionState, plan: LogicalPlan) -> DfResult<String> {
    let plan = match plan {
        LogicalPlan::Explain(explain) => explain.plan.as_ref().clone(),
        LogicalPlan::Analyze(analyze) => analyze.input.as_ref().clone(),
        plan => plan,
    };
    let physical = state.create_physical_plan(&plan).await?;
    Ok(displayable(&*physical).indent(false).to_string())
}
