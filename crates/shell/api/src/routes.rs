//! What does each path of the API do?
//!
//! One file per area. A handler asks for the right, reads its input, asks the engine, and puts the
//! answer into the words of [`crate::wire`].

pub mod about;
pub mod accounts;
pub mod alerts;
pub mod audit;
pub mod boards;
pub mod catalogue;
pub mod customers;
pub mod debugger;
pub mod decisions;
pub mod erasures;
pub mod home;
pub mod identity;
pub mod imports;
pub mod insights;
pub mod invites;
pub mod linkage;
pub mod metrics;
pub mod notes;
pub mod plans;
pub mod privacy;
pub mod relations;
pub mod session;
pub mod sources;
pub mod sql;
pub mod tokens;
pub mod traits;
pub mod uploads;
pub mod users;
