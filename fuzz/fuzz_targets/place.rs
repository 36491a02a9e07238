//! Where does a parser of files find its input?

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Lays `bytes` into the one file of this process, over what was there before.
pub fn lay(bytes: &[u8]) -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    let place = PLACE.get_or_init(|| {
        leave_panics_to_the_fence();
        std::env::temp_dir().join(format!("rapport-fuzz-{}", std::process::id()))
    });
    std::fs::write(place, bytes).expect("temporary files can be written");
    place
}

/// The reader of Parquet stands behind a fence, since it panics on some damaged files. libFuzzer
/// would end the process at the panic; this way, only one that comes through the fence does. With
/// `FUZZ_TELLS_PANICS` set, each is told.
fn leave_panics_to_the_fence() {
    let tells = std::env::var_os("FUZZ_TELLS_PANICS").is_some();
    let _ = std::panic::take_hook();
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if tells {
            default(panic);
        }
    }));
}
