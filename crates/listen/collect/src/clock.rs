//! When did it happen, given what a client's clock says and when it reached us?

use crate::fields;
use base::{Duration, Timestamp};
use serde_json::value::RawValue;

/// How far a client's clock may be put right. Mobile clients stamp `sentAt` at the first attempt,
/// so that an event sent again weeks later looks like a clock that is weeks slow.
const CORRECTION_MAX: Duration = Duration::days(7);
/// How far in the future an event may lie; beyond that its time is the time of arrival.
const FUTURE_MAX: Duration = Duration::hours(24);
/// A client's clock is put right in steps of this. What a request takes to travel differs from
/// request to request; taken for an error of the clock it would shuffle a client's events, so that
/// an older value of a trait could end up after a newer one.
const CORRECTION_STEP: Duration = Duration::seconds(5);
/// A shift below this is not worth remembering.
const SHIFT_MIN: Duration = Duration::seconds(1);

/// What a client says about time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Claim {
    /// When it happened, by the client's clock.
    pub original: Option<Timestamp>,
    /// When it was sent, by the same clock.
    pub sent_at: Option<Timestamp>,
}

/// When it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub at: Timestamp,
    /// What the client said, where it was moved by a second or more.
    pub original: Option<Timestamp>,
}

/// `receivedAt − (sentAt − originalTimestamp)`, where both are given, with the correction rounded
/// and capped; the time of arrival where the client says nothing or something in the future. `None` where the
/// answer lies before [`Timestamp::EARLIEST`].
pub(crate) fn occurred_at(claim: Claim, received_at: Timestamp) -> Option<Moment> {
    let Some(original) = claim.original else {
        return Some(Moment { at: received_at, original: None });
    };
    let skew = claim.sent_at.map_or(0, |sent_at| received_at.since(sent_at).0);
    let skew = rounded(skew).clamp(-CORRECTION_MAX.0, CORRECTION_MAX.0);
    let corrected = original.plus(Duration(skew));
    let is_future = corrected > received_at.plus(FUTURE_MAX);
    let at = if is_future { received_at } else { corrected };
    if at < Timestamp::EARLIEST {
        return None;
    }
    let shift = at.since(original).0.saturating_abs();
    Some(Moment { at, original: (shift >= SHIFT_MIN.0).then_some(original) })
}

/// The nearest multiple of [`CORRECTION_STEP`].
fn rounded(skew_us: i64) -> i64 {
    let step = CORRECTION_STEP.0;
    skew_us.saturating_add(step / 2).div_euclid(step).saturating_mul(step)
}

/// The moment that a JSON value names: RFC 3339 and its relatives, or a number of seconds,
/// milliseconds, microseconds or nanoseconds since 1970, as a number or as text.
pub(crate) fn moment(raw: &RawValue) -> Option<Timestamp> {
    let text = fields::text_or_number(raw)?;
    Timestamp::parse(&text).filter(|_| raw.get().starts_with('"')).or_else(|| {
        // A short number is a count of something else.
        (text.len() >= 9)
            .then(|| text.trim().parse().ok())
            .flatten()
            .and_then(Timestamp::from_epoch_number)
    })
}
