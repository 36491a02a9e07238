//! Where may a text of ours mention somebody who is erased?
//!
//! Rows of their own are deleted by number. These columns hold texts about something else, in which
//! somebody may have written a name or an address: the reason of a decision, what an import
//! refused, the traits of a company.

use crate::listing::escape_like;
use crate::{Row, State, StateError, Value};

/// A column of free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MentionPlace {
    /// The table.
    pub table: &'static str,
    column: &'static str,
    keys: &'static [Key],
    /// Whether the text is JSON.
    pub is_json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Int(&'static str),
    Text(&'static str),
}

/// Which row is meant.
#[derive(Clone, Debug, PartialEq)]
pub struct MentionKey(pub(crate) Vec<Value<'static>>);

use Key::{Int, Text};

/// Every column of free text, in the order of the tables.
pub const MENTION_PLACES: [MentionPlace; 32] = [
    plain("links", "evidence", &[Int("a"), Int("b"), Text("rule")]),
    plain("identity_changes", "cause", &[Int("position"), Int("ordinal")]),
    plain("accounts", "name", &[Int("id")]),
    plain("accounts", "name_folded", &[Int("id")]),
    json("accounts", "traits", &[Int("id")]),
    plain("products", "id", &[Text("id")]),
    plain("products", "name", &[Text("id")]),
    plain("products", "brand", &[Text("id")]),
    plain("products", "category", &[Text("id")]),
    plain("products", "url", &[Text("id")]),
    plain("products", "image_url", &[Text("id")]),
    plain("refusals", "name", &[Int("ordinal")]),
    plain("refusals", "message_id", &[Int("ordinal")]),
    json("refusals", "refusals", &[Int("ordinal")]),
    plain("event_counts", "name", &[Int("hour"), Int("source"), Text("name")]),
    plain("audit", "target", &[Int("id")]),
    plain("audit", "detail", &[Int("id")]),
    plain("queries", "name", &[Int("id")]),
    plain("queries", "query", &[Int("id")]),
    json("queries", "look", &[Int("id")]),
    plain("metrics", "name", &[Text("metric")]),
    plain("metrics", "note", &[Text("metric")]),
    json("metric_versions", "measure", &[Text("metric"), Int("version")]),
    plain("boards", "name", &[Int("id")]),
    plain("boards", "note", &[Int("id")]),
    json("boards", "cards", &[Int("id")]),
    plain("notes", "text", &[Int("id")]),
    plain("imports", "file_name", &[Int("id")]),
    plain("imports", "message", &[Int("id")]),
    plain("import_rejects", "reason", &[Int("import_id"), Int("ordinal")]),
    plain("identity_edits", "reason", &[Int("id")]),
    plain("privacy_requests", "contact", &[Int("id")]),
];

const fn plain(table: &'static str, column: &'static str, keys: &'static [Key]) -> MentionPlace {
    MentionPlace { table, column, keys, is_json: false }
}

const fn json(table: &'static str, column: &'static str, keys: &'static [Key]) -> MentionPlace {
    MentionPlace { table, column, keys, is_json: true }
}

impl Key {
    fn column(self) -> &'static str {
        match self {
            Int(column) | Text(column) => column,
        }
    }

    fn read(self, row: &Row, idx: usize) -> Result<Value<'static>, StateError> {
        Ok(match self {
            Int(_) => row.int(idx)?.into(),
            Text(_) => row.text(idx)?.into(),
        })
    }
}

impl State {
    /// The rows whose text contains `part` in any case of ASCII letters, in the order of their
    /// keys: at most `n_max` behind the first `offset`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn mentions(
        &self,
        place: &MentionPlace,
        part: &str,
        (offset, n_max): (usize, usize),
    ) -> Result<Vec<(MentionKey, String)>, StateError> {
        let keys: Vec<&str> = place.keys.iter().map(|key| key.column()).collect();
        let sql = format!(
            "SELECT {0}, {1} FROM {2} WHERE LOWER({0}) LIKE $1 ESCAPE '!' \
             ORDER BY {1} LIMIT $2 OFFSET $3",
            place.column,
            keys.join(", "),
            place.table
        );
        let like = format!("%{}%", escape_like(&part.to_ascii_lowercase()));
        let values = vec![like.into(), (n_max as i64).into(), (offset as i64).into()];
        let rows = self.db().rows(sql, values).await?;
        let found = |row: &Row| {
            let keys = place.keys.iter().zip(1..).map(|(key, idx)| key.read(row, idx));
            Ok((MentionKey(keys.collect::<Result<_, _>>()?), row.text(0)?))
        };
        rows.iter().map(found).collect()
    }

    /// Puts other texts in place of those of some rows.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_mentions(
        &self,
        place: &MentionPlace,
        texts: Vec<(MentionKey, String)>,
    ) -> Result<(), StateError> {
        if place.table == "event_counts" {
            return self.rename_counts(texts).await;
        }
        if place.table == "products" {
            return self.drop_products(texts.into_iter().map(|(key, _)| key).collect()).await;
        }
        let keys = place.keys.iter().zip(2..);
        let is_it: Vec<String> =
            keys.map(|(key, number)| format!("{} = ${number}", key.column())).collect();
        let sql = format!(
            "UPDATE {} SET {} = $1 WHERE {}",
            place.table,
            place.column,
            is_it.join(" AND ")
        );
        let mut tx = self.db().begin().await?;
        for (MentionKey(key), text) in texts {
            let mut values = vec![Value::from(text)];
            values.extend(key);
            tx.execute(sql.clone(), values).await?;
        }
        tx.commit().await
    }

    /// A name is part of the key of counts: the counts of the old name go to the new one.
    async fn rename_counts(&self, texts: Vec<(MentionKey, String)>) -> Result<(), StateError> {
        let mut tx = self.db().begin().await?;
        for (MentionKey(key), text) in texts {
            let add = "INSERT INTO event_counts (hour, source, name, n_accepted, n_refused, \
                       n_duplicate) SELECT hour, source, $1, n_accepted, n_refused, n_duplicate \
                       FROM event_counts WHERE hour = $2 AND source = $3 AND name = $4 \
                       ON CONFLICT (hour, source, name) DO UPDATE SET \
                       n_accepted = event_counts.n_accepted + excluded.n_accepted, \
                       n_refused = event_counts.n_refused + excluded.n_refused, \
                       n_duplicate = event_counts.n_duplicate + excluded.n_duplicate";
            let mut values = vec![Value::from(text)];
            values.extend(key.iter().cloned());
            tx.execute(add, values).await?;
            let drop = "DELETE FROM event_counts WHERE hour = $1 AND source = $2 AND name = $3";
            tx.execute(drop, key).await?;
        }
        tx.commit().await
    }

    /// Forgets the answers to requests with an idempotency key that contain `part`; answers how
    /// many there were.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn drop_answers_with(&self, part: &str) -> Result<u64, StateError> {
        let sql = "DELETE FROM idempotency WHERE status IS NOT NULL \
                   AND (LOWER(body) LIKE $1 ESCAPE '!' OR LOWER(scope) LIKE $1 ESCAPE '!')";
        let like = format!("%{}%", escape_like(&part.to_ascii_lowercase()));
        self.db().execute(sql, vec![like.into()]).await
    }
}
