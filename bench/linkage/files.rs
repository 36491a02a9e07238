//! How good is linkage on the public files with known truth?

use crate::run::{Case, grade};
use anyhow::{Context, Result};
use linkage::{DateNotation, Field, Kind, Schema, SourceIdx, Table};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

/// Grades all files, or one.
pub fn run(data: &Path, only: Option<&str>, verbose: bool) -> Result<()> {
    type Reader = fn(&Path) -> Result<Case>;
    let cases: [(&str, Reader); 4] = [
        ("febrl3", |data| febrl(data, "febrl3", &["dataset3"])),
        ("febrl4", |data| febrl(data, "febrl4", &["dataset4a", "dataset4b"])),
        ("fake1000", fake),
        ("senzing", senzing),
    ];
    for (name, read) in cases {
        if only.is_none_or(|only| only == name) {
            grade(&read(data)?, verbose)?;
        }
    }
    Ok(())
}

fn febrl(data: &Path, name: &str, files: &[&str]) -> Result<Case> {
    let started = Instant::now();
    let fields = [
        ("given_name", Kind::GivenName),
        ("surname", Kind::FamilyName),
        ("street_number", Kind::HouseNumber),
        ("address_1", Kind::Street),
        ("address_2", Kind::Street),
        ("suburb", Kind::Town),
        ("postcode", Kind::Postcode),
        ("state", Kind::Region),
        ("date_of_birth", Kind::Date),
        ("soc_sec_id", Kind::Identifier),
    ];
    let mut table = table_of(&fields, DateNotation::default())?;
    let mut persons = Numbers::default();
    let mut sources = Vec::new();
    for (source, file) in files.iter().enumerate() {
        for row in rows(&data.join("febrl").join(format!("{file}.csv.gz")))?.iter() {
            let values: Vec<&str> = fields.iter().map(|(name, _)| cell(row, name)).collect();
            table.push(SourceIdx(source as u16), &values)?;
            let id = cell(row, "rec_id");
            persons.push(id.rsplit_once("-org").or(id.split_once("-dup")).map_or(id, |p| p.0));
            sources.push(source as u16);
        }
    }
    let is_one_file = files.len() == 1;
    Ok(Case {
        name: name.to_owned(),
        table,
        persons: persons.of_records,
        sources: if is_one_file { Vec::new() } else { sources },
        unique_sources: if is_one_file { vec![] } else { vec![SourceIdx(0), SourceIdx(1)] },
        read_s: started.elapsed().as_secs_f64(),
    })
}

fn fake(data: &Path) -> Result<Case> {
    let started = Instant::now();
    let fields = [
        ("first_name", Kind::GivenName),
        ("surname", Kind::FamilyName),
        ("dob", Kind::Date),
        ("city", Kind::Town),
        ("email", Kind::Email),
    ];
    let mut table = table_of(&fields, DateNotation::default())?;
    let mut persons = Numbers::default();
    for row in rows(&data.join("febrl/fake_1000.csv.gz"))?.iter() {
        let values: Vec<&str> = fields.iter().map(|(name, _)| cell(row, name)).collect();
        table.push(SourceIdx(0), &values)?;
        persons.push(cell(row, "cluster"));
    }
    let read_s = started.elapsed().as_secs_f64();
    Ok(dedupe("fake1000", table, persons, read_s))
}

fn senzing(data: &Path) -> Result<Case> {
    let started = Instant::now();
    let folder = data.join("senzing_truthset");
    let fields = [
        ("given name", Kind::GivenName),
        ("family name", Kind::FamilyName),
        ("full name", Kind::FullName),
        ("organisation", Kind::Organisation),
        ("birthday", Kind::Date),
        ("email", Kind::Email),
        ("phone", Kind::Phone),
        ("address", Kind::Address),
        ("postcode", Kind::Postcode),
        ("passport", Kind::Identifier),
        ("licence", Kind::Identifier),
        ("ssn", Kind::Identifier),
        ("national or tax id", Kind::Identifier),
        ("gender", Kind::Category),
    ];
    let month_first = DateNotation { day_first: false, pivot_year: 29 };
    let mut table = table_of(&fields, month_first)?;
    let mut truth = BTreeMap::new();
    for row in rows(&folder.join("actual_truthset_key.csv"))?.iter() {
        let key = (cell(row, "DATA_SOURCE").to_owned(), cell(row, "RECORD_ID").to_owned());
        truth.insert(key, cell(row, "CLUSTER_ID").to_owned());
    }
    let mut persons = Numbers::default();
    for (source, file) in ["customers", "reference", "watchlist"].iter().enumerate() {
        for row in rows(&folder.join(format!("{file}.csv")))?.iter() {
            let values = senzing_values(row);
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            table.push(SourceIdx(source as u16), &values)?;
            let key = (cell(row, "DATA_SOURCE").to_owned(), cell(row, "RECORD_ID").to_owned());
            persons.push(truth.get(&key).context("a record without truth")?);
        }
    }
    let read_s = started.elapsed().as_secs_f64();
    Ok(dedupe("senzing", table, persons, read_s))
}

