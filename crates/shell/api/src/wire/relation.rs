//! How does what relates customers travel?

use super::customer::CustomerRow;
use super::scalar::{Identifier, SourceName, Time};
use super::word::{HouseholdRule, RelationKind, RelationWay};
use app::relations as inner;
use app::sources::Sources;
use app::traits::Sight;
use serde::Serialize;
use utoipa::ToSchema;

/// Everything that relates one customer to others.
#[derive(Debug, Serialize, ToSchema)]
pub struct Relations {
    /// The customer as they go now.
    #[schema(examples("c_0011"))]
    pub customer_id: String,
    /// Everybody whom the relations name, the customer included.
    pub people: Vec<CustomerRow>,
    /// Relations between any two of them, the latest first.
    pub relations: Vec<Relation>,
    /// How many customers are related in all; at most 100 are named.
    pub n_related: u64,
    /// What was said of people who are not known yet.
    pub waiting: Vec<WaitingRelation>,
    /// How often the customer referred or mentioned themselves, being two who were merged.
    pub n_own: u64,
    /// The referral codes that they claim.
    pub codes: Vec<ReferralCode>,
    pub households: Vec<Household>,
    /// Up to when this holds.
    pub freshness_at: Time,
}

/// That one customer referred or mentions another.
#[derive(Debug, Serialize, ToSchema)]
pub struct Relation {
    pub kind: RelationKind,
    /// Who acts.
    pub from: String,
    /// On whom.
    pub to: String,
    pub first_at: Time,
    pub last_at: Time,
    /// How many events say so.
    pub n: u64,
    /// Who of the two said so first.
    pub said_by: RelationWay,
    /// The code by which the other was named at first; `null` where by an identifier.
    pub code: Option<String>,
    pub source: SourceName,
    /// The first event that says so.
    pub message_id: String,
}

/// A relation to somebody who is not known yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingRelation {
    pub kind: RelationKind,
    /// Who of the two acts.
    pub said_by: RelationWay,
    /// Who is named; `null` where by a code.
    pub identifier: Option<Identifier>,
    /// The code that nobody has claimed.
    pub code: Option<String>,
    pub first_at: Time,
    pub n: u64,
}

/// A referral code.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralCode {
    pub code: String,
    /// Whether it counts as theirs: nobody else claimed it earlier.
    pub is_theirs: bool,
    pub at: Time,
}

/// People who live together, by some evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct Household {
    #[schema(examples("a00112233445566778899aabbccddeeff"))]
    pub key: String,
    pub rule: HouseholdRule,
    /// What shows it; `null` where you may not see it.
    pub evidence: Option<String>,
    /// The source that named it.
    pub source: Option<SourceName>,
    /// Whether the customer belongs to it; `false` where they were taken out by hand.
    pub is_member: bool,
    /// Whether too many people share the evidence to be a household; nobody is named then.
    pub is_too_large: bool,
    /// Who belongs to it besides the customer.
    pub people: Vec<CustomerRow>,
    /// Who was taken out by hand; may include the customer.
    pub removed: Vec<RemovedPerson>,
}

/// Somebody who was taken out of a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemovedPerson {
    pub customer: CustomerRow,
    pub at: Time,
    pub by: String,
}

/// People who ordered because of a customer, beyond those who would have anyway.
#[derive(Debug, Serialize, ToSchema)]
pub struct Influence {
    /// The customer as they go now.
    pub customer_id: String,
    /// The version of the definition.
    pub version: u32,
    pub window_days: u32,
    /// `null` where it cannot be estimated.
    pub estimate: Option<InfluenceEstimate>,
    /// Why there is no number.
    pub not_estimable: Option<NotEstimable>,
    /// What became of each person reached, the latest first.
    pub pairs: Vec<InfluencePair>,
    /// People in the comparison group.
    pub n_group: u64,
    /// Up to when the comparison holds.
    pub freshness_at: Time,
}

/// The number and its uncertainty, in people.
#[derive(Debug, Serialize, ToSchema)]
pub struct InfluenceEstimate {
    /// People who count.
    pub n: u64,
    /// Of these, who ordered.
    pub n_ordered: u64,
    /// Who would have ordered anyway.
    pub expected: f64,
    /// `n_ordered − expected`.
    pub extra: f64,
    pub low: f64,
    pub high: f64,
    /// Confidence of the interval.
    pub level: f64,
}

