//! How is a funnel said in words?

use super::{Definition, Order};
use crate::{Grain, selection, words};
use timeline::Condition;

impl Definition {
    /// In words: "Customers who begin with … in the last 30 days and go on to … within 7 days".
    #[must_use]
    pub fn words(&self) -> String {
        let steps: Vec<String> = self.steps.iter().map(selection::words).collect();
        let path = match &self.order {
            Order::Any => format!("Customers who do {}, in any order", words::list(&steps, "and")),
            Order::Ordered => format!("Customers who do {}", steps.join(", then ")),
            Order::Strict(among) => {
                let nothing = match *among == Condition::default() {
                    true => "no other event".into(),
                    false => format!("no other step and no {}", selection::words(among)),
                };
                format!("Customers who do {}, with {nothing} between", steps.join(", then "))
            }
        };
        let mut text = format!(
            "{path}, within {} of the first, which falls into {}",
            words::duration(self.within),
            self.period.words()
        );
        for exclusion in &self.exclusions {
            let which = selection::words(&exclusion.condition);
            let (after, before) = (exclusion.after, exclusion.before);
            text += &format!("; {which} between steps {after} and {before} ends the attempt");
        }
        if !self.held.is_empty() {
            let held: Vec<String> = self.held.iter().map(words::label).collect();
            text += &format!("; {} must be the same in all steps", words::list(&held, "and"));
        }
        if let Some(breakdown) = &self.breakdown {
            text += &format!("; by {}", breakdown.words());
        }
        let comparison = self.comparison.words(Grain::Day);
        if !comparison.is_empty() {
            text += &format!("; {comparison}");
        }
        words::sentence(&format!("{text}; in the time zone {}", self.calendar.zone_name()))
    }
}
