//! What drives one customer, that no company can see?
//!
//! Every parameter is drawn once per customer:
//!
//! | parameter | distribution | unit |
//! |---|---|---|
//! | kind | passer-by 55.5 %, prospect 16.5 %, customer 28 %; contacts of accounts are business | |
//! | whale | 1.5 % of customers: order rate × 6, visit rate × 3 | |
//! | first order | exponential, mean 2.5 weeks (business 6), scaled by season and messages | weeks |
//! | order rate (repeat) | gamma, shape 0.8, mean 0.055 (business 0.09) | orders per week |
//! | death rate | gamma, shape 1.5; mean 1/60 (customer), 1/14 (prospect), 1/90 (business) | per week |
//! | visit rate | log-normal, median 0.27 (prospect 0.22, business 0.60), σ 0.8 | visits per week |
//! | price sensitivity | beta(2, 2.5) | 0 to 1 |
//! | web, app, store liking | gammas 3, 1.4, 0.9 over their sum | shares of orders |
//! | opens an e-mail | beta(2.2, 4) | probability |
//! | clicks in an opened one | beta(1.6, 9) | probability |
//! | tries a subscription | beta(2.4, 2.2) | probability |
//! | checks out as a guest first | 25 % of customers | |
//! | irritation | gamma, shape 1, mean 0.004 | unsubscribes per e-mail |
//! | consents when asked | beta(3, 1.4) | probability |
//! | message effects | normal, see [`Effects`] | log of the order rate |
//!
//! The wish for a product is affinity of the taste for its category × a personal factor per
//! category (log-normal, σ 0.5) × popularity × (price / 80 €)^(−1.2 (price sensitivity − 0.35)).
//!
//! Given its rates, a living customer orders as a Poisson process thinned day by
//! day (season, weekday, messages), and dies at an exponential age: the
//! Pareto/NBD model of Schmittlein, Morrison and Colombo (1987), with covariates.

use crate::catalogue::{Category, PRODUCTS};
use crate::seed::Seed;
use serde::{Deserialize, Serialize};

/// How far somebody will ever go with Northlight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Looks once or twice and never says who they are.
    Passerby,
    /// Signs up or takes the newsletter, and never buys.
    Prospect,
    /// Buys, sooner or later.
    Customer,
    /// Contact of an account: leads, demos, bulk orders.
    Business,
}

/// What somebody wants from a connected home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Taste {
    /// Safety: cameras, locks, alarms.
    Guardian,
    /// Lower bills: thermostats, plugs.
    Saver,
    /// A pleasant home: lights, thermostats.
    Comfort,
    /// Everything new.
    Tinkerer,
    /// Looks after somebody elsewhere.
    Carer,
    /// Equips other people's homes.
    Professional,
}

/// Weight of each category (in the order of [`Category::ALL`]) for each taste.
const AFFINITY: [[f64; 11]; 6] = [
    [1.0, 5.0, 3.5, 0.4, 3.5, 2.0, 0.3, 0.3, 2.5, 1.0, 2.0],
    [1.0, 0.3, 0.3, 5.0, 0.4, 1.2, 1.0, 4.0, 0.1, 0.5, 1.6],
    [1.3, 0.7, 1.2, 2.5, 0.8, 1.0, 5.0, 1.5, 0.1, 0.7, 1.2],
    [2.5, 1.5, 0.8, 1.3, 1.0, 3.5, 2.5, 2.5, 0.4, 2.0, 0.6],
    [0.8, 2.0, 2.0, 0.7, 1.5, 4.0, 0.6, 0.5, 2.5, 0.5, 2.0],
    [1.5, 1.2, 1.0, 2.0, 3.5, 1.5, 0.5, 0.5, 0.8, 0.8, 4.0],
];

/// Where somebody likes to buy; the shares add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelLiking {
    /// In the web shop.
    pub web: f64,
    /// In the app, once there is one on their phone.
    pub app: f64,
    /// In a store: seen only on receipts.
    pub store: f64,
}

/// What each kind of message adds to the logarithm of the order rate when it is
/// met (opened, or for ads: seen); it fades by 28 % a day. A message that is
/// delivered and not opened has 15 % of the effect. Negative effects exist.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// Normal, mean 0.25, σ 0.25.
    pub newsletter: f64,
    /// Normal, mean 0.5 + 0.9 × price sensitivity, σ 0.35.
    pub offer: f64,
    /// Normal, mean 0.9, σ 0.4.
    pub abandoned_cart: f64,
    /// Normal, mean 0.4, σ 0.5.
    pub win_back: f64,
    /// Normal, mean 0.3, σ 0.35.
    pub retargeting: f64,
}

