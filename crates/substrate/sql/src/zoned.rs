//! How does `date_trunc` with a time zone, as PostgreSQL has it, become what there is without?
//!
//! `date_trunc('hour', occurred_at, 'Asia/Kolkata')` is the moment at which the local hour began.
//! With two arguments everything is as it was, but in UTC faster: the library takes days and months
//! by the calendar of the zone, if there is one, and by arithmetic otherwise.

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, TimeUnit, TimestampMicrosecondType};
use datafusion::common::{internal_err, plan_err};
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::type_coercion::functions::fields_with_udf;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility, cast,
};
use datafusion::scalar::ScalarValue;
use std::sync::Arc;

/// `date_trunc(grain, time)` and `date_trunc(grain, time, zone)`.
pub(crate) fn date_trunc(plain: Arc<ScalarUDF>) -> ScalarUDF {
    let aliases = plain.aliases().to_vec();
    let signature = Signature::user_defined(Volatility::Immutable);
    ScalarUDF::from(DateTrunc { plain, aliases, signature })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DateTrunc {
    plain: Arc<ScalarUDF>,
    aliases: Vec<String>,
    signature: Signature,
}

impl DateTrunc {
    /// The first two arguments as the function without a zone wants them.
    fn plain_fields(&self, of: &[FieldRef]) -> DfResult<Vec<FieldRef>> {
        match of {
            [grain, time] | [grain, time, _] => {
                fields_with_udf(&[Arc::clone(grain), Arc::clone(time)], self.plain.as_ref())
            }
            _ => plan_err!("date_trunc takes a grain, a time and perhaps a time zone"),
        }
    }

    /// The same of times in UTC: they are cut as times without a zone.
    fn in_utc(&self, mut args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let time = args.args.remove(1);
        let zone = match time.data_type() {
            DataType::Timestamp(_, zone) => zone,
            _ => None,
        };
        args.args.push(in_zone(time, None)?);
        let without = DataType::Timestamp(TimeUnit::Microsecond, None);
        let field = |of: &FieldRef| Arc::new(of.as_ref().clone().with_data_type(without.clone()));
        args.arg_fields[1] = field(&args.arg_fields[1]);
        args.return_field = field(&args.return_field);
        in_zone(self.plain.invoke_with_args(args)?, zone)
    }
}

/// The same moments with the name of another zone.
fn in_zone(times: ColumnarValue, zone: Option<Arc<str>>) -> DfResult<ColumnarValue> {
    Ok(match times {
        ColumnarValue::Array(times) => {
            let times = times.as_primitive::<TimestampMicrosecondType>().clone();
            ColumnarValue::Array(Arc::new(times.with_timezone_opt(zone)))
        }
        ColumnarValue::Scalar(ScalarValue::TimestampMicrosecond(time, _)) => {
            ColumnarValue::Scalar(ScalarValue::TimestampMicrosecond(time, zone))
        }
        ColumnarValue::Scalar(other) => return internal_err!("{other} is no time"),
    })
}

fn is_utc(times: &DataType) -> bool {
    matches!(times, DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) if &**zone == "UTC")
}

impl ScalarUDFImpl for DateTrunc {
    fn name(&self) -> &str {
        self.plain.name()
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> DfResult<Vec<DataType>> {
        let field = |of: &DataType| Arc::new(Field::new("argument", of.clone(), true));
        let fields: Vec<FieldRef> = types.iter().map(field).collect();
        let plain = self.plain_fields(&fields)?;
        let mut wanted: Vec<DataType> = plain.iter().map(|f| f.data_type().clone()).collect();
        if types.len() == 3 {
            wanted.push(DataType::Utf8);
        }
        Ok(wanted)
    }

    fn return_type(&self, types: &[DataType]) -> DfResult<DataType> {
        self.plain.return_type(&types[..2])
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> DfResult<FieldRef> {
        self.plain.return_field_from_args(ReturnFieldArgs {
            arg_fields: &args.arg_fields[..2],
            scalar_arguments: &args.scalar_arguments[..2],
        })
    }

    fn simplify(&self, args: Vec<Expr>, info: &SimplifyContext) -> DfResult<ExprSimplifyResult> {
        let [grain, time, zone] = match <[Expr; 3]>::try_from(args) {
            Ok(three) => three,
            Err(two) => return Ok(ExprSimplifyResult::Original(two)),
        };
        let Some(zone) = zone.as_literal().and_then(ScalarValue::try_as_str).flatten() else {
            return plan_err!("the time zone of date_trunc is a text such as 'Europe/Berlin'");
        };
        let before = info.get_data_type(&time)?;
        let DataType::Timestamp(unit, Some(_)) = before else {
            return plan_err!("date_trunc with a time zone takes a time with one, not {before}");
        };
        let there = cast(time, DataType::Timestamp(unit, Some(zone.into())));
        let begun = cast(self.plain.call(vec![grain, there]), before);
        Ok(ExprSimplifyResult::Simplified(begun))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        match args.args.as_slice() {
            [_, time] if is_utc(&time.data_type()) => self.in_utc(args),
            [_, _] => self.plain.invoke_with_args(args),
            _ => internal_err!("date_trunc with a time zone is carried out without"),
        }
    }

    /// What is cut is in the order of what it was cut from.
    fn output_ordering(&self, inputs: &[ExprProperties]) -> DfResult<SortProperties> {
        self.plain.output_ordering(inputs)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.plain.documentation()
    }
}
