//! Which companies buy from Northlight: installers and property managers?

use crate::catalogue::Plan;
use crate::country::Country;
use crate::names::to_latin;
use crate::seed::Seed;
use serde::Serialize;

/// A company with which Northlight deals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    /// The id that `group` calls carry.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub industry: &'static str,
    /// How many people work there.
    pub employees: u32,
    /// The plan that it is on, or would be on.
    pub plan: Plan,
    /// Its website, under a reserved domain.
    pub website: String,
    /// The country's ISO 3166 code.
    pub country: &'static str,
    /// The index of its first contact among the customers.
    pub first_contact: u64,
    /// How many contacts it has; each is a customer.
    pub n_contacts: u64,
}

const KINDS: [(&str, &str); 6] = [
    ("Installer", "Elektro"),
    ("Installer", "Smart Install"),
    ("Installer", "Climate Services"),
    ("Property management", "Residences"),
    ("Property management", "Property Partners"),
    ("Hospitality", "Holiday Homes"),
];

impl Account {
    /// The account of a street; `id` numbers are those of streets.
    pub(crate) fn of_street(
        seed: Seed,
        street: u64,
        country: &Country,
        contacts: (u64, u64),
    ) -> Account {
        let mut stream = seed.named("account").stream();
        let (industry, trade) = stream.pick(&KINDS);
        let owner = stream.pick(country.names.last);
        let employees = stream.log_normal(14.0, 1.1).clamp(1.0, 4000.0) as u32;
        let plan = match employees {
            0..=9 => Plan::Basic,
            10..=49 => Plan::Plus,
            _ => Plan::Pro,
        };
        Account {
            id: format!("acc_{street:06}"),
            name: format!("{owner} {trade}"),
            industry,
            employees,
            plan,
            website: format!("https://www.{}-{street}.example", to_latin(owner)),
            country: country.code,
            first_contact: contacts.0,
            n_contacts: contacts.1,
        }
    }

    /// The domain of the mail addresses of its people.
    pub(crate) fn domain(&self) -> &str {
        self.website.trim_start_matches("https://www.")
    }
}
