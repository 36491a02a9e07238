//! Which metrics does nearly every house have?
//!
//! They count the events of the public specifications (e-commerce, e-mail, B2B SaaS), so that they
//! have numbers as soon as a source sends these, and say 0 or nothing where none does.

use base::Currency;
use insight::metric::{Good, Measured, Metric, Unit};
use insight::trend::{Measure, Series};
use timeline::{Condition, Field, Op, Test, View};

/// What happens to customers, and is not done by them.
const NOT_DONE: [&str; 5] = [
    "Email Delivered",
    "Email Bounced",
    "Push Notification Received",
    "Subscription Renewed",
    "Order Refunded",
];

/// The usual metrics. With a currency, amounts of other currencies are left out; without one, all
/// amounts are added up as they were sent.
#[must_use]
pub fn usual(currency: Option<Currency>) -> Vec<Metric> {
    let mut all = shop(currency);
    all.extend(visits());
    all.extend(subscriptions());
    all.extend(emails());
    all
}

fn shop(currency: Option<Currency>) -> Vec<Metric> {
    let money = currency.map_or(Unit::Other("in the currency of the orders".into()), Unit::Money);
    let revenue = || Field::Property("revenue".into());
    let paid = || in_currency(Condition::event("Order Completed"), currency);
    let orders = || Condition::event("Order Completed");
    vec![
        one(
            (
                "revenue",
                "Revenue",
                "What orders bring in, as `revenue` of Order Completed says it.",
            ),
            (money.clone(), Good::Up),
            (paid(), Measure::Sum(revenue())),
        ),
        one(
            ("orders", "Orders", "How many orders are completed."),
            (Unit::Events, Good::Up),
            (orders(), Measure::Events),
        ),
        one(
            ("average-order-value", "Average order value", "What an order brings in on average."),
            (money, Good::Up),
            (paid(), Measure::Mean(revenue())),
        ),
        one(
            ("buyers", "Buyers", "How many customers complete an order."),
            (Unit::Customers, Good::Up),
            (orders(), Measure::Customers),
        ),
        ratio(
            ("refund-rate", "Refunded orders", "Orders refunded for every hundred completed."),
            Good::Down,
            (Condition::event("Order Refunded"), orders(), Measure::Events),
        ),
        ratio(
            (
                "cart-to-order",
                "Carts that become orders",
                "Of those who put something into the cart, how many of a hundred order in the \
                 same stretch of time.",
            ),
            Good::Up,
            (orders(), Condition::event("Product Added"), Measure::Customers),
        ),
    ]
}

fn visits() -> Vec<Metric> {
    let active = || Condition { events: Vec::new(), tests: vec![name_is_not(&NOT_DONE)] };
    vec![
        one(
            ("active-customers", "Active customers", "How many do anything at all."),
            (Unit::Customers, Good::Up),
            (active(), Measure::Customers),
        ),
        one(
            ("visitors", "Visitors", "How many look at a page or a screen."),
            (Unit::Customers, Good::Up),
            (seen(), Measure::Customers),
        ),
        one(
            ("page-views", "Page views", "How often pages and screens are looked at."),
            (Unit::Events, Good::Neither),
            (seen(), Measure::Events),
        ),
        ratio(
            (
                "visit-to-order",
                "Visitors who order",
                "Of a hundred who look at a page or a screen, how many complete an order in the \
                 same stretch of time.",
            ),
            Good::Up,
            (Condition::event("Order Completed"), seen(), Measure::Customers),
        ),
        metric(
            (
                "coming-back",
                "Coming back",
                "Of those active in one stretch of time, the share \
              that is active in the next.",
            ),
            (Unit::Share, Good::Up),
            Measured::Kept { events: active() },
        ),
    ]
}

fn subscriptions() -> Vec<Metric> {
    let count = |name: &str| (Condition::event(name), Measure::Events);
    vec![
        one(
            ("trials", "Trials", "How many trials begin."),
            (Unit::Events, Good::Up),
            count("Trial Started"),
        ),
        one(
            ("subscriptions-started", "Subscriptions started", "How many subscriptions begin."),
            (Unit::Events, Good::Up),
            count("Subscription Started"),
        ),
        one(
            ("subscriptions-cancelled", "Subscriptions cancelled", "How many subscriptions end."),
            (Unit::Events, Good::Down),
            count("Subscription Cancelled"),
        ),
    ]
}

fn emails() -> Vec<Metric> {
    let of_delivered = |name: &str| {
        let delivered = Condition::event("Email Delivered");
        (Condition::event(name), delivered, Measure::Customers)
    };
    vec![
        one(
            ("emails-delivered", "E-mails delivered", "How many e-mails arrive."),
            (Unit::Events, Good::Neither),
            (Condition::event("Email Delivered"), Measure::Events),
        ),
        ratio(
            (
                "email-open-rate",
                "E-mail open rate",
                "Of a hundred customers who get e-mail, how \
              many open any.",
            ),
            Good::Up,
            of_delivered("Email Opened"),
        ),
        ratio(
            (
                "email-click-rate",
                "E-mail click rate",
                "Of a hundred customers who get e-mail, how \
              many follow a link in any.",
            ),
            Good::Up,
            of_delivered("Email Link Clicked"),
        ),
    ]
}

/// Pages and screens.
fn seen() -> Condition {
    let kinds = Op::Is(vec!["page".into(), "screen".into()]);
    let test = Test { field: Field::Kind, view: View::Whole, op: kinds };
    Condition { events: Vec::new(), tests: vec![test] }
}

fn name_is_not(names: &[&str]) -> Test {
    let op = Op::IsNot(names.iter().map(|name| (*name).into()).collect());
    Test { field: Field::Name, view: View::Whole, op }
}

fn in_currency(mut events: Condition, currency: Option<Currency>) -> Condition {
    events.tests.extend(currency.map(|currency| Test {
        field: Field::Property("currency".into()),
        view: View::Whole,
        op: Op::Is(vec![currency.code().into()]),
    }));
    events
}

/// Key, name, note.
type Called = (&'static str, &'static str, &'static str);

fn one(called: Called, aim: (Unit, Good), (events, measure): (Condition, Measure)) -> Metric {
    let series = vec![Series { events, measure }];
    metric(called, aim, Measured::Trend { series, formula: None })
}

/// So many of the first for a hundred of the second.
fn ratio(
    called: Called,
    good: Good,
    (of, all, measure): (Condition, Condition, Measure),
) -> Metric {
    let series = [of, all].map(|events| Series { events, measure: measure.clone() });
    let formula = Some("A / B * 100".into());
    metric(called, (Unit::Percent, good), Measured::Trend { series: series.to_vec(), formula })
}

fn metric((id, name, note): Called, (unit, good): (Unit, Good), measure: Measured) -> Metric {
    Metric {
        id: id.into(),
        name: name.into(),
        description: note.into(),
        unit,
        owner: "Rapport".into(),
        version: 1,
        good,
        measure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_can_be_used() {
        for currency in [None, Currency::parse("EUR")] {
            let all = usual(currency);
            for metric in &all {
                metric.check().unwrap();
            }
            let mut keys: Vec<&str> = all.iter().map(|metric| &*metric.id).collect();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), all.len());
        }
        let euros = usual(Currency::parse("EUR"));
        assert_eq!(
            euros[0].words(),
            "Revenue (version 1, EUR; more is better): sum of revenue over “Order Completed” \
             where currency is “EUR”"
        );
    }
}
