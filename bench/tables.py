"""Compare the table reader with libraries: tables read as they are meant, and time and memory for a large one.

    .venv/bin/python bench/tables.py [--rows N] [--columns N] [--rounds N] [--json FILE]

Each reader runs in a process of its own, as a person would call it who does not look into the file; a library that is
not installed is left out (``pip install pandas polars clevercsv``). A table counts as read if its rows and the names of
its columns are those of ``tests/core/table/pandas.json``, and the web page if it is refused. The large table has random
numbers with six digits. Memory is the largest resident memory, so this needs Unix.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.large_table import COLUMNS, ROWS, write_table

FILES = Path(__file__).resolve().parents[1] / "tests" / "core" / "table" / "files"
MEANT = json.loads((FILES.parent / "pandas.json").read_text(encoding="utf-8"))["files"]
WEB_PAGE = "webpage-saved-as-data.csv"
# Each defines read(path) -> (names of the columns or None, number of rows).
READERS = {
    "nn-tui": """
from nn_tui.core.table.reader import read_table
def read(path):
    table = read_table(path)
    return [column.name for column in table.columns] if table.layout.header else None, table.row_count
""",
    "pandas": """
import pandas
def read(path):
    frame = pandas.read_csv(path)
    return list(map(str, frame.columns)), len(frame)
""",
    "polars": """
import polars
def read(path):
    frame = polars.read_csv(path, infer_schema_length=None)
    return frame.columns, frame.height
""",
    "clevercsv": """
import clevercsv, charset_normalizer, io
def read(path):
    text = str(charset_normalizer.from_path(path).best())
    dialect, has_header = clevercsv.Detector().detect(text[:100_000]), clevercsv.Detector().has_header(text[:100_000])
    rows = [row for row in clevercsv.reader(io.StringIO(text, newline=""), dialect) if row]
    if len(rows) > 10_000:
        [[float(cell) for cell in row] for row in rows[1:]]
    return (rows[0] if has_header else None), len(rows) - has_header
""",
    "csv": """
import csv, charset_normalizer, io
def read(path):
    text = str(charset_normalizer.from_path(path).best())
    dialect, has_header = csv.Sniffer().sniff(text[:10_000]), csv.Sniffer().has_header(text[:10_000])
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), dialect) if row]
    if len(rows) > 10_000:
        [[float(cell) for cell in row] for row in rows[1:]]
    return (rows[0] if has_header else None), len(rows) - has_header
""",
}
NEEDED = {"pandas": ("pandas",), "polars": ("polars",), "clevercsv": ("clevercsv", "charset_normalizer")}
PROGRAM = """
import json, resource, sys, time
from pathlib import Path
start = time.perf_counter()
{reader}
loaded, found = time.perf_counter() - start, []
for path in map(Path, sys.argv[1:]):
    start = time.perf_counter()
    try:
        found.append(read(path))
    except Exception as error:
        found.append(None)
seconds = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([loaded, found, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6]))
"""


def run(name: str, *paths: Path) -> tuple[float, list[Any], float, float]:
    """Return the seconds of the import, what is found in the files, the seconds of the last one, and the peak in MB."""
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM.format(reader=READERS[name]), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded, found, seconds, peak = json.loads(done.stdout)
    return loaded, found, seconds, peak


def wrongly_read(found: dict[str, Any]) -> list[str]:
    """Return the names of the files that are not read as they are meant."""
    wrong = [] if found[WEB_PAGE] is None else [WEB_PAGE]
    for name, meant in MEANT.items():
        labels = [column for column, _, _ in meant["columns"]]
        names = None if labels == [str(place + 1) for place in range(len(labels))] else labels
        columns, rows = found[name] or (None, 0)
        same_names = columns == names or (columns and names and columns[1:] == names[1:])  # the first may be an index
        if rows != meant["rows"] or not same_names:
            wrong.append(name)
    return wrong


def main() -> None:
    """Measure all readers that are installed, and print a line for each."""
    parser = argparse.ArgumentParser(description="How tables are read.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--columns", type=int, default=COLUMNS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    args = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.csv"
        write_table(large, args.rows, args.columns)
        for name in READERS:
            if not all(map(find_spec, NEEDED.get(name, ()))):
                continue
            tables = [*MEANT, WEB_PAGE]
            _, found, _, _ = run(name, *(FILES / table for table in tables))
            wrong = wrongly_read(dict(zip(tables, found, strict=True)))
            rounds = [run(name, large) for _ in range(args.rounds)]
            figures[name] = {
                "read": len(tables) - len(wrong),
                "tables": len(tables),
                "wrong": wrong,
                "import_seconds": statistics.median(loaded for loaded, _, _, _ in rounds),
                "seconds": statistics.median(seconds for _, _, seconds, _ in rounds),
                "peak": statistics.median(peak for _, _, _, peak in rounds),
            }
            print(
                "{name}: {read} of {tables} tables; import {import_seconds:.2f} s; "
                "large table {seconds:.2f} s, {peak:.0f} MB".format(name=name, **figures[name])
            )
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
