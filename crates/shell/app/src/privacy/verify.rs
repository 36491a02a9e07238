//! Is nobody's identifier left in any file, and what does the certificate say?
//!
//! Everything is read that Rapport has on disk: files of history row by row, entries of the log
//! unpacked, the pages of the databases byte by byte (free ones and write-ahead logs included), and
//! every other file of the data directory. What was sent again after the erasure is somebody new,
//! and not sought.

use super::key::hex;
use super::needles::{Needles, spellings};
use super::steps::{Step, Work, whom_file};
use crate::entry::LogEntry;
use crate::failure;
use aho_corasick::AhoCorasick;
use base::{Error, ErrorKind, Position};
use history::HistoryError;
use lexicon::Identifier;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Bytes of a file that are searched in one go.
const PIECE_BYTES: usize = 4 << 20;
/// Values that are in use and contain an identifier that is sought.
const N_LIVING_MAX: usize = 10_000;
/// Log entries read in one go, and their bytes.
const ENTRIES_AT_ONCE: (usize, usize) = (512, 4 << 20);
/// Places that are named when something was found.
const N_NAMED: usize = 5;

/// What was searched, and what was found.
#[derive(Default)]
struct Report {
    places: Vec<Place>,
    n_found: u64,
    found_in: BTreeSet<String>,
}

/// Files of one sort.
struct Place {
    path: &'static str,
    how: &'static str,
    n_files: u64,
    n_bytes: u64,
}

/// What is sought.
struct Search {
    needles: Needles,
    raw: Option<AhoCorasick>,
    /// Values in use of which one that is sought is a part, in lower case.
    living: Vec<Vec<u8>>,
    /// Places in profiles of others that could not be taken out of them.
    n_in_profiles: usize,
    longest: usize,
    n_back: usize,
}

/// Searches everything and, where nothing is found, ends the erasure with its certificate.
pub(super) async fn verify(mut work: Work<'_>) -> Result<(), Error> {
    let search = Search::new(&work).await?;
    let mut report = search.everything(&work).await?;
    if report.n_found > 0 {
        // The pages of a file may keep what no list of free ones knows of.
        work.shared.state.rebuild().await?;
        report = search.everything(&work).await?;
    }
    if report.n_found > 0 {
        work.row.step = Step::Tables.number();
        work.put_progress(0, 0).await?;
        let places: Vec<&str> = report.found_in.iter().take(N_NAMED).map(String::as_str).collect();
        let message = format!("something was still found in {}; beginning anew", places.join(", "));
        return Err(Error::new(ErrorKind::Unavailable, message));
    }
    let now = work.shared.now();
    work.row.finished_at = Some(now);
    work.row.step = Step::Verify.number() + 1;
    work.row.certificate = Some(certificate(&work, &search, &report));
    work.put_progress(0, 0).await?;
    forget_whom(&whom_file(work.shared, work.row.id))
}

/// Removes the last file that knew whom it was about; its bytes first.
pub(super) fn forget_whom(file: &Path) -> Result<(), Error> {
    let zeroed = || {
        let n_bytes = usize::try_from(file.metadata()?.len()).unwrap_or(0);
        let mut open = File::options().write(true).open(file)?;
        open.write_all(&vec![0; n_bytes])?;
        open.sync_all()?;
        std::fs::remove_file(file)
    };
    match zeroed() {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            let message = format!("could not remove {}", file.display());
            Err(Error::new(ErrorKind::Unavailable, message).with_source(error))
        }
        _ => Ok(()),
    }
}

impl Search {
    async fn new(work: &Work<'_>) -> Result<Self, Error> {
        let (shared, own) = (work.shared, &work.whom.own);
        let found = shared.state.identifiers(own).await?;
        let later = said_later(work).await?;
        let is_back = |identifier: &Identifier| {
            let alone = Needles::new(std::slice::from_ref(identifier));
            later.iter().any(|text| alone.redact_json(text).is_some())
        };
        let mut sought: Vec<Identifier> = Vec::new();
        for (identifier, row) in own.iter().zip(found) {
            if row.is_none() && !is_back(identifier) {
                sought.push(identifier.clone());
            }
        }
        let needles = Needles::new(&sought);
        let all = spellings(needles.telling());
        let raw = AhoCorasick::builder().ascii_case_insensitive(true).build(&all);
        let mut living = Vec::new();
        for part in needles.telling() {
            let found = shared.state.identifiers_containing(part, N_LIVING_MAX).await?;
            living.extend(found.into_iter().map(|value| value.to_lowercase().into_bytes()));
        }
        let n_values = living.len();
        work.profiles_with(|around| living.push(around.to_ascii_lowercase())).await?;
        let n_in_profiles = living.len() - n_values;
        let longest = all.iter().map(String::len).max().unwrap_or(0);
        let raw = (!all.is_empty()).then(|| raw.expect("a few hundred short texts fit"));
        let n_back = own.len() - sought.len();
        Ok(Self { needles, raw, living, n_in_profiles, longest, n_back })
    }

