//! Do the commands explain themselves, and end with the exit codes that the help promises?

use crate::place::{ADMIN_TOKEN, Place, Server, WRITE_KEY, tell, until};
use crate::wire;
use std::process::Stdio;

/// Every command, found in the help of the one above it.
fn commands(place: &Place, above: &[&str]) -> Vec<Vec<String>> {
    let help = place.run_well(&[above, &["--help"]].concat());
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let names = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| {
        line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?.split_whitespace().next()
    });
    let mut found = Vec::new();
    for name in names.filter(|name| *name != "help") {
        let words: Vec<&str> = above.iter().copied().chain([name]).collect();
        found.push(words.iter().map(|word| (*word).to_owned()).collect());
        found.extend(commands(place, &words));
    }
    found
}

#[test]
fn the_help_of_every_command_has_an_example_that_parses() {
    let place = Place::new();
    let mut commands = commands(&place, &[]);
    assert!(commands.len() >= 16, "{commands:?}");
    commands.push(Vec::new());
    for command in commands {
        let words: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = place.run_well(&words);
        let (_, after) = help.split_once("Example").unwrap_or_else(|| panic!("{words:?}: {help}"));
        let call = ["rapport"].into_iter().chain(command.iter().map(String::as_str));
        let call = call.collect::<Vec<_>>().join(" ");
        assert!(after.contains(&call), "{words:?} shows no call of itself: {help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{words:?}: {help}");
    }
}

#[test]
fn exit_codes_are_as_the_help_says() {
    let place = Place::new();
    let help = place.run_well(&["--help"]);
    let codes = "0 done, 1 failed, 2 correct the call, 3 try again later, 4 the data is damaged";
    assert!(help.contains(codes), "{help}");
    let wrong_calls: [(&[&str], &str); 10] = [
        (&["frobnicate"], "frobnicate"),
        (&["serve", "--colour"], "--colour"),
        (&["serve", "--listen", "here"], "here"),
        (&["import", "absent.csv"], "absent.csv"),
        (&["import", "absent.csv", "--mapping", "absent.toml"], "absent"),
        (&["export", "everything"], "everything"),
        (&["user", "role", "nobody@example.com", "admin"], "nobody@example.com"),
        (&["user", "invite", "ann@example.com", "--role", "king"], "king"),
        (&["key", "rotate", "s_9999"], "s_9999"),
        (&["simulate", "--out", "world", "--until", "soon"], "soon"),
    ];
    for (words, named) in wrong_calls {
        let said = place.run(words);
        assert_eq!(said.code, Some(2), "{words:?}: {}", said.err);
        assert!(said.err.contains(named), "{words:?}: {}", said.err);
        assert!(said.err.starts_with("error: "), "{words:?}: {}", said.err);
        assert!(said.out.is_empty(), "{words:?}: {}", said.out);
        assert!(!place.data().join("running.json").exists(), "{words:?} left its server behind");
    }
}

#[test]
fn keys_and_people_are_managed_with_and_without_a_server() {
    let place = Place::new();
    let key = place.run_well(&["key", "create", "Web shop", "--kind", "browser"]);
    let server = place.serve();
    let listed = place.run_well(&["key", "list"]);
    let line = listed.lines().find(|line| line.contains("Web shop")).unwrap().to_owned();
    assert!(line.contains(key.trim()) && line.contains("browser"), "{line}");
    let id = line.split_whitespace().next().unwrap();
    let rotated = place.run_well(&["key", "rotate", id]);
    assert_ne!(rotated, key);
    assert!(place.run_well(&["key", "list"]).contains(rotated.trim()));
    let link = place.run_well(&["user", "invite", "ann@example.com", "--role", "analyst"]);
    assert!(link.starts_with(&format!("http://{}/invite/", server.address)), "{link}");
    server.stop();
    assert!(place.run_well(&["key", "list"]).contains(rotated.trim()));
}