/// Why there is no number.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotEstimable {
    /// `nobody` or `too_few_units`.
    pub reason: String,
    /// The same in words.
    pub words: String,
    /// People who count so far.
    pub n: u64,
    /// People who are needed.
    pub needed: u64,
}

/// One person whom a customer reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct InfluencePair {
    pub customer: CustomerRow,
    pub kind: RelationKind,
    pub at: Time,
    pub said_by: RelationWay,
    /// `counts`, `open`, `own_word` or `no_match`.
    pub verdict: String,
    /// The same in words.
    pub words: String,
    /// When the clock began; `null` where it does not count.
    pub since: Option<Time>,
    pub ordered: Option<bool>,
    /// The share of comparable people who ordered.
    pub base_rate: Option<f64>,
    /// How many comparable people there are.
    pub n_compared: Option<u64>,
}

/// The customers with the most influence.
#[derive(Debug, Serialize, ToSchema)]
pub struct Influencers {
    pub version: u32,
    pub window_days: u32,
    /// By the lower end of the interval; at most 100.
    pub items: Vec<Influencer>,
    /// Customers who reached somebody and too few for a number.
    pub n_too_few: u64,
    pub n_group: u64,
    /// Whether there were too many relations to read all.
    pub is_partial: bool,
    pub freshness_at: Time,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Influencer {
    pub customer: CustomerRow,
    pub estimate: InfluenceEstimate,
}

impl Relations {
    /// The wire form of `view`, for somebody with this `sight`.
    pub fn of(view: inner::RelationsView, sources: &Sources, sight: &Sight) -> Self {
        let households = view.households.into_iter();
        Self {
            customer_id: view.customer.to_string(),
            people: view.people.into_iter().map(|row| CustomerRow::of(row, None, sight)).collect(),
            relations: view.edges.into_iter().map(|edge| Relation::of(edge, sources)).collect(),
            n_related: view.n_related,
            waiting: view.waiting.into_iter().map(WaitingRelation::from).collect(),
            n_own: view.n_own,
            codes: view.codes.into_iter().map(ReferralCode::from).collect(),
            households: households.map(|one| Household::of(one, sources, sight)).collect(),
            freshness_at: view.freshness_at.into(),
        }
    }
}

impl Relation {
    fn of(edge: inner::EdgeView, sources: &Sources) -> Self {
        Self {
            kind: edge.kind.into(),
            from: edge.from.to_string(),
            to: edge.to.to_string(),
            first_at: edge.first.at.into(),
            last_at: edge.last_at.into(),
            n: edge.n,
            said_by: edge.first.way.into(),
            code: match edge.first.by {
                inner::Reference::Code(code) => Some(code.into()),
                inner::Reference::Identifier(_) => None,
            },
            source: SourceName::of(edge.first.source, sources),
            message_id: edge.first.message_id.into(),
        }
    }
}

impl From<inner::WaitingView> for WaitingRelation {
    fn from(waiting: inner::WaitingView) -> Self {
        let (identifier, code) = match waiting.other {
            inner::Reference::Identifier(identifier) => (Some(identifier.into()), None),
            inner::Reference::Code(code) => (None, Some(code.into())),
        };
        Self {
            kind: waiting.kind.into(),
            said_by: waiting.way.into(),
            identifier,
            code,
            first_at: waiting.first_at.into(),
            n: waiting.n,
        }
    }
}

impl From<inner::CodeView> for ReferralCode {
    fn from(code: inner::CodeView) -> Self {
        Self { code: code.code, is_theirs: code.is_theirs, at: code.at.into() }
    }
}

impl Household {
    fn of(view: inner::HouseholdView, sources: &Sources, sight: &Sight) -> Self {
        let customer = |row| CustomerRow::of(row, None, sight);
        let removed = view.removed.into_iter().map(|removed| RemovedPerson {
            customer: customer(removed.row),
            at: removed.at.into(),
            by: removed.by,
        });
        Self {
            key: view.key.to_string(),
            rule: view.key.rule.into(),
            evidence: view.evidence,
            source: view.source.map(|id| SourceName::of(id, sources)),
            is_member: view.is_member,
            is_too_large: view.is_too_large,
            removed: removed.collect(),
            people: view.people.into_iter().map(|person| customer(person.row)).collect(),
        }
    }
}

impl Influence {
    /// The wire form of `view`, for somebody with this `sight`.
    pub fn of(view: inner::InfluenceView, sight: &Sight) -> Self {
        let days = view.window_days;
        let pairs = view.pairs.into_iter();
        Self {
            customer_id: view.customer.to_string(),
            version: inner::VERSION,
            window_days: days,
            estimate: view.estimate.as_ref().ok().map(|estimate| (*estimate).into()),
            not_estimable: view.estimate.err().map(NotEstimable::from),
            pairs: pairs.map(|pair| InfluencePair::of(pair, days, sight)).collect(),
            n_group: view.n_group,
            freshness_at: view.freshness_at.into(),
        }
    }
}

impl From<inner::Estimate> for InfluenceEstimate {
    fn from(estimate: inner::Estimate) -> Self {
        Self {
            n: estimate.n as u64,
            n_ordered: estimate.n_ordered as u64,
            expected: estimate.expected,
            extra: estimate.extra,
            low: estimate.interval.0,
            high: estimate.interval.1,
            level: inner::LEVEL,
        }
    }
}

impl From<inner::NotEstimable> for NotEstimable {
    fn from(cause: inner::NotEstimable) -> Self {
        let (reason, n, needed) = match cause {
            inner::NotEstimable::Nobody => ("nobody", 0, inner::PAIRS_MIN),
            inner::NotEstimable::TooFewUnits { n, needed } => ("too_few_units", n, needed),
        };
        Self {
            reason: reason.to_owned(),
            words: cause.to_string(),
            n: n as u64,
            needed: needed as u64,
        }
    }
}

impl InfluencePair {
    fn of(pair: inner::PairView, days: u32, sight: &Sight) -> Self {
        let (verdict, words) = verdict(&pair.verdict, days);
        let mut wire = Self {
            customer: CustomerRow::of(pair.row, None, sight),
            kind: pair.kind.into(),
            at: pair.at.into(),
            said_by: pair.way.into(),
            verdict: verdict.to_owned(),
            words,
            since: None,
            ordered: None,
            base_rate: None,
            n_compared: None,
        };
        match pair.verdict {
            inner::Verdict::Counts { since, ordered, base_rate, n_compared } => {
                wire.since = Some(since.into());
                wire.ordered = Some(ordered);
                wire.base_rate = Some(base_rate);
                wire.n_compared = Some(n_compared as u64);
            }
            inner::Verdict::NoMatch { n_compared } => wire.n_compared = Some(n_compared as u64),
            inner::Verdict::Open | inner::Verdict::OwnWord => {}
        }
        wire
    }
}

fn verdict(verdict: &inner::Verdict, days: u32) -> (&'static str, String) {
    match *verdict {
        inner::Verdict::Counts { ordered, base_rate, n_compared, .. } => {
            let what = if ordered { "Ordered" } else { "Did not order" };
            let share = base_rate * 100.0;
            let words = format!(
                "{what} within {days} days; {share:.1} % of {n_compared} comparable people did."
            );
            ("counts", words)
        }
        inner::Verdict::Open => ("open", format!("The {days} days are not over yet.")),
        inner::Verdict::OwnWord => {
            let words = "Not counted: they were known for longer, and said so themselves while \
                         they were active, for which there is no fair comparison.";
            ("own_word", words.to_owned())
        }
        inner::Verdict::NoMatch { n_compared } => {
            let needed = inner::COMPARED_MIN;
            let words = format!(
                "Not counted: there are {n_compared} people to compare with, and {needed} are \
                 needed."
            );
            ("no_match", words)
        }
    }
}

impl Influencers {
    /// The wire form of `view`, for somebody with this `sight`.
    pub fn of(view: inner::InfluencersView, sight: &Sight) -> Self {
        let items = view.items.into_iter().map(|item| Influencer {
            customer: CustomerRow::of(item.row, None, sight),
            estimate: item.estimate.into(),
        });
        Self {
            version: inner::VERSION,
            window_days: view.window_days,
            items: items.collect(),
            n_too_few: view.n_too_few,
            n_group: view.n_group,
            is_partial: view.is_partial,
            freshness_at: view.freshness_at.into(),
        }
    }
}
