//! What is stored of one customer, so that their segments can be judged without their events?
//!
//! Version 1: a version byte; whether and when they were judged last, and when they are to be judged next; the
//! segments that they are in; by identifier (ascending), the leaves (by id) and the bytes of their
//! states. Only what is asked for is decoded; the rest is copied. What no plan knows any more is
//! left out when it is written next.

use crate::bytes::{Reader, put, put_signed};
use crate::compile::{LivePlan, ProgramId};
use crate::error::DecodeError;
use crate::leaf::{Leaf, LeafId};
use crate::state::State;
use base::{IdentifierId, SegmentId, Timestamp};
use std::collections::BTreeSet;
use std::ops::Range;

/// The version that is written.
const VERSION: u8 = 1;

/// Since when somebody is in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// In which.
    pub owner: ProgramId,
    /// Since when.
    pub since: Timestamp,
}

/// All that is stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lives {
    /// What was read; states that were not asked for are stretches of it.
    bytes: Vec<u8>,
    pub(crate) fragments: Vec<Fragment>,
    pub(crate) members: Vec<Member>,
    /// `None`: never.
    pub(crate) judged_at: Option<Timestamp>,
    pub(crate) due: Option<Timestamp>,
}

/// The states under one identifier, by leaf.
#[derive(Clone, Debug)]
pub(crate) struct Fragment {
    pub(crate) identifier: IdentifierId,
    pub(crate) states: Vec<(LeafId, Held)>,
}

/// A state that was decoded or not.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    Bytes(Range<usize>),
    State(State),
}

impl Lives {
    pub(crate) fn read(blob: &[u8]) -> Result<Self, DecodeError> {
        let from = &mut Reader::new(blob);
        let version = from.byte().map_err(|_| DecodeError::Empty)?;
        if version != VERSION {
            return Err(DecodeError::UnknownVersion { found: version, newest: VERSION });
        }
        let was_judged = from.byte()? == 1;
        let judged_at = Timestamp(from.signed()?);
        let due = match from.whole()? {
            0 => None,
            after => Some(Timestamp(judged_at.0.wrapping_add_unsigned(after))),
        };
        let mut members = Vec::new();
        for _ in 0..from.count()? {
            members.push(read_member(from, judged_at)?);
        }
        let mut fragments = Vec::new();
        for _ in 0..from.count()? {
            fragments.push(read_fragment(from, blob.len())?);
        }
        if !from.is_empty() {
            return Err(DecodeError::Damaged { what: "bytes are left over" });
        }
        let judged_at = was_judged.then_some(judged_at);
        Ok(Self { bytes: blob.to_vec(), fragments, members, judged_at, due })
    }

    /// The bytes to be stored, of leaves and programs that `plan` knows.
    pub(crate) fn write(&self, plan: &LivePlan) -> Vec<u8> {
        let judged_at = self.judged_at.unwrap_or(Timestamp(0));
        let mut into = Vec::with_capacity(self.bytes.len() + 64);
        into.push(VERSION);
        into.push(self.judged_at.is_some().into());
        put_signed(&mut into, judged_at.0);
        let after = self.due.map_or(0, |due| due.0.wrapping_sub(judged_at.0).max(1));
        put(&mut into, after.cast_unsigned());
        let is_known = |member: &&Member| plan.program(member.owner).is_some();
        let members: Vec<&Member> = self.members.iter().filter(is_known).collect();
        put(&mut into, members.len() as u64);
        for Member { owner, since } in members {
            put(&mut into, owner.segment.0);
            put(&mut into, owner.version.into());
            put_signed(&mut into, judged_at.0.wrapping_sub(since.0));
        }
        put(&mut into, self.fragments.len() as u64);
        for fragment in &self.fragments {
            self.write_fragment(fragment, plan, &mut into);
        }
        into
    }

    fn write_fragment(&self, fragment: &Fragment, plan: &LivePlan, into: &mut Vec<u8>) {
        let is_kept = |(id, held): &&(LeafId, Held)| {
            plan.leaf(*id).is_some() && !matches!(held, Held::State(state) if state.is_empty())
        };
        let kept: Vec<&(LeafId, Held)> = fragment.states.iter().filter(is_kept).collect();
        put(into, fragment.identifier.0);
        put(into, kept.len() as u64);
        let mut before = 0;
        let mut bytes = Vec::new();
        for (id, held) in kept {
            put(into, (id.0 - before).into());
            before = id.0;
            let bytes: &[u8] = match held {
                Held::Bytes(range) => &self.bytes[range.clone()],
                Held::State(state) => {
                    bytes.clear();
                    state.encode(&mut bytes);
                    &bytes
                }
            };
            put(into, bytes.len() as u64);
            into.extend_from_slice(bytes);
        }
    }