    async fn everything(&self, work: &Work<'_>) -> Result<Report, Error> {
        let mut report = Report::default();
        self.history(work, &mut report).await?;
        self.log(work, &mut report).await?;
        self.files(work, &mut report)?;
        Ok(report)
    }

    async fn history(&self, work: &Work<'_>, report: &mut Report) -> Result<(), Error> {
        let size = work.shared.history.size();
        let mut n_found = 0;
        let scan = work.shared.history.scan(|event| -> Result<(), HistoryError> {
            let plain = [&event.name, &event.message_id];
            let json = [&event.properties, &event.traits, &event.context];
            let is_in = work.is_erased(event.identifier)
                || plain.into_iter().any(|text| self.needles.redact_plain(text).is_some())
                || json.into_iter().any(|j| self.needles.redact_json(j.as_str()).is_some());
            n_found += u64::from(is_in);
            Ok(())
        });
        scan.await.map_err(failure::history)?;
        report.found("history", n_found);
        report.places.push(Place {
            path: "history/",
            how: "every row, unpacked; fresh events too",
            n_files: size.n_runs as u64,
            n_bytes: size.run_bytes,
        });
        Ok(())
    }

    /// Entries up to the erasure, unpacked. Later ones are about somebody new.
    async fn log(&self, work: &Work<'_>, report: &mut Report) -> Result<(), Error> {
        let mut after = Position::default();
        let (mut n_entries, mut n_bytes) = (0, 0);
        while after < work.row.id {
            let (n_max, bytes_max) = ENTRIES_AT_ONCE;
            let entries = work.shared.log.read_after(after, n_max, bytes_max).await;
            let entries = entries.map_err(failure::log)?;
            let Some(last) = entries.last() else { break };
            after = last.position;
            for entry in entries.iter().filter(|entry| entry.position < work.row.id) {
                n_entries += 1;
                n_bytes += entry.payload.len() as u64;
                let texts = texts_of(&entry.payload);
                let is_in = |text: &String| self.needles.redact_json(text).is_some();
                report.found("log", u64::from(texts.iter().any(is_in)));
            }
        }
        let how = "every entry before the erasure, unpacked";
        report.places.push(Place { path: "log/ (entries)", how, n_files: n_entries, n_bytes });
        Ok(())
    }

    /// Every file of the data directory that is not packed, byte by byte.
    fn files(&self, work: &Work<'_>, report: &mut Report) -> Result<(), Error> {
        let data_dir = &work.shared.data_dir;
        let passed = [data_dir.erasing(), data_dir.uploads(), data_dir.history()];
        let mut place = Place { path: "", how: "every byte", n_files: 0, n_bytes: 0 };
        for file in files_below(data_dir.path(), &passed)? {
            let (n_found, n_bytes) = self.file(&file)?;
            let name = file.strip_prefix(data_dir.path()).unwrap_or(&file);
            report.found(&name.display().to_string(), n_found);
            place.n_files += 1;
            place.n_bytes += n_bytes;
        }
        place.path = "databases, their write-ahead logs, everything else";
        report.places.push(place);
        Ok(())
    }

