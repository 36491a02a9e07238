//! Do the administrative tables keep what they are told?

use super::*;
use crate::testing::{Place, on_both};
use base::{AlertId, BoardId, FiringId, NoteId, QueryId, SourceId, Timestamp, TokenId, UserId};

on_both!(
    a_link_makes_one_account_once,
    the_last_administrator_stays,
    a_token_works_until_it_is_revoked_or_expires,
    sources_round_trip,
    an_import_moves_on_only_from_where_it_is,
    a_request_is_answered_once,
    settings_and_old_things,
    a_metric_keeps_its_versions,
    a_board_and_its_link,
    what_is_deleted_comes_back_or_makes_room,
    a_note_is_written_and_changed,
    an_alert_tells_once_for_each_span,
);

async fn admin(place: &Place) -> Admin {
    Admin::new(&Db::open(&place.url).await.unwrap())
}

fn audit(action: &str, at: i64) -> AuditRow {
    AuditRow {
        at: Timestamp(at),
        actor_kind: "user".into(),
        actor_name: "ann@example.com".into(),
        action: action.into(),
        target: "it".into(),
        detail: String::new(),
    }
}

fn ann() -> NewUser {
    NewUser {
        email: "ann@example.com".into(),
        name: "Ann".into(),
        role: "admin".into(),
        password_hash: "$argon2id$…".into(),
    }
}

fn invite(email: Option<&str>) -> InviteRow {
    InviteRow {
        purpose: "invite".into(),
        email: email.map(str::to_owned),
        role: "admin".into(),
        user: None,
        created_at: Timestamp(0),
        expires_at: Timestamp(1_000),
    }
}

async fn actions(admin: &Admin) -> Vec<String> {
    let log = admin.audit_log(None, 100).await.unwrap();
    log.into_iter().rev().map(|entry| entry.row.action).collect()
}

async fn a_link_makes_one_account_once(place: &Place) {
    let admin = admin(place).await;
    admin.put_invite("old", &invite(None), &audit("invite", 1)).await.unwrap();
    admin.put_invite("new", &invite(None), &audit("invite", 2)).await.unwrap();
    assert_eq!(admin.invite("old", Timestamp(3)).await.unwrap(), None, "replaced");
    assert_eq!(admin.invite("new", Timestamp(1_000)).await.unwrap(), None, "expired");
    let joined = admin.join_by_invite("new", &ann(), Timestamp(3), &audit("join", 3)).await;
    assert_eq!(joined.unwrap().unwrap().id, UserId(1));
    let again = admin.join_by_invite("new", &ann(), Timestamp(4), &audit("join", 4)).await;
    assert_eq!(again.unwrap(), None, "used up");
    admin.put_invite("third", &invite(Some("x@y.z")), &audit("invite", 5)).await.unwrap();
    let taken = admin.join_by_invite("third", &ann(), Timestamp(6), &audit("join", 6)).await;
    assert!(matches!(taken, Err(StateError::Conflict { .. })), "{taken:?}");
    assert!(admin.invite("third", Timestamp(7)).await.unwrap().is_some(), "rolled back");
    assert_eq!(actions(&admin).await, ["invite", "invite", "join", "invite"]);
}

async fn the_last_administrator_stays(place: &Place) {
    let admin = admin(place).await;
    let made = admin.create_user(&ann(), Timestamp(1), &audit("create", 1)).await.unwrap();
    admin.put_session("s", made.id, Timestamp(1)).await.unwrap();
    let disable = UserChange { is_disabled: Some(true), role: None };
    let refused = admin.change_user(made.id, &disable, "admin", &audit("change", 2)).await;
    assert!(matches!(refused, Err(StateError::Conflict { .. })), "{refused:?}");
    assert!(admin.session("s").await.unwrap().is_some(), "nothing was changed");
    let bob = NewUser { email: "bob@example.com".into(), ..ann() };
    admin.create_user(&bob, Timestamp(3), &audit("create", 3)).await.unwrap();
    let changed = admin.change_user(made.id, &disable, "admin", &audit("change", 4)).await;
    assert!(changed.unwrap().unwrap().is_disabled);
    assert_eq!(admin.session("s").await.unwrap(), None, "disabling ends sessions");
    assert_eq!(admin.n_enabled_users("admin").await.unwrap(), 1);
    let nobody = admin.change_user(UserId(9), &disable, "admin", &audit("change", 5)).await;
    assert_eq!(nobody.unwrap(), None);
    assert_eq!(actions(&admin).await, ["create", "create", "change"]);
}

