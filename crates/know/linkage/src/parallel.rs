//! How is work on many items shared between threads without changing its result?

/// Cuts `0..n_items` into one stretch per thread and returns what `work` makes of each, in order.
/// With one thread nothing is spawned.
pub(crate) fn stretches<T: Send>(
    n_threads: usize,
    n_items: usize,
    work: impl Fn(std::ops::Range<usize>) -> T + Sync,
) -> Vec<T> {
    let n_threads = n_threads.clamp(1, n_items.max(1));
    let cut = |at: usize| n_items * at / n_threads;
    if n_threads == 1 {
        return vec![work(0..n_items)];
    }
    let work = &work;
    std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..n_threads).map(|at| scope.spawn(move || work(cut(at)..cut(at + 1)))).collect();
        running.into_iter().map(|thread| thread.join().expect("a worker does not panic")).collect()
    })
}
