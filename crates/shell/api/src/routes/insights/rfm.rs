//! Who came lately, often, and for much?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::rfm::{RfmAnswer, RfmPoint, RfmQuestion};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, refused};
use base::Timestamp;
use insight::Behind;
use insight::rfm::Plan;
use timeline::Fold;

paths! {
    /// Customers by how lately and how often they came, and for how much.
    ask_rfm("/api/insights/rfm", RfmQuestion => RfmAnswer);
    /// The customers with these scores.
    list_rfm_customers("/api/insights/rfm/customers", RfmPoint);
}

impl Question for RfmQuestion {
    type Plan = Plan;
    type Answer = RfmAnswer;

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn plan(&self, now: Timestamp) -> Result<Plan, ApiError> {
        self.definition()?.plan(now).map_err(|bad| refused(&bad))
    }

    fn said(&self, plan: &Plan, _now: Timestamp) -> Result<Said, ApiError> {
        Ok(Said {
            words: self.definition()?.words(),
            sql: Some(plan.sql()),
            unit: Some("customers".into()),
            window: plan.ask().window,
            left_out: self.left_out(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        _before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<RfmAnswer, ApiError> {
        let answer = counted.plan.answer(&counted.total);
        Ok(RfmAnswer {
            n_customers: answer.n_customers,
            scale: (&answer.scale).into(),
            cells: answer.cells.iter().map(Into::into).collect(),
            explained,
        })
    }
}

impl Point for RfmPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        // Where scores are cut follows from the answer.
        let (counted, _) = desk.count(self.question.plan(desk.now())?).await?;
        let scale = counted.plan.answer(&counted.total).scale;
        let scores = self.scores(&scale)?;
        let members = counted.plan.behind(&scale, scores, desk.limit(self.limit));
        Ok(desk.count(members).await?.0.total)
    }
}
