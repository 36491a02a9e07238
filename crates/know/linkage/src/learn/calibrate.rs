//! Do pairs that are said to match with 80 % really match four times of five?
//!
//! Reviews tell. The verdicts are regressed on the model's log odds (Platt 1999): which pairs are
//! reviewed depends on the score only, and a regression on the score is not biased by that. Both
//! coefficients have normal priors at "the model is right", of standard deviation 1 for the
//! intercept and ¼ for the slope, so that ten verdicts move the scale a little and a thousand
//! decide it.

use super::verdicts::Verdicts;
use crate::model::{Calibration, Model};
use crate::score::Scorer;
use crate::table::{RecordIdx, Table};

const INTERCEPT_SD: f64 = 1.0;
const SLOPE_SD: f64 = 0.25;
const SLOPE_MIN: f64 = 0.1;
/// Verdicts on pairs that the model is surer of count as if it were this sure (odds of e⁸, three
/// thousand to one): one slip of a reviewer there would otherwise bend the whole scale.
const ODDS_MAX: f64 = 8.0;

/// Fits the calibration to the verdicts; without any it stays as it is.
pub(super) fn fit(model: &mut Model, table: &Table, verdicts: &Verdicts) {
    if verdicts.is_empty() {
        return;
    }
    let scored: Vec<(f64, f64)> = {
        let scorer = Scorer::new(model, table);
        let odds =
            |bits: f32| (f64::from(bits) * std::f64::consts::LN_2).clamp(-ODDS_MAX, ODDS_MAX);
        let of_records = verdicts.records().map(|((a, b), is_same)| {
            (odds(scorer.weight(RecordIdx(a), RecordIdx(b))), f64::from(u8::from(is_same)))
        });
        let of_texts = verdicts.texts().map(|(a, b, is_same)| {
            (odds(scorer.weight_of_probes(a, b)), f64::from(u8::from(*is_same)))
        });
        of_records.chain(of_texts).collect()
    };
    model.calibration = regress(&scored);
}

/// The maximum of the penalised likelihood by Newton's method with halved steps; the penalty makes
/// it strictly concave, so there is one.
fn regress(scored: &[(f64, f64)]) -> Calibration {
    let (mut a, mut b) = (0.0, 1.0);
    for _ in 0..50 {
        let (gradient, curvature) = derivatives(scored, a, b);
        let det = curvature.0 * curvature.2 - curvature.1 * curvature.1;
        let step_a = (gradient.0 * curvature.2 - gradient.1 * curvature.1) / det;
        let step_b = (gradient.1 * curvature.0 - gradient.0 * curvature.1) / det;
        let mut share = 1.0;
        let before = likelihood(scored, a, b);
        while share > 1e-6 && likelihood(scored, a + share * step_a, b + share * step_b) < before {
            share /= 2.0;
        }
        (a, b) = (a + share * step_a, b + share * step_b);
        if (share * step_a).abs() + (share * step_b).abs() < 1e-10 {
            break;
        }
    }
    Calibration { a, b: b.max(SLOPE_MIN) }
}

fn likelihood(scored: &[(f64, f64)], a: f64, b: f64) -> f64 {
    let data: f64 = scored
        .iter()
        .map(|(x, y)| {
            let odds = a + b * x;
            // ln p or ln (1 − p), without overflow.
            let signed = if *y > 0.5 { odds } else { -odds };
            -(-signed.abs()).exp().ln_1p() + signed.min(0.0)
        })
        .sum();
    data - (a / INTERCEPT_SD).powi(2) / 2.0 - ((b - 1.0) / SLOPE_SD).powi(2) / 2.0
}

/// The gradient and the negative second derivatives (aa, ab, bb).
fn derivatives(scored: &[(f64, f64)], a: f64, b: f64) -> ((f64, f64), (f64, f64, f64)) {
    let (wa, wb) = (1.0 / (INTERCEPT_SD * INTERCEPT_SD), 1.0 / (SLOPE_SD * SLOPE_SD));
    let mut gradient = (-a * wa, -(b - 1.0) * wb);
    let mut curvature = (wa, 0.0, wb);
    for (x, y) in scored {
        let p = 1.0 / (1.0 + (-(a + b * x)).exp());
        gradient.0 += y - p;
        gradient.1 += (y - p) * x;
        let spread = p * (1.0 - p);
        curvature.0 += spread;
        curvature.1 += spread * x;
        curvature.2 += spread * x * x;
    }
    (gradient, curvature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_move_the_scale_towards_them() {
        // The model says even odds, people say "same" nine times of ten.
        let scored: Vec<(f64, f64)> =
            (0..200).map(|at| (0.0, f64::from(u8::from(at % 10 != 0)))).collect();
        let line = regress(&scored);
        assert!((line.probability(0.0) - 0.9).abs() < 0.02, "{line:?}");
        assert!((line.b - 1.0).abs() < 1e-9, "nothing was learned about the slope");
        // A model that is twice too sure of itself.
        let scored: Vec<(f64, f64)> = (0..4000)
            .map(|at| {
                let x = f64::from(at % 41 - 20) / 2.0;
                let p = 1.0 / (1.0 + (-x / 2.0).exp());
                (x, f64::from(u8::from(f64::from(at * 7919 % 4000) / 4000.0 < p)))
            })
            .collect();
        let line = regress(&scored);
        assert!((line.b - 0.5).abs() < 0.06, "{line:?}");
        let few = regress(&[(2.0, 0.0)]);
        assert!(few.probability(0.0) < 0.5 && few.probability(0.0) > 0.3, "{few:?}");
    }
}
