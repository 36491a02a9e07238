//! Are names and values counted as a few lines of plain code count them?

use super::*;
use crate::testing::{answered, event};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use timeline::{PlainEvent, PlainFacts};

fn some_events() -> impl Strategy<Value = Vec<PlainEvent>> {
    let one = (0_u64..4, 0_i64..50, prop::sample::select(vec!["a", "b", "c"]), 1_u64..4, 0_u8..5);
    prop::collection::vec(one, 0..40).prop_map(|events| {
        let one = |(seq, (customer, at, name, source, value))| {
            let properties = match value {
                0 => "{}".to_owned(),
                1 => r#"{"p":[1]}"#.to_owned(),
                value => format!(r#"{{"p":{value}}}"#),
            };
            let event = event((customer, at, seq), name, &properties);
            PlainEvent { source: SourceId(source), ..event }
        };
        (0..).zip(events).map(one).collect()
    })
}

proptest! {
    #[test]
    fn names_are_counted_as_plain_code_counts_them(events in some_events()) {
        let fold = EventNames::default();
        let counts = answered(&fold, &events, &PlainFacts::new(), |t, x| fold.answer(&t, x));
        let names: BTreeSet<&str> = events.iter().map(|event| &*event.name).collect();
        prop_assert_eq!(counts.len(), names.len());
        for count in &counts {
            let of: Vec<&PlainEvent> = events.iter().filter(|e| *e.name == *count.name).collect();
            let customers: BTreeSet<CustomerId> = of.iter().map(|event| event.customer).collect();
            let sources: BTreeSet<SourceId> = of.iter().map(|event| event.source).collect();
            prop_assert_eq!(count.n_events, of.len() as u64);
            prop_assert_eq!(count.n_customers, customers.len() as u64);
            prop_assert_eq!(Some(count.last_at), of.iter().map(|event| event.occurred_at).max());
            prop_assert_eq!(&count.sources, &sources.into_iter().collect::<Vec<_>>());
        }
        prop_assert!(counts.is_sorted_by_key(|count| std::cmp::Reverse(count.n_events)));
    }

    #[test]
    fn values_are_counted_as_plain_code_counts_them(events in some_events(), n_max in 1_usize..4) {
        for name in [None, Some("a")] {
            let fold = FieldValues::new(name, Field::Property("p".into()));
            let none = PlainFacts::new();
            let (values, n) = answered(&fold, &events, &none, |t, x| fold.answer(&t, x, n_max));
            let mut naive: BTreeMap<String, u64> = BTreeMap::new();
            for event in events.iter().filter(|e| name.is_none_or(|name| *e.name == *name)) {
                if let Some(value) = event.scalar(&Field::Property("p".into())) {
                    *naive.entry(value.label().into_owned()).or_default() += 1;
                }
            }
            prop_assert_eq!(n, naive.len());
            let mut naive: Vec<(String, u64)> = naive.into_iter().collect();
            naive.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            naive.truncate(n_max);
            let values: Vec<(String, u64)> =
                values.into_iter().map(|(value, n)| (value.to_string(), n)).collect();
            prop_assert_eq!(values, naive);
        }
    }
}
