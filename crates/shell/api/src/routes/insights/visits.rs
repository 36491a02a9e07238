//! How many visits, from where, to which page, and how many leave at once?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::visits::{VisitsAnswer, VisitsCompared, VisitsPoint, VisitsQuestion};
use crate::wire::insight::{Clock, TraitTest, refused};
use base::Timestamp;
use insight::visits::Plan;
use insight::{Behind, Group};

paths! {
    /// How many visits there are, where they come from, and how many leave at once.
    ask_visits("/api/insights/visits", VisitsQuestion => VisitsAnswer);
    /// The customers with such a visit.
    list_visits_customers("/api/insights/visits/customers", VisitsPoint);
}

impl Question for VisitsQuestion {
    type Plan = Plan;
    type Answer = VisitsAnswer;

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
        self.compared(now)
    }

    fn said(&self, plan: &Plan, _now: Timestamp) -> Result<Said, ApiError> {
        let definition = self.definition()?;
        let window = plan.window();
        Ok(Said {
            words: self.words(&definition),
            sql: Some(definition.sql(window)),
            unit: Some("visits".into()),
            window,
            left_out: self.left_out(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<VisitsAnswer, ApiError> {
        let now = counted.plan.answer(&counted.total, &counted.texts);
        let groups: Vec<Group> = now.rows.iter().map(|row| row.group.clone()).collect();
        let in_these_groups = |before: Counted<Plan>| {
            (&before.plan.answer_in(&before.total, &before.texts, &groups)).into()
        };
        let VisitsCompared { all, rows, series } = (&now).into();
        Ok(VisitsAnswer { all, rows, series, compared: before.map(in_these_groups), explained })
    }
}

impl Point for VisitsPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan_of_point(self.compared, desk.now())?;
        let point = self.inner(plan.n_spans())?;
        let (members, _) = desk.count(plan.members(point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(&members.total, &members.texts))
    }
}
