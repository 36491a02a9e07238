"""How does the cost of a question grow with history, and with the time that it asks for?

    python curve.py --folder curve

Makes histories from one million events to a hundred, fifty for each customer, and asks each of them
the six questions about all of the time, and about its last week; every question in a process of its
own. Makes and keeps some three gigabytes.
"""

import argparse
from pathlib import Path

import rapport
from questions import DUCKDB

SIZES = [1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000]
LAST_WEEK = ("--since", "2025-12-25")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="events")
    args = parser.parse_args()
    print("| events | question | first, s | warm, s | warm, ns per event | last week first, s "
          "| last week warm, s | peak, MB |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|")
    for size in args.sizes:
        history = rapport.fill(args.folder / str(size), size, size // 50)
        for question in DUCKDB:
            ever = rapport.ask(history, question, args.runs)
            week = rapport.ask(history, question, args.runs, *LAST_WEEK)
            peak = max(ever["peak_mb"], week["peak_mb"])
            print(f"| {size // 1_000_000} M | {question} | {ever['first_seconds']:.3f} "
                  f"| {ever['seconds']:.4f} | {ever['seconds'] / size * 1e9:.2f} "
                  f"| {week['first_seconds']:.3f} | {week['seconds']:.4f} | {peak} |", flush=True)


if __name__ == "__main__":
    main()
