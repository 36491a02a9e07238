//! How do people mistype what they are told?

use crate::seed::Stream;

/// Keys that lie beside one another, for slips of the finger.
const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// A text with one slip: two letters swapped, one left out, one doubled, a neighbouring
/// key, or an accent lost. Texts of fewer than three characters stay as they are.
pub(crate) fn mistype(stream: &mut Stream, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let place = stream.unit();
    let slip = stream.weighted(&[3.0, 3.0, 2.0, 3.0]);
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = 1 + (place * (letters.len() - 2) as f64) as usize;
    match slip {
        0 => letters.swap(at, at - 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = neighbour(letters[at]),
    }
    letters.into_iter().collect()
}

/// An e-mail address with a slip before the @; the domain stays a reserved one.
pub(crate) fn mistype_email(stream: &mut Stream, email: &str) -> String {
    let (local, domain) = email.split_once('@').expect("made addresses have an @");
    format!("{}@{domain}", mistype(stream, local))
}

/// A phone number as typed at a till: spaces, a leading 0, or a digit wrong.
pub(crate) fn retype_phone(stream: &mut Stream, phone: &str) -> String {
    let (prefix, rest) = phone.split_at(3.min(phone.len()));
    match stream.weighted(&[4.0, 3.0, 2.0, 1.0]) {
        0 => phone.to_owned(),
        1 => format!("{prefix} {}", spaced(rest)),
        2 => format!("00{}", &phone[1..]),
        _ => mistype(stream, phone),
    }
}

fn spaced(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && i % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

fn neighbour(letter: char) -> char {
    let lower = letter.to_ascii_lowercase();
    for row in ROWS {
        if let Some(at) = row.find(lower) {
            let other = if at == 0 { 1 } else { at - 1 };
            return char::from(row.as_bytes()[other]);
        }
    }
    match lower {
        'ä' => 'a',
        'ö' => 'o',
        'ü' => 'u',
        'é' | 'è' => 'e',
        'ł' => 'l',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn slips_are_small_and_keep_the_domain() {
        let mut stream = Seed::root(5).stream();
        for _ in 0..500 {
            let typed = mistype_email(&mut stream, "anna.mueller4821@example.org");
            assert!(typed.ends_with("@example.org"), "{typed}");
            assert!((typed.len() as i64 - 28).abs() <= 1, "{typed}");
        }
        assert_eq!(mistype(&mut stream, "Lê"), "Lê");
    }
}
