//! Is a connection that keeps us waiting ended, and no other?
//!
//! These listen on a port of loopback. Limits are short, and nothing is measured: what must happen
//! is waited for, and what must not happen would have happened long before.

use crate::serve;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const SHORT: Duration = Duration::from_millis(100);
/// Never waited for to its end: connections under it are ended by something else.
const LONG: Duration = Duration::from_secs(3_600);
/// So long may anything take on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);

struct Host {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
}

impl Host {
    async fn start(head_within: Duration) -> Self {
        let caller =
            |ConnectInfo(caller): ConnectInfo<SocketAddr>| async move { caller.to_string() };
        let slow = || async {
            tokio::time::sleep(SHORT * 5).await;
            "at last"
        };
        let router = Router::new()
            .route("/", get(caller))
            .route("/slow", get(slow))
            .route("/echo", post(|body: String| async move { body }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = watch::Sender::new(false);
        let served = tokio::spawn(serve(listener, router, head_within, stop.subscribe()));
        Self { address, stop, served }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// Reads until the server has closed the connection.
async fn rest_of(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_string(&mut text)).await;
    read.expect("the connection is ended").unwrap();
    text
}

/// Reads as far as `end`.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        text.push(tokio::time::timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn half_a_head_is_not_waited_for() {
    let host = Host::start(SHORT).await;
    for said in ["", "GET / HTTP/1.1\r\nhost: a\r\nx-slow"] {
        let mut stream = host.connect().await;
        stream.write_all(said.as_bytes()).await.unwrap();
        assert_eq!(rest_of(&mut stream).await, "", "{said:?}");
    }
}

#[tokio::test]
async fn a_connection_at_rest_is_ended() {
    let host = Host::start(SHORT).await;
    let mut stream = host.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let own = stream.local_addr().unwrap().to_string();
    let answer = rest_of(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(&own), "{answer}");
}

#[tokio::test]
async fn slow_answers_and_slow_bodies_are_waited_for() {
    let host = Host::start(SHORT).await;
    let mut stream = host.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    assert!(rest_of(&mut stream).await.ends_with("at last"));
    let mut stream = host.connect().await;
    stream
        .write_all(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n12")
        .await
        .unwrap();
    tokio::time::sleep(SHORT * 5).await;
    stream.write_all(b"34").await.unwrap();
    assert!(rest_of(&mut stream).await.ends_with("1234"));
}

#[tokio::test]
async fn requests_one_after_another_share_a_connection() {
    let host = Host::start(LONG).await;
    let mut stream = host.connect().await;
    let own = stream.local_addr().unwrap().to_string();
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        assert!(read_until(&mut stream, &own).await.starts_with("HTTP/1.1 200 OK"));
    }
}

#[tokio::test]
async fn a_stop_lets_open_requests_end_and_nobody_in() {
    let host = Host::start(LONG).await;
    let (mut resting, mut asking) = (host.connect().await, host.connect().await);
    let own = resting.local_addr().unwrap().to_string();
    resting.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    read_until(&mut resting, &own).await;
    let head =
        b"POST /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n";
    asking.write_all(head).await.unwrap();
    // Now its handler is known to wait for the body.
    read_until(&mut asking, "100 Continue\r\n\r\n").await;
    host.stop.send_replace(true);
    assert_eq!(rest_of(&mut resting).await, "");
    asking.write_all(b"1234").await.unwrap();
    assert!(rest_of(&mut asking).await.ends_with("1234"));
    tokio::time::timeout(PATIENCE, host.served).await.expect("it ends").unwrap();
    assert!(TcpStream::connect(host.address).await.is_err(), "nobody listens any more");
}
