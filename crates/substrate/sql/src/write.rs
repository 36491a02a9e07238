//! How is an answer written, while it is being made?

use crate::answer::Answer;
use crate::error::SqlError;
use bytes::Bytes;
use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::compute::cast;
use datafusion::arrow::csv::WriterBuilder;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use futures::StreamExt;
use futures::stream::BoxStream;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// A form of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// `{"columns": [{"name", "type"}], "rows": [[...]], "n_rows", "is_cut", "took_ms", "error"}`;
    /// where the answer ends early, `is_cut` is true, and `error` says why unless the asker wanted
    /// no more rows.
    Json,
    /// A line of names, then one line per row (RFC 4180).
    Csv,
    /// Arrow's stream format.
    Arrow,
}

impl Form {
    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Arrow => "application/vnd.apache.arrow.stream",
        }
    }
}

/// The bytes of an answer, batch by batch, up to so many rows. In CSV and Arrow an error ends the stream without the
/// end that a reader expects; JSON has a place for it, and ends well.
#[must_use]
pub fn write(
    answer: Answer,
    form: Form,
    rows_max: Option<usize>,
) -> BoxStream<'static, Result<Bytes, SqlError>> {
    let rows_max = rows_max.unwrap_or(usize::MAX);
    let schema = answer.schema();
    let writer: Box<dyn Writer> = match form {
        Form::Json => Box::new(Json { schema, n_rows: 0 }),
        Form::Csv => Box::new(Csv { schema }),
        Form::Arrow => match Arrow::new(&schema) {
            Ok(writer) => Box::new(writer),
            Err(error) => return futures::stream::iter([Err(defect(error))]).boxed(),
        },
    };
    let at = Some((answer, writer, At::Head));
    futures::stream::unfold(at, move |at| async move {
        let (mut answer, mut writer, place) = at?;
        let rows_left = match place {
            At::Head => {
                let head = writer.head().map_err(defect);
                return Some((head, Some((answer, writer, At::Rows(rows_max)))));
            }
            At::Rows(rows_left) => rows_left,
            At::End => {
                let took = answer.age();
                return Some((writer.end(Ended { is_cut: true, took }).map_err(defect), None));
            }
        };
        let next = answer.next().await;
        let took = answer.age();
        match next {
            Some(Ok(batch)) if batch.num_rows() > rows_left => {
                let rows = writer.rows(&batch.slice(0, rows_left)).map_err(defect);
                let rest = rows.is_ok().then_some((answer, writer, At::End));
                Some((rows, rest))
            }
            Some(Ok(batch)) => {
                let rows_left = rows_left - batch.num_rows();
                let rows = writer.rows(&batch).map_err(defect);
                let rest = rows.is_ok().then_some((answer, writer, At::Rows(rows_left)));
                Some((rows, rest))
            }
            Some(Err(error)) => Some((writer.cut_short(error, took), None)),
            None => Some((writer.end(Ended { is_cut: false, took }).map_err(defect), None)),
        }
    })
    .boxed()
}

/// What is written next.
enum At {
    Head,
    /// So many rows at most.
    Rows(usize),
    /// There are more rows, and nobody wants them.
    End,
}

/// How an answer ended that did not fail.
#[derive(Clone, Copy)]
struct Ended {
    is_cut: bool,
    took: Duration,
}

fn defect(error: ArrowError) -> SqlError {
    SqlError::Defect { source: error.into() }
}

trait Writer: Send {
    fn head(&mut self) -> Result<Bytes, ArrowError>;
    fn rows(&mut self, batch: &RecordBatch) -> Result<Bytes, ArrowError>;
    fn end(&mut self, ended: Ended) -> Result<Bytes, ArrowError>;
    fn cut_short(&mut self, error: SqlError, _: Duration) -> Result<Bytes, SqlError> {
        Err(error)
    }
}

struct Json {
    schema: SchemaRef,
    n_rows: usize,
}

impl Writer for Json {
    fn head(&mut self) -> Result<Bytes, ArrowError> {
        let mut text = String::from("{\"columns\":[");
        for (place, field) in self.schema.fields().iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let _ = write!(text, "{comma}{{\"name\":");
            quote(field.name(), &mut text);
            let _ = write!(text, ",\"type\":\"{}\"}}", type_name(field.data_type()));
        }
        text.push_str("],\"rows\":[");
        Ok(text.into())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<Bytes, ArrowError> {
        let options = FormatOptions::new();
        let columns = batch.columns().iter().map(|column| {
            let formatter = ArrayFormatter::try_new(column.as_ref(), &options)?;
            Ok((column, formatter, is_bare(column.data_type())))
        });
        let columns = columns.collect::<Result<Vec<_>, ArrowError>>()?;
        let (mut text, mut cell) = (String::new(), String::new());
        for row in 0..batch.num_rows() {
            text.push_str(if self.n_rows > 0 { ",\n[" } else { "\n[" });
            self.n_rows += 1;
            for (place, (column, formatter, is_bare)) in columns.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                if column.is_null(row) {
                    text.push_str("null");
                    continue;
                }
                cell.clear();
                formatter.value(row).write(&mut cell)?;
                match is_bare {
                    // JSON has no word for what is no number.
                    true if matches!(cell.as_str(), "NaN" | "inf" | "-inf") => {
                        text.push_str("null");
                    }
                    true => text.push_str(&cell),
                    false => quote(&cell, &mut text),
                }
            }
            text.push(']');
        }
        Ok(text.into())
    }

    fn end(&mut self, ended: Ended) -> Result<Bytes, ArrowError> {
        let mut text = self.tail(ended);
        text.push_str("null}\n");
        Ok(text.into())
    }

    fn cut_short(&mut self, error: SqlError, took: Duration) -> Result<Bytes, SqlError> {
        let mut text = self.tail(Ended { is_cut: true, took });
        let _ = write!(text, "{{\"kind\":\"{}\",\"message\":", error.kind().slug());
        quote(&error.to_string(), &mut text);
        text.push_str(",\"hint\":");
        match error.hint() {
            Some(hint) => quote(hint, &mut text),
            None => text.push_str("null"),
        }
        text.push_str(",\"field\":null}}\n");
        Ok(text.into())
    }
}

