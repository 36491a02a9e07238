//! What does a customer have a right to, and how is it kept?
//!
//! To be forgotten ([`order`](self), then [`Step`] by step), to be told everything, to have the use
//! of their data rest, and to an answer in time. And what nobody needs any more goes by itself.

mod consents;
mod export;
mod kept_out;
mod key;
mod needles;
mod order;
mod page;
mod requests;
mod retention;
mod steps;
mod strip;
mod suspension;
mod tombstones;
mod verify;
mod whom;

pub use consents::{ConsentReport, ConsentStanding, TextStanding};
pub use export::{Exported, TimelineReader};
pub(crate) use kept_out::strip_what_was_kept_out;
pub use order::{
    EraseOrder, EraseReason, Erasure, ErasurePreview, ErasureState, RedactOrder, StepView,
};
pub use page::{certificate_page, customer_page_end, customer_page_event, customer_page_head};
pub use requests::{
    NewRequest, PrivacyRequest, RequestChange, RequestKind, RequestQuery, RequestStatus,
};
pub(crate) use retention::{Retention, retain};
pub use retention::{RetentionPreview, RetentionRule, RetentionRules, RetentionRun};
pub use state::RequestSummary;
pub use steps::Step;
pub(crate) use steps::{advance, needles_of, under_whom, write_whom};
pub use suspension::Suspension;
pub use tombstones::Tombstone;
pub(crate) use tombstones::Tombstones;
pub(crate) use whom::Whom;
