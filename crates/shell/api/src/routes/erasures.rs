//! Who is to be forgotten, how far has it got, and what do we know of somebody?

use super::privacy::page_of;
use crate::caller::SignedIn;
use crate::error::ApiError;
use crate::input::{Body, Id, IdempotencyKey, PageParams, Params, about, words};
use crate::once::{Creation, create as create_once};
use crate::options::Api;
use crate::wire::decision::NamedIdentifier;
use crate::wire::erasure::{
    Certificate, ErasedAgain, Erasure, ErasurePreview, ErasureTrial, NewErasure, TombstoneCheck,
    TombstoneDigest, TombstoneList,
};
use crate::wire::export::CustomerExport;
use crate::wire::list::List;
use crate::wire::privacy::{customer, request};
use crate::wire::timeline::TimelineEvent;
use crate::wire::word::EraseReason;
use app::access::Right;
use app::privacy::{ErasureState, Exported, TimelineReader};
use app::traits::Sight;
use axum::Json;
use axum::body::Body as HttpBody;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::{CustomerId, Error, ErrorKind, Position};
use futures::stream;
use http::{HeaderValue, header};
use serde::Deserialize;
use utoipa::IntoParams;

/// All erasures, newest first.
#[utoipa::path(get, path = "/api/privacy/erasures", operation_id = "list_erasures",
    tag = "privacy", params(PageParams), responses((status = 200, body = List<Erasure>)))]
pub async fn list(
    State(api): State<Api>,
    caller: SignedIn,
    Params(params): Params<PageParams>,
) -> Result<Json<List<Erasure>>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    let page = page_of(&api, params)?;
    let found = api.engine().erasures(&page).await.map_err(about("cursor"))?;
    Ok(Json(found.map(Erasure::from).into()))
}

/// What erasing a customer would take away; nothing changes.
#[utoipa::path(post, path = "/api/privacy/erasures/preview", operation_id = "preview_erasure",
    tag = "privacy", request_body = ErasureTrial,
    responses((status = 200, body = ErasurePreview)))]
pub async fn preview(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: trial, .. }: Body<ErasureTrial>,
) -> Result<Json<ErasurePreview>, ApiError> {
    caller.require(Right::EraseCustomers)?;
    let id = whose(&trial.customer_id)?;
    Ok(Json(api.engine().preview_erasure(id).await?.into()))
}

/// Erases a customer. When the answer is there, nobody sees them any more; files and log follow,
/// and a certificate at the end.
#[utoipa::path(post, path = "/api/privacy/erasures", operation_id = "erase_customer",
    tag = "privacy", request_body = NewErasure,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Erasure)))]
pub async fn erase(
    State(api): State<Api>,
    caller: SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    Body { value: new, text }: Body<NewErasure>,
) -> Result<Response, ApiError> {
    caller.require(Right::EraseCustomers)?;
    let id = whose(&new.customer_id)?;
    let (reason, of) =
        (new.reason.unwrap_or(EraseReason::Request), request(new.request_id.as_deref())?);
    let what = "POST /api/privacy/erasures";
    let creation = Creation { by: &caller, what, key, body: &text, is_secret: false };
    create_once(&api, creation, async {
        let erasure = api.engine().erase(caller.actor(), id, reason.into(), of).await?;
        Ok(Erasure::from(erasure))
    })
    .await
}

fn whose(text: &str) -> Result<CustomerId, ApiError> {
    customer(Some(text))?.ok_or_else(|| ApiError::field("customer_id", "says nobody"))
}

/// One erasure.
#[utoipa::path(get, path = "/api/privacy/erasures/{id}", operation_id = "get_erasure",
    tag = "privacy", params(("id" = String, Path)), responses((status = 200, body = Erasure)))]
pub async fn get(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<Position>,
) -> Result<Json<Erasure>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    Ok(Json(api.engine().erasure(id).await?.into()))
}

