//! How many requests were answered, how fast, and how does a scraper read it?
//!
//! Prometheus' text format, version 0.0.4, written by hand: a dozen figures need no framework.

use app::Figure;
use http::Method;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Counts answers in memory, by method, route and status.
#[derive(Debug, Default)]
pub struct Telemetry {
    answers: Mutex<BTreeMap<Key, Latency>>,
}

/// One answer, by what is counted apart. Routes are patterns, so that there are few.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub method: &'a Method,
    pub route: &'a str,
    pub status: u16,
}

type Key = (String, &'static str, u16);

#[derive(Clone, Copy, Debug, Default)]
struct Latency {
    n: u64,
    sum_seconds: f64,
    n_by_bucket: [u64; BUCKETS.len()],
}

impl Telemetry {
    /// Counts an answer.
    pub fn count(&self, answer: Answer<'_>, took: Duration) {
        let seconds = took.as_secs_f64();
        let key = (answer.route.to_owned(), method_name(answer.method), answer.status);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let latency = answers.entry(key).or_default();
        latency.n += 1;
        latency.sum_seconds += seconds;
        for (bound, n) in BUCKETS.iter().zip(&mut latency.n_by_bucket) {
            *n += u64::from(seconds <= *bound);
        }
    }

    /// Everything that is known, with the figures of the engine, for a scraper.
    pub fn text(&self, figures: &[Figure]) -> String {
        let mut text = String::with_capacity(8 << 10);
        write_figures(&mut text, figures);
        let name = "rapport_http_answer_seconds";
        let _ = writeln!(text, "# HELP {name} Time from request to answer.");
        let _ = writeln!(text, "# TYPE {name} histogram");
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for ((route, method, status), latency) in &answers {
            let labels =
                format!("method=\"{method}\",route=\"{}\",status=\"{status}\"", escaped(route));
            write_latency(&mut text, name, &labels, latency);
        }
        text
    }
}

fn write_latency(text: &mut String, name: &str, labels: &str, latency: &Latency) {
    for (bound, n) in BUCKETS.iter().zip(latency.n_by_bucket) {
        let _ = writeln!(text, "{name}_bucket{{{labels},le=\"{bound}\"}} {n}");
    }
    let n = latency.n;
    let _ = writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {n}");
    let _ = writeln!(text, "{name}_sum{{{labels}}} {}", latency.sum_seconds);
    let _ = writeln!(text, "{name}_count{{{labels}}} {n}");
}

/// Figures of one name stand together under one head, as the format wants it.
fn write_figures(text: &mut String, figures: &[Figure]) {
    let mut by_name: BTreeMap<&str, Vec<&Figure>> = BTreeMap::new();
    for figure in figures {
        by_name.entry(figure.name).or_default().push(figure);
    }
    for (name, figures) in by_name {
        let kind = if figures[0].is_counter { "counter" } else { "gauge" };
        let _ = writeln!(text, "# HELP {name} {}", figures[0].help);
        let _ = writeln!(text, "# TYPE {name} {kind}");
        for figure in figures {
            let labels = figure.labels.iter();
            let labels = labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value)));
            let labels = labels.collect::<Vec<_>>().join(",");
            let braced = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
            let _ = writeln!(text, "{name}{braced} {}", figure.value);
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Methods are the sender's text: only the usual ones become labels.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "HEAD" => "HEAD",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scraper_can_read_it() {
        let telemetry = Telemetry::default();
        let answer = Answer { method: &Method::GET, route: "/api/\"x\"", status: 200 };
        telemetry.count(answer, Duration::from_millis(3));
        telemetry.count(answer, Duration::from_secs(9));
        let labels = vec![("kind", "a\nb".to_owned())];
        let figure = |value| Figure {
            name: "rapport_test",
            help: "For the test.",
            is_counter: true,
            labels: labels.clone(),
            value,
        };
        let text = telemetry.text(&[figure(1.0), figure(2.5)]);
        let heads = text.matches("# TYPE rapport_test counter").count();
        assert_eq!(heads, 1, "one head for one name");
        assert!(text.contains("rapport_test{kind=\"a\\nb\"} 2.5\n"), "{text}");
        let of = "method=\"GET\",route=\"/api/\\\"x\\\"\",status=\"200\"";
        let name = "rapport_http_answer_seconds";
        assert!(text.contains(&format!("{name}_bucket{{{of},le=\"0.001\"}} 0\n")), "{text}");
        assert!(text.contains(&format!("{name}_bucket{{{of},le=\"5\"}} 1\n")), "{text}");
        assert!(text.contains(&format!("{name}_bucket{{{of},le=\"+Inf\"}} 2\n")), "{text}");
        assert!(text.contains(&format!("{name}_count{{{of}}} 2\n")), "{text}");
    }
}
