//! Which other definitions does a definition look at, and does one look at itself in the end?

use crate::criterion::Criterion;
use crate::definition::Definition;
use base::{ComputedId, SegmentId};
use std::collections::BTreeSet;
use timeline::{Fact, Field, Label};

/// Another definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Other {
    /// A segment.
    Segment(SegmentId),
    /// A computed trait.
    Computed(ComputedId),
}

/// What a definition looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// All facts.
    pub facts: BTreeSet<Fact>,
    /// All fields of events.
    pub fields: BTreeSet<Field>,
    /// Names of events; where `any_event` is said, events of any name besides.
    pub events: BTreeSet<Box<str>>,
    /// Whether it looks at events of any name.
    pub any_event: bool,
}

impl Uses {
    /// What a definition looks at.
    #[must_use]
    pub fn of(definition: &Definition) -> Self {
        let mut uses = Self::default();
        definition.who.criteria().for_each(|criterion| uses.add(criterion));
        uses
    }

    /// The other definitions.
    pub fn others(&self) -> impl Iterator<Item = Other> {
        self.facts.iter().filter_map(|fact| match fact {
            Fact::Segment(id) => Some(Other::Segment(*id)),
            Fact::Computed(id) => Some(Other::Computed(*id)),
            _ => None,
        })
    }

    fn add(&mut self, criterion: &Criterion) {
        for condition in criterion.selections() {
            self.any_event |= condition.events.is_empty();
            self.events.extend(condition.events.iter().cloned());
            self.fields.extend(condition.tests.iter().map(|test| test.field.clone()));
        }
        let label = |label: &Label| label.field.clone();
        match criterion {
            Criterion::Fact(of) => {
                self.facts.insert(of.fact.clone());
            }
            Criterion::Behaviour(of) => self.fields.extend(of.measure.field().cloned()),
            Criterion::Value(of) => self.fields.extend([label(&of.label)]),
            Criterion::InOrder(of) => self.fields.extend(of.held.as_ref().map(label)),
            Criterion::NotFollowed(of) => self.fields.extend(of.held.as_ref().map(label)),
            Criterion::Same(of) => self.fields.extend([label(&of.label)]),
            Criterion::Share(_) => {}
        }
    }
}

/// A way from a definition back to itself, `uses` telling what each looks at; the definition comes
/// first and is not repeated. `None` where there is none.
pub fn cycle(start: Other, uses: &dyn Fn(Other) -> Vec<Other>) -> Option<Vec<Other>> {
    let mut seen = BTreeSet::new();
    let mut way = vec![(start, uses(start))];
    while let Some((_, ahead)) = way.last_mut() {
        match ahead.pop() {
            Some(next) if next == start => {
                return Some(way.into_iter().map(|(of, _)| of).collect());
            }
            Some(next) if seen.insert(next) => way.push((next, uses(next))),
            Some(_) => {}
            None => {
                way.pop();
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(id: u64) -> Other {
        Other::Segment(SegmentId(id))
    }

    #[test]
    fn a_way_back_is_found() {
        let uses = |of: Other| match of {
            Other::Segment(SegmentId(1)) => vec![segment(2), segment(3)],
            Other::Segment(SegmentId(2)) => vec![segment(4)],
            Other::Segment(SegmentId(3)) => vec![segment(2), segment(1)],
            _ => vec![],
        };
        assert_eq!(cycle(segment(1), &uses), Some(vec![segment(1), segment(3)]));
        assert_eq!(cycle(segment(2), &uses), None);
        let itself = |_| vec![segment(9)];
        assert_eq!(cycle(segment(9), &itself), Some(vec![segment(9)]));
        assert_eq!(cycle(segment(8), &itself), None);
    }
}
