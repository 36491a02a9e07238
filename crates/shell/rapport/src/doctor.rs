//! Is this data directory whole?

use crate::config::Config;
use anyhow::Result;
use app::Engine;
use base::{Error, ErrorKind};

/// Checks every part and says what is wrong; fails where anything is. The directory must be free.
pub async fn run(config: &Config) -> Result<()> {
    let mut options = config.engine_options();
    options.is_processor_paused = true;
    let engine = Engine::open(options).await?;
    let findings = engine.examine().await;
    engine.shutdown().await;
    let findings = findings?;
    for finding in &findings {
        println!("{} {}", if finding.is_sound { "ok   " } else { "WRONG" }, finding.message);
    }
    if findings.iter().all(|finding| finding.is_sound) {
        return Ok(());
    }
    let message = format!("{} is damaged", config.data.display());
    Err(Error::new(ErrorKind::Corrupt, message).with_hint("restore it from a backup").into())
}
