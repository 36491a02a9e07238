//! How do the columns of a file become events?
//!
//! A mapping is a TOML file that a person can read, mend and keep; `docs/import.md` explains it
//! with examples. Nothing in it depends on the machine it is used on.

use crate::SyncError;
use crate::moment::{Clockwork, TimeForm};
use crate::read::FileForm;
use lexicon::EventKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Rows after the first line of an order within which its other lines are looked for.
pub const WITHIN_ROWS_DEFAULT: u64 = 10_000;

/// Rows that a group may at most reach over: they are held in memory.
pub const WITHIN_ROWS_MAX: u64 = 1_000_000;

/// How one file becomes events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The mapping's name. Message ids are made from it: a file imported again under the same name
    /// changes nothing, under another name it is new.
    pub name: String,
    /// What the mapping is for, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What a row is.
    #[serde(default, skip_serializing_if = "Rows::is_cells")]
    pub rows: Rows,
    /// Columns whose values together are different for every event; without them, the content of
    /// the row tells events apart (equal rows are counted).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub id: Vec<String>,
    /// How the file is to be read, where that should not be found out from the file.
    #[serde(default, skip_serializing_if = "is_default")]
    pub file: FileForm,
    /// Whose events they are.
    #[serde(default, skip_serializing_if = "is_default")]
    pub customer: Customer,
    /// When they happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// Which rows are one event together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// The order in the row or in the group of rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Properties that every event gets, from the first row of a group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Field>,
    /// What the row says of the customer, from the first row of a group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<String, Field>,
    /// Where columns go that the mapping does not name; nowhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Rest>,
    /// What the event is: the first rule whose conditions all hold.
    #[serde(default)]
    pub events: Vec<EventRule>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// Cells, to be made into an event.
    #[default]
    Cells,
    /// A Segment event already (JSON lines only); it passes as it is.
    Segment,
}

impl Rows {
    fn is_cells(&self) -> bool {
        *self == Self::Cells
    }
}

/// Where columns go that are not named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// Into the properties, under the column's name.
    Properties,
    /// Into the traits, under the column's name.
    Traits,
}

/// Whose events they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The company's own number or name for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Field>,
    /// Used where there is no user id, unless `anonymous_always` is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_id: Option<Field>,
    /// Sends the anonymous id beside the user id, which links the two. Right for a browser's id,
    /// wrong for a stand-in such as the number of the order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub anonymous_always: bool,
    /// An e-mail address that points to the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Field>,
    /// A telephone number that points to the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Field>,
}

/// When it happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// The column. A group takes the earliest of its rows.
    pub column: String,
    /// `iso`, `epoch`, `rfc2822`, or a `strftime` pattern such as `%d/%m/%Y %H:%M`.
    #[serde(default = "iso")]
    pub format: String,
    /// The zone of times that carry none, as IANA names it.
    #[serde(default = "utc", skip_serializing_if = "is_utc")]
    pub zone: String,
}

/// Which rows are one event together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Rows that are alike in these columns belong together.
    pub by: Vec<String>,
    /// How far from its first row the others may lie, other rows in between or not. A row that
    /// comes later is rejected, since its order has been sent by then.
    #[serde(default = "within_rows")]
    pub within_rows: u64,
}

/// An order: what the e-commerce events carry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Its number.
    pub order_id: Field,
    /// ISO 4217 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Field>,
    /// The sum of the order, from its first row; absent: the sum of quantity × price over its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Field>,
    /// One product per row: Segment's product properties. `price` and `quantity` are numbers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub product: BTreeMap<String, Field>,
}

/// Where a value comes from: the name of a column, or the long form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Field {
    /// The column's value as it is.
    Column(String),
    /// A column's value with a form, or a constant.
    Full(FullField),
}

impl Default for Field {
    fn default() -> Self {
        Self::Column(String::new())
    }
}

