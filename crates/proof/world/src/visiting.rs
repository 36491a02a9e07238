//! What does a customer do on a visit to the shop or the app?
//!
//! A visit begins on a device and a landing page, has 1 + geometric (mean 2.3, of
//! passers-by 1.8) steps, and 18 s (median, log-normal, σ 0.9) pass between any two
//! events. The web sends a `page` call for each page; the app sends only what is done
//! (a real app would send `screen` calls besides).

use crate::agenda::{Purpose, Task};
use crate::calendar::{DAY, SECOND, day_of};
use crate::campaign::{CART_PROBABILITY, MailKind};
use crate::catalogue::{Category, PRODUCTS};
use crate::device::DeviceKind;
use crate::event::{Fields, Line, Method, Page, Utm, Value, shared};
use crate::living::Living;
use crate::nature::Kind;
use crate::seasons::whole_ms;
use crate::speaking::call;
use crate::spend::{Arrival, Channel};
use std::sync::Arc;

/// A visit that goes on.
pub(crate) struct Visit {
    pub(crate) at: i64,
    pub(crate) device: usize,
    pub(crate) campaign: Option<Arc<Utm>>,
    pub(crate) referrer: &'static str,
    pub(crate) page: Option<Page>,
}

pub(crate) const HOME: Page =
    Page { path: "/", title: "Northlight Home: a house that looks after you" };
pub(crate) const CART: Page = Page { path: "/cart", title: "Your cart | Northlight Home" };
pub(crate) const CHECKOUT: Page = Page { path: "/checkout", title: "Checkout | Northlight Home" };
pub(crate) const THANKS: Page =
    Page { path: "/checkout/thank-you", title: "Thank you | Northlight Home" };
pub(crate) const SIGN_UP: Page =
    Page { path: "/signup", title: "Create your account | Northlight Home" };
pub(crate) const SUPPORT: Page = Page { path: "/support", title: "Help | Northlight Home" };
pub(crate) const PREFERENCES: Page =
    Page { path: "/account/preferences", title: "Preferences | Northlight Home" };
pub(crate) const BUSINESS: Page = Page { path: "/pro", title: "Northlight for professionals" };
const SEARCH: Page = Page { path: "/search", title: "Search | Northlight Home" };
const ACCOUNT: Page = Page { path: "/account", title: "Your account | Northlight Home" };
const ARTICLES: [Page; 6] = [
    Page { path: "/guides/burglary-season", title: "Dark evenings: ten checks before you leave" },
    Page { path: "/guides/heating-costs", title: "What a radiator valve saves" },
    Page { path: "/guides/matter-explained", title: "Matter, explained in five minutes" },
    Page { path: "/guides/renters", title: "A connected home without drilling" },
    Page { path: "/guides/elderly-parents", title: "Looking after parents from afar" },
    Page { path: "/guides/choose-a-lock", title: "Which smart lock fits your door?" },
];
const SEARCHES: [&str; 12] = [
    "outdoor camera",
    "doorbell without wiring",
    "thermostat",
    "smart lock",
    "battery",
    "water leak",
    "solar",
    "radiator valve",
    "matter",
    "siren",
    "starter kit",
    "spare battery",
];
const SEARCH_ENGINE: &str = "https://www.google.com/";
const LINKING_PAGES: [&str; 4] = [
    "https://forum.smart-living.example/",
    "https://www.gadget-review.example/best-smart-locks",
    "https://blog.landlord.example/connected-flats",
    "https://www.reddit.com/",
];
const SOCIAL_PAGES: [&str; 3] =
    ["https://www.instagram.com/", "https://www.facebook.com/", "https://www.youtube.com/"];

