//! How many take one step after the other, and who stops where?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::funnel::{FunnelAnswer, FunnelPoint, FunnelQuestion};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, TraitTest, refused};
use base::Timestamp;
use insight::funnel::Plan;
use insight::{Behind, Group};

paths! {
    /// How many customers take one step after the other.
    ask_funnel("/api/insights/funnel", FunnelQuestion => FunnelAnswer);
    /// The customers who reached a step, or stopped before it.
    list_funnel_customers("/api/insights/funnel/customers", FunnelPoint);
}

impl Question for FunnelQuestion {
    type Plan = Plan;
    type Answer = FunnelAnswer;

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
        let definition = self.definition()?;
        let window = plan.window();
        Ok(Said {
            words: definition.words(),
            sql: definition.sql(window),
            unit: Some("customers".into()),
            window,
            left_out: self.left_out(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<FunnelAnswer, ApiError> {
        let Counted { plan, total, texts } = counted;
        let now = plan.answer(total, &texts);
        let groups: Vec<Group> = now.groups.iter().map(|of| of.group.clone()).collect();
        let before =
            before.map(|before| before.plan.answer_in(before.total, &before.texts, &groups));
        Ok(FunnelAnswer {
            all: (&now.all).into(),
            groups: now.groups.iter().map(Into::into).collect(),
            compared: before.as_ref().map(|before| (&before.all).into()),
            compared_groups: before
                .iter()
                .flat_map(|before| &before.groups)
                .map(Into::into)
                .collect(),
            explained,
        })
    }
}

impl Point for FunnelPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let point = self.inner()?;
        let plan = self.question.plan_of_point(self.compared, desk.now())?;
        let (members, _) = desk.count(plan.members(point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(&members.total, &members.texts))
    }
}
