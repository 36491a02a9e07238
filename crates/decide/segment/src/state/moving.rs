//! Which events are in a window that moves, now and as time goes on?

use base::{Duration, Timestamp};
use definition::{Judged, NEVER};
use std::ops::Range;
use timeline::Window;

/// A half-open stretch of time whose ends only ever move forwards: what is in it came in once and
/// goes out once. At `t` nothing later than `t` is in it.
pub trait Moving {
    /// What is in it at `t`.
    fn window(&self, t: Timestamp) -> Window;
    /// The first moment at which an event of `at` is in it, and the first at which it is not any
    /// more, if there is one. `window` says the same: an event is in from the one to before the
    /// other.
    fn span_of(&self, at: Timestamp) -> (Timestamp, Option<Timestamp>);
}

/// Moments that are looked at, one after the other, for the next one at which a truth differs; if
/// it is the same at all of them, the last of them is said: a look that was too early.
const LOOKS_MAX: usize = 32;

/// Sorted times and the window that moves over them.
pub(crate) struct Slide<'a> {
    times: &'a [i64],
    moving: &'a dyn Moving,
    at: Timestamp,
    range: Range<usize>,
}

impl<'a> Slide<'a> {
    /// As it is at `t`; `times` ascend.
    pub(crate) fn new(times: &'a [i64], moving: &'a dyn Moving, t: Timestamp) -> Self {
        let range = places(times, moving.window(t), 0..0);
        Self { times, moving, at: t, range }
    }

    /// The moment that is looked at.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// The places of the times that are in.
    pub(crate) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The times.
    pub(crate) fn times(&self) -> &'a [i64] {
        self.times
    }

    /// The first moment after this one at which others are in.
    fn next_change(&self) -> Option<Timestamp> {
        let out = self.times[self.range.clone()].first();
        let out = out.and_then(|&time| self.moving.span_of(Timestamp(time)).1);
        let next = self.times.get(self.range.end);
        let next = next.map(|&time| self.moving.span_of(Timestamp(time)).0);
        let next = next.filter(|next| *next < NEVER);
        earliest(out, next).map(|change| change.max(Timestamp(self.at.0 + 1)))
    }

    fn go_on(&mut self, t: Timestamp) {
        self.at = t;
        self.range = places(self.times, self.moving.window(t), self.range.clone());
    }

    /// Whether `holds` now, and until when: looks at the moments at which others are in, and at
    /// those that `turns` names besides (of the moments after this one, the first at which it
    /// might say otherwise of the same events).
    pub(crate) fn judge(
        mut self,
        mut holds: impl FnMut(&Self) -> bool,
        turns: impl Fn(&Self) -> Option<Timestamp>,
    ) -> Judged {
        let is_so = holds(&self);
        let mut until = None;
        for _ in 0..LOOKS_MAX {
            until = earliest(self.next_change(), turns(&self));
            let Some(next) = until else { break };
            self.go_on(next);
            if holds(&self) != is_so {
                break;
            }
        }
        Judged { holds: is_so, until }
    }
}

/// Which of ascending times are in `window`, at or after the places at which they were before.
fn places(times: &[i64], window: Window, before: Range<usize>) -> Range<usize> {
    let from = before.start + times[before.start..].partition_point(|&at| at < window.from.0);
    let end = before.end.max(from);
    from..end + times[end..].partition_point(|&at| at < window.until.0)
}

/// The earlier of two moments that may not be.
pub(crate) fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}

/// After an anchor, up to now, as far back as events are kept.
pub(crate) struct After {
    pub(crate) anchor: Timestamp,
    pub(crate) kept: Option<Duration>,
}

impl Moving for After {
    fn window(&self, t: Timestamp) -> Window {
        let until = Timestamp(t.0.saturating_add(1));
        let oldest = self.kept.map_or(Timestamp(i64::MIN), |kept| until.minus(kept));
        let from = Timestamp(self.anchor.0.saturating_add(1)).max(oldest);
        Window { from: from.min(until), until }
    }

    fn span_of(&self, at: Timestamp) -> (Timestamp, Option<Timestamp>) {
        if at > self.anchor {
            (at, self.kept.map(|kept| at.plus(kept)))
        } else {
            // It never comes in: it has gone when it would.
            (NEVER, None)
        }
    }
}
