//! Are unusual numbers told, and usual ones as rarely as is said?

use super::*;
use crate::Weekday;

/// Numbers from 0 to 1, the same for the same seed (splitmix64).
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Counts with this mean: Knuth's method below 30, the rounded normal above.
    fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 30.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0);
        }
        let (limit, mut product, mut n) = ((-mean).exp(), self.unit(), 0.0);
        while product > limit {
            product *= self.unit();
            n += 1.0;
        }
        n
    }
}

/// A generator of the number of a place.
type Generator = fn(&mut Draw, u32) -> f64;

/// Numbers of one sort, and by how much more often than is said they may be told as unusual.
struct Sort {
    name: &'static str,
    number: Generator,
    excess_max: f64,
}

/// How much busier a place of the season is than another.
fn busy(place: u32) -> f64 {
    1.0 + 0.8 * (f64::from(place) * 0.9).sin()
}

/// Few counts are 2 to 22: below about five, square roots do not make them normal.
const SORTS: [Sort; 4] = [
    Sort {
        name: "counts, many",
        number: |draw, place| draw.poisson(400.0 * busy(place)),
        excess_max: 1.5,
    },
    Sort {
        name: "counts, few",
        number: |draw, place| draw.poisson(12.0 * busy(place)),
        excess_max: 2.0,
    },
    Sort {
        name: "a share",
        number: |draw, place| 0.2 + 0.05 * busy(place) + 0.01 * draw.normal(),
        excess_max: 1.5,
    },
    Sort {
        name: "below zero too",
        number: |draw, place| 10.0 * busy(place) - 8.0 + 3.0 * draw.normal(),
        excess_max: 1.5,
    },
];

fn season(grain: Grain) -> (Season, u32) {
    let n_places = match grain {
        Grain::Hour => 168,
        Grain::Day => 7,
        _ => 1,
    };
    (Season::of(grain).expect("a season"), n_places)
}

fn past(draw: &mut Draw, number: Generator, n_places: u32, n: u32) -> Vec<Observed> {
    let place = |k: u32| k % n_places;
    (0..n).map(|k| Observed { place: place(k), value: number(draw, place(k)) }).collect()
}

/// The share of usual numbers that are told as unusual, at the highest sensitivity. Where nothing
/// can be said nothing is told.
fn false_alarms((grain, number): (Grain, Generator), n_past: u32, n_trials: u32) -> f64 {
    let (season, n_places) = season(grain);
    let mut draw = Draw(7);
    let n_alarms = (0..n_trials).filter(|trial| {
        let past = past(&mut draw, number, n_places, n_past);
        let place = trial % n_places;
        let now = Observed { place, value: number(&mut draw, place) };
        judge(season, &past, now, Sensitivity::High).is_ok_and(|verdict| verdict.is_unusual)
    });
    n_alarms.count() as f64 / f64::from(n_trials)
}

/// Of 3,000 trials 60 are expected at the rate of 0.02, give or take 8: a rate half above the
/// stated one is no chance. The shortest past that is taken counts as well as the longest. (With
/// 20,000 trials: 0.018 to 0.020 of days, 0.016 of weeks, 0.012 of hours; of few counts 0.026. At
/// the rate of 0.005: 0.004 to 0.006; of few counts 0.009.)
#[test]
fn usual_numbers_are_told_as_rarely_as_is_said() {
    let said = Sensitivity::High.false_alarms();
    for Sort { name, number, excess_max } in SORTS {
        for (grain, n_past) in [(Grain::Day, 28), (Grain::Day, 56), (Grain::Week, 26)] {
            let found = false_alarms((grain, number), n_past, 3_000);
            assert!(found < excess_max * said, "{name}, {n_past} of {grain:?}: {found}");
            assert!(found > 0.4 * said, "{name}, {n_past} of {grain:?}: {found} is too rare");
        }
    }
    let hours = false_alarms((Grain::Hour, SORTS[0].number), 8 * 168, 300);
    assert!(hours < 0.04, "hours: {hours}");
}

/// A fall to a half, and a rise by a half, of a daily count of some hundreds.
#[test]
fn unusual_numbers_are_told() {
    let (season, n_places) = season(Grain::Day);
    let mut draw = Draw(11);
    for trial in 0..300u32 {
        let past = past(&mut draw, SORTS[0].number, n_places, 56);
        let place = trial % n_places;
        let mean = 400.0 * busy(place);
        for factor in [0.5, 1.5] {
            let now = Observed { place, value: draw.poisson(mean * factor) };
            let verdict = judge(season, &past, now, Sensitivity::Low).expect("enough is known");
            assert!(verdict.is_unusual || mean < 200.0, "{now:?}: {verdict:?}");
        }
    }
}

/// Five days of an outage in the past do not widen the band.
#[test]
fn past_faults_do_not_hide_the_next_one() {
    let (season, n_places) = season(Grain::Day);
    let mut draw = Draw(13);
    let mut past = past(&mut draw, SORTS[0].number, n_places, 56);
    let now = Observed { place: 2, value: 400.0 * busy(2) };
    let before = judge(season, &past, now, Sensitivity::Normal).expect("enough is known");
    for one in past.iter_mut().skip(20).take(5) {
        one.value = 0.0;
    }
    let after = judge(season, &past, now, Sensitivity::Normal).expect("enough is known");
    assert!(after.high - after.low < 1.5 * (before.high - before.low), "{before:?} {after:?}");
    let outage = Observed { place: 2, value: 0.0 };
    assert!(judge(season, &past, outage, Sensitivity::Low).expect("known").is_unusual);
}

#[test]
fn too_short_a_past_is_no_answer() {
    let (season, n_places) = season(Grain::Day);
    let mut draw = Draw(3);
    let all = past(&mut draw, SORTS[0].number, n_places, 27);
    let now = Observed { place: 6, value: 1.0 };
    let found = judge(season, &all, now, Sensitivity::Normal);
    assert_eq!(found, Err(NotEstimable::TooFewUnits { n: 3, needed: 4 }));
    let flat = vec![Observed { place: 0, value: 5.0 }; 20];
    let now = Observed { place: 0, value: 6.0 };
    let found = judge(season, &flat, now, Sensitivity::Normal);
    assert_eq!(found, Err(NotEstimable::ZeroVariance { n: 20 }));
    let endless = Observed { place: 0, value: f64::INFINITY };
    assert_eq!(judge(season, &flat, endless, Sensitivity::Normal), Err(NotEstimable::TooLarge));
    assert_eq!(Season::of(Grain::Month), None);
}

#[test]
fn places_are_those_of_the_local_week() {
    let berlin = Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone");
    let at = |text| Timestamp::parse(text).expect("a time");
    let place = |grain, text| Season::of(grain).expect("a season").place(&berlin, at(text));
    // Monday, 19 January 2026, 00:00 in Berlin; the same hour in summer; a Sunday.
    assert_eq!(place(Grain::Hour, "2026-01-18T23:00Z"), 0);
    assert_eq!(place(Grain::Hour, "2026-07-19T22:00Z"), 0);
    assert_eq!(place(Grain::Hour, "2026-01-25T22:00Z"), 167);
    assert_eq!(place(Grain::Day, "2026-01-24T23:00Z"), 6);
    assert_eq!(place(Grain::Week, "2026-01-18T23:00Z"), 0);
}
