//! What do all definitions that are judged live come to together?

use crate::bits::Bits;
use crate::error::TooMuch;
use crate::leaf::{Leaf, LeafId, Need, Scope, TRAIL_EVENTS_MAX};
use crate::matching::Matching;
use crate::matter::Matter;
use crate::question::Question;
use crate::state::Keep;
use base::SegmentId;
use definition::{Bound, Calendar, Criterion, FactCriterion, FactIs, NodeNo, Predicate, Share};
use std::collections::HashMap;
use timeline::{Fact, Own};

/// Behaviours of all definitions at most.
pub const LEAVES_MAX: usize = 4_000;

/// Which version of which segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProgramId {
    /// The segment.
    pub segment: SegmentId,
    /// The version of its definition.
    pub version: u32,
}

/// A definition that is to be judged.
#[derive(Clone, Copy)]
pub struct Serving<'a> {
    /// Whose it is.
    pub owner: ProgramId,
    /// The definition.
    pub bound: &'a Bound,
    /// Whether it is judged before it serves, beside the version that does.
    pub is_shadow: bool,
}

/// The leaves that there are, and how new ones are numbered.
#[derive(Clone, Debug, PartialEq)]
pub struct LeafBook {
    /// Those whose states are kept.
    pub leaves: Vec<Leaf>,
    /// The number of the next one.
    pub next: LeafId,
    /// The number of the first event that a new one takes live.
    pub since: u64,
    /// Events of a trail that count at most.
    pub trail_events_max: u32,
}

impl Default for LeafBook {
    /// No leaves yet, in the first place of a log.
    fn default() -> Self {
        let (leaves, next, since) = (Vec::new(), LeafId(0), 0);
        Self { leaves, next, since, trail_events_max: TRAIL_EVENTS_MAX }
    }
}

/// A plan and how its leaves differ from those in the book.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The plan.
    pub plan: LivePlan,
    /// Leaves that are new: of what was before they have to be filled.
    pub new_leaves: Vec<Leaf>,
    /// Leaves that nobody asks any more.
    pub dropped: Vec<LeafId>,
}

/// What all definitions come to together; made anew with every change, and then left as it is.
#[derive(Clone, Debug)]
pub struct LivePlan {
    /// By number in this plan, which is also the order of their ids.
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) facts: Vec<FactLeaf>,
    /// Each comes after those it looks at.
    pub(crate) programs: Vec<Program>,
    by_owner: HashMap<ProgramId, usize>,
    pub(crate) matching: Matching,
    /// The programs that look at each leaf, also by way of other programs.
    pub(crate) users: Vec<Bits>,
    /// The programs that look at facts of each class, likewise.
    pub(crate) by_class: [Bits; FactClass::N],
}

/// A test of a fact.
#[derive(Clone, Debug)]
pub(crate) struct FactLeaf {
    pub(crate) criterion: FactCriterion,
    pub(crate) calendar: Calendar,
    pub(crate) class: FactClass,
}

/// A definition, as it is judged.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) owner: ProgramId,
    pub(crate) is_shadow: bool,
    pub(crate) shape: Shape,
}

/// A tree of tests.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    All(NodeNo, Vec<Shape>),
    Any(NodeNo, Vec<Shape>),
    Not(NodeNo, Box<Shape>),
    Test(Test),
}

/// A test and its node in the definition.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) node: NodeNo,
    pub(crate) of: TestOf,
}

/// What is tested.
#[derive(Clone, Debug)]
pub(crate) enum TestOf {
    /// A leaf, by its number, is asked this.
    Leaf(usize, Question),
    /// A fact, by its number.
    Fact(usize),
    /// Whether they are in the segment of this program, and what that comes to.
    Program { program: usize, if_in: bool, if_out: bool },
    /// A random part.
    Share(Share),
}

/// From where a fact is known: what changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactClass {
    /// Traits, and what a profile takes from them.
    Traits,
    /// What every event changes: first and last seen, how many.
    Seen,
    /// Orders, and the products in them.
    Orders,
    /// Consent.
    Consents,
    /// Traits of accounts.
    Accounts,
    /// Relations to others.
    Relations,
    /// Segments that are lists, and computed traits.
    Lists,
}

