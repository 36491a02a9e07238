//! Is any Parquet file, damaged or not, rows or a clear refusal?
#![no_main]

mod place;

use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;
use sync::read::{COLUMNS_MAX, Outcome};
use sync::{FileForm, FileFormat, Row, Table};

/// Rows that are read: a few bytes can stand for millions of equal ones.
const ROWS_MAX: u64 = 20_000;

fuzz_target!(|data: &[u8]| {
    let form = FileForm { format: Some(FileFormat::Parquet), ..FileForm::default() };
    let Ok(mut table) = Table::open(place::lay(data), &form) else { return };
    let names: HashSet<&String> = table.columns().iter().collect();
    assert!(names.len() == table.columns().len() && names.len() <= COLUMNS_MAX);
    let mut row = Row::default();
    while table.n_read() < ROWS_MAX {
        match table.read(&mut row) {
            Err(_) | Ok(Outcome::End) => break,
            Ok(Outcome::Bad { reason }) => assert!(!reason.is_empty()),
            Ok(Outcome::Row) => assert_eq!(row.len(), table.columns().len()),
        }
    }
    assert!(table.bytes_done() <= table.bytes_total());
});
