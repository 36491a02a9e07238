//! Does linkage find who is who in made files whose truth is known?

mod mistyped;

use base::hash::mix64;
use base::seed::Seed;
use linkage::{
    Band, DateNotation, Field, Index, IndexOptions, Kind, Label, LabelledPair, LearnOptions,
    Learned, LinkOptions, Linked, Model, NotEstimable, Quality, RecordIdx, Reliability, Schema,
    Scope, Scorer, SourceIdx, Table, Truth, learn, link, recalibrate,
};
use mistyped::{FileSpec, record, schema, table};

fn learned(table: &Table, scope: Scope, n_threads: usize) -> Learned {
    learn(table, &LearnOptions::new(Seed::root(1), scope, n_threads), &[]).expect("a model")
}

fn linked(table: &Table, model: &Model) -> Linked {
    link(table, model, &LinkOptions::new(Scope::Within, 1))
}

fn verdict(a: RecordIdx, b: RecordIdx, is_same: bool) -> Label {
    Label { pair: LabelledPair::Records(a, b), is_same }
}

#[test]
fn made_files_are_linked_over_seeds() {
    let mut errors = Vec::new();
    for seed in 0..5 {
        let (table, persons) = table(FileSpec::usual(seed, 6_000));
        let learned = learned(&table, Scope::Within, 1);
        let found = linked(&table, &learned.model);
        let truth = Truth { persons: &persons, sources: &[] };
        let quality = Quality::of_clusters(&found.clusters, &truth);
        assert!(quality.precision() > Some(0.985), "seed {seed}: {quality:?}");
        assert!(quality.recall() > Some(0.93), "seed {seed}: {quality:?}");
        let estimated = learned.report.n_matches_est;
        let true_pairs = (quality.n_right + quality.n_missed) as f64;
        assert!(
            (0.85..1.15).contains(&(estimated / true_pairs)),
            "seed {seed}: {estimated:.0} matches estimated, {true_pairs} there are"
        );
        let scored = found.pairs.iter();
        let curve =
            Reliability::of(scored.map(|p| (f64::from(p.probability), truth.is_same(p.a, p.b))));
        errors.push(curve.error().expect("there are pairs"));
    }
    // Expected calibration error; 0.02 is what two thousand pairs scatter by chance.
    assert!(errors.iter().all(|error| *error < 0.03), "{errors:?}");
}

#[test]
fn what_is_learned_is_what_was_done() {
    // A slip in 12 % of the values, most of them one letter: m("same") is near 0.86 where nothing
    // else happens to a value, and birthdays are missing in 8 %.
    let (table, _) = table(FileSpec::usual(3, 20_000));
    let learned = learned(&table, Scope::Within, 2);
    let birthday = &learned.model.fields()[2];
    assert!((birthday.m[0] - 0.90).abs() < 0.04, "{:?}", birthday.m);
    // 12 × 28 × 70 dates, all equally likely.
    assert!((birthday.u[0] * 23_520.0 - 1.0).abs() < 0.15, "{:?}", birthday.u);
    let family = &learned.model.fields()[1];
    assert!(family.r[0] > 0.8, "households share the family name: {:?}", family.r);
    let given = &learned.model.fields()[0];
    assert_eq!(given.r, given.u, "and not the given name");
    assert!(learned.report.coverage > 0.98, "{:?}", learned.report.rules);
}

#[test]
fn threads_change_nothing() {
    let (table, _) = table(FileSpec::usual(9, 3_000));
    let (one, two) = (learned(&table, Scope::Within, 1), learned(&table, Scope::Within, 3));
    assert_eq!(one, two);
    let options = |n_threads| LinkOptions::new(Scope::Within, n_threads);
    let (a, b) = (link(&table, &one.model, &options(1)), link(&table, &one.model, &options(3)));
    assert_eq!(a.pairs, b.pairs);
    assert_eq!(a.clusters, b.clusters);
}

#[test]
fn a_shared_kiosk_does_not_chain_people() {
    // Ten thousand people leave the phone and the address of the shop.
    let mut table = Table::new(schema());
    let spec = FileSpec { duplicates: 0.1, ..FileSpec::usual(4, 10_000) };
    let mut persons = Vec::new();
    for at in 0..10_000 {
        let mut made = record(spec, at);
        made.fields[4] = "0800 1234567".to_owned();
        made.fields[5] = "1 Station Square".to_owned();
        let fields: Vec<&str> = made.fields.iter().map(String::as_str).collect();
        table.push(SourceIdx(0), &fields).expect("eight values");
        persons.push(made.person);
    }
    let model = learned(&table, Scope::Within, 1).model;
    let found = linked(&table, &model);
    let largest = found.groups().iter().map(Vec::len).max().unwrap_or(0);
    assert!(largest <= 8, "{largest} records in one cluster");
    let quality = Quality::of_clusters(&found.clusters, &Truth { persons: &persons, sources: &[] });
    assert!(quality.precision() > Some(0.97), "{quality:?}");
}

