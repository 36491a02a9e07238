//! What does a lifecycle answer?

use super::fold::{CELLS, Place, STAYED, Total};
use super::{Plan, State};
use crate::breakdown::{Group, Groups};
use base::Timestamp;
use stats::{Estimate, NotEstimable};
use timeline::Texts;

/// The states of all customers, and of those of each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Of all, by span.
    pub spans: Vec<Span>,
    /// By group, in their order; empty without a breakdown.
    pub groups: Vec<OfGroup>,
}

/// The states of the customers of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct OfGroup {
    /// Which.
    pub group: Group,
    /// By span.
    pub spans: Vec<Span>,
}

/// The states of one span.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// When it begins.
    pub begin: Timestamp,
    /// How it is called: see [`Calendar::name`](crate::Calendar::name).
    pub name: String,
    /// Whether it is over; else who is dormant may still come.
    pub is_whole: bool,
    /// Active for the first time.
    pub n_new: u64,
    /// Active as right before.
    pub n_returning: u64,
    /// Active after a break.
    pub n_resurrecting: u64,
    /// Active right before, not now.
    pub n_dormant: u64,
    /// Of those active right before (in the group), the share that is active again (in any), with
    /// Wilson's interval.
    pub kept: Result<Estimate, NotEstimable>,
}

impl Span {
    /// How many are active.
    #[must_use]
    pub fn n_active(&self) -> u64 {
        self.n_new + self.n_returning + self.n_resurrecting
    }
}

impl Plan {
    /// The answer, in the groups in which most customers were active, added over the spans.
    #[must_use]
    pub fn answer(&self, total: &Total, texts: &[Texts]) -> Answer {
        let texts = self.codes.texts(&self.ask, texts);
        let groups = self.definition.breakdown.as_ref().zip(texts).map(|(breakdown, texts)| {
            Groups::rank(&weights(total, texts), texts, breakdown.n_groups)
        });
        self.answer_by(total, groups.as_ref())
    }

    /// The answer in the groups of another answer, so that the two can be compared. Who is in none
    /// of them is in the whole alone.
    #[must_use]
    pub fn answer_in(&self, groups: &[Group], total: &Total, texts: &[Texts]) -> Answer {
        let texts = self.codes.texts(&self.ask, texts);
        let groups = texts.map(|texts| Groups::like(groups, &weights(total, texts), texts));
        self.answer_by(total, groups.as_ref())
    }

    fn answer_by(&self, total: &Total, groups: Option<&Groups>) -> Answer {
        let none = vec![0; CELLS * self.spans.len()];
        let mut parts = vec![none.clone(); groups.map_or(0, Groups::len)];
        let mut all = none;
        for (code, cell, n) in total.n.iter() {
            all[cell] += n;
            if let Some(place) = groups.and_then(|groups| groups.find(code)) {
                parts[place][cell] += n;
            }
        }
        let named = groups.into_iter().flat_map(Groups::groups).cloned().zip(&parts);
        let of_group = |(group, part): (Group, &Vec<u64>)| OfGroup { group, spans: self.of(part) };
        Answer { spans: self.of(&all), groups: named.map(of_group).collect() }
    }

    fn of(&self, cells: &[u64]) -> Vec<Span> {
        let span = |k: usize| {
            let n = |place: Place| cells[CELLS * k + place];
            let begin = self.spans.span(k).from;
            Span {
                begin,
                name: self.definition.calendar.name(self.definition.grain, begin),
                is_whole: self.spans.is_whole(k),
                n_new: n(State::New as Place),
                n_returning: n(State::Returning as Place),
                n_resurrecting: n(State::Resurrecting as Place),
                n_dormant: n(State::Dormant as Place),
                kept: stats::share(n(STAYED), n(STAYED) + n(State::Dormant as Place)),
            }
        };
        (1..self.spans.len()).map(span).collect()
    }
}

/// How many customers were active in each span, added up, by code; that before the first counts,
/// lest a group of the dormant weigh nothing.
fn weights(total: &Total, texts: &Texts) -> Vec<u64> {
    let mut weights = vec![0; texts.len() + 1];
    for (code, cell, n) in total.n.iter() {
        if cell % CELLS < State::Dormant as Place {
            weights[code as usize] += n;
        }
    }
    weights
}
