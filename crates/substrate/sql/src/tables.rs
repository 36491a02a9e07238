//! Which tables lie beside the events, and how do their rows get here?

use crate::columns::{Column, Kind, always, maybe, schema_of};
use crate::error::{Cause, SqlError};
use crate::rows::Rows;
use Kind::{Bool, Float, Int, Text, Time};
use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{
    BinaryExpr, Expr, Operator, TableProviderFilterPushDown, TableType,
};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// Rows that are asked for at once.
const PAGE_ROWS: usize = 4_096;

/// A table that the shell brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// Who our customers are.
    Customers,
    /// What points to them.
    Identifiers,
    /// Organisations of customers.
    Accounts,
    /// Who belongs to which organisation.
    AccountMembers,
    /// What is sold.
    Products,
    /// Who has which product.
    Holdings,
    /// Where events come from.
    Sources,
}

/// The next rows of a table, as they are asked for.
#[derive(Clone, Copy, Debug)]
pub struct PageQuery<'a> {
    /// The table.
    pub table: Table,
    /// What the page before gave; nothing for the first page.
    pub after: Option<&'a str>,
    /// Rows of a page; a few more or less are no harm.
    pub limit: usize,
    /// Only rows with these values in the table's first column, where that is a number; `None` for
    /// all. Rows of others are no harm.
    pub ids: Option<&'a [i64]>,
}

/// Brings the rows of tables, as one viewer may see them.
#[async_trait]
pub trait Tables: Send + Sync {
    /// Adds the next rows of a table to `rows`; gives where the page after starts, or nothing
    /// where there is none. Rows that change meanwhile may be seen before or after; none is seen
    /// twice.
    async fn page(&self, query: PageQuery<'_>, rows: &mut Rows) -> Result<Option<String>, Cause>;

    /// The numbers of the customers whose events are left out. Asked once per question about
    /// events, as it is begun; a [`SqlError`] as cause is told to the asker.
    async fn left_out(&self) -> Result<Arc<HashSet<i64>>, Cause>;
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 7] = [
        Self::Customers,
        Self::Identifiers,
        Self::Accounts,
        Self::AccountMembers,
        Self::Products,
        Self::Holdings,
        Self::Sources,
    ];

    /// Its name in SQL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Identifiers => "identifiers",
            Self::Accounts => "accounts",
            Self::AccountMembers => "account_members",
            Self::Products => "products",
            Self::Holdings => "holdings",
            Self::Sources => "sources",
        }
    }

    /// What a row of it is, in one sentence.
    #[must_use]
    pub fn doc(self) -> &'static str {
        match self {
            Self::Customers => "One row per customer, with what lists show of them.",
            Self::Identifiers => "One row per value that points to a customer.",
            Self::Accounts => "One row per organisation that customers belong to.",
            Self::AccountMembers => "Who belongs to which account.",
            Self::Products => "One row per product that events have shown.",
            Self::Holdings => "Which customer has which product.",
            Self::Sources => "Where events come from.",
        }
    }

    /// Its columns.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Customers => CUSTOMERS,
            Self::Identifiers => IDENTIFIERS,
            Self::Accounts => ACCOUNTS,
            Self::AccountMembers => ACCOUNT_MEMBERS,
            Self::Products => PRODUCTS,
            Self::Holdings => HOLDINGS,
            Self::Sources => SOURCES,
        }
    }
}

const CUSTOMERS: &[Column] = &[
    always("customer_id", Int, "the customer; customer_key(customer_id) is the id of the API"),
    maybe("name", Text, "the name"),
    maybe("email", Text, "an e-mail address"),
    maybe("phone", Text, "a telephone number"),
    maybe("country", Text, "the country"),
    maybe("city", Text, "the city"),
    maybe("company", Text, "the company"),
    always("first_seen", Time, "when their first event happened"),
    always("last_seen", Time, "when their last event happened"),
    always("n_events", Int, "how many events they have"),
    always("n_orders", Int, "how many orders they placed"),
    always("revenue", Float, "what they paid, in units of the currency"),
    maybe("currency", Text, "the currency of the revenue"),
    always("is_known", Bool, "whether more is known than a device"),
    always("traits", Text, "the traits as a JSON object"),
];

const IDENTIFIERS: &[Column] = &[
    always("identifier_id", Int, "the identifier; events carry it for ever"),
    always("kind", Text, "what it is: user_id, anonymous_id, email, ..."),
    always("value", Text, "its value"),
    always("customer_id", Int, "whom it points to"),
    always("first_seen", Time, "when the first event under it happened"),
];

const ACCOUNTS: &[Column] = &[
    always("account_id", Int, "the account"),
    always("key", Text, "the id that events give it"),
    maybe("name", Text, "the name"),
    always("traits", Text, "the traits as a JSON object"),
    always("first_seen", Time, "when its first event happened"),
    always("last_seen", Time, "when its last event happened"),
];

