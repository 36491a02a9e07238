//! Does each definition say in English what its formula says?

use crate::calendar::Calendar;
use crate::formula;
use crate::testing::{Shop, definition};
use proptest::prelude::*;

/// Formulas, and what is said after "Customers".
const SAID: [(&str, &str); 60] = [
    ("did('A')", "who have “A”"),
    ("not did('A', last => '14 days')", "who do not have “A” in the last 14 days"),
    ("did(any_event(), last => '1 day')", "who have any event in the last day"),
    (
        "times('Order Completed', last => '30 days', where => revenue > 50) >= 2",
        "who have “Order Completed” where revenue is more than 50 at least 2 times in the last 30 \
         days",
    ),
    ("times('A') = 1", "who have “A” exactly 1 time"),
    ("times('A', during => 'this month') < 3", "who have “A” fewer than 3 times this month so far"),
    (
        "times('A', during => 'last 3 whole weeks') between 2 and 4",
        "who have “A” from 2 to 4 times in the last 3 weeks before the current one",
    ),
    ("times('A') <> 2", "who have “A” any number of times but 2"),
    (
        "times(any_of('A', 'B'), ago => '180 days to 30 days') >= 3",
        "who have “A” or “B” at least 3 times between 180 days and 30 days ago",
    ),
    (
        "not times('A', last => '3 months') >= 2",
        "who do not have “A” at least 2 times in the last 3 months",
    ),
    ("days('A', last => '7 days') > 2", "who have “A” on more than 2 days in the last 7 days"),
    (
        "sum_of(revenue, 'Order Completed', last => '90 days') > 500",
        "whose sum of revenue over “Order Completed” in the last 90 days is more than 500",
    ),
    ("avg_of(revenue, 'A') <= 20.5", "whose mean of revenue over “A” is at most 20.5"),
    ("min_of(price, 'A') = 0", "whose least price over “A” is 0"),
    ("max_of(price, 'A') between 5 and 10", "whose greatest price over “A” is from 5 to 10"),
    (
        "distinct_of(product_id, 'A', last => '2 days') >= 5",
        "whose number of different values of product_id over “A” in the last 2 days is at least 5",
    ),
    (
        "distinct_of(host(context.page.url), 'A') > 1",
        "whose number of different values of host in page.url of the context over “A” is more \
         than 1",
    ),
    ("days_since('A') > 14", "whose last “A” was more than 14 days ago"),
    ("days_since_first('A') < 1", "whose first “A” was less than 1 day ago"),
    (
        "not days_since('A') > 14",
        "who are not among those whose last “A” was more than 14 days ago",
    ),
    ("first_of(x, 'A') = 'b'", "for whom the x of their first “A” is “b”"),
    (
        "last_of(x, 'A', last => '7 days') is not known",
        "for whom the x of their last “A” in the last 7 days is not given",
    ),
    ("most_frequent(x, 'A') in ('b', 'c')", "for whom the most frequent x over “A” is “b” or “c”"),
    (
        "did_in_order('A', 'B', within => '1 hour', last => '7 days')",
        "who have “A”, then “B”, all within 1 hour, beginning in the last 7 days",
    ),
    (
        "did_in_order('A', 'B', 'C', within => '2 days', without => 'D', same => x)",
        "who have “A”, then “B”, then “C”, all within 2 days, with one and the same x, with no \
         “D” in between",
    ),
    (
        "not did_in_order('A', 'B', within => '1 hour')",
        "who do not have “A”, then “B”, all within 1 hour",
    ),
    (
        "not_followed('A', by => 'B', within => '2 hours', last => '7 days')",
        "who have “A” in the last 7 days without “B” in the 2 hours after it",
    ),
    (
        "not_followed('A', by => 'B', within => '1 day', same => x)",
        "who have “A” without “B” with the same x in the 1 day after it",
    ),
    (
        "same(product_id, times('A', last => '2 days') >= 3)",
        "for whom there is one product_id with which they have “A” at least 3 times in the last 2 \
         days",
    ),
    (
        "same(x, did('A') and not did('B'))",
        "for whom there is one x with which they have “A” and they do not have “B”",
    ),
    ("did('A', since => last('B'))", "who have “A” since their last “B”"),
    (
        "did('A', since => first('B'[where x = 1]))",
        "who have “A” since their first “B” where x is 1",
    ),
    ("did('A', longer_ago => '14 days')", "who have “A” longer than 14 days ago"),
    (
        "did('A', during => '2026-01-01 to 2026-01-31')",
        "who have “A” from 2026-01-01 to 2026-01-31, both included",
    ),
    ("did('Page Viewed')", "who have “Page Viewed” (as far as events are kept: 90 days)"),
    ("did('Page Viewed', last => '7 days')", "who have “Page Viewed” in the last 7 days"),
    (
        "did('Page Viewed', last => '4 months')",
        "who have “Page Viewed” in the last 4 months (as far as events are kept: 90 days)",
    ),
    ("trait('plan') = 'pro'", "whose plan is “pro”"),
    ("not trait('plan') = 'pro'", "who are not among those whose plan is “pro”"),
    ("trait('plan') not in ('pro', 'max')", "whose plan is not “pro” or “max”"),
    ("trait('age') >= 18", "whose age is at least 18"),
    ("trait('plan') is known", "whose plan is known"),
    ("trait('plan') is not known", "whose plan is not known"),
    ("trait('app') >= version('1.4')", "whose app is version 1.4.0 or newer"),
    ("list('interests') has ('a', 'b')", "whose interests includes “a” or “b”"),
    ("trait('trial') is in the next 7 days", "whose trial is in the next 7 days"),
    ("trait('trial') is more than 2 months ago", "whose trial is 2 months ago or longer"),
    ("trait('birthday') is yearly today", "whose birthday, in any year, is today"),
    (
        "trait('birthday') is yearly in the next 7 days",
        "whose birthday, in any year, is today or in the next 7 days",
    ),
    ("own('last_seen') is before '2026-05-03'", "whose last event is before 3 May 2026"),
    ("own('orders') > 2", "whose number of orders is more than 2"),
    ("account('industry') = 'x'", "for whom the industry of one of their accounts is “x”"),
    ("account('industry') <> 'x'", "for whom the industry of none of their accounts is “x”"),
    ("consents('marketing', 'email')", "who may be written to by email for marketing"),
    ("not consents('marketing', 'sms')", "who may not be written to by sms for marketing"),
    ("holding('Camera', by => 'category') >= 1", "who hold at least 1 piece of category “Camera”"),
    ("in_segment('eu-residents')", "who are in “EU residents”"),
    ("not in_segment('eu-residents')", "who are not in “EU residents”"),
    ("computed('orders-90d') > 2", "whose “Orders in 90 days” is more than 2"),
    ("share(0.1, salt => 'spring')", "who are in a fixed random 10 % (drawing “spring”)"),
];

