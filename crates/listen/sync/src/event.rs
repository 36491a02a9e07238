//! Which event does a row, or a group of rows, tell?

use crate::decimal::Decimal;
use crate::mapping::{Call, Rest, Sign};
use crate::plan::{Flaw, OrderPlan, Pick, Plan, RulePlan, put_cell};
use crate::row::Row;
use crate::text::ObjectText;
use base::Timestamp;
use lexicon::{Identifier, IdentifierKind};
use serde_json::value::RawValue;

/// Bytes of one event. More than a browser may send, since one order may have a thousand lines.
pub const EVENT_BYTES_MAX: usize = 1 << 20;

/// What a group of rows came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// An event, as raw Segment JSON.
    Event(String),
    /// Nothing, because a rule says so.
    Skipped,
    /// Nothing, because of a flaw in the row with this index.
    Flawed(usize, Flaw),
}

/// Tells the event of `rows` (at least one), which is sent under `message_id`.
pub(crate) fn tell(plan: &Plan, columns: &[String], rows: &[Row], message_id: &str) -> Told {
    let teller = Teller { plan, columns, rows };
    match teller.tell(message_id) {
        Ok(Some(event)) if event.len() > EVENT_BYTES_MAX => {
            let reason = format!("the event has {} bytes, over {EVENT_BYTES_MAX}", event.len());
            Told::Flawed(0, Flaw { column: None, reason })
        }
        Ok(Some(event)) => Told::Event(event),
        Ok(None) => Told::Skipped,
        Err((index, flaw)) => Told::Flawed(index, flaw),
    }
}

type At<T> = Result<T, (usize, Flaw)>;

fn missing(column: Option<String>, reason: &str) -> (usize, Flaw) {
    (0, Flaw { column, reason: reason.to_owned() })
}

struct Teller<'a> {
    plan: &'a Plan,
    columns: &'a [String],
    rows: &'a [Row],
}

/// The order of a group: its sum as the file has it, and per row quantity and price.
struct Sums {
    total: Option<Decimal>,
    lines: Vec<(Option<Decimal>, Option<Decimal>)>,
}

