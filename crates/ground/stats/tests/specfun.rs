//! Are the special functions right to the last digits?
//!
//! Against 30 digits by mpmath, in `../shared/golden/specfun` beside the repository.

#![allow(clippy::disallowed_methods, reason = "the table is a file")]

use stats::{beta_cdf, beta_quantile, ln_beta, ln_gamma, normal_isf, normal_sf, t_isf, t_sf};
use std::path::Path;

/// The largest relative error that is let through. Where the argument itself is the limit (a
/// quantile near a steep place) the worst is some 10⁻¹³.
const ERROR_MAX: f64 = 2e-13;

fn value(function: &str, a: &[f64]) -> Option<f64> {
    Some(match function {
        "normal_sf" => normal_sf(a[0]),
        "normal_isf" => normal_isf(a[0]),
        "t_sf" => t_sf(a[0], a[1]),
        "t_isf" => t_isf(a[0], a[1]),
        "beta_cdf" => beta_cdf(a[0], a[1], a[2]),
        "beta_ppf" => beta_quantile(a[0], a[1], a[2]),
        "lgamma" => ln_gamma(a[0]),
        "lbeta" => ln_beta(a[0], a[1]),
        _ => return None,
    })
}

/// Where the table itself is off by up to 3·10⁻¹²; see below.
fn is_off(function: &str, arguments: &[f64]) -> bool {
    function == "t_sf" && arguments[0] >= 15.0 && arguments[1] >= 1e6
}

/// The six points of the table that are off, by the continued fraction of DLMF 8.17.22 with 80
/// digits (3,000 and 4,000 terms agree).
#[test]
fn far_out_with_many_degrees_of_freedom() {
    for (t, df, truth) in [
        (15.0, 1e6, 3.718_132_383_605_193e-51),
        (25.0, 1e6, 3.371_179_083_771_837e-138),
        (36.0, 1e6, 6.366_995_560_199_513e-284),
        (15.0, 5e8, 3.671_059_946_008_558_5e-51),
        (25.0, 5e8, 3.057_295_684_564_764e-138),
        (36.0, 5e8, 4.186_143_559_393_402e-284),
    ] {
        let found = t_sf(t, df);
        assert!((found / truth - 1.0).abs() < ERROR_MAX, "{t}, {df}: {found:e}");
    }
}

#[test]
fn as_mpmath_has_them() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/golden/specfun/specfun.csv");
    let Ok(table) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let (mut n_checked, mut bad) = (0, Vec::new());
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let arguments: Vec<f64> = cells[1..4].iter().filter_map(|cell| cell.parse().ok()).collect();
        let truth: f64 = cells[4].parse().expect("a number");
        let Some(found) = value(cells[0], &arguments) else { continue };
        n_checked += 1;
        let error = if truth == 0.0 { found.abs() } else { (found / truth - 1.0).abs() };
        // What is below the smallest normal number has no digits to compare.
        let error_max = if is_off(cells[0], &arguments) { 4e-12 } else { ERROR_MAX };
        let is_good = error <= error_max || truth.abs() < f64::MIN_POSITIVE && found < 1e-300;
        if !is_good {
            bad.push(format!("{line}: {found:e}, off by {error:.1e}"));
        }
    }
    assert!(bad.is_empty(), "{} of {n_checked}:\n{}", bad.len(), bad.join("\n"));
    assert!(n_checked > 300, "only {n_checked} lines were read");
}
