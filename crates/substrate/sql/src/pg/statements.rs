//! Which statements are answered, which are only acknowledged, and which are refused?

use super::connection::told;
use super::query::{Planned, rows};
use crate::engine::Engine;
use crate::error::SqlError;
use crate::guard::check_ast;
use crate::viewer::Ledger;
use async_trait::async_trait;
use datafusion::common::{DFSchema, DFSchemaRef, ParamValues};
use datafusion::logical_expr::{EmptyRelation, LogicalPlan};
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::sqlparser::ast::{Declare, DeclareType, Query, Set, Statement};
use datafusion_postgres::hooks::{HookClient, QueryHook};
use datafusion_postgres::pgwire;
use pgwire::api::ClientInfo;
use pgwire::api::portal::{Format, Portal};
use pgwire::api::results::{Response, Tag};
use pgwire::api::stmt::StoredStatement;
use pgwire::api::store::PortalStore;
use pgwire::error::{PgWireError, PgWireResult};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Settings of a connection that mean something here.
const SETTINGS: [&str; 7] = [
    "statement_timeout",
    "datestyle",
    "bytea_output",
    "intervalstyle",
    "application_name",
    "extra_float_digits",
    "search_path",
];

/// Answers questions, refuses what writes, and lets pass what others answer.
pub(crate) struct Statements {
    engine: Engine,
    ledger: Option<Arc<dyn Ledger>>,
    /// The columns of what was declared: who fetches from it is told them beforehand.
    declared: Mutex<HashMap<String, DFSchemaRef>>,
}

/// What becomes of a statement.
enum Fate {
    /// It is a question.
    Answered,
    /// Somebody else in the row knows it.
    PassedOn,
    /// It means nothing here; drivers send it unasked.
    Acknowledged(&'static str),
    /// A question is kept to be fetched from.
    Declared,
}

fn fate(statement: &Statement) -> Result<Fate, SqlError> {
    use Statement as S;
    Ok(match statement {
        S::Set(set) => fate_of_set(set)?,
        S::StartTransaction { .. } | S::Commit { .. } | S::Rollback { .. } => Fate::PassedOn,
        S::ShowVariable { .. } | S::ShowStatus { .. } | S::ShowCatalogs { .. } => Fate::PassedOn,
        S::Fetch { .. } | S::Close { .. } => Fate::PassedOn,
        S::Declare { .. } => Fate::Declared,
        S::Deallocate { .. } => Fate::Acknowledged("DEALLOCATE"),
        S::Discard { .. } => Fate::Acknowledged("DISCARD"),
        S::Savepoint { .. } => Fate::Acknowledged("SAVEPOINT"),
        S::ReleaseSavepoint { .. } => Fate::Acknowledged("RELEASE"),
        other => {
            check_ast(other)?;
            Fate::Answered
        }
    })
}

/// Settings of the engine are not the client's: they are the bounds. Settings of PostgreSQL that
/// mean nothing here are acknowledged, as drivers set many of them unasked.
fn fate_of_set(set: &Set) -> Result<Fate, SqlError> {
    match set {
        Set::SingleAssignment { variable, .. } => {
            let name = variable.to_string().to_lowercase();
            if name.contains('.') {
                return Err(SqlError::ReadsOnly { what: format!("SET {name}") });
            }
            let is_known = SETTINGS.contains(&name.as_str());
            Ok(if is_known { Fate::PassedOn } else { Fate::Acknowledged("SET") })
        }
        Set::SetTimeZone { .. } => Ok(Fate::PassedOn),
        _ => Ok(Fate::Acknowledged("SET")),
    }
}

fn api(error: datafusion::error::DataFusionError) -> PgWireError {
    PgWireError::ApiError(Box::new(error))
}

/// What stands for a statement that is not planned: no rows of these columns.
fn no_rows(schema: DFSchemaRef) -> LogicalPlan {
    LogicalPlan::EmptyRelation(EmptyRelation { produce_one_row: false, schema })
}

impl Statements {
    pub fn new(engine: Engine, ledger: Option<Arc<dyn Ledger>>) -> Self {
        Self { engine, ledger, declared: Mutex::default() }
    }

    fn columns_of(&self, name: &str) -> DFSchemaRef {
        let declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
        declared.get(name).cloned().unwrap_or_else(|| Arc::new(DFSchema::empty()))
    }