impl FactClass {
    pub(crate) const N: usize = 7;

    /// The class of a fact.
    #[must_use]
    pub fn of(fact: &Fact) -> Self {
        match fact {
            Fact::Trait(_) | Fact::List(_) => Self::Traits,
            Fact::Own(Own::FirstSeen | Own::LastSeen | Own::Events) => Self::Seen,
            Fact::Own(Own::Orders | Own::Revenue | Own::Currency) | Fact::Holding(..) => {
                Self::Orders
            }
            Fact::Own(_) => Self::Traits,
            Fact::Account(_) => Self::Accounts,
            Fact::Permission(..) | Fact::Consent(..) => Self::Consents,
            Fact::Relation(_) => Self::Relations,
            Fact::Segment(_) | Fact::Computed(_) => Self::Lists,
        }
    }
}

/// Which facts may have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactDirt(u8);

impl FactDirt {
    /// None.
    pub const NONE: Self = Self(0);
    /// All.
    pub const ALL: Self = Self((1 << FactClass::N) - 1);

    /// These and those of a class.
    #[must_use]
    pub fn and(self, class: FactClass) -> Self {
        Self(self.0 | 1 << class as u8)
    }

    /// Whether those of a class may have.
    #[must_use]
    pub fn has(self, class: FactClass) -> bool {
        self.0 >> class as u8 & 1 == 1
    }

    pub(crate) fn classes(self) -> impl Iterator<Item = usize> {
        (0..FactClass::N).filter(move |class| self.0 >> class & 1 == 1)
    }
}

/// The plan for all definitions: `book` says which leaves there are. A leaf that is deep enough
/// is used again; where one must be deeper there is a new one.
///
/// # Errors
/// If there are too many leaves, or one test looks at too much.
pub fn compile(all: &[Serving<'_>], book: &LeafBook) -> Result<Compiled, TooMuch> {
    let mut needs = Needs::default();
    let sorted = in_order(all);
    let mut programs: Vec<Program> = Vec::new();
    let mut facts = Vec::new();
    for serving in sorted {
        let Serving { bound, is_shadow, .. } = serving;
        let look = Reading { bound, is_shadow, most: book.trail_events_max, programs: &programs };
        let mut found = Found { needs: &mut needs, facts: &mut facts, next: 0 };
        let shape = look.shape(&bound.definition().who, &mut found)?;
        programs.push(Program { owner: serving.owner, is_shadow: serving.is_shadow, shape });
    }
    if needs.leaves.len() > LEAVES_MAX {
        return Err(TooMuch::Leaves { n: needs.leaves.len(), most: LEAVES_MAX });
    }
    let (leaves, new_leaves, numbers) = needs.settle(book);
    programs.iter_mut().for_each(|program| program.shape.renumber(&numbers));
    let is_used = |leaf: &&Leaf| leaves.iter().any(|used| used.id == leaf.id);
    let dropped = book.leaves.iter().filter(|leaf| !is_used(leaf)).map(|leaf| leaf.id).collect();
    Ok(Compiled { plan: LivePlan::new(leaves, facts, programs), new_leaves, dropped })
}

/// The definitions in an order in which each comes after those that it looks at. (That there are
/// no circles was checked; one that there is nevertheless is cut somewhere.)
fn in_order<'a>(all: &[Serving<'a>]) -> Vec<Serving<'a>> {
    let mut sorted: Vec<Serving<'a>> = Vec::new();
    let mut is_begun = vec![false; all.len()];
    for first in 0..all.len() {
        visit(first, all, &mut is_begun, &mut sorted);
    }
    sorted
}

fn visit<'a>(of: usize, all: &[Serving<'a>], is_begun: &mut [bool], sorted: &mut Vec<Serving<'a>>) {
    if std::mem::replace(&mut is_begun[of], true) {
        return;
    }
    for criterion in all[of].bound.definition().who.criteria() {
        if let Criterion::Fact(FactCriterion { fact: Fact::Segment(segment), .. }) = criterion {
            let meant = (0..all.len()).filter(|k| all[*k].owner.segment == *segment);
            meant.for_each(|k| visit(k, all, is_begun, sorted));
        }
    }
    sorted.push(all[of]);
}

