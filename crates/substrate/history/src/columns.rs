//! In which columns do events lie in a run?

use crate::error::HistoryError;
use crate::event::{RowKey, StoredEvent};
use arrow_array::builder::{StringBuilder, TimestampMicrosecondBuilder, UInt64Builder};
use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampMicrosecondType, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use base::{CustomerId, IdentifierId, SourceId, Timestamp};
use lexicon::{EventKind, Json};
use std::sync::{Arc, LazyLock};

/// The columns by place. The first four are keys: what decides without looking at texts.
pub(crate) const CUSTOMER: usize = 0;
pub(crate) const OCCURRED_AT: usize = 1;
pub(crate) const SEQ: usize = 2;
pub(crate) const IDENTIFIER: usize = 3;
pub(crate) const KIND: usize = 4;
pub(crate) const NAME: usize = 5;
pub(crate) const SOURCE: usize = 6;
const RECEIVED_AT: usize = 7;
const MESSAGE_ID: usize = 8;
pub(crate) const PROPERTIES: usize = 9;
const TRAITS: usize = 10;
pub(crate) const CONTEXT: usize = 11;

/// Columns of names and ids that may hold what a person is known by.
pub(crate) const PLAIN_TEXTS: [usize; 2] = [NAME, MESSAGE_ID];
/// Columns of JSON.
pub(crate) const JSON_TEXTS: [usize; 3] = [PROPERTIES, TRAITS, CONTEXT];

/// Key columns alone.
pub(crate) const KEYS: [usize; 4] = [CUSTOMER, OCCURRED_AT, SEQ, IDENTIFIER];
/// Key columns with what a filter by kind or name looks at.
pub(crate) const KEYS_AND_NAMES: [usize; 6] = [CUSTOMER, OCCURRED_AT, SEQ, IDENTIFIER, KIND, NAME];

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let time = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let field = |name: &str, kind| Field::new(name, kind, false);
    Arc::new(Schema::new(vec![
        field("customer", DataType::UInt64),
        field("occurred_at", time()),
        field("seq", DataType::UInt64),
        field("identifier", DataType::UInt64),
        field("kind", DataType::Utf8),
        field("name", DataType::Utf8),
        field("source", DataType::UInt64),
        field("received_at", time()),
        field("message_id", DataType::Utf8),
        field("properties", DataType::Utf8),
        field("traits", DataType::Utf8),
        field("context", DataType::Utf8),
    ]))
});

/// The columns of every run.
#[must_use]
pub fn schema() -> SchemaRef {
    SCHEMA.clone()
}

/// Gathers events into one batch of columns.
pub(crate) struct Rows {
    numbers: [UInt64Builder; 4],
    times: [TimestampMicrosecondBuilder; 2],
    texts: [StringBuilder; 6],
    n: usize,
}

impl Rows {
    pub fn new() -> Self {
        let time = || TimestampMicrosecondBuilder::new().with_timezone("UTC");
        Self {
            numbers: std::array::from_fn(|_| UInt64Builder::new()),
            times: [time(), time()],
            texts: std::array::from_fn(|_| StringBuilder::new()),
            n: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.n
    }

    pub fn push(&mut self, event: &StoredEvent) {
        let numbers = [event.customer.0, event.seq, event.identifier.0, event.source.0];
        for (column, number) in self.numbers.iter_mut().zip(numbers) {
            column.append_value(number);
        }
        for (column, time) in self.times.iter_mut().zip([event.occurred_at, event.received_at]) {
            column.append_value(time.0);
        }
        let texts = [
            event.kind.slug(),
            &*event.name,
            &*event.message_id,
            event.properties.as_str(),
            event.traits.as_str(),
            event.context.as_str(),
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.append_value(text);
        }
        self.n += 1;
    }

    /// The rows so far; starts anew.
    pub fn take(&mut self) -> Result<RecordBatch, HistoryError> {
        self.n = 0;
        let [customer, seq, identifier, source] =
            self.numbers.each_mut().map(|b| Arc::new(b.finish()) as ArrayRef);
        let [occurred_at, received_at] =
            self.times.each_mut().map(|b| Arc::new(b.finish()) as ArrayRef);
        let [kind, name, message_id, properties, traits, context] =
            self.texts.each_mut().map(|b| Arc::new(b.finish()) as ArrayRef);
        let columns = vec![
            customer,
            occurred_at,
            seq,
            identifier,
            kind,
            name,
            source,
            received_at,
            message_id,
            properties,
            traits,
            context,
        ];
        RecordBatch::try_new(schema(), columns).map_err(HistoryError::encode)
    }
}

/// The key columns of a batch; the first four columns must be [`KEYS`].
pub(crate) struct KeyView<'a> {
    customer: &'a [u64],
    occurred_at: &'a [i64],
    seq: &'a [u64],
    identifier: &'a [u64],
}

