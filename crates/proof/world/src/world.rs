//! What is a world, and how is one of its customers made?

use crate::account::Account;
use crate::agenda::Agenda;
use crate::calendar::{DAY, Date, day_of, midnight};
use crate::campaign::{Campaigns, MailCampaign};
use crate::catalogue::{PRODUCTS, Product};
use crate::country::COUNTRIES;
use crate::device::{self, Devices};
use crate::diary::Diary;
use crate::event::{Sender, Utm};
use crate::life::Life;
use crate::living::{Living, Streams, Tally};
use crate::nature::{Kind, Nature};
use crate::owning::Holdings;
use crate::person::Person;
use crate::pressure::Pressure;
use crate::purse::Purse;
use crate::seasons::{self, Hours, whole_ms};
use crate::seed::Seed;
use crate::spend::{Arrival, Market, SpendDay};
use crate::standing::Standing;
use crate::street::{STREET_SIZE, Street};
use std::sync::Arc;

/// Which world is it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorldSpec {
    /// Worlds with the same seed, end and length have the same customers.
    pub seed: u64,
    /// How many customers it has; customer `k` is the same in a larger world.
    pub n_customers: u64,
    /// The end of the window, µs UTC; no event is at or after it.
    pub ends_at: i64,
    /// The length of the window in calendar months, at least 1; it begins at midnight UTC.
    pub months: u32,
}

/// A simulated company with its customers, of whom none is held in memory.
pub struct World {
    spec: WorldSpec,
    seed: Seed,
    first_day: i64,
    market: Market,
    campaigns: Campaigns,
    /// Season factors of each day, for people at home and at work.
    seasons: Vec<[f64; 2]>,
    server: Arc<Sender>,
    referral_utm: Arc<Utm>,
}

/// How a customer's time with Northlight begins.
#[derive(Clone, Copy)]
pub(crate) struct Birth {
    pub(crate) at: i64,
    /// The local day of `at`.
    pub(crate) day: i64,
    pub(crate) arrival: Arrival,
}

impl World {
    /// Makes what all customers share: seasons, spend, campaigns. Quick for any number of
    /// customers.
    ///
    /// # Panics
    /// If the window is shorter than one month.
    #[must_use]
    pub fn new(spec: WorldSpec) -> World {
        assert!(spec.months >= 1, "a world needs a window of at least one month");
        let seed = Seed::root(spec.seed);
        let last_day = day_of(spec.ends_at - 1);
        let first_day = Date::of_day(last_day).months_before(spec.months).to_day();
        let n_days = (last_day - first_day + 1) as usize;
        let last_share = (spec.ends_at - last_day * DAY) as f64 / DAY as f64;
        let seasons = (0..n_days + 2)
            .map(|offset| first_day + offset as i64)
            .map(|day| [seasons::home_factor(day), seasons::work_factor(day)])
            .collect();
        World {
            spec,
            seed,
            first_day,
            market: Market::new(seed.named("market"), first_day, n_days, last_share),
            campaigns: Campaigns::new(seed.named("campaigns"), first_day, n_days),
            seasons,
            server: Arc::new(device::server()),
            referral_utm: Arc::new(Utm {
                name: "refer-a-friend".into(),
                source: "referral",
                medium: "word_of_mouth",
            }),
        }
    }

    /// Which world it is.
    #[must_use]
    pub fn spec(&self) -> &WorldSpec {
        &self.spec
    }

    /// The beginning of the window, µs UTC.
    #[must_use]
    pub fn starts_at(&self) -> i64 {
        self.first_day * DAY
    }

    /// Everything about one customer: truth, events in time order, records.
    #[must_use]
    pub fn customer(&self, index: u64) -> Life {
        let seed = self.customer_seed(index);
        let street = Street::of_customer(self.seed, index);
        let (kind, birth) = self.sketch(index, &street);
        let person = Person::of(self.seed, seed, index);
        let nature = Nature::draw(seed, kind);
        let mut streams = Streams::of(seed);
        let (joins_at_visit, joins_by_newsletter) = joining(kind, &mut streams);
        let weeks = streams.own.exponential(1.0 / nature.death_rate_per_week);
        let dies_at = birth.at.saturating_add(whole_ms(weeks * 7.0 * DAY as f64));
        let mut living = Living {
            world: self,
            birth,
            dies_at: if kind == Kind::Passerby { i64::MAX } else { dies_at },
            referrer: self.referrer_of(index, &birth),
            diary: Diary::new(seed, self.starts_at()..self.spec.ends_at),
            agenda: Agenda::default(),
            devices: Devices::of(&person, kind),
            streams,
            standing: Standing::new(joins_at_visit, joins_by_newsletter),
            pressure: Pressure::default(),
            purse: Purse::new(nature.wishes(seed)),
            holdings: Holdings::default(),
            tally: Tally::default(),
            busy_until: birth.at,
            person,
            nature,
        };
        living.run();
        Life::of(living)
    }

