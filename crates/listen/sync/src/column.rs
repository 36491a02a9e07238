//! What does a column hold, judging by a sample?

use crate::decimal::{Decimal, Mark};
use crate::moment::{Clockwork, TimeForm, candidates};
use crate::row::{Cell, CellKind};
use base::Timestamp;
use lexicon::{Identifier, IdentifierKind};
use std::collections::HashMap;

/// Different values that are told apart; beyond, a column has "many".
const DISTINCT_MAX: usize = 20_000;

/// Examples that are kept to be shown.
const EXAMPLES: usize = 5;

/// ISO 3166-1 alpha-2 codes.
const COUNTRY_CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ \
    BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ \
    DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT \
    GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY \
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX \
    MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS \
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN \
    TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Names of countries as shops write them; enough to recognise a column, not a gazetteer.
const COUNTRY_NAMES: &str = "|australia|austria|bahrain|belgium|brazil|canada|channel islands|china|cyprus|\
    czech republic|czechia|denmark|deutschland|eire|england|estonia|finland|france|germany|greece|hong kong|\
    hungary|iceland|india|ireland|israel|italia|italy|japan|latvia|lebanon|lithuania|luxembourg|malta|mexico|\
    netherlands|new zealand|norway|poland|portugal|romania|rsa|saudi arabia|scotland|singapore|slovakia|\
    slovenia|south africa|south korea|spain|sweden|switzerland|turkey|uk|united arab emirates|united kingdom|\
    united states|united states of america|usa|wales|";

/// ISO 4217 codes of the currencies that shops take.
const CURRENCIES: &str = "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR \
    ISK JPY KES KRW MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD \
    VND XAF XOF ZAR";

/// What a column seems to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnGuess {
    /// Nothing in any row that was seen.
    Empty,
    /// Whole numbers (also written `17850.0`).
    Integer,
    /// Numbers with a fraction; `comma` says that a comma parts it.
    Decimal {
        /// Whether the decimal mark is a comma.
        comma: bool,
    },
    /// Yes and no.
    Boolean,
    /// Times.
    Time {
        /// How they are written.
        form: TimeForm,
        /// Another reading that fits every value too (day and month swapped).
        rival: Option<TimeForm>,
    },
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// ISO 4217 codes.
    Currency,
    /// Countries.
    Country,
    /// Texts that name things: different in most rows, without blanks.
    Id,
    /// Few different texts.
    Category,
    /// Other text.
    Text,
    /// JSON arrays or objects.
    Json,
}

impl ColumnGuess {
    /// The guess in words, for the table of columns.
    #[must_use]
    pub fn words(&self) -> String {
        let plain = match self {
            Self::Empty => "empty",
            Self::Integer => "whole number",
            Self::Decimal { comma: false } => "number",
            Self::Decimal { comma: true } => "number with decimal comma",
            Self::Boolean => "yes or no",
            Self::Email => "e-mail address",
            Self::Phone => "telephone number",
            Self::Currency => "currency code",
            Self::Country => "country",
            Self::Id => "id",
            Self::Category => "category",
            Self::Text => "text",
            Self::Json => "JSON",
            Self::Time { form, rival: None } => return format!("time ({})", form.name()),
            Self::Time { form, rival: Some(rival) } => {
                return format!("time ({}, or {})", form.name(), rival.name());
            }
        };
        plain.to_owned()
    }

    /// Whether it is a number of any sort.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Decimal { .. })
    }
}

/// What a sample says of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnProfile {
    /// The column's name.
    pub name: String,
    /// What it seems to hold.
    pub guess: ColumnGuess,
    /// Rows that were seen.
    pub n_seen: u64,
    /// Of them, rows where it is empty.
    pub n_empty: u64,
    /// Different values, up to 20,000.
    pub n_distinct: u64,
    /// Rows whose value is that of the row before.
    pub n_repeated: u64,
    /// Rows with a number below 0.
    pub n_negative: u64,
    /// Some different values.
    pub examples: Vec<String>,
    /// The most frequent value and the rows that have it.
    pub most: Option<(String, u64)>,
}

impl ColumnProfile {
    /// Rows where it holds something.
    #[must_use]
    pub fn n_filled(&self) -> u64 {
        self.n_seen - self.n_empty
    }
}

/// Looks at one column, cell by cell.
pub(crate) struct Observer {
    name: String,
    n_seen: u64,
    n_empty: u64,
    n_repeated: u64,
    n_negative: u64,
    n_chars: u64,
    n_blanks: u64,
    counts: HashMap<String, u64>,
    last: String,
    hits: Hits,
    times: Vec<TimeTrial>,
}

