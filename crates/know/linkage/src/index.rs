//! Who of a million customers could this new record be?

use crate::batch::{Band, Bands};
use crate::blocks::key_of;
use crate::error::LinkageError;
use crate::evidence::Evidence;
use crate::learn::{Label, recalibrate};
use crate::model::Model;
use crate::score::{Scorer, Weights};
use crate::table::{RecordIdx, Row, SourceIdx, Table};
use hashbrown::HashTable;

/// Records that can be asked for the likely partners of a new one, and that come and go.
///
/// For every rule of the model each record has a key, and records that share one are chained. A
/// question reads the chains of the new record's keys and scores whom it finds, so that it takes
/// as long as there are candidates, not records.
///
/// Memory beyond the table: about 25 bytes per record and rule.
#[derive(Clone, Debug)]
pub struct Index {
    table: Table,
    model: Model,
    chains: Vec<Chains>,
    free: Vec<RecordIdx>,
    is_there: Vec<bool>,
    options: IndexOptions,
    weights: Weights,
    /// Records taken in or out since the weights were made.
    n_changes: usize,
}

/// How far an [`Index`] looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndexOptions {
    /// What is done with a candidate of which probability.
    pub bands: Bands,
    /// Candidates per rule at most, the newest first: a key that more records share tells nobody
    /// apart, and a question must end in time.
    pub n_per_rule_max: usize,
    /// Candidates given back at most, the likeliest first.
    pub n_answers_max: usize,
}

impl Default for IndexOptions {
    /// 500 candidates per rule, ten answers.
    fn default() -> Self {
        Self { bands: Bands::default(), n_per_rule_max: 500, n_answers_max: 10 }
    }
}

/// A record that the new one could be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The record.
    pub record: RecordIdx,
    /// Weight in bits.
    pub weight: f32,
    /// Calibrated probability, in [0, 1].
    pub probability: f64,
    /// Link or review; nothing below is given.
    pub band: Band,
}

/// What a question found.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The likeliest records, likeliest first.
    pub candidates: Vec<Candidate>,
    /// Records that were compared.
    pub n_compared: usize,
    /// Rules whose chain was longer than the limit, so that older records were not looked at.
    pub n_rules_cut: usize,
}

impl Index {
    /// An index of the records of a table, which has the model's schema.
    #[must_use]
    pub fn new(table: Table, model: Model, options: IndexOptions) -> Self {
        assert!(model.schema() == table.schema(), "a model scores tables of its own schema");
        let n = table.n_records();
        let chains: Vec<Chains> = model.rules().iter().map(|_| Chains::new(n)).collect();
        let weights = Weights::new(&model, &table);
        let (free, is_there) = (Vec::new(), vec![true; n]);
        let mut index =
            Self { table, model, chains, free, is_there, options, weights, n_changes: 0 };
        for record in 0..n as u32 {
            index.chain(record);
        }
        index.n_changes = 0;
        index
    }

    /// The records.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Records in the index.
    #[must_use]
    pub fn n_records(&self) -> usize {
        self.is_there.len() - self.free.len()
    }

    /// Bytes held, roughly.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        let chains: usize = self.chains.iter().map(Chains::n_bytes).sum();
        self.table.n_bytes() + chains + self.is_there.capacity()
    }

    /// Takes a record in. The place of a removed record may be given out again.
    ///
    /// # Errors
    /// [`LinkageError::WrongWidth`].
    pub fn insert(
        &mut self,
        source: SourceIdx,
        fields: &[&str],
    ) -> Result<RecordIdx, LinkageError> {
        let record = match self.free.last().copied() {
            Some(record) => {
                self.table.replace(record, source, fields)?;
                self.free.pop();
                self.is_there[record.0 as usize] = true;
                record
            }
            None => {
                let record = self.table.push(source, fields)?;
                self.is_there.push(true);
                record
            }
        };
        self.chain(record.0);
        Ok(record)
    }

    /// Takes a record out; `false` if there is none.
    pub fn remove(&mut self, record: RecordIdx) -> bool {
        let at = record.0 as usize;
        if !self.is_there.get(at).copied().unwrap_or(false) {
            return false;
        }
        for chains in &mut self.chains {
            chains.remove(record.0);
        }
        self.table.clear(record);
        self.is_there[at] = false;
        self.free.push(record);
        self.note_change();
        true
    }

    /// Puts other values in the place of a record; `false` if there is none.
    ///
    /// # Errors
    /// [`LinkageError::WrongWidth`]; then the record stays as it was.
    pub fn update(
        &mut self,
        record: RecordIdx,
        source: SourceIdx,
        fields: &[&str],
    ) -> Result<bool, LinkageError> {
        if !self.is_there.get(record.0 as usize).copied().unwrap_or(false) {
            return Ok(false);
        }
        self.table.replace(record, source, fields)?;
        for chains in &mut self.chains {
            chains.remove(record.0);
        }
        self.chain(record.0);
        Ok(true)
    }

    /// Lets what people have judged straighten the scale of probabilities.
    ///
    /// # Panics
    /// If a label does not have one text per field.
    pub fn recalibrate(&mut self, labels: &[Label]) {
        self.model = recalibrate(self.model.clone(), &self.table, labels);
    }

    /// Sets from which probability on, and down to which, what is done.
    pub fn set_bands(&mut self, bands: Bands) {
        self.options.bands = bands;
    }

    fn chain(&mut self, record: u32) {
        for (rule, chains) in self.model.rules().iter().zip(&mut self.chains) {
            chains.insert(record, key_of(&self.table, rule, record));
        }
        self.note_change();
    }

    /// Frequencies are counted record by record; how many records there are is looked at anew
    /// when a twentieth of them has changed, which moves no weight by more than 0.1 bits.
    fn note_change(&mut self) {
        self.n_changes += 1;
        if self.n_changes * 20 > self.is_there.len() {
            self.weights = Weights::new(&self.model, &self.table);
            self.n_changes = 0;
        }
    }
}

