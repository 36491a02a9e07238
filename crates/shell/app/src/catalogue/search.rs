//! Which of many names does somebody mean who has typed a part of one?

/// Those that were found, the likeliest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<T> {
    /// As many as were asked for.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: usize,
}

/// Those of `all` whose name contains `q`, small letters being as good as capitals: first those
/// that begin with it; else in the order in which they are.
pub(super) fn search<T>(
    all: impl Iterator<Item = T>,
    (q, limit): (&str, usize),
    name: impl Fn(&T) -> &str,
) -> Found<T> {
    let q = q.to_lowercase();
    let (mut first, mut later, mut n_later) = (Vec::new(), Vec::new(), 0);
    for one in all {
        match name(&one).to_lowercase().find(&q) {
            Some(0) => first.push(one),
            Some(_) => {
                n_later += 1;
                if later.len() < limit {
                    later.push(one);
                }
            }
            None => {}
        }
    }
    let total = first.len() + n_later;
    first.append(&mut later);
    first.truncate(limit);
    Found { items: first, total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_it_comes_first() {
        let check = |q: &str, limit: usize, expected: &[&str], total: usize| {
            let all = ["Order Completed", "Reorder Asked", "order Paid", "Größe", "Border"];
            let found = search(all.into_iter(), (q, limit), |name| *name);
            assert_eq!((&found.items[..], found.total), (expected, total), "{q}");
        };
        check("order", 9, &["Order Completed", "order Paid", "Reorder Asked", "Border"], 4);
        check("ORDER", 3, &["Order Completed", "order Paid", "Reorder Asked"], 4);
        check("order", 1, &["Order Completed"], 4);
        check("GRÖ", 9, &["Größe"], 1);
        check("", 2, &["Order Completed", "Reorder Asked"], 5);
        check("x", 9, &[], 0);
    }
}
