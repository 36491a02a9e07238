//! What is expected of the pairs of a pass, in one iteration?
//!
//! Pairs are counted by their levels once, before the first iteration; an iteration looks up one
//! number per column and class, adds, and leaves those alone that are strangers beyond doubt.

use super::Shares;
use super::together::Joint;
use crate::learn::passes::Pass;
use crate::model::Model;
use crate::score::{NO_LEVEL, Pattern};

/// Columns times levels, four bits each.
const SLOTS: usize = 256;
/// Pairs whose log odds are below are strangers: a hundred thousand of them are a thousandth of a
/// match.
const SILENT: f64 = -18.0;
/// The silent ones are looked at again after so many iterations.
const LOOK_AGAIN: usize = 8;

/// The place of a column's level.
pub(super) fn slot(column: usize, level: u8) -> usize {
    column * 16 + usize::from(level)
}

/// Expected pairs by column and level.
pub(super) struct Sums {
    pub(super) person: [f64; SLOTS],
    pub(super) home: [f64; SLOTS],
}

/// What is believed beforehand, as pairs that were seen.
pub(super) fn believed_sums(model: &Model, strength: f64) -> Sums {
    let (mut person, mut home) = ([0.0; SLOTS], [0.0; SLOTS]);
    for (at, (column, field)) in model.schema.columns().iter().zip(&model.fields).enumerate() {
        let definition = column.kind.definition();
        let at_home = definition.at_home;
        for ((level, u), place) in definition.levels.iter().zip(&field.u).zip(slot(at, 0)..) {
            person[place] = level.m_prior * strength;
            home[place] = (at_home * level.m_prior + (1.0 - at_home) * u) * strength;
        }
    }
    Sums { person, home }
}

/// Logarithms of the ratios of one iteration, by column and level. A level that is not there says
/// nothing: its place stays 0.
pub(super) struct Ratios {
    person: [f64; SLOTS],
    home: [f64; SLOTS],
    lost: Vec<Lost>,
    /// By column, the share of households that agree in it, fully or nearly.
    agree_at_home: [f64; 16],
}

/// What agreement of a column loses where its parent agrees too.
struct Lost {
    column: usize,
    parent: usize,
    by: f64,
    /// Whether households share it; what is said of the others holds for neighbours already.
    is_shared: bool,
}

impl Ratios {
    pub(super) fn new(model: &Model) -> Self {
        let (mut person, mut home, mut lost) = ([0.0; SLOTS], [0.0; SLOTS], Vec::new());
        let mut agree_at_home = [0.0; 16];
        for (column, field) in model.fields.iter().enumerate() {
            for (at, u) in field.u.iter().enumerate() {
                person[slot(column, at as u8)] = (field.m[at] / u).ln();
                home[slot(column, at as u8)] = (field.r[at] / u).ln();
            }
            agree_at_home[column] = field.r[0] + field.r[1];
            if let Some(on) = field.dependence {
                let at_most = person[slot(column, 0)].max(0.0);
                let kind = model.schema.columns()[column].kind;
                lost.push(Lost {
                    column,
                    parent: usize::from(on.column),
                    by: on.lift.ln().min(at_most),
                    is_shared: kind.definition().at_home > 0.0,
                });
            }
        }
        Self { person, home, lost, agree_at_home }
    }

    /// The share of households that agree in a column, or that do not.
    pub(super) fn agree_at_home(&self, column: usize, is_so: bool) -> f64 {
        if is_so { self.agree_at_home[column] } else { 1.0 - self.agree_at_home[column] }
    }
}

/// The pairs of a pass in the form that iterations want.
pub(super) struct Cells<'a> {
    pub(super) pass: &'a Pass,
    /// Bits of the columns that the pass says something about.
    free: u32,
    /// Bits of those that it blocks by.
    blocked: u32,
    /// Which sets of what households share both of a pair have, blocked columns included.
    present: Vec<u32>,
    open: Vec<Cell>,
    /// Those of `open` that are not silent, as far as was seen last.
    loud: Vec<u32>,
    n_until_look: usize,
    judged: Vec<(Cell, bool)>,
    /// The places of all cells' levels, one beside the other.
    places: Vec<u8>,
}

/// Pairs with the same levels.
struct Cell {
    /// Where its places begin, and how many there are.
    from: u32,
    n: u8,
    /// Bits of the columns in which they are equal, blocked ones included.
    same: u32,
    /// Which of the sets of `present` both have.
    present: u32,
    /// Their joint level, if they may live together.
    joint: Option<u32>,
    count: f64,
}

impl<'a> Cells<'a> {
    pub(super) fn new(model: &Model, pass: &'a Pass, joint: &mut Joint) -> Self {
        let mut cells = Self {
            pass,
            free: 0,
            blocked: 0,
            present: Vec::new(),
            open: Vec::new(),
            loud: Vec::new(),
            n_until_look: 0,
            judged: Vec::new(),
            places: Vec::new(),
        };
        for column in 0..model.fields.len() {
            let is_blocked = pass.rule.touches(&model.schema, column);
            cells.blocked |= u32::from(is_blocked) << column;
            cells.free |= u32::from(model.fields[column].is_used && !is_blocked) << column;
        }
        for (pattern, count) in &pass.open {
            let cell = cells.cell(*pattern, *count, joint);
            cells.open.push(cell);
        }
        for (pattern, is_same, count) in &pass.judged {
            let cell = cells.cell(*pattern, *count, joint);
            cells.judged.push((cell, *is_same));
        }
        cells
    }

