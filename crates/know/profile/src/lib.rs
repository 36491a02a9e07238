//! What is known of one customer?
//!
//! A profile is kept as [`Fragments`]: one fragment for each identifier that events came under.
//! Merging two customers unites their fragments and unmerging parts them again, so nothing is
//! ever lost. What is shown ([`Fragments::view`]) is computed from the fragments.
//!
//! # Order does not matter
//!
//! Absorbing the same set of events in any order, spread over any fragments, gives the same view:
//! every part is a maximum, a minimum or a sum, and ties are broken by content. The bounds hold
//! per fragment, and most of them keep that promise beyond the bound as well:
//!
//! | part | kept beyond the bound | exact? |
//! |---|---|---|
//! | traits, consents, agents, product names | the latest | yes |
//! | traits set once, accounts | those with the smallest hash of their name | yes |
//! | counts by name | names of the semantic events, then by smallest hash; the rest as "other" | yes |
//! | messages | those with the latest activity | which ones: yes; an earlier stamp of one that had fallen out and came back is gone |
//! | orders | those with the latest activity; older ones as sums | sums: yes while each order is one event; a later update, cancellation or copy of an order that is only in the sums counts as another order |
//! | lines of one order | the first of the event | what is cut off counts in sums, not as a holding |

mod accounts;
mod bounds;
mod circumstances;
mod consents;
mod counts;
mod error;
mod fragment;
mod fragments;
mod latest;
mod loose;
mod messages;
mod order_event;
mod orders;
mod products;
#[cfg(test)]
mod scene;
mod semantic;
mod sentence;
mod settlement;
mod summary;
mod traits;
mod view;

pub use accounts::Membership;
pub use circumstances::Agent;
pub use consents::Consent;
pub use counts::NameCount;
pub use error::DecodeError;
pub use fragments::Fragments;
pub use messages::{Message, MessageStatus};
pub use products::{ProductMention, products_mentioned};
pub use settlement::{Holding, Order, OrderLine, OrderStatus, OrderTotals};
pub use summary::Summary;
pub use traits::TraitValue;
pub use view::{CameUnder, Certainty, Profile};
