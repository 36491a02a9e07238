//! Who is comparable to a person who was reached, and how many of those ordered?

use super::{COMPARED_MIN, NEWCOMER, Options, Pair, Verdict};
use crate::fact::Way;
use base::{Duration, Timestamp};

/// Newcomers are compared with people who became known within this time before or after.
const SAME_SEASON: Duration = Duration::days(30);

/// What must be known of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// When their first identifier was seen that is no browser or device.
    pub known_since: Timestamp,
    /// When they placed orders that stand, ascending.
    pub orders: Vec<Timestamp>,
    /// When anybody first referred or mentioned them.
    pub first_reached: Option<Timestamp>,
}

impl Person {
    /// Orders until `at`, `at` included.
    fn n_orders_until(&self, at: Timestamp) -> usize {
        self.orders.partition_point(|&order| order <= at)
    }

    /// Whether an order follows after `at` and within `window`, its end included.
    fn orders_within(&self, at: Timestamp, window: Duration) -> bool {
        let next = self.orders.get(self.n_orders_until(at));
        next.is_some_and(|&order| order <= at.plus(window))
    }

    /// Whether anybody had reached them by `at`.
    fn is_reached_by(&self, at: Timestamp) -> bool {
        self.first_reached.is_some_and(|reached| reached <= at)
    }
}

/// What people known for longer must have in common: days known, orders, days since the last.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Cell {
    known: u8,
    n_orders: u8,
    last_order: u8,
}

impl Cell {
    /// The cell of a person who had been known for more than [`NEWCOMER`] at this time.
    fn of(person: &Person, at: Timestamp) -> Self {
        let n_orders = person.n_orders_until(at);
        let last = n_orders.checked_sub(1).map(|last| person.orders[last]);
        Self {
            known: month_or_season(at.since(person.known_since)),
            n_orders: match n_orders {
                0 => 0,
                1 => 1,
                2..=3 => 2,
                _ => 3,
            },
            last_order: last.map_or(3, |last| month_or_season(at.since(last))),
        }
    }
}

/// Up to 30 days, up to 90, more.
fn month_or_season(span: Duration) -> u8 {
    u8::from(span > Duration::days(30)) + u8::from(span > Duration::days(90))
}

/// The people to compare with, and what is asked.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    people: &'a [Person],
    options: Options,
}

impl<'a> Comparison<'a> {
    /// A comparison with `people`: known customers, all of them or a sample that has nothing to do
    /// with orders or relations. Whoever was reached is left out by itself.
    #[must_use]
    pub fn new(people: &'a [Person], options: Options) -> Self {
        Self { people, options }
    }

    /// Whether a pair counts, and with which base rate.
    pub(super) fn judge(&self, pair: &Pair<'_>) -> Verdict {
        let Options { window, now } = self.options;
        let since = pair.at.max(pair.person.known_since);
        let is_newcomer = since.since(pair.person.known_since) <= NEWCOMER;
        if !is_newcomer && pair.way == Way::Inward {
            return Verdict::OwnWord;
        }
        if since.plus(window) > now {
            return Verdict::Open;
        }
        let (n_compared, n_ordered) = if is_newcomer {
            self.newcomers(pair.person, since)
        } else {
            self.others(pair.person, since)
        };
        if n_compared < COMPARED_MIN {
            return Verdict::NoMatch { n_compared };
        }
        Verdict::Counts {
            since,
            ordered: pair.person.orders_within(since, window),
            base_rate: n_ordered as f64 / n_compared as f64,
            n_compared,
        }
    }

    /// Newcomers of the same season, looked at as long after they became known.
    fn newcomers(&self, person: &Person, since: Timestamp) -> (usize, usize) {
        let Options { window, now } = self.options;
        let lag = since.since(person.known_since);
        let had_ordered = person.n_orders_until(since) > 0;
        let is_near = |other: &Person| {
            let apart = other.known_since.since(person.known_since);
            apart <= SAME_SEASON && apart >= Duration(-SAME_SEASON.0)
        };
        self.count(|other| {
            let start = other.known_since.plus(lag);
            let fits = is_near(other)
                && start.plus(window) <= now
                && !other.is_reached_by(start.plus(window))
                && (other.n_orders_until(start) > 0) == had_ordered;
            fits.then_some(start)
        })
    }

