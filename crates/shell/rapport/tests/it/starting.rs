//! How does a server start, say where it is, and end?

use crate::place::{Place, Server, said, until};
use crate::traffic::Sender;
use crate::wire;
use serde_json::Value;
use std::net::TcpListener;

#[test]
fn a_first_start_hands_out_a_link_that_works_once() {
    let place = Place::new();
    let server = place.serve();
    for path in ["/health", "/ready"] {
        assert_eq!(wire::ask(server.address, "GET", path, &[], b"").status, 200, "{path}");
    }
    let session = |server: &Server, cookie: &str| {
        wire::ask(server.address, "GET", "/api/session", &[("cookie", cookie)], b"").json()
    };
    assert_eq!(session(&server, "")["first_run"], true);
    let link = server.greeting.split_whitespace().find(|word| word.contains("/invite/"));
    let (home, token) = link.expect("a link").split_once("/invite/").unwrap();
    assert_eq!(home, format!("http://{}", server.address));
    let path = format!("/api/invites/{token}");
    let invite = wire::ask(server.address, "GET", &path, &[], b"").json();
    assert_eq!((&invite["purpose"], &invite["role"]), (&"first_admin".into(), &"admin".into()));
    let person = r#"{"name":"Ann","email":"ann@example.com","password":"a long enough one"}"#;
    let accept = || {
        let headers = [("x-rapport-csrf", "1")];
        wire::ask(server.address, "POST", &path, &headers, person.as_bytes())
    };
    let first = accept();
    assert_eq!(first.status, 200, "{}", first.body);
    let cookie = first.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let now = session(&server, &cookie);
    assert_eq!((&now["user"]["role"], &now["first_run"]), (&"admin".into(), &false.into()));
    assert_eq!(accept().status, 404, "a second time");
    server.stop();
    let again = place.serve();
    assert!(!again.greeting.contains("/invite/"), "{}", again.greeting);
    assert!(again.greeting.contains("Sign in"), "{}", again.greeting);
    assert_eq!(session(&again, &cookie)["user"]["name"], "Ann", "a session outlives a restart");
}

#[test]
fn a_signal_ends_it_well_and_nothing_is_lost() {
    for signal in ["TERM", "INT"] {
        let place = Place::new();
        let server = place.serve();
        let running = place.data().join("running.json");
        assert!(running.exists(), "how to reach it");
        let mut sender = Sender::new(signal);
        let address = server.address;
        let sending = std::thread::spawn(move || {
            // Until the server is gone; it is told to stop while this is on its way.
            while sender.send(address).status == 200 {}
            sender
        });
        until("something is accepted", || {
            (server.get("/api/home")["processor"]["head"] != "p_0000").then_some(())
        });
        let words = place.path("server.log");
        let status = server.end(signal);
        let sender = sending.join().unwrap();
        let words = std::fs::read_to_string(words).unwrap();
        assert_eq!(status.code(), Some(0), "{signal}: {status}: {words}");
        assert!(!running.exists(), "nobody is told to reach it any more");
        let stored = place.exported_events();
        assert!(!sender.acknowledged.is_empty());
        let missing: Vec<_> =
            sender.acknowledged.iter().filter(|id| !stored.contains_key(*id)).collect();
        assert!(missing.is_empty(), "{signal}: {missing:?}");
    }
}

#[cfg(unix)]
#[test]
fn how_to_reach_a_server_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let server = place.serve();
    let file = place.data().join("running.json");
    let told: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(told["address"], server.address.to_string());
    assert_eq!(told["pid"], server.pid());
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_directory_has_one_server() {
    let place = Place::new();
    let server = place.serve();
    let same_port = server.address.to_string();
    for address in ["127.0.0.1:0", &same_port] {
        let said = place.run(&["serve", "--listen", address]);
        assert_eq!(said.code, Some(3), "{}", said.err);
        let who = format!("in use by process {}, which serves http://{}", server.pid(), same_port);
        assert!(said.err.contains(&who), "{}", said.err);
        assert!(said.err.contains("hint: stop it, or give another --data"), "{}", said.err);
    }
    for words in [["export", "events"].as_slice(), &["doctor"], &["demo", "--customers", "1"]] {
        let said = place.run(words);
        assert_eq!(said.code, Some(3), "{words:?}: {}", said.err);
        assert!(said.err.contains("is in use by process"), "{words:?}: {}", said.err);
    }
    assert_eq!(wire::ask(server.address, "GET", "/ready", &[], b"").status, 200);
}

#[test]
fn a_taken_port_is_named() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let said = place.run(&["serve", "--listen", &address]);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains(&format!("could not listen on {address}")), "{}", said.err);
    assert!(said.err.contains("--listen"), "{}", said.err);
    assert!(!place.data().exists(), "nothing is made for a server that does not come up");
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let place = Place::new();
    std::fs::create_dir(place.data()).unwrap();
    std::fs::write(place.data().join("thesis.tex"), "words").unwrap();
    for words in [["serve", "--listen", "127.0.0.1:0"].as_slice(), &["doctor"]] {
        let said = place.run(words);
        assert_eq!(said.code, Some(2), "{words:?}: {}", said.err);
        assert!(said.err.contains("holds files, but not Rapport's"), "{}", said.err);
        assert_eq!(std::fs::read_dir(place.data()).unwrap().count(), 1, "and nothing of ours");
    }
}

#[test]
fn settings_that_do_not_fit_are_named() {
    let place = Place::new();
    let check = |file: &str, variable: Option<(&str, &str)>, expected: &str| {
        std::fs::write(place.path("rapport.toml"), file).unwrap();
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(variable);
        let said = said(command);
        assert_eq!(said.code, Some(2), "{file} {variable:?}: {}", said.err);
        let words = said.err.to_lowercase();
        assert!(words.contains(expected), "{file} {variable:?}: {}", said.err);
        assert!(!place.data().exists(), "nothing was begun");
    };
    check("colour = \"red\"", None, "colour");
    check("lag_entries_max = \"many\"", None, "lag_entries_max");
    check("listen = \"somewhere\"", None, "listen");
    check("data = ", None, "rapport.toml");
    check("", Some(("RAPPORT_DISK_RESERVE_MB", "lots")), "disk_reserve_mb");
    check("", Some(("RAPPORT_LISTEN", "7117")), "listen");
    let said = place.run(&["serve", "--config", "absent.toml"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("absent.toml"), "{}", said.err);
    std::fs::write(place.path("rapport.toml"), "admin_token = \"short\"").unwrap();
    let said = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("16"), "{}", said.err);
}

#[test]
fn flags_come_before_variables_and_variables_before_the_file() {
    let place = Place::new();
    std::fs::write(place.path("rapport.toml"), "data = \"from-file\"\nlog_retention_days = 3\n")
        .unwrap();
    let keys = |command: &mut std::process::Command| command.args(["key", "list"]).output();
    let mut file = place.command(&[]);
    assert!(keys(file.env_remove("RAPPORT_DATA")).unwrap().status.success());
    assert!(place.path("from-file").join("FORMAT").exists());
    let mut variable = place.command(&[]);
    assert!(keys(variable.env("RAPPORT_DATA", "from-variable")).unwrap().status.success());
    assert!(place.path("from-variable").join("FORMAT").exists());
    let flag = place.command(&["--data", "from-flag"]).args(["key", "list"]).output().unwrap();
    assert!(flag.status.success());
    assert!(place.path("from-flag").join("FORMAT").exists());
    assert!(!place.data().exists());
}
