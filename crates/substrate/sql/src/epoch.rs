//! How many seconds are between two times, with their fractions?
//!
//! The library's `extract(epoch from later - earlier)` leaves out the fractions of a second of a
//! length of time, though not those of an interval; PostgreSQL keeps them, and so do we.

use datafusion::arrow::datatypes::{DataType, IntervalUnit};
use datafusion::common::DFSchema;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::expr_rewriter::FunctionRewrite;
use datafusion::logical_expr::{Expr, ExprSchemable, cast};
use datafusion::scalar::ScalarValue;

/// Makes an interval of the length of time whose seconds are asked for.
#[derive(Debug)]
pub(crate) struct EpochOfLengths;

impl FunctionRewrite for EpochOfLengths {
    fn name(&self) -> &'static str {
        "epoch of lengths of time"
    }

    fn rewrite(
        &self,
        expr: Expr,
        schema: &DFSchema,
        _: &ConfigOptions,
    ) -> DfResult<Transformed<Expr>> {
        let Expr::ScalarFunction(ScalarFunction { func, mut args }) = expr else {
            return Ok(Transformed::no(expr));
        };
        let is_of_length = func.name() == "date_part"
            && args.len() == 2
            && is_epoch(&args[0])
            && matches!(args[1].get_type(schema)?, DataType::Duration(_));
        if is_of_length {
            let length = args.remove(1);
            args.push(cast(length, DataType::Interval(IntervalUnit::MonthDayNano)));
        }
        let call = Expr::ScalarFunction(ScalarFunction { func, args });
        Ok(if is_of_length { Transformed::yes(call) } else { Transformed::no(call) })
    }
}

fn is_epoch(part: &Expr) -> bool {
    let text = part.as_literal().and_then(ScalarValue::try_as_str).flatten();
    text.is_some_and(|part| part.eq_ignore_ascii_case("epoch"))
}
