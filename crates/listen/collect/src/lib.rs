//! Is this event well-formed, new and allowed?
//!
//! A request of any supported client library goes through four steps, none of which reads a clock
//! or touches a disk:
//!
//! 1. [`route()`]: which endpoint of which dialect does the path belong to?
//! 2. [`read`]: decompress within bounds and split into raw events, a [`Parcel`].
//! 3. [`Delivery`]: the parcel with what the server knows (source, time, address), as it is kept
//!    in the log until it is processed.
//! 4. [`understand()`]: one raw event as a [`lexicon::Event`], or the reason why it is none.
//!
//! [`plan`] holds what was agreed about the events of a source, [`reply`] what clients want to hear.

pub mod agent;
mod clock;
mod credentials;
pub mod delivery;
pub mod dialect;
mod fields;
mod form;
pub mod inflate;
mod json_text;
pub mod parcel;
pub mod plan;
pub mod refused;
pub mod reply;
pub mod request;
pub mod route;
pub mod understand;

pub use agent::Agent;
pub use delivery::{Delivery, DeliveryError};
pub use dialect::Dialect;
pub use parcel::{Parcel, RawItem, read};
pub use plan::{Observation, TrackingPlan};
pub use refused::Refused;
pub use reply::Reply;
pub use request::Request;
pub use route::{Call, Endpoint, Question, is_collect_path, route};
pub use understand::{understand, understand_without};
