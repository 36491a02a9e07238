//! Who lives together, and who works together?
//!
//! Customers are settled in streets of eight by their index, so a household or an
//! account is known from any of its members without looking at the others. A
//! mate's index may lie beyond the size of the world: then that mate has never
//! come in contact with Northlight.
//!
//! - households: one person 78 %, two 15 %, three 5 %, four 2 % (cut at the street's end);
//! - of households of two and more, 22 % share one e-mail address and 35 % a tablet;
//! - in 6 % of the streets the first 1 to 4 (mean 2.2) are the contacts of one account.

use crate::account::Account;
use crate::country::{self, Country};
use crate::seed::Seed;
use std::ops::Range;
use std::sync::Arc;

/// How many customers live in a street.
pub(crate) const STREET_SIZE: u64 = 8;

/// Eight neighbours.
pub(crate) struct Street {
    pub(crate) seed: Seed,
    pub(crate) number: u64,
    pub(crate) country: &'static Country,
    /// The street's rank within its country.
    pub(crate) rank: u64,
    pub(crate) account: Option<Arc<Account>>,
}

/// The people at one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Household {
    pub(crate) seed: Seed,
    /// The indices of its members.
    pub(crate) members: Range<u64>,
    pub(crate) shares_email: bool,
    pub(crate) shares_tablet: bool,
}

impl Household {
    pub(crate) fn id(&self) -> String {
        format!("H{:08}", self.members.start)
    }
}

impl Street {
    pub(crate) fn of_customer(seed: Seed, index: u64) -> Street {
        Street::of(seed, index / STREET_SIZE)
    }

    pub(crate) fn of(root: Seed, number: u64) -> Street {
        let (country, rank) = country::of_street(number, root.bits());
        let seed = root.named("street").nth(number);
        let mut stream = seed.stream();
        let has_account = stream.chance(0.06);
        let n_contacts = 1 + stream.weighted(&[3.0, 3.0, 2.5, 1.5]) as u64;
        let first = number * STREET_SIZE;
        let account = has_account
            .then(|| Arc::new(Account::of_street(seed, number, country, (first, n_contacts))));
        Street { seed, number, country, rank, account }
    }

    /// Is this customer a contact of the street's account?
    pub(crate) fn works_at(&self, index: u64) -> Option<&Arc<Account>> {
        self.account.as_ref().filter(|account| {
            (account.first_contact..account.first_contact + account.n_contacts).contains(&index)
        })
    }

    /// The household of one of the eight.
    pub(crate) fn household(&self, index: u64) -> Household {
        let end = (self.number + 1) * STREET_SIZE;
        let mut start = self.number * STREET_SIZE;
        let mut stream = self.seed.named("households").stream();
        loop {
            let drawn = 1 + stream.weighted(&[78.0, 15.0, 5.0, 2.0]) as u64;
            let shares = (stream.chance(0.22), stream.chance(0.35));
            let size = if self.works_at(start).is_some() { 1 } else { drawn.min(end - start) };
            if index < start + size {
                return Household {
                    seed: self.seed.named("household").nth(start),
                    members: start..start + size,
                    shares_email: size > 1 && shares.0,
                    shares_tablet: size > 1 && shares.1,
                };
            }
            start += size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_names_the_same_household() {
        let root = Seed::root(9);
        let mut n_together = 0;
        for index in 0..8000 {
            let household = Street::of_customer(root, index).household(index);
            assert!(household.members.contains(&index));
            n_together += u64::from(household.members.end - household.members.start > 1);
            for mate in household.members.clone() {
                assert_eq!(Street::of_customer(root, mate).household(mate), household);
            }
        }
        assert!((2000..4000).contains(&n_together), "{n_together}");
    }

    #[test]
    fn accounts_have_a_mean_of_two_contacts() {
        let root = Seed::root(9);
        let n = (0..40_000)
            .filter(|index| Street::of_customer(root, *index).works_at(*index).is_some())
            .count();
        assert!((480..840).contains(&n), "{n} of 40,000 are contacts of accounts");
    }
}
