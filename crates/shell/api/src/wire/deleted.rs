//! What was deleted and can come back, and until when?

use super::scalar::Time;
use app::deletion::Deletion;
use serde::Serialize;
use utoipa::ToSchema;

/// Something that was deleted and can come back.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeletedThing {
    pub id: String,
    pub name: String,
    pub deleted_at: Time,
    pub deleted_by: String,
    /// Then it is gone for good.
    pub until: Time,
}

impl DeletedThing {
    /// The wire twin of a mark.
    pub fn of(id: String, name: String, deleted: Deletion) -> Self {
        let until = deleted.until().into();
        Self { id, name, deleted_at: deleted.at.into(), deleted_by: deleted.by, until }
    }
}
