//! Did some events follow each other, and was an event followed by another?
//!
//! Either is true from some moments to others: for every first event, from when it is in the
//! window (and what was to follow did, or its time is over) to when it leaves it.

use crate::question::Glass;
use crate::state::Item;
use base::{Duration, Timestamp};
use definition::{Judged, NEVER};

/// Events of these kinds, one after the other.
#[derive(Clone, Debug)]
pub struct InOrder {
    /// The kind of each step.
    pub steps: Vec<u8>,
    /// How long after the first the last may be.
    pub within: Duration,
    /// The kind that may not be between.
    pub without: Option<u8>,
    /// The column in which all of them must say the same.
    pub held: Option<u8>,
    /// Where the first counts.
    pub glass: Glass,
}

/// An event of one kind without one of another soon after it.
#[derive(Clone, Debug)]
pub struct NotFollowed {
    /// The kind of the one.
    pub first: u8,
    /// The kind of the other.
    pub by: u8,
    /// How soon.
    pub within: Duration,
    /// The column in which both must say the same.
    pub held: Option<u8>,
    /// Where the first counts.
    pub glass: Glass,
}

/// From when to when something is so.
type Span = (Timestamp, Option<Timestamp>);

/// An event, as an order sees it: bit 0 for what may not be between, then a bit for each step.
#[derive(Clone, Copy, Debug)]
struct Step {
    at: i64,
    marks: u32,
    held: Option<u64>,
}

impl InOrder {
    pub(crate) fn judge_items(&self, items: &[Item], t: Timestamp) -> Judged {
        let line = self.line(items);
        self.glass.with(items, |moving| {
            let begins = (0..line.len()).filter(|row| self.is_begin(&line[*row]));
            let whole = begins.filter_map(|row| Some((line[row].at, self.completed(&line, row)?)));
            let spans = whole.map(|(begin, end)| {
                let (enters, leaves) = moving.span_of(Timestamp(begin));
                (enters.max(Timestamp(end)), leaves)
            });
            in_spans(spans.collect(), t)
        })
    }

    /// The events that matter.
    fn line(&self, items: &[Item]) -> Vec<Step> {
        let step = |item: &Item| {
            let without = u32::from(self.without.is_some_and(|mark| item.is(mark)));
            let steps = self.steps.iter().enumerate();
            let marks = steps
                .fold(without, |marks, (k, &mark)| marks | u32::from(item.is(mark)) << (k + 1));
            let held = self.held.and_then(|column| item.text(column));
            Step { at: item.at, marks, held }
        };
        items.iter().map(step).filter(|step| step.marks != 0).collect()
    }

    fn is_begin(&self, step: &Step) -> bool {
        step.marks >> 1 & 1 == 1 && (self.held.is_none() || step.held.is_some())
    }

    /// When the attempt that begins at `row` took its last step. Of every moment it takes as many
    /// steps as there are events for, in whatever order these arrived.
    fn completed(&self, line: &[Step], row: usize) -> Option<i64> {
        let begin = line[row];
        let last = begin.at.saturating_add(self.within.0);
        let mut place = line.partition_point(|step| step.at < begin.at);
        let mut level = 1;
        for moment in line[place..].chunk_by(|a, b| a.at == b.at) {
            let at = moment[0].at;
            if at > last {
                return None;
            }
            let others = (place..).zip(moment).filter(|(other, _)| *other != row);
            let fit = others.filter(|(_, step)| step.held == begin.held);
            let marks: Vec<u32> = fit.map(|(_, step)| step.marks >> 1).collect();
            level += n_taken(level, self.steps.len(), &marks);
            if level == self.steps.len() {
                return (!self.is_broken(line, (begin.at, at))).then_some(at);
            }
            place += moment.len();
        }
        None
    }

    /// Whether what may not be between happened after `from` and not after `to`.
    fn is_broken(&self, line: &[Step], (from, to): (i64, i64)) -> bool {
        let mut between = line.iter().filter(|step| step.at > from && step.at <= to);
        self.without.is_some() && between.any(|step| step.marks & 1 == 1)
    }
}

