//! Which charts were put side by side, and who may look at them by a link?
//!
//! What is on a card is the business of who shows it: here a board's cards are a text that is kept
//! as it is.

use crate::access::{Actor, Secret, audit_line, digest, normal_name};
use crate::deletion::{self, Deletion};
use crate::engine::Engine;
use crate::metrics::NOTE_CHARS_MAX;
use base::{BoardId, Error, ErrorKind, Timestamp};
use state::State;
use state::admin::{Admin, BoardRow, Kept, LinkRow};

/// Boards at most, with those that were deleted and can come back.
pub const BOARDS_MAX: u64 = 2_000;
/// Cards of a board at most.
pub const CARDS_MAX: usize = 60;
/// Bytes of a board's cards at most.
pub const CARDS_BYTES_MAX: usize = 1 << 20;
/// With what the secret of a link begins, so that people see what it is.
const LINK_PREFIX: &str = "rpb_";

/// A board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Which board.
    pub id: BoardId,
    /// Counts every change, from 1.
    pub version: u64,
    /// What is on it.
    pub content: BoardContent,
    /// Who made it.
    pub owner: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// The link by which anybody may look.
    pub link: Option<BoardLink>,
    /// That it was deleted.
    pub deleted: Option<Deletion>,
}

/// What is on a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardContent {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub note: String,
    /// Its cards, as JSON.
    pub cards: String,
    /// How many these are.
    pub n_cards: usize,
}

/// The link to a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardLink {
    /// Who has it may look.
    pub token: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The boards of an installation. Cheap to make.
pub struct Boards {
    admin: Admin,
}

impl Engine {
    /// The boards.
    #[must_use]
    pub fn boards(&self) -> Boards {
        Boards::of(&self.shared.state)
    }
}

impl Boards {
    /// The boards in `state`.
    pub(crate) fn of(state: &State) -> Self {
        Self { admin: Admin::new(state.db()) }
    }

