//! Does any wrapping come off within its bound?
#![no_main]

use collect::inflate::{Wrapping, inflate};
use libfuzzer_sys::fuzz_target;

const BYTES_MAX: usize = 64 << 10;

fuzz_target!(|data: &[u8]| {
    let Some((letter, body)) = data.split_first() else { return };
    let (content_encoding, compression) = match letter % 8 {
        0 => (None, None),
        1 => (Some("gzip"), None),
        2 => (Some("deflate"), None),
        3 => (Some("br"), None),
        4 => (Some("zstd"), None),
        5 => (None, Some("base64")),
        6 => (Some("gzip, br"), Some("gzip-js")),
        _ => (Some("deflate, deflate, deflate, deflate, deflate"), None),
    };
    let wrapping =
        Wrapping { content_encoding, compression, bytes_max: BYTES_MAX, too_large_status: 413 };
    if let Ok(body) = inflate(body, &wrapping) {
        assert!(body.len() <= BYTES_MAX);
    }
});
