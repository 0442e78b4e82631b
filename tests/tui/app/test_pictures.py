"""The text of every view and of every dialog at the three reference sizes, as reviewable pictures.

The pictures of test_snapshots.py have the colours. To record an intended change, run
``pytest tests/tui/app/test_pictures.py --snapshot-update``, read the changes, and commit them.
"""

from __future__ import annotations

import asyncio

import pytest
from syrupy.assertion import SnapshotAssertion

from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.palette import get_palette
from tests._app import AppTester, experiment

SIZES = ((80, 24), (120, 40), (200, 60))
# A picture's name: the preset and the keys that lead to it. One app makes it at all sizes, by live resizing.
PICTURES: dict[str, tuple[str, str]] = {
    "network": ("xor", "f b 1 m"),
    "layer": ("xor", "f b 2 m"),
    "arithmetic": ("xor", "f b 3 m"),
    "output": ("xor", "f b 4 m"),
    "loss": ("xor", "n n n f b 5 m"),
    "code": ("xor", "f b 6"),
    "all views at the start": ("mazur", ""),
    "all views after a pass": ("iris", "n f b u"),
    "digits": ("digits", "f b"),
    "curve": ("sine", "n"),
    "batch": ("xor", "f b B"),
    "compared": ("xor", "n c e t a = 0 . 1 enter n"),
    "help": ("xor", "question_mark"),
    "presets": ("xor", "o"),
    "edit": ("xor", "f e"),
    "inspect": ("mazur", "f b enter"),
    "health": ("penguins-raw", "n i"),
    "gradient check": ("mazur", "f b g"),
    "seeds": ("xor", "M"),
    "go to": ("xor", "n t"),
    "name": ("xor", "slash"),
}


async def picture(tester: AppTester) -> str:
    """Return the characters of the top screen after two equal readings in a row."""
    last = ""
    for _ in range(100):
        await tester.settle()
        text = "\n".join(line.rstrip() for line in tester.all_text().split("\n"))
        if text == last:
            return text
        last = text
    raise AssertionError("the screen does not come to rest")


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snapshot: SnapshotAssertion) -> None:
    preset, keys = PICTURES[name]

    async def take() -> dict[str, str]:
        app = NNTui(experiment(preset), get_palette("dark"))
        async with app.run_test(size=SIZES[0]) as pilot:
            tester = AppTester(app, pilot)
            await tester.press(*keys.split())
            taken = {}
            for width, height in SIZES:
                await tester.resize(width, height)
                taken[f"{width}x{height}"] = await picture(tester)
            return taken

    for size, text in asyncio.run(take()).items():
        assert text == snapshot(name=size)
