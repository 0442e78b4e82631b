"""The README's pictures, taken from the app itself: the same bytes every time that the screen is the same.

.venv/bin/python docs/make_screenshots.py [NAME ...]
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.main_screen import MainScreen

FOLDER = Path(__file__).parent / "screenshots"
FONTS = "'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
PATIENCE = 120.0  # seconds that a training may take


@dataclass(frozen=True)
class Shot:
    """A picture: what is opened, how large and in which colours, and the keys pressed before it is taken."""

    name: str
    preset: str
    keys: str
    size: tuple[int, int] = (120, 40)
    palette: str = "dark"


BACKWARD = "t 1 2 0 enter f b . . ."
SHOTS = (
    Shot("xor", "xor", BACKWARD),
    Shot("xor-light", "xor", BACKWARD, palette="light"),
    Shot("iris", "iris", "t 1 0 0 enter f b ]"),
    Shot("digits", "digits", "t 1 0 0 enter f", palette="light"),
    Shot("80x24", "mazur", "f b down right", size=(80, 24)),
)


async def at_rest(app: NNTui, pilot: Pilot[int]) -> None:
    """Wait for a training to end, and then for the screen."""
    main = next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))
    deadline = time.monotonic() + PATIENCE
    while main.session.running:
        if time.monotonic() > deadline:
            raise TimeoutError(f"training did not end within {PATIENCE:.0f} s")
        await asyncio.sleep(0.02)
    await pilot.pause()


async def take(shot: Shot) -> str:
    """The picture as SVG."""
    app = NNTui(load_experiment(find_preset(shot.preset)), get_palette(shot.palette))
    async with app.run_test(size=shot.size) as pilot:
        for key in shot.keys.split():
            await pilot.press(key)
            await asyncio.sleep(0.05 if key == "enter" else 0.0)
            await at_rest(app, pilot)
        await pilot.pause()
        picture = app.export_screenshot(title=f"nn-tui {shot.preset}", simplify=True)
    # Pictures in a page load no fonts from elsewhere; the reader's own does as well.
    picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    picture = re.sub(r"font-family: Fira Code[^;]*;", f"font-family: {FONTS};", picture)
    return "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"


def main() -> None:
    """Take the pictures named on the command line, or all."""
    chosen = [shot for shot in SHOTS if shot.name in sys.argv[1:] or len(sys.argv) == 1]
    FOLDER.mkdir(exist_ok=True)
    for shot in chosen:
        path = FOLDER / f"{shot.name}.svg"
        path.write_text(asyncio.run(take(shot)), encoding="utf-8")
        print(f"{path.relative_to(FOLDER.parent.parent)}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