/// How many cells could be each of these.
#[derive(Default)]
struct Hits {
    whole: u64,
    point: u64,
    comma: u64,
    boolean: u64,
    email: u64,
    phone: u64,
    currency: u64,
    country: u64,
    json: u64,
}

/// One way to read times, and how well it does.
struct TimeTrial {
    clock: Clockwork,
    form: TimeForm,
    n_failed: u64,
    n_backwards: u64,
    last: Option<Timestamp>,
}

impl Observer {
    pub(crate) fn new(name: &str) -> Self {
        let trial = |form: TimeForm| TimeTrial {
            clock: Clockwork::utc(form.clone()),
            form,
            n_failed: 0,
            n_backwards: 0,
            last: None,
        };
        Self {
            name: name.to_owned(),
            n_seen: 0,
            n_empty: 0,
            n_repeated: 0,
            n_negative: 0,
            n_chars: 0,
            n_blanks: 0,
            counts: HashMap::new(),
            last: String::new(),
            hits: Hits::default(),
            times: candidates().into_iter().map(trial).collect(),
        }
    }

    /// Counts rows that came before the column did.
    pub(crate) fn skip(&mut self, n_rows: u64) {
        self.n_seen += n_rows;
        self.n_empty += n_rows;
    }

    pub(crate) fn see(&mut self, cell: Cell<'_>) {
        self.n_seen += 1;
        if cell.is_missing() {
            self.n_empty += 1;
            return;
        }
        if cell.text == self.last {
            self.n_repeated += 1;
        } else {
            self.last.clear();
            self.last.push_str(cell.text);
        }
        self.n_chars += cell.text.chars().count() as u64;
        self.n_blanks += cell.text.matches(' ').count() as u64;
        if let Some(n) = self.counts.get_mut(cell.text) {
            *n += 1;
        } else if self.counts.len() < DISTINCT_MAX {
            self.counts.insert(cell.text.to_owned(), 1);
        }
        self.see_number(cell);
        self.see_words(cell);
        self.see_time(cell);
    }

    fn see_number(&mut self, cell: Cell<'_>) {
        let (point, comma) =
            (Decimal::parse(cell.text, Mark::Point), Decimal::parse(cell.text, Mark::Comma));
        self.hits.point += u64::from(point.is_some());
        self.hits.comma += u64::from(comma.is_some());
        let number = point.or(comma);
        self.hits.whole += u64::from(point.is_some_and(Decimal::is_whole));
        self.n_negative += u64::from(number.is_some_and(|n| n.signum() < 0));
    }

    fn see_words(&mut self, cell: Cell<'_>) {
        let text = cell.text;
        let lower = text.to_lowercase();
        let is_boolean = cell.kind == CellKind::Boolean
            || matches!(lower.as_str(), "true" | "false" | "yes" | "no" | "y" | "n" | "t" | "f");
        self.hits.boolean += u64::from(is_boolean);
        self.hits.email += u64::from(Identifier::new(IdentifierKind::Email, text).is_some());
        self.hits.phone += u64::from(is_phone(text));
        self.hits.currency += u64::from(text.len() == 3 && listed(CURRENCIES, text));
        let is_code = text.len() == 2 && listed(COUNTRY_CODES, text);
        let is_country = is_code || COUNTRY_NAMES.contains(&format!("|{lower}|"));
        self.hits.country += u64::from(is_country);
        self.hits.json += u64::from(cell.kind == CellKind::Json);
    }

    fn see_time(&mut self, cell: Cell<'_>) {
        let n_filled = self.n_seen - self.n_empty;
        for trial in &mut self.times {
            trial.see(cell.text);
        }
        // Two misprints, and one in fifty, do not make a column of times something else.
        self.times.retain(|trial| trial.n_failed <= 2 + n_filled / 50);
    }

    pub(crate) fn profile(&self) -> ColumnProfile {
        let mut most: Vec<(&String, &u64)> = self.counts.iter().collect();
        most.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
        ColumnProfile {
            name: self.name.clone(),
            guess: self.guess(),
            n_seen: self.n_seen,
            n_empty: self.n_empty,
            n_distinct: self.counts.len() as u64,
            n_repeated: self.n_repeated,
            n_negative: self.n_negative,
            examples: most.iter().take(EXAMPLES).map(|(text, _)| (*text).clone()).collect(),
            most: most.first().map(|(text, n)| ((*text).clone(), **n)),
        }
    }

