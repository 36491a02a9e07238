//! How much of a habit is it?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::stickiness::{StickinessAnswer, StickinessPoint, StickinessQuestion};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, refused};
use base::Timestamp;
use insight::stickiness::Plan;
use insight::{Behind, WithEvent};

paths! {
    /// On how many days of a week or month customers are active.
    ask_stickiness("/api/insights/stickiness", StickinessQuestion => StickinessAnswer);
    /// The customers who were active on exactly so many days of a span, or on days that end with one.
    list_stickiness_customers("/api/insights/stickiness/customers", StickinessPoint);
}

impl Question for StickinessQuestion {
    type Plan = Plan;
    type Answer = StickinessAnswer;

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
            window: plan.spans().window(),
            left_out: vec!["Days of a span that are out of the period are not counted.".into()],
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        _before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<StickinessAnswer, ApiError> {
        let answer = counted.plan.answer(&counted.total);
        Ok(StickinessAnswer {
            spans: answer.spans.iter().map(Into::into).collect(),
            days: answer.days.iter().map(Into::into).collect(),
            explained,
        })
    }
}

impl Point for StickinessPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan(desk.now())?;
        let limit = desk.limit(self.limit);
        if let Some(days) = self.trail(plan.spans())? {
            let active = WithEvent::new((&self.question.events).into(), days, limit);
            let (active, _) = desk.count(active).await?;
            return Ok(active.plan.answer(active.total, &active.texts));
        }
        let members = plan.behind(self.in_span(plan.spans())?, self.n_days, limit);
        Ok(desk.count(members).await?.0.total)
    }
}
