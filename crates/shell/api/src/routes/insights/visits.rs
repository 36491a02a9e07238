//! How many visits, from where, to which page, and how many leave at once?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::visits::{VisitsAnswer, VisitsCompared, VisitsPoint, VisitsQuestion};
use crate::wire::insight::{Clock, refused};
use base::Timestamp;
use insight::Behind;
use insight::visits::Plan;

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
            sql: definition.sql(window),
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
        let answer = |counted: Counted<Plan>| counted.plan.answer(&counted.total, &counted.texts);
        let now = answer(counted);
        let VisitsCompared { all, series } = (&now).into();
        Ok(VisitsAnswer {
            all,
            rows: now.rows.iter().map(Into::into).collect(),
            series,
            compared: before.map(|before| (&answer(before)).into()),
            explained,
        })
    }
}

impl Point for VisitsPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan(desk.now())?;
        let point = self.inner(plan.n_spans())?;
        let (members, _) = desk.count(plan.members(point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(&members.total, &members.texts))
    }
}
