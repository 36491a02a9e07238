//! How do questions in SQL and their answers travel?

use super::deleted::DeletedThing;
use super::scalar::Time;
use crate::error::ApiError;
use crate::error::Failure;
use crate::sql;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A question in SQL.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SqlQuestion {
    #[schema(examples("SELECT name, count(*) FROM events GROUP BY 1 ORDER BY 2 DESC"))]
    pub query: String,
    /// Rows after which the answer is cut; the bound of the installation where nothing is said.
    pub rows_max: Option<usize>,
    /// Where nothing is said, as `Accept` says, else JSON.
    pub format: Option<SqlFormat>,
}

/// A form of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SqlFormat {
    Json,
    Csv,
    /// Arrow's stream format.
    Arrow,
}

/// The answer to a question in SQL.
#[derive(Serialize, ToSchema)]
pub struct SqlAnswer {
    pub columns: Vec<SqlColumn>,
    /// Numbers and booleans bare, everything else as text; what is missing, or no finite number,
    /// is `null`.
    #[schema(value_type = Vec<Vec<Option<SqlCell>>>)]
    pub rows: Vec<Vec<Value>>,
    pub n_rows: u64,
    /// Whether there are more rows than these.
    pub is_cut: bool,
    pub took_ms: u64,
    /// What ended the answer before its end, once rows were on their way.
    pub error: Option<Failure>,
}

/// A value of an answer.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "described only: answers are written while they are made")]
pub enum SqlCell {
    Text(String),
    Number(f64),
    Boolean(bool),
}

/// A column of an answer.
#[derive(Serialize, ToSchema)]
pub struct SqlColumn {
    pub name: String,
    /// In the words of SQL.
    #[serde(rename = "type")]
    #[schema(examples("BIGINT"))]
    pub type_name: String,
}

/// A question whose plan is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SqlPlanQuestion {
    pub query: String,
}

/// How a question would be carried out.
#[derive(Serialize, ToSchema)]
pub struct SqlPlan {
    pub text: String,
}

/// What there is to ask in SQL.
#[derive(Serialize, ToSchema)]
pub struct SqlSchema {
    pub tables: Vec<SqlTable>,
    pub functions: Vec<SqlFunction>,
    /// Where other programs connect; `null` while the PostgreSQL port is off.
    pub server: Option<SqlServer>,
}

/// A table.
#[derive(Serialize, ToSchema)]
pub struct SqlTable {
    pub name: String,
    /// What a row of it is.
    pub note: String,
    pub columns: Vec<SqlTableColumn>,
}

/// A column of a table.
#[derive(Serialize, ToSchema)]
pub struct SqlTableColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub type_name: String,
    /// What it says.
    pub note: String,
}

/// A function.
#[derive(Serialize, ToSchema)]
pub struct SqlFunction {
    pub name: String,
    pub signature: String,
    /// What it answers.
    pub note: String,
    /// A question that can be run as it stands.
    pub example: String,
}

/// Where other programs connect.
#[derive(Serialize, ToSchema)]
pub struct SqlServer {
    pub port: u16,
    pub is_tls: bool,
}

/// Questions that were saved.
#[derive(Serialize, ToSchema)]
pub struct SavedQueries {
    /// By name.
    pub queries: Vec<SavedQuery>,
    /// Those that were deleted and can come back, the last one first.
    pub deleted: Vec<DeletedThing>,
}

/// A question that was saved.
#[derive(Serialize, ToSchema)]
pub struct SavedQuery {
    #[schema(examples("y_0001"))]
    pub id: String,
    pub name: String,
    pub query: String,
    /// Who saved it first.
    pub owner: String,
    pub changed_at: Time,
    /// How its answer is shown, as the page saved it.
    #[schema(value_type = Option<Object>)]
    pub look: Option<Box<RawValue>>,
}

/// A question to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedQueryDraft {
    pub name: String,
    pub query: String,
    /// How its answer is shown: any JSON, kept as it is.
    #[schema(value_type = Option<Object>)]
    pub look: Option<Box<RawValue>>,
}

