//! Which products do the events of a batch show, and what is known of them after it?
//!
//! The newest day (UTC) speaks: what an event of that day says takes the place of what was known,
//! and what an older one says fills in what nobody has said yet. What follows is a function of the
//! order of the log, however it falls into batches. Most events say of a product what is known: it
//! is remembered which descriptions change nothing, so that they cost neither a read nor a write.

use super::Processor;
use super::intake::Intake;
use base::hash::hash128;
use base::{Currency, Duration, Error, Money, Timestamp};
use profile::{ProductMention, products_mentioned};
use quick_cache::unsync::Cache;
use state::ProductRow;
use std::collections::BTreeMap;

/// How many products are remembered; the rest is asked of the state.
const PRODUCTS_MAX: usize = 200_000;
/// How many descriptions of a product are: a shop has a few ways to speak of one.
const DESCRIPTIONS_MAX: usize = 12;

/// What was met of products lately. By hashes, so that no text stays behind in memory.
pub struct Products(Cache<u128, Met>);

/// What was met of one product since its row changed last.
#[derive(Clone)]
struct Met {
    first_seen: Timestamp,
    /// Descriptions that change nothing, with the day of the event.
    known: Vec<u128>,
}

/// A product in an event.
struct Shown {
    mention: ProductMention,
    at: Timestamp,
    /// Of everything that the row may change by, but for the time of the day.
    description: u128,
}

impl Products {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(Cache::new(PRODUCTS_MAX))
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether a product in an event may be news.
    fn is_news(&self, shown: &Shown) -> bool {
        self.0
            .get(&key(&shown.mention.product_id))
            .is_none_or(|met| shown.at < met.first_seen || !met.known.contains(&shown.description))
    }

    /// Remembers which descriptions say nothing new of `row`.
    fn note(&mut self, row: &ProductRow, is_changed: bool, shown: &[Shown]) {
        let key = key(&row.id);
        let met = self.0.get(&key).filter(|_| !is_changed).cloned();
        let mut known = met.map(|met| met.known).unwrap_or_default();
        for one in shown {
            let is_noted = known.contains(&one.description);
            if !is_noted && told(Some(row), &one.mention, one.at) == *row {
                known.truncate(DESCRIPTIONS_MAX - 1);
                known.push(one.description);
            }
        }
        self.0.insert(key, Met { first_seen: row.first_seen, known });
    }
}

impl Processor {
    /// The products of which more or something else is known after the batch.
    pub(super) async fn products(&mut self, intake: &Intake) -> Result<Vec<ProductRow>, Error> {
        let mut shown: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
        for event in intake.taken.iter().map(|taken| &taken.event) {
            for mention in products_mentioned(event) {
                let one = Shown::new(mention, event.occurred_at);
                shown.entry(one.mention.product_id.clone()).or_default().push(one);
            }
        }
        shown.retain(|_, all| all.iter().any(|one| self.catalogue.is_news(one)));
        if shown.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = shown.keys().map(String::as_str).collect();
        let before = self.shared.state.products(&ids).await?;
        let mut changed = Vec::new();
        for (all, before) in shown.values().zip(before) {
            let one_more = |row: Option<ProductRow>, one: &Shown| {
                Some(told(row.as_ref(), &one.mention, one.at))
            };
            let Some(row) = all.iter().fold(before.clone(), one_more) else { continue };
            let is_changed = before.as_ref() != Some(&row);
            self.catalogue.note(&row, is_changed, all);
            changed.extend(is_changed.then_some(row));
        }
        Ok(changed)
    }
}

impl Shown {
    fn new(mention: ProductMention, at: Timestamp) -> Self {
        let price = mention.price.map(|price| (price.minor, price.currency));
        let texts = [&mention.name, &mention.brand, &mention.category];
        let addresses = [&mention.url, &mention.image_url];
        let said = format!("{texts:?} {addresses:?} {price:?} {}", day(at));
        Self { description: hash128(said.as_bytes()), mention, at }
    }
}

fn key(id: &str) -> u128 {
    hash128(id.as_bytes())
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(Duration::days(1).0)
}

/// What is known of a product after an event that happened `at` has spoken of it.
fn told(row: Option<&ProductRow>, mention: &ProductMention, at: Timestamp) -> ProductRow {
    let mut row = row.cloned().unwrap_or_else(|| ProductRow {
        id: mention.product_id.clone(),
        name: None,
        brand: None,
        category: None,
        price_minor: None,
        currency: None,
        url: None,
        image_url: None,
        first_seen: at,
        last_seen: at,
    });
    let is_late = day(at) < day(row.last_seen);
    take(&mut row.name, mention.name.as_ref(), is_late);
    take(&mut row.brand, mention.brand.as_ref(), is_late);
    take(&mut row.category, mention.category.as_ref(), is_late);
    take(&mut row.url, mention.url.as_ref(), is_late);
    take(&mut row.image_url, mention.image_url.as_ref(), is_late);
    if let Some(price) = mention.price.filter(|_| row.price_minor.is_none() || !is_late) {
        take_price(&mut row, price);
    }
    row.first_seen = row.first_seen.min(at);
    if day(at) > day(row.last_seen) {
        row.last_seen = at;
    }
    row
}

