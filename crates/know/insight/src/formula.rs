//! What does `A / B * 100` come to?

use crate::error::{BadDefinition, Problem};
use stats::NotEstimable;

/// A formula over series, which are called A, B, C…: numbers, `+ - * /` and brackets.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    root: Node,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Number(f64),
    Series(usize),
    Negative(Box<Node>),
    Two(Sign, Box<Node>, Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Plus,
    Minus,
    Times,
    Over,
}

/// Characters of a formula at most, which also bounds how deep its brackets go.
const CHARS_MAX: usize = 200;

/// The letter of a series.
#[must_use]
pub fn letter(series: usize) -> char {
    char::from(b'A' + u8::try_from(series).expect("series are few"))
}

impl Formula {
    /// Reads a formula over `n_series` series. The usual rules: `*` and `/` before `+` and `-`, from
    /// left to right.
    ///
    /// # Errors
    /// Names the character at which something else was expected; the field is `formula`.
    pub fn parse(text: &str, n_series: usize) -> Result<Self, BadDefinition> {
        let chars: Vec<char> = text.chars().collect();
        if chars.len() > CHARS_MAX {
            let problem = Problem::TooMany { n: chars.len() as u64, max: CHARS_MAX as u64 };
            return Err(BadDefinition::new("formula", problem));
        }
        let mut parser = Parser { chars, at: 0, n_series };
        let root = parser.sum()?;
        match parser.peek() {
            None => Ok(Self { root }),
            Some(_) => Err(parser.expected("+, -, *, / or the end")),
        }
    }

    /// Its value, of the values of the series.
    ///
    /// # Errors
    /// If a series has none, something is divided by 0, or the result is beyond the largest number.
    pub fn value(
        &self,
        series: &dyn Fn(usize) -> Result<f64, NotEstimable>,
    ) -> Result<f64, NotEstimable> {
        let value = self.root.value(series)?;
        if value.is_finite() { Ok(value) } else { Err(NotEstimable::TooLarge) }
    }

    /// Written in SQL, `series` being how each series is written; division by 0 is null.
    pub(crate) fn sql(&self, series: &dyn Fn(usize) -> String) -> String {
        self.root.sql(series)
    }
}

impl Node {
    fn value(
        &self,
        series: &dyn Fn(usize) -> Result<f64, NotEstimable>,
    ) -> Result<f64, NotEstimable> {
        Ok(match self {
            Self::Number(number) => *number,
            Self::Series(k) => series(*k)?,
            Self::Negative(of) => -of.value(series)?,
            Self::Two(sign, left, right) => {
                let (left, right) = (left.value(series)?, right.value(series)?);
                match sign {
                    Sign::Plus => left + right,
                    Sign::Minus => left - right,
                    Sign::Times => left * right,
                    Sign::Over if right == 0.0 => return Err(NotEstimable::ZeroBaseline),
                    Sign::Over => left / right,
                }
            }
        })
    }

