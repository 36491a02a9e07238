//! How do numbers of tables and ids of the API become each other?

use base::CustomerId;
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array, StringViewArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::sync::Arc;

/// `customer_key(number)` and `customer_id(text)`.
pub(crate) fn functions() -> [ScalarUDF; 2] {
    [Way::ToKey, Way::ToNumber].map(|way| ScalarUDF::from(CustomerIds::new(way)))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Way {
    ToKey,
    ToNumber,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct CustomerIds {
    way: Way,
    signature: Signature,
}

impl CustomerIds {
    fn new(way: Way) -> Self {
        let from = match way {
            Way::ToKey => DataType::Int64,
            Way::ToNumber => DataType::Utf8View,
        };
        Self { way, signature: Signature::exact(vec![from], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for CustomerIds {
    fn name(&self) -> &'static str {
        match self.way {
            Way::ToKey => "customer_key",
            Way::ToNumber => "customer_number",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(match self.way {
            Way::ToKey => DataType::Utf8View,
            Way::ToNumber => DataType::Int64,
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let column = cast(&columns[0], self.signature_type())?;
        let answer: ArrayRef = match self.way {
            Way::ToKey => Arc::new(keys(column.as_primitive::<Int64Type>())),
            Way::ToNumber => Arc::new(numbers(column.as_string_view())),
        };
        Ok(ColumnarValue::Array(answer))
    }
}

impl CustomerIds {
    fn signature_type(&self) -> &'static DataType {
        match self.way {
            Way::ToKey => &DataType::Int64,
            Way::ToNumber => &DataType::Utf8View,
        }
    }
}

fn keys(numbers: &Int64Array) -> StringViewArray {
    numbers.iter().map(|n| n.map(|n| CustomerId::from_sql(n).to_string())).collect()
}

/// A text that is no customer's id is nobody's: no value.
fn numbers(keys: &StringViewArray) -> Int64Array {
    let number = |key: &str| key.parse::<CustomerId>().ok().map(CustomerId::to_sql);
    keys.iter().map(|key| key.and_then(number)).collect()
}
