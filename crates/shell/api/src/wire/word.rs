//! Which closed sets of words does the API use?
//!
//! Each is the twin of an inner enum, spelled in `snake_case`; a test holds the spellings equal to
//! the inner slugs.

use app::access::{ActorKind as InnerActorKind, InvitePurpose as InnerInvitePurpose};
use app::access::{Role as InnerRole, Scope as InnerScope};
use app::customers::{CertaintyLevel as InnerCertaintyLevel, Inert as InnerInert};
use app::debugger::DebugStatus as InnerDebugStatus;
use app::home::{AttentionKind as InnerAttentionKind, Severity as InnerSeverity};
use app::imports::ImportState as InnerImportState;
use app::imports::file::{Encoding as InnerEncoding, FileFormat as InnerFileFormat};
use app::imports::mapping::{Call as InnerCall, Rest as InnerRest, Rows as InnerRows};
use app::imports::mapping::{Sign as InnerSign, ValueForm as InnerValueForm};
use app::imports::{Confidence as InnerConfidence, Shape as InnerShape};
use app::privacy::{EraseReason as InnerEraseReason, ErasureState as InnerErasureState};
use app::privacy::{RequestKind as InnerRequestKind, RequestStatus as InnerRequestStatus};
use app::relations::Way as InnerWay;
use app::relations::{HouseholdRule as InnerHouseholdRule, RelationKind as InnerRelationKind};
use app::rules::Trust as InnerTrust;
use app::traits::TraitRule as InnerTraitRule;
use base::ErrorKind as InnerErrorKind;
use collect::plan::PropertyType as InnerPropertyType;
use insight::funnel::{At as InnerAt, Side as InnerSide};
use insight::lifecycle::State as InnerLifecycleState;
use insight::paths::Which as InnerWhich;
use insight::retention::{Clock as InnerSpansFrom, Cohort as InnerCohort};
use insight::unusual::Sensitivity as InnerSensitivity;
use insight::visits::Bounce as InnerBounce;
use insight::{Comparison as InnerComparison, Grain as InnerGrain};
use lexicon::EventKind as InnerEventKind;
use lexicon::{ConsentAct as InnerConsentAct, ConsentState as InnerConsentState};
use lexicon::{LinkRule as InnerLinkRule, RefusalReason as InnerRefusalReason};
use lexicon::{PlanMode as InnerPlanMode, SourceKind as InnerSourceKind};
use serde::de::value::Error as ValueError;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Serialize};
use state::CustomerSort as InnerCustomerSort;
use timeline::Than as InnerVersionOrder;
use utoipa::ToSchema;

macro_rules! word {
    ($(#[$doc:meta])* $name:ident = $inner:ident { $($variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),* }

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                match inner { $($inner::$variant => Self::$variant),* }
            }
        }

        impl From<$name> for $inner {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),* }
            }
        }
    };
}

