//! What does each path of the API do?
//!
//! One file per area. A handler asks for the right, reads its input, asks the engine, and puts the
//! answer into the words of [`crate::wire`].

pub mod about;
pub mod accounts;
pub mod audit;
pub mod customers;
pub mod debugger;
pub mod decisions;
pub mod home;
pub mod imports;
pub mod invites;
pub mod plans;
pub mod session;
pub mod sources;
pub mod tokens;
pub mod traits;
pub mod users;
