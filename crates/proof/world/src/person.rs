//! Who is a customer: name, address, identifiers?
//!
//! E-mail addresses are under `example.com`, `.org`, `.net` and names ending in
//! `.example`, all reserved. Each carries a number of its customer, so that two
//! customers have the same address only where a household shares one.

use crate::account::Account;
use crate::calendar::Date;
use crate::country::Country;
use crate::names::{Family, Name};
use crate::seed::{Seed, Stream};
use crate::street::{Household, Street};
use std::sync::Arc;

/// Where people have their mail, with weights.
const MAIL_HOSTS: [&str; 8] = [
    "example.com",
    "example.org",
    "example.net",
    "mail.example",
    "inbox.example",
    "postfach.example",
    "courriel.example",
    "homemail.example",
];
const HOST_WEIGHTS: [f64; 8] = [30.0, 14.0, 12.0, 14.0, 10.0, 8.0, 7.0, 5.0];

/// One customer as a person.
pub(crate) struct Person {
    pub(crate) index: u64,
    pub(crate) seed: Seed,
    pub(crate) country: &'static Country,
    pub(crate) household: Household,
    pub(crate) account: Option<Arc<Account>>,
    pub(crate) first: Name,
    pub(crate) last: Name,
    pub(crate) city: &'static str,
    pub(crate) postcode: String,
    pub(crate) street: String,
    /// Days since 1970-01-01, where they would tell it.
    pub(crate) birthday: Option<i64>,
    /// The address that they can be reached at.
    pub(crate) email: Arc<str>,
    pub(crate) email_is_shared: bool,
    /// The number in E.164.
    pub(crate) phone: Option<Arc<str>>,
    /// The id that the shop gives when an account is opened.
    pub(crate) user_id: Arc<str>,
    /// The address that is used at sign-up has a slip, so mail bounces.
    pub(crate) mistypes_own_email: bool,
}

impl Person {
    pub(crate) fn of(root: Seed, seed: Seed, index: u64) -> Person {
        let street = Street::of_customer(root, index);
        let household = street.household(index);
        let account = street.works_at(index).cloned();
        let country = street.country;
        let mut s = seed.named("person").stream();
        let family = family_of(&household, country, &mut s, index);
        let first = family.first(&mut s);
        let last = family.last().clone();
        let (city, postcode, street_line) = address(&household, country);
        let own = own_email(&mut s, &first, &last, index, account.as_deref());
        let takes_shared = s.chance(0.6) || index == household.members.start;
        let email_is_shared = household.shares_email && takes_shared && account.is_none();
        let email = if email_is_shared { shared_email(&household, country) } else { own };
        let slot = street.rank * crate::street::STREET_SIZE + index % crate::street::STREET_SIZE;
        let tells_phone = s.chance(0.6) || account.is_some();
        Person {
            index,
            seed,
            country,
            first,
            last,
            city,
            postcode,
            street: street_line,
            birthday: birthday(&mut s),
            email: email.into(),
            email_is_shared,
            phone: country.phone.number(slot).filter(|_| tells_phone).map(Arc::from),
            user_id: user_id(root, index),
            mistypes_own_email: s.chance(0.02) && !email_is_shared,
            household,
            account,
        }
    }

    /// First and last name as written.
    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.first.written, self.last.written)
    }

    /// The id of the true person.
    pub(crate) fn id(&self) -> String {
        person_id(self.index)
    }
}

/// The id of the true person behind an index.
#[must_use]
pub fn person_id(index: u64) -> String {
    format!("P{index:08}")
}

/// Nine of ten bear their household's name.
fn family_of(household: &Household, country: &Country, s: &mut Stream, index: u64) -> Family {
    let shared = Family::draw(&mut household.seed.named("family").stream(), country.names);
    let own = Family::draw(s, country.names);
    if index == household.members.start || s.chance(0.9) { shared } else { own }
}

fn address(household: &Household, country: &Country) -> (&'static str, String, String) {
    let mut s = household.seed.named("address").stream();
    let (city, prefix) = s.pick(country.cities);
    let postcode = if country.locale.starts_with("en") {
        format!("{prefix}{} {}", s.below(9) + 1, s.below(900) + 100)
    } else {
        format!("{prefix}{:03}", s.below(1000))
    };
    let street = format!("{} {}", s.pick(country.streets), s.below(140) + 1);
    (city, postcode, street)
}

