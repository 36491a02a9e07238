//! Can any file be looked at, and does what is proposed for it hold?
#![no_main]

mod place;
mod telling;

use libfuzzer_sys::fuzz_target;
use sync::inspect::PREVIEW_EVENTS;
use sync::{Mapping, inspect};

fuzz_target!(|data: &[u8]| {
    let Some((letter, file)) = data.split_first() else { return };
    let path = place::lay(file);
    let Ok(inspection) = inspect(path) else { return };
    assert!(inspection.n_rows_bad <= inspection.n_rows_seen);
    assert!(inspection.preview.events.len() <= PREVIEW_EVENTS);
    for column in &inspection.columns {
        assert!(column.n_empty <= column.n_seen && column.n_repeated <= column.n_seen);
    }
    let mapping = &inspection.proposal.mapping;
    if mapping.check().is_err() {
        return;
    }
    let text = mapping.to_toml().expect("what is proposed can be saved");
    assert_eq!(&Mapping::from_toml(&text).expect("what was saved can be read"), mapping);
    telling::check(path, mapping, u64::from(*letter));
});
