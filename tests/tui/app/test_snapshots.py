"""Pictures of the screen: each view at each reference size, and each palette.

To record an intended change: ``pytest tests/tui/app/test_snapshots.py --snapshot-update``. Look at every picture
that changed, and commit it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.start import StartOptions
from tests._app import experiment

Compare = Callable[..., bool]


def app(colors: str = "dark", *, ascii: bool = False, welcome: bool = False) -> NNTui:
    """Return the app on XOR, whose numbers are the same on every machine."""
    return NNTui(experiment("xor"), get_palette(colors, ascii=ascii), StartOptions(welcome=welcome))


@pytest.mark.parametrize(
    ("number", "view"), enumerate(("network", "layer", "arithmetic", "output", "loss", "code"), 1), ids=str
)
def test_snapshot_80x24(snap_compare: Compare, number: int, view: str) -> None:
    assert snap_compare(app(), press=["f", "b", str(number)], terminal_size=(80, 24)), view


@pytest.mark.parametrize("colors", ["dark", "light", "contrast", "ansi", "mono"])
def test_snapshot_120x40(snap_compare: Compare, colors: str) -> None:
    assert snap_compare(app(colors), press=["f", "b"], terminal_size=(120, 40))


def test_snapshot_120x40_ascii(snap_compare: Compare) -> None:
    assert snap_compare(app(ascii=True), press=["f", "b"], terminal_size=(120, 40))


def test_snapshot_200x60(snap_compare: Compare) -> None:
    assert snap_compare(app(), press=["f", "b"], terminal_size=(200, 60))


@pytest.mark.parametrize("size", [(60, 20), (40, 12)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_snapshot_small(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(app(), press=["f", "b"], terminal_size=size)


def test_snapshot_after_a_whole_pass(snap_compare: Compare) -> None:
    assert snap_compare(app(), press=["n", "n", "n", "asterisk", "f", "b", "u"], terminal_size=(120, 40))


def test_snapshot_welcome(snap_compare: Compare) -> None:
    assert snap_compare(app(welcome=True), terminal_size=(80, 24))
