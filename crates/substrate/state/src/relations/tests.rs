//! Do relations come back as they were put down, on both databases, and leave when they must?

use crate::testing::{Place, on_both};
use crate::*;
use base::{AccountId, CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{Identifier, IdentifierKind, Json};

async fn open(place: &Place) -> State {
    State::open(&place.url).await.unwrap()
}

fn named(n: u64, kind: IdentifierKind, value: &str) -> IdentifierRow {
    IdentifierRow {
        id: IdentifierId(n),
        identifier: Identifier { kind, value: value.into() },
        customer: CustomerId(n),
        first_seen: Timestamp(n.cast_signed()),
        recorded_at: Timestamp(n.cast_signed()),
        is_shared: false,
    }
}

fn relation(speaker: u64, ordinal: u32, (kind, value): (&str, &str)) -> RelationRow {
    RelationRow {
        speaker: IdentifierId(speaker),
        seq: u64::MAX - 5,
        ordinal,
        kind: "referral".to_owned(),
        way: "inward".to_owned(),
        other_kind: kind.to_owned(),
        other_value: value.to_owned(),
        at: Timestamp(5),
        source: SourceId(1),
        message_id: format!("m{ordinal}"),
    }
}

fn code(identifier: u64, code: &str, at: i64, message_id: &str) -> CodeRow {
    CodeRow {
        code: code.to_owned(),
        identifier: IdentifierId(identifier),
        at: Timestamp(at),
        message_id: message_id.to_owned(),
    }
}

async fn relations_are_found_from_both_ends(place: &Place) {
    let state = open(place).await;
    let rows = [relation(1, 0, ("email", "b@x.de")), relation(1, 1, ("", "CODE"))];
    for _ in 0..2 {
        let mut batch = state.begin().await.unwrap();
        batch.put_relations(&rows).await.unwrap();
        batch.commit().await.unwrap();
    }
    assert_eq!(state.relations_by_speaker(&[IdentifierId(1)]).await.unwrap(), rows);
    let by_other = async |other| state.relations_by_other(&[other]).await.unwrap();
    assert_eq!(by_other(("", "CODE")).await, rows[1..]);
    assert_eq!(by_other(("email", "b@x.de")).await, rows[..1]);
    assert!(by_other(("user_id", "CODE")).await.is_empty());
    assert_eq!(state.all_relations(1).await.unwrap(), rows[..1]);
}

async fn the_earliest_claim_of_a_code_stays(place: &Place) {
    let state = open(place).await;
    for rows in [
        vec![code(1, "A", 9, "m9"), code(1, "A", 5, "m5"), code(2, "A", 7, "m7")],
        vec![code(1, "A", 6, "m6")],
        vec![code(1, "A", 5, "m4"), code(1, "B", 1, "m1")],
    ] {
        let mut batch = state.begin().await.unwrap();
        batch.put_codes(&rows).await.unwrap();
        batch.commit().await.unwrap();
    }
    let mut claims = state.code_claims(&["A", "C"]).await.unwrap();
    claims.sort_by_key(|row| row.identifier);
    assert_eq!(claims, [code(1, "A", 5, "m4"), code(2, "A", 7, "m7")]);
    assert_eq!(state.codes_of(&[IdentifierId(1)]).await.unwrap().len(), 2);
}

async fn the_latest_word_about_a_place_stays(place: &Place) {
    let state = open(place).await;
    let said = |about: &str, value: &str, at| AccountStatementRow {
        account_key: "acme".to_owned(),
        identifier: IdentifierId(1),
        about: about.to_owned(),
        value: value.to_owned(),
        at: Timestamp(at),
        source: SourceId(1),
    };
    assert!(!state.has_leavers().await.unwrap());
    for rows in [
        vec![said("role", "buyer", 5), said("role", "owner", 6), said("joined", "", 1)],
        vec![said("role", "admin", 6), said("left", "", 7), said("joined", "", 0)],
    ] {
        let mut batch = state.begin().await.unwrap();
        batch.put_account_statements(&rows).await.unwrap();
        batch.commit().await.unwrap();
    }
    let expected = [said("joined", "", 1), said("left", "", 7), said("role", "owner", 6)];
    assert_eq!(state.account_statements("acme", 10).await.unwrap(), expected);
    assert_eq!(state.account_leavers("acme", 10).await.unwrap(), expected[1..2]);
    let mut all = state.account_statements_of(&[IdentifierId(1)]).await.unwrap();
    all.sort_by(|a, b| a.about.cmp(&b.about));
    assert_eq!(all, expected);
    assert!(state.has_leavers().await.unwrap());
}

async fn households_follow_their_customers(place: &Place) {
    let state = open(place).await;
    let home = |name: &str, n| (name.to_owned(), CustomerId(n));
    let mut batch = state.begin().await.unwrap();
    let all = [CustomerId(1), CustomerId(2)];
    batch.put_households(&all, &[home("a", 1), home("a", 2), home("b", 2)]).await.unwrap();
    batch.commit().await.unwrap();
    assert_eq!(state.household("a", 10).await.unwrap(), all);
    let mut batch = state.begin().await.unwrap();
    batch.put_households(&[CustomerId(1)], &[home("b", 1)]).await.unwrap();
    batch.commit().await.unwrap();
    assert_eq!(state.households_of(&[CustomerId(1)]).await.unwrap(), [home("b", 1)]);
    let mut batch = state.begin().await.unwrap();
    batch.drop_customers(&[CustomerId(2)]).await.unwrap();
    batch.commit().await.unwrap();
    assert_eq!(state.household("b", 10).await.unwrap(), [CustomerId(1)]);
    assert!(state.household("a", 10).await.unwrap().is_empty());
}

async fn members_and_domains_of_an_account_are_counted(place: &Place) {
    let state = open(place).await;
    let account = AccountId(1);
    let row = AccountRow {
        id: account,
        key: "acme".to_owned(),
        name: None,
        traits: Json::empty(),
        first_seen: Timestamp(1),
        last_seen: Timestamp(1),
    };
    let mut batch = state.begin().await.unwrap();
    batch.put_accounts(&[row]).await.unwrap();
    let email = |n, value| named(n, IdentifierKind::Email, value);
    batch.put_identifiers(&[email(1, "a@x.acme.de"), email(2, "b@acme.de")]).await.unwrap();
    let domains = [("x.acme.de", 1), ("acme.de", 1), ("acme.de", 2)];
    let domains = domains.map(|(name, n)| (name.to_owned(), IdentifierId(n)));
    batch.put_email_domains(&domains).await.unwrap();
    let since = Timestamp(1);
    let member = Membership { account, customer: CustomerId(1), since };
    batch.put_members(&[CustomerId(1)], &[member]).await.unwrap();
    batch.put_domain_claims(&[account], &[("acme.de".to_owned(), account, since)]).await.unwrap();
    batch.commit().await.unwrap();

    let found = state.emails_of_domain("acme.de", 10).await.unwrap();
    assert_eq!(found, [1, 2].map(|n| (IdentifierId(n), CustomerId(n))));
    assert_eq!(state.emails_of_domain("x.acme.de", 10).await.unwrap(), found[..1]);
    let said = |n, after| {
        let place = HandPlace::Member { account, identifier: IdentifierId(n) };
        HandChange { place, before: None, after }
    };
    let word = |is_so| Some(HandWord { is_so, at: Timestamp(2), by: "sam".to_owned() });
    say(&state, 1, &[said(1, word(true)), said(2, word(true))]).await;
    assert_eq!(state.count_members(account).await.unwrap(), 2);
    assert_eq!(state.list_accounts(None, None, 10).await.unwrap().rows[0].1, 2);
    say(&state, 2, &[said(2, word(false))]).await;
    assert_eq!(state.count_members(account).await.unwrap(), 1);
    let among = state.members_among(account, &[CustomerId(1), CustomerId(2)]).await.unwrap();
    assert_eq!(among, [CustomerId(1)]);
    assert_eq!(state.account_verdicts(account).await.unwrap().len(), 2);
    say(&state, 3, &[said(2, None)]).await;
    assert_eq!(state.account_verdicts(account).await.unwrap().len(), 1);
    let claims = state.domain_claims(&["acme.de"]).await.unwrap();
    assert_eq!((claims.len(), claims[0].origin.as_str()), (1, "trait"));
    let mut batch = state.begin().await.unwrap();
    batch.put_domain_claims(&[account], &[]).await.unwrap();
    batch.commit().await.unwrap();
    assert!(state.account_domains(account).await.unwrap().is_empty());
    assert_eq!(state.account_totals(account).await.unwrap(), []);
}

async fn say(state: &State, id: u64, changes: &[HandChange]) {
    let row = said_at(id, None);
    let mut batch = state.begin().await.unwrap();
    batch.put_relation_edit(&row, changes).await.unwrap();
    batch.commit().await.unwrap();
}

fn said_at(id: u64, undoes: Option<u64>) -> RelationEditRow {
    RelationEditRow {
        id: Position(id),
        at: Timestamp(2),
        by: "sam".to_owned(),
        refusal: None,
        undoes: undoes.map(Position),
        undone_by: None,
    }
}

async fn words_by_hand_hold_and_are_remembered(place: &Place) {
    let state = open(place).await;
    let account = AccountId(1);
    let places = [
        HandPlace::Domain { account, domain: "acme.de".to_owned() },
        HandPlace::Member { account, identifier: IdentifierId(7) },
        HandPlace::Household { household: "a1".to_owned(), identifier: IdentifierId(8) },
    ];
    let word = |is_so| HandWord { is_so, at: Timestamp(2), by: "sam".to_owned() };
    let words = [word(true), word(false), word(true)];
    let change = |(place, after): (&HandPlace, &HandWord)| HandChange {
        place: place.clone(),
        before: None,
        after: Some(after.clone()),
    };
    let changes: Vec<HandChange> = places.iter().zip(&words).map(change).collect();
    assert_eq!(state.count_relation_edits().await.unwrap(), 0);
    say(&state, 1, &changes).await;
    let said = state.words_by_hand(&places).await.unwrap();
    assert_eq!(said, words.clone().map(Some));
    let mut all: Vec<_> = places.iter().cloned().zip(words).collect();
    all.sort();
    assert_eq!(state.all_words_by_hand().await.unwrap(), all);

    let back: Vec<HandChange> = changes
        .iter()
        .map(|one| HandChange { before: one.after.clone(), after: None, ..one.clone() })
        .collect();
    let mut batch = state.begin().await.unwrap();
    batch.put_relation_edit(&said_at(2, Some(1)), &back).await.unwrap();
    batch.commit().await.unwrap();
    assert_eq!(state.words_by_hand(&places).await.unwrap(), [None, None, None]);
    let (row, words) = state.relation_edit(Position(1)).await.unwrap().unwrap();
    assert_eq!((row.undone_by, words), (Some(Position(2)), changes));
    let latest = state.relation_edits(None, 1).await.unwrap();
    assert_eq!((latest[0].0.id, latest[0].1.as_slice()), (Position(2), back.as_slice()));
    let earlier = state.relation_edits(Some(Position(2)), 9).await.unwrap();
    assert_eq!((earlier.len(), state.count_relation_edits().await.unwrap()), (1, 2));
}

async fn who_is_forgotten_leaves_no_relation(place: &Place) {
    let state = open(place).await;
    let ann = named(1, IdentifierKind::Email, "ann@x.de");
    let mut batch = state.begin().await.unwrap();
    batch.put_identifiers(std::slice::from_ref(&ann)).await.unwrap();
    let rows = [
        relation(1, 0, ("user_id", "ben")),
        relation(2, 1, ("email", "ann@x.de")),
        relation(2, 2, ("", "ANN")),
        relation(2, 3, ("", "SHARED")),
        relation(2, 4, ("user_id", "ben")),
    ];
    batch.put_relations(&rows).await.unwrap();
    let codes = [code(1, "ANN", 1, "a"), code(1, "SHARED", 2, "b"), code(3, "SHARED", 3, "c")];
    batch.put_codes(&codes).await.unwrap();
    batch.put_email_domains(&[("x.de".to_owned(), IdentifierId(1))]).await.unwrap();
    batch.put_households(&[CustomerId(1)], &[("a".to_owned(), CustomerId(1))]).await.unwrap();
    batch.commit().await.unwrap();

    let mut batch = state.begin().await.unwrap();
    let whom = privacy::Forgotten {
        customer: CustomerId(1),
        identifiers: vec![ann.id],
        names: vec![ann.identifier],
        edits: Vec::new(),
    };
    let gone = batch.forget(&whom).await.unwrap();
    let n = |table| gone.iter().filter(|(name, _)| *name == table).map(|(_, n)| n).sum::<u64>();
    assert_eq!((n("relations"), n("referral_codes"), n("email_domains")), (3, 2, 1));
    batch.advance(Position(1));
    batch.commit().await.unwrap();
    assert_eq!(state.all_relations(10).await.unwrap(), rows[3..]);
    assert_eq!(state.code_claims(&["ANN", "SHARED"]).await.unwrap(), codes[2..]);
    assert!(state.emails_of_domain("x.de", 10).await.unwrap().is_empty());
    assert!(state.household("a", 10).await.unwrap().is_empty());
}

on_both!(
    relations_are_found_from_both_ends,
    the_earliest_claim_of_a_code_stays,
    the_latest_word_about_a_place_stays,
    households_follow_their_customers,
    members_and_domains_of_an_account_are_counted,
    words_by_hand_hold_and_are_remembered,
    who_is_forgotten_leaves_no_relation,
);
