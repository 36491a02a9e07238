//! What do paths say?

use super::fold::{END, PathsTotal, pair};
use super::{DIFFERENT_MAX, Plan};
use crate::TooMuch;
use crate::cells::ByNumber;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use timeline::{ABSENT, Label, Op, Test, Texts};

/// Paths of three steps that are shown.
const TOP: usize = 50;

/// The steps of all paths, level by level, and how they follow on each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// How many paths there are.
    pub n_paths: u64,
    /// How many customers have one.
    pub n_customers: u64,
    /// The steps at each level, the anchors first: the most frequent, then other, absent, end.
    pub levels: Vec<Vec<Node>>,
    /// Which step of a level is followed by which of the next, by level and place.
    pub links: Vec<Link>,
    /// The most frequent beginnings of three steps, the anchor included (of two, where paths have
    /// no more).
    pub top: Vec<TopPath>,
}

/// What is done at a level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// This.
    Value(Arc<str>),
    /// One of the values that are not shown.
    Other {
        /// How many that are.
        n_values: usize,
    },
    /// Something that has no name; only anchors.
    Absent,
    /// Nothing more: the path ended before.
    End,
}

/// A step at a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What is done.
    pub step: Step,
    /// By how many paths.
    pub n: u64,
}

/// Two steps, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The level of the first.
    pub level: usize,
    /// Its place there.
    pub from: usize,
    /// The place of the second at the next level.
    pub to: usize,
    /// In how many paths.
    pub n: u64,
}

/// The beginning of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct TopPath {
    /// Its steps; a path that is shorter ends with [`Step::End`].
    pub steps: Vec<Step>,
    /// How many paths begin so.
    pub n: u64,
    /// Of all paths. There is no interval: the paths of a customer are alike.
    pub share: f64,
}

/// The steps of a level with their places.
struct Level {
    nodes: Vec<Node>,
    places: BTreeMap<u32, usize>,
    other: usize,
}

/// What must hold for a step's label; `None` where there is no step.
pub(super) fn tests_of(label: &Label, step: &Step, shown: &[Arc<str>]) -> Option<Vec<Test>> {
    let test = |op| Test { field: label.field.clone(), view: label.view, op };
    let texts = |texts: &[Arc<str>]| texts.iter().map(|text| (**text).into()).collect();
    match step {
        Step::Value(text) => Some(vec![test(Op::Is(texts(std::slice::from_ref(text))))]),
        Step::Other { .. } => Some(vec![test(Op::IsNot(texts(shown))), test(Op::Exists)]),
        Step::Absent => Some(vec![test(Op::Missing)]),
        Step::End => None,
    }
}

/// How often each link is taken, by the level and the places of its steps.
type Links = BTreeMap<(usize, usize, usize), u64>;

impl Plan {
    /// The answer, of what the fold came to.
    ///
    /// # Errors
    /// If there are more different paths than can be counted one by one.
    pub fn answer(&self, total: &PathsTotal, texts: &[Texts]) -> Result<Answer, TooMuch> {
        if total.counted.is_full() {
            return Err(TooMuch::Paths { max: DIFFERENT_MAX });
        }
        let texts = &texts[0];
        let pairs = self.pairs(total);
        let level = |level| level_of(steps_of(&pairs, level), texts, self.n_shown);
        let levels: Vec<Level> = (0..self.depth).map(level).collect();
        let links = links(&pairs, &levels);
        Ok(Answer {
            n_paths: total.counted.n_paths,
            n_customers: total.n_customers,
            levels: levels.into_iter().map(|level| level.nodes).collect(),
            links: links.into_iter().map(link).collect(),
            top: self.top(total, texts),
        })
    }