/// The columns of Senzing's files, mapped as an importing person would.
fn senzing_values(row: FileRow<'_>) -> Vec<String> {
    let first = |names: &[&str]| {
        let found = names.iter().map(|name| cell(row, name)).find(|value| !value.is_empty());
        found.unwrap_or_default().to_owned()
    };
    let given = [cell(row, "PRIMARY_NAME_FIRST"), cell(row, "PRIMARY_NAME_MIDDLE")].join(" ");
    let parts = ["ADDR_FULL", "ADDR_LINE1", "ADDR_CITY", "ADDR_STATE"];
    let address: Vec<&str> = parts.iter().map(|part| cell(row, part)).collect();
    vec![
        given,
        first(&["PRIMARY_NAME_LAST"]),
        first(&["PRIMARY_NAME_FULL", "NATIVE_NAME_FULL"]),
        first(&["PRIMARY_NAME_ORG"]),
        first(&["DATE_OF_BIRTH"]),
        first(&["EMAIL_ADDRESS"]),
        first(&["PHONE_NUMBER"]),
        address.join(" "),
        first(&["ADDR_POSTAL_CODE"]),
        first(&["PASSPORT_NUMBER"]),
        first(&["DRIVERS_LICENSE_NUMBER"]),
        first(&["SSN_NUMBER"]),
        first(&["NATIONAL_ID_NUMBER", "TAX_ID_NUMBER"]),
        first(&["GENDER"]),
    ]
}

fn dedupe(name: &str, table: Table, persons: Numbers, read_s: f64) -> Case {
    Case {
        name: name.to_owned(),
        table,
        persons: persons.of_records,
        sources: Vec::new(),
        unique_sources: Vec::new(),
        read_s,
    }
}

fn table_of(fields: &[(&str, Kind)], notation: DateNotation) -> Result<Table> {
    let fields = fields.iter().map(|(name, kind)| Field::new(name, *kind)).collect();
    Ok(Table::new(Schema::new(fields, notation)?))
}

/// Names of persons as numbers, in order of appearance.
#[derive(Default)]
struct Numbers {
    by_name: BTreeMap<String, u32>,
    of_records: Vec<u32>,
}

impl Numbers {
    fn push(&mut self, name: &str) {
        let next = self.by_name.len() as u32;
        let number = *self.by_name.entry(name.to_owned()).or_insert(next);
        self.of_records.push(number);
    }
}

/// A file with a heading.
struct Rows {
    names: csv::StringRecord,
    records: Vec<csv::StringRecord>,
}

/// A row of a file.
#[derive(Clone, Copy)]
struct FileRow<'a> {
    names: &'a csv::StringRecord,
    cells: &'a csv::StringRecord,
}

impl Rows {
    fn iter(&self) -> impl Iterator<Item = FileRow<'_>> {
        self.records.iter().map(|cells| FileRow { names: &self.names, cells })
    }
}

fn cell<'a>(row: FileRow<'a>, name: &str) -> &'a str {
    let at = row.names.iter().position(|own| own == name);
    at.and_then(|at| row.cells.get(at)).unwrap_or_default()
}

fn rows(path: &Path) -> Result<Rows> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let mut text = String::new();
    if path.extension().is_some_and(|ext| ext == "gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let names = reader.headers()?.clone();
    let records = reader.records().collect::<Result<Vec<_>, _>>()?;
    Ok(Rows { names, records })
}
