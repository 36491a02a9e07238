//! Do days begin and end when the people of a zone say so?

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn calendar(zone: &str) -> Calendar {
    Calendar::new(zone, Weekday::Monday).expect("a zone")
}

#[track_caller]
fn check(zone: &str, grain: Grain, moment: &str, begin: &str, end: &str) {
    let calendar = calendar(zone);
    let found = (calendar.begin(grain, at(moment)), calendar.end(grain, at(moment)));
    assert_eq!(found, (at(begin), at(end)), "{grain:?} of {moment} in {zone}");
}

#[test]
fn days_of_23_and_25_hours() {
    let berlin = "Europe/Berlin";
    let day = Grain::Day;
    check(berlin, day, "2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z");
    check(berlin, day, "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z");
    check(berlin, day, "2026-10-25T22:59:59.999999Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z");
}

#[test]
fn midnights_that_were_left_out_or_came_twice() {
    let day = Grain::Day;
    // São Paulo set its clocks from 00:00 to 01:00 and from 00:00 to 23:00.
    let paulo = "America/Sao_Paulo";
    check(paulo, day, "2018-11-04T12:00Z", "2018-11-04T03:00Z", "2018-11-05T02:00Z");
    check(paulo, day, "2018-02-18T01:30Z", "2018-02-17T02:00Z", "2018-02-18T03:00Z");
    // Toronto 1919: from 23:30 to 00:30.
    check("America/Toronto", day, "1919-03-31T12:00Z", "1919-03-31T04:30Z", "1919-04-01T04:00Z");
    // Havana comes from 01:00 back to 00:00: the first of the two midnights begins the day.
    check("America/Havana", day, "2025-11-02T05:30Z", "2025-11-02T04:00Z", "2025-11-03T05:00Z");
    // Apia had no 30 December 2011.
    check("Pacific/Apia", day, "2011-12-30T09:59Z", "2011-12-29T10:00Z", "2011-12-30T10:00Z");
    check("Pacific/Apia", day, "2011-12-30T10:00Z", "2011-12-30T10:00Z", "2011-12-31T10:00Z");
}

#[test]
fn hours_follow_the_local_clock() {
    let hour = Grain::Hour;
    check("Asia/Kolkata", hour, "2026-01-01T00:15Z", "2025-12-31T23:30Z", "2026-01-01T00:30Z");
    // The hour that comes twice is two hours.
    let berlin = "Europe/Berlin";
    check(berlin, hour, "2026-10-25T00:30Z", "2026-10-25T00:00Z", "2026-10-25T01:00Z");
    check(berlin, hour, "2026-10-25T01:30Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z");
    // Lord Howe Island sets its clock by half an hour: from 02:00 to 01:30.
    let howe = "Australia/Lord_Howe";
    check(howe, hour, "2026-04-04T15:10Z", "2026-04-04T14:00Z", "2026-04-04T15:30Z");
    check(howe, hour, "2026-04-04T14:10Z", "2026-04-04T14:00Z", "2026-04-04T15:30Z");
    assert_eq!(calendar(berlin).name(hour, at("2026-10-25T01:00Z")), "2026-10-25T02:00+01:00");
}

#[test]
fn weeks_months_quarters_and_years() {
    let utc = "UTC";
    check(utc, Grain::Week, "2026-01-01T00:00Z", "2025-12-29", "2026-01-05");
    check(utc, Grain::Month, "2024-02-29T23:59Z", "2024-02-01", "2024-03-01");
    check(utc, Grain::Quarter, "2026-05-31T00:00Z", "2026-04-01", "2026-07-01");
    check(utc, Grain::Year, "2026-12-31T23:00Z", "2026-01-01", "2027-01-01");
    let sunday = Calendar::new(utc, Weekday::Sunday).expect("a zone");
    assert_eq!(sunday.begin(Grain::Week, at("2026-01-01")), at("2025-12-28"));
    assert_eq!(sunday.name(Grain::Quarter, at("2026-04-01")), "2026-Q2");
    assert_eq!(sunday.words(), "in the time zone UTC, weeks beginning on Sunday");
}

#[test]
fn shifting_keeps_the_local_clock() {
    let berlin = calendar("Europe/Berlin");
    let shift = |from: &str, n, grain| berlin.shift(at(from), n, grain);
    assert_eq!(shift("2026-03-28T12:00Z", 1, Grain::Day), at("2026-03-29T11:00Z"));
    assert_eq!(shift("2026-01-31T12:00Z", 1, Grain::Month), at("2026-02-28T12:00Z"));
    assert_eq!(shift("2026-01-31T12:00Z", -1, Grain::Quarter), at("2025-10-31T12:00Z"));
    assert!(shift("2026-01-31T12:00Z", i64::MIN, Grain::Year) < at("1900-01-01"));
}

#[test]
fn an_unknown_zone_is_named() {
    let error = Calendar::new("Mars/Olympus", Weekday::Monday).unwrap_err();
    assert!(error.to_string().starts_with("zone: 'Mars/Olympus' is no time zone"), "{error}");
    assert_eq!(calendar("Europe/Berlin").zone_name(), "Europe/Berlin");
    assert_eq!(Calendar::utc().zone_name(), "UTC");
}
