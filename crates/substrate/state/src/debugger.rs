//! Which events were not simply taken, and what was wrong with them?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::listing::escape_like;
use crate::{Row, State, StateError, Value};
use base::{CustomerId, SourceId, Timestamp};
use lexicon::{EventKind, Identifier, IdentifierKind, Refusal};
use std::collections::HashMap;

/// How many are kept; the oldest give way.
pub const N_KEPT: u64 = 100_000;
/// How many one batch may put down per source: the counts stay exact, the examples need not.
pub const N_PER_BATCH_AND_SOURCE: usize = 1_000;

/// What became of an event that was not simply taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalOutcome {
    /// Taken, although the tracking plan does not agree.
    Flagged,
    /// Not taken.
    Refused,
    /// Known already, by its message id.
    Duplicate,
}

impl RefusalOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Flagged, Self::Refused, Self::Duplicate];

    /// The outcome as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Flagged => "flagged",
            Self::Refused => "refused",
            Self::Duplicate => "duplicate",
        }
    }

    /// The outcome written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.slug() == slug)
    }
}

/// One event that was not simply taken. The event itself lies in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalRow {
    /// Log position times 2¹² plus the place in the request.
    pub seq: u64,
    /// When it reached us.
    pub received_at: Timestamp,
    /// When it happened, where that could be understood.
    pub occurred_at: Option<Timestamp>,
    /// Where it came from.
    pub source: SourceId,
    /// What became of it.
    pub outcome: RefusalOutcome,
    /// Which call it was, where that could be understood.
    pub kind: Option<EventKind>,
    /// What it is called, where that could be understood.
    pub name: Option<String>,
    /// Whose timeline it is on, if it was taken.
    pub customer: Option<CustomerId>,
    /// The identifier that it came under, where that could be understood.
    pub came_under: Option<Identifier>,
    /// The sender's id of it.
    pub message_id: Option<String>,
    /// What is wrong with it.
    pub refusals: Vec<Refusal>,
}

/// Which of them are wanted, newest first.
#[derive(Clone, Debug, Default)]
pub struct RefusalQuery {
    /// Only from this source.
    pub source: Option<SourceId>,
    /// Only with this outcome.
    pub outcome: Option<RefusalOutcome>,
    /// Only of this kind.
    pub kind: Option<EventKind>,
    /// Only those whose name, message id, identifier or complaint contains this, ASCII letters in
    /// either case.
    pub text: Option<String>,
    /// Only those before this one.
    pub before: Option<u64>,
    /// At most this many.
    pub limit: usize,
}

const COLUMNS: &str = "seq, received_at, occurred_at, source, outcome, kind, name, customer, \
                       identifier_kind, identifier_value, message_id, refusals";

const PUT: Rows = Rows {
    head: "INSERT INTO refusals (ordinal, seq, received_at, occurred_at, source, outcome, kind, \
           name, customer, identifier_kind, identifier_value, message_id, refusals) VALUES",
    n_columns: 13,
    tail: "",
};

impl State {
    /// Events that were not simply taken, newest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn refusals(&self, query: &RefusalQuery) -> Result<Vec<RefusalRow>, StateError> {
        let mut sql = format!("SELECT {COLUMNS} FROM refusals WHERE seq < $1");
        let before = query.before.map_or(i64::MAX, u64::cast_signed);
        let mut values: Vec<Value<'_>> = vec![before.into()];
        let mut also = |condition: &str, value: Value<'static>| {
            values.push(value);
            sql.push_str(&condition.replace('?', &format!("${}", values.len())));
        };
        if let Some(source) = query.source {
            also(" AND source = ?", source.into());
        }
        if let Some(outcome) = query.outcome {
            also(" AND outcome = ?", outcome.slug().into());
        }
        if let Some(kind) = query.kind {
            also(" AND kind = ?", kind.slug().into());
        }
        if let Some(text) = &query.text {
            let like = format!("%{}%", escape_like(&text.to_ascii_lowercase()));
            let columns = "(COALESCE(name, '') || ' ' || COALESCE(message_id, '') || ' ' || \
                           COALESCE(identifier_value, '') || ' ' || refusals)";
            also(&format!(" AND LOWER{columns} LIKE ? ESCAPE '!'"), like.into());
        }
        also(" ORDER BY seq DESC LIMIT ?", (query.limit as i64).into());
        self.db().rows(sql, values).await?.iter().map(refusal_row).collect()
    }

    /// The event with this number, if it is one of them and still kept.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn refusal(&self, seq: u64) -> Result<Option<RefusalRow>, StateError> {
        let sql = format!("SELECT {COLUMNS} FROM refusals WHERE seq = $1");
        let row = self.db().row(sql, vec![seq.cast_signed().into()]).await?;
        row.as_ref().map(refusal_row).transpose()
    }
}