word!(
    /// What the caller should do about a failure.
    ErrorKind = InnerErrorKind {
        Invalid, Unauthenticated, Denied, NotFound, Conflict, Limited, Unavailable, Corrupt,
        Internal,
    }
);
word!(
    /// What a person is here for.
    Role = InnerRole { Admin, Marketer, Analyst, Sales, ReadOnly }
);
word!(
    /// What an API token may be used for.
    Scope = InnerScope { Read, Write, Import, Admin }
);
word!(
    /// How one version stands to another.
    VersionOrder = InnerVersionOrder { Less, AtMost, Equal, AtLeast, More }
);
word!(
    /// A length of the calendar.
    Grain = InnerGrain { Hour, Day, Week, Month, Quarter, Year }
);
word!(
    /// What a period is compared with: the stretch before it, or the same a year before.
    Comparison = InnerComparison { None, Previous, YearBefore }
);
word!(
    /// Of which event of an attempt a group is taken: the first, or the last that was reached.
    AttemptEvent = InnerAt { First, Last }
);
word!(
    /// On which side of a step of a funnel: reached it, or stopped right before it.
    FunnelSide = InnerSide { Reached, Dropped }
);
/// How the events of an attempt lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepOrder {
    /// In the order of the steps; others may lie between them.
    Ordered,
    /// In the order of the steps, nothing else that is counted between them.
    Strict,
    /// In any order.
    Any,
}
word!(
    /// Which beginning of a customer counts: the first that there ever was, or in each span the
    /// first of that span.
    CohortBy = InnerCohort { First, Every }
);
word!(
    /// From when spans are counted: from local midnight, or from the very moment of the beginning.
    SpansFrom = InnerSpansFrom { Calendar, Exact }
);
/// Whom of a cohort: all of it, those who are counted in a column, or those who are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetentionSide {
    /// All of it.
    Began,
    /// Those who are counted in the column.
    Returned,
    /// Those who are not.
    Stayed,
}
word!(
    /// Which visits are bounces: those with one page view at most, or those of a single event.
    BounceRule = InnerBounce { OneView, OneEvent }
);
word!(
    /// Which anchors of a customer count: all, or the first in the period.
    AnchorsCounted = InnerWhich { Every, First }
);
word!(
    /// What a customer is in a span: active for the first time, as right before, after a break, or
    /// active right before and not now.
    LifecycleState = InnerLifecycleState { New, Returning, Resurrecting, Dormant }
);
word!(
    /// How rarely a usual number may be told as unusual: about one in a thousand, in two hundred,
    /// in fifty.
    AlertSensitivity = InnerSensitivity { Low, Normal, High }
);
word!(
    /// What sort of somebody made a change.
    ActorKind = InnerActorKind { User, Token, Cli, System }
);
word!(
    /// What a one-time link is for.
    InvitePurpose = InnerInvitePurpose { FirstAdmin, Invite, PasswordReset }
);
word!(
    /// How sure we are who somebody is.
    CertaintyLevel = InnerCertaintyLevel { Anonymous, Claimed, Known }
);
word!(
    /// What became of an event.
    DebugStatus = InnerDebugStatus { Accepted, Flagged, Refused, Duplicate }
);
word!(
    /// What needs attention.
    AttentionKind = InnerAttentionKind {
        RefusedEvents, PlanViolations, ProcessorLag, NoSource, DiskLow, ImportRejects,
    }
);
word!(
    /// How urgent it is.
    Severity = InnerSeverity { Info, Warning, Critical }
);
word!(
    /// Where an import stands.
    ImportState = InnerImportState { Running, Done, Stopped, Failed }
);
word!(
    /// What sort of file it seems to be.
    ImportShape = InnerShape {
        SegmentEvents, OrderLines, Orders, EventLog, Customers, Unknown,
    }
);
word!(
    /// How sure a choice is.
    ImportConfidence = InnerConfidence { Low, Medium, High }
);
word!(
    /// What sort of file is read.
    ImportFormat = InnerFileFormat { Csv, Jsonl, Parquet }
);
word!(
    /// How bytes become letters.
    ImportEncoding = InnerEncoding { Utf8, Utf16Le, Utf16Be, Latin1 }
);
word!(
    /// What a row of a file is: cells to be made into an event, or an event already.
    ImportRowsAre = InnerRows { Cells, Segment }
);
word!(
    /// Where columns go that nothing else names.
    ImportRest = InnerRest { Properties, Traits }
);
word!(
    /// How a cell is to be read.
    ImportValueForm = InnerValueForm { Text, Integer, Decimal, DecimalComma, Boolean, Json }
);
word!(
    /// Which call a rule makes of a row.
    ImportCall = InnerCall { Track, Identify, Page, Screen }
);
word!(
    /// The sign of an order's sum.
    ImportSign = InnerSign { Negative, Zero, Positive }
);
word!(
    /// A customer's answer; silence is not consent.
    ConsentState = InnerConsentState { Granted, Denied, Pending }
);
word!(
    /// What somebody did about a consent.
    ConsentAct = InnerConsentAct { Asked, Given, Confirmed, Withdrawn }
);
word!(
    /// By which rule one of several values of a trait counts.
    TraitRule = InnerTraitRule { Latest, MostTrusted, VerifiedFirst, Longest }
);
word!(
    /// Which of the six calls an event was.
    EventKind = InnerEventKind { Track, Identify, Page, Screen, Group, Alias }
);
word!(
    /// Why two identifiers are thought to be one customer.
    LinkRule = InnerLinkRule { Stated, SameEvent, Verified, Trait, Attached, Linkage }
);
word!(
    /// Why a link between two identifiers is not followed.
    InertReason = InnerInert { TwoUserIds, Withdrawn, Limit, Blocked, Unverified, Shared }
);
word!(
    /// Which evidence is believed for identifiers of a kind.
    Trust = InnerTrust { Claimed, Verified }
);
word!(
    /// What a customer may ask for about their data.
    RequestKind = InnerRequestKind { Access, Erasure, Restriction, Rectification, Objection }
);
word!(
    /// How far a request has got.
    RequestStatus = InnerRequestStatus { Open, InProgress, Done, Refused }
);
word!(
    /// Why somebody is erased.
    EraseReason = InnerEraseReason { Request, Objection, Retention, Other }
);
word!(
    /// How far an erasure has got; what failed is tried again.
    ErasureState = InnerErasureState { Erasing, Verifying, Done, Failed }
);
word!(
    /// How two customers are related.
    RelationKind = InnerRelationKind { Referral, Mention }
);
word!(
    /// Who of two people said so: the one who acts (`outward`), or the other (`inward`).
    RelationWay = InnerWay { Outward, Inward }
);
word!(
    /// What shows that people live together.
    HouseholdRule = InnerHouseholdRule { Named, Address }
);
word!(
    /// What is wrong with an event.
    RefusalReason = InnerRefusalReason {
        Missing, WrongType, OutOfRange, TooLarge, BlockedValue, UnknownKind, UnplannedEvent,
        UnplannedProperty, PlanMismatch,
    }
);
word!(
    /// What happens to an event that the tracking plan does not agree with.
    PlanMode = InnerPlanMode { Allow, Flag, Block }
);
word!(
    /// What sort of value a property is.
    PropertyType = InnerPropertyType { String, Number, Boolean, Object, Array, Null, Datetime }
);
word!(
    /// Whose hands the sender is in.
    SourceKind = InnerSourceKind { Browser, Mobile, Server, Import, Rapport }
);

