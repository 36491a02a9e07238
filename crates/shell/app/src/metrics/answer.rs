//! What does a metric come to, over some time?

use crate::engine::Engine;
use crate::insights::Seen;
use base::{Error, ErrorKind, Timestamp};
use insight::metric::{Asked, Frame, Metric};
use insight::trend::{self, Line, Of, Point};
use insight::{BadDefinition, Group, TooMuch, lifecycle, stickiness};
use stats::NotEstimable;
use timeline::{Ask, Fold, Window};

/// A metric, ready to be asked.
#[derive(Clone, Debug)]
pub struct MetricPlan {
    metric: Metric,
    how: How,
    window: Window,
    words: String,
}

/// The insight that answers it.
#[derive(Clone, Debug)]
enum How {
    Trend { plan: Box<trend::Plan>, compared: Option<Box<trend::Plan>> },
    Habit(stickiness::Plan),
    Kept(lifecycle::Plan),
}

/// The numbers of a metric.
#[derive(Clone, Debug)]
pub struct MetricAnswer {
    /// By span: one line for each group.
    pub answer: trend::Answer,
    /// The same of the period that it is compared with, in the same groups.
    pub compared: Option<trend::Answer>,
    /// The time that was looked at.
    pub window: Window,
    /// What was asked.
    pub words: String,
    /// The same in SQL.
    pub sql: String,
    /// What it rests on.
    pub seen: Seen,
}

impl MetricPlan {
    /// How `metric` is answered in `frame` at the time `now`.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn new(metric: &Metric, frame: Frame, now: Timestamp) -> Result<Self, BadDefinition> {
        let words = format!(
            "{}, by {}, {}, {}",
            metric.words(),
            frame.grain.word(),
            frame.period.words(),
            frame.calendar.words()
        );
        let window = frame.period.window(&frame.calendar, now)?;
        let how = match metric.asked(frame)? {
            Asked::Trend(definition) => How::Trend {
                plan: Box::new(definition.plan(now)?),
                compared: definition.plan_compared(now)?.map(Box::new),
            },
            Asked::Habit(definition) => How::Habit(definition.plan(now)?),
            Asked::Kept(definition) => How::Kept(definition.plan(now)?),
        };
        Ok(Self { metric: metric.clone(), how, window, words })
    }

    /// What it looks at.
    #[must_use]
    pub fn ask(&self) -> &Ask {
        match &self.how {
            How::Trend { plan, .. } => plan.ask(),
            How::Habit(plan) => plan.ask(),
            How::Kept(plan) => plan.ask(),
        }
    }
}

impl Engine {
    /// The numbers of a metric.
    ///
    /// # Errors
    /// As [`Engine::fold`].
    pub async fn answer_metric(&self, plan: MetricPlan) -> Result<MetricAnswer, Error> {
        let MetricPlan { metric, how, window, words } = plan;
        let (answer, compared, sql, seen) = match how {
            How::Trend { plan, compared } => {
                self.trend(&metric, &plan, compared.as_deref()).await?
            }
            How::Habit(plan) => {
                let (sql, folded) = (plan.sql(), self.fold(plan.clone()).await?);
                let spans = plan.answer(&folded.total, &folded.texts).all.spans.into_iter();
                let spans = spans.map(|span| {
                    let point = Metric::point_of_habit(&span);
                    (
                        trend::Span { begin: span.begin, name: span.name, is_whole: span.is_whole },
                        point,
                    )
                });
                (by_span(spans), None, sql, folded.seen)
            }
            How::Kept(plan) => {
                let (sql, folded) = (plan.sql(), self.fold(plan.clone()).await?);
                let spans =
                    plan.answer(&folded.total, &folded.texts).spans.into_iter().map(|span| {
                        let point = Metric::point_of_kept(&span);
                        (
                            trend::Span {
                                begin: span.begin,
                                name: span.name,
                                is_whole: span.is_whole,
                            },
                            point,
                        )
                    });
                (by_span(spans), None, sql, folded.seen)
            }
        };
        Ok(MetricAnswer { answer, compared, window, words, sql, seen })
    }

    async fn trend(
        &self,
        metric: &Metric,
        plan: &trend::Plan,
        compared: Option<&trend::Plan>,
    ) -> Result<(trend::Answer, Option<trend::Answer>, String, Seen), Error> {
        let folded = self.fold(plan.clone()).await?;
        let all = plan.answer(folded.total, &folded.texts).map_err(too_much)?;
        let before = match compared {
            None => None,
            Some(plan) => {
                let folded = self.fold(plan.clone()).await?;
                let before = plan.answer_in(&all.groups, folded.total, &folded.texts);
                Some(only(metric, before.map_err(too_much)?))
            }
        };
        Ok((only(metric, all), before, plan.sql(), folded.seen))
    }
}

/// Of the lines of a trend those that are the metric.
fn only(metric: &Metric, answer: trend::Answer) -> trend::Answer {
    let lines = metric.lines_of_trend(&answer).cloned().collect();
    trend::Answer { lines, ..answer }
}

fn by_span(spans: impl Iterator<Item = (trend::Span, Point)>) -> trend::Answer {
    let (spans, points): (Vec<trend::Span>, Vec<Point>) = spans.unzip();
    let whole = match points[..] {
        [point] => point,
        _ => Point { value: Err(NotEstimable::OnlyBySpan), n: 0, interval: None },
    };
    let line = Line { of: Of::Series(0), group: 0, points, whole };
    trend::Answer { spans, groups: vec![Group::All], lines: vec![line] }
}

fn too_much(too_much: TooMuch) -> Error {
    Error::new(ErrorKind::Limited, too_much.to_string())
}
