//! Do orders come to what a bookkeeper would say?

use crate::scene::{Tell, day, track};
use crate::{Fragments, Profile};
use base::{IdentifierId, Limits, Money};
use lexicon::Event;
use serde_json::{Value, json};

fn completed(at: i64, said: &Value) -> Event {
    track(day(at), "Order Completed").properties(said)
}

fn then(at: i64, name: &str, said: &Value) -> Event {
    track(day(at), name).properties(said)
}

/// Every second event comes under another identifier, and from last to first as well.
fn profile(events: &[Event]) -> Profile {
    let view = |order: &[usize]| {
        let mut fragments = Fragments::new();
        for &i in order {
            fragments.absorb(IdentifierId(i as u64 % 2), &events[i], &Limits::default());
        }
        fragments.view(&crate::TraitRules::default())
    };
    let forwards: Vec<usize> = (0..events.len()).collect();
    let backwards: Vec<usize> = (0..events.len()).rev().collect();
    let profile = view(&forwards);
    assert_eq!(profile, view(&backwards));
    profile
}

fn money(money: Money) -> String {
    format!("{} {}", money.to_major(), money.currency)
}

/// `id status total -refunded`, then the sums, then what is held.
fn words(profile: &Profile) -> String {
    let orders = profile.orders.iter().rev().map(|order| {
        let total = order.total.map_or("?".into(), money);
        let refunded = order.refunded.map_or(String::new(), |m| format!(" -{}", money(m)));
        format!("{} {} {total}{refunded}", order.order_id, order.status.slug())
    });
    let totals = profile.order_totals.iter().map(|t| {
        let paid = money(Money { minor: t.revenue_minor, currency: t.currency });
        format!("n={} cancelled={} paid {paid}", t.n_orders, t.n_cancelled)
    });
    let mut held: Vec<_> = profile
        .holdings
        .iter()
        .map(|h| {
            format!(
                "{}×{} since {}",
                h.quantity,
                h.product_id,
                (h.since.0 - day(0).0) / 86_400_000_000
            )
        })
        .collect();
    held.sort_unstable();
    let parts = [orders.collect::<Vec<_>>(), totals.collect(), held];
    parts.map(|part| part.join("; ")).join(" | ")
}

fn check(events: &[Event], expected: &str) {
    assert_eq!(words(&profile(events)), expected);
}

#[test]
fn the_amount_is_total_else_revenue_else_the_products() {
    let products = json!([{"product_id": "a", "price": 19, "quantity": 1}, {"sku": "b", "price": "3.00", "quantity": 2}]);
    check(
        &[completed(
            1,
            &json!({"order_id": "o", "total": 27.5, "revenue": 25, "shipping": 3, "tax": 2,
            "discount": 2.5, "currency": "usd", "products": products}),
        )],
        "o completed 27.5 USD | n=1 cancelled=0 paid 27.5 USD | 1×a since 1; 2×b since 1",
    );
    check(
        &[completed(1, &json!({"order_id": "o", "revenue": "25.00", "currency": "USD"}))],
        "o completed 25 USD | n=1 cancelled=0 paid 25 USD | ",
    );
    check(
        &[completed(1, &json!({"orderId": 17, "products": products}))],
        "17 completed 25 XXX | n=1 cancelled=0 paid 25 XXX | 1×a since 1; 2×b since 1",
    );
    check(
        &[completed(1, &json!({"order_id": "o"}))],
        "o completed ? | n=1 cancelled=0 paid 0 XXX | ",
    );
    // Not a list, not a number, not a currency: the rest still counts.
    check(
        &[completed(
            1,
            &json!({"order_id": "o", "total": [], "products": {"a": 1}, "currency": 3}),
        )],
        "o completed ? | n=1 cancelled=0 paid 0 XXX | ",
    );
}

#[test]
fn one_order_from_two_senders_is_one_order() {
    let products = json!([{"product_id": "a", "price": 10}]);
    check(
        &[
            completed(1, &json!({"order_id": "o", "total": 10, "currency": "EUR"})),
            completed(
                1,
                &json!({"order_id": "o", "total": 10, "currency": "EUR", "products": products}),
            ),
        ],
        "o completed 10 EUR | n=1 cancelled=0 paid 10 EUR | 1×a since 1",
    );
}

#[test]
fn an_update_replaces_what_it_names() {
    check(
        &[
            completed(
                1,
                &json!({"order_id": "o", "total": 30, "currency": "EUR",
                "products": [{"product_id": "a", "price": 10, "quantity": 3}]}),
            ),
            then(
                2,
                "Order Updated",
                &json!({"order_id": "o", "total": 20, "currency": "EUR",
                "products": [{"product_id": "a", "price": 10, "quantity": 2}]}),
            ),
        ],
        "o updated 20 EUR | n=1 cancelled=0 paid 20 EUR | 2×a since 1",
    );
}

