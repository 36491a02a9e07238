//! Which charts were put side by side, and who may look at them by a link?

use super::Admin;
use super::audit::AuditRow;
use super::deletion::{DeletedRow, deleted_row};
use crate::{Row, StateError};
use base::{BoardId, Timestamp};

/// A board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// Which board.
    pub id: BoardId,
    /// Counts every change, from 1.
    pub version: u64,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub note: String,
    /// Its cards in their order, as JSON.
    pub cards: String,
    /// How many these are.
    pub n_cards: u64,
    /// Who made it.
    pub owner: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// The link by which anybody may look.
    pub link: Option<LinkRow>,
    /// That it was deleted.
    pub deleted: Option<DeletedRow>,
}

/// The link to a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// Its secret.
    pub token: String,
    /// By what it is found.
    pub digest: String,
    /// When it was made.
    pub created_at: Timestamp,
}

const SELECT: &str =
    "SELECT id, version, name, note, cards, n_cards, owner, changed_at, changed_by,
    link_token, link_digest, link_created_at, deleted_at, deleted_by FROM boards";

impl Admin {
    /// Every board, the one that was changed last first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn boards(&self) -> Result<Vec<BoardRow>, StateError> {
        let sql = format!("{SELECT} WHERE deleted_at IS NULL ORDER BY changed_at DESC, id DESC");
        self.db.rows(sql, vec![]).await?.iter().map(board_row).collect()
    }

    /// Every board that was deleted and can come back, the one that was deleted last first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn deleted_boards(&self) -> Result<Vec<BoardRow>, StateError> {
        let sql =
            format!("{SELECT} WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC");
        self.db.rows(sql, vec![]).await?.iter().map(board_row).collect()
    }

    /// The board with this id, also where it was deleted.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn board(&self, id: BoardId) -> Result<Option<BoardRow>, StateError> {
        let row = self.db.row(format!("{SELECT} WHERE id = $1"), vec![id.to_sql().into()]).await?;
        row.as_ref().map(board_row).transpose()
    }

    /// The board that is shared by the link whose secret has this digest.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn shared_board(&self, digest: &str) -> Result<Option<BoardRow>, StateError> {
        let sql = format!("{SELECT} WHERE link_digest = $1 AND deleted_at IS NULL");
        let row = self.db.row(sql, vec![digest.into()]).await?;
        row.as_ref().map(board_row).transpose()
    }

    /// Makes a board, without a link; the id in `row` is replaced by the real one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_board(
        &self,
        mut row: BoardRow,
        audit: &AuditRow,
    ) -> Result<BoardRow, StateError> {
        let next = "SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM boards";
        let sql = "INSERT INTO boards (id, version, name, note, cards, n_cards, owner, changed_at,
                   changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = vec![
            row.version.cast_signed().into(),
            row.name.as_str().into(),
            row.note.as_str().into(),
            row.cards.as_str().into(),
            row.n_cards.cast_signed().into(),
            row.owner.as_str().into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
        ];
        let of = (BoardId::from_sql, values);
        row.id = self.insert_audited((next, sql), of, audit).await?;
        Ok(row)
    }

    /// Changes all of a board but its owner and its link; `false` where its version is not the one
    /// before that of `row`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn change_board(&self, row: &BoardRow, audit: &AuditRow) -> Result<bool, StateError> {
        let sql = "UPDATE boards SET version = $1, name = $2, note = $3, cards = $4, n_cards = $5,
                   changed_at = $6, changed_by = $7
                   WHERE id = $8 AND version = $9 AND deleted_at IS NULL";
        let values = vec![
            row.version.cast_signed().into(),
            row.name.as_str().into(),
            row.note.as_str().into(),
            row.cards.as_str().into(),
            row.n_cards.cast_signed().into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
            row.id.to_sql().into(),
            (row.version.cast_signed() - 1).into(),
        ];
        Ok(self.execute_audited(sql, values, audit).await? == 1)
    }

    /// Shares a board by a link, or stops that; `false` where there is no such board.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_board_link(
        &self,
        id: BoardId,
        link: Option<&LinkRow>,
        audit: &AuditRow,
    ) -> Result<bool, StateError> {
        let sql = "UPDATE boards SET link_token = $1, link_digest = $2, link_created_at = $3
                   WHERE id = $4 AND deleted_at IS NULL";
        let values = vec![
            link.map(|link| link.token.as_str()).into(),
            link.map(|link| link.digest.as_str()).into(),
            link.map(|link| link.created_at).into(),
            id.to_sql().into(),
        ];
        Ok(self.execute_audited(sql, values, audit).await? == 1)
    }
}

fn board_row(row: &Row) -> Result<BoardRow, StateError> {
    let link = match (row.text_opt(9)?, row.text_opt(10)?, row.time_opt(11)?) {
        (Some(token), Some(digest), Some(created_at)) => {
            Some(LinkRow { token, digest, created_at })
        }
        _ => None,
    };
    Ok(BoardRow {
        id: BoardId::from_sql(row.int(0)?),
        version: row.int(1)?.cast_unsigned(),
        name: row.text(2)?,
        note: row.text(3)?,
        cards: row.text(4)?,
        n_cards: row.int(5)?.cast_unsigned(),
        owner: row.text(6)?,
        changed_at: row.time(7)?,
        changed_by: row.text(8)?,
        link,
        deleted: deleted_row(row, 12)?,
    })
}
