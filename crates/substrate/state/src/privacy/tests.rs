//! Is nothing left in the tables of somebody who was erased, and nothing lost of anybody else?

use super::*;
use crate::testing::{Place, on_both};
use crate::{
    CustomerFilter, CustomerQuery, CustomerRow, EditRow, FreshBatch, IdentifierRow, IdentityChange,
    LinkRow, Membership, RefusalOutcome, RefusalRow, State,
};
use base::{AccountId, CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{Identifier, IdentifierKind, LinkRule, Refusal, RefusalReason};

/// Tables that hold nothing about single customers, or what an erasure is told by.
const OF_NOBODY: [&str; 37] = [
    "metrics",
    "metric_versions",
    "boards",
    "notes",
    "alerts",
    "alert_firings",
    "alert_deliveries",
    "alert_attempts",
    "alert_readers",
    "queries",
    "processor",
    "schema_version",
    "products",
    "runs",
    "event_counts",
    "seen_recent",
    "seen_segments",
    "seen_filters",
    "seen_blocks",
    "users",
    "sessions",
    "invites",
    "tokens",
    "audit",
    "sources",
    "settings",
    "imports",
    "import_rejects",
    "idempotency",
    "identity_rules",
    "erasures",
    "erased_identifiers",
    "tombstones",
    "log_strips",
    "linkage_runs",
    "linkage_followed",
    "relation_edits",
];
/// Tables of customers, whose rows an erasure takes away or blanks.
const OF_CUSTOMERS: [&str; 25] = [
    "identifiers",
    "links",
    "identity_changes",
    "profiles",
    "customers",
    "accounts",
    "account_members",
    "fresh_batches",
    "refusals",
    "observations",
    "identity_edits",
    "identity_edit_customers",
    "suspensions",
    "privacy_requests",
    "linkage_pairs",
    "relations",
    "referral_codes",
    "account_statements",
    "households",
    "household_removals",
    "email_domains",
    "account_domains",
    "account_verdicts",
    "zeros",
    "relation_edit_words",
];

async fn open(place: &Place) -> State {
    State::open(&place.url).await.unwrap()
}

fn email(n: u64) -> Identifier {
    Identifier { kind: IdentifierKind::Email, value: format!("ann{n}@example.com").into() }
}

fn customer(n: u64) -> CustomerRow {
    CustomerRow {
        id: CustomerId(n),
        name: Some(format!("Ann {n}")),
        email: Some(format!("ann{n}@example.com")),
        phone: None,
        country: None,
        city: None,
        company: None,
        first_seen: Timestamp(1),
        last_seen: Timestamp(2),
        n_events: 1,
        n_orders: 0,
        revenue_minor: 0,
        currency: None,
        is_known: true,
    }
}

fn refusal(n: u64) -> RefusalRow {
    RefusalRow {
        seq: n,
        received_at: Timestamp(1),
        occurred_at: None,
        source: SourceId(1),
        outcome: RefusalOutcome::Refused,
        kind: None,
        name: Some("Signed Up".to_owned()),
        customer: None,
        came_under: Some(email(n)),
        message_id: Some(format!("m-{n}")),
        refusals: vec![Refusal {
            reason: RefusalReason::WrongType,
            field: "traits".to_owned(),
            message: format!("not an object: ann{n}@example.com"),
        }],
    }
}

fn edit(n: u64) -> EditRow {
    EditRow {
        id: Position(n),
        at: Timestamp(1),
        by: "staff@example.com".to_owned(),
        reason: format!("Ann {n} called"),
        changes: "[]".to_owned(),
        refusal: None,
        undoes: None,
        undone_by: None,
    }
}

/// Customers 1 and 2, each with everything that a customer may have.
async fn fill(state: &State) {
    let mut batch = state.begin().await.unwrap();
    for n in 1..=2 {
        let id = IdentifierId(n);
        let row = IdentifierRow {
            id,
            identifier: email(n),
            customer: CustomerId(n),
            first_seen: Timestamp(1),
            recorded_at: Timestamp(1),
            is_shared: false,
        };
        batch.put_identifiers(&[row]).await.unwrap();
        batch.put_profiles(&[(CustomerId(n), format!("ann{n}@example.com"))]).await.unwrap();
        batch.put_customers(&[customer(n)]).await.unwrap();
        let member =
            Membership { account: AccountId(1), customer: CustomerId(n), since: Timestamp(1) };
        batch.put_members(&[CustomerId(n)], &[member]).await.unwrap();
        let change = IdentityChange {
            identifier: id,
            from: CustomerId(9),
            to: CustomerId(n),
            at: Timestamp(1),
            position: Position(1),
            cause: format!("email:ann{n}@example.com and user_id:u{n}"),
        };
        batch.put_identity_changes(&[change]).await.unwrap();
        batch.put_refusals(&[refusal(n)]).await.unwrap();
        batch.put_edit(&edit(n), &[CustomerId(n)]).await.unwrap();
    }
    let link = LinkRow {
        a: IdentifierId(1),
        b: IdentifierId(2),
        rule: LinkRule::Trait,
        evidence: "m-1".to_owned(),
        source: SourceId(1),
        occurred_at: Timestamp(1),
        recorded_at: Timestamp(1),
        position: Position(1),
        inert: Some("two_user_ids".to_owned()),
        version: 0,
    };
    batch.put_links(&[link]).await.unwrap();
    batch.advance(Position(5));
    batch.commit().await.unwrap();
}

fn row(id: u64) -> ErasureRow {
    ErasureRow {
        id: Position(id),
        customer: CustomerId(2),
        ordered_at: Timestamp(100),
        ordered_by: "staff@example.com".to_owned(),
        reason: "request".to_owned(),
        request: None,
        refusal: None,
        carried_out_at: Some(Timestamp(100)),
        finished_at: None,
        step: 0,
        n_done: 0,
        n_total: 0,
        trouble: None,
        n_identifiers: 1,
        counts: "{}".to_owned(),
        certificate: None,
        lifted_at: None,
        lifted_by: None,
    }
}

async fn erase(state: &State) -> ErasedRows {
    let whom = Forgotten {
        customer: CustomerId(2),
        identifiers: vec![IdentifierId(2)],
        names: vec![email(2)],
        edits: vec![Position(2)],
    };
    let mut batch = state.begin().await.unwrap();
    let gone = batch.forget(&whom).await.unwrap();
    batch.put_erasure(&row(6), &whom.identifiers, &[("d2".to_owned(), false)]).await.unwrap();
    batch.advance(Position(6));
    batch.commit().await.unwrap();
    gone
}

async fn one_customer_goes_and_the_other_stays(place: &Place) {
    let state = open(place).await;
    fill(&state).await;
    let gone = erase(&state).await;
    for table in ["links", "identifiers", "identity_changes", "refusals", "identity_edits"] {
        assert!(gone.contains(&(table, 1)), "{table} in {gone:?}");
    }
    let found = state.identifiers(&[email(1), email(2)]).await.unwrap();
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
    assert_eq!(state.profiles(&[CustomerId(1), CustomerId(2)]).await.unwrap()[1], None);
    assert_eq!(
        state.customers(&CustomerQuery { limit: 9, ..<_>::default() }).await.unwrap().rows,
        [customer(1)]
    );
    assert_eq!(state.links_touching(&[IdentifierId(1)]).await.unwrap(), []);
    let blank = state.refusal(2).await.unwrap().unwrap();
    assert_eq!((blank.name, blank.came_under, blank.refusals), (None, None, vec![]));
    assert_eq!(state.refusal(1).await.unwrap(), Some(refusal(1)));
    assert_eq!(state.edit(Position(2)).await.unwrap().unwrap().reason, "");
    assert_eq!(state.edit(Position(1)).await.unwrap().unwrap(), edit(1));
    assert_eq!(state.next_identifier().await.unwrap(), IdentifierId(3), "2 is not given again");
    assert_eq!(state.erased_customer(CustomerId(2)).await.unwrap(), Some(Timestamp(100)));
    assert_eq!(state.open_erasure().await.unwrap(), Some(row(6)));
    let tombstones = state.tombstones().await.unwrap();
    assert_eq!((tombstones.len(), tombstones[0].is_lifted), (1, false));
    assert!(state.lift_tombstones(Position(6), ("staff", Timestamp(7))).await.unwrap());
    assert!(!state.lift_tombstones(Position(6), ("staff", Timestamp(7))).await.unwrap());
    assert!(state.tombstones().await.unwrap()[0].is_lifted);
}

/// Whoever adds a table says here whether it knows customers, and if so takes care that an erasure
/// reaches it.
async fn every_table_is_accounted_for(place: &Place) {
    let state = open(place).await;
    let sql = match state.db().dialect() {
        crate::db::Dialect::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        }
        crate::db::Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
             WHERE table_schema = 'public'"
        }
    };
    for row in state.db().rows(sql, vec![]).await.unwrap() {
        let table = row.text(0).unwrap();
        let is_known = OF_NOBODY.contains(&&*table) ^ OF_CUSTOMERS.contains(&&*table);
        assert!(is_known, "does '{table}' hold anything about customers?");
    }
}

