//! Which column plays which part?

use super::Confidence;
use crate::column::{ColumnGuess, ColumnProfile};
use std::collections::HashMap;

/// A part that a column can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    User,
    Anonymous,
    Email,
    Phone,
    Time,
    Event,
    EventId,
    Order,
    Product,
    ProductName,
    Category,
    Quantity,
    Price,
    Total,
    Currency,
    Country,
}

/// Names of a role: `exact` ones, letters and digits only; and `part`s of names.
struct Names {
    role: Role,
    exact: &'static [&'static str],
    part: &'static [&'static str],
}

/// The roles in the order in which they choose; a column plays one part only.
const NAMES: [Names; 16] = [
    Names {
        role: Role::EventId,
        exact: &["messageid", "eventid", "uuid", "eventuuid", "insertid"],
        part: &[],
    },
    Names { role: Role::Email, exact: &["email", "mail", "emailaddress"], part: &["email"] },
    Names {
        role: Role::Order,
        exact: &[
            "invoiceno",
            "invoice",
            "invoiceid",
            "invoicenumber",
            "orderid",
            "orderno",
            "ordernumber",
            "order",
            "transactionid",
            "receiptid",
            "receiptno",
            "basketid",
            "bestellnummer",
            "ordernr",
            "belegnummer",
            "rechnungsnummer",
            "salesorder",
        ],
        part: &["orderid", "invoiceno", "ordernumber"],
    },
    Names {
        role: Role::User,
        exact: &[
            "customerid",
            "userid",
            "clientid",
            "customer",
            "user",
            "memberid",
            "customerno",
            "customernumber",
            "custid",
            "contactid",
            "kundennummer",
            "kundennr",
            "kundenid",
            "uid",
            "distinctid",
            "customerkey",
            "shopperid",
            "buyerid",
            "personid",
            "playerid",
        ],
        part: &["customerid", "userid", "memberid", "customerno", "kundennr", "kundennummer"],
    },
    Names {
        role: Role::Anonymous,
        exact: &["anonymousid", "visitorid", "deviceid", "cookieid", "sessionid", "clientuuid"],
        part: &["anonymousid", "visitorid"],
    },
    Names {
        role: Role::Event,
        exact: &["event", "eventname", "eventtype", "action", "activity", "activitytype", "type"],
        part: &["eventname", "eventtype"],
    },
    Names {
        role: Role::Time,
        exact: &[
            "timestamp",
            "time",
            "date",
            "datetime",
            "occurredat",
            "eventtime",
            "eventdate",
            "orderdate",
            "invoicedate",
            "purchasedate",
            "createdat",
            "transactiondate",
            "ts",
            "purchasedat",
            "orderedat",
            "bestelldatum",
            "rechnungsdatum",
            "datum",
            "originaltimestamp",
        ],
        part: &["timestamp", "date", "time"],
    },
    Names {
        role: Role::Product,
        exact: &[
            "stockcode",
            "sku",
            "productid",
            "itemid",
            "product",
            "article",
            "articleno",
            "asin",
            "artikelnummer",
            "artikelnr",
            "itemno",
            "productcode",
            "itemcode",
        ],
        part: &["productid", "sku"],
    },
    Names {
        role: Role::ProductName,
        exact: &[
            "description",
            "productname",
            "itemname",
            "producttitle",
            "title",
            "item",
            "bezeichnung",
        ],
        part: &["productname", "description"],
    },
    Names {
        role: Role::Category,
        exact: &["category", "productcategory", "department", "kategorie", "producttype"],
        part: &["category"],
    },
    Names {
        role: Role::Quantity,
        exact: &["quantity", "qty", "units", "menge", "count", "anzahl"],
        part: &["quantity"],
    },
    Names {
        role: Role::Price,
        exact: &[
            "unitprice",
            "price",
            "itemprice",
            "preis",
            "einzelpreis",
            "productprice",
            "unitcost",
        ],
        part: &["unitprice", "price"],
    },
    Names {
        role: Role::Total,
        exact: &[
            "total",
            "ordertotal",
            "amount",
            "revenue",
            "grandtotal",
            "totalprice",
            "sales",
            "sum",
            "orderamount",
            "totalamount",
            "betrag",
            "gesamtbetrag",
            "ordervalue",
            "value",
        ],
        part: &["total", "amount", "revenue"],
    },
    Names {
        role: Role::Currency,
        exact: &["currency", "currencycode", "waehrung"],
        part: &["currency"],
    },
    Names {
        role: Role::Country,
        exact: &["country", "land", "countrycode", "nation"],
        part: &["country"],
    },
    Names {
        role: Role::Phone,
        exact: &["phone", "mobile", "tel", "telephone", "phonenumber", "telefon"],
        part: &["phone"],
    },
];

