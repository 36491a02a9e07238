//! What was set, by name?

use super::Admin;
use super::audit::AuditRow;
use crate::StateError;

impl Admin {
    /// The value of the setting `name`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StateError> {
        let sql = "SELECT value FROM settings WHERE name = $1";
        let row = self.db.row(sql, vec![name.into()]).await?;
        row.map(|row| row.text(0)).transpose()
    }

    /// Sets the setting `name`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_setting(
        &self,
        name: &str,
        value: &str,
        audit: &AuditRow,
    ) -> Result<(), StateError> {
        let sql = "INSERT INTO settings (name, value) VALUES ($1, $2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.execute_audited(sql, vec![name.into(), value.into()], audit).await?;
        Ok(())
    }
}
