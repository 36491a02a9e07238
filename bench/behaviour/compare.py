"""Which answers about behaviour come how much faster than from DuckDB and ClickHouse?

    cargo build --release -p rapport-bench --bin rapport-bench-behaviour
    python compare.py --folder peers-20m --events 20000000 --customers 400000

Makes the events where the folder is new, gives the peers the same files, asks all three the same
questions, compares the answers, and only then prints the ratios of this one run.
"""

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path

from peers import ClickHouse, DuckDB, normal
from questions import DUCKDB

HERE = Path(__file__).resolve().parent
RAPPORT = HERE.parent.parent / "target" / "release" / "rapport-bench-behaviour"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="where the data is kept")
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--customers", type=int, default=400_000)
    parser.add_argument("--runs", type=int, default=3, help="runs of each query, the best counts")
    parser.add_argument("--only", help="one question")
    return parser.parse_args()


def fill(args):
    history = args.folder / "history"
    if not (history / "files.jsonl").exists():
        command = [RAPPORT, "fill", "--folder", history]
        command += ["--events", args.events, "--customers", args.customers]
        subprocess.run([str(part) for part in command], check=True)
    return history


def ask_rapport(history, runs):
    command = [RAPPORT, "ask", "--folder", history, "--runs", runs]
    done = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def check_equal(question, rows, peer, theirs):
    if rows == theirs:
        return
    sys.exit(
        f"{question}: {peer} answers otherwise; only Rapport: {sorted(set(rows) - set(theirs))[:5]}, "
        f"only {peer}: {sorted(set(theirs) - set(rows))[:5]}"
    )


def main():
    args = arguments()
    history = fill(args)
    ours = ask_rapport(history, args.runs)
    files = f"{history.resolve()}/b*/*.parquet"
    peers = [DuckDB(files, args.folder.resolve()), ClickHouse(files, args.folder.resolve())]
    print("| question | Rapport, s | first time, s | decoding, s | DuckDB, s | ClickHouse, s | its layout "
          "| times faster than the better |")
    print("|---|--:|--:|--:|--:|--:|---|--:|")
    ratios = []
    for question in DUCKDB:
        if args.only not in (None, question):
            continue
        mine = ours["questions"][question]
        rows = normal(mine["rows"])
        found = {}
        for peer in peers:
            theirs, seconds, layout = peer.answer(question, args.runs)
            check_equal(question, rows, peer.name, theirs)
            found[peer.name] = (seconds, layout)
        ratio = min(seconds for seconds, _ in found.values()) / mine["seconds"]
        ratios.append(ratio)
        print(f"| {question} | {mine['seconds']:.3f} | {mine['first_seconds']:.2f} "
              f"| {mine['decode_seconds']:.2f} | {found['DuckDB'][0]:.2f} "
              f"| {found['ClickHouse'][0]:.2f} | {found['ClickHouse'][1]} | {ratio:.1f} |")
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"\nAll answers equal. Geometric mean {mean:.1f}, least {min(ratios):.1f}; "
          f"{ours['n_rows']} events, Rapport's peak memory {ours['peak_mb']} MB.")


if __name__ == "__main__":
    main()
