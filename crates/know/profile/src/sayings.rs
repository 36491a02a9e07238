//! Which values did one trait have under one identifier, since when, and who said so?

use crate::origin::{Origin, Span};
use base::{Limits, SourceId, Timestamp};
use std::sync::Arc;

/// Sources whose latest word on a trait is kept whatever else is said: a rule may trust one of
/// them more than all others.
const SOURCES_MAX: usize = 16;

/// One value of a trait by one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saying {
    /// As JSON text; `None` where the trait was taken away.
    pub(crate) value: Option<Box<str>>,
    pub(crate) span: Span,
}

impl Saying {
    pub(crate) fn source(&self) -> SourceId {
        self.span.last.source
    }

    /// What counts for more: what was said later; at the same moment the greater value, so that
    /// the order of arrival has no say.
    pub(crate) fn rank(&self) -> (Timestamp, Option<&str>, &Origin) {
        (self.span.last.at, self.value.as_deref(), &self.span.last)
    }

    fn is(&self, value: Option<&str>, source: SourceId) -> bool {
        self.source() == source && self.value.as_deref() == value
    }

    fn n_bytes(&self) -> usize {
        self.value.as_ref().map_or(0, |value| value.len())
    }
}

/// All that was said of one trait under one identifier.
///
/// A value that a source says again and again is one entry, with the first time, the last time and
/// how often. An entry's rank only rises, so what is kept of too many does not depend on the order
/// of arrival; only an entry that had fallen out and is said again begins anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sayings {
    /// Distinct by value and source, the highest rank first; never empty once something was said.
    pub(crate) said: Vec<Saying>,
    /// How many times something was said that is no longer kept.
    pub(crate) n_fallen: u64,
}

impl Sayings {
    /// Takes that `origin` says `value`.
    pub(crate) fn say(&mut self, value: Option<&str>, origin: Arc<Origin>, limits: &Limits) {
        match self.said.iter().position(|saying| saying.is(value, origin.source)) {
            Some(place) => {
                self.said[place].span.extend(origin);
                self.lift(place);
            }
            None => {
                let span = Span::once(origin);
                self.said.push(Saying { value: value.map(Into::into), span });
                self.lift(self.said.len() - 1);
            }
        }
        self.bound(limits);
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.n_fallen = self.n_fallen.saturating_add(other.n_fallen);
        for theirs in other.said {
            let source = theirs.source();
            let same = |ours: &Saying| ours.is(theirs.value.as_deref(), source);
            match self.said.iter().position(same) {
                Some(place) => self.said[place].span.join(theirs.span),
                None => self.said.push(theirs),
            }
        }
        self.said.sort_by(|a, b| b.rank().cmp(&a.rank()));
    }

    /// Takes the values away that mention somebody; whether anything is left.
    pub(crate) fn forget(&mut self, mentions: impl Fn(&str) -> bool) -> bool {
        self.said.retain(|saying| !saying.value.as_deref().is_some_and(&mentions));
        !self.said.is_empty()
    }

    /// When anything was said last.
    pub(crate) fn last_at(&self) -> Timestamp {
        self.said.first().map_or(Timestamp(i64::MIN), |saying| saying.span.last.at)
    }

    /// Moves the entry at `place`, whose rank may have risen, to where it belongs.
    fn lift(&mut self, place: usize) {
        let rank = self.said[place].rank();
        let better = self.said[..place].partition_point(|saying| saying.rank() > rank);
        self.said[better..=place].rotate_right(1);
    }

    /// Keeps the highest ranks among the values that are short enough, and the latest of each
    /// source whatever its length.
    fn bound(&mut self, limits: &Limits) {
        let is_short = |saying: &Saying| saying.n_bytes() <= limits.past_value_bytes_max;
        if self.said.len() <= limits.values_per_trait_max && self.said.iter().all(is_short) {
            return;
        }
        let mut sources: Vec<SourceId> = Vec::new();
        let mut n_short = 0;
        let n_fallen = &mut self.n_fallen;
        self.said.retain(|saying| {
            n_short += usize::from(is_short(saying));
            let is_among_first = is_short(saying) && n_short <= limits.values_per_trait_max;
            let is_latest = sources.len() < SOURCES_MAX && !sources.contains(&saying.source());
            if is_latest {
                sources.push(saying.source());
            }
            let stays = is_among_first || is_latest;
            if !stays {
                *n_fallen = n_fallen.saturating_add(saying.span.n);
            }
            stays
        });
    }
}

#[cfg(test)]
mod tests;
