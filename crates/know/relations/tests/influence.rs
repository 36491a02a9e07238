//! Does the score find a truth that is known, and does its interval hold it as often as it says?
//!
//! The generator: people become known over 200 days, each with a rate of orders of their own,
//! drawn from three kinds. One customer reaches newcomers at random, and people known for longer
//! by preference for those who order often (which is what makes a naive comparison wrong); whom
//! they reach orders at `factor` times the own rate while the window lasts. The truth is the
//! expected number of people who order because of that, over those reached.

use base::seed::Seed;
use base::{Duration, Timestamp};
use rand_core::RngCore;
use relations::influence::{Comparison, Estimate, Options, PAIRS_MIN, Pair, Person, influence};
use relations::{NotEstimable, Way};

const WINDOW_DAYS: f64 = 30.0;
const N_PEOPLE: usize = 1_000;
const N_SEEDS: u64 = 400;
/// Orders per day of the three kinds of people, equally frequent.
const RATES: [f64; 3] = [0.003, 0.012, 0.05];

struct Chance<R>(R);

impl<R: RngCore> Chance<R> {
    /// Uniform on [0, 1), 53 bits.
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Moments of a Poisson process with `rate` per day, in days from `from` to `to`.
    fn moments(&mut self, rate: f64, from: f64, to: f64) -> Vec<f64> {
        let mut all = Vec::new();
        let mut at = from;
        loop {
            at -= (1.0 - self.unit()).ln() / rate;
            if at > to {
                return all;
            }
            all.push(at);
        }
    }
}

fn moment(days: f64) -> Timestamp {
    Timestamp((days * 86_400e6).round() as i64)
}

/// Somebody of the generator, times in days.
struct Soul {
    rate: f64,
    known: f64,
    orders: Vec<f64>,
    reached: Option<(f64, Way)>,
}

struct Tale {
    people: Vec<Person>,
    /// Those reached, by their place among the people.
    reached: Vec<(usize, Timestamp, Way)>,
    truth: f64,
}

impl Tale {
    /// A world in which `n_new` newcomers and `n_known` others are reached.
    fn tell(seed: u64, (n_new, n_known): (usize, usize), factor: f64) -> Self {
        let mut chance = Chance(Seed::root(seed).child("influence").rng());
        let mut souls: Vec<Soul> = (0..N_PEOPLE).map(|_| born(&mut chance)).collect();
        let mut truth = 0.0;
        for n in 0..n_new + n_known {
            let (place, at, way) =
                if n < n_new { newcomer(&mut chance, &souls) } else { known(&mut chance, &souls) };
            truth += reach(&mut chance, &mut souls[place], (at, way), factor);
        }
        Self::of(&souls, truth)
    }

    fn of(souls: &[Soul], truth: f64) -> Self {
        let person = |soul: &Soul| Person {
            known_since: moment(soul.known),
            orders: soul.orders.iter().map(|&at| moment(at)).collect(),
            first_reached: soul.reached.map(|(at, _)| moment(at)),
        };
        let places = souls.iter().enumerate();
        let reached = places
            .filter_map(|(place, soul)| soul.reached.map(|(at, way)| (place, moment(at), way)));
        Self { people: souls.iter().map(person).collect(), reached: reached.collect(), truth }
    }

    fn estimate(&self) -> Result<Estimate, NotEstimable> {
        let pair = |&(place, at, way): &(usize, Timestamp, Way)| Pair {
            at,
            way,
            person: &self.people[place],
        };
        let pairs: Vec<Pair<'_>> = self.reached.iter().map(pair).collect();
        let options = Options { window: Duration::days(30), now: moment(400.0) };
        influence(&pairs, &Comparison::new(&self.people, options)).estimate
    }

    /// What somebody would say who compares with everybody.
    fn naive(&self) -> f64 {
        let ordered = |person: &Person, since: Timestamp| {
            person.orders.iter().any(|&at| at > since && at <= since.plus(Duration::days(30)))
        };
        let each = self.reached.iter().map(|&(place, at, _)| {
            let known: Vec<&Person> = self.people.iter().filter(|p| p.known_since <= at).collect();
            let n = known.iter().filter(|person| ordered(person, at)).count();
            f64::from(u8::from(ordered(&self.people[place], at))) - n as f64 / known.len() as f64
        });
        each.sum()
    }
}

fn born(chance: &mut Chance<impl RngCore>) -> Soul {
    let rate = RATES[(chance.unit() * 3.0) as usize];
    let known = chance.unit() * 200.0;
    let orders = chance.moments(rate, known, 400.0);
    Soul { rate, known, orders, reached: None }
}

/// Somebody who becomes known after day 60 and says at once who referred them.
fn newcomer(chance: &mut Chance<impl RngCore>, souls: &[Soul]) -> (usize, f64, Way) {
    loop {
        let place = (chance.unit() * souls.len() as f64) as usize;
        let soul = &souls[place];
        if soul.reached.is_none() && soul.known > 60.0 {
            return (place, soul.known, Way::Inward);
        }
    }
}

/// Somebody known for longer who is mentioned: four times as likely with two orders or more.
fn known(chance: &mut Chance<impl RngCore>, souls: &[Soul]) -> (usize, f64, Way) {
    loop {
        let place = (chance.unit() * souls.len() as f64) as usize;
        let at = 220.0 + chance.unit() * 100.0;
        let soul = &souls[place];
        let n_orders = soul.orders.iter().filter(|&&order| order <= at).count();
        let is_liked = chance.unit() < if n_orders >= 2 { 1.0 } else { 0.25 };
        if soul.reached.is_none() && is_liked {
            return (place, at, Way::Outward);
        }
    }
}

