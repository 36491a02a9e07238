//! Are mappings read, written and refused as documented?

use super::*;

const FULL: &str = r#"
    name = "full"
    about = "Everything that can be said."
    id = ["no", "line"]
    rest = "properties"

    [file]
    format = "csv"
    delimiter = "\t"
    encoding = "utf-16le"
    heading = false

    [customer]
    user_id = { column = "who", as = "integer", prefix = "k-" }
    anonymous_id = "visit"
    anonymous_always = true
    email = "mail"
    phone = "tel"

    [time]
    column = "at"
    format = "%d/%m/%Y %H:%M"
    zone = "Europe/London"

    [group]
    by = ["no"]

    [order]
    order_id = "no"
    currency = { value = "EUR" }
    total = { column = "sum", as = "decimal_comma" }

    [order.product]
    product_id = "sku"
    quantity = "n"

    [properties]
    channel = { value = "shop" }
    gift = { column = "gift", as = "boolean" }

    [traits]
    city = "city"

    [[events]]
    name = "Order Refunded"
    negate = true
    when = [{ column = "no", starts_with = "C" }, { order_total = "negative" }]

    [[events]]
    skip = true
    when = [{ column = "who", one_of = ["test", "demo"] }]

    [[events]]
    name_column = "what"
"#;

#[test]
fn a_full_mapping_reads_back() {
    let mapping = Mapping::from_toml(FULL).unwrap();
    assert_eq!(mapping.group.as_ref().unwrap().within_rows, WITHIN_ROWS_DEFAULT);
    let again = Mapping::from_toml(&mapping.to_toml().unwrap()).unwrap();
    assert_eq!(again, mapping);
    assert_eq!(again.fingerprint().unwrap(), mapping.fingerprint().unwrap());
    let named: std::collections::BTreeSet<_> =
        mapping.named_columns().into_iter().map(|(_, column)| column).collect();
    let expected = [
        "at", "city", "gift", "line", "mail", "n", "no", "sku", "sum", "tel", "visit", "what",
        "who",
    ];
    assert!(named.iter().eq(expected.iter()), "{named:?}");
}

#[test]
fn nonsense_is_refused_naming_the_part() {
    let check = |from: &str, to: &str, expected: &str| {
        let text = FULL.replacen(from, to, 1);
        assert_ne!(text, FULL, "{from}");
        let error = Mapping::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    };
    check("name = \"full\"", "name = \" \"", "'name' is empty");
    check("name = \"full\"", "name = \"a\\u0000\"", "control character");
    check("rest = \"properties\"", "rest = \"heaven\"", "unknown variant `heaven`");
    check("about", "abuot", "unknown field `abuot`");
    check("%d/%m/%Y %H:%M", "day first", "no time format");
    check("Europe/London", "Europe/Londinium", "no time zone");
    check("by = [\"no\"]", "by = []", "names no column");
    check("by = [\"no\"]", "by = [\"no\"]\nwithin_rows = 0", "between 1 and");
    check(
        "{ value = \"EUR\" }",
        "{ value = \"EUR\", column = \"a\" }",
        "either 'column' or 'value'",
    );
    check(
        "{ value = \"EUR\" }",
        "{ value = \"EUR\", prefix = \"a\" }",
        "neither 'as' nor 'prefix'",
    );
    check(
        "name_column = \"what\"",
        "name_column = \"what\"\nname = \"x\"",
        "either 'name' or 'name_column'",
    );
    check("name_column = \"what\"", "call = \"track\"", "needs 'name'");
    check("starts_with = \"C\"", "starts_with = \"C\", empty = true", "one test");
    let no_customer = "name = \"x\"\n[[events]]\nname = \"A\"";
    let error = Mapping::from_toml(no_customer).unwrap_err().to_string();
    assert!(error.contains("whose events"), "{error}");
}
