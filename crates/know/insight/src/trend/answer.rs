//! What does a trend answer?

use super::definition::Measure;
use super::plan::Plan;
use super::table::{Cell, Table};
use super::total::{Column, Several, Total};
use crate::breakdown::{Group, Groups};
use crate::error::TooMuch;
use base::Timestamp;
use stats::{Estimate, Interval, NotEstimable, UnitSums, quantile};

/// The answer of a trend.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The hours, days, weeks…
    pub spans: Vec<Span>,
    /// The groups; one without a breakdown.
    pub groups: Vec<Group>,
    /// The series by group, and after them the formula by group.
    pub lines: Vec<Line>,
}

/// An hour, day, week… of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// When it begins, also where the window begins later.
    pub begin: Timestamp,
    /// How it is called: see [`Calendar::name`](crate::Calendar::name).
    pub name: String,
    /// Whether all of it is in the window; else its numbers are of a part of it.
    pub is_whole: bool,
}

/// A series or the formula, for one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which series.
    pub of: Of,
    /// The place of its group.
    pub group: usize,
    /// By span.
    pub points: Vec<Point>,
    /// Over the whole window. Customers count once, so that it may be less than the points' sum.
    pub whole: Point,
}

/// What a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The series at this place.
    Series(usize),
    /// The formula.
    Formula,
}

/// A number of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The number, or why there is none.
    pub value: Result<f64, NotEstimable>,
    /// On how many it rests: customers where they are what is counted or averaged over (also for
    /// the mean of a number, whose interval counts customers), else events. 0 for a formula.
    pub n: u64,
    /// How far off a mean may be that is known from so few; `None` for what is counted exactly.
    pub interval: Option<Result<Interval, NotEstimable>>,
}

impl Point {
    fn exact(value: f64, n: u64) -> Self {
        let value = if value.is_finite() { Ok(value) } else { Err(NotEstimable::TooLarge) };
        Self { value, n, interval: None }
    }

    fn of_some(value: f64, n: u64) -> Self {
        match n {
            0 => Self::nothing(),
            n => Self::exact(value, n),
        }
    }

    fn nothing() -> Self {
        let value = Err(NotEstimable::TooFewUnits { n: 0, needed: 1 });
        Self { value, n: 0, interval: None }
    }

    fn estimate(estimate: Result<Estimate, NotEstimable>) -> Self {
        match estimate {
            Ok(Estimate { value, n, interval }) => {
                Self { value: Ok(value), n, interval: Some(interval) }
            }
            Err(cause) => Self { value: Err(cause), n: 0, interval: None },
        }
    }
}

/// The answer in `groups`.
pub(super) fn answer(plan: &Plan, total: Total, groups: &Groups) -> Result<Answer, TooMuch> {
    let mut lines = Vec::new();
    let measures = plan.definition.series.iter().map(|series| &series.measure);
    for (k, (column, measure)) in total.columns.into_iter().zip(measures).enumerate() {
        let shape = Shape { groups, n_spans: plan.spans.len() };
        let points = shape.points(column, measure)?;
        lines.extend(points.into_iter().enumerate().map(|(group, mut points)| {
            let whole = points.pop().expect("the whole window has a point");
            Line { of: Of::Series(k), group, points, whole }
        }));
    }
    if let Some(formula) = &plan.formula {
        let n_groups = groups.len();
        let value = |group: usize, point: &dyn Fn(&Line) -> Point| {
            let value = formula.value(&|k| point(&lines[k * n_groups + group]).value);
            Point { value, n: 0, interval: None }
        };
        let line = |group| Line {
            of: Of::Formula,
            group,
            points: (0..plan.spans.len()).map(|k| value(group, &|line| line.points[k])).collect(),
            whole: value(group, &|line| line.whole),
        };
        let formulas: Vec<Line> = (0..n_groups).map(line).collect();
        lines.extend(formulas);
    }
    Ok(Answer { spans: spans(plan), groups: groups.groups().to_vec(), lines })
}

