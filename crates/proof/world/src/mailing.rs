//! What becomes of an e-mail that is sent?
//!
//! Delivered, or bounced if the address was mistyped (then nothing more is sent).
//! Opened with the customer's open probability times the pull of its kind, 3 h
//! later on average; clicked with the click probability; an opened marketing
//! e-mail leads to an unsubscription with the customer's irritation, one in six
//! of these by way of the spam button.

use crate::agenda::{Purpose, Task};
use crate::calendar::{HOUR, MINUTE, SECOND};
use crate::campaign::{MailCampaign, MailKind};
use crate::event::{Fields, Method, SHOP, Value, shared};
use crate::joining::consent_fields;
use crate::living::Living;
use crate::seasons::whole_ms;
use crate::speaking::call;
use std::sync::Arc;

impl Living<'_> {
    /// Sends an e-mail, if the customer can be reached and, for marketing, has agreed.
    pub(crate) fn mail(&mut self, at: i64, campaign: &Arc<MailCampaign>) {
        let allowed = if campaign.kind.is_marketing() {
            self.standing.may_mail()
        } else {
            self.standing.is_reachable()
        };
        let is_moot = campaign.kind == MailKind::AbandonedCart && self.purse.cart.is_empty();
        if !allowed || is_moot {
            return;
        }
        let id: Arc<str> = format!("em_{:012x}", self.diary.number("mail") >> 16).into();
        let mut fields = mail_fields(campaign, &id);
        if self.person.mistypes_own_email {
            self.standing.is_suppressed = true;
            fields.push(("bounce_type", Value::Text("hard")));
            return self.say_of_mail(at, "Email Bounced", fields);
        }
        self.say_of_mail(at + 2 * SECOND, "Email Delivered", fields);
        self.pressure.mail_delivered(campaign.kind, &self.nature.effects);
        let p = (self.nature.open_probability * campaign.kind.pull()).min(0.95);
        let delay = whole_ms(self.streams.mail.exponential(3.0 * HOUR as f64));
        if self.streams.mail.chance(p) {
            self.agenda.plan(at + MINUTE + delay, Task::MailOpened(campaign.clone(), id));
        }
    }

    /// The customer opens an e-mail, and perhaps clicks or has had enough.
    pub(crate) fn mail_opened(&mut self, at: i64, campaign: &Arc<MailCampaign>, id: &Arc<str>) {
        self.say_of_mail(at, "Email Opened", mail_fields(campaign, id));
        self.pressure.mail_opened(campaign.kind, &self.nature.effects);
        if self.streams.mail.chance(self.nature.click_probability) {
            let mut fields = mail_fields(campaign, id);
            let url = format!("{SHOP}{}", campaign.category.path());
            fields.push(("link_url", shared(url)));
            self.say_of_mail(at + 15 * SECOND, "Email Link Clicked", fields);
            self.agenda.plan(at + 17 * SECOND, Task::Visit(Purpose::Mail(campaign.clone())));
        }
        let has_enough = self.streams.mail.chance(self.nature.irritation);
        if has_enough && campaign.kind.is_marketing() && self.standing.may_mail() {
            self.unsubscribe(at + MINUTE, campaign, id);
        }
    }

    fn unsubscribe(&mut self, at: i64, campaign: &MailCampaign, id: &Arc<str>) {
        let as_spam = self.streams.mail.chance(1.0 / 6.0);
        let name = if as_spam { "Email Marked as Spam" } else { "Unsubscribed" };
        self.standing.is_suppressed |= as_spam;
        self.standing.consents[0] = Some(false);
        self.say_of_mail(at, name, mail_fields(campaign, id));
        let fields = consent_fields(0, false, "e-mail");
        self.say_of_mail(at + 1000, "Consent Changed", fields);
        self.busy_until = at + SECOND;
    }

    fn say_of_mail(&mut self, at: i64, name: &'static str, fields: Fields) {
        self.say_from_server(at, call(Method::Track, name, fields), true);
    }
}

fn mail_fields(campaign: &MailCampaign, id: &Arc<str>) -> Fields {
    let purpose = if campaign.kind.is_marketing() { "marketing" } else { "transactional" };
    vec![
        ("campaign_id", Value::Shared(campaign.id.clone())),
        ("campaign_name", Value::Shared(campaign.name.clone())),
        ("email_subject", Value::Shared(campaign.subject.clone())),
        ("message_id", Value::Shared(id.clone())),
        ("purpose", Value::Text(purpose)),
    ]
}