fn take(known: &mut Option<String>, said: Option<&String>, is_late: bool) {
    if let Some(said) = said.filter(|_| known.is_none() || !is_late) {
        known.clone_from(&Some(said.clone()));
    }
}

/// A price that comes without a currency is one in the currency that is known.
fn take_price(row: &mut ProductRow, price: Money) {
    let currency = match (price.currency, row.currency) {
        (Currency::NONE, Some(known)) => known,
        (named, _) => named,
    };
    if let Some(price) = Money::from_major(price.to_major(), currency) {
        row.price_minor = Some(price.minor);
        row.currency = Some(currency).filter(|currency| *currency != Currency::NONE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_767_268_800_000_000);

    fn lamp(name: Option<&str>, price: Option<(i64, &str)>) -> ProductMention {
        let currency = |code| Currency::parse(code).expect("a code");
        ProductMention {
            product_id: "lamp".into(),
            name: name.map(Into::into),
            price: price.map(|(minor, code)| Money { minor, currency: currency(code) }),
            ..ProductMention::default()
        }
    }

    fn told_of(mentions: &[(ProductMention, i64)]) -> ProductRow {
        let at = |hours| NOON.plus(Duration::hours(hours));
        let one_more = |row: Option<ProductRow>, (mention, hours): &(ProductMention, i64)| {
            Some(told(row.as_ref(), mention, at(*hours)))
        };
        mentions.iter().fold(None, one_more).expect("somebody spoke of it")
    }

    #[test]
    fn the_newest_day_speaks_and_older_ones_fill_in() {
        let check = |mentions: &[(ProductMention, i64)], name: &str, price: (i64, &str)| {
            let row = told_of(mentions);
            let currency = row.currency.as_ref().map(Currency::code);
            assert_eq!(row.name.as_deref(), Some(name), "{mentions:?}");
            assert_eq!((row.price_minor, currency), (Some(price.0), Some(price.1)), "{mentions:?}");
        };
        let old = || lamp(Some("Lamp"), Some((900, "EUR")));
        let new = || lamp(Some("Lampe"), None);
        check(&[(old(), 0), (new(), 30)], "Lampe", (900, "EUR"));
        check(&[(new(), 30), (old(), 0)], "Lampe", (900, "EUR"));
        check(&[(old(), 0), (lamp(None, Some((950, "EUR"))), 1)], "Lamp", (950, "EUR"));
        check(&[(old(), 0), (lamp(None, Some((980, "XXX"))), 1)], "Lamp", (980, "EUR"));
        check(&[(old(), 0), (lamp(None, Some((98_000, "XXX"))), -30)], "Lamp", (900, "EUR"));
        let yen = lamp(Some("Lamp"), Some((900, "JPY")));
        check(&[(yen, 0), (lamp(None, Some((95_000, "XXX"))), 1)], "Lamp", (950, "JPY"));
    }

    #[test]
    fn first_to_the_microsecond_and_last_to_the_day() {
        let row = told_of(&[(lamp(None, None), 0), (lamp(None, None), 2), (lamp(None, None), -1)]);
        assert_eq!(row.first_seen, NOON.minus(Duration::hours(1)));
        assert_eq!(row.last_seen, NOON, "the same day");
        let row = told_of(&[(lamp(None, None), 0), (lamp(None, None), 13)]);
        assert_eq!(row.last_seen, NOON.plus(Duration::hours(13)));
    }

    #[test]
    fn what_changes_nothing_is_remembered_until_something_changes() {
        let mut products = Products::new();
        let shown =
            |name, hours| Shown::new(lamp(Some(name), None), NOON.plus(Duration::hours(hours)));
        assert!(products.is_news(&shown("Lamp", 0)));
        let row = told(None, &shown("Lamp", 0).mention, NOON);
        products.note(&row, true, &[shown("Lamp", 0)]);
        assert!(!products.is_news(&shown("Lamp", 1)), "later on the same day");
        assert!(products.is_news(&shown("Lamp", -1)), "it was seen earlier than was known");
        assert!(products.is_news(&shown("Lamp", 24)), "the next day");
        assert!(products.is_news(&shown("Lampe", 0)));
        let other = told(Some(&row), &shown("Lampe", 1).mention, NOON);
        products.note(&other, true, &[shown("Lampe", 1)]);
        assert!(products.is_news(&shown("Lamp", 1)), "it would change back");
        for n in 0..100 {
            let brand = ProductMention { brand: other.brand.clone(), ..lamp(None, None) };
            products.note(&other, false, &[Shown::new(brand, NOON.minus(Duration::days(n)))]);
        }
        let met = products.0.get(&key("lamp")).expect("it was met");
        assert!(met.known.len() <= DESCRIPTIONS_MAX);
    }
}
