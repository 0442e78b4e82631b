"""Measure keys over a slow link: from a key press to its answer on the screen, while a network trains at full speed.

    .venv/bin/python bench/slow.py [--keys N] [--rates BYTES …] [--json FILE] [PRESET …]

The program that reads the terminal takes BYTES a second (0: as many as it can). The key is L, which changes a line of
text and does not stop the training. The answer is complete when the new text has been read. The update rate is that of
the counter in the header.
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
from tests._pty import APP
from tests._throttled_terminal import ThrottledTerminal, throttled_terminal

GOAL_MS, GOAL_RATE = 250.0, 500_000  # 95 of 100 keys are answered in this time over a link of this many bytes a second
UPDATE = re.compile(r"update ([0-9,]+)")
TIMEOUT = 60.0  # seconds
Figures = dict[str, Any]


def wait_for(app: ThrottledTerminal, words: str, mark: int) -> float:
    """Wait until ``words`` have been read after the position ``mark`` of the output, and return the seconds."""
    start = time.monotonic()
    if not app.wait(lambda: words in app.text_since(mark), TIMEOUT):
        raise TimeoutError(f"{words!r} is not shown within {TIMEOUT} s")
    return time.monotonic() - start


def measure(preset: str, rate: int, keys: int) -> Figures:
    """Measure the milliseconds from key to answer, the updates per second and the bytes per second.

    Args:
        preset: The preset to open.
        rate: Bytes per second of the link, 0 for no limit.
        keys: How often to press the key.
    """
    with tempfile.TemporaryDirectory() as folder, throttled_terminal(Path(folder), (*APP, preset)) as app:
        wait_for(app, "Forward", 0)
        app.send("++++++r")
        wait_for(app, "full speed", 0)
        app.rate = rate or None
        time.sleep(1.5)  # the frame rate adapts to the link
        first_byte, start = app.bytes_read, time.monotonic()
        times = []
        for number in range(keys):
            mark = app.bytes_read
            app.send("L")
            times.append(1e3 * wait_for(app, "linear" if number % 2 else "logarithmic", mark))
            time.sleep(0.05 + 0.013 * (number % 5))  # at another point between two frames each time
        seconds = time.monotonic() - start
        counters = [int(text.replace(",", "")) for text in UPDATE.findall(app.text_since(first_byte))]
        bytes_read = app.bytes_read - first_byte
        app.send("q")
        code = app.end(TIMEOUT)
    updates = (counters[-1] - counters[0]) / seconds if len(counters) > 1 else 0.0
    figures: Figures = {
        "key_ms": spread(times),
        "updates_per_second": updates,
        "bytes_per_second": bytes_read / seconds,
    }
    return {
        "preset": preset,
        "rate": rate,
        **figures,
        "exit_code": code,
        "aim_p95_ms": GOAL_MS if rate >= GOAL_RATE else None,
    }


def main() -> int:
    """Print the table and return 1 if a goal is missed, and otherwise 0."""
    parser = argparse.ArgumentParser()
    parser.add_argument("presets", nargs="*", default=["xor", "digits"])
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--rates", type=int, nargs="+", default=[0, 500_000, 100_000])
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows = [measure(preset, rate, args.keys) for preset in args.presets for rate in args.rates]
    print(f"{'preset':<10}{'link':>12}{'p50 ms':>9}{'p95 ms':>9}{'aim':>6}{'updates/s':>12}{'bytes/s':>12}")
    for row in rows:
        link_rate = f"{row['rate'] // 1000} kB/s" if row["rate"] else "not limited"
        goal = f"{row['aim_p95_ms']:.0f}" if row["aim_p95_ms"] else ""
        print(
            f"{row['preset']:<10}{link_rate:>12}{row['key_ms']['p50']:>9.0f}{row['key_ms']['p95']:>9.0f}{goal:>6}"
            f"{row['updates_per_second']:>12,.0f}{row['bytes_per_second']:>12,.0f}"
        )
    if args.json:
        args.json.write_text(json.dumps({"slow": rows}, indent=1), encoding="utf-8")
    return int(any(row["aim_p95_ms"] and row["key_ms"]["p95"] > row["aim_p95_ms"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