const ACCOUNT_MEMBERS: &[Column] = &[
    always("account_id", Int, "the account"),
    always("customer_id", Int, "who belongs to it"),
    always("since", Time, "since when"),
];

const PRODUCTS: &[Column] = &[
    always("product_id", Text, "the product"),
    maybe("name", Text, "the name"),
    maybe("brand", Text, "who makes it"),
    maybe("category", Text, "the category"),
    maybe("price", Float, "the latest price, in units of the currency"),
    maybe("currency", Text, "the currency of the price"),
    maybe("url", Text, "where its page is"),
    maybe("image_url", Text, "where its picture is"),
    always("first_seen", Time, "when an event first showed it"),
    always("last_seen", Time, "when one first did on the last day (UTC) on which one did"),
];

const HOLDINGS: &[Column] = &[
    always("customer_id", Int, "who has the product"),
    always("product_id", Text, "the product"),
    maybe("name", Text, "what the order called it"),
    always("quantity", Float, "how many of it"),
    always("since", Time, "since when"),
];

const SOURCES: &[Column] = &[
    always("source_id", Int, "the source"),
    always("name", Text, "the name"),
    always("kind", Text, "what sort of source it is"),
];

/// A table of the shell as DataFusion sees it.
pub(crate) struct BroughtTable {
    table: Table,
    tables: Arc<dyn Tables>,
    schema: SchemaRef,
}

impl BroughtTable {
    pub fn new(table: Table, tables: Arc<dyn Tables>) -> Self {
        Self { table, tables, schema: schema_of(table.columns()) }
    }

    fn ids(&self, filters: &[Expr]) -> Option<Vec<i64>> {
        let key = self.table.columns()[0];
        (key.kind == Int).then(|| numbers_asked(filters, key.name))?
    }
}

impl fmt::Debug for BroughtTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BroughtTable").field(&self.table).finish()
    }
}

#[async_trait]
impl TableProvider for BroughtTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> DfResult<Vec<TableProviderFilterPushDown>> {
        let one = |filter: &&Expr| match self.ids(std::slice::from_ref(*filter)) {
            Some(_) => TableProviderFilterPushDown::Inexact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(one).collect())
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let all = self.table.columns();
        let wanted: Vec<Column> = match projection {
            Some(places) => places.iter().map(|&place| all[place]).collect(),
            None => all.to_vec(),
        };
        let pages = Pages {
            table: self.table,
            tables: self.tables.clone(),
            schema: schema_of(&wanted),
            wanted,
            ids: self.ids(filters),
            page_rows: limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS),
        };
        let schema = pages.schema.clone();
        let pages: Vec<Arc<dyn PartitionStream>> = vec![Arc::new(pages)];
        Ok(Arc::new(StreamingTableExec::try_new(schema, pages, None, [], false, limit)?))
    }
}

/// The pages of one scan.
#[derive(Clone)]
struct Pages {
    table: Table,
    tables: Arc<dyn Tables>,
    wanted: Vec<Column>,
    schema: SchemaRef,
    ids: Option<Vec<i64>>,
    page_rows: usize,
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, ids, .. } = self;
        f.debug_struct("Pages").field("table", table).field("ids", ids).finish()
    }
}

enum At {
    Start,
    After(String),
    End,
}

impl PartitionStream for Pages {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = self.schema.clone();
        let pages =
            futures::stream::try_unfold((self.clone(), At::Start), |(pages, at)| async move {
                let after = match &at {
                    At::Start => None,
                    At::After(after) => Some(after.as_str()),
                    At::End => return Ok(None),
                };
                let mut rows = Rows::new(pages.wanted.iter().copied());
                let query = PageQuery {
                    table: pages.table,
                    after,
                    limit: pages.page_rows,
                    ids: pages.ids.as_deref(),
                };
                let next = pages.tables.page(query, &mut rows).await.map_err(|source| {
                    let table = pages.table.name();
                    DataFusionError::External(Box::new(SqlError::of_table(table, source)))
                })?;
                let batch = rows.finish(pages.schema.clone())?;
                Ok(Some((batch, (pages, next.map_or(At::End, At::After)))))
            });
        Box::pin(RecordBatchStreamAdapter::new(schema, pages))
    }
}

/// The numbers that a column must be one of, as far as single conditions say so.
pub(crate) fn numbers_asked(filters: &[Expr], column: &str) -> Option<Vec<i64>> {
    let is_column = |e: &Expr| matches!(e, Expr::Column(c) if c.name == column);
    filters.iter().find_map(|filter| match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            let value = if is_column(left) { right } else { left };
            (is_column(left) || is_column(right)).then(|| Some(vec![number(value)?]))?
        }
        Expr::InList(list) if !list.negated && is_column(&list.expr) => {
            list.list.iter().map(number).collect()
        }
        _ => None,
    })
}

fn number(value: &Expr) -> Option<i64> {
    match value {
        Expr::Literal(ScalarValue::Int64(number), _) => *number,
        _ => None,
    }
}
