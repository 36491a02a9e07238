//! Which e-mails and advertisements does Northlight run?
//!
//! Every Thursday one e-mail goes out, newsletters and offers in turn; from
//! Tuesday to Cyber Monday of the Black Friday week, offers on Tuesday, Friday
//! and Monday besides. A customer who may be written to gets one with the
//! probability [`SEND_PROBABILITY`], drawn anew each time (the rest is a
//! comparison group), but offers are aimed at the active: with
//! [`OFFER_PROBABILITY_IDLE`] if the last visit is more than 30 days ago. So the
//! naive comparison of offers is biased, and the propensity that corrects it is known.

use crate::calendar::{Date, weekday};
use crate::catalogue::Category;
use crate::event::Utm;
use crate::seasons::black_friday;
use crate::seed::{Seed, Stream};
use crate::spend::Channel;
use std::sync::Arc;

/// Probability that an eligible customer gets a newsletter, or an offer if active.
pub const SEND_PROBABILITY: f64 = 0.8;
/// Probability that an eligible customer gets an offer after 30 days without a visit.
pub const OFFER_PROBABILITY_IDLE: f64 = 0.45;
/// Probability that an abandoned cart is followed by an e-mail on the next day.
pub const CART_PROBABILITY: f64 = 0.7;
/// Probability that a win-back e-mail goes out, every 28 days after 90 without an order.
pub const WIN_BACK_PROBABILITY: f64 = 0.6;
/// Probability, on each of the 7 days after a visit, to see a retargeting banner.
pub const RETARGETING_PROBABILITY: f64 = 0.1;

/// The kinds of e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// News to all who agreed.
    Newsletter,
    /// A price for a short time.
    Offer,
    /// Something was left in the cart.
    AbandonedCart,
    /// It has been a while.
    WinBack,
    /// Greeting after consent.
    Welcome,
    /// The order is confirmed: needs no consent.
    OrderConfirmation,
}

impl MailKind {
    /// Does it need consent to marketing by e-mail?
    #[must_use]
    pub const fn is_marketing(self) -> bool {
        !matches!(self, MailKind::OrderConfirmation)
    }

    /// How much more often than a newsletter it is opened.
    pub(crate) const fn pull(self) -> f64 {
        match self {
            MailKind::Newsletter => 1.0,
            MailKind::Offer => 1.1,
            MailKind::AbandonedCart => 1.4,
            MailKind::WinBack => 0.8,
            MailKind::Welcome => 1.5,
            MailKind::OrderConfirmation => 2.0,
        }
    }
}

/// One e-mail campaign.
#[derive(Debug)]
pub struct MailCampaign {
    /// What it is.
    pub kind: MailKind,
    /// The id that events carry.
    pub id: Arc<str>,
    /// The name that events carry.
    pub name: Arc<str>,
    /// The subject line.
    pub subject: Arc<str>,
    /// The day of sending since 1970-01-01; none for those that follow a customer's act.
    pub day: Option<i64>,
    /// The shelf that it is about.
    pub category: Category,
    /// The marks in its links.
    pub utm: Arc<Utm>,
}

/// All e-mails of the window, and the advertisements that visits come from.
pub(crate) struct Campaigns {
    pub(crate) mails: Vec<Arc<MailCampaign>>,
    /// Per day of the window: the positions of its mails.
    by_day: Vec<Vec<u16>>,
    triggered: [Arc<MailCampaign>; 4],
    /// Per channel: its campaigns; the first is always on.
    ads: [Vec<Arc<Utm>>; 5],
    pub(crate) retargeting: Arc<Utm>,
}

