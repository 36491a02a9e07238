//! What must an insight say of itself so that it can be asked?

use super::desk::Desk;
use crate::error::ApiError;
use crate::wire::insight::told::{Explained, Said};
use crate::wire::insight::{Clock, TraitTest};
use base::Timestamp;
use insight::Behind;
use std::future::Future;
use timeline::{Fold, Texts};

/// A question as it travels: checked it is a plan, which is the fold that answers it.
pub trait Question: Sync {
    /// The fold.
    type Plan: Fold<Total: 'static> + Clone + Send + 'static;
    /// The answer as it travels.
    type Answer;

    /// By which clock it counts days.
    fn clock(&self) -> &Clock;

    /// At which customers it looks.
    fn who(&self) -> &[TraitTest];

    /// The question as it is `now`.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    fn plan(&self, now: Timestamp) -> Result<Self::Plan, ApiError>;

    /// The same of the period that it is compared with, if there is one.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    fn plan_compared(&self, _now: Timestamp) -> Result<Option<Self::Plan>, ApiError> {
        Ok(None)
    }

    /// The one of these that a point is of.
    ///
    /// # Errors
    /// `Invalid`, naming the field: `compared` where there is no comparison.
    fn plan_of_point(&self, compared: bool, now: Timestamp) -> Result<Self::Plan, ApiError> {
        match compared {
            false => self.plan(now),
            true => self.plan_compared(now)?.ok_or_else(|| {
                ApiError::field("compared", "the question compares with no other period")
            }),
        }
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    fn said(&self, plan: &Self::Plan, now: Timestamp) -> Result<Said, ApiError>;

    /// The answer, of what was counted, and counted in the period before.
    ///
    /// # Errors
    /// `Limited` where there was too much to count.
    fn answer(
        &self,
        counted: Counted<Self::Plan>,
        before: Option<Counted<Self::Plan>>,
        explained: Explained,
    ) -> Result<Self::Answer, ApiError>;
}

/// A point of an answer as it travels: somebody is behind it.
pub trait Point: Sync {
    /// Who.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point, and those of [`Desk::count`].
    fn behind(&self, desk: &Desk<'_>) -> impl Future<Output = Result<Behind, ApiError>> + Send;
}

/// What a fold came to.
pub struct Counted<F: Fold> {
    pub plan: F,
    pub total: F::Total,
    /// What the codes of the total stand for.
    pub texts: Vec<Texts>,
}

impl Desk<'_> {
    /// Answers a question.
    ///
    /// # Errors
    /// Those of its plan, of counting, and of its answer.
    pub async fn ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, ApiError> {
        let (now, desk) = (self.now(), self.among(question.who())?);
        let plan = question.plan(now)?;
        let said = question.said(&plan, now)?.among(desk.who());
        let earlier = question.plan_compared(now)?;
        let (counted, seen) = desk.count(plan).await?;
        let before = match earlier {
            None => None,
            Some(plan) => Some(desk.count(plan).await?.0),
        };
        let explained = Explained::new(said, question.clock(), (&seen, now));
        question.answer(counted, before, explained)
    }
}

/// The two paths of an insight: the question, and the customers behind a point of its answer.
macro_rules! paths {
    (
        $(#[$ask_doc:meta])* $ask:ident($ask_path:tt, $question:ident => $answer:ident);
        $(#[$list_doc:meta])* $list:ident($list_path:tt, $point:ident);
    ) => {
        $(#[$ask_doc])*
        #[utoipa::path(post, path = $ask_path, tag = "insights", request_body = $question,
            responses((status = 200, body = $answer)))]
        pub async fn $ask(
            axum::extract::State(api): axum::extract::State<crate::options::Api>,
            caller: crate::caller::SignedIn,
            crate::input::Body { value: question, .. }: crate::input::Body<$question>,
        ) -> Result<axum::Json<$answer>, crate::error::ApiError> {
            let desk = $crate::routes::insights::Desk::of(&api, &caller)?;
            Ok(axum::Json(desk.ask(&question).await?))
        }

        $(#[$list_doc])*
        #[utoipa::path(post, path = $list_path, tag = "insights", request_body = $point,
            responses((status = 200, body = $crate::wire::insight::told::BehindPoint)))]
        pub async fn $list(
            axum::extract::State(api): axum::extract::State<crate::options::Api>,
            caller: crate::caller::SignedIn,
            crate::input::Body { value: point, .. }: crate::input::Body<$point>,
        ) -> Result<axum::Json<$crate::wire::insight::told::BehindPoint>, crate::error::ApiError> {
            let desk = $crate::routes::insights::Desk::of(&api, &caller)?;
            let who = $crate::routes::insights::question::Question::who(&point.question);
            let among = desk.among(who)?;
            let behind = $crate::routes::insights::question::Point::behind(&point, &among).await?;
            Ok(axum::Json(desk.named(behind).await?))
        }
    };
}
pub(super) use paths;
