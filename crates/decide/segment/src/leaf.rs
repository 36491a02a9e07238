//! Which leaf answers a test, and what is it asked?
//!
//! What a criterion looks at is split in two: the *leaf* (which events, what is kept of them) and
//! the *question* (window, measure, number). Behaviours that differ in the question alone share a
//! leaf that is deep enough for all of them.

use crate::error::TooMuch;
use crate::matter::{Column, Matter};
use crate::question::{Glass, Measure, Of, Question, ValueOf};
use crate::same::{Keyed, Same};
use crate::sequence::{InOrder, NotFollowed};
use crate::state::{End, Form, Keep, Measured, Side, n_decisive};
use crate::stretch::Stretch;
use base::Duration;
use definition::{
    Behaviour, Calendar, Criterion, Lookback, NumberTest, Predicate, Quantity, Since,
};
use definition::{ValueTest, Which};
use std::sync::Arc;
use timeline::{Condition, Label, Test, Window};

/// Events of a trail that count at most.
pub const TRAIL_EVENTS_MAX: u32 = definition::TRAIL_EVENTS_MAX as u32;

/// A behaviour's number for ever: none is given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LeafId(pub u32);

/// A behaviour whose states are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Its number.
    pub id: LeafId,
    /// Which events count.
    pub matter: Matter,
    /// What is kept of them.
    pub keep: Keep,
    /// The number of the first event that is taken live; earlier ones were filled in.
    pub since: u64,
}

/// What a test of events needs, and what it asks of that.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) matter: Matter,
    pub(crate) keep: Keep,
    pub(crate) question: Question,
}

/// By which clock, how long events are kept, how many of a trail count.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) calendar: &'a Calendar,
    pub(crate) kept: Option<Duration>,
    pub(crate) most: u32,
}

