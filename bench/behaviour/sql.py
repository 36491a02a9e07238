"""Is Rapport's own SQL as fast as DuckDB on the same Parquet files?

    python sql.py --folder peers-20m

Both are asked the same texts of a table `events`, on two threads; DuckDB's is a view over the files
that Rapport wrote. Answers are compared before times are. The bar is twice DuckDB's time.
"""

import argparse
import math
import sys
from pathlib import Path

import rapport
from peers import best_of

QUERIES = {
    "events by name": "select name, count(*) as n from events group by name order by name",
    "customers by day": """
        select date_trunc('day', occurred_at) as day, count(distinct customer_id) as n
        from events group by 1 order by 1
    """,
    "one week alone": """
        select name, count(*) as n, count(distinct customer_id) as customers from events
        where occurred_at >= timestamp '2025-11-03' and occurred_at < timestamp '2025-11-10'
        group by name order by name
    """,
    "one customer": """
        select occurred_at, name from events where customer_id = 12345
        order by occurred_at, event_id
    """,
    "revenue by month": """
        select date_trunc('month', occurred_at) as month, count(*) as orders,
               round(sum(cast(properties->>'revenue' as double)), 2) as revenue
        from events where name = 'order_completed' group by 1 order by 1
    """,
    "products by customers": """
        select properties->>'product_id' as product, count(distinct customer_id) as n
        from events where name = 'product_viewed' group by 1 order by n desc, product limit 20
    """,
    "most active customers": """
        select customer_id, count(*) as n from events group by customer_id
        order by n desc, customer_id limit 20
    """,
    "time to the next event": """
        select name, count(*) as n, round(avg(gap), 3) as seconds from (
            select name, extract(epoch from lead(occurred_at) over (
                partition by customer_id order by occurred_at, event_id) - occurred_at) as gap
            from events
        ) where gap is not null group by name order by name
    """,
    "viewed, then ordered": """
        with viewed as (
            select customer_id, min(occurred_at) as at from events
            where name = 'product_viewed' group by 1
        )
        select count(distinct viewed.customer_id) as n from viewed
        join events on events.customer_id = viewed.customer_id
        where events.name = 'order_completed' and events.occurred_at > viewed.at
          and events.occurred_at <= viewed.at + interval '7 days'
    """,
}


class DuckDB:
    def __init__(self, files):
        import duckdb

        self.db = duckdb.connect()
        self.db.execute("set threads = 2")
        self.db.execute("set timezone = 'UTC'")
        self.db.execute(
            "create view events as select customer::bigint as customer_id, "
            "occurred_at::timestamp as occurred_at, name::varchar as name, "
            f"properties, seq::bigint as event_id from '{files}'"
        )

    def answer(self, text, runs):
        return best_of(runs, lambda: self.db.execute(text).fetchall())


def cell(value):
    """A cell as both can say it: times without their zone, numbers to twelve digits."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if hasattr(value, "isoformat"):
        return value.isoformat(sep="T")
    if isinstance(value, str) and value.endswith("Z") and value[:4].isdigit():
        return value[:-1]
    return value


def normal(rows):
    return [[cell(value) for value in row] for row in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    history = args.folder / "history"
    mine = rapport.sql(history, QUERIES, args.runs)
    duckdb = DuckDB(f"{history.resolve()}/b*/*.parquet")
    print("| question in SQL | Rapport, s | first time, s | DuckDB, s | times DuckDB's |")
    print("|---|--:|--:|--:|--:|")
    ratios = []
    for name, text in QUERIES.items():
        ours = mine["answers"][name]
        theirs, seconds = duckdb.answer(text, args.runs)
        rows, others = normal(ours["rows"]), normal(theirs)
        if rows != others:
            unlike = [pair for pair in zip(rows, others) if pair[0] != pair[1]][:3]
            sys.exit(f"{name}: {len(rows)} and {len(others)} rows, unlike {unlike}")
        ratios.append(ours["seconds"] / seconds)
        print(f"| {name} | {ours['seconds']:.3f} | {ours['first_seconds']:.3f} | {seconds:.3f} "
              f"| {ratios[-1]:.2f} |", flush=True)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"\nAll answers equal. Geometric mean {mean:.2f}, most {max(ratios):.2f}; "
          f"Rapport's peak memory {mine['peak_mb']} MB.")


if __name__ == "__main__":
    main()
