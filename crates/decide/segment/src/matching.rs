//! Which leaves does an event touch, and what of it do they keep?
//!
//! Equal conditions of different leaves are one, found by the event's name and tested once per
//! event; properties and context are parsed only where something in them is looked at.

use crate::leaf::Leaf;
use crate::matter::Column;
use crate::question::day;
use crate::state::{ABSENT, COLUMNS_MAX, Item};
use base::hash::hash64;
use base::{SourceId, Timestamp};
use lexicon::{EventKind, Json};
use serde_json::{Map, Value};
use std::cell::OnceCell;
use std::collections::HashMap;
use timeline::{Condition, Field, Label, Scalar};

/// An event, as tests of events see it.
#[derive(Clone, Copy, Debug)]
pub struct EventSeen<'a> {
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Its number in order of arrival.
    pub seq: u64,
    /// Which of the six calls it was.
    pub kind: EventKind,
    /// What is counted.
    pub name: &'a str,
    /// Where it came from.
    pub source: SourceId,
    /// Its fields.
    pub properties: &'a Json,
    /// Circumstances.
    pub context: &'a Json,
}

/// The conditions of all leaves, by the names of events.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matching {
    conditions: Vec<Known>,
    by_name: HashMap<Box<str>, Vec<u32>>,
    any_name: Vec<u32>,
}

/// A condition and for which leaves it stands for which bit.
#[derive(Clone, Debug)]
struct Known {
    condition: Condition,
    users: Vec<(u32, u8)>,
}

/// An event that is being looked at: what was parsed of it stays.
struct Parsed<'a> {
    event: &'a EventSeen<'a>,
    properties: OnceCell<Map<String, Value>>,
    context: OnceCell<Map<String, Value>>,
}

impl Matching {
    pub(crate) fn new(leaves: &[Leaf]) -> Self {
        let mut matching = Self::default();
        for (no, leaf) in (0..).zip(leaves) {
            for (bit, condition) in (0..).zip(&leaf.matter.kinds) {
                matching.add(condition, (no, bit));
            }
        }
        matching
    }

    fn add(&mut self, condition: &Condition, user: (u32, u8)) {
        let lists = match condition.events.first() {
            Some(name) => self.by_name.get(name),
            None => Some(&self.any_name),
        };
        let is_same = |no: &&u32| self.conditions[**no as usize].condition == *condition;
        if let Some(&no) = lists.and_then(|list| list.iter().find(is_same)) {
            self.conditions[no as usize].users.push(user);
            return;
        }
        let no = self.conditions.len() as u32;
        self.conditions.push(Known { condition: condition.clone(), users: vec![user] });
        if condition.events.is_empty() {
            self.any_name.push(no);
        }
        for name in &condition.events {
            let list = self.by_name.entry(name.clone()).or_default();
            if !list.contains(&no) {
                list.push(no);
            }
        }
    }

    /// The leaves that `event` touches, with what each of them keeps of it; by number.
    pub(crate) fn touched(&self, event: &EventSeen<'_>, leaves: &[Leaf]) -> Vec<(usize, Item)> {
        let parsed = Parsed { event, properties: OnceCell::new(), context: OnceCell::new() };
        let by_name = self.by_name.get(event.name).into_iter().flatten();
        let mut bits: Vec<(u32, u8)> = Vec::new();
        for &no in self.any_name.iter().chain(by_name) {
            let Known { condition, users } = &self.conditions[no as usize];
            if condition.tests.iter().all(|test| test.takes(parsed.scalar(&test.field).as_ref())) {
                bits.extend_from_slice(users);
            }
        }
        bits.sort_unstable();
        let of_leaf = bits.chunk_by(|a, b| a.0 == b.0).map(|users| {
            let no = users[0].0 as usize;
            let marks = users.iter().fold(0, |marks, (_, bit)| marks | 1 << bit);
            (no, parsed.item(marks, &leaves[no].matter.columns))
        });
        of_leaf.collect()
    }
}

impl Parsed<'_> {
    fn scalar(&self, field: &Field) -> Option<Scalar> {
        let event = self.event;
        match field {
            Field::Name => Some(Scalar::Text(event.name.into())),
            Field::Kind => Some(Scalar::Text(event.kind.slug().into())),
            Field::Source => Some(Scalar::Text(event.source.0.to_string().into())),
            Field::Property(path) => {
                Scalar::within(self.properties.get_or_init(|| event.properties.to_map()), path)
            }
            Field::Context(path) => {
                Scalar::within(self.context.get_or_init(|| event.context.to_map()), path)
            }
        }
    }

    fn item(&self, marks: u16, columns: &[Column]) -> Item {
        let mut cells = [ABSENT; COLUMNS_MAX];
        for (cell, column) in cells.iter_mut().zip(columns) {
            *cell = self.cell(column);
        }
        Item { at: self.event.occurred_at.0, seq: self.event.seq, marks, cells }
    }

    fn cell(&self, column: &Column) -> u64 {
        match column {
            Column::Text(label) => self.fingerprint(label),
            Column::Number(field) => {
                let number = self.scalar(field).and_then(|scalar| scalar.number());
                number.map_or(ABSENT, f64::to_bits)
            }
            Column::Day(calendar) => day(calendar, self.event.occurred_at),
            Column::Nothing => 0.0_f64.to_bits(),
        }
    }

    /// A fingerprint of 64 bits: among the 1,000 values that count of one customer the chance that
    /// any two have the same is below 10⁻¹³.
    fn fingerprint(&self, label: &Label) -> u64 {
        let Some(scalar) = self.scalar(&label.field) else { return ABSENT };
        fingerprint(&label.view.of(&scalar.label()))
    }
}

/// What stands for a text in states.
pub(crate) fn fingerprint(text: &str) -> u64 {
    hash64(0, text.as_bytes()).min(ABSENT - 1)
}