impl Teller<'_> {
    fn first(&self) -> &Row {
        &self.rows[0]
    }

    fn tell(&self, message_id: &str) -> At<Option<String>> {
        let sums = match &self.plan.order {
            Some(order) => Some(self.sums(order)?),
            None => None,
        };
        let total = sums.as_ref().and_then(|sums| sums.total);
        let rule = self.plan.rules.iter().find(|rule| self.holds(rule, total));
        let Some(rule) = rule else {
            return Err(missing(None, "no rule of the mapping says what this row is"));
        };
        if rule.rule.skip {
            return Ok(None);
        }
        let mut event = ObjectText::new();
        event.text("type", rule.rule.call.kind().slug());
        self.put_name(rule, &mut event)?;
        self.put_identity(rule.rule.call, &mut event)?;
        if let Some(moment) = self.moment(rule.rule.call)? {
            event.text("timestamp", &moment.to_string());
        }
        event.text("messageId", message_id);
        if rule.rule.call != Call::Identify {
            event.json("properties", &self.properties(rule, sums.as_ref())?);
        }
        Ok(Some(event.finish()))
    }

    fn holds(&self, rule: &RulePlan, total: Option<Decimal>) -> bool {
        rule.when.iter().all(|(condition, index)| {
            if let Some(sign) = condition.order_total {
                return total.is_some_and(|total| sign_of(total) == sign);
            }
            let cell = index.map_or(crate::Cell::MISSING, |index| self.first().cell(index));
            let is = |text: &String| cell.text.eq_ignore_ascii_case(text.trim());
            condition.equals.as_ref().is_none_or(is)
                && (condition.one_of.is_empty() || condition.one_of.iter().any(is))
                && condition.starts_with.as_ref().is_none_or(|t| cell.text.starts_with(t.as_str()))
                && condition.empty.is_none_or(|empty| cell.is_missing() == empty)
        })
    }

    fn put_name(&self, rule: &RulePlan, event: &mut ObjectText) -> At<()> {
        let key = if rule.rule.call == Call::Track { "event" } else { "name" };
        if let Some(name) = &rule.rule.name {
            event.text(key, name);
        } else if let Some(place) = &rule.name_column {
            let cell = self.first().cell(place.index);
            if cell.is_missing() {
                return Err(missing(Some(place.column.clone()), "the event's name is missing"));
            }
            event.text(key, cell.text);
        }
        Ok(())
    }

    /// The first row of the group that has the value.
    fn identifier(&self, pick: Option<&Pick>, kind: &IdentifierKind) -> At<Option<String>> {
        let Some(pick) = pick else { return Ok(None) };
        for (index, row) in self.rows.iter().enumerate() {
            let text = pick.text(row).map_err(|flaw| (index, flaw))?;
            let found = text.and_then(|text| Identifier::new(kind.clone(), &text));
            if let Some(identifier) = found {
                return Ok(Some(identifier.value.into()));
            }
        }
        Ok(None)
    }

    fn put_identity(&self, call: Call, event: &mut ObjectText) -> At<()> {
        let plan = self.plan;
        let user_id = self.identifier(plan.user_id.as_ref(), &IdentifierKind::UserId)?;
        let anonymous =
            self.identifier(plan.anonymous_id.as_ref(), &IdentifierKind::AnonymousId)?;
        let email = self.identifier(plan.email.as_ref(), &IdentifierKind::Email)?;
        let phone = self.identifier(plan.phone.as_ref(), &IdentifierKind::Phone)?;
        let stands_in = user_id.is_none() || plan.mapping.customer.anonymous_always;
        let anonymous = anonymous.filter(|_| stands_in);
        if [&user_id, &anonymous, &email, &phone].iter().all(|value| value.is_none()) {
            let pick = plan.user_id.as_ref().or(plan.email.as_ref()).or(plan.anonymous_id.as_ref());
            return Err(missing(pick.and_then(column_of), "nothing says whose row this is"));
        }
        user_id.iter().for_each(|value| event.text("userId", value));
        anonymous.iter().for_each(|value| event.text("anonymousId", value));
        let traits = self.traits(email.as_deref(), phone.as_deref())?;
        if call == Call::Identify {
            event.json("traits", &traits);
        }
        let mut context = ObjectText::new();
        if call != Call::Identify && traits.len() > 2 {
            context.json("traits", &traits);
            self.put_location(&mut context)?;
        }
        if user_id.is_none() && anonymous.is_none() {
            context.json("externalIds", &external_ids(email.as_deref(), phone.as_deref()));
        }
        if !context.is_empty() {
            event.json("context", &context.finish());
        }
        Ok(())
    }

    fn traits(&self, email: Option<&str>, phone: Option<&str>) -> At<String> {
        let mut traits = ObjectText::new();
        email.iter().for_each(|value| traits.text("email", value));
        phone.iter().for_each(|value| traits.text("phone", value));
        self.put_all(&self.plan.traits, &mut traits)?;
        self.put_rest(Rest::Traits, &mut traits);
        Ok(traits.finish())
    }

    /// Where the customer was when it happened, as Segment's context says it.
    fn put_location(&self, context: &mut ObjectText) -> At<()> {
        let mut location = ObjectText::new();
        let places =
            self.plan.traits.iter().filter(|(name, _)| matches!(name.as_str(), "country" | "city"));
        for (name, pick) in places {
            let text = pick.text(self.first()).map_err(|flaw| (0, flaw))?;
            text.iter().for_each(|text| location.text(name, text));
        }
        if !location.is_empty() {
            context.json("location", &location.finish());
        }
        Ok(())
    }

    fn put_all(&self, picks: &[(String, Pick)], object: &mut ObjectText) -> At<()> {
        let put = |(name, pick): &(String, Pick)| pick.put(name, self.first(), object);
        picks.iter().try_for_each(put).map_err(|flaw| (0, flaw))
    }

    fn put_rest(&self, which: Rest, object: &mut ObjectText) {
        for (index, name) in self.plan.rest(which, self.columns) {
            let cell = self.first().cell(index);
            put_cell(name, cell.kind, cell.text, object);
        }
    }

    /// The earliest moment of the group.
    fn moment(&self, call: Call) -> At<Option<Timestamp>> {
        let Some((place, clock)) = &self.plan.time else { return Ok(None) };
        let mut earliest: Option<Timestamp> = None;
        for (index, row) in self.rows.iter().enumerate() {
            let cell = row.cell(place.index);
            if cell.is_missing() {
                continue;
            }
            let Some(moment) = clock.read(cell.text) else {
                let shown: String = cell.text.chars().take(60).collect();
                let format = self.plan.mapping.time.as_ref().map_or("iso", |time| &time.format);
                let reason = format!("'{shown}' is not a time of the form {format}");
                return Err((index, Flaw { column: Some(place.column.clone()), reason }));
            };
            earliest = Some(earliest.map_or(moment, |known| known.min(moment)));
        }
        if earliest.is_none() && call != Call::Identify {
            return Err(missing(Some(place.column.clone()), "the time is missing"));
        }
        Ok(earliest)
    }

    fn properties(&self, rule: &RulePlan, sums: Option<&Sums>) -> At<String> {
        let mut properties = ObjectText::new();
        if let (Some(order), Some(sums)) = (&self.plan.order, sums) {
            self.put_order(order, sums, rule.rule.negate, &mut properties)?;
        }
        self.put_all(&self.plan.properties, &mut properties)?;
        self.put_all(&rule.properties, &mut properties)?;
        self.put_rest(Rest::Properties, &mut properties);
        Ok(properties.finish())
    }

    fn sums(&self, order: &OrderPlan) -> At<Sums> {
        let mut lines = Vec::with_capacity(self.rows.len());
        let mut sum = order.price.as_ref().map(|_| Decimal::ZERO);
        for (index, row) in self.rows.iter().enumerate() {
            let number = |pick: &Option<Pick>| match pick {
                Some(pick) => pick.decimal(row).map_err(|flaw| (index, flaw)),
                None => Ok(None),
            };
            let (quantity, price) = (number(&order.quantity)?, number(&order.price)?);
            if order.total.is_none() {
                let one = Decimal::parse("1", crate::decimal::Mark::Point);
                let quantity = if order.quantity.is_none() { one } else { quantity };
                sum = sum.and_then(|sum| sum.plus(quantity?.times(price?)?));
                if sum.is_none() && order.price.is_some() {
                    let reason = "quantity × price cannot be told: one is missing or too large";
                    let column = order.price.as_ref().and_then(column_of);
                    return Err((index, Flaw { column, reason: reason.to_owned() }));
                }
            }
            lines.push((quantity, price));
        }
        let total = match &order.total {
            Some(total) => total.decimal(self.first()).map_err(|flaw| (0, flaw))?,
            None => sum,
        };
        Ok(Sums { total, lines })
    }

    fn put_order(
        &self,
        order: &OrderPlan,
        sums: &Sums,
        negate: bool,
        properties: &mut ObjectText,
    ) -> At<()> {
        let signed = |number: Decimal| if negate { number.negated() } else { number };
        let order_id = order.order_id.text(self.first()).map_err(|flaw| (0, flaw))?;
        let Some(order_id) = order_id else {
            return Err(missing(column_of(&order.order_id), "the order has no number"));
        };
        properties.text("order_id", &order_id);
        if let Some(total) = sums.total {
            properties.number("total", signed(total));
        }
        if let Some(currency) = &order.currency {
            let currency = currency.text(self.first()).map_err(|flaw| (0, flaw))?;
            currency.iter().for_each(|code| properties.text("currency", &code.to_uppercase()));
        }
        let has_products = !order.product.is_empty() || order.price.is_some();
        if !has_products {
            return Ok(());
        }
        let mut products = String::from("[");
        for (index, (row, (quantity, price))) in self.rows.iter().zip(&sums.lines).enumerate() {
            let mut product = ObjectText::new();
            let put = |(name, pick): &(String, Pick)| pick.put(name, row, &mut product);
            order.product.iter().try_for_each(put).map_err(|flaw| (index, flaw))?;
            price.iter().for_each(|price| product.number("price", *price));
            quantity.iter().for_each(|n| product.number("quantity", signed(*n)));
            if index > 0 {
                products.push(',');
            }
            products.push_str(&product.finish());
        }
        products.push(']');
        properties.json("products", &products);
        Ok(())
    }
}

