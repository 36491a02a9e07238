//! How much is it exactly, when binary fractions would be off by a hair?

use std::fmt;

/// Digits that a number may have; 10²⁸ leaves room in `i128` for a product's carry.
const DIGITS_MAX: usize = 28;

/// A decimal number: `units` × 10⁻`scale`. Sums and products are exact or refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decimal {
    units: i128,
    scale: u32,
}

/// Which sign parts the whole from the fraction; the other may group thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

impl Mark {
    fn signs(self) -> (u8, u8) {
        match self {
            Self::Point => (b'.', b','),
            Self::Comma => (b',', b'.'),
        }
    }
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { units: 0, scale: 0 };

    /// Reads a number as people and programs write it: a sign, groups of three digits, a
    /// currency sign on either side, an exponent. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str, mark: Mark) -> Option<Self> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || "£$€¥".contains(c));
        let (negative, text) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let text = text.trim_start_matches(|c: char| "£$€¥ ".contains(c));
        let (body, exponent) = match text.split_once(['e', 'E']) {
            Some((body, exponent)) => (body, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (units, n_behind) = digits(body, mark)?;
        let value = Self { units: if negative { -units } else { units }, scale: 0 };
        value.shifted(exponent.checked_sub(n_behind)?)
    }

    /// The value times 10^`power`.
    fn shifted(self, power: i32) -> Option<Self> {
        if power.unsigned_abs() as usize > DIGITS_MAX {
            return (self.units == 0).then_some(Self::ZERO);
        }
        let shifted = if power >= 0 {
            let units = self.units.checked_mul(10i128.pow(power.unsigned_abs()))?;
            Self { units, scale: self.scale }
        } else {
            Self { units: self.units, scale: self.scale + power.unsigned_abs() }
        };
        Some(shifted.reduced())
    }

    /// The same value with the fewest digits.
    fn reduced(mut self) -> Self {
        while self.scale > 0 && self.units % 10 == 0 {
            self.units /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The sum; `None` where it has too many digits.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let at_scale = |d: Self| d.units.checked_mul(10i128.checked_pow(scale - d.scale)?);
        let units = at_scale(self)?.checked_add(at_scale(other)?)?;
        Some(Self { units, scale }.reduced())
    }

    /// The product; `None` where it has too many digits.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        let units = self.units.checked_mul(other.units)?;
        Some(Self { units, scale: self.scale + other.scale }.reduced())
    }

    /// The value with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { units: -self.units, scale: self.scale }
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn signum(self) -> i32 {
        self.units.signum() as i32
    }

    /// Whether nothing is behind the point.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.reduced().scale == 0
    }

    /// The value in hundredths, half away from zero; `None` beyond 64 bits.
    #[must_use]
    pub fn hundredths(self) -> Option<i64> {
        let scaled = self.units.checked_mul(100)?;
        let unit = 10i128.checked_pow(self.scale)?;
        let rounded = (scaled.abs() + unit / 2) / unit * scaled.signum();
        i64::try_from(rounded).ok()
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.reduced(), other.reduced());
        (a.units, a.scale) == (b.units, b.scale)
    }
}

impl Eq for Decimal {}

impl fmt::Display for Decimal {
    /// As JSON writes a number: no zeros at the end, no exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let this = self.reduced();
        if this.scale == 0 {
            return write!(f, "{}", this.units);
        }
        let unit = 10u128.checked_pow(this.scale).unwrap_or(u128::MAX);
        let sign = if this.units < 0 { "-" } else { "" };
        let (whole, rest) = (this.units.unsigned_abs() / unit, this.units.unsigned_abs() % unit);
        write!(f, "{sign}{whole}.{rest:0width$}", width = this.scale as usize)
    }
}

/// The digits of `body` as one number, and how many of them stand behind the mark.
fn digits(body: &str, mark: Mark) -> Option<(i128, i32)> {
    let (point, group) = mark.signs();
    let mut units = 0i128;
    let (mut n_digits, mut n_behind, mut since_group) = (0usize, None::<i32>, None::<usize>);
    for byte in body.bytes() {
        match byte {
            b'0'..=b'9' => {
                units = units * 10 + i128::from(byte - b'0');
                n_digits += usize::from(units != 0);
                n_behind = n_behind.map(|n| n + 1);
                since_group = since_group.map(|n| n + 1);
                if n_digits > DIGITS_MAX || n_behind.is_some_and(|n| n > DIGITS_MAX as i32) {
                    return None;
                }
            }
            _ if byte == point && n_behind.is_none() => {
                if since_group.take().is_some_and(|n| n != 3) {
                    return None;
                }
                n_behind = Some(0);
            }
            _ if (byte == group || byte == b' ' || byte == b'\'') && n_behind.is_none() => {
                if since_group.is_some_and(|n| n != 3) || n_digits > 3 && since_group.is_none() {
                    return None;
                }
                since_group = Some(0);
            }
            _ => return None,
        }
    }
    let any_digit = body.bytes().any(|b| b.is_ascii_digit());
    let groups_end = since_group.is_none_or(|n| n == 3);
    (any_digit && groups_end).then_some((units, n_behind.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(text: &str) -> Option<String> {
        Decimal::parse(text, Mark::Point).map(|d| d.to_string())
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(point(text).as_deref(), expected, "{text:?}");
        };
        check("17850.0", Some("17850"));
        check("-4.65", Some("-4.65"));
        check(" £1,234.50 ", Some("1234.5"));
        check("-$0.5", Some("-0.5"));
        check("1.2E+3", Some("1200"));
        check("1e-3", Some("0.001"));
        check("12 345", Some("12345"));
        check("+7", Some("7"));
        for nonsense in
            ["", "-", ".", "1,23", "1.2.3", "12a", "1,2345", "12345,678", "e5", "1e99", "0x10"]
        {
            check(nonsense, None);
        }
        check(&"9".repeat(29), None);
        assert_eq!(Decimal::parse("1.234,50 €", Mark::Comma).unwrap().to_string(), "1234.5");
        assert_eq!(Decimal::parse("1,5", Mark::Comma).unwrap().to_string(), "1.5");
    }

    #[test]
    fn hundredths_round_half_away_from_zero() {
        let check = |text, n| {
            assert_eq!(Decimal::parse(text, Mark::Point).unwrap().hundredths(), Some(n), "{text}");
        };
        check("12.345", 1235);
        check("-12.345", -1235);
        check("0.001", 0);
        check("11062.06", 1_106_206);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            let _ = Decimal::parse(&text, Mark::Point);
            let _ = Decimal::parse(&text, Mark::Comma);
        }

        #[test]
        fn sums_and_products_are_exact(a in -1_000_000i64..1_000_000, b in -1_000_000i64..1_000_000) {
            let cents = |n: i64| Decimal { units: i128::from(n), scale: 2 };
            prop_assert_eq!(cents(a).plus(cents(b)), Some(cents(a + b)));
            let product = Decimal { units: i128::from(a) * i128::from(b), scale: 4 };
            prop_assert_eq!(cents(a).times(cents(b)), Some(product));
            let text = cents(a).to_string();
            prop_assert_eq!(Decimal::parse(&text, Mark::Point), Some(cents(a)));
        }
    }
}
