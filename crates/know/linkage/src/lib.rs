//! Which records without a shared identifier are one person, and what speaks for it?
//!
//! Probabilistic record linkage after Fellegi and Sunter (1969): every field on which two records
//! agree or differ is evidence, its strength is learned from the records themselves, and the sum
//! is the probability that the two are one person.
//!
//! ```
//! use base::seed::Seed;
//! use linkage::{
//!     DateNotation, Field, Kind, LearnOptions, LinkOptions, Schema, Scope, SourceIdx, Table,
//!     learn, link,
//! };
//!
//! let fields = vec![
//!     Field::new("given name", Kind::GivenName),
//!     Field::new("family name", Kind::FamilyName),
//!     Field::new("birthday", Kind::Date),
//! ];
//! let mut table = Table::new(Schema::new(fields, DateNotation::default())?);
//! for at in 0..200 {
//!     // A hundred customers, each twice, the second time with a slip in the family name.
//!     let (who, slip) = (at / 2, if at % 2 == 0 { "" } else { "e" });
//!     let given = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Tony"][who % 7];
//!     let family = format!("{}{slip}", ["Smith", "Zrzavy", "Meyer", "Okafor", "Rossi"][who % 5]);
//!     let birthday = format!("19{:02}-{:02}-{:02}", 40 + who % 53, 1 + who % 12, 1 + who % 28);
//!     table.push(SourceIdx(0), &[given, &family, &birthday])?;
//! }
//! let learned = learn(&table, &LearnOptions::new(Seed::root(7), Scope::Within, 1), &[])?;
//! let linked = link(&table, &learned.model, &LinkOptions::new(Scope::Within, 1));
//! assert_eq!(linked.groups().len(), 100);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Table`]: records in their normal form. [`Kind`] says how a field is normalised and in
//!   which named levels it is compared.
//! - [`learn`]: a [`Model`] without labels, or with the verdicts of people ([`Label`]).
//! - [`link`]: a whole table, in blocks, on as many threads as the caller gives; clusters that do
//!   not chain.
//! - [`Index`]: one new record against a million, with insertion and removal.
//! - [`Scorer`]: one pair, and the [`Evidence`] on it.
//! - [`Quality`] and [`Reliability`]: how good it is where the truth is known.
//!
//! Pure: no clock, no files, no randomness but what comes from the seed; the number of threads
//! never changes an answer.

mod batch;
mod blocks;
mod cluster;
mod error;
mod evidence;
mod index;
mod kind;
mod learn;
pub mod metric;
mod model;
mod parallel;
mod pool;
mod quality;
mod rule;
mod schema;
mod score;
mod stop;
mod table;
mod tally;
mod text;

pub use batch::{Band, Bands, LinkOptions, LinkReport, Linked, RuleRun, ScoredPair, link};
pub use blocks::Scope;
pub use cluster::{AGAINST_MAX, COMPONENT_MAX, FOR_MAX};
pub use error::{LinkageError, NotEstimable};
pub use evidence::{Evidence, FieldEvidence};
pub use index::{Answer, Candidate, Index, IndexOptions};
pub use kind::{DateNotation, Kind, Level, Part};
pub use learn::{
    BlockingOptions, Label, LabelledPair, LearnOptions, LearnReport, Learned, Note, PassReport,
    RuleReport, learn, recalibrate,
};
pub use model::{Calibration, Dependence, FieldModel, Model, ModelParts, Together};
pub use quality::{Quality, Reliability, ReliabilityBin, Truth};
pub use rule::{KeyPart, Rule};
pub use schema::{COLUMNS_MAX, Column, Field, Schema};
pub use score::Scorer;
pub use stop::Stop;
pub use table::{RecordIdx, SourceIdx, Table};
