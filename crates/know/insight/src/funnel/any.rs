//! Which attempt gets deepest where the steps may come in any order?
//!
//! An attempt begins with an event of any step; an event that fulfils several counts as the first
//! of them. At the first moment at which as many steps lie within the time before it as ever do,
//! the earliest deepest attempt has just got there: whatever began earlier is late by then, and
//! whatever begins later gets there later.

use super::attempt::{Attempt, Rules, STEPS_MAX, Timeline};
use timeline::Marks;

pub(super) fn best(rules: &Rules, line: Timeline<'_>) -> Attempt {
    let mut lasts = [i64::MIN; STEPS_MAX];
    let (mut level, mut begin, mut floor) = (0, 0, 0);
    for (row, &marks) in line.marks.iter().enumerate() {
        if rules.exclusions_at(line, row) != 0 {
            lasts = [i64::MIN; STEPS_MAX];
            floor = row;
        }
        let steps = rules.steps_of(marks);
        if steps == 0 {
            continue;
        }
        let at = line.times[row];
        lasts[steps.trailing_zeros() as usize] = at;
        let since = at.saturating_sub(rules.within);
        let n_steps = lasts[..rules.n_steps].iter().filter(|&&last| last >= since).count();
        if n_steps <= level {
            continue;
        }
        let from = floor.max(line.times.partition_point(|&at| at < since));
        let is_step = |row: &usize| rules.steps_of(line.marks[*row]) != 0;
        let first = (from..=row).find(is_step).expect("this row is of a step");
        if line.times[first] >= rules.begin_until {
            break;
        }
        (level, begin) = (n_steps, first);
        if level == rules.n_steps {
            break;
        }
    }
    gather(rules, &line.marks[begin..], level, begin as u32)
}

/// The first row of each of `level` steps, in their order.
fn gather(rules: &Rules, marks: &[Marks], level: usize, begin: u32) -> Attempt {
    let mut attempt = Attempt::default();
    let mut seen = 0;
    for (row, &marks) in (begin..).zip(marks) {
        if attempt.level == level {
            break;
        }
        let steps = rules.steps_of(marks);
        let step = steps & steps.wrapping_neg();
        if step & !seen != 0 {
            seen |= step;
            attempt.rows[attempt.level] = row;
            attempt.level += 1;
        }
    }
    attempt
}
