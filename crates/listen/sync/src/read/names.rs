//! Which name does each column go by, when no name may come twice?

use std::collections::HashMap;

/// Names that were given out.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Every name, with the number that was last tried behind it.
    taken: HashMap<String, usize>,
}

impl Names {
    /// `name`, or `name_2`, `name_3`, … where it was given out before.
    pub(super) fn give(&mut self, name: &str) -> String {
        let Some(mut n) = self.taken.get(name).copied() else {
            self.taken.insert(name.to_owned(), 1);
            return name.to_owned();
        };
        loop {
            n += 1;
            let numbered = format!("{name}_{n}");
            if !self.taken.contains_key(&numbered) {
                self.taken.insert(numbered.clone(), 1);
                self.taken.insert(name.to_owned(), n);
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_comes_twice() {
        let mut names = Names::default();
        let given = ["a", "a_2", "a", "a", "b", "a_2"].map(|name| names.give(name));
        assert_eq!(given, ["a", "a_2", "a_3", "a_4", "b", "a_2_2"]);
    }
}