fn spans(plan: &Plan) -> Vec<Span> {
    let (spans, calendar) = (&plan.spans, &plan.definition.calendar);
    let span = |k| {
        let begin = spans.span(k).from;
        let name = calendar.name(spans.grain(), begin);
        Span { begin, name, is_whole: spans.is_whole(k) }
    };
    (0..spans.len()).map(span).collect()
}

struct Shape<'g> {
    groups: &'g Groups,
    n_spans: usize,
}

impl Shape<'_> {
    /// The points of a series by group and span, the last of each group over the whole window.
    fn points(&self, column: Column, measure: &Measure) -> Result<Vec<Vec<Point>>, TooMuch> {
        Ok(match column {
            Column::Events(table) => self
                .over(self.grid_of_events(table, |into, n| *into += n), |n| {
                    Point::exact(*n as f64, *n)
                }),
            Column::Sums(table) => {
                let grid = self.grid_of_events(table, |into, cell| {
                    into.n += cell.n;
                    into.sum.merge(&cell.sum);
                });
                self.over(grid, |cell| Point::exact(cell.sum.value(), cell.n))
            }
            Column::Extremes(table) => {
                let grid = self.grid_of_events(table, |into, cell| into.merge(*cell));
                let is_min = matches!(measure, Measure::Min(_));
                self.over(grid, |cell| {
                    Point::of_some(if is_min { cell.min } else { cell.max }, cell.n)
                })
            }
            Column::Values(table) => {
                let grid = self.grid_of_events(table, |into, cell| into.extend(cell));
                let share = match measure {
                    Measure::Percentile { percent, .. } => percent / 100.0,
                    _ => unreachable!("values are kept for percentiles alone"),
                };
                self.over(grid, |values| {
                    let value = quantile(values, share);
                    value.map_or(Point::nothing(), |value| Point::exact(value, values.len() as u64))
                })
            }
            Column::Customers(table, several) => {
                let mut grid = self.grid(table, self.n_spans + 1);
                self.add_several(&several, |group, span, _| grid[group][span] += 1)?;
                self.over(grid, |n| Point::exact(*n as f64, *n))
            }
            Column::Units(table, several) => {
                let mut grid = self.grid(table, self.n_spans + 1);
                self.add_several(&several, |group, span, (n, sum)| {
                    grid[group][span].add_unit(n, sum);
                })?;
                let mean = match measure {
                    Measure::Mean(_) => UnitSums::per_thing,
                    _ => UnitSums::per_unit,
                };
                self.over(grid, |units| Point::estimate(mean(units)))
            }
        })
    }

    fn over<C>(&self, grid: Vec<Vec<C>>, point: impl Fn(&mut C) -> Point) -> Vec<Vec<Point>> {
        let line = |mut cells: Vec<C>| cells.iter_mut().map(&point).collect();
        grid.into_iter().map(line).collect()
    }

    /// The cells by group and span.
    fn grid<C: Cell>(&self, table: Table<C>, n_cells: usize) -> Vec<Vec<C>> {
        let mut grid: Vec<Vec<C>> = Vec::new();
        grid.resize_with(self.groups.len(), || {
            let mut cells = Vec::new();
            cells.resize_with(n_cells, C::default);
            cells
        });
        table.each(|code, span, cell| {
            // A line of cells may hold some that nothing was put into.
            if let Some(group) = self.groups.find(code) {
                grid[group][span].merge(cell);
            }
        });
        grid
    }

    /// The same, with a last cell for the whole window: what all spans add up to.
    fn grid_of_events<C: Cell>(&self, table: Table<C>, add: impl Fn(&mut C, &C)) -> Vec<Vec<C>> {
        let mut grid = self.grid(table, self.n_spans);
        for cells in &mut grid {
            let mut whole = C::default();
            cells.iter().for_each(|cell| add(&mut whole, cell));
            cells.push(whole);
        }
        grid
    }

    fn add_several(
        &self,
        several: &Several,
        take: impl FnMut(usize, usize, (u64, f64)),
    ) -> Result<(), TooMuch> {
        if several.is_too_much {
            return Err(TooMuch::Groups { max: super::KEPT_MAX });
        }
        several.each(self.groups, take);
        Ok(())
    }
}
