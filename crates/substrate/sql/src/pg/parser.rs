//! How does a prepared statement become a plan?

use super::connection::{Connection, placed, told};
use super::known::read_as;
use crate::guard::check_text;
use async_trait::async_trait;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::sqlparser::ast::Statement;
use datafusion_postgres::pgwire;
use pgwire::api::portal::Format;
use pgwire::api::query::ExtendedQueryHandler;
use pgwire::api::results::FieldInfo;
use pgwire::api::stmt::QueryParser;
use pgwire::api::{ClientInfo, Type};
use pgwire::error::PgWireResult;
use std::sync::Arc;

/// A statement with its text and plan, in the form in which the bridge to DataFusion keeps it.
pub(crate) type Prepared = (String, Option<(Statement, LogicalPlan)>);

/// Looks at a text before the parser does.
pub(crate) struct GuardedParser {
    pub connection: Arc<Connection>,
}

#[async_trait]
impl QueryParser for GuardedParser {
    type Statement = Prepared;

    async fn parse_sql<C>(
        &self,
        client: &C,
        sql: &str,
        types: &[Option<Type>],
    ) -> PgWireResult<Option<Prepared>>
    where
        C: ClientInfo + Unpin + Send + Sync,
    {
        check_text(sql, self.connection.server.engine.limits()).map_err(told)?;
        let asking = self.connection.asking()?;
        let parser = asking.service.query_parser();
        let read = read_as(sql);
        match parser.parse_sql(client, &read, types).await {
            Err(error) if read == sql => Err(placed(error, sql, &asking).await),
            parsed => parsed,
        }
    }

    fn get_parameter_types(&self, prepared: &Prepared) -> PgWireResult<Vec<Type>> {
        self.connection.asking()?.service.query_parser().get_parameter_types(prepared)
    }

    fn get_result_schema(
        &self,
        prepared: &Prepared,
        format: Option<&Format>,
    ) -> PgWireResult<Vec<FieldInfo>> {
        self.connection.asking()?.service.query_parser().get_result_schema(prepared, format)
    }
}
