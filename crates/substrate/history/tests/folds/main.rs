//! Does a fold over the history see what it would see over a plain list of the same events?

mod damage;
mod model;
mod recorder;
mod shop;
