//! Are the files that once broke a reader refused in words?
//!
//! Each file in `tests/damaged` was found by fuzzing and is named for what is wrong with it.

use rapport_sync::read::Outcome;
use rapport_sync::{FileForm, Row, SyncError, Table};
use std::path::Path;

/// Reads to the end, or to what is wrong.
fn read(path: &Path) -> Result<(), SyncError> {
    let mut table = Table::open(path, &FileForm::default())?;
    let mut row = Row::default();
    while table.read(&mut row)? != Outcome::End {}
    Ok(())
}

#[test]
fn damaged_files_are_refused_in_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/damaged");
    let files: Vec<_> = folder.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        let error = read(&file).expect_err(&file.display().to_string());
        assert_eq!(error.kind(), base::ErrorKind::Invalid, "{}: {error}", file.display());
        assert!(rapport_sync::inspect(&file).is_err(), "{}", file.display());
    }
}