#[test]
fn refunds_reduce() {
    let order = || {
        completed(
            1,
            &json!({"order_id": "o", "total": 30, "currency": "EUR",
            "products": [{"product_id": "a", "price": 10, "quantity": 3}]}),
        )
    };
    let refund = |at, mut said: Value| {
        said["order_id"] = json!("o");
        then(at, "Order Refunded", &said)
    };
    // Everything.
    check(
        &[order(), refund(2, json!({}))],
        "o refunded 30 EUR -30 EUR | n=1 cancelled=0 paid 0 EUR | ",
    );
    // An amount, and one piece with it; the second refund adds to the first.
    let part = || {
        refund(
            2,
            json!({"total": 10, "currency": "EUR", "products": [{"product_id": "a", "quantity": 1}]}),
        )
    };
    check(
        &[order(), part()],
        "o partly_refunded 30 EUR -10 EUR | n=1 cancelled=0 paid 20 EUR | 2×a since 1",
    );
    check(
        &[order(), part(), refund(3, json!({"total": -10}))],
        "o partly_refunded 30 EUR -20 EUR | n=1 cancelled=0 paid 10 EUR | 2×a since 1",
    );
    // Pieces without a price are worth what the order says.
    check(
        &[order(), refund(2, json!({"products": [{"product_id": "a", "quantity": 2}]}))],
        "o partly_refunded 30 EUR -20 EUR | n=1 cancelled=0 paid 10 EUR | 1×a since 1",
    );
    // Told twice, by browser and by server: never more than the order.
    check(
        &[order(), refund(2, json!({"total": 30})), refund(3, json!({"total": 30}))],
        "o refunded 30 EUR -30 EUR | n=1 cancelled=0 paid 0 EUR | ",
    );
}

#[test]
fn a_credit_note_with_a_number_of_its_own_reduces_too() {
    check(
        &[
            completed(
                1,
                &json!({"order_id": "536365", "total": 20, "currency": "GBP",
                "products": [{"product_id": "a", "price": 10, "quantity": 2}]}),
            ),
            then(
                5,
                "Order Refunded",
                &json!({"order_id": "C536379", "total": -10, "currency": "GBP",
                "products": [{"product_id": "a", "price": 10, "quantity": -1}]}),
            ),
        ],
        "536365 completed 20 GBP; C536379 refunded ? -10 GBP | n=1 cancelled=0 paid 10 GBP | 1×a since 1",
    );
}

#[test]
fn cancelled_orders_are_counted_and_left_out() {
    let order = completed(
        1,
        &json!({"order_id": "o", "total": 30, "currency": "EUR",
        "products": [{"product_id": "a", "price": 10, "quantity": 3}]}),
    );
    for name in ["Order Cancelled", "Order Canceled"] {
        check(
            &[
                order.clone(),
                then(2, name, &json!({"order_id": "o", "total": 30, "currency": "EUR"})),
            ],
            "o cancelled 30 EUR | n=0 cancelled=1 paid 0 EUR | ",
        );
    }
}

#[test]
fn quantities_may_be_parts_or_less_than_nothing() {
    check(
        &[
            completed(
                1,
                &json!({"order_id": "1", "currency": "EUR",
                "products": [{"product_id": "cable", "price": 2.5, "quantity": 1.5}]}),
            ),
            completed(
                2,
                &json!({"order_id": "2", "currency": "EUR",
                "products": [{"product_id": "cable", "price": 2.5, "quantity": -0.5}]}),
            ),
        ],
        "1 completed 3.75 EUR; 2 completed -1.25 EUR | n=2 cancelled=0 paid 2.5 EUR | 1×cable since 1",
    );
}

#[test]
fn currencies_are_not_mixed_and_have_their_own_digits() {
    check(
        &[
            completed(1, &json!({"order_id": "1", "total": 1000, "currency": "JPY"})),
            then(2, "Order Refunded", &json!({"order_id": "1", "total": 400})),
            completed(3, &json!({"order_id": "2", "total": 5, "currency": "EUR"})),
        ],
        "1 partly_refunded 1000 JPY -400 JPY; 2 completed 5 EUR | \
         n=1 cancelled=0 paid 600 JPY; n=1 cancelled=0 paid 5 EUR | ",
    );
}

#[test]
fn orders_without_a_number_stand_alone() {
    let profile = profile(&[
        completed(1, &json!({"total": 5, "currency": "EUR"})),
        completed(2, &json!({"total": 5, "currency": "EUR"})),
    ]);
    assert_eq!(profile.orders.len(), 2);
    assert!(profile.orders[0].order_id.starts_with("event:m-"));
}

#[test]
fn averages_round_to_the_nearest_cent() {
    let profile = profile(&[
        completed(1, &json!({"order_id": 1, "total": 0.05, "currency": "EUR"})),
        completed(2, &json!({"order_id": 2, "total": 0.02, "currency": "EUR"})),
    ]);
    assert_eq!(profile.order_totals[0].average().unwrap().minor, 4);
    assert_eq!(profile.order_totals[0].refunded_minor, 0);
}

#[test]
fn a_field_said_twice_counts_once() {
    let mut event = completed(1, &json!({}));
    event.properties = lexicon::Json::from_checked_text(
        r#"{"order_id":"o","total":1,"total":2,"currency":"EUR"}"#,
    );
    check(&[event], "o completed 2 EUR | n=1 cancelled=0 paid 2 EUR | ");
}
