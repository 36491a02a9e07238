//! Whose is an event now, and whose events does nobody see?
//!
//! Identifiers come to point to somebody else since an event was written, and the data of some
//! customers rest.

use base::{CustomerId, IdentifierId};
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use history::Moves;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What stands for nobody within a plan: rows of it are taken out before anybody sees them. No
/// customer has a negative number.
pub(crate) const NOBODY: i64 = -1;

/// What has to be known of one moment to say whose an event is.
#[derive(Clone, Debug)]
pub(crate) struct Owners {
    pub moves: Arc<Moves>,
    /// Customers whose events are left out.
    pub left_out: Arc<HashSet<i64>>,
}

impl Owners {
    /// Whether every event is whose it was when it was written.
    pub fn are_as_written(&self) -> bool {
        self.moves.is_empty() && self.left_out.is_empty()
    }

    /// The owners of rows; [`NOBODY`] for those of erased identifiers and of customers left out.
    pub fn of(&self, written: &Int64Array, identifiers: &Int64Array) -> Int64Array {
        // Rows of a customer lie beside each other: who is touched is asked once for each.
        let mut last = (NOBODY, false, NOBODY);
        let rows = written.values().iter().zip(identifiers.values());
        let owner = |(&customer, &identifier): (&i64, &i64)| {
            if customer != last.0 {
                let is_touched = self.moves.is_touched(CustomerId::from_sql(customer));
                last = (customer, is_touched, self.seen(customer));
            }
            if !last.1 {
                return last.2;
            }
            let identifier = IdentifierId::from_sql(identifier);
            let now = self.moves.customer_of(identifier, CustomerId::from_sql(customer));
            now.map_or(NOBODY, |now| self.seen(now.to_sql()))
        };
        rows.map(owner).collect::<Vec<i64>>().into()
    }

    fn seen(&self, customer: i64) -> i64 {
        if self.left_out.contains(&customer) { NOBODY } else { customer }
    }
}

/// `owner(customer, identifier)`: the customer as of the moment when the question was begun.
#[derive(Debug)]
pub(crate) struct Owner {
    owners: Owners,
    signature: Signature,
}

impl Owner {
    pub fn new(owners: Owners) -> Self {
        let numbers = vec![DataType::Int64, DataType::Int64];
        Self { owners, signature: Signature::exact(numbers, Volatility::Immutable) }
    }
}

// Two questions may see different moments.
impl PartialEq for Owner {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.owners.moves, &other.owners.moves)
            && self.owners.left_out == other.owners.left_out
    }
}

impl Eq for Owner {}

impl Hash for Owner {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.owners.moves).hash(state);
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
        let owners = self.owners.of(number(0), number(1));
        Ok(ColumnarValue::Array(Arc::new(owners) as ArrayRef))
    }
}