impl Campaigns {
    pub(crate) fn new(seed: Seed, first_day: i64, n_days: usize) -> Campaigns {
        let mut stream = seed.stream();
        let mut mails = Vec::new();
        let mut by_day = vec![Vec::new(); n_days];
        for (offset, of_day) in by_day.iter_mut().enumerate() {
            let day = first_day + offset as i64;
            if let Some(kind) = mail_of_day(day) {
                of_day.push(mails.len() as u16);
                mails.push(Arc::new(scheduled(&mut stream, kind, day)));
            }
        }
        let triggered = [
            triggered(MailKind::AbandonedCart, "abandoned-cart", "You left something behind"),
            triggered(MailKind::WinBack, "win-back", "We have missed you"),
            triggered(MailKind::Welcome, "welcome", "Welcome to Northlight Home"),
            triggered(
                MailKind::OrderConfirmation,
                "order-confirmation",
                "Thank you for your order",
            ),
        ]
        .map(Arc::new);
        let retargeting = utm("retargeting-catalogue", "display-network", "retargeting");
        Campaigns { mails, by_day, triggered, ads: Channel::ALL.map(ads_of), retargeting }
    }

    /// The positions of the mails of a day, counted from the first of the window.
    pub(crate) fn of_day(&self, offset: i64) -> &[u16] {
        let day = usize::try_from(offset).ok().and_then(|offset| self.by_day.get(offset));
        day.map_or(&[], Vec::as_slice)
    }

    /// The campaign that follows a customer's act.
    pub(crate) fn triggered(&self, kind: MailKind) -> &Arc<MailCampaign> {
        self.triggered
            .iter()
            .find(|campaign| campaign.kind == kind)
            .expect("newsletters and offers are scheduled, all other kinds are in the list")
    }

    /// The marks of an advertisement; television leaves none.
    pub(crate) fn ad(&self, stream: &mut Stream, channel: Channel) -> Option<Arc<Utm>> {
        let ads = &self.ads[channel as usize];
        let at = stream.unit();
        ads.get((at * at * ads.len() as f64) as usize).cloned()
    }
}

fn mail_of_day(day: i64) -> Option<MailKind> {
    let from_black_friday = day - black_friday(Date::of_day(day).year);
    if matches!(from_black_friday, -3 | 0 | 3) {
        return Some(MailKind::Offer);
    }
    let is_even_week = day.div_euclid(7) % 2 == 0;
    match weekday(day) {
        3 if is_even_week => Some(MailKind::Offer),
        3 => Some(MailKind::Newsletter),
        _ => None,
    }
}

fn scheduled(stream: &mut Stream, kind: MailKind, day: i64) -> MailCampaign {
    let category = stream.pick(&Category::ALL);
    let shelf = category.name().to_lowercase();
    let percent = stream.pick(&[10, 15, 20, 25]);
    let mut date = String::new();
    crate::calendar::push_date(&mut date, day);
    let (word, subject) = match kind {
        MailKind::Offer => ("offer", format!("{percent} % off {shelf}, this week only")),
        _ => ("newsletter", format!("Northlight news: getting more from your {shelf}")),
    };
    let id: Arc<str> = format!("{word}-{date}").into();
    let name: Arc<str> = format!("{word} {shelf} {date}").into();
    let utm = utm(&id, "newsletter", "email");
    MailCampaign { kind, id, name, subject: subject.into(), day: Some(day), category, utm }
}

fn triggered(kind: MailKind, id: &str, subject: &str) -> MailCampaign {
    MailCampaign {
        kind,
        id: id.into(),
        name: id.replace('-', " ").into(),
        subject: subject.into(),
        day: None,
        category: Category::Bundles,
        utm: utm(id, "lifecycle", "email"),
    }
}

fn ads_of(channel: Channel) -> Vec<Arc<Utm>> {
    let (source, medium, names): (_, _, &[&str]) = match channel {
        Channel::Tv => return Vec::new(),
        Channel::PaidSearch => (
            "google",
            "cpc",
            &["brand", "smart-lock", "security-camera", "radiator-valve", "video-doorbell"],
        ),
        Channel::Social => {
            ("instagram", "paid_social", &["home-reels", "heating-season", "holiday-watch"])
        }
        Channel::Display => {
            ("display-network", "display", &["prospecting-homeowners", "prospecting-renters"])
        }
        Channel::Affiliate => {
            ("affiliate", "affiliate", &["compare-smart-homes", "deal-forum", "cashback"])
        }
    };
    names.iter().map(|name| utm(name, source, medium)).collect()
}

fn utm(name: &str, source: &'static str, medium: &'static str) -> Arc<Utm> {
    Arc::new(Utm { name: name.into(), source, medium })
}
