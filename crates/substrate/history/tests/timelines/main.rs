//! Do timelines hold what was put into them, whatever happened to the files in between?

mod damage;
mod model;
mod world;

/// A runtime as the program has it.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
