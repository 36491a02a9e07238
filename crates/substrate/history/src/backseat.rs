//! On which threads are questions answered, so that whoever collects is served first?
//!
//! A question may keep all cores busy for seconds. Its threads have a lower claim on them than all
//! others: while events arrive, the system gives a question what collecting leaves, and everything
//! where nothing arrives. Where a system has no such claims for threads, all are alike.

use std::fmt;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

/// By how much a thread of questions stands back: a tenth of the claim of others (`nice`).
#[cfg(target_os = "linux")]
const STANDS_BACK: i32 = 10;

/// How long a thread that has nothing to do is kept for the next question.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// Gives the current thread a lower claim on the cores, for as long as it lives. For those who start
/// threads for questions of their own.
pub fn take_back_seat() {
    #[cfg(target_os = "linux")]
    // Where it is forbidden, the thread competes with the others: slower for them, never wrong.
    let _ = rustix::process::setpriority_process(None, STANDS_BACK);
}

/// Threads with a lower claim on the cores.
pub(crate) struct BackSeat(Option<Runtime>);

impl BackSeat {
    /// No threads yet: they are started when they are needed.
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread()
            .thread_name("question")
            .on_thread_start(take_back_seat)
            .thread_keep_alive(KEPT_FOR)
            .build();
        Self(runtime.ok())
    }

    /// Does `work` on one of them; on a usual thread where they could not be had.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        match &self.0 {
            Some(runtime) => runtime.spawn_blocking(work),
            None => Handle::current().spawn_blocking(work),
        }
    }
}

impl fmt::Debug for BackSeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackSeat")
    }
}

impl Drop for BackSeat {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn questions_stand_back_and_others_do_not() {
        let claim = || rustix::process::getpriority_process(None).unwrap();
        let seat = BackSeat::new();
        let own = claim();
        assert_eq!(seat.run(claim).await.unwrap(), (own + STANDS_BACK).min(19));
        assert_eq!(claim(), own);
        assert_eq!(tokio::task::spawn_blocking(claim).await.unwrap(), own);
    }

    #[tokio::test]
    async fn a_panic_in_a_question_is_the_questions_own() {
        let seat = BackSeat::new();
        assert!(seat.run(|| panic!("on purpose")).await.is_err());
        assert_eq!(seat.run(|| 1).await.unwrap(), 1);
    }
}
