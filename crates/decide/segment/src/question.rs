//! What is asked of what is kept of a behaviour?

use crate::same::Same;
use crate::sequence::{InOrder, NotFollowed};
use crate::state::{After, Item, Measured, Moving, Side, Slide, Sought, State, earliest};
use base::{Duration, Timestamp};
use definition::{Calendar, Judged, NEVER, NumberTest, Which};
use stats::ExactSum;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use timeline::Window;

/// A test of a state.
#[derive(Clone, Debug)]
pub enum Question {
    /// What the events come to.
    Measure(Measure),
    /// What the value in one of the events is.
    Value(ValueOf),
    /// Whether some events followed each other.
    InOrder(InOrder),
    /// Whether an event was not followed by another.
    NotFollowed(NotFollowed),
    /// Whether something holds for the events of one value.
    Same(Same),
}

/// What a number of events is and must be.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Of which kind events count, where the state tells kinds apart.
    pub mark: u8,
    /// What is measured.
    pub measured: Measured,
    /// Of what.
    pub of: Of,
    /// What the number must be.
    pub number: NumberTest,
    /// Where events count.
    pub glass: Glass,
}

/// Of what a measure is taken, where the state keeps events one by one.
#[derive(Clone, Debug, PartialEq)]
pub enum Of {
    /// Of the events.
    Events,
    /// Of what stands in a column; events without it do not count.
    Column(u8),
    /// Of the local days.
    Days(Calendar),
}

/// What the value in the first, last or most frequent event is asked.
#[derive(Clone, Debug)]
pub struct ValueOf {
    /// Of which kind events count.
    pub mark: u8,
    /// Which kind stands for what is asked of the value.
    pub truth: u8,
    /// Where the value's fingerprint is, for the most frequent one.
    pub column: u8,
    /// Which event.
    pub which: Which,
    /// Whether it holds where there is no value.
    pub is_so_of_none: bool,
    /// Where events count.
    pub glass: Glass,
}

/// Where events count: in a window that moves with time, or after another event.
#[derive(Clone)]
pub enum Glass {
    /// In a window that moves.
    Moving(Arc<dyn Moving + Send + Sync>),
    /// After the first or last event of this kind, as far back as events are kept.
    Since {
        /// The kind.
        mark: u8,
        /// Which of them.
        side: Side,
        /// How long events are kept.
        kept: Option<Duration>,
    },
}

impl fmt::Debug for Glass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moving(_) => f.write_str("Moving"),
            Self::Since { mark, side, .. } => write!(f, "Since({mark}, {side:?})"),
        }
    }
}

/// A window in which nothing ever is.
struct Never;

impl Moving for Never {
    fn window(&self, _: Timestamp) -> Window {
        Window { from: Timestamp(i64::MIN), until: Timestamp(i64::MIN) }
    }

    fn span_of(&self, _: Timestamp) -> (Timestamp, Option<Timestamp>) {
        (NEVER, None)
    }
}

impl Glass {
    /// The window, as these events have it.
    pub(crate) fn with<R>(&self, items: &[Item], then: impl FnOnce(&dyn Moving) -> R) -> R {
        let (mark, side, kept) = match self {
            Self::Moving(moving) => return then(&**moving),
            Self::Since { mark, side, kept } => (*mark, *side, *kept),
        };
        let mut anchors = items.iter().filter(|item| item.is(mark));
        let anchor = match side {
            Side::First => anchors.next(),
            Side::Last => anchors.next_back(),
        };
        match anchor {
            Some(anchor) => then(&After { anchor: Timestamp(anchor.at), kept }),
            None => then(&Never),
        }
    }

    /// The window of a state that knows times alone.
    fn moving(&self) -> &dyn Moving {
        match self {
            Self::Moving(moving) => &**moving,
            Self::Since { .. } => &Never,
        }
    }
}

impl Question {
    /// Whether it holds at `t`, and until when at least; `most` events of a trail count.
    #[must_use]
    pub fn judge(&self, state: &State, most: usize, t: Timestamp) -> Judged {
        match (self, state) {
            (_, State::Trail(trail)) => {
                let (items, next) = trail.seen(most, t);
                let judged = self.judge_items(items, t);
                Judged { until: earliest(judged.until, next), ..judged }
            }
            (Self::Measure(measure), _) => measure.judge(state, t),
            (Self::Value(value), State::Edge(edge)) => {
                let side = if value.which == Which::First { Side::First } else { Side::Last };
                edge.judge((side, value.is_so_of_none), value.glass.moving(), t)
            }
            _ => panic!("a question is put to a state that can answer it"),
        }
    }

    /// The same of events that are known one by one, none later than `t`.
    pub(crate) fn judge_items(&self, items: &[Item], t: Timestamp) -> Judged {
        match self {
            Self::Measure(measure) => measure.judge_items(items, t),
            Self::Value(value) => value.judge_items(items, t),
            Self::InOrder(steps) => steps.judge_items(items, t),
            Self::NotFollowed(not) => not.judge_items(items, t),
            Self::Same(same) => same.judge_items(items, t),
        }
    }

