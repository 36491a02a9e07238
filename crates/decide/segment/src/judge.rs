//! Who is in which segment, from when to when?
//!
//! One customer's [`Life`] goes on with the log: what is due is judged first ([`Life::fire`]), then
//! events are taken ([`Life::absorb`]), then what they touched is judged ([`Life::judge`]). When
//! nothing comes, nothing is looked at until it is due: the moment is a lower bound of the next
//! flip, so a look may be too early, never too late.

use crate::bits::Bits;
use crate::compile::{FactDirt, LivePlan, ProgramId, Shape, Test, TestOf};
use crate::error::DecodeError;
use crate::leaf::LeafId;
use crate::lives::{Held, Lives, Member};
use crate::matching::EventSeen;
use crate::next;
use crate::state::{State, earliest};
use base::{CustomerId, IdentifierId, Timestamp};
use definition::{Judged, NodeNo};
use std::borrow::Cow;
use std::collections::HashMap;
use timeline::Fact;

/// What is known of a customer now.
pub trait Facts {
    /// The label of a fact; `None` where it is absent.
    fn label(&self, fact: &Fact) -> Option<Cow<'_, str>>;
    /// Whose facts these are.
    fn customer(&self) -> CustomerId;
}

/// At which moment, and after what, is judged.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The log's clock.
    pub clock: Timestamp,
    /// Whether they rest: then they are in no segment.
    pub rests: bool,
    /// After what.
    pub cause: Cause,
    /// Which facts may have changed.
    pub dirty: FactDirt,
}

/// Why somebody entered or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// An event of this number.
    Event(u64),
    /// Time went on.
    Time,
    /// Something became known.
    Known,
    /// They were found to be somebody else, too.
    Merge,
    /// They were found not to be somebody else.
    Unmerge,
    /// The definition changed.
    Definition,
    /// They rest, or do not any more.
    Rest,
    /// Somebody said so.
    Hand,
}

/// Somebody entered or left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// What.
    pub owner: ProgramId,
    /// Whether they are in now.
    pub is_in: bool,
    /// When.
    pub at: Timestamp,
    /// After what.
    pub cause: Cause,
    /// The tests that turned; none where they were judged for the first time.
    pub tests: Vec<NodeNo>,
    /// Whether somebody who was merged into them was in already, since when they are.
    pub continues: bool,
}

/// What is kept of one customer, being judged.
#[derive(Clone, Debug, Default)]
pub struct Life {
    lives: Lives,
    /// What was known of the leaves that were touched since they were judged.
    before: HashMap<usize, Option<State>>,
    /// The segments in which those were who were merged into them.
    inherited: Vec<Member>,
}

impl Life {
    /// The life that was stored, or that of somebody new.
    ///
    /// # Errors
    /// If the bytes are no lives.
    pub fn read(blob: Option<&[u8]>) -> Result<Self, DecodeError> {
        let lives = blob.map(Lives::read).transpose()?.unwrap_or_default();
        Ok(Self { lives, ..Self::default() })
    }

