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
//! | which values of a trait are kept, when they were said last, how often in all | the latest, and the latest of each source | yes; when a value that had fallen out and came back was said first, and how often before, is gone |
//! | which answers about consent are kept | the latest, and the latest withdrawal | yes, likewise for those said along with other events |
//! | names of traits, purposes with channels, agents, product names | the latest | yes; one that had fallen out and came back begins anew |
//! | traits set once, accounts | those with the smallest hash of their name | yes |
//! | counts by name | names of the semantic events, then by smallest hash; the rest as "other" | yes |
//! | messages | those with the latest activity | which ones: yes; an earlier stamp of one that had fallen out and came back is gone |
//! | orders | those with the latest activity; older ones as sums | sums: yes while each order is one event; a later update, cancellation or copy of an order that is only in the sums counts as another order |
//! | lines of one order | the first of the event | what is cut off counts in sums, not as a holding |

mod accounts;
mod bounds;
mod circumstances;
mod confirmed;
mod consents;
mod counts;
mod error;
mod fragment;
mod fragments;
mod latest;
mod loose;
mod message_id;
mod messages;
mod order_event;
mod orders;
mod origin;
mod permission;
mod products;
mod related;
mod rules;
mod sayings;
#[cfg(test)]
mod scene;
mod semantic;
mod sentence;
mod settlement;
mod stored;
mod summary;
mod trait_history;
mod trait_value;
mod traits;
mod view;

pub use accounts::Membership;
pub use circumstances::Agent;
pub use consents::{Consent, ConsentChange};
pub use counts::NameCount;
pub use error::DecodeError;
pub use fragments::Fragments;
pub use messages::{Message, MessageStatus};
pub use origin::Evidence;
pub use permission::Permission;
pub use products::{ProductMention, products_mentioned};
pub use rules::{TraitRule, TraitRules};
pub use settlement::{Holding, Order, OrderLine, OrderStatus, OrderTotals};
pub use summary::{Look, Summary};
pub use trait_history::{TraitHistory, TraitSaid};
pub use trait_value::{OtherValue, TakenAway, TraitValue};
pub use view::{CameUnder, Certainty, Profile};
