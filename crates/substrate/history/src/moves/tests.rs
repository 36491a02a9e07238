//! Does everybody get their rows, and only theirs, wherever rows were written and whenever?

use super::*;
use proptest::prelude::*;

fn moved(identifier: u64, from: u64, to: Option<u64>, at: u64) -> Moved {
    Moved {
        identifier: IdentifierId(identifier),
        from: CustomerId(from),
        to: to.map(CustomerId),
        at: Position(at),
    }
}

fn after(all: &[Moved]) -> Moves {
    let mut moves = Moves::default();
    all.iter().for_each(|moved| moves.put(moved, true));
    moves
}

/// The moves; per customer: whether they are touched, and the others whom their rows may say.
fn check(all: &[Moved], expected: &[(u64, bool, &[u64])]) {
    let moves = after(all);
    for &(customer, is_touched, sources) in expected {
        let customer = CustomerId(customer);
        assert_eq!(moves.is_touched(customer), is_touched, "{all:?}, {customer}");
        let found: Vec<u64> = moves.sources_of(customer).map(|source| source.0).collect();
        assert_eq!(found, sources, "{all:?}, {customer}");
    }
    let touched: Vec<CustomerId> = moves.iter_touched().collect();
    assert!(touched.is_sorted() && touched.iter().all(|&customer| moves.is_touched(customer)));
}

#[test]
fn merges_and_chains_lead_to_the_last() {
    check(&[], &[(1, false, &[])]);
    check(&[moved(1, 1, Some(2), 5)], &[(1, true, &[]), (2, true, &[1]), (3, false, &[])]);
    let chain = [moved(1, 1, Some(2), 5), moved(1, 2, Some(3), 6), moved(2, 2, Some(3), 6)];
    check(&chain, &[(1, true, &[]), (2, true, &[]), (3, true, &[1, 2])]);
    let moves = after(&chain);
    for (identifier, written) in [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)] {
        let (identifier, written) = (IdentifierId(identifier), CustomerId(written));
        assert_eq!(moves.customer_of(identifier, written), Some(CustomerId(3)));
    }
    assert_eq!(moves.customer_of(IdentifierId(9), CustomerId(1)), Some(CustomerId(1)));
    assert_eq!(moves.n_stale(), 3);
}

#[test]
fn there_and_back_leaves_only_what_was_written_between() {
    let back = [moved(1, 1, Some(2), 5), moved(1, 2, Some(1), 8)];
    check(&back, &[(1, true, &[2]), (2, true, &[])]);
    let moves = after(&back);
    assert_eq!(moves.customer_of(IdentifierId(1), CustomerId(2)), Some(CustomerId(1)));
    let left = moves.without(|customer, at| customer == CustomerId(2) && at > Position(8));
    let left = left.expect("nothing was written before 8 under 2");
    assert!(left.is_empty() && !left.is_touched(CustomerId(1)), "{left:?}");
    assert_eq!(left.forgotten_through(), Position(8));
    assert_eq!(moves.without(|_, _| true), None);
}

#[test]
fn rows_of_somebody_erased_are_nobodys() {
    let all = [moved(1, 1, Some(2), 5), moved(1, 1, None, 9), moved(1, 2, None, 9)];
    check(&all, &[(1, true, &[]), (2, true, &[])]);
    let moves = after(&all);
    assert_eq!(moves.customer_of(IdentifierId(1), CustomerId(1)), None);
    assert_eq!(moves.customer_of(IdentifierId(1), CustomerId(2)), None);
    assert_eq!(moves.customer_of(IdentifierId(2), CustomerId(2)), Some(CustomerId(2)));
}

#[test]
fn what_no_row_is_stale_by_is_not_kept() {
    let mut moves = Moves::default();
    moves.put(&moved(1, 1, Some(2), 5), false);
    assert!(moves.is_empty());
    assert_eq!(moves.forgotten_through(), Position(5));
    moves.put(&moved(2, 1, Some(2), 6), true);
    moves.put(&moved(2, 2, Some(3), 7), false);
    assert_eq!(moves.n_stale(), 1);
    assert_eq!(moves.customer_of(IdentifierId(2), CustomerId(1)), Some(CustomerId(3)));
    assert!(!moves.is_touched(CustomerId(2)));
}

const N_IDENTIFIERS: u64 = 6;

#[derive(Clone, Debug)]
enum Step {
    Move(u64, u64),
    Erase(u64),
    /// Events of these identifiers come in.
    Add(Vec<u64>),
    /// Somebody begins to write some of the places anew.
    Begin(u8),
    /// They are done; what is stale no more is forgotten.
    Install,
    /// The program ends and starts again.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let one = 0..N_IDENTIFIERS;
    prop_oneof![
        6 => (one.clone(), one.clone()).prop_map(|(a, b)| Step::Move(a, b)),
        1 => one.clone().prop_map(Step::Erase),
        4 => prop::collection::vec(one, 1..4).prop_map(Step::Add),
        3 => any::<u8>().prop_map(Step::Begin),
        3 => Just(Step::Install),
        1 => Just(Step::Restart),
    ]
}

