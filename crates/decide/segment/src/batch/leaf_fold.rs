//! Of which customers do tests of events hold otherwise than of nobody?

use super::{BatchPlan, Bits};
use crate::matter::Column;
use crate::question::{Question, day};
use crate::state::{ABSENT, COLUMNS_MAX, Item, Keep, State};
use base::{CustomerId, Timestamp};
use roaring::RoaringTreemap;
use timeline::{ABSENT as NO_TEXT, Ask, Fold, Rows, Window};

/// The fold of some leaves.
#[derive(Clone, Debug)]
pub struct LeafFold {
    ask: Ask,
    leaves: Vec<Folded>,
    t: Timestamp,
}

/// A leaf, as it lies in the columns of the fold.
#[derive(Clone, Debug)]
struct Folded {
    bits: Bits,
    columns: Vec<Source>,
    keep: Keep,
    /// The questions asked of it, by number.
    asked: Vec<(usize, Question)>,
}

/// Where a column of a leaf comes from.
#[derive(Clone, Debug)]
enum Source {
    Label(usize),
    Number(usize),
    Other(Column),
}

/// Who differs, by the numbers of the questions.
#[derive(Clone, Debug, Default)]
pub struct LeafTotal {
    pub(super) differ: Vec<(usize, RoaringTreemap)>,
}

/// The states of one customer, and how many rows they have seen.
#[derive(Clone, Debug)]
pub struct LeafStates {
    states: Vec<State>,
    n_rows: u64,
}

impl LeafFold {
    pub(super) fn new(plan: &BatchPlan, pack: &[usize]) -> Self {
        let until = Timestamp(plan.t.0.saturating_add(1));
        let mut ask = Ask::every(Window { from: until, until });
        let mut leaves = Vec::new();
        for &leaf in pack {
            let (matter, keep) = &plan.leaves[leaf];
            let oldest = keep.reach.map_or(Window::EVER.from, |reach| until.minus(reach));
            ask.window.from = ask.window.from.min(oldest.max(keep.within.from));
            let begin = ask.conditions.len();
            ask.conditions.extend_from_slice(&matter.kinds);
            let bits = begin..ask.conditions.len();
            let columns = matter.columns.iter().map(|column| source(column, &mut ask)).collect();
            let asked = plan.asked_of(leaf).map(|k| (k, plan.asked[k].1.clone())).collect();
            leaves.push(Folded { bits, columns, keep: *keep, asked });
        }
        Self { ask, leaves, t: plan.t }
    }
}

fn source(column: &Column, ask: &mut Ask) -> Source {
    match column {
        Column::Text(label) => Source::Label(place(label, &mut ask.labels)),
        Column::Number(field) => Source::Number(place(field, &mut ask.numbers)),
        Column::Day(_) | Column::Nothing => Source::Other(column.clone()),
    }
}

/// The place of something in a list, at its end where it is new.
fn place<T: Clone + PartialEq>(of: &T, list: &mut Vec<T>) -> usize {
    list.iter().position(|has| has == of).unwrap_or_else(|| {
        list.push(of.clone());
        list.len() - 1
    })
}

impl Folded {
    /// What the leaf keeps of a row, where it counts.
    fn item(&self, rows: Rows<'_>, row: usize, seq: u64) -> Option<Item> {
        let marks = rows.marks()[row] >> self.bits.start & mask(self.bits.len());
        if marks == 0 {
            return None;
        }
        let at = rows.times()[row];
        let mut cells = [ABSENT; COLUMNS_MAX];
        for (cell, source) in cells.iter_mut().zip(&self.columns) {
            *cell = match source {
                Source::Label(k) => match rows.labels(*k)[row] {
                    NO_TEXT => ABSENT,
                    code => code.into(),
                },
                Source::Number(k) => match rows.numbers(*k)[row] {
                    number if number.is_nan() => ABSENT,
                    number => number.to_bits(),
                },
                Source::Other(Column::Day(calendar)) => day(calendar, Timestamp(at)),
                Source::Other(_) => 0.0_f64.to_bits(),
            };
        }
        Some(Item { at, seq, marks, cells })
    }
}

fn mask(n_bits: usize) -> u16 {
    ((1_u32 << n_bits) - 1) as u16
}

impl Fold for LeafFold {
    type State = LeafStates;
    type Total = LeafTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    fn start(&self) -> LeafStates {
        let states = self.leaves.iter().map(|leaf| leaf.keep.start()).collect();
        LeafStates { states, n_rows: 0 }
    }

    fn step(&self, of: &mut LeafStates, rows: Rows<'_>) {
        for row in 0..rows.len() {
            of.n_rows += 1;
            for (leaf, state) in self.leaves.iter().zip(&mut of.states) {
                if let Some(item) = leaf.item(rows, row, of.n_rows) {
                    state.absorb(&item, leaf.keep);
                }
            }
        }
    }

    fn finish(&self, of: LeafStates, customer: CustomerId, total: &mut LeafTotal) {
        let each = self.leaves.iter().zip(of.states).filter(|(_, state)| !state.is_empty());
        for (leaf, mut state) in each {
            state.trim(leaf.keep, self.t);
            for (number, question) in &leaf.asked {
                let holds = question.judge(&state, leaf.keep.most(), self.t).holds;
                if holds != question.holds_of_nothing() {
                    total.of(*number).insert(customer.0);
                }
            }
        }
    }

    fn total(&self) -> LeafTotal {
        let numbers = self.leaves.iter().flat_map(|leaf| leaf.asked.iter().map(|(k, _)| *k));
        LeafTotal { differ: numbers.map(|k| (k, RoaringTreemap::new())).collect() }
    }

    fn merge(&self, into: &mut LeafTotal, other: LeafTotal) {
        other.differ.into_iter().for_each(|(number, differ)| *into.of(number) |= differ);
    }
}

impl LeafTotal {
    fn of(&mut self, number: usize) -> &mut RoaringTreemap {
        let place = self.differ.iter().position(|(has, _)| *has == number);
        let place = place.expect("a total has a set for each question of its fold");
        &mut self.differ[place].1
    }
}
