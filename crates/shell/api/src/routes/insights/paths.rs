//! What do customers do next, or what did they do before?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::paths::{PathsAnswer, PathsCompared, PathsPoint, PathsQuestion};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, TraitTest, too_much};
use base::Timestamp;
use insight::Behind;
use insight::paths::Plan;

paths! {
    /// What customers do next, or did before, step by step.
    ask_paths("/api/insights/paths", PathsQuestion => PathsAnswer);
    /// The customers with a path through a step, or through two.
    list_paths_customers("/api/insights/paths/customers", PathsPoint);
}

impl Question for PathsQuestion {
    type Plan = Plan;
    type Answer = PathsAnswer;

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
            unit: Some("paths".into()),
            window,
            left_out: self.left_out(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<PathsAnswer, ApiError> {
        let now = counted.plan.answer(&counted.total, &counted.texts).map_err(too_much)?;
        let in_these_steps = |before: Counted<Plan>| {
            before.plan.answer_in(&now, &before.total, &before.texts).map_err(too_much)
        };
        let before = before.map(in_these_steps).transpose()?;
        let PathsCompared { n_paths, n_customers, levels, links, top } = (&now).into();
        let compared = before.as_ref().map(Into::into);
        Ok(PathsAnswer { n_paths, n_customers, levels, links, top, compared, explained })
    }
}

impl Point for PathsPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan_of_point(self.compared, desk.now())?;
        let point = self.inner()?;
        let (members, _) = desk.count(plan.members(&point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(members.total))
    }
}