    /// How often it stands in a file, and how large that is. A file that goes meanwhile is empty.
    fn file(&self, path: &Path) -> Result<(u64, u64), Error> {
        let unread = |error: std::io::Error| {
            let message = format!("could not read {}", path.display());
            Error::new(ErrorKind::Unavailable, message).with_source(error)
        };
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((0, 0)),
            Err(error) => return Err(unread(error)),
        };
        // A hit is judged once as much is read behind it as a value in use may be long.
        let margin = self.living.iter().map(Vec::len).max().unwrap_or(0).max(self.longest);
        let (mut piece, mut n_found, mut n_bytes, mut judged) = (Vec::new(), 0, 0, 0);
        loop {
            let read = (&mut file).take(PIECE_BYTES as u64).read_to_end(&mut piece);
            let n_read = read.map_err(unread)?;
            n_bytes += n_read as u64;
            let kept = if n_read == 0 { 0 } else { margin };
            let until = piece.len().saturating_sub(kept).max(judged);
            n_found += self.hits(&piece, judged, until);
            if n_read == 0 {
                return Ok((n_found, n_bytes));
            }
            let passed = until.saturating_sub(2 * margin);
            piece.drain(..passed);
            judged = until - passed;
        }
    }

    /// How often anything that is sought ends between the two places and is not a part of a value
    /// in use.
    fn hits(&self, bytes: &[u8], from: usize, until: usize) -> u64 {
        let Some(raw) = &self.raw else { return 0 };
        let hits = raw.find_overlapping_iter(bytes);
        let hits = hits.filter(|hit| hit.end() > from && hit.end() <= until);
        hits.filter(|hit| !self.is_living(bytes, hit.range())).count() as u64
    }

    fn is_living(&self, bytes: &[u8], hit: std::ops::Range<usize>) -> bool {
        let part = bytes[hit.clone()].to_ascii_lowercase();
        self.living.iter().any(|value| {
            let places = value.windows(part.len()).enumerate().filter(|(_, w)| *w == part);
            places.into_iter().any(|(place, _)| {
                let Some(start) = hit.start.checked_sub(place) else { return false };
                let around = bytes.get(start..start + value.len());
                around.is_some_and(|around| around.eq_ignore_ascii_case(value))
            })
        })
    }
}

impl Report {
    fn found(&mut self, place: &str, n: u64) {
        self.n_found += n;
        if n > 0 {
            self.found_in.insert(place.to_owned());
        }
    }
}

/// What entries behind the erasure say: who was sent again.
async fn said_later(work: &Work<'_>) -> Result<Vec<String>, Error> {
    let log = &work.shared.log;
    let (mut after, head) = (work.row.id, log.head());
    let mut mentions = Vec::new();
    while after < head {
        let (n_max, bytes_max) = ENTRIES_AT_ONCE;
        let entries = log.read_after(after, n_max, bytes_max).await.map_err(failure::log)?;
        let Some(last) = entries.last() else { break };
        after = last.position;
        let texts = entries.iter().flat_map(|entry| texts_of(&entry.payload));
        mentions.extend(texts.filter(|text| work.needles.redact_json(text).is_some()));
    }
    Ok(mentions)
}

/// Every text of a log entry, as JSON.
fn texts_of(payload: &[u8]) -> Vec<String> {
    match LogEntry::decode(payload) {
        Ok(LogEntry::Delivery(delivery)) => {
            let items = delivery.items.iter().map(|item| item.json.to_string());
            items.chain([delivery.shared.as_str().to_owned()]).collect()
        }
        Ok(LogEntry::Edit(edit)) => {
            vec![serde_json::to_string(&edit.reason).expect("a text is JSON")]
        }
        Ok(LogEntry::Relate(order)) => {
            vec![serde_json::to_string(&order.words).expect("words are JSON")]
        }
        Ok(LogEntry::Rules(_) | LogEntry::Erase(_) | LogEntry::Redact(_) | LogEntry::Relist(_))
        | Err(_) => Vec::new(),
    }
}

