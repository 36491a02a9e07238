//! How is what a viewer may not see taken out before any condition looks at it?

use crate::viewer::Veil;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringViewArray, StringViewBuilder};
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// `veiled(json)`: the text as the viewer may see it.
pub(crate) struct Veiled {
    veil: Arc<dyn Veil>,
    signature: Signature,
}

impl Veiled {
    pub fn new(veil: Arc<dyn Veil>) -> Self {
        let signature = Signature::exact(vec![DataType::Utf8View], Volatility::Immutable);
        Self { veil, signature }
    }
}

impl fmt::Debug for Veiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Veiled")
    }
}

impl PartialEq for Veiled {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.veil, &other.veil)
    }
}

impl Eq for Veiled {}

impl Hash for Veiled {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.veil).cast::<()>().hash(state);
    }
}

impl ScalarUDFImpl for Veiled {
    fn name(&self) -> &'static str {
        "veiled"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let texts = columns[0].as_string_view();
        Ok(ColumnarValue::Array(Arc::new(veiled(&*self.veil, texts)) as ArrayRef))
    }
}

/// The texts as they may be seen.
pub(crate) fn veiled(veil: &dyn Veil, texts: &StringViewArray) -> StringViewArray {
    let mut seen = StringViewBuilder::with_capacity(texts.len());
    for text in texts {
        let other = text.and_then(|text| veil.veil(text));
        seen.append_option(other.as_deref().or(text));
    }
    seen.finish()
}
