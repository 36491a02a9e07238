//! What do tests together come to, and until when at least?
//!
//! Each child says until when it stays what it is. All of them hold until the first one turns; not
//! all of them hold until the last one of those that do not turns. Of any it is the other way
//! round. What comes out is a lower bound, exact for one test: nothing turns before it.

use base::Timestamp;
use definition::Judged;

/// Whether all hold; of none, yes.
#[must_use]
pub fn all(children: impl IntoIterator<Item = Judged>) -> Judged {
    deciding(false, children)
}

/// Whether any holds; of none, no.
#[must_use]
pub fn any(children: impl IntoIterator<Item = Judged>) -> Judged {
    deciding(true, children)
}

/// Whether it does not hold.
#[must_use]
pub fn not(child: Judged) -> Judged {
    Judged { holds: !child.holds, until: child.until }
}

/// One child for which it is `decisive` decides, and then the last of those to turn says until
/// when; else the first to turn of all.
fn deciding(decisive: bool, children: impl IntoIterator<Item = Judged>) -> Judged {
    let mut first = None;
    let mut last = None;
    for child in children {
        if child.holds == decisive {
            last = Some(last.map_or(child.until, |last| later(last, child.until)));
            if last == Some(None) {
                break;
            }
        } else {
            first = crate::state::earliest(first, child.until);
        }
    }
    match last {
        Some(until) => Judged { holds: decisive, until },
        None => Judged { holds: !decisive, until: first },
    }
}

/// The later of two moments, `None` being never.
fn later(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.zip(b).map(|(a, b)| a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(holds: bool, until: impl Into<Option<i64>>) -> Judged {
        Judged { holds, until: until.into().map(Timestamp) }
    }

    #[test]
    fn all_hold_until_the_first_turns_and_do_not_until_the_last_does() {
        let yes = judged(true, 5);
        assert_eq!(all([]), judged(true, None));
        assert_eq!(all([yes, judged(true, 7)]), judged(true, 5));
        assert_eq!(all([yes, judged(true, None)]), judged(true, 5));
        assert_eq!(all([yes, judged(false, 7), judged(false, 9)]), judged(false, 9));
        assert_eq!(all([yes, judged(false, 7), judged(false, None)]), judged(false, None));
    }

    #[test]
    fn any_is_the_other_way_round() {
        let no = judged(false, 5);
        assert_eq!(any([]), judged(false, None));
        assert_eq!(any([no, judged(false, 7)]), judged(false, 5));
        assert_eq!(any([no, judged(true, 7), judged(true, 9)]), judged(true, 9));
        assert_eq!(not(any([no, judged(true, 7)])), judged(false, 7));
    }
}
