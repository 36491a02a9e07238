//! What does an owner do: set up, subscribe, ask for help?
//!
//! After the first device, with the customer's probability, a trial of Plus for
//! 30 days; 60 % of the living go on (Basic 35 %, Plus 50 %, Pro 15 %). Each month
//! 1.5 % of the living cancel and 3 % go one plan up; of those who have lost
//! interest 60 % cancel. 25 % of locks and thermostats are fitted by an installer.

use crate::agenda::{Purpose, Task};
use crate::buying::is_fitted;
use crate::calendar::{DAY, MINUTE, SECOND};
use crate::catalogue::{PRODUCTS, Plan};
use crate::device::DeviceKind;
use crate::event::{Fields, Method, Value, shared};
use crate::living::Living;
use crate::seasons::whole_ms;
use crate::speaking::call;
use crate::visiting::{SUPPORT, Visit, tag};

const ROOMS: [&str; 9] = [
    "Living room",
    "Hall",
    "Kitchen",
    "Bedroom",
    "Front door",
    "Garden",
    "Garage",
    "Study",
    "Bathroom",
];
const AGENTS: [&str; 5] = ["Maren", "Tom", "Ifeoma", "Lukas", "Sara"];
const TOPICS: [&str; 6] =
    ["Device offline", "Delivery", "Billing", "Wi-Fi set-up", "Return", "Which product fits?"];
const TRIAL_DAYS: i64 = 30;
const MONTH: i64 = 30 * DAY;

/// What a customer has at home and has subscribed to.
#[derive(Default)]
pub(crate) struct Holdings {
    pub(crate) n_set_up: u32,
    pub(crate) tried: bool,
    pub(crate) plan: Option<Plan>,
}

