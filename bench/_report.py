"""The figures of the screen as text, with the goal beside each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Figures = dict[str, Any]
GOALS: dict[str, Any] = {
    "key_p95_ms": {"80×24": 25.0, "120×40": 35.0, "200×60": 60.0},
    "wide_to_xor": 1.5,
    "far_ms": 300.0,
    "frames": 30.0,
    "paint": 2.0,
    "version": 4.0,
    "memory": 2.0,
}
STEP_KEYS = ("f", "b", "u", "space", "n")
SELECTION_KEYS = ("right", "left")
SPREAD_HEADER = f"{'n':>5} {'p50':>6} {'p95':>6} {'p99':>6} {'max':>6}"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that a ``share`` of the values, 0 to 1, does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def spread(values: Sequence[float]) -> Figures:
    """Return the count, the 50th, 95th and 99th percentile and the maximum."""
    shares = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
    return {"n": len(values), **{name: percentile(values, share) for name, share in shares.items()}, "max": max(values)}


def verdict(is_met: bool, goal: str) -> str:
    """Return whether a goal is met, in words."""
    return f"aim {goal}: {'met' if is_met else 'MISSED'}"


def _spread_line(name: str, row: Figures) -> str:
    return f"  {name:16} {row['n']:5} {row['p50']:6.1f} {row['p95']:6.1f} {row['p99']:6.1f} {row['max']:6.1f}"


def print_keys(rows: Sequence[Figures]) -> None:
    """Print the table of key presses in the last row.

    For the wide network, also print and store its ratios to XOR in a terminal of the same size, an earlier row.
    """
    row = rows[-1]
    size = "×".join(map(str, row["size"]))
    print(f"key to last byte, {row['preset']} at {size}, milliseconds\n  {'':16} {SPREAD_HEADER}")
    for name, figures in (*row["keys"].items(), ("all", row["all"])):
        print(_spread_line(name, figures))
    goal = GOALS["key_p95_ms"][size]
    print("  " + verdict(row["all"]["p95"] <= goal, f"p95 at most {goal:.0f} ms"))
    xor = next(earlier for earlier in rows if earlier["size"] == row["size"])
    if row["preset"] != "wide.toml" or xor["preset"] != "xor":
        return
    row["wide_to_xor"] = []
    for name, keys in (("a step", STEP_KEYS), ("a move of the selection", SELECTION_KEYS)):
        ratio = sum(row["keys"][key]["p50"] for key in keys) / sum(xor["keys"][key]["p50"] for key in keys)
        row["wide_to_xor"].append(ratio)
        is_met = verdict(ratio <= GOALS["wide_to_xor"], f"{GOALS['wide_to_xor']} times")
        print(f"  {name}: {ratio:.2f} times XOR's; {is_met}")


def print_far(row: Figures) -> None:
    """Print the times for scrubbing across a long run."""
    print(f"scrubbing far, {row['preset']} at 120×40, milliseconds\n  {'':16} {SPREAD_HEADER}")
    print(_spread_line("position", row["position"]) + "\n" + _spread_line("last byte", row["data"]))
    position = GOALS["key_p95_ms"]["120×40"]
    print("  " + verdict(row["position"]["p95"] <= position, f"position p95 at most {position:.0f} ms"), end="; ")
    print(verdict(row["data"]["p95"] <= GOALS["far_ms"], f"last byte p95 at most {GOALS['far_ms']:.0f} ms"))


def print_watching(row: Figures) -> None:
    """Print the rates of training while the screen shows it."""
    share, frames = row["share"], row["frames_per_second"]
    print(
        f"watching {row['net']}: {row['updates_per_second']:,.0f} updates/s under the screen, "
        f"{row['headless']:,.0f} alone: {share:.2f}; {frames:.1f} frames/s, "
        f"{row['bytes_per_frame'] / 1000:.1f} kB a frame"
    )
    print("  " + verdict(share >= row["aim"], f"{row['aim']} of the rate"), end="; ")
    # A timer with exactly the goal's rate is sometimes slightly late.
    print(verdict(round(frames) >= GOALS["frames"], f"{GOALS['frames']:.0f} frames/s"))


def print_start(row: Figures) -> None:
    """Print the times of the start and of ``--version``."""
    for name, words, bare in (("paint", "first paint", "bare Textual"), ("version", "--version", "bare Python")):
        times = row[name]
        print(f"{words} {times['ours']:.3f} s, {bare} {times['bare']:.3f} s: {times['ratio']:.2f} times")
        print("  " + verdict(times["ratio"] <= GOALS[name], f"at most {GOALS[name]:.0f} times"))


def print_rest(row: Figures) -> None:
    """Print the load and the memory while nothing happens."""
    share = "unknown" if row["processors"] is None else f"{100 * row['processors']:.1f} %"
    print(f"at rest: {share} of a processor and {row['bytes']} bytes in {row['seconds']:.0f} s")
    if row["memory_ratio"] is not None:
        print(
            f"  memory {row['memory'] / 2**20:.0f} MB, bare Textual with NumPy {row['bare'] / 2**20:.0f} MB", end=": "
        )
        print(f"{row['memory_ratio']:.2f} times; " + verdict(row["memory_ratio"] <= GOALS["memory"], "at most 2 times"))


def markdown(figures: Figures) -> str:
    """Return the figures as the table of docs/performance.md."""
    lines = ["| | measured | goal |", "|---|---|---|"]
    rows = figures.get("keys", [])
    for row in rows:
        size = "×".join(map(str, row["size"]))
        name = "784-512-512-10" if row["preset"] == "wide.toml" else row["preset"]
        percentiles = " ".join(f"{row['all'][key]:.0f}" for key in ("p50", "p95", "p99"))
        goal = f"p95 {GOALS['key_p95_ms'][size]:.0f} ms"
        lines.append(f"| key to last byte, {name} at {size}: p50 p95 p99 | {percentiles} ms | {goal} |")
        if "wide_to_xor" in row:
            ratios = " ".join(f"{ratio:.2f}" for ratio in row["wide_to_xor"])
            lines.append(f"| the same as times XOR's: a step, a move | {ratios} | {GOALS['wide_to_xor']} |")
    for row in figures.get("far", []):
        measured = f"{row['position']['p95']:.0f} and {row['data']['p95']:.0f} ms"
        goal = f"{GOALS['key_p95_ms']['120×40']:.0f} and {GOALS['far_ms']:.0f} ms"
        lines.append(
            f"| scrubbing far, {row['preset']}: p95 to the position and to the last byte | {measured} | {goal} |"
        )
    for row in figures.get("watching", []):
        measured = f"{row['share']:.2f}, {row['frames_per_second']:.1f}"
        lines.append(f"| watching {row['net']}: share of the rate, frames/s | {measured} | {row['aim']}, 30 |")
    if "start" in figures:
        for name, words in (("paint", "first paint"), ("version", "`--version`")):
            times = figures["start"][name]
            measured = f"{times['ours']:.3f} s, {times['bare']:.3f} s, {times['ratio']:.2f}"
            lines.append(f"| {words}: ours, bare, ratio | {measured} | {GOALS[name]:.0f} |")
    if "rest" in figures:
        row = figures["rest"]
        lines.append(
            f"| at rest: processor, bytes written | {100 * (row['processors'] or 0):.1f} %, {row['bytes']} | 0 |"
        )
        if row["memory_ratio"] is not None:
            megabytes = f"{row['memory'] / 2**20:.0f} MB, {row['bare'] / 2**20:.0f} MB, {row['memory_ratio']:.2f}"
            lines.append(f"| memory at rest: ours, bare with NumPy, ratio | {megabytes} | {GOALS['memory']:.0f} |")
    return "\n".join(lines)
