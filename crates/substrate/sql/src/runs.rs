//! How are the files of the history read for one question?
//!
//! By DataFusion's own Parquet source, which prunes files, row groups and pages by what is known of
//! them, decodes the columns of a condition first and the others for the rows that are left. What
//! is ours: footers come from the history's cache, rows whose identifier has moved get the customer
//! that they belong to now, and what the viewer may not see is taken out.

use crate::columns::Column;
use crate::events::{CUSTOMER, EVENT_COLUMNS, EVENT_ID, IDENTIFIER, JSON, OCCURRED_AT, RUN_NAMES};
use crate::owner::{NOBODY, Owner, Owners, Settled};
use crate::veil::Veiled;
use crate::viewer::Veil;
use base::CustomerId;
use datafusion::arrow::compute::SortOptions;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
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
use datafusion::physical_expr::{LexOrdering, PhysicalExpr, PhysicalSortExpr, ScalarFunctionExpr};
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

/// As `ORDER BY` has it where nothing else is said.
pub(crate) const ASCENDING: SortOptions = SortOptions { descending: false, nulls_first: false };

/// Rows that are decoded at once of a file that is merged with others: a page. All of them lie open
/// at the same time.
const MERGED_BATCH_ROWS: usize = 2_048;

/// What rows of a file are sorted by: places of columns in [`EVENT_COLUMNS`].
pub(crate) const SORTED_BY: [usize; 3] = [CUSTOMER, OCCURRED_AT, EVENT_ID];

/// The files of one moment, and what is wanted of them.
#[derive(Clone)]
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
    pub fn plan(&self, config: &SessionConfig) -> DfResult<Arc<dyn ExecutionPlan>> {
        let mut places = self.wanted.clone();
        if !self.owners.are_as_written() {
            let keys = [CUSTOMER, IDENTIFIER].into_iter().filter(|key| !places.contains(key));
            places.extend(keys.collect::<Vec<_>>());
        }
        let scan = self.scan(config)?;
        let groups = grouped(&self.runs_asked(), config.target_partitions());
        let files = read(scan.with_file_groups(groups), &places)?;
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

    /// The same columns of the rows that are settled (see [`Settled`]), in one partition per file,
    /// each in the order of the files. The customer is one of the wanted columns.
    pub fn in_order(&self, config: &SessionConfig) -> DfResult<Arc<dyn ExecutionPlan>> {
        let by = SORTED_BY.map(|place| column(&run_schema(), RUN_NAMES[place]));
        let by = by.into_iter().map(|key| Ok(PhysicalSortExpr::new(key?, ASCENDING)));
        let order = LexOrdering::new(by.collect::<DfResult<Vec<_>>>()?);
        let groups = self.runs_asked().into_iter().map(|run| FileGroup::new(vec![file(run)]));
        let scan = self
            .scan(config)?
            .with_file_groups(groups.collect())
            .with_output_ordering(order.into_iter().collect())
            .with_batch_size(Some(config.batch_size().min(MERGED_BATCH_ROWS)));
        let mut files = read(scan, &self.wanted)?;
        if !self.owners.are_settled() {
            let customer = column(&files.schema(), RUN_NAMES[CUSTOMER])?;
            let function = ScalarUDF::from(Settled::new(self.owners.clone()));
            let settled = call(function, vec![customer], DataType::Boolean, config.options());
            files = Arc::new(FilterExec::try_new(settled, files)?);
        }
        let as_written = Self { owners: Owners::as_written(), ..self.clone() };
        as_written.named(files, &self.wanted, config)
    }

    /// How the files are read; which of them, is said later.
    fn scan(&self, config: &SessionConfig) -> DfResult<FileScanConfigBuilder> {
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
        let n_rows = self.runs_asked().iter().map(|run| run.n_rows as usize).sum();
        let statistics =
            Statistics { num_rows: Precision::Inexact(n_rows), ..Statistics::new_unknown(&schema) };
        let url = ObjectStoreUrl::parse(STORE_URL)?;
        Ok(FileScanConfigBuilder::new(url, Arc::new(source)).with_statistics(statistics))
    }

    /// The files in which the customers that are asked for may lie.
    fn runs_asked(&self) -> Vec<&Arc<RunMeta>> {
        let customers = self.customers_written();
        self.runs.iter().filter(|run| may_hold(run, &customers)).collect()
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
                    let result = EVENT_COLUMNS[place].kind.arrow();
                    call(owner, vec![expr, identifier], result, options)
                }
                Some(veil) if JSON.contains(&place) => {
                    let veiled = ScalarUDF::from(Veiled::new(veil.clone()));
                    call(veiled, vec![expr], EVENT_COLUMNS[place].kind.arrow(), options)
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

/// The columns at `places` as they lie in the files.
fn read(scan: FileScanConfigBuilder, places: &[usize]) -> DfResult<Arc<dyn ExecutionPlan>> {
    let files = scan.with_projection_indices(Some(places.to_vec()))?.build();
    Ok(DataSourceExec::from_data_source(files))
}

pub(crate) fn column(schema: &SchemaRef, name: &str) -> DfResult<Arc<dyn PhysicalExpr>> {
    Ok(Arc::new(PhysicalColumn::new_with_schema(name, schema)?))
}

/// A call of a function whose value is never missing, as no column of an event is.
fn call(
    function: ScalarUDF,
    args: Vec<Arc<dyn PhysicalExpr>>,
    result: DataType,
    options: &Arc<ConfigOptions>,
) -> Arc<dyn PhysicalExpr> {
    let name = function.name().to_owned();
    let field = Arc::new(Field::new(&name, result, false));
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
    statistics.column_statistics[OCCURRED_AT] = between(time(run.min_time.0), time(run.max_time.0));
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
