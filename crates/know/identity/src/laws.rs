//! Does any sequence of events, decisions, rules and erasures come to what follows from scratch?

use crate::testing::{Tables, any_event, any_rules, join};
use crate::{Edit, IdentityRules, LinkKey};
use base::IdentifierId;
use lexicon::{Event, LinkRule};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseResult, TestRng, TestRunner};

/// Something that happens to the ledger.
#[derive(Clone, Debug)]
enum Step {
    Events(Vec<Event>),
    Join(usize, usize),
    Withdraw(Vec<usize>),
    Restore(usize),
    Agree(IdentityRules),
    Forget(usize),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => proptest::collection::vec(any_event(), 1..6).prop_map(Step::Events),
        3 => (0..20usize, 0..20usize).prop_map(|(a, b)| Step::Join(a, b)),
        5 => proptest::collection::vec(0..40usize, 1..4).prop_map(Step::Withdraw),
        3 => (0..40usize).prop_map(Step::Restore),
        1 => any_rules().prop_map(Step::Agree),
        2 => (0..20usize).prop_map(Step::Forget),
    ]
}

fn nth(tables: &Tables, n: usize) -> Option<LinkKey> {
    (!tables.links.is_empty()).then(|| *tables.links.keys().nth(n % tables.links.len()).unwrap())
}

fn step(tables: &mut Tables, step: &Step) {
    let edits: Vec<Edit> = match step {
        Step::Events(events) => {
            tables.take(events);
            return;
        }
        Step::Agree(rules) => {
            tables.agree(rules.clone());
            return;
        }
        Step::Forget(n) => {
            let n_members = tables.members.len().max(1);
            if let Some(member) = tables.members.values().nth(n % n_members) {
                tables.forget(member.customer);
            }
            return;
        }
        Step::Join(a, b) => {
            let n = tables.members.len();
            let ids: Vec<IdentifierId> = tables.members.keys().copied().collect();
            if n < 2 || a % n == b % n {
                return;
            }
            vec![join(ids[a % n], ids[b % n])]
        }
        Step::Withdraw(which) => {
            let mut keys: Vec<LinkKey> = which.iter().filter_map(|&n| nth(tables, n)).collect();
            keys.sort_unstable();
            keys.dedup();
            keys.retain(|key| !tables.links[key].is_withdrawn());
            keys.into_iter().map(Edit::Withdraw).collect()
        }
        Step::Restore(n) => nth(tables, *n).map(Edit::Restore).into_iter().collect(),
    };
    // Some have nothing to do.
    let _ = tables.edit(&edits);
}

/// Whatever happens, the tables hold what follows from the links from scratch.
fn equals_a_rebuild(rules: IdentityRules, steps: &[Step]) -> TestCaseResult {
    let mut tables = Tables::under(rules);
    for one in steps {
        step(&mut tables, one);
        tables.check();
    }
    Ok(())
}

/// A statement that is withdrawn again leaves everybody as they were.
fn merge_then_unmerge(
    rules: IdentityRules,
    steps: &[Step],
    (a, b): (usize, usize),
) -> TestCaseResult {
    let mut tables = Tables::under(rules);
    for one in steps {
        step(&mut tables, one);
    }
    let ids: Vec<IdentifierId> = tables.members.keys().copied().collect();
    prop_assume!(ids.len() >= 2 && a % ids.len() != b % ids.len());
    let (a, b) = (ids[a % ids.len()], ids[b % ids.len()]);
    let members = tables.members.clone();
    if tables.edit(&[join(a, b)]).is_ok() {
        tables.check();
        tables.edit(&[Edit::Withdraw((a.min(b), a.max(b), LinkRule::Stated))]).unwrap();
        tables.check();
    }
    prop_assert_eq!(&tables.members, &members);
    Ok(())
}

/// Events, the same in another order, and the sizes of the batches of both.
type Arrived = (Vec<Event>, Vec<Event>, Vec<usize>, Vec<usize>);

fn arrived() -> impl Strategy<Value = Arrived> {
    let sizes = || proptest::collection::vec(1..8usize, 40);
    let events = proptest::collection::vec(any_event(), 1..40);
    (events, sizes(), sizes()).prop_flat_map(|(events, one, other)| {
        (Just(events.clone()), Just(events).prop_shuffle(), Just(one), Just(other))
    })
}

fn in_batches(rules: &IdentityRules, events: &[Event], sizes: &[usize]) -> Tables {
    let mut tables = Tables::under(rules.clone());
    let mut rest = events;
    for &size in sizes {
        let (batch, after) = rest.split_at(size.min(rest.len()));
        tables.take(batch);
        tables.check();
        rest = after;
    }
    assert!(rest.is_empty(), "there are enough batches");
    tables
}

