//! In which words does the API speak?
//!
//! The twins of `app`'s types as they travel: one file per area. Nothing here decides anything.

pub mod account;
pub mod alert;
pub mod board;
pub mod by_hand;
pub mod catalogue;
pub mod consent;
pub mod customer;
pub mod debug;
pub mod decision;
pub mod deleted;
pub mod erasure;
pub mod export;
pub mod home;
pub mod identity;
pub mod import;
pub mod insight;
pub mod linkage;
pub mod list;
pub mod mapping;
pub mod metric;
pub mod note;
pub mod pair;
pub mod person;
pub mod plan;
pub mod privacy;
pub mod relation;
pub mod scalar;
pub mod session;
pub mod source;
pub mod sql;
pub mod timeline;
pub mod traits;
pub mod upload;
pub mod word;
