//! Which fixed random part of all customers?

use base::CustomerId;
use base::hash::hash64;

/// Customers whose number between 0 and 1, drawn once from their id and the salt, is in a stretch.
/// Parts with the same salt that do not overlap have nobody in common; with different salts they
/// have nothing to do with each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Which drawing.
    pub salt: Box<str>,
    /// Where the stretch begins, from 0.
    pub from: f64,
    /// Where it ends, at most 1; itself not in it.
    pub to: f64,
}

impl Share {
    /// The number of a customer in the drawing called `salt`, from 0 to below 1. It never changes: a
    /// merge keeps that of the older id.
    #[must_use]
    pub fn number(salt: &str, customer: CustomerId) -> f64 {
        let drawing = hash64(0, salt.as_bytes());
        let bits = hash64(drawing, &customer.0.to_le_bytes());
        (bits >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether the customer is in it.
    #[must_use]
    pub fn takes(&self, customer: CustomerId) -> bool {
        (self.from..self.to).contains(&Self::number(&self.salt, customer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_is_a_tenth_and_stays_it() {
        let share = Share { salt: "spring".into(), from: 0.0, to: 0.1 };
        let n = (1..=10_000).filter(|id| share.takes(CustomerId(*id))).count();
        // Binomial(10000, 0.1): mean 1000, standard deviation 30; five of them on both sides.
        assert!((850..=1150).contains(&n), "{n}");
        let rest = Share { from: 0.1, to: 1.0, ..share.clone() };
        assert!((1..=100).all(|id| share.takes(CustomerId(id)) != rest.takes(CustomerId(id))));
        assert_eq!(Share::number("spring", CustomerId(1)), FIRST);
    }

    /// What is written into segments must never change.
    const FIRST: f64 = 0.815_178_096_267_099_8;
}
