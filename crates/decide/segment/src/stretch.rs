//! Which window does a lookback stand for, and how long can an event be in it?

use crate::state::Moving;
use base::{Duration, Timestamp};
use definition::{Calendar, Grain, Length, Lookback, NEVER, Period};
use timeline::Window;

/// The window of a lookback by its calendar, as far back as events are kept.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    pub(crate) lookback: Lookback,
    pub(crate) calendar: Calendar,
    pub(crate) kept: Option<Duration>,
}

impl Moving for Stretch {
    fn window(&self, t: Timestamp) -> Window {
        let window = self.lookback.window_kept(&self.calendar, (t, self.kept));
        window.expect("what is since an event is no stretch")
    }

    fn span_of(&self, at: Timestamp) -> (Timestamp, Option<Timestamp>) {
        let (enters, leaves) = self.lookback.span_of(&self.calendar, at);
        let gone = self.kept.map(|kept| at.plus(kept));
        (enters, leaves.into_iter().chain(gone).min())
    }
}

impl Stretch {
    /// Whether what came in stays in, and all of it is there at once: ever, and between dates.
    pub(crate) fn is_still(&self) -> bool {
        let is_still =
            matches!(self.lookback, Lookback::Ever | Lookback::Period(Period::Between { .. }));
        is_still && self.kept.is_none()
    }

    /// Whether it ends now, so that the newest events are in it.
    pub(crate) fn ends_now(&self) -> bool {
        self.lookback.ends_now()
    }

    /// Whether events come in late, the oldest first, and stay.
    pub(crate) fn gathers(&self) -> bool {
        matches!(self.lookback, Lookback::LongerAgo(_)) && self.kept.is_none()
    }

    /// The dates between which events count.
    pub(crate) fn within(&self) -> Window {
        match self.lookback {
            Lookback::Period(period @ Period::Between { .. }) => {
                let whole = Lookback::Period(period).window(&self.calendar, NEVER);
                whole.unwrap_or(Window::EVER)
            }
            _ => Window::EVER,
        }
    }

    /// How long after it happened an event may still count, at most.
    pub(crate) fn reach(&self) -> Option<Duration> {
        let of_lookback = match &self.lookback {
            Lookback::Last(length) | Lookback::Ago { from: length, .. } => Some(longest(*length)),
            Lookback::Period(Period::Last { n, grain, .. }) => {
                // The one that is going on, and one for days that the calendar leaves out.
                Some(longest_of(*grain, i64::from(*n) + 2))
            }
            Lookback::Ever | Lookback::LongerAgo(_) | Lookback::Since { .. } => None,
            Lookback::Period(Period::Between { .. }) => None,
        };
        of_lookback.into_iter().chain(self.kept).min()
    }
}

fn longest(length: Length) -> Duration {
    match length {
        Length::Exact(length) => length,
        Length::Calendar { n, grain } => longest_of(grain, i64::from(n)),
    }
}

/// `n` hours, days… are never longer than this, whatever is done to clocks.
fn longest_of(grain: Grain, n: i64) -> Duration {
    let days = match grain {
        Grain::Hour | Grain::Day => 1,
        Grain::Week => 7,
        Grain::Month => 31,
        Grain::Quarter => 92,
        Grain::Year => 366,
    };
    let n_days = if grain == Grain::Hour { n / 12 + 1 } else { n * days };
    Duration::days(n_days + 3)
}
