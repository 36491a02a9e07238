//! Are those in whom a segment's definition means, live and in batch, at every moment?
//!
//! The same random definitions are judged live (event by event, late and early, through merges and
//! unmerges, stored and read again at every step), in batch (folds and set algebra), and plainly by
//! looking at all events each time. They agree after everything that happens, and right before, at
//! and right after every moment that is said to be the next.

#[path = "agree/cases.rs"]
mod cases;
#[path = "agree/plain.rs"]
mod plain;

use base::{CustomerId, Duration, IdentifierId, SegmentId, Timestamp};
use cases::{BEGIN, GRID, Happening, N_IDENTIFIERS, Names};
use definition::{Bound, Definition};
use plain::{At, PlainFacts};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use roaring::RoaringTreemap;
use segment::{
    BatchPlan, Cause, EventSeen, FactClass, FactDirt, FactSets, Flip, LeafBook, LeafFold, Life,
    LivePlan, ProgramId, Serving, Step, compile,
};
use std::collections::BTreeMap;
use timeline::{Fact, PlainEvent, fold_plain};

/// Few, so that the bound is met.
const TRAIL_EVENTS_MAX: u32 = 5;

/// A customer: who they are, what is known, what is kept.
#[derive(Default)]
struct Customer {
    facts: PlainFacts,
    blob: Option<Vec<u8>>,
}

struct World {
    definitions: Vec<Definition>,
    kept: Option<Duration>,
    bounds: Vec<Bound>,
    plan: LivePlan,
    clock: Timestamp,
    /// The customer of each identifier, by the identifier that founded them.
    of: [usize; N_IDENTIFIERS],
    customers: BTreeMap<usize, Customer>,
    events: Vec<(usize, PlainEvent)>,
    flips: Vec<Flip>,
}

fn owner(k: usize) -> ProgramId {
    ProgramId { segment: SegmentId(k as u64 + 1), version: 1 }
}

fn bound(definition: &Definition, kept: Option<Duration>) -> Bound {
    Bound::new(definition.clone(), &Names { kept }).expect("definitions that can be used")
}

impl World {
    fn new(definitions: Vec<Definition>, kept: Option<Duration>) -> Self {
        let bounds: Vec<Bound> = definitions.iter().map(|of| bound(of, kept)).collect();
        let serving = |(k, bound)| Serving { owner: owner(k), bound, is_shadow: false };
        let all: Vec<Serving<'_>> = bounds.iter().enumerate().map(serving).collect();
        let book = LeafBook { trail_events_max: TRAIL_EVENTS_MAX, ..LeafBook::default() };
        let plan = compile(&all, &book).expect("a few definitions").plan;
        let of = std::array::from_fn(|k| k);
        let clock = Timestamp(BEGIN);
        let (customers, events, flips) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { definitions, kept, bounds, plan, clock, of, customers, events, flips }
    }

    /// What each definition says of a customer at `t`, looking at all events.
    fn plain(&self, customer: usize, t: Timestamp) -> Vec<bool> {
        let theirs = self.events.iter().filter(|(identifier, _)| self.of[*identifier] == customer);
        let events: Vec<&PlainEvent> = theirs.map(|(_, event)| event).collect();
        let mut facts = self.customers[&customer].facts.clone();
        let mut all = Vec::new();
        for (k, Definition { who, calendar }) in self.definitions.iter().enumerate() {
            let (most, kept) = (TRAIL_EVENTS_MAX as usize, self.kept);
            let is_in = plain::holds(who, &events, At { t, calendar, kept, most, facts: &facts });
            if is_in {
                facts.labels.push((Fact::Segment(owner(k).segment), "in".into()));
            }
            all.push(is_in);
        }
        all
    }

    fn step(&self, cause: Cause, dirty: FactDirt) -> Step {
        Step { clock: self.clock, rests: false, cause, dirty }
    }

    /// What is kept of a customer, with all that is due judged.
    fn life(&mut self, customer: usize) -> Life {
        let facts = PlainFacts { customer: CustomerId(customer as u64 + 1), labels: Vec::new() };
        let fresh = || Customer { facts, blob: None };
        let of = self.customers.entry(customer).or_insert_with(fresh);
        let mut life = Life::read(of.blob.as_deref()).expect("what was written");
        let step =
            Step { clock: self.clock, rests: false, cause: Cause::Time, dirty: FactDirt::NONE };
        let mut flips = Vec::new();
        let before = members(&life);
        life.fire(&self.plan, &step, &of.facts, &mut flips);
        check_flips(&before, &flips, &life);
        self.flips.extend(flips);
        life
    }

    fn keep(&mut self, customer: usize, life: &Life) {
        let (blob, due) = life.write(&self.plan);
        let read = Life::read(Some(&blob)).expect("what was written");
        assert_eq!((read.due(), members(&read)), (due, members(life)), "stored and read");
        self.customers.get_mut(&customer).expect("they are there").blob = Some(blob);
        assert!(due.is_none_or(|due| due > self.clock), "{due:?} is over at {:?}", self.clock);
    }

