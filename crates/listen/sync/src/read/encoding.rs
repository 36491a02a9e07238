//! Which letters do these bytes mean?

use std::borrow::Cow;
use std::io::{self, Read};

/// Windows-1252 from 0x80 to 0x9f; elsewhere the byte is the code point. The five bytes without a
/// letter keep their control character, as browsers read them (WHATWG encoding standard).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of one cell: UTF-8 where it is, Windows-1252 where not (or where it must be).
pub(crate) fn cell_text(bytes: &[u8], always_latin: bool) -> Cow<'_, str> {
    if (!always_latin || bytes.is_ascii())
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    Cow::Owned(bytes.iter().map(|&b| latin(b)).collect())
}

fn latin(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Turns UTF-16 into UTF-8 while it is read. Halves of characters without their other half become
/// U+FFFD; a byte order mark is dropped.
pub(crate) struct Utf16Reader<R> {
    inner: R,
    high_first: bool,
    units: Vec<u16>,
    odd: Option<u8>,
    ready: Vec<u8>,
    n_given: usize,
    is_begun: bool,
}

impl<R: Read> Utf16Reader<R> {
    /// Reads `inner`, whose units have their high byte first or last.
    pub(crate) fn new(inner: R, high_first: bool) -> Self {
        let (units, ready) = (Vec::new(), Vec::new());
        Self { inner, high_first, units, odd: None, ready, n_given: 0, is_begun: false }
    }

    /// Makes the next letters ready; false where there are no more bytes.
    fn fill(&mut self) -> io::Result<bool> {
        let mut block = [0u8; 16 << 10];
        let n = self.inner.read(&mut block)?;
        for &byte in &block[..n] {
            match self.odd.take() {
                None => self.odd = Some(byte),
                Some(first) if self.high_first => {
                    self.units.push(u16::from_be_bytes([first, byte]));
                }
                Some(first) => self.units.push(u16::from_le_bytes([first, byte])),
            }
        }
        if !self.is_begun && !self.units.is_empty() {
            self.is_begun = true;
            if self.units[0] == 0xfeff {
                self.units.remove(0);
            }
        }
        let waits = n > 0 && self.units.last().is_some_and(|u| (0xd800..0xdc00).contains(u));
        let kept = if waits { self.units.pop() } else { None };
        self.ready.clear();
        self.n_given = 0;
        let letters = char::decode_utf16(self.units.drain(..));
        let text: String = letters.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        self.ready.extend_from_slice(text.as_bytes());
        self.units.extend(kept);
        if n == 0 && self.odd.take().is_some() {
            self.ready.extend_from_slice("\u{fffd}".as_bytes());
        }
        Ok(n > 0)
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.n_given == self.ready.len() {
            if !self.fill()? && self.ready.is_empty() {
                return Ok(0);
            }
        }
        let n = buffer.len().min(self.ready.len() - self.n_given);
        buffer[..n].copy_from_slice(&self.ready[self.n_given..self.n_given + n]);
        self.n_given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gives its bytes a few at a time, to cut letters in the middle.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    #[test]
    fn latin_letters_are_read() {
        assert_eq!(cell_text(b"caf\xe9 \x80", false), "café €");
        assert_eq!(cell_text("café".as_bytes(), false), "café");
        assert_eq!(cell_text("é".as_bytes(), true), "Ã©");
    }

    proptest! {
        #[test]
        fn utf_16_reads_back(text in "\\PC*", high_first: bool, drop in 1usize..9) {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let bytes: Vec<u8> = units
                .flat_map(|u| if high_first { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect();
            let mut read = String::new();
            Utf16Reader::new(Drops(&bytes, drop), high_first).read_to_string(&mut read).unwrap();
            prop_assert_eq!(read, text);
        }

        #[test]
        fn any_bytes_become_text(bytes: Vec<u8>, drop in 1usize..9) {
            let mut read = String::new();
            Utf16Reader::new(Drops(&bytes, drop), false).read_to_string(&mut read).unwrap();
            let _ = cell_text(&bytes, false);
        }
    }
}
