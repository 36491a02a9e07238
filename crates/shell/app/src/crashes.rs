//! Does a crash at any point of a merge, an unmerge, a flush, a compaction or an erasure change what
//! comes of it?
//!
//! What a crash leaves behind is what was written until then. Each of these steps is carried out
//! once; from the data directory before and after it follows every write that it made, in the order
//! of the writes: frame by frame into the write-ahead logs, file by file in the history. For each
//! point among them, in the middle of a write too, a folder is made that holds what was written up
//! to there, and an engine is started on it.

mod image;
mod scene;

use image::Image;
use scene::{Scene, everything};
use tempfile::TempDir;

/// Lets the step crash at every point, and compares what is shown after a restart. Where the step
/// was lost, which may only be while the log had not all of it, it is taken again.
async fn crash_everywhere(
    before: &Image,
    after: &Image,
    (told_before, told_after): (&str, &str),
    again: impl AsyncFn(&Scene),
) -> usize {
    let points = before.points_to(after);
    let n_points = points.len();
    for point in points {
        let folder = TempDir::new().unwrap();
        point.image.write_to(folder.path());
        let scene = Scene::open(folder).await;
        let told = everything(&scene.engine).await;
        let is_lost = told != told_after;
        if is_lost {
            assert_eq!(told, told_before, "crash while {}", point.what);
            assert!(!point.is_logged, "lost after it was safe: {}", point.what);
        }
        // What nobody sees is taken again as well: the keeper does not know how far it got.
        if is_lost || told_before == told_after {
            again(&scene).await;
        }
        assert_eq!(everything(&scene.engine).await, told_after, "crash while {}", point.what);
        scene.check().await;
        scene.end().await;
    }
    n_points
}

/// A folder in which everybody came three times: twice into files, once not.
async fn begun() -> Scene {
    let scene = Scene::open(TempDir::new().unwrap()).await;
    for round in ["a", "b"] {
        scene.visit(round).await;
        scene.flush().await;
    }
    scene.visit("c").await;
    scene
}

/// Takes a step once for good and then at every point with a crash.
async fn check(scene: Scene, step: impl AsyncFn(&Scene)) {
    let (before, told_before) = (scene.image().await, everything(&scene.engine).await);
    step(&scene).await;
    let (after, told_after) = (scene.image().await, everything(&scene.engine).await);
    scene.end().await;
    let told = (told_before.as_str(), told_after.as_str());
    let n_points = crash_everywhere(&before, &after, told, step).await;
    println!("{n_points} crashes");
    assert!(n_points > 4, "there is more to write than that: {n_points}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_survives_a_crash_at_any_point() {
    check(begun().await, async |scene| {
        scene.merge(2, 3).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unmerge_survives_a_crash_at_any_point() {
    let scene = begun().await;
    let merged = scene.merge(2, 3).await;
    check(scene, async |scene| {
        scene.engine.undo_decision(&scene::somebody(), merged).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flush_survives_a_crash_at_any_point() {
    let scene = begun().await;
    scene.merge(2, 3).await;
    check(scene, async |scene| scene.flush().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_compaction_survives_a_crash_at_any_point() {
    let scene = begun().await;
    scene.merge(2, 3).await;
    scene.flush().await;
    check(scene, async |scene| scene.compact().await).await;
}

/// The transaction from which on nobody sees the customer; what follows it is tried step by step in
/// `tests/privacy.rs`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_survives_a_crash_at_any_point() {
    check(begun().await, async |scene| {
        let customer = scene.person(0).await;
        let reason = crate::privacy::EraseReason::Request;
        scene.engine.erase(&scene::somebody(), customer, reason, None).await.unwrap();
    })
    .await;
}