#[test]
fn sources_without_duplicates_keep_their_records_apart() {
    let (mut table, mut persons, mut sources) = (Table::new(schema()), Vec::new(), Vec::new());
    let spec = FileSpec { duplicates: 0.5, ..FileSpec::usual(6, 4_000) };
    for at in 0..4_000 {
        let made = record(spec, at);
        let source = u16::from(made.person as usize != at);
        let fields: Vec<&str> = made.fields.iter().map(String::as_str).collect();
        table.push(SourceIdx(source), &fields).expect("eight values");
        persons.push(made.person);
        sources.push(source);
    }
    let model = learned(&table, Scope::Across, 1).model;
    let mut options = LinkOptions::new(Scope::Across, 1);
    options.unique_sources = vec![SourceIdx(0)];
    let found = link(&table, &model, &options);
    for group in found.groups() {
        let n = group.iter().filter(|record| sources[record.0 as usize] == 0).count();
        assert!(n <= 1, "{group:?}");
    }
    let truth = Truth { persons: &persons, sources: &sources };
    let quality = Quality::of_clusters(&found.clusters, &truth);
    assert!(quality.f1() > Some(0.95), "{quality:?}");
}

#[test]
fn an_index_finds_what_a_batch_links() {
    let spec = FileSpec::usual(12, 5_000);
    let (table, persons) = table(spec);
    let model = learned(&table, Scope::Within, 1).model;
    let index = Index::new(table, model, IndexOptions::default());
    let (mut n_known, mut n_found) = (0, 0);
    for at in 5_000..6_000 {
        let made = record(FileSpec { n_records: 6_000, ..spec }, at);
        if made.person >= 5_000 {
            continue;
        }
        n_known += 1;
        let fields: Vec<&str> = made.fields.iter().map(String::as_str).collect();
        let answer = index.ask(&fields).expect("eight values");
        let best = answer.candidates.first();
        n_found += u32::from(best.is_some_and(|candidate| {
            candidate.band == Band::Link && persons[candidate.record.0 as usize] == made.person
        }));
    }
    assert!(n_known > 100, "{n_known}");
    assert!(f64::from(n_found) > 0.93 * f64::from(n_known), "{n_found} of {n_known}");
}

#[test]
fn the_waterfall_adds_up_and_is_the_score() {
    let (table, _) = table(FileSpec::usual(2, 2_000));
    let learned = learned(&table, Scope::Within, 1);
    let scorer = Scorer::new(&learned.model, &table);
    let found = linked(&table, &learned.model);
    let all = (0..2_000).map(|at| (RecordIdx(at), RecordIdx((at * 7 + 13) % 2_000)));
    for (a, b) in found.pairs.iter().map(|pair| (pair.a, pair.b)).chain(all).filter(|p| p.0 != p.1)
    {
        let evidence = scorer.explain(a, b);
        let sum: f64 = evidence.fields.iter().map(|field| field.weight).sum();
        let total = evidence.prior + sum + evidence.of_household;
        assert!((total - evidence.total).abs() < 1e-4, "{evidence:?}");
        for field in evidence.fields.iter().filter(|field| field.level.is_some()) {
            let (m, u) = (field.m.expect("of a level"), field.u.expect("of a level"));
            let plain = field.weight - field.of_frequency - field.of_dependence;
            assert!(((m / u).log2() - plain).abs() < 1e-3, "{field:?}");
        }
        assert!((f64::from(scorer.weight(a, b)) - total).abs() < 1e-3, "{evidence:?}");
        let back = scorer.explain(b, a);
        assert!((back.total - evidence.total).abs() < 1e-4, "either way round");
    }
}

