//! Which channel brought the visit in which an event stands?
//!
//! Visits are those of [`visits`](super) where nothing else is said: all events of a customer, up
//! to a gap of more than 30 minutes. Before and after the time that is looked at [`LOOK_AHEAD`] is
//! seen, so that a visit which began earlier has its real beginning, unless it goes on for longer
//! than that. What a channel is follows from texts, which a fold does not have: it counts by the
//! number of the *kind* of visit, and kinds become channels at the end.

use super::dimension::{Bits, Dimension, Key, Reading};
use super::{GAP_DEFAULT, Kinds, LOOK_AHEAD, page_views};
use timeline::{Ask, Condition, Marks, Rows, Texts, Window};

/// Conditions that are asked besides those of the question: whether there is an event at all, page
/// views, two click ids.
pub(crate) const CONDITIONS: usize = 4;

/// How the channels of visits are found beside something else that is counted.
#[derive(Clone, Debug)]
pub(crate) struct Arrivals {
    reading: Reading,
    /// What is counted lies in it.
    window: Window,
    /// The marks of the conditions of what is counted.
    own: Marks,
}

impl Arrivals {
    /// Asks for what tells channels apart beside what `ask` asks already, for a longer time and of
    /// all events. No condition may be added to `ask` after it.
    pub(crate) fn of(own_hosts: &[Box<str>], ask: &mut Ask) -> Self {
        let window = ask.window;
        ask.window =
            Window { from: window.from.minus(LOOK_AHEAD), until: window.until.plus(LOOK_AHEAD) };
        let n_own = ask.conditions.len();
        ask.conditions.extend([Condition::default(), page_views()]);
        let bits = Bits { counted: 1 << n_own, view: 2 << n_own };
        let reading = Reading::of(&Dimension::Channel, own_hosts, (ask, bits));
        Self { reading, window, own: (1 << n_own) - 1 }
    }

    /// The rows of what is counted, and how many are before them.
    #[inline]
    pub(crate) fn inner<'r>(&self, rows: &Rows<'r>) -> (Rows<'r>, usize) {
        let n_before = rows.times().partition_point(|&at| at < self.window.from.0);
        (rows.clip(self.window), n_before)
    }

    /// Which of some marks are of the conditions of what is counted.
    #[inline]
    pub(crate) fn own(&self, marks: Marks) -> Marks {
        marks & self.own
    }

    /// Whether a row counts: for one of the conditions, or in any case where there are none.
    #[inline]
    pub(crate) fn counts(&self, marks: Marks) -> bool {
        self.own == 0 || self.own(marks) != 0
    }

    /// The number of the kind of the visit in which a row stands.
    pub(crate) fn kind(&self, rows: &Rows<'_>, row: usize, kinds: &mut Kinds) -> u32 {
        let times = rows.times();
        let mut begin = row;
        while begin > 0 && times[begin] - times[begin - 1] <= GAP_DEFAULT.0 {
            begin -= 1;
        }
        kinds.number(self.reading.key(rows, begin..end(times, row)))
    }

    /// The same for each row.
    pub(crate) fn kinds(&self, rows: &Rows<'_>, kinds: &mut Kinds, numbers: &mut Vec<u32>) {
        numbers.clear();
        while numbers.len() < rows.len() {
            let begin = numbers.len();
            let end = end(rows.times(), begin);
            numbers.resize(end, kinds.number(self.reading.key(rows, begin..end)));
        }
    }

    /// The channels as groups have them: their texts, and which of them each kind is by its number.
    pub(crate) fn channels(&self, kinds: &Kinds, texts: &[Texts]) -> (Texts, Vec<u32>) {
        let mut channels = Texts::default();
        let channel = |key: &Key| {
            let name = self.reading.text(key, texts);
            channels.code(&name.expect("every visit has a channel"))
        };
        let codes = kinds.keys().iter().map(channel).collect();
        (channels, codes)
    }
}

/// Where the visit ends in which a row stands: the row after its last.
#[inline]
fn end(times: &[i64], row: usize) -> usize {
    let pairs = times[row..].windows(2);
    row + 1 + pairs.take_while(|pair| pair[1] - pair[0] <= GAP_DEFAULT.0).count()
}
