//! Who is in, of everybody, at one moment?
//!
//! A test of events is answered by a fold over history ([`LeafFold`]): it builds the same states
//! that live judging keeps, of each customer as a whole, and asks them the same questions. A fold
//! meets nobody without events: it says who *differs* from somebody of whom nothing is known, and
//! set algebra does the rest.

mod leaf_fold;
mod sets;

pub use leaf_fold::{LeafFold, LeafTotal};
pub use sets::{DefinitionSet, FactSets};

use crate::compile::{FactLeaf, Found, Needs, Reading, Shape, TestOf};
use crate::error::TooMuch;
use crate::leaf::TRAIL_EVENTS_MAX;
use crate::matter::Matter;
use crate::question::Question;
use crate::state::Keep;
use base::Timestamp;
use definition::Bound;
use std::ops::Range;
use timeline::{CONDITIONS_MAX, Fact};

/// Some definitions and the moment at which they are looked at.
#[derive(Clone, Debug)]
pub struct BatchPlan {
    t: Timestamp,
    shapes: Vec<Shape>,
    facts: Vec<FactLeaf>,
    looked_at: Vec<Fact>,
    leaves: Vec<(Matter, Keep)>,
    /// The questions of all shapes, by their leaves.
    asked: Vec<(usize, Question)>,
    /// Which leaves each fold looks at.
    packs: Vec<Vec<usize>>,
}

impl BatchPlan {
    /// The plan for these definitions at `t`.
    ///
    /// # Errors
    /// If one test looks at too much.
    pub fn new(all: &[&Bound], t: Timestamp) -> Result<Self, TooMuch> {
        Self::with(all, t, TRAIL_EVENTS_MAX)
    }

    /// The same where fewer events of a trail count, for whoever tries that bound.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with(all: &[&Bound], t: Timestamp, trail_events_max: u32) -> Result<Self, TooMuch> {
        let mut needs = Needs::default();
        let mut facts = Vec::new();
        let mut shapes = Vec::new();
        for bound in all {
            let (programs, most) = (&[], trail_events_max);
            let reading = Reading { bound, is_shadow: false, most, programs };
            let mut found = Found { needs: &mut needs, facts: &mut facts, next: 0 };
            shapes.push(reading.shape(&bound.definition().who, &mut found)?);
        }
        let mut asked = Vec::new();
        shapes.iter_mut().for_each(|shape| number(shape, &mut asked));
        let mut looked_at: Vec<Fact> = facts.iter().map(|f| f.criterion.fact.clone()).collect();
        looked_at.sort();
        looked_at.dedup();
        let leaves = needs.leaves;
        let packs = packed(&leaves);
        Ok(Self { t, shapes, facts, looked_at, leaves, asked, packs })
    }

    /// The folds that answer all tests of events, each over all of history.
    #[must_use]
    pub fn folds(&self) -> Vec<LeafFold> {
        self.packs.iter().map(|pack| LeafFold::new(self, pack)).collect()
    }

    /// The facts that are tested, those about segments too; each once.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.looked_at
    }

    /// The numbers of the questions that are asked of a leaf.
    fn asked_of(&self, leaf: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.asked.len()).filter(move |question| self.asked[*question].0 == leaf)
    }
}

/// Takes the questions out of a shape: instead of its leaf a test has the number of its question.
fn number(shape: &mut Shape, asked: &mut Vec<(usize, Question)>) {
    match shape {
        Shape::All(_, parts) | Shape::Any(_, parts) => {
            parts.iter_mut().for_each(|part| number(part, asked));
        }
        Shape::Not(_, part) => number(part, asked),
        Shape::Test(test) => {
            if let TestOf::Leaf(leaf, question) = &mut test.of {
                asked.push((*leaf, question.clone()));
                *leaf = asked.len() - 1;
            }
        }
    }
}

/// The leaves of each fold: first fit, by how many conditions they have. Leaves that look at every
/// event are not put with others: those may skip the rows of other names.
fn packed(leaves: &[(Matter, Keep)]) -> Vec<Vec<usize>> {
    let mut packs: Vec<(usize, bool, Vec<usize>)> = Vec::new();
    for (leaf, (matter, _)) in leaves.iter().enumerate() {
        let n = matter.kinds.len();
        let is_any = matter.kinds.iter().any(|kind| kind.events.is_empty());
        let fits = |(has, of_any, _): &&mut (usize, bool, Vec<usize>)| {
            *of_any == is_any && *has + n <= CONDITIONS_MAX
        };
        match packs.iter_mut().find(fits) {
            Some((has, _, pack)) => {
                *has += n;
                pack.push(leaf);
            }
            None => packs.push((n, is_any, vec![leaf])),
        }
    }
    packs.into_iter().map(|(_, _, pack)| pack).collect()
}

/// The bits of a leaf among the marks of a row.
type Bits = Range<usize>;