    /// The answer by the steps, links and beginnings of another answer, in their order, so that the
    /// two can be compared: what there is not here has 0. After the steps of a level come those
    /// that there are here alone, where none is "other" in the other answer (else they are in
    /// that), and after the links those that there are here alone.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn answer_in(
        &self,
        other: &Answer,
        total: &PathsTotal,
        texts: &[Texts],
    ) -> Result<Answer, TooMuch> {
        if total.counted.is_full() {
            return Err(TooMuch::Paths { max: DIFFERENT_MAX });
        }
        let texts = &texts[0];
        let pairs = self.pairs(total);
        let level =
            |(k, like): (usize, &Vec<Node>)| self.level_like(like, steps_of(&pairs, k), texts);
        let levels: Vec<Level> = other.levels.iter().enumerate().map(level).collect();
        let mut here = links(&pairs, &levels);
        let mut links: Vec<Link> = other.links.clone();
        for link in &mut links {
            link.n = here.remove(&(link.level, link.from, link.to)).unwrap_or(0);
        }
        links.extend(here.into_iter().map(link));
        Ok(Answer {
            n_paths: total.counted.n_paths,
            n_customers: total.n_customers,
            levels: levels.into_iter().map(|level| level.nodes).collect(),
            links,
            top: top_like(&other.top, total, texts),
        })
    }

    /// How often which step follows on which, at every level.
    fn pairs(&self, total: &PathsTotal) -> Vec<ByNumber<u64>> {
        let mut pairs = vec![ByNumber::default(); self.depth - 1];
        for ([a, b, c], n) in total.counted.triples.iter() {
            *pairs[0].entry(pair(a, b)).or_insert(0) += n;
            if self.depth > 2 && b != END {
                *pairs[1].entry(pair(b, c)).or_insert(0) += n;
            }
        }
        for (into, counted) in pairs.iter_mut().skip(2).zip(&total.counted.pairs) {
            into.clone_from(counted);
        }
        pairs
    }

    /// A level with the steps of another one first.
    fn level_like(&self, like: &[Node], mut n_of: BTreeMap<u32, u64>, texts: &Texts) -> Level {
        let mut level = Level { nodes: Vec::new(), places: BTreeMap::new(), other: usize::MAX };
        let mut n_shown = 0;
        for (place, Node { step, .. }) in like.iter().enumerate() {
            let code = match step {
                Step::Value(text) => texts.find(text),
                Step::Absent => Some(ABSENT),
                Step::End => Some(END),
                Step::Other { .. } => None,
            };
            n_shown += usize::from(matches!(step, Step::Value(_)));
            if matches!(step, Step::Other { .. }) {
                level.other = place;
            }
            let n = code.and_then(|code| n_of.remove(&code)).unwrap_or(0);
            level.nodes.push(Node { step: step.clone(), n });
            level.places.extend(code.map(|code| (code, place)));
        }
        if level.other != usize::MAX {
            let ends: BTreeMap<u32, u64> =
                [ABSENT, END].into_iter().filter_map(|code| n_of.remove_entry(&code)).collect();
            level.nodes[level.other].n = n_of.values().sum();
            n_of = ends;
        }
        let rest = level_of(n_of, texts, self.n_shown.saturating_sub(n_shown));
        let begin = level.nodes.len();
        level.nodes.extend(rest.nodes);
        level.places.extend(rest.places.into_iter().map(|(code, place)| (code, begin + place)));
        level.other = level.other.min(begin + rest.other);
        level
    }

    fn top(&self, total: &PathsTotal, texts: &Texts) -> Vec<TopPath> {
        let step = |code: u32| match code {
            END => Step::End,
            code => texts.text(code).cloned().map_or(Step::Absent, Step::Value),
        };
        let steps = |triple: [u32; 3]| {
            let steps = triple.map(step);
            let n_steps = match &steps {
                _ if self.depth == 2 => 2,
                [_, Step::End, _] => 2,
                _ => 3,
            };
            steps[..n_steps].to_vec()
        };
        let mut all: Vec<([u32; 3], u64)> = total.counted.triples.iter().collect();
        if all.len() > TOP {
            // Those that tie with the last are kept until they are in order.
            let (_, &mut (_, least), _) = all.select_nth_unstable_by_key(TOP - 1, |t| Reverse(t.1));
            all.retain(|(_, n)| *n >= least);
        }
        let share = |n: u64| n as f64 / total.counted.n_paths as f64;
        let top = |(triple, n)| TopPath { steps: steps(triple), n, share: share(n) };
        let mut tops: Vec<TopPath> = all.into_iter().map(top).collect();
        tops.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.steps.cmp(&b.steps)));
        tops.truncate(TOP);
        tops
    }
}