    /// Every board, the one that was changed last first.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn list(&self) -> Result<Vec<Board>, Error> {
        Ok(self.admin.boards().await?.into_iter().map(board).collect())
    }

    /// Every board that was deleted and can come back at `now`, the one that was deleted last
    /// first.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn deleted(&self, now: Timestamp) -> Result<Vec<Board>, Error> {
        let all = self.admin.deleted_boards().await?.into_iter().map(board);
        Ok(all.filter(|board| board.can_come_back(now)).collect())
    }

    /// The board with this id.
    ///
    /// # Errors
    /// `NotFound` where there is none, or it was deleted.
    pub async fn get(&self, id: BoardId) -> Result<Board, Error> {
        let found = self.admin.board(id).await?.map(board).ok_or_else(|| nowhere(id))?;
        match &found.deleted {
            None => Ok(found),
            Some(_) => Err(nowhere(id).with_hint("it was deleted, and can come back for 30 days")),
        }
    }

    /// The board to which this link leads.
    ///
    /// # Errors
    /// `NotFound` where there is none, the link was taken back, or the board deleted.
    pub async fn shared(&self, token: &str) -> Result<Board, Error> {
        let found = self.admin.shared_board(&digest(token)).await?;
        found.map(board).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "this link leads nowhere")
                .with_hint("it may have been taken back; ask who gave it to you")
        })
    }

    /// Makes a board.
    ///
    /// # Errors
    /// `Invalid` with what is wrong; `Limited` where there are too many.
    pub async fn create(
        &self,
        actor: &Actor,
        content: BoardContent,
        now: Timestamp,
    ) -> Result<Board, Error> {
        let content = checked(content)?;
        if !self.admin.has_room(Kept::Boards, BOARDS_MAX).await? {
            let message = format!("there may be {BOARDS_MAX} boards at most");
            return Err(Error::new(ErrorKind::Limited, message));
        }
        let line = audit_line(actor, "board.created", ("", &content.name), now);
        let made = Board {
            id: BoardId(0),
            version: 1,
            content,
            owner: actor.name.clone(),
            changed_at: now,
            changed_by: actor.name.clone(),
            link: None,
            deleted: None,
        };
        Ok(board(self.admin.put_board(row(made), &line).await?))
    }

    /// Changes a board that was looked at in `version`; its owner and its link stay.
    ///
    /// # Errors
    /// `Invalid` with what is wrong, `NotFound`, or `Conflict` where it was changed meanwhile.
    pub async fn change(
        &self,
        actor: &Actor,
        (id, version): (BoardId, u64),
        content: BoardContent,
        now: Timestamp,
    ) -> Result<Board, Error> {
        let content = checked(content)?;
        let before = self.get(id).await?;
        let after = Board {
            version: version + 1,
            content,
            changed_at: now,
            changed_by: actor.name.clone(),
            ..before
        };
        let detail = format!("{}; {} cards", after.content.name, after.content.n_cards);
        let line = audit_line(actor, "board.changed", (&id.to_string(), &detail), now);
        if !self.admin.change_board(&row(after.clone()), &line).await? {
            let message = "the board was changed by somebody else meanwhile";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint("read it again"));
        }
        Ok(after)
    }

    /// Deletes a board: nobody finds it, by its link neither, until it comes back or is gone for
    /// good.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn delete(&self, actor: &Actor, id: BoardId, now: Timestamp) -> Result<(), Error> {
        let before = self.get(id).await?;
        let what = (&*id.to_string(), &*before.content.name);
        let line = audit_line(actor, "board.deleted", what, now);
        let which = (Kept::Boards, id.to_sql());
        self.admin.mark_deleted(which, &deletion::mark(actor, now), &line).await?;
        Ok(())
    }

    /// Brings a deleted board back as it was, its link too. One that is there stays as it is.
    ///
    /// # Errors
    /// `NotFound` where there is none, or it was deleted too long ago.
    pub async fn restore(
        &self,
        actor: &Actor,
        id: BoardId,
        now: Timestamp,
    ) -> Result<Board, Error> {
        let found = self.admin.board(id).await?.map(board);
        let found = found.filter(|board| board.deleted.is_none() || board.can_come_back(now));
        let found = found.ok_or_else(|| {
            nowhere(id).with_hint("30 days after it was deleted a board is gone for good")
        })?;
        if found.deleted.is_some() {
            let what = (&*id.to_string(), &*found.content.name);
            let line = audit_line(actor, "board.restored", what, now);
            self.admin.unmark_deleted((Kept::Boards, id.to_sql()), &line).await?;
        }
        Ok(Board { deleted: None, ..found })
    }

    /// The link to a board, made if there is none.
    ///
    /// # Errors
    /// `NotFound` where there is no such board.
    pub async fn share(
        &self,
        actor: &Actor,
        id: BoardId,
        now: Timestamp,
    ) -> Result<BoardLink, Error> {
        let before = self.get(id).await?;
        if let Some(link) = before.link {
            return Ok(link);
        }
        let secret = Secret::fresh(LINK_PREFIX)?;
        let (token, digest) = (secret.reveal().to_owned(), secret.digest());
        let link = LinkRow { token, digest, created_at: now };
        let what = (&*id.to_string(), &*before.content.name);
        let line = audit_line(actor, "board.shared", what, now);
        self.admin.put_board_link(id, Some(&link), &line).await?;
        Ok(BoardLink { token: link.token, created_at: now })
    }

    /// Takes the link to a board back: it leads nowhere from now on.
    ///
    /// # Errors
    /// `NotFound` where there is no such board.
    pub async fn unshare(&self, actor: &Actor, id: BoardId, now: Timestamp) -> Result<(), Error> {
        let before = self.get(id).await?;
        if before.link.is_some() {
            let what = (&*id.to_string(), &*before.content.name);
            let line = audit_line(actor, "board.unshared", what, now);
            self.admin.put_board_link(id, None, &line).await?;
        }
        Ok(())
    }
}

impl Board {
    fn can_come_back(&self, now: Timestamp) -> bool {
        self.deleted.as_ref().is_some_and(|deleted| deleted.can_come_back(now))
    }
}

fn checked(content: BoardContent) -> Result<BoardContent, Error> {
    let refuse = |message: String| Err(Error::new(ErrorKind::Invalid, message));
    let name = normal_name(&content.name, "the name")?;
    if content.note.chars().count() > NOTE_CHARS_MAX {
        return refuse(format!("a note has at most {NOTE_CHARS_MAX} characters"));
    }
    if content.n_cards > CARDS_MAX || content.cards.len() > CARDS_BYTES_MAX {
        return refuse(format!("a board has at most {CARDS_MAX} cards, and a megabyte of them"));
    }
    Ok(BoardContent { name, ..content })
}

fn row(board: Board) -> BoardRow {
    BoardRow {
        id: board.id,
        version: board.version,
        name: board.content.name,
        note: board.content.note,
        cards: board.content.cards,
        n_cards: board.content.n_cards as u64,
        owner: board.owner,
        changed_at: board.changed_at,
        changed_by: board.changed_by,
        link: None,
        deleted: None,
    }
}

fn board(row: BoardRow) -> Board {
    let content = BoardContent {
        name: row.name,
        note: row.note,
        cards: row.cards,
        n_cards: row.n_cards as usize,
    };
    let link = row.link.map(|link| BoardLink { token: link.token, created_at: link.created_at });
    let (changed_at, changed_by) = (row.changed_at, row.changed_by);
    Board {
        id: row.id,
        version: row.version,
        content,
        owner: row.owner,
        changed_at,
        changed_by,
        link,
        deleted: row.deleted.map(Into::into),
    }
}

fn nowhere(id: BoardId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no board {id}"))
}
