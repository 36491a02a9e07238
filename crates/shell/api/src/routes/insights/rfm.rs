//! Who came lately, often, and for much?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::rfm::{RfmAnswer, RfmCompared, RfmPoint, RfmQuestion};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, TraitTest, refused};
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

    fn who(&self) -> &[TraitTest] {
        &self.who
    }

    fn plan(&self, now: Timestamp) -> Result<Plan, ApiError> {
        self.definition()?.plan(now).map_err(|bad| refused(&bad))
    }

    fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, ApiError> {
        self.definition()?.plan_compared(now).map_err(|bad| refused(&bad))
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
        before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<RfmAnswer, ApiError> {
        let Counted { plan, total, texts } = counted;
        let now = plan.answer(&total, &texts);
        let before =
            before.map(|before| before.plan.answer_like(&now, &before.total, &before.texts));
        let RfmCompared { n_customers, cells, groups } = (&now).into();
        Ok(RfmAnswer {
            n_customers,
            scale: (&now.scale).into(),
            cells,
            groups,
            compared: before.as_ref().map(Into::into),
            explained,
        })
    }
}

impl Point for RfmPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        // Where scores are cut follows from the answer.
        let (counted, _) = desk.count(self.question.plan(desk.now())?).await?;
        let scale = counted.plan.scale(&counted.total);
        let point = self.inner(&scale)?;
        let plan = self.question.plan_of_point(self.compared, desk.now())?;
        let (members, _) = desk.count(plan.members(&scale, point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(&members.total, &members.texts))
    }
}
