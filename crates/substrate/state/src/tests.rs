//! Do the tables give back what was put into them, on both databases?

use crate::testing::{Place, on_both};
use crate::*;
use base::{AccountId, Currency, CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{EventKind, Identifier, IdentifierKind, Json, LinkRule, Refusal, RefusalReason};

async fn open(place: &Place) -> State {
    State::open(&place.url).await.unwrap()
}

fn identifier(kind: IdentifierKind, value: &str) -> Identifier {
    Identifier { kind, value: value.into() }
}

fn user(n: u64, customer: u64) -> IdentifierRow {
    IdentifierRow {
        id: IdentifierId(n),
        identifier: identifier(IdentifierKind::UserId, &format!("user-{n}")),
        customer: CustomerId(customer),
        first_seen: Timestamp(n.cast_signed()),
        recorded_at: Timestamp(n.cast_signed()),
        is_shared: false,
    }
}

fn link(a: u64, b: u64, inert: Option<&str>) -> LinkRow {
    LinkRow {
        a: IdentifierId(a),
        b: IdentifierId(b),
        rule: LinkRule::SameEvent,
        evidence: format!("m-{a}-{b}"),
        source: SourceId(1),
        occurred_at: Timestamp(10),
        recorded_at: Timestamp(11),
        position: Position(3),
        inert: inert.map(str::to_owned),
        version: 2,
    }
}

fn change(identifier: u64, from: u64, to: u64, position: u64) -> IdentityChange {
    IdentityChange {
        identifier: IdentifierId(identifier),
        from: CustomerId(from),
        to: CustomerId(to),
        at: Timestamp(9),
        position: Position(position),
        cause: "one event carried both".into(),
    }
}

fn customer(n: u64) -> CustomerRow {
    CustomerRow {
        id: CustomerId(n),
        name: n.is_multiple_of(3).then(|| format!("Åsa {} Müller", n % 7)),
        email: None,
        phone: None,
        country: Some(if n.is_multiple_of(2) { "DE" } else { "SE" }.into()),
        city: None,
        company: None,
        first_seen: Timestamp(n.cast_signed() % 10),
        last_seen: Timestamp(1_000 - n.cast_signed() % 13),
        n_events: n % 5,
        n_orders: n % 4,
        revenue_minor: n.cast_signed() % 4 * 100 - 100,
        currency: Currency::parse("EUR"),
        is_known: n.is_multiple_of(3),
    }
}

async fn put_customers(state: &State, rows: &[CustomerRow]) {
    let mut batch = state.begin().await.unwrap();
    batch.put_customers(rows).await.unwrap();
    batch.commit().await.unwrap();
}

async fn identity_comes_back(place: &Place) {
    let state = open(place).await;
    assert_eq!(state.next_identifier().await.unwrap(), IdentifierId(1));
    let rows: Vec<_> = (1..=300).map(|n| user(n, n)).collect();
    let mut batch = state.begin().await.unwrap();
    batch.put_identifiers(&rows).await.unwrap();
    batch
        .put_links(&[link(1, 2, None), link(2, 3, Some("two users")), link(7, 8, None)])
        .await
        .unwrap();
    batch.commit().await.unwrap();

    let wanted: Vec<_> = rows.iter().rev().map(|row| row.identifier.clone()).collect();
    let found = state.identifiers(&wanted).await.unwrap();
    let expected: Vec<_> = rows.iter().rev().cloned().map(Some).collect();
    assert_eq!(found, expected);
    let other = identifier(IdentifierKind::Email, "user-1");
    let found = state.identifiers(&[other, wanted[0].clone(), wanted[0].clone()]).await.unwrap();
    assert_eq!(found, [None, Some(rows[299].clone()), Some(rows[299].clone())]);
    assert_eq!(state.next_identifier().await.unwrap(), IdentifierId(301));

    let clusters = state.clusters(&[CustomerId(2), CustomerId(1)]).await.unwrap();
    assert_eq!(clusters.identifiers, rows[..2]);
    assert_eq!(clusters.links, [link(1, 2, None), link(2, 3, Some("two users"))]);
    let key = |a, b| (IdentifierId(a), IdentifierId(b), LinkRule::SameEvent);
    let known = state.links_known(&[key(7, 8), key(8, 9), key(2, 3)]).await.unwrap();
    let expected = |inert: Option<&str>| {
        Some(LinkKnown { occurred_at: Timestamp(10), inert: inert.map(str::to_owned) })
    };
    assert_eq!(known, [expected(None), None, expected(Some("two users"))]);
}

async fn identifiers_move_and_leave_their_tracks(place: &Place) {
    let state = open(place).await;
    let mut batch = state.begin().await.unwrap();
    batch.put_identifiers(&[user(1, 1), user(2, 2), user(3, 3)]).await.unwrap();
    batch.commit().await.unwrap();
    let mut batch = state.begin().await.unwrap();
    let (i, c) = (IdentifierId, CustomerId);
    batch.move_identifiers(&[(i(3), c(2)), (i(2), c(1)), (i(3), c(1))]).await.unwrap();
    let changes = [change(3, 3, 2, 5), change(2, 2, 1, 6), change(3, 2, 1, 6)];
    batch.put_identity_changes(&changes[..1]).await.unwrap();
    batch.put_identity_changes(&changes[1..]).await.unwrap();
    batch.put_links(&[link(1, 2, Some("blocked"))]).await.unwrap();
    batch.put_links(&[link(1, 2, None)]).await.unwrap();
    batch.commit().await.unwrap();
    assert_eq!(state.customer_now(c(3)).await.unwrap(), Some(c(1)), "the last of a batch counts");
    assert_eq!(state.customer_now(c(9)).await.unwrap(), None);
    assert_eq!(state.identity_changes(&[i(3), i(2)]).await.unwrap(), changes);
    assert_eq!(state.keys_ever(&[i(3)]).await.unwrap(), [c(1), c(2), c(3)]);
    let (through, mut moved) = state.moved_identifiers().await.unwrap();
    moved.sort_unstable();
    assert_eq!((through, moved), (Position(0), vec![(i(2), c(1)), (i(3), c(1))]));
    let ledger = state.moves_behind(MoveRow::behind(Position(0)), 9).await.unwrap();
    let told: Vec<_> = ledger.iter().map(|m| (m.place(), m.identifier, m.from, m.to)).collect();
    let line = |n, (at, change): (u64, &IdentityChange)| {
        ((Position(at), n), change.identifier, change.from, change.to)
    };
    let expected = [(0, (5, &changes[0])), (1, (6, &changes[1])), (2, (6, &changes[2]))];
    assert_eq!(told, expected.map(|(n, what)| line(n, what)));
    assert_eq!(state.moves_behind(ledger[0].place(), 1).await.unwrap(), ledger[1..2]);
    assert_eq!(state.moves_behind(MoveRow::behind(Position(5)), 9).await.unwrap(), ledger[1..]);
    assert_eq!(state.keys_ever(&[i(1)]).await.unwrap(), [c(1)]);
    assert_eq!(state.links_touching(&[i(2)]).await.unwrap(), [link(1, 2, None)]);
}

async fn decisions_are_kept_and_taken_back(place: &Place) {
    let state = open(place).await;
    let edit = |id: u64, undoes: Option<u64>, refusal: Option<&str>| EditRow {
        id: Position(id),
        at: Timestamp(id.cast_signed()),
        by: "ann@example.com".into(),
        reason: "the same person".into(),
        changes: "[]".into(),
        refusal: refusal.map(str::to_owned),
        undoes: undoes.map(Position),
        undone_by: None,
    };
    let (first, refused, undo) =
        (edit(5, None, None), edit(6, Some(5), Some("too late")), edit(9, Some(5), None));
    for (edit, customers) in [(&first, vec![1, 2, 1]), (&refused, vec![]), (&undo, vec![2])] {
        let customers: Vec<CustomerId> = customers.into_iter().map(CustomerId).collect();
        let mut batch = state.begin().await.unwrap();
        batch.put_edit(edit, &customers).await.unwrap();
        batch.commit().await.unwrap();
    }
    let undone = EditRow { undone_by: Some(Position(9)), ..first };
    assert_eq!(state.edit(Position(5)).await.unwrap(), Some(undone.clone()));
    assert_eq!(state.edit(Position(7)).await.unwrap(), None);
    assert_eq!(state.edits(None, 2).await.unwrap(), [undo.clone(), refused.clone()]);
    assert_eq!(state.edits(Some(Position(9)), 9).await.unwrap(), [refused, undone.clone()]);
    let of_one = state.edits_of(&[CustomerId(1)]).await.unwrap();
    assert_eq!(of_one, std::slice::from_ref(&undone));
    assert_eq!(state.edits_of(&[CustomerId(2), CustomerId(3)]).await.unwrap(), [undo, undone]);
}

async fn odd_text_is_kept_or_replaced(place: &Place) {
    let state = open(place).await;
    let odd = ["tab\t", "quote '\"$1", "ünï©ødé 👩‍👧", "back\\slash%_", "nul\0inside", ";DROP"];
    let rows = (1..).zip(odd).map(|(n, value)| IdentifierRow {
        identifier: identifier(IdentifierKind::Custom("odd kind".into()), value),
        ..user(n, n)
    });
    let rows: Vec<_> = rows.collect();
    let mut batch = state.begin().await.unwrap();
    batch.put_identifiers(&rows).await.unwrap();
    batch.commit().await.unwrap();
    let wanted: Vec<_> = rows.iter().map(|row| row.identifier.clone()).collect();
    let found = state.identifiers(&wanted).await.unwrap();
    let ids: Vec<_> = found.iter().map(|row| row.as_ref().map(|row| row.id.0)).collect();
    assert_eq!(ids, (1..=6).map(Some).collect::<Vec<_>>());
    assert_eq!(&*found[4].as_ref().unwrap().identifier.value, "nul\u{fffd}inside");
    assert_eq!(found[2].as_ref().unwrap().identifier, wanted[2]);
}

async fn a_batch_is_all_or_nothing(place: &Place) {
    let state = open(place).await;
    let mut batch = state.begin().await.unwrap();
    assert_eq!(batch.position(), Position(0));
    batch.put_profiles(&[(CustomerId(1), vec![1]), (CustomerId(1), vec![2])]).await.unwrap();
    batch.put_customers(&[customer(1)]).await.unwrap();
    batch.put_fresh(Position(4), 10, b"events").await.unwrap();
    batch.advance(Position(4));
    drop(batch);
    assert_eq!(state.progress().await.unwrap().position, Position(0));
    assert_eq!(state.profiles(&[CustomerId(1)]).await.unwrap(), [None]);
    assert_eq!(state.customer_rows(&[CustomerId(1)]).await.unwrap(), [None]);

    let mut batch = state.begin().await.unwrap();
    batch.put_profiles(&[(CustomerId(1), vec![1]), (CustomerId(1), vec![2])]).await.unwrap();
    batch.put_customers(&[customer(1)]).await.unwrap();
    batch.put_fresh(Position(4), 10, b"events").await.unwrap();
    batch.advance(Position(4));
    batch.commit().await.unwrap();
    let progress = state.progress().await.unwrap();
    assert_eq!((progress.position, progress.n_events), (Position(4), 10));
    let wanted = [CustomerId(9), CustomerId(1), CustomerId(1)];
    let profiles = state.profiles(&wanted).await.unwrap();
    assert_eq!(profiles, [None, Some(vec![2]), Some(vec![2])], "the last of a batch counts");
    assert_eq!(state.customer_rows(&[CustomerId(1)]).await.unwrap(), [Some(customer(1))]);

    let mut batch = state.begin().await.unwrap();
    batch.drop_customers(&[CustomerId(1)]).await.unwrap();
    batch.commit().await.unwrap();
    assert_eq!(state.profiles(&[CustomerId(1)]).await.unwrap(), [None]);
    put_customers(&state, &[customer(1)]).await;
    assert_eq!(state.customer_rows(&[CustomerId(1)]).await.unwrap(), [Some(customer(1))]);
}

async fn the_directory_holds_what_was_put_last(place: &Place) {
    let state = open(place).await;
    let mut row = customer(3);
    put_customers(&state, &[row.clone()]).await;
    (row.last_seen, row.n_events) = (Timestamp(5_000), 99);
    put_customers(&state, &[row.clone()]).await;
    assert_eq!(state.customer_rows(&[row.id]).await.unwrap(), [Some(row.clone())], "in brief");
    // What a lost batch changed must be written whole the next time.
    let renamed = CustomerRow { name: Some("Zoë".into()), ..row.clone() };
    let mut batch = state.begin().await.unwrap();
    batch.put_customers(std::slice::from_ref(&renamed)).await.unwrap();
    drop(batch);
    put_customers(&state, std::slice::from_ref(&renamed)).await;
    assert_eq!(state.customer_rows(&[row.id]).await.unwrap(), [Some(renamed.clone())]);
    // Another program that changes the row makes what is remembered worthless.
    let other = open(place).await;
    put_customers(&other, &[row.clone()]).await;
    put_customers(&state, std::slice::from_ref(&renamed)).await;
    assert_eq!(state.customer_rows(&[row.id]).await.unwrap(), [Some(renamed)]);
}

async fn lists_are_paged_in_every_order(place: &Place) {
    use CustomerSort as By;
    let state = open(place).await;
    let rows: Vec<_> = (1..=100).map(customer).collect();
    put_customers(&state, &rows).await;
    let folded = |row: &CustomerRow| row.name.clone().unwrap_or_default().to_lowercase();
    for sort in [By::LastSeen, By::FirstSeen, By::Events, By::Orders, By::Revenue, By::Name] {
        for descending in [false, true] {
            let key = |row: &CustomerRow| match sort {
                By::LastSeen => (row.last_seen.0, String::new()),
                By::FirstSeen => (row.first_seen.0, String::new()),
                By::Events => (row.n_events.cast_signed(), String::new()),
                By::Orders => (row.n_orders.cast_signed(), String::new()),
                By::Revenue => (row.revenue_minor, String::new()),
                By::Name => (0, folded(row)),
            };
            let mut expected = rows.clone();
            expected.sort_by_key(|row| (key(row), row.id));
            if descending {
                expected.reverse();
            }
            let mut query = CustomerQuery { sort, descending, limit: 7, ..Default::default() };
            let mut found = Vec::new();
            loop {
                let page = state.customers(&query).await.unwrap();
                assert_eq!((page.total, page.total_is_exact), (100, true));
                found.extend(page.rows);
                query.cursor = page.next;
                if query.cursor.is_none() {
                    break;
                }
            }
            assert_eq!(found, expected, "{sort:?} descending: {descending}");
        }
    }
}

async fn lists_are_filtered_and_searched(place: &Place) {
    let state = open(place).await;
    let rows: Vec<_> = (1..=100).map(customer).collect();
    put_customers(&state, &rows).await;
    let mut batch = state.begin().await.unwrap();
    let email = identifier(IdentifierKind::Email, "ann@example.com");
    let phone = identifier(IdentifierKind::Phone, "+4930123");
    let row =
        |n, identifier: &Identifier| IdentifierRow { identifier: identifier.clone(), ..user(n, n) };
    batch.put_identifiers(&[row(41, &email), row(42, &phone), user(43, 42)]).await.unwrap();
    batch.commit().await.unwrap();

    let filter = CustomerFilter {
        is_known: Some(true),
        country: Some("DE".into()),
        has_orders: Some(true),
        seen_since: Some(Timestamp(990)),
        is_suspended: None,
    };
    let expected = rows.iter().filter(|row| {
        row.is_known && row.id.0 % 2 == 0 && row.n_orders > 0 && row.last_seen.0 >= 990
    });
    let query = CustomerQuery { filter, limit: 100, ..Default::default() };
    let page = state.customers(&query).await.unwrap();
    assert_eq!(page.rows.len(), expected.clone().count());
    assert_eq!(page.total, page.rows.len() as u64);
    assert!(expected.clone().all(|row| page.rows.contains(row)) && expected.count() > 3);

    let search = async |text: &str| {
        let text = Some(text.to_owned());
        state.customers(&CustomerQuery { text, limit: 100, ..Default::default() }).await.unwrap()
    };
    let ids = |page: &CustomerPage| page.rows.iter().map(|row| row.id.0).collect::<Vec<_>>();
    let page = search("ANN@ex").await;
    assert_eq!((ids(&page), page.matched[&CustomerId(41)].clone()), (vec![41], email));
    assert_eq!(ids(&search("+49 (30) 1").await), [42]);
    assert_eq!(ids(&search("user-43").await), [42]);
    assert_eq!(search("åsa 6").await.total, 5, "the beginning of a name");
    assert_eq!(search("MÜLLER").await.total, 33, "the middle of a name");
    assert_eq!(ids(&search(&CustomerId(43).to_string()).await), [42], "a customer's own number");
    assert_eq!(search("100%").await.total, 0);
    let counts = state.count_customers().await.unwrap();
    assert_eq!((counts.known, counts.anonymous), (33, 67));
    assert_eq!(state.count_new_customers(Timestamp(8)).await.unwrap(), 20);
}

async fn accounts_have_members(place: &Place) {
    let state = open(place).await;
    let account = |n: u64, key: &str| AccountRow {
        id: AccountId(n),
        key: key.into(),
        name: Some(format!("Company {n}")),
        traits: Json::from_checked_text(r#"{"plan":"pro"}"#),
        first_seen: Timestamp(1),
        last_seen: Timestamp(2),
    };
    let member = |account, customer| Membership {
        account: AccountId(account),
        customer: CustomerId(customer),
        since: Timestamp(7),
    };
    let (acme, bolt) = (account(1, "acme"), account(2, "bolt"));
    let mut batch = state.begin().await.unwrap();
    batch.put_accounts(&[acme.clone(), bolt.clone()]).await.unwrap();
    let both = [CustomerId(1), CustomerId(2)];
    batch.put_members(&both, &[member(1, 1), member(1, 2), member(2, 2)]).await.unwrap();
    batch.commit().await.unwrap();
    assert_eq!(state.next_account().await.unwrap(), AccountId(3));
    let found = state.accounts_by_key(&["bolt", "none"]).await.unwrap();
    assert_eq!(found, [Some(bolt.clone()), None]);
    let page = state.list_accounts(None, None, 1).await.unwrap();
    assert_eq!((page.rows, page.next.as_deref()), (vec![(acme.clone(), 2)], Some("acme")));
    let page = state.list_accounts(None, Some("acme"), 1).await.unwrap();
    assert_eq!((page.rows, page.next), (vec![(bolt.clone(), 1)], None));
    let page = state.list_accounts(Some("COMPANY 2"), None, 9).await.unwrap();
    assert_eq!(page.rows, [(bolt, 1)]);

    let mut batch = state.begin().await.unwrap();
    batch.put_members(&[CustomerId(2)], &[member(2, 2)]).await.unwrap();
    batch.drop_customers(&[CustomerId(1)]).await.unwrap();
    batch.commit().await.unwrap();
    assert_eq!(state.account_members(AccountId(1), 9).await.unwrap(), (vec![], 0));
    assert_eq!(state.account_members(AccountId(2), 9).await.unwrap(), (vec![member(2, 2)], 1));
    assert_eq!(state.accounts(&[AccountId(1)]).await.unwrap(), [Some(acme)]);
}

async fn tables_are_read_page_by_page(place: &Place) {
    let state = open(place).await;
    let rows: Vec<CustomerRow> = (1..=7).map(customer).collect();
    put_customers(&state, &rows).await;
    let mut batch = state.begin().await.unwrap();
    let identifiers: Vec<IdentifierRow> = (1..=7).map(|n| user(n, n)).collect();
    batch.put_identifiers(&identifiers).await.unwrap();
    let member = |account, customer| Membership {
        account: AccountId(account),
        customer: CustomerId(customer),
        since: Timestamp(7),
    };
    let members = [member(1, 1), member(1, 3), member(2, 1), member(2, 4)];
    let all: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
    batch.put_members(&all, &members).await.unwrap();
    batch.commit().await.unwrap();
    let resting = SuspensionRow {
        customer: CustomerId(3),
        since: Timestamp(1),
        by: "ann".into(),
        reason: String::new(),
        request: None,
    };
    state.suspend(&[IdentifierId(3)], &resting).await.unwrap();

    let (mut found, mut key) = (Vec::new(), CustomerId(0));
    loop {
        let page = state.customer_table(After { key, limit: 4, only: None }).await.unwrap();
        let Some(last) = page.last() else { break };
        key = last.id;
        found.extend(page.iter().map(|row| row.id.0));
    }
    assert_eq!(found, [1, 2, 4, 5, 6, 7], "3 rests");
    let only = After { key: CustomerId(1), limit: 9, only: Some(&[1, 3, 5, 6]) };
    let few = state.customer_table(only).await.unwrap();
    assert_eq!(few.iter().map(|row| row.id.0).collect::<Vec<_>>(), [5, 6]);
    let none = After { key: CustomerId(0), limit: 9, only: Some(&[]) };
    assert_eq!(state.customer_table(none).await.unwrap(), []);
    let after = After { key: IdentifierId(2), limit: 2, only: None };
    assert_eq!(state.identifier_table(after).await.unwrap(), [user(4, 4), user(5, 5)]);
    let from = |account, customer| After {
        key: (AccountId(account), CustomerId(customer)),
        limit: 2,
        only: None,
    };
    let page = state.membership_table(from(0, 0)).await.unwrap();
    assert_eq!(page, [member(1, 1), member(2, 1)]);
    assert_eq!(state.membership_table(from(2, 1)).await.unwrap(), [member(2, 4)]);
    let after = After { key: AccountId(0), limit: 9, only: None };
    assert_eq!(state.account_table(after).await.unwrap(), []);
}

async fn products_come_back(place: &Place) {
    let state = open(place).await;
    let product = |id: &str, price| ProductRow {
        id: id.into(),
        name: Some("Chair".into()),
        brand: Some("Acme".into()),
        category: None,
        price_minor: Some(price),
        currency: Currency::parse("EUR"),
        url: None,
        image_url: Some("https://shop.example/chair.jpg".into()),
        first_seen: Timestamp(-1),
        last_seen: Timestamp(2),
    };
    let mut batch = state.begin().await.unwrap();
    batch.put_products(&[product("b", 1), product("a", 2), product("b", 3)]).await.unwrap();
    batch.commit().await.unwrap();
    let found = state.products(&["b", "x", "a"]).await.unwrap();
    assert_eq!(found, [Some(product("b", 3)), None, Some(product("a", 2))]);
    assert_eq!(state.list_products(Some("a"), 5).await.unwrap(), [product("b", 3)]);
}

async fn files_change_all_at_once(place: &Place) {
    let state = open(place).await;
    let run = |path: &str| RunRow {
        path: path.into(),
        bucket: 63,
        level: 2,
        n_rows: 5,
        bytes: u64::from(u32::MAX) + 1,
        min_customer: CustomerId(1),
        max_customer: CustomerId(u64::from(u32::MAX)),
        min_time: Timestamp(-5),
        max_time: Timestamp(5),
        written_through: Position(7),
        n_customers: u64::from(u32::MAX),
    };
    for position in 1..=3 {
        let mut batch = state.begin().await.unwrap();
        batch.put_fresh(Position(position), 2, &[position as u8]).await.unwrap();
        batch.advance(Position(position));
        batch.commit().await.unwrap();
    }
    state.swap_runs(&[run("a"), run("b")], &[], Some(Position(2))).await.unwrap();
    let fresh = state.fresh_batches().await.unwrap();
    assert_eq!(fresh, [FreshBatch { position: Position(3), n_events: 2, events: vec![3] }]);
    state.swap_runs(&[run("c")], &["a".into()], None).await.unwrap();
    assert_eq!(state.runs().await.unwrap(), [run("b"), run("c")]);
    let gone = state.swap_runs(&[run("d")], &["a".into()], None).await;
    assert!(matches!(gone, Err(StateError::Conflict { .. })));
    let twice = state.swap_runs(&[run("b")], &[], None).await;
    assert!(matches!(twice, Err(StateError::Conflict { .. })));
    assert_eq!(state.runs().await.unwrap(), [run("b"), run("c")]);
}

fn refusal(seq: u64, source: u64, outcome: RefusalOutcome) -> RefusalRow {
    RefusalRow {
        seq,
        received_at: Timestamp(1),
        occurred_at: None,
        source: SourceId(source),
        outcome,
        kind: Some(EventKind::Track),
        name: Some(format!("Event {seq}")),
        customer: None,
        came_under: Some(identifier(IdentifierKind::Email, "a@b.c")),
        message_id: Some("m-1".into()),
        refusals: vec![Refusal {
            reason: RefusalReason::WrongType,
            field: "properties.price".into(),
            message: "price must be a number".into(),
        }],
    }
}

async fn refusals_are_found(place: &Place) {
    let state = open(place).await;
    let rows = [
        refusal(10, 1, RefusalOutcome::Refused),
        refusal(20, 2, RefusalOutcome::Flagged),
        refusal(30, 1, RefusalOutcome::Duplicate),
    ];
    let mut batch = state.begin().await.unwrap();
    assert_eq!(batch.put_refusals(&rows).await.unwrap(), 3);
    batch.commit().await.unwrap();
    let ask = async |query: RefusalQuery| {
        let rows = state.refusals(&RefusalQuery { limit: 2, ..query }).await.unwrap();
        rows.iter().map(|row| row.seq).collect::<Vec<_>>()
    };
    assert_eq!(state.refusal(20).await.unwrap().as_ref(), Some(&rows[1]));
    assert_eq!(ask(RefusalQuery::default()).await, [30, 20]);
    assert_eq!(ask(RefusalQuery { before: Some(20), ..Default::default() }).await, [10]);
    let source = Some(SourceId(1));
    assert_eq!(ask(RefusalQuery { source, ..Default::default() }).await, [30, 10]);
    let outcome = Some(RefusalOutcome::Flagged);
    assert_eq!(ask(RefusalQuery { outcome, ..Default::default() }).await, [20]);
    let text = Some("EVENT 1".to_owned());
    assert_eq!(ask(RefusalQuery { text, source, ..Default::default() }).await, [10]);
    let kind = Some(EventKind::Page);
    assert_eq!(ask(RefusalQuery { kind, ..Default::default() }).await, [0; 0]);
}

async fn a_flood_of_refusals_is_bounded(place: &Place) {
    let state = open(place).await;
    // Some of one source are kept, and another source is not crowded out.
    let mut flood: Vec<_> =
        (0..3_000).map(|n| refusal(100 + n, 1, RefusalOutcome::Refused)).collect();
    flood.push(refusal(9_000, 2, RefusalOutcome::Refused));
    let mut batch = state.begin().await.unwrap();
    assert_eq!(batch.put_refusals(&flood).await.unwrap(), 1_001);
    batch.commit().await.unwrap();
    assert_eq!(state.progress().await.unwrap().n_refusals, 1_001);
    // As if so many had come since that only the last three are to be kept.
    let sql = "UPDATE processor SET n_refusals = $1";
    let n = debugger::N_KEPT.cast_signed() + 997;
    state.db().execute(sql, vec![n.into()]).await.unwrap();
    let mut batch = state.begin().await.unwrap();
    batch.put_refusals(&[refusal(9_001, 1, RefusalOutcome::Refused)]).await.unwrap();
    batch.commit().await.unwrap();
    let all = RefusalQuery { limit: 9_999, ..Default::default() };
    let kept: Vec<_> = state.refusals(&all).await.unwrap().iter().map(|row| row.seq).collect();
    assert_eq!(kept, [9_001, 9_000, 1_099, 1_098]);
}

const HOUR: i64 = 3_600_000_000;

fn count(source: u64, hours: i64, name: &str, n_accepted: u64) -> Count {
    Count {
        source: SourceId(source),
        hour: Timestamp(hours * HOUR + 5),
        name: name.into(),
        n_accepted,
        n_refused: 1,
        n_duplicate: 2,
    }
}

async fn counts_add_up(place: &Place) {
    let state = open(place).await;
    let rows =
        [count(1, 5, "A", 10), count(1, 5, "A", 1), count(2, 5, "B", 30), count(1, 6, "A", 5)];
    for _ in 0..2 {
        let mut batch = state.begin().await.unwrap();
        batch.put_counts(&rows).await.unwrap();
        let last = [(SourceId(1), Timestamp(9)), (SourceId(1), Timestamp(3))];
        batch.put_last_events(&last).await.unwrap();
        batch.put_observations(SourceId(2), "{}").await.unwrap();
        batch.commit().await.unwrap();
    }
    let hours = state.counts_by_hour(Timestamp(5 * HOUR + 77)).await.unwrap();
    let expected = |at: i64, n_accepted, n| HourCount {
        hour: Timestamp(at * HOUR),
        n_accepted,
        n_refused: n,
        n_duplicate: 2 * n,
    };
    assert_eq!(hours, [expected(5, 82, 6), expected(6, 10, 2)]);
    let top = state.top_names(Timestamp(0), None, 1).await.unwrap();
    assert_eq!(top, [NameCount { name: "B".into(), n: 60 }]);
    let top = state.top_names(Timestamp(6 * HOUR), Some(SourceId(1)), 9).await.unwrap();
    assert_eq!(top, [NameCount { name: "A".into(), n: 10 }]);
    let sources = state.counts_by_source(Timestamp(6 * HOUR)).await.unwrap();
    assert_eq!((sources.len(), sources[0].source, sources[0].n_accepted), (1, SourceId(1), 10));
    let observed = state.observations().await.unwrap();
    assert_eq!(observed[0].last_event_at, Some(Timestamp(9)));
    assert_eq!(observed[1].observed.as_deref(), Some("{}"));
}

async fn made_up_names_are_counted_together(place: &Place) {
    let state = open(place).await;
    let made_up: Vec<_> = (0..700).map(|n| count(3, 9, &format!("name {n}"), 1)).collect();
    let mut batch = state.begin().await.unwrap();
    batch.put_counts(&made_up).await.unwrap();
    batch.put_counts(&[count(1, 5, "A", 1), count(1, 5, "B", 1)]).await.unwrap();
    assert_eq!(batch.drop_counts(Timestamp(6 * HOUR)).await.unwrap(), 2);
    batch.commit().await.unwrap();
    let top = state.top_names(Timestamp(9 * HOUR), None, 1_000).await.unwrap();
    assert_eq!((top.len(), top[0].n), (501, 200));
}

async fn what_is_written_outlives_a_restart(place: &Place) {
    let state = open(place).await;
    put_customers(&state, &[customer(1)]).await;
    state.db().close().await;
    let state = open(place).await;
    assert_eq!(state.customer_rows(&[CustomerId(1)]).await.unwrap(), [Some(customer(1))]);
    assert!(state.db().size_bytes().await.unwrap() > 10_000);
    let newer = "INSERT INTO schema_version (version) VALUES (1000)";
    state.db().execute(newer, vec![]).await.unwrap();
    let refused = State::open(&place.url).await;
    assert!(matches!(refused, Err(StateError::NewerSchema { found: 1_000, .. })));
}

async fn two_batches_do_not_overlap(place: &Place) {
    let state = open(place).await;
    let mut first = state.begin().await.unwrap();
    first.advance(Position(1));
    let second = tokio::spawn({
        let state = state.clone();
        async move { state.begin().await.unwrap().position() }
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(!second.is_finished(), "the second waits");
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap(), Position(1), "and then sees what the first did");
}

on_both!(
    identity_comes_back,
    identifiers_move_and_leave_their_tracks,
    decisions_are_kept_and_taken_back,
    odd_text_is_kept_or_replaced,
    a_batch_is_all_or_nothing,
    the_directory_holds_what_was_put_last,
    lists_are_paged_in_every_order,
    lists_are_filtered_and_searched,
    accounts_have_members,
    tables_are_read_page_by_page,
    products_come_back,
    files_change_all_at_once,
    refusals_are_found,
    a_flood_of_refusals_is_bounded,
    counts_add_up,
    made_up_names_are_counted_together,
    what_is_written_outlives_a_restart,
    two_batches_do_not_overlap,
);

#[tokio::test]
async fn a_url_must_name_a_database() {
    let refused = State::open("mysql://ann:secret@host/db").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "'mysql://ann@host/db' is no database URL: expected 'sqlite:PATH' or 'postgres://…'"
    );
}
