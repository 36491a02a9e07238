//! Does a structure in Thrift's compact form promise no more than its bytes hold?
//!
//! The library that reads Parquet makes room for as many things as a list says that it has. A list
//! of a damaged file says four thousand million.

/// Structures within structures. Parquet's have a handful.
const DEPTH_MAX: usize = 64;

/// Walks over the structure at the start of `bytes` and shows every whole number in it, with the
/// path of field ids that leads to it (0 for whatever is in a list), and the end of every structure
/// in it, without a number. Answers the structure's length; `None` where the bytes are no
/// structure, or end before it does.
pub(super) fn walk(bytes: &[u8], see: &mut impl FnMut(&[i16], Option<i64>)) -> Option<usize> {
    let mut walk = Walk { bytes, at: 0, path: Vec::new(), see };
    walk.structure()?;
    Some(walk.at)
}

struct Walk<'a, F> {
    bytes: &'a [u8],
    at: usize,
    path: Vec<i16>,
    see: &'a mut F,
}

impl<F: FnMut(&[i16], Option<i64>)> Walk<'_, F> {
    fn structure(&mut self) -> Option<()> {
        if self.path.len() == DEPTH_MAX {
            return None;
        }
        let mut field = 0i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            field = match head >> 4 {
                0 => i16::try_from(self.signed()?).ok()?,
                delta => field.checked_add(i16::from(delta))?,
            };
            self.path.push(field);
            match head & 0x0f {
                // The value of a yes or no is in its type.
                1 | 2 => {}
                kind => self.value(kind)?,
            }
            self.path.pop();
        }
    }

    fn value(&mut self, kind: u8) -> Option<()> {
        match kind {
            1..=3 => self.pass(1),
            4..=6 => {
                let number = self.signed()?;
                (self.see)(&self.path, Some(number));
                Some(())
            }
            7 => self.pass(8),
            8 => {
                let n_bytes = usize::try_from(self.unsigned()?).ok()?;
                self.pass(n_bytes)
            }
            9 | 10 => self.list(),
            11 => self.map(),
            12 => {
                self.structure()?;
                (self.see)(&self.path, None);
                Some(())
            }
            13 => self.pass(16),
            _ => None,
        }
    }

    fn list(&mut self) -> Option<()> {
        let head = self.byte()?;
        let n_items = match head >> 4 {
            15 => self.unsigned()?,
            few => u64::from(few),
        };
        self.items(n_items, &[head & 0x0f])
    }

    fn map(&mut self) -> Option<()> {
        let n_items = self.unsigned()?;
        if n_items == 0 {
            return Some(());
        }
        let kinds = self.byte()?;
        self.items(n_items, &[kinds >> 4, kinds & 0x0f])
    }

    /// Items of these kinds; each has at least a byte.
    fn items(&mut self, n_items: u64, kinds: &[u8]) -> Option<()> {
        let n_left = (self.bytes.len() - self.at) as u64;
        if n_items > n_left || self.path.len() == DEPTH_MAX {
            return None;
        }
        // Lists within lists go deeper too.
        self.path.push(0);
        for _ in 0..n_items {
            kinds.iter().try_for_each(|kind| self.value(*kind))?;
        }
        self.path.pop();
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn pass(&mut self, n_bytes: usize) -> Option<()> {
        self.at = self.at.checked_add(n_bytes).filter(|&at| at <= self.bytes.len())?;
        Some(())
    }

    fn unsigned(&mut self) -> Option<u64> {
        let (number, n_bytes) = varint(&self.bytes[self.at..])?;
        self.at += n_bytes;
        Some(number)
    }

    fn signed(&mut self) -> Option<i64> {
        self.unsigned().map(unfolded)
    }
}

/// The number of seven bits to the byte at the start of `bytes`, and its length.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0u64;
    for (index, byte) in bytes.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

/// The number whose sign was put into its last bit.
fn unfolded(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_are_walked_over() {
        // 1: i32 -3, 2: list of two structs {1: binary "ab"}, 4: true, 300: map {i8: i64 5}.
        let bytes = [
            0x15, 0x05, 0x19, 0x2c, 0x18, 2, b'a', b'b', 0, 0x18, 0, 0, 0x21, 0x0b, 0xd8, 0x04, 1,
            0x36, 7, 10, 0, 99,
        ];
        let mut seen = Vec::new();
        let length = walk(&bytes, &mut |path, number| seen.push((path.to_vec(), number)));
        assert_eq!(length, Some(bytes.len() - 1));
        let end = (vec![2, 0], None);
        let numbers = [(vec![1], Some(-3)), (vec![300, 0], Some(5))];
        assert_eq!(seen, [&numbers[..1], &[end.clone(), end], &numbers[1..]].concat());
        for n_bytes in 0..bytes.len() - 1 {
            assert_eq!(walk(&bytes[..n_bytes], &mut |_, _| {}), None, "{n_bytes}");
        }
    }

    #[test]
    fn promises_are_held_to_the_bytes() {
        let long_list = [0x19, 0xf5, 0xff, 0xff, 0xff, 0x07, 0, 0];
        let long_text = [0x18, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0];
        let deep = [0x1c; 1_000];
        let deep_lists = [0x19; 1_000];
        for bytes in [&long_list[..], &long_text, &deep, &deep_lists, &[0x1e, 0]] {
            assert_eq!(walk(bytes, &mut |_, _| {}), None, "{bytes:?}");
        }
    }
}
