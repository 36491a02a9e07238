# %% [markdown]
# # Three charts of Rapport, computed again in pandas
#
# The events are asked for in SQL, the charts are computed here from nothing but those rows, and
# every number is compared with what the pages show (`POST /api/insights/…`), to the last digit.
#
#     RAPPORT_URL=http://127.0.0.1:7117 RAPPORT_TOKEN=… python behaviour.py
#
# Runs as it stands, or cell by cell in Jupyter, VS Code or PyCharm (`# %%` begins a cell).

# %%
import json
import math
import os
import urllib.error
import urllib.request

import pandas as pd

URL = os.environ.get("RAPPORT_URL", "http://127.0.0.1:7117")
TOKEN = os.environ["RAPPORT_TOKEN"]
# "host=… port=… dbname=rapport user=…": ask over PostgreSQL's protocol with psycopg instead.
POSTGRES = os.environ.get("RAPPORT_POSTGRES")


def post(path: str, body: dict) -> bytes:
    """What the API answers; its own words where it refuses."""
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.read()
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"{path}: {refused.code} {refused.read().decode()}") from None


def ask(query: str) -> pd.DataFrame:
    """The rows of a question in SQL. Times come back as times."""
    if POSTGRES:
        import psycopg

        with psycopg.connect(POSTGRES) as connection:
            cursor = connection.execute(query)
            rows = pd.DataFrame(cursor.fetchall(), columns=[c.name for c in cursor.description])
    else:
        answer = json.loads(post("/api/sql", {"query": query}))
        # An answer that was cut short is none.
        assert answer["error"] is None and not answer["is_cut"], answer["error"]
        rows = pd.DataFrame(answer["rows"], columns=[c["name"] for c in answer["columns"]])
    for column in rows.columns[rows.columns.str.endswith("_at")]:
        rows[column] = pd.to_datetime(rows[column], format="ISO8601", utc=True)
    return rows


def insight(name: str, question: dict) -> dict:
    """What the page shows for this question."""
    return json.loads(post(f"/api/insights/{name}", question))


def same(what: str, ours: list, theirs: list) -> None:
    """Every number is the same number, not nearly the same."""
    assert ours == theirs, f"{what}\n  pandas:  {ours}\n  Rapport: {theirs}"
    numbers = "1 number" if len(ours) == 1 else f"{len(ours)} numbers"
    print(f"{what}: {numbers}, all equal")


def draw(title: str, chart: pd.DataFrame, **how) -> None:
    """The chart as numbers, and as a picture where matplotlib is installed."""
    print(f"\n{title}\n{chart.to_string()}\n")
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        return
    chart.plot(title=title, **how)
    plt.tight_layout()
    plt.show()


# %% [markdown]
# ## 1. Revenue and buyers by week
#
# Weeks begin on Monday, in UTC. Sums of decimal fractions depend on the order in which they are
# added, unless they are added exactly: Rapport does, and `math.fsum` does.

# %%
weekly = {
    "period": {"kind": "last", "n": 12, "grain": "week", "current": True},
    "grain": "week",
    "series": [
        {
            "events": {"events": ["Order Completed"]},
            "measure": {"is": "sum", "of": {"of": "property", "path": "revenue"}},
        },
        {"events": {"events": ["Order Completed"]}, "measure": {"is": "customers"}},
    ],
}
trend = insight("trend", weekly)
window = trend["explained"]

orders = ask(
    f"""
    SELECT customer_id, occurred_at, json_get_float(properties, 'revenue') AS revenue
    FROM events
    WHERE name = 'Order Completed'
      AND occurred_at >= TIMESTAMP '{window["from"]}'
      AND occurred_at < TIMESTAMP '{window["until"]}'
    """
)
orders["week"] = orders.occurred_at.dt.tz_localize(None).dt.to_period("W-SUN").dt.start_time
weeks = [pd.Timestamp(span["begin"]).tz_localize(None) for span in trend["spans"]]
by_week = orders.groupby("week").agg(
    revenue=("revenue", lambda numbers: math.fsum(numbers.dropna())),
    buyers=("customer_id", "nunique"),
)
by_week = by_week.reindex([week.to_period("W-SUN").start_time for week in weeks], fill_value=0)

revenue, buyers = (
    [point["value"] for point in line["points"]] for line in trend["lines"]
)
same("revenue by week", by_week.revenue.tolist(), revenue)
same("buyers by week", by_week.buyers.tolist(), buyers)
same("buyers of all weeks", [orders.customer_id.nunique()], [trend["lines"][1]["whole"]["value"]])
draw("Revenue by week", by_week[["revenue"]])

