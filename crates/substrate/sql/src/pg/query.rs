//! How does a question over the wire become rows over the wire?

use super::connection::{Connection, Desk, placed, told};
use super::known::{read_as, to_regtype, type_is_visible, version, without_answer};
use super::parser::{GuardedParser, Prepared};
use super::statements::Statements;
use crate::engine::Engine;
use crate::error::SqlError;
use crate::guard::{check_plan, check_text};
use crate::ledger::Entry;
use crate::session::CATALOG;
use crate::viewer::{Ledger, Viewer};
use async_trait::async_trait;
use datafusion::common::ParamValues;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use datafusion::sql::sqlparser::ast::Statement;
use datafusion_postgres::arrow_pg::datatypes::{
    arrow_schema_to_pg_fields, df::deserialize_parameters_with_server_types, encode_recordbatch,
};
use datafusion_postgres::datafusion_pg_catalog::pg_catalog::{
    context::EmptyContextProvider, setup_pg_catalog,
};
use datafusion_postgres::hooks::cursor::CursorStatementHook;
use datafusion_postgres::hooks::set_show::SetShowHook;
use datafusion_postgres::hooks::transactions::TransactionStatementHook;
use datafusion_postgres::{DfSessionService, pgwire};
use futures::{Sink, StreamExt, TryStreamExt};
use pgwire::api::portal::{Format, Portal};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::results::{QueryResponse, Response};
use pgwire::api::stmt::QueryParser;
use pgwire::api::store::PortalStore;
use pgwire::api::{ClientInfo, ClientPortalStore, Type};
use pgwire::error::{PgWireError, PgWireResult};
use pgwire::messages::PgWireBackendMessage;
use pgwire::types::format::FormatOptions;
use std::fmt::Debug;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// What asks for one viewer over one connection.
pub(crate) struct Asking {
    pub engine: Engine,
    pub context: Arc<SessionContext>,
    pub service: DfSessionService,
    pub ledger: Option<Arc<dyn Ledger>>,
}

impl Asking {
    pub fn new(engine: &Engine, viewer: &Viewer) -> Result<Self, SqlError> {
        let context = engine.session(viewer)?;
        setup_pg_catalog(&context, CATALOG, EmptyContextProvider)
            .map_err(|e| SqlError::of(*e, engine.limits().memory_bytes_max))?;
        context.register_udf(version());
        context.register_udf(to_regtype());
        context.register_udf(type_is_visible());
        for function in without_answer() {
            context.register_udf(function);
        }
        let (context, ledger) = (Arc::new(context), viewer.ledger.clone());
        let service = DfSessionService::new_with_hooks(
            context.clone(),
            vec![
                Arc::new(TransactionStatementHook),
                Arc::new(Statements::new(engine.clone(), ledger.clone())),
                Arc::new(SetShowHook),
                Arc::new(CursorStatementHook),
            ],
        );
        Ok(Self { engine: engine.clone(), context, service, ledger })
    }
}

/// A question that was planned.
pub(crate) struct Planned {
    pub plan: LogicalPlan,
    pub text: String,
    /// Where it is written down.
    pub ledger: Option<Arc<dyn Ledger>>,
}

/// The rows of a plan; it is begun when the first of them is asked for.
pub(crate) fn rows(
    engine: &Engine,
    context: &SessionContext,
    Planned { plan, text, ledger }: Planned,
    format: &Format,
    client: &(impl ClientInfo + ?Sized),
) -> PgWireResult<QueryResponse> {
    check_plan(&plan, engine.limits()).map_err(told)?;
    let options = Arc::new(FormatOptions::from_client_metadata(client.metadata()));
    let fields = arrow_schema_to_pg_fields(plan.schema().as_arrow(), format, Some(options))?;
    let fields = Arc::new(fields);
    let (engine, context) = (engine.clone(), context.clone());
    let time_max = time_of(client)
        .map_or(engine.limits().time_max, |asked| asked.min(engine.limits().time_max));
    let connection = client.session_extensions().get::<Weak<Connection>>();
    let begun = async move {
        let planned = async move { Ok((context, plan)) };
        let entry = Entry::new(text, ledger);
        let answer = engine.answer(planned, entry, time_max).await.map_err(told)?;
        if let Some(connection) = connection.and_then(|connection| connection.upgrade()) {
            connection.begin(answer.canceller());
        }
        Ok::<_, PgWireError>(answer.map_err(told))
    };
    let columns = fields.clone();
    let rows = futures::stream::once(begun).try_flatten().map(move |batch| {
        let rows: Vec<PgWireResult<_>> = match batch {
            Ok(batch) => encode_recordbatch(columns.clone(), batch).collect(),
            Err(error) => vec![Err(error)],
        };
        futures::stream::iter(rows)
    });
    Ok(QueryResponse::new(fields, rows.flatten()))
}

