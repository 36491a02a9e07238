//! What does an alert find of the spans that have ended?

use super::{AlertRule, Judgement, When};
use crate::engine::Engine;
use crate::metrics::{Metric, Unit};
use base::{Duration, Error, ErrorKind, Timestamp};
use insight::trend::{Answer, Point};
use insight::unusual::{Observed, Season, judge};
use insight::{Calendar, Grain};

/// Spans that one look judges at most; after a longer silence the ones before are let go.
const SPANS_MAX: u32 = 100;

/// How long after the end of a span its number is looked at, so that what is still on its way gets
/// in: phones and servers send some minutes late.
pub fn grace(grain: Grain) -> Duration {
    if grain == Grain::Hour { Duration::seconds(120) } else { Duration::seconds(900) }
}

/// Where the last span ended that can be judged at `now`.
pub fn closed(rule: &AlertRule, now: Timestamp) -> Timestamp {
    rule.calendar.begin(rule.grain, now.minus(grace(rule.grain)))
}

/// How many spans end after `from`, up to and with the one that ends at `until`.
fn n_spans(calendar: &Calendar, grain: Grain, (from, until): (Timestamp, Timestamp)) -> u32 {
    let (mut end, mut n) = (from, 0);
    while n < SPANS_MAX {
        end = calendar.end(grain, end);
        if end > until {
            break;
        }
        n += 1;
    }
    n
}

impl Engine {
    /// What `rule` finds of the spans that ended after `from`, up to the one that ended at
    /// `until`, in their order.
    ///
    /// # Errors
    /// `Invalid` where the metric cannot be asked by these spans any more; else as
    /// [`Engine::fold`].
    pub(super) async fn judge_spans(
        &self,
        (rule, metric): (&AlertRule, &Metric),
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<Judgement>, Error> {
        let n_new = n_spans(&rule.calendar, rule.grain, (from, until));
        if n_new == 0 {
            return Ok(Vec::new());
        }
        let n_past = match rule.when {
            When::Unusual(_) => Season::of(rule.grain).map_or(0, Season::n_past),
            When::Above(_) | When::Below(_) => 0,
        };
        let plan = rule.plan(metric, n_past + n_new, until);
        let plan = plan.map_err(|bad| Error::new(ErrorKind::Invalid, bad.to_string()))?;
        let answer = self.answer_metric(plan).await?.answer;
        let n_all = answer.spans.len();
        let first = n_all.saturating_sub(n_new as usize);
        Ok((first..n_all).map(|k| judgement((rule, metric), &answer, k)).collect())
    }
}

/// What is found of the `k`-th span of an answer.
fn judgement((rule, metric): (&AlertRule, &Metric), answer: &Answer, k: usize) -> Judgement {
    let span = &answer.spans[k];
    let nothing = Judgement {
        from: span.begin,
        until: rule.calendar.end(rule.grain, span.begin),
        span: span.name.clone(),
        value: None,
        expected: None,
        low: None,
        high: None,
        fires: false,
        words: String::new(),
    };
    let tell = Telling { metric, grain: rule.grain, span: &span.name };
    let points: &[Point] = answer.lines.first().map_or(&[], |line| &line.points);
    let value = match points.get(k).map(|point| point.value) {
        Some(Ok(value)) => value,
        Some(Err(why)) => return Judgement { words: tell.no_number(&why.to_string()), ..nothing },
        None => return Judgement { words: tell.no_number("nothing was counted"), ..nothing },
    };
    let found = Judgement { value: Some(value), ..nothing };
    match rule.when {
        When::Above(limit) => {
            let words = tell.beside_limit(value, ("above", limit));
            Judgement { high: Some(limit), fires: value > limit, words, ..found }
        }
        When::Below(limit) => {
            let words = tell.beside_limit(value, ("below", limit));
            Judgement { low: Some(limit), fires: value < limit, words, ..found }
        }
        When::Unusual(sensitivity) => {
            let Some(season) = Season::of(rule.grain) else { return found };
            let place = |k: usize| season.place(&rule.calendar, answer.spans[k].begin);
            let past = observed(&points[..k], season, place);
            let now = Observed { place: place(k), value };
            match judge(season, &past, now, sensitivity) {
                Err(why) => Judgement { words: tell.unknown(value, &why.to_string()), ..found },
                Ok(verdict) => Judgement {
                    expected: Some(verdict.expected),
                    low: Some(verdict.low),
                    high: Some(verdict.high),
                    fires: verdict.is_unusual,
                    words: tell.beside_usual(value, (verdict.low, verdict.high), verdict.expected),
                    ..found
                },
            }
        }
    }
}

/// The past that there is: from the first span on in which anything happened, as far back as the
/// season looks. Before that nobody sent events, which says nothing about how many are usual.
fn observed(points: &[Point], season: Season, place: impl Fn(usize) -> u32) -> Vec<Observed> {
    let begins = |point: &Point| point.n > 0 || point.value.is_ok_and(|value| value != 0.0);
    let first = points.iter().position(begins).unwrap_or(points.len());
    let first = first.max(points.len().saturating_sub(season.n_past() as usize));
    let values = points[first..].iter().zip(first..);
    values
        .filter_map(|(point, k)| Some(Observed { place: place(k), value: point.value.ok()? }))
        .collect()
}

/// What sentences about a number have in common.
struct Telling<'a> {
    metric: &'a Metric,
    grain: Grain,
    span: &'a str,
}

impl Telling<'_> {
    fn of(&self, value: f64) -> String {
        let (name, grain, span) = (&self.metric.name, self.grain.word(), self.span);
        format!("{name}: {} in the {grain} {span}", self.number(value))
    }

    fn no_number(&self, why: &str) -> String {
        let (name, grain, span) = (&self.metric.name, self.grain.word(), self.span);
        format!("{name}: no number for the {grain} {span}, because {why}.")
    }

    fn beside_limit(&self, value: f64, (side, limit): (&str, f64)) -> String {
        let is_beyond = if side == "above" { value > limit } else { value < limit };
        let not = if is_beyond { "" } else { "not " };
        format!("{}, {not}{side} {}.", self.of(value), self.number(limit))
    }

    fn beside_usual(&self, value: f64, (low, high): (f64, f64), expected: f64) -> String {
        let [low, high, expected] = [low, high, expected].map(|number| self.number(number));
        format!("{}; usual is {low} to {high}, about {expected}.", self.of(value))
    }

    fn unknown(&self, value: f64, why: &str) -> String {
        format!("{}; what is usual is not known yet, because {why}.", self.of(value))
    }

    /// A number in the metric's unit, to two places.
    fn number(&self, value: f64) -> String {
        let rounded = (value * 100.0).round() / 100.0;
        match &self.metric.unit {
            Unit::Events | Unit::Customers | Unit::Other(_) => rounded.to_string(),
            Unit::Share => format!("{} %", (value * 1e4).round() / 100.0),
            Unit::Percent => format!("{rounded} %"),
            Unit::Money(currency) => format!("{rounded:.2} {currency}"),
            Unit::Days => format!("{rounded} days"),
        }
    }
}

impl AlertRule {
    /// What it watches and when it fires, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let when = match self.when {
            When::Above(limit) => format!("is above {limit}"),
            When::Below(limit) => format!("is below {limit}"),
            When::Unusual(sensitivity) => format!(
                "is unusual (about {} of 1000 usual numbers are told as well)",
                sensitivity.false_alarms() * 1000.0
            ),
        };
        let grain = self.grain.word();
        format!("{} of a {grain} {when}, {}", self.metric, self.calendar.words())
    }
}
