//! What do customers do, and who are those behind a number?

mod funnel;
mod trend;

pub use funnel::*;
pub use trend::*;

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::options::Api;
use crate::wire::customer::CustomerRow;
use crate::wire::insight::told::BehindPoint;
use app::traits::Sight;
use base::ErrorKind;
use insight::Behind;
use timeline::{Ask, Field};

/// Customers of one list of those behind a point.
const LISTED_DEFAULT: usize = 50;

/// Refuses to look at what the caller may not see: who could group by a withheld value, or test
/// for it, would see it.
fn allow(ask: &Ask, sight: &Sight) -> Result<(), ApiError> {
    let tests = ask.conditions.iter().flat_map(|condition| &condition.tests);
    let fields = tests.map(|test| &test.field);
    let fields = fields.chain(ask.labels.iter().map(|label| &label.field)).chain(&ask.numbers);
    let paths = fields.filter_map(|field| match field {
        Field::Property(path) | Field::Context(path) => Some(path),
        Field::Name | Field::Kind | Field::Source => None,
    });
    let mut steps = paths.chain(&ask.traits).flat_map(|path| path.split('.'));
    match steps.find(|step| sight.hides(step)) {
        None => Ok(()),
        Some(hidden) => {
            let message = format!("values of '{hidden}' are withheld from you");
            Err(ApiError::new(ErrorKind::Denied, message))
        }
    }
}

/// The customers behind a point, with what lists show of them.
async fn named(api: &Api, caller: &SignedIn, behind: Behind) -> Result<BehindPoint, ApiError> {
    let sight = sight(api, caller);
    let rows = api.engine().customers_by_id(&behind.first).await?;
    let items = rows.into_iter().map(|row| CustomerRow::of(row, None, &sight)).collect();
    Ok(BehindPoint { n: behind.n, items })
}
