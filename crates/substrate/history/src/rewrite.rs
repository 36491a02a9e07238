//! Whose are the rows now, which of them must go, and what must go out of the others?

use crate::columns::{self, JSON_TEXTS, KIND, KeyView, NAME, PLAIN_TEXTS};
use crate::error::HistoryError;
use crate::event::{RowKey, StoredEvent};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use base::{CustomerId, IdentifierId, Position, Timestamp};
use lexicon::{EventKind, Json};
use std::fmt;
use std::sync::Arc;

/// The customer that an identifier belongs to now; the second argument is whom the row says.
pub type CustomerOf = Arc<dyn Fn(IdentifierId, CustomerId) -> CustomerId + Send + Sync>;
/// Whether a row is to be dropped: erasure and retention.
pub type Drops = Arc<dyn Fn(&RowSeen<'_>) -> bool + Send + Sync>;
/// What a text of a row that stays is to be instead; `None` where it stays as it is.
pub type Redacts = Arc<dyn Fn(RowText, &str) -> Option<String> + Send + Sync>;

/// What decides about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowSeen<'a> {
    /// The identifier that it came under.
    pub identifier: IdentifierId,
    /// Whose it is as of now.
    pub customer: CustomerId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Its kind.
    pub kind: EventKind,
    /// Its name.
    pub name: &'a str,
}

/// What sort of text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowText {
    /// A name or an id.
    Plain,
    /// A JSON object; what takes its place must be one too.
    Json,
}

/// What happens to rows while they are rewritten. The answers must not change while one rewrite
/// runs, and must be committed: a row moves to whom its identifier belongs to in the database.
#[derive(Clone, Default)]
pub struct Rewrite {
    /// The last log entry whose effects the other answers know.
    pub through: Position,
    /// Applies identity changes; without it rows keep their customer.
    pub customer_of: Option<CustomerOf>,
    /// Drops rows; without it all are kept.
    pub drops: Option<Drops>,
    /// Takes texts out of rows that stay; without it they keep theirs.
    pub redacts: Option<Redacts>,
}

impl fmt::Debug for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rewrite")
            .field("moves", &self.customer_of.is_some())
            .field("drops", &self.drops.is_some())
            .field("redacts", &self.redacts.is_some())
            .finish()
    }
}

impl Rewrite {
    /// Through which position rows are right once they are rewritten, if they were right through
    /// `before`. Rows that are given other customers are as right as those; others stay as right as
    /// they were, or nothing has moved since.
    pub(crate) fn written_through(&self, before: Position) -> Position {
        if self.customer_of.is_some() { self.through } else { self.through.max(before) }
    }

    /// The customer number to write, or `None` where the row goes. Kind and name are asked for only
    /// where rows may be dropped; a row of a kind that nobody knows stays.
    pub(crate) fn customer_of<'a>(
        &self,
        key: &RowKey,
        identifier: IdentifierId,
        named: impl FnOnce() -> Option<(EventKind, &'a str)>,
    ) -> Option<u64> {
        let customer = CustomerId(key.customer);
        let now = self.customer_of.as_ref().map_or(customer, |of| of(identifier, customer));
        if let Some(drops) = &self.drops
            && let Some((kind, name)) = named()
        {
            let occurred_at = Timestamp(key.occurred_at);
            let seen = RowSeen { identifier, customer: now, occurred_at, kind, name };
            if drops(&seen) {
                return None;
            }
        }
        Some(now.0)
    }

    /// The rows with their texts as they are to be, and how many rows that changed.
    pub(crate) fn redact(&self, rows: RecordBatch) -> Result<(RecordBatch, u64), HistoryError> {
        let Some(redacts) = &self.redacts else { return Ok((rows, 0)) };
        let mut columns = rows.columns().to_vec();
        let mut is_changed = vec![false; rows.num_rows()];
        let plain = PLAIN_TEXTS.into_iter().map(|place| (place, RowText::Plain));
        let json = JSON_TEXTS.into_iter().map(|place| (place, RowText::Json));
        for (place, sort) in plain.chain(json) {
            let texts = columns::texts(&rows, place);
            let texts = texts.expect("inputs were checked to have the columns of a run");
            if let Some(column) = redacted(texts, |text| redacts(sort, text), &mut is_changed) {
                columns[place] = column;
            }
        }
        let n_changed = is_changed.iter().filter(|&&changed| changed).count() as u64;
        if n_changed == 0 {
            return Ok((rows, 0));
        }
        let rows = RecordBatch::try_new(rows.schema(), columns).map_err(HistoryError::encode)?;
        Ok((rows, n_changed))
    }

    /// The same for an event; whether anything changed.
    pub(crate) fn redact_event(&self, event: &mut StoredEvent) -> bool {
        let Some(redacts) = &self.redacts else { return false };
        let mut is_changed = false;
        for text in [&mut event.name, &mut event.message_id] {
            if let Some(other) = redacts(RowText::Plain, text) {
                *text = other.into();
                is_changed = true;
            }
        }
        for json in [&mut event.properties, &mut event.traits, &mut event.context] {
            if let Some(other) = redacts(RowText::Json, json.as_str()) {
                *json = Json::from_checked_text(other);
                is_changed = true;
            }
        }
        is_changed
    }
}

/// The kind and the name of a row of a run.
pub(crate) fn kind_and_name(rows: &RecordBatch, row: usize) -> Option<(EventKind, &str)> {
    let (kinds, names) = (columns::texts(rows, KIND)?, columns::texts(rows, NAME)?);
    Some((EventKind::from_slug(kinds.value(row))?, names.value(row)))
}

/// Whether the columns are those of a run.
pub(crate) fn is_whole(rows: &RecordBatch) -> bool {
    let mut texts = PLAIN_TEXTS.into_iter().chain(JSON_TEXTS).chain([KIND]);
    KeyView::of(rows).is_some() && texts.all(|place| columns::texts(rows, place).is_some())
}

/// The column anew where any of its texts is to be another.
fn redacted(
    texts: &StringArray,
    other: impl Fn(&str) -> Option<String>,
    is_changed: &mut [bool],
) -> Option<ArrayRef> {
    let others: Vec<Option<String>> = texts.iter().map(|text| other(text?)).collect();
    if others.iter().all(Option::is_none) {
        return None;
    }
    let each = others.iter().zip(texts).zip(is_changed);
    let column: StringArray = each
        .map(|((other, text), is_changed)| {
            *is_changed |= other.is_some();
            other.as_deref().or(text)
        })
        .collect();
    // Columns of a run have no nulls; collecting from `Some` alone keeps it so.
    Some(Arc::new(column))
}