#[test]
fn reviews_are_heard() {
    let (table, persons) = table(FileSpec::usual(8, 3_000));
    let options = LearnOptions::new(Seed::root(1), Scope::Within, 1);
    let before = learned(&table, Scope::Within, 1).model;
    let found = linked(&table, &before);
    let doubtful = found.pairs.iter().filter(|p| (0.1..0.95).contains(&p.probability));
    // People who call every doubtful pair the same: the scale must follow.
    let labels: Vec<Label> = doubtful.take(40).map(|p| verdict(p.a, p.b, true)).collect();
    assert!(!labels.is_empty());
    let after = recalibrate(before.clone(), &table, &labels);
    let mean = |model: &Model| {
        let scorer = Scorer::new(model, &table);
        let of = |label: &Label| match label.pair {
            LabelledPair::Records(a, b) => scorer.probability(a, b),
            LabelledPair::Texts(..) => unreachable!("only records were judged"),
        };
        labels.iter().map(of).sum::<f64>() / labels.len() as f64
    };
    assert!(mean(&after) > mean(&before), "{} {}", mean(&after), mean(&before));
    // True verdicts keep a calibrated model calibrated, and learning again takes them in.
    let verdicts: Vec<Label> = found
        .pairs
        .iter()
        .map(|p| verdict(p.a, p.b, persons[p.a.0 as usize] == persons[p.b.0 as usize]))
        .collect();
    let again = learn(&table, &options, &verdicts).expect("a model").model;
    assert_ne!(again, before);
    let quality = |model: &Model| {
        let truth = Truth { persons: &persons, sources: &[] };
        Quality::of_clusters(&linked(&table, model).clusters, &truth).f1()
    };
    let (again, before) = (quality(&again), quality(&before));
    assert!(again >= before.map(|f1| f1 - 0.005), "{again:?} {before:?}");
}

#[test]
fn who_wants_it_to_end_is_heard() {
    let (table, _) = table(FileSpec::usual(8, 3_000));
    let options = LearnOptions::new(Seed::root(1), Scope::Within, 1);
    options.stop.clone().stop();
    assert_eq!(learn(&table, &options, &[]).map(|_| ()), Err(NotEstimable::Stopped));
    let model = learned(&table, Scope::Within, 1).model;
    assert!(linked(&table, &model).report.is_complete);
    let mut linking = LinkOptions::new(Scope::Within, 1);
    linking.stop = options.stop;
    let ended = link(&table, &model, &linking);
    assert!(!ended.report.is_complete && ended.report.n_compared == 0, "{:?}", ended.report);
}

/// Four syllables of a draw.
fn name(draw: u64) -> String {
    let draw = mix64(draw);
    let syllable = |at: u32| {
        ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe"]
            [(draw >> (8 * at)) as usize % 12]
    };
    (0..4).map(syllable).collect()
}

/// Couples with one address; every third couple has one mailbox, and every second of all records
/// has no birthday. A quarter of the people are there twice.
fn couples(seed: u64) -> (Table, Vec<u32>, Vec<bool>) {
    let fields = [
        Field::new("first name", Kind::GivenName),
        Field::new("last name", Kind::FamilyName),
        Field::new("birthday", Kind::Date),
        Field::new("email", Kind::Email),
        Field::new("street", Kind::Street),
        Field::new("postcode", Kind::Postcode),
    ];
    let schema = Schema::new(fields.to_vec(), DateNotation::default()).expect("six fields");
    let (mut table, mut persons, mut shares) = (Table::new(schema), Vec::new(), Vec::new());
    for person in 0..3_000_u64 {
        let draw = |of: u64, what: u64| mix64(seed ^ mix64(of * 8 + what));
        let (home, own) = (person / 2, person + 10_000);
        let has_one_mailbox = home % 3 == 0;
        let given = name(draw(own, 1) % 5_000);
        let family = name(draw(home, 2) % 40_000);
        let owner = if has_one_mailbox { format!("h{home}") } else { format!("{given}{own}") };
        let street = format!("{} road {}", name(draw(home, 3) % 20_000), home % 90);
        let postcode = format!("{:05}", draw(home, 4) % 3_000);
        let day = draw(own, 5);
        let n = 1 + u64::from(draw(own, 6) % 4 == 0);
        for copy in 0..n {
            let has_birthday = draw(own * 2 + copy, 7) % 2 == 0;
            let birthday = format!("{}-{:02}-{:02}", 1940 + day % 60, 1 + day % 12, 1 + day % 28);
            let birthday = if has_birthday { birthday } else { String::new() };
            let email = format!("{owner}@example.org");
            let texts = [&given, &family, &birthday, &email, &street, &postcode];
            table.push(SourceIdx(0), &texts.map(String::as_str)).expect("six values");
            persons.push(person as u32);
            shares.push(has_one_mailbox);
        }
    }
    (table, persons, shares)
}

