//! Which events of the past does a behaviour look at?

use crate::calendar::Calendar;
use crate::length::Length;
use crate::period::Period;
use base::{Duration, Timestamp};
use timeline::{Condition, Window};

/// A window of the past, seen from a moment `t`.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookback {
    /// Everything up to `t`.
    Ever,
    /// The last so long: after `t` less the length, up to and with `t`.
    Last(Length),
    /// What is longer ago: up to and with `t` less the length.
    LongerAgo(Length),
    /// From longer ago to less long ago: after `t` less `from`, up to and with `t` less `to`.
    Ago {
        /// Where it begins; the longer one.
        from: Length,
        /// Where it ends.
        to: Length,
    },
    /// A stretch of the calendar, as far as it is over at `t`.
    Period(Period),
    /// After an event of theirs; without one nothing is in it.
    Since {
        /// After which event.
        events: Box<Condition>,
        /// After the first or after the last of these.
        which: Since,
    },
}

/// After which of several events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Since {
    /// After the first.
    First,
    /// After the last.
    Last,
}

/// A moment that never comes.
pub const NEVER: Timestamp = Timestamp(i64::MAX);

impl Lookback {
    /// What is in it at `t`; `None` where that depends on events of the customer. Both ends never go
    /// back as `t` goes on.
    #[must_use]
    pub fn window(&self, calendar: &Calendar, t: Timestamp) -> Option<Window> {
        let after = Timestamp(t.0.saturating_add(1));
        let ever = Window::EVER.from;
        Some(match self {
            Self::Ever => Window { from: ever, until: after },
            Self::Last(length) => Window { from: length.begin(calendar, t), until: after },
            Self::LongerAgo(length) => Window { from: ever, until: length.begin(calendar, t) },
            Self::Ago { from, to } => {
                let from = from.begin(calendar, t);
                Window { from, until: to.begin(calendar, t).max(from) }
            }
            Self::Period(period) => period.reach(calendar, t),
            Self::Since { .. } => return None,
        })
    }

    /// The first moment at which an event at `at` is in it, and the first at which it is not any
    /// more; [`NEVER`] where it never is. Of [`Since`](Self::Since) as if the other event were long
    /// past.
    #[must_use]
    pub fn span_of(&self, calendar: &Calendar, at: Timestamp) -> (Timestamp, Option<Timestamp>) {
        match self {
            Self::Ever | Self::Since { .. } => (at, None),
            Self::Last(length) => (at, Some(length.over(calendar, at))),
            Self::LongerAgo(length) => (length.over(calendar, at), None),
            Self::Ago { from, to } => {
                (to.over(calendar, at), Some(from.over(calendar, at).max(to.over(calendar, at))))
            }
            Self::Period(period) => span_of_period(*period, calendar, at),
        }
    }

    /// The selection of events after one of which it begins.
    #[must_use]
    pub fn anchor(&self) -> Option<&Condition> {
        match self {
            Self::Since { events, .. } => Some(events),
            _ => None,
        }
    }

    /// Whether its end is the moment itself, so that the newest events are in it.
    #[must_use]
    pub fn ends_now(&self) -> bool {
        match self {
            Self::Ever | Self::Last(_) | Self::Since { .. } => true,
            Self::Period(Period::Last { current, .. }) => *current,
            Self::LongerAgo(_) | Self::Ago { .. } | Self::Period(Period::Between { .. }) => false,
        }
    }

    /// Whether an event that was in it once stays in it.
    #[must_use]
    pub fn never_lets_go(&self) -> bool {
        matches!(self, Self::Ever | Self::LongerAgo(_) | Self::Period(Period::Between { .. }))
    }

    /// The window at `t` of events that are kept for so long only.
    #[must_use]
    pub fn window_kept(
        &self,
        calendar: &Calendar,
        (t, kept): (Timestamp, Option<Duration>),
    ) -> Option<Window> {
        let window = self.window(calendar, t)?;
        Some(kept.map_or(window, |kept| clip(window, t, kept)))
    }
}

/// What of a window is not longer ago than `kept`.
#[must_use]
pub fn clip(window: Window, t: Timestamp, kept: Duration) -> Window {
    let from = window.from.max(Timestamp(t.minus(kept).0.saturating_add(1)));
    Window { from, until: window.until.max(from) }
}

fn span_of_period(
    period: Period,
    calendar: &Calendar,
    at: Timestamp,
) -> (Timestamp, Option<Timestamp>) {
    match period {
        Period::Between { .. } => {
            let whole = period.reach(calendar, NEVER);
            if whole.holds(at) { (at, None) } else { (NEVER, None) }
        }
        Period::Last { n, grain, current } => {
            let ended = calendar.end(grain, at);
            let n_on = i64::from(n) - i64::from(current);
            let is_past = |t: Timestamp| period.reach(calendar, t).from > at;
            let mut until = calendar.begin(grain, calendar.shift(ended, n_on, grain));
            // Where hours and days are left out, counting on and counting back may differ by one.
            while !is_past(until) {
                until = calendar.end(grain, until);
            }
            loop {
                let before = calendar.begin(grain, Timestamp(until.0 - 1));
                if before <= at || !is_past(before) {
                    break;
                }
                until = before;
            }
            (if current { at } else { ended }, Some(until))
        }
    }
}

#[cfg(test)]
mod tests;
