//! Is any entry of the log a delivery or called damaged?
#![no_main]

use base::Limits;
use collect::{Delivery, understand};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(delivery) = Delivery::decode(data) else { return };
    let kept = Delivery::decode(&delivery.encode()).expect("what was encoded decodes");
    assert_eq!(kept, delivery);
    for index in 0..delivery.items.len().min(20) {
        let _ = understand(&delivery, index, &Limits::default());
    }
});
