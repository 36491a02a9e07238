//! Which program is calling?

use super::audit::line;
use super::caller::{Actor, ActorKind, Caller, Credential};
use super::role::Scope;
use super::secret::{Secret, digest, same};
use super::{Access, known, normal_name};
use base::{Duration, Error, ErrorKind, Timestamp, TokenId};
use state::admin::TokenRow;

/// How stale the time of last use may get.
const USE_GRAIN: Duration = Duration::seconds(60);

/// An API token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Which token.
    pub id: TokenId,
    /// What its maker calls it.
    pub name: String,
    /// What it was made for.
    pub scopes: Vec<Scope>,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works; `None` for ever.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// A token to make.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What to call it.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// Until when it works; `None` for ever.
    pub expires_at: Option<Timestamp>,
}

impl Token {
    fn of(row: TokenRow) -> Result<Self, Error> {
        let scopes = row.scopes.split_whitespace();
        let scopes = scopes.map(|slug| known(Scope::from_slug(slug), "scope"));
        Ok(Self {
            id: row.id,
            name: row.name,
            scopes: scopes.collect::<Result<_, _>>()?,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        })
    }
}

impl Access {
    /// Makes a token; its secret (`rpt_…`) is told this once.
    ///
    /// # Errors
    /// `Invalid` for an empty name, no scopes, or an end in the past.
    pub async fn create_token(
        &self,
        actor: &Actor,
        new: NewToken,
        now: Timestamp,
    ) -> Result<(Token, Secret), Error> {
        let invalid = |message: &str| Err(Error::new(ErrorKind::Invalid, message));
        if new.scopes.is_empty() {
            return invalid("a token needs at least one scope");
        }
        if new.expires_at.is_some_and(|end| end <= now) {
            return invalid("the token would have expired already");
        }
        let name = normal_name(&new.name, "the name")?;
        let slugs = Scope::ALL.into_iter().filter(|scope| new.scopes.contains(scope));
        let scopes = slugs.map(Scope::slug).collect::<Vec<_>>().join(" ");
        let secret = Secret::fresh("rpt_")?;
        let detail = format!("'{name}' with scopes {scopes}");
        let audit = line(actor, "token.created", ("", &detail), now);
        let row = TokenRow {
            id: TokenId(0),
            name,
            scopes,
            created_by: actor.name.clone(),
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        let row = self.inner.admin.put_token(&secret.digest(), row, &audit).await?;
        Ok((Token::of(row)?, secret))
    }

    /// Every token that was not revoked, newest first.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn tokens(&self) -> Result<Vec<Token>, Error> {
        self.inner.admin.tokens().await?.into_iter().map(Token::of).collect()
    }

    /// Makes a token stop working at once.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub async fn revoke_token(
        &self,
        actor: &Actor,
        id: TokenId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let audit = line(actor, "token.revoked", (&id.to_string(), ""), now);
        if self.inner.admin.revoke_token(id, &audit).await? {
            return Ok(());
        }
        Err(Error::new(ErrorKind::NotFound, format!("there is no token {id}")))
    }

    /// Who is calling with this bearer token.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthenticated`].
    pub async fn caller_by_token(&self, bearer: &str, now: Timestamp) -> Result<Caller, Error> {
        let digest = digest(bearer);
        if self.inner.admin_token_digest.as_ref().is_some_and(|ours| same(ours, &digest)) {
            let actor = Actor { kind: ActorKind::Token, name: "RAPPORT_ADMIN_TOKEN".to_owned() };
            return Ok(Caller { actor, credential: Credential::AdminToken });
        }
        let row = self.inner.admin.token(&digest, now).await?.ok_or_else(|| {
            Error::new(ErrorKind::Unauthenticated, "the token is unknown, expired or revoked")
        })?;
        let is_stale = row.last_used_at.is_none_or(|last| now.since(last) >= USE_GRAIN);
        let token = Token::of(row)?;
        if is_stale {
            let id = token.id;
            self.in_background(async move |admin| admin.touch_token(id, now).await);
        }
        let credential = Credential::Token { token: token.id, scopes: token.scopes };
        Ok(Caller { actor: Actor { kind: ActorKind::Token, name: token.name }, credential })
    }
}
