//! What happens in small worlds that live side by side in one engine?

use super::Dice;
use super::said::{Said, names_of};
use crate::access::{Actor, ActorKind};
use crate::clock::FixedClock;
use crate::edits::{Decided, LinkName, Wish};
use crate::engine::{Engine, Origin};
use crate::options::EngineOptions;
use crate::privacy::{EraseReason, ErasureState};
use crate::rules::{IdentityRules, KindRules, Limit, Trust};
use base::seed::Seed;
use base::{CustomerId, Duration as Span, Error, ErrorKind, IdentifierId, Position, Timestamp};
use collect::{Dialect, Parcel, RawItem};
use lexicon::{Identifier, IdentifierKind, Json, LinkRule};
use state::{IdentifierRow, LinkRow};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::task::JoinSet;

const BEGIN: Timestamp = Timestamp(1_790_000_000_000_000);
pub const PATIENCE: Duration = Duration::from_secs(300);

/// An engine with the time in hand.
pub struct Lived {
    pub engine: Arc<Engine>,
    pub clock: Arc<FixedClock>,
    _folder: TempDir,
}

/// One of the worlds in it.
pub struct World {
    pub number: u64,
    /// Everything that was sent.
    pub said: Vec<Said>,
    dice: Dice,
    decided: Vec<Position>,
    /// Until when who carries it was erased with it.
    erased: BTreeMap<Identifier, Timestamp>,
    /// Until when what came under it was erased, while it was somebody else's too.
    parted: BTreeMap<Identifier, Timestamp>,
}