impl Scope<'_> {
    /// What a test needs; `None` where it is not about events.
    pub(crate) fn need(self, criterion: &Criterion) -> Result<Option<Need>, TooMuch> {
        let need = match criterion {
            Criterion::Fact(_) | Criterion::Share(_) => return Ok(None),
            Criterion::Behaviour(of) => self.behaviour(of),
            Criterion::Value(of) => self.value(of),
            Criterion::InOrder(_) | Criterion::NotFollowed(_) => self.trail(criterion, None),
            Criterion::Same(of) => self.trail(criterion, Some(&of.label)),
        };
        need.matter.check()?;
        Ok(Some(need))
    }

    fn stretch(self, lookback: &Lookback) -> Stretch {
        let Self { calendar, kept, .. } = self;
        Stretch { lookback: lookback.clone(), calendar: calendar.clone(), kept }
    }

    fn behaviour(self, of: &Behaviour) -> Need {
        let stretch = self.stretch(&of.window);
        let Some(form) = short_form(&of.measure, &of.is, &stretch) else {
            return self.trail(&Criterion::Behaviour(of.clone()), None);
        };
        let matter = Matter::of(&of.events);
        let matter = match (&of.measure, form) {
            (Quantity::Distinct(label), _) => matter.with(Column::Text(label.clone())),
            (Quantity::Days, _) => matter.with(Column::Day(self.calendar.clone())),
            (Quantity::Sum(field) | Quantity::Mean(field), _)
            | (Quantity::Least(field) | Quantity::Greatest(field), _) => {
                matter.with(Column::Number(field.clone()))
            }
            (_, Form::Tally) => matter.with(Column::Nothing),
            _ => matter,
        };
        let (measured, number) = (measured(&of.measure), of.is);
        let keep = Keep { form, reach: stretch.reach(), within: stretch.within() };
        let glass = Glass::Moving(Arc::new(stretch));
        let measure = Measure { mark: 0, measured, of: Of::Events, number, glass };
        Need { matter, keep, question: Question::Measure(measure) }
    }

    fn value(self, of: &ValueTest) -> Need {
        let stretch = self.stretch(&of.window);
        let side = match of.which {
            Which::First if stretch.is_still() => Side::First,
            Which::Last if is_newest(&stretch) => Side::Last,
            _ => return self.trail(&Criterion::Value(of.clone()), None),
        };
        let mut matter = Matter::of(&of.events);
        // Of the kind where all say what is asked there is always a bit of its own.
        matter.kinds.push(saying(of));
        let form = Form::Edge(side);
        let keep = Keep { form, reach: stretch.reach(), within: stretch.within() };
        let value = ValueOf {
            mark: 0,
            truth: 1,
            column: 0,
            which: of.which,
            is_so_of_none: of.holds_of_nothing(),
            glass: Glass::Moving(Arc::new(stretch)),
        };
        Need { matter, keep, question: Question::Value(value) }
    }

    /// A test of events that are kept one by one, all of which are told apart by a value where it
    /// is keyed.
    fn trail(self, criterion: &Criterion, key: Option<&Label>) -> Need {
        let mut matter = Matter::default();
        let mut reach = Some(Duration(0));
        let question = match (criterion, key) {
            (Criterion::Same(same), Some(label)) => {
                let column = matter.column(Column::Text(label.clone()));
                let who = self.keyed(&same.who, &mut matter, &mut reach);
                // A value that was seen long ago still counts where it is asked what is not.
                if who.holds_of_nothing() {
                    reach = None;
                }
                Question::Same(Same { column, who })
            }
            _ => self.asked(criterion, &mut matter, &mut reach),
        };
        let form = Form::Trail { most: self.most, columns: matter.of_trail() };
        Need { keep: Keep { form, reach, within: Window::EVER }, matter, question }
    }

    fn keyed(self, who: &Predicate, matter: &mut Matter, reach: &mut Option<Duration>) -> Keyed {
        match who {
            Predicate::All(parts) => {
                Keyed::All(parts.iter().map(|part| self.keyed(part, matter, reach)).collect())
            }
            Predicate::Any(parts) => {
                Keyed::Any(parts.iter().map(|part| self.keyed(part, matter, reach)).collect())
            }
            Predicate::Not(part) => Keyed::Not(Box::new(self.keyed(part, matter, reach))),
            Predicate::Criterion(of) => Keyed::Test(Box::new(self.asked(of, matter, reach))),
        }
    }

    /// What is asked of a trail.
    ///
    /// # Panics
    /// If it is no test of events, or keyed inside of a keyed one, which checking rules out.
    fn asked(
        self,
        criterion: &Criterion,
        matter: &mut Matter,
        reach: &mut Option<Duration>,
    ) -> Question {
        match criterion {
            Criterion::Behaviour(of) => {
                let mark = matter.mark(&of.events);
                let column = of_trail(&of.measure, self.calendar, matter);
                let glass = self.glass(&of.window, matter, reach);
                let (measured, number) = (measured(&of.measure), of.is);
                Question::Measure(Measure { mark, measured, of: column, number, glass })
            }
            Criterion::Value(of) => {
                let (mark, truth) = (matter.mark(&of.events), matter.mark(&saying(of)));
                let column = matter.column(Column::Text(of.label.clone()));
                let glass = self.glass(&of.window, matter, reach);
                let (which, is_so_of_none) = (of.which, of.holds_of_nothing());
                Question::Value(ValueOf { mark, truth, column, which, is_so_of_none, glass })
            }
            Criterion::InOrder(of) => Question::InOrder(InOrder {
                steps: of.steps.iter().map(|step| matter.mark(step)).collect(),
                within: of.within,
                without: of.without.as_ref().map(|without| matter.mark(without)),
                held: held(of.held.as_ref(), matter),
                glass: self.glass(&of.window, matter, reach),
            }),
            Criterion::NotFollowed(of) => Question::NotFollowed(NotFollowed {
                first: matter.mark(&of.first),
                by: matter.mark(&of.by),
                within: of.within,
                held: held(of.held.as_ref(), matter),
                glass: self.glass(&of.window, matter, reach),
            }),
            Criterion::Fact(_) | Criterion::Share(_) | Criterion::Same(_) => {
                panic!("inside of a keyed test are tests of events alone")
            }
        }
    }

    /// Where events of a trail count; `reach` is lengthened to it.
    fn glass(
        self,
        lookback: &Lookback,
        matter: &mut Matter,
        reach: &mut Option<Duration>,
    ) -> Glass {
        if let Lookback::Since { events, which } = lookback {
            let side = match which {
                Since::First => Side::First,
                Since::Last => Side::Last,
            };
            *reach = None;
            return Glass::Since { mark: matter.mark(events), side, kept: self.kept };
        }
        let stretch = self.stretch(lookback);
        *reach = reach.zip(stretch.reach()).map(|(a, b)| a.max(b));
        Glass::Moving(Arc::new(stretch))
    }
}