/// What is needed of leaves, those alike together.
#[derive(Default)]
pub(crate) struct Needs {
    pub(crate) leaves: Vec<(Matter, Keep)>,
    by_name: HashMap<Box<str>, Vec<usize>>,
}

impl Needs {
    /// The number of the leaf for a need, deepened where it must be.
    fn leaf(&mut self, matter: Matter, keep: Keep) -> usize {
        let name = matter.kinds.first().and_then(|kind| kind.events.first());
        let list = self.by_name.entry(name.cloned().unwrap_or_default()).or_default();
        let leaves = &mut self.leaves;
        let is_alike = |no: &&usize| leaves[**no].0 == matter && leaves[**no].1.is_like(keep);
        if let Some(&no) = list.iter().find(is_alike) {
            leaves[no].1 = leaves[no].1.deeper(keep);
            return no;
        }
        list.push(leaves.len());
        leaves.push((matter, keep));
        leaves.len() - 1
    }

    /// The leaves by their ids, which of them are new, and the place of each number among them.
    fn settle(self, book: &LeafBook) -> (Vec<Leaf>, Vec<Leaf>, Vec<usize>) {
        let mut next = book.next;
        let mut new_leaves = Vec::new();
        let mut leaves: Vec<(usize, Leaf)> = Vec::new();
        for (no, (matter, keep)) in self.leaves.into_iter().enumerate() {
            let is_good = |leaf: &&Leaf| leaf.matter == matter && leaf.keep.is_enough_for(keep);
            let leaf = book.leaves.iter().find(is_good).cloned().unwrap_or_else(|| {
                let leaf = Leaf { id: next, matter, keep, since: book.since };
                next = LeafId(next.0 + 1);
                new_leaves.push(leaf.clone());
                leaf
            });
            leaves.push((no, leaf));
        }
        leaves.sort_by_key(|(_, leaf)| leaf.id);
        let mut numbers = vec![0; leaves.len()];
        for (place, (no, _)) in leaves.iter().enumerate() {
            numbers[*no] = place;
        }
        (leaves.into_iter().map(|(_, leaf)| leaf).collect(), new_leaves, numbers)
    }
}

/// A definition that is being read.
pub(crate) struct Reading<'r> {
    pub(crate) bound: &'r Bound,
    pub(crate) is_shadow: bool,
    /// How many events of a trail count.
    pub(crate) most: u32,
    /// The programs that it may look at.
    pub(crate) programs: &'r [Program],
}

/// What was found so far: the needs, the facts, the number of the next node.
pub(crate) struct Found<'f> {
    pub(crate) needs: &'f mut Needs,
    pub(crate) facts: &'f mut Vec<FactLeaf>,
    pub(crate) next: u16,
}

