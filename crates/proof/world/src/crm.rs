//! What do the CRM and the tills know of a customer, mistyped as they are?
//!
//! A record comes from the shop (85 % of those with an address), from the call
//! centre (12 % of customers), from the sales people (95 % of contacts of accounts) or from a
//! store (60 % of store buyers). The shop's records are copies; those typed by
//! hand have a slip in the name with 18 %, in the e-mail with 12 %, no e-mail
//! with 30 %, the phone retyped, and the name in Latin letters with 25 %.

use crate::calendar::{day_of, push_date};
use crate::csv::push_row;
use crate::nature::Kind;
use crate::person::Person;
use crate::seed::Stream;
use crate::typos::{mistype, mistype_email, retype_phone};

/// One record of the CRM export; an empty text is a missing field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrmRecord {
    /// The record's id.
    pub crm_id: String,
    /// Where it was typed.
    pub source: &'static str,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Phone number, in whatever form.
    pub phone: String,
    /// Street and number.
    pub street: String,
    /// Postcode.
    pub postcode: String,
    /// City.
    pub city: String,
    /// ISO 3166 code.
    pub country: String,
    /// ISO 8601 date.
    pub birthday: String,
    /// Company, for contacts of accounts.
    pub company: String,
    /// ISO 8601 date.
    pub created_on: String,
}

impl CrmRecord {
    /// The header of the export.
    pub const CSV_HEADER: &'static str = "crm_id,source,first_name,last_name,email,phone,street,\
        postcode,city,country,birthday,company,created_on\n";

    /// Appends the record as a line of the export.
    pub fn to_csv(&self, out: &mut String) {
        let fields: [&str; 13] = [
            &self.crm_id,
            self.source,
            &self.first_name,
            &self.last_name,
            &self.email,
            &self.phone,
            &self.street,
            &self.postcode,
            &self.city,
            &self.country,
            &self.birthday,
            &self.company,
            &self.created_on,
        ];
        push_row(out, fields);
    }
}

/// What is known of the customer by the time that records are made.
pub(crate) struct Known<'a> {
    pub(crate) person: &'a Person,
    pub(crate) kind: Kind,
    /// The address as it was given to the shop.
    pub(crate) email: Option<&'a str>,
    pub(crate) n_store_orders: usize,
    pub(crate) first_seen_at: i64,
}

/// The records of one customer.
pub(crate) fn records(known: &Known<'_>, s: &mut Stream) -> Vec<CrmRecord> {
    let is_business = known.kind == Kind::Business;
    let chances = [
        ("shop", if known.email.is_some() { 0.85 } else { 0.0 }),
        ("call centre", if known.email.is_some() { 0.12 } else { 0.0 }),
        ("sales", if is_business { 0.95 } else { 0.0 }),
        ("store", if known.n_store_orders > 0 { 0.6 } else { 0.0 }),
    ];
    let mut out = Vec::new();
    for (source, p) in chances {
        if s.chance(p) {
            let mut record = copy(known, source, out.len());
            if source != "shop" {
                retype(&mut record, known.person, s);
            }
            out.push(record);
        }
    }
    out
}

fn copy(known: &Known<'_>, source: &'static str, number: usize) -> CrmRecord {
    let person = known.person;
    let date = |day| {
        let mut out = String::new();
        push_date(&mut out, day);
        out
    };
    let lag_days = 1 + 9 * number as i64;
    CrmRecord {
        crm_id: format!("C-{:014X}", person.seed.named("crm").nth(number as u64).bits() >> 8),
        source,
        first_name: person.first.written.to_owned(),
        last_name: person.last.written.to_owned(),
        email: known.email.unwrap_or(&person.email).to_owned(),
        phone: person.phone.as_deref().unwrap_or_default().to_owned(),
        street: person.street.clone(),
        postcode: person.postcode.clone(),
        city: person.city.to_owned(),
        country: person.country.code.to_owned(),
        birthday: person.birthday.map(date).unwrap_or_default(),
        company: person.account.as_ref().map(|account| account.name.clone()).unwrap_or_default(),
        created_on: date(day_of(known.first_seen_at) + lag_days),
    }
}

fn retype(record: &mut CrmRecord, person: &Person, s: &mut Stream) {
    if s.chance(0.25) {
        record.first_name = capital(&person.first.latin);
        record.last_name = capital(&person.last.latin);
    }
    if s.chance(0.18) {
        record.last_name = mistype(s, &record.last_name);
    }
    if s.chance(0.08) {
        record.first_name = mistype(s, &record.first_name);
    }
    match s.weighted(&[12.0, 30.0, 58.0]) {
        0 => record.email = mistype_email(s, &person.email),
        1 => record.email.clear(),
        _ => record.email = person.email.to_string(),
    }
    if !record.phone.is_empty() {
        record.phone = retype_phone(s, &record.phone);
    }
    if s.chance(0.4) {
        record.birthday.clear();
    }
    if s.chance(0.3) {
        record.street.clear();
    }
}

/// With a capital first letter.
fn capital(latin: &str) -> String {
    let mut letters = latin.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}