impl Living<'_> {
    /// Takes a product into use, in the app or else on the web; needs an account, which one
    /// in four of those without will not open for it.
    pub(crate) fn set_up(&mut self, at: i64, product: u16) {
        let device = self.devices.for_set_up();
        let opens_account = self.streams.own.chance(0.75);
        if !self.standing.has_account && !opens_account {
            return;
        }
        let mut visit = Visit { at, device, campaign: None, referrer: "", page: None };
        if self.devices.all[device].kind != DeviceKind::App {
            self.open(&mut visit, SUPPORT, "Set Up");
        }
        if !self.standing.has_account {
            self.sign_up(&mut visit);
        } else if !self.devices.all[device].signed_in {
            self.sign_in(&mut visit);
        }
        let fields = self.set_up_fields(product);
        self.track(&mut visit, "Device Set Up", fields);
        self.holdings.n_set_up += 1;
        self.maybe_book_installer(&mut visit, product);
        if self.streams.own.chance(0.07) {
            let later = visit.at + whole_ms(self.streams.own.exponential(2.0 * DAY as f64));
            self.agenda.plan(later, Task::Visit(Purpose::Support));
        }
        self.maybe_try_plan(&mut visit);
        self.leave(&visit);
    }

    fn set_up_fields(&mut self, product: u16) -> Fields {
        let item = &PRODUCTS[usize::from(product)];
        let number = self.diary.number("device");
        let firmware = self.streams.own.pick(&["4.2.1", "4.3.0", "4.3.2", "5.0.0"]);
        vec![
            ("device_id", tag("nld_", number)),
            ("product_id", Value::Text(item.id)),
            ("name", Value::Text(item.name)),
            ("category", Value::Text(item.category.name())),
            ("room", Value::Text(self.streams.own.pick(&ROOMS))),
            ("firmware_version", Value::Text(firmware)),
        ]
    }

    fn maybe_book_installer(&mut self, visit: &mut Visit, product: u16) {
        let wants = self.streams.own.chance(0.25);
        if !wants || !is_fitted(product) {
            return;
        }
        let day = visit.at.div_euclid(DAY) + 3 + self.streams.own.below(12) as i64;
        let fields = vec![
            ("product_id", Value::Text(PRODUCTS[usize::from(product)].id)),
            ("city", Value::Text(self.person.city)),
            ("postcode", shared(self.person.postcode.as_str())),
            ("appointment_date", Value::Date(day)),
            ("price", Value::Cents(8900)),
            ("currency", Value::Text("EUR")),
        ];
        self.track(visit, "Installer Booked", fields);
    }

    fn maybe_try_plan(&mut self, visit: &mut Visit) {
        let wants = self.streams.own.chance(self.nature.subscribe_probability);
        if self.holdings.tried {
            return;
        }
        self.holdings.tried = true;
        if !wants {
            return;
        }
        let end = visit.at + TRIAL_DAYS * DAY;
        let fields = vec![
            ("plan", Value::Text(Plan::Plus.name())),
            ("trial_days", Value::Int(TRIAL_DAYS)),
            ("trial_end", Value::Instant(end)),
        ];
        self.track(visit, "Trial Started", fields);
        self.agenda.plan(end, Task::TrialEnded);
    }

    /// The billing server ends a trial, one way or the other.
    pub(crate) fn trial_ended(&mut self, at: i64) {
        let converts = self.streams.own.chance(0.6) && self.is_alive(at);
        let choice = self.streams.own.weighted(&[35.0, 50.0, 15.0]);
        let fields =
            vec![("plan", Value::Text(Plan::Plus.name())), ("converted", Value::Flag(converts))];
        self.bill(at, "Trial Ended", fields);
        if converts {
            let plan = [Plan::Basic, Plan::Plus, Plan::Pro][choice];
            self.take_plan(at, plan);
            self.bill(at + SECOND, "Subscription Started", plan_fields(plan));
            self.agenda.plan(at + MONTH, Task::Renewal(plan));
        }
    }

    /// The billing server closes a month: cancelled, upgraded, or one more.
    pub(crate) fn renewal(&mut self, at: i64, plan: Plan) {
        let (cancels, upgrades) = (self.streams.own.unit(), self.streams.own.unit());
        let cancel_probability = if self.is_alive(at) { 0.015 } else { 0.6 };
        if cancels < cancel_probability {
            if self.diary.covers(at) {
                self.holdings.plan = None;
            }
            self.standing.plan = None;
            return self.bill(at, "Subscription Cancelled", plan_fields(plan));
        }
        let above = plan.above().filter(|_| upgrades < 0.03 && self.is_alive(at));
        let plan = match above {
            Some(higher) => {
                self.take_plan(at, higher);
                let mut fields = plan_fields(higher);
                fields.push(("previous_plan", Value::Text(plan.name())));
                self.bill(at, "Subscription Upgraded", fields);
                higher
            }
            None => {
                self.bill(at, "Subscription Renewed", plan_fields(plan));
                plan
            }
        };
        self.agenda.plan(at + MONTH, Task::Renewal(plan));
    }

    fn take_plan(&mut self, at: i64, plan: Plan) {
        self.standing.plan = Some(plan);
        if self.diary.covers(at) {
            self.holdings.plan = Some(plan);
        }
        let traits = vec![("plan", Value::Text(plan.name()))];
        self.say_from_server(at + 2 * SECOND, call(Method::Identify, "", traits), false);
    }

    fn bill(&mut self, at: i64, name: &'static str, fields: Fields) {
        self.say_from_server(at, call(Method::Track, name, fields), false);
    }

    /// Opens the help page; one in three talks to somebody.
    pub(crate) fn ask_support(&mut self, visit: &mut Visit) {
        self.open(visit, SUPPORT, "Help");
        if !self.streams.own.chance(0.35) {
            return;
        }
        let id = tag("chat_", self.diary.number("chat"));
        let agent = self.streams.own.pick(&AGENTS);
        let topic = self.streams.own.pick(&TOPICS);
        let n_turns = 1 + self.streams.own.poisson(1.5);
        let about = |extra| vec![("conversation_id", id.clone()), extra];
        self.track(visit, "Live Chat Conversation Started", about(("topic", Value::Text(topic))));
        for _ in 0..n_turns {
            self.track(visit, "Live Chat Message Sent", about(("topic", Value::Text(topic))));
            self.track(
                visit,
                "Live Chat Message Received",
                about(("agent_name", Value::Text(agent))),
            );
        }
        visit.at += MINUTE;
        let minutes = Value::Int(2 + 2 * n_turns as i64);
        self.track(visit, "Live Chat Conversation Ended", about(("duration_minutes", minutes)));
    }
}

fn plan_fields(plan: Plan) -> Fields {
    vec![
        ("plan", Value::Text(plan.name())),
        ("price", Value::Cents(plan.price_cents())),
        ("currency", Value::Text("EUR")),
        ("billing_period", Value::Text("month")),
    ]
}
