//! How is a question in SQL put to whoever answers it, without knowing who that is?
//!
//! The planner is large. It lives in a crate of its own that the binary brings along, so that
//! everything here is checked in seconds; without it the paths of SQL answer that it is not there.

use app::access::Caller;
use base::Error;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;

/// Answers questions in SQL. Dropping a future or a stream stops its work.
pub trait SqlDesk: Send + Sync {
    /// Begins to answer. What goes wrong before the first row is told here; later, the answer ends
    /// as its form can say it.
    fn ask<'a>(
        &'a self,
        caller: &'a Caller,
        question: SqlQuestion,
    ) -> BoxFuture<'a, Result<SqlBytes, Error>>;

    /// How the question would be carried out.
    fn plan<'a>(
        &'a self,
        caller: &'a Caller,
        query: &'a str,
    ) -> BoxFuture<'a, Result<String, Error>>;

    /// What there is to ask.
    fn schema(&self) -> SqlSchema;
}

/// The bytes of an answer, as they are made.
pub type SqlBytes = BoxStream<'static, std::io::Result<Bytes>>;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlQuestion {
    /// Its text.
    pub query: String,
    /// Rows after which the answer is cut, without that being an error; `None` for the bound of
    /// the installation.
    pub rows_max: Option<usize>,
    /// How the answer is written.
    pub form: SqlForm,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SqlForm {
    /// One object, see `SqlAnswer` of the API.
    Json,
    /// A line of names, then one line per row.
    Csv,
    /// Arrow's stream format.
    Arrow,
}

/// What there is to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlSchema {
    /// Tables, as a browser lists them.
    pub tables: Vec<SqlTable>,
    /// Functions that are ours, or that need an example.
    pub functions: Vec<SqlFunction>,
    /// Where other programs connect; `None` where the port is off.
    pub server: Option<SqlServer>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlTable {
    /// Its name.
    pub name: String,
    /// What a row of it is.
    pub note: String,
    /// Its columns.
    pub columns: Vec<SqlColumn>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlColumn {
    /// Its name.
    pub name: String,
    /// Its type in the words of SQL.
    pub type_name: String,
    /// What it says.
    pub note: String,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlFunction {
    /// Its name.
    pub name: String,
    /// How it is called.
    pub signature: String,
    /// What it answers.
    pub note: String,
    /// A question that can be run as it stands.
    pub example: String,
}

/// Where other programs connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlServer {
    /// The port of PostgreSQL's protocol.
    pub port: u16,
    /// Whether connections can be encrypted.
    pub is_tls: bool,
}
