//! What does one viewer's SQL know: which tables, which functions, which settings?

use crate::bounded::bound_all;
use crate::by_customer;
use crate::epoch::EpochOfLengths;
use crate::error::SqlError;
use crate::events::EventsTable;
use crate::folds::Callable;
use crate::guard::{check_plan, check_statement};
use crate::ids;
use crate::limits::SqlLimits;
use crate::runs::STORE_URL;
use crate::tables::{BroughtTable, Table};
use crate::versions;
use crate::viewer::Viewer;
use crate::zoned;
use datafusion::catalog::{
    CatalogProvider, MemoryCatalogProvider, MemoryCatalogProviderList, MemorySchemaProvider,
    SchemaProvider,
};
use datafusion::common::config::Dialect;
use datafusion::error::Result as DfResult;
use datafusion::execution::FunctionRegistry;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::LogicalPlan;
use datafusion::object_store::memory::InMemory;
use datafusion::prelude::{SessionConfig, SessionContext};
use history::History;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// The name of the database.
pub(crate) const CATALOG: &str = "rapport";
/// The name of the schema that everything is in.
pub(crate) const SCHEMA: &str = "public";

/// Consumers of memory that an error names.
const CONSUMERS_NAMED: NonZeroUsize = NonZeroUsize::new(3).expect("three is not zero");

/// What all sessions share: functions, settings, and one memory pool.
pub(crate) fn template(limits: &SqlLimits) -> DfResult<SessionState> {
    let state = SessionStateBuilder::new()
        .with_config(config(limits))
        .with_runtime_env(runtime(limits)?)
        .with_default_features()
        .with_physical_optimizer_rules(by_customer::rules())
        .build();
    let mut context = SessionContext::new_with_state(state);
    datafusion_functions_json::register_all(&mut context)?;
    bound_all(&mut context, limits.made_bytes_max)?;
    for function in ids::functions() {
        context.register_udf(function);
    }
    context.register_udf(versions::function());
    context.register_function_rewrite(Arc::new(EpochOfLengths))?;
    let date_trunc = context.udf("date_trunc")?;
    context.register_udf(zoned::date_trunc(date_trunc));
    Ok(context.state())
}

fn config(limits: &SqlLimits) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema(CATALOG, SCHEMA)
        .with_create_default_catalog_and_schema(false)
        .with_information_schema(true)
        .with_target_partitions(limits.n_threads)
        .with_batch_size(limits.batch_rows.max(1));
    let options = config.options_mut();
    options.sql_parser.dialect = Dialect::PostgreSQL;
    // So that errors can say where.
    options.sql_parser.collect_spans = true;
    options.execution.enable_recursive_ctes = false;
    options.execution.time_zone = Some("UTC".into());
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    // Whole customers are whole groups of a customer and something else, however few threads.
    options.optimizer.subset_repartition_threshold = 1;
    config
}

fn runtime(limits: &SqlLimits) -> DfResult<Arc<RuntimeEnv>> {
    let pool = FairSpillPool::new(limits.memory_bytes_max);
    let disk = match &limits.spill {
        Some((folder, bytes_max)) => DiskManagerBuilder::default()
            .with_mode(DiskManagerMode::Directories(vec![folder.clone()]))
            .with_max_temp_directory_size(*bytes_max),
        None => DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled),
    };
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(TrackConsumersPool::new(pool, CONSUMERS_NAMED)))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    // Plans want a store to name; the files are read by the history's own readers.
    let url = ObjectStoreUrl::parse(STORE_URL)?;
    runtime.register_object_store(url.as_ref(), Arc::new(InMemory::new()));
    Ok(runtime)
}

/// A context in which `viewer` asks.
pub(crate) fn session(
    template: &SessionState,
    history: &Arc<History>,
    viewer: &Viewer,
) -> DfResult<SessionContext> {
    let schema = MemorySchemaProvider::new();
    let events = EventsTable::new(history.clone(), viewer);
    schema.register_table("events".into(), Arc::new(events))?;
    for table in Table::ALL {
        let brought = BroughtTable::new(table, viewer.tables.clone());
        schema.register_table(table.name().into(), Arc::new(brought))?;
    }
    let catalog = MemoryCatalogProvider::new();
    catalog.register_schema(SCHEMA, Arc::new(schema))?;
    let catalogs = MemoryCatalogProviderList::new();
    let state = SessionStateBuilder::new_from_existing(template.clone())
        .with_catalog_list(Arc::new(catalogs))
        .build();
    let context = SessionContext::new_with_state(state);
    context.register_catalog(CATALOG, Arc::new(catalog));
    for fold in viewer.folds.iter() {
        context.register_udtf(fold.name(), Arc::new(Callable(fold.clone())));
    }
    Ok(context)
}

/// The plan of one question.
pub(crate) async fn plan(
    context: &SessionContext,
    text: &str,
    limits: &SqlLimits,
) -> Result<LogicalPlan, SqlError> {
    let of = |error| SqlError::of(error, limits.memory_bytes_max);
    let state = context.state();
    let statement = state.sql_to_statement(text, &Dialect::PostgreSQL).map_err(of)?;
    check_statement(&statement)?;
    let plan = state.statement_to_plan(statement).await.map_err(of)?;
    check_plan(&plan, limits)?;
    Ok(plan)
}