/// How many steps from `level` on can be taken by events of one moment, each by one of its own:
/// steps are given events one after the other, those before them changing theirs where they can
/// (Kuhn 1955).
fn n_taken(level: usize, n_steps: usize, marks: &[u32]) -> usize {
    let mut taken: Vec<Option<usize>> = vec![None; marks.len()];
    let of = |step: usize| marks.iter().any(|marks| marks >> step & 1 == 1);
    let is_given = |step: usize, taken: &mut Vec<Option<usize>>| {
        of(step) && give(step, marks, taken, &mut vec![false; marks.len()])
    };
    (level..n_steps).take_while(|step| is_given(*step, &mut taken)).count()
}

fn give(step: usize, marks: &[u32], taken: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    for (event, marks_of) in marks.iter().enumerate() {
        if marks_of >> step & 1 == 0 || std::mem::replace(&mut tried[event], true) {
            continue;
        }
        let is_free = match taken[event] {
            None => true,
            Some(other) => give(other, marks, taken, tried),
        };
        if is_free {
            taken[event] = Some(step);
            return true;
        }
    }
    false
}

impl NotFollowed {
    pub(crate) fn judge_items(&self, items: &[Item], t: Timestamp) -> Judged {
        self.glass.with(items, |moving| {
            let alone = (0..items.len()).filter(|place| self.is_alone(items, *place));
            let spans = alone.map(|place| {
                let at = Timestamp(items[place].at);
                let (enters, leaves) = moving.span_of(at);
                (enters.max(at.plus(self.within)), leaves)
            });
            in_spans(spans.collect(), t)
        })
    }

    /// Whether the event at `place` is one of the first kind and none of the other is soon after
    /// it, or at the same moment.
    fn is_alone(&self, items: &[Item], place: usize) -> bool {
        let first = &items[place];
        let held = |item: &Item| self.held.and_then(|column| item.text(column));
        if !first.is(self.first) || (self.held.is_some() && held(first).is_none()) {
            return false;
        }
        let last = first.at.saturating_add(self.within.0);
        let begin = items.partition_point(|item| item.at < first.at);
        let after = items[begin..].iter().enumerate().take_while(|(_, item)| item.at <= last);
        let mut others = after.filter(|(k, _)| begin + k != place);
        !others.any(|(_, item)| item.is(self.by) && held(item) == held(first))
    }
}

/// Whether `t` is in one of the spans, and until when this stays so.
fn in_spans(mut spans: Vec<Span>, t: Timestamp) -> Judged {
    let is_ever = |from: &Timestamp, until: &Option<Timestamp>| {
        *from < NEVER && until.is_none_or(|until| until > t && until > *from)
    };
    spans.retain(|(from, until)| is_ever(from, until));
    spans.sort_unstable();
    let Some(&(first, _)) = spans.first() else { return Judged { holds: false, until: None } };
    if first > t {
        return Judged { holds: false, until: Some(first) };
    }
    let mut covered = t;
    for (from, until) in spans {
        if from > covered {
            break;
        }
        let Some(until) = until else { return Judged { holds: true, until: None } };
        covered = covered.max(until);
    }
    Judged { holds: true, until: Some(covered) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spans: &[(i64, Option<i64>)], t: i64, holds: bool, until: Option<i64>) {
        let spans = spans.iter().map(|&(a, b)| (Timestamp(a), b.map(Timestamp))).collect();
        let judged = in_spans(spans, Timestamp(t));
        assert_eq!((judged.holds, judged.until), (holds, until.map(Timestamp)));
    }

    #[test]
    fn spans_that_meet_are_one() {
        check(&[], 5, false, None);
        check(&[(7, Some(9)), (6, Some(6))], 5, false, Some(7));
        check(&[(1, Some(6)), (6, Some(9)), (8, Some(12)), (13, None)], 5, true, Some(12));
        check(&[(1, Some(6)), (2, None)], 5, true, None);
        check(&[(1, Some(5))], 5, false, None);
    }
}