/// Where a value comes from, in full. Exactly one of `column` and `value` is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullField {
    /// The column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The same value for every row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// How the cell is to be read.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub form: Option<ValueForm>,
    /// Put before the cell's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

/// How a cell is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueForm {
    /// Text, also where the file has a number.
    Text,
    /// A number without fraction; `17850.0` is 17850.
    Integer,
    /// A number with a decimal point, exact.
    Decimal,
    /// A number with a decimal comma, exact.
    DecimalComma,
    /// `true`/`false`, `yes`/`no`, `1`/`0`.
    Boolean,
    /// JSON.
    Json,
}

/// What the event is, under which conditions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// The call: `track` if absent.
    #[serde(default = "track", skip_serializing_if = "is_track")]
    pub call: Call,
    /// The event's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The column that holds the event's name, instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_column: Option<String>,
    /// Conditions, on the first row of a group; all must hold. None: always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Condition>,
    /// Quantities and sums change their sign: a credit note's `-2` is a refund of 2.
    #[serde(default, skip_serializing_if = "is_default")]
    pub negate: bool,
    /// Such rows are passed over: counted, neither sent nor rejected.
    #[serde(default, skip_serializing_if = "is_default")]
    pub skip: bool,
    /// Properties that these events get besides.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Field>,
}

/// The call of an event rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Something was done.
    #[default]
    Track,
    /// Something is known of the customer.
    Identify,
    /// A page was seen.
    Page,
    /// A screen was seen.
    Screen,
}

impl Call {
    /// The kind of event that the call makes.
    #[must_use]
    pub fn kind(self) -> EventKind {
        match self {
            Self::Track => EventKind::Track,
            Self::Identify => EventKind::Identify,
            Self::Page => EventKind::Page,
            Self::Screen => EventKind::Screen,
        }
    }
}

/// One condition: a column and one test, or the sign of the order's sum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The column that is tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The cell is this text, case apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// The cell is one of these texts, case apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<String>,
    /// The cell starts with this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_with: Option<String>,
    /// The cell is empty (`true`), or is not (`false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<bool>,
    /// The sum of the order is `negative`, `zero` or `positive` (as the file has it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_total: Option<Sign>,
}

/// The sign of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Below 0.
    Negative,
    /// 0.
    Zero,
    /// Above 0.
    Positive,
}

fn iso() -> String {
    "iso".to_owned()
}

fn utc() -> String {
    "UTC".to_owned()
}

fn is_utc(zone: &String) -> bool {
    zone == "UTC"
}

fn within_rows() -> u64 {
    WITHIN_ROWS_DEFAULT
}

fn track() -> Call {
    Call::Track
}

fn is_track(call: &Call) -> bool {
    *call == Call::Track
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Field {
    /// The value of `column`, read as `form`.
    #[must_use]
    pub fn read_as(column: &str, form: ValueForm) -> Self {
        let column = Some(column.to_owned());
        Self::Full(FullField { column, form: Some(form), ..FullField::default() })
    }

    /// The column that it reads, if any.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Column(column) => Some(column),
            Self::Full(field) => field.column.as_deref(),
        }
    }

    fn check(&self, at: &str) -> Result<(), SyncError> {
        let Self::Full(field) = self else { return Ok(()) };
        match (&field.column, &field.value) {
            (Some(_), None) => Ok(()),
            (None, Some(Value::Null)) => Err(SyncError::mapping(at, "the value is nothing")),
            (None, Some(_)) if field.form.is_none() && field.prefix.is_none() => Ok(()),
            (None, Some(_)) => Err(SyncError::mapping(
                at,
                format!("{at}: a constant has neither 'as' nor 'prefix'"),
            )),
            _ => {
                let why = format!("{at}: give either 'column' or 'value'");
                Err(SyncError::mapping(at, why))
            }
        }
    }
}

