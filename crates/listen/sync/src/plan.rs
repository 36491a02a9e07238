//! Which cell of a row is which part of the event, once the mapping meets the file?

use crate::SyncError;
use crate::decimal::{Decimal, Mark};
use crate::event::beyond_float;
use crate::mapping::{Condition, EventRule, Field, Mapping, Rest, ValueForm};
use crate::moment::{Clockwork, TimeForm};
use crate::row::{CellKind, Row};
use crate::text::ObjectText;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A mapping with its columns found.
pub(crate) struct Plan {
    pub(crate) mapping: Mapping,
    pub(crate) id: Vec<usize>,
    pub(crate) group: Vec<usize>,
    pub(crate) user_id: Option<Pick>,
    pub(crate) anonymous_id: Option<Pick>,
    pub(crate) email: Option<Pick>,
    pub(crate) phone: Option<Pick>,
    pub(crate) time: Option<(Place, Clockwork)>,
    pub(crate) order: Option<OrderPlan>,
    pub(crate) properties: Vec<(String, Pick)>,
    pub(crate) traits: Vec<(String, Pick)>,
    pub(crate) rules: Vec<RulePlan>,
    named: HashSet<usize>,
}

/// A column that was found: where, and by which name to speak of it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) index: usize,
    pub(crate) column: String,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Pick {
    /// The same for all, as JSON text and as plain text.
    Constant(String, String),
    /// A cell.
    Cell { place: Place, form: Option<ValueForm>, prefix: String },
}

pub(crate) struct OrderPlan {
    pub(crate) order_id: Pick,
    pub(crate) currency: Option<Pick>,
    pub(crate) total: Option<Pick>,
    pub(crate) product: Vec<(String, Pick)>,
    pub(crate) price: Option<Pick>,
    pub(crate) quantity: Option<Pick>,
}

pub(crate) struct RulePlan {
    pub(crate) rule: EventRule,
    pub(crate) name_column: Option<Place>,
    pub(crate) when: Vec<(Condition, Option<usize>)>,
    pub(crate) properties: Vec<(String, Pick)>,
}

/// What is wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) column: Option<String>,
    pub(crate) reason: String,
}

struct Finder<'a> {
    places: HashMap<&'a str, usize>,
    columns: &'a [String],
}

impl Finder<'_> {
    fn place(&self, at: &str, column: &str) -> Result<Place, SyncError> {
        match self.places.get(column) {
            Some(&index) => Ok(Place { index, column: column.to_owned() }),
            None => {
                let known: Vec<&str> = self.columns.iter().take(40).map(String::as_str).collect();
                let why = format!(
                    "{at} names the column '{column}', which the file does not have; it has: {}",
                    known.join(", ")
                );
                Err(SyncError::mapping(at, why))
            }
        }
    }

    fn pick(&self, at: &str, field: &Field) -> Result<Pick, SyncError> {
        let Field::Full(full) = field else {
            let place = self.place(at, field.column().unwrap_or_default())?;
            return Ok(Pick::Cell { place, form: None, prefix: String::new() });
        };
        if let Some(value) = &full.value {
            let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return Ok(Pick::Constant(value.to_string(), plain));
        }
        let place = self.place(at, full.column.as_deref().unwrap_or_default())?;
        let prefix = full.prefix.clone().unwrap_or_default();
        Ok(Pick::Cell { place, form: full.form, prefix })
    }

    fn maybe(&self, at: &str, field: Option<&Field>) -> Result<Option<Pick>, SyncError> {
        field.map(|field| self.pick(at, field)).transpose()
    }

    fn picks(
        &self,
        at: &str,
        fields: &BTreeMap<String, Field>,
    ) -> Result<Vec<(String, Pick)>, SyncError> {
        let pick = |(name, field): (&String, &Field)| {
            Ok((name.clone(), self.pick(&format!("{at}.{name}"), field)?))
        };
        fields.iter().map(pick).collect()
    }

    fn indices(&self, at: &str, columns: &[String]) -> Result<Vec<usize>, SyncError> {
        columns.iter().map(|column| Ok(self.place(at, column)?.index)).collect()
    }

    fn order(&self, mapping: &Mapping) -> Result<Option<OrderPlan>, SyncError> {
        let Some(order) = &mapping.order else { return Ok(None) };
        let mut product = order.product.clone();
        let (price, quantity) = (product.remove("price"), product.remove("quantity"));
        Ok(Some(OrderPlan {
            order_id: self.pick("order.order_id", &order.order_id)?,
            currency: self.maybe("order.currency", order.currency.as_ref())?,
            total: self.maybe("order.total", order.total.as_ref())?,
            product: self.picks("order.product", &product)?,
            price: self.maybe("order.product.price", price.as_ref())?,
            quantity: self.maybe("order.product.quantity", quantity.as_ref())?,
        }))
    }

    fn rule(&self, index: usize, rule: &EventRule) -> Result<RulePlan, SyncError> {
        let at = format!("events[{index}]");
        let name_column = rule.name_column.as_ref().map(|c| self.place(&at, c)).transpose()?;
        let find = |condition: &Condition| {
            let place = condition.column.as_ref().map(|c| self.place(&at, c)).transpose()?;
            Ok((condition.clone(), place.map(|place| place.index)))
        };
        let when = rule.when.iter().map(find).collect::<Result<_, SyncError>>()?;
        let properties = self.picks(&format!("{at}.properties"), &rule.properties)?;
        Ok(RulePlan { rule: rule.clone(), name_column, when, properties })
    }
}