#[test]
fn an_export_has_what_was_sent_to_the_last_digit() {
    let place = Place::new();
    let server = place.serve();
    let properties = r#"{"small":0.10,"large":123456789012345678901234567890,"s":1,"s":2}"#;
    let body = format!(r#"{{"event":"x","userId":"u","properties":{properties}}}"#);
    let headers = [("x-write-key", WRITE_KEY)];
    let answer = wire::ask(server.address, "POST", "/v1/track", &headers, body.as_bytes());
    assert_eq!(answer.status, 200, "{answer:?}");
    // Killed before it could do more than accept: the export processes the rest first.
    server.kill();
    let out = place.run_well(&["export", "events"]);
    assert!(out.contains(&format!(r#""properties":{properties}"#)), "{out}");
    assert_eq!(out.lines().count(), 1);
}

/// A data directory with a small world in it.
fn filled(place: &Place) {
    let mut command = place.command(&["demo", "--customers", "30", "--listen", "127.0.0.1:0"]);
    command.env("RAPPORT_ADMIN_TOKEN", ADMIN_TOKEN);
    let server = Server::start(command, &place.path("demo.log"));
    assert!(server.get("/api/home")["customers"]["known"].as_u64() > Some(0));
    server.stop();
}

#[test]
fn a_demo_is_filled_once() {
    let place = Place::new();
    filled(&place);
    let n_events = place.exported_events().len();
    assert!(n_events > 100, "{n_events}");
    let command = place.command(&["demo", "--customers", "30", "--listen", "127.0.0.1:0"]);
    let again = Server::start(command, &place.path("demo.log"));
    assert!(again.greeting.contains("The demo is there already"), "{}", again.greeting);
    again.stop();
    assert_eq!(place.exported_events().len(), n_events);
    place.check_with_doctor();
}

#[test]
fn a_demo_that_was_stopped_on_the_way_goes_on() {
    let place = Place::new();
    let words = ["demo", "--customers", "800", "--listen", "127.0.0.1:0"];
    let mark = |name: &str| {
        let text = std::fs::read(place.data().join("demo.json")).ok()?;
        Some(serde_json::from_slice::<serde_json::Value>(&text).unwrap()[name].clone())
    };
    let mut n_lives = 0;
    for signal in ["INT", "KILL"] {
        let mut command = place.command(&words);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        n_lives = until("more customers are in", || {
            assert_ne!(mark("is_whole"), Some(true.into()), "it ended before it could be stopped");
            mark("n_lives")?.as_u64().filter(|n| *n > n_lives)
        });
        tell(child.id(), signal);
        let ended = child.wait_with_output().unwrap();
        if signal == "INT" {
            let out = String::from_utf8(ended.stdout).unwrap();
            assert_eq!(ended.status.code(), Some(0), "{out}");
            assert!(out.contains("goes on from here"), "{out}");
            assert!(!out.contains("Rapport serves"), "{out}");
        }
        assert_eq!(mark("is_whole"), Some(false.into()));
    }
    // The flags of this start do not make another world of it.
    let command = place.command(&["demo", "--customers", "3", "--listen", "127.0.0.1:0"]);
    let server = Server::start(command, &place.path("demo.log"));
    assert!(server.greeting.contains("was interrupted at"), "{}", server.greeting);
    assert!(server.greeting.contains("of 800 customers"), "{}", server.greeting);
    server.stop();
    assert_eq!(mark("is_whole"), Some(true.into()));
    let ends_at = base::Timestamp(mark("ends_at").unwrap().as_i64().unwrap()).to_string();
    place.run_well(&["simulate", "--customers", "800", "--until", &ends_at, "--out", "world"]);
    let world = std::fs::read_to_string(place.path("world").join("events.jsonl")).unwrap();
    let id = |line: &str| -> String {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        event["messageId"].as_str().unwrap().to_owned()
    };
    let expected: std::collections::BTreeSet<String> = world.lines().map(id).collect();
    assert!(place.exported_events().keys().eq(expected.iter()), "all of the world, and once");
    assert_eq!(place.run_well(&["key", "list"]).matches("Web shop").count(), 1);
    place.check_with_doctor();
}

#[test]
fn damage_is_found() {
    let place = Place::new();
    filled(&place);
    let out = place.run_well(&["export", "events"]);
    let (log, aside) = (place.data().join("log"), place.path("log-aside"));
    std::fs::rename(&log, &aside).unwrap();
    for words in [["doctor"].as_slice(), &["serve", "--listen", "127.0.0.1:0"]] {
        let said = place.run(words);
        assert_eq!(said.code, Some(4), "{words:?} without the log: {}", said.err);
        assert!(said.err.contains("restore log and state together"), "{}", said.err);
    }
    std::fs::remove_dir_all(&log).unwrap();
    std::fs::create_dir(&log).unwrap();
    std::fs::write(log.join("log.sqlite"), "no database ".repeat(1_000)).unwrap();
    let said = place.run(&["doctor"]);
    assert_eq!(said.code, Some(4), "a damaged log: {}{}", said.out, said.err);
    std::fs::remove_dir_all(&log).unwrap();
    std::fs::rename(aside, log).unwrap();
    assert_eq!(place.run_well(&["export", "events"]), out, "all is well again");
    place.check_with_doctor();
}
