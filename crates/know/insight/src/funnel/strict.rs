//! Which attempt gets deepest where no other event may lie between its steps?

use super::attempt::{Attempt, Rules, Timeline};

/// Any event counted that is not the next step ends an attempt, so each lasts for a few rows.
pub(super) fn best(rules: &Rules, line: Timeline<'_>) -> Attempt {
    let mut best = Attempt::default();
    for (row, &marks) in line.marks.iter().enumerate() {
        let begins = rules.goes_on(marks, 0) && line.is_same(row, row);
        if begins && line.times[row] < rules.begin_until {
            let attempt = from(rules, line, row);
            if attempt.level > best.level {
                best = attempt;
            }
        }
        if best.level == rules.n_steps {
            break;
        }
    }
    best
}

fn from(rules: &Rules, line: Timeline<'_>, begin: usize) -> Attempt {
    let mut attempt = Attempt { level: 1, ..Attempt::default() };
    attempt.rows[0] = begin as u32;
    for row in begin + 1..line.times.len() {
        let (level, marks) = (attempt.level, line.marks[row]);
        let is_late = line.times[row] - line.times[begin] > rules.within;
        let excluded = rules.exclusions_at(line, row);
        let is_excluded = rules.exclusions.iter().enumerate().any(|(k, (after, before))| {
            excluded >> k & 1 == 1 && *after <= level && level < *before
        });
        if level == rules.n_steps || is_late || is_excluded {
            break;
        }
        if rules.goes_on(marks, level) && line.is_same(begin, row) {
            attempt.rows[level] = row as u32;
            attempt.level += 1;
        } else if marks >> rules.exclusions.len() != 0 {
            break;
        }
    }
    attempt
}
