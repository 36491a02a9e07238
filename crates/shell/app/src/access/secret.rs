//! How are secrets made, and what is kept of them?
//!
//! A secret is 256 random bits. What is stored is its SHA-256: with that much randomness a slow
//! hash would add nothing, and a stolen database opens no door.

use base::{Error, ErrorKind};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// A new secret that must be shown once and kept nowhere. Its `Debug` does not tell it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A fresh secret, written as `prefix` and 43 letters and digits that need no escaping.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] where the operating system gives no randomness.
    pub fn fresh(prefix: &str) -> Result<Self, Error> {
        let bytes = random::<32>()?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// The text, to be handed to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// `N` bytes from the operating system's generator.
///
/// # Errors
/// [`ErrorKind::Unavailable`] where it gives none.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(|_| {
        Error::new(ErrorKind::Unavailable, "the operating system gives no random numbers")
    })?;
    Ok(bytes)
}

/// What is stored of the secret `text`: its SHA-256 in hexadecimal digits.
#[must_use]
pub fn digest(text: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string does not fail");
        hex
    })
}

/// Whether two digests are equal, in a time that does not tell where they differ.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_do_not_print() {
        let (a, b) = (Secret::fresh("rpt_").unwrap(), Secret::fresh("rpt_").unwrap());
        assert_ne!(a.reveal(), b.reveal());
        assert_eq!(a.reveal().len(), 4 + 43);
        assert_eq!(format!("{a:?}"), "Secret(…)");
        assert!(same(&a.digest(), &digest(a.reveal())));
        assert!(!same(&a.digest(), &b.digest()));
    }

    #[test]
    fn the_digest_is_sha_256() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest("abc"), abc, "FIPS 180-2, appendix B.1");
    }
}
