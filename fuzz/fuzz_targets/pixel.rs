//! Is any query of a pixel one event or a clear refusal?
#![no_main]

use base::Limits;
use collect::{Request, read, route};
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 4] = ["/pixel/v1/track", "/pixel/v1/page", "/v1/pixel/track", "/v1/pixel/i"];

fuzz_target!(|data: &[u8]| {
    let Some((letter, query)) = data.split_first() else { return };
    let Ok(query) = std::str::from_utf8(query) else { return };
    let endpoint =
        route("GET", PATHS[usize::from(*letter) % 4]).expect("every path above is known");
    let request = Request { query: Some(query), ..Request::default() };
    if let Ok(parcel) = read(&endpoint, &request, &Limits::default()) {
        assert_eq!(parcel.items.len(), 1);
        let event = serde_json::from_str::<&serde_json::value::RawValue>(&parcel.items[0].json);
        assert!(event.is_ok_and(|event| event.get().starts_with('{')));
    }
});
