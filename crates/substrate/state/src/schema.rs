//! Which tables are there, and how did they come to be?
//!
//! Migrations are SQL files inside the binary, numbered from 1, carried out in order and never
//! changed once released. They are written in one dialect (see [`translate`]).

use crate::db::Dialect;
use crate::{Db, StateError, Tx};

const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_customers.sql"),
    include_str!("../migrations/0002_admin.sql"),
    include_str!("../migrations/0003_identity_edits.sql"),
    include_str!("../migrations/0004_rules.sql"),
    include_str!("../migrations/0005_privacy.sql"),
    include_str!("../migrations/0006_linkage.sql"),
    include_str!("../migrations/0007_relations.sql"),
    include_str!("../migrations/0008_words_by_hand.sql"),
    include_str!("../migrations/0009_moves.sql"),
    include_str!("../migrations/0010_linkage_followed.sql"),
    include_str!("../migrations/0011_metrics.sql"),
    include_str!("../migrations/0012_boards.sql"),
    include_str!("../migrations/0013_alerts.sql"),
    include_str!("../migrations/0014_queries.sql"),
    include_str!("../migrations/0015_second_thoughts.sql"),
    include_str!("../migrations/0016_products.sql"),
];

/// Brings the schema up to date, one transaction for all that is missing.
pub(crate) async fn migrate(db: &Db) -> Result<(), StateError> {
    let dialect = db.dialect();
    let mut tx = db.begin().await?;
    lock(&mut tx, dialect).await?;
    let version = tx.row("SELECT MAX(version) FROM schema_version", vec![]).await?;
    let found = version.map_or(Ok(None), |row| row.int_opt(0))?.unwrap_or(0);
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(StateError::NewerSchema { found, known });
    }
    for (sql, version) in MIGRATIONS.iter().zip(1i64..).filter(|&(_, version)| version > found) {
        tx.script(translate(sql, dialect)).await?;
        let record = "INSERT INTO schema_version (version) VALUES ($1)";
        tx.execute(record, vec![version.into()]).await?;
    }
    tx.commit().await
}

/// Two programs that start at once must not both migrate. SQLite's transaction holds the lock
/// already; in PostgreSQL an advisory lock does, until the transaction ends.
async fn lock(tx: &mut Tx, dialect: Dialect) -> Result<(), StateError> {
    if dialect == Dialect::Postgres {
        tx.script("SELECT pg_advisory_xact_lock(7823645109)".to_owned()).await?;
    }
    let table = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY)";
    tx.script(table.to_owned()).await
}

/// The text of a migration in the words of one database. Types are `BIGINT`, `TEXT`, `BYTEA`;
/// a table ends with `);` on a line of its own, or with `) CLUSTERED;` where the rows should lie
/// in the order of the primary key. Text compares byte by byte in both.
fn translate(sql: &str, dialect: Dialect) -> String {
    let code = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    let sql = code.map(|line| format!("{line}\n")).collect::<String>();
    match dialect {
        Dialect::Sqlite => sql
            .replace("BIGINT", "INTEGER")
            .replace("BYTEA", "BLOB")
            .replace("\n);", "\n) STRICT;")
            .replace("\n) CLUSTERED;", "\n) STRICT, WITHOUT ROWID;"),
        Dialect::Postgres => {
            sql.replace(" TEXT", " TEXT COLLATE \"C\"").replace("\n) CLUSTERED;", "\n);")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_becomes_two() {
        let sql =
            "-- a comment\nCREATE TABLE t (\n  a BIGINT PRIMARY KEY,\n  b TEXT,\n  c BYTEA\n);\n";
        let sqlite = translate(sql, Dialect::Sqlite);
        assert!(sqlite.ends_with("a INTEGER PRIMARY KEY,\n  b TEXT,\n  c BLOB\n) STRICT;\n"));
        let postgres = translate(sql, Dialect::Postgres);
        assert!(postgres.contains("b TEXT COLLATE \"C\",") && postgres.ends_with("\n);\n"));
        assert!(!postgres.contains("comment"));
    }
}
