//! How much of a habit is it?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::stickiness::{
    StickinessAnswer, StickinessCompared, StickinessPoint, StickinessQuestion,
};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, TraitTest, refused};
use base::Timestamp;
use insight::stickiness::Plan;
use insight::{Behind, Group};

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
            window: plan.spans().window(),
            left_out: self.left_out(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<StickinessAnswer, ApiError> {
        let Counted { plan, total, texts } = counted;
        let now = plan.answer(&total, &texts);
        let groups: Vec<Group> = now.groups.iter().map(|of| of.group.clone()).collect();
        let before =
            before.map(|before| before.plan.answer_in(&groups, &before.total, &before.texts));
        let StickinessCompared { spans, days, groups } = (&now).into();
        let compared = before.as_ref().map(Into::into);
        Ok(StickinessAnswer { spans, days, groups, compared, explained })
    }
}

impl Point for StickinessPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan_of_point(self.compared, desk.now())?;
        let point = self.inner(&plan)?;
        let (members, _) = desk.count(plan.members(point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(&members.total, &members.texts))
    }
}