/// Neither the order of events nor the sizes of batches have a say.
fn order_has_no_say(
    rules: &IdentityRules,
    (events, shuffled, one, other): &Arrived,
) -> TestCaseResult {
    let first = in_batches(rules, events, one);
    let second = in_batches(rules, shuffled, other);
    prop_assert_eq!(first.partition(), second.partition());
    prop_assert_eq!(first.ledger(), second.ledger());
    Ok(())
}

/// Rules changed on the way come to the same as rules that held from the beginning.
fn moment_of_rules_has_no_say(
    rules: [IdentityRules; 2],
    (events, _, sizes, _): &Arrived,
    at: usize,
) -> TestCaseResult {
    let [before, after] = rules;
    let mut tables = Tables::under(before);
    let (early, late) = events.split_at(at % (events.len() + 1));
    tables.take(early);
    tables.agree(after.clone());
    tables.check();
    tables.take(late);
    tables.check();
    let straight = in_batches(&after, events, sizes);
    prop_assert_eq!(tables.partition(), straight.partition());
    prop_assert_eq!(tables.ledger(), straight.ledger());
    Ok(())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(any_step(), 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_sequence_equals_a_rebuild(rules in any_rules(), steps in steps()) {
        equals_a_rebuild(rules, &steps)?;
    }

    #[test]
    fn merge_then_unmerge_is_the_identity(
        rules in any_rules(),
        steps in steps(),
        ends in (0..20usize, 0..20usize),
    ) {
        merge_then_unmerge(rules, &steps, ends)?;
    }

    #[test]
    fn order_and_batching_have_no_say(rules in any_rules(), arrived in arrived()) {
        order_has_no_say(&rules, &arrived)?;
    }

    #[test]
    fn when_rules_change_has_no_say(
        rules in [any_rules(), any_rules()],
        arrived in arrived(),
        at in any::<usize>(),
    ) {
        moment_of_rules_has_no_say(rules, &arrived, at)?;
    }

    #[test]
    fn two_user_ids_are_joined_by_statements_only(rules in any_rules(), arrived in arrived()) {
        let (events, _, one, _) = arrived;
        let plain: Vec<Event> = events.into_iter().map(|mut event| {
            event.links.retain(|link| link.rule != LinkRule::Stated);
            event
        }).collect();
        for customer in in_batches(&rules, &plain, &one).partition() {
            let n_users = customer.iter().filter(|text| text.starts_with("user_id:")).count();
            prop_assert!(n_users <= 1, "{:?}", customer);
        }
    }
}

/// How many seeds the long run takes, and how many cases each.
const SEEDS: u64 = 25;
const CASES_EACH: u32 = 400;

/// Runs `law` on 10,000 cases, 400 for each seed, and names the seed of one that fails.
fn long_run<S: Strategy>(cases: &S, law: impl Fn(S::Value) -> TestCaseResult) {
    for seed in 0..SEEDS {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let config =
            ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES_EACH) };
        let ran = TestRunner::new_with_rng(config, rng).run(cases, &law);
        assert!(ran.is_ok(), "seed {seed}: {}", ran.unwrap_err());
    }
}

#[test]
#[ignore = "10,000 cases: cargo test -p rapport-identity --lib -- --ignored"]
fn long_any_sequence_equals_a_rebuild() {
    long_run(&(any_rules(), steps()), |(rules, steps)| equals_a_rebuild(rules, &steps));
}

#[test]
#[ignore = "10,000 cases: cargo test -p rapport-identity --lib -- --ignored"]
fn long_merge_then_unmerge_is_the_identity() {
    let cases = (any_rules(), steps(), (0..20usize, 0..20usize));
    long_run(&cases, |(rules, steps, ends)| merge_then_unmerge(rules, &steps, ends));
}

#[test]
#[ignore = "10,000 cases: cargo test -p rapport-identity --lib -- --ignored"]
fn long_order_and_batching_have_no_say() {
    long_run(&(any_rules(), arrived()), |(rules, arrived)| order_has_no_say(&rules, &arrived));
}

#[test]
#[ignore = "10,000 cases: cargo test -p rapport-identity --lib -- --ignored"]
fn long_when_rules_change_has_no_say() {
    let cases = ([any_rules(), any_rules()], arrived(), any::<usize>());
    long_run(&cases, |(rules, arrived, at)| moment_of_rules_has_no_say(rules, &arrived, at));
}