async fn a_token_works_until_it_is_revoked_or_expires(place: &Place) {
    let admin = admin(place).await;
    let row = TokenRow {
        id: TokenId(0),
        name: "ci".into(),
        scopes: "read import".into(),
        created_by: "ann@example.com".into(),
        created_at: Timestamp(1),
        expires_at: Some(Timestamp(100)),
        last_used_at: None,
    };
    let made = admin.put_token("digest", row, &audit("token.created", 1)).await.unwrap();
    assert_eq!(made.id, TokenId(1));
    admin.touch_token(made.id, Timestamp(5)).await.unwrap();
    let found = admin.token("digest", Timestamp(99)).await.unwrap().unwrap();
    assert_eq!((found.scopes.as_str(), found.last_used_at), ("read import", Some(Timestamp(5))));
    assert_eq!(admin.token("digest", Timestamp(100)).await.unwrap(), None, "expired");
    assert!(admin.revoke_token(made.id, &audit("token.revoked", 6)).await.unwrap());
    assert!(!admin.revoke_token(made.id, &audit("token.revoked", 7)).await.unwrap());
    assert_eq!(admin.token("digest", Timestamp(6)).await.unwrap(), None, "revoked");
    assert_eq!(admin.tokens().await.unwrap(), []);
    assert_eq!(actions(&admin).await, ["token.created", "token.revoked"]);
}

async fn sources_round_trip(place: &Place) {
    let admin = admin(place).await;
    let row = SourceRow {
        id: SourceId(0),
        name: "Shop".into(),
        kind: "browser".into(),
        write_key: "key".into(),
        is_enabled: true,
        store_ip: false,
        plan_mode: "allow".into(),
        plan: None,
        pinned_at: None,
        pinned_by: None,
        created_at: Timestamp(1),
        deleted_at: None,
    };
    let mut made = admin.create_source(row.clone(), &audit("source.created", 1)).await.unwrap();
    let twice = admin.create_source(row, &audit("source.created", 2)).await;
    assert!(matches!(twice, Err(StateError::Conflict { .. })), "write keys are unique");
    made.plan = Some("{}".into());
    made.pinned_at = Some(Timestamp(3));
    made.deleted_at = Some(Timestamp(4));
    admin.update_source(&made, &audit("source.changed", 4)).await.unwrap();
    assert_eq!(admin.sources().await.unwrap(), [made]);
}

async fn an_import_moves_on_only_from_where_it_is(place: &Place) {
    let admin = admin(place).await;
    let file = NewImport {
        fingerprint: "f".into(),
        file_name: "orders.csv".into(),
        mapping_name: "orders".into(),
        mapping_hash: "m".into(),
        bytes_total: 100,
        n_rows_total: None,
    };
    let row = ImportRow {
        id: base::ImportId(0),
        file: file.clone(),
        state: "running".into(),
        resume_row: 0,
        n_events: 0,
        n_duplicates: 0,
        n_rejected: 0,
        bytes_done: 0,
        started_at: Timestamp(1),
        finished_at: None,
        message: None,
    };
    let mut row = admin.create_import(row, &audit("import.started", 1)).await.unwrap();
    let reject = RejectRow { row: 3, column: Some("when".into()), reason: "no time".into() };
    (row.resume_row, row.n_rejected) = (10, 1);
    assert!(admin.advance_import(0, &row, std::slice::from_ref(&reject)).await.unwrap());
    assert!(
        !admin.advance_import(0, &row, std::slice::from_ref(&reject)).await.unwrap(),
        "sent twice"
    );
    admin.count_import(row.id, 4, std::slice::from_ref(&reject)).await.unwrap();
    let found = admin.import_not_in("done", &file).await.unwrap().unwrap();
    assert_eq!((found.resume_row, found.n_duplicates, found.n_rejected), (10, 4, 2));
    let rejects = admin.import_rejects(row.id, 0, 10).await.unwrap();
    assert_eq!(rejects, [(1, reject.clone()), (2, reject)]);
    row.state = "done".into();
    admin.put_import_state(&row).await.unwrap();
    assert_eq!(admin.import_not_in("done", &file).await.unwrap(), None);
    assert_eq!(admin.imports(None, 10).await.unwrap().len(), 1);
}

