//! How do other rules of identity come to hold?

use super::Processor;
use super::flight::InFlight;
use super::intake::Intake;
use super::laps::Laps;
use super::settle::Settlement;
use crate::rules::{RulesOrder, row};
use base::{Error, Position};
use identity::IdentityPlan;

impl Processor {
    /// Judges everybody by the rules of `order`, which lies at `position` in the log, in a batch of
    /// its own. Rules that are not the next ones (two people agreed some at the same time) are
    /// passed over.
    pub(super) async fn agree(
        &mut self,
        position: Position,
        order: &RulesOrder,
    ) -> Result<(), Error> {
        self.finish().await?;
        let mut laps = Laps::start();
        let mut intake = Intake::new(position);
        intake.received_at = order.at;
        let before = self.shared.rules.now();
        let mut plan = IdentityPlan::default();
        if let Some(rules) = order.after(&before.rules) {
            plan = self.shared.judge_all(&rules, &order.words()).await?;
            let turned = (plan.links.len() as u64, plan.moves.len() as u64);
            intake.rules = Some(row(order, position, turned));
        }
        laps.lap("judge");
        plan.next = self.next_identifier;
        let settled = Settlement::of_plan(plan);
        let written = self.write(&intake, &settled, &mut laps).await?;
        self.in_flight = Some(InFlight::start(intake, settled, written, laps));
        // Whoever comes next is judged by the new rules, so these must be true by then.
        self.finish().await?;
        self.known.clear();
        Ok(())
    }
}
