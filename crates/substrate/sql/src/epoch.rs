//! How many seconds are between two times, with their fractions?
//!
//! The library's `extract(epoch from later - earlier)` leaves out the fractions of a second of a
//! length of time, though not those of an interval; PostgreSQL keeps them, and so do we. As an
//! interval it would take ten times as long as this: a length of time is a whole number already.

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::DFSchema;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::expr_rewriter::FunctionRewrite;
use datafusion::logical_expr::{Expr, ExprSchemable, cast, lit};
use datafusion::scalar::ScalarValue;

/// Divides a length of time whose seconds are asked for.
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
        let is_of_epoch = func.name() == "date_part" && args.len() == 2 && is_epoch(&args[0]);
        let of = if is_of_epoch { args[1].get_type(schema)? } else { DataType::Null };
        let DataType::Duration(unit) = of else {
            let call = Expr::ScalarFunction(ScalarFunction { func, args });
            return Ok(Transformed::no(call));
        };
        let number = cast(cast(args.remove(1), DataType::Int64), DataType::Float64);
        Ok(Transformed::yes(number / lit(in_a_second(unit))))
    }
}

fn in_a_second(unit: TimeUnit) -> f64 {
    match unit {
        TimeUnit::Second => 1.0,
        TimeUnit::Millisecond => 1e3,
        TimeUnit::Microsecond => 1e6,
        TimeUnit::Nanosecond => 1e9,
    }
}

fn is_epoch(part: &Expr) -> bool {
    let text = part.as_literal().and_then(ScalarValue::try_as_str).flatten();
    text.is_some_and(|part| part.eq_ignore_ascii_case("epoch"))
}
