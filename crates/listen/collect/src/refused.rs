//! Why was a whole request turned away?

use std::fmt;

/// A request of which nothing was taken: what the client is told, by status, slug and sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status; never one that makes a client retry what will fail again.
    pub status: u16,
    /// One slug for machines.
    pub code: &'static str,
    /// One sentence for people, saying what was found.
    pub message: String,
    /// The field that is at fault, where there is one.
    pub field: Option<String>,
    /// What to do about it, where it is known.
    pub hint: Option<&'static str>,
}

impl Refused {
    /// A request refused with status 400.
    #[must_use]
    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: 400, code, message: message.into(), field: None, hint: None }
    }

    /// A request whose size is beyond `bytes_max`; `status` is what the dialect's clients know.
    #[must_use]
    pub fn too_large(status: u16, what: &str, bytes_max: usize) -> Self {
        let message =
            format!("the {what} is larger than the {bytes_max} bytes that are taken at once");
        Self { status, ..Self::invalid("body_too_large", message) }
            .with_hint("send fewer or smaller events per request")
    }

    /// No write key was found, or none that is known.
    #[must_use]
    pub fn unauthenticated(message: impl Into<String>) -> Self {
        Self { status: 401, ..Self::invalid("invalid_write_key", message) }
            .with_hint("copy the write key from the source's page")
    }

    /// The single event of a request could not be understood.
    #[must_use]
    pub fn event(refusal: &lexicon::Refusal) -> Self {
        Self::invalid(refusal.reason.slug(), refusal.message.clone()).at(refusal.field.clone())
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says what could be done.
    #[must_use]
    pub fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.is_eof() {
            return Self::invalid(
                "invalid_json",
                format!("the JSON ends early, at line {line} column {column}"),
            );
        }
        let message = format!("the body is not valid JSON at line {line} column {column}");
        Self::invalid("invalid_json", message)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}
