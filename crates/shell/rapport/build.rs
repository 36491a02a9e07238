//! Is the UI that goes into the binary the UI that lies in `web/`?
//!
//! Builds it with `npm ci` and `npm run build` whenever its sources changed, so that one cargo
//! command does it all. The result lies in `OUT_DIR/ui`, where the binary embeds it from.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the UI is made of, below `web/`.
const SOURCES: [&str; 7] = [
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
];

fn main() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../web");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", web.join(source).display());
    }
    let out: PathBuf = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR").into();
    let ui = out.join("ui");
    if needs_install(&web) {
        npm(&web, &["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    }
    let target = ui.display().to_string();
    npm(&web, &["run", "--silent", "build", "--", "--outDir", &target, "--emptyOutDir"]);
    assert!(ui.join("index.html").exists(), "the build of the UI left no index.html");
    pack(&ui).expect("what was just written can be read and packed");
}

/// Puts a gzipped copy beside every file that is text, for browsers that read it.
fn pack(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if path.is_dir() {
            pack(&path)?;
        } else if ["js", "css", "html", "svg", "json"].contains(&kind) {
            let target = std::fs::File::create(path.with_extension(format!("{kind}.gz")))?;
            let mut packed = GzEncoder::new(target, Compression::best());
            packed.write_all(&std::fs::read(&path)?)?;
            packed.finish()?;
        }
    }
    Ok(())
}

/// Whether what is installed is older than the lock file, or not there.
fn needs_install(web: &Path) -> bool {
    let changed = |path: &str| web.join(path).metadata().and_then(|m| m.modified()).ok();
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed < locked,
        _ => true,
    }
}

fn npm(web: &Path, arguments: &[&str]) {
    let output = Command::new("npm").args(arguments).current_dir(web).output();
    let output = output.unwrap_or_else(|error| {
        panic!(
            "npm could not be started ({error}). The pages of Rapport are built with node 20 and \
             npm 11: install both (on Debian: `apt install nodejs npm`) and run cargo again."
        )
    });
    assert!(
        output.status.success(),
        "`npm {}` failed in web/:\n{}\n{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
