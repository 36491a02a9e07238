//! How is a file of this sort mapped, with these columns in these roles?

use super::roles::{Cast, Role, Roles, tokens};
use super::{Confidence, Proposal, Reason, Shape};
use crate::column::{ColumnGuess, ColumnProfile};
use crate::mapping::{
    Call, Condition, EventRule, Field, FullField, Group, Mapping, Order, Rows, Sign, Time,
    ValueForm, WITHIN_ROWS_DEFAULT,
};
use serde_json::Value;

/// Countries of which a file's majority hints at its currency.
const CURRENCY_OF: [(&str, &str); 18] = [
    ("united kingdom", "GBP"),
    ("uk", "GBP"),
    ("gb", "GBP"),
    ("united states", "USD"),
    ("usa", "USD"),
    ("us", "USD"),
    ("germany", "EUR"),
    ("de", "EUR"),
    ("france", "EUR"),
    ("fr", "EUR"),
    ("spain", "EUR"),
    ("italy", "EUR"),
    ("netherlands", "EUR"),
    ("austria", "EUR"),
    ("switzerland", "CHF"),
    ("poland", "PLN"),
    ("sweden", "SEK"),
    ("japan", "JPY"),
];

/// The mapping of a file of this shape.
pub(super) fn mapping(
    name: &str,
    shape: Shape,
    roles: &Roles<'_>,
    columns: &[ColumnProfile],
) -> Proposal {
    let mut builder = Builder {
        roles,
        columns,
        mapping: Mapping { name: name.to_owned(), ..Mapping::default() },
        reasons: Vec::new(),
        warnings: Vec::new(),
    };
    match shape {
        Shape::SegmentEvents => builder.segment(),
        Shape::OrderLines => builder.order_lines(),
        Shape::Orders => builder.orders(),
        Shape::EventLog => builder.event_log(),
        Shape::Customers => builder.customers(),
        Shape::Unknown => builder.unknown(),
    }
    let Builder { mapping, reasons, warnings, .. } = builder;
    Proposal { shape, mapping, confidence: Confidence::Low, reasons, warnings }
}

struct Builder<'a> {
    roles: &'a Roles<'a>,
    columns: &'a [ColumnProfile],
    mapping: Mapping,
    reasons: Vec<Reason>,
    warnings: Vec<String>,
}

