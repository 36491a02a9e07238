//! Where did the time of a batch go? For the log of whoever tunes it.

use std::fmt;
use std::time::{Duration, Instant};

/// Times of the steps of one batch.
pub struct Laps {
    since: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Laps {
    /// Starts the watch.
    pub fn start() -> Self {
        Self { since: Instant::now(), laps: Vec::with_capacity(12) }
    }

    /// Ends the step called `name`.
    pub fn lap(&mut self, name: &'static str) {
        self.laps.push((name, self.since.elapsed()));
        self.since = Instant::now();
    }
}

impl fmt::Display for Laps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, lap) in &self.laps {
            write!(f, "{name} {:.1} ms, ", lap.as_secs_f64() * 1e3)?;
        }
        Ok(())
    }
}
