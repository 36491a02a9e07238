//! How do boards travel?

use super::deleted::DeletedThing;
use super::insight::stored::{StoredAnswer, StoredQuestion};
use super::metric::{Metric, MetricGood, MetricQuestion, MetricUnit};
use super::scalar::Time;
use crate::error::ApiError;
use app::boards::{Board as KeptBoard, BoardContent, CARDS_MAX};
use base::{Error, ErrorKind};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Columns of a board.
const COLUMNS: u32 = 12;
/// Rows of a board at most, and of one card.
const ROWS_MAX: u32 = 1_000;
const CARD_ROWS_MAX: u32 = 40;
/// Characters of a card's id and of its title at most.
const ID_CHARS_MAX: usize = 40;
const TITLE_CHARS_MAX: usize = 120;
/// Characters of a card's note at most.
const NOTE_CHARS_MAX: usize = 2_000;

/// All boards.
#[derive(Debug, Serialize, ToSchema)]
pub struct Boards {
    /// The one that was changed last first.
    pub boards: Vec<BoardLine>,
    /// Those that were deleted and can come back, the last one first; for those who may change
    /// boards.
    pub deleted: Vec<DeletedThing>,
}

/// A board in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardLine {
    #[schema(examples("b_0001"))]
    pub id: String,
    pub name: String,
    pub note: String,
    pub n_cards: usize,
    /// Whether there is a link to it.
    pub is_shared: bool,
    /// Who made it.
    pub owner: String,
    pub changed_at: Time,
}

/// Charts side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct Board {
    #[schema(examples("b_0001"))]
    pub id: String,
    pub name: String,
    /// What it is for.
    pub note: String,
    /// Grows with every change; a change says which one it was made on.
    pub version: u64,
    pub cards: Vec<Card>,
    /// The link to it, for those who may share boards.
    pub link: Option<BoardLink>,
    /// Whether there is one.
    pub is_shared: bool,
    /// Who made it.
    pub owner: String,
    pub changed_at: Time,
    pub changed_by: String,
}

/// A board as those see it who have a link to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharedBoard {
    pub name: String,
    pub note: String,
    pub version: u64,
    pub cards: Vec<Card>,
    pub changed_at: Time,
}

/// The link to a board: who has it may look.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardLink {
    pub token: String,
    /// The page that it leads to.
    #[schema(examples("/shared/rpb_…"))]
    pub path: String,
    pub created_at: Time,
}

/// A question on a board, and how its answer is looked at.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Chosen by who puts it there: letters, digits, `-` and `_`, once on each board.
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub ask: CardAsk,
    pub look: CardLook,
    pub place: CardPlace,
}

/// What a card asks: a question of its own, or a metric.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CardAsk {
    Metric(MetricAsk),
    Question(StoredQuestion),
}

/// A metric over some time.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct MetricAsk {
    /// The metric's key.
    pub metric: String,
    #[serde(flatten)]
    pub over: MetricQuestion,
}

/// How the answer of a card is looked at.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardLook {
    pub chart: CardChart,
}

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardChart {
    Line,
    Bar,
    Number,
    Table,
    Funnel,
    Heat,
    Sankey,
    States,
    Days,
}

/// Where a card lies: columns and rows from 0; there are 12 columns.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardPlace {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

/// A board that is to be made: empty under a name, or from a template.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBoard {
    /// The template's name where nothing is said.
    pub name: Option<String>,
    pub note: Option<String>,
    /// The key of a template.
    #[schema(examples("shop"))]
    pub template: Option<String>,
}

/// What a board is to be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardChange {
    /// The version that was looked at.
    pub version: u64,
    pub name: String,
    #[serde(default)]
    pub note: String,
    pub cards: Vec<Card>,
}

/// A board that can be made at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardTemplate {
    #[schema(examples("shop"))]
    pub key: String,
    pub name: String,
    pub note: String,
    pub n_cards: usize,
}

/// The boards that can be made at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardTemplates {
    pub templates: Vec<BoardTemplate>,
}

/// The answer of a card.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardAnswer {
    #[serde(flatten)]
    pub told: StoredAnswer,
    /// The metric that was asked, where it was one.
    pub metric: Option<CardMetric>,
}

/// Which metric a card shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardMetric {
    pub key: String,
    pub name: String,
    pub note: String,
    pub version: u32,
    pub unit: MetricUnit,
    pub good: MetricGood,
    /// What is measured, in words.
    pub words: String,
}

impl<'de> Deserialize<'de> for CardAsk {
    /// Told apart by the field `metric`, so that an error says what is wrong with the one that was
    /// meant.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        if value.get("metric").is_some() {
            return MetricAsk::deserialize(value).map(Self::Metric).map_err(D::Error::custom);
        }
        StoredQuestion::deserialize(value).map(Self::Question).map_err(D::Error::custom)
    }
}

