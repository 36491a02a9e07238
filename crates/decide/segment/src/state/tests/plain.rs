//! Does a case hold of events at a moment, if one looks at all of them?

use super::*;

/// Slow, and without any of the states.
pub(super) fn holds(case: &Case, items: &[Item], t: i64, most: usize) -> bool {
    let mut seen: Vec<Item> = items.iter().filter(|item| item.at <= t).copied().collect();
    seen.sort_by_key(|item| (item.at, item.seq));
    if matches!(case.keep.form, Form::Trail { .. }) {
        seen.drain(..seen.len().saturating_sub(most));
    }
    asked(&case.question, &seen, (case, t))
}

/// The events of the window.
fn in_window(items: &[Item], (case, t): (&Case, i64)) -> Vec<Item> {
    let from_to = match case.lag {
        Ok(lag) => Some((lag.from.map_or(i64::MIN, |from| t - from), t - lag.to)),
        Err((mark, side)) => {
            let mut anchors = items.iter().filter(|item| item.is(mark)).map(|item| item.at);
            let anchor = if side == Side::First { anchors.next() } else { anchors.next_back() };
            anchor.map(|at| (at, t))
        }
    };
    let Some((after, last)) = from_to else { return Vec::new() };
    items.iter().filter(|item| after < item.at && item.at <= last).copied().collect()
}

fn asked(question: &Question, items: &[Item], at: (&Case, i64)) -> bool {
    match question {
        Question::Measure(measure) => measured(measure, items, at),
        Question::Value(value) => valued(value, items, at),
        Question::InOrder(steps) => in_order(steps, items, at),
        Question::NotFollowed(not) => {
            let is_alone = |first: &Item| {
                let held = |item: &Item| not.held.map(|column| item.text(column));
                let is_soon = |item: &&Item| {
                    item.seq != first.seq
                        && item.is(not.by)
                        && held(item) == held(first)
                        && (first.at..=first.at + not.within.0).contains(&item.at)
                };
                first.is(not.first)
                    && held(first) != Some(None)
                    && first.at + not.within.0 <= at.1
                    && !items.iter().any(|item| is_soon(&item))
            };
            in_window(items, at).iter().any(is_alone)
        }
        Question::Same(same) => {
            let mut of: BTreeMap<u64, Vec<Item>> = BTreeMap::new();
            for item in items {
                if let Some(value) = item.text(same.column) {
                    of.entry(value).or_default().push(*item);
                }
            }
            let Keyed::Test(question) = &same.who else { panic!("cases have one test") };
            of.values().any(|items| asked(question, items, at))
        }
    }
}

fn measured(measure: &Measure, items: &[Item], at: (&Case, i64)) -> bool {
    let mut items = in_window(items, at);
    items.retain(|item| item.is(measure.mark));
    if let Of::Column(column) = measure.of {
        items.retain(|item| item.text(column).is_some());
    }
    let numbers: Vec<f64> = match measure.of {
        Of::Column(column) => items.iter().filter_map(|item| item.number(column)).collect(),
        _ => Vec::new(),
    };
    let n = items.len() as f64;
    let days = |item: &Item| (at.1 - item.at) as f64 * (1.0 / 86_400_000_000.0);
    let value = match measure.measured {
        Measured::Times => Some(n),
        Measured::Values => {
            let texts: BTreeSet<u64> = items.iter().filter_map(|item| item.text(0)).collect();
            Some(texts.len() as f64)
        }
        Measured::Sum => Some(numbers.iter().sum()),
        Measured::Mean => (n > 0.0).then(|| numbers.iter().sum::<f64>() / n),
        Measured::Least => numbers.into_iter().reduce(f64::min),
        Measured::Greatest => numbers.into_iter().reduce(f64::max),
        Measured::SinceLast => items.last().map(days),
        Measured::SinceFirst => items.first().map(days),
    };
    value.is_some_and(|value| measure.number.takes(value))
}

fn valued(value: &ValueOf, items: &[Item], at: (&Case, i64)) -> bool {
    let mut items = in_window(items, at);
    items.retain(|item| item.is(value.mark));
    let found = match value.which {
        Which::First => items.first(),
        Which::Last => items.last(),
        Which::MostFrequent => {
            let n = |item: &Item| items.iter().filter(|i| i.text(0) == item.text(0)).count();
            let with = items.iter().filter(|item| item.text(0).is_some());
            // Of equals the last one is the greatest.
            with.max_by_key(|item| n(item))
        }
    };
    found.map_or(value.is_so_of_none, |item| item.is(value.truth))
}

fn in_order(steps: &InOrder, items: &[Item], at: (&Case, i64)) -> bool {
    let begins = in_window(items, at);
    let is_begin = |item: &Item| begins.contains(item) && item.is(steps.steps[0]);
    items.iter().any(|item| is_begin(item) && goes_on(steps, items, &mut vec![*item]))
}

/// Whether the steps after those that were taken can be found, in any way.
fn goes_on(steps: &InOrder, items: &[Item], taken: &mut Vec<Item>) -> bool {
    let held = |item: &Item| steps.held.map(|column| item.text(column));
    let (first, last) = (taken[0], taken[taken.len() - 1]);
    if held(&first) == Some(None) {
        return false;
    }
    if taken.len() == steps.steps.len() {
        let mut between = items.iter().filter(|item| item.at > first.at && item.at <= last.at);
        return !between.any(|item| steps.without.is_some_and(|mark| item.is(mark)));
    }
    items.iter().any(|item| {
        let is_next = item.is(steps.steps[taken.len()])
            && held(item) == held(&first)
            && (last.at..=first.at + steps.within.0).contains(&item.at)
            && !taken.contains(item);
        if !is_next {
            return false;
        }
        taken.push(*item);
        let does = goes_on(steps, items, taken);
        taken.pop();
        does
    })
}
