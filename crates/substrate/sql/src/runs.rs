//! How are the files of the history read for one question?
//!
//! By DataFusion's own Parquet source, which prunes files, row groups and pages by what is known of
//! them, decodes the columns of a condition first and the others for the rows that are left. What
//! is ours: footers come from the history's cache, rows whose identifier has moved get the customer
//! that they belong to now, and what the viewer may not see is taken out.

use crate::columns::Column;
use crate::events::{CUSTOMER, EVENT_COLUMNS, IDENTIFIER, JSON, RUN_NAMES};
use crate::owner::{NOBODY, Owner, Owners};
use crate::veil::Veiled;
use crate::viewer::Veil;
use base::CustomerId;
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};
use datafusion::config::{ConfigOptions, TableParquetOptions};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::memory::DataSourceExec;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfigBuilder, ParquetFileReaderFactory, ParquetSource,
};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::{DataFusionError, Result as DfResult};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Operator, ScalarUDF};
use datafusion::parquet::arrow::async_reader::AsyncFileReader;
use datafusion::physical_expr::expressions::{BinaryExpr, Column as PhysicalColumn, in_list, lit};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use datafusion::prelude::SessionConfig;
use history::{RunMeta, RunStore};
use std::sync::Arc;

/// The name under which plans speak of the history's files; they are read through [`Readers`].
pub(crate) const STORE_URL: &str = "rapport://history";

/// More customers than this are not looked for in the statistics of files.
const CUSTOMERS_LOOKED_FOR_MAX: usize = 64;

/// The files of one moment, and what is wanted of them.
pub(crate) struct RunScan {
    pub store: RunStore,
    pub runs: Vec<Arc<RunMeta>>,
    pub owners: Owners,
    pub veil: Option<Arc<dyn Veil>>,
    /// The only customers that are asked for, where that is known.
    pub customers: Option<Vec<i64>>,
    /// Places of columns in [`EVENT_COLUMNS`].
    pub wanted: Vec<usize>,
}

impl RunScan {
    /// A plan whose columns are the wanted ones.
    pub fn plan(self, config: &SessionConfig) -> DfResult<Arc<dyn ExecutionPlan>> {
        let mut places = self.wanted.clone();
        if !self.owners.are_as_written() {
            let keys = [CUSTOMER, IDENTIFIER].into_iter().filter(|key| !places.contains(key));
            places.extend(keys.collect::<Vec<_>>());
        }
        let files = self.files(&places, config)?;
        if self.owners.are_as_written() {
            return self.named(files, &places, config);
        }
        let owned = self.named(files, &places, config)?;
        let customer = column(&owned.schema(), EVENT_COLUMNS[CUSTOMER].name)?;
        let is_somebodys = BinaryExpr::new(customer, Operator::NotEq, lit(NOBODY));
        let seen = FilterExec::try_new(Arc::new(is_somebodys), owned)?;
        let seen: Arc<dyn ExecutionPlan> = Arc::new(seen);
        if places.len() == self.wanted.len() {
            return Ok(seen);
        }
        let schema = seen.schema();
        let kept = self.wanted.iter().map(|&place| {
            let name = EVENT_COLUMNS[place].name;
            Ok(ProjectionExpr { expr: column(&schema, name)?, alias: name.into() })
        });
        Ok(Arc::new(ProjectionExec::try_new(kept.collect::<DfResult<Vec<_>>>()?, seen)?))
    }

