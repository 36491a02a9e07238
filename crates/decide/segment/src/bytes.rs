//! How are numbers written so that small ones are short?
//!
//! Whole numbers as LEB128 varints (seven bits a byte, the least significant first), those with a
//! sign in zigzag; amounts that are whole hundredths as such, others as the eight bytes of their
//! `f64`.

use crate::error::DecodeError;

const SHORT: DecodeError = DecodeError::Damaged { what: "they end too early" };
const LONG: DecodeError = DecodeError::Damaged { what: "a number has more than 64 bits" };
/// Hundredths up to this are written as a whole number: 2⁵².
const HUNDREDTHS_MAX: f64 = 4_503_599_627_370_496.0;

/// Writes a whole number.
pub(crate) fn put(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        into.push((number as u8 & 0x7f) | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Writes a whole number with a sign.
pub(crate) fn put_signed(into: &mut Vec<u8>, number: i64) {
    put(into, (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
}

/// Writes a finite number or NaN.
pub(crate) fn put_number(into: &mut Vec<u8>, number: f64) {
    let hundredths = (number * 100.0).round();
    let whole = hundredths as i64;
    let is_same = (whole as f64 / 100.0).to_bits() == number.to_bits();
    if hundredths.abs() <= HUNDREDTHS_MAX && is_same {
        let zigzag = (whole.cast_unsigned() << 1) ^ (whole >> 63).cast_unsigned();
        put(into, zigzag << 1);
    } else {
        put(into, 1);
        put_fixed(into, number.to_bits());
    }
}

/// Writes eight bytes.
pub(crate) fn put_fixed(into: &mut Vec<u8>, bits: u64) {
    into.extend_from_slice(&bits.to_le_bytes());
}

/// Reads what was written, from the front.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes are left.
    pub(crate) fn n_left(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, DecodeError> {
        let (&first, rest) = self.0.split_first().ok_or(SHORT)?;
        self.0 = rest;
        Ok(first)
    }

    pub(crate) fn whole(&mut self) -> Result<u64, DecodeError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(LONG);
            }
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(LONG)
    }

    pub(crate) fn signed(&mut self) -> Result<i64, DecodeError> {
        let zigzag = self.whole()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    pub(crate) fn number(&mut self) -> Result<f64, DecodeError> {
        let first = self.whole()?;
        if first == 1 {
            return Ok(f64::from_bits(self.fixed()?));
        }
        let zigzag = first >> 1;
        let whole = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
        Ok(whole as f64 / 100.0)
    }

    pub(crate) fn fixed(&mut self) -> Result<u64, DecodeError> {
        let (first, rest) = self.0.split_first_chunk::<8>().ok_or(SHORT)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*first))
    }

    /// How many of something follow, each of which takes a byte at least.
    pub(crate) fn count(&mut self) -> Result<usize, DecodeError> {
        let n = usize::try_from(self.whole()?).map_err(|_| LONG)?;
        if n > self.0.len() { Err(SHORT) } else { Ok(n) }
    }

    pub(crate) fn take(&mut self, n: usize) -> Result<&'a [u8], DecodeError> {
        let (first, rest) = self.0.split_at_checked(n).ok_or(SHORT)?;
        self.0 = rest;
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(whole: u64, signed: i64, number: f64, cents: i32) {
            let amount = f64::from(cents) / 100.0;
            let mut bytes = Vec::new();
            put(&mut bytes, whole);
            put_signed(&mut bytes, signed);
            put_number(&mut bytes, number);
            put_number(&mut bytes, amount);
            put_number(&mut bytes, -0.0);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.whole(), Ok(whole));
            prop_assert_eq!(reader.signed(), Ok(signed));
            prop_assert_eq!(reader.number().map(f64::to_bits), Ok(number.to_bits()));
            prop_assert_eq!(reader.number().map(f64::to_bits), Ok(amount.to_bits()));
            prop_assert_eq!(reader.number().map(f64::to_bits), Ok((-0.0_f64).to_bits()));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn damage_is_an_error(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let mut reader = Reader::new(&bytes);
            while let Ok(_number) = reader.whole() {}
            prop_assert!(Reader::new(&bytes).take(bytes.len() + 1).is_err());
        }
    }

    #[test]
    fn amounts_are_short() {
        let mut bytes = Vec::new();
        put_number(&mut bytes, 19.99);
        assert_eq!(bytes.len(), 2);
    }
}
