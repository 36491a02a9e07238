//! How does the loop turn: fetch, call a stage, record?
//!
//! The [`Engine`] is one running Rapport without its doors: it accepts events, turns them into
//! customers in the background, and answers what is asked of customers, events and sources. The
//! HTTP doors are in `api`.

pub mod about;
pub mod access;
pub mod accounts;
pub mod alerts;
pub mod boards;
pub mod catalogue;
pub mod clock;
#[cfg(test)]
mod crashes;
pub mod customers;
pub mod data_dir;
pub mod debugger;
pub mod deletion;
pub mod edits;
pub mod engine;
mod entry;
pub mod examine;
pub mod export;
mod failure;
pub mod home;
pub mod imports;
pub mod insights;
mod keeper;
pub mod linkage;
pub mod metrics;
mod moves;
pub mod notes;
pub mod options;
pub mod page;
pub mod plan;
pub mod privacy;
mod processor;
pub mod queries;
#[cfg(test)]
mod rebuild;
pub mod relations;
pub mod rules;
pub mod seq;
pub mod sources;
pub mod tables;
pub mod traits;

pub use about::{About, Figure, Readiness};
pub use engine::{Admission, Engine, ImportRows, Origin};
pub use home::SourceActivity;
pub use options::EngineOptions;
pub use seq::EventSeq;
