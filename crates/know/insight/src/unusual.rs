//! Is the number of the last hour, day or week an unusual one?
//!
//! **Method.** A number is compared with those of the same place in the week: Monday 9 to 10
//! o'clock with the Mondays before, a Tuesday with the Tuesdays before; a week with the weeks
//! before. What is expected is their *median*. How far numbers lie from what would have been
//! expected of them is learnt from the past alone: for every past number the median of the *others*
//! of its place, and the difference between the two. The *median absolute deviation* of all these
//! differences, times 1.4826, estimates their standard deviation where they are normal (Rousseeuw &
//! Croux 1993, "Alternatives to the median absolute deviation", JASA 88:1273–1283), and up to half
//! of them may be anything without moving it far: past faults do not hide the next one. The number
//! is unusual if it lies further from the expected one than a multiple of that, the quantile of
//! Student's t at the [`Sensitivity`].
//!
//! **Scale.** Where no number of the past is negative, all of this is done with square roots, on
//! which counts scatter alike whether they are large or small (Bartlett 1936, "The square root
//! transformation in analysis of variance"), so that quiet nights and busy noons can share one
//! deviation; the band is squared again and never reaches below 0.
//!
//! **Degrees of freedom.** A MAD of n numbers is known about as well as a standard deviation of
//! 0.37 n (its efficiency at the normal), and neighbours share their medians; t has a third of n
//! degrees of freedom, which the tests hold to the stated rate.
//!
//! **What it does not know.** Holidays, campaigns and other years. Steady growth widens the band,
//! as the past lies on both sides of its medians and the present on one; growth by more than some
//! per cent a week is told as unusual. A new level is unusual until half of the past is at it. With
//! fewer than [`Season::n_min`] earlier numbers of the same place there is no answer.

use crate::calendar::{Calendar, Grain};
use base::Timestamp;
use stats::{NotEstimable, quantile, t_isf};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// How rarely a usual number may be told as unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// About one in a thousand.
    Low,
    /// About one in two hundred.
    Normal,
    /// About one in fifty.
    High,
}

/// A number with the span that it is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// Which place of the season the span has: see [`Season::place`].
    pub place: u32,
    /// The number.
    pub value: f64,
}

/// What a number was found to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// What would have been usual.
    pub expected: f64,
    /// A usual number is at least this.
    pub low: f64,
    /// A usual number is at most this.
    pub high: f64,
    /// On how many earlier numbers of the same place this rests.
    pub n: u64,
    /// Whether the number lies outside.
    pub is_unusual: bool,
}

/// What comes again and again: the hours and days of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Season {
    grain: Grain,
}

impl Sensitivity {
    /// All, from the rarest.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::High];

    /// The share of usual numbers that are told as unusual, of both sides together.
    #[must_use]
    pub fn false_alarms(self) -> f64 {
        match self {
            Self::Low => 0.001,
            Self::Normal => 0.005,
            Self::High => 0.02,
        }
    }
}

impl Season {
    /// The season of numbers by `grain`; `None` where nothing comes again soon enough: by month or
    /// longer.
    #[must_use]
    pub fn of(grain: Grain) -> Option<Self> {
        (grain <= Grain::Week).then_some(Self { grain })
    }

    /// Which place in it the span has that begins at `begin`: the hour of the week, the day of the
    /// week, or 0.
    #[must_use]
    pub fn place(self, calendar: &Calendar, begin: Timestamp) -> u32 {
        let day = u32::from(calendar.date(begin).weekday().to_monday_zero_offset().unsigned_abs());
        match self.grain {
            Grain::Hour => 24 * day + calendar.hour_of_day(begin),
            Grain::Day => day,
            _ => 0,
        }
    }

    /// How many earlier numbers of the same place there must be.
    #[must_use]
    pub fn n_min(self) -> u64 {
        if self.grain == Grain::Week { 8 } else { 4 }
    }

    /// How many spans of the past are looked at: 8 weeks of hours or days, half a year of weeks.
    #[must_use]
    pub fn n_past(self) -> u32 {
        match self.grain {
            Grain::Hour => 8 * 7 * 24,
            Grain::Day => 8 * 7,
            _ => 26,
        }
    }
}

/// What `now` is, after `past` (in any order, without `now`).
///
/// # Errors
/// `TooFewUnits` where there are fewer than `season.n_min()` numbers of the same place,
/// `ZeroVariance` where more than half of the past is exactly as expected, so that nothing is known
/// of how numbers scatter, `TooLarge` where a number is not finite.
pub fn judge(
    season: Season,
    past: &[Observed],
    now: Observed,
    sensitivity: Sensitivity,
) -> Result<Verdict, NotEstimable> {
    if !past.iter().chain([&now]).all(|one| one.value.is_finite()) {
        return Err(NotEstimable::TooLarge);
    }
    let scale = Scale::of(past);
    let places = by_place(past, scale);
    let same = places.get(&now.place).map_or(&[][..], Vec::as_slice);
    let n = same.len() as u64;
    if n < season.n_min() {
        return Err(NotEstimable::TooFewUnits { n, needed: season.n_min() });
    }
    let expected = median(same.to_vec())?;
    let (deviation, n_apart) = scatter(&places)?;
    let freedom = (n_apart as f64 / 3.0).max(2.0);
    let reach = t_isf(sensitivity.false_alarms() / 2.0, freedom) * deviation;
    let (low, high) = (scale.back(expected - reach), scale.back(expected + reach));
    let is_unusual = now.value < low || now.value > high;
    // Of the numbers themselves, which the way to square roots and back would leave a little off.
    let same = past.iter().filter(|one| one.place == now.place).map(|one| one.value);
    let expected = median(same.collect())?.clamp(low, high);
    Ok(Verdict { expected, low, high, n, is_unusual })
}

/// On which scale numbers scatter alike.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scale {
    Root,
    Plain,
}

impl Scale {
    fn of(past: &[Observed]) -> Self {
        if past.iter().all(|one| one.value >= 0.0) { Self::Root } else { Self::Plain }
    }

    fn on(self, value: f64) -> f64 {
        match self {
            Self::Root => value.sqrt(),
            Self::Plain => value,
        }
    }

    fn back(self, value: f64) -> f64 {
        match self {
            Self::Root => value.max(0.0).powi(2),
            Self::Plain => value,
        }
    }
}

fn by_place(past: &[Observed], scale: Scale) -> BTreeMap<u32, Vec<f64>> {
    let mut places: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for one in past {
        places.entry(one.place).or_default().push(scale.on(one.value));
    }
    places
}

/// How far numbers lie from the median of the others of their place, as a standard deviation, and
/// from how many this is known.
fn scatter(places: &BTreeMap<u32, Vec<f64>>) -> Result<(f64, usize), NotEstimable> {
    let mut apart = Vec::new();
    for values in places.values().filter(|values| values.len() > 1) {
        for k in 0..values.len() {
            let mut others = values.clone();
            let own = others.swap_remove(k);
            apart.push((own - median(others)?).abs());
        }
    }
    let n = apart.len();
    let deviation = MAD_TO_DEVIATION * median(apart)?;
    if deviation > 0.0 {
        Ok((deviation, n))
    } else {
        Err(NotEstimable::ZeroVariance { n: n as u64 })
    }
}

/// 1 / Φ⁻¹(3/4): a normal number is within the MAD of its median half of the time.
const MAD_TO_DEVIATION: f64 = 1.482_602_218_505_602;

fn median(mut values: Vec<f64>) -> Result<f64, NotEstimable> {
    quantile(&mut values, 0.5)
}