impl Batch {
    /// Puts down events that were not simply taken: up to [`N_PER_BATCH_AND_SOURCE`] of them; the
    /// oldest beyond [`N_KEPT`] give way. Answers how many were put down.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_refusals(&mut self, rows: &[RefusalRow]) -> Result<usize, StateError> {
        let mut n_by_source: HashMap<SourceId, usize> = HashMap::new();
        let kept = rows.iter().filter(|row| {
            let n = n_by_source.entry(row.source).or_default();
            *n += 1;
            *n <= N_PER_BATCH_AND_SOURCE
        });
        let numbered: Vec<(i64, &RefusalRow)> =
            (self.n_refusals.cast_signed() + 1..).zip(kept).collect();
        let Some(&(last, _)) = numbered.last() else { return Ok(0) };
        PUT.write(self.tx(), &numbered, |&(ordinal, row), values| bind(ordinal, row, values))
            .await?;
        self.n_refusals = last.cast_unsigned();
        let sql = "DELETE FROM refusals WHERE ordinal <= $1";
        self.tx().execute(sql, vec![(last - N_KEPT.cast_signed()).into()]).await?;
        Ok(numbered.len())
    }
}

fn bind<'a>(ordinal: i64, row: &'a RefusalRow, values: &mut Vec<Value<'a>>) {
    let came_under = row.came_under.as_ref();
    values.extend([ordinal.into(), row.seq.cast_signed().into(), row.received_at.into()]);
    values.extend([row.occurred_at.into(), row.source.into(), row.outcome.slug().into()]);
    values.extend([row.kind.map(EventKind::slug).into(), row.name.as_deref().into()]);
    values.push(row.customer.map(CustomerId::to_sql).into());
    values.push(came_under.map(|identifier| identifier.kind.slug()).into());
    values.push(came_under.map(|identifier| &*identifier.value).into());
    values.push(row.message_id.as_deref().into());
    values.push(serde_json::to_string(&row.refusals).expect("complaints are text").into());
}

fn refusal_row(row: &Row) -> Result<RefusalRow, StateError> {
    let outcome = row.text(4)?;
    let came_under = row.text_opt(8)?.zip(row.text_opt(9)?).map(|(kind, value)| Identifier {
        kind: IdentifierKind::from_slug(&kind),
        value: value.into(),
    });
    Ok(RefusalRow {
        seq: row.int(0)?.cast_unsigned(),
        received_at: row.time(1)?,
        occurred_at: row.time_opt(2)?,
        source: SourceId::from_sql(row.int(3)?),
        outcome: RefusalOutcome::from_slug(&outcome)
            .ok_or_else(|| StateError::corrupt(format!("outcome '{outcome}'")))?,
        kind: row.text_opt(5)?.as_deref().and_then(EventKind::from_slug),
        name: row.text_opt(6)?,
        customer: row.int_opt(7)?.map(CustomerId::from_sql),
        came_under,
        message_id: row.text_opt(10)?,
        refusals: serde_json::from_str(&row.text(11)?)
            .map_err(|_| StateError::corrupt("complaints that are no JSON"))?,
    })
}
