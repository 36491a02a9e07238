//! What have people said about pairs, as learning needs it?

use super::{Label, LabelledPair};
use crate::pool::UNKNOWN;
use crate::table::{Probe, Table};
use std::collections::BTreeMap;

/// The last verdict on each pair.
pub(super) struct Verdicts {
    /// On records of the table, the smaller number first.
    by_records: BTreeMap<(u32, u32), bool>,
    /// On records as they were when they were judged.
    by_texts: Vec<(Probe, Probe, bool)>,
}

/// Numbers for values that both records of a judged pair have and no record of the table: above
/// every number of a pool, one per column.
const SHARED_UNKNOWN: u32 = UNKNOWN - 64;

impl Verdicts {
    pub(super) fn new(table: &Table, labels: &[Label]) -> Self {
        let (mut by_records, mut by_texts) = (BTreeMap::new(), Vec::new());
        for label in labels {
            match &label.pair {
                LabelledPair::Records(a, b) => {
                    by_records.insert((a.0.min(b.0), a.0.max(b.0)), label.is_same);
                }
                LabelledPair::Texts(a, b) => {
                    let (mut a, mut b) = (probe(table, a), probe(table, b));
                    share_unknown(&mut a, &mut b);
                    by_texts.push((a, b, label.is_same));
                }
            }
        }
        Self { by_records, by_texts }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_records.is_empty() && self.by_texts.is_empty()
    }

    /// The verdict on two records of the table, the smaller number first.
    pub(super) fn on_records(&self, a: u32, b: u32) -> Option<bool> {
        self.by_records.get(&(a, b)).copied()
    }

    pub(super) fn records(&self) -> impl Iterator<Item = ((u32, u32), bool)> + '_ {
        self.by_records.iter().map(|(pair, is_same)| (*pair, *is_same))
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &(Probe, Probe, bool)> {
        self.by_texts.iter()
    }
}

fn probe(table: &Table, texts: &[String]) -> Probe {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    table.probe(&texts).expect("a label has one text per field of the schema")
}

/// Two unknown values are alike only where their texts are.
fn share_unknown(a: &mut Probe, b: &mut Probe) {
    for column in 0..a.values.len() {
        let are_unknown = a.values[column] == UNKNOWN && b.values[column] == UNKNOWN;
        if are_unknown && a.texts[column] == b.texts[column] {
            a.values[column] = SHARED_UNKNOWN + column as u32;
            b.values[column] = SHARED_UNKNOWN + column as u32;
        }
    }
}
