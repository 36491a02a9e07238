//! How are visits said in words?

use super::{Bounce, Definition};
use crate::{selection, words};
use timeline::Condition;

impl Definition {
    /// In words: "Visits that begin in the last 30 days, by channel…".
    #[must_use]
    pub fn words(&self) -> String {
        let mut text = format!("Visits that begin in {}", self.period.words());
        if let Some(by) = &self.by {
            text += &format!(", by {}", by.words());
        }
        if let Some(grain) = self.grain {
            text += &format!(", and by {}", grain.word());
        }
        let what = match self.activity == Condition::default() {
            true => "of a customer".into(),
            false => format!(
                "with {} or {} of a customer",
                selection::words(&self.activity),
                selection::words(&self.views)
            ),
        };
        text += &format!(
            "; a visit are the events {what} up to a gap of more than {}",
            words::duration(self.gap)
        );
        if self.is_cut_at_midnight {
            text += " or to midnight";
        }
        text += match self.bounce {
            Bounce::OneView => "; one with no more than one page view is a bounce",
            Bounce::OneEvent => "; one of a single event is a bounce",
        };
        words::sentence(&format!("{text}; in the time zone {}", self.calendar.zone_name()))
    }
}
