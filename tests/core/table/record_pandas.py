"""Record what pandas reads from the tables of the tests, for the comparison in ``test_reader.py``.

    python -m pip install pandas==3.1.1
    python -m tests.core.table.record_pandas

pandas is told what a person would look up in the file: the separator, the header, the encoding, the decimal mark, the
lines before the table and the marks for missing values that are not its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd

FILES = Path(__file__).parent / "files"
ZOO_TRUTH_VALUES = [
    "hair",
    "feathers",
    "eggs",
    "milk",
    "airborne",
    "aquatic",
    "predator",
    "toothed",
    "backbone",
    "breathes",
    "venomous",
    "fins",
    "tail",
    "domestic",
    "catsize",
]
TOLD: dict[str, dict[str, Any]] = {
    "ISLR-Auto.csv": {},
    "Salary_Data.csv": {},
    "auto-mpg-questionmarks.csv": {"na_values": ["?"]},
    "auto-semicolon-decimal-comma.csv": {"sep": ";", "decimal": ","},
    "boston-pandas-index.csv": {},
    "boston-tab-quoted.csv": {"sep": "\t"},
    "breast-cancer-noheader-text.csv": {"header": None, "quotechar": "'", "na_values": ["?"]},
    "crab-target-not-last.csv": {},
    "data_banknote_authentication.txt": {},
    "dax-hash-comment.csv": {"skiprows": 1},
    "diabetes_target.csv.gz": {"header": None},
    "elnino.csv": {},
    "grunfeld.csv": {},
    "housing.data": {"header": None, "sep": r"\s+"},
    "iris-kaggle-Id.csv": {},
    "iris-uci-noheader.csv": {"header": None},
    "linnerud_physiological.csv": {"sep": " "},
    "longley.csv": {},
    "mnist-label-first.csv": {},
    "seoul-cp949.csv": {"encoding": "cp949"},
    "sklearn-iris.csv": {"header": None, "skiprows": 1},
    "stackloss.csv": {},
    "statecrime.csv": {},
    "sunspots.csv": {},
    "titanic-seaborn.csv": {},
    "unemp.csv": {"skiprows": 9},
    "wine_data.csv": {"header": None, "skiprows": 1},
    "winequality-red-uci.csv": {"sep": ";"},
    "zoo-TRUE-FALSE.csv": {"dtype": dict.fromkeys(ZOO_TRUTH_VALUES, str)},
}


def digest(data: bytes) -> str:
    """Return a short hash."""
    return hashlib.sha256(data).hexdigest()[:16]


def main() -> None:
    """Write ``pandas.json``: for each file its rows, and for each column the kind of its values and their hash."""
    record: dict[str, Any] = {"pandas": pd.__version__, "files": {}}
    for name, told in TOLD.items():
        frame = pd.read_csv(FILES / name, float_precision="round_trip", **told)
        columns = []
        for place, (label, values) in enumerate(frame.items(), start=1):
            is_named = told.get("header", 0) is not None and not re.fullmatch(r"Unnamed: [0-9]+", str(label))
            if not is_named and values.isna().all():  # what a comma at the end of the header makes
                continue
            if values.dtype.kind in "fiu":
                kind, content = "numbers", values.to_numpy("float64").tobytes()
            else:
                texts = [None if pd.isna(value) else str(value).strip() for value in values]
                kind, content = "texts", json.dumps(texts, ensure_ascii=False).encode()
            columns.append([str(label) if is_named else str(place), kind, digest(content)])
        record["files"][name] = {"rows": len(frame), "columns": columns}
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).replace('"rows"', '\n"rows"')
    (FILES.parent / "pandas.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
