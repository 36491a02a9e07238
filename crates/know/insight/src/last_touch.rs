//! Which touch was the last before an outcome?
//!
//! Each outcome in the period (an order) is credited to the last touch of its customer (a campaign
//! click) that happened at the same moment or before, no longer ago than `within`. It is a way to
//! count, not a measure of effect: what would have happened without the touch it does not say.

mod fold;
mod members;

pub use fold::LastTouchTotal;
pub use members::{Members, Point};

use crate::breakdown::{GROUPS_MAX, Group, Groups};
use crate::error::{self, BadDefinition, Problem};
use crate::{Calendar, Comparison, Grain, Period, selection, sql, words};
use base::{Duration, Timestamp};
use fold::Credit;
use stats::{Estimate, NotEstimable, share};
use timeline::{Ask, Condition, Field, Label, Texts, Window};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// When outcomes happen.
    pub period: Period,
    /// What the period is compared with; touches before that count there likewise.
    pub comparison: Comparison,
    /// Which events are outcomes.
    pub outcome: Condition,
    /// Which events are touches.
    pub touch: Condition,
    /// What a touch is called.
    pub label: Label,
    /// How long ago a touch may be, that moment included.
    pub within: Duration,
    /// A number of outcomes that is added up, such as revenue.
    pub value: Option<Field>,
    /// Groups of their own at most; the rest is "other".
    pub n_groups: usize,
}

/// A definition that was checked: the fold that answers it.
#[derive(Clone, Debug)]
pub struct Plan {
    ask: Ask,
    /// Outcomes are in it.
    window: Window,
    within: i64,
    label: Label,
    touch: Condition,
    has_value: bool,
    n_groups: usize,
}

/// To which touches outcomes are credited.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Outcomes of the period.
    pub n_outcomes: u64,
    /// By touch: those with the most outcomes first, then other, then touches without a label.
    pub rows: Vec<Credited>,
    /// Outcomes without a touch in time.
    pub untouched: Outcomes,
}

/// What is credited to a touch.
#[derive(Clone, Debug, PartialEq)]
pub struct Credited {
    /// What the touch is called.
    pub group: Group,
    /// What is credited to it.
    pub outcomes: Outcomes,
}

/// Some outcomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcomes {
    /// How many.
    pub n: u64,
    /// Of all outcomes; the interval takes them as independent.
    pub of_all: Result<Estimate, NotEstimable>,
    /// What their values add up to, where one is asked for.
    pub sum: Option<f64>,
}

