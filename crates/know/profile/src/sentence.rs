//! What is to be said of a customer in one paragraph?

mod words;

pub(crate) use words::date;

use crate::{Certainty, Holding, Order, OrderStatus, Profile};
use base::{Duration, Money, Timestamp};
use lexicon::{Channel, ConsentState, Purpose};
use words::{ago, amount, count, list, month, quantity, span};

/// Products named one by one; more are only counted.
const PRODUCTS_NAMED_MAX: usize = 3;
/// A customer is called quiet after this many times their usual gap between orders: a rule of
/// thumb for the eye, no estimate. Models that estimate it come with the scores.
const QUIET_GAPS: i64 = 3;
/// … and not before this many days.
const QUIET_DAYS_MIN: i64 = 30;

impl Profile {
    /// One paragraph for a person: who this is, what they bought, what they have, what they read.
    /// It says only what events said; dates are in UTC, and relative to `now` where they are near.
    #[must_use]
    pub fn sentence(&self, now: Timestamp) -> String {
        let (Some(first_seen), Some(last_seen)) = (self.first_seen, self.last_seen) else {
            return "Nothing is known of this customer yet.".into();
        };
        let mut parts = vec![self.opening(first_seen, now)];
        parts.extend(self.orders_part(now));
        parts.extend(self.quiet_part(now));
        parts.extend(self.holdings_part());
        parts.extend(self.messages_part());
        parts.extend(self.consent_part());
        if self.n_placed() == 0 {
            parts.push(format!(
                "{}, last seen {}",
                count(self.n_events, "event"),
                ago(last_seen, now)
            ));
        }
        format!("{}.", parts.join(", "))
    }

    fn opening(&self, first_seen: Timestamp, now: Timestamp) -> String {
        let from = match (&self.city, &self.country) {
            (Some(city), Some(country)) => format!(" from {city}, {country}"),
            (Some(place), None) | (None, Some(place)) => format!(" from {place}"),
            (None, None) => String::new(),
        };
        match (self.n_placed(), self.first_order_at) {
            (1.., Some(first_order)) => format!("Customer{from} since {}", month(first_order)),
            _ if self.certainty == Certainty::Anonymous => {
                format!("Anonymous visitor{from}, first seen {}", ago(first_seen, now))
            }
            _ => format!("Known{from} since {}, no orders yet", month(first_seen)),
        }
    }

    fn n_placed(&self) -> u64 {
        self.order_totals.iter().map(|totals| totals.n_orders).sum()
    }

    fn orders_part(&self, now: Timestamp) -> Option<String> {
        let cancelled: u64 = self.order_totals.iter().map(|totals| totals.n_cancelled).sum();
        let n = self.n_placed();
        if n == 0 {
            return (cancelled > 0).then(|| format!("{} cancelled", count(cancelled, "order")));
        }
        let paid = self.order_totals.iter().filter(|t| t.n_orders > 0 || t.revenue_minor != 0);
        let paid = paid.map(|t| amount(Money { minor: t.revenue_minor, currency: t.currency }));
        let mut words = format!("{} worth {}", count(n, "order"), list(&paid.collect::<Vec<_>>()));
        if cancelled > 0 {
            words.push_str(&format!(" ({cancelled} more cancelled)"));
        }
        if let Some(last) = self.standing_orders().next() {
            let which = if n == 1 { "placed" } else { "last one" };
            words.push_str(&format!(", {which} {}", ago(last.at, now)));
        }
        Some(words)
    }

    /// Orders that were placed and stand, the latest first.
    fn standing_orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.status != OrderStatus::Cancelled)
    }

    fn quiet_part(&self, now: Timestamp) -> Option<String> {
        let times: Vec<Timestamp> = self.standing_orders().map(|order| order.at).collect();
        let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[0].since(pair[1]).0).collect();
        if gaps.len() < 2 {
            return None;
        }
        gaps.sort_unstable();
        let usual = gaps[gaps.len() / 2].max(Duration::days(1).0);
        let silence = now.since(times[0]);
        let is_quiet = silence.0 > usual.saturating_mul(QUIET_GAPS)
            && silence > Duration::days(QUIET_DAYS_MIN);
        is_quiet.then(|| {
            let (silence, usual) = (span(silence), span(Duration(usual)));
            format!("quiet for {silence} where orders came about every {usual} before")
        })
    }

    fn holdings_part(&self) -> Option<String> {
        let n = self.holdings.len();
        let name = |holding: &Holding| {
            let name = holding.name.as_deref().unwrap_or(&holding.product_id);
            if holding.quantity == 1.0 {
                name.to_owned()
            } else {
                format!("{} × {name}", quantity(holding.quantity))
            }
        };
        let mut names: Vec<String> = self.holdings.iter().map(name).collect();
        if n > PRODUCTS_NAMED_MAX {
            names.truncate(PRODUCTS_NAMED_MAX - 1);
            names.push(count((n - names.len()) as u64, "other product"));
        }
        (n > 0).then(|| format!("has {}", list(&names)))
    }

    fn messages_part(&self) -> Option<String> {
        let arrived = self.messages.iter().filter(|m| m.has_arrived());
        let opened = self.messages.iter().filter(|m| m.opened_at.or(m.clicked_at).is_some());
        let (n, n_opened) = (arrived.count() as u64, opened.count());
        match (n, n_opened) {
            (0, _) => None,
            (1, 0) => Some("did not open the one e-mail that arrived".into()),
            (1, _) => Some("opened the one e-mail that arrived".into()),
            (_, 0) => Some(format!("opened none of {}", count(n, "e-mail"))),
            (_, opened) => Some(format!("opened {opened} of {}", count(n, "e-mail"))),
        }
    }

    fn consent_part(&self) -> Option<String> {
        let marketing = Purpose::new("marketing").expect("a name that is not blank");
        let permission = self.permission(&marketing, &Channel::new("email"));
        Some(match permission.decided_by?.state {
            ConsentState::Granted => "agreed to marketing by e-mail".into(),
            ConsentState::Denied => "wants no marketing by e-mail".into(),
            ConsentState::Pending => "has not confirmed marketing by e-mail yet".into(),
        })
    }
}

#[cfg(test)]
mod tests;