/// Lets files bring back whom this erasure was about, from now on.
#[utoipa::path(post, path = "/api/privacy/erasures/{id}/lift", operation_id = "lift_tombstones",
    tag = "privacy", params(("id" = String, Path)), responses((status = 200, body = Erasure)))]
pub async fn lift(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<Position>,
) -> Result<Json<Erasure>, ApiError> {
    caller.require(Right::EraseCustomers)?;
    Ok(Json(api.engine().lift_tombstones(caller.actor(), id).await?.into()))
}

/// Whether somebody of this identifier was erased.
#[utoipa::path(post, path = "/api/privacy/tombstones/check", operation_id = "check_tombstone",
    tag = "privacy", request_body = NamedIdentifier,
    responses((status = 200, body = TombstoneCheck)))]
pub async fn check(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: named, .. }: Body<NamedIdentifier>,
) -> Result<Json<TombstoneCheck>, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    Ok(Json(api.engine().tombstone(&named.read("value")?).into()))
}

/// What is remembered of everybody who was erased, to be carried to an older copy of the data.
#[utoipa::path(get, path = "/api/privacy/tombstones", operation_id = "list_tombstones",
    tag = "privacy", responses((status = 200, body = TombstoneList)))]
pub async fn tombstones(
    State(api): State<Api>,
    caller: SignedIn,
) -> Result<Json<TombstoneList>, ApiError> {
    caller.require(Right::EraseCustomers)?;
    let all = api.engine().tombstone_digests().into_iter();
    let tombstones =
        all.map(|(digest, at)| TombstoneDigest { digest, erased_at: at.into() }).collect();
    Ok(Json(TombstoneList { tombstones }))
}

/// Erases everybody who is known by any of these, as after an older copy was put back.
#[utoipa::path(post, path = "/api/privacy/tombstones/apply", operation_id = "apply_tombstones",
    tag = "privacy", request_body = TombstoneList,
    responses((status = 200, body = ErasedAgain)))]
pub async fn apply(
    State(api): State<Api>,
    caller: SignedIn,
    Body { value: list, .. }: Body<TombstoneList>,
) -> Result<Json<ErasedAgain>, ApiError> {
    caller.require(Right::EraseCustomers)?;
    let digests = list.tombstones.into_iter().map(|one| one.digest).collect();
    let orders = api.engine().erase_again(caller.actor(), &digests).await?;
    Ok(Json(ErasedAgain { erasure_ids: orders.iter().map(ToString::to_string).collect() }))
}

/// In which form something is read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FormParams {
    /// `json`, or `html` for one page to be read by people.
    format: Option<String>,
    /// Whether the page is shown instead of saved.
    #[param(value_type = Option<bool>)]
    inline: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Html,
}

impl FormParams {
    fn form(&self) -> Result<Form, ApiError> {
        let form = |text: &str| match text {
            "json" => Some(Form::Json),
            "html" => Some(Form::Html),
            _ => None,
        };
        Ok(words("format", self.format.as_deref(), form, "json or html")?.unwrap_or(Form::Json))
    }

    fn is_inline(&self) -> bool {
        self.inline.as_deref() == Some("true")
    }
}

/// The certificate of an erasure that is done.
#[utoipa::path(get, path = "/api/privacy/erasures/{id}/certificate",
    operation_id = "get_certificate", tag = "privacy", params(("id" = String, Path), FormParams),
    responses((status = 200, content_type = "application/json", body = Certificate)))]
pub async fn certificate(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<Position>,
    Params(params): Params<FormParams>,
) -> Result<Response, ApiError> {
    caller.require(Right::HandlePrivacy)?;
    let form = params.form()?;
    let erasure = api.engine().erasure(id).await?;
    let certificate = erasure.row.certificate.filter(|_| erasure.state == ErasureState::Done);
    let Some(certificate) = certificate else {
        let message = "the erasure is not done yet: there is no certificate";
        return Err(ApiError::new(ErrorKind::Conflict, message));
    };
    let body = match form {
        Form::Json => certificate,
        Form::Html => app::privacy::certificate_page(&certificate),
    };
    Ok(file(HttpBody::from(body), form, &format!("erasure-{id}"), params.is_inline()))
}