impl<'a> KeyView<'a> {
    /// `None` where the batch has other columns.
    pub fn of(batch: &'a RecordBatch) -> Option<Self> {
        Some(Self {
            customer: numbers(batch, CUSTOMER)?,
            occurred_at: times(batch, OCCURRED_AT)?,
            seq: numbers(batch, SEQ)?,
            identifier: numbers(batch, IDENTIFIER)?,
        })
    }

    pub fn len(&self) -> usize {
        self.customer.len()
    }

    pub fn key(&self, row: usize) -> RowKey {
        RowKey {
            customer: self.customer[row],
            occurred_at: self.occurred_at[row],
            seq: self.seq[row],
        }
    }

    pub fn customers(&self) -> &'a [u64] {
        self.customer
    }

    pub fn identifier(&self, row: usize) -> IdentifierId {
        IdentifierId(self.identifier[row])
    }
}

/// The text column at `place`; `None` where it is none.
pub(crate) fn texts(batch: &RecordBatch, place: usize) -> Option<&StringArray> {
    batch.columns().get(place)?.as_string_opt::<i32>().filter(|a| a.null_count() == 0)
}

/// The column of whole numbers at `place`; `None` where it is none.
pub(crate) fn numbers(batch: &RecordBatch, place: usize) -> Option<&[u64]> {
    let column = batch.columns().get(place)?.as_primitive_opt::<UInt64Type>()?;
    (column.null_count() == 0).then(|| &column.values()[..])
}

/// The column of times at `place`; `None` where it is none.
pub(crate) fn times(batch: &RecordBatch, place: usize) -> Option<&[i64]> {
    let column = batch.columns().get(place)?.as_primitive_opt::<TimestampMicrosecondType>()?;
    (column.null_count() == 0).then(|| &column.values()[..])
}

/// The same rows with other customers.
pub(crate) fn with_customers(
    batch: &RecordBatch,
    customers: Vec<u64>,
) -> Result<RecordBatch, HistoryError> {
    let mut columns = batch.columns().to_vec();
    columns[CUSTOMER] = Arc::new(UInt64Array::from(customers));
    RecordBatch::try_new(batch.schema(), columns).map_err(HistoryError::encode)
}

/// The events of a batch with all columns; `None` where a column is not what it must be.
pub(crate) fn events(batch: &RecordBatch) -> Option<Vec<StoredEvent>> {
    let keys = KeyView::of(batch)?;
    let (source, received_at) = (numbers(batch, SOURCE)?, times(batch, RECEIVED_AT)?);
    let (kind, name) = (texts(batch, KIND)?, texts(batch, NAME)?);
    let (message_id, properties) = (texts(batch, MESSAGE_ID)?, texts(batch, PROPERTIES)?);
    let (traits, context) = (texts(batch, TRAITS)?, texts(batch, CONTEXT)?);
    let event = |row: usize| {
        let key = keys.key(row);
        Some(StoredEvent {
            customer: CustomerId(key.customer),
            occurred_at: Timestamp(key.occurred_at),
            identifier: keys.identifier(row),
            seq: key.seq,
            kind: EventKind::from_slug(kind.value(row))?,
            name: name.value(row).into(),
            source: SourceId(source[row]),
            received_at: Timestamp(received_at[row]),
            message_id: message_id.value(row).into(),
            properties: Json::from_checked_text(properties.value(row)),
            traits: Json::from_checked_text(traits.value(row)),
            context: Json::from_checked_text(context.value(row)),
        })
    };
    (0..keys.len()).map(event).collect()
}
