"""The figures of the screen as lines of text, each beside what is aimed at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
AIMS: dict[str, Any] = {
    "key_p95_ms": {"80×24": 25.0, "120×40": 35.0, "200×60": 60.0},
    "wide_to_xor": 1.5,
    "far_ms": 300.0,
    "frames": 30.0,
    "paint": 2.0,
    "version": 4.0,
    "memory": 2.0,
}
STEPS = ("f", "b", "u", "space", "n")
MOVES = ("right", "left")
COLUMNS = f"{'n':>5} {'p50':>6} {'p95':>6} {'p99':>6} {'max':>6}"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def spread(values: Sequence[float]) -> Row:
    """How many, the middle and the end of the distribution."""
    shares = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
    return {"n": len(values), **{name: percentile(values, share) for name, share in shares.items()}, "max": max(values)}


def verdict(good: bool, aim: str) -> str:
    """Whether an aim is met."""
    return f"aim {aim}: {'met' if good else 'MISSED'}"


def _line(name: str, row: Row) -> str:
    return f"  {name:16} {row['n']:5} {row['p50']:6.1f} {row['p95']:6.1f} {row['p99']:6.1f} {row['max']:6.1f}"


def keys(rows: Sequence[Row]) -> None:
    """The last table of key presses; on the wide network its ratios to XOR's, which came before, are noted in it."""
    row = rows[-1]
    size = "×".join(map(str, row["size"]))
    print(f"key to last byte, {row['preset']} at {size}, milliseconds\n  {'':16} {COLUMNS}")
    for name, each in (*row["keys"].items(), ("all", row["all"])):
        print(_line(name, each))
    aim = AIMS["key_p95_ms"][size]
    print("  " + verdict(row["all"]["p95"] <= aim, f"p95 at most {aim:.0f} ms"))
    xor = next(each for each in rows if each["size"] == row["size"])
    if row["preset"] != "wide.toml" or xor["preset"] != "xor":
        return
    row["wide_to_xor"] = []
    for name, chosen in (("a step", STEPS), ("a move of the selection", MOVES)):
        ours, theirs = (sum(each["keys"][key]["p50"] for key in chosen) for each in (row, xor))
        row["wide_to_xor"].append(ours / theirs)
        good = ours <= AIMS["wide_to_xor"] * theirs
        print(f"  {name}: {ours / theirs:.2f} times XOR's; " + verdict(good, f"{AIMS['wide_to_xor']} times"))


def far(row: Row) -> None:
    """Scrubbing across a long run."""
    print(f"scrubbing far, {row['preset']} at 120×40, milliseconds\n  {'':16} {COLUMNS}")
    print(_line("position", row["position"]) + "\n" + _line("last byte", row["data"]))
    position = AIMS["key_p95_ms"]["120×40"]
    print("  " + verdict(row["position"]["p95"] <= position, f"position p95 at most {position:.0f} ms"), end="; ")
    print(verdict(row["data"]["p95"] <= AIMS["far_ms"], f"last byte p95 at most {AIMS['far_ms']:.0f} ms"))


def watching(row: Row) -> None:
    """Training under the screen."""
    share, frames = row["share"], row["frames_per_second"]
    print(
        f"watching {row['net']}: {row['updates_per_second']:,.0f} updates/s under the screen, "
        f"{row['headless']:,.0f} alone: {share:.2f}; {frames:.1f} frames/s, "
        f"{row['bytes_per_frame'] / 1000:.1f} kB a frame"
    )
    print("  " + verdict(share >= row["aim"], f"{row['aim']} of the rate"), end="; ")
    # A timer at exactly the rate of the aim is at times a hair late.
    print(verdict(round(frames) >= AIMS["frames"], f"{AIMS['frames']:.0f} frames/s"))


def start(row: Row) -> None:
    """First paint and the version."""
    for name, words, bare in (("paint", "first paint", "bare Textual"), ("version", "--version", "bare Python")):
        each = row[name]
        print(f"{words} {each['ours']:.3f} s, {bare} {each['bare']:.3f} s: {each['ratio']:.2f} times")
        print("  " + verdict(each["ratio"] <= AIMS[name], f"at most {AIMS[name]:.0f} times"))


def rest(row: Row) -> None:
    """Load and memory while nothing happens."""
    share = "unknown" if row["processors"] is None else f"{100 * row['processors']:.1f} %"
    print(f"at rest: {share} of a processor and {row['bytes']} bytes in {row['seconds']:.0f} s")
    if row["memory_ratio"] is not None:
        print(
            f"  memory {row['memory'] / 2**20:.0f} MB, bare Textual with NumPy {row['bare'] / 2**20:.0f} MB", end=": "
        )
        print(f"{row['memory_ratio']:.2f} times; " + verdict(row["memory_ratio"] <= AIMS["memory"], "at most 2 times"))


def markdown(figures: Row) -> str:
    """The figures as the table of docs/performance.md."""
    lines = ["| | measured | goal |", "|---|---|---|"]
    rows = figures.get("keys", [])
    for row in rows:
        size = "×".join(map(str, row["size"]))
        name = "784-512-512-10" if row["preset"] == "wide.toml" else row["preset"]
        spread_of = " ".join(f"{row['all'][key]:.0f}" for key in ("p50", "p95", "p99"))
        lines.append(f"| key to last byte, {name} at {size}: p50 p95 p99 | {spread_of} ms | {_goal(size)} |")
        if "wide_to_xor" in row:
            ratios = " ".join(f"{ratio:.2f}" for ratio in row["wide_to_xor"])
            lines.append(f"| the same as times XOR's: a step, a move | {ratios} | {AIMS['wide_to_xor']} |")
    for row in figures.get("far", []):
        both = f"{row['position']['p95']:.0f} and {row['data']['p95']:.0f} ms"
        goal = f"{AIMS['key_p95_ms']['120×40']:.0f} and {AIMS['far_ms']:.0f} ms"
        lines.append(f"| scrubbing far, {row['preset']}: p95 to the position and to the last byte | {both} | {goal} |")
    for row in figures.get("watching", []):
        shown = f"{row['share']:.2f}, {row['frames_per_second']:.1f}"
        lines.append(f"| watching {row['net']}: share of the rate, frames/s | {shown} | {row['aim']}, 30 |")
    if "start" in figures:
        for name, words in (("paint", "first paint"), ("version", "`--version`")):
            each = figures["start"][name]
            measured = f"{each['ours']:.3f} s, {each['bare']:.3f} s, {each['ratio']:.2f}"
            lines.append(f"| {words}: ours, bare, ratio | {measured} | {AIMS[name]:.0f} |")
    if "rest" in figures:
        row = figures["rest"]
        lines.append(
            f"| at rest: processor, bytes written | {100 * (row['processors'] or 0):.1f} %, {row['bytes']} | 0 |"
        )
        if row["memory_ratio"] is not None:
            megabytes = f"{row['memory'] / 2**20:.0f} MB, {row['bare'] / 2**20:.0f} MB, {row['memory_ratio']:.2f}"
            lines.append(f"| memory at rest: ours, bare with NumPy, ratio | {megabytes} | {AIMS['memory']:.0f} |")
    return "\n".join(lines)


def _goal(size: str) -> str:
    return f"p95 {AIMS['key_p95_ms'][size]:.0f} ms"