    /// When they are to be judged next at the latest; `None`: not without news.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.lives.due
    }

    /// The segments they are in.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.lives.members
    }

    /// Judges at every moment that is due up to the clock, facts being as they were. Called before
    /// anything else of the clock is taken.
    pub fn fire(&mut self, plan: &LivePlan, step: &Step, facts: &dyn Facts, out: &mut Vec<Flip>) {
        while let Some(due) = self.lives.due.filter(|due| *due <= step.clock) {
            let at_due = Step { clock: due, cause: Cause::Time, dirty: FactDirt::NONE, ..*step };
            self.judge_these(plan, &at_due, &Bits::below(plan.programs.len()), (facts, out));
        }
    }

    /// Takes an event, which came under `identifier`, into what is known there.
    pub fn absorb(
        &mut self,
        plan: &LivePlan,
        identifier: IdentifierId,
        event: &EventSeen<'_>,
        clock: Timestamp,
    ) {
        for (no, item) in plan.matching.touched(event, &plan.leaves) {
            let leaf = &plan.leaves[no];
            if event.seq < leaf.since {
                continue;
            }
            self.remember(plan, no);
            let held = self.lives.fragment(identifier).held(leaf.id).cloned();
            let mut state = match &held {
                Some(held) => self.lives.decoded(held, leaf),
                None => leaf.keep.start(),
            };
            state.absorb(&item, leaf.keep);
            state.trim(leaf.keep, clock);
            self.lives.fragment(identifier).put(leaf.id, Held::State(state));
        }
    }

    /// Judges what was touched since the last time, and what looks at dirty facts.
    pub fn judge(&mut self, plan: &LivePlan, step: &Step, facts: &dyn Facts, out: &mut Vec<Flip>) {
        if self.lives.judged_at.is_none() {
            return self.judge_all(plan, step, facts, out);
        }
        let mut these = Bits::default();
        self.before.keys().for_each(|no| these.add(&plan.users[*no]));
        step.dirty.classes().for_each(|class| these.add(&plan.by_class[class]));
        self.judge_these(plan, step, &these, (facts, out));
    }

    /// Judges everything, whatever was touched.
    pub fn judge_all(
        &mut self,
        plan: &LivePlan,
        step: &Step,
        facts: &dyn Facts,
        out: &mut Vec<Flip>,
    ) {
        self.judge_these(plan, step, &Bits::below(plan.programs.len()), (facts, out));
    }

    /// Takes over all that is known of another customer, who is found to be the same. Whoever
    /// enters a segment by it that the other was in continues there. To be judged whole after it.
    pub fn join(&mut self, plan: &LivePlan, other: Self) {
        self.lives.due = earliest(self.lives.due, other.lives.due);
        for id in other.lives.leaves() {
            if let Some(no) = plan.leaf(id) {
                self.remember(plan, no);
            }
        }
        self.lives.take(&other.lives, plan);
        self.inherited.extend(other.lives.members);
    }

    /// Parts off what came under the identifiers that go. Both are to be judged whole after it.
    #[must_use]
    pub fn part(&mut self, goes: impl Fn(IdentifierId) -> bool) -> Self {
        Self { lives: self.lives.part(goes), ..Self::default() }
    }

    /// Joins what was filled in of a leaf under an identifier. To be judged whole after it.
    pub fn pour(
        &mut self,
        plan: &LivePlan,
        (identifier, leaf): (IdentifierId, LeafId),
        state: &State,
    ) {
        if let Some(no) = plan.leaf(leaf) {
            self.lives.join_state(identifier, &plan.leaves[no], state);
        }
    }

    /// The bytes to be stored, and when they are to be judged next.
    #[must_use]
    pub fn write(&self, plan: &LivePlan) -> (Vec<u8>, Option<Timestamp>) {
        (self.lives.write(plan), self.lives.due)
    }

    /// Notes what is known of a leaf that is about to be touched.
    fn remember(&mut self, plan: &LivePlan, no: usize) {
        let lives = &self.lives;
        self.before.entry(no).or_insert_with(|| lives.state(&plan.leaves[no]));
    }

    fn judge_these(
        &mut self,
        plan: &LivePlan,
        step: &Step,
        these: &Bits,
        (facts, out): (&dyn Facts, &mut Vec<Flip>),
    ) {
        let mut look = Look::new((plan, facts), step, &self.lives);
        let mut flipped = Vec::new();
        let mut due = None;
        for no in these.iter() {
            let judged = look.program(no);
            due = earliest(due, judged.until);
            if judged.holds != look.is_member(no) {
                flipped.push((no, judged.holds));
            }
        }
        let tests: Vec<Vec<NodeNo>> =
            flipped.iter().map(|(no, _)| look.turned(*no, &self.before)).collect();
        let is_all = these.iter().count() == plan.programs.len();
        let others = if is_all { None } else { self.lives.due };
        self.lives.due = earliest(due, others);
        self.lives.judged_at = self.lives.judged_at.max(Some(step.clock));
        for ((no, is_in), tests) in flipped.into_iter().zip(tests) {
            out.push(self.turn((plan.programs[no].owner, is_in), step, tests));
        }
        self.before.clear();
        if is_all {
            self.inherited.clear();
        }
    }

    /// Lets them enter or leave.
    fn turn(&mut self, (owner, is_in): (ProgramId, bool), step: &Step, tests: Vec<NodeNo>) -> Flip {
        let before = self.inherited.iter().filter(|member| member.owner == owner);
        let before = before.map(|member| member.since).min().filter(|_| is_in);
        self.lives.members.retain(|member| member.owner != owner);
        if is_in {
            let since = before.unwrap_or(step.clock);
            self.lives.members.push(Member { owner, since });
        }
        let (at, cause, continues) = (step.clock, step.cause, before.is_some());
        Flip { owner, is_in, at, cause, tests, continues }
    }
}

/// One look at a customer.
struct Look<'l> {
    plan: &'l LivePlan,
    facts: &'l dyn Facts,
    step: &'l Step,
    lives: &'l Lives,
    /// Whether they are in each program as yet.
    is_in: Vec<bool>,
    /// What programs came to that were judged in this look.
    judged: Vec<Option<Judged>>,
    /// The states of leaves that were looked at; of some nothing is known.
    states: Vec<Option<Option<State>>>,
}

impl<'l> Look<'l> {
    fn new((plan, facts): (&'l LivePlan, &'l dyn Facts), step: &'l Step, lives: &'l Lives) -> Self {
        let mut is_in = vec![false; plan.programs.len()];
        for member in &lives.members {
            plan.program(member.owner).into_iter().for_each(|no| is_in[no] = true);
        }
        let judged = vec![None; plan.programs.len()];
        let mut states = Vec::new();
        states.resize_with(plan.leaves.len(), || None);
        Self { plan, facts, step, lives, is_in, judged, states }
    }

    fn is_member(&self, no: usize) -> bool {
        self.is_in[no]
    }