async fn a_request_is_answered_once(place: &Place) {
    let admin = admin(place).await;
    let begin = async |digest: &str, now: i64| {
        let times = (Timestamp(now), Timestamp(now - 100));
        admin.begin_answer("u_1 POST", "k", digest, times).await.unwrap()
    };
    assert_eq!(begin("a", 0).await, Begun::New);
    assert_eq!(begin("a", 10).await, Begun::AtWork);
    assert_eq!(begin("b", 10).await, Begun::OtherRequest);
    assert_eq!(begin("a", 101).await, Begun::New, "the first one died");
    admin.abandon_answer("u_1 POST", "k").await.unwrap();
    assert_eq!(begin("b", 102).await, Begun::New);
    let answer = StoredAnswer { status: 200, body: Some("{}".into()) };
    admin.answered("u_1 POST", "k", &answer).await.unwrap();
    admin.abandon_answer("u_1 POST", "k").await.unwrap();
    assert_eq!(begin("b", 1_000).await, Begun::Answered(answer));
}

async fn settings_and_old_things(place: &Place) {
    let admin = admin(place).await;
    assert_eq!(admin.setting("a").await.unwrap(), None);
    admin.put_setting("a", "1", &audit("setting.changed", 1)).await.unwrap();
    admin.put_setting("a", "2", &audit("setting.changed", 2)).await.unwrap();
    assert_eq!(admin.setting("a").await.unwrap().as_deref(), Some("2"));
    admin.put_session("idle", UserId(1), Timestamp(50)).await.unwrap();
    admin.put_session("used", UserId(1), Timestamp(50)).await.unwrap();
    admin.touch_session("used", Timestamp(90)).await.unwrap();
    admin.forget_old(Timestamp(10), Timestamp(80)).await.unwrap();
    assert_eq!(admin.session("idle").await.unwrap(), None);
    assert!(admin.session("used").await.unwrap().is_some());
    admin.end_session("used").await.unwrap();
    assert_eq!(admin.session("used").await.unwrap(), None);
    let first = admin.audit_log(None, 1).await.unwrap();
    let second = admin.audit_log(Some(first[0].id), 5).await.unwrap();
    assert_eq!((first[0].row.at, second[0].row.at), (Timestamp(2), Timestamp(1)));
}

