//! What do customers do next, or what did they do before?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::paths::{PathsAnswer, PathsPoint, PathsQuestion};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, too_much};
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

    fn plan(&self, now: Timestamp) -> Result<Plan, ApiError> {
        self.checked(now)
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
        _before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<PathsAnswer, ApiError> {
        let answer = counted.plan.answer(&counted.total, &counted.texts).map_err(too_much)?;
        let level = |nodes: &Vec<_>| nodes.iter().map(Into::into).collect();
        Ok(PathsAnswer {
            n_paths: answer.n_paths,
            n_customers: answer.n_customers,
            levels: answer.levels.iter().map(level).collect(),
            links: answer.links.iter().map(Into::into).collect(),
            top: answer.top.iter().map(Into::into).collect(),
            explained,
        })
    }
}

impl Point for PathsPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan(desk.now())?;
        let point = self.inner()?;
        let (members, _) = desk.count(plan.members(&point, desk.limit(self.limit))).await?;
        Ok(members.plan.answer(members.total))
    }
}
