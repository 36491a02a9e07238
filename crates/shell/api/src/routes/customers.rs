//! Who are the customers, and what did they do?

use crate::caller::{SignedIn, sight};
use crate::error::ApiError;
use crate::input::{Id, Params, about, moment, page, parsed, plain, words};
use crate::live::{Watcher, event, stream as live_stream};
use crate::options::Api;
use crate::wire::customer::{Customer, CustomerList, CustomerRow, Found};
use crate::wire::list::List;
use crate::wire::scalar::Time;
use crate::wire::timeline::TimelineEvent;
use crate::wire::word::{CustomerSort, EventKind as EventKindWord, SortOrder, word};
use app::access::Right;
use app::customers::{CustomerListRow, CustomerNews, CustomersQuery, TimelineFilter};
use app::sources::Sources;
use app::traits::Sight;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use base::CustomerId;
use lexicon::{EventKind, Identifier, IdentifierKind};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which customers to list, and in which order.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CustomersParams {
    /// The beginning of an identifier, or of a word of the name.
    q: Option<String>,
    /// `true` for those of whom we know who they are, `false` for the others.
    #[param(value_type = Option<bool>)]
    known: Option<String>,
    country: Option<String>,
    /// Whether they ever ordered.
    #[param(value_type = Option<bool>)]
    has_orders: Option<String>,
    /// Only those seen at or after this time.
    #[param(value_type = Option<Time>)]
    seen_since: Option<String>,
    /// `true` for those whose data rest; they are in no other list.
    #[param(value_type = Option<bool>)]
    suspended: Option<String>,
    /// `last_seen` where nothing is said.
    #[param(value_type = Option<CustomerSort>)]
    sort: Option<String>,
    /// Where nothing is said, `asc` by name, else `desc`.
    #[param(value_type = Option<SortOrder>)]
    order: Option<String>,
    /// Rows of the page, 500 at most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Customers by search, filter and order.
#[utoipa::path(get, path = "/api/customers", operation_id = "list_customers", tag = "customers",
    params(CustomersParams), responses((status = 200, body = CustomerList)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<CustomersParams>,
) -> Result<Json<CustomerList>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let page = page(params.limit.as_deref(), params.cursor.clone(), api.engine().limits())?;
    let query = query(params)?;
    let is_suspended = query.is_suspended == Some(true);
    let sight = sight(&api, &caller);
    let found = api.engine().customers(&query, &page, &sight).await;
    let found = found.map_err(about("cursor"))?;
    let row = |found: CustomerListRow| CustomerRow {
        is_suspended,
        ..CustomerRow::of(found.row, found.matched, &sight)
    };
    let items = found.items.into_iter().map(row);
    Ok(Json(CustomerList {
        items: items.collect(),
        next_cursor: found.next,
        total: found.total,
        total_is_exact: found.total_is_exact,
    }))
}

fn query(params: CustomersParams) -> Result<CustomersQuery, ApiError> {
    let yes_or_no = "true or false";
    let sorts = "last_seen, first_seen, n_events, n_orders, revenue or name";
    let sort = words("sort", params.sort.as_deref(), word, sorts)?;
    let sort = sort.unwrap_or(CustomerSort::LastSeen);
    let order = words("order", params.order.as_deref(), word, "asc or desc")?;
    let usual = if sort == CustomerSort::Name { SortOrder::Asc } else { SortOrder::Desc };
    let is_suspended = parsed("suspended", params.suspended.as_deref(), yes_or_no)?;
    Ok(CustomersQuery {
        text: plain("q", params.q)?,
        is_known: parsed("known", params.known.as_deref(), yes_or_no)?,
        country: plain("country", params.country)?,
        has_orders: parsed("has_orders", params.has_orders.as_deref(), yes_or_no)?,
        seen_since: moment("seen_since", params.seen_since.as_deref())?,
        is_suspended: Some(is_suspended.unwrap_or(false)),
        sort: sort.into(),
        is_descending: order.unwrap_or(usual) == SortOrder::Desc,
    })
}

