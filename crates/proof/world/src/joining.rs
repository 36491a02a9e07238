//! How does an anonymous visitor become a known customer?
//!
//! By opening an account (user id, `identify`), by taking the newsletter or
//! buying as a guest (an e-mail address without a user id), and by signing in on
//! further devices: seen in half of the visits on a browser where one is signed
//! out, in nearly all that are for an order, and always in the app. Consent to
//! marketing is asked when an address is given; a refusal is an event too.

use crate::agenda::Task;
use crate::calendar::MINUTE;
use crate::campaign::MailKind;
use crate::device::DeviceKind;
use crate::event::{Fields, Method, Value, shared};
use crate::living::Living;
use crate::nature::Kind;
use crate::speaking::call;
use crate::standing::CONSENT_CHANNELS;
use crate::typos::mistype_email;
use crate::visiting::{BUSINESS, PREFERENCES, SIGN_UP, Visit};

/// The version of the text under which consent is asked.
const CONSENT_TEXT: &str = "2025-03";

impl Living<'_> {
    /// Signs in where an account exists and the device does not know its owner.
    pub(crate) fn maybe_sign_in(&mut self, visit: &mut Visit, is_order: bool) {
        let device = &self.devices.all[visit.device];
        let p = match device.kind {
            DeviceKind::App => 1.0,
            _ if is_order => 0.95,
            _ if device.is_shared => 0.4,
            _ => 0.5,
        };
        let wants = self.streams.join.chance(p);
        if self.standing.has_account && !device.signed_in && wants {
            self.sign_in(visit);
        }
    }

    pub(crate) fn sign_in(&mut self, visit: &mut Visit) {
        let is_alias = self.streams.join.chance(0.1);
        let device = &mut self.devices.all[visit.device];
        device.signed_in = true;
        if device.kind == DeviceKind::App && is_alias {
            self.say_alias(visit);
        }
        let mut traits = self.name_traits();
        if let Some(plan) = self.standing.plan {
            traits.push(("plan", Value::Text(plan.name())));
        }
        self.say(visit, call(Method::Identify, "", traits));
        self.track(visit, "Signed In", vec![("method", Value::Text("password"))]);
        if self.streams.join.chance(0.3) {
            self.say_group(visit);
        }
    }

    /// Joins of their own accord, when the visit for it has come.
    pub(crate) fn maybe_join(&mut self, visit: &mut Visit) {
        let is_time = self.standing.joins_at_visit.is_some_and(|n| self.standing.n_visits >= n);
        if !is_time || self.standing.email.is_some() {
            return;
        }
        if self.standing.joins_by_newsletter {
            self.take_newsletter(visit);
        } else {
            self.sign_up(visit);
        }
    }

    /// Opens an account on the visit's device.
    pub(crate) fn sign_up(&mut self, visit: &mut Visit) {
        self.open(visit, SIGN_UP, "Sign Up");
        if self.devices.all[visit.device].kind == DeviceKind::App && self.streams.join.chance(0.3) {
            self.say_alias(visit);
        }
        self.standing.has_account = true;
        self.devices.all[visit.device].signed_in = true;
        self.give_contact(visit);
        let traits = self.account_traits(visit.at);
        self.say(visit, call(Method::Identify, "", traits));
        let fields = self.sign_up_fields();
        self.track(visit, "Signed Up", fields);
        self.ask_consents(visit);
        self.say_group(visit);
        self.ask_for_demo(visit);
    }

    /// Gives only an address: known by e-mail, without a user id.
    fn take_newsletter(&mut self, visit: &mut Visit) {
        self.give_contact(visit);
        let mut traits = vec![("email", self.email_value())];
        if self.streams.join.chance(0.4) {
            traits.push(("firstName", Value::Text(self.person.first.written)));
        }
        self.say(visit, call(Method::Identify, "", traits));
        self.change_consent(visit, 0, true, "newsletter form");
        self.welcome(visit);
    }

    /// Says who they are at the till, without opening an account.
    pub(crate) fn check_out_as_guest(&mut self, visit: &mut Visit) {
        self.give_contact(visit);
        let traits = self.contact_traits();
        self.say(visit, call(Method::Identify, "", traits));
        if self.standing.consents[0].is_none() {
            let agrees = self.streams.join.chance(self.nature.consent_probability);
            self.change_consent(visit, 0, agrees, "checkout");
        }
    }

    /// The company learns the address, as it is typed this time.
    fn give_contact(&mut self, visit: &Visit) {
        let device = &self.devices.all[visit.device];
        if self.standing.email.is_none() || self.standing.contact_id.is_none() {
            self.standing.contact_id = Some(device.anonymous_id.clone());
            self.standing.email = Some(if self.person.mistypes_own_email {
                mistype_email(&mut self.streams.join, &self.person.email).into()
            } else {
                self.person.email.clone()
            });
        }
    }

    fn ask_consents(&mut self, visit: &mut Visit) {
        let p = self.nature.consent_probability;
        if self.standing.consents[0].is_none() {
            let agrees = self.streams.join.chance(p);
            self.change_consent(visit, 0, agrees, "sign-up form");
        }
        if self.person.phone.is_some() && self.streams.join.chance(0.3) {
            let agrees = self.streams.join.chance(p * 0.4);
            self.change_consent(visit, 1, agrees, "sign-up form");
        }
        if self.devices.all[visit.device].kind == DeviceKind::App {
            let agrees = self.streams.join.chance(p * 0.7);
            self.change_consent(visit, 2, agrees, "app");
        }
        if self.standing.may_mail() {
            self.welcome(visit);
        }
    }

    fn welcome(&mut self, visit: &Visit) {
        let campaign = self.world.campaigns().triggered(MailKind::Welcome).clone();
        self.agenda.plan(visit.at + 4 * MINUTE, Task::Mail(campaign));
    }

    /// Looks at the preferences and changes their mind: 0.8 % of the visits with an account.
    pub(crate) fn maybe_change_consent(&mut self, visit: &mut Visit) {
        let goes = self.streams.join.chance(0.008);
        let agrees = self.streams.join.chance(self.nature.consent_probability * 0.6);
        let known = self.standing.has_account && self.devices.all[visit.device].signed_in;
        if goes && known && self.standing.consents[0] != Some(agrees) {
            self.open(visit, PREFERENCES, "Preferences");
            self.change_consent(visit, 0, agrees, "preferences");
        }
    }

    fn change_consent(
        &mut self,
        visit: &mut Visit,
        channel: usize,
        granted: bool,
        how: &'static str,
    ) {
        self.standing.consents[channel] = Some(granted);
        self.track(visit, "Consent Changed", consent_fields(channel, granted, how));
    }

    fn say_alias(&mut self, visit: &mut Visit) {
        let mut event = self.event_of(visit, call(Method::Alias, "", Vec::new()));
        event.previous_id = event.anonymous_id.take();
        event.user_id = Some(self.person.user_id.clone());
        self.diary.write(event);
        visit.at += 200_000;
    }

    /// Contacts of accounts say which one they belong to.
    fn say_group(&mut self, visit: &mut Visit) {
        let Some(account) = self.person.account.clone() else {
            return;
        };
        let traits = vec![
            ("name", shared(account.name.as_str())),
            ("industry", Value::Text(account.industry)),
            ("employees", Value::Int(i64::from(account.employees))),
            ("plan", Value::Text(account.plan.name())),
            ("website", shared(account.website.as_str())),
        ];
        let mut event = self.event_of(visit, call(Method::Group, "", traits));
        event.group_id = Some(account.id.as_str().into());
        self.diary.write(event);
        visit.at += 300_000;
    }

    /// Contacts of accounts ask for a demo, six of ten, once.
    fn ask_for_demo(&mut self, visit: &mut Visit) {
        let Some(account) = self.person.account.clone() else {
            return;
        };
        if self.standing.asked_for_demo || !self.streams.join.chance(0.6) {
            return;
        }
        self.standing.asked_for_demo = true;
        self.open(visit, BUSINESS, "Professionals");
        let homes = self.streams.join.log_normal(25.0, 1.0).clamp(2.0, 3000.0) as i64;
        let fields = vec![
            ("company", shared(account.name.as_str())),
            ("industry", Value::Text(account.industry)),
            ("employees", Value::Int(i64::from(account.employees))),
            ("homes", Value::Int(homes)),
        ];
        self.track(visit, "Demo Requested", fields);
    }

    fn email_value(&self) -> Value {
        let email = self.standing.email.clone();
        Value::Shared(email.expect("an address is given before it is sent"))
    }

    fn name_traits(&self) -> Fields {
        let mut traits = vec![("name", shared(self.person.full_name()))];
        if self.standing.email.is_some() {
            traits.push(("email", self.email_value()));
        }
        traits
    }

    fn contact_traits(&mut self) -> Fields {
        let mut traits = vec![
            ("firstName", Value::Text(self.person.first.written)),
            ("lastName", Value::Text(self.person.last.written)),
            ("name", shared(self.person.full_name())),
            ("email", self.email_value()),
            ("city", Value::Text(self.person.city)),
            ("country", Value::Text(self.person.country.code)),
        ];
        if let Some(phone) = &self.person.phone {
            self.standing.gave_phone = true;
            traits.push(("phone", Value::Shared(phone.clone())));
        }
        traits
    }

    fn account_traits(&mut self, at: i64) -> Fields {
        let mut traits = self.contact_traits();
        traits.push(("createdAt", Value::Instant(at)));
        traits.push(("plan", Value::Text("Free")));
        if let Some(day) = self.person.birthday {
            traits.push(("birthday", Value::Date(day)));
        }
        if let Some(account) = &self.person.account {
            traits.push(("company", shared(account.name.as_str())));
        }
        traits.push(("referral_code", shared(self.world.referral_code(self.person.index))));
        traits
    }

    fn sign_up_fields(&mut self) -> Fields {
        let method = self.streams.join.weighted(&[70.0, 18.0, 12.0]);
        let mut fields = vec![("method", Value::Text(["email", "google", "apple"][method]))];
        if let Some(referrer) = self.referrer {
            fields.push(("referral_code", shared(self.world.referral_code(referrer))));
        }
        if self.nature.kind == Kind::Business {
            fields.push(("account_type", Value::Text("business")));
        }
        fields
    }
}

/// The properties of a change of consent.
pub(crate) fn consent_fields(channel: usize, granted: bool, how: &'static str) -> Fields {
    vec![
        ("purpose", Value::Text("marketing")),
        ("channel", Value::Text(CONSENT_CHANNELS[channel])),
        ("granted", Value::Flag(granted)),
        ("text_version", Value::Text(CONSENT_TEXT)),
        ("source", Value::Text(how)),
    ]
}