/// The time that the client gives a question (`SET statement_timeout`).
fn time_of(client: &(impl ClientInfo + ?Sized)) -> Option<Duration> {
    let millis = client.metadata().get("statement_timeout_ms")?.parse().ok()?;
    Some(Duration::from_millis(millis))
}

#[async_trait]
impl SimpleQueryHandler for Desk {
    async fn do_query<C>(&self, client: &mut C, query: &str) -> PgWireResult<Vec<Response>>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let asking = self.connection.asking()?;
        check_text(query, asking.engine.limits()).map_err(told)?;
        client.session_extensions().insert(Arc::downgrade(&self.connection));
        let read = read_as(query);
        let answered = SimpleQueryHandler::do_query(&asking.service, client, &read).await;
        match answered {
            Err(error) if read == query => Err(placed(error, query, &asking).await),
            answered => answered,
        }
    }
}

#[async_trait]
impl ExtendedQueryHandler for Desk {
    type Statement = Prepared;
    type QueryParser = GuardedParser;

    fn query_parser(&self) -> Arc<GuardedParser> {
        self.parser.clone()
    }

    async fn do_query<C>(
        &self,
        client: &mut C,
        portal: &Portal<Prepared>,
        max_rows: usize,
    ) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let asking = self.connection.asking()?;
        client.session_extensions().insert(Arc::downgrade(&self.connection));
        let prepared = &portal.statement.statement;
        let plan = match &prepared.1 {
            Some((Statement::Query(_) | Statement::Explain { .. }, plan)) => plan,
            _ => {
                let service = &asking.service;
                return ExtendedQueryHandler::do_query(service, client, portal, max_rows).await;
            }
        };
        let api = |error| PgWireError::ApiError(Box::new(error));
        let wire = self.parser.get_parameter_types(prepared)?;
        let values = parameters(portal, plan, &wire)?;
        let plan = plan.clone().replace_params_with_values(&values).map_err(api)?;
        let format = &portal.result_column_format;
        let (text, ledger) = (prepared.0.clone(), asking.ledger.clone());
        let planned = Planned { plan, text, ledger };
        Ok(Response::Query(rows(&asking.engine, &asking.context, planned, format, client)?))
    }
}

fn parameters(
    portal: &Portal<Prepared>,
    plan: &LogicalPlan,
    wire: &[Type],
) -> PgWireResult<ParamValues> {
    let types = plan.get_parameter_types().map_err(|e| PgWireError::ApiError(Box::new(e)))?;
    let number = |id: &str| id.trim_start_matches('$').parse().unwrap_or(usize::MAX);
    let mut types: Vec<_> = types.into_iter().map(|(id, found)| (number(&id), found)).collect();
    types.sort_by_key(|(number, _)| *number);
    // What is read instead of a text may have fewer parameters: each is found by its number.
    let n = portal.parameter_len();
    let (mut inferred, mut sent) = (vec![None; n], vec![None; n]);
    for (place, (number, found)) in types.iter().enumerate() {
        if let Some(at) = number.checked_sub(1).filter(|at| *at < n) {
            (inferred[at], sent[at]) = (found.as_ref(), wire.get(place));
        }
    }
    deserialize_parameters_with_server_types(portal, &inferred, &sent)
}