impl Definition {
    /// The plan for the period as it is `now`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.plan_in(self.period.window(&self.calendar, now)?)
    }

    /// The plan for the period that it is compared with, if there is one. Its answer is given in
    /// the groups of the other one, by [`Plan::answer_in`].
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, BadDefinition> {
        let shown = (now, Grain::Day);
        let window = self.period.window_compared(self.comparison, &self.calendar, shown)?;
        window.map(|window| self.plan_in(window)).transpose()
    }

    /// The plan for outcomes in `window`.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn plan_in(&self, window: Window) -> Result<Plan, BadDefinition> {
        self.check()?;
        let mut ask = Ask::every(Window { from: window.from.minus(self.within), ..window });
        ask.conditions = vec![self.outcome.clone(), self.touch.clone()];
        ask.labels.push(self.label.clone());
        ask.numbers.extend(self.value.clone());
        Ok(Plan {
            ask,
            window,
            within: self.within.0,
            label: self.label.clone(),
            touch: self.touch.clone(),
            has_value: self.value.is_some(),
            n_groups: self.n_groups,
        })
    }

    fn check(&self) -> Result<(), BadDefinition> {
        selection::check(&self.outcome).map_err(|bad| bad.within("outcome"))?;
        selection::check(&self.touch).map_err(|bad| bad.within("touch"))?;
        if let Field::Property(path) | Field::Context(path) = &self.label.field
            && path.is_empty()
        {
            return Err(BadDefinition::new("label", Problem::Empty));
        }
        let range = (1.0, Duration::days(3_660).0 as f64);
        error::between("within", self.within.0 as f64, range)?;
        error::some("n_groups", self.n_groups, GROUPS_MAX)
    }

    /// In words: "Each … of the last 30 days is credited to the last … before it".
    #[must_use]
    pub fn words(&self) -> String {
        let value = self.value.as_ref().map(|value| format!(" with its {}", words::field(value)));
        let mut text = format!(
            "Each {}{} of {} is credited to the last {} up to {} before it, called by {}",
            selection::words(&self.outcome),
            value.unwrap_or_default(),
            self.period.words(),
            selection::words(&self.touch),
            words::duration(self.within),
            words::label(&self.label),
        );
        let comparison = self.comparison.words(Grain::Day);
        if !comparison.is_empty() {
            text += &format!("; {comparison}");
        }
        words::sentence(&format!("{text}; in the time zone {}", self.calendar.zone_name()))
    }

    /// The same in SQL.
    #[must_use]
    pub fn sql(&self, window: Window) -> String {
        let (outcome, touch) = (sql::condition(&self.outcome), sql::condition(&self.touch));
        let label = sql::label(&self.label);
        let value = self.value.as_ref().map_or_else(|| "0".to_owned(), sql::number);
        let total = if self.value.is_some() { ", sum(value) as total" } else { "" };
        let within = format!("interval '{} microseconds'", self.within.0);
        [
            "with o as (".to_owned(),
            "  select row_number() over () as outcome, customer_id, occurred_at,".to_owned(),
            format!("    {value} as value"),
            format!("  from events where {outcome} and {}", sql::window(window)),
            "), m as (".to_owned(),
            "  select customer_id, occurred_at, event_id, true as is_touched,".to_owned(),
            format!("    {label} as label from events where {touch}"),
            "), credited as (".to_owned(),
            "  select distinct on (outcome) outcome, is_touched, label, value".to_owned(),
            "  from o left join m on m.customer_id = o.customer_id".to_owned(),
            format!("    and m.occurred_at between o.occurred_at - {within} and o.occurred_at"),
            "  order by outcome, m.occurred_at desc nulls last, m.event_id desc nulls last"
                .to_owned(),
            ")".to_owned(),
            format!("select is_touched, label, count(*) as outcomes{total}"),
            "from credited group by 1, 2 order by outcomes desc".to_owned(),
        ]
        .join("\n")
    }
}

impl Plan {
    /// The window in which outcomes happen.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// The answer, of what the fold came to.
    #[must_use]
    pub fn answer(&self, total: &LastTouchTotal, texts: &[Texts]) -> Answer {
        let groups = Groups::rank(&weights(total), &texts[0], self.n_groups);
        self.answer_by(total, &groups)
    }

    /// The answer in the groups of another answer, so that the two can be compared. A touch that is
    /// in none of them is in the outcomes of all alone.
    #[must_use]
    pub fn answer_in(&self, groups: &[Group], total: &LastTouchTotal, texts: &[Texts]) -> Answer {
        self.answer_by(total, &Groups::like(groups, &weights(total), &texts[0]))
    }

    fn answer_by(&self, total: &LastTouchTotal, groups: &Groups) -> Answer {
        let mut credits = vec![Credit::default(); groups.len()];
        for (code, credit) in (0..).zip(&total.touched) {
            if let Some(place) = groups.find(code) {
                credits[place].merge(credit);
            }
        }
        let n_outcomes = weights(total).iter().sum::<u64>() + total.untouched.n;
        let outcomes = |credit: &Credit| Outcomes {
            n: credit.n,
            of_all: share(credit.n, n_outcomes),
            sum: self.has_value.then(|| credit.sum.value()),
        };
        let parts = groups.groups().iter().cloned().zip(&credits);
        Answer {
            n_outcomes,
            rows: parts.map(|(group, c)| Credited { group, outcomes: outcomes(c) }).collect(),
            untouched: outcomes(&total.untouched),
        }
    }
}

/// How many outcomes are credited to each code.
fn weights(total: &LastTouchTotal) -> Vec<u64> {
    total.touched.iter().map(|credit| credit.n).collect()
}

#[cfg(test)]
mod tests;
