//! Do people and programs get in as long as they may, and no longer?

use super::session::{AGE_MAX, IDLE_MAX};
use super::*;
use crate::page::PageQuery;
use base::Duration;

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);
const PASSWORD: &str = "a long enough password";
const ADDRESS: &str = "10.0.0.1";

async fn access(dir: &tempfile::TempDir, admin_token: Option<&str>) -> Access {
    let url = format!("sqlite:{}", dir.path().join("state.db").display());
    let state = State::open(&url).await.unwrap();
    Access::open(&state, admin_token.map(str::to_owned), NOW).await.unwrap()
}

fn said(name: &str, email: Option<&str>) -> Acceptance {
    Acceptance {
        name: Some(name.to_owned()),
        email: email.map(str::to_owned),
        password: PASSWORD.to_owned(),
    }
}

async fn first_admin(access: &Access) -> (User, Secret) {
    let link = access.first_admin_link(NOW).await.unwrap().unwrap();
    let ann = said("Ann", Some(" Ann@Example.com "));
    access.accept_invite(link.reveal(), &ann, NOW).await.unwrap()
}

fn kind<T>(result: Result<T, Error>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

#[tokio::test]
async fn the_first_link_makes_the_first_administrator_once() {
    let dir = tempfile::tempdir().unwrap();
    let access = access(&dir, None).await;
    assert!(access.is_first_run().await.unwrap());
    let stale = access.first_admin_link(NOW).await.unwrap().unwrap();
    let link = access.first_admin_link(NOW).await.unwrap().unwrap();
    assert_eq!(kind(access.find_invite(stale.reveal(), NOW).await), Some(ErrorKind::NotFound));
    let weak = Acceptance { password: "short".into(), ..said("Ann", Some("ann@example.com")) };
    let refused = access.accept_invite(link.reveal(), &weak, NOW).await;
    assert_eq!(kind(refused), Some(ErrorKind::Invalid), "the link still works after that");
    let ann = said("Ann", Some("ann@example.com"));
    let (user, secret) = access.accept_invite(link.reveal(), &ann, NOW).await.unwrap();
    assert_eq!((user.role, user.email.as_str()), (Role::Admin, "ann@example.com"));
    let signed_in = access.session_user(secret.reveal(), NOW).await.unwrap().unwrap();
    assert_eq!((signed_in.id, signed_in.last_sign_in_at), (user.id, Some(NOW)));
    let again = access.accept_invite(link.reveal(), &said("Eve", Some("e@x.yz")), NOW).await;
    assert_eq!(kind(again), Some(ErrorKind::NotFound));
    assert_eq!(access.first_admin_link(NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_ends_by_idleness_age_signing_out_and_disabling() {
    let dir = tempfile::tempdir().unwrap();
    let access = access(&dir, None).await;
    let (ann, secret) = first_admin(&access).await;
    let is_in =
        async |at: Timestamp| access.session_user(secret.reveal(), at).await.unwrap().is_some();
    assert!(is_in(NOW.plus(IDLE_MAX).minus(Duration::seconds(1))).await);
    assert!(!is_in(NOW.plus(AGE_MAX)).await);
    assert!(access.session_user("guess", NOW).await.unwrap().is_none());
    access.sign_out(secret.reveal()).await.unwrap();
    assert!(!is_in(NOW).await);
    let caller = access.caller_by_cookie(secret.reveal(), NOW).await;
    assert_eq!(kind(caller), Some(ErrorKind::Unauthenticated));

    let link = access.invite_user(&Actor::cli(), "bob@example.com", Role::Sales, NOW).await;
    let (link, _) = link.unwrap();
    let joined = access.accept_invite(link.reveal(), &said("Bob", None), NOW).await;
    let (bob, secret) = joined.unwrap();
    let shut_out = UserChange { is_disabled: Some(true), role: None };
    access.change_user(&Actor::cli(), bob.id, shut_out, NOW).await.unwrap();
    assert!(access.session_user(secret.reveal(), NOW).await.unwrap().is_none());
    let refused = access.sign_in(("bob@example.com", PASSWORD), ADDRESS, NOW).await;
    assert!(matches!(refused, Err(SignInRefused::Wrong)));
    let last = access.change_user(&Actor::cli(), ann.id, shut_out, NOW).await;
    assert_eq!(kind(last), Some(ErrorKind::Conflict), "somebody must administer");
}

#[tokio::test]
async fn idle_sessions_are_over_however_young() {
    let dir = tempfile::tempdir().unwrap();
    let access = access(&dir, None).await;
    let (_, secret) = first_admin(&access).await;
    let later = access.session_user(secret.reveal(), NOW.plus(IDLE_MAX)).await.unwrap();
    assert!(later.is_none());
}

#[tokio::test]
async fn signing_in_takes_the_right_password_and_few_tries() {
    let dir = tempfile::tempdir().unwrap();
    let access = access(&dir, None).await;
    first_admin(&access).await;
    let right = ("ANN@example.com", PASSWORD);
    assert!(access.sign_in(right, ADDRESS, NOW).await.is_ok());
    for email in ["ann@example.com", "nobody@example.com", "no address"] {
        let refused = access.sign_in((email, "a wrong password"), ADDRESS, NOW).await;
        assert!(matches!(refused, Err(SignInRefused::Wrong)), "{email}");
    }
    for _ in 0..9 {
        let _ = access.sign_in(("ann@example.com", "guess"), ADDRESS, NOW).await;
    }
    let refused = access.sign_in(right, ADDRESS, NOW).await;
    assert!(matches!(refused, Err(SignInRefused::TooManyTries { wait_seconds: 1..=901 })));
    assert!(access.sign_in(right, "10.0.0.2", NOW).await.is_ok(), "the owner, from elsewhere");
    let later = NOW.plus(Duration::seconds(16 * 60));
    assert!(access.sign_in(right, ADDRESS, later).await.is_ok());
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_began() {
    let dir = tempfile::tempdir().unwrap();
    let access = access(&dir, None).await;
    let (ann, old) = first_admin(&access).await;
    let (link, expires_at) = access.reset_link(&Actor::cli(), ann.id, NOW).await.unwrap();
    assert_eq!(
        kind(access.find_invite(link.reveal(), expires_at).await),
        Some(ErrorKind::NotFound)
    );
    let found = access.find_invite(link.reveal(), NOW).await.unwrap();
    assert_eq!(found.purpose, InvitePurpose::PasswordReset);
    let new = Acceptance { password: "another long password".into(), ..Acceptance::default() };
    let (_, secret) = access.accept_invite(link.reveal(), &new, NOW).await.unwrap();
    assert!(access.session_user(old.reveal(), NOW).await.unwrap().is_none());
    assert!(access.session_user(secret.reveal(), NOW).await.unwrap().is_some());
    let old = access.sign_in(("ann@example.com", PASSWORD), ADDRESS, NOW).await;
    assert!(matches!(old, Err(SignInRefused::Wrong)));
    assert!(access.sign_in(("ann@example.com", &new.password), ADDRESS, NOW).await.is_ok());
}

#[tokio::test]
async fn tokens_have_their_scopes_and_an_end() {
    let dir = tempfile::tempdir().unwrap();
    let access = access(&dir, Some("an operator's token")).await;
    let expires_at = NOW.plus(Duration::days(1));
    let new = NewToken {
        name: "importer".into(),
        scopes: vec![Scope::Import],
        expires_at: Some(expires_at),
    };
    let (token, secret) = access.create_token(&Actor::cli(), new.clone(), NOW).await.unwrap();
    assert!(secret.reveal().starts_with("rpt_"));
    let caller = access.caller_by_token(secret.reveal(), NOW).await.unwrap();
    assert!(caller.may(Right::RunImports) && !caller.may(Right::ViewCustomers));
    let late = access.caller_by_token(secret.reveal(), expires_at).await;
    assert_eq!(kind(late), Some(ErrorKind::Unauthenticated));
    access.revoke_token(&Actor::cli(), token.id, NOW).await.unwrap();
    let revoked = access.caller_by_token(secret.reveal(), NOW).await;
    assert_eq!(kind(revoked), Some(ErrorKind::Unauthenticated));
    let twice = access.revoke_token(&Actor::cli(), token.id, NOW).await;
    assert_eq!(kind(twice), Some(ErrorKind::NotFound));
    for bad in [
        NewToken { scopes: vec![], ..new.clone() },
        NewToken { name: "  ".into(), ..new.clone() },
        NewToken { expires_at: Some(NOW), ..new },
    ] {
        let refused = access.create_token(&Actor::cli(), bad, NOW).await;
        assert_eq!(kind(refused), Some(ErrorKind::Invalid));
    }
    let operator = access.caller_by_token("an operator's token", NOW).await.unwrap();
    assert_eq!(operator.credential, Credential::AdminToken);
    let guess = access.caller_by_token("an operator's tokem", NOW).await;
    assert_eq!(kind(guess), Some(ErrorKind::Unauthenticated));
}

#[tokio::test]
async fn an_operators_token_must_be_hard_to_guess() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("state.db").display());
    let state = State::open(&url).await.unwrap();
    let opened = Access::open(&state, Some("secret".into()), NOW).await;
    assert_eq!(kind(opened), Some(ErrorKind::Invalid));
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_page_by_page() {
    let dir = tempfile::tempdir().unwrap();
    let access = access(&dir, None).await;
    let (ann, _) = first_admin(&access).await;
    let sales = UserChange { role: Some(Role::Admin), is_disabled: None };
    let actor = Actor { kind: ActorKind::User, name: ann.email.clone() };
    access.change_user(&actor, ann.id, sales, NOW).await.unwrap();
    access.audit(&actor, "data.exported", ("c_0001", "as JSON"), NOW).await.unwrap();
    let mut page = PageQuery { limit: 3, cursor: None };
    let first = access.audit_log(&page).await.unwrap();
    page.cursor = first.next.clone();
    let second = access.audit_log(&page).await.unwrap();
    let actions: Vec<_> = first.items.iter().chain(&second.items).map(|e| &*e.action).collect();
    assert_eq!(actions, ["data.exported", "user.changed", "user.joined", "user.invited"]);
    assert_eq!(first.items[1].detail, "role admin");
    assert_eq!(second.next, None);
    assert_eq!(second.items[0].actor, Actor::system());
}

#[tokio::test]
async fn a_password_without_a_session_lets_in_as_long_as_nothing_changes() {
    let dir = tempfile::tempdir().unwrap();
    let access = access(&dir, Some("an operator's token")).await;
    let (ann, _) = first_admin(&access).await;
    let bob = ("Bob", "bob@example.com", Role::Analyst);
    let bob = access.create_user(&Actor::cli(), bob, PASSWORD, NOW).await.unwrap();
    let wrong = access.caller_by_password(("bob@example.com", "wrong"), ADDRESS, NOW).await;
    assert!(matches!(wrong, Err(SignInRefused::Wrong)));
    let caller = access.caller_by_password((" Bob@Example.com", PASSWORD), ADDRESS, NOW).await;
    let caller = caller.unwrap();
    assert_eq!(caller.actor.name, "bob@example.com");
    assert!(caller.may(Right::AskSql) && access.is_still(&caller, NOW).await.unwrap());
    let sales = UserChange { role: Some(Role::Sales), is_disabled: None };
    access.change_user(&Actor::cli(), bob.id, sales, NOW).await.unwrap();
    assert!(!access.is_still(&caller, NOW).await.unwrap(), "in another role");
    let caller = access.caller_by_password(("bob@example.com", PASSWORD), ADDRESS, NOW).await;
    let caller = caller.unwrap();
    let out = UserChange { role: None, is_disabled: Some(true) };
    access.change_user(&Actor::cli(), bob.id, out, NOW).await.unwrap();
    assert!(!access.is_still(&caller, NOW).await.unwrap(), "shut out");

    let end = NOW.plus(Duration::days(1));
    let new = NewToken { name: "n".into(), scopes: vec![Scope::Read], expires_at: Some(end) };
    let by = Actor { kind: ActorKind::User, name: ann.email };
    let (token, secret) = access.create_token(&by, new, NOW).await.unwrap();
    let caller = access.caller_by_token(secret.reveal(), NOW).await.unwrap();
    assert!(access.is_still(&caller, NOW).await.unwrap());
    assert!(!access.is_still(&caller, end).await.unwrap(), "expired");
    access.revoke_token(&by, token.id, NOW).await.unwrap();
    assert!(!access.is_still(&caller, NOW).await.unwrap(), "revoked");
    let caller = access.caller_by_token("an operator's token", NOW).await.unwrap();
    assert!(access.is_still(&caller, end).await.unwrap());
}
