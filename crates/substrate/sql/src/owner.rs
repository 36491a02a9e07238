//! Whose is an event now, and whose events does nobody see?
//!
//! Identifiers come to point to somebody else since an event was written, and the data of some
//! customers rest.

use base::{CustomerId, IdentifierId};
use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result as DfResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use history::{Moves, bucket_of};
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
    /// Which rows are looked for; all others count as nobody's.
    pub wanted: Wanted,
}

/// Which rows are looked for, of all that are somebody's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Wanted {
    /// All of them.
    #[default]
    All,
    /// Those of customers of one share.
    Of(Share),
    /// Of these those alone that say a customer who is touched by a move: the others are found in
    /// their files ([`Settled`]).
    StraysOf(Share),
}

/// Some of the customers: whole buckets, one in so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Share {
    pub number: u16,
    pub of: u16,
}

impl Share {
    /// Whether the customers of a bucket are in it.
    pub fn has(self, bucket: u16) -> bool {
        bucket % self.of == self.number
    }
}

impl Owners {
    /// Every event is whose it was when it was written.
    pub fn as_written() -> Self {
        Self { moves: Arc::default(), left_out: Arc::default(), wanted: Wanted::All }
    }

    /// Whether every event is wanted, and whose it was when it was written.
    pub fn are_as_written(&self) -> bool {
        self.are_settled() && self.wanted == Wanted::All
    }

    /// Whether every event is somebody's whose it was when it was written.
    pub fn are_settled(&self) -> bool {
        self.moves.is_empty() && self.left_out.is_empty()
    }

    /// The same, of other rows.
    pub fn of_those(&self, wanted: Wanted) -> Self {
        Self { wanted, ..self.clone() }
    }

    /// The owners of rows; [`NOBODY`] for those of erased identifiers and of customers left out.
    pub fn of(&self, written: &Int64Array, identifiers: &Int64Array) -> Int64Array {
        // Rows of a customer lie beside each other: who is touched is asked once for each.
        let mut last = (NOBODY, false, NOBODY);
        let rows = written.values().iter().zip(identifiers.values());
        let owner = |(&customer, &identifier): (&i64, &i64)| {
            if customer != last.0 {
                let is_touched = self.moves.is_touched(CustomerId::from_sql(customer));
                let is_elsewhere = !is_touched && matches!(self.wanted, Wanted::StraysOf(_));
                let seen = if is_elsewhere { NOBODY } else { self.seen(customer) };
                last = (customer, is_touched, seen);
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

    /// Whether rows that say the customer are theirs, and nobody else's are; those are wanted.
    fn is_settled(&self, customer: i64) -> bool {
        !self.moves.is_touched(CustomerId::from_sql(customer)) && self.seen(customer) != NOBODY
    }

    fn seen(&self, customer: i64) -> i64 {
        let is_wanted = match self.wanted {
            Wanted::All => true,
            Wanted::Of(share) | Wanted::StraysOf(share) => {
                share.has(bucket_of(CustomerId::from_sql(customer)))
            }
        };
        if is_wanted && !self.left_out.contains(&customer) { customer } else { NOBODY }
    }
}

/// `owner(customer, identifier)`: the customer as of the moment when the question was begun.
#[derive(Debug, PartialEq, Eq, Hash)]
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
impl PartialEq for Owners {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.moves, &other.moves)
            && self.left_out == other.left_out
            && self.wanted == other.wanted
    }
}

impl Eq for Owners {}

impl Hash for Owners {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.moves).hash(state);
        self.wanted.hash(state);
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

/// `is_settled(customer)`: whether rows that say the customer are theirs, and nobody else's are. A
/// condition that leaves the order of rows alone, unlike [`Owner`].
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Settled {
    owners: Owners,
    signature: Signature,
}

impl Settled {
    pub fn new(owners: Owners) -> Self {
        Self { owners, signature: Signature::exact(vec![DataType::Int64], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Settled {
    fn name(&self) -> &'static str {
        "is_settled"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        // Rows of a customer lie beside each other.
        let mut last = (NOBODY, false);
        let is_settled = |&customer: &i64| {
            if customer != last.0 {
                last = (customer, self.owners.is_settled(customer));
            }
            Some(last.1)
        };
        let customers = columns[0].as_primitive::<Int64Type>();
        let settled: BooleanArray = customers.values().iter().map(is_settled).collect();
        Ok(ColumnarValue::Array(Arc::new(settled) as ArrayRef))
    }
}
