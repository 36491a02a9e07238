//! Which attempt gets deepest where other events may lie between its steps?
//!
//! An attempt begins with an event of the first step and takes the next event of the next step, as
//! often as there is one in time. All attempts go on together: whoever waits for the same step
//! gets on with the same event, and an earlier attempt is never behind a later one. So the
//! attempts at a level are a stretch of the list of beginnings, an event moves one bound of it,
//! and the whole costs a step per row however many attempts there are.

use super::attempt::{Attempt, Rules, STEPS_MAX, Timeline};
use timeline::Marks;

/// The attempts of one customer; used again for the next.
#[derive(Default)]
pub(super) struct Ordered {
    /// The rows at which attempts began that were not ended by an exclusion.
    begins: Vec<u32>,
    /// How many of them got to level `k` or deeper.
    n_at: [usize; STEPS_MAX + 1],
    /// How deep one got so far.
    level: usize,
    /// Where the earliest of those began.
    begin: u32,
    /// The rows for which something holds.
    counted: Vec<u32>,
}

impl Ordered {
    #[inline]
    pub(super) fn best(&mut self, rules: &Rules, line: Timeline<'_>, has_rows: bool) -> Attempt {
        self.begins.clear();
        self.n_at = [0; STEPS_MAX + 1];
        self.level = 0;
        for k in 0..self.count(line.marks) {
            let row = self.counted[k] as usize;
            self.exclude(rules, rules.exclusions_at(line, row));
            self.take(rules, line.times, row, rules.steps_of(line.marks[row]));
            if self.level == rules.n_steps {
                break;
            }
        }
        let mut attempt = Attempt { level: self.level, ..Attempt::default() };
        if has_rows && attempt.level > 0 {
            follow(rules, line.marks, self.begin, &mut attempt);
        }
        attempt
    }

    /// Notes the rows for which something holds, and says how many they are. Whether something
    /// does is as good as random: a loop without a branch is faster than one that guesses.
    #[inline]
    fn count(&mut self, marks: &[Marks]) -> usize {
        if self.counted.len() < marks.len() {
            self.counted.resize(marks.len(), 0);
        }
        let mut n_counted = 0;
        for (row, marks) in marks.iter().enumerate() {
            self.counted[n_counted] = row as u32;
            n_counted += usize::from(*marks != 0);
        }
        n_counted
    }

    /// From the last step down, so that an event is one step of an attempt.
    #[inline]
    fn take(&mut self, rules: &Rules, times: &[i64], row: usize, mut steps: Marks) {
        while steps != 0 {
            let step = steps.ilog2() as usize;
            steps ^= 1 << step;
            if step > 0 {
                self.go_on(rules, times, row, step);
            } else if times[row] < rules.begin_until {
                self.begins.push(row as u32);
                self.n_at[1] += 1;
                if self.level == 0 {
                    (self.level, self.begin) = (1, row as u32);
                }
            }
        }
    }

    /// Those who wait for `step` (from 0) get on. Who is late by then is late for good: it does no
    /// harm to let them go along.
    #[inline]
    fn go_on(&mut self, rules: &Rules, times: &[i64], row: usize, step: usize) {
        let waiting = &self.begins[self.n_at[step + 1]..self.n_at[step]];
        let is_late = |begin: u32| times[row] - times[begin as usize] > rules.within;
        let Some(&latest) = waiting.last() else { return };
        if is_late(latest) {
            return;
        }
        if step + 1 > self.level {
            self.level = step + 1;
            self.begin = waiting[waiting.partition_point(|&begin| is_late(begin))];
        }
        self.n_at[step + 1] = self.n_at[step];
    }

    /// Ends the attempts that wait where an exclusion counts. A beginning behind them is moved at
    /// most once until an event lifts it to them, so this too costs a step per row.
    #[inline]
    fn exclude(&mut self, rules: &Rules, mut which: Marks) {
        while which != 0 {
            let (after, before) = rules.exclusions[which.trailing_zeros() as usize];
            which &= which - 1;
            let (from, to) = (self.n_at[before], self.n_at[after]);
            self.begins.drain(from..to);
            for n in &mut self.n_at[1..=after] {
                *n -= to - from;
            }
            self.n_at[after + 1..before].fill(from);
        }
    }
}

/// How deep the deepest attempt gets, where there are no exclusions. Of the attempts that got to a
/// step the last one that began has most time left, so it alone is kept: no list, no branch.
#[inline]
pub(super) fn level(rules: &Rules, line: Timeline<'_>) -> usize {
    match rules.n_steps {
        ..=2 => level_of::<2>(rules, line),
        3 => level_of::<3>(rules, line),
        4 => level_of::<4>(rules, line),
        5 => level_of::<5>(rules, line),
        _ => level_of::<STEPS_MAX>(rules, line),
    }
}

#[inline]
fn level_of<const N: usize>(rules: &Rules, line: Timeline<'_>) -> usize {
    const NEVER: i64 = i64::MIN;
    // When the last attempt began that got to each step.
    let mut begins = [NEVER; N];
    for (&at, &marks) in line.times.iter().zip(line.marks) {
        let steps = rules.steps_of(marks);
        let since = at.saturating_sub(rules.within).max(NEVER + 1);
        for step in (1..N).rev() {
            let goes_on = (steps >> step & 1 != 0) & (begins[step - 1] >= since);
            begins[step] = if goes_on { begins[step - 1] } else { begins[step] };
        }
        let does_begin = (steps & 1 != 0) & (at < rules.begin_until);
        begins[0] = if does_begin { at } else { begins[0] };
    }
    begins.iter().take_while(|begin| **begin != NEVER).count()
}

/// The rows of the attempt that begins at `begin` and is known to get to its level.
fn follow(rules: &Rules, marks: &[Marks], begin: u32, attempt: &mut Attempt) {
    attempt.rows[0] = begin;
    let mut level = 1;
    let mut row = begin as usize;
    while level < attempt.level {
        row += 1;
        if rules.goes_on(marks[row], level) {
            attempt.rows[level] = row as u32;
            level += 1;
        }
    }
}
