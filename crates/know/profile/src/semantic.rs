//! Which events mean the same to everybody, so that no mapping is needed?
//!
//! The names are those of the Segment specification (e-commerce v2, e-mail, consent), with the
//! spellings that its first version and its users had for the same events.

use crate::confirmed::Address;
use lexicon::ConsentAct;

/// An event whose name and properties are agreed upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Semantic {
    Order(OrderStep),
    Email(EmailStep),
    /// An act of consent; `None` where the event's properties say which.
    Consent(Option<ConsentAct>),
    /// The customer showed that an address is theirs.
    Confirmed(Address),
    /// A product was shown, put into the basket or taken out: it tells what a product is called.
    Product,
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderStep {
    Completed,
    Updated,
    Refunded,
    Cancelled,
}

/// What became of an e-mail; the numbers are places in a message's stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmailStep {
    Sent = 0,
    Delivered = 1,
    Opened = 2,
    Clicked = 3,
    Bounced = 4,
    MarkedAsSpam = 5,
    Unsubscribed = 6,
}

impl Semantic {
    /// What an event called `name` means, if anything is agreed.
    pub(crate) fn of(name: &str) -> Option<Self> {
        use EmailStep as E;
        use OrderStep as O;
        Some(match name {
            "Order Completed" | "Completed Order" => Self::Order(O::Completed),
            "Order Updated" | "Updated Order" => Self::Order(O::Updated),
            "Order Refunded" | "Refunded Order" => Self::Order(O::Refunded),
            "Order Cancelled" | "Order Canceled" | "Cancelled Order" => Self::Order(O::Cancelled),
            "Email Sent" => Self::Email(E::Sent),
            "Email Delivered" => Self::Email(E::Delivered),
            "Email Opened" => Self::Email(E::Opened),
            "Email Link Clicked" => Self::Email(E::Clicked),
            "Email Bounced" => Self::Email(E::Bounced),
            "Email Marked as Spam" => Self::Email(E::MarkedAsSpam),
            "Unsubscribed" => Self::Email(E::Unsubscribed),
            "Consent Changed" => Self::Consent(None),
            "Consent Given" | "Consent Granted" => Self::Consent(Some(ConsentAct::Given)),
            "Consent Confirmed" => Self::Consent(Some(ConsentAct::Confirmed)),
            "Consent Withdrawn" | "Consent Revoked" => Self::Consent(Some(ConsentAct::Withdrawn)),
            "Email Confirmed" | "Email Verified" => Self::Confirmed(Address::Email),
            "Phone Confirmed" | "Phone Verified" => Self::Confirmed(Address::Phone),
            "Product Viewed" | "Product Added" | "Product Removed" | "Product Clicked"
            | "Viewed Product" | "Added Product" | "Removed Product" => Self::Product,
            _ => return None,
        })
    }
}
