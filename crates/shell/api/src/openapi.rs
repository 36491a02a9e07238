//! Which paths does the API have, and how are they described to programs?
//!
//! Paths are served and described from the same list, so that neither has what the other lacks.

mod answers;

use crate::error::ErrorBody;
use crate::operations;
use crate::options::Api;
use crate::routes::{
    about, accounts, alerts, audit, boards, catalogue, customers, debugger, decisions, erasures,
    home, identity, imports, insights, invites, linkage, metrics, notes, plans, privacy, relations,
    session, sources, sql, tokens, traits, uploads, users,
};
use crate::wire::catalogue::CatalogueField;
use crate::wire::pair::PairOrder;
use crate::wire::word::{CustomerSort, SortOrder};
use axum::Router;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rapport",
        description = "One record per customer: what they did, who they are, what is known.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(ErrorBody, CatalogueField, CustomerSort, SortOrder, PairOrder)),
    security(("session" = []), ("token" = [])),
    modifiers(&Conventions),
)]
struct Head;

/// What holds for every operation: how one signs in, and how failures look.
struct Conventions;

impl Modify for Conventions {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "rapport_session",
            "Changes also carry the header 'x-rapport-csrf: 1'.",
        )));
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API token ('rpt_…'), or RAPPORT_ADMIN_TOKEN."));
        components.add_security_scheme("session", cookie);
        components.add_security_scheme("token", SecurityScheme::Http(bearer.build()));
    }
}

/// Every path but those of client libraries and the UI, served and described.
pub fn routes() -> (Router<Api>, Document) {
    let (router, mut document) = OpenApiRouter::with_openapi(Head::openapi())
        .routes(routes!(operations::health))
        .routes(routes!(operations::ready))
        .routes(routes!(operations::metrics))
        .routes(routes!(operations::openapi))
        .merge(signing_in())
        .merge(listening())
        .merge(knowing())
        .merge(asking())
        .merge(asking_in_sql())
        .merge(agreeing())
        .merge(settings())
        .split_for_parts();
    describe_failures(&mut document);
    answers::describe(&mut document);
    (router, document)
}

fn signing_in() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(session::get, session::sign_in, session::sign_out))
        .routes(routes!(invites::get, invites::accept))
}

fn listening() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(home::get))
        .routes(routes!(sources::list, sources::create))
        .routes(routes!(sources::get, sources::change, sources::delete))
        .routes(routes!(sources::rotate_key))
        .routes(routes!(plans::get, plans::put))
        .routes(routes!(plans::pin))
        .routes(routes!(debugger::list))
        .routes(routes!(debugger::stream))
        .routes(routes!(debugger::get))
        .routes(routes!(imports::list, imports::begin))
        .routes(routes!(imports::stream))
        .routes(routes!(imports::get))
        .routes(routes!(imports::rejects))
        .merge(OpenApiRouter::new().routes(routes!(imports::rows)).layer(imports::rows_limit()))
        .routes(routes!(imports::finish))
        .routes(routes!(imports::stop))
        .routes(routes!(uploads::list, uploads::upload))
        .routes(routes!(uploads::get, uploads::delete))
        .routes(routes!(uploads::look))
        .routes(routes!(uploads::preview))
        .routes(routes!(uploads::import))
        .routes(routes!(uploads::rejects_file))
}

fn knowing() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(customers::list))
        .routes(routes!(customers::get))
        .routes(routes!(customers::events))
        .routes(routes!(customers::stream))
        .routes(routes!(identity::then))
        .routes(routes!(customers::lookup))
        .routes(routes!(traits::history))
        .routes(routes!(traits::permission))
        .routes(routes!(decisions::list, decisions::decide))
        .routes(routes!(decisions::preview))
        .routes(routes!(decisions::undo, decisions::preview_undo))
        .routes(routes!(decisions::about_customer))
        .merge(linking())
        .routes(routes!(accounts::list))
        .routes(routes!(accounts::get))
        .routes(routes!(accounts::claim_domain, accounts::drop_domain))
        .routes(routes!(accounts::judge_member, accounts::unjudge_member))
        .merge(relating())
        .merge(keeping_private())
}

fn keeping_private() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(privacy::list, privacy::create))
        .routes(routes!(privacy::summary))
        .routes(routes!(privacy::get, privacy::change))
        .routes(routes!(privacy::suspensions))
        .routes(routes!(privacy::suspend, privacy::resume))
        .routes(routes!(privacy::retention, privacy::change_retention))
        .routes(routes!(privacy::preview_retention))
        .routes(routes!(privacy::consents))
        .routes(routes!(erasures::list, erasures::erase))
        .routes(routes!(erasures::preview))
        .routes(routes!(erasures::get))
        .routes(routes!(erasures::lift))
        .routes(routes!(erasures::certificate))
        .routes(routes!(erasures::check))
        .routes(routes!(erasures::tombstones))
        .routes(routes!(erasures::apply))
        .routes(routes!(erasures::export))
}

fn relating() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(relations::get))
        .routes(routes!(relations::influence))
        .routes(routes!(relations::influencers))
        .routes(routes!(relations::put_back, relations::remove))
        .routes(routes!(relations::by_hand))
        .routes(routes!(relations::undo_by_hand))
}

