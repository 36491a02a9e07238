//! How are rows kept until the last one of their customer has come?
//!
//! Some folds must see a timeline as a whole: which attempt gets deepest is not known before the
//! end. They have their computation in [`Fold::whole`](timeline::Fold::whole); where rows come in
//! stretches, these are kept and played back at the end, so that both ways come to the same.

use base::CustomerId;
use timeline::{Ask, Columns, Marks, Rows};

/// The rows of one customer so far.
pub struct Kept {
    has_marks: bool,
    times: Vec<i64>,
    marks: Vec<Marks>,
    numbers: Vec<Vec<f64>>,
    labels: Vec<Vec<u32>>,
    traits: Vec<[u32; 1]>,
}

impl Kept {
    /// No rows yet of what is asked for.
    pub(crate) fn of(ask: &Ask) -> Self {
        Self {
            has_marks: !ask.conditions.is_empty(),
            times: Vec::new(),
            marks: Vec::new(),
            numbers: vec![Vec::new(); ask.numbers.len()],
            labels: vec![Vec::new(); ask.labels.len()],
            traits: vec![[timeline::ABSENT]; ask.traits.len()],
        }
    }

    /// The next rows.
    pub(crate) fn push(&mut self, rows: Rows<'_>) {
        self.times.extend_from_slice(rows.times());
        if self.has_marks {
            self.marks.extend_from_slice(rows.marks());
        }
        for (k, column) in self.numbers.iter_mut().enumerate() {
            column.extend_from_slice(rows.numbers(k));
        }
        for (k, column) in self.labels.iter_mut().enumerate() {
            column.extend_from_slice(rows.labels(k));
        }
        for (k, code) in self.traits.iter_mut().enumerate() {
            *code = [rows.trait_(k)];
        }
    }

    /// All of them at once.
    pub(crate) fn play(&self, customer: CustomerId, then: impl FnOnce(Rows<'_>)) {
        let n_rows = u32::try_from(self.times.len()).expect("a timeline has fewer than 2³² rows");
        let numbers: Vec<&[f64]> = self.numbers.iter().map(Vec::as_slice).collect();
        let labels: Vec<&[u32]> = self.labels.iter().map(Vec::as_slice).collect();
        let traits: Vec<&[u32]> = self.traits.iter().map(<[u32; 1]>::as_slice).collect();
        let columns = Columns {
            customers: &[customer],
            start: 0,
            ends: &[n_rows],
            times: &self.times,
            spans: &[],
            bouts: None,
            marks: &self.marks,
            numbers: &numbers,
            labels: &labels,
            traits: &traits,
        };
        then(columns.rows(0));
    }
}

/// The part of a [`Fold`](timeline::Fold) that is the same for all that see a timeline whole: rows
/// are kept, and given to `whole` at the end. Stands in the `impl`, beside `whole`.
macro_rules! seen_whole {
    () => {
        type State = $crate::Kept;

        fn start(&self) -> $crate::Kept {
            $crate::Kept::of(timeline::Fold::ask(self))
        }

        fn step(&self, kept: &mut $crate::Kept, rows: timeline::Rows<'_>) {
            kept.push(rows);
        }

        fn finish(&self, kept: $crate::Kept, customer: base::CustomerId, total: &mut Self::Total) {
            kept.play(customer, |rows| timeline::Fold::whole(self, rows, total));
        }
    };
}
pub(crate) use seen_whole;
