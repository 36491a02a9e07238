//! How is a retention said in words?

use super::{Clock, Cohort, Counting, Definition};
use crate::{selection, words};

impl Definition {
    /// In words: "Of the customers whose first … was in a week of …, how many did … again …".
    #[must_use]
    pub fn words(&self) -> String {
        let (begin, back) = (selection::words(&self.begin), selection::words(&self.back));
        let grain = self.grain.word();
        let who = match self.cohort {
            Cohort::First => {
                format!("Of the customers whose first {begin} ever was in the same {grain}")
            }
            Cohort::Every => format!("Of the customers who did {begin} in the same {grain}"),
        };
        let when = match &self.counting {
            Counting::On => format!("in each of the {} after", self.grain.counted(self.n_spans)),
            Counting::OnOrAfter => {
                format!("in or after each of the {} after", self.grain.counted(self.n_spans))
            }
            Counting::Brackets(begins) => {
                let begins: Vec<String> = begins.iter().map(u32::to_string).collect();
                let last = self.n_spans;
                format!(
                    "in the brackets of {grain}s that begin at {}, up to {grain} {last}",
                    words::list(&begins, "and")
                )
            }
        };
        let clock = match self.clock {
            Clock::Calendar => format!("by the calendar of {}", self.calendar.zone_name()),
            Clock::Exact => "counted from the very moment of their beginning".into(),
        };
        let mut text = format!(
            "{who}, {}, how many did {back} at that moment or later, {when}, {clock}",
            self.period.words()
        );
        if let Some(value) = &self.value {
            text += &format!("; and what {} of it adds up to", words::field(value));
        }
        if let Some(breakdown) = &self.breakdown {
            text += &format!("; by {}", breakdown.words());
        }
        let comparison = self.comparison.words(self.grain);
        if !comparison.is_empty() {
            text += &format!("; {comparison}");
        }
        words::sentence(&text)
    }
}
