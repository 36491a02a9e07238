//! How are visits asked in SQL?

use super::channel::{self, CHANNEL};
use super::dimension::At;
use super::{Bounce, Definition, Dimension, LOOK_AHEAD};
use crate::Grain;
use crate::sql::{self, GROUP, SHOWN};
use timeline::Window;

/// Page views before all else, then in order of time.
const VIEWS_FIRST: &str = "case when is_view then 0 else 1 end, occurred_at, event_id";
/// The same, the last of them first.
const LAST_VIEW_FIRST: &str =
    "case when is_view then 0 else 1 end, occurred_at desc, event_id desc";

impl Definition {
    /// The visits of the period, their visitors, page views, bounces and mean duration, in SQL: by
    /// group, over time, or one after the other where both are asked.
    #[must_use]
    pub fn sql(&self, window: Window) -> String {
        let of_visit = "customer_id, min(occurred_at) as occurred_at,\n    \
             max(occurred_at) - min(occurred_at) as duration, count(*) as events,\n    \
             count(*) filter (where is_view) as views";
        let mut tables = Vec::from(self.numbered(window));
        let (told, group) = match &self.by {
            None => ("numbered", ""),
            Some(by) => {
                tables.extend(by.told(&self.own_hosts));
                ("told", ", min(told) as grp")
            }
        };
        tables.push(format!(
            "visits as (\n  select {of_visit}{group}\n  from {told} group by customer_id, visit\n)"
        ));
        let window = sql::window(window);
        tables.push(format!("begun as (\n  select * from visits where {window}\n)"));
        tables.extend(self.by.is_some().then(|| sql::shown("begun", self.n_groups)));
        format!("with {}\n{}", tables.join(",\n"), self.counted())
    }

    /// Tables that end with `numbered`: the events that count, with the number of their visit.
    fn numbered(&self, window: Window) -> [String; 2] {
        let seen = sql::window(Window {
            from: window.from.minus(self.gap),
            until: window.until.plus(LOOK_AHEAD),
        });
        let (activity, views) = (sql::condition(&self.activity), sql::condition(&self.views));
        let over = "over (partition by customer_id order by occurred_at, event_id)";
        let mut begins = channel::begins(self.gap);
        if self.is_cut_at_midnight {
            let day = sql::span(&self.calendar, Grain::Day, "occurred_at");
            begins += &format!(" or {day} <> lag({day}) {over}");
        }
        [
            format!(
                "marked as (\n  select *, coalesce({views}, false) as is_view,\n    \
                 case when {begins} then 1 else 0 end as begins\n  \
                 from events where {seen} and ({activity} or {views})\n)"
            ),
            format!("numbered as (\n  select *, sum(begins) {over} as visit\n  from marked\n)"),
        ]
    }

    fn counted(&self) -> String {
        let bounce = match self.bounce {
            Bounce::OneView => "views <= 1",
            Bounce::OneEvent => "events = 1",
        };
        let numbers = format!(
            "count(*) as visits, count(distinct customer_id) as visitors,\n  \
             sum(views) as views, count(*) filter (where {bounce}) as bounces,\n  \
             avg(extract(epoch from duration)) as duration_s"
        );
        let span = self.grain.map(|grain| sql::span(&self.calendar, grain, "occurred_at"));
        match (span, self.by.is_some()) {
            (None, false) => format!("select {numbers}\nfrom begun"),
            (None, true) => format!(
                "select {GROUP} as grp, {numbers}\nfrom begun {SHOWN} group by 1 order by 1"
            ),
            (Some(span), false) => {
                format!("select {span} as span, {numbers}\nfrom begun group by 1 order by 1")
            }
            (Some(span), true) => format!(
                "select {span} as span, null as grp, {numbers}\nfrom begun group by 1\nunion all\n\
                 select null, {GROUP}, {numbers}\nfrom begun {SHOWN} group by 2\norder by 1, 2"
            ),
        }
    }
}

impl Dimension {
    /// Tables that end with `told`: the events of the table `numbered`, with what tells their visit
    /// apart.
    fn told(&self, own_hosts: &[Box<str>]) -> Vec<String> {
        let mut tables = Vec::new();
        let (from, value) = match self {
            Self::Referrer => {
                tables.push(channel::hosted("numbered"));
                ("hosted", channel::referrer(own_hosts))
            }
            Self::Channel => {
                tables.push(channel::hosted("numbered"));
                tables.extend(channel::arrived(own_hosts));
                ("arrived", CHANNEL.clone())
            }
            _ => ("numbered", sql::label(&self.labels()[0])),
        };
        let of_view = || format!("case when is_view then {value} end");
        let (value, order) = match self.at() {
            At::FirstView => (of_view(), VIEWS_FIRST.to_owned()),
            At::LastView => (of_view(), LAST_VIEW_FIRST.to_owned()),
            At::Landing => (value, VIEWS_FIRST.to_owned()),
            At::FirstWithValue => {
                let order = format!("case when {value} is null then 1 else 0 end");
                (value, format!("{order}, occurred_at, event_id"))
            }
        };
        tables.push(format!(
            "told as (\n  select *, nullif(first_value({value}) over (\n    \
             partition by customer_id, visit order by {order}), '') as told\n  from {from}\n)"
        ));
        tables
    }
}
