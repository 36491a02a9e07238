//! How are paths said in words?

use super::{Anchor, Definition, Which};
use crate::{Grain, selection, words};

impl Definition {
    /// In words: "What customers do after …, step by step by page".
    #[must_use]
    pub fn words(&self) -> String {
        let every = match self.which {
            Which::Every => "every",
            Which::First => "each customer's first",
        };
        let what = match &self.anchor {
            Anchor::From(condition) => {
                format!("What customers do after {every} {}", selection::words(condition))
            }
            Anchor::To(condition) => {
                format!("What customers do before {every} {}", selection::words(condition))
            }
            Anchor::Sessions => format!("What customers do from the beginning of {every} session"),
        };
        let mut text = format!(
            "{what} of {}: up to {} steps with it, each {}, called by {}",
            self.period.words(),
            self.depth,
            selection::words(&self.among),
            words::label(&self.label)
        );
        if self.collapse {
            text += "; repeated steps are one";
        }
        if let Some(gap) = self.gap {
            text += &format!("; a path ends with a gap of more than {}", words::duration(gap));
        }
        if let Some(within) = self.within {
            text += &format!("; it is no longer than {}", words::duration(within));
        }
        let comparison = self.comparison.words(Grain::Day);
        if !comparison.is_empty() {
            text += &format!("; {comparison}");
        }
        words::sentence(&format!("{text}; in the time zone {}", self.calendar.zone_name()))
    }
}