    /// Judges a customer after something happened.
    fn judge(&mut self, customer: usize, mut life: Life, (cause, dirty): (Cause, FactDirt)) {
        let step = self.step(cause, dirty);
        let (mut flips, before) = (Vec::new(), members(&life));
        let facts = &self.customers[&customer].facts;
        match cause {
            Cause::Merge | Cause::Unmerge => {
                life.judge_all(&self.plan, &step, facts, &mut flips);
            }
            _ => life.judge(&self.plan, &step, facts, &mut flips),
        }
        check_flips(&before, &flips, &life);
        let was_judged = self.customers[&customer].blob.is_some();
        let is_told = |flip: &Flip| !flip.tests.is_empty() || cause != Cause::Known;
        assert!(!was_judged || flips.iter().all(is_told), "what became known is told: {flips:?}");
        self.flips.extend(flips);
        self.keep(customer, &life);
    }

    fn happen(&mut self, happening: &Happening) {
        match *happening {
            Happening::Wait(cells) => self.clock = Timestamp(self.clock.0 + cells * GRID),
            Happening::Event { identifier, behind, .. } => {
                let at = Timestamp(self.clock.0 - behind * GRID);
                let seq = self.events.len() as u64 + 1;
                let (_, event) = cases::event(happening, at, seq).expect("it is an event");
                self.take(identifier, event);
            }
            Happening::Known { identifier, label } => {
                let customer = self.of[identifier];
                let life = self.life(customer);
                let of = self.customers.get_mut(&customer).expect("they are there");
                of.facts.labels.push(cases::known(label));
                let dirty = FactDirt::NONE.and(FactClass::Traits);
                self.judge(customer, life, (Cause::Known, dirty));
            }
            Happening::Merge(a, b) => self.merge(self.of[a], self.of[b]),
            Happening::Unmerge(identifier) => self.part(identifier),
        }
    }

    fn take(&mut self, identifier: usize, event: PlainEvent) {
        let customer = self.of[identifier];
        let mut life = self.life(customer);
        let seen = EventSeen {
            occurred_at: event.occurred_at,
            seq: event.seq,
            kind: event.kind,
            name: &event.name,
            source: event.source,
            properties: &event.properties,
            context: &event.context,
        };
        life.absorb(&self.plan, IdentifierId(identifier as u64 + 1), &seen, self.clock);
        let cause = Cause::Event(event.seq);
        self.events.push((identifier, event));
        self.judge(customer, life, (cause, FactDirt::NONE));
    }

    fn merge(&mut self, a: usize, b: usize) {
        let (old, young) = (a.min(b), a.max(b));
        if old == young {
            return;
        }
        let (mut life, other) = (self.life(old), self.life(young));
        life.join(&self.plan, other);
        let gone = self.customers.remove(&young).expect("they were there");
        let of = self.customers.get_mut(&old).expect("they are there");
        of.facts.labels.extend(gone.facts.labels);
        self.of.iter_mut().filter(|of| **of == young).for_each(|of| *of = old);
        self.judge(old, life, (Cause::Merge, FactDirt::ALL));
    }

    /// Whoever founded a customer stays.
    fn part(&mut self, identifier: usize) {
        let customer = self.of[identifier];
        if customer == identifier {
            return;
        }
        let mut life = self.life(customer);
        let parted = life.part(|id| id == IdentifierId(identifier as u64 + 1));
        self.of[identifier] = identifier;
        self.judge(customer, life, (Cause::Unmerge, FactDirt::ALL));
        let facts = PlainFacts { customer: CustomerId(identifier as u64 + 1), labels: Vec::new() };
        self.customers.insert(identifier, Customer { facts, blob: None });
        self.judge(identifier, parted, (Cause::Unmerge, FactDirt::ALL));
    }

    /// Live memberships are what is plainly so, of everybody who was judged at the clock.
    fn check(&mut self) {
        let customers: Vec<usize> = self.customers.keys().copied().collect();
        for customer in customers {
            let life = self.life(customer);
            assert_eq!(members(&life), self.plain(customer, self.clock), "at {:?}", self.clock);
            self.keep(customer, &life);
        }
    }

    /// The batch at the clock finds the same.
    fn check_batch(&self) {
        let mut first = RoaringTreemap::new();
        for (k, bound) in self.bounds.iter().enumerate() {
            let most = TRAIL_EVENTS_MAX;
            let plan = BatchPlan::with(&[bound], self.clock, most).expect("one definition");
            let events: Vec<PlainEvent> = self.events.iter().map(|e| self.theirs(e)).collect();
            let no_traits = timeline::PlainFacts::new();
            let folds = plan.folds();
            let fold = |fold: &LeafFold| fold_plain(fold, &events, &no_traits).0;
            let totals = folds.iter().map(fold).collect();
            let everybody: RoaringTreemap = self.customers.keys().map(|c| *c as u64 + 1).collect();
            let facts = Sets { world: self, first: &first };
            let found = plan.sets(totals, &facts, &everybody).remove(0);
            let of = |c: &&usize| self.plain(**c, self.clock)[k];
            let plain: RoaringTreemap =
                self.customers.keys().filter(of).map(|c| *c as u64 + 1).collect();
            assert_eq!(found.set, plain, "in batch, at {:?}", self.clock);
            let (root, n) = found.parts[0];
            assert_eq!((root.0, n), (0, plain.len()));
            if k == 0 {
                first = found.set;
            }
        }
    }

