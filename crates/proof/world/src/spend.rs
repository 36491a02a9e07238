//! What is spent on advertising, and whom does it bring?
//!
//! Per country and day, arrivals of new customers are in proportion to
//! `trend × season × (base + Σ_c share_c · h_c(t) / mean(h_c))`, where
//! `h_c = s / (s + κ_c)` saturates (Hill, exponent 1) and
//! `s_t = (1 − θ_c) x_t + θ_c s_{t−1}` carries over (geometric adstock) the
//! relative spend `x_t`. The trend grows by e^0.5 over the window.
//!
//! | channel | share of arrivals | θ | κ | spend pattern | € per arrival |
//! |---|---|---|---|---|---|
//! | TV | 0.10 | 0.85 | 1.0 | flights of 3 weeks, 5 weeks pause, phase by country | 9.0 |
//! | paid search | 0.15 | 0.10 | 2.5 | steady, follows the season | 3.2 |
//! | social | 0.10 | 0.50 | 0.8 | pulses of 10 days, low for 11 | 4.1 |
//! | display | 0.04 | 0.60 | 1.2 | monthly budgets | 5.0 |
//! | affiliate | 0.06 | 0.20 | 3.0 | noisy, steady | 2.5 |
//!
//! In one week of thirteen, drawn by country and channel, search, social and
//! display are switched off: these dark weeks make the effects identifiable.
//! Costs grow with the number of customers; who arrives when does not depend on it.

use crate::calendar::push_date;
use crate::country::COUNTRIES;
use crate::seasons::home_factor;
use crate::seed::{Seed, Stream};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// A channel on which money is spent centrally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Channel {
    /// Television: leaves no trace in a click.
    Tv,
    /// Paid search.
    PaidSearch,
    /// Paid social.
    Social,
    /// Banners.
    Display,
    /// Commission for partners.
    Affiliate,
}

impl Channel {
    /// All channels, in the order of their discriminants.
    pub const ALL: [Channel; 5] =
        [Channel::Tv, Channel::PaidSearch, Channel::Social, Channel::Display, Channel::Affiliate];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        ["tv", "paid_search", "social", "display", "affiliate"][self as usize]
    }
}

/// What brought a new customer, as the world knows it; the company sees only the click.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Arrival {
    /// Typed the address, after no advertisement.
    Direct,
    /// Unpaid search.
    OrganicSearch,
    /// Told by somebody, or by a page that links to the shop.
    WordOfMouth,
    /// An advertisement on this channel.
    Paid(Channel),
}

/// Shares of arrivals without advertising: direct, organic search, word of mouth.
const BASE: [f64; 3] = [0.18, 0.25, 0.12];
const SHARE: [f64; 5] = [0.10, 0.15, 0.10, 0.04, 0.06];
const CARRY_OVER: [f64; 5] = [0.85, 0.10, 0.50, 0.60, 0.20];
const HALF_SATURATION: [f64; 5] = [1.0, 2.5, 0.8, 1.2, 3.0];
const CENTS_PER_ARRIVAL: [f64; 5] = [900.0, 320.0, 410.0, 500.0, 250.0];
const IMPRESSIONS_PER_EURO: [f64; 5] = [110.0, 25.0, 140.0, 420.0, 60.0];
const LANES: usize = 8;

/// One line of the spend file: what the company knows, and what it caused.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpendDay {
    /// Days since 1970-01-01.
    pub day: i64,
    /// ISO 3166 code of the country.
    pub country: &'static str,
    /// Where the money went.
    pub channel: Channel,
    /// Cost in euro cents.
    pub cost_cents: i64,
    /// Contacts bought.
    pub impressions: i64,
    /// Truth: spend relative to its mean, after carry-over.
    pub adstock: f64,
    /// Truth: expected new customers brought on this day.
    pub expected_arrivals: f64,
}

impl SpendDay {
    /// The header of the file that the company has.
    pub const CSV_HEADER: &'static str = "date,country,channel,cost,currency,impressions\n";

