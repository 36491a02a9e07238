//! How is it written in SQL that something is known of a customer?
//!
//! Over `customers(customer_id, …, traits, computed)` and `account_members`, `accounts`,
//! `permissions(customer_id, purpose, channel, allowed, said)`, `holdings`, `products`,
//! `relation_counts(customer_id, kind, n)` and `segment_members(segment, customer_id)`.

use super::{compared, literal, trait_};
use crate::vocabulary::Vocabulary;
use timeline::{Fact, HeldBy, Op, Own};

/// Whether a test of a fact holds for a row of `customers`; null where that stays open.
#[must_use]
pub fn fact_test(fact: &Fact, op: &Op, names: &dyn Vocabulary) -> String {
    match fact {
        Fact::Account(name) => account(name, op),
        Fact::Segment(_) | Fact::Permission(..) if is_plain(fact, op) => is_in(fact, names),
        _ => compared(&text(fact, names), op),
    }
}

/// Whether no more is asked than that they are in the segment, or that they may be written to.
fn is_plain(fact: &Fact, op: &Op) -> bool {
    match (fact, op) {
        (Fact::Segment(_), Op::Exists) => true,
        (Fact::Permission(..), Op::Is(values)) => matches!(&values[..], [yes] if &**yes == "yes"),
        _ => false,
    }
}

/// The fact as text; of accounts see [`account`].
pub(super) fn text(fact: &Fact, names: &dyn Vocabulary) -> String {
    match fact {
        Fact::Trait(name) | Fact::List(name) | Fact::Account(name) => trait_(name),
        Fact::Own(own) => self::own(*own),
        Fact::Permission(..) => {
            format!("(case when {} then 'yes' else 'no' end)", is_in(fact, names))
        }
        Fact::Segment(_) => format!("(case when {} then 'in' end)", is_in(fact, names)),
        Fact::Consent(purpose, channel) => {
            of_customer("max(said)", "permissions", &about(purpose.as_str(), channel.as_str()))
        }
        Fact::Holding(by, value) => holding(*by, value),
        Fact::Relation(count) => {
            of_customer("max(n)", "relation_counts", &format!("kind = {}", literal(count.word())))
        }
        Fact::Computed(id) => {
            format!("customers.computed ->> {}", literal(&names.key_of_computed(*id)))
        }
    }
}

fn is_in(fact: &Fact, names: &dyn Vocabulary) -> String {
    let (table, test) = match fact {
        Fact::Permission(purpose, channel) => {
            let about = about(purpose.as_str(), channel.as_str());
            ("permissions", format!("{about} and allowed"))
        }
        Fact::Segment(id) => {
            let key = literal(&names.key_of_segment(*id));
            ("segment_members", format!("segment = {key}"))
        }
        _ => unreachable!("only permissions and segments are told by their rows"),
    };
    format!("customers.customer_id in (select customer_id from {table} where {test})")
}

fn about(purpose: &str, channel: &str) -> String {
    format!("purpose = {} and channel = {}", literal(purpose), literal(channel))
}

fn of_customer(what: &str, table: &str, test: &str) -> String {
    format!(
        "(select {what} from {table} where {table}.customer_id = customers.customer_id and {test})"
    )
}

fn holding(by: HeldBy, value: &str) -> String {
    let value = literal(value);
    let test = match by {
        HeldBy::Product => format!("holdings.product_id = {value}"),
        HeldBy::Name => format!("holdings.name = {value}"),
        HeldBy::Category => format!(
            "holdings.product_id in (select product_id from products where category = {value})"
        ),
    };
    of_customer("sum(quantity)", "holdings", &test)
}

fn own(own: Own) -> String {
    match own {
        Own::Country | Own::City | Own::Company | Own::Email | Own::Phone | Own::Currency => {
            format!("customers.{}", own.word())
        }
        Own::Certainty => "customers.certainty".into(),
        Own::FirstSeen | Own::LastSeen => format!("cast(customers.{} as text)", own.word()),
        Own::Events => "cast(customers.n_events as text)".into(),
        Own::Orders => "cast(customers.n_orders as text)".into(),
        Own::Revenue => "cast(customers.revenue as text)".into(),
    }
}

/// Whether a test holds for the trait of one of their accounts; "is not" and "is not known" where
/// none says otherwise.
fn account(name: &str, op: &Op) -> String {
    let value = trait_(name).replacen("customers.", "accounts.", 1);
    let any = |op: &Op| {
        format!(
            "customers.customer_id in (select customer_id from account_members join accounts \
             using (account_id) where {})",
            compared(&value, op)
        )
    };
    match op {
        Op::IsNot(values) => format!("not {}", any(&Op::Is(values.clone()))),
        Op::Missing => format!("not {}", any(&Op::Exists)),
        // The trait of an account is one value, the list of facts has those of all accounts.
        Op::Has(values) => any(&Op::Is(values.clone())),
        op => any(op),
    }
}
