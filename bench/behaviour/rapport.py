"""How is the measuring program asked? Each question in a process of its own, with nothing decoded."""

import json
import subprocess
from pathlib import Path

BINARY = Path(__file__).resolve().parents[2] / "target" / "release" / "rapport-bench-behaviour"


def run(*words, text=None):
    """What the program prints."""
    command = [str(word) for word in (BINARY, *words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, input=text, text=True)
    return done.stdout


def fill(folder: Path, events: int, customers: int) -> Path:
    """The history in the folder, made where it is not there."""
    history = folder / "history"
    if not (history / "files.jsonl").exists():
        print(run("fill", "--folder", history, "--events", events, "--customers", customers))
    return history


def ask(history: Path, question: str, runs: int, *more):
    """Answer and times of a question, and the most memory that its process held."""
    told = json.loads(run("ask", "--folder", history, "--runs", runs, "--only", question, *more))
    return {**told["questions"][question], "peak_mb": told["peak_mb"], "n_rows": told["n_rows"]}


def decode(history: Path, question: str) -> float:
    """Seconds to decode the columns of a question and nothing else, in a fresh process."""
    return float(run("decode", "--folder", history, "--only", question))


def sql(history: Path, texts: dict, runs: int):
    """Answers and times of SQL."""
    told = run("sql", "--folder", history, "--runs", runs, text=json.dumps(texts))
    return json.loads(told)