fn held(label: Option<&Label>, matter: &mut Matter) -> Option<u8> {
    label.map(|label| matter.column(Column::Text(label.clone())))
}

/// The events for whose value it holds what is asked of it.
fn saying(of: &ValueTest) -> Condition {
    let mut events = of.events.clone();
    let Label { field, view } = of.label.clone();
    events.tests.push(Test { field, view, op: of.is.clone() });
    events
}

fn of_trail(measure: &Quantity, calendar: &Calendar, matter: &mut Matter) -> Of {
    match measure {
        Quantity::Times | Quantity::DaysSinceLast | Quantity::DaysSinceFirst => Of::Events,
        Quantity::Days => Of::Days(calendar.clone()),
        Quantity::Distinct(label) => Of::Column(matter.column(Column::Text(label.clone()))),
        Quantity::Sum(field)
        | Quantity::Mean(field)
        | Quantity::Least(field)
        | Quantity::Greatest(field) => Of::Column(matter.column(Column::Number(field.clone()))),
    }
}

fn measured(measure: &Quantity) -> Measured {
    match measure {
        Quantity::Times => Measured::Times,
        Quantity::Days | Quantity::Distinct(_) => Measured::Values,
        Quantity::Sum(_) => Measured::Sum,
        Quantity::Mean(_) => Measured::Mean,
        Quantity::Least(_) => Measured::Least,
        Quantity::Greatest(_) => Measured::Greatest,
        Quantity::DaysSinceLast => Measured::SinceLast,
        Quantity::DaysSinceFirst => Measured::SinceFirst,
    }
}

/// Whether the newest events are in the window, if any are.
fn is_newest(stretch: &Stretch) -> bool {
    let is_since = matches!(stretch.lookback, Lookback::Since { .. });
    (stretch.ends_now() && !is_since) || stretch.is_still()
}

/// The short form that answers a measure; `None` where it takes the events one by one.
fn short_form(measure: &Quantity, number: &NumberTest, stretch: &Stretch) -> Option<Form> {
    let k = u32::try_from(n_decisive(number)).unwrap_or(u32::MAX);
    let (is_still, is_newest) = (stretch.is_still(), is_newest(stretch));
    let form = match measure {
        Quantity::Times if is_still => Form::Tally,
        Quantity::Times if is_newest => Form::Newest { k },
        Quantity::Times if stretch.gathers() => Form::Oldest { k },
        Quantity::DaysSinceLast if is_newest => Form::Newest { k: 1 },
        Quantity::DaysSinceFirst if is_still => Form::Oldest { k: 1 },
        Quantity::Days | Quantity::Distinct(_) if is_newest => Form::PerValue { k },
        Quantity::Sum(_) | Quantity::Mean(_) if is_still => Form::Tally,
        Quantity::Least(_) if is_still => Form::Extreme(End::Least),
        Quantity::Greatest(_) if is_still => Form::Extreme(End::Greatest),
        _ => return None,
    };
    Some(form)
}
