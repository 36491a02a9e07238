//! Where are folds handed in, for whom, and who is told by name?

use super::question::Counted;
use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::options::Api;
use crate::wire::customer::CustomerRow;
use crate::wire::insight as wire;
use crate::wire::insight::told::BehindPoint;
use app::access::Right;
use app::insights::Seen;
use app::traits::Sight;
use base::Timestamp;
use insight::Behind;
use timeline::{Among, Ask, FactTest, Fold};

/// Customers of one list of those behind a point.
const LISTED_DEFAULT: usize = 50;

/// Everything that is known, for somebody with a certain sight, at one moment.
pub struct Desk<'a> {
    api: &'a Api,
    sight: Sight,
    now: Timestamp,
    /// What must hold for customers who are looked at.
    who: Vec<FactTest>,
}

impl<'a> Desk<'a> {
    /// For somebody who is signed in.
    ///
    /// # Errors
    /// `Denied` where they may not look at customers.
    pub fn of(api: &'a Api, caller: &SignedIn) -> Result<Self, ApiError> {
        caller.require(Right::ViewCustomers)?;
        Ok(Self::new(api, sight(api, caller)))
    }

    /// For somebody who may ask, and sees this much.
    pub fn new(api: &'a Api, sight: Sight) -> Self {
        Self { api, sight, now: api.engine().now(), who: Vec::new() }
    }

    /// The same of customers for whom all of `who` holds alone.
    ///
    /// # Errors
    /// `Invalid`, naming the test that cannot be used.
    pub fn among(&self, who: &[wire::TraitTest]) -> Result<Self, ApiError> {
        Ok(Self { who: wire::who(who)?, sight: self.sight.clone(), ..*self })
    }

    /// What must hold for customers who are looked at.
    pub fn who(&self) -> &[FactTest] {
        &self.who
    }

    /// The moment of asking.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How many customers are listed where `limit` were asked for.
    pub fn limit(&self, limit: Option<usize>) -> usize {
        limit.unwrap_or(LISTED_DEFAULT).min(self.api.engine().limits().page_rows_max)
    }

    /// What a fold comes to, and what it looked at.
    ///
    /// # Errors
    /// `Denied` where it looks at what may not be seen; and those of
    /// [`Engine::fold`](app::Engine::fold).
    pub async fn count<F>(&self, plan: F) -> Result<(Counted<F>, Seen), ApiError>
    where
        F: Fold<Total: 'static> + Clone + Send + 'static,
    {
        let among = Among::new(plan, &self.who);
        self.allow(among.ask())?;
        let folded = self.api.engine().fold(among.clone()).await?;
        let counted = Counted { plan: among.into_fold(), total: folded.total, texts: folded.texts };
        Ok((counted, folded.seen))
    }

    /// Refuses to look at what may not be seen: who could group by a withheld value, or test for
    /// it, would see it.
    pub fn allow(&self, ask: &Ask) -> Result<(), ApiError> {
        Ok(self.sight.allow(ask)?)
    }

    /// The customers behind a point, with what lists show of them.
    ///
    /// # Errors
    /// See [`Engine::customers_by_id`](app::Engine::customers_by_id).
    pub async fn named(&self, behind: Behind) -> Result<BehindPoint, ApiError> {
        let rows = self.api.engine().customers_by_id(&behind.first).await?;
        let row = |row| CustomerRow::of(row, None, &self.sight);
        Ok(BehindPoint { n: behind.n, items: rows.into_iter().map(row).collect() })
    }
}
