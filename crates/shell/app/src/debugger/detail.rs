//! How was one event sent, and how was it understood?

use super::recent::line;
use super::{AgentInfo, DebugDetail, DebugEvent, DeliveryInfo};
use crate::engine::Engine;
use crate::failure;
use crate::processor::line_of_row;
use crate::seq::EventSeq;
use base::{CustomerId, Error, ErrorKind};
use collect::{Agent, Delivery};
use lexicon::{Event, Identifier};
use serde_json::{Value, json};
use std::sync::Arc;

impl Engine {
    /// One event, raw and as understood.
    ///
    /// # Errors
    /// `NotFound` where neither the log nor the debugger has it any more.
    pub async fn debugger_one(&self, seq: EventSeq) -> Result<DebugDetail, Error> {
        let entry = self.shared.log.entry(seq.position).await.map_err(failure::log)?;
        let delivery = entry.and_then(|entry| Delivery::decode(&entry.payload).ok());
        let index = seq.index as usize;
        let delivery = delivery.filter(|delivery| index < delivery.items.len());
        let listed = self.listed(seq).await?;
        let Some(delivery) = delivery else { return expired(listed, seq) };
        let event = self.shared.understand(&delivery, index).ok();
        let event_line = match (listed, &event) {
            (Some(listed), _) => listed,
            (None, Some(event)) => line(seq, event, self.owner(event.came_under()).await?),
            (None, None) => return Err(not_here(seq)),
        };
        Ok(DebugDetail {
            event: event_line,
            raw: Some(delivery.items[index].json.clone()),
            raw_expired: false,
            understood: event.as_ref().map(understood),
            delivery: info(&delivery),
        })
    }

    /// The debugger's line for an event, where it has one.
    async fn listed(&self, seq: EventSeq) -> Result<Option<DebugEvent>, Error> {
        let recent = self.shared.recent.newest_first(None);
        if let Some(event) = recent.iter().find(|event| event.seq == seq) {
            return Ok(Some((**event).clone()));
        }
        let row = self.shared.state.refusal(seq.to_number()).await?;
        Ok(row.map(|row| line_of_row(&row)))
    }

    async fn owner(&self, identifier: &Identifier) -> Result<Option<CustomerId>, Error> {
        let found = self.shared.state.identifiers(std::slice::from_ref(identifier)).await?;
        Ok(found.into_iter().flatten().next().map(|row| row.customer))
    }
}

fn expired(listed: Option<DebugEvent>, seq: EventSeq) -> Result<DebugDetail, Error> {
    let event = listed.ok_or_else(|| not_here(seq))?;
    Ok(DebugDetail {
        event,
        raw: None,
        raw_expired: true,
        understood: None,
        delivery: DeliveryInfo::default(),
    })
}

fn not_here(seq: EventSeq) -> Error {
    Error::new(ErrorKind::NotFound, format!("the debugger has no event {seq}"))
        .with_hint("what was taken stays on its customer's timeline")
}

fn info(delivery: &Delivery) -> DeliveryInfo {
    let agent = delivery.user_agent.as_deref().map(Agent::parse);
    let word = |text: &Arc<Agent>, of: fn(&Agent) -> &Option<Box<str>>| {
        of(text).as_deref().map(str::to_owned)
    };
    DeliveryInfo {
        dialect: delivery.dialect.slug().to_owned(),
        sent_at: delivery.sent_at,
        ip: delivery.ip.as_deref().map(str::to_owned),
        user_agent: delivery.user_agent.as_deref().map(str::to_owned),
        agent: agent.map(Arc::new).map(|agent| AgentInfo {
            browser: word(&agent, |a| &a.browser),
            os: word(&agent, |a| &a.os),
            device: word(&agent, |a| &a.device),
        }),
    }
}

/// The event as it was understood, for people.
fn understood(event: &Event) -> Value {
    let identifier = |i: &Identifier| json!({ "kind": i.kind.slug(), "value": &*i.value });
    let identifiers: Vec<Value> = event.identifiers.iter().map(identifier).collect();
    let links: Vec<Value> = event
        .links
        .iter()
        .map(|link| {
            json!({
                "a": identifier(&link.a), "b": identifier(&link.b), "rule": link.rule.slug(),
            })
        })
        .collect();
    json!({
        "message_id": &*event.message_id,
        "kind": event.kind.slug(),
        "name": &*event.name,
        "occurred_at": event.occurred_at.to_string(),
        "received_at": event.received_at.to_string(),
        "came_under": identifier(event.came_under()),
        "identifiers": identifiers,
        "links": links,
        "account": event.account_key.as_deref(),
        "properties": event.properties.to_map(),
        "traits": event.traits.to_map(),
        "traits_once": event.traits_once.to_map(),
        "traits_unset": event.traits_unset.iter().map(|name| &**name).collect::<Vec<_>>(),
        "context": event.context.to_map(),
    })
}
