//! How is an event written as JSON?
//!
//! By hand, straight into one buffer: a world has millions of events, and a
//! tree of values per event would cost more than the event.

use crate::calendar::{push_date, push_instant};
use crate::catalogue::PRODUCTS;
use crate::event::{Fields, Line, Method, SHOP, Value, WorldEvent};
use std::fmt::Write;

impl WorldEvent {
    /// Appends the event as one JSON object, as it stands in the `batch` array of a
    /// Segment `/v1/batch` body. No line break is written.
    pub fn to_segment_json(&self, out: &mut String) {
        out.push_str("{\"type\":\"");
        out.push_str(self.method.name());
        out.push_str("\",\"messageId\":\"");
        push_uuid(out, self.message_id);
        out.push('"');
        let ids = [
            ("anonymousId", &self.anonymous_id),
            ("userId", &self.user_id),
            ("groupId", &self.group_id),
            ("previousId", &self.previous_id),
        ];
        for (key, id) in ids {
            if let Some(id) = id {
                push_member(out, key, id);
            }
        }
        out.push_str(",\"timestamp\":\"");
        push_instant(out, self.timestamp);
        out.push('"');
        self.push_body(out);
        out.push_str(",\"context\":{");
        self.push_context(out);
        out.push_str("}}");
    }

    fn push_body(&self, out: &mut String) {
        let fields = match self.method {
            Method::Track => {
                push_member(out, "event", self.name);
                ",\"properties\":{"
            }
            Method::Page => {
                push_member(out, "name", self.name);
                ",\"properties\":{"
            }
            Method::Identify | Method::Group => ",\"traits\":{",
            Method::Alias => return,
        };
        out.push_str(fields);
        let start = out.len();
        push_fields(out, &self.fields, start);
        if self.method == Method::Page {
            self.push_page(out, start);
        }
        out.push('}');
    }

    fn push_context(&self, out: &mut String) {
        out.push_str(&self.sender.json);
        if self.page.is_some() {
            out.push_str(",\"page\":{");
            self.push_page(out, out.len());
            out.push('}');
        }
        if let Some(campaign) = &self.campaign {
            out.push_str(",\"campaign\":{\"name\":");
            push_text(out, &campaign.name);
            push_member(out, "source", campaign.source);
            push_member(out, "medium", campaign.medium);
            out.push('}');
        }
        if let Some(email) = &self.recipient {
            out.push_str(",\"traits\":{\"email\":");
            push_text(out, email);
            out.push('}');
        }
    }

    fn push_page(&self, out: &mut String, start: usize) {
        let Some(page) = self.page else { return };
        push_key(out, "path", start);
        push_text(out, page.path);
        out.push_str(",\"url\":\"");
        out.push_str(SHOP);
        out.push_str(page.path);
        out.push('"');
        push_member(out, "title", page.title);
        push_member(out, "referrer", self.referrer);
    }
}

fn push_fields(out: &mut String, fields: &Fields, start: usize) {
    for (key, value) in fields {
        push_key(out, key, start);
        push_value(out, value);
    }
}

/// Writes a key, after a comma unless it is the first since `start`.
fn push_key(out: &mut String, key: &str, start: usize) {
    if out.len() > start {
        out.push(',');
    }
    out.push('"');
    out.push_str(key);
    out.push_str("\":");
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) => push_text(out, text),
        Value::Shared(text) => push_text(out, text),
        Value::Int(number) => push_int(out, *number),
        Value::Cents(cents) => push_cents(out, *cents),
        Value::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Instant(at) => {
            out.push('"');
            push_instant(out, *at);
            out.push('"');
        }
        Value::Date(day) => {
            out.push('"');
            push_date(out, *day);
            out.push('"');
        }
        Value::Lines(lines) => push_lines(out, lines),
        Value::Shelf(products) => {
            let lines = products.iter().map(|product| Line { product: *product, quantity: 0 });
            push_lines(out, &lines.collect::<Vec<_>>());
        }
    }
}

/// Writes a `products` array; a quantity of 0 means a product that is only shown.
fn push_lines(out: &mut String, lines: &[Line]) {
    out.push('[');
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let product = &PRODUCTS[usize::from(line.product)];
        out.push_str("{\"product_id\":");
        push_text(out, product.id);
        push_member(out, "sku", product.sku);
        push_member(out, "name", product.name);
        push_member(out, "category", product.category.name());
        out.push_str(",\"price\":");
        push_cents(out, product.price_cents);
        if line.quantity > 0 {
            out.push_str(",\"quantity\":");
            push_int(out, i64::from(line.quantity));
        }
        out.push_str(",\"position\":");
        push_int(out, i as i64 + 1);
        out.push('}');
    }
    out.push(']');
}

/// Writes `,"key":"text"`.
pub(crate) fn push_member(out: &mut String, key: &str, text: &str) {
    out.push_str(",\"");
    out.push_str(key);
    out.push_str("\":");
    push_text(out, text);
}

/// Writes a JSON string; most texts need no escape and are copied whole.
pub(crate) fn push_text(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
    } else {
        for letter in text.chars() {
            match letter {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\u{0}'..='\u{1f}' => {
                    write!(out, "\\u{:04x}", letter as u32).expect("a string takes all");
                }
                _ => out.push(letter),
            }
        }
    }
    out.push('"');
}

/// Writes money as units with two decimals.
pub(crate) fn push_cents(out: &mut String, cents: i64) {
    if cents < 0 {
        out.push('-');
    }
    let cents = cents.unsigned_abs();
    push_int(out, (cents / 100) as i64);
    out.push('.');
    out.push(char::from(b'0' + (cents / 10 % 10) as u8));
    out.push(char::from(b'0' + (cents % 10) as u8));
}

fn push_int(out: &mut String, number: i64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    for digit in &digits[at..] {
        out.push(char::from(*digit));
    }
}

/// Writes 128 bits as a UUID, with the marks of version 4.
pub(crate) fn push_uuid(out: &mut String, bits: u128) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bits = bits & !(0xF << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    for i in 0..32 {
        if matches!(i, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(char::from(DIGITS[(bits >> (124 - 4 * i) & 0xF) as usize]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &Value) -> String {
        let mut out = String::new();
        push_value(&mut out, value);
        out
    }

    #[test]
    fn values_are_written_as_json() {
        let cases = [
            (Value::Text("a \"b\" \\ \n ü"), "\"a \\\"b\\\" \\\\ \\u000a ü\""),
            (Value::Int(-1230), "-1230"),
            (Value::Int(0), "0"),
            (Value::Cents(-7), "-0.07"),
            (Value::Cents(123_450), "1234.50"),
            (Value::Date(20_778), "\"2026-11-21\""),
        ];
        for (value, expected) in cases {
            assert_eq!(written(&value), expected);
        }
    }

    #[test]
    fn a_uuid_carries_version_and_variant() {
        let mut out = String::new();
        push_uuid(&mut out, u128::MAX);
        assert_eq!(out, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