    /// Appends the line that the company has: without the truth.
    pub fn to_csv(&self, out: &mut String) {
        push_date(out, self.day);
        let (euros, cents) = (self.cost_cents / 100, self.cost_cents % 100);
        writeln!(
            out,
            ",{},{},{euros}.{cents:02},EUR,{}",
            self.country,
            self.channel.name(),
            self.impressions
        )
        .expect("writing to a string cannot fail");
    }
}

/// Who arrives when, in every country, and what is spent on it.
pub(crate) struct Market {
    countries: Vec<CountryMarket>,
}

struct CountryMarket {
    /// Per day: relative arrivals by lane (three unpaid, five paid).
    lanes: Vec<[f64; LANES]>,
    /// Running totals of all lanes over days.
    totals: Vec<f64>,
    /// Per channel and day: relative spend, and adstock.
    spend: [(Vec<f64>, Vec<f64>); 5],
}

impl Market {
    /// The market of `n_days` days from `first_day`; of the last day only a share has passed.
    pub(crate) fn new(seed: Seed, first_day: i64, n_days: usize, last_share: f64) -> Market {
        let seasons: Vec<f64> = (0..n_days).map(|d| home_factor(first_day + d as i64)).collect();
        let countries = (0..COUNTRIES.len())
            .map(|c| CountryMarket::new(seed.nth(c as u64), &seasons, last_share))
            .collect();
        Market { countries }
    }

    /// The day (counted from the first) on which somebody arrives, and what brought them.
    pub(crate) fn arrival(&self, stream: &mut Stream, country: usize) -> (usize, Arrival) {
        let market = &self.countries[country];
        let day = stream.cumulative(&market.totals);
        let lane = stream.weighted(&market.lanes[day]);
        (day, lane_arrival(lane))
    }

    /// All spend, by country, channel and day, for a world of `n_customers`.
    pub(crate) fn days(&self, first_day: i64, n_customers: u64) -> Vec<SpendDay> {
        let mut out = Vec::new();
        for (country, market) in COUNTRIES.iter().zip(&self.countries) {
            let n = n_customers as f64 * country.share_percent as f64 / 100.0;
            for channel in Channel::ALL {
                market.push_days(&mut out, channel, n);
            }
            let new = market.lanes.len() * Channel::ALL.len();
            let from = out.len() - new;
            for line in &mut out[from..] {
                line.country = country.code;
                line.day += first_day;
            }
        }
        out
    }
}

impl CountryMarket {
    fn new(seed: Seed, seasons: &[f64], last_share: f64) -> CountryMarket {
        let n = seasons.len();
        let spend = Channel::ALL.map(|channel| {
            let relative =
                relative_spend(&mut seed.named(channel.name()).stream(), channel, seasons);
            let carried = adstock(&relative, CARRY_OVER[channel as usize]);
            (relative, carried)
        });
        let mut lanes = vec![[0.0; LANES]; n];
        for (day, lane) in lanes.iter_mut().enumerate() {
            let growth = (0.5 * day as f64 / n as f64).exp() * seasons[day];
            let open = match day {
                0 => 0.0,
                _ if day + 1 == n => last_share,
                _ => 1.0,
            };
            for (i, share) in BASE.iter().enumerate() {
                lane[i] = growth * open * share;
            }
            for channel in Channel::ALL {
                let i = channel as usize;
                lane[3 + i] = growth * open * SHARE[i] * response(&spend[i].1, i, day);
            }
        }
        let mut sum = 0.0;
        let totals = lanes
            .iter()
            .map(|lane| {
                sum += lane.iter().sum::<f64>();
                sum
            })
            .collect();
        CountryMarket { lanes, totals, spend }
    }

