//! How are numbers, amounts and dates said?

use base::{Currency, Duration, Money, Timestamp};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "1 order", "1,204 orders".
pub(super) fn count(n: u64, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(n))
}

/// "a", "a and b", "a, b and c".
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// Pieces with at most three digits behind the point.
pub(super) fn quantity(pieces: f64) -> String {
    let text = format!("{pieces:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// "€1,204" from 100 on, "€12.50" below; "1,204 without a currency".
pub(super) fn amount(money: Money) -> String {
    let exponent = money.currency.exponent();
    let unit = 10u64.pow(exponent);
    let minor = money.minor.unsigned_abs();
    let figures = if minor >= 100 * unit || exponent == 0 {
        grouped((minor + unit / 2) / unit)
    } else {
        format!("{}.{:0width$}", minor / unit, minor % unit, width = exponent as usize)
    };
    let sign = if money.minor < 0 { "−" } else { "" };
    match money.currency.code() {
        "EUR" => format!("{sign}€{figures}"),
        "USD" => format!("{sign}${figures}"),
        "GBP" => format!("{sign}£{figures}"),
        _ if money.currency == Currency::NONE => format!("{sign}{figures} without a currency"),
        code => format!("{sign}{code} {figures}"),
    }
}

/// "March 2025", in UTC.
pub(super) fn month(at: Timestamp) -> String {
    let (year, month, _) = civil(at.utc_day());
    format!("{} {year}", MONTHS[month - 1])
}

/// "3 May 2026", in UTC.
pub(crate) fn date(at: Timestamp) -> String {
    let (year, month, day) = civil(at.utc_day());
    format!("{day} {} {year}", MONTHS[month - 1])
}

/// "just now", "5 minutes ago", "12 days ago"; after 60 days "on 3 March 2025".
pub(super) fn ago(at: Timestamp, now: Timestamp) -> String {
    let days_max = 60;
    let passed = now.since(at);
    if passed.0 < Duration::seconds(60).0 {
        "just now".into()
    } else if passed > Duration::days(days_max) {
        format!("on {}", date(at))
    } else {
        format!("{} ago", near_span(passed))
    }
}

/// "5 minutes", "12 days", "4 months": the greatest unit that fits twice, and days up to 60.
pub(super) fn span(span: Duration) -> String {
    let days = span.0 / Duration::days(1).0;
    match days {
        0..=60 => near_span(span),
        61..=729 => format!("{} months", ((days as f64) / 30.437).round() as u64),
        _ => format!("{} years", days / 365),
    }
}

fn near_span(span: Duration) -> String {
    let whole = |unit: Duration| (span.0 / unit.0).unsigned_abs();
    let minute = Duration::seconds(60);
    if span < Duration::hours(1) {
        count(whole(minute), "minute")
    } else if span < Duration::days(1) {
        count(whole(Duration::hours(1)), "hour")
    } else {
        count(whole(Duration::days(1)), "day")
    }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Year, month (1 to 12) and day of the month of a number of days since 1970-01-01, in the
/// Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms",
/// `civil_from_days`).
fn civil(days: i64) -> (i64, usize, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).expect("a month is between 1 and 12"), day)
}
