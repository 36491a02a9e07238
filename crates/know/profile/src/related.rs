//! What of a profile do relations between customers rest on?

use crate::fragments::Fragments;
use crate::rules::{Settled, TraitRules};
use crate::{Membership, trait_value};
use base::{SourceId, Timestamp};
use serde_json::{Map, Value};

impl Fragments {
    /// Whether anything was ever said of any of these traits.
    #[must_use]
    pub fn says_any(&self, names: &[&str]) -> bool {
        self.traits().any(|(_, traits)| {
            names
                .iter()
                .any(|&name| traits.set.contains_key(name) || traits.once.contains_key(name))
        })
    }

    /// The values that count of these traits; those without a value are left out.
    #[must_use]
    pub fn values_of(&self, names: &[&str], rules: &TraitRules) -> Map<String, Value> {
        let value = |name: &str| {
            let value = trait_value::parsed(self.settled(name, rules)?.value()?);
            Some((name.to_owned(), value))
        };
        names.iter().filter_map(|&name| value(name)).collect()
    }

    /// The source whose word on the trait `name` counts.
    #[must_use]
    pub fn said_by(&self, name: &str, rules: &TraitRules) -> Option<SourceId> {
        match self.settled(name, rules)? {
            Settled::Set(winner, _) | Settled::TakenAway(winner) => Some(winner.said.source()),
            Settled::Once(once, _) => Some(once.origin.source),
        }
    }

    /// The accounts that events named, the oldest membership first.
    #[must_use]
    pub fn memberships(&self) -> Vec<Membership> {
        let mut with = self.0.values().map(|fragment| &fragment.accounts);
        let Some(first) = with.next() else { return Vec::new() };
        let mut all = first.clone();
        with.for_each(|accounts| all.join(accounts.clone()));
        all.shown()
    }

    /// When the orders were placed that are kept one by one and were not cancelled, ascending.
    #[must_use]
    pub fn orders_placed_at(&self) -> Vec<Timestamp> {
        let orders = self.orders();
        let placed = orders.by_id.values().filter(|cell| cell.is_placed());
        let stands = placed.filter(|cell| cell.cancelled_at.is_none());
        let mut moments: Vec<Timestamp> = stands.map(|cell| cell.at()).collect();
        moments.sort_unstable();
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Tell, call, day, identify, track};
    use base::{IdentifierId, Limits};
    use lexicon::EventKind;
    use serde_json::json;

    #[test]
    fn what_relations_rest_on_is_found() {
        let mut fragments = Fragments::new();
        let order = |at, name: &str, id: &str| {
            track(day(at), name).properties(&json!({"order_id": id, "total": 5}))
        };
        let address = json!({"address": {"street": "Weg 1"}, "lastName": "Hall"});
        for (under, event) in [
            (1, identify(day(1), &address).source(2)),
            (2, identify(day(2), &json!({"lastName": "Holl"})).source(3)),
            (2, order(5, "Order Completed", "b")),
            (1, order(4, "Order Completed", "a")),
            (1, order(6, "Order Completed", "c")),
            (2, order(7, "Order Cancelled", "c")),
            (1, order(8, "Order Refunded", "never-seen")),
            (1, call(day(3), EventKind::Group).account("acme")),
        ] {
            fragments.absorb(IdentifierId(under), &event, &Limits::default());
        }
        let rules = TraitRules::default();
        assert_eq!(fragments.orders_placed_at(), [day(4), day(5)]);
        assert!(fragments.says_any(&["city", "address"]) && !fragments.says_any(&["city"]));
        let values = fragments.values_of(&["address", "lastName", "city"], &rules);
        assert_eq!(
            Value::Object(values),
            json!({"address": {"street": "Weg 1"}, "lastName": "Holl"})
        );
        assert_eq!(fragments.said_by("lastName", &rules), Some(SourceId(3)));
        assert_eq!(fragments.said_by("city", &rules), None);
        assert_eq!(fragments.memberships(), fragments.view(&rules).accounts);
    }
}