impl Index {
    /// Who could this record be?
    ///
    /// # Errors
    /// [`LinkageError::WrongWidth`].
    pub fn ask(&self, fields: &[&str]) -> Result<Answer, LinkageError> {
        let probe = self.table.probe(fields)?;
        let (records, n_rules_cut) = self.reached(&probe);
        let calibration = self.model.calibration();
        let floor = calibration.weight(self.options.bands.review_at) as f32;
        let scorer = self.scorer();
        let mut candidates = Vec::new();
        for &record in &records {
            let row = self.table.row(record);
            if let Some(weight) = scorer.weight_above(&probe, &row, floor, None) {
                let probability = calibration.probability(f64::from(weight));
                let band = self.options.bands.band(probability);
                candidates.push(Candidate { record: RecordIdx(record), weight, probability, band });
            }
        }
        candidates.sort_by(|x, y| y.weight.total_cmp(&x.weight).then(x.record.cmp(&y.record)));
        candidates.truncate(self.options.n_answers_max);
        Ok(Answer { candidates, n_compared: records.len(), n_rules_cut })
    }

    /// Why could this record be that one?
    ///
    /// # Errors
    /// [`LinkageError::WrongWidth`].
    pub fn explain(&self, fields: &[&str], record: RecordIdx) -> Result<Evidence, LinkageError> {
        let probe = self.table.probe(fields)?;
        Ok(self.scorer().explain_probe(&probe, record))
    }

    fn scorer(&self) -> Scorer<'_> {
        Scorer::for_probes(&self.model, &self.table, &self.weights)
    }

    fn reached(&self, probe: &impl Row) -> (Vec<u32>, usize) {
        let mut records = Vec::new();
        let mut n_cut = 0;
        for (rule, chains) in self.model.rules().iter().zip(&self.chains) {
            let Some(key) = rule.key(self.model.schema(), probe) else { continue };
            let before = records.len();
            let limit = self.options.n_per_rule_max;
            records.extend(chains.iter(key.max(1)).take(limit + 1));
            if records.len() - before > limit {
                records.pop();
                n_cut += 1;
            }
        }
        records.sort_unstable();
        records.dedup();
        (records, n_cut)
    }
}

const NOBODY: u32 = u32::MAX;

/// The records of one rule, those with the same key chained, the newest first.
#[derive(Clone, Debug)]
struct Chains {
    keys: Vec<u64>,
    next: Vec<u32>,
    previous: Vec<u32>,
    heads: HashTable<u32>,
}

impl Chains {
    fn new(n_records: usize) -> Self {
        Self {
            keys: Vec::with_capacity(n_records),
            next: Vec::with_capacity(n_records),
            previous: Vec::with_capacity(n_records),
            heads: HashTable::new(),
        }
    }

    /// Puts a record in front of those with its key; 0 is no key.
    fn insert(&mut self, record: u32, key: u64) {
        let at = record as usize;
        if self.keys.len() <= at {
            self.keys.resize(at + 1, 0);
            self.next.resize(at + 1, NOBODY);
            self.previous.resize(at + 1, NOBODY);
        }
        self.keys[at] = key;
        self.next[at] = NOBODY;
        self.previous[at] = NOBODY;
        if key == 0 {
            return;
        }
        let keys = &self.keys;
        if let Some(head) = self.heads.find_mut(key, |other| keys[*other as usize] == key) {
            self.next[at] = *head;
            self.previous[*head as usize] = record;
            *head = record;
        } else {
            self.heads.insert_unique(key, record, |other| keys[*other as usize]);
        }
    }

    fn remove(&mut self, record: u32) {
        let at = record as usize;
        let key = std::mem::take(&mut self.keys[at]);
        if key == 0 {
            return;
        }
        let (next, previous) = (self.next[at], self.previous[at]);
        if next != NOBODY {
            self.previous[next as usize] = previous;
        }
        if previous != NOBODY {
            self.next[previous as usize] = next;
        } else if let Ok(mut head) = self.heads.find_entry(key, |other| *other == record) {
            if next == NOBODY {
                head.remove();
            } else {
                *head.get_mut() = next;
            }
        }
    }

    fn iter(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let head = self.heads.find(key, |other| self.keys[*other as usize] == key).copied();
        std::iter::successors(head, |record| {
            let next = self.next[*record as usize];
            (next != NOBODY).then_some(next)
        })
    }

    fn n_bytes(&self) -> usize {
        self.keys.capacity() * 8
            + self.next.capacity() * 4
            + self.previous.capacity() * 4
            + self.heads.capacity() * 5
    }
}

#[cfg(test)]
mod tests;