impl Plan {
    /// Finds the mapping's columns among `columns`.
    pub(crate) fn new(mapping: &Mapping, columns: &[String]) -> Result<Self, SyncError> {
        mapping.check()?;
        let places = columns.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let find = Finder { places, columns };
        let customer = &mapping.customer;
        let user_id = find.maybe("customer.user_id", customer.user_id.as_ref())?;
        let time = match &mapping.time {
            None => None,
            Some(time) => {
                let form = TimeForm::from_name(&time.format).unwrap_or(TimeForm::Iso);
                let clock = Clockwork::new(form, &time.zone);
                Some((find.place("time.column", &time.column)?, clock.expect("it was checked")))
            }
        };
        let rules = mapping.events.iter().enumerate().map(|(index, rule)| find.rule(index, rule));
        let by = mapping.group.as_ref().map_or(&[][..], |group| &group.by);
        let named = mapping.named_columns();
        let named = named.iter().filter_map(|(_, c)| find.places.get(c.as_str()).copied());
        Ok(Self {
            id: find.indices("id", &mapping.id)?,
            group: find.indices("group.by", by)?,
            user_id,
            anonymous_id: find.maybe("customer.anonymous_id", customer.anonymous_id.as_ref())?,
            email: find.maybe("customer.email", customer.email.as_ref())?,
            phone: find.maybe("customer.phone", customer.phone.as_ref())?,
            time,
            order: find.order(mapping)?,
            properties: find.picks("properties", &mapping.properties)?,
            traits: find.picks("traits", &mapping.traits)?,
            rules: rules.collect::<Result<_, _>>()?,
            named: named.collect(),
            mapping: mapping.clone(),
        })
    }

    /// Columns without a part of their own, for `rest`.
    pub(crate) fn rest<'a>(
        &'a self,
        which: Rest,
        columns: &'a [String],
    ) -> impl Iterator<Item = (usize, &'a String)> {
        let wanted = self.mapping.rest == Some(which);
        let others = columns.iter().enumerate().filter(|(index, _)| !self.named.contains(index));
        others.filter(move |_| wanted)
    }
}

impl Pick {
    /// The value as text, `None` where the cell is missing.
    pub(crate) fn text(&self, row: &Row) -> Result<Option<String>, Flaw> {
        match self {
            Self::Constant(_, plain) => Ok(Some(plain.clone())),
            Self::Cell { place, form, prefix } => {
                let cell = row.cell(place.index);
                if cell.is_missing() {
                    return Ok(None);
                }
                Ok(Some(match form {
                    Some(ValueForm::Integer) => format!("{prefix}{}", integer(cell.text, place)?),
                    _ => format!("{prefix}{}", cell.text),
                }))
            }
        }
    }

