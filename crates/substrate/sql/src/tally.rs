//! How are events counted by their name?
//!
//! It is what is asked most. A file has each name once per group of rows, and a row says where: so
//! in a batch the same name is mostly the same few bytes, which are looked up without looking at
//! the name. The library hashes and compares every row's text, which takes several times as long.

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray,
};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::expressions::{Column, Literal};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::udaf::AggregateFunctionExpr;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
};
use futures::{StreamExt, stream};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Texts after which what is counted so far is handed on: the step behind adds up.
const TEXTS_MAX: usize = 4_096;

/// Places for texts of a batch that were seen lately; a power of two.
const N_SLOTS: usize = 256;

/// Counts the rows of each partition by a text.
#[derive(Debug)]
pub(crate) struct Tally {
    input: Arc<dyn ExecutionPlan>,
    text: usize,
    properties: Arc<PlanProperties>,
}

impl Tally {
    /// The same as the first half of an aggregation that counts rows by a text, of which it should
    /// be known that there are few. `None` for what is no such step.
    pub fn like(step: &Arc<dyn ExecutionPlan>) -> Option<Self> {
        let aggregate = step.downcast_ref::<AggregateExec>()?;
        let [(by, _)] = aggregate.group_expr().expr() else { return None };
        let text = by.downcast_ref::<Column>()?.index();
        let input = aggregate.input().clone();
        let is_right = *aggregate.mode() == AggregateMode::Partial
            && aggregate.group_expr().is_single()
            && *input.schema().field(text).data_type() == DataType::Utf8View
            && aggregate.aggr_expr().iter().all(|of| counts_rows(of))
            && aggregate.filter_expr().iter().all(Option::is_none);
        is_right.then(|| Self::new(input, text, step.schema()))
    }

    fn new(input: Arc<dyn ExecutionPlan>, text: usize, schema: SchemaRef) -> Self {
        let n_partitions = input.properties().partitioning.partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(n_partitions),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Self { input, text, properties: Arc::new(properties) }
    }

    /// The place of the text among the columns of the input.
    pub fn text(&self) -> usize {
        self.text
    }

    /// What is counted.
    pub fn input(&self) -> &Arc<dyn ExecutionPlan> {
        &self.input
    }
}

/// Whether it is `count(*)`.
fn counts_rows(of: &AggregateFunctionExpr) -> bool {
    let is_there = |argument: &Arc<dyn PhysicalExpr>| {
        argument.downcast_ref::<Literal>().is_some_and(|literal| !literal.value().is_null())
    };
    of.fun().name() == "count"
        && !of.is_distinct()
        && of.order_bys().is_empty()
        && of.expressions().iter().all(is_there)
}

impl DisplayAs for Tally {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TallyExec: by={}", self.input.schema().field(self.text).name())
    }
}

impl ExecutionPlan for Tally {
    fn name(&self) -> &'static str {
        "TallyExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::new(children.swap_remove(0), self.text, self.schema())))
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::new(children.swap_remove(0), self.text, self.schema())))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> DfResult<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let (counts, schema, text) = (Counts::default(), self.schema(), self.text);
        let counting = (Some(input), counts, schema.clone());
        let batches =
            stream::try_unfold(counting, move |(mut input, mut counts, schema)| async move {
                while let Some(rows) = &mut input {
                    match rows.next().await.transpose()? {
                        Some(batch) => counts.add(batch.column(text).as_string_view())?,
                        None => input = None,
                    }
                    if counts.n.len() >= TEXTS_MAX {
                        break;
                    }
                }
                let told = counts.take(&schema)?;
                Ok(told.map(|told| (told, (input, counts, schema))))
            });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), batches)))
    }
}

/// How many rows have each text.
#[derive(Default)]
struct Counts {
    n: Vec<i64>,
    places: HashMap<Box<str>, usize>,
}

impl Counts {
    fn add(&mut self, texts: &StringViewArray) -> DfResult<()> {
        if texts.null_count() > 0 {
            return Err(DataFusionError::Internal("an event without a name".into()));
        }
        // Equal views of one batch are equal texts; the other way round they need not be.
        let mut seen = [(0_u128, usize::MAX); N_SLOTS];
        for (row, &view) in texts.views().iter().enumerate() {
            let (known, place) = &mut seen[slot(view)];
            if *known != view || *place == usize::MAX {
                (*known, *place) = (view, self.place(texts.value(row)));
            }
            self.n[*place] += 1;
        }
        Ok(())
    }

    fn place(&mut self, text: &str) -> usize {
        if let Some(&place) = self.places.get(text) {
            return place;
        }
        self.places.insert(text.into(), self.n.len());
        self.n.push(0);
        self.n.len() - 1
    }

    /// What is counted so far, once for each column besides the text; `None` where that is nothing.
    fn take(&mut self, schema: &SchemaRef) -> DfResult<Option<RecordBatch>> {
        let Self { n, places } = std::mem::take(self);
        if n.is_empty() {
            return Ok(None);
        }
        let mut texts = vec![""; n.len()];
        places.iter().for_each(|(text, &place)| texts[place] = text);
        let mut columns: Vec<ArrayRef> = vec![Arc::new(StringViewArray::from(texts))];
        let n: ArrayRef = Arc::new(Int64Array::from(n));
        columns.resize(schema.fields().len(), n);
        Ok(Some(RecordBatch::try_new(schema.clone(), columns)?))
    }
}

/// A place for a view: its words mixed, the upper bits of the product.
fn slot(view: u128) -> usize {
    const BITS: u32 = u64::BITS - N_SLOTS.ilog2();
    let words = (view as u64) ^ ((view >> 64) as u64).rotate_left(32);
    (words.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> BITS) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::datatypes::{Field, Schema};
    use std::collections::BTreeMap;

    #[test]
    fn every_row_is_counted_under_its_text() {
        let schema = Arc::new(Schema::new(vec![
            Field::new("name", DataType::Utf8View, false),
            Field::new("n", DataType::Int64, false),
        ]));
        let mut counts = Counts::default();
        let mut expected: BTreeMap<String, i64> = BTreeMap::new();
        for batch in 0..20_u64 {
            let text = |row: u64| match base::hash::mix64(row ^ batch << 32) {
                r if r & 1 == 0 => String::new(),
                r if r & 2 == 0 => format!("short {}", r >> 8 & 15),
                r => format!("longer than twelve bytes {}", r >> 8 & 1023),
            };
            let texts: Vec<String> = (0..1_000).map(text).collect();
            texts.iter().for_each(|text| *expected.entry(text.clone()).or_default() += 1);
            counts.add(&StringViewArray::from_iter_values(texts)).unwrap();
        }
        let told = counts.take(&schema).unwrap().unwrap();
        let (texts, n) = (told.column(0).as_string_view(), told.column(1));
        let n = n.as_primitive::<datafusion::arrow::datatypes::Int64Type>();
        let found: BTreeMap<String, i64> =
            (0..told.num_rows()).map(|row| (texts.value(row).to_owned(), n.value(row))).collect();
        assert_eq!((found.len(), found), (told.num_rows(), expected));
        assert!(counts.take(&schema).unwrap().is_none());
    }
}
