//! Which number is asked of events, and what must it be?

use super::moving::{Slide, earliest};
use base::{Duration, Timestamp};
use definition::NumberTest;

/// What is measured of the events in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measured {
    /// How many there are.
    Times,
    /// How many values, or local days, they have.
    Values,
    /// What their numbers add up to.
    Sum,
    /// The mean of their numbers.
    Mean,
    /// The least of their numbers.
    Least,
    /// The greatest of their numbers.
    Greatest,
    /// Days (of 24 hours, and parts of them) since the last.
    SinceLast,
    /// Days since the first.
    SinceFirst,
}

impl Measured {
    /// Whether the number goes on with time while the events are the same.
    #[must_use]
    pub fn goes_on(self) -> bool {
        matches!(self, Self::SinceLast | Self::SinceFirst)
    }
}

/// A measure and what its number must be.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// What is measured.
    pub measured: Measured,
    /// What must hold for it; no number holds for nothing.
    pub number: &'a NumberTest,
}

/// Days since are compared as `f64`, so that a boundary may lie this many µs beside the exact one:
/// a boundary of 10⁵ days has a resolution of 1.5·10⁻¹¹ days, 1.3 µs.
const BESIDE: i64 = 2;

impl Sought<'_> {
    /// Whether it holds for the value, `None` being no number.
    #[must_use]
    pub fn takes(&self, value: Option<f64>) -> bool {
        value.is_some_and(|value| self.number.takes(value))
    }

    /// How many days before `t` it was.
    pub(crate) fn days(&self, at: Option<&i64>, t: Timestamp) -> Option<f64> {
        at.map(|&at| days_between(Timestamp(at), t))
    }

    /// The next moment at which it may hold otherwise for the same events.
    pub(crate) fn turns(&self, slide: &Slide<'_>) -> Option<Timestamp> {
        let times = &slide.times()[slide.range()];
        let anchor = match self.measured {
            Measured::SinceLast => times.last(),
            Measured::SinceFirst => times.first(),
            _ => None,
        };
        let anchor = Timestamp(*anchor?);
        let (low, high) = self.number.bounds();
        let turns = [Some(low), high].into_iter().flatten().flat_map(|days| {
            let exact = days * Duration::days(1).0 as f64;
            let micros = (exact.abs() < 9e18).then_some(exact.round() as i64);
            let around = micros.into_iter().flat_map(|m| (-BESIDE..=BESIDE).map(move |by| m + by));
            around.map(|micros| anchor.plus(Duration(micros)))
        });
        turns
            .filter(|turn| *turn > slide.at())
            .fold(None, |least, turn| earliest(least, Some(turn)))
    }
}

/// The days from one moment to a later one.
#[must_use]
fn days_between(earlier: Timestamp, later: Timestamp) -> f64 {
    later.since(earlier).0 as f64 / Duration::days(1).0 as f64
}

/// How many of something must be told apart so that the test is decided: one more than the largest
/// number beside which it says something else.
#[must_use]
pub(crate) fn n_decisive(number: &NumberTest) -> usize {
    let (low, high) = number.bounds();
    let highest = high.unwrap_or(low).max(low).max(0.0);
    (highest.floor() as usize).saturating_add(1)
}
