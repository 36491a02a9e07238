//! Who says what to the collector: a device of the customer, or a server of the company?

use crate::event::{Fields, Method, WorldEvent};
use crate::living::Living;
use crate::visiting::Visit;

/// What is said, before it is known who says it.
pub(crate) struct Call {
    method: Method,
    name: &'static str,
    fields: Fields,
}

/// A call of a kind with a name (empty where the kind has none) and its fields.
pub(crate) fn call(method: Method, name: &'static str, fields: Fields) -> Call {
    Call { method, name, fields }
}

impl Living<'_> {
    pub(crate) fn track(&mut self, visit: &mut Visit, name: &'static str, fields: Fields) {
        self.say(visit, call(Method::Track, name, fields));
    }

    /// Sends a call from the visit's device, then lets some seconds pass.
    pub(crate) fn say(&mut self, visit: &mut Visit, call: Call) {
        let event = self.event_of(visit, call);
        self.diary.write(event);
        self.pass_time(visit);
    }

    /// A call as the visit's device would send it now.
    pub(crate) fn event_of(&self, visit: &Visit, call: Call) -> WorldEvent {
        let device = &self.devices.all[visit.device];
        WorldEvent {
            method: call.method,
            message_id: 0,
            timestamp: visit.at,
            name: call.name,
            anonymous_id: Some(device.anonymous_id.clone()),
            user_id: device.signed_in.then(|| self.person.user_id.clone()),
            group_id: None,
            previous_id: None,
            fields: call.fields,
            page: visit.page,
            referrer: visit.referrer,
            campaign: visit.campaign.clone(),
            recipient: None,
            sender: device.sender.clone(),
        }
    }

    /// A call from a server of the company, about a customer that it can name.
    pub(crate) fn say_from_server(&mut self, at: i64, call: Call, is_mail: bool) {
        let user_id = self.standing.has_account.then(|| self.person.user_id.clone());
        let anonymous_id = match user_id {
            Some(_) => None,
            None => self.standing.contact_id.clone(),
        };
        let recipient = self.standing.email.clone().filter(|_| is_mail);
        self.diary.write(WorldEvent {
            method: call.method,
            message_id: 0,
            timestamp: at,
            name: call.name,
            anonymous_id,
            user_id,
            group_id: None,
            previous_id: None,
            fields: call.fields,
            page: None,
            referrer: "",
            campaign: None,
            recipient,
            sender: self.world.server().clone(),
        });
    }
}
