//! Who answers questions, how many at once, and on which threads?
//!
//! Planning and carrying out happen on a runtime of their own with a lower claim on the cores, so
//! that a heavy question takes processor time from other questions and not from the threads that
//! collect events. Its threads have deep stacks: planners walk as deep as a text is nested.

use crate::answer::{Answer, BATCHES_AHEAD, Canceller, Part, send_batches};
use crate::error::SqlError;
use crate::guard::check_text;
use crate::ledger::Entry;
use crate::limits::SqlLimits;
use crate::plan::{cut_at, is_about_data, shown, with_pauses};
use crate::session;
use crate::viewer::Viewer;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionContext;
use futures::{FutureExt, StreamExt};
use history::History;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::Instant;

/// Stack of a thread; memory is taken only as far as it is used.
const STACK_BYTES: usize = 32 << 20;

/// Answers SQL. Clones share everything.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    history: Arc<History>,
    limits: SqlLimits,
    template: SessionState,
    turns: Arc<Semaphore>,
    n_waiting: AtomicUsize,
    runtime: OwnRuntime,
}

/// A runtime that may be dropped wherever its last owner is.
struct OwnRuntime(Option<Runtime>);

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("limits", &self.inner.limits).finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine over a history.
    ///
    /// # Errors
    /// [`SqlError::Defect`] where threads cannot be started or functions not be registered.
    pub fn new(history: Arc<History>, limits: SqlLimits) -> Result<Self, SqlError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(limits.n_threads.max(1))
            .thread_stack_size(STACK_BYTES)
            .thread_name("sql")
            .on_thread_start(history::take_back_seat)
            .enable_all()
            .build()
            .map_err(|e| SqlError::Defect { source: e.into() })?;
        let template =
            session::template(&limits).map_err(|e| SqlError::of(e, limits.memory_bytes_max))?;
        let turns = Arc::new(Semaphore::new(limits.n_at_work_max));
        let runtime = OwnRuntime(Some(runtime));
        let n_waiting = AtomicUsize::new(0);
        let inner = Inner { history, limits, template, turns, n_waiting, runtime };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The bounds.
    #[must_use]
    pub fn limits(&self) -> &SqlLimits {
        &self.inner.limits
    }

    /// Answers one question: waits for its turn, plans it, and gives its answer as it is made.
    ///
    /// # Errors
    /// [`SqlError`] where it cannot be begun; what goes wrong later comes with the answer.
    pub async fn query(&self, viewer: &Viewer, text: &str) -> Result<Answer, SqlError> {
        self.query_up_to(viewer, text, None).await
    }

    /// The same for somebody who takes only so many rows; one more is given, which tells that
    /// there are more.
    ///
    /// # Errors
    /// As [`Engine::query`].
    pub async fn query_up_to(
        &self,
        viewer: &Viewer,
        text: &str,
        rows_max: Option<usize>,
    ) -> Result<Answer, SqlError> {
        check_text(text, &self.inner.limits)?;
        let entry = Entry::new(text.to_owned(), viewer.ledger.clone());
        let (engine, viewer, text) = (self.clone(), viewer.clone(), text.to_owned());
        let planning = async move {
            let (context, plan) = engine.planned(&viewer, &text).await?;
            let plan = match rows_max {
                Some(rows_max) => cut_at(plan, rows_max).map_err(|e| engine.error(e))?,
                None => plan,
            };
            Ok((context, plan))
        };
        self.answer(planning, entry, self.inner.limits.time_max).await
    }

    /// How a question would be carried out, for people to read.
    ///
    /// # Errors
    /// As [`Engine::query`].
    pub async fn explain(&self, viewer: &Viewer, text: &str) -> Result<String, SqlError> {
        check_text(text, &self.inner.limits)?;
        let turn = self.turn().await?;
        let limits = &self.inner.limits;
        let (engine, viewer, text) = (self.clone(), viewer.clone(), text.to_owned());
        let work = async move {
            let _turn = turn;
            let (context, plan) = engine.planned(&viewer, &text).await?;
            shown(&context.state(), plan).await.map_err(|e| engine.error(e))
        };
        let work = AbortOnDrop(self.handle().spawn(AssertUnwindSafe(work).catch_unwind()));
        let late = |_| SqlError::Time { seconds: limits.time_max.as_secs() };
        match tokio::time::timeout(limits.time_max, work).await.map_err(late)? {
            Ok(Ok(shown)) => shown,
            Ok(Err(_)) => Err(SqlError::Defect { source: "a step panicked".into() }),
            Err(error) => Err(SqlError::Defect { source: error.into() }),
        }
    }

    async fn planned(
        &self,
        viewer: &Viewer,
        text: &str,
    ) -> Result<(SessionContext, LogicalPlan), SqlError> {
        let context = self.session(viewer)?;
        let plan = session::plan(&context, text, &self.inner.limits).await?;
        Ok((context, plan))
    }

    fn error(&self, error: DataFusionError) -> SqlError {
        SqlError::of(error, self.inner.limits.memory_bytes_max)
    }

    /// A context in which `viewer` asks.
    pub(crate) fn session(&self, viewer: &Viewer) -> Result<SessionContext, SqlError> {
        let Inner { template, history, limits, .. } = &*self.inner;
        session::session(template, history, viewer)
            .map_err(|e| SqlError::of(e, limits.memory_bytes_max))
    }

    /// The threads of questions.
    pub(crate) fn handle(&self) -> Handle {
        let runtime = self.inner.runtime.0.as_ref();
        runtime.expect("the runtime lives as long as the engine").handle().clone()
    }

    /// Carries out what `planning` gives, within `time_max`.
    pub(crate) async fn answer(
        &self,
        planning: impl Future<Output = Result<(SessionContext, LogicalPlan), SqlError>> + Send + 'static,
        mut entry: Entry,
        time_max: Duration,
    ) -> Result<Answer, SqlError> {
        let turn = self.turn().await?;
        let limits = self.inner.limits.clone();
        let until = Instant::now() + time_max;
        let (head_sender, head) = oneshot::channel();
        let (parts_sender, parts) = mpsc::channel(BATCHES_AHEAD);
        let limits = SqlLimits { time_max, ..limits };
        let work = async move {
            let _turn = turn;
            let to = (head_sender, &parts_sender);
            let work = carry_out(planning, &mut entry, to, &limits, until);
            let end = match AssertUnwindSafe(work).catch_unwind().await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(error),
                Err(_) => Err(SqlError::Defect { source: "a step panicked".into() }),
            };
            entry.end(end.as_ref().copied());
            drop(entry);
            let end = end.map_or_else(Part::Failed, |()| Part::End);
            // Where nobody listens any more, nobody wants to know.
            let _ = parts_sender.send(end).await;
        };
        let canceller = Canceller::new(self.handle().spawn(work).abort_handle());
        // Dropped on the way, it stops the work.
        let mut answer = Answer::new(parts, canceller);
        match head.await {
            Ok(schema) => Ok(answer.with_schema(schema)),
            Err(_) => match answer.next().await {
                Some(Err(error)) => Err(error),
                _ => Err(SqlError::Stopped),
            },
        }
    }

    /// Waits until a question may be at work.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, SqlError> {
        let Inner { limits, turns, n_waiting, .. } = &*self.inner;
        let busy = || SqlError::Busy { n_max: limits.n_at_work_max };
        if let Ok(turn) = turns.clone().try_acquire_owned() {
            return Ok(turn);
        }
        let waiting = Waiting::new(n_waiting);
        if waiting.n > limits.n_waiting_max {
            return Err(busy());
        }
        let turn = tokio::time::timeout(limits.wait_max, turns.clone().acquire_owned()).await;
        turn.map_err(|_| busy())?.map_err(|e| SqlError::Defect { source: e.into() })
    }
}

