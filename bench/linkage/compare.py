"""Is Rapport's linkage as good as Splink's, and how much faster, on the same files in the same run?

Runs both, one after the other, each in a process of its own, and prints them side by side with the
ratio of their times. Install Splink into an environment outside the repository first:

    python3 -m venv ~/venv-splink && ~/venv-splink/bin/pip install -r bench/linkage/requirements.txt
    cargo build --release -p rapport-bench --bin rapport-bench-linkage
    ~/venv-splink/bin/python bench/linkage/compare.py --data ../shared/data --records 200000
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
RAPPORT = HERE.parent.parent / "target" / "release" / "rapport-bench-linkage"


def result(command):
    """The last RESULT line that a command prints; what it said otherwise if there is none."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if done.returncode or not lines:
        sys.exit(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return json.loads(lines[-1].removeprefix("RESULT "))


def best(command, n_runs):
    """The fastest of some runs; the answers are the same in each."""
    return min((result(command) for _ in range(n_runs)), key=lambda run: run["total_s"])


def show(name, ours, theirs):
    """One line of the table."""
    ratio = theirs["total_s"] / ours["total_s"]
    cells = [
        name,
        f"{ours['pair_f1']:.4f}",
        f"{theirs['pair_f1']:.4f}",
        f"{ours['cluster_f1']:.4f}",
        f"{theirs['cluster_f1']:.4f}",
        f"{ours['total_s']:.2f}",
        f"{theirs['total_s']:.2f}",
        f"{ratio:.1f}",
        f"{ours['peak_mb']}",
        f"{theirs['peak_mb']}",
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--records", type=int, default=200_000, help="of the made file; 0 for none")
    parser.add_argument("--runs", type=int, default=3, help="of each, the fastest counts")
    arguments = parser.parse_args()
    splink = [sys.executable, HERE / "splink_run.py"]
    print(
        "| file | pair F1, Rapport | Splink | cluster F1, Rapport | Splink | s, Rapport | Splink "
        "| times faster | MB, Rapport | Splink |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name in ["febrl3", "febrl4", "fake1000"]:
        ours = best([RAPPORT, "files", "--data", arguments.data, "--only", name], arguments.runs)
        theirs = best([*splink, name, arguments.data], arguments.runs)
        show(name, ours, theirs)
    if arguments.records:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "made.csv"
            export = [RAPPORT, "export", "--records", arguments.records, "--to", path]
            subprocess.run([str(part) for part in export], check=True)
            ours = result([RAPPORT, "million", "--from", path])
            show(f"made, {arguments.records}", ours, result([*splink, "made", path]))


if __name__ == "__main__":
    main()
