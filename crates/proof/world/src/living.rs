//! How does a customer's life go, day by day?
//!
//! Each day the plan is made (visits, an order, e-mails, banners), then all that
//! is due before the next local midnight happens in the order of time. After the
//! death (the loss of interest) nothing is planned by the customer any more, but
//! e-mails still arrive and subscriptions still run.

use crate::agenda::{Agenda, Purpose, Task};
use crate::calendar::{DAY, HOUR, MINUTE, day_of, midnight};
use crate::campaign::{
    MailKind, OFFER_PROBABILITY_IDLE, RETARGETING_PROBABILITY, SEND_PROBABILITY,
    WIN_BACK_PROBABILITY,
};
use crate::device::Devices;
use crate::diary::Diary;
use crate::nature::{Kind, Nature};
use crate::owning::Holdings;
use crate::person::Person;
use crate::pressure::Pressure;
use crate::purse::Purse;
use crate::seasons::{Hours, moment, whole_ms};
use crate::seed::{Seed, Stream};
use crate::standing::Standing;
use crate::world::{Birth, World};

/// One customer on the way through the window.
pub(crate) struct Living<'w> {
    pub(crate) world: &'w World,
    pub(crate) person: Person,
    pub(crate) nature: Nature,
    pub(crate) birth: Birth,
    pub(crate) dies_at: i64,
    pub(crate) referrer: Option<u64>,
    pub(crate) diary: Diary,
    pub(crate) agenda: Agenda,
    pub(crate) devices: Devices,
    pub(crate) streams: Streams,
    pub(crate) standing: Standing,
    pub(crate) pressure: Pressure,
    pub(crate) purse: Purse,
    pub(crate) holdings: Holdings,
    pub(crate) tally: Tally,
    /// Until when the customer is occupied with what has been written down.
    pub(crate) busy_until: i64,
}

/// What the truth counts day by day.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) expected_orders: f64,
    pub(crate) expected_orders_without_messages: f64,
    pub(crate) banners_seen_at: Vec<i64>,
}

/// One stream for each side of a life, so that one does not disturb the other.
pub(crate) struct Streams {
    /// One draw per day of life: is there an order?
    pub(crate) order: Stream,
    pub(crate) plan: Stream,
    pub(crate) visit: Stream,
    pub(crate) basket: Stream,
    pub(crate) mail: Stream,
    pub(crate) own: Stream,
    pub(crate) join: Stream,
}

impl Streams {
    pub(crate) fn of(seed: Seed) -> Streams {
        let open = |label| seed.named(label).stream();
        Streams {
            order: open("order"),
            plan: open("plan"),
            visit: open("visit"),
            basket: open("basket"),
            mail: open("mail"),
            own: open("own"),
            join: open("join"),
        }
    }
}