    /// All customers in the order of their indices, each made when it is asked for.
    pub fn lives(&self) -> impl Iterator<Item = Life> + '_ {
        (0..self.spec.n_customers).map(|index| self.customer(index))
    }

    /// What Northlight sells.
    #[must_use]
    pub fn catalogue(&self) -> &'static [Product] {
        PRODUCTS
    }

    /// The companies that it deals with, each when it is asked for.
    pub fn accounts(&self) -> impl Iterator<Item = Arc<Account>> + '_ {
        (0..self.spec.n_customers.div_ceil(STREET_SIZE))
            .filter_map(|street| Street::of(self.seed, street).account)
            .filter(|account| account.first_contact < self.spec.n_customers)
    }

    /// Advertising spend by country, channel and day, with what it truly brought.
    #[must_use]
    pub fn spend(&self) -> Vec<SpendDay> {
        self.market.days(self.first_day, self.spec.n_customers)
    }

    /// The scheduled e-mail campaigns, in the order of their days.
    #[must_use]
    pub fn mail_campaigns(&self) -> &[Arc<MailCampaign>] {
        &self.campaigns.mails
    }

    pub(crate) fn campaigns(&self) -> &Campaigns {
        &self.campaigns
    }

    pub(crate) fn first_day(&self) -> i64 {
        self.first_day
    }

    pub(crate) fn server(&self) -> &Arc<Sender> {
        &self.server
    }

    pub(crate) fn referral_utm(&self) -> &Arc<Utm> {
        &self.referral_utm
    }

    /// The code that a customer hands on to friends.
    pub(crate) fn referral_code(&self, index: u64) -> String {
        format!("FRIEND-{:010x}", self.customer_seed(index).named("code").bits() >> 24)
    }

    /// The season factor of a day; days beyond the window are like its nearest.
    pub(crate) fn season(&self, hours: Hours, day: i64) -> f64 {
        let last = self.seasons.len() as i64 - 1;
        let factors = self.seasons[(day - self.first_day).clamp(0, last) as usize];
        if hours == Hours::Work { factors[1] } else { factors[0] }
    }

    fn customer_seed(&self, index: u64) -> Seed {
        self.seed.named("customer").nth(index)
    }

    /// Kind and birth: what others may need to know of a customer, at little cost.
    fn sketch(&self, index: u64, street: &Street) -> (Kind, Birth) {
        let mut s = self.customer_seed(index).named("sketch").stream();
        let drawn = s.weighted(&[55.5, 16.5, 28.0]);
        let kind = match (street.works_at(index), drawn) {
            (Some(_), _) => Kind::Business,
            (None, 0) => Kind::Passerby,
            (None, 1) => Kind::Prospect,
            (None, _) => Kind::Customer,
        };
        let country = COUNTRIES
            .iter()
            .position(|country| country.code == street.country.code)
            .expect("every street lies in one of the countries");
        let (offset, arrival) = self.market.arrival(&mut s, country);
        let day = self.first_day + offset as i64;
        let hours = if kind == Kind::Business { Hours::Work } else { Hours::Home };
        let start = midnight(day, street.country.winter_hours);
        let mut at = start + seasons::moment(&mut s, hours);
        let room = self.spec.ends_at - start;
        if at >= self.spec.ends_at {
            at = start + whole_ms(s.unit() * room as f64);
        }
        (kind, Birth { at, day, arrival })
    }

    /// Half of those who came by word of mouth were told by an earlier customer with a code.
    fn referrer_of(&self, index: u64, birth: &Birth) -> Option<u64> {
        let mut s = self.customer_seed(index).named("referrer").stream();
        if birth.arrival != Arrival::WordOfMouth || index == 0 || s.chance(0.5) {
            return None;
        }
        (0..12).map(|_| (s.unit() * index as f64) as u64).find(|other| {
            let street = Street::of_customer(self.seed, *other);
            let (kind, earlier) = self.sketch(*other, &street);
            kind == Kind::Customer && earlier.at + 14 * DAY < birth.at
        })
    }
}

/// At which visit somebody joins of their own accord, and whether by the newsletter only.
fn joining(kind: Kind, streams: &mut Streams) -> (Option<u32>, bool) {
    let s = &mut streams.join;
    let wants = s.chance(0.4);
    let newsletter = s.unit();
    let (mean, newsletter_share) = match kind {
        Kind::Passerby => return (None, false),
        Kind::Prospect => (0.7, 0.4),
        Kind::Customer if !wants => return (None, false),
        Kind::Customer => (1.5, 0.25),
        Kind::Business => (0.5, 0.0),
    };
    (Some(1 + s.geometric(mean) as u32), newsletter < newsletter_share)
}
