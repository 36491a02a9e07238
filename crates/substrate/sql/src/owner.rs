//! Whose is an event whose identifier came to point to somebody else since it was written?

use base::{CustomerId, IdentifierId};
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use history::Moves;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What stands for nobody within a plan: rows of it are taken out before anybody sees them. No
/// customer has a negative number.
pub(crate) const NOBODY: i64 = -1;

/// `owner(customer, identifier)`: the customer as of the moment when the question was begun.
#[derive(Debug)]
pub(crate) struct Owner {
    moves: Arc<Moves>,
    signature: Signature,
}

impl Owner {
    pub fn new(moves: Arc<Moves>) -> Self {
        let numbers = vec![DataType::Int64, DataType::Int64];
        Self { moves, signature: Signature::exact(numbers, Volatility::Immutable) }
    }
}

// Two questions may see different moves.
impl PartialEq for Owner {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.moves, &other.moves)
    }
}

impl Eq for Owner {}

impl Hash for Owner {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.moves).hash(state);
    }
}

impl ScalarUDFImpl for Owner {
    fn name(&self) -> &'static str {
        "owner"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let number = |place: usize| columns[place].as_primitive::<Int64Type>();
        let owners = owners(&self.moves, number(0), number(1));
        Ok(ColumnarValue::Array(Arc::new(owners) as ArrayRef))
    }
}

/// The owners of rows; [`NOBODY`] for those of erased identifiers.
pub(crate) fn owners(moves: &Moves, written: &Int64Array, identifiers: &Int64Array) -> Int64Array {
    // Rows of a customer lie beside each other: who is touched is asked once for each.
    let mut last = (NOBODY, false);
    let rows = written.values().iter().zip(identifiers.values());
    let owner = |(&customer, &identifier): (&i64, &i64)| {
        if customer != last.0 {
            last = (customer, moves.is_touched(CustomerId::from_sql(customer)));
        }
        if !last.1 {
            return customer;
        }
        let identifier = IdentifierId::from_sql(identifier);
        let now = moves.customer_of(identifier, CustomerId::from_sql(customer));
        now.map_or(NOBODY, CustomerId::to_sql)
    };
    rows.map(owner).collect::<Vec<i64>>().into()
}
