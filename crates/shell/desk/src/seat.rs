//! Who sits at the desk, and may they still?

use crate::ledger::AuditLedger;
use crate::veil::SightVeil;
use crate::{Desk, folds};
use app::Engine;
use app::access::{Caller, Right};
use app::traits::Sight;
use sql::{Cause, SqlError, Veil, Viewer};
use std::sync::Arc;

/// Somebody who asks, with what they could see when they sat down.
pub(crate) struct Seat {
    pub engine: Arc<Engine>,
    pub sight: Sight,
    caller: Caller,
}

impl Seat {
    /// Nothing if they may ask as before. Connections of PostgreSQL live for hours: whoever was
    /// shut out, or sees less than when they came, is stopped at the next question.
    ///
    /// # Errors
    /// [`SqlError::Denied`]; or what the tables say.
    pub async fn check(&self) -> Result<(), Cause> {
        let denied = |message: &str| SqlError::Denied { message: message.to_owned() };
        let now = self.engine.now();
        if !self.engine.access().is_still(&self.caller, now).await? {
            return Err(denied("you may not ask any more: sign in again").into());
        }
        if self.engine.traits().settings().sight(&self.caller) != self.sight {
            return Err(denied("what you may see has changed: connect again").into());
        }
        Ok(())
    }
}

impl Desk {
    /// `caller` as SQL knows those who ask; `way` says over what they came.
    pub(crate) fn viewer(&self, caller: &Caller, way: &'static str) -> Viewer {
        let sight = self.engine.traits().settings().sight(caller);
        let seat = Arc::new(Seat {
            engine: Arc::clone(&self.engine),
            sight: sight.clone(),
            caller: caller.clone(),
        });
        let veil = (!sight.is_clear()).then(|| Arc::new(SightVeil(sight)) as Arc<dyn Veil>);
        let ledger = AuditLedger {
            engine: Arc::clone(&self.engine),
            house: self.house.clone(),
            actor: caller.actor.clone(),
            way,
        };
        Viewer {
            name: caller.actor.name.as_str().into(),
            folds: folds::of(&seat),
            tables: seat,
            veil,
            ledger: Some(Arc::new(ledger)),
        }
    }

    /// Whether somebody may ask at all.
    pub(crate) fn may_ask(caller: &Caller) -> bool {
        caller.may(Right::AskSql)
    }
}
