//! Is this the same file as last time?

use crate::SyncError;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that are hashed at a time.
const BLOCK_BYTES: usize = 1 << 20;

/// A fingerprint of the file's bytes as they lie on disk (compressed files are not unpacked): 32
/// hexadecimal digits. The whole file is read once, in bounded memory.
///
/// # Errors
/// [`SyncError::Open`] and [`SyncError::Read`].
pub fn fingerprint(path: &Path) -> Result<String, SyncError> {
    let open = |source| SyncError::Open { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(open)?;
    let mut block = Vec::with_capacity(BLOCK_BYTES);
    let mut chain = [0u8; 16];
    loop {
        block.clear();
        block.extend_from_slice(&chain);
        let n = (&mut file)
            .take(BLOCK_BYTES as u64)
            .read_to_end(&mut block)
            .map_err(|source| SyncError::Read { row: 0, why: source.to_string() })?;
        if n == 0 {
            return Ok(format!("{:032x}", u128::from_be_bytes(chain)));
        }
        chain = base::hash::hash128(&block).to_be_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            fingerprint(&path).unwrap()
        };
        let long = vec![7u8; 3 * BLOCK_BYTES + 5];
        assert_eq!(write("a", &long), write("b", &long));
        assert_ne!(write("a", &long), write("b", &long[1..]));
        assert_ne!(write("a", b""), write("b", b"x"));
    }
}
