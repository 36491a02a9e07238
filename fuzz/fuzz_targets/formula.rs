//! Is any text a definition or a clear refusal, and is what is printed read as the same?
#![no_main]

use definition::{Calendar, Unknown, form, formula, words};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let calendar = Calendar::utc();
    let parsed = match formula::parse(text, &calendar, &Unknown) {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(!error.expected.is_empty() && error.place.at >= 1);
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let definition = parsed.definition;
    let printed = formula::print(&definition, &Unknown);
    // Printed, numbers may be longer than they were written.
    if printed.chars().count() <= formula::CHARS_MAX {
        let again = formula::parse(&printed, &calendar, &Unknown).expect("what is printed is read");
        assert_eq!(again.definition, definition, "{printed}");
    }
    let _ = definition::check(&definition, &Unknown);
    assert!(!words::definition(&definition, &Unknown).is_empty());
    let json = form::write(&definition, &Unknown);
    if let Ok(read) = form::read(&json, &Unknown) {
        assert_eq!(read, definition, "{json}");
    }
});