impl Mapping {
    /// Reads a mapping and checks what can be checked without the file.
    ///
    /// # Errors
    /// [`SyncError::MappingText`] with line and cause, [`SyncError::Mapping`].
    pub fn from_toml(text: &str) -> Result<Self, SyncError> {
        let mapping: Self = toml::from_str(text)
            .map_err(|e| SyncError::MappingText { why: e.to_string().trim().to_owned() })?;
        mapping.check()?;
        Ok(mapping)
    }

    /// The mapping as a file's text; [`Mapping::from_toml`] reads it back.
    ///
    /// # Errors
    /// [`SyncError::MappingText`] where a constant is nothing that TOML can say.
    pub fn to_toml(&self) -> Result<String, SyncError> {
        toml::to_string_pretty(self).map_err(|e| SyncError::MappingText { why: e.to_string() })
    }

    /// Reads the mapping that was saved at `path`.
    ///
    /// # Errors
    /// As [`Mapping::from_toml`], and [`SyncError::Open`].
    pub fn load(path: &Path) -> Result<Self, SyncError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SyncError::Open { path: path.to_owned(), source })?;
        Self::from_toml(&text)
    }

    /// Saves the mapping at `path`.
    ///
    /// # Errors
    /// [`SyncError::Write`], and as [`Mapping::to_toml`].
    pub fn save(&self, path: &Path) -> Result<(), SyncError> {
        let text = self.to_toml()?;
        std::fs::write(path, text)
            .map_err(|source| SyncError::Write { path: path.to_owned(), source })
    }

    /// A fingerprint of everything the mapping says: 32 hexadecimal digits. An interrupted import
    /// goes on only under an equal mapping.
    ///
    /// # Errors
    /// As [`Mapping::to_toml`].
    pub fn fingerprint(&self) -> Result<String, SyncError> {
        Ok(format!("{:032x}", base::hash::hash128(self.to_toml()?.as_bytes())))
    }

    /// Checks what can be checked without the file.
    ///
    /// # Errors
    /// [`SyncError::Mapping`], naming the part.
    pub fn check(&self) -> Result<(), SyncError> {
        let refuse = |field: &str, why: &str| Err(SyncError::mapping(field, why));
        if self.name.trim().is_empty() {
            return refuse("name", "'name' is empty; message ids are made from it");
        }
        if self.name.contains(char::is_control) {
            return refuse("name", "'name' has a control character; it is shown in lists");
        }
        if self.rows == Rows::Segment {
            return Ok(());
        }
        let customer = &self.customer;
        if [&customer.user_id, &customer.anonymous_id, &customer.email, &customer.phone]
            .iter()
            .all(|field| field.is_none())
        {
            return refuse("customer", "no column says whose events they are ('[customer]')");
        }
        if self.events.is_empty() {
            return refuse("events", "no rule says what the events are ('[[events]]')");
        }
        self.check_time()?;
        self.check_group()?;
        self.named_fields().try_for_each(|(at, field)| field.check(&at))?;
        self.events.iter().enumerate().try_for_each(|(index, rule)| self.check_rule(index, rule))
    }

    fn check_time(&self) -> Result<(), SyncError> {
        let Some(time) = &self.time else { return Ok(()) };
        let Some(form) = TimeForm::from_name(&time.format) else {
            let why = format!(
                "'{}' is no time format: iso, epoch, rfc2822 or a pattern with %",
                time.format
            );
            return Err(SyncError::mapping("time.format", why));
        };
        if Clockwork::new(form, &time.zone).is_none() {
            let why = format!("there is no time zone '{}'; write it like Europe/London", time.zone);
            return Err(SyncError::mapping("time.zone", why));
        }
        Ok(())
    }

    fn check_group(&self) -> Result<(), SyncError> {
        let Some(group) = &self.group else { return Ok(()) };
        if group.by.is_empty() {
            return Err(SyncError::mapping("group.by", "'group.by' names no column"));
        }
        if group.within_rows == 0 || group.within_rows > WITHIN_ROWS_MAX {
            let why = format!("'group.within_rows' must lie between 1 and {WITHIN_ROWS_MAX}");
            return Err(SyncError::mapping("group.within_rows", why));
        }
        Ok(())
    }

    fn check_rule(&self, index: usize, rule: &EventRule) -> Result<(), SyncError> {
        let at = format!("events[{index}]");
        let refuse = |why: String| Err(SyncError::mapping(at.clone(), why));
        let named = rule.name.is_some() || rule.name_column.is_some();
        if rule.name.is_some() && rule.name_column.is_some() {
            return refuse(format!("{at}: give either 'name' or 'name_column'"));
        }
        if rule.call == Call::Track && !named && !rule.skip {
            return refuse(format!("{at}: a track event needs 'name' or 'name_column'"));
        }
        if rule.call != Call::Identify && !rule.skip && self.time.is_none() {
            return refuse(format!("{at}: no column says when it happened ('[time]')"));
        }
        for condition in &rule.when {
            let n_tests = [
                condition.equals.is_some(),
                !condition.one_of.is_empty(),
                condition.starts_with.is_some(),
                condition.empty.is_some(),
            ];
            let n_tests = n_tests.into_iter().filter(|&given| given).count();
            let fits = match (&condition.column, condition.order_total) {
                (Some(_), None) => n_tests == 1,
                (None, Some(_)) => n_tests == 0 && self.order.is_some(),
                _ => false,
            };
            if !fits {
                return refuse(format!(
                    "{at}.when: a condition is a column with one test, or 'order_total'"
                ));
            }
        }
        Ok(())
    }

    /// Every field with its path in the mapping.
    pub(crate) fn named_fields(&self) -> impl Iterator<Item = (String, &Field)> {
        let customer = [
            ("user_id", &self.customer.user_id),
            ("anonymous_id", &self.customer.anonymous_id),
            ("email", &self.customer.email),
            ("phone", &self.customer.phone),
        ];
        let customer = customer
            .into_iter()
            .filter_map(|(name, field)| Some((format!("customer.{name}"), field.as_ref()?)));
        let order = self.order.iter().flat_map(|order| {
            let product =
                order.product.iter().map(|(name, f)| (format!("order.product.{name}"), f));
            let currency = order.currency.iter().map(|f| ("order.currency".to_owned(), f));
            let total = order.total.iter().map(|f| ("order.total".to_owned(), f));
            let id = std::iter::once(("order.order_id".to_owned(), &order.order_id));
            id.chain(currency).chain(total).chain(product)
        });
        let properties = self.properties.iter().map(|(n, f)| (format!("properties.{n}"), f));
        let traits = self.traits.iter().map(|(n, f)| (format!("traits.{n}"), f));
        let rules = self.events.iter().enumerate().flat_map(|(index, rule)| {
            rule.properties.iter().map(move |(n, f)| (format!("events[{index}].properties.{n}"), f))
        });
        customer.chain(order).chain(properties).chain(traits).chain(rules)
    }

    /// Every column that the mapping names, with where it does.
    pub(crate) fn named_columns(&self) -> Vec<(String, String)> {
        let fields = self.named_fields();
        let of_fields = fields.filter_map(|(at, f)| Some((at, f.column()?.to_owned())));
        let ids = self.id.iter().map(|column| ("id".to_owned(), column.clone()));
        let time = self.time.iter().map(|time| ("time.column".to_owned(), time.column.clone()));
        let group = self.group.iter().flat_map(|group| &group.by);
        let group = group.map(|column| ("group.by".to_owned(), column.clone()));
        let rules = self.events.iter().enumerate().flat_map(|(index, rule)| {
            let tested = rule.when.iter().filter_map(|condition| condition.column.clone());
            let at = format!("events[{index}]");
            rule.name_column.clone().into_iter().chain(tested).map(move |c| (at.clone(), c))
        });
        of_fields.chain(ids).chain(time).chain(group).chain(rules).collect()
    }
}

#[cfg(test)]
mod tests;
