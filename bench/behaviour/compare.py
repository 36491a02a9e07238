"""Which answers about behaviour come how much faster than from DuckDB and ClickHouse?

    cargo build --release -p rapport-bench --bin rapport-bench-behaviour
    python compare.py --folder peers-20m --events 20000000 --customers 400000

Makes the events where the folder is new, gives the peers the same files, asks all three the same
questions, compares the answers, and only then prints the ratios of this one run.
"""

import argparse
import math
import sys
from pathlib import Path

import rapport
from peers import ClickHouse, DuckDB, normal
from questions import DUCKDB

HEAD = """| question | Rapport, s | first time, s | decoding, s | first / decoding | DuckDB, s \
| ClickHouse, s | its layout | times faster than the better | peak, MB |
|---|--:|--:|--:|--:|--:|--:|---|--:|--:|"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="where the data is kept")
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--customers", type=int, default=400_000)
    parser.add_argument("--runs", type=int, default=3, help="runs of each query, the best counts")
    parser.add_argument("--only", help="one question")
    return parser.parse_args()


def check_equal(question, rows, peer, theirs):
    if rows == theirs:
        return
    sys.exit(
        f"{question}: {peer} answers otherwise; only Rapport: {sorted(set(rows) - set(theirs))[:5]}, "
        f"only {peer}: {sorted(set(theirs) - set(rows))[:5]}"
    )


def ours(history, question, runs):
    """What a question takes in a fresh process and in a warm one; medians of three processes."""
    mine = [rapport.ask(history, question, runs) for _ in range(3)]
    decodings = sorted(rapport.decode(history, question) for _ in range(3))
    firsts = sorted(one["first_seconds"] for one in mine)
    return {
        **min(mine, key=lambda one: one["seconds"]),
        "first_seconds": firsts[1],
        "decode_seconds": decodings[1],
        "peak_mb": max(one["peak_mb"] for one in mine),
    }


def row(question, mine, found):
    """A row of the table, and how many times faster than the better peer."""
    ratio = min(seconds for seconds, _ in found.values()) / mine["seconds"]
    first = mine["first_seconds"] / mine["decode_seconds"]
    print(
        f"| {question} | {mine['seconds']:.3f} | {mine['first_seconds']:.2f} "
        f"| {mine['decode_seconds']:.2f} | {first:.2f} | {found['DuckDB'][0]:.2f} "
        f"| {found['ClickHouse'][0]:.2f} | {found['ClickHouse'][1]} | {ratio:.1f} "
        f"| {mine['peak_mb']} |",
        flush=True,
    )
    return ratio


def main():
    args = arguments()
    history = rapport.fill(args.folder, args.events, args.customers)
    files = f"{history.resolve()}/b*/*.parquet"
    peers = [DuckDB(files, args.folder.resolve()), ClickHouse(files, args.folder.resolve())]
    print(HEAD)
    ratios = []
    for question in DUCKDB:
        if args.only not in (None, question):
            continue
        mine = ours(history, question, args.runs)
        found = {}
        for peer in peers:
            theirs, seconds, layout = peer.answer(question, args.runs)
            check_equal(question, normal(mine["rows"]), peer.name, theirs)
            found[peer.name] = (seconds, layout)
        ratios.append(row(question, mine, found))
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"\nAll answers equal. Geometric mean {mean:.1f}, least {min(ratios):.1f}; "
          f"{mine['n_rows']} events.")


if __name__ == "__main__":
    main()
