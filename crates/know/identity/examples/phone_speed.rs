//! How long does it take to write a telephone number in E.164?
//!
//! ```sh
//! cargo run --release -p rapport-identity --example phone_speed
//! ```

use identity::e164;
use rapport_identity as identity;
use std::time::Instant;

const N: u32 = 20_000;

fn main() {
    for (name, country) in [("with a country code", None), ("without", Some("DE"))] {
        let number = |i: u32| {
            let prefix = if country.is_none() { "+4930" } else { "030" };
            format!("{prefix}{:07}", 1_000_000 + i % 8_000_000)
        };
        // The first one reads the numbering plans.
        assert!(e164(&number(0), country).is_some());
        #[expect(clippy::disallowed_methods, reason = "it measures time")]
        let begun = Instant::now();
        let n_found = (0..N).filter(|&i| e164(&number(i), country).is_some()).count();
        let each = begun.elapsed() / N;
        println!("{name}: {each:?} each, {n_found} of {N} can be dialled");
    }
}
