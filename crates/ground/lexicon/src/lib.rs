//! What do the words of the field mean here?
//!
//! One file per noun; a noun that two crates say is said here first. The glossary page of the
//! docs follows these files.

pub mod blocked;
pub mod consent;
pub mod event;
pub mod identifier;
pub mod json;
pub mod link;
pub mod refusal;
pub mod source;

pub use blocked::{Blocked, BlockedValue};
pub use consent::{Channel, ConsentAct, ConsentState, Purpose};
pub use event::{Event, EventKind};
pub use identifier::{Identifier, IdentifierKind};
pub use json::{Json, immense_number};
pub use link::{LinkClaim, LinkRule};
pub use refusal::{Refusal, RefusalReason};
pub use source::{PlanMode, SourceKind};
