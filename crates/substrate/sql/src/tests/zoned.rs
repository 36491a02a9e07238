//! Are times cut and taken apart as PostgreSQL does it?

use crate::testing::world;

#[tokio::test]
async fn date_trunc_takes_a_time_zone() {
    let world = world().await;
    let cases = [
        // The hour that Berlin has twice is two moments.
        ("hour", "2026-10-25T00:40:00Z", "Europe/Berlin", "2026-10-25T00:00:00Z"),
        ("hour", "2026-10-25T01:40:00Z", "Europe/Berlin", "2026-10-25T01:00:00Z"),
        ("hour", "2026-03-29T01:10:00Z", "Europe/Berlin", "2026-03-29T01:00:00Z"),
        ("hour", "2026-07-01T10:40:00Z", "Asia/Kolkata", "2026-07-01T10:30:00Z"),
        ("day", "2026-07-01T22:40:00Z", "Europe/Berlin", "2026-07-01T22:00:00Z"),
        ("week", "2026-07-01T22:40:00Z", "UTC", "2026-06-29T00:00:00Z"),
    ];
    for (grain, time, zone, expected) in cases {
        let sql = format!(
            "SELECT date_trunc('{grain}', t, '{zone}') = timestamptz '{expected}', \
             cast(date_trunc('{grain}', t, '{zone}') AS text) \
             FROM (VALUES (timestamptz '{time}')) AS times (t)"
        );
        let rows = world.rows(&sql).await;
        assert_eq!(rows[0][0], "true", "{grain} of {time} in {zone}: {}", rows[0][1]);
    }
    let plain = "SELECT count(DISTINCT date_trunc('day', occurred_at)) > 0 FROM events";
    assert_eq!(world.one(plain).await, "true");
    // In UTC the calendar and arithmetic say the same, before 1970 too.
    let all = "(SELECT occurred_at AS t FROM events UNION ALL \
               SELECT occurred_at - interval '70 years' FROM events) AS times";
    for grain in ["year", "quarter", "month", "week", "day", "hour", "minute", "second"] {
        let unlike = format!(
            "SELECT count(*) FROM {all} WHERE date_trunc('{grain}', t) <> \
             date_trunc('{grain}', t, 'UTC')"
        );
        assert_eq!(world.one(&unlike).await, "0", "{grain}");
    }
    let kept = "SELECT arrow_typeof(date_trunc('day', occurred_at)) FROM events LIMIT 1";
    assert_eq!(world.one(kept).await, "Timestamp(µs, \"UTC\")");
    // Every hour of Kolkata begins at half past one of UTC's.
    let by_hour = "SELECT DISTINCT extract(minute FROM hour) FROM (SELECT \
                   date_trunc('hour', occurred_at, 'Asia/Kolkata') AS hour FROM events) AS hours";
    assert_eq!(world.rows(by_hour).await, [["30"]]);
    let nowhere = "SELECT date_trunc('hour', occurred_at, 'Berlin/Nowhere') FROM events";
    assert!(world.error(nowhere).await.to_string().contains("Berlin/Nowhere"));
}

#[tokio::test]
async fn lengths_of_time_keep_their_fractions() {
    let world = world().await;
    let times =
        "(VALUES (timestamptz '2026-01-04T00:00:01.25Z', timestamptz '2026-01-01T00:00:00Z'))";
    let sql = format!(
        "SELECT extract(epoch FROM later - earlier), extract(day FROM later - earlier), \
         extract(year FROM later) FROM {times} AS times (later, earlier)"
    );
    assert_eq!(world.rows(&sql).await, [["259201.25", "3", "2026"]]);
    // A float has 52 bits for the microseconds since 1970.
    let stored = "SELECT count(*) FROM events WHERE abs(extract(epoch FROM occurred_at - \
                  (timestamptz '1970-01-01T00:00:00Z' - interval '250 milliseconds')) \
                  - extract(epoch FROM occurred_at) - 0.25) > 1e-6";
    assert_eq!(world.one(stored).await, "0");
}