/// Who shares a mailbox shares name and address as well: taken as independent, couples would pass
/// for persons whose first name has changed.
#[test]
fn a_couple_with_one_mailbox_is_two_persons_and_the_model_is_not_too_sure() {
    for seed in 0..4 {
        let (table, persons, shares) = couples(seed);
        let learned = learned(&table, Scope::Within, 1);
        let scorer = Scorer::new(&learned.model, &table);
        let (mut sum, mut n) = (0.0, 0.0);
        for at in 1..table.n_records() {
            let is_couple = persons[at] == persons[at - 1] + 1 && persons[at] % 2 == 1;
            if is_couple && shares[at] {
                sum += scorer.probability(RecordIdx(at as u32 - 1), RecordIdx(at as u32));
                n += 1.0;
            }
        }
        assert!(n > 300.0 && sum / n < 0.1, "seed {seed}: {n} couples are one by {}", sum / n);
        let found = linked(&table, &learned.model);
        let truth = Truth { persons: &persons, sources: &[] };
        let quality = Quality::of_clusters(&found.clusters, &truth);
        // Names of four syllables are alike by chance now and then.
        assert!(quality.f1() > Some(0.98), "seed {seed}: {quality:?}");
        let scored = found.pairs.iter();
        let curve =
            Reliability::of(scored.map(|p| (f64::from(p.probability), truth.is_same(p.a, p.b))));
        assert!(curve.error() < Some(0.02), "seed {seed}: {curve:?}");
        assert!(!learned.model.parts().together.is_empty());
    }
}

#[test]
fn what_cannot_be_learned_says_why() {
    let options = LearnOptions::new(Seed::root(1), Scope::Within, 1);
    let few = table(FileSpec::usual(1, 20)).0;
    assert_eq!(
        learn(&few, &options, &[]).map(|_| ()),
        Err(NotEstimable::TooFewRecords { n: 20, needed: 50 })
    );
    let mut same = Table::new(schema());
    for _ in 0..60 {
        same.push(SourceIdx(0), &["Ada", "", "", "", "", "", "", ""]).expect("eight values");
    }
    assert_eq!(learn(&same, &options, &[]).map(|_| ()), Err(NotEstimable::NoTellingField));
    let mut nobody_twice = Table::new(schema());
    for at in 0..60 {
        let email = format!("{at}{at}@example.org");
        let fields = ["", "", "", email.as_str(), "", "", "", ""];
        nobody_twice.push(SourceIdx(0), &fields).expect("eight values");
    }
    assert_eq!(learn(&nobody_twice, &options, &[]).map(|_| ()), Err(NotEstimable::NoCandidates));
}

/// Customers who were joined after a review are one record from then on; what was judged is kept
/// in its own words, and must teach the same.
#[test]
fn verdicts_outlive_their_records() {
    let (table, persons) = table(FileSpec::usual(8, 3_000));
    let before = learned(&table, Scope::Within, 1).model;
    let found = linked(&table, &before);
    let judged = || found.pairs.iter().filter(|p| (0.1..0.95).contains(&p.probability)).take(60);
    let is_same = |p: &linkage::ScoredPair| persons[p.a.0 as usize] == persons[p.b.0 as usize];
    let in_table: Vec<Label> = judged().map(|p| verdict(p.a, p.b, is_same(p))).collect();
    let texts = |at: RecordIdx| {
        (0..schema().fields().len())
            .map(|column| table.value(at, column).unwrap_or_default().to_owned())
            .collect::<Vec<String>>()
    };
    let kept: Vec<Label> = judged()
        .map(|p| Label { pair: LabelledPair::Texts(texts(p.a), texts(p.b)), is_same: is_same(p) })
        .collect();
    let by_records = recalibrate(before.clone(), &table, &in_table).calibration();
    let by_texts = recalibrate(before.clone(), &table, &kept).calibration();
    assert!((by_records.a - by_texts.a).abs() < 0.15, "{by_records:?} {by_texts:?}");
    let options = LearnOptions::new(Seed::root(1), Scope::Within, 1);
    assert_ne!(learn(&table, &options, &kept).expect("a model").model, before);
    // Values that no record of the table has are still alike where their texts are.
    let strange = ["Xqzw", "Yqvk", "1901-02-03", "xqzw@nowhere.example", "", "", "", ""];
    let strange: Vec<String> = strange.iter().map(|&text| text.to_owned()).collect();
    let pair = LabelledPair::Texts(strange.clone(), strange);
    let sure = recalibrate(before, &table, &[Label { pair, is_same: true }]).calibration();
    assert!(sure.a.abs() < 0.05 && (sure.b - 1.0).abs() < 0.05, "no surprise: {sure:?}");
}

#[test]
fn pairs_known_to_be_two_persons_are_never_joined() {
    let (table, _) = table(FileSpec::usual(8, 3_000));
    let model = learned(&table, Scope::Within, 1).model;
    let mut options = LinkOptions::new(Scope::Within, 1);
    let groups = link(&table, &model, &options).groups();
    options.apart = groups.iter().map(|group| (group[1], group[0])).collect();
    assert!(!options.apart.is_empty());
    let clusters = link(&table, &model, &options).clusters;
    for (a, b) in &options.apart {
        assert_ne!(clusters[a.0 as usize], clusters[b.0 as usize], "{a:?} {b:?}");
    }
}
