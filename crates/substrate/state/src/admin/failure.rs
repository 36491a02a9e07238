//! How does a failure of the database look to those outside?

use crate::StateError;
use base::Error;

impl From<StateError> for Error {
    /// The kind is kept, and so is our own sentence; what the driver said stays in the source,
    /// for the operator's log.
    fn from(error: StateError) -> Self {
        let public = Self::new(error.kind(), error.to_string());
        public.with_source(error)
    }
}