/// Between 18 and 80 at the start of 2026; three in ten would tell.
fn birthday(s: &mut Stream) -> Option<i64> {
    let newest = Date { year: 2008, month: 1, day: 1 }.to_day();
    let age_days = (s.beta(2.0, 2.8) * 62.0 * 365.25) as i64;
    s.chance(0.3).then_some(newest - age_days)
}

fn own_email(
    s: &mut Stream,
    first: &Name,
    last: &Name,
    index: u64,
    account: Option<&Account>,
) -> String {
    let (first, last) = (&first.latin, &last.latin);
    let number = own_number(index);
    let shape = s.weighted(&[45.0, 20.0, 20.0, 15.0]);
    let host = MAIL_HOSTS[s.weighted(&HOST_WEIGHTS)];
    if let Some(account) = account {
        return format!("{first}.{last}{}@{}", index - account.first_contact + 1, account.domain());
    }
    match shape {
        0 => format!("{first}.{last}{number}@{host}"),
        1 => format!("{first}{number}@{host}"),
        2 => format!("{}{last}.{number}@{host}", &first[..1]),
        _ => format!("{last}_{first}{number}@{host}"),
    }
}

fn shared_email(household: &Household, country: &Country) -> String {
    let mut s = household.seed.named("family").stream();
    let family = Family::draw(&mut s, country.names);
    let host = MAIL_HOSTS[household.seed.bits() as usize % MAIL_HOSTS.len()];
    format!("home.{}{}@{host}", family.last().latin, own_number(household.members.start))
}

/// A number of the customer's own: indices with as many digits are permuted among
/// themselves (7919 is prime to 10), so no two are alike.
fn own_number(index: u64) -> String {
    let mut size = 1000;
    while index >= size {
        size *= 10;
    }
    let width = size.ilog10() as usize;
    format!("{:0width$}", (index % size * 7919 + 13) % size)
}

/// The shop's id: the index, scrambled by a bijection of 40 bits and written in base 32.
fn user_id(root: Seed, index: u64) -> Arc<str> {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    const MASK: u64 = (1 << 40) - 1;
    let mut bits = index ^ (root.bits() & MASK);
    for _ in 0..2 {
        bits = bits.wrapping_mul(0x9E_3779_B97F) & MASK;
        bits ^= bits >> 17;
    }
    let mut out = String::from("usr_");
    for i in (0..8).rev() {
        out.push(char::from(DIGITS[(bits >> (5 * i) & 31) as usize]));
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn people(n: u64) -> Vec<Person> {
        let root = Seed::root(4);
        (0..n).map(|index| Person::of(root, root.named("customer").nth(index), index)).collect()
    }

    #[test]
    fn identifiers_are_ones_own_unless_a_household_shares_the_address() {
        let mut owners: HashMap<String, Vec<Person>> = HashMap::new();
        for person in people(12_000) {
            owners.entry(person.user_id.to_string()).or_default();
            let phone = person.phone.as_deref().map(str::to_owned);
            if let Some(phone) = phone {
                assert!(owners.insert(phone, Vec::new()).is_none(), "a phone number twice");
            }
            owners.entry(person.email.to_string()).or_default().push(person);
        }
        let mut n_shared = 0;
        for (email, owners) in owners.iter().filter(|(_, owners)| owners.len() > 1) {
            n_shared += 1;
            let home = &owners[0].household;
            assert!(owners.iter().all(|o| o.household == *home && o.email_is_shared), "{email}");
        }
        assert!(n_shared > 50, "{n_shared}");
    }

    #[test]
    fn user_ids_differ_and_domains_are_reserved() {
        let people = people(12_000);
        let ids: std::collections::HashSet<_> = people.iter().map(|p| p.user_id.clone()).collect();
        assert_eq!(ids.len(), people.len());
        for person in &people {
            let host = person.email.split_once('@').expect("an address has an @").1;
            let reserved = ["example.com", "example.org", "example.net"].contains(&host);
            assert!(reserved || host.ends_with(".example"), "{host}");
            assert!(person.email.is_ascii(), "{}", person.email);
        }
    }
}