/// Everything known of one customer.
#[utoipa::path(get, path = "/api/customers/{id}", operation_id = "get_customer", tag = "customers",
    params(("id" = String, Path)), responses((status = 200, body = Customer)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
) -> Result<Json<Customer>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let view = api.engine().customer_seen(id, &sight(&api, &caller)).await?;
    Ok(Json(Customer::of(id, view, api.engine().sources())))
}

/// Which events of the timeline to show.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TimelineParams {
    /// Only calls of this kind.
    #[param(value_type = Option<EventKindWord>)]
    kind: Option<String>,
    /// Only events of this name.
    name: Option<String>,
    /// Only where the name or a property contains this.
    text: Option<String>,
    /// Only at or after this time.
    #[param(value_type = Option<Time>)]
    since: Option<String>,
    /// Only before this time.
    #[param(value_type = Option<Time>)]
    until: Option<String>,
    /// Rows of the page, 500 at most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What one customer did, newest first.
#[utoipa::path(get, path = "/api/customers/{id}/events", operation_id = "list_customer_events",
    tag = "customers", params(("id" = String, Path), TimelineParams),
    responses((status = 200, body = List<TimelineEvent>)))]
pub async fn events(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
    Params(params): Params<TimelineParams>,
) -> Result<Json<List<TimelineEvent>>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let engine = api.engine();
    let page = page(params.limit.as_deref(), params.cursor.clone(), engine.limits())?;
    let kinds = "track, identify, page, screen, group or alias";
    let filter = TimelineFilter {
        kind: words("kind", params.kind.as_deref(), EventKind::from_slug, kinds)?,
        name: plain("name", params.name)?,
        text: plain("text", params.text)?,
        since: moment("since", params.since.as_deref())?,
        until: moment("until", params.until.as_deref())?,
    };
    let sight = sight(&api, &caller);
    let found = engine.timeline_seen(id, &filter, &page, &sight).await.map_err(about("cursor"))?;
    Ok(Json(found.map(|event| TimelineEvent::of(&event, engine.sources(), &sight)).into()))
}

/// What one customer does, as it arrives: events `timeline`, and `profile` where what is known of
/// them changed.
#[utoipa::path(get, path = "/api/customers/{id}/stream", operation_id = "stream_customer",
    tag = "customers", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/event-stream", body = TimelineEvent)))]
pub async fn stream(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
) -> Result<Response, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let canonical = api.engine().customer(id).await?.id;
    let sources = api.engine().sources().clone();
    let watcher = Timeline { sources, sight: sight(&api, &caller) };
    live_stream(&api, watcher, api.engine().customer_live(canonical))
}

/// A value that points to a customer.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LookupParams {
    /// `user_id`, `anonymous_id`, `email`, `phone`, …
    kind: String,
    value: String,
}

/// The customer that an identifier points to.
#[utoipa::path(get, path = "/api/lookup", operation_id = "look_up_customer", tag = "customers",
    params(LookupParams), responses((status = 200, body = Found)))]
pub async fn lookup(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<LookupParams>,
) -> Result<Json<Found>, ApiError> {
    caller.require(Right::ViewCustomers)?;
    let kind = IdentifierKind::from_slug(params.kind.trim());
    let identifier = Identifier::formed(kind, &params.value)
        .ok_or_else(|| ApiError::field("value", "the value is not of its kind's form"))?;
    let sight = sight(&api, &caller);
    let customer_id = api.engine().lookup_seen(&identifier, &sight).await?.to_string();
    Ok(Json(Found { customer_id }))
}

struct Timeline {
    sources: Sources,
    sight: Sight,
}

impl Watcher for Timeline {
    type News = CustomerNews;
    const EVENTS_PER_SECOND_MAX: usize = 50;

    fn look(&self, news: CustomerNews) -> (Vec<Event>, u64) {
        let event = match news {
            CustomerNews::Event(found) => {
                event("timeline", &TimelineEvent::of(&found, &self.sources, &self.sight))
            }
            CustomerNews::ProfileChanged => event("profile", &serde_json::json!({})),
        };
        (vec![event], 0)
    }

    /// The page is told to read again, which brings what was left out.
    fn gap(&self, _: u64) -> Option<Event> {
        Some(event("profile", &serde_json::json!({})))
    }
}
