//! Which values did a trait have, when, and from where?

use crate::fragments::Fragments;
use crate::origin::Evidence;
use crate::rules::{Candidate, Settled, TraitRule, TraitRules};
use crate::sayings::Saying;
use crate::trait_value::parsed;
use base::{IdentifierId, Timestamp};
use serde_json::Value;
use std::cmp::Reverse;

/// Everything that is kept of what was said of one trait.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitHistory {
    /// Its name.
    pub name: String,
    /// The rule that says which value counts.
    pub rule: TraitRule,
    /// What was said, distinct by value, source and identifier, the latest first. A value that
    /// came back is one entry that reaches over the others in between.
    pub entries: Vec<TraitSaid>,
    /// How many times something was said in all.
    pub n_said: u64,
    /// How many of those are no longer kept with value and time.
    pub n_fallen: u64,
}

/// One value, said by one source under one identifier.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitSaid {
    /// The value; `None` where the trait was taken away.
    pub value: Option<Value>,
    /// The first event that said so.
    pub first: Evidence,
    /// The latest.
    pub last: Evidence,
    /// How many said so.
    pub n: u64,
    /// The identifier that they came under.
    pub came_under: IdentifierId,
    /// Whether it was said to count only where nothing is known.
    pub is_once: bool,
    /// Whether its source is verified, or the customer confirmed it.
    pub is_verified: bool,
    /// When the customer showed last that the address is theirs.
    pub confirmed_at: Option<Timestamp>,
    /// Whether this is what counts now.
    pub counts: bool,
}

impl Fragments {
    /// The history of the trait `name`; `None` where nobody ever said anything of it.
    #[must_use]
    pub fn trait_history(&self, name: &str, rules: &TraitRules) -> Option<TraitHistory> {
        let settled = self.settled(name, rules)?;
        let is_winner = |candidate: &Candidate<'_>| match settled {
            Settled::Set(winner, _) | Settled::TakenAway(winner) => {
                std::ptr::eq(winner.said, candidate.said)
            }
            Settled::Once(..) => false,
        };
        let mut said: Vec<Candidate<'_>> = self.said(name).collect();
        said.sort_by_key(|candidate| Reverse((candidate.said.rank(), Reverse(candidate.under))));
        let set = said.iter().map(|candidate| TraitSaid {
            counts: is_winner(candidate),
            ..self.entry(name, candidate.said, candidate.under, rules)
        });
        let mut entries: Vec<TraitSaid> = set.collect();
        entries.extend(self.once(name).map(|(under, once)| TraitSaid {
            value: Some(parsed(&once.value)),
            first: once.origin.evidence(),
            last: once.origin.evidence(),
            n: 1,
            came_under: under,
            is_once: true,
            is_verified: false,
            confirmed_at: None,
            counts: matches!(settled, Settled::Once(winner, _) if std::ptr::eq(winner, once)),
        }));
        let n_kept = entries.iter().map(|entry| entry.n).fold(0, u64::saturating_add);
        let n_fallen = self.n_fallen(name);
        let n_said = n_kept.saturating_add(n_fallen);
        let rule = rules.rule_of(name);
        Some(TraitHistory { name: name.to_owned(), rule, entries, n_said, n_fallen })
    }

    fn entry(
        &self,
        name: &str,
        said: &Saying,
        came_under: IdentifierId,
        rules: &TraitRules,
    ) -> TraitSaid {
        TraitSaid {
            value: said.value.as_deref().map(parsed),
            first: said.span.first.evidence(),
            last: said.span.last.evidence(),
            n: said.span.n,
            came_under,
            is_once: false,
            is_verified: self.is_verified(name, said, rules),
            confirmed_at: self.confirmed_at(name, said),
            counts: false,
        }
    }

    fn n_fallen(&self, name: &str) -> u64 {
        let each = self.traits().filter_map(|(_, traits)| traits.set.get(name));
        each.map(|sayings| sayings.n_fallen).fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Tell, day, identify, track};
    use base::{Limits, SourceId};
    use lexicon::Event;
    use serde_json::json;

    fn told(events: &[(u64, Event)], limits: &Limits) -> Fragments {
        let mut fragments = Fragments::new();
        for (id, event) in events {
            fragments.absorb(IdentifierId(*id), event, limits);
        }
        fragments
    }

    fn plan(at: i64, source: u64, value: &Value) -> Event {
        identify(day(at), &json!({"plan": value})).source(source)
    }

    #[test]
    fn every_value_with_its_first_and_last_event() {
        let events = [
            (1, plan(0, 1, &json!("Basic"))),
            (1, plan(1, 1, &json!("Pro"))),
            (2, plan(2, 2, &json!(null))),
            (1, plan(3, 1, &json!("Basic"))),
            (1, track(day(4), "Came").once(&json!({"plan": "Free"}))),
        ];
        let history = told(&events, &Limits::default())
            .trait_history("plan", &TraitRules::default())
            .expect("something was said");
        let shown = history.entries.iter().map(|entry| {
            (entry.value.clone(), entry.first.at, entry.last.at, entry.n, entry.counts)
        });
        let expected = [
            (Some(json!("Basic")), day(0), day(3), 2, true),
            (None, day(2), day(2), 1, false),
            (Some(json!("Pro")), day(1), day(1), 1, false),
            (Some(json!("Free")), day(4), day(4), 1, false),
        ];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        assert_eq!(history.entries[0].first.message_id.as_deref(), Some(&*events[0].1.message_id));
        assert_eq!(history.entries[1].last.source, Some(SourceId(2)));
        assert_eq!((history.n_said, history.n_fallen), (5, 0));
        assert!(history.entries[3].is_once);
    }

    #[test]
    fn what_falls_off_is_counted() {
        let limits = Limits { values_per_trait_max: 3, ..Limits::default() };
        let events: Vec<_> = (0..8).map(|n| (1, plan(n, 1, &json!(n)))).collect();
        let fragments = told(&events, &limits);
        let history = fragments.trait_history("plan", &TraitRules::default()).unwrap();
        let values: Vec<_> = history.entries.iter().map(|entry| entry.value.clone()).collect();
        assert_eq!(values, [Some(json!(7)), Some(json!(6)), Some(json!(5))]);
        assert_eq!((history.n_said, history.n_fallen), (8, 5));
        assert_eq!(fragments.trait_history("size", &TraitRules::default()), None);
    }

    #[test]
    fn an_unmerge_takes_its_part_of_the_history_along() {
        let events = [(1, plan(0, 1, &json!("Basic"))), (2, plan(1, 2, &json!("Pro")))];
        let whole = told(&events, &Limits::default());
        let rules = TraitRules::default();
        assert_eq!(whole.trait_history("plan", &rules).unwrap().entries.len(), 2);
        let (stay, gone) = whole.part(|id| id == IdentifierId(2));
        let alone = |fragments: &Fragments| fragments.trait_history("plan", &rules).unwrap();
        assert_eq!(alone(&stay), alone(&told(&events[..1], &Limits::default())));
        assert_eq!(alone(&gone), alone(&told(&events[1..], &Limits::default())));
    }
}