async fn a_metric_keeps_its_versions(place: &Place) {
    let admin = admin(place).await;
    let now = MetricVersionRow {
        version: 1,
        unit: "u1".into(),
        measure: "m1".into(),
        changed_at: Timestamp(1),
        changed_by: "ann".into(),
    };
    let row = MetricRow {
        metric: "revenue".into(),
        revision: 1,
        name: "Revenue".into(),
        note: String::new(),
        owner: "ann".into(),
        good: "up".into(),
        is_archived: false,
        changed_at: Timestamp(1),
        changed_by: "ann".into(),
        now: now.clone(),
    };
    admin.put_metric(&row, &audit("metric.created", 1)).await.unwrap();
    let twice = admin.put_metric(&row, &audit("metric.created", 2)).await;
    assert!(matches!(twice, Err(StateError::Conflict { .. })), "{twice:?}");
    let renamed = MetricRow { revision: 2, name: "Sales".into(), ..row.clone() };
    assert!(admin.change_metric(&renamed, &audit("metric.changed", 3)).await.unwrap());
    assert!(!admin.change_metric(&renamed, &audit("metric.changed", 4)).await.unwrap(), "stale");
    let second = MetricVersionRow { version: 2, measure: "m2".into(), ..now.clone() };
    let other = MetricRow { revision: 3, now: second.clone(), is_archived: true, ..renamed };
    assert!(admin.change_metric(&other, &audit("metric.changed", 5)).await.unwrap());
    assert_eq!(admin.metric("revenue").await.unwrap(), Some(other.clone()));
    assert_eq!(admin.metrics().await.unwrap(), [other]);
    assert_eq!(admin.metric_versions("revenue").await.unwrap(), [second, now]);
    assert_eq!(admin.metric("profit").await.unwrap(), None);
    let expected = ["metric.created", "metric.changed", "metric.changed"];
    assert_eq!(actions(&admin).await, expected);
}

async fn a_board_and_its_link(place: &Place) {
    let admin = admin(place).await;
    let row = BoardRow {
        id: BoardId(0),
        version: 1,
        name: "Shop".into(),
        note: String::new(),
        cards: "[]".into(),
        n_cards: 0,
        owner: "ann".into(),
        changed_at: Timestamp(1),
        changed_by: "ann".into(),
        link: None,
        deleted: None,
    };
    let made = admin.put_board(row, &audit("board.created", 1)).await.unwrap();
    assert_eq!(made.id, BoardId(1));
    let changed = BoardRow { version: 2, cards: "[1]".into(), n_cards: 1, ..made.clone() };
    assert!(admin.change_board(&changed, &audit("board.changed", 2)).await.unwrap());
    assert!(!admin.change_board(&changed, &audit("board.changed", 3)).await.unwrap(), "stale");
    let link = |digest: &str| LinkRow {
        token: format!("secret of {digest}"),
        digest: digest.into(),
        created_at: Timestamp(4),
    };
    assert!(admin.put_board_link(made.id, Some(&link("d1")), &audit("s", 4)).await.unwrap());
    assert!(admin.put_board_link(made.id, Some(&link("d2")), &audit("s", 5)).await.unwrap());
    assert_eq!(admin.shared_board("d1").await.unwrap(), None, "the old link is gone");
    let shared = admin.shared_board("d2").await.unwrap().unwrap();
    assert_eq!((shared.id, shared.link), (made.id, Some(link("d2"))));
    assert!(admin.put_board_link(made.id, None, &audit("u", 6)).await.unwrap());
    assert_eq!(admin.shared_board("d2").await.unwrap(), None);
    assert_eq!(admin.boards().await.unwrap(), [changed]);
    assert!(admin.put_board_link(made.id, Some(&link("d3")), &audit("s", 7)).await.unwrap());
    let changed = admin.board(made.id).await.unwrap().unwrap();
    let (which, mark) = ((Kept::Boards, made.id.to_sql()), deleted(8));
    assert!(admin.mark_deleted(which, &mark, &audit("board.deleted", 8)).await.unwrap());
    assert!(!admin.mark_deleted(which, &deleted(9), &audit("d", 9)).await.unwrap(), "once");
    assert_eq!(admin.boards().await.unwrap(), []);
    assert_eq!(admin.shared_board("d3").await.unwrap(), None, "its link leads nowhere");
    let next = BoardRow { version: 3, ..changed.clone() };
    assert!(!admin.change_board(&next, &audit("c", 9)).await.unwrap(), "it is deleted");
    assert!(!admin.put_board_link(made.id, None, &audit("u", 9)).await.unwrap());
    let gone = admin.deleted_boards().await.unwrap();
    assert_eq!(gone, [BoardRow { deleted: Some(mark), ..changed.clone() }]);
    assert_eq!(admin.forget_deleted(Kept::Boards, Timestamp(8)).await.unwrap(), 0);
    assert!(admin.unmark_deleted(which, &audit("board.restored", 10)).await.unwrap());
    assert!(!admin.unmark_deleted(which, &audit("r", 11)).await.unwrap());
    assert_eq!(admin.shared_board("d3").await.unwrap(), Some(changed));
    assert!(admin.mark_deleted(which, &deleted(12), &audit("d", 12)).await.unwrap());
    assert_eq!(admin.forget_deleted(Kept::Boards, Timestamp(13)).await.unwrap(), 1);
    assert_eq!(admin.board(made.id).await.unwrap(), None);
    let audited = actions(&admin).await;
    assert_eq!(audited[audited.len() - 3..], ["board.deleted", "board.restored", "d"]);
}