    /// Whether it holds of no events at all, at any time.
    #[must_use]
    pub fn holds_of_nothing(&self) -> bool {
        match self {
            Self::Measure(measure) => {
                let of_none = match measure.measured {
                    Measured::Times | Measured::Values | Measured::Sum => Some(0.0),
                    _ => None,
                };
                measure.sought().takes(of_none)
            }
            Self::Value(value) => value.is_so_of_none,
            Self::InOrder(_) | Self::NotFollowed(_) | Self::Same(_) => false,
        }
    }
}

impl Measure {
    fn sought(&self) -> Sought<'_> {
        Sought { measured: self.measured, number: &self.number }
    }

    fn judge(&self, state: &State, t: Timestamp) -> Judged {
        let (sought, moving) = (&self.sought(), self.glass.moving());
        match state {
            State::Newest(state) => state.judge(sought, moving, t),
            State::Oldest(state) => state.judge(sought, moving, t),
            State::PerValue(state) => state.judge(sought, moving, t),
            State::Tally(state) => state.judge(sought, t),
            State::Extreme(state) => {
                let end = match self.measured {
                    Measured::Least => crate::state::End::Least,
                    _ => crate::state::End::Greatest,
                };
                state.judge(sought, end, t)
            }
            State::Edge(_) | State::Trail(_) => panic!("a measure is not asked of an edge"),
        }
    }

    fn judge_items(&self, items: &[Item], t: Timestamp) -> Judged {
        let has = |item: &&Item| match self.of {
            Of::Column(column) => item.text(column).is_some(),
            _ => true,
        };
        let counted: Vec<&Item> = items.iter().filter(|i| i.is(self.mark)).filter(has).collect();
        let times: Vec<i64> = counted.iter().map(|item| item.at).collect();
        let sought = self.sought();
        self.glass.with(items, |moving| {
            let holds =
                |slide: &Slide<'_>| sought.takes(self.value(&counted[slide.range()], slide.at()));
            Slide::new(&times, moving, t).judge(holds, |slide| sought.turns(slide))
        })
    }

    /// What events in the window come to; `None` for no number.
    fn value(&self, items: &[&Item], t: Timestamp) -> Option<f64> {
        let numbers = || items.iter().filter_map(|item| self.number(item));
        let days = |item: &&Item| self.sought().days(Some(&item.at), t);
        match self.measured {
            Measured::Times => Some(items.len() as f64),
            Measured::Values => Some(self.n_values(items) as f64),
            Measured::Sum => Some(numbers().collect::<ExactSum>().value()),
            Measured::Mean => {
                let sum = numbers().collect::<ExactSum>().value();
                (!items.is_empty()).then(|| sum / items.len() as f64)
            }
            Measured::Least => numbers().reduce(f64::min),
            Measured::Greatest => numbers().reduce(f64::max),
            Measured::SinceLast => items.last().and_then(days),
            Measured::SinceFirst => items.first().and_then(days),
        }
    }

    fn number(&self, item: &Item) -> Option<f64> {
        match self.of {
            Of::Column(column) => item.number(column),
            _ => None,
        }
    }

    fn n_values(&self, items: &[&Item]) -> usize {
        let value = |item: &&Item| match &self.of {
            Of::Events => None,
            Of::Column(column) => item.text(*column),
            Of::Days(calendar) => Some(day(calendar, Timestamp(item.at))),
        };
        items.iter().filter_map(value).collect::<BTreeSet<u64>>().len()
    }
}

/// A number for the local day of a moment, the same for all its moments and for no other day's.
#[must_use]
pub(crate) fn day(calendar: &Calendar, at: Timestamp) -> u64 {
    let date = calendar.date(at);
    let year = u64::from(date.year().unsigned_abs());
    year * 372 + u64::from(date.month().unsigned_abs()) * 31 + u64::from(date.day().unsigned_abs())
}

impl ValueOf {
    fn judge_items(&self, items: &[Item], t: Timestamp) -> Judged {
        let counted: Vec<&Item> = items.iter().filter(|item| item.is(self.mark)).collect();
        let times: Vec<i64> = counted.iter().map(|item| item.at).collect();
        let holds = |slide: &Slide<'_>| {
            let found = self.found(&counted[slide.range()]);
            found.map_or(self.is_so_of_none, |item| item.is(self.truth))
        };
        self.glass.with(items, |moving| Slide::new(&times, moving, t).judge(holds, |_| None))
    }

    /// The event in which the value stands.
    fn found<'i>(&self, items: &[&'i Item]) -> Option<&'i Item> {
        match self.which {
            Which::First => items.first().copied(),
            Which::Last => items.last().copied(),
            Which::MostFrequent => self.most_frequent(items),
        }
    }

    /// The last event that says the most frequent value; of equally frequent ones, that said last.
    fn most_frequent<'i>(&self, items: &[&'i Item]) -> Option<&'i Item> {
        let mut counts: BTreeMap<u64, (usize, usize)> = BTreeMap::new();
        for (place, item) in items.iter().enumerate() {
            if let Some(value) = item.text(self.column) {
                let (n, last) = counts.entry(value).or_default();
                (*n, *last) = (*n + 1, place);
            }
        }
        counts.into_values().max().map(|(_, place)| items[place])
    }
}