    async fn answer(
        &self,
        statement: &Statement,
        context: &SessionContext,
        client: &dyn HookClient,
    ) -> PgWireResult<Response> {
        let plan = planned(statement, context).await?;
        let format = Format::UnifiedText;
        let planned = self.planned(plan, statement.to_string());
        Ok(Response::Query(rows(&self.engine, context, planned, &format, client)?))
    }

    fn planned(&self, plan: LogicalPlan, text: String) -> Planned {
        Planned { plan, text, ledger: self.ledger.clone() }
    }

    /// Keeps a question to be fetched from, within the bounds of any other.
    async fn declare(
        &self,
        declared: &[Declare],
        context: &SessionContext,
        client: &dyn HookClient,
    ) -> PgWireResult<Response> {
        for declare in declared {
            let (name, query) = cursor(declare).map_err(told)?;
            let statement = Statement::Query(Box::new(query.clone()));
            check_ast(&statement).map_err(told)?;
            let text = statement.to_string();
            let plan = planned(&statement, context).await?;
            let columns = plan.schema().clone();
            let format = Format::UnifiedText;
            let planned = self.planned(plan.clone(), text.clone());
            let answer = rows(&self.engine, context, planned, &format, client)?;
            let kept = StoredStatement::new(name.clone(), (text, Some((statement, plan))), vec![]);
            let portal = Portal::new_cursor(name.clone(), Arc::new(kept));
            self.declared.lock().unwrap_or_else(PoisonError::into_inner).insert(name, columns);
            portal.start(answer).await;
            client.portal_store().put_portal(Arc::new(portal));
        }
        Ok(Response::Execution(Tag::new("DECLARE CURSOR")))
    }

    async fn respond(
        &self,
        statement: &Statement,
        context: &SessionContext,
        client: &dyn HookClient,
    ) -> Option<PgWireResult<Response>> {
        match fate(statement) {
            Err(error) => Some(Err(told(error))),
            Ok(Fate::PassedOn) => None,
            Ok(Fate::Acknowledged(tag)) => Some(Ok(Response::Execution(Tag::new(tag)))),
            Ok(Fate::Answered) => Some(self.answer(statement, context, client).await),
            Ok(Fate::Declared) => match statement {
                Statement::Declare { stmts } => Some(self.declare(stmts, context, client).await),
                _ => None,
            },
        }
    }
}

async fn planned(statement: &Statement, context: &SessionContext) -> PgWireResult<LogicalPlan> {
    let statement = DfStatement::Statement(Box::new(statement.clone()));
    context.state().statement_to_plan(statement).await.map_err(api)
}

fn cursor(declare: &Declare) -> Result<(String, &Query), SqlError> {
    let name = declare.names.first().map(|name| name.value.clone());
    match (&declare.declare_type, name, &declare.for_query) {
        (Some(DeclareType::Cursor), Some(name), Some(query)) => Ok((name, query)),
        _ => Err(SqlError::invalid("DECLARE wants a name, CURSOR and FOR with a query")),
    }
}

#[async_trait]
impl QueryHook for Statements {
    async fn handle_simple_query(
        &self,
        statement: &Statement,
        context: &SessionContext,
        client: &mut dyn HookClient,
    ) -> Option<PgWireResult<Response>> {
        self.respond(statement, context, client).await
    }

    async fn handle_extended_parse_query(
        &self,
        statement: &Statement,
        _: &SessionContext,
        _: &(dyn ClientInfo + Send + Sync),
    ) -> Option<PgWireResult<LogicalPlan>> {
        match fate(statement) {
            Err(error) => Some(Err(told(error))),
            Ok(Fate::Acknowledged(_)) => Some(Ok(no_rows(Arc::new(DFSchema::empty())))),
            Ok(_) => match statement {
                Statement::Fetch { name, .. } => Some(Ok(no_rows(self.columns_of(&name.value)))),
                _ => None,
            },
        }
    }

    async fn handle_extended_query(
        &self,
        statement: &Statement,
        _: &LogicalPlan,
        _: &ParamValues,
        context: &SessionContext,
        client: &mut dyn HookClient,
    ) -> Option<PgWireResult<Response>> {
        self.respond(statement, context, client).await
    }
}