fn deleted(at: i64) -> DeletedRow {
    DeletedRow { at: Timestamp(at), by: "ann".into() }
}

async fn what_is_deleted_comes_back_or_makes_room(place: &Place) {
    let admin = admin(place).await;
    let row = QueryRow {
        id: QueryId(0),
        name: "Orders".into(),
        query: "SELECT 1".into(),
        look: None,
        owner: "ann".into(),
        changed_at: Timestamp(1),
        deleted: None,
    };
    let mut ids = Vec::new();
    for at in 1..=3 {
        ids.push(admin.put_query(row.clone(), &audit("query.saved", at)).await.unwrap().id);
    }
    let of = |k: usize| (Kept::Queries, ids[k].to_sql());
    assert!(admin.has_room(Kept::Queries, 4).await.unwrap());
    assert!(!admin.has_room(Kept::Queries, 3).await.unwrap());
    for (k, at) in [(1, 5), (0, 4)] {
        assert!(admin.mark_deleted(of(k), &deleted(at), &audit("d", at)).await.unwrap());
    }
    let gone: Vec<_> = admin.deleted_queries().await.unwrap().iter().map(|row| row.id).collect();
    assert_eq!(gone, [ids[1], ids[0]], "the last one first");
    assert!(!admin.change_query(&QueryRow { id: ids[0], ..row }, &audit("c", 6)).await.unwrap());
    assert!(admin.has_room(Kept::Queries, 2).await.unwrap(), "what is deleted takes no room");
    assert!(!admin.has_room(Kept::Queries, 1).await.unwrap());
    assert!(admin.unmark_deleted(of(1), &audit("query.restored", 7)).await.unwrap());
    let there: Vec<_> = admin.queries().await.unwrap().iter().map(|row| row.id).collect();
    assert_eq!(there, [ids[1], ids[2]]);
}

async fn a_note_is_written_and_changed(place: &Place) {
    let admin = admin(place).await;
    let row = |day: &str| NoteRow {
        id: NoteId(0),
        version: 1,
        day: day.into(),
        text: "Price rise".into(),
        owner: "ann".into(),
        changed_at: Timestamp(1),
        changed_by: "ann".into(),
    };
    let late = admin.put_note(row("2026-03-02"), &audit("note.written", 1)).await.unwrap();
    let early = admin.put_note(row("2026-03-01"), &audit("note.written", 2)).await.unwrap();
    assert_eq!(admin.notes().await.unwrap(), [early.clone(), late.clone()], "by day");
    let changed = NoteRow { version: 2, text: "Sale".into(), ..late.clone() };
    assert!(admin.change_note(&changed, &audit("note.changed", 3)).await.unwrap());
    assert!(!admin.change_note(&changed, &audit("note.changed", 4)).await.unwrap(), "stale");
    assert_eq!(admin.note(late.id).await.unwrap(), Some(changed));
    assert!(admin.delete_note(early.id, &audit("note.deleted", 5)).await.unwrap());
    assert!(!admin.delete_note(early.id, &audit("note.deleted", 6)).await.unwrap());
    assert_eq!(admin.note(early.id).await.unwrap(), None);
    let expected = ["note.written", "note.written", "note.changed", "note.deleted"];
    assert_eq!(actions(&admin).await, expected);
}

