#!/bin/sh
# Are all bars of questions about behaviour met? One run of everything, on a quiet machine:
#
#   sh bench/behaviour/all.sh [folder for the data]
#
# Makes 20 million events, then the curve up to 100 million (some ten gigabytes in all, kept for the
# next time), asks Rapport, DuckDB and ClickHouse, and drives the pages in a browser.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-behaviour-data}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

cd "$here/../.."
cargo build --release -p rapport
cargo build --release -p rapport-bench --bin rapport-bench-behaviour
[ -d "$folder/peers" ] || python3 -m venv "$folder/peers"
"$folder/peers/bin/pip" install --quiet -r bench/behaviour/requirements.txt
python=$folder/peers/bin/python
[ -d web/node_modules ] || npm ci --prefix web --no-audit --no-fund

say() { printf '\n## %s\n\n' "$1"; }
say 'Six questions on 20 million events, beside DuckDB and ClickHouse'
"$python" bench/behaviour/compare.py --folder "$folder/20m"
say 'SQL on the same files, beside DuckDB'
"$python" bench/behaviour/sql.py --folder "$folder/20m"
say 'From 1 to 100 million events'
"$python" bench/behaviour/curve.py --folder "$folder/curve"
say 'First answers in the browser, on the demo'
node bench/behaviour/first_answer.mjs "$folder/demo"
