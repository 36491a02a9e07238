//! How do tests of customers go together?

use crate::criterion::Criterion;
use std::fmt;

/// Tests that go together; it holds or it does not.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// All hold; of none: everybody is meant.
    All(Vec<Predicate>),
    /// At least one holds; never empty.
    Any(Vec<Predicate>),
    /// It does not hold. "None of" is `Not(Any)`.
    Not(Box<Predicate>),
    /// A test.
    Criterion(Criterion),
}

/// The number of a node in the order in which a definition is read: the root is 0, each node comes
/// before those in it. What is inside of a [`Same`](crate::Same) counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeNo(pub u16);

/// The way to a node from the root, as the JSON form writes it: `who.of[1].of[0]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(String);

impl Path {
    /// The root.
    #[must_use]
    pub fn root() -> Self {
        Self("who".into())
    }

    /// The `k`-th in it.
    #[must_use]
    pub fn of(&self, k: usize) -> Self {
        Self(format!("{}.of[{k}]", self.0))
    }

    /// What is asked of each value.
    #[must_use]
    pub fn who(&self) -> Self {
        Self(format!("{}.who", self.0))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A node of a definition.
#[derive(Clone, Debug)]
pub struct Node<'d> {
    /// Its number.
    pub no: NodeNo,
    /// The way to it.
    pub path: Path,
    /// How deep it lies; the root is at 1.
    pub depth: usize,
    /// Whether it is inside of a `Same`.
    pub is_in_same: bool,
    /// The node itself.
    pub predicate: &'d Predicate,
}

impl Predicate {
    /// Everybody.
    #[must_use]
    pub fn everybody() -> Self {
        Self::All(Vec::new())
    }

    /// One test alone.
    #[must_use]
    pub fn of(criterion: impl Into<Criterion>) -> Self {
        Self::Criterion(criterion.into())
    }

    /// That it does not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// All nodes in order. "None of" is one node as the form writes it, and two here: the `Not`, and
    /// the `Any` in it with the same path.
    #[must_use]
    pub fn nodes(&self) -> Vec<Node<'_>> {
        let mut nodes = Vec::new();
        collect(self, &Path::root(), (1, false), &mut nodes);
        nodes
    }

    /// The tests, in order; those inside of a `Same` come after it.
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.nodes().into_iter().filter_map(|node| match node.predicate {
            Self::Criterion(criterion) => Some(criterion),
            _ => None,
        })
    }

    /// Whether it holds for somebody with no events, `fact` telling of each other test whether it
    /// holds for them.
    #[must_use]
    pub fn holds_of_nothing(&self, fact: &dyn Fn(&Criterion) -> bool) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.holds_of_nothing(fact)),
            Self::Any(any) => any.iter().any(|one| one.holds_of_nothing(fact)),
            Self::Not(not) => !not.holds_of_nothing(fact),
            Self::Criterion(criterion) => {
                criterion.holds_of_nothing().unwrap_or_else(|| fact(criterion))
            }
        }
    }
}

fn collect<'d>(
    predicate: &'d Predicate,
    path: &Path,
    (depth, is_in_same): (usize, bool),
    nodes: &mut Vec<Node<'d>>,
) {
    // More nodes than there are numbers are refused when the definition is checked.
    let no = NodeNo(u16::try_from(nodes.len()).unwrap_or(u16::MAX));
    nodes.push(Node { no, path: path.clone(), depth, is_in_same, predicate });
    let below = (depth + 1, is_in_same);
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => {
            for (k, part) in parts.iter().enumerate() {
                collect(part, &path.of(k), below, nodes);
            }
        }
        Predicate::Not(not) => match &**not {
            Predicate::Any(any) if any.len() > 1 => collect(not, path, (depth, is_in_same), nodes),
            _ => collect(not, &path.of(0), below, nodes),
        },
        Predicate::Criterion(Criterion::Same(same)) => {
            collect(&same.who, &path.who(), (depth + 1, true), nodes);
        }
        Predicate::Criterion(_) => {}
    }
}
