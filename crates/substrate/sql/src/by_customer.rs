//! Which steps of a plan work customer by customer, and what is it given for that?
//!
//! `GROUP BY customer_id, …` and `OVER (PARTITION BY customer_id …)` put together what lies beside
//! each other in the files already. Where nothing but conditions and projections stands between
//! such steps and the events, these are read customer by customer: groups end with their customer
//! instead of growing until all rows are seen, nothing is sorted, and no rows are exchanged between
//! threads. When everything else is decided, windows over timelines become [`TimelineWindows`].
//!
//! Events that are counted by their name are counted by [`Tally`], whatever their order.

use crate::runs::SORTED_BY;
use crate::scan::EventsExec;
use crate::tally::Tally;
use crate::timelines::{Apart, Timelines};
use crate::windows::TimelineWindows;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result as DfResult;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::windows::{BoundedWindowAggExec, WindowAggExec};
use datafusion::physical_plan::{ExecutionPlan, WindowExpr};
use std::sync::Arc;

/// All rules in their order. The first is ours, because all others have to see how events are read,
/// and the last but one: the last looks whether everything fits.
pub(crate) fn rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    rules.insert(0, Arc::new(ByCustomer));
    rules.insert(rules.len() - 1, Arc::new(WholeCustomers));
    rules
}

/// Chooses how events are read.
#[derive(Debug)]
struct ByCustomer;

impl PhysicalOptimizerRule for ByCustomer {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let by_customer = |step: Arc<dyn ExecutionPlan>| {
            let Some(keys) = keys_wanted(&step) else { return Ok(Transformed::no(step)) };
            match read_by_customer(&step, keys)? {
                Some(read) => Ok(Transformed::new(read, true, TreeNodeRecursion::Jump)),
                None => Ok(Transformed::no(step)),
            }
        };
        let plan = plan.transform_down(by_customer)?.data;
        let tally = |step: Arc<dyn ExecutionPlan>| {
            let tally = Tally::like(&step).filter(|tally| has_few(tally.input(), tally.text()));
            Ok(tally.map_or_else(|| Transformed::no(step), |t| Transformed::yes(Arc::new(t) as _)))
        };
        let plan = plan.transform_up(tally)?.data;
        let in_any_order = |step: Arc<dyn ExecutionPlan>| {
            let read = step.downcast_ref::<EventsExec>().map(EventsExec::in_any_order);
            Ok(read.map_or_else(|| Transformed::no(step), Transformed::yes))
        };
        Ok(plan.transform_up(in_any_order)?.data)
    }

    fn name(&self) -> &'static str {
        "by_customer"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Lets windows over timelines see whole customers.
#[derive(Debug)]
struct WholeCustomers;

impl PhysicalOptimizerRule for WholeCustomers {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let whole = |step: Arc<dyn ExecutionPlan>| {
            let Some(windows) = step.downcast_ref::<BoundedWindowAggExec>() else {
                return Ok(Transformed::no(step));
            };
            let are_by_customer = windows.window_expr().iter().all(|w| w.partition_by().len() == 1);
            let place = customer(windows.input()).filter(|_| are_by_customer);
            let place = place.filter(|_| customer(&step).is_some());
            let whole = place.and_then(|(place, _)| TimelineWindows::like(&step, place));
            Ok(whole.map_or_else(|| Transformed::no(step), |w| Transformed::yes(Arc::new(w) as _)))
        };
        Ok(plan.transform_up(whole)?.data)
    }

    fn name(&self) -> &'static str {
        "whole_customers"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// By how many of the columns of [`SORTED_BY`] a step that works customer by customer, and those
/// below it, want to find rows sorted. `None` for all other steps.
fn keys_wanted(step: &Arc<dyn ExecutionPlan>) -> Option<usize> {
    let is_begun_here = match step.downcast_ref::<AggregateExec>() {
        Some(aggregate) => *aggregate.mode() != AggregateMode::Partial,
        None => windows(step).is_some(),
    };
    if !is_begun_here {
        return None;
    }
    customer(step).map(|(_, has_windows)| if has_windows { SORTED_BY.len() } else { 1 })
}