    fn guess(&self) -> ColumnGuess {
        let n = self.n_seen - self.n_empty;
        let mostly = |hits: u64, percent: u64| hits * 100 >= n * percent;
        let hits = &self.hits;
        if n == 0 {
            return ColumnGuess::Empty;
        }
        if mostly(hits.json, 90) {
            return ColumnGuess::Json;
        }
        if let Some(time) = self.guess_time(n) {
            return time;
        }
        if mostly(hits.boolean, 100) {
            return ColumnGuess::Boolean;
        }
        if mostly(hits.phone, 90)
            && (self.is_called(&["phone", "tel", "mobile"]) || self.has_plus())
        {
            return ColumnGuess::Phone;
        }
        if mostly(hits.point, 99) && hits.point >= hits.comma {
            let whole = hits.whole == hits.point;
            return if whole {
                ColumnGuess::Integer
            } else {
                ColumnGuess::Decimal { comma: false }
            };
        }
        if mostly(hits.comma, 99) {
            return ColumnGuess::Decimal { comma: true };
        }
        if mostly(hits.email, 90) {
            return ColumnGuess::Email;
        }
        if mostly(hits.currency, 95) {
            return ColumnGuess::Currency;
        }
        if mostly(hits.country, 85) {
            return ColumnGuess::Country;
        }
        self.guess_text(n)
    }

    fn guess_text(&self, n: u64) -> ColumnGuess {
        let n_distinct = self.counts.len() as u64;
        let short = self.n_chars <= n * 64;
        if self.n_blanks * 20 < n && short && n_distinct * 10 > n {
            ColumnGuess::Id
        } else if n_distinct <= 200 && n_distinct * 4 <= n.max(8) && short {
            ColumnGuess::Category
        } else {
            ColumnGuess::Text
        }
    }

    /// The reading that fits most values; of two that fit alike, the one in which the file runs
    /// backwards less often; of two alike in that too, day before month, with a rival.
    fn guess_time(&self, n: u64) -> Option<ColumnGuess> {
        let fits = |trial: &&TimeTrial| trial.n_failed * 50 <= n && self.may_be(&trial.form);
        let best = self.times.iter().filter(fits).min_by_key(|t| (t.n_failed, t.n_backwards))?;
        let alike = |trial: &&TimeTrial| {
            (trial.n_failed, trial.n_backwards) == (best.n_failed, best.n_backwards)
                && trial.form != best.form
                && trial.last != best.last
        };
        let rival = self.times.iter().filter(fits).find(alike).map(|trial| trial.form.clone());
        Some(ColumnGuess::Time { form: best.form.clone(), rival })
    }

    /// Bare numbers are times only where the column says so.
    fn may_be(&self, form: &TimeForm) -> bool {
        let bare = match form {
            TimeForm::Epoch => self.counts.keys().all(|text| {
                let digits = text.trim_start_matches('-').split('.').next().unwrap_or_default();
                matches!(digits.len(), 9..=13 | 16 | 19)
            }),
            TimeForm::Pattern(pattern) if pattern == "%Y%m%d" => true,
            TimeForm::Iso => {
                return self.counts.keys().all(|t| t.contains('-') || t.contains(':'));
            }
            _ => return true,
        };
        bare && self.is_called(&[
            "time",
            "date",
            "timestamp",
            "when",
            "created",
            "updated",
            "at",
            "ts",
        ])
    }

    fn is_called(&self, words: &[&str]) -> bool {
        let tokens = crate::propose::tokens(&self.name);
        words.iter().any(|word| {
            tokens.iter().any(|token| token.contains(word) && word.len() > 2 || token == word)
        })
    }

    fn has_plus(&self) -> bool {
        self.counts.keys().filter(|text| text.starts_with('+')).count() * 2 > self.counts.len()
    }
}

impl TimeTrial {
    fn see(&mut self, text: &str) {
        match self.clock.read(text) {
            None => self.n_failed += 1,
            Some(moment) => {
                self.n_backwards += u64::from(self.last.is_some_and(|last| moment < last));
                self.last = Some(moment);
            }
        }
    }
}

fn listed(list: &str, text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_uppercase()) && list.split(' ').any(|code| code == text)
}

fn is_phone(text: &str) -> bool {
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let fits = |c: char| c.is_ascii_digit() || "+-() ./".contains(c);
    (7..=15).contains(&n_digits) && text.chars().all(fits)
}