# %% [markdown]
# ## 2. From product viewed to order within seven days
#
# An attempt begins with a view in the period and takes the next step as soon as there is one, up
# to seven days after its beginning, that moment included. A customer counts with the attempt that
# got deepest. `merge_asof` finds the next step of each attempt.

# %%
STEPS = ["Product Viewed", "Product Added", "Order Completed"]
WITHIN = pd.Timedelta(days=7)
steps_asked = {
    "period": {"kind": "last", "n": 90, "grain": "day", "current": True},
    "steps": [{"events": [step]} for step in STEPS],
    "within": WITHIN.total_seconds(),
}
funnel = insight("funnel", steps_asked)
window = funnel["explained"]
begin, end = pd.Timestamp(window["from"]), pd.Timestamp(window["until"])

events = ask(
    f"""
    SELECT customer_id, occurred_at, name
    FROM events
    WHERE name IN ('Product Viewed', 'Product Added', 'Order Completed')
      AND occurred_at >= TIMESTAMP '{begin.isoformat()}'
      AND occurred_at <= TIMESTAMP '{(end + WITHIN).isoformat()}'
    """
).sort_values("occurred_at")


def steps_of(name: str, called: str) -> pd.DataFrame:
    return events.loc[events.name == name, ["customer_id", "occurred_at"]].rename(
        columns={"occurred_at": called}
    )


attempts = steps_of(STEPS[0], "viewed_at")
attempts = attempts[attempts.viewed_at < end]
for earlier, later, step in [("viewed_at", "added_at", 1), ("added_at", "ordered_at", 2)]:
    still = attempts[attempts[earlier].notna()].sort_values(earlier)
    attempts = pd.merge_asof(
        still,
        steps_of(STEPS[step], later),
        left_on=earlier,
        right_on=later,
        by="customer_id",
        direction="forward",
    )
    if step == 1:
        n_reached = [attempts.customer_id.nunique()]
    too_late = attempts[later] - attempts.viewed_at > WITHIN
    attempts[later] = attempts[later].mask(too_late)
    n_reached.append(attempts.loc[attempts[later].notna(), "customer_id"].nunique())

same("funnel", n_reached, [step["n"] for step in funnel["all"]["steps"]])
shares = [n / n_reached[0] for n in n_reached]
same("shares", shares, [step["of_first"]["value"] for step in funnel["all"]["steps"]])
draw(
    "From product viewed to order within seven days",
    pd.DataFrame({"customers": n_reached, "share": shares}, index=STEPS),
    kind="barh",
    y="customers",
)

# %% [markdown]
# ## 3. Who ordered again, month after month
#
# A cohort are the customers whose very first order is in one month; a cell says how many of them
# ordered in the month that lies so many months later.

# %%
N_MONTHS = 5
months_asked = {
    "period": {"kind": "last", "n": 6, "grain": "month", "current": True},
    "grain": "month",
    "begin": {"events": ["Order Completed"]},
    "back": {"events": ["Order Completed"]},
    "n_spans": N_MONTHS,
}
retention = insight("retention", months_asked)
cohorts = retention["all"]["cohorts"]

orders = ask("SELECT customer_id, occurred_at FROM events WHERE name = 'Order Completed'")
until = pd.Timestamp(retention["explained"]["until"])
orders = orders[orders.occurred_at < until]
orders["month"] = orders.occurred_at.dt.tz_localize(None).dt.to_period("M")
orders["cohort"] = orders.groupby("customer_id").month.transform("min")
orders["later"] = orders.month.astype("int64") - orders.cohort.astype("int64")
grid = orders.groupby(["cohort", "later"]).customer_id.nunique().unstack(fill_value=0)
grid = grid.reindex(
    index=[pd.Timestamp(cohort["begin"]).tz_localize(None).to_period("M") for cohort in cohorts],
    columns=range(N_MONTHS + 1),
    fill_value=0,
)

for place, cohort in enumerate(cohorts):
    # A cell whose month has not begun is empty on the page.
    begun = [(later, cell["n"]) for later, cell in enumerate(cohort["cells"]) if cell]
    same(
        f"orders again, cohort {cohort['name']}",
        [int(grid.iloc[place][later]) for later, _ in begun],
        [n for _, n in begun],
    )
draw("Customers who ordered, by months after their first order", grid)
