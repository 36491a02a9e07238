//! What gives way when there is too much?

use std::collections::BTreeMap;

/// Takes out entries with the lowest `rank` until `n_max` are left, and hands them over.
///
/// Where the rank of an entry only ever rises (a latest time) or never changes (a hash of its
/// key), what is left does not depend on the order in which entries came: an entry that belongs
/// to the best `n_max` of all is among the best `n_max` of any part.
pub(crate) fn evict<K: Ord + Clone, V, R: Ord>(
    map: &mut BTreeMap<K, V>,
    n_max: usize,
    rank: impl Fn(&K, &V) -> R,
) -> Vec<(K, V)> {
    let mut evicted = Vec::new();
    while map.len() > n_max {
        let lowest = map.iter().min_by(|a, b| (rank(a.0, a.1), a.0).cmp(&(rank(b.0, b.1), b.0)));
        let key = lowest.expect("more than none are held").0.clone();
        evicted.extend(map.remove_entry(&key));
    }
    evicted
}

/// The longest start of `text` that has at most `n_max` bytes.
pub(crate) fn shortened(text: &str, n_max: usize) -> &str {
    &text[..text.floor_char_boundary(n_max)]
}
