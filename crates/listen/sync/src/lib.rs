//! How do the files and systems a company already has become events?
//!
//! A file is opened as a [`Table`] whatever its format, looked at ([`inspect`]), given a
//! [`Mapping`], and turned into raw Segment events by a [`Conversion`], chunk by chunk. Nothing
//! here talks to a network or to the engine: whoever runs the conversion posts the chunks.

pub mod column;
pub mod conversion;
pub mod decimal;
pub mod error;
mod event;
pub mod fingerprint;
mod gather;
pub mod inspect;
pub mod mapping;
pub mod moment;
mod plan;
pub mod propose;
pub mod read;
pub mod reading;
pub mod reject;
mod remembered;
pub mod row;
mod text;

pub use column::{ColumnGuess, ColumnProfile};
pub use conversion::{Chunk, Conversion};
pub use decimal::Decimal;
pub use error::SyncError;
pub use fingerprint::fingerprint;
pub use inspect::{Inspection, Preview, count_rows, inspect, mapping_name, preview};
pub use mapping::Mapping;
pub use propose::{Confidence, Proposal, Reason, Shape, propose_as};
pub use read::{FileForm, FileFormat, Table};
pub use reading::Reading;
pub use reject::{Reject, RejectFile, RejectWriter};
pub use row::{Cell, CellKind, Row};
