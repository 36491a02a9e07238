//! What do bodies look like that nobody should send?

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Read, Write};

/// Bytes of zeros in one member of the bomb, and how many members it has: 1 GiB in all.
const MEMBER_BYTES: u64 = 16 << 20;
const MEMBERS: usize = 64;

/// A gigabyte of zeros in a few megabytes. Gzip files put behind one another are a gzip file, so
/// that a sixty-fourth of it is made.
pub fn gzip_bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::copy(&mut std::io::repeat(0).take(MEMBER_BYTES), &mut encoder).unwrap();
    encoder.finish().unwrap().repeat(MEMBERS)
}

/// A compressed text.
pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// An event with one string, of so many bytes in all.
pub fn filled_to(n_bytes: usize) -> Vec<u8> {
    let (start, end) = (r#"{"event":"x","userId":"u","properties":{"s":""#, r#""}}"#);
    format!("{start}{}{end}", "x".repeat(n_bytes - start.len() - end.len())).into_bytes()
}

/// Arrays in arrays, a million deep, as they stand, and as a property of an event.
pub fn deep() -> Vec<u8> {
    const DEPTH: usize = 1_000_000;
    format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH)).into_bytes()
}

/// An event with such a property; `head` is how it begins.
pub fn deep_in(head: &str) -> Vec<u8> {
    let deep = String::from_utf8(deep()).unwrap();
    format!(r#"{head},"properties":{{"p":{deep}}}}}"#).into_bytes()
}

/// `n` short properties.
pub fn properties(n: usize) -> String {
    let properties: Vec<String> = (0..n).map(|n| format!(r#""p{n}":{n}"#)).collect();
    format!("{{{}}}", properties.join(","))
}

/// A batch of `n` events of `head`.
pub fn batch(n: usize, event: &str) -> String {
    format!(r#"{{"batch":[{}]}}"#, vec![event; n].join(","))
}
