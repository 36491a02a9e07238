//! What does a linkage of one table come to: quality, calibration, time, memory?

use crate::machine::{n_threads, peak_mb};
use anyhow::Result;
use base::seed::Seed;
use linkage::{
    LearnOptions, Learned, LinkOptions, Linked, Model, Quality, RecordIdx, Reliability, Scope,
    Scorer, SourceIdx, Table, Truth, learn, link,
};
use std::time::Instant;

/// A table with its truth.
pub struct Case {
    /// What to call it.
    pub name: String,
    /// The records.
    pub table: Table,
    /// The person of each record.
    pub persons: Vec<u32>,
    /// The source of each record, where only pairs across sources count; else empty.
    pub sources: Vec<u16>,
    /// Sources that have no duplicates.
    pub unique_sources: Vec<SourceIdx>,
    /// Seconds it took to read and normalise.
    pub read_s: f64,
}

impl Case {
    fn scope(&self) -> Scope {
        if self.sources.is_empty() { Scope::Within } else { Scope::Across }
    }
}

/// Learns, links, grades and prints.
pub fn grade(case: &Case, verbose: bool) -> Result<()> {
    let started = Instant::now();
    let learned =
        learn(&case.table, &LearnOptions::new(Seed::root(1), case.scope(), n_threads()), &[])?;
    let learn_s = started.elapsed().as_secs_f64();
    let mut options = LinkOptions::new(case.scope(), n_threads());
    options.unique_sources.clone_from(&case.unique_sources);
    let started = Instant::now();
    let linked = link(&case.table, &learned.model, &options);
    let link_s = started.elapsed().as_secs_f64();
    let truth = Truth { persons: &case.persons, sources: &case.sources };
    let pairs = linked_pairs(&linked, options.bands.link_at);
    let by_pairs = Quality::of_pairs(&pairs, &truth);
    let by_clusters = Quality::of_clusters(&linked.clusters, &truth);
    let curve = Reliability::of(
        linked.pairs.iter().map(|p| (f64::from(p.probability), truth.is_same(p.a, p.b))),
    );
    println!("{}: {} records", case.name, case.table.n_records());
    print_quality("pairs", &by_pairs);
    print_quality("clusters", &by_clusters);
    print_curve(&curve);
    println!(
        "  compared {} pairs; read {:.2} s, learn {learn_s:.2} s, link {link_s:.2} s, total {:.2} \
         s, peak {} MB",
        linked.report.n_compared,
        case.read_s,
        case.read_s + learn_s + link_s,
        peak_mb().unwrap_or(0)
    );
    println!(
        "RESULT {{\"name\":\"{}\",\"pair_f1\":{:.5},\"cluster_f1\":{:.5},\"total_s\":{:.3},\"peak_mb\":{}}}",
        case.name,
        by_pairs.f1().unwrap_or(0.0),
        by_clusters.f1().unwrap_or(0.0),
        case.read_s + learn_s + link_s,
        peak_mb().unwrap_or(0)
    );
    if verbose {
        print_model(&learned, &linked);
        print_mistakes(case, &learned.model, &linked, &pairs);
    }
    Ok(())
}

fn linked_pairs(linked: &Linked, link_at: f64) -> Vec<(RecordIdx, RecordIdx)> {
    let above = linked.pairs.iter().filter(|pair| f64::from(pair.probability) >= link_at);
    above.map(|pair| (pair.a, pair.b)).collect()
}

fn print_quality(name: &str, quality: &Quality) {
    println!(
        "  {name:<9} precision {:.4}  recall {:.4}  F1 {:.4}  (right {}, wrong {}, missed {})",
        quality.precision().unwrap_or(f64::NAN),
        quality.recall().unwrap_or(f64::NAN),
        quality.f1().unwrap_or(f64::NAN),
        quality.n_right,
        quality.n_wrong,
        quality.n_missed
    );
}

