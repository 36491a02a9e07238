//! Do pairs and runs come back as they were put, and stays what people have said?

use super::*;
use crate::IdentifierRow;
use crate::testing::{Place, on_both};
use lexicon::{Identifier, IdentifierKind};

on_both!(pairs_are_kept_once, decided_pairs_follow_their_customers, runs_end_when_rapport_does);

async fn open(place: &Place) -> State {
    State::open(&place.url).await.unwrap()
}

fn pair(a: u64, b: u64, probability_ppm: u32) -> PairRow {
    PairRow {
        id: PairId(0),
        a: IdentifierId(a),
        b: IdentifierId(b),
        state: "open".into(),
        probability_ppm,
        weight_milli: -1_500,
        run: (a == 1).then_some(LinkageRunId(1)),
        found_at: Timestamp(7),
        held_apart: None,
        evidence: format!("{{\"of\":[{a},{b}]}}"),
        verdict: PairVerdict::default(),
    }
}

fn query(state: Option<&'static str>, order: PairOrder) -> PairQuery {
    PairQuery { state, run: None, customer: None, order, after: None, n_max: 10 }
}

async fn listed(state: &State, query: &PairQuery) -> Vec<(u64, u64)> {
    let rows = state.pairs(query).await.unwrap();
    rows.iter().map(|(row, _)| (row.a.0, row.b.0)).collect()
}

async fn pairs_are_kept_once(place: &Place) {
    let state = open(place).await;
    let found = [pair(1, 2, 900_000), pair(1, 3, 450_000), pair(4, 5, 700_000)];
    state.put_pairs(&found).await.unwrap();
    let open = query(Some("open"), PairOrder::Doubtful);
    assert_eq!(listed(&state, &open).await, [(1, 3), (4, 5), (1, 2)]);
    let first = state.pairs(&PairQuery { n_max: 1, ..open.clone() }).await.unwrap();
    let rest = PairQuery { after: Some((first[0].1, first[0].0.id)), ..open.clone() };
    assert_eq!(listed(&state, &rest).await, [(4, 5), (1, 2)]);
    assert_eq!(listed(&state, &query(None, PairOrder::Likely)).await, [(1, 2), (4, 5), (1, 3)]);
    assert_eq!(listed(&state, &query(None, PairOrder::Newest)).await, [(4, 5), (1, 3), (1, 2)]);
    let of_run = PairQuery { run: Some(LinkageRunId(1)), ..open.clone() };
    assert_eq!(listed(&state, &of_run).await, [(1, 3), (1, 2)]);
    assert_eq!(state.spread_of_pairs().await.unwrap(), [(22, 1, 1), (34, 1, 1), (44, 1, 1)]);
    let of_nobody = PairQuery { customer: Some(CustomerId(1)), ..open.clone() };
    assert!(listed(&state, &of_nobody).await.is_empty(), "there is no such customer");

    let ids: Vec<PairId> =
        state.pairs(&open).await.unwrap().iter().map(|(row, _)| row.id).collect();
    let said = PairVerdict {
        at: Some(Timestamp(9)),
        by: Some("ann".into()),
        decision: Some(Position(4)),
        joined: Some((IdentifierId(4), IdentifierId(5))),
    };
    let decided = [(ids[0], "different", PairVerdict::default()), (ids[1], "same", said.clone())];
    state.decide_pairs(&decided).await.unwrap();
    assert_eq!(state.pairs_by_id(&ids[1..2]).await.unwrap()[0].verdict, said);
    // Found again: the open one is as it was found last, what people said stays.
    state.put_pairs(&[pair(1, 2, 800_000), pair(1, 3, 999_000)]).await.unwrap();
    let again = state.pairs(&query(None, PairOrder::Likely)).await.unwrap();
    let told: Vec<_> = again.iter().map(|(r, _)| (r.state.as_str(), r.probability_ppm)).collect();
    assert_eq!(told, [("open", 800_000), ("same", 700_000), ("different", 450_000)]);
    let judged = state.judged_pairs(10).await.unwrap();
    assert_eq!(judged.iter().filter(|(_, is_same)| *is_same).count(), 1);
    let counts = state.count_pairs().await.unwrap();
    let one = |word: &str| (word.to_owned(), 1);
    assert_eq!(counts, [one("different"), one("open"), one("same")]);

    state.drop_open_pairs(LinkageRunId(1)).await.unwrap();
    let left = listed(&state, &query(None, PairOrder::Likely)).await;
    assert_eq!(left, [(4, 5), (1, 3)], "what was decided stays");
}

