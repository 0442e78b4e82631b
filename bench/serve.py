"""Measure a class in browsers: ``nn-tui serve`` with many visitors, most of them stepping, some of them training.

    .venv/bin/python bench/serve.py [--stepping N] [--training N] [--seconds S] [--every S] [--size COLUMNS ROWS]
        [--json FILE] [PRESET]

A visitor is a websocket as the page in a browser opens it; what the browser takes to draw is not in the figures, but
the visitors take their share of the same processors as the server. Visitors who step press f, b and u, one key in
``--every`` seconds on average; those who train have pressed r at full speed. A key's time ends with the last byte of
its answer: the last one before ``QUIET`` seconds without output. Memory is the sum of the proportional set sizes
(PSS) of the server and the processes below it, in which a page of memory that n processes share counts 1/n each. Needs
Linux, and ``pip install 'nn-tui[serve]'``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._report import Figures, spread, verdict
from tests.web._server import Server, descendants, serving, websocket_url

GOAL_MS, GOAL_BYTES = 300.0, 2_200_000_000
QUIET = 0.25  # seconds
STARTED = b"Forward"  # the footer has it when the first screen is there
FULL_SPEED = "++++++r"
LIMIT = 120.0  # seconds
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;:?<>=$]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")


class Visitor:
    """One visitor: a websocket and what arrived on it.

    Attributes:
        times: Milliseconds from each key to the last byte of its answer.
        start_seconds: From opening the websocket to the first whole screen.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.times: list[float] = []
        self.start_seconds = 0.0
        self.bytes_read = 0
        self._socket = socket
        self._output = bytearray()
        self._last = 0.0
        self._opened = time.perf_counter()

    async def read(self) -> None:
        """Read until the server closes the connection."""
        async for message in self._socket:
            if message.type == aiohttp.WSMsgType.BINARY:
                self._last = time.perf_counter()
                self.bytes_read += len(message.data)
                if not self.start_seconds:
                    self._output += message.data
                    if STARTED in _ESCAPES.sub(b"", self._output):
                        self.start_seconds = self._last - self._opened

    async def send(self, keys: str) -> None:
        """Type keys."""
        await self._socket.send_str(json.dumps(["stdin", keys]))

    async def wait_for_start(self) -> None:
        """Wait until the first screen is there."""
        end = time.perf_counter() + LIMIT
        while not self.start_seconds:
            if time.perf_counter() > end:
                raise TimeoutError(f"no screen within {LIMIT:.0f} s: {bytes(self._output[-300:])!r}")
            await asyncio.sleep(0.01)

    async def step(self, seconds: float, every: float, seed: int) -> None:
        """Press f, b, u, f, … for some seconds, and measure the time to the answer of each."""
        randomness = random.Random(seed)
        end = time.perf_counter() + seconds
        await asyncio.sleep(randomness.uniform(0.0, every))
        number = 0
        while time.perf_counter() < end:
            pressed = time.perf_counter()
            await self.send("fbu"[number % 3])
            number += 1
            while self._last < pressed or time.perf_counter() < self._last + QUIET:
                if time.perf_counter() > pressed + LIMIT:
                    raise TimeoutError(f"no answer to a key within {LIMIT:.0f} s")
                await asyncio.sleep(0.01)
            self.times.append(1e3 * (self._last - pressed))
            rest = every * randomness.uniform(0.5, 1.5) - (time.perf_counter() - pressed)
            await asyncio.sleep(max(0.0, rest))