    fn cell(&mut self, pattern: Pattern, count: f64, joint: &mut Joint) -> Cell {
        let from = u32::try_from(self.places.len()).expect("a pass has fewer than 2²⁸ patterns");
        let (mut same, mut near, mut present) = (self.blocked, self.blocked, self.blocked);
        for column in (0..16).filter(|column| self.free & (1 << column) != 0) {
            let level = pattern.level(column);
            same |= u32::from(level == 0) << column;
            near |= u32::from(level <= 1) << column;
            present |= u32::from(level != NO_LEVEL) << column;
            if level != NO_LEVEL {
                self.places.push(slot(column, level) as u8);
            }
        }
        let joint_level = joint.place(present, near);
        let present = present & joint.shared();
        let known = self.present.iter().position(|known| *known == present);
        let present = known.unwrap_or_else(|| {
            self.present.push(present);
            self.present.len() - 1
        });
        let n = (self.places.len() - from as usize) as u8;
        Cell { from, n, same, present: present as u32, joint: joint_level, count }
    }

    /// Adds what is expected of the pairs of both classes to `sums`, and returns how many pairs of
    /// each there are.
    pub(super) fn expect(
        &mut self,
        ratios: &Ratios,
        shares: Shares,
        sums: &mut Sums,
        joint: &mut Joint,
    ) -> (f64, f64) {
        let odds = Odds::new(self, ratios, shares);
        if self.n_until_look == 0 {
            self.n_until_look = LOOK_AGAIN;
            let is_loud = |at: &u32| {
                let cell = &self.open[*at as usize];
                let (person, home) = odds.of(cell, self.places_of(cell));
                person.max(home) > SILENT
            };
            self.loud = (0..self.open.len() as u32).filter(is_loud).collect();
        }
        self.n_until_look -= 1;
        let (mut persons, mut homes) = (0.0, 0.0);
        let mut at_home = vec![0.0; self.present.len()];
        let mut add = |cell: &Cell, person: f64, home: f64, joint: &mut Joint| {
            persons += person;
            homes += home;
            at_home[cell.present as usize] += home;
            if let Some(place) = cell.joint {
                joint.see(place, home);
            }
            for &place in self.places_of(cell) {
                sums.person[usize::from(place)] += person;
                sums.home[usize::from(place)] += home;
            }
        };
        let exp = |odds: f64| odds.clamp(-500.0, 500.0).exp();
        for &at in &self.loud {
            let cell = &self.open[at as usize];
            let (person, home) = odds.of(cell, self.places_of(cell));
            let home = home + cell.joint.map_or(0.0, |place| joint.log_lift(place));
            let (person, home) = (exp(person), exp(home));
            let total = 1.0 + person + home;
            add(cell, cell.count * person / total, cell.count * home / total, joint);
        }
        for (cell, is_same) in &self.judged {
            let (_, home) = odds.of(cell, self.places_of(cell));
            let home = exp(home + cell.joint.map_or(0.0, |place| joint.log_lift(place)));
            if *is_same {
                add(cell, cell.count, 0.0, joint);
            } else {
                add(cell, 0.0, cell.count * home / (1.0 + home), joint);
            }
        }
        let blocked = self.blocked & joint.shared();
        for (&present, n) in self.present.iter().zip(at_home) {
            joint.expect(n, (present, blocked), ratios);
        }
        (persons, homes)
    }

    fn places_of(&self, cell: &Cell) -> &[u8] {
        &self.places[cell.from as usize..][..usize::from(cell.n)]
    }
}

/// The odds of one pass.
struct Odds<'a> {
    ratios: &'a Ratios,
    lost: Vec<&'a Lost>,
    person: f64,
    home: f64,
}

impl<'a> Odds<'a> {
    fn new(cells: &Cells<'_>, ratios: &'a Ratios, shares: Shares) -> Self {
        let strangers = (1.0 - shares.person - shares.home).max(1e-9);
        let is_free = |lost: &&Lost| cells.free & (1 << lost.column) != 0;
        Self {
            ratios,
            lost: ratios.lost.iter().filter(is_free).collect(),
            person: (shares.person / strangers).ln(),
            home: (shares.home / strangers).ln(),
        }
    }

    /// The log odds of one person, and of a household, against two strangers; what hangs together
    /// by chance is taken off both.
    fn of(&self, cell: &Cell, places: &[u8]) -> (f64, f64) {
        let (mut person, mut home) = (self.person, self.home);
        for &place in places {
            person += self.ratios.person[usize::from(place)];
            home += self.ratios.home[usize::from(place)];
        }
        for lost in &self.lost {
            let both = 1 << lost.column | 1 << lost.parent;
            if cell.same & both == both {
                person -= lost.by;
                home -= if lost.is_shared { lost.by } else { 0.0 };
            }
        }
        (person, home)
    }
}