    /// People of the same cell in the same window of the calendar.
    fn others(&self, person: &Person, since: Timestamp) -> (usize, usize) {
        let end = since.plus(self.options.window);
        let cell = Cell::of(person, since);
        self.count(|other| {
            let fits = since.since(other.known_since) > NEWCOMER
                && !other.is_reached_by(end)
                && Cell::of(other, since) == cell;
            fits.then_some(since)
        })
    }

    /// How many people have a start, and how many of them ordered within the window after it.
    fn count(&self, start_of: impl Fn(&Person) -> Option<Timestamp>) -> (usize, usize) {
        let (mut n, mut n_ordered) = (0, 0);
        for person in self.people {
            if let Some(start) = start_of(person) {
                n += 1;
                n_ordered += usize::from(person.orders_within(start, self.options.window));
            }
        }
        (n, n_ordered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Timestamp {
        Timestamp::default().plus(Duration::days(n))
    }

    fn person(known: i64, orders: &[i64]) -> Person {
        let orders = orders.iter().map(|&n| day(n)).collect();
        Person { known_since: day(known), orders, first_reached: None }
    }

    fn options() -> Options {
        Options { window: Duration::days(30), now: day(400) }
    }

    fn judge(people: &[Person], at: i64, way: Way, person: &Person) -> Verdict {
        Comparison::new(people, options()).judge(&Pair { at: day(at), way, person })
    }

    #[test]
    fn newcomers_are_compared_with_newcomers_of_the_season() {
        // 30 alike, of whom 6 ordered in time; and others who must not count.
        let alike = (0..30).map(|n| person(100 + n % 20, if n < 6 { &[125] } else { &[] }));
        let mut people: Vec<Person> = alike.collect();
        people.extend((0..50).map(|_| person(200, &[201])));
        people.push(person(390, &[]));
        people.extend(
            (0..9).map(|n| Person { first_reached: Some(day(100 + n)), ..person(100, &[101]) }),
        );
        let new = person(105, &[120]);
        let expected =
            Verdict::Counts { since: day(105), ordered: true, base_rate: 0.2, n_compared: 30 };
        assert_eq!(judge(&people, 103, Way::Outward, &new), expected, "invited before they came");
        assert_eq!(judge(&people, 105, Way::Inward, &new), expected);
    }

    #[test]
    fn people_known_for_longer_are_compared_within_their_cell_and_window() {
        let same = (0..25).map(|n| person(10, if n < 5 { &[50, 110] } else { &[50] }));
        let mut people: Vec<Person> = same.collect();
        people.extend((0..40).map(|_| person(10, &[])));
        people.extend((0..40).map(|_| person(90, &[91, 110])));
        people.extend((0..40).map(|_| person(10, &[20, 30, 40, 50, 110])));
        let known = person(15, &[55, 101]);
        let expected =
            Verdict::Counts { since: day(100), ordered: true, base_rate: 0.2, n_compared: 25 };
        assert_eq!(judge(&people, 100, Way::Outward, &known), expected);
        assert_eq!(judge(&people, 100, Way::Inward, &known), Verdict::OwnWord);
        assert_eq!(judge(&people, 380, Way::Outward, &known), Verdict::Open);
        assert_eq!(
            judge(&people[..19], 100, Way::Outward, &known),
            Verdict::NoMatch { n_compared: 19 }
        );
    }

    #[test]
    fn the_order_that_recorded_a_referral_is_no_outcome() {
        let new = person(100, &[100]);
        assert!(!new.orders_within(day(100), Duration::days(30)));
        assert!(person(100, &[100, 130]).orders_within(day(100), Duration::days(30)));
        assert!(!person(100, &[100, 131]).orders_within(day(100), Duration::days(30)));
    }
}
