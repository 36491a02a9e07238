//! What does a funnel say?

use super::Plan;
use super::fold::{FunnelTotal, Reached};
use crate::breakdown::{Group, Groups};
use crate::{Took, shown};
use stats::{Estimate, NotEstimable, share};
use timeline::Texts;

/// The funnel of all, and of each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Of all customers who began.
    pub all: FunnelGroup,
    /// By group, in their order; empty without a breakdown.
    pub groups: Vec<FunnelGroup>,
}

/// The funnel of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelGroup {
    /// Which.
    pub group: Group,
    /// Its steps, in their order.
    pub steps: Vec<FunnelStep>,
    /// How long those who reached the last step took from the first; `None` where nobody did or
    /// times were not asked for.
    pub took: Option<Took>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelStep {
    /// Customers who reached it.
    pub n: u64,
    /// Customers who reached the step before and not this one; 0 at the first.
    pub n_dropped: u64,
    /// Of those who began.
    pub of_first: Result<Estimate, NotEstimable>,
    /// Of those who reached the step before; at the first, of those who began.
    pub of_previous: Result<Estimate, NotEstimable>,
    /// How long they took from the step before; as at [`FunnelGroup::took`].
    pub took: Option<Took>,
}

impl Plan {
    /// The answer, of what the fold came to.
    #[must_use]
    pub fn answer(&self, mut total: FunnelTotal, texts: &[Texts]) -> Answer {
        let channels = self.channels(&mut total, texts);
        let n_began = |reached: &Reached| reached.n_at.iter().sum();
        let weights: Vec<u64> = total.groups.iter().map(n_began).collect();
        let texts = channels.as_ref().or_else(|| self.codes.texts(&self.ask, texts));
        let Some(texts) = texts else {
            let all = total.groups.into_iter().next().unwrap_or_default();
            return Answer { all: self.group(Group::All, all), groups: Vec::new() };
        };
        let groups = Groups::rank(&weights, texts, self.n_groups);
        let place = |code| (weights[code as usize] > 0).then(|| groups.of(code));
        self.answer_by(total, groups.groups(), place)
    }

    /// The answer in the groups of another answer; who is of none of them is in the whole alone.
    #[must_use]
    pub fn answer_in(&self, mut total: FunnelTotal, texts: &[Texts], groups: &[Group]) -> Answer {
        let channels = self.channels(&mut total, texts);
        let texts = channels.as_ref().or_else(|| self.codes.texts(&self.ask, texts));
        let shown = shown(groups);
        let place = |code| {
            let text = texts.and_then(|texts| texts.text(code)).map(|text| &**text);
            groups.iter().position(|group| group.takes(text, &shown))
        };
        self.answer_by(total, groups, place)
    }

    /// Puts channels in the place of kinds of visits, where customers are told apart by them.
    fn channels(&self, total: &mut FunnelTotal, texts: &[Texts]) -> Option<Texts> {
        let (channels, codes) = self.arrivals.as_ref()?.channels(&total.kinds, texts);
        total.renumber(&codes);
        Some(channels)
    }

    fn answer_by(
        &self,
        total: FunnelTotal,
        groups: &[Group],
        place: impl Fn(u32) -> Option<usize>,
    ) -> Answer {
        let mut all = Reached::default();
        let mut of_group = vec![Reached::default(); groups.len()];
        for (code, reached) in (0..).zip(total.groups) {
            all.merge(reached.clone());
            if let Some(place) = place(code) {
                of_group[place].merge(reached);
            }
        }
        let parts = groups.iter().cloned().zip(of_group);
        Answer {
            all: self.group(Group::All, all),
            groups: parts.map(|(group, reached)| self.group(group, reached)).collect(),
        }
    }

    fn group(&self, group: Group, mut reached: Reached) -> FunnelGroup {
        let n_steps = self.rules.n_steps;
        let n_from = |step: usize| reached.n_at[step + 1..].iter().sum::<u64>();
        let ns: Vec<u64> = (0..n_steps).map(n_from).collect();
        reached.took.resize_with(n_steps, Vec::new);
        let mut tooks = reached.took.iter_mut().map(|lengths| Took::of(lengths));
        let mut step = |k: usize| FunnelStep {
            n: ns[k],
            n_dropped: if k == 0 { 0 } else { ns[k - 1] - ns[k] },
            of_first: share(ns[k], ns[0]),
            of_previous: share(ns[k], ns[k.saturating_sub(1)]),
            took: if k == 0 { None } else { tooks.next().flatten() },
        };
        let steps = (0..n_steps).map(&mut step).collect();
        FunnelGroup { group, steps, took: tooks.next().flatten() }
    }
}