async fn texts_lose_what_they_mention(place: &Place) {
    let state = open(place).await;
    fill(&state).await;
    let needle = "ANN2@example.com";
    let mut n = 0;
    for place in &MENTION_PLACES {
        let found = state.mentions(place, needle, (0, 10)).await.unwrap();
        n += found.len();
        let others = found.into_iter().map(|(key, text)| {
            assert!(text.contains("ann2@example.com"));
            (key, text.replace("ann2@example.com", "(erased)"))
        });
        state.put_mentions(place, others.collect()).await.unwrap();
        assert_eq!(state.mentions(place, needle, (0, 10)).await.unwrap(), []);
    }
    assert_eq!(n, 2, "the cause of a change and a refusal");
    let cause = &state.identity_changes(&[IdentifierId(2)]).await.unwrap()[0].cause;
    assert_eq!(cause, "email:(erased) and user_id:u2");
}

async fn counts_of_two_names_become_those_of_one(place: &Place) {
    let state = open(place).await;
    let mut batch = state.begin().await.unwrap();
    let count = |name: &str, n_accepted| crate::Count {
        hour: Timestamp(0),
        source: SourceId(1),
        name: name.to_owned(),
        n_accepted,
        n_refused: 0,
        n_duplicate: 0,
    };
    let counts = [count("(erased)", 2), count("Viewed ann2@example.com", 3)];
    batch.put_counts(&counts).await.unwrap();
    batch.advance(Position(1));
    batch.commit().await.unwrap();
    let place = MENTION_PLACES.iter().find(|place| place.table == "event_counts").unwrap();
    let found = state.mentions(place, "ann2@", (0, 10)).await.unwrap();
    let others = found.into_iter().map(|(key, _)| (key, "(erased)".to_owned())).collect();
    state.put_mentions(place, others).await.unwrap();
    let names = state.top_names(Timestamp(0), None, 10).await.unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!((&*names[0].name, names[0].n), ("(erased)", 5));
}

