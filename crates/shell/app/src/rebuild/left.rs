//! What does an engine come to that is given only what is left, and is it the same?

use super::life::{Lived, PATIENCE, World, is_withdrawn, name, somebody};
use crate::customers::{TimelineEvent, TimelineFilter};
use crate::edits::{EditChange, EditOrder};
use crate::entry::LogEntry;
use crate::page::PageQuery;
use crate::rules::IdentityRules;
use base::{CustomerId, IdentifierId, Timestamp};
use lexicon::{Identifier, Json, LinkRule};
use state::{IdentifierRow, LinkRow};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Changes of the ledger in one decision.
const N_CHANGES: usize = 50;

/// The number of each identifier in the rebuilt engine: the one that is compared by.
pub type Numbers = HashMap<Identifier, IdentifierId>;

/// Gives what is left to an engine that has lived through nothing.
pub async fn rebuilt(lived: &Lived, worlds: &[World]) -> Lived {
    let other = Lived::begin().await;
    let rules = (*lived.engine.identity_rules().rules).clone();
    let rules = IdentityRules { version: 0, ..rules };
    other.engine.change_identity_rules(&somebody(), rules).await.unwrap();
    let mut by_time: BTreeMap<Timestamp, Vec<String>> = BTreeMap::new();
    for said in worlds.iter().flat_map(|world| &world.said).filter(|said| said.is_left) {
        by_time.entry(said.heard_at).or_default().push(said.json());
    }
    for (heard_at, events) in by_time {
        other.clock.set(heard_at);
        for some in events.chunks(1_000) {
            other.send(some).await;
        }
    }
    other.clock.set(lived.engine.now());
    let numbers = numbers(&other, worlds.len() as u64).await;
    let changes = standing(lived, worlds.len() as u64, &numbers).await;
    for some in changes.chunks(N_CHANGES) {
        let (at, by) = (other.engine.now(), "Ann".to_owned());
        let order =
            EditOrder { at, by, reason: String::new(), undoes: None, changes: some.to_vec() };
        let payload = LogEntry::encode_edit(&order).into();
        other.engine.shared.log.append(payload).await.unwrap();
    }
    other.engine.caught_up(PATIENCE).await.unwrap();
    other
}

/// The statements of people that still count, and the withdrawals that still stand.
async fn standing(lived: &Lived, n_worlds: u64, numbers: &Numbers) -> Vec<EditChange> {
    let mut changes = Vec::new();
    for world in 0..n_worlds {
        let (rows, links) = lived.world(world).await;
        for link in links {
            let ends = [link.a, link.b].map(|id| number(numbers, &name(&rows, id)));
            let (a, b) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            match (is_by_hand(&link), is_withdrawn(&link)) {
                (true, false) => changes.push(EditChange::Join { a, b }),
                (false, true) => changes.push(EditChange::Withdraw { a, b, rule: link.rule }),
                (true, true) | (false, false) => {}
            }
        }
    }
    changes
}

fn is_by_hand(link: &LinkRow) -> bool {
    link.rule == LinkRule::Stated && link.source.0 == 0
}

fn number(numbers: &Numbers, name: &Identifier) -> IdentifierId {
    *numbers.get(name).unwrap_or_else(|| panic!("{name} is left over: nobody has said it"))
}

/// The numbers of all identifiers.
pub async fn numbers(engine: &Lived, n_worlds: u64) -> Numbers {
    let mut numbers = Numbers::new();
    for world in 0..n_worlds {
        let (rows, _) = engine.world(world).await;
        numbers.extend(rows.into_iter().map(|row| (row.identifier, row.id)));
    }
    numbers
}

/// Everything that is shown of each world: identifiers, profiles as they are kept, timelines, and
/// the ledger.
pub async fn told(engine: &Lived, n_worlds: u64, numbers: &Numbers) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for world in 0..n_worlds {
        let (rows, links) = engine.world(world).await;
        let mut told: Vec<String> = links.iter().filter_map(|link| ledger(&rows, link)).collect();
        let mut customers: BTreeMap<CustomerId, Vec<&IdentifierRow>> = BTreeMap::new();
        for row in &rows {
            customers.entry(row.customer).or_default().push(row);
        }
        for (id, own) in customers {
            told.push(customer(engine, id, &own, numbers).await);
        }
        told.sort_unstable();
        all.push(told);
    }
    all
}

/// A link that events have made, and what has become of it.
fn ledger(rows: &[IdentifierRow], link: &LinkRow) -> Option<String> {
    let ends = BTreeSet::from([link.a, link.b].map(|id| name(rows, id).to_string()));
    let LinkRow { rule, evidence, occurred_at, recorded_at, inert, .. } = link;
    let told = format!("{ends:?} {rule:?} {evidence} {occurred_at} {recorded_at} {inert:?}");
    (!is_by_hand(link)).then_some(told)
}

async fn customer(
    engine: &Lived,
    id: CustomerId,
    own: &[&IdentifierRow],
    numbers: &Numbers,
) -> String {
    let state = &engine.engine.shared.state;
    let other: HashMap<IdentifierId, IdentifierId> =
        own.iter().map(|row| (row.id, number(numbers, &row.identifier))).collect();
    let first = other.values().min().expect("a customer has an identifier");
    let mut lines: Vec<String> =
        own.iter().map(|row| format!("{} {}", row.identifier, row.is_shared)).collect();
    lines.sort_unstable();
    if let Some(profile) = state.profiles(&[id]).await.unwrap().remove(0) {
        let fragments = profile::Fragments::decode(&profile).unwrap();
        assert_eq!(fragments.encode(), profile, "a profile is kept in one way");
        let fragments = fragments.renumbered(|id| *other.get(&id).expect("it is their own"));
        lines.push(format!("{:?}", fragments.encode()));
    }
    if let Some(mut row) = state.customer_rows(&[id]).await.unwrap().remove(0) {
        row.id = CustomerId::founded_by(*first);
        lines.push(format!("{row:?}"));
    }
    lines.push(timeline(engine, id).await);
    lines.join("\n")
}

async fn timeline(engine: &Lived, id: CustomerId) -> String {
    let page = PageQuery { limit: 500, cursor: None };
    let page = engine.engine.timeline(id, &TimelineFilter::default(), &page).await.unwrap();
    let lines = page.items.iter().map(event);
    lines.collect::<Vec<_>>().join("\n")
}

fn event(event: &TimelineEvent) -> String {
    let TimelineEvent { occurred_at, received_at, kind, name, came_under, message_id, .. } = event;
    let (properties, traits) =
        (without_mentions(&event.properties), without_mentions(&event.traits));
    let context = event.context.as_str();
    format!(
        "{message_id} {occurred_at} {received_at} {kind:?} {name} {came_under} {properties} \
         {traits} {context}"
    )
}

/// What is left of a field that mentioned somebody is as good as no field.
fn without_mentions(json: &Json) -> String {
    json.as_str().replace(r#""email":"(erased)","#, "")
}