impl Reading<'_> {
    pub(crate) fn shape(
        &self,
        predicate: &Predicate,
        found: &mut Found<'_>,
    ) -> Result<Shape, TooMuch> {
        let node = NodeNo(found.next);
        found.next = found.next.saturating_add(1);
        Ok(match predicate {
            Predicate::All(parts) => Shape::All(node, self.shapes(parts, found)?),
            Predicate::Any(parts) => Shape::Any(node, self.shapes(parts, found)?),
            Predicate::Not(part) => Shape::Not(node, Box::new(self.shape(part, found)?)),
            Predicate::Criterion(criterion) => {
                let of = self.test(criterion, found)?;
                if let Criterion::Same(same) = criterion {
                    found.next = found.next.saturating_add(same.who.nodes().len() as u16);
                }
                Shape::Test(Test { node, of })
            }
        })
    }

    fn shapes(&self, parts: &[Predicate], found: &mut Found<'_>) -> Result<Vec<Shape>, TooMuch> {
        parts.iter().map(|part| self.shape(part, found)).collect()
    }

    fn test(&self, criterion: &Criterion, found: &mut Found<'_>) -> Result<TestOf, TooMuch> {
        let calendar = &self.bound.definition().calendar;
        match criterion {
            Criterion::Fact(criterion) => Ok(self.looked_at(criterion).unwrap_or_else(|| {
                let class = FactClass::of(&criterion.fact);
                let calendar = calendar.clone();
                found.facts.push(FactLeaf { criterion: criterion.clone(), calendar, class });
                TestOf::Fact(found.facts.len() - 1)
            })),
            Criterion::Share(share) => Ok(TestOf::Share(share.clone())),
            _ => {
                let kept = self.bound.kept(criterion);
                let need = Scope { calendar, kept, most: self.most }.need(criterion)?;
                let Need { matter, keep, question } = need.expect("it is a test of events");
                Ok(TestOf::Leaf(found.needs.leaf(matter, keep), question))
            }
        }
    }

    /// The program of the segment that is looked at: a shadow looks at shadows first, what serves
    /// at what serves. A list has none.
    fn looked_at(&self, criterion: &FactCriterion) -> Option<TestOf> {
        let Fact::Segment(segment) = criterion.fact else { return None };
        let of = |is_shadow: bool| {
            let is_it = |p: &Program| p.owner.segment == segment && p.is_shadow == is_shadow;
            self.programs.iter().position(is_it)
        };
        let of_shadow = self.is_shadow.then(|| of(true)).flatten();
        let program = of_shadow.or_else(|| of(false))?;
        let FactIs::Op(op) = &criterion.is else { return None };
        let (if_in, if_out) = (op.takes_fact(Some("in")), op.takes_fact(None));
        Some(TestOf::Program { program, if_in, if_out })
    }
}

impl Shape {
    /// The tests, in order.
    pub(crate) fn tests(&self) -> Vec<&Test> {
        match self {
            Self::All(_, parts) | Self::Any(_, parts) => {
                parts.iter().flat_map(Self::tests).collect()
            }
            Self::Not(_, part) => part.tests(),
            Self::Test(test) => vec![test],
        }
    }

    fn renumber(&mut self, numbers: &[usize]) {
        match self {
            Self::All(_, parts) | Self::Any(_, parts) => {
                parts.iter_mut().for_each(|part| part.renumber(numbers));
            }
            Self::Not(_, part) => part.renumber(numbers),
            Self::Test(Test { of: TestOf::Leaf(leaf, _), .. }) => *leaf = numbers[*leaf],
            Self::Test(_) => {}
        }
    }
}

impl LivePlan {
    fn new(leaves: Vec<Leaf>, facts: Vec<FactLeaf>, programs: Vec<Program>) -> Self {
        let matching = Matching::new(&leaves);
        let mut users = vec![Bits::default(); leaves.len()];
        let mut by_class: [Bits; FactClass::N] = Default::default();
        // Who looks at a program looks at what it looks at: from the last, which nobody looks at.
        let mut lookers: Vec<Bits> = vec![Bits::default(); programs.len()];
        for (no, program) in programs.iter().enumerate().rev() {
            lookers[no].insert(no);
            let all = lookers[no].clone();
            for test in program.shape.tests() {
                match &test.of {
                    TestOf::Leaf(leaf, _) => users[*leaf].add(&all),
                    TestOf::Fact(fact) => by_class[facts[*fact].class as usize].add(&all),
                    TestOf::Program { program, .. } => lookers[*program].add(&all),
                    TestOf::Share(_) => {}
                }
            }
        }
        let by_owner = programs.iter().enumerate().map(|(no, p)| (p.owner, no)).collect();
        Self { leaves, facts, programs, by_owner, matching, users, by_class }
    }

    /// The leaves, by their ids.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// What is judged, in order.
    pub fn owners(&self) -> impl Iterator<Item = ProgramId> + '_ {
        self.programs.iter().map(|program| program.owner)
    }

    /// The place of a leaf.
    pub(crate) fn leaf(&self, id: LeafId) -> Option<usize> {
        self.leaves.binary_search_by_key(&id, |leaf| leaf.id).ok()
    }

    /// The place of a program.
    pub(crate) fn program(&self, owner: ProgramId) -> Option<usize> {
        self.by_owner.get(&owner).copied()
    }
}
