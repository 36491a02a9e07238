//! How much is it worth, exactly?

use serde::{Deserialize, Serialize};
use std::fmt;

/// A currency by its ISO 4217 code, or `XXX` (ISO's own "no currency") where none was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

impl Currency {
    /// No currency was named.
    pub const NONE: Self = Self(*b"XXX");

    /// The currency of three letters in either case; `None` for anything else.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// The three capital letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are let in")
    }

    /// Digits behind the point: how many minor units make one major unit, as a power of ten
    /// (ISO 4217, list one; currencies not named here have 2).
    #[must_use]
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in minor units (cents) of a currency. Sums never mix currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for what was given back.
    pub minor: i64,
    /// The currency of the amount.
    pub currency: Currency,
}

impl Money {
    /// The nearest amount to `major` units, half away from zero. `None` where it is not finite or
    /// beyond 9 × 10¹⁵ minor units, past which `f64` no longer tells one cent from the next.
    #[must_use]
    pub fn from_major(major: f64, currency: Currency) -> Option<Self> {
        let scaled = major * 10f64.powi(currency.exponent().cast_signed());
        // A decimal like 1.005 lies a hair below its own half: within two units in the last place
        // it counts as the half that was written.
        let hair = (scaled.abs() * 4.0 * f64::EPSILON).min(1e-6);
        let is_half = (scaled.fract().abs() - 0.5).abs() <= hair;
        let minor = if is_half { scaled.trunc() + scaled.signum() } else { scaled.round() };
        (minor.abs() <= 9e15).then_some(Self { minor: minor as i64, currency })
    }

    /// The amount in major units, for reading; sums belong in minor units.
    #[must_use]
    pub fn to_major(self) -> f64 {
        self.minor as f64 / 10f64.powi(self.currency.exponent().cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_to_the_minor_unit() {
        let eur = Currency::parse("eur").unwrap();
        let check = |major, minor| {
            assert_eq!(Money::from_major(major, eur).map(|m| m.minor), Some(minor), "{major}");
        };
        check(2.55, 255);
        check(1.005, 101);
        check(-1.005, -101);
        check(0.0, 0);
        check(123_456_789_012.34, 12_345_678_901_234);
        assert_eq!(Money::from_major(f64::NAN, eur), None);
        assert_eq!(Money::from_major(1e300, eur), None);
        let jpy = Currency::parse("JPY").unwrap();
        assert_eq!(Money::from_major(1234.0, jpy).unwrap().minor, 1234);
    }

    #[test]
    fn a_currency_has_three_letters() {
        assert_eq!(Currency::parse(" usd ").unwrap().code(), "USD");
        assert_eq!(Currency::parse("US$"), None);
        assert_eq!(Currency::parse("euro"), None);
    }
}
