//! Do new customers come, or do old ones stay?

use super::desk::Desk;
use super::question::{Counted, Point, Question, paths};
use crate::error::ApiError;
use crate::wire::insight::lifecycle::{LifecycleAnswer, LifecyclePoint, LifecycleQuestion};
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, not_there, refused};
use base::Timestamp;
use insight::Behind;
use insight::lifecycle::Plan;

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

    fn plan(&self, now: Timestamp) -> Result<Plan, ApiError> {
        self.definition()?.plan(now).map_err(|bad| refused(&bad))
    }

    fn said(&self, plan: &Plan, _now: Timestamp) -> Result<Said, ApiError> {
        Ok(Said {
            words: self.definition()?.words(),
            sql: Some(plan.sql()),
            unit: Some("customers".into()),
            window: plan.window(),
            left_out: Vec::new(),
        })
    }

    fn answer(
        &self,
        counted: Counted<Plan>,
        _before: Option<Counted<Plan>>,
        explained: Explained,
    ) -> Result<LifecycleAnswer, ApiError> {
        let spans = counted.plan.answer(&counted.total);
        Ok(LifecycleAnswer { spans: spans.iter().map(Into::into).collect(), explained })
    }
}

impl Point for LifecyclePoint {
    async fn behind(&self, desk: &Desk<'_>) -> Result<Behind, ApiError> {
        let plan = self.question.plan(desk.now())?;
        if self.span >= plan.n_spans() {
            return Err(not_there("span"));
        }
        let members = plan.behind(self.state.into(), self.span, desk.limit(self.limit));
        Ok(desk.count(members).await?.0.total)
    }
}
