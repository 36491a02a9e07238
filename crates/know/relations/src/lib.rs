//! Who belongs to whom: accounts, households, referrals, mentions, and who makes others buy?
//!
//! Nothing here merges anybody. What events say ([`hear`]) is kept by identifier, and put down to
//! customers as they stand when somebody asks ([`Relations::resolve`]): a merge or an unmerge
//! changes the answer exactly, and nothing that was kept. [`influence`] is the first score that is
//! computed from it.

mod account;
mod domain;
mod error;
mod fact;
mod graph;
mod hear;
mod household;
pub mod influence;
mod text;

pub use account::{AccountClaim, AccountStatement, is_of_member};
pub use domain::{FreeMail, domain_of, domain_of_site, is_within};
pub use error::NotEstimable;
pub use fact::{Fact, Reference, RelationKind, Told, Way};
pub use graph::{CodeClaim, Directory, Edge, Evidence, Relations, RelationsOf, Waiting};
pub use hear::{Heard, hear};
pub use household::{BadHouseholdKey, Dwelling, HouseholdKey, HouseholdRule};