    /// The state of a leaf that is held.
    ///
    /// # Panics
    /// If its bytes are damaged: those of a blob that was read whole are checked by the database.
    pub(crate) fn decoded(&self, held: &Held, leaf: &Leaf) -> State {
        match held {
            Held::State(state) => state.clone(),
            Held::Bytes(range) => {
                let state = State::decode(leaf.keep.form, &self.bytes[range.clone()]);
                state.expect("states are read as they were written")
            }
        }
    }

    /// The state of a leaf over all identifiers; `None` where nothing is known.
    pub(crate) fn state(&self, leaf: &Leaf) -> Option<State> {
        let mut all = self.fragments.iter().filter_map(|fragment| fragment.held(leaf.id));
        let mut state = self.decoded(all.next()?, leaf);
        for more in all {
            state.join(&self.decoded(more, leaf), leaf.keep);
        }
        Some(state)
    }

    /// The states under an identifier, none yet where it is new.
    pub(crate) fn fragment(&mut self, identifier: IdentifierId) -> &mut Fragment {
        let place = self.fragments.binary_search_by_key(&identifier, |f| f.identifier);
        let place = place.unwrap_or_else(|place| {
            self.fragments.insert(place, Fragment { identifier, states: Vec::new() });
            place
        });
        &mut self.fragments[place]
    }

    /// The leaves of which anything is known.
    pub(crate) fn leaves(&self) -> BTreeSet<LeafId> {
        self.fragments
            .iter()
            .flat_map(|fragment| fragment.states.iter().map(|(id, _)| *id))
            .collect()
    }

    /// Takes another's identifiers over.
    pub(crate) fn take(&mut self, other: &Self, plan: &LivePlan) {
        for theirs in &other.fragments {
            for (id, held) in &theirs.states {
                let Some(place) = plan.leaf(*id) else { continue };
                let leaf = &plan.leaves[place];
                let state = other.decoded(held, leaf);
                self.join_state(theirs.identifier, leaf, &state);
            }
        }
    }

    /// Joins a state to what is known under an identifier.
    pub(crate) fn join_state(&mut self, identifier: IdentifierId, leaf: &Leaf, state: &State) {
        let ours = self.fragment(identifier).held(leaf.id).cloned();
        let joined = match ours {
            None => state.clone(),
            Some(ours) => {
                let mut joined = self.decoded(&ours, leaf);
                joined.join(state, leaf.keep);
                joined
            }
        };
        self.fragment(identifier).put(leaf.id, Held::State(joined));
    }

    /// Parts off the identifiers that go.
    pub(crate) fn part(&mut self, goes: impl Fn(IdentifierId) -> bool) -> Self {
        let fragments = std::mem::take(&mut self.fragments);
        let (gone, stay) = fragments.into_iter().partition(|f: &Fragment| goes(f.identifier));
        self.fragments = stay;
        Self { bytes: self.bytes.clone(), fragments: gone, ..Self::default() }
    }
}

impl Fragment {
    pub(crate) fn held(&self, id: LeafId) -> Option<&Held> {
        let place = self.states.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(&self.states[place].1)
    }

    pub(crate) fn put(&mut self, id: LeafId, held: Held) {
        match self.states.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(place) => self.states[place].1 = held,
            Err(place) => self.states.insert(place, (id, held)),
        }
    }
}

fn read_member(from: &mut Reader<'_>, judged_at: Timestamp) -> Result<Member, DecodeError> {
    let segment = SegmentId(from.whole()?);
    let version = u32::try_from(from.whole()?);
    let version = version.map_err(|_| DecodeError::Damaged { what: "a version is too large" })?;
    let since = Timestamp(judged_at.0.wrapping_sub(from.signed()?));
    Ok(Member { owner: ProgramId { segment, version }, since })
}

fn read_fragment(from: &mut Reader<'_>, n_bytes: usize) -> Result<Fragment, DecodeError> {
    let identifier = IdentifierId(from.whole()?);
    let n = from.count()?;
    let mut states = Vec::with_capacity(n);
    let mut id: u32 = 0;
    for _ in 0..n {
        let step = u32::try_from(from.whole()?).ok().and_then(|step| id.checked_add(step));
        id = step.ok_or(DecodeError::Damaged { what: "a leaf is out of range" })?;
        let len = from.count()?;
        let begin = n_bytes - from.n_left();
        from.take(len)?;
        states.push((LeafId(id), Held::Bytes(begin..begin + len)));
    }
    Ok(Fragment { identifier, states })
}