impl Json {
    /// What follows the rows, up to the error.
    fn tail(&self, Ended { is_cut, took }: Ended) -> String {
        let (n_rows, took_ms) = (self.n_rows, took.as_millis());
        let head = format!("\n],\"n_rows\":{n_rows},\"is_cut\":{is_cut}");
        format!("{head},\"took_ms\":{took_ms},\"error\":")
    }
}

/// The word of SQL for a type.
fn type_name(data: &DataType) -> String {
    use DataType as T;
    match data {
        T::Boolean => "BOOLEAN".into(),
        T::Int8 | T::Int16 | T::UInt8 => "SMALLINT".into(),
        T::Int32 | T::UInt16 => "INTEGER".into(),
        T::Int64 | T::UInt32 => "BIGINT".into(),
        T::UInt64 | T::Decimal128(..) | T::Decimal256(..) => "NUMERIC".into(),
        T::Float16 | T::Float32 => "REAL".into(),
        T::Float64 => "DOUBLE PRECISION".into(),
        T::Utf8 | T::LargeUtf8 | T::Utf8View => "TEXT".into(),
        T::Timestamp(_, Some(_)) => "TIMESTAMPTZ".into(),
        T::Timestamp(_, None) => "TIMESTAMP".into(),
        T::Date32 | T::Date64 => "DATE".into(),
        T::Time32(_) | T::Time64(_) => "TIME".into(),
        T::Interval(_) | T::Duration(_) => "INTERVAL".into(),
        T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => "BYTEA".into(),
        T::List(field) | T::LargeList(field) | T::FixedSizeList(field, _) => {
            format!("{}[]", type_name(field.data_type()))
        }
        T::Dictionary(_, inner) => type_name(inner),
        _ => "JSON".into(),
    }
}

/// Whether values are written without quotation marks.
fn is_bare(data: &DataType) -> bool {
    data.is_numeric() || *data == DataType::Boolean
}

fn quote(text: &str, to: &mut String) {
    to.push('"');
    for c in text.chars() {
        match c {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(to, "\\u{:04x}", u32::from(c));
            }
            c => to.push(c),
        }
    }
    to.push('"');
}

struct Csv {
    schema: SchemaRef,
}

impl Writer for Csv {
    fn head(&mut self) -> Result<Bytes, ArrowError> {
        let none = RecordBatch::new_empty(text_schema(&self.schema));
        let mut bytes = Vec::new();
        WriterBuilder::new().with_header(true).build(&mut bytes).write(&none)?;
        Ok(bytes.into())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<Bytes, ArrowError> {
        let mut bytes = Vec::new();
        let batch = plain(batch)?;
        WriterBuilder::new().with_header(false).build(&mut bytes).write(&batch)?;
        Ok(bytes.into())
    }

    fn end(&mut self, _: Ended) -> Result<Bytes, ArrowError> {
        Ok(Bytes::new())
    }
}

struct Arrow {
    stream: StreamWriter<Vec<u8>>,
}

impl Arrow {
    fn new(schema: &SchemaRef) -> Result<Self, ArrowError> {
        Ok(Self { stream: StreamWriter::try_new(Vec::new(), &text_schema(schema))? })
    }

    fn written(&mut self) -> Bytes {
        std::mem::take(self.stream.get_mut()).into()
    }
}

impl Writer for Arrow {
    fn head(&mut self) -> Result<Bytes, ArrowError> {
        Ok(self.written())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<Bytes, ArrowError> {
        self.stream.write(&plain(batch)?)?;
        Ok(self.written())
    }

    fn end(&mut self, _: Ended) -> Result<Bytes, ArrowError> {
        self.stream.finish()?;
        Ok(self.written())
    }
}

/// Texts as readers of every age know them: views are younger than many.
fn text_schema(schema: &SchemaRef) -> SchemaRef {
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8View => field.as_ref().clone().with_data_type(DataType::Utf8),
        _ => field.as_ref().clone(),
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

fn plain(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let column = |column: &ArrayRef| match column.data_type() {
        DataType::Utf8View => cast(column, &DataType::Utf8),
        _ => Ok(column.clone()),
    };
    let columns = batch.columns().iter().map(column).collect::<Result<Vec<_>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(text_schema(&batch.schema()), columns, &options)
}
