//! How does a fold stand in `FROM`?
//!
//! A fold that is told its arguments is a table: `SELECT * FROM funnel('Product Viewed', ...)`.
//! Whoever has folds (the shell) brings them as [`FoldFunction`]s in a [`Folds`]; this crate knows
//! none by name.

use crate::columns::{Column, schema_of};
use crate::error::{Cause, SqlError};
use crate::rows::Rows;
use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableFunctionArgs, TableFunctionImpl, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::FutureExt;
use std::fmt;
use std::sync::Arc;

/// An argument of a call, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// `NULL`
    Null,
    /// A whole number.
    Int(i64),
    /// A number with a point.
    Float(f64),
    /// A text.
    Text(String),
    /// Yes or no.
    Bool(bool),
}

/// The arguments of a call are not what the function takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{function}: {what}")]
pub struct BadCall {
    /// The function.
    pub function: &'static str,
    /// What is wrong, and what was expected.
    pub what: String,
}

/// A fold that is asked in SQL.
#[async_trait]
pub trait FoldFunction: Send + Sync {
    /// Its name in SQL.
    fn name(&self) -> &'static str;

    /// How it is called, for the schema browser.
    fn signature(&self) -> &'static str;

    /// What it answers, in a sentence or two.
    fn doc(&self) -> &'static str;

    /// A question that calls it and can be run as it stands.
    fn example(&self) -> &'static str;

    /// The columns of its answer.
    ///
    /// # Errors
    /// [`BadCall`] where the arguments are wrong; the question is then not begun.
    fn columns(&self, arguments: &[Argument]) -> Result<Vec<Column>, BadCall>;

    /// Runs the fold and adds its answer to `rows`.
    async fn rows(&self, arguments: &[Argument], rows: &mut Rows) -> Result<(), Cause>;
}

/// The folds that a viewer may call.
#[derive(Clone, Default)]
pub struct Folds {
    functions: Vec<Arc<dyn FoldFunction>>,
}

impl fmt::Debug for Folds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.functions.iter().map(|f| f.name())).finish()
    }
}

impl Folds {
    /// Adds a fold; the last one of a name counts.
    pub fn add(&mut self, function: Arc<dyn FoldFunction>) {
        self.functions.retain(|other| other.name() != function.name());
        self.functions.push(function);
    }

    /// Every fold.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn FoldFunction>> {
        self.functions.iter()
    }
}

/// A fold as DataFusion sees it.
pub(crate) struct Callable(pub Arc<dyn FoldFunction>);

impl fmt::Debug for Callable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Callable").field(&self.0.name()).finish()
    }
}

impl TableFunctionImpl for Callable {
    fn call_with_args(&self, args: TableFunctionArgs<'_, '_>) -> DfResult<Arc<dyn TableProvider>> {
        let name = self.0.name();
        let one = |(place, expr): (usize, &Expr)| {
            argument(expr).ok_or_else(|| {
                let what = format!("argument {} must be a number, a text or a boolean", place + 1);
                DataFusionError::Plan(format!("{name}: {what}"))
            })
        };
        let arguments = args.exprs().iter().enumerate().map(one).collect::<DfResult<Vec<_>>>()?;
        let columns = self.0.columns(&arguments);
        let columns = columns.map_err(|bad| DataFusionError::Plan(bad.to_string()))?;
        let schema = schema_of(&columns);
        Ok(Arc::new(Called { function: self.0.clone(), arguments, columns, schema }))
    }
}

fn argument(expr: &Expr) -> Option<Argument> {
    let value = match expr {
        Expr::Literal(value, _) => value.clone(),
        Expr::Negative(inner) => match &**inner {
            Expr::Literal(value, _) => value.arithmetic_negate().ok()?,
            _ => return None,
        },
        _ => return None,
    };
    Some(match value {
        value if value.is_null() => Argument::Null,
        ScalarValue::Int64(Some(n)) => Argument::Int(n),
        ScalarValue::Float64(Some(x)) => Argument::Float(x),
        ScalarValue::Boolean(Some(is)) => Argument::Bool(is),
        ScalarValue::Utf8(Some(t)) | ScalarValue::Utf8View(Some(t)) => Argument::Text(t),
        _ => return None,
    })
}

/// A fold with its arguments.
#[derive(Clone)]
struct Called {
    function: Arc<dyn FoldFunction>,
    arguments: Vec<Argument>,
    columns: Vec<Column>,
    schema: SchemaRef,
}

impl fmt::Debug for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, arguments) = (self.function.name(), &self.arguments);
        f.debug_struct("Called").field("name", &name).field("arguments", arguments).finish()
    }
}

#[async_trait]
impl TableProvider for Called {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let called: Vec<Arc<dyn PartitionStream>> = vec![Arc::new(self.clone())];
        let schema = self.schema.clone();
        Ok(Arc::new(StreamingTableExec::try_new(schema, called, projection, [], false, None)?))
    }
}

impl PartitionStream for Called {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let called = self.clone();
        let rows = async move { called.answer().await }.into_stream();
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows))
    }
}

impl Called {
    async fn answer(self) -> DfResult<RecordBatch> {
        let mut rows = Rows::new(self.columns.iter().copied());
        let table = self.function.name();
        let done = self.function.rows(&self.arguments, &mut rows).await;
        done.map_err(|source| {
            DataFusionError::External(Box::new(SqlError::of_table(table, source)))
        })?;
        Ok(rows.finish(self.schema)?)
    }
}
