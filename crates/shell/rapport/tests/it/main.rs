//! Does the program keep its word when it is run, killed, starved and fed with nonsense?
//!
//! Everything here looks at the real process from the outside: its words, its exit code, its HTTP
//! answers and what it exports. Every test has a folder and a port of its own.

mod commands;
mod crash;
mod disk_full;
mod erasing;
mod importing;
mod lagging;
mod nonsense;
mod online_retail;
mod orders;
mod place;
mod retail_behaviour;
mod starting;
mod traffic;
mod twins;
mod wire;
