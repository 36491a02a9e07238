//! How is a trend called in SQL, and what are its rows?

use super::arguments::Arguments;
use super::{Card, GROUP, InSql, always, float, group, maybe, number, refused, told};
use app::insights::Folded;
use base::{Error, ErrorKind, Timestamp};
use insight::trend::{Definition, Measure, Of, Plan, Series, Total};
use insight::{Calendar, Comparison};
use sql::Kind::{Float, Int, Text, Time};
use sql::{Argument, Cause, Cell, Column, Rows};
use timeline::{Condition, Field};

/// `trend(…)`.
pub(super) struct Trend;

const COLUMNS: &[Column] = &[
    always("span", Text, "what the hour, day, week… is called"),
    always("span_begins", Time, "when it begins"),
    maybe("series", Int, "the place of the series, from 1; NULL for a formula"),
    maybe("value", Float, "the number; NULL where there is none"),
    always("n", Int, "on how many events or customers it rests; 0 for a formula"),
    maybe("low", Float, "the lower end of the 95 % interval, of means"),
    maybe("high", Float, "its upper end"),
    GROUP,
];

impl InSql for Trend {
    type Plan = Plan;
    const CARD: Card = Card {
        name: "trend",
        signature: "trend(first_day, last_day, grain, event [, measure [, property]]) or \
                    trend(json)",
        doc: "A number over time (UTC): events, customers or events_per_customer; sum, mean, min, \
              max, median or sum_per_customer of a property.",
        example: "SELECT span, value FROM trend('2025-07-01', '2025-12-31', 'month', \
                  'Order Completed', 'sum', 'revenue')",
    };
    const COLUMNS: &'static [Column] = COLUMNS;

    fn plan(arguments: &[Argument], now: Timestamp) -> Result<Plan, String> {
        let mut arguments = Arguments::new(arguments);
        let definition = match arguments.json() {
            Some(json) => api::questions::trend(json).map_err(|e| e.to_string())?,
            None => definition(&mut arguments)?,
        };
        definition.plan(now).map_err(|bad| refused(&bad))
    }

    fn rows(plan: &Plan, folded: Folded<Total>, rows: &mut Rows) -> Result<(), Cause> {
        let too_much =
            |too_much: insight::TooMuch| told(Error::new(ErrorKind::Limited, too_much.to_string()));
        let answer = plan.answer(folded.total, &folded.texts).map_err(too_much)?;
        for line in &answer.lines {
            let series = match line.of {
                Of::Series(place) => Cell::Int(place as i64 + 1),
                Of::Formula => Cell::Null,
            };
            for (span, point) in answer.spans.iter().zip(&line.points) {
                let interval = point.interval.as_ref().and_then(|ends| ends.as_ref().ok());
                rows.push(|column| match column {
                    "span" => Cell::Text(&span.name),
                    "span_begins" => Cell::Time(span.begin),
                    "series" => series,
                    "value" => float(point.value.as_ref().ok().copied()),
                    "n" => number(point.n),
                    "low" => float(interval.map(|ends| ends.low)),
                    "high" => float(interval.map(|ends| ends.high)),
                    "grp" => group(&answer.groups[line.group]),
                    _ => Cell::Null,
                });
            }
        }
        Ok(())
    }
}

fn definition(arguments: &mut Arguments<'_>) -> Result<Definition, String> {
    let (period, grain) = (arguments.period()?, arguments.grain()?);
    let events = Condition::event(arguments.text("the name of an event")?);
    let measure = match arguments.is_over() {
        true => Measure::Events,
        false => measure(arguments)?,
    };
    arguments.end()?;
    Ok(Definition {
        calendar: Calendar::utc(),
        period,
        grain,
        series: vec![Series { events, measure }],
        formula: None,
        breakdown: None,
        comparison: Comparison::None,
    })
}

fn measure(arguments: &mut Arguments<'_>) -> Result<Measure, String> {
    let word = arguments.text("what is measured")?;
    let simple = match word {
        "events" => Some(Measure::Events),
        "customers" => Some(Measure::Customers),
        "events_per_customer" => Some(Measure::EventsPerCustomer),
        _ => None,
    };
    if let Some(measure) = simple {
        return Ok(measure);
    }
    let of_number: fn(Field) -> Measure = match word {
        "sum" => Measure::Sum,
        "mean" => Measure::Mean,
        "min" => Measure::Min,
        "max" => Measure::Max,
        "median" => |of| Measure::Percentile { of, percent: 50.0 },
        "sum_per_customer" => Measure::SumPerCustomer,
        other => {
            return Err(format!(
                "'{other}' cannot be measured: expected events, customers, events_per_customer, \
                 sum, mean, min, max, median or sum_per_customer"
            ));
        }
    };
    Ok(of_number(Field::Property(arguments.text("the property that is measured")?.into())))
}
