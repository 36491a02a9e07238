//! Which of two versions of a program is the newer one, in SQL?

use datafusion::arrow::array::{AsArray, StringViewArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use std::sync::Arc;
use timeline::Version;

/// `version_key(text)`: texts that compare as the versions do; no value where the text is none.
pub(crate) fn function() -> ScalarUDF {
    let key = |columns: &[ColumnarValue]| -> DfResult<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(columns)?;
        let texts = cast(&columns[0], &DataType::Utf8View)?;
        let key = |text: &str| Version::parse(text).map(|version| version.key());
        let keys: StringViewArray =
            texts.as_string_view().iter().map(|text| text.and_then(key)).collect();
        Ok(ColumnarValue::Array(Arc::new(keys)))
    };
    let text = DataType::Utf8View;
    create_udf("version_key", vec![text.clone()], text, Volatility::Immutable, Arc::new(key))
}
