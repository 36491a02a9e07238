//! In what do two of a household agree together, more often than field by field?
//!
//! People who share a mailbox share the family name and the address as well. Taken as independent
//! the three together would be far rarer among households than they are, and couples with one
//! mailbox would pass for persons whose first name has changed. For those who live at one address as
//! far as can be seen, agreement in what else a household shares is therefore a joint level of its
//! own (the interactions of Winkler 1993 and of Larsen and Rubin 2001, for this one class). To agree
//! is here to be equal, or nearly: the second level of every kind.

use super::AT_HOME;
use super::cells::Ratios;
use crate::kind::Kind;
use crate::model::{Model, Together};
use std::collections::BTreeMap;

/// So many pairs are believed beforehand to agree as the fields by themselves say.
const BELIEVED_PAIRS: f64 = 5.0;
/// What is seen of fewer expected pairs is left out of the model.
const SEEN_MIN: f64 = 1.0;
/// A lift is at most so large, and at least one by it.
const LIFT_MAX: f64 = 100.0;

/// The joint levels of households, while they are learned.
pub(super) struct Joint {
    /// By the columns that both have, and those in which they agree, the address left out.
    places: BTreeMap<(u32, u32), u32>,
    levels: Vec<Level>,
    /// Columns that households share, and those of the address among them.
    shared: u32,
    address: u32,
}

#[derive(Clone, Copy, Default)]
struct Level {
    log_lift: f64,
    seen: f64,
    expected: f64,
}

impl Joint {
    /// What the model knows so far. Without a field that belongs to one person nothing tells
    /// households from persons, and there are no joint levels.
    pub(super) fn new(model: &Model) -> Self {
        let mut joint = Self { places: BTreeMap::new(), levels: Vec::new(), shared: 0, address: 0 };
        let mut is_told = false;
        for (at, column) in model.schema.columns().iter().enumerate() {
            if !model.fields[at].is_used {
                continue;
            }
            let at_home = column.kind.definition().at_home;
            joint.shared |= u32::from(at_home > 0.0) << at;
            joint.address |= u32::from(at_home >= AT_HOME) << at;
            is_told |= matches!(column.kind, Kind::GivenName | Kind::Date | Kind::Identifier);
        }
        if !is_told {
            joint.shared = 0;
        }
        for known in &model.together {
            let place = joint.place_of(u32::from(known.present), u32::from(known.same));
            joint.levels[place as usize].log_lift = known.lift.ln();
        }
        joint
    }

    /// The columns that count here.
    pub(super) fn shared(&self) -> u32 {
        self.shared
    }

    /// The level of pairs that both have `present` and agree in `same`; `None` where they do not
    /// live at one address as far as can be seen.
    pub(super) fn place(&mut self, present: u32, same: u32) -> Option<u32> {
        if self.shared & same & self.address == 0 || present & !same & self.address != 0 {
            return None;
        }
        Some(self.place_of(present & self.shared & !self.address, same))
    }

    fn place_of(&mut self, present: u32, same: u32) -> u32 {
        let same = same & present;
        let next = self.levels.len() as u32;
        let place = *self.places.entry((present, same)).or_insert(next);
        if place == next {
            self.levels.push(Level::default());
        }
        place
    }

    pub(super) fn log_lift(&self, place: u32) -> f64 {
        self.levels[place as usize].log_lift
    }

    /// Notes pairs of households that are at a level.
    pub(super) fn see(&mut self, place: u32, n: f64) {
        self.levels[place as usize].seen += n;
    }

    /// Notes how many of `n` pairs of households, which are equal in `blocked` and both have
    /// `present`, would be at each level if fields agreed by themselves.
    pub(super) fn expect(&mut self, n: f64, (present, blocked): (u32, u32), ratios: &Ratios) {
        if present & self.address == 0 {
            return;
        }
        let own = present & !self.address;
        let blocked_own = blocked & own;
        let levels = self.places.range((own, 0)..=(own, u32::MAX));
        for (&(_, same), &place) in
            levels.filter(|((_, same), _)| same & blocked_own == blocked_own)
        {
            let agree = same | self.address;
            let share: f64 = (0..16)
                .filter(|column| present & !blocked & (1 << column) != 0)
                .map(|column| ratios.agree_at_home(column, agree & (1 << column) != 0))
                .product();
            self.levels[place as usize].expected += n * share;
        }
    }

    /// Learns from what was noted, and forgets it; answers the most that a logarithm has moved.
    pub(super) fn settle(&mut self) -> f64 {
        let mut change = 0.0_f64;
        for level in &mut self.levels {
            let lift = (level.seen + BELIEVED_PAIRS) / (level.expected + BELIEVED_PAIRS);
            let log_lift = lift.clamp(1.0 / LIFT_MAX, LIFT_MAX).ln();
            change = change.max((log_lift - level.log_lift).abs());
            level.log_lift = log_lift;
        }
        change
    }

    /// Begins an iteration.
    pub(super) fn clear(&mut self) {
        for level in &mut self.levels {
            (level.seen, level.expected) = (0.0, 0.0);
        }
    }

    /// What is worth keeping.
    pub(super) fn learned(&self) -> Vec<Together> {
        let levels = self.places.iter().map(|(key, &place)| (key, self.levels[place as usize]));
        let kept = levels.filter(|(_, level)| level.seen.max(level.expected) >= SEEN_MIN);
        kept.map(|(&(present, same), level)| Together {
            present: present as u16,
            same: same as u16,
            lift: level.log_lift.exp(),
        })
        .collect()
    }
}