    fn sql(&self, series: &dyn Fn(usize) -> String) -> String {
        match self {
            Self::Number(number) => format!("{number:?}"),
            Self::Series(k) => series(*k),
            Self::Negative(of) => format!("(- {})", of.sql(series)),
            Self::Two(sign, left, right) => {
                let (left, right) = (left.sql(series), right.sql(series));
                match sign {
                    Sign::Plus => format!("({left} + {right})"),
                    Sign::Minus => format!("({left} - {right})"),
                    Sign::Times => format!("({left} * {right})"),
                    Sign::Over => format!("({left} / nullif({right}, 0))"),
                }
            }
        }
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    n_series: usize,
}

impl Parser {
    fn sum(&mut self) -> Result<Node, BadDefinition> {
        let mut left = self.product()?;
        while let Some(sign) = self.sign(&[('+', Sign::Plus), ('-', Sign::Minus)]) {
            left = Node::Two(sign, Box::new(left), Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, BadDefinition> {
        let mut left = self.factor()?;
        while let Some(sign) = self.sign(&[('*', Sign::Times), ('/', Sign::Over)]) {
            left = Node::Two(sign, Box::new(left), Box::new(self.factor()?));
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Node, BadDefinition> {
        match self.peek() {
            Some('-') => {
                self.at += 1;
                Ok(Node::Negative(Box::new(self.factor()?)))
            }
            Some('(') => {
                self.at += 1;
                let inner = self.sum()?;
                match self.peek() {
                    Some(')') => self.at += 1,
                    _ => return Err(self.expected("+, -, *, / or )")),
                }
                Ok(inner)
            }
            Some(first) if first.is_ascii_digit() || first == '.' => self.number(),
            Some(first) => match self.series(first) {
                Some(k) => {
                    self.at += 1;
                    Ok(Node::Series(k))
                }
                None => Err(self.expected(&self.operand())),
            },
            None => Err(self.expected(&self.operand())),
        }
    }

    fn number(&mut self) -> Result<Node, BadDefinition> {
        let digits = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit() || **c == '.');
        let digits: String = digits.collect();
        let number = digits.parse().map_err(|_| self.expected("a number such as 100 or 0.5"))?;
        self.at += digits.len();
        Ok(Node::Number(number))
    }

    fn series(&self, letter: char) -> Option<usize> {
        let place = u32::from(letter.to_ascii_uppercase()).checked_sub(u32::from('A'))? as usize;
        (place < self.n_series).then_some(place)
    }

    fn operand(&self) -> String {
        match self.n_series {
            1 => "A, a number or (".into(),
            n => format!("a series (A to {}), a number or (", letter(n - 1)),
        }
    }

    fn sign(&mut self, signs: &[(char, Sign)]) -> Option<Sign> {
        let next = self.peek()?;
        let (_, sign) = signs.iter().find(|(written, _)| *written == next)?;
        self.at += 1;
        Some(*sign)
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.chars.get(self.at).copied()
    }

    fn expected(&self, expected: &str) -> BadDefinition {
        let problem = Problem::Formula { at: self.at + 1, expected: expected.into() };
        BadDefinition::new("formula", problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Result<f64, NotEstimable> {
        let formula = Formula::parse(text, 3).expect("a formula");
        formula.value(&|k| match k {
            0 => Ok(30.0),
            1 => Ok(60.0),
            _ => Err(NotEstimable::TooFewUnits { n: 0, needed: 1 }),
        })
    }

    #[test]
    fn the_usual_rules_hold() {
        assert_eq!(value("A / B * 100"), Ok(50.0));
        assert_eq!(value(" 2+3*4 - -1"), Ok(15.0));
        assert_eq!(value("(2 + 3) * 4 / 2 / 5"), Ok(2.0));
        assert_eq!(value("-(a - b) * .5"), Ok(15.0));
        assert_eq!(value("A / (B - 60)"), Err(NotEstimable::ZeroBaseline));
        assert_eq!(value("A + C"), Err(NotEstimable::TooFewUnits { n: 0, needed: 1 }));
    }

    #[test]
    fn errors_point_at_the_place() {
        let check = |text: &str, message: &str| {
            assert_eq!(Formula::parse(text, 2).unwrap_err().to_string(), message, "{text}");
        };
        check("", "formula: character 1: expected a series (A to B), a number or (");
        check("A / ", "formula: character 5: expected a series (A to B), a number or (");
        check("A / C", "formula: character 5: expected a series (A to B), a number or (");
        check("A B", "formula: character 3: expected +, -, *, / or the end");
        check("(A + B", "formula: character 7: expected +, -, *, / or )");
        check("A * 1.2.3", "formula: character 5: expected a number such as 100 or 0.5");
        check("A ÷ B", "formula: character 3: expected +, -, *, / or the end");
        check(&"(".repeat(201), "formula: 201 are too many, at most 200 are possible");
        assert!(Formula::parse(&"(".repeat(200), 2).is_err());
    }

    #[test]
    fn written_in_sql() {
        let formula = Formula::parse("A / B * 100", 2).expect("a formula");
        let sql = formula.sql(&|k| format!("{}.value", letter(k).to_ascii_lowercase()));
        assert_eq!(sql, "((a.value / nullif(b.value, 0)) * 100.0)");
    }
}
