//! What does the help of a command say behind its flags?

/// Of the program.
pub const RAPPORT: &str = "\
Examples:
  rapport demo                                   See it with 20,000 simulated customers
  rapport serve                                  Serve the data directory ./rapport-data
  rapport import orders.csv.gz                   Look at a file, propose a mapping, import it
  rapport import orders.csv --mapping shop.toml  Import with a saved mapping, no questions
  rapport key create \"Web shop\" --kind browser   Make a source and print its write key
  rapport user invite ann@example.com --role analyst
  rapport export events > events.jsonl
  rapport erase email:ann@example.com            Erase a customer everywhere
  rapport doctor                                 Check a data directory

Settings come from flags, then RAPPORT_* variables, then rapport.toml.
Exit codes: 0 done, 1 failed, 2 correct the call, 3 try again later, 4 the data is damaged.";

/// Of `rapport demo`.
pub const DEMO: &str = "\
Examples:
  rapport demo
  rapport demo --customers 2000 --data /tmp/small

A second start serves what the first one filled in; stopped on the way, it goes on first.";

/// Of `rapport serve`.
pub const SERVE: &str = "\
Examples:
  rapport serve
  rapport serve --data /srv/rapport --listen 127.0.0.1:8000
  RAPPORT_PUBLIC_URL=https://rapport.example.com rapport serve
  rapport serve --postgres 127.0.0.1:5433        Let psql of this machine ask in SQL

The first start prints a link with which you set your name and password.
Ctrl-C and SIGTERM stop it; nothing that was accepted is lost, whatever stops it.";

/// Of `rapport import`.
pub const IMPORT: &str = "\
Examples:
  rapport import orders.csv.gz --preview
  rapport import orders.csv.gz --save-mapping shop.toml --yes
  rapport import orders.csv.gz --mapping shop.toml

An import that was broken off goes on where it was with the same command; one that
is repeated changes nothing. A server that runs on the data directory is used; where
none runs, the import does its work alone.";

/// Of `rapport export`.
pub const EXPORT: &str = "\
Examples:
  rapport export events > events.jsonl
  rapport export customers --data /srv/rapport > customers.jsonl
  rapport export customer email:ann@example.com > ann.json
  rapport export customer c_0011 --page > ann.html

Events and customers come one JSON object a line; for them the server of the data
directory must be stopped first.";

/// Of `rapport erase`.
pub const ERASE: &str = "\
Examples:
  rapport erase c_0011 --preview
  rapport erase email:ann@example.com
  rapport erase c_0011 --yes --request q_0001 --certificate ann.json
  rapport export tombstones > t.json             Before an older copy is put back; behind it:
  rapport erase --again t.json

From tables, files, log, free pages; every file is searched at the end. A server that runs
on the data directory is used; where none runs, the command does its work alone. Broken
off, it goes on by itself with the next start.";

/// Of `rapport doctor`.
pub const DOCTOR: &str = "\
Examples:
  rapport doctor
  rapport doctor --data /srv/rapport

Every file is read and compared with what was written; nothing is changed.
The server of the data directory must be stopped first. Exit code 4: damaged.";

/// Of `rapport simulate`.
pub const SIMULATE: &str = "\
Examples:
  rapport simulate --out world
  rapport simulate --customers 1000 --seed 3 --until 2026-01-31T12:00:00Z --out world

The same seed, number of customers and last moment give the same files.";

/// Of `rapport user`.
pub const USER: &str = "\
Examples:
  rapport user invite ann@example.com --role analyst
  rapport user list";

/// Of `rapport key`.
pub const KEY: &str = "\
Examples:
  rapport key create \"Web shop\" --kind browser
  rapport key list";

/// Of `rapport user invite`.
pub const USER_INVITE: &str = "\
Example:
  rapport user invite ann@example.com --role analyst

The link works once, and for some days.";

/// Of `rapport user list`.
pub const USER_LIST: &str = "\
Example:
  rapport user list";

/// Of `rapport user reset`.
pub const USER_RESET: &str = "\
Example:
  rapport user reset ann@example.com";

/// Of `rapport user role`.
pub const USER_ROLE: &str = "\
Example:
  rapport user role ann@example.com marketer";

/// Of `rapport user disable`.
pub const USER_DISABLE: &str = "\
Example:
  rapport user disable ann@example.com";

/// Of `rapport key create`.
pub const KEY_CREATE: &str = "\
Examples:
  rapport key create \"Web shop\" --kind browser
  rapport key create \"Order system\"";

/// Of `rapport key list`.
pub const KEY_LIST: &str = "\
Example:
  rapport key list";

/// Of `rapport key rotate`.
pub const KEY_ROTATE: &str = "\
Example:
  rapport key rotate s_0001";

/// Of `rapport link`.
pub const LINK: &str = "\
Examples:
  rapport link run
  rapport link list
  rapport link undo r_0001";

/// Of `rapport link run`.
pub const LINK_RUN: &str = "\
Example:
  rapport link run

Every link can be taken back. New records are matched as they come once a first run
has learned how.";

/// Of `rapport link list`.
pub const LINK_LIST: &str = "\
Example:
  rapport link list";

/// Of `rapport link undo`.
pub const LINK_UNDO: &str = "\
Example:
  rapport link undo r_0001";