async fn products_that_mention_somebody_go(place: &Place) {
    let state = open(place).await;
    let product = |id: &str, url: Option<&str>| crate::ProductRow {
        id: id.to_owned(),
        name: None,
        brand: None,
        category: None,
        price_minor: None,
        currency: None,
        url: url.map(str::to_owned),
        image_url: None,
        first_seen: Timestamp(1),
        last_seen: Timestamp(1),
    };
    let mut batch = state.begin().await.unwrap();
    let products = [
        product("a gift for ann2@example.com", None),
        product("lamp", Some("https://shop.example/?for=ann2@example.com")),
        product("chair", Some("https://shop.example/chair")),
    ];
    batch.put_products(&products).await.unwrap();
    batch.advance(Position(1));
    batch.commit().await.unwrap();
    for place in MENTION_PLACES.iter().filter(|place| place.table == "products") {
        let found = state.mentions(place, "ann2@", (0, 10)).await.unwrap();
        let others = found.into_iter().map(|(key, _)| (key, "(erased)".to_owned())).collect();
        state.put_mentions(place, others).await.unwrap();
    }
    assert_eq!(state.list_products(None, 9).await.unwrap(), products[2..]);
}

async fn whose_data_rest_is_in_no_list_but_their_own(place: &Place) {
    let state = open(place).await;
    fill(&state).await;
    let row = SuspensionRow {
        customer: CustomerId(2),
        since: Timestamp(5),
        by: "staff@example.com".to_owned(),
        reason: "disputed".to_owned(),
        request: Some(3),
    };
    state.suspend(&[IdentifierId(2)], &row).await.unwrap();
    assert_eq!(state.suspension(CustomerId(2)).await.unwrap(), Some(row.clone()));
    assert_eq!(state.suspensions().await.unwrap(), [row]);
    assert_eq!(state.suspended().await.unwrap(), [CustomerId(2)]);
    let list = async |is_suspended| {
        let filter = CustomerFilter { is_suspended, ..CustomerFilter::default() };
        let query = CustomerQuery { filter, limit: 9, ..CustomerQuery::default() };
        let page = state.customers(&query).await.unwrap();
        (page.rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), page.total)
    };
    assert_eq!(list(Some(false)).await, (vec![1], 1));
    assert_eq!(list(Some(true)).await, (vec![2], 1));
    assert_eq!(list(None).await.0.len(), 2);
    assert_eq!(state.count_customers().await.unwrap().known, 1);
    assert_eq!(state.count_new_customers(Timestamp(0)).await.unwrap(), 1);
    assert!(state.resume(CustomerId(2)).await.unwrap());
    assert!(!state.resume(CustomerId(2)).await.unwrap());
    assert_eq!(list(Some(false)).await.1, 2);
}