/// Where the customer stands among the columns that a step gives, and whether windows are below.
/// `None` where the step, or one between it and the events or timelines, does not work customer by
/// customer.
fn customer(step: &Arc<dyn ExecutionPlan>) -> Option<(usize, bool)> {
    if let Some(events) = step.downcast_ref::<EventsExec>() {
        return Some((events.customer()?, false));
    }
    if let Some(timelines) = step.downcast_ref::<Timelines>() {
        return Some((timelines.customer()?, false));
    }
    let [input] = step.children()[..] else { return None };
    let (place, has_windows) = customer(input)?;
    let is_it = |expr: &Arc<dyn PhysicalExpr>| {
        expr.downcast_ref::<Column>().is_some_and(|column| column.index() == place)
    };
    if let Some(projection) = step.downcast_ref::<ProjectionExec>() {
        let place = projection.expr().iter().position(|column| is_it(&column.expr))?;
        return Some((place, has_windows));
    }
    if let Some(filter) = step.downcast_ref::<FilterExec>() {
        let place = match filter.projection() {
            Some(kept) => kept.iter().position(|&column| column == place)?,
            None => place,
        };
        return Some((place, has_windows));
    }
    if let Some(aggregate) = step.downcast_ref::<AggregateExec>() {
        let groups = aggregate.group_expr();
        let place = groups.expr().iter().position(|(expr, _)| is_it(expr))?;
        return groups.is_single().then_some((place, has_windows));
    }
    if step.is::<CooperativeExec>() {
        return Some((place, has_windows));
    }
    let by_customer = |window: &Arc<dyn WindowExpr>| window.partition_by().iter().any(is_it);
    windows(step)?.iter().all(by_customer).then_some((place, true))
}

fn windows(step: &Arc<dyn ExecutionPlan>) -> Option<&[Arc<dyn WindowExpr>]> {
    let bounded = step.downcast_ref::<BoundedWindowAggExec>().map(|step| step.window_expr());
    let whole = || step.downcast_ref::<TimelineWindows>().map(TimelineWindows::windows);
    let all = || step.downcast_ref::<WindowAggExec>().map(|step| step.window_expr());
    bounded.or_else(whole).or_else(all)
}

/// Whether a column is one of those of the events in which there are few texts.
fn has_few(step: &Arc<dyn ExecutionPlan>, column: usize) -> bool {
    if let Some(events) = step.downcast_ref::<EventsExec>() {
        return events.has_few_texts(column);
    }
    let [input] = step.children()[..] else { return false };
    if let Some(filter) = step.downcast_ref::<FilterExec>() {
        let kept = filter.projection().as_ref();
        return has_few(input, kept.map_or(column, |kept| kept[column]));
    }
    let Some(projection) = step.downcast_ref::<ProjectionExec>() else { return false };
    let of = projection.expr()[column].expr.downcast_ref::<Column>();
    of.is_some_and(|of| has_few(input, of.index()))
}

/// The same steps over events that are read customer by customer. `None` where these cannot be.
fn read_by_customer(
    step: &Arc<dyn ExecutionPlan>,
    keys: usize,
) -> DfResult<Option<Arc<dyn ExecutionPlan>>> {
    let read = |step: Arc<dyn ExecutionPlan>| {
        let events = step.downcast_ref::<EventsExec>();
        let read = events.map(|events| events.by_customer(keys)).transpose()?.flatten();
        Ok(read.map_or_else(|| Transformed::no(step), Transformed::yes))
    };
    let read = step.clone().transform_up(read)?;
    Ok(read.transformed.then(|| Arc::new(Apart::new(read.data)) as Arc<dyn ExecutionPlan>))
}
