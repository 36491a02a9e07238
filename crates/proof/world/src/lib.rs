//! What would a believable company see, when the truth behind it is known?
//!
//! The company is Northlight Home: connected-home devices, subscription plans
//! Basic, Plus and Pro, a web shop, an app, e-mail, advertising, stores, and
//! installers and property managers as business customers, in ten countries of
//! Europe and in euros. [`World::customer`] makes one customer: what client
//! libraries sent ([`WorldEvent`]), what the CRM and the tills have ([`CrmRecord`],
//! [`Receipt`]), and apart from it the [`Truth`].
//!
//! ```
//! use world::{World, WorldSpec};
//!
//! let world = World::new(WorldSpec {
//!     seed: 1,
//!     n_customers: 100,
//!     ends_at: 1_795_262_400_000_000, // 2026-11-21 12:00 UTC
//!     months: 18,
//! });
//! let life = world.customer(42);
//! let mut line = String::new();
//! life.events[0].to_segment_json(&mut line);
//! assert!(line.starts_with("{\"type\":\"page\""));
//! assert_eq!(life.truth.person_id, "P00000042");
//! ```
//!
//! # What holds
//! - A world is a function of seed, end and length; a customer besides of the
//!   index only, not of the size of the world or of other customers.
//! - Nothing is held in memory but the customer asked for: [`World::lives`] streams.
//! - Events lie within the window and, per customer, in time order; times are whole
//!   milliseconds. Between customers they are not in order.
//! - Marketing e-mails go only to those whose last answer was yes.
//!
//! # What is assumed
//! Where each number comes from is written at the head of its module: `nature`
//! (hidden parameters), `spend` (advertising and arrivals), `campaign` (who is
//! written to, with which probability), `pressure` (how effects act and fade),
//! `seasons`, `street` (households, accounts), `device`, `joining` (identity),
//! `buying`, `owning`, `mailing`, `crm`, `receipt`, `phone`. They are chosen to be
//! believable, not fitted to a real company. Besides:
//! - Northlight opens its shop on the first day of the window: nobody has a past.
//! - At most one order a day; prices, plans and texts do not change.
//! - Messages act on the rate of orders and on visits through their links, on nothing else.
//! - There is no text in chats, and no SMS or push message is sent.

mod account;
mod agenda;
mod buying;
pub mod calendar;
mod campaign;
mod catalogue;
mod country;
mod crm;
mod csv;
mod device;
mod diary;
mod draw;
mod event;
mod joining;
mod json;
mod life;
mod living;
mod mailing;
mod names;
mod nature;
mod owning;
mod person;
mod phone;
mod pressure;
mod purse;
mod receipt;
mod seasons;
mod seed;
mod speaking;
mod spend;
mod standing;
mod street;
mod truth;
mod typos;
mod visiting;
mod world;

pub use account::Account;
pub use campaign::{
    CART_PROBABILITY, MailCampaign, MailKind, OFFER_PROBABILITY_IDLE, RETARGETING_PROBABILITY,
    SEND_PROBABILITY, WIN_BACK_PROBABILITY,
};
pub use catalogue::{Category, PRODUCTS, Plan, Product, Tier};
pub use country::{COUNTRIES, Country};
pub use crm::CrmRecord;
pub use event::{Fields, Line, Method, Page, SHOP, Sender, Utm, Value, WorldEvent};
pub use life::Life;
pub use nature::{ChannelLiking, Effects, Kind, Nature, Taste};
pub use person::person_id;
pub use pressure::{DAILY_REMAINDER, UNOPENED_SHARE};
pub use receipt::Receipt;
pub use spend::{Arrival, Channel, SpendDay};
pub use truth::{Identifiers, Outcome, Truth};
pub use world::{World, WorldSpec};
