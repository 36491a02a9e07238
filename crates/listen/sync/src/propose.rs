//! Which mapping would a person choose who knows files like this?
//!
//! Columns are given roles by their names and by what they hold; the roles that were found say
//! what sort of file it is; each sort has one way to be mapped. Every choice comes with its reason
//! in words, because the person who confirms it must be able to disagree.

mod build;
mod roles;

use crate::column::ColumnProfile;
use crate::mapping::Mapping;
use crate::read::{FileForm, FileFormat};
pub(crate) use roles::tokens;
use roles::{Role, Roles};

/// What sort of file it seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A Segment event on every line.
    SegmentEvents,
    /// A product of an order on every line.
    OrderLines,
    /// An order on every line.
    Orders,
    /// An event on every line, with its name in a column.
    EventLog,
    /// A customer on every line.
    Customers,
    /// None of these.
    Unknown,
}

impl Shape {
    /// Every shape, from the plainest.
    pub const ALL: [Self; 6] = [
        Self::Customers,
        Self::Orders,
        Self::OrderLines,
        Self::EventLog,
        Self::SegmentEvents,
        Self::Unknown,
    ];

    /// The shape as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::SegmentEvents => "segment_events",
            Self::OrderLines => "order_lines",
            Self::Orders => "orders",
            Self::EventLog => "event_log",
            Self::Customers => "customers",
            Self::Unknown => "unknown",
        }
    }

    /// The shape in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::SegmentEvents => "events in Segment's form",
            Self::OrderLines => "order lines, several of which are one order",
            Self::Orders => "orders, one on every line",
            Self::EventLog => "a log of events",
            Self::Customers => "a list of customers",
            Self::Unknown => "a table of no sort that is known here",
        }
    }
}

/// How sure a choice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A guess; look at it.
    Low,
    /// Likely.
    Medium,
    /// Name and content agree.
    High,
}

impl Confidence {
    /// The confidence in a word.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Why a part of the mapping is as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The part: a path like `customer.user_id`.
    pub part: String,
    /// The column that was chosen, if one was.
    pub column: Option<String>,
    /// How sure the choice is.
    pub confidence: Confidence,
    /// Why, in a sentence.
    pub words: String,
}

/// A mapping, with reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What sort of file it seems to be.
    pub shape: Shape,
    /// The mapping. Where something essential is missing it does not pass [`Mapping::check`].
    pub mapping: Mapping,
    /// The least sure of the choices that matter.
    pub confidence: Confidence,
    /// Why it is as it is.
    pub reasons: Vec<Reason>,
    /// What a person should look at or fill in, in sentences.
    pub warnings: Vec<String>,
}

/// Proposes a mapping called `name` for a file whose columns look like `columns`.
#[must_use]
pub fn propose(name: &str, form: &FileForm, columns: &[ColumnProfile]) -> Proposal {
    let shape = shape_of(form, columns, &Roles::cast(columns));
    propose_as(name, shape, columns)
}

/// Proposes a mapping called `name` for a file of which a person says that it is of `shape`.
#[must_use]
pub fn propose_as(name: &str, shape: Shape, columns: &[ColumnProfile]) -> Proposal {
    let roles = Roles::cast(columns);
    let mut proposal = build::mapping(name, shape, &roles, columns);
    let chosen = proposal.reasons.iter().map(|reason| reason.confidence);
    proposal.confidence = chosen.min().unwrap_or(Confidence::Low);
    if let Err(e) = proposal.mapping.check() {
        proposal.warnings.push(e.to_string());
        proposal.confidence = Confidence::Low;
    }
    proposal
}

fn shape_of(form: &FileForm, columns: &[ColumnProfile], roles: &Roles<'_>) -> Shape {
    let has = |role| roles.column(role).is_some();
    let who = [Role::User, Role::Anonymous, Role::Email, Role::Phone].into_iter().any(has);
    if form.format == Some(FileFormat::Jsonl) && is_segment(columns) {
        return Shape::SegmentEvents;
    }
    let sums = has(Role::Total) || has(Role::Price);
    let product = has(Role::Product) || has(Role::ProductName);
    let repeats =
        roles.column(Role::Order).is_some_and(|order| order.n_distinct < order.n_filled());
    if has(Role::Order) && has(Role::Time) && has(Role::Price) && (product || repeats) {
        return Shape::OrderLines;
    }
    if has(Role::Event) && has(Role::Time) && who {
        return Shape::EventLog;
    }
    if has(Role::Time) && who && (has(Role::Order) || sums) {
        return Shape::Orders;
    }
    if who { Shape::Customers } else { Shape::Unknown }
}

/// Segment events have a `type` of the six, and say who.
fn is_segment(columns: &[ColumnProfile]) -> bool {
    let column = |name: &str| columns.iter().find(|column| column.name == name);
    let known = |text: &String| lexicon::EventKind::from_slug(text).is_some();
    let typed = column("type").is_some_and(|c| c.n_empty == 0 && c.examples.iter().all(known));
    typed && (column("userId").is_some() || column("anonymousId").is_some())
}

#[cfg(test)]
mod tests;
