//! How is a field read whose sender did not keep to its name, its type or its spelling?

use serde_json::{Map, Value};

/// The first of these fields that is a text or a number, without blanks around it.
pub(crate) fn text(map: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| plain(map.get(*name)?))
}

/// A text or a number as text; nothing where it is empty or something else.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The text in lower-case Latin letters and digits, words apart by one blank: case, accents,
/// scripts and punctuation do not count.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for letter in any_ascii::any_ascii(text).chars() {
        if letter.is_ascii_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(letter.to_ascii_lowercase());
        } else if !matches!(letter, '\'' | '`') {
            gap = true;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_does_not_matter() {
        for (written, plain) in [
            ("  Anna-Lena  MÜLLER ", "anna lena muller"),
            ("O'Brien", "obrien"),
            ("Straße 5", "strasse 5"),
            ("ВАСИЛЬЕВ", "vasilev"),
            ("…", ""),
        ] {
            assert_eq!(folded(written), plain, "{written}");
        }
    }
}
