//! What kinds of tests are there? One file each.

pub mod behaviour;
pub mod fact;
pub mod in_order;
pub mod not_followed;
pub mod same;
pub mod share;
pub mod value;
