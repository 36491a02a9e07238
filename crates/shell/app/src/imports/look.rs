//! What is in an uploaded file, and how could it be read?

use super::{Import, Upload, UploadId};
use crate::access::Caller;
use crate::engine::Engine;
use crate::page::PageQuery;
use base::Error;
use std::sync::Arc;
use sync::{Inspection, Proposal, Shape};

/// Imports among which an earlier one of the same file is looked for.
const IMPORTS_LOOKED_AT: usize = 500;

/// What there is to say of an uploaded file before anything is imported.
#[derive(Clone, Debug)]
pub struct Look {
    /// The file.
    pub upload: Upload,
    /// What was found in it.
    pub inspection: Arc<Inspection>,
    /// The mapping that seems right, under the file's own name.
    pub proposal: Proposal,
    /// Earlier imports of the same content, newest first; this file's own is not among them.
    pub before: Vec<Import>,
}

impl Engine {
    /// Looks at an uploaded file; where a person says of which shape it is, the proposal is made
    /// for that.
    ///
    /// # Errors
    /// `NotFound`, also where the file is somebody else's.
    pub async fn look_at_upload(
        &self,
        caller: &Caller,
        id: &UploadId,
        shape: Option<Shape>,
    ) -> Result<Look, Error> {
        let upload = self.imports().uploads().get(caller, id)?;
        let inspection = self.imports().uploads().inspection(id).await?;
        let shape = shape.unwrap_or(inspection.proposal.shape);
        let name = sync::mapping_name(&upload.file_name);
        let mut proposal = sync::propose_as(&name, shape, &inspection.columns);
        if shape == inspection.proposal.shape {
            proposal.mapping.file = inspection.proposal.mapping.file.clone();
        }
        let page = PageQuery { limit: IMPORTS_LOOKED_AT, cursor: None };
        let imports = self.imports().list(&page).await?.items.into_iter();
        let is_same = |import: &Import| {
            import.file.fingerprint == inspection.fingerprint && Some(import.id) != upload.import
        };
        let before = imports.filter(is_same).collect();
        Ok(Look { upload, inspection, proposal, before })
    }
}
