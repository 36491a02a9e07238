//! Which fields do events have?
//!
//! Known from what was observed as events came: every event of a name until there were 200 since
//! the start, then one in 50. A share is of those that were looked at.

use super::search::{Found, search};
use crate::engine::Engine;
use crate::plan::ObservedPlan;
use crate::traits::Sight;
use collect::plan::{PlannedProperty, PropertyType};
use lexicon::EventKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which side of an event a field is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// What happened.
    Property,
    /// The circumstances.
    Context,
}

/// A field of events.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyFound {
    /// Steps into objects are parted by dots.
    pub path: Box<str>,
    /// On which side it is.
    pub side: Side,
    /// The types of the values that can be asked for.
    pub types: BTreeSet<PropertyType>,
    /// In which share of the events that were looked at it was.
    pub share: f64,
    /// How many were looked at.
    pub n_looked_at: u64,
    /// Values that were seen; none of the circumstances, which are not kept.
    pub examples: Vec<String>,
}

/// Examples of one field at most.
const EXAMPLES_MAX: usize = 3;

impl Engine {
    /// The fields of the events of a name, or of all, whose path contains `q`: properties before
    /// circumstances, the more frequent first. What `sight` withholds is left out.
    #[must_use]
    pub fn catalogue_properties(
        &self,
        event: Option<&str>,
        (q, limit): (&str, usize),
        sight: &Sight,
    ) -> Found<PropertyFound> {
        let observed: Vec<Arc<ObservedPlan>> = {
            let observed = self.shared.observed.read().expect("no writer panics");
            observed.values().cloned().collect()
        };
        let all = fields(&observed, event);
        let seen = all.into_iter().filter(|field| !hides(sight, &field.path));
        search(seen, (q, limit), |field| &field.path)
    }
}

/// Whether a path leads to or through what is withheld.
pub(super) fn hides(sight: &Sight, path: &str) -> bool {
    sight.hides(path) || path.split('.').any(|step| sight.hides(step))
}

/// What sources told of a field.
#[derive(Default)]
struct Told {
    n: u64,
    /// Whether it was only seen inside of objects.
    is_inside: bool,
    types: BTreeSet<PropertyType>,
    examples: Vec<String>,
}

type ByPath = BTreeMap<(Side, Box<str>), Told>;

fn fields(observed: &[Arc<ObservedPlan>], event: Option<&str>) -> Vec<PropertyFound> {
    let (mut told, mut n_events, mut n_inside) = (ByPath::new(), 0, 0);
    let mut n_with_context = 0;
    for ObservedPlan { fields, .. } in observed.iter().map(|observed| &**observed) {
        let named =
            fields.events.iter().filter(|seen| event.is_none_or(|name| *seen.name == *name));
        let mut is_sent = event.is_none();
        for seen in named {
            is_sent = true;
            // The traits of people and groups are no properties of the event.
            if !matches!(seen.kind, EventKind::Track | EventKind::Page | EventKind::Screen) {
                continue;
            }
            n_events += seen.n;
            n_inside += seen.n_inside;
            seen.inside.iter().for_each(|field| tell(&mut told, (Side::Property, true), field));
            seen.properties
                .iter()
                .for_each(|field| tell(&mut told, (Side::Property, false), field));
        }
        if is_sent {
            n_with_context += fields.n_events;
            fields.context.iter().for_each(|field| tell(&mut told, (Side::Context, false), field));
        }
    }
    let found = told.into_iter().map(|((side, path), told)| {
        let n_looked_at = match side {
            Side::Context => n_with_context,
            Side::Property if told.is_inside => n_inside,
            Side::Property => n_events,
        };
        PropertyFound {
            path,
            side,
            types: told.types,
            share: told.n as f64 / n_looked_at.max(1) as f64,
            n_looked_at,
            examples: told.examples,
        }
    });
    let mut found: Vec<PropertyFound> = found.collect();
    found.sort_by(|a, b| a.side.cmp(&b.side).then(b.share.total_cmp(&a.share)));
    found
}

fn tell(told: &mut ByPath, (side, is_inside): (Side, bool), field: &PlannedProperty) {
    let told = told.entry((side, field.name.clone())).or_default();
    told.is_inside = is_inside && (told.is_inside || told.n == 0);
    told.n += field.n.unwrap_or(0);
    told.types.extend(field.types.iter().filter(|of| of.is_value()));
    let example = field.example.as_deref().and_then(example);
    if let Some(example) = example.filter(|example| !told.examples.contains(example))
        && told.examples.len() < EXAMPLES_MAX
    {
        told.examples.push(example);
    }
}

/// A value as people read it; its JSON may end in the middle.
fn example(json: &str) -> Option<String> {
    let Some(inner) = json.strip_prefix('"') else {
        return (!json.starts_with(['{', '[', 'n'])).then(|| json.to_owned());
    };
    let whole = serde_json::from_str(json).ok();
    Some(whole.unwrap_or_else(|| format!("{inner}…")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_read_by_people() {
        let check = |json: &str, expected: Option<&str>| {
            assert_eq!(example(json).as_deref(), expected, "{json}");
        };
        check(r#""Ulm""#, Some("Ulm"));
        check(r#""a \"b\"""#, Some("a \"b\""));
        check(r#""cut in the midd"#, Some("cut in the midd…"));
        check("19.5", Some("19.5"));
        check("true", Some("true"));
        check("null", None);
        check("[1]", None);
    }
}