/// By what customers can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerSort {
    LastSeen,
    FirstSeen,
    NEvents,
    NOrders,
    Revenue,
    Name,
}

impl From<CustomerSort> for InnerCustomerSort {
    fn from(sort: CustomerSort) -> Self {
        match sort {
            CustomerSort::LastSeen => Self::LastSeen,
            CustomerSort::FirstSeen => Self::FirstSeen,
            CustomerSort::NEvents => Self::Events,
            CustomerSort::NOrders => Self::Orders,
            CustomerSort::Revenue => Self::Revenue,
            CustomerSort::Name => Self::Name,
        }
    }
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    Asc,
    Desc,
}

/// The word that is spelled `text`, if it is one of its set.
pub fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(text.into_deserializer()).map_err(|_: ValueError| ()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled<T: Serialize>(word: &T) -> String {
        serde_json::to_value(word).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn words_are_spelled_like_the_slugs_inside() {
        macro_rules! check {
            ($($name:ident = $inner:ident),*) => {
                $(for inner in $inner::ALL {
                    assert_eq!(spelled(&$name::from(inner)), inner.slug());
                })*
            };
        }
        check!(Role = InnerRole, Scope = InnerScope, ActorKind = InnerActorKind);
        check!(DebugStatus = InnerDebugStatus, EventKind = InnerEventKind);
        check!(ConsentState = InnerConsentState, ConsentAct = InnerConsentAct);
        check!(TraitRule = InnerTraitRule);
        check!(InertReason = InnerInert, Trust = InnerTrust);
        check!(LinkRule = InnerLinkRule, PlanMode = InnerPlanMode, SourceKind = InnerSourceKind);
        check!(ImportShape = InnerShape);
        check!(ImportState = InnerImportState, InvitePurpose = InnerInvitePurpose);
        assert_eq!(spelled(&AttentionKind::PlanViolations), "plan_violations");
        let kind = InnerErrorKind::NotFound;
        assert_eq!(spelled(&ErrorKind::from(kind)), kind.slug());
        assert_eq!(spelled(&RefusalReason::WrongType), InnerRefusalReason::WrongType.slug());
    }

    #[test]
    fn a_word_is_read_as_it_is_spelled() {
        assert_eq!(word("n_orders"), Some(CustomerSort::NOrders));
        assert_eq!(word("desc"), Some(SortOrder::Desc));
        assert_eq!(word::<SortOrder>("DESC"), None);
    }
}
