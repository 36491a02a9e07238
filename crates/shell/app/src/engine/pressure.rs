//! Is the processor so far behind that senders should wait?

use base::{Error, ErrorKind, Position};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether senders are being asked to wait. Once they are, they are until half of the backlog is
/// gone: a gate that opened at once would flutter.
pub struct Pressure {
    is_held: AtomicBool,
}

impl Pressure {
    /// No pressure until the first request finds it.
    pub fn new(head: Position, processed: Position) -> Self {
        tracing::debug!(backlog = head.0.saturating_sub(processed.0), "taking up the log");
        Self { is_held: AtomicBool::new(false) }
    }

    /// Lets a request in, or says that the sender should wait.
    ///
    /// # Errors
    /// `Limited` while more than `lag_max` entries are still to be processed.
    pub fn check(&self, head: Position, processed: Position, lag_max: u64) -> Result<(), Error> {
        let lag = head.0.saturating_sub(processed.0);
        let limit = if self.is_held.load(Ordering::Relaxed) { lag_max / 2 } else { lag_max };
        let is_held = lag > limit;
        self.is_held.store(is_held, Ordering::Relaxed);
        if !is_held {
            return Ok(());
        }
        let message = format!("{lag} requests are waiting to be processed; nothing is lost");
        Err(Error::new(ErrorKind::Limited, message).with_hint("send again later"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_closes_at_the_limit_and_opens_at_half_of_it() {
        let pressure = Pressure::new(Position(0), Position(0));
        let check =
            |head, processed| pressure.check(Position(head), Position(processed), 100).is_ok();
        assert!(check(100, 0));
        assert!(!check(101, 0));
        assert!(!check(160, 100), "60 are still more than half");
        assert!(check(160, 110));
        assert!(check(200, 110), "and the gate stays open until the limit");
    }
}