#[track_caller]
fn check(text: &str, said: &str) {
    let parsed = formula::parse(text, &Calendar::utc(), &Shop).expect(text);
    assert_eq!(super::definition(&parsed.definition, &Shop), said, "{text}");
}

#[test]
fn each_test_is_said() {
    for (text, said) in SAID {
        check(text, &format!("Customers {said}."));
    }
}

#[test]
fn groups_can_be_read_in_one_way_only() {
    check("everybody()", "All customers.");
    check("did('A') and did('B')", "Customers who have “A” and who have “B”.");
    check(
        "did('A') and trait('b') = 'c' and not did('D')",
        "Customers who have “A”, whose b is “c” and who do not have “D”.",
    );
    check(
        "did('A') and (did('B') or did('C'))",
        "Customers who have “A” and either who have “B” or who have “C”.",
    );
    check(
        "did('A') or did('B') and did('C')",
        "Customers who have “A” or both who have “B” and who have “C”.",
    );
    check(
        "did('A') or did('B') and (did('C') or did('D'))",
        "Customers who have “A” or both who have “B” and (who have “C” or who have “D”).",
    );
    check(
        "none(did('A'), trait('b') = 'c')",
        "Customers for whom none of this is true: [they have “A”; their b is “c”].",
    );
    check(
        "not (did('A') and did('B'))",
        "Customers for whom it is not true that [they have “A” and they have “B”].",
    );
    check("not not did('A')", "Customers for whom it is not true that [they do not have “A”].");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_meant_is_one_sentence(definition in definition()) {
        let said = super::definition(&definition, &Shop);
        let begins = said.starts_with("Customers ") || said == "All customers.";
        prop_assert!(begins && said.ends_with('.'), "{}", said);
    }
}
