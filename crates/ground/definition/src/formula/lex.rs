//! Of which words, texts, numbers and signs is a formula made?

use super::error::{FormulaError, Place};

/// A part of a formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word, with dots in it where it is a path: `trait`, `page.path`.
    Word(String),
    /// A text in single quotes.
    Text(String),
    /// A name in double quotes.
    Name(String),
    /// A number.
    Number(f64),
    /// A sign: `(`, `=>`, `<=`.
    Sign(&'static str),
}

/// Longer signs before those with which they begin.
const SIGNS: [&str; 14] =
    ["=>", "<=", ">=", "<>", "!=", "=", "<", ">", "(", ")", "[", "]", ",", "-"];

impl Token {
    /// As it is shown in a message.
    pub(super) fn shown(&self) -> String {
        let cut = |text: &str| text.chars().take(40).collect::<String>();
        match self {
            Self::Word(word) => format!("'{}'", cut(word)),
            Self::Text(text) => format!("the text '{}'", cut(text)),
            Self::Name(name) => format!("the name \"{}\"", cut(name)),
            Self::Number(number) => format!("the number {number}"),
            Self::Sign(sign) => format!("'{sign}'"),
        }
    }
}

/// The tokens, each with the index of its first character.
pub(super) fn tokens(chars: &[char]) -> Result<Vec<(Token, usize)>, FormulaError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let begin = at;
        let letter = chars[at];
        if letter.is_whitespace() {
            at += 1;
            continue;
        }
        let token = match letter {
            '\'' | '"' => quoted(chars, &mut at, letter)?,
            '0'..='9' => number(chars, &mut at)?,
            _ if is_in_word(letter) => word(chars, &mut at),
            _ => sign(chars, &mut at)?,
        };
        tokens.push((token, begin));
    }
    Ok(tokens)
}

fn is_in_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn word(chars: &[char], at: &mut usize) -> Token {
    let begin = *at;
    let goes_on = |at: usize| {
        chars.get(at).is_some_and(|letter| {
            is_in_word(*letter)
                || (*letter == '.' && chars.get(at + 1).is_some_and(|next| is_in_word(*next)))
        })
    };
    while goes_on(*at) {
        *at += 1;
    }
    Token::Word(chars[begin..*at].iter().collect())
}

/// A text whose quotes are doubled inside.
fn quoted(chars: &[char], at: &mut usize, quote: char) -> Result<Token, FormulaError> {
    let begin = *at;
    let mut text = String::new();
    *at += 1;
    loop {
        match (chars.get(*at), chars.get(*at + 1)) {
            (Some(letter), Some(next)) if *letter == quote && *next == quote => {
                text.push(quote);
                *at += 2;
            }
            (Some(letter), _) if *letter == quote => {
                *at += 1;
                break;
            }
            (Some(letter), _) => {
                text.push(*letter);
                *at += 1;
            }
            (None, _) => {
                let expected = format!("{quote} after the text that begins at {}", begin + 1);
                return Err(wrong(chars, chars.len(), &expected));
            }
        }
    }
    Ok(if quote == '"' { Token::Name(text) } else { Token::Text(text) })
}

fn number(chars: &[char], at: &mut usize) -> Result<Token, FormulaError> {
    let begin = *at;
    let digits = |at: &mut usize| {
        while chars.get(*at).is_some_and(char::is_ascii_digit) {
            *at += 1;
        }
    };
    digits(at);
    if chars.get(*at) == Some(&'.') && chars.get(*at + 1).is_some_and(char::is_ascii_digit) {
        *at += 1;
        digits(at);
    }
    if matches!(chars.get(*at), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(*at + 1), Some('+' | '-')));
        if chars.get(*at + 1 + sign).is_some_and(char::is_ascii_digit) {
            *at += 1 + sign;
            digits(at);
        }
    }
    let text: String = chars[begin..*at].iter().collect();
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.map(Token::Number).ok_or_else(|| wrong(chars, begin, "a finite number"))
}

fn sign(chars: &[char], at: &mut usize) -> Result<Token, FormulaError> {
    let stands = |sign: &&&str| sign.chars().zip(&chars[*at..]).all(|(a, b)| a == *b);
    let fits = |sign: &&&str| sign.len() <= chars.len() - *at;
    let Some(sign) = SIGNS.iter().filter(fits).find(stands) else {
        return Err(wrong(chars, *at, "a name, a text in single quotes, a number or a sign"));
    };
    *at += sign.len();
    Ok(Token::Sign(sign))
}

fn wrong(chars: &[char], at: usize, expected: &str) -> FormulaError {
    FormulaError {
        place: Place::of(chars, at),
        found: chars.get(at).map(|letter| format!("'{letter}'")).unwrap_or_default(),
        expected: vec![expected.to_owned()],
        suggest: Vec::new(),
    }
}
