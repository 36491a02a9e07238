//! What does a list of customers show of one of them?

use crate::Certainty;
use crate::circumstances::Circumstances;
use crate::fragments::Fragments;
use crate::latest::Latest;
use crate::rules::TraitRules;
use crate::settlement::Tally;
use base::{Currency, Timestamp};
use serde_json::Value;

/// One customer in a list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// `name`, else first and last name, from the traits.
    pub name: Option<String>,
    /// The e-mail address among the traits.
    pub email: Option<String>,
    /// The telephone number among the traits.
    pub phone: Option<String>,
    /// From the traits or the address in them, else from where the latest event came.
    pub country: Option<String>,
    /// Likewise.
    pub city: Option<String>,
    /// From the traits, else the name of the oldest account.
    pub company: Option<String>,
    /// The earliest event; `None` where there is none.
    pub first_seen: Option<Timestamp>,
    /// The latest event.
    pub last_seen: Option<Timestamp>,
    /// Events.
    pub n_events: u64,
    /// Orders placed and not cancelled, in all currencies.
    pub n_orders: u64,
    /// What was paid less what was given back, in minor units of `currency`.
    pub revenue_minor: i64,
    /// The currency with the most orders; `None` without orders.
    pub currency: Option<Currency>,
    /// How sure it is who this is.
    pub certainty: Certainty,
    /// Whether they are more than anonymous.
    pub is_known: bool,
}

impl Summary {
    /// The traits that the name is taken from, the first that has a value first.
    pub const NAME_TRAITS: &[&str] =
        &["name", "firstName", "first_name", "firstname", "lastName", "last_name", "lastname"];
    /// Likewise for the e-mail address.
    pub const EMAIL_TRAITS: &[&str] = &["email"];
    /// Likewise for the telephone number.
    pub const PHONE_TRAITS: &[&str] = &["phone"];
    /// Likewise for the country; the last is an object that has it inside.
    pub const COUNTRY_TRAITS: &[&str] = &["country", "$geoip_country_code", "address"];
    /// Likewise for the city.
    pub const CITY_TRAITS: &[&str] = &["city", "$geoip_city_name", "address"];
    /// Likewise for the company; `company` may be a name or an object that has one inside.
    pub const COMPANY_TRAITS: &[&str] = &["company", "company_name", "companyName"];
}

impl Fragments {
    /// What a list shows, without computing the rest of the view.
    #[must_use]
    pub fn summary(&self, rules: &TraitRules) -> Summary {
        let facts = Facts::of(self, rules);
        let totals = Tally::totals_of(&self.orders());
        let main = totals.first();
        Summary {
            first_seen: self.0.values().map(|fragment| fragment.first_seen).min(),
            last_seen: self.0.values().map(|fragment| fragment.last_seen).max(),
            n_events: self.0.values().map(|fragment| fragment.n_events).sum(),
            n_orders: totals.iter().map(|totals| totals.n_orders).sum(),
            revenue_minor: main.map_or(0, |main| main.revenue_minor),
            currency: main.map(|main| main.currency),
            certainty: facts.certainty,
            is_known: facts.certainty > Certainty::Anonymous,
            name: facts.name,
            email: facts.email,
            phone: facts.phone,
            country: facts.country,
            city: facts.city,
            company: facts.company,
        }
    }
}

/// A profile that is asked for single traits, under the rules that say which value counts.
pub struct Look<'a>(Told<'a>);

impl<'a> Look<'a> {
    /// A look at `fragments`.
    #[must_use]
    pub fn at(fragments: &'a Fragments, rules: &'a TraitRules) -> Self {
        Self(Told { fragments, rules, has_traits: fragments.has_traits() })
    }

    /// The trait at `path` as text; a dot looks inside an object (`address.city`). `None` where it
    /// is missing, blank, or neither text nor number.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        match path.split_once('.') {
            None => self.0.text(path),
            Some((name, inside)) => as_text(self.0.object(name)?.get(inside)?),
        }
    }

    /// The value of the trait at `path`, whatever it is; likewise.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<Value> {
        match path.split_once('.') {
            None => self.0.read(path),
            Some((name, inside)) => self.0.object(name)?.remove(inside),
        }
    }
}

/// Who somebody is, from the traits.
pub(crate) struct Facts {
    pub(crate) certainty: Certainty,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) company: Option<String>,
}

impl Facts {
    pub(crate) fn of(fragments: &Fragments, rules: &TraitRules) -> Self {
        let told = Told { fragments, rules, has_traits: fragments.has_traits() };
        let look = |names: &[&str]| names.iter().find_map(|name| told.text(name));
        let email = look(Summary::EMAIL_TRAITS);
        let phone = look(Summary::PHONE_TRAITS);
        let address = told.object("address");
        let inside = |name: &str| address.as_ref().and_then(|map| as_text(map.get(name)?));
        let country = look(&Summary::COUNTRY_TRAITS[..2]).or_else(|| inside("country"));
        let city = look(&Summary::CITY_TRAITS[..2]).or_else(|| inside("city"));
        Self {
            certainty: certainty(fragments, email.is_some() || phone.is_some()),
            name: look(&Summary::NAME_TRAITS[..1]).or_else(|| full_name(&look)),
            country: country.or_else(|| latest_place(fragments, |c| c.country.as_ref())),
            city: city.or_else(|| latest_place(fragments, |c| c.city.as_ref())),
            company: company(&told, &look),
            email,
            phone,
        }
    }
}

/// The traits, under the rules that say which value counts.
struct Told<'a> {
    fragments: &'a Fragments,
    rules: &'a TraitRules,
    has_traits: bool,
}

impl Told<'_> {
    /// The trait `name` as text.
    fn text(&self, name: &str) -> Option<String> {
        as_text(&self.read(name)?)
    }

    /// The trait `name` as an object.
    fn object(&self, name: &str) -> Option<serde_json::Map<String, Value>> {
        self.read(name)
    }

    fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        let settled = self.has_traits.then(|| self.fragments.settled(name, self.rules)).flatten();
        serde_json::from_str(settled?.value()?).ok()
    }
}

fn certainty(fragments: &Fragments, has_address: bool) -> Certainty {
    let by_kind = fragments.0.values().map(|fragment| fragment.certainty).max();
    let by_trait = if has_address { Certainty::Claimed } else { Certainty::Anonymous };
    by_kind.unwrap_or_default().max(by_trait)
}

fn full_name(look: &impl Fn(&[&str]) -> Option<String>) -> Option<String> {
    let first = look(&Summary::NAME_TRAITS[1..4]);
    let last = look(&Summary::NAME_TRAITS[4..]);
    match (first, last) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (first, last) => first.or(last),
    }
}

fn company(told: &Told<'_>, look: &impl Fn(&[&str]) -> Option<String>) -> Option<String> {
    let inside = || as_text(told.object("company")?.get("name")?);
    let account = || {
        let accounts = told.fragments.0.values().flat_map(|fragment| fragment.accounts.shown());
        let named = accounts.filter_map(|account| Some((account.since, account.name?)));
        named.min().map(|(_, name)| name)
    };
    look(Summary::COMPANY_TRAITS).or_else(inside).or_else(account)
}

/// The latest place over all fragments.
fn latest_place(
    fragments: &Fragments,
    field: impl Fn(&Circumstances) -> Option<&Latest<Box<str>>>,
) -> Option<String> {
    let places = fragments.0.values().filter_map(|fragment| field(&fragment.circumstances));
    places.max().map(|latest| latest.value.to_string())
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
