//! Of the customers who began in some week, how many came back later?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::retention::{
    RetentionAnswer, RetentionCompared, RetentionPoint, RetentionQuestion,
};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, TraitTest};
use base::Timestamp;
use insight::retention::Plan;
use insight::{Behind, Group};

paths! {
    /// Of the customers who began in some span, how many came back later.
    ask_retention("/api/insights/retention", RetentionQuestion => RetentionAnswer);
    /// The customers of a cohort: all, those who came back, or those who did not.
    list_retention_customers("/api/insights/retention/customers", RetentionPoint);
}

impl Question for RetentionQuestion {
    type Plan = Plan;
    type Answer = RetentionAnswer;

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn who(&self) -> &[TraitTest] {
        &self.who
    }

    fn plan(&self, now: Timestamp) -> Result<Plan, ApiError> {
        self.checked(now)
    }

    fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, ApiError> {
        self.checked_before(now)
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
    ) -> Result<RetentionAnswer, ApiError> {
        let Counted { plan, total, texts } = counted;
        let now = plan.answer(&total, &texts);
        let groups: Vec<Group> = now.groups.iter().map(|of| of.group.clone()).collect();
        let before =
            before.map(|before| before.plan.answer_in(&groups, &before.total, &before.texts));
        let RetentionCompared { all, groups } = (&now).into();
        Ok(RetentionAnswer {
            columns: now.columns.iter().map(Into::into).collect(),
            all,
            groups,
            compared: before.as_ref().map(Into::into),
            explained,
        })
    }
}

impl Point for RetentionPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan_of_point(self.compared, desk.now())?;
        let point = self.inner(plan.n_cohorts())?;
        let (members, _) = desk.count(plan.members(point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(&members.total, &members.texts))
    }
}