/// The files below `root`, but for what lies in `passed`.
fn files_below(root: &Path, passed: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| {
            let message = format!("could not list {}", folder.display());
            Error::new(ErrorKind::Unavailable, message).with_source(error)
        })?;
        for path in entries.flatten().map(|entry| entry.path()) {
            match path.is_dir() {
                true if passed.contains(&path) => {}
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    Ok(files)
}

fn certificate(work: &Work<'_>, search: &Search, report: &Report) -> String {
    let row = &work.row;
    let time = |at: Option<base::Timestamp>| at.map(|at| at.to_string());
    let counts = work.counts().iter();
    let erased: Vec<Value> = counts
        .map(|(place, n)| json!({ "place": place, "words": words_of(place), "n": n }))
        .collect();
    let files: Vec<Value> = report
        .places
        .iter()
        .map(|p| json!({ "path": p.path, "how": p.how, "n_files": p.n_files, "bytes": p.n_bytes }))
        .collect();
    let mut document = json!({
        "format": "rapport.erasure/1",
        "erasure_id": row.id.to_string(),
        "installation": work.shared.tombstones.key().installation(),
        "customer_id": row.customer.to_string(),
        "ordered_at": row.ordered_at.to_string(),
        "ordered_by": row.ordered_by,
        "reason": row.reason,
        "carried_out_at": time(row.carried_out_at),
        "finished_at": time(row.finished_at),
        "erased": erased,
        "kept": kept(),
        "verified": {
            "at": time(row.finished_at),
            "n_files": report.places.iter().map(|p| p.n_files).sum::<u64>(),
            "n_bytes": report.places.iter().map(|p| p.n_bytes).sum::<u64>(),
            "n_needles": search.needles.telling().len(),
            "n_found": report.n_found,
            "files": files,
            "not_covered": not_covered(work, search),
        },
        "tombstones": work.whom.own.len(),
    });
    let digest = hex(&Sha256::digest(document.to_string().as_bytes()));
    document["digest"] = Value::String(digest);
    document.to_string()
}

/// What stays, because it is about nobody.
fn kept() -> Value {
    let kept = [
        ("event_counts", "Counts of events by hour, source and name, without person"),
        ("products", "What products are called and cost, without person"),
        ("seen", "128-bit hashes of message ids, so that no event counts twice"),
        ("tombstones", "Keyed hashes of the identifiers, so that they do not come back"),
        ("audit", "That somebody was erased, by whom and when, by number"),
    ];
    kept.into_iter().map(|(place, words)| json!({ "place": place, "words": words })).collect()
}

fn not_covered(work: &Work<'_>, search: &Search) -> Vec<String> {
    let mut lines = vec![
        "Copies of the data directory, and files exported, that were made outside of Rapport"
            .to_owned(),
        "What the disk itself may keep of files that were removed".to_owned(),
    ];
    if work.shared.options.state_url.is_some() {
        lines.push("PostgreSQL's own files and its write-ahead log".to_owned());
    }
    if search.n_back > 0 {
        let n = search.n_back;
        lines.push(format!("{n} identifiers that were sent again after the erasure"));
    }
    if !work.whom.shared.is_empty() {
        let n = work.whom.shared.len();
        lines.push(format!(
            "{n} identifiers that another customer has given too, and that are theirs"
        ));
    }
    if search.n_in_profiles > 0 {
        let n = search.n_in_profiles;
        lines.push(format!(
            "{n} places in profiles of others where it is part of a longer word or of an order"
        ));
    }
    if search.needles.n_quiet() > 0 {
        let n = search.needles.n_quiet();
        lines.push(format!(
            "{n} identifiers that are short or plain numbers: sought as whole values in events, \
             not byte by byte"
        ));
    }
    lines
}

/// A place that something was erased from, in words.
fn words_of(place: &str) -> &'static str {
    match place {
        "identifiers" => "Identifiers",
        "links" => "Links between identifiers",
        "identity_changes" => "Records of whom an identifier pointed to",
        "identity_edits" => "Reasons of decisions about who they are",
        "identity_edit_customers" => "Decisions by customer",
        "profiles" => "Profile, line in lists, search",
        "account_members" => "Memberships of accounts",
        "linkage_pairs" => "Comparisons with other customers",
        "refusals" => "Lines of the debugger",
        "privacy_requests" => "Contact and notes of requests",
        "suspensions" => "Suspensions",
        "account_verdicts" => "What was said by hand of them and accounts",
        "household_removals" => "Households that they were taken out of by hand",
        "relation_edit_words" => "Records of what was said by hand",
        "idempotency" => "Answers kept for repeated requests",
        "profile.events" => "Events on the profile",
        "profiles.mentions" => "Profiles of others that mentioned them; those traits went",
        "history.events" => "Events in files of history",
        "history.mentions" => "Events of others that mentioned them; the mention went",
        "log.events" => "Events in the log",
        "log.entries" => "Entries of the log that were written anew",
        _ => "Mentions in texts about something else",
    }
}
