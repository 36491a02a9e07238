//! How is a person's decision about who is who carried out?

use super::Processor;
use super::flight::InFlight;
use super::intake::Intake;
use super::laps::Laps;
use super::settle::{Settlement, moved};
use crate::edits::{EditOrder, PlannedEdit};
use base::{Error, ErrorKind, Position};
use identity::IdentityPlan;
use state::EditRow;

impl Processor {
    /// Carries out `order`, which lies at `position` in the log, in a batch of its own. What
    /// cannot be carried out (any more) is recorded with the reason, and changes nothing.
    pub(super) async fn edit(&mut self, position: Position, order: EditOrder) -> Result<(), Error> {
        self.finish().await?;
        let mut laps = Laps::start();
        let planned = self.shared.plan_edit(&order, position).await;
        let (planned, refusal) = match planned {
            Ok(planned) => (planned, None),
            Err(error) if is_refusal(&error) => (PlannedEdit::nothing(), Some(error.to_string())),
            Err(error) => return Err(error),
        };
        let mut intake = Intake::new(position);
        intake.received_at = order.at;
        intake.edit = Some(row(position, &order, refusal));
        let mut settled = settled(planned);
        settled.plan.next = self.next_identifier;
        laps.lap("plan");
        let written = self.write(&intake, &settled, &mut laps).await?;
        self.in_flight = Some(InFlight::start(intake, settled, written, laps));
        Ok(())
    }
}

/// Whether the order cannot be carried out, rather than we cannot work.
pub(super) fn is_refusal(error: &Error) -> bool {
    let kinds = [ErrorKind::NotFound, ErrorKind::Conflict, ErrorKind::Limited, ErrorKind::Invalid];
    kinds.contains(&error.kind())
}

pub(super) fn settled(planned: PlannedEdit) -> Settlement {
    let plan: IdentityPlan = planned.plan;
    let mut about = planned.about;
    about.extend(plan.touched());
    Settlement { moved: moved(planned.members, &plan), about, ..Settlement::of_plan(plan) }
}

fn row(position: Position, order: &EditOrder, refusal: Option<String>) -> EditRow {
    EditRow {
        id: position,
        at: order.at,
        by: order.by.clone(),
        reason: order.reason.clone(),
        changes: order.changes_json(),
        refusal,
        undoes: order.undoes,
        undone_by: None,
    }
}
