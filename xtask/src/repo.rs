//! Where is the repository, and which files are its own?

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Folders that hold what was made or fetched, not what was written.
const NOT_OURS: [&str; 6] = ["target", "node_modules", "dist", ".git", "corpus", "artifacts"];

/// The folder of the workspace: of the one that it was started in, where two share what is built.
pub fn root() -> PathBuf {
    let started = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = started.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().expect("xtask lies in the workspace").to_owned()
}

/// Every file below `folder` that ends in `.extension`, sorted.
pub fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, extension, &mut found)
        .with_context(|| format!("could not read {}", folder.display()))?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_dir() && !NOT_OURS.contains(&name) {
            collect(&path, extension, found)?;
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    Ok(())
}

/// The path as it is written from the root of the repository.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