impl Lived {
    pub async fn begin() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(FixedClock::at(BEGIN));
        let options = EngineOptions::for_tests(folder.path(), BEGIN);
        let options = EngineOptions { clock: clock.clone(), ..options };
        Self { engine: Engine::open(options).await.unwrap(), clock, _folder: folder }
    }

    /// An engine in which worlds have lived through so many steps each, the same for the same seed.
    pub async fn through(seed: u64, n_worlds: u64, n_steps: u64) -> (Arc<Self>, Vec<World>) {
        let lived = Arc::new(Self::begin().await);
        let seed = Seed::root(seed).child("rebuild");
        let mut dice = Dice(seed.rng());
        let world = |number| World::new(number, Dice(seed.nth(number).rng()));
        let mut worlds: Vec<World> = (0..n_worlds).map(world).collect();
        for hour in 0..n_steps {
            lived.clock.set(BEGIN.plus(Span::hours(hour as i64)));
            worlds = lived.step(worlds).await;
            // Rules are everybody's, so they change while nobody does anything.
            if dice.below(3) == 0 {
                let version = lived.engine.identity_rules().rules.version;
                let rules = any_rules(version, &mut dice);
                lived.engine.change_identity_rules(&somebody(), rules).await.unwrap();
            }
        }
        (lived, worlds)
    }

    /// Lets every world take a step; together, so that many share a batch.
    async fn step(self: &Arc<Self>, worlds: Vec<World>) -> Vec<World> {
        let mut steps = JoinSet::new();
        for mut world in worlds {
            let lived = Arc::clone(self);
            steps.spawn(async move {
                let erasure = world.step(&lived).await;
                (world, erasure)
            });
        }
        let mut taken = steps.join_all().await;
        taken.sort_unstable_by_key(|(world, _)| world.number);
        for erasure in taken.iter().filter_map(|(_, erasure)| *erasure) {
            self.until_erased(erasure).await;
        }
        taken.into_iter().map(|(world, _)| world).collect()
    }

    async fn until_erased(&self, erasure: Position) {
        let begun = Instant::now();
        loop {
            let found = self.engine.erasure(erasure).await.unwrap();
            if found.state == ErasureState::Done {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{found:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Sends events that reach us now.
    pub async fn send(&self, events: &[String]) {
        let item = |json: &String| RawItem { kind: None, json: json.as_str().into() };
        let parcel = Parcel {
            dialect: Dialect::Segment,
            write_key: None,
            sent_at: None,
            shared: Json::empty(),
            items: events.iter().map(item).collect(),
            is_single: false,
        };
        let source = self.engine.sources().by_write_key("test-write-key").unwrap();
        let received_at = self.engine.now();
        let origin = Origin { source, received_at, ip: None, user_agent: None };
        self.engine.accept(parcel, origin).await.unwrap();
        self.engine.caught_up(PATIENCE).await.unwrap();
    }

    /// The identifiers and links of one world.
    pub async fn world(&self, world: u64) -> (Vec<IdentifierRow>, Vec<LinkRow>) {
        let found = self.engine.shared.state.identifiers(&names_of(world)).await.unwrap();
        let rows: Vec<IdentifierRow> = found.into_iter().flatten().collect();
        let ids: Vec<IdentifierId> = rows.iter().map(|row| row.id).collect();
        let links = self.engine.shared.state.links_touching(&ids).await.unwrap();
        (rows, links)
    }
}

impl World {
    fn new(number: u64, dice: Dice) -> Self {
        Self {
            number,
            dice,
            said: Vec::new(),
            decided: Vec::new(),
            erased: BTreeMap::new(),
            parted: BTreeMap::new(),
        }
    }

    /// Does something; the answer is the erasure where it was one.
    async fn step(&mut self, lived: &Lived) -> Option<Position> {
        lived.engine.caught_up(PATIENCE).await.unwrap();
        let (rows, links) = lived.world(self.number).await;
        let customers: BTreeSet<CustomerId> = rows.iter().map(|row| row.customer).collect();
        let customers: Vec<CustomerId> = customers.into_iter().collect();
        match self.dice.below(100) {
            0..52 => self.say(lived).await,
            52..66 => {
                let one = self.dice.one(&customers).copied();
                if let (Some(one), Some(other)) = (one, self.dice.one(&customers).copied()) {
                    self.decide(lived, Wish::Merge(vec![one, other])).await;
                }
            }
            66..78 => self.turn(lived, (&rows, &links), false).await,
            78..84 => self.turn(lived, (&rows, &links), true).await,
            84..91 => {
                if let Some(&id) = self.dice.one(&self.decided) {
                    self.note(lived.engine.undo_decision(&somebody(), id).await);
                }
            }
            _ => {
                if let Some(&customer) = self.dice.one(&customers) {
                    return Some(self.erase(lived, customer, (&rows, &links)).await);
                }
            }
        }
        None
    }

    async fn say(&mut self, lived: &Lived) {
        let (first, now) = (self.said.len(), lived.engine.now());
        for n in 0..1 + self.dice.below(4) {
            let mut said = Said::any(self.number, first as u64 + n, now, &mut self.dice);
            said.is_left = !self.is_kept_out(&said);
            self.said.push(said);
        }
        let events: Vec<String> = self.said[first..].iter().map(Said::json).collect();
        lived.send(&events).await;
    }

    /// Whether it happened before somebody whom it is about was erased.
    fn is_kept_out(&self, said: &Said) -> bool {
        let before = |of: &BTreeMap<Identifier, Timestamp>, name: &Identifier| {
            of.get(name).is_some_and(|until| said.at <= *until)
        };
        said.names().iter().any(|name| before(&self.erased, name))
            || before(&self.parted, &said.came_under())
    }

    /// Withdraws a link, or restores one that is withdrawn.
    async fn turn(
        &mut self,
        lived: &Lived,
        (rows, links): (&[IdentifierRow], &[LinkRow]),
        is_back: bool,
    ) {
        let some: Vec<&LinkRow> = links.iter().filter(|l| is_withdrawn(l) == is_back).collect();
        if let Some(link) = self.dice.one(&some) {
            let name = LinkName { a: name(rows, link.a), b: name(rows, link.b), rule: link.rule };
            let wish = if is_back { Wish::Restore } else { Wish::Withdraw };
            self.decide(lived, wish(vec![name])).await;
        }
    }

    async fn decide(&mut self, lived: &Lived, wish: Wish) {
        self.note(lived.engine.decide(&somebody(), &wish, "").await);
    }

    /// What is so already, would change nothing, or is about somebody who is gone, is refused. Where
    /// the machine is busy a decision is carried out later than anybody waits for it.
    fn note(&mut self, decided: Result<Decided, Error>) {
        match decided {
            Ok(decided) => self.decided.push(decided.id),
            Err(error) => {
                let refusals = [ErrorKind::NotFound, ErrorKind::Conflict, ErrorKind::Invalid];
                let is_later = error.kind() == ErrorKind::Unavailable;
                assert!(is_later || refusals.contains(&error.kind()), "{error}");
            }
        }
    }

    /// Erases a customer, and notes what is left of what was said.
    async fn erase(
        &mut self,
        lived: &Lived,
        customer: CustomerId,
        (rows, links): (&[IdentifierRow], &[LinkRow]),
    ) -> Position {
        let now = lived.engine.now();
        let theirs = rows.iter().filter(|row| row.customer == customer);
        let theirs: BTreeSet<Identifier> = theirs.map(|row| row.identifier.clone()).collect();
        let given = self.given_by_others(&theirs, (rows, links));
        let (parted, erased): (BTreeSet<Identifier>, BTreeSet<Identifier>) =
            theirs.iter().cloned().partition(|name| given.contains(name));
        for said in self.said.iter_mut().filter(|said| said.is_left) {
            said.is_left = !theirs.contains(&said.came_under());
            if said.is_left {
                said.redact(&erased);
            }
        }
        // What nobody who is left has said goes too, whoever the rules had taken it from.
        let said: BTreeSet<Identifier> =
            self.said.iter().filter(|said| said.is_left).flat_map(Said::names).collect();
        let all = rows.iter().map(|row| &row.identifier).filter(|name| !theirs.contains(name));
        let nobodys: Vec<Identifier> = all.filter(|name| !said.contains(name)).cloned().collect();
        self.erased.extend(erased.into_iter().chain(nobodys).map(|name| (name, now)));
        self.parted.extend(parted.into_iter().map(|name| (name, now)));
        let reason = EraseReason::Request;
        lived.engine.erase(&somebody(), customer, reason, None).await.unwrap().row.id
    }

    /// What whoever is left has said of these, by links that nobody has withdrawn.
    fn given_by_others(
        &self,
        theirs: &BTreeSet<Identifier>,
        (rows, links): (&[IdentifierRow], &[LinkRow]),
    ) -> BTreeSet<Identifier> {
        let withdrawn: BTreeSet<(BTreeSet<Identifier>, LinkRule)> = links
            .iter()
            .filter(|link| is_withdrawn(link))
            .map(|link| ([name(rows, link.a), name(rows, link.b)].into(), link.rule))
            .collect();
        let is_other = |said: &&Said| said.is_left && !theirs.contains(&said.came_under());
        let links = self.said.iter().filter(is_other).flat_map(Said::links);
        let counting = links.filter(|link| !withdrawn.contains(link));
        counting.flat_map(|(ends, _)| ends).filter(|name| theirs.contains(name)).collect()
    }
}

pub fn somebody() -> Actor {
    Actor { kind: ActorKind::User, name: "Ann".to_owned() }
}

pub fn is_withdrawn(link: &LinkRow) -> bool {
    link.inert.as_deref() == Some("withdrawn")
}

/// Who has this number; a link of a world does not lead out of it.
pub fn name(rows: &[IdentifierRow], id: IdentifierId) -> Identifier {
    rows.iter().find(|row| row.id == id).expect("it is of this world").identifier.clone()
}

/// Limits so narrow that small worlds run into them. What is blocked stays: a blocked value is no
/// identifier, so it matters when it was said.
fn any_rules(version: u64, dice: &mut Dice) -> IdentityRules {
    let few = |dice: &mut Dice| (dice.below(3) > 0).then(|| 1 + dice.below(3) as u32);
    let mut kind = |kind| {
        let limit = Limit { ever: few(dice), month: few(dice), week: few(dice) };
        let trust = if dice.below(4) == 0 { Trust::Verified } else { Trust::Claimed };
        (kind, KindRules { limit, users_max: few(dice), visitors_max: few(dice), trust })
    };
    let kinds = vec![kind(IdentifierKind::Email), kind(IdentifierKind::AnonymousId)];
    IdentityRules { version, kinds, ..IdentityRules::default() }
}