    /// The value as an exact number, `None` where the cell is missing.
    pub(crate) fn decimal(&self, row: &Row) -> Result<Option<Decimal>, Flaw> {
        match self {
            Self::Constant(_, plain) => Ok(Decimal::parse(plain, Mark::Point)),
            Self::Cell { place, form, .. } => {
                let cell = row.cell(place.index);
                if cell.is_missing() {
                    return Ok(None);
                }
                number(cell.text, place, form.unwrap_or(ValueForm::Decimal)).map(Some)
            }
        }
    }

    /// Adds the value to `object` under `name`; nothing where the cell is missing.
    pub(crate) fn put(&self, name: &str, row: &Row, object: &mut ObjectText) -> Result<(), Flaw> {
        let Self::Cell { place, form, prefix } = self else {
            let Self::Constant(json, _) = self else { return Ok(()) };
            object.json(name, json);
            return Ok(());
        };
        let cell = row.cell(place.index);
        if cell.is_missing() {
            return Ok(());
        }
        match form {
            Some(form @ (ValueForm::Decimal | ValueForm::DecimalComma | ValueForm::Integer))
                if prefix.is_empty() =>
            {
                object.number(name, number(cell.text, place, *form)?);
            }
            Some(ValueForm::Boolean) => {
                object.json(name, boolean(cell.text, place)?);
            }
            Some(ValueForm::Json) => object.json(name, json(cell.text, place)?),
            None if prefix.is_empty() => put_cell(name, cell.kind, cell.text, object),
            _ => object.text(name, &self.text(row)?.unwrap_or_default()),
        }
        Ok(())
    }
}

/// Adds a cell as what it is known to be.
pub(crate) fn put_cell(name: &str, kind: CellKind, text: &str, object: &mut ObjectText) {
    match kind {
        CellKind::Missing => {}
        CellKind::Number => match Decimal::parse(text, Mark::Point) {
            Some(number) => object.number(name, number),
            None => object.json(name, text),
        },
        CellKind::Boolean | CellKind::Json => object.json(name, text),
        CellKind::Text | CellKind::Time => object.text(name, text),
    }
}

fn flaw(place: &Place, text: &str, expected: &str) -> Flaw {
    let shown: String = text.chars().take(60).collect();
    Flaw { column: Some(place.column.clone()), reason: format!("'{shown}' is not {expected}") }
}

fn number(text: &str, place: &Place, form: ValueForm) -> Result<Decimal, Flaw> {
    let (mark, words) = match form {
        ValueForm::DecimalComma => (Mark::Comma, "a number with a decimal comma"),
        ValueForm::Integer => (Mark::Point, "a whole number"),
        _ => (Mark::Point, "a number"),
    };
    let number = Decimal::parse(text, mark).ok_or_else(|| flaw(place, text, words))?;
    if form == ValueForm::Integer && !number.is_whole() {
        return Err(flaw(place, text, words));
    }
    Ok(number)
}

/// A whole number as the digits that name it. What is no number stays as it is, since ids with
/// letters stand beside ids without.
fn integer(text: &str, place: &Place) -> Result<String, Flaw> {
    match Decimal::parse(text, Mark::Point) {
        Some(number) if number.is_whole() && text.contains(['.', 'e', 'E']) => {
            Ok(number.to_string())
        }
        Some(number) if !number.is_whole() => Err(flaw(place, text, "a whole number")),
        _ => Ok(text.to_owned()),
    }
}

fn boolean(text: &str, place: &Place) -> Result<&'static str, Flaw> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "on" => Ok("true"),
        "false" | "f" | "no" | "n" | "0" | "off" => Ok("false"),
        _ => Err(flaw(place, text, "true or false")),
    }
}

fn json<'a>(text: &'a str, place: &Place) -> Result<&'a str, Flaw> {
    let read = serde_json::from_str::<&serde_json::value::RawValue>(text);
    read.map_err(|_| flaw(place, text, "JSON"))?;
    match lexicon::immense_number(text) {
        None => Ok(text),
        Some(path) => {
            let point = if path.is_empty() || path.starts_with('[') { "" } else { "." };
            let reason = beyond_float(&format!("{}{point}{path}", place.column));
            Err(Flaw { column: Some(place.column.clone()), reason })
        }
    }
}
