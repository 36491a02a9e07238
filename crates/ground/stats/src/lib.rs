//! How sure is a number?
//!
//! Exact sums, means, shares and quantiles, with intervals where they are estimated from some
//! units; the distributions behind the intervals. Where there is no number there is a reason
//! ([`NotEstimable`]), never a zero in its place.

mod beta;
mod error;
mod estimate;
mod exact_sum;
mod gamma;
mod moments;
mod normal;
mod quantile;
mod student;
mod twofold;
mod unit_sums;

pub use beta::{beta_cdf, beta_quantile};
pub use error::NotEstimable;
pub use estimate::{Estimate, Interval, LEVEL, mean_of_counts, share, wilson};
pub use exact_sum::ExactSum;
pub use gamma::{ln_beta, ln_gamma};
pub use moments::Moments;
pub use normal::{normal_isf, normal_sf};
pub use quantile::quantile;
pub use student::{t_isf, t_sf};
pub use unit_sums::UnitSums;
