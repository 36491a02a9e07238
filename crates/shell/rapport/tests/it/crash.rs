//! Does anything acknowledged get lost, or applied twice, when the server is killed under load?

use crate::place::{Place, WRITE_KEY, until};
use crate::traffic::Sender;
use crate::wire;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

const ROUNDS: u64 = 5;
const SENDERS: usize = 3;

#[test]
fn nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed() {
    let place = Place::new();
    let mut senders: Vec<Sender> =
        (0..SENDERS).map(|n| Sender::new(format!("sender-{n}"))).collect();
    for round in 0..ROUNDS {
        let server = place.serve();
        lose_an_answer(&mut senders, server.address);
        // From a death within the first batches to one with many of them behind.
        let (address, n_wanted) = (server.address, 3 + round * 12);
        let n_batches = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for sender in &mut senders {
                scope.spawn(|| send_until_it_dies(sender, address, &n_batches));
            }
            until("enough is acknowledged", || {
                (n_batches.load(Ordering::SeqCst) >= n_wanted).then_some(())
            });
            server.kill();
        });
    }
    let server = place.serve();
    for sender in &mut senders {
        assert_eq!(sender.send(server.address).status, 200, "what was not acknowledged, again");
    }
    server.catch_up();
    server.stop();
    let acknowledged: Vec<&String> = senders.iter().flat_map(|s| &s.acknowledged).collect();
    let mut stored = place.exported_events();
    let missing: Vec<_> = acknowledged.iter().filter(|id| stored.remove(**id).is_none()).collect();
    assert!(missing.is_empty(), "{} missing, as {:?}", missing.len(), missing[0]);
    assert!(stored.is_empty(), "never sent: {stored:?}");
    place.check_with_doctor();
    println!("{ROUNDS} deaths, {} events acknowledged, each stored once", acknowledged.len());
}

/// Delivers every sender's next batch and hangs up before the answer: the batch is taken, and the
/// sender, who does not know, sends it again.
fn lose_an_answer(senders: &mut [Sender], address: SocketAddr) {
    for sender in senders {
        let body = sender.body();
        let headers = [("x-write-key", WRITE_KEY)];
        let mut stream = wire::connect(address);
        let head = wire::head("POST", "/v1/batch", &headers, Some(body.len()));
        wire::send(&mut stream, head.as_bytes());
        wire::send(&mut stream, body.as_bytes());
    }
}

fn send_until_it_dies(sender: &mut Sender, address: SocketAddr, n_batches: &AtomicU64) {
    loop {
        let answer = sender.send(address);
        match answer.status {
            200 => n_batches.fetch_add(1, Ordering::SeqCst),
            0 => return,
            _ => panic!("{answer:?}"),
        };
    }
}
