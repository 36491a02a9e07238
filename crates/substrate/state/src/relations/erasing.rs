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

const REMOVALS_OF: Rows =
    Rows { head: "DELETE FROM household_removals WHERE household IN (", n_columns: 1, tail: ")" };
const WORDS_OF: Rows = Rows {
    head: "DELETE FROM relation_edit_words WHERE about = 'household' AND name IN (",
    n_columns: 1,
    tail: ")",
};
/// Who was taken out stays told, by number; of which household, does not.
const BLANK_AUDIT: Rows = Rows {
    head: "UPDATE audit SET detail = '' WHERE action LIKE 'households.%' AND detail IN (",
    n_columns: 1,
    tail: ")",
};

impl Batch {
    /// Takes away everything that was said by hand of these households, which nothing shows any
    /// more: their names are fingerprints of somebody who is erased.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn forget_households(&mut self, households: &[String]) -> Result<(), StateError> {
        for change in [REMOVALS_OF, WORDS_OF, BLANK_AUDIT] {
            change.write(self.tx(), households, |one, v| v.push(one.as_str().into())).await?;
        }
        Ok(())
    }

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