fn sign_of(total: Decimal) -> Sign {
    match total.signum() {
        0 => Sign::Zero,
        n if n < 0 => Sign::Negative,
        _ => Sign::Positive,
    }
}

fn column_of(pick: &Pick) -> Option<String> {
    match pick {
        Pick::Cell { place, .. } => Some(place.column.clone()),
        Pick::Constant(..) => None,
    }
}

/// Segment's way to say which identifier an event comes under when it has no user id.
fn external_ids(email: Option<&str>, phone: Option<&str>) -> String {
    let mut list = String::from("[");
    for (kind, value) in [("email", email), ("phone", phone)] {
        let Some(value) = value else { continue };
        let mut id = ObjectText::new();
        id.text("id", value);
        id.text("type", kind);
        id.text("collection", "users");
        id.text("encoding", "none");
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&id.finish());
    }
    list.push(']');
    list
}

/// What is wrong with a number like `1e999`: one of them, and nothing of the event can be read.
pub(crate) fn beyond_float(path: &str) -> String {
    let shown: String = path.chars().take(200).collect();
    format!("{shown} is a number beyond 1.8e308, which nothing can compute with")
}

/// What must be seen of a Segment event before it passes as it is.
#[derive(serde::Deserialize)]
struct Segment<'a> {
    #[serde(rename = "type")]
    kind: Option<std::borrow::Cow<'a, str>>,
    #[serde(rename = "messageId", borrow)]
    message_id: Option<&'a RawValue>,
}

