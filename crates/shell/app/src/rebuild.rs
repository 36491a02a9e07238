//! Does any sequence of events, decisions and erasures come to what a rebuild from what is left
//! comes to?
//!
//! One engine lives through events, merges, withdrawals, restorations, undone decisions, changed
//! limits and erasures, as they come. Another one is given what is left: the same events in the same
//! order in a few large batches, but for those that went with somebody; the rules that hold in the
//! end, the statements that still count and the withdrawals that still stand. What is left is worked
//! out from what was sent and who was erased, not read from the engine. Profiles must be the same
//! byte for byte, and so must timelines and the ledger. Numbers of identifiers are the one thing
//! that may differ, since none is given twice; they are put in place of each other.
//!
//! Many small worlds, which share nothing, live in one engine side by side: each is a case.

mod left;
mod life;
mod said;

use life::Lived;
use rand_core::RngCore;

/// Steps that one world lives through.
const STEPS: u64 = 12;
/// Worlds in one engine.
const WORLDS: u64 = 100;

/// Seeds under which something differed once.
const ONCE_DIFFERENT: [u64; 0] = [];

struct Dice(rand_chacha::ChaCha12Rng);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0.next_u64() % n
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { Some(&of[self.below(of.len() as u64) as usize]) }
    }
}

/// Lets the worlds of `seed` live, and compares with the rebuild.
async fn check(seed: u64) {
    let (lived, worlds) = Lived::through(seed, WORLDS, STEPS).await;
    let rebuilt = left::rebuilt(&lived, &worlds).await;
    let numbers = left::numbers(&rebuilt, WORLDS).await;
    let (one, other) =
        (left::told(&lived, WORLDS, &numbers).await, left::told(&rebuilt, WORLDS, &numbers).await);
    for (world, (one, other)) in one.iter().zip(&other).enumerate() {
        assert_eq!(one, other, "seed {seed}, world {world}");
    }
    lived.engine.shutdown().await;
    rebuilt.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_lived_through_equals_what_is_left() {
    for seed in 0..2 {
        check(seed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_differed_once_is_the_same() {
    for seed in ONCE_DIFFERENT {
        check(seed).await;
    }
}

/// 10,000 worlds, 100 at a time; `RAPPORT_SEEDS=1017..1018` runs one seed again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "10,000 cases, about half an hour: cargo test -p rapport-app --lib rebuild -- --ignored"]
async fn long_what_was_lived_through_equals_what_is_left() {
    let seeds = std::env::var("RAPPORT_SEEDS").unwrap_or_else(|_| "1000..1100".to_owned());
    let (from, to) = seeds.split_once("..").expect("RAPPORT_SEEDS is like 1000..1100");
    let seeds = from.parse::<u64>().expect("a number")..to.parse().expect("a number");
    for seed in seeds {
        check(seed).await;
        println!("seed {seed}: {WORLDS} worlds");
    }
}
