//! How long may a connection keep us waiting, and how does it end?

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

/// How long a connection may take to send the head of a request, the rest between two requests
/// included. Load balancers keep a connection at rest for about a minute: they, and not we, should
/// end it.
pub const HEAD_WITHIN: Duration = Duration::from_secs(75);

/// Serves `router` to whoever connects to `listener`, until `stopping` turns `true` and the
/// requests that are open then have ended. A connection that does not send the whole head of its
/// next request within `head_within` is closed; bodies and answers may take longer.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    head_within: Duration,
    stopping: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let mut told = pin!(until_true(stopping.clone()));
    loop {
        tokio::select! {
            (stream, address) = Listener::accept(&mut listener) => {
                let service = router.clone();
                connections.spawn(attend(stream, address, service, head_within, stopping.clone()));
            }
            Some(_) = connections.join_next() => {}
            () = &mut told => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Serves one connection to its end.
async fn attend(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    head_within: Duration,
    stopping: watch::Receiver<bool>,
) {
    let service = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_within)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = until_true(stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%address, %error, "a connection broke off");
    }
}

async fn until_true(mut stopping: watch::Receiver<bool>) {
    // Whoever could stop us being gone means the same.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
