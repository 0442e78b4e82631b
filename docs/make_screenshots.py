"""Take the README's screenshots from the app. The same screen always gives the same bytes.

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

from nn_tui.core.preset.loader import SHIPPED_DATA, find_preset, load_experiment
from nn_tui.tui.actions.table import TableStart
from nn_tui.tui.app import NNTui
from nn_tui.tui.background.table_opener import TableOpener
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.screens.table import TableScreen
from nn_tui.tui.start import StartOptions

FOLDER = Path(__file__).parent / "screenshots"
FONTS = "'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
TIMEOUT = 120.0  # seconds that a training may take


@dataclass(frozen=True)
class Screenshot:
    """A screenshot to take.

    Attributes:
        name: Name of the file without its ending.
        preset: The preset to open.
        keys: The keys to press before, separated by spaces.
        size: Columns and lines of the terminal.
        palette: Name of the palette.
        table: The table whose columns are shown first, in the folder of the shipped data; empty for none.
    """

    name: str
    preset: str
    keys: str
    size: tuple[int, int] = (120, 40)
    palette: str = "dark"
    table: str = ""


BACKWARD = "t 1 2 0 enter f b . . ."
SCREENSHOTS = (
    Screenshot("xor", "xor", BACKWARD),
    Screenshot("xor-light", "xor", BACKWARD, palette="light"),
    Screenshot("iris", "iris", "t 1 0 0 enter f b ]"),
    Screenshot("digits", "digits", "t 1 0 0 enter f", palette="light"),
    Screenshot("80x24", "mazur", "f b down right", size=(80, 24)),
    Screenshot("table", "penguins", "", size=(100, 32), table="penguins.csv"),
)


async def wait_until_idle(app: NNTui, pilot: Pilot[int]) -> None:
    """Wait until no training runs and the screen is drawn."""
    main = next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))
    deadline = time.monotonic() + TIMEOUT
    while main.session.running:
        if time.monotonic() > deadline:
            raise TimeoutError(f"training did not end within {TIMEOUT:.0f} s")
        await asyncio.sleep(0.02)
    await pilot.pause()


async def take_screenshot(shot: Screenshot) -> str:
    """Return a screenshot as SVG."""
    if shot.table:
        opener = TableOpener(SHIPPED_DATA / shot.table)
        experiment, tables = opener.open({})
        table = TableStart(opener, tables, {})
    else:
        experiment, table = load_experiment(find_preset(shot.preset)), None
    app = NNTui(experiment, get_palette(shot.palette), StartOptions(table=table))
    async with app.run_test(size=shot.size) as pilot:
        while table is not None and not (isinstance(app.screen, TableScreen) and app.screen.has_table):
            await pilot.pause()
        for key in shot.keys.split():
            await pilot.press(key)
            await asyncio.sleep(0.05 if key == "enter" else 0.0)
            await wait_until_idle(app, pilot)
        await pilot.pause()
        svg = app.export_screenshot(title=f"nn-tui {shot.preset}", simplify=True)
    # A browser loads no fonts for an image in a page, so the image uses a font of the reader.
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code[^;]*;", f"font-family: {FONTS};", svg)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def main() -> None:
    """Take the screenshots that the command line names, or all."""
    selected = [shot for shot in SCREENSHOTS if shot.name in sys.argv[1:] or len(sys.argv) == 1]
    FOLDER.mkdir(exist_ok=True)
    for shot in selected:
        path = FOLDER / f"{shot.name}.svg"
        path.write_text(asyncio.run(take_screenshot(shot)), encoding="utf-8")
        print(f"{path.relative_to(FOLDER.parent.parent)}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
