//! Which identifiers point to the same customer, and why do we think so?
//!
//! Customers are a pure function of the *set* of links ([`resolve`]): links are taken from the
//! strongest rule and the earliest time to the weakest and latest, and a link is followed unless
//! it would put two user ids into one customer, which only a stated link may do. Neither the
//! order in which links arrive nor the numbers of the identifiers have a say.
//!
//! A batch of events is settled without looking at anybody who is not touched:
//!
//! 1. [`Arrivals::hear`] every event; look up [`Arrivals::mentioned`].
//! 2. [`Arrivals::settle`] with the answers: new identifiers get their numbers.
//! 3. Ask the ledger for [`Settled::questions`]; [`Settled::recall`] drops what is no news.
//! 4. Load the customers in [`Claims::needs`] (mostly none); [`Claims::plan`] says what changes.
//!
//! # Why the touched customers are enough
//!
//! Take all user ids to be one common root: then a link is inert exactly where it would close a
//! circle through the root, and the followed links are a minimum spanning tree. A new link (or
//! earlier evidence for an old one) puts at most itself into that tree and pushes at most one
//! link out, the greatest of the circle that it closes, and that circle lies within the customers
//! of its two ends. Where both ends are one customer already, the customer stays whole. So no
//! customer outside the two can change, and links that lead outside keep their flag. Taking a link
//! *away* is different: it can wake an inert link, so an unmerge looks one customer further; see
//! [`Edit`].

mod arrivals;
mod claims;
mod edit;
mod forest;
mod ledger;
mod plan;
mod resolve;
#[cfg(test)]
mod testing;

pub use arrivals::{Arrivals, Known, Recorded, Settled, Slot};
pub use claims::{Claims, Snapshot};
pub use edit::{Edit, EditError};
pub use ledger::{Inert, LinkFact, LinkKey, Member};
pub use plan::{IdentityPlan, Merge, Move, NewIdentifier, Split};
pub use resolve::{Node, Resolution, resolve};
