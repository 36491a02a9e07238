//! Is this the password, and how is it kept so that a thief gains little?
//!
//! Argon2id with 19 MiB, two passes and one lane: the first choice of OWASP's Password Storage
//! Cheat Sheet. Hashing takes tens of milliseconds and 19 MiB each, so it runs on blocking threads
//! and at most [`HASHES_AT_ONCE`] at a time.

use super::secret::random;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use base::{Error, ErrorKind};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Hashes computed side by side: bounds memory to 76 MiB under a storm of sign-ins.
const HASHES_AT_ONCE: usize = 4;
/// Characters of the shortest password that is taken.
const CHARS_MIN: usize = 10;
/// Bytes of the longest password that is taken; no person types more.
const BYTES_MAX: usize = 512;

/// Verified against when the account does not exist, so that the answer takes as long.
static NOBODY: LazyLock<Option<String>> =
    LazyLock::new(|| hash_now("no account has this password").ok());

/// Hashes and verifies passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Passwords {
    turnstile: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turnstile: Arc::new(Semaphore::new(HASHES_AT_ONCE)) }
    }
}

impl Passwords {
    /// The password as it is stored: a PHC string with its own salt and parameters.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the password is too short, too long, or the address itself.
    pub async fn hash(&self, password: &str, email: &str) -> Result<String, Error> {
        check_strength(password, email)?;
        let password = password.to_owned();
        self.on_blocking_thread(move || hash_now(&password)).await?
    }

    /// Whether `password` is the one stored. With nothing stored the answer is no, and takes as
    /// long as any other.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] where no thread could be had.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Error> {
        let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
        self.on_blocking_thread(move || {
            if password.len() > BYTES_MAX {
                return false;
            }
            let Some(phc) = stored.as_ref().or(NOBODY.as_ref()) else { return false };
            let Ok(hash) = PasswordHash::new(phc) else { return false };
            argon2id().verify_password(password.as_bytes(), &hash).is_ok() && stored.is_some()
        })
        .await
    }

    async fn on_blocking_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let turn = Arc::clone(&self.turnstile).acquire_owned().await;
        let turn = turn.expect("the turnstile is never closed");
        let done = tokio::task::spawn_blocking(move || {
            let _held_until_done = turn;
            work()
        });
        done.await.map_err(|source| {
            Error::new(ErrorKind::Internal, "a password could not be checked").with_source(source)
        })
    }
}

fn check_strength(password: &str, email: &str) -> Result<(), Error> {
    let refuse = |message: String| Err(Error::new(ErrorKind::Invalid, message));
    if password.chars().count() < CHARS_MIN {
        return refuse(format!("the password is too short: at least {CHARS_MIN} characters"));
    }
    if password.len() > BYTES_MAX {
        return refuse(format!("the password is too long: at most {BYTES_MAX} bytes"));
    }
    let mut letters = password.chars();
    let first = letters.next();
    if letters.all(|letter| Some(letter) == first) || password.eq_ignore_ascii_case(email) {
        return refuse("the password is too easy to guess".to_owned());
    }
    Ok(())
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("OWASP's parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> Result<String, Error> {
    let failed = || Error::new(ErrorKind::Internal, "the password could not be hashed");
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(|_| failed())?;
    let hash = argon2id().hash_password(password.as_bytes(), &salt).map_err(|_| failed())?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_opens() {
        let passwords = Passwords::default();
        let stored = passwords.hash("correct horse", "a@example.com").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify("correct horse", Some(&stored)).await.unwrap());
        assert!(!passwords.verify("correct house", Some(&stored)).await.unwrap());
        assert!(!passwords.verify("no account has this password", None).await.unwrap());
        assert!(!passwords.verify("correct horse", Some("not a hash")).await.unwrap());
        let again = passwords.hash("correct horse", "a@example.com").await.unwrap();
        assert_ne!(stored, again, "every hash has its own salt");
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        let check = |password: &str, expected: &str| {
            let error = check_strength(password, "ann@example.com").unwrap_err();
            assert!(error.message().contains(expected), "{password}: {error}");
        };
        check("short", "too short");
        check("aaaaaaaaaaaaaa", "easy to guess");
        check("Ann@Example.com", "easy to guess");
        check(&"x1".repeat(400), "too long");
        assert!(check_strength("pässwörter", "ann@example.com").is_ok(), "characters, not bytes");
    }
}
