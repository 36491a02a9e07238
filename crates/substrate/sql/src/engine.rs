//! Who answers questions, how many at once, and on which threads?
//!
//! Planning and carrying out happen on a runtime of their own, so that a heavy question takes
//! processor time from other questions and not from the threads that collect events. Its threads
//! have deep stacks: planners walk as deep as a text is nested.

use crate::answer::{Answer, BATCHES_AHEAD, Canceller, Part, send_batches};
use crate::error::SqlError;
use crate::folds::Folds;
use crate::guard::check_text;
use crate::limits::SqlLimits;
use crate::session;
use crate::viewer::Viewer;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionContext;
use futures::{FutureExt, StreamExt};
use history::History;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
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
    /// An engine over a history, with folds as functions.
    ///
    /// # Errors
    /// [`SqlError::Defect`] where threads cannot be started or functions not be registered.
    pub fn new(history: Arc<History>, folds: &Folds, limits: SqlLimits) -> Result<Self, SqlError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(limits.n_threads.max(1))
            .thread_stack_size(STACK_BYTES)
            .thread_name("sql")
            .enable_all()
            .build()
            .map_err(|e| SqlError::Defect { source: e.into() })?;
        let template = session::template(folds, &limits)
            .map_err(|e| SqlError::of(e, limits.memory_bytes_max))?;
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
        check_text(text, &self.inner.limits)?;
        let (engine, viewer, text) = (self.clone(), viewer.clone(), text.to_owned());
        let planning = async move {
            let context = engine.session(&viewer)?;
            let plan = session::plan(&context, &text, &engine.inner.limits).await?;
            Ok((context, plan))
        };
        self.answer(planning, self.inner.limits.time_max).await
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
            let work = carry_out(planning, head_sender, &parts_sender, &limits, until);
            let end = match AssertUnwindSafe(work).catch_unwind().await {
                Ok(Ok(())) => Part::End,
                Ok(Err(error)) => Part::Failed(error),
                Err(_) => Part::Failed(SqlError::Defect { source: "a step panicked".into() }),
            };
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
    head: oneshot::Sender<SchemaRef>,
    parts: &mpsc::Sender<Part>,
    limits: &SqlLimits,
    until: Instant,
) -> Result<(), SqlError> {
    let of = |error| SqlError::of(error, limits.memory_bytes_max);
    let planned = async {
        let (context, plan) = planning.await?;
        let state = context.state();
        let physical = state.create_physical_plan(&plan).await.map_err(of)?;
        execute_stream(physical, state.task_ctx()).map_err(of)
    };
    let late = |_| SqlError::Time { seconds: limits.time_max.as_secs() };
    let batches = tokio::time::timeout_at(until, planned).await.map_err(late)??;
    // Whoever asked may have gone; the sending of the first batch will notice.
    let _ = head.send(batches.schema());
    send_batches(batches, parts, limits, until).await
}
