//! Which rows of a file stand for all of it?

/// Rows beside each other that are taken or left together: those of one order often are.
const STRETCH: u64 = 50;

/// Rows that are spread evenly over a file whose length nobody knows before its end.
#[derive(Debug)]
pub struct Spread {
    n_max: usize,
    /// Every so many stretches one is taken.
    step: u64,
    rows: Vec<(u64, String)>,
}

impl Spread {
    /// Of about `n_max` rows at most, and at least half of them of a longer file.
    #[must_use]
    pub fn new(n_max: usize) -> Self {
        Self { n_max, step: 1, rows: Vec::new() }
    }

    /// Takes a row if it is one of those; rows come in ascending order.
    pub fn offer(&mut self, row: u64, text: String) {
        if !is_taken(row, self.step) {
            return;
        }
        self.rows.push((row, text));
        if self.rows.len() > self.n_max {
            self.step *= 2;
            let step = self.step;
            self.rows.retain(|(row, _)| is_taken(*row, step));
        }
    }

    /// The rows, and whether they are all that were offered.
    #[must_use]
    pub fn rows(self) -> (Vec<(u64, String)>, bool) {
        (self.rows, self.step == 1)
    }
}

fn is_taken(row: u64, step: u64) -> bool {
    (row / STRETCH).is_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_seen_from_its_beginning_to_its_end() {
        let spread = |n_rows: u64| {
            let mut spread = Spread::new(1_000);
            (0..n_rows).for_each(|row| spread.offer(row, String::new()));
            let (rows, is_all) = spread.rows();
            (rows.into_iter().map(|(row, _)| row).collect::<Vec<u64>>(), is_all)
        };
        assert_eq!(spread(1_000), ((0..1_000).collect(), true));
        let (rows, is_all) = spread(100_000);
        assert!(!is_all && (500..=1_000).contains(&rows.len()), "{}", rows.len());
        for tenth in 0..10 {
            let within = rows.iter().filter(|row| **row / 10_000 == tenth).count();
            assert!(within >= 50, "{within} rows of tenth {tenth}");
        }
    }
}
