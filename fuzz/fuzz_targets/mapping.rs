//! Is any text a mapping or a complaint, and does any mapping hold over a file?
#![no_main]

mod place;
mod telling;

use libfuzzer_sys::fuzz_target;
use sync::Mapping;

/// What parts the mapping from the file, which may be left out.
const BORDER: &str = "\n=====\n";

/// A file for mappings that bring none.
const ORDERS: &str = "\
id,at,customer,email,sku,n,price,country\n\
1,2026-01-02 10:00,C1,ann@example.com,A,2,3.50,GB\n\
1,2026-01-02 10:00,C1,ann@example.com,B,1,4,GB\n\
2,2026-01-03 11:30,,bob@example.com,A,-1,3.50,DE\n\
3,yesterday,C2,,A,1,,FR\n\
3,2026-01-04,C2\n";

fuzz_target!(|data: &[u8]| {
    let Some((letter, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let (mapping, file) = text.split_once(BORDER).unwrap_or((text, ORDERS));
    let Ok(mapping) = Mapping::from_toml(mapping) else { return };
    if let Ok(saved) = mapping.to_toml() {
        assert_eq!(Mapping::from_toml(&saved).expect("what was saved can be read"), mapping);
    }
    telling::check(place::lay(file.as_bytes()), &mapping, u64::from(letter % 16));
});
