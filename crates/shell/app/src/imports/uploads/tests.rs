//! Does an uploaded file stay only where it should, and only as long as it should?

use super::*;
use crate::access::{Actor, Credential, Role};
use base::UserId;

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);
const FILE: &str = "email,name\nann@example.com,Ann\n";

fn user(number: u64, role: Role) -> Caller {
    let user = UserId(number);
    Caller { actor: Actor::cli(), credential: Credential::Session { user, role } }
}

fn ann() -> Caller {
    user(1, Role::Marketer)
}

async fn upload(uploads: &Uploads, caller: &Caller, name: &str, text: &str) -> Upload {
    let mut receipt = uploads.receive(caller, name, Some(text.len() as u64)).await.unwrap();
    for part in text.as_bytes().chunks(7) {
        receipt.write(part).await.unwrap();
    }
    receipt.finish(NOW).await.unwrap()
}

fn files_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_arrives_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(dir.path(), 0).unwrap();
    let upload = upload(&uploads, &ann(), "C:\\files\\people.csv", FILE).await;
    assert_eq!(upload.file_name, "people.csv", "no folder of the sender's");
    assert_eq!(std::fs::read_to_string(uploads.file(&upload.id)).unwrap(), FILE);
    assert_eq!(uploads.inspection(&upload.id).await.unwrap().columns.len(), 2);
    let n_files = files_in(dir.path()).len();

    let mut broken = uploads.receive(&ann(), "half.csv", None).await.unwrap();
    broken.write(b"email\nb@").await.unwrap();
    assert_eq!(files_in(dir.path()).len(), n_files + 1);
    drop(broken);
    let mut picture = uploads.receive(&ann(), "cat.png", None).await.unwrap();
    picture.write(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0").await.unwrap();
    let refused = picture.finish(NOW).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid, "{refused}");
    assert_eq!(files_in(dir.path()).len(), n_files, "nothing of either stays");

    let kind =
        async |name, n_bytes| uploads.receive(&ann(), name, n_bytes).await.unwrap_err().kind();
    assert_eq!(kind("  ", None).await, ErrorKind::Invalid);
    assert_eq!(kind("a\u{7}b", None).await, ErrorKind::Invalid);
    assert_eq!(kind("big.csv", Some(UPLOAD_BYTES_MAX + 1)).await, ErrorKind::Invalid);
    let full = Uploads::open(dir.path(), u64::MAX).unwrap();
    let refused = full.receive(&ann(), "a.csv", Some(1)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unavailable, "the log's room is not taken");
}

#[tokio::test]
async fn only_its_owner_and_admins_see_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(dir.path(), 0).unwrap();
    let id = upload(&uploads, &ann(), "people.csv", FILE).await.id;
    let (bob, admin) = (user(2, Role::Marketer), user(3, Role::Admin));
    assert_eq!(uploads.get(&bob, &id).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(uploads.remove(&bob, &id).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!((uploads.list(&bob).len(), uploads.list(&admin).len()), (0, 1));
    assert!("f_../../etc/passwd".parse::<UploadId>().is_err());
    assert_eq!(id.to_string().parse::<UploadId>().unwrap(), id);
    uploads.remove(&ann(), &id).unwrap();
    assert_eq!(files_in(dir.path()), [""; 0]);
}

#[tokio::test]
async fn files_are_gone_after_a_day_and_after_their_import() {
    let dir = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(dir.path(), 0).unwrap();
    let (old, done) = (
        upload(&uploads, &ann(), "old.csv", FILE).await.id,
        upload(&uploads, &ann(), "done.csv", FILE).await.id,
    );
    let hour = |n| NOW.plus(Duration::hours(n));
    uploads.tried(&old, &Mapping::default(), hour(20));
    uploads.sweep(hour(43));
    assert_eq!(uploads.get(&ann(), &old).unwrap().delete_at(), hour(44), "it was had to do with");
    assert_eq!(uploads.get(&ann(), &done).unwrap_err().kind(), ErrorKind::NotFound);
    uploads.sweep(hour(44));
    assert_eq!(files_in(dir.path()), [""; 0]);

    let (plain, flawed) = (
        upload(&uploads, &ann(), "plain.csv", FILE).await.id,
        upload(&uploads, &ann(), "flawed.csv", FILE).await.id,
    );
    std::fs::write(uploads.rejects_file(&flawed), "rapport_row\n").unwrap();
    let claims = [&plain, &flawed].map(|id| uploads.claim(&ann(), id).unwrap());
    for id in [&plain, &flawed] {
        let again = uploads.claim(&ann(), id).err().unwrap();
        assert_eq!(again.kind(), ErrorKind::Conflict);
        assert_eq!(uploads.remove(&ann(), id).unwrap_err().kind(), ErrorKind::Conflict);
        uploads.sweep(hour(1_000));
        uploads.release(id, true, NOW);
    }
    drop(claims);
    assert_eq!(uploads.get(&ann(), &plain).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(!uploads.get(&ann(), &flawed).unwrap().is_here);
    assert_eq!(files_in(dir.path()), [format!("{flawed}.json"), format!("{flawed}.rejects.csv")]);
}

#[tokio::test]
async fn whoever_is_forgotten_is_in_no_file_here() {
    let dir = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(dir.path(), 0).unwrap();
    upload(&uploads, &ann(), "waiting.csv", FILE).await;
    let running = upload(&uploads, &ann(), "running.csv", FILE).await.id;
    let claim = uploads.claim(&ann(), &running).unwrap();
    uploads.forget();
    assert_eq!(uploads.list(&ann()).len(), 1, "the one that is being imported");
    std::fs::write(uploads.rejects_file(&running), "rapport_row\n").unwrap();
    drop(claim);
    uploads.release(&running, false, NOW);
    assert_eq!(files_in(dir.path()), [""; 0]);
}

#[tokio::test]
async fn a_restart_knows_the_files_and_sweeps_up_what_a_crash_left() {
    let dir = tempfile::tempdir().unwrap();
    let id = {
        let uploads = Uploads::open(dir.path(), 0).unwrap();
        let id = upload(&uploads, &ann(), "people.csv", FILE).await.id;
        uploads.tried(&id, &Mapping { name: "people".into(), ..Mapping::default() }, NOW);
        uploads.claim(&ann(), &id).unwrap();
        id
    };
    let stray = UploadId::fresh().unwrap();
    for name in [format!("{stray}.part"), format!("{stray}.data"), format!("{id}.part")] {
        std::fs::write(dir.path().join(name), "x").unwrap();
    }
    let uploads = Uploads::open(dir.path(), 0).unwrap();
    assert_eq!(files_in(dir.path()), [format!("{id}.data"), format!("{id}.json")]);
    let known = uploads.get(&ann(), &id).unwrap();
    assert_eq!(known.mapping.unwrap().name, "people");
    assert_eq!(uploads.inspection(&id).await.unwrap().n_rows_seen, 1, "looked at anew");
    uploads.claim(&ann(), &id).unwrap();
}