impl Living<'_> {
    /// A whole visit, whatever it is for.
    pub(crate) fn visit(&mut self, at: i64, purpose: &Purpose) {
        let mut visit = self.arrive(at, purpose);
        self.standing.n_visits += 1;
        self.standing.last_visit_day = day_of(at);
        self.maybe_sign_in(&mut visit, matches!(purpose, Purpose::Order));
        match purpose {
            Purpose::Order => self.order_online(&mut visit),
            Purpose::Support => self.ask_support(&mut visit),
            _ => self.look_around(&mut visit),
        }
        self.maybe_join(&mut visit);
        self.maybe_change_consent(&mut visit);
        self.leave(&visit);
    }

    /// Opens the shop on a device, from where the purpose comes from.
    pub(crate) fn arrive(&mut self, at: i64, purpose: &Purpose) -> Visit {
        let device = match purpose {
            Purpose::First(_) => self.devices.browser(),
            _ => self.devices.choose(&mut self.streams.visit, self.standing.has_account),
        };
        let loses_cookie = self.streams.visit.chance(0.03);
        let chosen = &mut self.devices.all[device];
        let is_app = chosen.kind == DeviceKind::App;
        if loses_cookie && !is_app && !chosen.is_shared && self.standing.n_visits > 0 {
            chosen.lose_cookie();
        }
        let (campaign, referrer) = self.origin(purpose);
        let campaign = campaign.filter(|_| !is_app);
        let referrer = if is_app { "" } else { referrer };
        let mut visit = Visit { at, device, campaign, referrer, page: None };
        let landing = self.landing(purpose);
        self.open(&mut visit, landing, "Home");
        visit
    }

    /// The visit is over: the customer is free again, and shared devices are signed out.
    pub(crate) fn leave(&mut self, visit: &Visit) {
        self.busy_until = visit.at + 5 * SECOND;
        let device = &mut self.devices.all[visit.device];
        if device.is_shared {
            device.signed_in = false;
        }
    }

    fn origin(&mut self, purpose: &Purpose) -> (Option<Arc<Utm>>, &'static str) {
        match purpose {
            Purpose::First(arrival) => self.first_origin(*arrival),
            Purpose::Mail(campaign) => (Some(campaign.utm.clone()), ""),
            Purpose::Banner => (Some(self.world.campaigns().retargeting.clone()), ""),
            Purpose::Look | Purpose::Order | Purpose::Support => {
                match self.streams.visit.weighted(&[50.0, 28.0, 9.0, 7.0, 3.0, 3.0]) {
                    0 => (None, ""),
                    1 => (None, SEARCH_ENGINE),
                    2 => self.paid_origin(Channel::PaidSearch),
                    3 => (None, self.streams.visit.pick(&SOCIAL_PAGES)),
                    4 => self.paid_origin(Channel::Affiliate),
                    _ => (None, self.streams.visit.pick(&LINKING_PAGES)),
                }
            }
        }
    }

    fn first_origin(&mut self, arrival: Arrival) -> (Option<Arc<Utm>>, &'static str) {
        match arrival {
            Arrival::Direct => (None, ""),
            Arrival::OrganicSearch => (None, SEARCH_ENGINE),
            Arrival::WordOfMouth if self.referrer.is_some() => {
                (Some(self.world.referral_utm().clone()), "")
            }
            Arrival::WordOfMouth => (None, self.streams.visit.pick(&LINKING_PAGES)),
            Arrival::Paid(Channel::Tv) if self.streams.visit.chance(0.6) => (None, SEARCH_ENGINE),
            Arrival::Paid(Channel::Tv) => (None, ""),
            Arrival::Paid(channel) => self.paid_origin(channel),
        }
    }

    fn paid_origin(&mut self, channel: Channel) -> (Option<Arc<Utm>>, &'static str) {
        let referrer = match channel {
            Channel::PaidSearch => SEARCH_ENGINE,
            Channel::Social => SOCIAL_PAGES[0],
            _ => "",
        };
        (self.world.campaigns().ad(&mut self.streams.visit, channel), referrer)
    }

    fn landing(&mut self, purpose: &Purpose) -> Page {
        if self.nature.kind == Kind::Business && self.streams.visit.chance(0.5) {
            return BUSINESS;
        }
        match purpose {
            Purpose::Mail(campaign) => list_page(campaign.category),
            Purpose::Support => SUPPORT,
            Purpose::Order => HOME,
            _ => match self.streams.visit.weighted(&[45.0, 25.0, 20.0, 10.0]) {
                0 => HOME,
                1 => list_page(self.wished_category()),
                2 => product_page(self.wished_product()),
                _ => self.streams.visit.pick(&ARTICLES),
            },
        }
    }

    fn look_around(&mut self, visit: &mut Visit) {
        let is_passerby = self.nature.kind == Kind::Passerby;
        let n_steps = 1 + self.streams.visit.geometric(if is_passerby { 1.8 } else { 2.3 });
        for _ in 0..n_steps {
            match self.streams.visit.weighted(&[24.0, 46.0, 9.0, 10.0, 3.0, 4.0]) {
                0 => self.see_list(visit),
                1 => self.see_product(visit),
                2 => self.search(visit),
                3 => {
                    let article = self.streams.visit.pick(&ARTICLES);
                    self.open(visit, article, "Guide");
                }
                4 => self.ask_support(visit),
                _ if self.standing.has_account => self.open(visit, ACCOUNT, "Account"),
                _ => self.see_list(visit),
            }
        }
        if !self.purse.cart.is_empty() {
            self.ponder_cart(visit);
        }
    }

    fn see_list(&mut self, visit: &mut Visit) {
        let category = self.wished_category();
        self.open(visit, list_page(category), "Product List");
        let shelf = PRODUCTS.iter().enumerate().filter(|(_, product)| product.category == category);
        let shelf = shelf.take(3).map(|(number, _)| number as u16).collect();
        let fields = vec![
            ("list_id", Value::Text(category.path())),
            ("category", Value::Text(category.name())),
            ("products", Value::Shelf(shelf)),
        ];
        self.track(visit, "Product List Viewed", fields);
    }

    fn see_product(&mut self, visit: &mut Visit) {
        let product = self.wished_product();
        self.view(visit, product);
        let eagerness = match self.nature.kind {
            Kind::Passerby => 0.05,
            Kind::Prospect => 0.09,
            Kind::Customer | Kind::Business => 0.08,
        };
        if self.streams.visit.chance(eagerness) {
            self.add_to_cart(visit, Line { product, quantity: 1 });
        }
    }

    pub(crate) fn view(&mut self, visit: &mut Visit, product: u16) {
        self.open(visit, product_page(product), "Product");
        self.track(visit, "Product Viewed", product_fields(product));
    }

    pub(crate) fn add_to_cart(&mut self, visit: &mut Visit, line: Line) {
        self.purse.cart.push(line);
        let mut fields = product_fields(line.product);
        fields.push(("quantity", Value::Int(i64::from(line.quantity))));
        self.track(visit, "Product Added", fields);
    }

    fn search(&mut self, visit: &mut Visit) {
        let query = self.streams.visit.pick(&SEARCHES);
        self.open(visit, SEARCH, "Search");
        self.track(visit, "Products Searched", vec![("query", Value::Text(query))]);
    }

    /// A full cart that is not bought now: looked at, thinned out, carried some way to the till.
    fn ponder_cart(&mut self, visit: &mut Visit) {
        if self.streams.visit.chance(0.2) {
            let line = self.purse.cart.pop().expect("the caller has seen that it is not empty");
            let mut fields = product_fields(line.product);
            fields.push(("quantity", Value::Int(i64::from(line.quantity))));
            self.track(visit, "Product Removed", fields);
        }
        if self.purse.cart.is_empty() || !self.streams.visit.chance(0.6) {
            return;
        }
        self.see_cart(visit);
        if self.streams.visit.chance(0.3) {
            self.start_checkout(visit);
        }
        let is_followed = self.streams.mail.chance(CART_PROBABILITY);
        if is_followed && self.standing.may_mail() {
            let campaign = self.world.campaigns().triggered(MailKind::AbandonedCart).clone();
            let delay = whole_ms(self.streams.mail.between(0.8, 1.2) * DAY as f64);
            self.agenda.plan(visit.at + delay, Task::Mail(campaign));
        }
    }

    pub(crate) fn see_cart(&mut self, visit: &mut Visit) {
        self.open(visit, CART, "Cart");
        let fields = vec![
            ("cart_id", self.purse.cart_id(&self.person)),
            ("products", Value::Lines(self.purse.cart.clone())),
        ];
        self.track(visit, "Cart Viewed", fields);
    }

    /// Shows a page: a `page` call on the web, only some time in the app.
    pub(crate) fn open(&mut self, visit: &mut Visit, page: Page, name: &'static str) {
        if self.devices.all[visit.device].kind == DeviceKind::App {
            return self.pass_time(visit);
        }
        visit.page = Some(page);
        self.say(visit, call(Method::Page, name, Vec::new()));
    }

    pub(crate) fn pass_time(&mut self, visit: &mut Visit) {
        let seconds = self.streams.visit.log_normal(18.0, 0.9).clamp(0.8, 900.0);
        visit.at += whole_ms(seconds * SECOND as f64);
    }

    fn wished_product(&mut self) -> u16 {
        self.streams.visit.cumulative(&self.purse.wishes) as u16
    }

    fn wished_category(&mut self) -> Category {
        PRODUCTS[usize::from(self.wished_product())].category
    }
}

fn list_page(category: Category) -> Page {
    Page { path: category.path(), title: category.title() }
}

fn product_page(product: u16) -> Page {
    let product = &PRODUCTS[usize::from(product)];
    Page { path: product.path, title: product.title }
}

/// The properties of a single product in the e-commerce events.
pub(crate) fn product_fields(product: u16) -> Fields {
    let product = &PRODUCTS[usize::from(product)];
    vec![
        ("product_id", Value::Text(product.id)),
        ("sku", Value::Text(product.sku)),
        ("name", Value::Text(product.name)),
        ("category", Value::Text(product.category.name())),
        ("price", Value::Cents(product.price_cents)),
        ("currency", Value::Text("EUR")),
    ]
}

/// A chat id, an order id and their like as text.
pub(crate) fn tag(prefix: &str, number: u64) -> Value {
    shared(format!("{prefix}{:010x}", number >> 24))
}