impl Board {
    /// The wire twin of a board; the link itself for those who may share boards.
    ///
    /// # Errors
    /// `Corrupt` where its cards cannot be read.
    pub fn of(kept: KeptBoard, may_share: bool) -> Result<Self, ApiError> {
        let is_shared = kept.link.is_some();
        let link = kept.link.filter(|_| may_share).map(Into::into);
        Ok(Self {
            id: kept.id.to_string(),
            name: kept.content.name,
            note: kept.content.note,
            version: kept.version,
            cards: cards(&kept.content.cards)?,
            link,
            is_shared,
            owner: kept.owner,
            changed_at: kept.changed_at.into(),
            changed_by: kept.changed_by,
        })
    }
}

impl SharedBoard {
    /// The board as those see it who have a link to it.
    ///
    /// # Errors
    /// `Corrupt` where its cards cannot be read.
    pub fn of(kept: KeptBoard) -> Result<Self, ApiError> {
        Ok(Self {
            name: kept.content.name,
            note: kept.content.note,
            version: kept.version,
            cards: cards(&kept.content.cards)?,
            changed_at: kept.changed_at.into(),
        })
    }
}

impl From<KeptBoard> for BoardLine {
    fn from(kept: KeptBoard) -> Self {
        Self {
            id: kept.id.to_string(),
            name: kept.content.name,
            note: kept.content.note,
            n_cards: kept.content.n_cards,
            is_shared: kept.link.is_some(),
            owner: kept.owner,
            changed_at: kept.changed_at.into(),
        }
    }
}

/// What lists say of boards that were deleted.
pub fn deleted(boards: Vec<KeptBoard>) -> Vec<DeletedThing> {
    let one = |kept: KeptBoard| {
        Some(DeletedThing::of(kept.id.to_string(), kept.content.name, kept.deleted?))
    };
    boards.into_iter().filter_map(one).collect()
}

impl From<app::boards::BoardLink> for BoardLink {
    fn from(link: app::boards::BoardLink) -> Self {
        let path = format!("/shared/{}", link.token);
        Self { token: link.token, path, created_at: link.created_at.into() }
    }
}

impl From<Metric> for CardMetric {
    fn from(metric: Metric) -> Self {
        Self {
            key: metric.key,
            name: metric.name,
            note: metric.note,
            version: metric.version,
            unit: metric.unit,
            good: metric.good,
            words: metric.words,
        }
    }
}

impl BoardChange {
    /// What is to be kept.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn content(&self) -> Result<BoardContent, ApiError> {
        content((self.name.clone(), self.note.clone()), &self.cards)
    }
}

/// A board's content, its cards checked.
///
/// # Errors
/// `Invalid`, naming the field.
pub fn content((name, note): (String, String), cards: &[Card]) -> Result<BoardContent, ApiError> {
    if cards.len() > CARDS_MAX {
        let message = format!("a board has at most {CARDS_MAX} cards");
        return Err(ApiError::field("cards", message));
    }
    for (k, card) in cards.iter().enumerate() {
        let here = |(field, message): (&str, String)| {
            ApiError::field(&format!("cards[{k}].{field}"), message)
        };
        card.check().map_err(here)?;
        if cards[..k].iter().any(|other| other.id == card.id) {
            return Err(here(("id", format!("another card has the id '{}' already", card.id))));
        }
    }
    let text = serde_json::to_string(cards)
        .map_err(|_| ApiError::field("cards", "a card holds what cannot be written"))?;
    Ok(BoardContent { name, note: note.trim().to_owned(), cards: text, n_cards: cards.len() })
}

/// The cards of a board as they were kept.
///
/// # Errors
/// `Corrupt` where they cannot be read.
pub fn cards(text: &str) -> Result<Vec<Card>, ApiError> {
    serde_json::from_str(text).map_err(|error| {
        let message = "the cards of the board cannot be read";
        Error::new(ErrorKind::Corrupt, message).with_source(error).into()
    })
}

impl Card {
    /// That it can be put on a board, else the field and what is wrong with it.
    fn check(&self) -> Result<(), (&'static str, String)> {
        let n_chars = |text: &str| text.chars().count();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=ID_CHARS_MAX).contains(&self.id.len()) || !self.id.chars().all(is_plain) {
            let message = format!("1 to {ID_CHARS_MAX} letters, digits, - and _");
            return Err(("id", message));
        }
        if n_chars(&self.title) > TITLE_CHARS_MAX {
            return Err(("title", format!("{TITLE_CHARS_MAX} characters at most")));
        }
        if self.note.as_deref().map_or(0, n_chars) > NOTE_CHARS_MAX {
            return Err(("note", format!("{NOTE_CHARS_MAX} characters at most")));
        }
        let CardPlace { x, y, w, h } = self.place;
        if !(1..=COLUMNS).contains(&w) || x > COLUMNS - w {
            return Err(("place", format!("a card lies within {COLUMNS} columns")));
        }
        if !(1..=CARD_ROWS_MAX).contains(&h) || y > ROWS_MAX {
            let message = format!("1 to {CARD_ROWS_MAX} rows, the first not beyond {ROWS_MAX}");
            return Err(("place", message));
        }
        Ok(())
    }
}