async def visit(server: Server, stepping: int, training: int, seconds: float, every: float, size: list[int]) -> Figures:
    """Let all visitors come, one after the other as fast as the server lets them, and measure.

    Returns:
        The figures; times in milliseconds, memory in bytes.
    """
    visitors: list[Visitor] = []
    async with aiohttp.ClientSession() as session:
        address = websocket_url(server.address, *size)
        for _ in range(stepping + training):
            visitor = Visitor(await session.ws_connect(address, max_msg_size=0))
            visitors.append(visitor)
        readers = [asyncio.create_task(visitor.read()) for visitor in visitors]
        for visitor in visitors:
            await visitor.wait_for_start()
        await asyncio.sleep(2.0)
        memory_at_rest = memory(server.pid)
        for visitor in visitors[stepping:]:
            await visitor.send(FULL_SPEED)
        await asyncio.sleep(2.0)
        before = sum(visitor.bytes_read for visitor in visitors[stepping:])
        await asyncio.gather(*(visitor.step(seconds, every, seed) for seed, visitor in enumerate(visitors[:stepping])))
        frames_bytes = sum(visitor.bytes_read for visitor in visitors[stepping:]) - before
        figures: Figures = {
            "key_ms": spread([value for visitor in visitors for value in visitor.times]),
            "start_s": spread([visitor.start_seconds for visitor in visitors]),
            "memory": memory(server.pid),
            "memory_at_rest": memory_at_rest,
            "bytes_per_second_of_one_training": frames_bytes / max(training, 1) / seconds,
        }
        for task in readers:
            task.cancel()
    return figures


def memory(pid: int) -> int:
    """Return the sum of the proportional set sizes of a process and all below it, in bytes."""
    return sum(_pss(process) for process in (pid, *descendants(pid)))


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended meanwhile
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return 1024 * int(found[1]) if found else 0


def measure(args: argparse.Namespace) -> Figures:
    """Start the server, let the visitors come, end the server with ctrl+c, and return the figures."""
    visitors = str(args.stepping + args.training)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), args.preset, "--visitors", visitors) as server:
        figures = asyncio.run(visit(server, args.stepping, args.training, args.seconds, args.every, args.size))
        began = time.perf_counter()
        figures["exit_code"] = server.end(signal.SIGINT)
        figures["end_s"] = time.perf_counter() - began
    return {
        "preset": args.preset, "stepping": args.stepping, "training": args.training, "size": args.size,
        "every": args.every, "processors": os.cpu_count(), **figures,
    }  # fmt: skip


def main() -> int:
    """Print the figures and return 1 if a goal is missed, and otherwise 0."""
    parser = argparse.ArgumentParser()
    parser.add_argument("preset", nargs="?", default="xor")
    parser.add_argument("--stepping", type=int, default=20, metavar="N")
    parser.add_argument("--training", type=int, default=5, metavar="N")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S")
    parser.add_argument("--every", type=float, default=2.0, metavar="S")
    parser.add_argument("--size", type=int, nargs=2, default=[120, 40], metavar=("COLUMNS", "ROWS"))
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    figures = measure(args)
    keys, starts, rate = figures["key_ms"], figures["start_s"], figures["bytes_per_second_of_one_training"]
    columns, rows = args.size
    is_fast, is_small = keys["p95"] <= GOAL_MS, figures["memory"] <= GOAL_BYTES
    print(f"{args.preset} at {columns}×{rows}: {args.stepping} visitors step, {args.training} train")
    spread_ = ", ".join(f"{name} {keys[name]:.0f}" for name in ("n", "p50", "p95", "p99", "max"))
    print(f"key to last byte, milliseconds: {spread_}; {verdict(is_fast, f'p95 at most {GOAL_MS:.0f} ms')}")
    gigabytes = [figures[name] / 1e9 for name in ("memory_at_rest", "memory")]
    print(f"memory together: {gigabytes[0]:.2f} GB before the first key, {gigabytes[1]:.2f} GB at the end", end="; ")
    print(verdict(is_small, f"at most {GOAL_BYTES / 1e9:.1f} GB"))
    print(f"start, when all come at once, seconds: p50 {starts['p50']:.1f}, max {starts['max']:.1f}")
    print(f"a visitor who trains gets {rate / 1000:.0f} kB a second; ctrl+c ends all in {figures['end_s']:.1f} s")
    if args.json:
        args.json.write_text(json.dumps({"serve": figures}, indent=1), encoding="utf-8")
    return int(not (is_fast and is_small))


if __name__ == "__main__":
    sys.exit(main())