/// Somebody who waits is counted as long as they do.
struct Waiting<'a> {
    all: &'a AtomicUsize,
    n: usize,
}

impl<'a> Waiting<'a> {
    fn new(all: &'a AtomicUsize) -> Self {
        Self { all, n: all.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Plans, tells the columns, and sends the rows.
async fn carry_out(
    planning: impl Future<Output = Result<(SessionContext, LogicalPlan), SqlError>>,
    entry: &mut Entry,
    (head, parts): (oneshot::Sender<SchemaRef>, &mpsc::Sender<Part>),
    limits: &SqlLimits,
    until: Instant,
) -> Result<(), SqlError> {
    let of = |error| SqlError::of(error, limits.memory_bytes_max);
    let n_sent = entry.counter();
    let planned = async {
        let planned = planning.await;
        if !planned.as_ref().is_ok_and(|(_, plan)| is_about_data(plan)) {
            entry.forget();
        }
        let (context, plan) = planned?;
        let state = context.state();
        let physical = state.create_physical_plan(&plan).await.map_err(of)?;
        let physical = with_pauses(physical).map_err(of)?;
        execute_stream(physical, state.task_ctx()).map_err(of)
    };
    let late = |_| SqlError::Time { seconds: limits.time_max.as_secs() };
    let batches = tokio::time::timeout_at(until, planned).await.map_err(late)??;
    // Whoever asked may have gone; the sending of the first batch will notice.
    let _ = head.send(batches.schema());
    send_batches(batches, parts, limits, until, &n_sent).await
}

/// A task that ends with whoever waits for it.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Future for AbortOnDrop<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
