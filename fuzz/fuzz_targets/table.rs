//! Is any text file, packed or not, rows or a clear refusal, and the same rows twice?
#![no_main]

mod place;

use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;
use sync::read::{COLUMNS_MAX, Encoding, Outcome};
use sync::{FileForm, FileFormat, Row, Table};

/// Rows that are read: a few bytes can be unpacked to millions.
const ROWS_MAX: u64 = 20_000;

fn form_of(letter: u8) -> FileForm {
    let csv = |delimiter: char| FileForm {
        format: Some(FileFormat::Csv),
        delimiter: Some(delimiter),
        ..FileForm::default()
    };
    let encoded = |encoding| FileForm { encoding: Some(encoding), ..FileForm::default() };
    match letter % 10 {
        1 => csv(';'),
        2 => FileForm { heading: Some(false), ..csv('\t') },
        3 => FileForm { heading: Some(true), encoding: Some(Encoding::Latin1), ..csv('|') },
        4 => csv('€'),
        5 => FileForm { format: Some(FileFormat::Jsonl), ..FileForm::default() },
        6 => encoded(Encoding::Utf16Le),
        7 => encoded(Encoding::Utf16Be),
        8 => encoded(Encoding::Latin1),
        9 => encoded(Encoding::Utf8),
        _ => FileForm::default(),
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((letter, file)) = data.split_first() else { return };
    let path = place::lay(file);
    let Ok(mut table) = Table::open(path, &form_of(*letter)) else { return };
    let mut again = Table::open(path, table.form()).expect("a form that was found out fits");
    assert_eq!(table.form(), again.form());
    let (mut row, mut row_again) = (Row::default(), Row::default());
    while table.n_read() < ROWS_MAX {
        let Ok(outcome) = table.read(&mut row) else { break };
        assert_eq!(again.read(&mut row_again).ok().as_ref(), Some(&outcome));
        assert_eq!(row, row_again);
        match outcome {
            Outcome::End => break,
            Outcome::Bad { reason } => assert!(!reason.is_empty()),
            Outcome::Row => {
                let surplus = table.columns().len()..row.len();
                assert!(surplus.into_iter().all(|index| row.cell(index).is_missing()));
            }
        }
    }
    assert!(table.bytes_done() <= table.bytes_total());
    let names: HashSet<&String> = table.columns().iter().collect();
    assert!(names.len() == table.columns().len() && names.len() <= COLUMNS_MAX);
});
