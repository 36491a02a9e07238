//! Why was an answer given up?

pub use definition::error::{BadDefinition, Problem};
pub(crate) use definition::error::{between, some};

/// Why an answer was given up while it was counted. Something else must be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Customers who are in several groups are kept until the groups are known.
    #[error("there are more than {max} groups of customers: group by something with fewer values")]
    Groups {
        /// How many can be kept.
        max: usize,
    },
    /// Different paths are counted one by one.
    #[error("there are more than {max} different paths: call steps by something with fewer values")]
    Paths {
        /// How many can be counted.
        max: usize,
    },
}