/// Reaches somebody; answers how much likelier they are to order for it.
fn reach(
    chance: &mut Chance<impl RngCore>,
    soul: &mut Soul,
    (at, way): (f64, Way),
    factor: f64,
) -> f64 {
    let end = at + WINDOW_DAYS;
    soul.orders.retain(|&order| order <= at || order > end);
    soul.orders.extend(chance.moments(soul.rate * factor, at, end));
    soul.orders.sort_by(f64::total_cmp);
    soul.reached = Some((at, way));
    (-soul.rate * WINDOW_DAYS).exp() - (-soul.rate * factor * WINDOW_DAYS).exp()
}

/// Mean error, its standard error, share of intervals that hold the truth, and that hold zero.
struct Report {
    bias: f64,
    bias_se: f64,
    coverage: f64,
    holds_zero: f64,
    naive_bias: f64,
}

fn report(reached: (usize, usize), factor: f64) -> Report {
    let (mut errors, mut naive, mut n_hold, mut n_zero) = (Vec::new(), 0.0, 0.0, 0.0);
    for seed in 0..N_SEEDS {
        let tale = Tale::tell(seed, reached, factor);
        let found = tale.estimate().expect("enough people are reached");
        let (low, high) = found.interval;
        n_hold += f64::from(u8::from((low..=high).contains(&tale.truth)));
        n_zero += f64::from(u8::from((low..=high).contains(&0.0)));
        errors.push(found.extra - tale.truth);
        naive += tale.naive() - tale.truth;
    }
    let n = N_SEEDS as f64;
    let bias = errors.iter().sum::<f64>() / n;
    let variance = errors.iter().map(|e| (e - bias).powi(2)).sum::<f64>() / (n - 1.0);
    Report {
        bias,
        bias_se: (variance / n).sqrt(),
        coverage: n_hold / n,
        holds_zero: n_zero / n,
        naive_bias: naive / n,
    }
}

/// Of 400 intervals at 95 % fewer than 371 hold the truth with probability 0.02 where each does
/// with 0.95 (binomial), so that a fixed set of seeds either passes or shows a fault.
fn hold(report: &Report, what: &str) {
    println!(
        "{what}: bias {:+.3} ± {:.3}, coverage {:.3}, holds zero {:.3}, naive bias {:+.3}",
        report.bias, report.bias_se, report.coverage, report.holds_zero, report.naive_bias
    );
    assert!(report.bias.abs() < 4.0 * report.bias_se, "{what}: bias {:+.3}", report.bias);
    assert!(report.coverage >= 371.0 / 400.0, "{what}: coverage {:.3}", report.coverage);
}

#[test]
fn the_truth_is_found_and_the_interval_holds_it() {
    for (reached, factor) in [((6, 0), 1.0), ((0, 12), 1.0), ((8, 8), 3.0), ((20, 20), 2.0)] {
        let report = report(reached, factor);
        hold(&report, &format!("{reached:?} reached, factor {factor}"));
    }
}

#[test]
fn no_effect_is_seldom_mistaken_for_one_and_a_strong_one_is_seen() {
    let none = report((10, 10), 1.0);
    assert!(none.holds_zero >= 371.0 / 400.0, "{:.3}", none.holds_zero);
    let strong = report((30, 30), 6.0);
    assert!(strong.holds_zero < 0.2, "{:.3}", strong.holds_zero);
}

#[test]
fn whoever_compares_with_everybody_is_misled() {
    let report = report((0, 20), 1.0);
    assert!(report.naive_bias > 5.0 * report.bias_se, "{:+.3}", report.naive_bias);
    hold(&report, "the same, matched");
}

#[test]
fn too_little_is_said_to_be_too_little() {
    let tale = Tale::tell(1, (PAIRS_MIN - 1, 0), 2.0);
    let expected = NotEstimable::TooFewUnits { n: PAIRS_MIN - 1, needed: PAIRS_MIN };
    assert_eq!(tale.estimate(), Err(expected));
    assert_eq!(Tale::tell(1, (0, 0), 2.0).estimate(), Err(NotEstimable::Nobody));
}

/// By hand: ten newcomers reached, of whom six ordered; 100 others, of whom 20 did.
#[test]
fn a_small_case_is_as_computed_by_hand() {
    let person = |orders: bool, reached: bool| Person {
        known_since: moment(100.0),
        orders: if orders { vec![moment(110.0)] } else { Vec::new() },
        first_reached: reached.then(|| moment(100.0)),
    };
    let mut people: Vec<Person> = (0..100).map(|n| person(n < 20, false)).collect();
    people.extend((0..10).map(|n| person(n < 6, true)));
    let reached = (100..110).map(|place| (place, moment(100.0), Way::Inward)).collect();
    let found = Tale { people, reached, truth: 0.0 }.estimate().expect("ten are enough");
    assert_eq!((found.n, found.n_ordered), (10, 6));
    assert!((found.expected - 2.0).abs() < 1e-12 && (found.extra - 4.0).abs() < 1e-12);
    // Newcombe's method 10 for 6/10 − 20/100, times ten.
    let (low, high) = found.interval;
    assert!((low - 0.992_56).abs() < 1e-5 && (high - 6.412_06).abs() < 1e-5, "{low} to {high}");
}
