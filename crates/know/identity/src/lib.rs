//! Which identifiers point to the same customer, and why do we think so?
//!
//! Customers are a pure function of the *set* of links and of the [rules](IdentityRules)
//! ([`resolve`]): links are taken from the strongest rule and the earliest time to the weakest and
//! latest, and a link is followed unless it would put two user ids into one customer, which only a
//! stated link may do, or the rules of identity are against it. Neither the order in which links
//! arrive nor the numbers of the identifiers have a say.
//!
//! A batch of events is settled without looking at anybody who is not touched:
//!
//! 1. [`Arrivals::hear`] every event; look up [`Arrivals::mentioned`].
//! 2. [`Arrivals::settle`] with the answers: new identifiers get their numbers.
//! 3. Ask the ledger for [`Settled::questions`]; [`Settled::recall`] drops what is no news.
//! 4. Load the customers in [`Claims::needs`] (mostly none); [`Claims::plan`] says what changes, or
//!    who must be loaded as well (rarely anybody; see `region.rs` for who, and why that is enough).
//!
//! What people decide ([`Edit`]), new rules ([`Snapshot::judge`]) and that somebody is forgotten
//! ([`Snapshot::forget`]) go the same way from 4 on.

mod arrivals;
mod claims;
mod edit;
mod forest;
mod forget;
#[cfg(test)]
mod laws;
mod ledger;
mod phone;
mod plan;
mod region;
mod resolve;
mod rules;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod testing;

pub use arrivals::{Arrivals, Known, Recorded, Settled, Slot};
pub use claims::Claims;
pub use edit::{Edit, EditError};
pub use forget::Oblivion;
pub use ledger::{Inert, LinkFact, LinkKey, Member};
pub use phone::{e164, is_country};
pub use plan::{IdentityPlan, Merge, Move, NewIdentifier, Split};
pub use region::{Outlook, Snapshot};
pub use resolve::{Node, Resolution, resolve};
pub use rules::{IdentityRules, KindRules, Limit, Trust};
