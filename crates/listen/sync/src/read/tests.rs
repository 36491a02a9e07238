//! Is every format read alike, and is nonsense refused without a panic?

use super::*;
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array,
    RecordBatch, StringArray, StructArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Schema};
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use proptest::prelude::*;
use std::io::Write;
use std::sync::Arc;

struct Opened {
    _folder: tempfile::TempDir,
    table: Table,
}

fn open(bytes: &[u8], form: &FileForm) -> Result<Opened, SyncError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    Ok(Opened { table: Table::open(&path, form)?, _folder: folder })
}

fn rows(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut opened = open(bytes, &FileForm::default()).unwrap();
    let (mut row, mut rows) = (Row::default(), Vec::new());
    while opened.table.read(&mut row).unwrap() != Outcome::End {
        rows.push(row.texts());
    }
    let done = (opened.table.bytes_done(), opened.table.bytes_total());
    assert_eq!(done.0, done.1, "at the end all bytes are done");
    (opened.table.columns().to_vec(), rows)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf_16(text: &str, mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xfeff_u16);
    mark.into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn text_is_read_in_every_dress() {
    let plain = "name,city\n\"Ann, A.\",Köln\nBob,\"a \"\"b\"\"\nc\"\n";
    let expected = (
        vec!["name".to_owned(), "city".to_owned()],
        vec![
            vec!["Ann, A.".to_owned(), "Köln".to_owned()],
            vec!["Bob".to_owned(), "a \"b\"\nc".to_owned()],
        ],
    );
    let check = |bytes: &[u8], what: &str| assert_eq!(rows(bytes), expected, "{what}");
    let latin: Vec<u8> = plain.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    check(plain.as_bytes(), "plain");
    check(plain.replace('\n', "\r\n").replace("\r\nc", "\nc").as_bytes(), "lines of Windows");
    check(&gzip(plain.as_bytes()), "gzip");
    check(&[gzip(b"name,city\n"), gzip(&plain.as_bytes()[10..])].concat(), "gzip in two members");
    check(&zstd::encode_all(plain.as_bytes(), 3).unwrap(), "zstd");
    check(format!("\u{feff}{plain}").as_bytes(), "with a byte order mark");
    check(&utf_16(plain, true), "UTF-16");
    check(&utf_16(plain, false), "UTF-16 without a mark");
    check(&gzip(&utf_16(plain, true)), "UTF-16 in gzip");
    check(&latin, "Latin-1");
}

#[test]
fn delimiters_and_headings_are_found() {
    let check = |text: &str, columns: &[&str], first: &[&str]| {
        let (found, rows) = rows(text.as_bytes());
        assert_eq!(
            (found.as_slice(), rows[0].as_slice()),
            (&columns.map_to()[..], &first.map_to()[..]),
            "{text}"
        );
    };
    check("a;b\n1,5;2\n3,5;4\n", &["a", "b"], &["1,5", "2"]);
    check("a\tb, c\n1\t2\n", &["a", "b, c"], &["1", "2"]);
    check("a|b\n1|2\n", &["a", "b"], &["1", "2"]);
    check(
        "1,ann@example.com\n2,bob@example.com\n",
        &["column_1", "column_2"],
        &["1", "ann@example.com"],
    );
    check("id,,id\n1,2,3\n", &["id", "column_2", "id_2"], &["1", "2", "3"]);
    check("name\nann\n", &["name"], &["ann"]);
}

trait MapTo {
    fn map_to(&self) -> Vec<String>;
}

impl MapTo for &[&str] {
    fn map_to(&self) -> Vec<String> {
        self.iter().map(|&text| text.to_owned()).collect()
    }
}

#[test]
fn cells_that_are_not_utf_8_are_read_as_latin_late_in_the_file() {
    let mut bytes = b"a,b\n".to_vec();
    bytes.extend(b"1,2\n".repeat(100_000));
    bytes.extend(b"\xa35,K\xf6ln\n");
    assert_eq!(rows(&bytes).1.last().unwrap(), &["£5", "Köln"]);
}

#[test]
fn json_lines_are_laid_out() {
    let text = "{\"id\":1,\"who\":{\"name\":\"Ann\",\"tags\":[1]},\"ok\":true}\n\n{\"id\":2.50,\"new\":null,\"e\":{}}\nnot json\n[1]\n";
    let (columns, found) = rows(text.as_bytes());
    assert_eq!(columns, ["id", "ok", "who.name", "who.tags", "e", "new"]);
    assert_eq!(found[0], ["1", "true", "Ann", "[1]"]);
    assert_eq!(found[1], ["2.5", "", "", "", "{}", ""]);
    assert_eq!(found[2], ["not json"]);
    assert_eq!(found.len(), 4);
}

fn parquet_bytes() -> Vec<u8> {
    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.values().append_value("x");
    tags.append(true);
    tags.append(false);
    let inner: ArrayRef = Arc::new(StringArray::from(vec![Some("Kiel"), None]));
    let address =
        StructArray::from(vec![(Arc::new(Field::new("city", DataType::Utf8, true)), inner)]);
    let amount = Decimal128Array::from(vec![1_234, -5]).with_precision_and_scale(10, 2).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from(vec![Some(7), None]))),
        ("price", Arc::new(Float64Array::from(vec![2.55, f64::NAN]))),
        ("amount", Arc::new(amount)),
        ("ok", Arc::new(BooleanArray::from(vec![true, false]))),
        ("day", Arc::new(Date32Array::from(vec![14_944, 0]))),
        ("local", Arc::new(TimestampMillisecondArray::from(vec![1_291_191_960_500, 0]))),
        (
            "utc",
            Arc::new(
                TimestampMillisecondArray::from(vec![1_291_191_960_000, 0])
                    .with_timezone("Europe/London"),
            ),
        ),
        ("tags", Arc::new(tags.finish())),
        ("address", Arc::new(address)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_keeps_its_types() {
    let mut opened = open(&parquet_bytes(), &FileForm::default()).unwrap();
    let names = ["id", "price", "amount", "ok", "day", "local", "utc", "tags", "address.city"];
    assert_eq!(opened.table.columns(), names);
    assert_eq!(opened.table.n_rows(), Some(2));
    let mut row = Row::default();
    assert_eq!(opened.table.read(&mut row).unwrap(), Outcome::Row);
    let expected = [
        "7",
        "2.55",
        "12.34",
        "true",
        "2010-12-01",
        "2010-12-01T08:26:00.5",
        "2010-12-01T08:26:00Z",
        "[\"x\"]",
        "Kiel",
    ];
    assert_eq!(row.texts(), expected);
    assert_eq!(row.cell(2).kind, crate::CellKind::Number);
    assert_eq!(opened.table.read(&mut row).unwrap(), Outcome::Row);
    assert_eq!(row.texts()[..4], ["", "", "-0.05", "false"]);
    assert!(row.cell(7).is_missing() && row.cell(8).is_missing());
    assert_eq!(opened.table.read(&mut row).unwrap(), Outcome::End);
    assert_eq!(opened.table.bytes_done(), opened.table.bytes_total());
}

/// A column of texts, some missing, in a file of its own.
fn packed(texts: &[Option<String>], properties: WriterPropertiesBuilder) -> Vec<u8> {
    let column: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
    let numbers: ArrayRef =
        Arc::new(Int64Array::from_iter(texts.iter().map(|t| t.as_ref().map(|t| t.len() as i64))));
    let batch = RecordBatch::try_from_iter([("text", column), ("length", numbers)]).unwrap();
    let mut bytes = Vec::new();
    let properties = properties
        .set_dictionary_enabled(false)
        .set_column_encoding("length".into(), Encoding::DELTA_BINARY_PACKED)
        .set_data_page_row_count_limit(150)
        .set_write_batch_size(50)
        .build();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let number = |n: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![n])) };
    let inner =
        StructArray::from(vec![(Arc::new(Field::new("b", DataType::Int64, false)), number(2))]);
    let schema = Schema::new(vec![
        Field::new("a", inner.data_type().clone(), false),
        Field::new("a.b", DataType::Int64, false),
        Field::new("a.b", DataType::Int64, false),
    ]);
    let columns = vec![Arc::new(inner) as ArrayRef, number(3), number(4)];
    let batch = RecordBatch::try_new(Arc::new(schema), columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let (columns, rows) = rows(&bytes);
    assert_eq!(columns, ["a.b", "a.b_2", "a.b_3"]);
    assert_eq!(rows, [["2", "3", "4"]]);
}

