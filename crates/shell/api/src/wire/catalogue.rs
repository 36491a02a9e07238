//! How does that travel of which a question can be put together?

use super::scalar::Time;
use super::word::PropertyType;
use app::catalogue as inner;
use app::catalogue::Found;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Names of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueEvents {
    /// Those that begin with what was searched for, then the others; each by number of events.
    pub events: Vec<CatalogueEvent>,
    /// How many were found.
    pub total: usize,
}

/// A name of events, and how often it was there, ever.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueEvent {
    pub name: String,
    pub n_events: u64,
    pub n_customers: u64,
    /// When the last of them happened.
    pub last_at: Time,
    /// The ids of the sources that they came from.
    pub sources: Vec<String>,
    /// Whether it stands in the pinned plan of a source.
    pub is_planned: bool,
}

/// Fields of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueProperties {
    /// Properties, then parts of the context; those in most events first.
    pub properties: Vec<CatalogueProperty>,
    /// How many were found.
    pub total: usize,
}

/// A field of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueProperty {
    /// `category`, `page.path`: dots step into objects.
    pub path: String,
    pub of: CatalogueSide,
    /// The types of its values. Only numbers can be summed up; lists and objects are not shown.
    pub types: Vec<PropertyType>,
    /// In which share of the events that were looked at it was there.
    pub share: f64,
    /// How many were looked at: of each name the first 200 since the start, then one in 50.
    pub n_looked_at: u64,
    /// Some values that were seen; none of the context.
    pub examples: Vec<String>,
}

/// Where in an event a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CatalogueSide {
    /// What happened.
    Property,
    /// The circumstances.
    Context,
}

/// In which field values are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CatalogueField {
    /// The event's name.
    Name,
    /// `track`, `page`, ….
    Kind,
    /// The number of the source.
    Source,
    /// The property at `path`.
    Property,
    /// The part of the context at `path`.
    Context,
}

/// Values of a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueValues {
    /// Those that begin with what was searched for, then the others; each by number of events.
    pub values: Vec<CatalogueValue>,
    /// How many were found.
    pub total: usize,
    /// How many different values the field has.
    pub n_values: usize,
    /// Whether all values were searched; else the 10,000 with most events were.
    pub is_exact: bool,
}

/// A value, and how many events have it, ever.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueValue {
    pub value: String,
    pub n: u64,
}

/// Traits of customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueTraits {
    /// Those that begin with what was searched for, then the others; each by number of customers.
    pub traits: Vec<CatalogueTrait>,
    /// How many were found.
    pub total: usize,
    /// How many customers were looked at.
    pub n_looked_at: u64,
    /// Whether those were all; else some from all over them.
    pub is_exact: bool,
}

/// A trait of customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueTrait {
    /// `plan`, `address.city`.
    pub key: String,
    /// The type that most of its values have.
    pub kind: PropertyType,
    /// All types that its values have.
    pub types: Vec<PropertyType>,
    /// How many of the customers who were looked at have it.
    pub n_customers: u64,
    /// The same as a share.
    pub share: f64,
    /// The most frequent values, where there are not more than 200.
    pub examples: Vec<String>,
}

impl From<Found<inner::EventFound>> for CatalogueEvents {
    fn from(found: Found<inner::EventFound>) -> Self {
        let event = |inner::EventFound { count, is_planned }| CatalogueEvent {
            name: count.name.to_string(),
            n_events: count.n_events,
            n_customers: count.n_customers,
            last_at: count.last_at.into(),
            sources: count.sources.iter().map(ToString::to_string).collect(),
            is_planned,
        };
        Self { total: found.total, events: found.items.into_iter().map(event).collect() }
    }
}

impl From<Found<inner::PropertyFound>> for CatalogueProperties {
    fn from(found: Found<inner::PropertyFound>) -> Self {
        let property = |property: inner::PropertyFound| CatalogueProperty {
            path: property.path.into(),
            of: match property.side {
                inner::Side::Property => CatalogueSide::Property,
                inner::Side::Context => CatalogueSide::Context,
            },
            types: property.types.into_iter().map(PropertyType::from).collect(),
            share: property.share,
            n_looked_at: property.n_looked_at,
            examples: property.examples,
        };
        Self { total: found.total, properties: found.items.into_iter().map(property).collect() }
    }
}

impl From<inner::ValuesFound> for CatalogueValues {
    fn from(values: inner::ValuesFound) -> Self {
        let value =
            |(value, n): (std::sync::Arc<str>, u64)| CatalogueValue { value: value.to_string(), n };
        Self {
            total: values.found.total,
            values: values.found.items.into_iter().map(value).collect(),
            n_values: values.n_values,
            is_exact: values.is_exact,
        }
    }
}

impl From<inner::TraitsFound> for CatalogueTraits {
    fn from(traits: inner::TraitsFound) -> Self {
        let n_looked_at = traits.n_looked_at;
        let one = |found: inner::TraitFound| CatalogueTrait {
            key: found.key.into(),
            kind: found.kind.into(),
            types: found.types.into_iter().map(PropertyType::from).collect(),
            n_customers: found.n_customers,
            share: found.n_customers as f64 / n_looked_at.max(1) as f64,
            examples: found.examples,
        };
        Self {
            total: traits.found.total,
            traits: traits.found.items.into_iter().map(one).collect(),
            n_looked_at,
            is_exact: traits.is_exact,
        }
    }
}
