"""The shipped presets and the user's own that have been opened so far, which the picker marks."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from nn_tui.core.preset.loader import preset_ids
from nn_tui.core.saved.atomic_write import make_folder
from nn_tui.tui.config.files import state_folder

_MAX_BYTES = 100_000


def opened_presets(environ: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the presets that have been opened; none if the file cannot be read."""
    try:
        with _file(environ).open("rb") as stream:
            return frozenset(stream.read(_MAX_BYTES).decode("utf-8", "replace").splitlines())
    except OSError:
        return frozenset()


def record_opened(environ: Mapping[str, str], preset: str) -> None:
    """Add the id of a preset to the file; do nothing if it has been opened before, or if the file cannot be written."""
    if preset in opened_presets(environ) or preset not in preset_ids():
        return
    with contextlib.suppress(OSError):
        make_folder(_file(environ).parent)
        with _file(environ).open("a", encoding="utf-8") as stream:  # one line, so that two apps can write at once
            stream.write(f"{preset}\n")


def _file(environ: Mapping[str, str]) -> Path:
    return state_folder(environ) / "opened.txt"
