//! Which touch was the last before an outcome?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::last_touch::{
    LastTouchAnswer, LastTouchCompared, LastTouchPoint, LastTouchQuestion,
};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, TraitTest, refused};
use base::Timestamp;
use insight::last_touch::Plan;
use insight::{Behind, Group};

paths! {
    /// To which touches outcomes are credited, the last one before each.
    ask_last_touch("/api/insights/last-touch", LastTouchQuestion => LastTouchAnswer);
    /// The customers with an outcome that is credited to such a touch.
    list_last_touch_customers("/api/insights/last-touch/customers", LastTouchPoint);
}

impl Question for LastTouchQuestion {
    type Plan = Plan;
    type Answer = LastTouchAnswer;

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
            sql: Some(definition.sql(window)),
            unit: Some("outcomes".into()),
            window,
            left_out: self.left_out(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<LastTouchAnswer, ApiError> {
        let now = counted.plan.answer(&counted.total, &counted.texts);
        let groups: Vec<Group> = now.rows.iter().map(|row| row.group.clone()).collect();
        let before =
            before.map(|before| before.plan.answer_in(&groups, &before.total, &before.texts));
        let LastTouchCompared { n_outcomes, rows, untouched } = (&now).into();
        let compared = before.as_ref().map(Into::into);
        Ok(LastTouchAnswer { n_outcomes, rows, untouched, compared, explained })
    }
}

impl Point for LastTouchPoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan_of_point(self.compared, desk.now())?;
        let members = plan.members(&self.inner()?, desk.limit(self.limit));
        Ok(desk.count(members).await?.0.total)
    }
}