/// A level at which the steps were taken so often; `n_shown` have a place of their own.
fn level_of(mut n_of: BTreeMap<u32, u64>, texts: &Texts, n_shown: usize) -> Level {
    let (absent, end) = (n_of.remove(&ABSENT), n_of.remove(&END));
    let mut codes: Vec<(u32, u64)> = n_of.into_iter().collect();
    codes.sort_unstable_by_key(|(code, n)| (Reverse(*n), texts.text(*code)));
    let others = codes.split_off(codes.len().min(n_shown));

    let mut places: BTreeMap<u32, usize> = (0..).zip(&codes).map(|(k, c)| (c.0, k)).collect();
    let value = |code| texts.text(code).cloned().map_or(Step::Absent, Step::Value);
    let mut nodes: Vec<Node> =
        codes.iter().map(|(code, n)| Node { step: value(*code), n: *n }).collect();
    let other = nodes.len();
    if !others.is_empty() {
        let step = Step::Other { n_values: others.len() };
        nodes.push(Node { step, n: others.iter().map(|(_, n)| n).sum() });
    }
    for (code, n, step) in [(ABSENT, absent, Step::Absent), (END, end, Step::End)] {
        if let Some(n) = n {
            places.insert(code, nodes.len());
            nodes.push(Node { step, n });
        }
    }
    Level { nodes, places, other }
}

/// How often each step is taken at a level.
fn steps_of(pairs: &[ByNumber<u64>], level: usize) -> BTreeMap<u32, u64> {
    let mut n_of: BTreeMap<u32, u64> = BTreeMap::new();
    for (pair, n) in &pairs[level.saturating_sub(1)] {
        let code = if level == 0 { (pair >> 32) as u32 } else { *pair as u32 };
        *n_of.entry(code).or_insert(0) += n;
    }
    n_of
}

fn links(pairs: &[ByNumber<u64>], levels: &[Level]) -> Links {
    let mut links = Links::new();
    for (level, pairs) in pairs.iter().enumerate() {
        for (pair, n) in pairs {
            let from = levels[level].place((pair >> 32) as u32);
            let to = levels[level + 1].place(*pair as u32);
            *links.entry((level, from, to)).or_insert(0) += n;
        }
    }
    links
}

fn link(((level, from, to), n): ((usize, usize, usize), u64)) -> Link {
    Link { level, from, to, n }
}

/// How many paths have the same beginnings; nothing where there are no paths.
fn top_like(top: &[TopPath], total: &PathsTotal, texts: &Texts) -> Vec<TopPath> {
    let n_paths = total.counted.n_paths;
    if n_paths == 0 {
        return Vec::new();
    }
    let code = |step: &Step| match step {
        Step::Value(text) => texts.find(text),
        Step::Absent => Some(ABSENT),
        Step::End | Step::Other { .. } => Some(END),
    };
    let triple = |path: &TopPath| {
        let mut triple = [END; 3];
        for (place, step) in triple.iter_mut().zip(&path.steps) {
            *place = code(step)?;
        }
        Some(triple)
    };
    let mut n_of: BTreeMap<[u32; 3], u64> = top.iter().filter_map(triple).map(|t| (t, 0)).collect();
    for (triple, n) in total.counted.triples.iter() {
        n_of.entry(triple).and_modify(|of| *of = n);
    }
    let same = |path: &TopPath| {
        let n = triple(path).map_or(0, |triple| n_of[&triple]);
        TopPath { steps: path.steps.clone(), n, share: n as f64 / n_paths as f64 }
    };
    top.iter().map(same).collect()
}

impl Level {
    fn place(&self, code: u32) -> usize {
        self.places.get(&code).copied().unwrap_or(self.other)
    }
}