    /// The columns at `places` as they lie in the files.
    fn files(&self, places: &[usize], config: &SessionConfig) -> DfResult<Arc<dyn ExecutionPlan>> {
        let schema = run_schema();
        let mut source = ParquetSource::new(TableSchema::from(schema.clone()))
            .with_table_parquet_options(TableParquetOptions {
                global: config.options().execution.parquet.clone(),
                ..TableParquetOptions::default()
            })
            .with_pushdown_filters(true)
            .with_reorder_filters(true)
            .with_enable_page_index(true)
            .with_parquet_file_reader_factory(Arc::new(Readers { store: self.store.clone() }));
        let customers = self.customers_written();
        if let Some(predicate) = customers.as_deref().map(|c| one_of(c, &schema)).transpose()? {
            source = source.with_predicate(predicate);
        }
        let runs: Vec<&Arc<RunMeta>> =
            self.runs.iter().filter(|r| may_hold(r, &customers)).collect();
        let groups = grouped(&runs, config.target_partitions());
        let n_rows = runs.iter().map(|run| run.n_rows as usize).sum();
        let statistics =
            Statistics { num_rows: Precision::Inexact(n_rows), ..Statistics::new_unknown(&schema) };
        let url = ObjectStoreUrl::parse(STORE_URL)?;
        let files = FileScanConfigBuilder::new(url, Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(Some(places.to_vec()))?
            .build();
        Ok(DataSourceExec::from_data_source(files))
    }

    /// Under whom rows of the customers that are asked for may lie.
    fn customers_written(&self) -> Option<Vec<i64>> {
        let asked = self.customers.as_ref()?;
        let mut written = asked.clone();
        for &customer in asked {
            let others = self.owners.moves.sources_of(CustomerId::from_sql(customer));
            written.extend(others.map(CustomerId::to_sql));
        }
        written.sort_unstable();
        written.dedup();
        (written.len() <= CUSTOMERS_LOOKED_FOR_MAX).then_some(written)
    }

    /// The same rows with the names of SQL, owners for customers, and veiled JSON.
    fn named(
        &self,
        files: Arc<dyn ExecutionPlan>,
        places: &[usize],
        config: &SessionConfig,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        if places.is_empty() {
            return Ok(files);
        }
        let schema = files.schema();
        let options = config.options();
        let each = places.iter().map(|&place| {
            let expr = column(&schema, RUN_NAMES[place])?;
            let expr = match &self.veil {
                _ if place == CUSTOMER && !self.owners.are_as_written() => {
                    let identifier = column(&schema, RUN_NAMES[IDENTIFIER])?;
                    let owner = ScalarUDF::from(Owner::new(self.owners.clone()));
                    call(owner, vec![expr, identifier], EVENT_COLUMNS[place], options)
                }
                Some(veil) if JSON.contains(&place) => {
                    let veiled = ScalarUDF::from(Veiled::new(veil.clone()));
                    call(veiled, vec![expr], EVENT_COLUMNS[place], options)
                }
                _ => expr,
            };
            Ok(ProjectionExpr { expr, alias: EVENT_COLUMNS[place].name.into() })
        });
        Ok(Arc::new(ProjectionExec::try_new(each.collect::<DfResult<Vec<_>>>()?, files)?))
    }
}

/// The columns as DataFusion is to read them: what is unsigned in files is `BIGINT` in SQL.
fn run_schema() -> SchemaRef {
    let named = EVENT_COLUMNS.iter().zip(RUN_NAMES);
    let field = |(c, name): (&Column, &str)| Field::new(name, c.kind.arrow(), c.may_be_null);
    Arc::new(Schema::new(named.map(field).collect::<Vec<_>>()))
}

fn column(schema: &SchemaRef, name: &str) -> DfResult<Arc<dyn PhysicalExpr>> {
    Ok(Arc::new(PhysicalColumn::new_with_schema(name, schema)?))
}

fn call(
    function: ScalarUDF,
    args: Vec<Arc<dyn PhysicalExpr>>,
    result: Column,
    options: &Arc<ConfigOptions>,
) -> Arc<dyn PhysicalExpr> {
    let name = function.name().to_owned();
    let field = Arc::new(Field::new(&name, result.kind.arrow(), result.may_be_null));
    Arc::new(ScalarFunctionExpr::new(&name, Arc::new(function), args, field, options.clone()))
}

fn one_of(customers: &[i64], schema: &SchemaRef) -> DfResult<Arc<dyn PhysicalExpr>> {
    let values = customers.iter().map(|&customer| lit(customer)).collect();
    in_list(column(schema, RUN_NAMES[CUSTOMER])?, values, &false, schema)
}

fn may_hold(run: &RunMeta, customers: &Option<Vec<i64>>) -> bool {
    let held = |&customer: &i64| run.may_hold(CustomerId::from_sql(customer));
    customers.as_ref().is_none_or(|customers| customers.iter().any(held))
}

/// The files in groups of about the same size.
fn grouped(runs: &[&Arc<RunMeta>], n_groups: usize) -> Vec<FileGroup> {
    let mut largest_first = runs.to_vec();
    largest_first.sort_by_key(|run| std::cmp::Reverse(run.bytes));
    let mut groups = vec![(0, Vec::new()); n_groups.clamp(1, runs.len().max(1))];
    for run in largest_first {
        let smallest = groups.iter_mut().min_by_key(|(bytes, _)| *bytes);
        let (bytes, files) = smallest.expect("there is a group");
        *bytes += run.bytes;
        files.push(file(run));
    }
    groups.into_iter().map(|(_, files)| FileGroup::new(files)).collect()
}

fn file(run: &Arc<RunMeta>) -> PartitionedFile {
    let between = |min: ScalarValue, max: ScalarValue| ColumnStatistics {
        null_count: Precision::Exact(0),
        min_value: Precision::Exact(min),
        max_value: Precision::Exact(max),
        ..ColumnStatistics::new_unknown()
    };
    let mut statistics = Statistics::new_unknown(&run_schema());
    let customer = |id: CustomerId| ScalarValue::Int64(Some(id.to_sql()));
    let time = |t: i64| ScalarValue::TimestampMicrosecond(Some(t), Some("UTC".into()));
    statistics.num_rows = Precision::Exact(run.n_rows as usize);
    statistics.column_statistics[CUSTOMER] =
        between(customer(run.min_customer), customer(run.max_customer));
    statistics.column_statistics[1] = between(time(run.min_time.0), time(run.max_time.0));
    PartitionedFile::new(run.path.clone(), run.bytes)
        .with_statistics(Arc::new(statistics))
        .with_extension(run.clone())
}

/// Opens runs; each reader keeps its file from being removed.
#[derive(Debug)]
struct Readers {
    store: RunStore,
}

impl ParquetFileReaderFactory for Readers {
    fn create_reader(
        &self,
        _: usize,
        file: PartitionedFile,
        _: Option<usize>,
        _: &ExecutionPlanMetricsSet,
    ) -> DfResult<Box<dyn AsyncFileReader + Send>> {
        let run = file.extension::<Arc<RunMeta>>();
        let run = run.ok_or_else(|| DataFusionError::Internal("a file that is no run".into()))?;
        Ok(Box::new(self.store.reader(run)))
    }
}
