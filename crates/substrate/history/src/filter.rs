//! Which events of a timeline are asked for?

use crate::event::{Cursor, StoredEvent};
use base::{CustomerId, IdentifierId, Timestamp};
use lexicon::EventKind;
use std::collections::HashSet;

/// What an event must be to be shown. The default shows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these kinds; empty means any.
    pub kinds: Vec<EventKind>,
    /// One of these names, exactly; empty means any.
    pub names: Vec<Box<str>>,
    /// Contained in the name or in the JSON text of the properties, whatever its case.
    pub text: Option<Box<str>>,
    /// Not before this moment.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// One page of one customer's timeline, as it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct TimelineQuery<'a> {
    /// Every customer number that an identifier of the customer ever had.
    pub customers: &'a [CustomerId],
    /// The identifiers that are the customer's now.
    pub identifiers: &'a HashSet<IdentifierId>,
    /// Only events strictly before this place: [`TimelinePage::next`] of the page before.
    pub before: Option<Cursor>,
    /// Events of the page; at least 1 is taken.
    pub limit: usize,
    /// Rows that each run may look at before the page is cut short.
    pub scan_rows_max: usize,
    /// What an event must be to be shown.
    pub filter: &'a Filter,
}

/// One page of a timeline, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelinePage {
    /// The events. Fewer than asked for with a `next` means that the search was cut short by
    /// [`TimelineQuery::scan_rows_max`]; the next page goes on from there.
    pub events: Vec<StoredEvent>,
    /// Where the next page starts; `None` when there is none.
    pub next: Option<Cursor>,
    /// Rows that were looked at.
    pub n_scanned: usize,
}

/// A filter with its text prepared for many comparisons.
pub(crate) struct Sieve<'a> {
    filter: &'a Filter,
    needles: Vec<String>,
}

impl<'a> Sieve<'a> {
    pub fn new(filter: &'a Filter) -> Self {
        let needles = filter.text.as_deref().map_or_else(Vec::new, needles);
        Self { filter, needles }
    }

    /// Whether nothing but time is asked for, so that keys alone decide.
    pub fn needs_names(&self) -> bool {
        !self.filter.kinds.is_empty() || !self.filter.names.is_empty()
    }

    pub fn needs_text(&self) -> bool {
        !self.needles.is_empty()
    }

    pub fn since(&self) -> i64 {
        self.filter.since.map_or(i64::MIN, |t| t.0)
    }

    pub fn takes_name(&self, kind: &str, name: &str) -> bool {
        let Filter { kinds, names, .. } = self.filter;
        (kinds.is_empty() || kinds.iter().any(|k| k.slug() == kind))
            && (names.is_empty() || names.iter().any(|n| &**n == name))
    }

    pub fn takes_text(&self, name: &str, properties: &str) -> bool {
        if self.needles.is_empty() {
            return true;
        }
        let (name, properties) = (name.to_lowercase(), properties.to_lowercase());
        self.needles.iter().any(|n| name.contains(n.as_str()) || properties.contains(n.as_str()))
    }

    /// The newest key at which the search for one customer starts, exclusive.
    pub fn start(&self, before: Option<Cursor>) -> Cursor {
        let until = self.filter.until.map(|until| Cursor { occurred_at: until, seq: 0 });
        let last = Cursor { occurred_at: Timestamp(i64::MAX), seq: u64::MAX };
        [before, until].into_iter().flatten().fold(last, Cursor::min)
    }
}

/// The text in the forms in which JSON may carry it: as it is, and with everything beyond ASCII
/// escaped, as many senders write it.
fn needles(text: &str) -> Vec<String> {
    let plain = text.to_lowercase();
    if plain.is_empty() {
        return Vec::new();
    }
    let mut escaped = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '"' | '\\' => escaped.extend(['\\', c]),
            c if c.is_ascii() => escaped.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    escaped.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    if escaped == plain { vec![plain] } else { vec![plain, escaped] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, properties: &str, expected: bool) {
        let filter = Filter { text: Some(text.into()), ..Filter::default() };
        assert_eq!(Sieve::new(&filter).takes_text("Order Placed", properties), expected, "{text}");
    }

    #[test]
    fn text_is_found_whatever_its_case_and_escaping() {
        check("order", "{}", true);
        check("SKU-7", r#"{"sku":"sku-7"}"#, true);
        check("müller", r#"{"name":"M\u00fcller"}"#, true);
        check("müller", r#"{"name":"Müller"}"#, true);
        check("a \"b\"", r#"{"x":"a \"b\""}"#, true);
        check("sku-8", r#"{"sku":"sku-7"}"#, false);
        check("", "{}", true);
    }

    #[test]
    fn the_search_starts_at_the_nearer_bound() {
        let until = Filter { until: Some(Timestamp(10)), ..Filter::default() };
        let at = |t, seq| Cursor { occurred_at: Timestamp(t), seq };
        assert_eq!(Sieve::new(&until).start(None), at(10, 0));
        assert_eq!(Sieve::new(&until).start(Some(at(5, 3))), at(5, 3));
        assert_eq!(Sieve::new(&until).start(Some(at(10, 3))), at(10, 0));
    }
}