fn alert() -> AlertRow {
    AlertRow {
        id: AlertId(0),
        version: 1,
        metric: "revenue".into(),
        rule: "{}".into(),
        webhook: Some(("https://example.com".into(), "whsec_x".into())),
        is_on: true,
        owner: "ann".into(),
        changed_at: Timestamp(1),
        changed_by: "ann".into(),
        judged_until: Timestamp(10),
        judgement: None,
    }
}

async fn an_alert_tells_once_for_each_span(place: &Place) {
    let admin = admin(place).await;
    let made = admin.put_alert(alert(), &audit("alert.created", 1)).await.unwrap();
    let waiting = DeliveryRow { n_attempts: 0, next_at: Some(Timestamp(21)), delivered_at: None };
    let firing = FiringRow {
        id: FiringId(0),
        alert: made.id,
        span: (Timestamp(10), Timestamp(20)),
        metric: "revenue".into(),
        metric_version: 1,
        fired_at: Timestamp(21),
        judgement: "low".into(),
        delivery: Some(waiting),
    };
    let until = Timestamp(20);
    let (alert, told) = (made.id, Some(&firing));
    let judged = JudgedRow { alert, version: 1, until, judgement: "low", firing: told };
    let stale = JudgedRow { version: 0, ..judged.clone() };
    assert!(!admin.put_judged(&stale).await.unwrap(), "it was changed meanwhile");
    assert!(admin.put_judged(&judged).await.unwrap());
    assert!(!admin.put_judged(&judged).await.unwrap(), "once only");
    // Who turned the clock of the alert back is still not told twice.
    let back = AlertRow { version: 2, judged_until: Timestamp(5), ..made.clone() };
    assert!(admin.change_alert(&back, &audit("alert.changed", 22)).await.unwrap());
    assert!(!admin.put_judged(&JudgedRow { version: 2, ..judged }).await.unwrap());
    let stored = FiringRow { id: FiringId(1), ..firing };
    assert_eq!(admin.firings(None, None, 10).await.unwrap(), std::slice::from_ref(&stored));
    assert_eq!(admin.firings(Some(AlertId(9)), None, 10).await.unwrap(), []);
    assert_eq!(admin.firings(None, Some(FiringId(1)), 10).await.unwrap(), []);

    assert_eq!(admin.firings_due(Timestamp(20), 10).await.unwrap(), []);
    assert_eq!(admin.firings_due(until.max(Timestamp(21)), 10).await.unwrap(), [stored]);
    let attempt = AttemptRow {
        firing: FiringId(1),
        attempt: 1,
        at: Timestamp(22),
        status: Some(204),
        message: "taken".into(),
    };
    let arrived = DeliveryRow { n_attempts: 1, next_at: None, delivered_at: Some(Timestamp(22)) };
    admin.put_attempt(&attempt, arrived).await.unwrap();
    assert_eq!(admin.firings_due(Timestamp(99), 10).await.unwrap(), []);
    assert_eq!(admin.firings(None, None, 1).await.unwrap()[0].delivery, Some(arrived));
    assert_eq!(admin.attempts((FiringId(1), FiringId(1))).await.unwrap(), [attempt]);

    assert_eq!(admin.seen_firing("ann").await.unwrap(), FiringId(0));
    admin.put_seen_firing("ann", FiringId(1)).await.unwrap();
    admin.put_seen_firing("ann", FiringId(0)).await.unwrap();
    assert_eq!(admin.seen_firing("ann").await.unwrap(), FiringId(1));
    assert_eq!(admin.n_firings_after(FiringId(0)).await.unwrap(), 1);
    assert!(admin.delete_alert(made.id, &audit("alert.deleted", 30)).await.unwrap());
    assert!(!admin.delete_alert(made.id, &audit("alert.deleted", 31)).await.unwrap());
    assert_eq!(admin.firings(None, None, 10).await.unwrap(), []);
    assert_eq!(admin.attempts((FiringId(0), FiringId(9))).await.unwrap(), []);
}
