//! Is what is printed read as the same, and is it told where something cannot be read?

use super::*;
use crate::calendar::Calendar;
use crate::testing::{Shop, definition};
use proptest::prelude::*;

#[track_caller]
fn same(text: &str) {
    let parsed = parse(text, &Calendar::utc(), &Shop).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(print(&parsed.definition, &Shop), text);
}

#[track_caller]
fn printed(text: &str, canonical: &str) {
    let parsed = parse(text, &Calendar::utc(), &Shop).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(print(&parsed.definition, &Shop), canonical);
}

#[track_caller]
fn wrong(text: &str, message: &str) {
    let error = parse(text, &Calendar::utc(), &Shop).expect_err(text);
    assert_eq!(error.to_string(), message, "{text}");
}

#[test]
fn every_test_has_a_form() {
    for text in [
        "did('Order Completed')",
        "times('Order Completed', last => '30 days', where => revenue > 50) >= 2",
        "not did('Email Opened', last => '14 days')",
        "times('Order Completed', ago => '180 days to 30 days') between 3 and 5",
        "days_since('Page Viewed') > 14",
        "sum_of(revenue, any_of('A', 'B'), during => 'last 3 whole months') < 0.5",
        "distinct_of(host(context.page.url), any_event()) = 1",
        "first_of(category, 'Product Viewed', since => last('Signed Up')) = 'camera'",
        "most_frequent(\"a b\", 'X', during => '2026-01-01 to 2026-01-31') is not known",
        "trait('plan') = 'pro' and trait('age') >= 18",
        "trait('plan') in ('pro', true) or account('industry') <> 'retail'",
        "trait('trial_ends') is in the next 7 days",
        "trait('birthday') is yearly today",
        "own('last_seen') is before '2026-05-01'",
        "list('interests') has 'garden'",
        "trait('app') >= version('1.4.0')",
        "consents('marketing', 'email') and consent('marketing', 'email') = 'granted'",
        "holding('Camera', by => 'category') >= 1",
        "did_in_order('A', 'B'[where x = 1 and y = 'z'], within => '1 hour', last => '7 days')",
        "not_followed('Cart Viewed', by => 'Order Completed', within => '2 hours', same => cart_id)",
        "same(product_id, times('Product Viewed', last => '2 days') >= 3)",
        "in_segment('it''s-new') and computed('orders-90d') > 2",
        "share(0.1, salt => 'spring')",
        "none(did('A'), did('B')) and not (did('C') and did('D'))",
        "everybody()",
    ] {
        same(text);
    }
}

#[test]
fn what_is_written_freely_has_one_form() {
    printed("DID ( 'A' )AND(did('B') or Did('C'))", "did('A') and (did('B') or did('C'))");
    printed("times('A') >= 1", "did('A')");
    printed("did('A', last => '2 weeks')", "did('A', last => '14 days')");
    printed("not (did('A') or did('B'))", "none(did('A'), did('B'))");
    printed("trait('a') != 5", "trait('a') <> '5'");
    printed("did('A'[where (x = 1)], where => (y = 2))", "did('A', where => x = 1 and y = 2)");
    printed("holding('Cam') > 0", "holding('Cam', by => 'name') > 0");
}

#[test]
fn errors_name_the_place_and_what_could_stand_there() {
    wrong("did('A'", "line 1, column 8: expected ')', found the end");
    wrong(
        "did('A')\n  and dld('B')",
        "line 2, column 7: expected a test such as did('Order Completed'), found 'dld'; did you \
         mean did(…)?",
    );
    wrong(
        "in_segment('eu-resident')",
        "line 1, column 12: expected the key of a segment, found the text 'eu-resident'; did you \
         mean 'eu-residents'?",
    );
    wrong(
        "did('A', last => '30 dais')",
        "line 1, column 18: expected a length such as '30 days', found the text '30 dais'",
    );
    wrong(
        "did('A', for => '30 days')",
        "line 1, column 10: expected last => …, longer_ago => …, ago => …, during => …, \
         since => … or where => …, found 'for'",
    );
    wrong(
        "trait('a') > 'b'",
        "line 1, column 14: expected a number or version('…'), found the text 'b'",
    );
    wrong("did('A') did('B')", "line 1, column 10: expected 'and', 'or' or the end, found 'did'");
    wrong(
        "",
        "line 1, column 1: expected a test such as did('Order Completed') or trait('plan') = 'pro', found the end",
    );
    wrong(&"(".repeat(100), "line 1, column 41: expected fewer brackets in each other, found '('");
    wrong("did('A", "line 1, column 7: expected ' after the text that begins at 5, found the end");
    wrong(
        "did(§)",
        "line 1, column 5: expected a name, a text in single quotes, a number or a sign, found '§'",
    );
}

#[test]
fn unknown_names_are_doubted_where_a_known_one_is_near() {
    let text = "did('Order Complete') and trait('paln') = 'x' and did('Brand New')";
    let doubts = parse(text, &Calendar::utc(), &Shop).expect("a formula").doubts;
    let found: Vec<(usize, &str, &str)> =
        doubts.iter().map(|d| (d.place.column, &*d.name, &*d.suggest[0])).collect();
    assert_eq!(found, [(5, "Order Complete", "Order Completed"), (33, "paln", "plan")]);
}

fn round_trip(definition: &crate::Definition) -> Result<(), TestCaseError> {
    let text = print(definition, &Shop);
    if text.chars().count() > CHARS_MAX {
        return Ok(());
    }
    match parse(&text, &definition.calendar, &Shop) {
        Ok(parsed) => prop_assert_eq!(&parsed.definition, definition, "{}", text),
        Err(error) => prop_assert!(false, "{}: {}", error, text),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_printed_is_read_as_the_same(definition in definition()) {
        round_trip(&definition)?;
    }

    #[test]
    fn no_text_is_too_much(text in "[ -~äß\n]{0,60}") {
        let _ = parse(&text, &Calendar::utc(), &Shop);
    }

    #[test]
    fn what_is_cut_or_mixed_up_is_told(
        definition in definition(),
        (cut, again) in (0usize..200, 0usize..200),
    ) {
        let chars: Vec<char> = print(&definition, &Shop).chars().collect();
        let text: String = chars.iter().take(cut).chain(chars.iter().skip(again)).collect();
        if let Ok(parsed) = parse(&text, &Calendar::utc(), &Shop) {
            round_trip(&parsed.definition)?;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    #[ignore = "the long run"]
    fn what_is_printed_is_read_as_the_same_ten_thousand_times(definition in definition()) {
        round_trip(&definition)?;
    }
}
