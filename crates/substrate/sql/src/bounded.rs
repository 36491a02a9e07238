//! What of functions that make much out of little?
//!
//! The memory pool counts what plans keep, not what a function makes of one batch. Functions that
//! could make gigabytes of a word are told beforehand how much that may be.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, FieldRef, Int64Type};
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature,
};
use std::sync::Arc;

/// How the size of what a function makes follows from its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Grows {
    /// (text, times)
    Repeat,
    /// (text, characters, ...)
    Pad,
    /// (value, times)
    RepeatInList,
    /// (stop), (start, stop) or (start, stop, step)
    Series,
}

const GROWING: [(&str, Grows); 6] = [
    ("repeat", Grows::Repeat),
    ("lpad", Grows::Pad),
    ("rpad", Grows::Pad),
    ("array_repeat", Grows::RepeatInList),
    ("range", Grows::Series),
    ("generate_series", Grows::Series),
];

/// Bounds the functions of a session that need it.
pub(crate) fn bound_all(registry: &mut dyn FunctionRegistry, bytes_max: usize) -> DfResult<()> {
    for (name, grows) in GROWING {
        if let Ok(inner) = registry.udf(name) {
            let bounded = Bounded { inner, grows, bytes_max };
            registry.register_udf(Arc::new(ScalarUDF::from(bounded)))?;
        }
    }
    Ok(())
}

/// A function that is asked beforehand how much it will make.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Bounded {
    inner: Arc<ScalarUDF>,
    grows: Grows,
    bytes_max: usize,
}

impl ScalarUDFImpl for Bounded {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn schema_name(&self, args: &[Expr]) -> DfResult<String> {
        self.inner.schema_name(args)
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> DfResult<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> DfResult<FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn coerce_types(&self, types: &[DataType]) -> DfResult<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let bytes = self.grows.bytes(&args)?;
        if bytes > self.bytes_max as u128 {
            let name = self.name();
            let message = format!(
                "{name} would make {bytes} bytes at once, at most {} are allowed",
                self.bytes_max
            );
            return Err(DataFusionError::Execution(message));
        }
        self.inner.invoke_with_args(args)
    }
}

impl Grows {
    fn bytes(self, args: &ScalarFunctionArgs) -> DfResult<u128> {
        let columns = args.args.iter().map(|value| value.to_array(args.number_rows));
        let columns = columns.collect::<DfResult<Vec<ArrayRef>>>()?;
        let number = |place: usize| columns.get(place).map(numbers).transpose();
        Ok(match self {
            Self::Repeat => {
                let times = number(1)?.unwrap_or_default();
                let lengths = lengths(&columns[0])?;
                lengths.iter().zip(times).map(|(&len, n)| len * times_of(n)).sum()
            }
            // A character takes at most four bytes.
            Self::Pad => number(1)?.unwrap_or_default().into_iter().map(|n| 4 * times_of(n)).sum(),
            Self::RepeatInList => {
                number(1)?.unwrap_or_default().into_iter().map(|n| 16 * times_of(n)).sum()
            }
            Self::Series => {
                if columns.iter().any(|c| !c.data_type().is_integer() && !c.data_type().is_null()) {
                    let message = "series of dates are made by generate_series in FROM";
                    return Err(DataFusionError::Execution(message.into()));
                }
                series(&columns.iter().map(numbers).collect::<DfResult<Vec<_>>>()?)
            }
        })
    }
}

fn times_of(n: i64) -> u128 {
    u128::from(n.max(0).cast_unsigned())
}

fn numbers(column: &ArrayRef) -> DfResult<Vec<i64>> {
    let column = cast(column, &DataType::Int64)?;
    Ok(column.as_primitive::<Int64Type>().iter().map(Option::unwrap_or_default).collect())
}

fn lengths(column: &ArrayRef) -> DfResult<Vec<u128>> {
    let column = cast(column, &DataType::Utf8View)?;
    let length = |text: Option<&str>| text.map_or(0, str::len) as u128;
    Ok(column.as_string_view().iter().map(length).collect())
}

/// The bytes of series of numbers; a step of 0 is refused by the function itself.
fn series(columns: &[Vec<i64>]) -> u128 {
    let of = |place: usize, row: usize| columns[place][row];
    let n_rows = columns.first().map_or(0, Vec::len);
    let one = |row: usize| {
        let (start, stop) = match columns.len() {
            1 => (0, of(0, row)),
            _ => (of(0, row), of(1, row)),
        };
        let step = if columns.len() > 2 { of(2, row) } else { 1 };
        8 * (u128::from(start.abs_diff(stop)) / u128::from(step.unsigned_abs().max(1)) + 1)
    };
    (0..n_rows).map(one).sum()
}