/// Passes a line that is a Segment event already, giving it `message_id` where it has none.
pub(crate) fn pass(line: &str, message_id: &str) -> Told {
    let flawed = |column: Option<&str>, reason: String| {
        Told::Flawed(0, Flaw { column: column.map(str::to_owned), reason })
    };
    let event = match serde_json::from_str::<Segment<'_>>(line) {
        Ok(event) => event,
        Err(e) => return flawed(None, format!("the line is not a JSON object: {e}")),
    };
    if line.len() > EVENT_BYTES_MAX {
        return flawed(None, format!("the event has {} bytes, over {EVENT_BYTES_MAX}", line.len()));
    }
    if let Some(path) = lexicon::immense_number(line) {
        return flawed(Some(&path), beyond_float(&path));
    }
    let kind = event.kind.as_deref().unwrap_or_default();
    if lexicon::EventKind::from_slug(kind).is_none() {
        return flawed(Some("type"), format!("'{kind}' is not a type of event"));
    }
    let has_id = event.message_id.is_some_and(|id| id.get().len() > 2 && id.get() != "null");
    if has_id {
        return Told::Event(line.to_owned());
    }
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(line) {
        Ok(mut object) => {
            object.insert("messageId".to_owned(), message_id.into());
            Told::Event(serde_json::Value::Object(object).to_string())
        }
        Err(e) => flawed(None, format!("the line is not a JSON object: {e}")),
    }
}
