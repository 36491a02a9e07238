//! Which were the newest events, one by one?
//!
//! Kept for what no shorter state can answer: sums in moving windows, windows that end before now,
//! sequences, keyed tests. Nobody's trail has more than so many events up to the clock; that is
//! what the language means, not a loss.

use super::times;
use crate::bytes::{Reader, put, put_fixed, put_number, put_signed};
use crate::error::DecodeError;
use base::Timestamp;

/// Fields of an event that a trail can keep.
pub const COLUMNS_MAX: usize = 4;
/// Kinds of events that a trail can tell apart.
pub const MARKS_MAX: usize = 16;
/// What stands where an event has no such field.
pub const ABSENT: u64 = u64::MAX;

/// Which fields are kept of each event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Columns {
    /// How many.
    pub n: u8,
    /// Which of them are numbers, by bit; the others are fingerprints of texts.
    pub numbers: u8,
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// When it happened, in µs.
    pub at: i64,
    /// Its number in order of arrival.
    pub seq: u64,
    /// Of which kinds it is, by bit.
    pub marks: u16,
    /// Its fields: fingerprints, the bits of numbers, or [`ABSENT`].
    pub cells: [u64; COLUMNS_MAX],
}

impl Item {
    /// Whether it is of the kind of this bit.
    #[must_use]
    pub fn is(&self, mark: u8) -> bool {
        self.marks >> mark & 1 == 1
    }

    /// The fingerprint in a column.
    #[must_use]
    pub fn text(&self, column: u8) -> Option<u64> {
        Some(self.cells[usize::from(column)]).filter(|cell| *cell != ABSENT)
    }

    /// The number in a column.
    #[must_use]
    pub fn number(&self, column: u8) -> Option<f64> {
        self.text(column).map(f64::from_bits)
    }
}

/// Events in order of time and arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    columns: Columns,
    items: Vec<Item>,
}

impl Trail {
    /// No events yet.
    #[must_use]
    pub fn new(columns: Columns) -> Self {
        Self { columns, items: Vec::new() }
    }

    /// Takes an event.
    pub fn absorb(&mut self, item: Item) {
        let place = self.items.partition_point(|has| (has.at, has.seq) < (item.at, item.seq));
        let has = self.items.get(place).is_some_and(|has| (has.at, has.seq) == (item.at, item.seq));
        if !has {
            self.items.insert(place, item);
        }
    }

    /// Takes all that `other` knows of other events.
    pub fn join(&mut self, other: &Self) {
        self.items.extend_from_slice(&other.items);
        self.items.sort_unstable();
        self.items.dedup();
    }

    /// Leaves the `most` newest up to the clock and all later ones, none older than `oldest`.
    pub fn trim(&mut self, most: usize, clock: Timestamp, oldest: Timestamp) {
        let n_up_to_now = self.items.partition_point(|item| item.at <= clock.0);
        let n_old = self.items.partition_point(|item| item.at < oldest.0);
        self.items.drain(..n_up_to_now.saturating_sub(most).max(n_old));
    }

    /// The `most` newest events up to `t`, and when the next one will be.
    #[must_use]
    pub fn seen(&self, most: usize, t: Timestamp) -> (&[Item], Option<Timestamp>) {
        let n_seen = self.items.partition_point(|item| item.at <= t.0);
        let next = self.items.get(n_seen).map(|item| Timestamp(item.at));
        (&self.items[n_seen.saturating_sub(most)..n_seen], next)
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The columns, whether all events are of the one first kind, how many there are; then from
    /// the newest: time and number as steps backwards, kinds, fields.
    pub(crate) fn encode(&self, into: &mut Vec<u8>) {
        let is_plain = self.items.iter().all(|item| item.marks == 1);
        into.push(self.columns.n << 1 | u8::from(is_plain));
        into.push(self.columns.numbers);
        put(into, self.items.len() as u64);
        let mut later: Option<&Item> = None;
        for item in self.items.iter().rev() {
            match later {
                None => put_signed(into, item.at),
                Some(later) => put(into, later.at.wrapping_sub(item.at).cast_unsigned()),
            }
            let before = later.map_or(0, |later| later.seq);
            put_signed(into, before.wrapping_sub(item.seq).cast_signed());
            later = Some(item);
            if !is_plain {
                put(into, item.marks.into());
            }
            for (k, &cell) in item.cells[..self.columns.n.into()].iter().enumerate() {
                match self.columns.numbers >> k & 1 {
                    1 => put_number(into, f64::from_bits(cell)),
                    _ => put_fixed(into, cell),
                }
            }
        }
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let head = from.byte()?;
        let columns = Columns { n: head >> 1, numbers: from.byte()? };
        if usize::from(columns.n) > COLUMNS_MAX {
            return Err(DecodeError::Damaged { what: "a trail has too many fields" });
        }
        let n = from.count()?;
        let mut items: Vec<Item> = Vec::with_capacity(n);
        for _ in 0..n {
            let item = read_item(from, (columns, head & 1 == 1), items.last())?;
            items.push(item);
        }
        items.reverse();
        Ok(Self { columns, items })
    }
}

fn read_item(
    from: &mut Reader<'_>,
    (columns, is_plain): (Columns, bool),
    later: Option<&Item>,
) -> Result<Item, DecodeError> {
    let at = match later {
        None => from.signed()?,
        Some(later) => times::earlier(later.at, from.whole()?)?,
    };
    let before = later.map_or(0, |later| later.seq);
    let seq = before.wrapping_sub(from.signed()?.cast_unsigned());
    let marks = if is_plain { 1 } else { from.whole()? as u16 };
    let mut cells = [ABSENT; COLUMNS_MAX];
    for (k, cell) in cells[..columns.n.into()].iter_mut().enumerate() {
        *cell = match columns.numbers >> k & 1 {
            1 => from.number()?.to_bits(),
            _ => from.fixed()?,
        };
    }
    Ok(Item { at, seq, marks, cells })
}
