//! What is remembered of an identifier so that it can be recognised and never read?
//!
//! Its HMAC-SHA-256 (RFC 2104) under a key that lies in a file of its own. Who has the tables and
//! not the key cannot even try out addresses.

use crate::access::{digest, random};
use crate::data_dir::DataDir;
use base::{Error, ErrorKind};
use lexicon::Identifier;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs;

/// Bytes that SHA-256 takes at a time.
const BLOCK_BYTES: usize = 64;

/// The key of all tombstones of this installation.
pub(crate) struct TombstoneKey([u8; 32]);

impl TombstoneKey {
    /// The key of the data directory, made where there is none and `is_needed` does not say that
    /// there must be one.
    ///
    /// # Errors
    /// `Corrupt` where the key is gone or damaged: nobody who was erased could be recognised.
    pub fn open(data_dir: &DataDir, is_needed: bool) -> Result<Self, Error> {
        let file = data_dir.tombstone_key();
        match fs::read_to_string(&file) {
            Ok(text) => from_hex(text.trim()).map(Self).ok_or_else(|| lost(data_dir)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_needed => {
                let key = random::<32>()?;
                data_dir.write_private_file(&file, &format!("{}\n", hex(&key)))?;
                Ok(Self(key))
            }
            Err(error) => Err(lost(data_dir).with_source(error)),
        }
    }

    /// What is kept of `identifier`.
    pub fn digest(&self, identifier: &Identifier) -> String {
        self.digest_of(b"", identifier)
    }

    /// What is kept of `identifier` where it was another customer's too. It is not what is kept of
    /// one that was nobody else's: the same identifier may have been the one and then the other.
    pub fn digest_shared(&self, identifier: &Identifier) -> String {
        self.digest_of(b"shared\0", identifier)
    }

    fn digest_of(&self, prefix: &[u8], identifier: &Identifier) -> String {
        let mut text = prefix.to_vec();
        text.extend_from_slice(identifier.kind.slug().as_bytes());
        text.push(0);
        text.extend_from_slice(identifier.value.as_bytes());
        hex(&hmac(&self.0, &text))
    }

    /// Which installation this is, without telling the key.
    pub fn installation(&self) -> String {
        digest(&hex(&hmac(&self.0, b"installation")))[..16].to_owned()
    }
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0u8; BLOCK_BYTES];
    if key.len() > BLOCK_BYTES {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string does not fail");
        hex
    })
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

fn lost(data_dir: &DataDir) -> Error {
    let file = data_dir.tombstone_key();
    let message = format!("{} is gone or damaged", file.display());
    Error::new(ErrorKind::Corrupt, message)
        .with_hint("customers were erased and are recognised by this key: restore it from a backup")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keyed_hash_is_that_of_the_standard() {
        let check = |key: &[u8], text: &[u8], expected: &str| {
            assert_eq!(hex(&hmac(key, text)), expected, "RFC 4231");
        };
        check(
            &[0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        );
        check(
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        );
        check(
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        );
    }

    #[test]
    fn a_key_that_is_needed_and_gone_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        let email = Identifier::new(lexicon::IdentifierKind::Email, "ann@example.com").unwrap();
        let first = TombstoneKey::open(&data_dir, false).unwrap().digest(&email);
        assert_eq!(TombstoneKey::open(&data_dir, true).unwrap().digest(&email), first);
        fs::remove_file(data_dir.tombstone_key()).unwrap();
        assert!(TombstoneKey::open(&data_dir, true).is_err());
        assert_ne!(TombstoneKey::open(&data_dir, false).unwrap().digest(&email), first);
    }
}