fn print_curve(curve: &Reliability) {
    print!("  reliability (expected -> observed, n):");
    for bin in curve.bins.iter().filter(|bin| bin.n > 0) {
        let n = bin.n as f64;
        print!("  {:.2}->{:.2} ({})", bin.expected / n, bin.observed as f64 / n, bin.n);
    }
    println!("  error {:.4}", curve.error().unwrap_or(f64::NAN));
}

fn print_model(learned: &Learned, linked: &Linked) {
    let model = &learned.model;
    println!(
        "  lambda {:.3e}, home {:.3e}, matches {:.0}, {} iterations, coverage {:.4}, notes {:?}",
        model.lambda(),
        model.lambda_home(),
        learned.report.n_matches_est,
        learned.report.n_iterations,
        learned.report.coverage,
        learned.report.notes
    );
    for (column, field) in model.schema().columns().iter().zip(model.fields()) {
        println!("  {} {:?} used {}", column.name, field.dependence, field.is_used);
        for (at, level) in column.kind.levels().iter().enumerate() {
            let (m, r, u) = (field.m[at], field.r[at], field.u[at]);
            let weight = (m / u).log2();
            println!("    {:<32} m {m:.4}  r {r:.4}  u {u:.2e}  w {weight:+.1}", level.name);
        }
    }
    for pass in &learned.report.passes {
        println!("  pass {:?}", pass);
    }
    for (rule, ran) in learned.report.rules.iter().zip(&linked.report.rules) {
        println!(
            "  rule: {} | est {:.0} gain {:.4} | compared {} skipped {} in {}",
            rule.words,
            rule.n_pairs_est,
            rule.coverage_gain,
            ran.n_compared,
            ran.n_pairs_skipped,
            ran.n_blocks_skipped
        );
    }
    println!("  components cut: {}", linked.report.n_components_cut);
}

/// Some pairs of each sort that went wrong, with their evidence.
fn print_mistakes(case: &Case, model: &Model, linked: &Linked, pairs: &[(RecordIdx, RecordIdx)]) {
    let scorer = Scorer::new(model, &case.table);
    let truth = Truth { persons: &case.persons, sources: &case.sources };
    println!("  -- wrong");
    for (a, b) in pairs.iter().filter(|(a, b)| !truth.is_same(*a, *b)).take(12) {
        print_evidence(case, &scorer, *a, *b);
    }
    println!("  -- missed");
    let found: std::collections::HashSet<_> = pairs.iter().copied().collect();
    let mut by_person = std::collections::BTreeMap::<u32, Vec<RecordIdx>>::new();
    for (person, at) in case.persons.iter().zip(0u32..) {
        by_person.entry(*person).or_default().push(RecordIdx(at));
    }
    let mut n = 0;
    for records in by_person.values() {
        for (at, &a) in records.iter().enumerate() {
            for &b in &records[at + 1..] {
                let is_pair = case.sources.is_empty()
                    || case.sources[a.0 as usize] != case.sources[b.0 as usize];
                if is_pair && !found.contains(&(a, b)) && n < 16 {
                    n += 1;
                    let compared = linked.pairs.iter().any(|p| p.a == a && p.b == b);
                    println!("  (reached and above review: {compared})");
                    print_evidence(case, &scorer, a, b);
                }
            }
        }
    }
}

fn print_evidence(case: &Case, scorer: &Scorer<'_>, a: RecordIdx, b: RecordIdx) {
    let evidence = scorer.explain(a, b);
    println!(
        "  {} {} weight {:.1} p {:.3} household {:+.1}",
        a.0, b.0, evidence.total, evidence.probability, evidence.of_household
    );
    for field in evidence.fields.iter().filter(|f| f.a.is_some() || f.b.is_some()) {
        println!(
            "      {:<14} {:+5.1} (f {:+.1}, d {:+.1}) {:<24} {} | {}",
            case.table.schema().columns()[field.column].name,
            field.weight,
            field.of_frequency,
            field.of_dependence,
            field.level.unwrap_or("-"),
            field.a.as_deref().unwrap_or("-"),
            field.b.as_deref().unwrap_or("-")
        );
    }
}
