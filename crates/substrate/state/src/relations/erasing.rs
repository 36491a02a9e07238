//! Which codes name nobody but those who are to be forgotten?

use crate::StateError;
use crate::batch::Batch;
use crate::bulk::Rows;
use crate::identity::sorted;
use base::IdentifierId;
use std::collections::BTreeSet;

const BY_CODE: Rows = Rows {
    head: "DELETE FROM relations WHERE other_kind = '' AND other_value IN (",
    n_columns: 1,
    tail: ")",
};

impl Batch {
    /// Takes away what others said of a referral code that only these identifiers claim: it names
    /// nobody else. To be called while the claims are still there; answers the rows that went.
    ///
    /// # Errors
    /// See [`StateError`].
    pub(crate) async fn forget_codes(&mut self, ids: &[IdentifierId]) -> Result<u64, StateError> {
        let state = self.directory_changes().0.clone();
        let own: BTreeSet<String> =
            state.codes_of(ids).await?.into_iter().map(|row| row.code).collect();
        let wanted: Vec<&str> = own.iter().map(String::as_str).collect();
        let ids = sorted(ids);
        let claims = state.code_claims(&wanted).await?;
        let of_others = claims.iter().filter(|row| ids.binary_search(&row.identifier).is_err());
        let shared: BTreeSet<&str> = of_others.map(|row| row.code.as_str()).collect();
        let theirs: Vec<&str> = wanted.into_iter().filter(|code| !shared.contains(code)).collect();
        BY_CODE.write(self.tx(), &theirs, |&code, values| values.push(code.into())).await
    }
}