    fn push_days(&self, out: &mut Vec<SpendDay>, channel: Channel, n_customers: f64) {
        let i = channel as usize;
        let all: f64 = self.totals.last().copied().unwrap_or(1.0);
        let (relative, carried) = &self.spend[i];
        let arrivals: Vec<f64> =
            self.lanes.iter().map(|lane| n_customers * lane[3 + i] / all).collect();
        let cents =
            CENTS_PER_ARRIVAL[i] * arrivals.iter().sum::<f64>() / relative.iter().sum::<f64>();
        for (day, x) in relative.iter().enumerate() {
            let cost_cents = (cents * x).round() as i64;
            out.push(SpendDay {
                day: day as i64,
                country: "",
                channel,
                cost_cents,
                impressions: (cost_cents as f64 / 100.0 * IMPRESSIONS_PER_EURO[i]) as i64,
                adstock: carried[day],
                expected_arrivals: arrivals[day],
            });
        }
    }
}

fn lane_arrival(lane: usize) -> Arrival {
    match lane {
        0 => Arrival::Direct,
        1 => Arrival::OrganicSearch,
        2 => Arrival::WordOfMouth,
        paid => Arrival::Paid(Channel::ALL[paid - 3]),
    }
}

/// The saturated effect of a day's adstock, relative to its mean over the window.
fn response(carried: &[f64], channel: usize, day: usize) -> f64 {
    let hill = |s: f64| s / (s + HALF_SATURATION[channel]);
    let mean = carried.iter().map(|s| hill(*s)).sum::<f64>() / carried.len() as f64;
    hill(carried[day]) / mean
}

fn adstock(spend: &[f64], carry_over: f64) -> Vec<f64> {
    let mut stock = spend.first().copied().unwrap_or(0.0);
    spend
        .iter()
        .map(|x| {
            stock = (1.0 - carry_over) * x + carry_over * stock;
            stock
        })
        .collect()
}

/// Spend of each day relative to a usual day.
fn relative_spend(stream: &mut Stream, channel: Channel, seasons: &[f64]) -> Vec<f64> {
    let phase = stream.below(56);
    let mut dark = false;
    let mut budget = 1.0;
    let mut out = Vec::with_capacity(seasons.len());
    for (day, season) in seasons.iter().enumerate() {
        if day % 7 == 0 {
            dark = stream.chance(1.0 / 13.0);
        }
        if day % 30 == 0 {
            budget = stream.between(0.3, 1.7);
        }
        let noise = stream.log_normal(1.0, 0.2);
        let x = match channel {
            Channel::Tv if (day + phase) % 56 < 21 => 2.4 * noise,
            Channel::Tv => 0.02,
            Channel::Affiliate => noise * noise,
            _ if dark => 0.0,
            Channel::PaidSearch => season.powf(0.6) * noise,
            Channel::Social if (day + phase) % 21 < 10 => 1.7 * noise,
            Channel::Social => 0.3 * noise,
            Channel::Display => budget * noise,
        };
        out.push(x);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_arrivals_are_those_stated() {
        let market = Market::new(Seed::root(1), 20_000, 540, 1.0);
        let lines = market.days(20_000, 100_000);
        assert_eq!(lines.len(), 540 * 5 * COUNTRIES.len());
        for channel in Channel::ALL {
            let of: Vec<_> = lines.iter().filter(|line| line.channel == channel).collect();
            let share = of.iter().map(|line| line.expected_arrivals).sum::<f64>() / 100_000.0;
            assert!((share - SHARE[channel as usize]).abs() < 0.025, "{channel:?}: {share}");
            assert!(of.iter().all(|line| line.cost_cents >= 0));
        }
    }

    #[test]
    fn a_line_reads_as_the_company_has_it() {
        let line = SpendDay {
            day: 20_778,
            country: "DE",
            channel: Channel::Tv,
            cost_cents: 12_305,
            impressions: 99,
            adstock: 1.0,
            expected_arrivals: 2.0,
        };
        let mut out = String::new();
        line.to_csv(&mut out);
        assert_eq!(out, "2026-11-21,DE,tv,123.05,EUR,99\n");
    }
}
