//! Why could a stored profile not be read?

/// A stored profile that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// There is not a single byte.
    #[error("the profile is empty")]
    Empty,
    /// The first byte names a version that this program does not know.
    #[error("the profile has version {found}, the newest known one is {newest}")]
    UnknownVersion {
        /// The version that was found.
        found: u8,
        /// The newest version that this program reads.
        newest: u8,
    },
    /// The bytes are no profile.
    #[error("the profile is damaged")]
    Damaged {
        /// What the decoder says.
        #[source]
        source: postcard::Error,
    },
    /// A profile ends before the bytes do.
    #[error("the profile is followed by {n_bytes} bytes that do not belong to it")]
    Trailing {
        /// How many.
        n_bytes: usize,
    },
}
