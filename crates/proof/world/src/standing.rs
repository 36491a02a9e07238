//! What does Northlight know of a customer, and what may it do?

use crate::catalogue::Plan;
use std::sync::Arc;

/// The customer as the company stands with them.
pub(crate) struct Standing {
    /// Has opened an account (a user id exists).
    pub(crate) has_account: bool,
    /// The address that was given, right or mistyped.
    pub(crate) email: Option<Arc<str>>,
    /// The anonymous id under which the address was given.
    pub(crate) contact_id: Option<Arc<str>>,
    /// Answer to the last question for marketing by e-mail, by SMS, by push.
    pub(crate) consents: [Option<bool>; 3],
    /// The address bounced or complained: nothing is sent any more.
    pub(crate) is_suppressed: bool,
    /// The phone number was given.
    pub(crate) gave_phone: bool,
    pub(crate) n_visits: u32,
    /// At which visit they join, if they do it of their own accord.
    pub(crate) joins_at_visit: Option<u32>,
    pub(crate) joins_by_newsletter: bool,
    pub(crate) last_visit_day: i64,
    pub(crate) asked_for_demo: bool,
    pub(crate) plan: Option<Plan>,
}

/// The channels for which consent is asked, in the order of [`Standing::consents`].
pub(crate) const CONSENT_CHANNELS: [&str; 3] = ["email", "sms", "push"];

impl Standing {
    pub(crate) fn new(joins_at_visit: Option<u32>, joins_by_newsletter: bool) -> Standing {
        Standing {
            has_account: false,
            email: None,
            contact_id: None,
            consents: [None; 3],
            is_suppressed: false,
            gave_phone: false,
            n_visits: 0,
            joins_at_visit,
            joins_by_newsletter,
            last_visit_day: i64::MIN / 2,
            asked_for_demo: false,
            plan: None,
        }
    }

    /// May marketing be sent by e-mail?
    pub(crate) fn may_mail(&self) -> bool {
        self.consents[0] == Some(true) && !self.is_suppressed
    }

    /// Can they be reached by e-mail at all?
    pub(crate) fn is_reachable(&self) -> bool {
        self.email.is_some() && !self.is_suppressed
    }
}
