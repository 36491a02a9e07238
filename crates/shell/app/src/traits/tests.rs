//! Is what is agreed about traits kept, checked, and told to the audit log?

use super::*;
use crate::access::Access;
use crate::page::PageQuery;
use lexicon::SourceKind;

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

struct Place {
    state: State,
    sources: Sources,
    traits: Traits,
    _dir: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("state.db").display());
        let state = State::open(&url).await.unwrap();
        let sources = Sources::open(&state).await.unwrap();
        sources.create(&Actor::cli(), ("CRM", SourceKind::Server), true, NOW).await.unwrap();
        let traits = Traits::open(&state).await.unwrap();
        Self { state, sources, traits, _dir: dir }
    }

    async fn change(&self, change: TraitChange) -> Result<Arc<TraitSettings>, Error> {
        self.traits.change(&Actor::cli(), change, &self.sources, NOW).await
    }
}

fn wanted(version: u64) -> TraitChange {
    let crm = SourceId(1);
    TraitChange {
        version,
        rules: TraitRules {
            default: TraitRule::Latest,
            by_name: [("phone".into(), TraitRule::MostTrusted)].into(),
            trusted: vec![crm],
            verified: [crm].into(),
        },
        sensitive: vec![Sensitive {
            pattern: " health_* ".into(),
            roles: vec![Role::Sales, Role::Marketer, Role::Sales],
        }],
    }
}

#[tokio::test]
async fn a_change_is_kept_with_its_version_and_told_to_the_audit_log() {
    let place = Place::new().await;
    assert_eq!(*place.traits.settings(), TraitSettings::default());
    let changed = place.change(wanted(0)).await.unwrap();
    assert_eq!((changed.version, changed.changed_at), (1, Some(NOW)));
    assert_eq!(changed.changed_by.as_deref(), Some("command line"));
    assert_eq!(changed.sensitive[0].pattern, "health_*");
    assert_eq!(changed.sensitive[0].roles, [Role::Marketer, Role::Sales]);
    assert_eq!(place.traits.rules().rule_of("phone"), TraitRule::MostTrusted);
    let again = Traits::open(&place.state).await.unwrap();
    assert_eq!(again.settings(), place.traits.settings(), "the table holds what the memory holds");
    let access = Access::open(&place.state, None, NOW).await.unwrap();
    let page = PageQuery { limit: 10, cursor: None };
    let log = access.audit_log(&page).await.unwrap().items;
    let line = log.iter().find(|entry| entry.action == "traits.changed").unwrap();
    let detail = "version 1; rule of phone: most_trusted; trusted: s_0001; verified: s_0001; \
                  health_* only for admin, marketer, sales";
    assert_eq!(line.detail, detail);
}

#[tokio::test]
async fn what_was_changed_meanwhile_is_not_overwritten() {
    let place = Place::new().await;
    place.change(wanted(0)).await.unwrap();
    let error = place.change(wanted(0)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let back = TraitChange { rules: TraitRules::default(), sensitive: Vec::new(), ..wanted(1) };
    let detail = difference(&place.traits.settings(), &place.change(back).await.unwrap());
    let expected = "version 2; rule of phone: the default; trusted: none; verified: none; \
                    health_* for everybody";
    assert_eq!(detail, expected);
}

#[tokio::test]
async fn what_does_not_hold_together_is_refused() {
    let place = Place::new().await;
    let with = |edit: fn(&mut TraitChange)| {
        let mut change = wanted(0);
        edit(&mut change);
        change
    };
    let bad = [
        with(|change| change.rules.trusted.push(SourceId(1))),
        with(|change| change.rules.trusted.push(SourceId(99))),
        with(|change| change.rules.verified = [SourceId(99)].into()),
        with(|change| change.rules.by_name = [(" ".into(), TraitRule::Latest)].into()),
        with(|change| change.sensitive[0].pattern = "  ".to_owned()),
        with(|change| change.sensitive[0].pattern = "x".repeat(300)),
        with(|change| change.sensitive = vec![change.sensitive[0].clone(); PATTERNS_MAX + 1]),
    ];
    for change in bad {
        let error = place.change(change.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{change:?}");
    }
    assert_eq!(place.traits.settings().version, 0);
}
