//! What does a shop's file of order lines look like?

use std::fmt::Write;

/// Lines of the file, without the heading.
pub const LINES: usize = 5_000;

/// A file of order lines: orders of one to five lines, customers who come again, some of them
/// unknown, a few orders given back, and three lines that no import can take.
pub fn csv() -> String {
    let mut text =
        "order_id,order_date,email,product_id,product,quantity,unit_price,currency\n".to_owned();
    // A sequence that looks random and is the same for ever (Knuth's multiplier for 64 bits).
    let mut state = 42u64;
    let mut draw = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % n
    };
    let mut n_lines = 0;
    for order in 0.. {
        let (day, hour, minute) = (1 + order / 80, draw(24), draw(60));
        let email = match draw(20) {
            0 => String::new(),
            _ => format!("customer{}@example.com", draw(400)),
        };
        let sign = if draw(25) == 0 { "-" } else { "" };
        for _ in 0..1 + draw(5) {
            let product = draw(60);
            let quantity =
                if n_lines % 2_000 == 999 { "several".into() } else { draw(9).max(1).to_string() };
            let _ = writeln!(
                text,
                "R-{order:05},2026-01-{day:02} {hour:02}:{minute:02}:00,{email},P-{product:03},\
                 \"Lamp no. {product}, white\",{sign}{quantity},{}.{:02},EUR",
                1 + product * 7 % 90,
                product * 13 % 100,
            );
            n_lines += 1;
            if n_lines == LINES {
                return text;
            }
        }
    }
    unreachable!("the orders do not end before the lines do")
}