    fn program(&mut self, no: usize) -> Judged {
        if self.step.rests {
            return Judged::always(false);
        }
        let plan = self.plan;
        let judged = self.shape(&plan.programs[no].shape);
        // What is said to turn at once is looked at a moment later.
        let next = Timestamp(self.step.clock.0.saturating_add(1));
        let judged = Judged { until: judged.until.map(|until| until.max(next)), ..judged };
        self.judged[no] = Some(judged);
        judged
    }

    fn shape(&mut self, shape: &Shape) -> Judged {
        match shape {
            Shape::All(_, parts) => next::all(parts.iter().map(|part| self.shape(part))),
            Shape::Any(_, parts) => next::any(parts.iter().map(|part| self.shape(part))),
            Shape::Not(_, part) => next::not(self.shape(part)),
            Shape::Test(test) => self.test(test),
        }
    }

    fn test(&mut self, test: &Test) -> Judged {
        let (plan, t) = (self.plan, self.step.clock);
        match &test.of {
            TestOf::Leaf(no, question) => {
                let (lives, leaf) = (self.lives, &plan.leaves[*no]);
                let state = self.states[*no].get_or_insert_with(|| lives.state(leaf));
                match state {
                    Some(state) => question.judge(state, leaf.keep.most(), t),
                    None => Judged::always(question.holds_of_nothing()),
                }
            }
            TestOf::Fact(no) => {
                let fact = &plan.facts[*no];
                let label = self.facts.label(&fact.criterion.fact);
                fact.criterion.judge(label.as_deref(), (t, &fact.calendar))
            }
            TestOf::Program { program, if_in, if_out } => {
                let unjudged = || Judged { holds: self.is_member(*program), until: self.lives.due };
                let judged = self.judged[*program].unwrap_or_else(unjudged);
                Judged { holds: if judged.holds { *if_in } else { *if_out }, ..judged }
            }
            TestOf::Share(share) => Judged::always(share.takes(self.facts.customer())),
        }
    }

    /// The tests of a program that turned: those of events say otherwise of what was known before;
    /// those of dirty facts are such that the program would not have turned without them. Where
    /// only several facts together turned it, they are all of the dirty ones.
    fn turned(&mut self, no: usize, before: &HashMap<usize, Option<State>>) -> Vec<NodeNo> {
        let plan = self.plan;
        let shape = &plan.programs[no].shape;
        let tests = shape.tests();
        let mut turned: Vec<NodeNo> = Vec::new();
        for test in &tests {
            if self.has_turned(test, shape, before) {
                turned.push(test.node);
            }
        }
        if turned.is_empty() {
            let dirty = tests.into_iter().filter(|test| self.is_dirty(test));
            turned.extend(dirty.map(|test| test.node));
        }
        turned
    }

    fn is_dirty(&self, test: &Test) -> bool {
        match test.of {
            TestOf::Fact(no) => self.step.dirty.has(self.plan.facts[no].class),
            _ => false,
        }
    }

    fn has_turned(
        &mut self,
        test: &Test,
        shape: &Shape,
        before: &HashMap<usize, Option<State>>,
    ) -> bool {
        let now = self.test(test).holds;
        let is_time = self.step.cause == Cause::Time;
        let just_before = Timestamp(self.step.clock.0.saturating_sub(1));
        let t = if is_time { just_before } else { self.step.clock };
        match &test.of {
            TestOf::Leaf(leaf, question) => {
                let now_known = || self.states[*leaf].as_ref().and_then(Option::as_ref);
                let known = before.get(leaf).map_or_else(now_known, Option::as_ref);
                let then = known.map_or(question.holds_of_nothing(), |state| {
                    question.judge(state, self.plan.leaves[*leaf].keep.most(), t).holds
                });
                then != now
            }
            TestOf::Fact(no) => {
                let fact = &self.plan.facts[*no];
                if is_time {
                    let label = self.facts.label(&fact.criterion.fact);
                    return fact.criterion.judge(label.as_deref(), (t, &fact.calendar)).holds
                        != now;
                }
                self.is_dirty(test) && self.is_pivotal(test, shape)
            }
            TestOf::Program { program, if_in, if_out } => {
                let was_in = self.is_member(*program);
                now != if was_in { *if_in } else { *if_out }
            }
            TestOf::Share(_) => false,
        }
    }

    /// Whether it would be otherwise if this test were.
    fn is_pivotal(&mut self, test: &Test, shape: &Shape) -> bool {
        self.truth(shape, None) != self.truth(shape, Some(test.node))
    }

    fn truth(&mut self, shape: &Shape, turned: Option<NodeNo>) -> bool {
        match shape {
            Shape::All(_, parts) => parts.iter().all(|part| self.truth(part, turned)),
            Shape::Any(_, parts) => parts.iter().any(|part| self.truth(part, turned)),
            Shape::Not(_, part) => !self.truth(part, turned),
            Shape::Test(test) => self.test(test).holds != (turned == Some(test.node)),
        }
    }
}
