//! Do new customers come, or do old ones stay?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::lifecycle::{
    LifecycleAnswer, LifecycleCompared, LifecyclePoint, LifecycleQuestion,
};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, TraitTest, refused};
use base::Timestamp;
use insight::lifecycle::Plan;
use insight::{Behind, Group};

paths! {
    /// How many customers are new, returning, resurrecting, dormant.
    ask_lifecycle("/api/insights/lifecycle", LifecycleQuestion => LifecycleAnswer);
    /// The customers in a state in a span.
    list_lifecycle_customers("/api/insights/lifecycle/customers", LifecyclePoint);
}

impl Question for LifecycleQuestion {
    type Plan = Plan;
    type Answer = LifecycleAnswer;

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
            window: plan.window(),
            left_out: self.left_out(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<LifecycleAnswer, ApiError> {
        let Counted { plan, total, texts } = counted;
        let now = plan.answer(&total, &texts);
        let groups: Vec<Group> = now.groups.iter().map(|of| of.group.clone()).collect();
        let before =
            before.map(|before| before.plan.answer_in(&groups, &before.total, &before.texts));
        let LifecycleCompared { spans, groups } = (&now).into();
        let compared = before.as_ref().map(Into::into);
        Ok(LifecycleAnswer { spans, groups, compared, explained })
    }
}

impl Point for LifecyclePoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan_of_point(self.compared, desk.now())?;
        let point = self.inner(plan.n_spans())?;
        let (members, _) = desk.count(plan.members(point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(&members.total, &members.texts))
    }
}