impl Builder<'_> {
    fn because(&mut self, part: &str, cast: Cast<'_>, words: &str) {
        let column = cast.column;
        let why = if cast.by_name { "its name says so, and" } else { "of all columns only" };
        let holds = column.guess.words();
        self.reasons.push(Reason {
            part: part.to_owned(),
            column: Some(column.name.clone()),
            confidence: cast.confidence,
            words: format!("'{}' {words}: {why} it holds: {holds}", column.name),
        });
    }

    fn note(&mut self, part: &str, confidence: Confidence, words: impl Into<String>) {
        let part = part.to_owned();
        self.reasons.push(Reason { part, column: None, confidence, words: words.into() });
    }

    fn segment(&mut self) {
        self.mapping.rows = Rows::Segment;
        let words =
            "every line has a 'type' of Segment's six and says who: the lines are events already";
        self.note("rows", Confidence::High, words);
    }

    fn order_lines(&mut self) {
        self.who(Role::Order);
        self.when();
        let Some(order) = self.roles.get(Role::Order) else { return };
        self.because("group.by", order, "is what the lines of one order share");
        let by = vec![order.column.name.clone()];
        self.mapping.group = Some(Group { by, within_rows: WITHIN_ROWS_DEFAULT });
        let total = None;
        self.order(total);
        self.order_events();
        self.others(false);
    }

    fn orders(&mut self) {
        self.who(Role::Order);
        self.when();
        let total = self.roles.get(Role::Total);
        if let Some(total) = total {
            self.because("order.total", total, "is the sum of the order");
        }
        if self.roles.column(Role::Order).is_some() {
            self.order(total.map(|total| number_field(total.column)));
            self.mapping.id =
                self.roles.column(Role::Order).map(|c| c.name.clone()).into_iter().collect();
            self.order_events();
        } else {
            let words = "no column numbers the orders, so each row is told as a purchase";
            self.note("events", Confidence::Low, words);
            if let Some(total) = total {
                self.mapping.properties.insert("revenue".to_owned(), number_field(total.column));
            }
            self.plain_event("Purchase Recorded");
        }
        self.others(false);
    }

    fn event_log(&mut self) {
        self.who(Role::EventId);
        self.when();
        if let Some(event) = self.roles.get(Role::Event) {
            self.because("events.name_column", event, "names what happened");
            let name_column = Some(event.column.name.clone());
            self.mapping.events = vec![EventRule { name_column, ..EventRule::default() }];
        }
        self.event_id();
        let amounts = [
            (Role::Total, "value"),
            (Role::Price, "price"),
            (Role::Quantity, "quantity"),
            (Role::Currency, "currency"),
            (Role::Order, "order_id"),
            (Role::Product, "product_id"),
            (Role::ProductName, "name"),
            (Role::Category, "category"),
        ];
        for (role, property) in amounts {
            if let Some(column) = self.roles.column(role) {
                self.mapping.properties.insert(property.to_owned(), typed_field(column));
            }
        }
        self.others(false);
    }

    fn customers(&mut self) {
        self.who(Role::EventId);
        let created = self.roles.get(Role::Time).filter(|time| {
            tokens(&time.column.name)
                .iter()
                .any(|t| matches!(t.as_str(), "updated" | "modified" | "timestamp"))
        });
        if created.is_some() {
            self.when();
        } else {
            let words = "nothing says when this became known: it counts as of the import";
            self.note("time", Confidence::Medium, words);
        }
        self.mapping.events = vec![EventRule { call: Call::Identify, ..EventRule::default() }];
        self.note(
            "events",
            Confidence::High,
            "a line tells of a customer and not of something done",
        );
        self.others(true);
    }

    fn unknown(&mut self) {
        self.when();
        self.plain_event("Row Imported");
        self.others(false);
        self.warnings
            .push("No column was recognised as the customer: say which one it is.".to_owned());
    }

    fn plain_event(&mut self, name: &str) {
        let name = Some(name.to_owned());
        self.mapping.events = vec![EventRule { name, ..EventRule::default() }];
    }

    fn who(&mut self, stand_in: Role) {
        if let Some(user) = self.roles.get(Role::User) {
            self.because("customer.user_id", user, "names the customer");
            self.mapping.customer.user_id = Some(self.id_field(user.column));
        }
        if let Some(anonymous) = self.roles.get(Role::Anonymous) {
            self.because("customer.anonymous_id", anonymous, "names the visitor");
            self.mapping.customer.anonymous_id = Some(Field::Column(anonymous.column.name.clone()));
            self.mapping.customer.anonymous_always = true;
        }
        for (role, part) in [(Role::Email, "customer.email"), (Role::Phone, "customer.phone")] {
            let Some(cast) = self.roles.get(role) else { continue };
            self.because(part, cast, "points to the customer");
            let field = Some(Field::Column(cast.column.name.clone()));
            match role {
                Role::Email => self.mapping.customer.email = field,
                _ => self.mapping.customer.phone = field,
            }
        }
        self.stand_in(stand_in);
    }

    /// Rows without a customer must neither be lost nor become one giant customer.
    fn stand_in(&mut self, role: Role) {
        let n_missing = self.roles.column(Role::User).map_or(0, |user| user.n_empty);
        let has_other = self.mapping.customer.anonymous_id.is_some();
        let Some(column) = self.roles.column(role).filter(|_| !has_other) else { return };
        let no_user =
            self.mapping.customer.user_id.is_none() && self.mapping.customer.email.is_none();
        if n_missing == 0 && !no_user {
            return;
        }
        let prefix = format!("{}-", tokens(&column.name).first().map_or("order", String::as_str));
        let words = format!(
            "{n_missing} of the rows seen have no customer: each '{}' then counts as a visitor of \
             its own, '{prefix}…', so that nothing is lost and they do not become one customer",
            column.name
        );
        self.note("customer.anonymous_id", Confidence::Medium, words);
        self.mapping.customer.anonymous_id = Some(Field::Full(FullField {
            column: Some(column.name.clone()),
            prefix: Some(prefix),
            ..FullField::default()
        }));
    }

    fn id_field(&mut self, column: &ColumnProfile) -> Field {
        let padded = column.guess == ColumnGuess::Integer
            && column.examples.iter().any(|text| text.ends_with(".0"));
        if !padded {
            return Field::Column(column.name.clone());
        }
        let example = column.examples.first().map_or("", String::as_str);
        let words = format!("ids are whole numbers: '{example}' is read without its '.0'");
        self.note("customer.user_id", Confidence::High, words);
        Field::read_as(&column.name, ValueForm::Integer)
    }

    fn when(&mut self) {
        let Some(time) = self.roles.get(Role::Time) else { return };
        self.because("time.column", time, "says when");
        let ColumnGuess::Time { form, rival } = &time.column.guess else { return };
        if let Some(rival) = rival {
            let words = format!(
                "'{}' can be read as {} and as {}; every value fits both. Look at the preview.",
                time.column.name,
                form.name(),
                rival.name()
            );
            self.note("time.format", Confidence::Low, words.clone());
            self.warnings.push(words);
        }
        self.mapping.time = Some(Time {
            column: time.column.name.clone(),
            format: form.name().to_owned(),
            zone: "UTC".to_owned(),
        });
    }

    fn order(&mut self, total: Option<Field>) {
        let Some(order) = self.roles.column(Role::Order) else { return };
        let mut product = std::collections::BTreeMap::new();
        let parts = [
            (Role::Product, "product_id"),
            (Role::ProductName, "name"),
            (Role::Category, "category"),
            (Role::Quantity, "quantity"),
            (Role::Price, "price"),
        ];
        for (role, name) in parts {
            let Some(cast) = self.roles.get(role) else { continue };
            self.because(&format!("order.product.{name}"), cast, "tells of the product");
            let is_number = matches!(role, Role::Quantity | Role::Price);
            let plain = Field::Column(cast.column.name.clone());
            let field = if is_number { number_field(cast.column) } else { plain };
            product.insert(name.to_owned(), field);
        }
        let currency = self.currency();
        let order_id = Field::Column(order.name.clone());
        self.mapping.order = Some(Order { order_id, currency, total, product });
    }

    fn currency(&mut self) -> Option<Field> {
        if let Some(cast) = self.roles.get(Role::Currency) {
            self.because("order.currency", cast, "names the currency");
            return Some(Field::Column(cast.column.name.clone()));
        }
        let most = self.roles.column(Role::Country).and_then(|country| {
            let (name, n) = country.most.as_ref()?;
            (n * 2 > country.n_filled()).then(|| name.to_lowercase())
        });
        let found =
            most.and_then(|name| CURRENCY_OF.iter().find(|(country, _)| **country == *name));
        let Some((country, code)) = found else {
            let words = "No column names the currency: say which it is, else sums have none.";
            self.warnings.push(words.to_owned());
            return None;
        };
        let words = format!("most rows are from {country}, so the sums are taken to be in {code}");
        self.note("order.currency", Confidence::Low, words);
        self.warnings.push(format!("No column names the currency; {code} was assumed."));
        let value = Some(Value::String((*code).to_owned()));
        Some(Field::Full(FullField { value, ..FullField::default() }))
    }

    /// Orders are completed; those with a negative sum are refunds.
    fn order_events(&mut self) {
        let completed =
            EventRule { name: Some("Order Completed".to_owned()), ..EventRule::default() };
        let sums = [Role::Quantity, Role::Price, Role::Total];
        let n_negative: u64 =
            sums.iter().filter_map(|&r| Some(self.roles.column(r)?.n_negative)).sum();
        let sum_is_known = self
            .mapping
            .order
            .as_ref()
            .is_some_and(|order| order.total.is_some() || order.product.contains_key("price"));
        if n_negative > 0 && sum_is_known {
            let condition = Condition { order_total: Some(Sign::Negative), ..Condition::default() };
            let refunded = EventRule {
                name: Some("Order Refunded".to_owned()),
                when: vec![condition],
                negate: true,
                ..EventRule::default()
            };
            let words = format!(
                "{n_negative} of the amounts seen are negative: orders with a negative sum are refunds"
            );
            self.note("events", Confidence::Medium, words);
            self.mapping.events.push(refunded);
        }
        self.note("events", Confidence::High, "each order is an 'Order Completed'");
        self.mapping.events.push(completed);
    }

    fn event_id(&mut self) {
        let Some(id) = self.roles.get(Role::EventId) else { return };
        if id.column.n_empty == 0 && id.column.n_distinct == id.column.n_seen.min(20_000) {
            self.because("id", id, "is different in every row");
            self.mapping.id = vec![id.column.name.clone()];
        }
    }

    /// Columns without a part go along under their own names.
    fn others(&mut self, as_traits: bool) {
        if let Some(country) = self.roles.column(Role::Country) {
            let field = Field::Column(country.name.clone());
            self.mapping.traits.insert("country".to_owned(), field.clone());
            if !as_traits {
                self.mapping.properties.insert("country".to_owned(), field);
            }
        }
        let named: Vec<String> = self.mapping.named_columns().into_iter().map(|(_, c)| c).collect();
        let free = self.columns.iter().filter(|column| !named.contains(&column.name));
        let free = free.filter(|column| column.guess != ColumnGuess::Empty);
        let mut n_free = 0;
        for column in free {
            let name = column.name.strip_prefix("properties.").unwrap_or(&column.name);
            let target =
                if as_traits { &mut self.mapping.traits } else { &mut self.mapping.properties };
            target.entry(plain_name(name)).or_insert_with(|| typed_field(column));
            n_free += 1;
        }
        if n_free > 0 {
            let kind = if as_traits { "traits" } else { "properties" };
            let words = format!("{n_free} columns without a part of their own go along as {kind}");
            self.note(kind, Confidence::Medium, words);
        }
    }
}

/// A column's name as a property's: `Ship Date` is `ship_date`.
fn plain_name(name: &str) -> String {
    let tokens = tokens(name);
    if tokens.is_empty() { name.to_owned() } else { tokens.join("_") }
}

fn number_field(column: &ColumnProfile) -> Field {
    match column.guess {
        ColumnGuess::Decimal { comma: true } => {
            Field::read_as(&column.name, ValueForm::DecimalComma)
        }
        _ => Field::read_as(&column.name, ValueForm::Decimal),
    }
}

/// A column as a property of its type. Only what every value that was seen allows: a number in
/// text is better than a rejected row.
fn typed_field(column: &ColumnProfile) -> Field {
    match column.guess {
        ColumnGuess::Decimal { comma: true } => number_field(column),
        ColumnGuess::Decimal { .. } => Field::read_as(&column.name, ValueForm::Decimal),
        ColumnGuess::Boolean => Field::read_as(&column.name, ValueForm::Boolean),
        _ => Field::Column(column.name.clone()),
    }
}
