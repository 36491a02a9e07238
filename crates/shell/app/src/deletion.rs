//! Until when can what was deleted come back?
//!
//! Boards and saved questions are marked first, so that a slip of the hand costs nothing, and go
//! for good some weeks later.

use crate::access::Actor;
use crate::engine::Shared;
use base::{Duration, Error, Timestamp};
use state::admin::{Admin, DeletedRow, Kept};

/// How long.
pub const KEPT_FOR: Duration = Duration::days(30);

/// That something was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Deletion {
    /// Until when it can come back.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.at.plus(KEPT_FOR)
    }

    /// Whether it can come back at `now`.
    pub(crate) fn can_come_back(&self, now: Timestamp) -> bool {
        now < self.until()
    }
}

impl From<DeletedRow> for Deletion {
    fn from(row: DeletedRow) -> Self {
        Self { at: row.at, by: row.by }
    }
}

/// The mark of what `actor` deletes now.
pub(crate) fn mark(actor: &Actor, now: Timestamp) -> DeletedRow {
    DeletedRow { at: now, by: actor.name.clone() }
}

/// Removes for good what cannot come back any more.
pub(crate) async fn forget(shared: &Shared) -> Result<(), Error> {
    let admin = Admin::new(shared.state.db());
    let before = shared.now().plus(Duration(-KEPT_FOR.0));
    for of in Kept::ALL {
        let n = admin.forget_deleted(of, before).await?;
        if n > 0 {
            tracing::info!(n, "what was deleted a month ago is gone for good");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::ActorKind;
    use crate::boards::BoardContent;
    use crate::clock::{Clock, FixedClock};
    use crate::{Engine, EngineOptions};
    use std::sync::Arc;
    use tempfile::TempDir;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_deleted_a_month_ago_goes_for_good_and_nothing_else() {
        let folder = TempDir::new().unwrap();
        let begin = Timestamp(1_767_571_200_000_000);
        let clock = Arc::new(FixedClock::at(begin));
        let options = EngineOptions {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            is_processor_paused: true,
            ..EngineOptions::for_tests(folder.path(), begin)
        };
        let engine = Engine::open(options).await.unwrap();
        let ann = Actor { kind: ActorKind::User, name: "ann@example.com".to_owned() };
        let board = async |name: &str| {
            let (note, cards) = (String::new(), "[]".to_owned());
            let content = BoardContent { name: name.to_owned(), note, cards, n_cards: 0 };
            engine.boards().create(&ann, content, begin).await.unwrap().id
        };
        let (old, late, there) = (board("old").await, board("late").await, board("there").await);
        engine.boards().delete(&ann, old, begin).await.unwrap();
        let day = begin.plus(Duration::days(1));
        engine.boards().delete(&ann, late, day).await.unwrap();
        clock.set(begin.plus(Duration(KEPT_FOR.0 + 1)));
        forget(&engine.shared).await.unwrap();
        let admin = Admin::new(engine.shared.state.db());
        assert_eq!(admin.board(old).await.unwrap(), None);
        let gone = engine.boards().deleted(engine.now()).await.unwrap();
        assert_eq!(gone.iter().map(|board| board.id).collect::<Vec<_>>(), [late]);
        engine.boards().get(there).await.unwrap();
        engine.boards().restore(&ann, late, engine.now()).await.unwrap();
        engine.shutdown().await;
    }
}
