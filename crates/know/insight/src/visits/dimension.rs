//! By what can visits be told apart, and what of their events says so?

use super::channel::{Arrival, channel};
use crate::error::{BadDefinition, Problem};
use crate::words;
use std::borrow::Cow;
use std::ops::Range;
use timeline::{ABSENT, Ask, Condition, Field, Label, Marks, Op, Rows, Test, Texts, View};

/// By what visits are told apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Dimension {
    /// The path of the first page seen.
    EntryPage,
    /// The path of the last page seen.
    ExitPage,
    /// The host that the visitor came from, unless it is the company's own; like the next four it
    /// is read at the first page view, or the first event where there is none.
    Referrer,
    /// `utm_campaign`.
    Campaign,
    /// `utm_source`.
    Source,
    /// `utm_medium`.
    Medium,
    /// The channel; see [`channel`](super::channel).
    Channel,
    /// The sort of device, like the next two of the first event that says it.
    Device,
    /// The country.
    Country,
    /// A field.
    Label(Label),
}

/// What a visit is told apart by, as codes of labels; unused places are 0.
pub(crate) type Key = [u32; 5];

/// The bits of the marks that a reading looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits {
    /// What makes up visits.
    pub(super) counted: Marks,
    /// What is a page view.
    pub(super) view: Marks,
}

/// At which event of a visit something is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    FirstView,
    LastView,
    Landing,
    FirstWithValue,
}

/// How the dimension is read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    dimension: Dimension,
    at: At,
    bits: Bits,
    /// The labels that make up the key.
    labels: Range<usize>,
    /// The marks of click ids.
    clicks: Marks,
    own_hosts: Vec<Box<str>>,
}

/// Click ids of search advertisements (Google, Microsoft).
pub(super) const CLICK_IDS: [&str; 2] = ["gclid=", "msclkid="];

fn context(path: &str, view: View) -> Label {
    Label { field: Field::Context(path.into()), view }
}

impl Dimension {
    pub(super) fn check(&self) -> Result<(), BadDefinition> {
        match self {
            Self::Label(Label { field: Field::Property(path) | Field::Context(path), .. })
                if path.is_empty() =>
            {
                Err(BadDefinition::new("label", Problem::Empty))
            }
            _ => Ok(()),
        }
    }

    /// In words, after "by".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::EntryPage => "entry page".into(),
            Self::ExitPage => "exit page".into(),
            Self::Referrer => "referring host".into(),
            Self::Campaign => "campaign".into(),
            Self::Source => "source".into(),
            Self::Medium => "medium".into(),
            Self::Channel => "channel".into(),
            Self::Device => "device".into(),
            Self::Country => "country".into(),
            Self::Label(label) => words::label(label),
        }
    }

    pub(super) fn labels(&self) -> Vec<Label> {
        let referrer = || context("page.referrer", View::Host);
        let page = || context("page.url", View::Host);
        let whole = |path| context(path, View::Whole);
        match self {
            Self::EntryPage | Self::ExitPage => vec![whole("page.path")],
            Self::Referrer => vec![referrer(), page()],
            Self::Campaign => vec![whole("campaign.name")],
            Self::Source => vec![whole("campaign.source")],
            Self::Medium => vec![whole("campaign.medium")],
            Self::Channel => {
                vec![whole("campaign.source"), whole("campaign.medium"), referrer(), page()]
            }
            Self::Device => vec![whole("rapport.agent.device")],
            Self::Country => vec![whole("location.country")],
            Self::Label(label) => vec![label.clone()],
        }
    }

    pub(super) fn at(&self) -> At {
        match self {
            Self::EntryPage => At::FirstView,
            Self::ExitPage => At::LastView,
            Self::Referrer | Self::Campaign | Self::Source | Self::Medium | Self::Channel => {
                At::Landing
            }
            Self::Device | Self::Country | Self::Label(_) => At::FirstWithValue,
        }
    }
}

impl Reading {
    /// Asks for what it reads.
    pub(super) fn of(
        dimension: &Dimension,
        own_hosts: &[Box<str>],
        (ask, bits): (&mut Ask, Bits),
    ) -> Self {
        let first_label = ask.labels.len();
        ask.labels.extend(dimension.labels());
        let mut clicks = 0;
        if *dimension == Dimension::Channel {
            for id in CLICK_IDS {
                let field = Field::Context("page.url".into());
                let test = Test { field, view: View::Whole, op: Op::Contains(id.into()) };
                clicks |= 1 << ask.conditions.len();
                ask.conditions.push(Condition { events: Vec::new(), tests: vec![test] });
            }
        }
        let host = |host: &str| View::Host.of(host).into_owned().into();
        Self {
            dimension: dimension.clone(),
            at: dimension.at(),
            bits,
            labels: first_label..ask.labels.len(),
            clicks,
            own_hosts: own_hosts.iter().map(|own| host(own)).collect(),
        }
    }

    /// What a visit says, of rows in `visit`.
    pub(super) fn key(&self, rows: &Rows<'_>, mut visit: Range<usize>) -> Key {
        let marks = rows.marks();
        let is_view = |row: &usize| marks[*row] & self.bits.view != 0;
        let is_counted = |row: &usize| marks[*row] & self.bits.counted != 0;
        let row = match self.at {
            At::FirstView => visit.find(is_view),
            At::LastView => visit.rev().find(is_view),
            At::Landing => {
                let first = visit.start;
                visit.find(is_view).or(Some(first))
            }
            At::FirstWithValue => {
                let codes = rows.labels(self.labels.start);
                visit.find(|row| is_counted(row) && codes[*row] != ABSENT)
            }
        };
        let mut key = Key::default();
        let Some(row) = row else { return key };
        for (code, k) in key.iter_mut().zip(self.labels.clone()) {
            *code = rows.labels(k)[row];
        }
        key[4] = u32::from(marks[row] & self.clicks != 0);
        key
    }

    /// What a key stands for; `None` where the visit does not say.
    pub(super) fn text<'t>(&self, key: &Key, texts: &'t [Texts]) -> Option<Cow<'t, str>> {
        let text = |k: usize| {
            let text = texts[self.labels.start + k].text(key[k]);
            text.map(|text| &**text).filter(|text| !text.is_empty())
        };
        match self.dimension {
            Dimension::Referrer => self.referrer(text(0), text(1)).map(Cow::Borrowed),
            Dimension::Channel => {
                let arrival = Arrival {
                    source: text(0),
                    medium: text(1),
                    host: self.referrer(text(2), text(3)),
                    is_ad_click: key[4] != 0,
                };
                Some(Cow::Borrowed(channel(arrival).name()))
            }
            _ => text(0).map(Cow::Borrowed),
        }
    }

    /// The host that the visitor came from, unless it is the page's own or another of ours.
    fn referrer<'t>(&self, host: Option<&'t str>, page: Option<&str>) -> Option<&'t str> {
        let is_own = |host: &str, own: &str| {
            host.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        host.filter(|host| {
            page != Some(*host) && !self.own_hosts.iter().any(|own| is_own(host, own))
        })
    }
}