/// A column in its role, with how sure that is.
#[derive(Clone, Copy)]
pub(crate) struct Cast<'a> {
    pub(crate) column: &'a ColumnProfile,
    pub(crate) confidence: Confidence,
    pub(crate) by_name: bool,
}

/// Who plays what.
pub(crate) struct Roles<'a> {
    cast: HashMap<Role, Cast<'a>>,
}

impl<'a> Roles<'a> {
    /// Gives each role to the column that fits it best.
    pub(crate) fn cast(columns: &'a [ColumnProfile]) -> Self {
        let mut cast: HashMap<Role, Cast<'a>> = HashMap::new();
        for names in &NAMES {
            let free = columns
                .iter()
                .filter(|column| !cast.values().any(|taken| taken.column.name == column.name));
            let mut best: Option<(u32, Cast<'a>)> = None;
            for column in free {
                let (score, by_name) = score(names, column);
                if score > best.as_ref().map_or(0, |(best, _)| *best) {
                    let confidence = match score {
                        8.. => Confidence::High,
                        5..8 => Confidence::Medium,
                        _ => Confidence::Low,
                    };
                    best = Some((score, Cast { column, confidence, by_name }));
                }
            }
            if let Some((_, chosen)) = best {
                cast.insert(names.role, chosen);
            }
        }
        Self { cast }
    }

    /// Who plays `role`.
    pub(crate) fn get(&self, role: Role) -> Option<Cast<'a>> {
        self.cast.get(&role).copied()
    }

    /// The column that plays `role`.
    pub(crate) fn column(&self, role: Role) -> Option<&'a ColumnProfile> {
        self.get(role).map(|cast| cast.column)
    }
}

/// How well a column fits a role: up to 6 for its name, up to 4 for its content; 0 where the
/// content rules it out or nothing speaks for it.
fn score(names: &Names, column: &ColumnProfile) -> (u32, bool) {
    let plain: String = tokens(&column.name).concat();
    let last: String = tokens(column.name.rsplit('.').next().unwrap_or_default()).concat();
    let by_name = if names.exact.contains(&plain.as_str()) || names.exact.contains(&last.as_str()) {
        6
    } else if names.part.iter().any(|part| plain.contains(part)) {
        4
    } else {
        0
    };
    match fit(names.role, column, by_name > 0) {
        None => (0, false),
        Some(content) if by_name == 0 && content < 4 => (0, false),
        Some(content) => (by_name + content, by_name > 0),
    }
}

/// How well the content fits; `None` rules the column out.
fn fit(role: Role, column: &ColumnProfile, is_named: bool) -> Option<u32> {
    use ColumnGuess as G;
    let guess = &column.guess;
    let textual = matches!(guess, G::Integer | G::Id | G::Category | G::Text | G::Email);
    let number = guess.is_number();
    let n_filled = column.n_filled();
    match role {
        _ if *guess == G::Empty => None,
        Role::Email => (*guess == G::Email).then_some(4),
        Role::Phone => match guess {
            G::Phone => Some(4),
            G::Integer if is_named => Some(2),
            _ => None,
        },
        Role::Time => match guess {
            G::Time { .. } if is_birthday(&column.name) => None,
            G::Time { .. } => Some(4),
            _ => None,
        },
        Role::Currency => (*guess == G::Currency).then_some(4),
        Role::Country => match guess {
            G::Country => Some(4),
            G::Category if is_named => Some(2),
            _ => None,
        },
        Role::Quantity => matches!(guess, G::Integer | G::Decimal { .. }).then_some(3),
        Role::Price | Role::Total => number.then_some(3),
        Role::User | Role::Anonymous | Role::Order | Role::EventId => {
            let many = column.n_distinct * 20 > n_filled.min(1_000) || n_filled < 20;
            (textual && is_named).then_some(if many { 3 } else { 1 })
        }
        Role::Event => {
            let few = column.n_distinct <= 500 && !number;
            (few && textual && is_named).then_some(3)
        }
        Role::Product | Role::ProductName | Role::Category => (textual && is_named).then_some(3),
    }
}

fn is_birthday(name: &str) -> bool {
    tokens(name).iter().any(|token| {
        matches!(token.as_str(), "birth" | "birthday" | "dob" | "birthdate" | "geburtsdatum")
    })
}

/// The words of a column's name, in lower case: `CustomerID` is `customer`, `id`.
pub(crate) fn tokens(name: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in name.chars() {
        let begins = !before.is_alphanumeric()
            || letter.is_uppercase() && before.is_lowercase()
            || tokens.is_empty();
        if letter.is_alphanumeric() {
            if begins {
                tokens.push(String::new());
            }
            if let Some(token) = tokens.last_mut() {
                token.extend(letter.to_lowercase());
            }
        }
        before = letter;
    }
    tokens
}
