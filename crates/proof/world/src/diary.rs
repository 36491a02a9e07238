//! Which events of a life lie within the window, in which order, under which ids?

use crate::event::WorldEvent;
use crate::seed::Seed;
use std::ops::Range;

/// The events of one customer as they are written down.
pub(crate) struct Diary {
    seed: Seed,
    window: Range<i64>,
    n_written: u64,
    events: Vec<WorldEvent>,
}

impl Diary {
    pub(crate) fn new(seed: Seed, window: Range<i64>) -> Diary {
        Diary { seed: seed.named("messages"), window, n_written: 0, events: Vec::new() }
    }

    /// Writes an event down, if it lies within the window; its message id is given here.
    pub(crate) fn write(&mut self, mut event: WorldEvent) {
        self.n_written += 1;
        if self.window.contains(&event.timestamp) {
            event.message_id = self.seed.nth(self.n_written).wide_bits();
            self.events.push(event);
        }
    }

    /// Does an instant lie within the window?
    pub(crate) fn covers(&self, at: i64) -> bool {
        self.window.contains(&at)
    }

    /// All events in time order; those of one instant in the order of writing.
    pub(crate) fn take_events(&mut self) -> Vec<WorldEvent> {
        let mut events = std::mem::take(&mut self.events);
        events.sort_by_key(|event| event.timestamp);
        events
    }

    /// A new id for something that is no event (an order, an e-mail, a chat).
    pub(crate) fn number(&mut self, label: &str) -> u64 {
        self.n_written += 1;
        self.seed.named(label).nth(self.n_written).bits()
    }
}