/// The hidden parameters of one customer. Rates are per week of life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nature {
    /// How far they will ever go.
    pub kind: Kind,
    /// What they want.
    pub taste: Taste,
    /// One of the few who buy and visit a lot.
    pub whale: bool,
    /// Rate of the first order, before season and messages; 0 if they never buy.
    pub first_order_rate_per_week: f64,
    /// Rate of later orders, before season and messages; 0 if they never buy.
    pub order_rate_per_week: f64,
    /// Rate at which they lose interest for good.
    pub death_rate_per_week: f64,
    /// Visits that are not for an order.
    pub visit_rate_per_week: f64,
    /// From 0 (none) to 1: moves them to cheaper products and to coupons.
    pub price_sensitivity: f64,
    /// Where they like to buy.
    pub channels: ChannelLiking,
    /// Probability that they open a marketing e-mail while alive.
    pub open_probability: f64,
    /// Probability that they click in an opened one.
    pub click_probability: f64,
    /// Probability that one more opened e-mail makes them unsubscribe.
    pub irritation: f64,
    /// Probability that they agree when asked for consent.
    pub consent_probability: f64,
    /// Checks out as a guest the first time.
    pub guest: bool,
    /// Probability to try a subscription after the first device is set up.
    pub subscribe_probability: f64,
    /// What messages do to them.
    pub effects: Effects,
}

impl Nature {
    /// The nature of a customer whose kind is settled already.
    pub(crate) fn draw(seed: Seed, kind: Kind) -> Nature {
        let mut s = seed.named("nature").stream();
        let taste = match kind {
            Kind::Business => Taste::Professional,
            _ => TASTES[s.weighted(&[30.0, 22.0, 21.0, 12.0, 15.0])],
        };
        let (first, order, death, visits) = usual_rates(kind);
        let whale = s.chance(0.015) && kind == Kind::Customer;
        let price_sensitivity = s.beta(2.0, 2.5);
        let (web, app, store) = (s.gamma(3.0, 3.0), s.gamma(1.4, 1.4), s.gamma(0.9, 0.9));
        let all = web + app + store;
        Nature {
            kind,
            taste,
            whale,
            first_order_rate_per_week: first,
            order_rate_per_week: s.gamma(0.8, order) * if whale { 6.0 } else { 1.0 },
            death_rate_per_week: s.gamma(1.5, death).max(1.0 / 2000.0),
            visit_rate_per_week: s.log_normal(visits, 0.8) * if whale { 3.0 } else { 1.0 },
            price_sensitivity,
            channels: ChannelLiking { web: web / all, app: app / all, store: store / all },
            open_probability: s.beta(2.2, 4.0),
            click_probability: s.beta(1.6, 9.0),
            irritation: s.gamma(1.0, 0.004),
            consent_probability: s.beta(3.0, 1.4),
            guest: s.chance(0.25) && kind == Kind::Customer,
            subscribe_probability: s.beta(2.4, 2.2),
            effects: Effects {
                newsletter: 0.25 + 0.25 * s.normal(),
                offer: 0.5 + 0.9 * price_sensitivity + 0.35 * s.normal(),
                abandoned_cart: 0.9 + 0.4 * s.normal(),
                win_back: 0.4 + 0.5 * s.normal(),
                retargeting: 0.3 + 0.35 * s.normal(),
            },
        }
    }

    /// Running totals of the wish for each product.
    pub(crate) fn wishes(&self, seed: Seed) -> Vec<f64> {
        let mut s = seed.named("wishes").stream();
        let personal: Vec<f64> = Category::ALL
            .iter()
            .map(|category| {
                AFFINITY[self.taste as usize][*category as usize] * s.log_normal(1.0, 0.5)
            })
            .collect();
        let mut sum = 0.0;
        PRODUCTS
            .iter()
            .map(|product| {
                let dear = (product.price_cents as f64 / 8000.0).ln();
                let price = (-1.2 * (self.price_sensitivity - 0.35) * dear).exp();
                sum += personal[product.category as usize] * product.popularity * price;
                sum
            })
            .collect()
    }
}

const TASTES: [Taste; 5] =
    [Taste::Guardian, Taste::Saver, Taste::Comfort, Taste::Tinkerer, Taste::Carer];

/// First-order rate, repeat rate, death rate and median visit rate of a kind, per week.
fn usual_rates(kind: Kind) -> (f64, f64, f64, f64) {
    match kind {
        Kind::Passerby => (0.0, 0.0, 1.0, 0.0),
        Kind::Prospect => (0.0, 0.0, 1.0 / 14.0, 0.22),
        Kind::Customer => (1.0 / 2.5, 0.055, 1.0 / 60.0, 0.27),
        Kind::Business => (1.0 / 6.0, 0.09, 1.0 / 90.0, 0.60),
    }
}