async fn decided_pairs_follow_their_customers(place: &Place) {
    let state = open(place).await;
    let row = |n: u64, kind: IdentifierKind, customer: u64| IdentifierRow {
        id: IdentifierId(n),
        identifier: Identifier { kind, value: format!("v-{n}").into() },
        customer: CustomerId(customer),
        first_seen: Timestamp(1),
        recorded_at: Timestamp(1),
        is_shared: false,
    };
    let mut batch = state.begin().await.unwrap();
    let rows = [
        row(1, IdentifierKind::UserId, 1),
        row(2, IdentifierKind::Email, 1),
        row(3, IdentifierKind::AnonymousId, 3),
        row(4, IdentifierKind::UserId, 3),
    ];
    batch.put_identifiers(&rows).await.unwrap();
    batch.advance(Position(1));
    batch.commit().await.unwrap();
    let mut linking = pair(1, 2, 950_000);
    linking.state = "linking".into();
    state.put_pairs(&[linking, pair(2, 3, 400_000)]).await.unwrap();
    let verdict = PairVerdict { decision: Some(Position(2)), ..PairVerdict::default() };
    state.finish_linking(&[(IdentifierId(1), IdentifierId(2))], &verdict).await.unwrap();
    let rows = state.pairs(&query(Some("open"), PairOrder::Newest)).await.unwrap();
    let different = [(rows[0].0.id, "different", PairVerdict::default())];
    state.decide_pairs(&different).await.unwrap();
    // 1 and 2 are one customer; 2 now belongs to customer 1, and 3 is another.
    let settled = state.settled_pairs().await.unwrap();
    assert_eq!(settled, [(CustomerId(1), CustomerId(3), "different".to_owned())]);
    let customers = [1, 2, 3].map(CustomerId);
    assert_eq!(state.with_user_id(&customers).await.unwrap(), [CustomerId(1), CustomerId(3)]);
}

async fn runs_end_when_rapport_does(place: &Place) {
    let state = open(place).await;
    assert_eq!(state.linkage_followed().await.unwrap(), None);
    for position in [Position(7), Position(9)] {
        state.put_linkage_followed(position).await.unwrap();
        assert_eq!(state.linkage_followed().await.unwrap(), Some(position));
    }
    let row = LinkageRunRow {
        id: LinkageRunId(0),
        state: "running".into(),
        started_at: Timestamp(1),
        started_by: "ann".into(),
        finished_at: None,
        message: None,
        counts: LinkageCounts::default(),
        undone_at: None,
        undone_by: None,
    };
    let first = state.create_linkage_run(row.clone()).await.unwrap();
    let mut second = state.create_linkage_run(row).await.unwrap();
    assert_eq!((first.id, second.id), (LinkageRunId(1), LinkageRunId(2)));
    second.counts =
        LinkageCounts { n_records: 9, n_compared: 8, n_links: 7, n_review: 6, ..second.counts };
    (second.state, second.undone_by) = ("done".into(), Some("bob".into()));
    state.put_linkage_run(&second).await.unwrap();
    state.put_pairs(&[pair(1, 2, 900_000)]).await.unwrap();
    let id = state.pairs(&query(None, PairOrder::Newest)).await.unwrap()[0].0.id;
    state.decide_pairs(&[(id, "same", PairVerdict::default())]).await.unwrap();

    state.end_interrupted_linkage(Timestamp(5)).await.unwrap();
    let runs = state.linkage_runs(None, 10).await.unwrap();
    assert_eq!(runs[0], second);
    assert_eq!((runs[1].state.as_str(), runs[1].finished_at), ("interrupted", Some(Timestamp(5))));
    assert_eq!(state.linkage_runs(Some(LinkageRunId(2)), 10).await.unwrap().len(), 1);
    assert_eq!(state.linkage_run(LinkageRunId(3)).await.unwrap(), None);
    let open = listed(&state, &query(Some("open"), PairOrder::Newest)).await;
    assert_eq!(open, [(1, 2)], "a verdict that was not carried out is asked again");
    assert!(state.edits_by("linkage run r_0001").await.unwrap().is_empty());
    assert!(state.profiles_after(CustomerId(0), 5).await.unwrap().is_empty());
}
