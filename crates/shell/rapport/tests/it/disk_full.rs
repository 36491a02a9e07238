//! What happens when the disk is full, and when there is room again?

use crate::place::{Place, Server, skipped, until};
use crate::traffic::Sender;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk of its own; taken away where it is dropped.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// `None` where this process may not make one.
    fn new(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(folder.path());
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        is_mounted.then_some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file until nothing fits any more, or until it has so many bytes.
    fn fill(&self, name: &str, bytes_max: usize) -> PathBuf {
        let path = self.path().join(name);
        let mut file = File::create(&path).unwrap();
        for size in [64 << 10, 4 << 10, 1] {
            let block = vec![b'x'; size];
            let mut n_written = file.metadata().unwrap().len();
            while n_written + size as u64 <= bytes_max as u64 && file.write_all(&block).is_ok() {
                n_written += size as u64;
            }
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// A server on a disk of 40 MB with customers in it, and the sender who sent them.
fn filled(disk: &Disk, reserve_mb: &str) -> (Place, Server, Sender) {
    let place = Place::with_data(&disk.path().join("data"));
    let server = place.serve_with(&[("RAPPORT_DISK_RESERVE_MB", reserve_mb)]);
    let mut sender = Sender::new("before");
    for _ in 0..5 {
        assert_eq!(sender.send(server.address).status, 200);
    }
    server.catch_up();
    (place, server, sender)
}

/// Sends until the server asks to wait, for as long as a disk of 40 MB can take it.
fn send_until_full(server: &Server, sender: &mut Sender) {
    until("the disk is full", || {
        let answer = sender.send(server.address);
        match answer.status {
            200 => None,
            503 => {
                let wait = answer.retry_after();
                assert!((5..=300).contains(&wait), "{wait}");
                let failure = answer.json();
                assert_eq!(failure["success"], false);
                assert!(failure["message"].as_str().unwrap().contains("disk"), "{failure}");
                Some(())
            }
            _ => panic!("{answer:?}"),
        }
    });
}

/// People can go on reading, and are told what is the matter.
fn check_reads(server: &Server) {
    for path in ["/health", "/ready"] {
        assert_eq!(server.admin("GET", path, "").status, 200, "{path}: it serves readers");
    }
    let home = server.get("/api/home");
    assert!(home["customers"]["known"].as_u64() > Some(0));
    let attention = &home["attention"];
    let has_word = attention.as_array().unwrap().iter().any(|item| item["kind"] == "disk_low");
    assert!(has_word, "{attention}");
    let customers = server.get("/api/customers?q=user9@example.com");
    let id = customers["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{customers}"));
    assert!(server.get(&format!("/api/customers/{id}"))["n_events"].as_u64() > Some(0));
    let events = server.get(&format!("/api/customers/{id}/events"));
    assert!(!events["items"].as_array().unwrap().is_empty(), "{events}");
    server.get("/api/debugger");
}

/// Sends what was not taken again until it is, and compares everything stored with what was
/// acknowledged.
fn recover(place: &Place, server: Server, senders: &mut [Sender]) {
    for sender in &mut *senders {
        until("there is room again", || (sender.send(server.address).status == 200).then_some(()));
    }
    server.catch_up();
    assert_eq!(server.admin("GET", "/ready", "").status, 200);
    server.stop();
    let stored = place.exported_events();
    let acknowledged: Vec<_> = senders.iter().flat_map(|sender| &sender.acknowledged).collect();
    assert!(acknowledged.iter().all(|id| stored.contains_key(*id)), "something is missing");
    assert_eq!(stored.len(), acknowledged.len(), "something came from nowhere");
    place.check_with_doctor();
}

#[test]
fn below_the_reserve_senders_wait_and_reads_go_on() {
    let Some(disk) = Disk::new(40) else {
        return skipped("no disk of its own can be mounted here, so that none can be filled");
    };
    let (place, server, before) = filled(&disk, "8");
    let filler = disk.fill("filler", usize::MAX);
    let mut sender = Sender::new("during");
    send_until_full(&server, &mut sender);
    assert!(sender.acknowledged.is_empty(), "there was no room from the first batch on");
    check_reads(&server);
    std::fs::remove_file(filler).unwrap();
    recover(&place, server, &mut [before, sender]);
}

#[test]
fn without_a_reserve_the_last_byte_is_met_and_survived() {
    let Some(disk) = Disk::new(40) else {
        return skipped("no disk of its own can be mounted here, so that none can be filled");
    };
    let (place, server, before) = filled(&disk, "0");
    // Some room is left, so that the log meets the end of the disk in the middle of its work, and
    // the state, which shares the disk, as well.
    let mut sender = Sender::new("during");
    let free = fs_free(disk.path());
    let fillers = [disk.fill("most", free.saturating_sub(1 << 20)), {
        send_until_full(&server, &mut sender);
        disk.fill("rest", usize::MAX)
    }];
    send_until_full(&server, &mut sender);
    check_reads(&server);
    println!("{} events were taken before the end", sender.acknowledged.len());
    for filler in fillers {
        std::fs::remove_file(filler).unwrap();
    }
    recover(&place, server, &mut [before, sender]);
}

#[test]
fn a_server_killed_on_a_full_disk_comes_back_with_everything() {
    let Some(disk) = Disk::new(40) else {
        return skipped("no disk of its own can be mounted here, so that none can be filled");
    };
    let (place, server, before) = filled(&disk, "0");
    let filler = disk.fill("filler", fs_free(disk.path()).saturating_sub(1 << 20));
    let mut sender = Sender::new("during");
    send_until_full(&server, &mut sender);
    server.kill();
    std::fs::remove_file(filler).unwrap();
    let server = place.serve_with(&[("RAPPORT_DISK_RESERVE_MB", "0")]);
    recover(&place, server, &mut [before, sender]);
}

/// Free bytes, as `df` tells them.
fn fs_free(path: &Path) -> usize {
    let output = Command::new("df").args(["-B1", "--output=avail"]).arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().nth(1).and_then(|line| line.trim().parse().ok()).expect("df tells a number")
}