impl Living<'_> {
    /// Lives from birth to the end of the window.
    pub(crate) fn run(&mut self) {
        let first = Task::Visit(Purpose::First(self.birth.arrival));
        self.agenda.plan(self.birth.at, first);
        if self.nature.kind == Kind::Passerby {
            return self.pass_by();
        }
        let ends_at = self.world.spec().ends_at;
        let mut day = self.birth.day;
        while self.midnight(day) < ends_at {
            self.plan_day(day);
            self.happen_until(self.midnight(day + 1).min(ends_at));
            self.pressure.pass_day();
            day += 1;
        }
    }

    /// A passer-by comes back seldom, within some weeks, and is lost after the last visit.
    fn pass_by(&mut self) {
        let mut at = self.birth.at;
        for _ in 0..self.streams.plan.geometric(0.5) {
            let gap_days = 1 + self.streams.plan.exponential(9.0) as i64;
            at = self.midnight(day_of(at) + gap_days) + moment(&mut self.streams.plan, Hours::Home);
            self.agenda.plan(at, Task::Visit(Purpose::Look));
        }
        self.happen_until(self.world.spec().ends_at);
        if self.agenda.is_empty() {
            self.dies_at = self.busy_until;
        }
    }

    fn plan_day(&mut self, day: i64) {
        if self.is_alive(self.midnight(day) + DAY / 2) {
            self.plan_order(day);
            self.plan_visits(day);
            self.plan_banner(day);
        }
        self.plan_mails(day);
    }

    /// An order with probability 1 − e^(−h), where h is the day's rate. Of the last day of
    /// the window, the expectation counts the share that has passed.
    fn plan_order(&mut self, day: i64) {
        let weekly = if self.purse.orders.is_empty() {
            self.nature.first_order_rate_per_week
        } else {
            self.nature.order_rate_per_week
        };
        let calm = weekly / 7.0 * self.season(day);
        let pressed = calm * self.pressure.total().exp();
        let passed = (self.world.spec().ends_at - self.midnight(day)) as f64 / DAY as f64;
        let share = passed.min(1.0);
        self.tally.expected_orders += share * -(-pressed).exp_m1();
        self.tally.expected_orders_without_messages += share * -(-calm).exp_m1();
        if self.streams.order.unit() >= -(-pressed).exp_m1() {
            return;
        }
        if self.streams.plan.chance(self.nature.channels.store) {
            let at = self.moment_of(day, Hours::Store);
            self.agenda.plan(at, Task::StoreOrder);
        } else {
            let at = self.moment_of(day, self.hours());
            self.agenda.plan(at, Task::Visit(Purpose::Order));
        }
    }

    fn plan_visits(&mut self, day: i64) {
        let mean = self.nature.visit_rate_per_week / 7.0 * self.season(day);
        for _ in 0..self.streams.plan.poisson(mean) {
            let at = self.moment_of(day, self.hours());
            self.agenda.plan(at, Task::Visit(Purpose::Look));
        }
    }

    fn plan_banner(&mut self, day: i64) {
        let idle_days = day - self.standing.last_visit_day;
        let seen = self.streams.plan.chance(RETARGETING_PROBABILITY);
        let clicked = self.streams.plan.chance(0.03);
        if !(1..=7).contains(&idle_days) || !seen {
            return;
        }
        let at = self.moment_of(day, self.hours());
        self.tally.banners_seen_at.extend(Some(at).filter(|at| self.diary.covers(*at)));
        self.pressure.banner_seen(&self.nature.effects);
        if clicked {
            self.agenda.plan(at, Task::Visit(Purpose::Banner));
        }
    }

    /// The draws are made whether or not the customer may be written to.
    fn plan_mails(&mut self, day: i64) {
        let campaigns = self.world.campaigns();
        let at = self.midnight(day) + 9 * HOUR + whole_ms(self.streams.mail.unit() * HOUR as f64);
        let idle = day - self.standing.last_visit_day > 30;
        for position in campaigns.of_day(day - self.world.first_day()) {
            let campaign = &campaigns.mails[usize::from(*position)];
            let p = match campaign.kind {
                MailKind::Offer if idle => OFFER_PROBABILITY_IDLE,
                _ => SEND_PROBABILITY,
            };
            if self.streams.mail.chance(p) && self.standing.may_mail() {
                self.agenda.plan(at, Task::Mail(campaign.clone()));
            }
        }
        let since_order = day - self.purse.last_order_day.unwrap_or(day);
        if since_order >= 90 && (since_order - 90) % 28 == 0 {
            let sent = self.streams.mail.chance(WIN_BACK_PROBABILITY);
            if sent && self.standing.may_mail() {
                let campaign = campaigns.triggered(MailKind::WinBack).clone();
                self.agenda.plan(at + HOUR, Task::Mail(campaign));
            }
        }
    }

    fn happen_until(&mut self, end: i64) {
        while let Some((at, task)) = self.agenda.next_before(end) {
            if self.is_alive(at) || !task.needs_interest() {
                self.happen(at, task);
            }
        }
    }

    /// Nothing happens in the middle of something else: it waits until that is over.
    fn happen(&mut self, at: i64, task: Task) {
        let at = at.max(self.busy_until);
        match task {
            Task::Visit(purpose) => self.visit(at, &purpose),
            Task::StoreOrder => self.order_in_store(at),
            Task::Mail(campaign) => self.mail(at, &campaign),
            Task::MailOpened(campaign, id) => self.mail_opened(at, &campaign, &id),
            Task::SetUp(product) => self.set_up(at, product),
            Task::Cancelled(order) => self.order_cancelled(at, order),
            Task::Refunded(order, whole) => self.order_refunded(at, order, whole),
            Task::TrialEnded => self.trial_ended(at),
            Task::Renewal(plan) => self.renewal(at, plan),
        }
    }

    /// Does the customer still take an interest at an instant?
    pub(crate) fn is_alive(&self, at: i64) -> bool {
        at < self.dies_at
    }

    pub(crate) fn hours(&self) -> Hours {
        if self.nature.kind == Kind::Business { Hours::Work } else { Hours::Home }
    }

    pub(crate) fn midnight(&self, day: i64) -> i64 {
        midnight(day, self.person.country.winter_hours)
    }

    /// A moment of a day, not before the birth.
    fn moment_of(&mut self, day: i64, hours: Hours) -> i64 {
        let at = self.midnight(day) + moment(&mut self.streams.plan, hours);
        at.max(self.birth.at + 3 * MINUTE)
    }

    fn season(&self, day: i64) -> f64 {
        self.world.season(self.hours(), day)
    }
}