/// Everything that is known of a customer: for them, so that nothing is withheld. Nothing of the
/// answer is kept here.
#[utoipa::path(get, path = "/api/customers/{id}/export", operation_id = "export_customer",
    tag = "privacy", params(("id" = String, Path), FormParams),
    responses((status = 200, content_type = "application/json", body = String)))]
pub async fn export(
    State(api): State<Api>,
    caller: SignedIn,
    Id(id): Id<CustomerId>,
    Params(params): Params<FormParams>,
) -> Result<Response, ApiError> {
    caller.require(Right::ExportCustomers)?;
    let form = params.form()?;
    let (told, reader) = api.engine().export_customer(caller.actor(), id).await?;
    let name = format!("customer-{}", told.view.id);
    let telling = Telling {
        api: api.clone(),
        form,
        reader,
        told: Some(told),
        is_first: true,
        is_done: false,
    };
    let pieces = stream::unfold(Some(telling), |telling| async move {
        let mut telling = telling?;
        match telling.next().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(telling))),
            Ok(None) => None,
            Err(error) => {
                tracing::error!(%error, "an export was broken off");
                Some((Err(std::io::Error::other("the export was broken off")), None))
            }
        }
    });
    Ok(file(HttpBody::from_stream(pieces), form, &name, params.is_inline()))
}

/// An answer on its way, piece by piece.
struct Telling {
    api: Api,
    form: Form,
    reader: TimelineReader,
    told: Option<Exported>,
    is_first: bool,
    is_done: bool,
}

impl Telling {
    /// The next piece: the head, then the events page by page, then the end.
    async fn next(&mut self) -> Result<Option<String>, Error> {
        if let Some(told) = self.told.take() {
            return Ok(Some(self.head(told)));
        }
        match self.reader.next(self.api.engine()).await? {
            Some(events) => Ok(Some(self.events(events))),
            None => Ok(self.end()),
        }
    }

    fn head(&self, told: Exported) -> String {
        let sources = self.api.engine().sources();
        match self.form {
            Form::Html => app::privacy::customer_page_head(&told, sources),
            Form::Json => {
                let text = serde_json::to_string(&CustomerExport::of(told, sources))
                    .expect("texts and numbers are JSON");
                let open = text.strip_suffix('}').expect("an object ends with a brace");
                format!("{open},\"events\":[")
            }
        }
    }

    fn events(&mut self, events: Vec<app::customers::TimelineEvent>) -> String {
        let sources = self.api.engine().sources();
        let mut piece = String::new();
        for event in events {
            match self.form {
                Form::Html => {
                    piece.push_str(&app::privacy::customer_page_event(&event, sources));
                }
                Form::Json => {
                    let event = TimelineEvent::of(&event, sources, &Sight::everything());
                    piece.push_str(if self.is_first { "\n" } else { ",\n" });
                    piece.push_str(
                        &serde_json::to_string(&event).expect("texts and numbers are JSON"),
                    );
                }
            }
            self.is_first = false;
        }
        piece
    }

    /// What closes the answer, once.
    fn end(&mut self) -> Option<String> {
        let was_done = std::mem::replace(&mut self.is_done, true);
        (!was_done).then(|| match self.form {
            Form::Html => app::privacy::customer_page_end(),
            Form::Json => "\n]}\n".to_owned(),
        })
    }
}

fn file(body: HttpBody, form: Form, name: &str, is_inline: bool) -> Response {
    let (kind, ending) = match form {
        Form::Json => ("application/json", "json"),
        Form::Html => ("text/html; charset=utf-8", "html"),
    };
    let how = if is_inline { "inline" } else { "attachment" };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let disposition = format!("{how}; filename=\"{name}.{ending}\"");
    let disposition = HeaderValue::from_str(&disposition).expect("ids are ASCII");
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