fn linking() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(linkage::status))
        .routes(routes!(linkage::settings, linkage::change))
        .routes(routes!(linkage::runs, linkage::start))
        .routes(routes!(linkage::run))
        .routes(routes!(linkage::cancel))
        .routes(routes!(linkage::undo))
        .routes(routes!(linkage::pairs))
        .routes(routes!(linkage::spread))
        .routes(routes!(linkage::pair))
        .routes(routes!(linkage::judge))
        .routes(routes!(linkage::unjudge))
        .routes(routes!(linkage::duplicates))
        .merge(
            OpenApiRouter::new().routes(routes!(linkage::preview)).layer(linkage::events_limit()),
        )
}

fn asking() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(choosing())
        .routes(routes!(insights::ask))
        .routes(routes!(insights::ask_trend))
        .routes(routes!(insights::list_trend_customers))
        .routes(routes!(insights::ask_funnel))
        .routes(routes!(insights::list_funnel_customers))
        .routes(routes!(insights::ask_retention))
        .routes(routes!(insights::list_retention_customers))
        .routes(routes!(insights::ask_visits))
        .routes(routes!(insights::list_visits_customers))
        .routes(routes!(insights::ask_paths))
        .routes(routes!(insights::list_paths_customers))
        .routes(routes!(insights::ask_lifecycle))
        .routes(routes!(insights::list_lifecycle_customers))
        .routes(routes!(insights::ask_stickiness))
        .routes(routes!(insights::list_stickiness_customers))
        .routes(routes!(insights::ask_rfm))
        .routes(routes!(insights::list_rfm_customers))
        .routes(routes!(insights::ask_last_touch))
        .routes(routes!(insights::list_last_touch_customers))
}

fn choosing() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(catalogue::events))
        .routes(routes!(catalogue::properties))
        .routes(routes!(catalogue::values))
        .routes(routes!(catalogue::traits))
}

fn agreeing() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(metrics::list, metrics::create))
        .routes(routes!(metrics::list_usual, metrics::add_usual))
        .routes(routes!(metrics::get, metrics::change, metrics::archive))
        .routes(routes!(metrics::versions))
        .routes(routes!(metrics::answer))
        .routes(routes!(boards::list, boards::create))
        .routes(routes!(boards::list_templates))
        .routes(routes!(boards::get, boards::change, boards::delete))
        .routes(routes!(boards::restore))
        .routes(routes!(boards::share, boards::unshare))
        .routes(routes!(boards::answer))
        .routes(routes!(boards::get_shared))
        .routes(routes!(boards::answer_shared))
        .routes(routes!(alerts::list, alerts::create))
        .routes(routes!(alerts::firings))
        .routes(routes!(alerts::see))
        .routes(routes!(alerts::get, alerts::change, alerts::delete))
        .routes(routes!(alerts::test))
        .routes(routes!(notes::list, notes::create))
        .routes(routes!(notes::change, notes::delete))
}

fn asking_in_sql() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(sql::ask))
        .routes(routes!(sql::plan))
        .routes(routes!(sql::schema))
        .routes(routes!(sql::queries, sql::save))
        .routes(routes!(sql::change, sql::delete))
        .routes(routes!(sql::restore))
}

fn settings() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(users::list))
        .routes(routes!(users::invite))
        .routes(routes!(users::change))
        .routes(routes!(users::reset))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(audit::list))
        .routes(routes!(traits::settings, traits::change))
        .routes(routes!(accounts::settings, accounts::change))
        .routes(routes!(identity::settings, identity::change))
        .routes(routes!(identity::preview))
        .routes(routes!(about::get))
}

/// Every operation may fail, and always in the same form.
fn describe_failures(document: &mut Document) {
    let form = RefOr::Ref(utoipa::openapi::Ref::from_schema_name("ErrorBody"));
    let failure: Response = ResponseBuilder::new()
        .description("It did not happen; the kind says what to do.")
        .content("application/json", Content::new(Some(form)))
        .build();
    for path in document.paths.paths.values_mut() {
        let operations =
            [&mut path.get, &mut path.put, &mut path.post, &mut path.patch, &mut path.delete];
        for operation in operations.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            responses.insert("default".to_owned(), RefOr::T(failure.clone()));
        }
    }
}

/// The description as text.
pub fn text(document: &Document) -> String {
    document.to_pretty_json().expect("the description is JSON")
}

/// `/api/openapi.json` as text, for the generation of clients at build time.
#[must_use]
pub fn openapi_json() -> String {
    text(&routes().1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn described() -> Value {
        serde_json::from_str(&openapi_json()).unwrap()
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document = described();
        let paths = document["paths"].as_object().unwrap().values();
        let operations = paths.flat_map(|path| path.as_object().unwrap().values());
        let mut names: Vec<_> =
            operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
        let n_operations = names.len();
        names.sort_unstable();
        names.dedup();
        assert!(names.len() == n_operations && n_operations >= 40, "{names:?}");
    }

    #[test]
    fn answers_tell_everything_and_requests_need_only_what_they_must() {
        let document = described();
        let needed = |name: &str| document["components"]["schemas"][name]["required"].clone();
        assert_eq!(needed("Failure"), serde_json::json!(["field", "hint", "kind", "message"]));
        assert_eq!(needed("List_Source"), serde_json::json!(["items", "next_cursor"]));
        assert_eq!(needed("NewSource"), serde_json::json!(["name", "kind"]));
        assert_eq!(needed("SourceChange"), Value::Null);
        let detail = &document["components"]["schemas"]["DebugDetail"]["allOf"][1]["required"];
        assert!(detail.as_array().unwrap().iter().any(|name| name == "raw"), "{detail}");
        let items = &document["components"]["schemas"]["List_Source"]["properties"]["items"];
        assert_eq!(items["items"]["$ref"], "#/components/schemas/Source");
    }
}