impl From<SqlFormat> for sql::SqlForm {
    fn from(format: SqlFormat) -> Self {
        match format {
            SqlFormat::Json => Self::Json,
            SqlFormat::Csv => Self::Csv,
            SqlFormat::Arrow => Self::Arrow,
        }
    }
}

impl From<sql::SqlSchema> for SqlSchema {
    fn from(schema: sql::SqlSchema) -> Self {
        Self {
            tables: schema.tables.into_iter().map(Into::into).collect(),
            functions: schema.functions.into_iter().map(Into::into).collect(),
            server: schema.server.map(|sql::SqlServer { port, is_tls }| SqlServer { port, is_tls }),
        }
    }
}

impl From<sql::SqlTable> for SqlTable {
    fn from(table: sql::SqlTable) -> Self {
        let column =
            |sql::SqlColumn { name, type_name, note }| SqlTableColumn { name, type_name, note };
        let columns = table.columns.into_iter().map(column).collect();
        Self { name: table.name, note: table.note, columns }
    }
}

impl From<sql::SqlFunction> for SqlFunction {
    fn from(function: sql::SqlFunction) -> Self {
        let sql::SqlFunction { name, signature, note, example } = function;
        Self { name, signature, note, example }
    }
}

impl From<app::queries::SavedQuery> for SavedQuery {
    fn from(saved: app::queries::SavedQuery) -> Self {
        Self {
            id: saved.id.to_string(),
            name: saved.name,
            query: saved.query,
            owner: saved.owner,
            changed_at: saved.changed_at.into(),
            // What cannot be read any more is only a picture: the table is shown without it.
            look: saved.look.and_then(|look| RawValue::from_string(look).ok()),
        }
    }
}

/// What lists say of questions that were deleted.
pub fn deleted(queries: Vec<app::queries::SavedQuery>) -> Vec<DeletedThing> {
    let one = |saved: app::queries::SavedQuery| {
        Some(DeletedThing::of(saved.id.to_string(), saved.name, saved.deleted?))
    };
    queries.into_iter().filter_map(one).collect()
}

impl From<SavedQueryDraft> for app::queries::QueryDraft {
    fn from(draft: SavedQueryDraft) -> Self {
        let look = draft.look.map(|look| look.get().to_owned()).filter(|look| look != "null");
        Self { name: draft.name, query: draft.query, look }
    }
}

impl SqlQuestion {
    /// The inner twin; `accept` says what the header `Accept` asks for.
    ///
    /// # Errors
    /// `Invalid` for a number of rows that is none.
    pub fn inner(self, accept: Option<&str>) -> Result<sql::SqlQuestion, ApiError> {
        if self.rows_max == Some(0) {
            return Err(ApiError::field("rows_max", "rows_max must be at least 1"));
        }
        let form = self.format.map_or_else(|| accepted(accept), Into::into);
        Ok(sql::SqlQuestion { query: self.query, rows_max: self.rows_max, form })
    }
}

/// The first form that `Accept` names.
fn accepted(accept: Option<&str>) -> sql::SqlForm {
    let named = accept.unwrap_or_default().split(',').find_map(|part| {
        match part.split(';').next().unwrap_or_default().trim() {
            "text/csv" => Some(sql::SqlForm::Csv),
            "application/vnd.apache.arrow.stream" => Some(sql::SqlForm::Arrow),
            "application/json" => Some(sql::SqlForm::Json),
            _ => None,
        }
    });
    named.unwrap_or(sql::SqlForm::Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_form_counts() {
        let check = |accept: &str, form| assert_eq!(accepted(Some(accept)), form, "{accept}");
        check("*/*", sql::SqlForm::Json);
        check("text/csv", sql::SqlForm::Csv);
        check("text/html, text/csv;q=0.9, application/json", sql::SqlForm::Csv);
        check("application/vnd.apache.arrow.stream", sql::SqlForm::Arrow);
        assert_eq!(accepted(None), sql::SqlForm::Json);
    }
}
