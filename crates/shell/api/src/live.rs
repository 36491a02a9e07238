//! How does somebody watch what happens, as it happens?
//!
//! Server-sent events over the engine's broadcast channels. A stream ends when the process stops,
//! and after [`LIFE`], so that a right that was taken away does not live on in an open stream;
//! browsers come back by themselves.

use crate::error::ApiError;
use crate::options::Api;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use base::ErrorKind;
use futures::Stream;
use serde::Serialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};
use tokio::time::{Instant, sleep_until};

/// How long a stream lives at most.
const LIFE: Duration = Duration::from_secs(30 * 60);
/// Silence after which a comment is sent, so that proxies keep the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// The window within which a stream's events are counted.
const WINDOW: Duration = Duration::from_secs(1);

/// What a stream makes of what is broadcast.
pub trait Watcher: Send + 'static {
    /// What is broadcast.
    type News: Clone + Send + 'static;
    /// Events of one second that are passed on; the rest is only counted.
    const EVENTS_PER_SECOND_MAX: usize;

    /// The events that `news` is worth to this watcher, and how many were left out before.
    fn look(&self, news: Self::News) -> (Vec<Event>, u64);

    /// Tells that events were left out; `None` where the watcher need not know.
    fn gap(&self, n_skipped: u64) -> Option<Event>;
}

struct Running<W: Watcher> {
    watcher: W,
    news: broadcast::Receiver<W::News>,
    stopping: watch::Receiver<bool>,
    ends_at: Instant,
    ready: VecDeque<Event>,
    window_ends_at: Instant,
    n_in_window: usize,
    n_skipped: u64,
    _place: OwnedSemaphorePermit,
}

/// The answer that streams what `watcher` sees in `news`.
pub fn stream<W: Watcher>(
    api: &Api,
    watcher: W,
    news: broadcast::Receiver<W::News>,
) -> Result<Response, ApiError> {
    let place = std::sync::Arc::clone(&api.streams).try_acquire_owned().map_err(|_| {
        ApiError::new(ErrorKind::Limited, "too many live streams are open").retry_after(30)
    })?;
    let now = Instant::now();
    let running = Running {
        watcher,
        news,
        stopping: api.options.stopping.clone(),
        ends_at: now + LIFE,
        ready: VecDeque::from([Event::default().comment("listening")]),
        window_ends_at: now + WINDOW,
        n_in_window: 0,
        n_skipped: 0,
        _place: place,
    };
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(events(running)).keep_alive(keep_alive).into_response())
}

fn events<W: Watcher>(running: Running<W>) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(running, |mut running| async move {
        let event = running.next().await?;
        Some((Ok(event), running))
    })
}

impl<W: Watcher> Running<W> {
    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let has_skipped = self.n_skipped > 0;
            let news = tokio::select! {
                news = self.news.recv() => Some(news),
                () = sleep_until(self.window_ends_at), if has_skipped => None,
                () = sleep_until(self.ends_at) => return None,
                () = stopped(&mut self.stopping) => return None,
            };
            match news {
                Some(news) => self.take(news)?,
                None => self.begin_window(),
            }
        }
    }

    fn take(&mut self, news: Result<W::News, broadcast::error::RecvError>) -> Option<()> {
        let (events, n_skipped) = match news {
            Ok(news) => self.watcher.look(news),
            // What was missed is known by the number of messages, each with an event or more.
            Err(broadcast::error::RecvError::Lagged(n_messages)) => (Vec::new(), n_messages),
            Err(broadcast::error::RecvError::Closed) => return None,
        };
        if Instant::now() >= self.window_ends_at {
            self.begin_window();
        }
        let room = W::EVENTS_PER_SECOND_MAX.saturating_sub(self.n_in_window);
        let n_over = events.len().saturating_sub(room);
        self.n_skipped += n_skipped + n_over as u64;
        self.n_in_window += events.len() - n_over;
        self.ready.extend(events.into_iter().skip(n_over));
        Some(())
    }

    fn begin_window(&mut self) {
        self.window_ends_at = Instant::now() + WINDOW;
        self.n_in_window = 0;
        let n_skipped = std::mem::take(&mut self.n_skipped);
        if n_skipped > 0 {
            self.ready.extend(self.watcher.gap(n_skipped));
        }
    }
}

/// Waits until the process stops; for ever where nobody is left to say so.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// An event of a stream with `data` as JSON.
pub fn event<T: Serialize>(name: &str, data: &T) -> Event {
    let text = serde_json::to_string(data).expect("wire types are plain data");
    Event::default().event(name).data(text)
}
