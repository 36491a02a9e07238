//! Which number in this JSON is too large for anybody to compute with?

use std::ops::Range;

/// Where the walk stands: in an object under a key, or in an array at an index.
enum Step {
    Field { key: Option<Range<usize>>, awaits_key: bool },
    Item(usize),
}

/// The path (`properties.products[2].price`) of the first number that no 64-bit float holds, such
/// as `1e999`. Such a number is well-formed JSON, yet most parsers refuse the whole text because of
/// it. Text that is not well-formed is walked as far as it makes sense.
#[must_use]
pub fn immense_number(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let (mut path, mut at): (Vec<Step>, usize) = (Vec::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        let begun = at;
        at += 1;
        match (byte, path.last_mut()) {
            (b'{', _) => path.push(Step::Field { key: None, awaits_key: true }),
            (b'[', _) => path.push(Step::Item(0)),
            (b'}' | b']', _) => drop(path.pop()),
            (b',', Some(Step::Field { awaits_key, .. })) => *awaits_key = true,
            (b',', Some(Step::Item(index))) => *index += 1,
            (b'"', inside) => {
                at = string_end(bytes, at);
                if let Some(Step::Field { key, awaits_key }) = inside
                    && std::mem::take(awaits_key)
                {
                    *key = Some(begun..at);
                }
            }
            (b'-' | b'0'..=b'9', _) => {
                at = number_end(bytes, at);
                if !is_bearable(&text[begun..at]) {
                    return Some(words(&path, text));
                }
            }
            _ => {}
        }
    }
    None
}

/// Where the string that begins before `at` is over.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    bytes.len()
}

fn number_end(bytes: &[u8], at: usize) -> usize {
    let is_part = |b: &&u8| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    at + bytes[at..].iter().take_while(is_part).count()
}

/// The parser that everybody here reads with decides; what it takes for no number at all is not
/// for us to complain of.
fn is_bearable(number: &str) -> bool {
    match serde_json::from_str::<serde_json::Number>(number) {
        Ok(read) => read.as_f64().is_some_and(f64::is_finite),
        Err(_) => number.parse::<f64>().is_ok_and(f64::is_finite),
    }
}

fn words(path: &[Step], text: &str) -> String {
    let mut words = String::new();
    for step in path {
        match step {
            Step::Item(index) => words.push_str(&format!("[{index}]")),
            Step::Field { key, .. } => {
                let quoted = key.clone().map_or("\"\"", |key| &text[key]);
                let name: String = serde_json::from_str(quoted).unwrap_or_default();
                if !words.is_empty() {
                    words.push('.');
                }
                words.push_str(&name);
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_named() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(immense_number(text).as_deref(), expected, "{text}");
        };
        check(r#"{"a":1e999}"#, Some("a"));
        check(r#"{"a":{"b":1},"c":[1,{"d":-1E400}]}"#, Some("c[1].d"));
        check(r#"{"a":"1e999","1e999":"\"1e999","b":1e308,"c":-1.5e-999}"#, None);
        check(r#"[[0],[true,null,1e309]]"#, Some("[1][2]"));
        check("1e999", Some(""));
        check(&format!("{{\"n\":{}}}", "9".repeat(309)), Some("n"));
        check(&format!("{{\"n\":{}}}", "9".repeat(308)), None);
        check(r#"{"a\u0041\"":1e999}"#, Some("aA\""));
        for broken in ["{\"a", "{\"a\\", "]]1", "{,\"a\":1", "-", "1e", "--5", "{1:2"] {
            let _ = immense_number(broken);
        }
    }
}
