"""How are DuckDB and ClickHouse given the same events, each in its own best layout?

Both read the Parquet files that Rapport wrote. DuckDB gets a table of its own, sorted by customer
and time, with events as an enumeration; ClickHouse gets two: one sorted by customer and time, one
in the layout of product-analytics suites (day, event, customer, time); the better one counts for
each question. Two threads each, warm, the best of several runs.
"""

import shutil
import time
from pathlib import Path

from questions import CLICKHOUSE, DUCKDB


def best_of(runs, ask):
    """The answer, and the seconds of the fastest of some runs."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        answer = ask()
        times.append(time.perf_counter() - begun)
    return answer, min(times)


def normal(rows):
    """Rows in an order of their own, absent texts as empty ones."""
    return sorted(tuple("" if cell is None else cell for cell in row) for row in rows)


class DuckDB:
    name = "DuckDB"

    def __init__(self, files, folder: Path):
        import duckdb

        path = folder / "peers.duckdb"
        is_new = not path.exists()
        self.db = duckdb.connect(str(path))
        self.db.execute("set threads = 2")
        self.db.execute("set timezone = 'UTC'")
        if is_new:
            self.db.execute(f"create type kind as enum (select distinct name from '{files}')")
            self.db.execute(
                "create table e as select customer as customer_id, "
                "occurred_at::timestamp as ts, name::kind as event "
                f"from '{files}' order by customer, occurred_at, seq"
            )
            self.db.execute("checkpoint")

    def answer(self, question, runs):
        ask = lambda: self.db.execute(DUCKDB[question]).fetchall()
        rows, seconds = best_of(runs, ask)
        return normal(rows), seconds, "customer, time"


class ClickHouse:
    name = "ClickHouse"
    layouts = {
        "by_customer": ("customer_id, ts", "customer, time"),
        "by_day": ("toDate(ts), event, customer_id, ts", "day, event, customer, time"),
    }

    def __init__(self, files, folder: Path):
        from chdb import session

        path = folder / "clickhouse"
        is_new = not path.exists()
        self.session = session.Session(str(path))
        self.ask("create database if not exists peers")
        for table, (order, _) in self.layouts.items() if is_new else ():
            try:
                self.ask(
                    f"create table peers.{table} (customer_id UInt64, ts DateTime64(6, 'UTC'), "
                    f"event LowCardinality(String)) engine = MergeTree order by ({order})"
                )
                self.ask(
                    f"insert into peers.{table} select customer, occurred_at, name "
                    f"from file('{files}', Parquet) settings max_insert_threads = 2"
                )
                self.ask(f"optimize table peers.{table} final")
            except Exception:
                shutil.rmtree(path, ignore_errors=True)
                raise

    def ask(self, sql):
        import json

        result = self.session.query(sql, "JSONCompactEachRow")
        text = result.bytes().decode() if hasattr(result, "bytes") else str(result)
        return [json.loads(line) for line in text.splitlines() if line]

    def answer(self, question, runs):
        found = []
        for table, (_, layout) in self.layouts.items():
            for query in CLICKHOUSE[question]:
                sql = query.format(table=f"peers.{table}") + (
                    " settings max_threads = 2, output_format_json_quote_64bit_integers = 0"
                )
                rows, seconds = best_of(runs, lambda sql=sql: self.ask(sql))
                found.append((normal(rows), seconds, layout))
        answers = {str(rows) for rows, _, _ in found}
        assert len(answers) == 1, f"ClickHouse contradicts itself on {question}"
        return min(found, key=lambda each: each[1])
