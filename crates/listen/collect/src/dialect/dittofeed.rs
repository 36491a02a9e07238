//! Which paths and sizes does Dittofeed have?

use super::Bounds;
use crate::route::{Call, Method};
use base::Limits;
use lexicon::EventKind;

/// `/api/public/apps/{identify,track,page,screen,group,alias,batch}`.
pub(crate) fn route(method: Method, parts: &[&str]) -> Option<Call> {
    match (method, parts) {
        (Method::Post, ["api", "public", "apps", "batch"]) => Some(Call::Batch),
        (Method::Post, ["api", "public", "apps", name]) => {
            EventKind::from_slug(name).map(Call::Single)
        }
        _ => None,
    }
}

pub(crate) fn bounds(limits: &Limits) -> Bounds {
    super::rudderstack::bounds(limits)
}
