//! What is left of a written text once case, accents, scripts and punctuation are gone?

/// Bytes of a normalised value that are kept; what is longer differs in nothing that matters.
pub(crate) const VALUE_BYTES_MAX: usize = 120;

/// Appends `text` to `out` in lower-case Latin letters and digits, words apart by one space.
///
/// Other scripts are transliterated (Cyrillic, Greek, Arabic … by `any_ascii`), apostrophes
/// vanish (`O'Brien` is `obrien`), and every other sign separates words.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    let start = out.len();
    let mut gap = false;
    for letter in text.chars() {
        if letter.is_ascii() {
            push_ascii(letter as u8, start, &mut gap, out);
        } else {
            push_foreign(letter, start, &mut gap, out);
        }
        if out.len() - start >= VALUE_BYTES_MAX {
            break;
        }
    }
    out.truncate(start + VALUE_BYTES_MAX.min(out.len() - start));
}

/// [`fold_into`] an own string.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

fn push_foreign(letter: char, start: usize, gap: &mut bool, out: &mut String) {
    // Typographic apostrophes and accents that stand alone vanish like the plain apostrophe.
    if matches!(letter, '’' | '‘' | 'ʼ' | '´') || ('\u{300}'..='\u{36f}').contains(&letter) {
        return;
    }
    for byte in any_ascii::any_ascii_char(letter).bytes() {
        push_ascii(byte, start, gap, out);
    }
}

fn push_ascii(byte: u8, start: usize, gap: &mut bool, out: &mut String) {
    match byte {
        b'a'..=b'z' | b'0'..=b'9' => push_letter(byte, start, gap, out),
        b'A'..=b'Z' => push_letter(byte.to_ascii_lowercase(), start, gap, out),
        b'\'' | b'`' => {}
        _ => *gap = true,
    }
}

fn push_letter(byte: u8, start: usize, gap: &mut bool, out: &mut String) {
    if *gap && out.len() > start {
        out.push(' ');
    }
    *gap = false;
    out.push(char::from(byte));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_does_not_matter() {
        for (written, folded) in [
            ("  Anna-Lena  MÜLLER ", "anna lena muller"),
            ("O’Brien", "obrien"),
            ("D'Arcy", "darcy"),
            ("Łukasz", "lukasz"),
            ("ВАСИЛЬЕВ", "vasilev"),
            ("Jose\u{301}", "jose"),
            ("…", ""),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
        assert!(fold(&"long ".repeat(100)).len() <= VALUE_BYTES_MAX);
    }
}
