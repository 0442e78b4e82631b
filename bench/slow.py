"""Keys over a slow link: from a key press to its answer on the screen, while a net trains flat out.

    .venv/bin/python bench/slow.py [--keys N] [--rates BYTES …] [--json FILE] [PRESET …]

The program that reads the terminal takes so many bytes a second and no more (0: as fast as it can). The key is L, which
leaves the training running and changes a line of text; its answer counts when the words have been read. The update
rate is that of the counter in the header.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._report import spread
from tests._link import Link, link
from tests._pty import APP

AIM_MS, AIM_RATE = 250.0, 500_000  # 95 of 100 keys are answered by then over a link of so many bytes a second
UPDATE = re.compile(r"update ([0-9,]+)")
PATIENCE = 60.0
Row = dict[str, Any]


def wait(app: Link, words: str, mark: int) -> float:
    """Seconds until words have been read after a mark."""
    began = time.monotonic()
    if not app.wait(lambda: words in app.words_since(mark), PATIENCE):
        raise TimeoutError(f"{words!r} is not shown within {PATIENCE} s")
    return time.monotonic() - began


def measure(preset: str, rate: int, keys: int) -> Row:
    """Key to answer in milliseconds, updates and bytes a second, on one preset over one link."""
    with tempfile.TemporaryDirectory() as folder, link(Path(folder), (*APP, preset)) as app:
        wait(app, "Forward", 0)
        app.send("++++++r")
        wait(app, "flat out", 0)
        app.rate = rate or None
        time.sleep(1.5)  # the frames find their pace
        start, began = app.taken, time.monotonic()
        times = []
        for number in range(keys):
            mark = app.taken
            app.send("L")
            times.append(1e3 * wait(app, "linear" if number % 2 else "logarithmic", mark))
            time.sleep(0.05 + 0.013 * (number % 5))  # not in step with the frames
        seconds = time.monotonic() - began
        counters = [int(found.replace(",", "")) for found in UPDATE.findall(app.words_since(start))]
        bytes_read = app.taken - start
        app.send("q")
        code = app.end(PATIENCE)
    updates = (counters[-1] - counters[0]) / seconds if len(counters) > 1 else 0.0
    figures: Row = {"key_ms": spread(times), "updates_per_second": updates, "bytes_per_second": bytes_read / seconds}
    return {
        "preset": preset,
        "rate": rate,
        **figures,
        "exit_code": code,
        "aim_p95_ms": AIM_MS if rate >= AIM_RATE else None,
    }


def main() -> int:
    """Print the table; 1 when an aim is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("presets", nargs="*", default=["xor", "digits"])
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--rates", type=int, nargs="+", default=[0, 500_000, 100_000])
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    rows = [measure(preset, rate, chosen.keys) for preset in chosen.presets for rate in chosen.rates]
    print(f"{'preset':<10}{'link':>12}{'p50 ms':>9}{'p95 ms':>9}{'aim':>6}{'updates/s':>12}{'bytes/s':>12}")
    for row in rows:
        named = f"{row['rate'] // 1000} kB/s" if row["rate"] else "not limited"
        aim = f"{row['aim_p95_ms']:.0f}" if row["aim_p95_ms"] else ""
        print(
            f"{row['preset']:<10}{named:>12}{row['key_ms']['p50']:>9.0f}{row['key_ms']['p95']:>9.0f}{aim:>6}"
            f"{row['updates_per_second']:>12,.0f}{row['bytes_per_second']:>12,.0f}"
        )
    if chosen.json:
        chosen.json.write_text(json.dumps({"slow": rows}, indent=1), encoding="utf-8")
    return int(any(row["aim_p95_ms"] and row["key_ms"]["p95"] > row["aim_p95_ms"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
