//! How does a question get into the audit log?

use app::Engine;
use app::access::Actor;
use sql::{Asked, Ledger};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Characters of a question that the audit log keeps.
const TEXT_CHARS_MAX: usize = 4_000;

/// Writes questions of one asker into the audit log.
pub(crate) struct AuditLedger {
    pub engine: Arc<Engine>,
    /// Where the writing is done: the asker need not wait for it, nor must it take a turn of
    /// theirs.
    pub house: Handle,
    pub actor: Actor,
    pub way: &'static str,
}

impl Ledger for AuditLedger {
    fn note(&self, asked: Asked) {
        let (engine, actor, way) = (Arc::clone(&self.engine), self.actor.clone(), self.way);
        self.house.spawn(async move {
            let detail = told(&asked);
            let line = engine.access().audit(&actor, "sql.asked", (way, &detail), engine.now());
            if let Err(error) = line.await {
                tracing::error!(%error, "a question of SQL is missing in the audit log");
            }
        });
    }
}

/// `12 rows in 34 ms: SELECT …`, and between them why it ended early.
fn told(asked: &Asked) -> String {
    let Asked { text, n_rows, took, trouble } = asked;
    let rows = if *n_rows == 1 { "row" } else { "rows" };
    let trouble = trouble.as_ref().map(|why| format!(", then: {why}")).unwrap_or_default();
    let mut kept: String = text.trim().chars().take(TEXT_CHARS_MAX).collect();
    if kept.len() < text.trim().len() {
        kept.push('…');
    }
    format!("{n_rows} {rows} in {} ms{trouble}: {kept}", took.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_line_says_what_was_asked_and_what_came_of_it() {
        let asked = |text: &str, n_rows, trouble: Option<&str>| Asked {
            text: text.to_owned(),
            n_rows,
            took: Duration::from_micros(34_567),
            trouble: trouble.map(str::to_owned),
        };
        assert_eq!(told(&asked(" SELECT 1 ", 1, None)), "1 row in 34 ms: SELECT 1");
        let stopped = told(&asked("SELECT 1", 0, Some("stopped")));
        assert_eq!(stopped, "0 rows in 34 ms, then: stopped: SELECT 1");
        let long = told(&asked(&"é".repeat(5_000), 2, None));
        assert_eq!(long.chars().count(), TEXT_CHARS_MAX + "2 rows in 34 ms: …".chars().count());
    }
}
