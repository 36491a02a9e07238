//! How often, by how many, with which numbers, over time?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::trend::{TrendAnswer, TrendCompared, TrendPoint, TrendQuestion};
use crate::wire::insight::{Clock, TraitTest, not_there, refused, too_much};
use base::Timestamp;
use insight::Behind;
use insight::trend::Plan;

paths! {
    /// How often something happens, to how many, with which numbers, over time.
    ask_trend("/api/insights/trend", TrendQuestion => TrendAnswer);
    /// The customers behind a point of a trend.
    list_trend_customers("/api/insights/trend/customers", TrendPoint);
}

impl Question for TrendQuestion {
    type Plan = Plan;
    type Answer = TrendAnswer;

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
            words: plan.definition().words(),
            sql: Some(plan.sql()),
            unit: self.unit(),
            window: plan.spans().window(),
            left_out: self.left_out(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<TrendAnswer, ApiError> {
        let answer = counted.plan.answer(counted.total, &counted.texts).map_err(too_much)?;
        let in_these_groups = |before: Counted<Plan>| {
            let earlier = before.plan.answer_in(&answer.groups, before.total, &before.texts);
            earlier.map(|earlier| TrendCompared::of(&earlier, self)).map_err(too_much)
        };
        let compared = before.map(in_these_groups).transpose()?;
        let TrendCompared { spans, lines } = TrendCompared::of(&answer, self);
        let groups = answer.groups.iter().map(Into::into).collect();
        Ok(TrendAnswer { spans, groups, lines, compared, explained })
    }
}

impl Point for TrendPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        if self.series >= self.question.series.len() {
            return Err(not_there("series"));
        }
        let of_point = self.question.plan_of_point(self.compared, desk.now())?;
        if self.span.is_some_and(|span| span >= of_point.spans().len()) {
            return Err(not_there("span"));
        }
        // Which values have a group of their own follows from the answer.
        let (counted, _) = desk.count(self.question.plan(desk.now())?).await?;
        let answer = counted.plan.answer(counted.total, &counted.texts).map_err(too_much)?;
        let group = answer.groups.get(self.group).ok_or_else(|| not_there("group"))?;
        let point = (self.series, group, self.span);
        let behind = of_point.behind(point, &answer, desk.limit(self.limit));
        let (members, _) = desk.count(behind).await?;
        Ok(members.plan.answer(members.total, &members.texts))
    }
}