#[test]
fn a_row_of_parquet_beyond_all_measure_is_bad() {
    let long = Some("x".repeat(ROW_BYTES_MAX + 1));
    let bytes = packed(&[Some("a".into()), long, Some("b".into())], WriterProperties::builder());
    let mut opened = open(&bytes, &FileForm::default()).unwrap();
    let mut row = Row::default();
    let mut next = || opened.table.read(&mut row).unwrap();
    assert_eq!(next(), Outcome::Row);
    assert!(matches!(next(), Outcome::Bad { .. }));
    assert_eq!((next(), next()), (Outcome::Row, Outcome::End));
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    let check = |bytes: &[u8], expected: &str| {
        let Err(error) = open(bytes, &FileForm::default()) else { panic!("{expected}") };
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(b"", "no rows");
    check(b" \n \n", "blanks");
    check(b"PK\x03\x04rest", "spreadsheet");
    check(b"[{\"a\":1}]", "JSON array");
    check(b"<!DOCTYPE html><p>", "web page");
    check(b"<!doctype html><html><body>orders</body></html>", "web page");
    check(b"\x00\x01\x02\x03binary\x00", "not a text file");
    check(b"PAR1nothing elsePAR1", "no readable Parquet file");
    let Err(error) = Table::open(Path::new("/nowhere/at/all.csv"), &FileForm::default()) else {
        panic!("there is no such file")
    };
    assert_eq!(error.kind(), base::ErrorKind::NotFound);
}

#[test]
fn a_row_without_end_is_stopped() {
    let mut bytes = b"a,b\n1,\"".to_vec();
    bytes.resize(ROW_BYTES_MAX * 2, b'x');
    let mut opened = open(&gzip(&bytes), &FileForm::default()).unwrap();
    let error = opened.table.read(&mut Row::default()).unwrap_err();
    assert!(error.to_string().contains("never closed"), "{error}");
    let mut bytes = b"{\"a\":1}\n{\"b\":\"".to_vec();
    bytes.resize(ROW_BYTES_MAX * 2, b'x');
    bytes.extend(b"\n{\"a\":2}\n");
    let mut opened = open(&gzip(&bytes), &FileForm::default()).unwrap();
    let mut row = Row::default();
    let mut next = || opened.table.read(&mut row).unwrap();
    assert_eq!(next(), Outcome::Row);
    assert!(matches!(next(), Outcome::Bad { .. }));
    assert_eq!(next(), Outcome::Row);
    assert_eq!(next(), Outcome::End);
}

#[test]
fn deep_json_is_a_bad_row() {
    let text = format!("{{\"a\":1}}\n{{\"a\":{}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let (_, found) = rows(text.as_bytes());
    assert_eq!(found.len(), 2);
}

/// Opens and reads to the end; only the absence of a panic counts.
fn read_through(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let _ = crate::inspect(&path);
    let Ok(mut table) = Table::open(&path, &FileForm::default()) else { return };
    let mut row = Row::default();
    while let Ok(Outcome::Row | Outcome::Bad { .. }) = table.read(&mut row) {}
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, dress in 0u8..6) {
        let dressed = match dress {
            0 => bytes,
            1 => [b"PAR1".as_slice(), &bytes, b"PAR1"].concat(),
            2 => gzip(&bytes),
            3 => [&[0x1f, 0x8b], bytes.as_slice()].concat(),
            4 => [b"{\"a\":".as_slice(), &bytes].concat(),
            _ => [&[0xff, 0xfe], bytes.as_slice()].concat(),
        };
        read_through(&dressed);
    }

    #[test]
    fn any_table_is_read(text in "([a-z0-9@.,;\"'\\t|{}:/ -]{0,12}\n){0,12}") {
        read_through(text.as_bytes());
    }

    #[test]
    fn every_packing_of_parquet_is_read(
        texts in prop::collection::vec(prop::option::of("[a-c]{0,3}"), 1..700),
        encoding in prop::sample::select(vec![
            Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY,
        ]),
        version in prop::sample::select(vec![
            WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0,
        ]),
        is_packed: bool,
    ) {
        let compression = if is_packed { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
        let properties = WriterProperties::builder()
            .set_writer_version(version)
            .set_compression(compression)
            .set_column_encoding("text".into(), encoding);
        let (_, found) = rows(&packed(&texts, properties));
        let expected = texts.iter().map(|text| match text {
            Some(text) => vec![text.clone(), text.len().to_string()],
            None => vec![String::new(); 2],
        });
        prop_assert_eq!(found, expected.collect::<Vec<_>>());
    }

    #[test]
    fn damaged_parquet_is_refused(at in 0usize..2_000, byte: u8) {
        let mut bytes = parquet_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        read_through(&bytes);
    }
}