/// Rows that were written together: identifier and customer.
#[derive(Clone, Debug)]
struct Place {
    written_through: Position,
    rows: Vec<(u64, CustomerId)>,
}

#[derive(Default)]
struct World {
    now: u64,
    owners: HashMap<u64, Option<CustomerId>>,
    ledger: Vec<Moved>,
    places: Vec<Place>,
    /// Places being written anew, by number, and what they become.
    flight: Option<(Vec<usize>, Place)>,
    moves: Moves,
}

impl World {
    fn owner(&self, identifier: u64) -> Option<CustomerId> {
        self.owners.get(&identifier).copied().unwrap_or(Some(CustomerId(identifier)))
    }

    fn may_lie(places: &[Place], customer: CustomerId, at: Position) -> bool {
        let older = places.iter().filter(|place| place.written_through < at);
        older.flat_map(|place| &place.rows).any(|&(_, written)| written == customer)
    }

    fn tell(&mut self, moved: Moved) {
        self.moves.put(&moved, true);
        self.ledger.push(moved);
        self.owners.insert(moved.identifier.0, moved.to);
    }

    fn take(&mut self, step: &Step) {
        self.now += 1;
        let at = Position(self.now);
        match step {
            Step::Move(id, to) => {
                let to = Some(CustomerId(*to));
                if let Some(from) = self.owner(*id).filter(|&from| Some(from) != to) {
                    self.tell(Moved { identifier: IdentifierId(*id), from, to, at });
                }
            }
            Step::Erase(id) => {
                for from in (0..N_IDENTIFIERS).map(CustomerId) {
                    self.tell(Moved { identifier: IdentifierId(*id), from, to: None, at });
                }
            }
            Step::Add(ids) => {
                let rows = ids.iter().filter_map(|&id| Some((id, self.owner(id)?))).collect();
                self.places.push(Place { written_through: at, rows });
            }
            Step::Begin(which) => {
                let some = |n: &usize| which >> (n % 8) & 1 == 1;
                let inputs: Vec<usize> = (0..self.places.len()).filter(some).collect();
                let rows = inputs.iter().flat_map(|&n| &self.places[n].rows);
                let rows = rows.filter_map(|&(id, _)| Some((id, self.owner(id)?))).collect();
                self.flight = Some((inputs, Place { written_through: at, rows }));
            }
            Step::Install => self.install(),
            Step::Restart => {
                self.flight = None;
                self.moves = Moves::default();
                for moved in &self.ledger {
                    let may_lie = Self::may_lie(&self.places, moved.from, moved.at);
                    self.moves.put(moved, may_lie);
                }
            }
        }
    }

    fn install(&mut self) {
        let Some((inputs, place)) = self.flight.take() else { return };
        assert!(place.written_through >= self.moves.forgotten_through());
        let mut n = 0..;
        self.places.retain(|_| !inputs.contains(&n.next().expect("numbers do not end")));
        self.places.push(place);
        let may_lie = |customer, at| Self::may_lie(&self.places, customer, at);
        if let Some(left) = self.moves.without(may_lie) {
            self.moves = left;
        }
    }

    fn check(&self) {
        for &(id, written) in self.places.iter().flat_map(|place| &place.rows) {
            let owner = self.owner(id);
            assert_eq!(self.moves.customer_of(IdentifierId(id), written), owner);
            if owner != Some(written) {
                assert!(self.moves.is_touched(written));
            }
            if let Some(owner) = owner.filter(|&owner| owner != written) {
                assert!(self.moves.is_touched(owner));
                assert!(self.moves.sources_of(owner).any(|source| source == written));
            }
        }
        let counted: HashMap<CustomerId, u32> = {
            let written = self.moves.iter_stale().map(|(written, _)| written);
            let owners = self.moves.owed.iter().map(|&(owner, ..)| owner);
            written.chain(owners).fold(HashMap::new(), |mut counted, customer| {
                *counted.entry(customer).or_default() += 1;
                counted
            })
        };
        assert_eq!(counted, self.moves.touched);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn everybody_has_their_rows(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World::default();
        for step in &steps {
            world.take(step);
            world.check();
        }
        // Once everything is written anew nothing is stale, and nothing is remembered.
        world.take(&Step::Install);
        world.take(&Step::Begin(u8::MAX));
        world.take(&Step::Install);
        world.check();
        prop_assert!(world.moves.is_empty(), "{:?}", world.moves);
    }
}
