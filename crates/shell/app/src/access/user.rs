//! Who has an account, and what are they here for?

use super::audit::line;
use super::caller::Actor;
use super::role::Role;
use super::{Access, known, normal_email, normal_name};
use base::{Error, ErrorKind, Timestamp, UserId};
use state::StateError;
use state::admin::{NewUser, UserRow};

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Which user.
    pub id: UserId,
    /// The address with which they sign in.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they are here for.
    pub role: Role,
    /// Whether they are kept from signing in.
    pub is_disabled: bool,
    /// Since when they have an account.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// What to change about a user; `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserChange {
    /// The new role.
    pub role: Option<Role>,
    /// Whether they are kept from signing in.
    pub is_disabled: Option<bool>,
}

impl User {
    pub(super) fn of(row: UserRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            email: row.email,
            name: row.name,
            role: known(Role::from_slug(&row.role), "role")?,
            is_disabled: row.is_disabled,
            created_at: row.created_at,
            last_sign_in_at: row.last_sign_in_at,
        })
    }
}

impl Access {
    /// Everybody who has an account, in the order in which they came.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn users(&self) -> Result<Vec<User>, Error> {
        self.inner.admin.users().await?.into_iter().map(User::of).collect()
    }

    /// The user `id`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub async fn user(&self, id: UserId) -> Result<User, Error> {
        let row = self.inner.admin.user(id).await?;
        row.map(User::of).transpose()?.ok_or_else(|| no_user(id))
    }

    /// Whether nobody can administer this installation yet.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn is_first_run(&self) -> Result<bool, Error> {
        Ok(self.inner.admin.n_enabled_users(Role::Admin.slug()).await? == 0)
    }

    /// Makes an account without a link, as the command line does.
    ///
    /// # Errors
    /// `Invalid` for a bad address, name or password; `Conflict` where the address has an account.
    pub async fn create_user(
        &self,
        actor: &Actor,
        (name, email, role): (&str, &str, Role),
        password: &str,
        now: Timestamp,
    ) -> Result<User, Error> {
        let email = normal_email(email)?;
        let name = normal_name(name, "the name")?;
        let password_hash = self.inner.passwords.hash(password, &email).await?;
        let detail = format!("role {}", role.slug());
        let audit = line(actor, "user.created", (&email, &detail), now);
        let new = NewUser { email, name, role: role.slug().to_owned(), password_hash };
        let made = self.inner.admin.create_user(&new, now, &audit).await;
        User::of(made.map_err(|error| taken(error, &new.email))?)
    }

    /// Changes a user's role, or shuts them out and ends their sessions.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::Conflict`] where no administrator would be left.
    pub async fn change_user(
        &self,
        actor: &Actor,
        id: UserId,
        change: UserChange,
        now: Timestamp,
    ) -> Result<User, Error> {
        let before = self.user(id).await?;
        let audit = line(actor, "user.changed", (&before.email, &words(change)), now);
        let change = state::admin::UserChange {
            role: change.role.map(|role| role.slug().to_owned()),
            is_disabled: change.is_disabled,
        };
        let needed = Role::Admin.slug();
        let changed = self.inner.admin.change_user(id, &change, needed, &audit).await;
        let row = changed.map_err(last_admin)?.ok_or_else(|| no_user(id))?;
        User::of(row)
    }
}

/// The error for an address that has an account.
pub(super) fn taken(error: StateError, email: &str) -> Error {
    match error {
        StateError::Conflict { .. } => {
            Error::new(ErrorKind::Conflict, format!("{email} has an account already"))
        }
        other => other.into(),
    }
}

fn last_admin(error: StateError) -> Error {
    match error {
        StateError::Conflict { .. } => {
            Error::new(ErrorKind::Conflict, "then nobody could administer this installation")
                .with_hint("make somebody else an administrator first")
        }
        other => other.into(),
    }
}

pub(super) fn no_user(id: UserId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no user {id}"))
}

fn words(change: UserChange) -> String {
    let role = change.role.map(|role| format!("role {}", role.slug()));
    let disabled =
        change.is_disabled.map(|yes| if yes { "disabled" } else { "enabled" }.to_owned());
    role.into_iter().chain(disabled).collect::<Vec<_>>().join(", ")
}
