//! What do customers do, and who are those behind a number?
//!
//! Each insight has one file here: its [`Question`](question::Question), and the
//! [`Point`](question::Point) of its answer that customers are behind. Both are put to the
//! [`Desk`], which gives nobody more than they may see.

mod desk;
mod funnel;
mod last_touch;
mod lifecycle;
mod paths;
mod question;
mod retention;
mod rfm;
mod stickiness;
mod stored;
mod trend;
mod visits;

pub use desk::Desk;
pub use funnel::*;
pub use last_touch::*;
pub use lifecycle::*;
pub use paths::*;
pub use retention::*;
pub use rfm::*;
pub use stickiness::*;
pub use stored::*;
pub use trend::*;
pub use visits::*;
