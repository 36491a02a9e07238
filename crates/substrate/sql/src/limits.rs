//! How much may one question, and how much may all of them together?

use std::path::PathBuf;
use std::time::Duration;

/// The bounds of SQL. A question that meets one ends with an error that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlLimits {
    /// Bytes of the text of a question.
    pub text_bytes_max: usize,
    /// Words, numbers and signs of a question.
    pub tokens_max: usize,
    /// Brackets and `CASE`s inside each other.
    pub depth_max: usize,
    /// Operators of a question. A chain of them is as deep as it is long, and planning takes longer
    /// than in proportion; it is not interrupted, so this is what bounds it.
    pub operators_max: usize,
    /// Nodes of a plan that stand above each other.
    pub plan_depth_max: usize,
    /// Rows of an answer.
    pub rows_max: usize,
    /// Bytes of an answer, as it lies in memory.
    pub bytes_max: usize,
    /// Memory of all questions at work together, in bytes: what sorting, grouping and joining keep.
    pub memory_bytes_max: usize,
    /// Bytes that one call of a function that makes much of little (`repeat`) may make per batch.
    pub made_bytes_max: usize,
    /// Time from being begun until the last row is taken.
    pub time_max: Duration,
    /// Questions at work at the same time.
    pub n_at_work_max: usize,
    /// Questions that may wait for their turn.
    pub n_waiting_max: usize,
    /// How long a question waits for its turn.
    pub wait_max: Duration,
    /// Threads that questions run on.
    pub n_threads: usize,
    /// Rows that are worked on at once.
    pub batch_rows: usize,
    /// Where sorting and grouping may put what does not fit into memory, and how many bytes;
    /// without it they end.
    pub spill: Option<(PathBuf, u64)>,
}

impl Default for SqlLimits {
    fn default() -> Self {
        Self {
            text_bytes_max: 256 << 10,
            tokens_max: 50_000,
            depth_max: 48,
            operators_max: 500,
            plan_depth_max: 300,
            rows_max: 1_000_000,
            bytes_max: 1 << 30,
            memory_bytes_max: 512 << 20,
            made_bytes_max: 64 << 20,
            time_max: Duration::from_secs(60),
            n_at_work_max: 4,
            n_waiting_max: 32,
            wait_max: Duration::from_secs(15),
            n_threads: 2,
            batch_rows: 8_192,
            spill: None,
        }
    }
}