    fn theirs(&self, (identifier, event): &(usize, PlainEvent)) -> PlainEvent {
        let customer = CustomerId(self.of[*identifier] as u64 + 1);
        PlainEvent { customer, ..event.clone() }
    }

    /// Goes on without news from one moment that is said to be the next to the following.
    fn check_edges(&mut self) {
        let customers: Vec<usize> = self.customers.keys().copied().collect();
        for customer in customers {
            for _ in 0..12 {
                let life = self.life(customer);
                let now = members(&life);
                self.keep(customer, &life);
                let last = Timestamp(self.clock.0 + 20 * GRID);
                let until = life.due().unwrap_or(last);
                self.check_between((customer, &now), until);
                let Some(due) = life.due() else { break };
                self.clock = due;
                let life = self.life(customer);
                assert_eq!(members(&life), self.plain(customer, due), "at its edge {due:?}");
                self.keep(customer, &life);
            }
        }
    }

    /// Nothing turns between the clock and `until`.
    fn check_between(&self, (customer, now): (usize, &[bool]), until: Timestamp) {
        let right_before = Timestamp(until.0 - 1);
        let cells = (1..=6).map(|k| Timestamp(self.clock.0 + k * GRID));
        let right_after = cells.clone().map(|at| Timestamp(at.0 + 1));
        let all = cells.chain(right_after).chain([right_before, Timestamp(self.clock.0 + 1)]);
        for t in all.filter(|t| *t >= self.clock && *t < until) {
            assert_eq!(self.plain(customer, t), now, "between, at {t:?}, until {until:?}");
        }
    }
}

/// What the batch is told of facts.
struct Sets<'w> {
    world: &'w World,
    first: &'w RoaringTreemap,
}

impl FactSets for Sets<'_> {
    fn labels(&self, fact: &Fact, each: &mut dyn FnMut(CustomerId, &str)) {
        if let Fact::Segment(_) = fact {
            self.first.iter().for_each(|id| each(CustomerId(id), "in"));
            return;
        }
        for customer in self.world.customers.values() {
            let label = segment::Facts::label(&customer.facts, fact);
            label.into_iter().for_each(|label| each(customer.facts.customer, &label));
        }
    }
}

fn members(life: &Life) -> Vec<bool> {
    (0..2).map(|k| life.members().iter().any(|member| member.owner == owner(k))).collect()
}

/// Flips lead from what was to what is, turn by turn.
fn check_flips(before: &[bool], flips: &[Flip], life: &Life) {
    let mut now = before.to_vec();
    for flip in flips {
        let k = flip.owner.segment.0 as usize - 1;
        assert_ne!(now[k], flip.is_in, "who is in does not enter: {flip:?}");
        now[k] = flip.is_in;
        assert!(flip.cause != Cause::Time || !flip.tests.is_empty(), "no test turned: {flip:?}");
    }
    assert_eq!(now, members(life));
}

fn run(definitions: &[Definition], happenings: &[Happening], kept: Option<Duration>) -> Vec<Flip> {
    let mut world = World::new(definitions.to_vec(), kept);
    for happening in happenings {
        world.happen(happening);
        world.check();
    }
    world.check_batch();
    world.check_edges();
    world.flips
}

/// The cases are such that something could go wrong: people enter and leave in every way.
#[test]
fn the_cases_turn_in_every_way() {
    let mut runner = TestRunner::deterministic();
    let all = (cases::definitions(), cases::happenings(), kept());
    let mut causes: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for _ in 0..150 {
        let (definitions, happenings, kept) = all.new_tree(&mut runner).expect("a case").current();
        for flip in run(&definitions, &happenings, kept) {
            let cause = match flip.cause {
                Cause::Event(_) => "event",
                Cause::Time => "time",
                Cause::Known => "known",
                Cause::Merge => "merge",
                _ => "unmerge",
            };
            *causes.entry((cause, flip.is_in)).or_default() += 1;
        }
    }
    let enters = ["event", "time", "known", "merge", "unmerge"].map(|cause| (cause, true));
    for turn in enters.into_iter().chain([("event", false), ("time", false)]) {
        let n = causes.get(&turn).copied().unwrap_or_default();
        assert!(n >= 5, "{turn:?}: {causes:?}");
    }
}

fn kept() -> impl Strategy<Value = Option<Duration>> {
    prop_oneof![3 => Just(None), 1 => (4..30_i64).prop_map(|cells| Some(Duration(cells * GRID)))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn live_batch_and_plain_agree(
        definitions in cases::definitions(),
        happenings in cases::happenings(),
        kept in kept(),
    ) {
        run(&definitions, &happenings, kept);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100_000, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "takes minutes"]
    fn live_batch_and_plain_agree_for_long(
        definitions in cases::definitions(),
        happenings in cases::happenings(),
        kept in kept(),
    ) {
        run(&definitions, &happenings, kept);
    }
}
