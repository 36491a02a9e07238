//! What do senders hear when the processor cannot follow, and what becomes of their events?

use crate::place::{Place, until};
use crate::traffic::Sender;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn senders_wait_while_the_processor_is_behind_and_nothing_is_lost() {
    let place = Place::new();
    let server = place.serve_with(&[("RAPPORT_LAG_ENTRIES_MAX", "2")]);
    let is_over = AtomicBool::new(false);
    let mut senders: Vec<Sender> = (0..4).map(|n| Sender::new(format!("fast-{n}"))).collect();
    std::thread::scope(|scope| {
        let workers: Vec<_> = senders
            .iter_mut()
            .map(|sender| {
                scope.spawn(|| {
                    while !is_over.load(Ordering::SeqCst) {
                        let answer = sender.send(server.address);
                        if answer.status == 429 {
                            let wait = answer.retry_after();
                            assert!((5..=300).contains(&wait), "{wait}");
                            assert_eq!(answer.json()["success"], false);
                        } else {
                            assert_eq!(answer.status, 200, "{answer:?}");
                        }
                    }
                    (sender.n_waits, sender.acknowledged.len())
                })
            })
            .collect();
        // Long enough that senders were held up, again and again, and let in again each time.
        until("enough came in", || {
            let head = server.get("/api/home")["processor"]["head"].clone();
            let n_entries = u64::from_str_radix(head.as_str()?.strip_prefix("p_")?, 16);
            (n_entries.unwrap_or(0) > 60).then_some(())
        });
        is_over.store(true, Ordering::SeqCst);
        let done: Vec<_> = workers.into_iter().map(|worker| worker.join().unwrap()).collect();
        let n_waits: u64 = done.iter().map(|(n_waits, _)| n_waits).sum();
        println!("asked to wait {n_waits} times, {done:?}");
        assert!(n_waits > 0, "nobody was asked to wait");
    });
    server.catch_up();
    for sender in &mut senders {
        assert_eq!(sender.send(server.address).status, 200, "let in once it has caught up");
        server.catch_up();
    }
    server.stop();
    let stored = place.exported_events();
    let n_acknowledged: usize = senders.iter().map(|sender| sender.acknowledged.len()).sum();
    let is_stored = |id: &String| stored.contains_key(id);
    assert!(senders.iter().flat_map(|sender| &sender.acknowledged).all(is_stored));
    assert_eq!(stored.len(), n_acknowledged, "what was not acknowledged was not taken");
}