fn request(due: i64, is_closed: bool) -> RequestRow {
    RequestRow {
        id: 0,
        kind: "access".to_owned(),
        status: if is_closed { "done" } else { "open" }.to_owned(),
        is_closed,
        customer: Some(CustomerId(2)),
        contact: Some("ann2@example.com".to_owned()),
        note: "by letter".to_owned(),
        received_at: Timestamp(1),
        due_at: Timestamp(due),
        extension_reason: String::new(),
        handled_by: None,
        created_by: "staff@example.com".to_owned(),
        created_at: Timestamp(1),
        closed_at: is_closed.then_some(Timestamp(due)),
        outcome: String::new(),
        erasure: None,
    }
}

async fn requests_stand_in_the_order_in_which_they_are_due(place: &Place) {
    let state = open(place).await;
    for (due, is_closed) in [(30, false), (10, true), (20, false), (40, true)] {
        state.create_privacy_request(request(due, is_closed)).await.unwrap();
    }
    let dues = async |filter: RequestFilter, at| {
        let rows = state.privacy_requests(&filter, at).await.unwrap();
        rows.iter().map(|row| row.due_at.0).collect::<Vec<_>>()
    };
    assert_eq!(dues(RequestFilter::default(), (0, 9)).await, [20, 30, 40, 10]);
    assert_eq!(dues(RequestFilter::default(), (1, 2)).await, [30, 40]);
    let open = RequestFilter { statuses: vec!["open".to_owned()], ..RequestFilter::default() };
    assert_eq!(dues(open, (0, 9)).await, [20, 30]);
    let summary = state.privacy_request_summary((Timestamp(25), Timestamp(35))).await.unwrap();
    let expected = RequestSummary {
        n_open: 2,
        n_overdue: 1,
        n_due_soon: 1,
        n_closed: 2,
        next_due_at: Some(Timestamp(20)),
    };
    assert_eq!(summary, expected);
    let mut row = state.privacy_request(1).await.unwrap().unwrap();
    (row.outcome, row.handled_by) = ("sent".to_owned(), Some("staff@example.com".to_owned()));
    state.put_privacy_request(&row).await.unwrap();
    assert_eq!(state.privacy_request(1).await.unwrap(), Some(row));
    fill(&state).await;
    erase(&state).await;
    let row = state.privacy_request(1).await.unwrap().unwrap();
    assert_eq!((row.contact, &*row.note, &*row.outcome), (None, "", ""));
}

on_both!(
    one_customer_goes_and_the_other_stays,
    every_table_is_accounted_for,
    texts_lose_what_they_mention,
    counts_of_two_names_become_those_of_one,
    products_that_mention_somebody_go,
    whose_data_rest_is_in_no_list_but_their_own,
    requests_stand_in_the_order_in_which_they_are_due,
);

/// What was deleted or changed is in no file, as raw bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_leaves_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(&format!("sqlite:{}", dir.path().join("state.db").display())).await;
    let state = state.unwrap();
    let is_on_disk = |text: &str| {
        let files = std::fs::read_dir(dir.path()).unwrap();
        files.into_iter().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    };
    fill(&state).await;
    let mut batch = state.begin().await.unwrap();
    batch.put_fresh(Position(5), 1, "confidence ".repeat(40_000).as_bytes()).await.unwrap();
    batch.advance(Position(5));
    batch.commit().await.unwrap();
    state.swap_runs(&[], &[], Some(Position(5))).await.unwrap();
    assert_eq!(state.fresh_batches().await.unwrap(), Vec::<FreshBatch>::new());
    erase(&state).await;
    assert!(is_on_disk("confidence "));
    state.purge().await.unwrap();
    assert!(!is_on_disk("confidence "));
    for place in &MENTION_PLACES {
        let found = state.mentions(place, "ann2@", (0, 10)).await.unwrap();
        let others = found.into_iter().map(|(key, _)| (key, "(erased)".to_owned())).collect();
        state.put_mentions(place, others).await.unwrap();
    }
    state.purge().await.unwrap();
    if is_on_disk("ann2@example.com") {
        state.rebuild().await.unwrap();
    }
    assert!(!is_on_disk("ann2@example.com"));
    assert!(is_on_disk("ann1@example.com"));
}
