//! Which folds stand in `FROM`, and how are they called?
//!
//! Each is called in two ways: briefly, with dates and names of events, or with one JSON text, the
//! body that the API takes for the same insight, which says everything. The answer is the API's,
//! as rows. What somebody may not see, they cannot ask for.

mod arguments;
mod funnel;
mod retention;
mod trend;

use crate::seat::Seat;
use api::sql::SqlFunction;
use app::insights::Folded;
use async_trait::async_trait;
use base::{Error, ErrorKind, Timestamp};
use insight::{BadDefinition, Group};
use sql::{Argument, BadCall, Cause, Cell, Column, FoldFunction, Folds, Kind, Rows, SqlError};
use std::marker::PhantomData;
use std::sync::Arc;
use timeline::{Among, FactTest, Fold};

/// The folds that somebody may call.
pub(crate) fn of(seat: &Arc<Seat>) -> Folds {
    let mut folds = Folds::default();
    folds.add(called::<trend::Trend>(seat));
    folds.add(called::<funnel::Funnel>(seat));
    folds.add(called::<retention::Retention>(seat));
    folds
}

/// What a schema browser shows of them.
pub(crate) fn described() -> Vec<SqlFunction> {
    let card = |Card { name, signature, doc, example }: Card| SqlFunction {
        name: name.to_owned(),
        signature: signature.to_owned(),
        note: doc.to_owned(),
        example: example.to_owned(),
    };
    [trend::Trend::CARD, funnel::Funnel::CARD, retention::Retention::CARD].map(card).to_vec()
}

/// What a fold says of itself.
#[derive(Clone, Copy)]
struct Card {
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
}

/// An insight that is asked in SQL.
trait InSql: Send + Sync + 'static {
    /// The question, checked.
    type Plan: Fold<Total: Send + 'static> + Clone + Send + Sync + 'static;
    const CARD: Card;
    const COLUMNS: &'static [Column];

    /// The question of a call, as it is `now`; an error in a sentence.
    fn plan(arguments: &[Argument], now: Timestamp) -> Result<Self::Plan, String>;

    /// The rows of the answer.
    fn rows(
        plan: &Self::Plan,
        folded: Folded<<Self::Plan as Fold>::Total>,
        rows: &mut Rows,
    ) -> Result<(), Cause>;
}

/// An insight with who calls it.
struct Called<Insight> {
    seat: Arc<Seat>,
    insight: PhantomData<Insight>,
}

fn called<Insight: InSql>(seat: &Arc<Seat>) -> Arc<dyn FoldFunction> {
    Arc::new(Called::<Insight> { seat: Arc::clone(seat), insight: PhantomData })
}

#[async_trait]
impl<Insight: InSql> FoldFunction for Called<Insight> {
    fn name(&self) -> &'static str {
        Insight::CARD.name
    }

    fn signature(&self) -> &'static str {
        Insight::CARD.signature
    }

    fn doc(&self) -> &'static str {
        Insight::CARD.doc
    }

    fn example(&self) -> &'static str {
        Insight::CARD.example
    }

    fn columns(&self, arguments: &[Argument]) -> Result<Vec<Column>, BadCall> {
        let plan = Insight::plan(arguments, self.seat.engine.now());
        let checked = plan.and_then(|_| who(arguments));
        checked.map_err(|what| BadCall { function: Insight::CARD.name, what })?;
        Ok(Insight::COLUMNS.to_vec())
    }

    async fn rows(&self, arguments: &[Argument], rows: &mut Rows) -> Result<(), Cause> {
        self.seat.check().await?;
        let plan = Insight::plan(arguments, self.seat.engine.now())?;
        let among = Among::new(plan.clone(), &who(arguments)?);
        self.seat.sight.allow(among.ask()).map_err(told)?;
        let folded = self.seat.engine.fold(among).await.map_err(told)?;
        Insight::rows(&plan, folded, rows)
    }
}

/// What must hold for customers, where a call says it.
fn who(arguments: &[Argument]) -> Result<Vec<FactTest>, String> {
    let json = arguments::Arguments::new(arguments).json();
    json.map_or(Ok(Vec::new()), |json| api::questions::who(json).map_err(|e| e.to_string()))
}

/// What the asker is told as it stands, and what only the operator is.
fn told(error: Error) -> Cause {
    let message = error.message().to_owned();
    match error.kind() {
        ErrorKind::Denied => SqlError::Denied { message }.into(),
        ErrorKind::Invalid | ErrorKind::Limited => {
            SqlError::Invalid { message, place: None, hint: error.hint().map(str::to_owned) }.into()
        }
        _ => error.into(),
    }
}

fn refused(bad: &BadDefinition) -> String {
    bad.to_string()
}

const fn always(name: &'static str, kind: Kind, doc: &'static str) -> Column {
    Column { name, kind, may_be_null: false, doc }
}

const fn maybe(name: &'static str, kind: Kind, doc: &'static str) -> Column {
    Column { name, kind, may_be_null: true, doc }
}

/// The column that all of them end with.
const GROUP: Column = maybe("grp", Kind::Text, "the group; NULL without one, or without a value");

/// A group as [`GROUP`] shows it.
fn group(group: &Group) -> Cell<'_> {
    match group {
        Group::All | Group::Absent => Cell::Null,
        Group::Value(text) => Cell::Text(text),
        Group::Other { .. } => Cell::Text("(other)"),
    }
}

fn number(n: u64) -> Cell<'static> {
    Cell::Int(n.cast_signed())
}

/// A number that may not be there.
fn float(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Null, Cell::Float)
}
