"""The page of ``nn-tui serve``: the cells of its terminal, and the positions of the cells for the mouse."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests._pty import Cell
from tests.web._chromium import DEADLINE, Chromium, Page

# The script of the page keeps its terminal to itself. It sets the attribute ``websocket_url`` on the object that holds
# the terminal, and this setter sees the object then.
FIND_TERMINAL = """
Object.defineProperty(Object.prototype, "websocket_url", {configurable: true, set(url) {
  Object.defineProperty(this, "websocket_url", {value: url, writable: true, configurable: true, enumerable: true});
  window.nnTest = this;
}});
"""
_READ = """(() => {
  const terminal = window.nnTest && window.nnTest.terminal;
  if (!terminal) return [];
  const rows = [], buffer = terminal.buffer.active;
  for (let y = 0; y < terminal.rows; y++) {
    const row = [], line = buffer.getLine(buffer.viewportY + y);
    for (let x = 0; x < terminal.cols; x++) {
      const cell = line.getCell(x);
      const kind = (isRGB, isDefault) => isRGB ? "rgb" : isDefault ? "default" : "palette";
      row.push([cell.getWidth() ? cell.getChars() || " " : "",
        kind(cell.isFgRGB(), cell.isFgDefault()), cell.getFgColor(),
        kind(cell.isBgRGB(), cell.isBgDefault()), cell.getBgColor(),
        !!cell.isBold(), !!cell.isItalic(), !!cell.isUnderline(), !!cell.isInverse()]);
    }
    rows.push(row);
  }
  return rows;
})()"""


class TerminalPage:
    """A page that shows a terminal.

    Attributes:
        page: The page.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def cells(self) -> list[list[Cell]]:
        """Return the rows of cells; no rows before the page has a terminal."""
        return [
            [
                Cell(text, _colour(fg_kind, fg), _colour(bg_kind, bg), *styles)
                for text, fg_kind, fg, bg_kind, bg, *styles in row
            ]
            for row in self.page.run_between_pages(_READ) or []
        ]

    @property
    def text(self) -> str:
        """The lines of the terminal."""
        return "\n".join("".join(cell.text for cell in row) for row in self.cells())

    def wait(self, condition: Callable[[str], object]) -> str:
        """Wait until the terminal's text fulfils a condition; fail with the text at the deadline."""
        end = time.monotonic() + DEADLINE
        while not condition(text := self.text):
            assert time.monotonic() < end, f"still not there:\n{text}"
        return text

    def wait_for(self, expected: str) -> str:
        """Wait until a text is in the terminal."""
        return self.wait(lambda text: expected in text)

    @property
    def size(self) -> tuple[int, int]:
        """The columns and rows of the terminal."""
        columns, rows = self.page.wait("window.nnTest && [window.nnTest.terminal.cols, window.nnTest.terminal.rows]")
        return columns, rows

    def position(self, column: int, row: int) -> tuple[float, float]:
        """Return the middle of a cell in pixels; columns and rows count from 0."""
        left, top, width, height = self.page.run(
            "(({x, y, width, height}) => [x, y, width, height])"
            '(document.querySelector(".xterm-screen").getBoundingClientRect())'
        )
        columns, rows = self.size
        return left + (column + 0.5) * width / columns, top + (row + 0.5) * height / rows

    def click_text(self, text: str) -> None:
        """Click on the first cell of a text."""
        for row, line in enumerate(self.cells()):
            starts = [column for column in range(len(line)) if _starts(line, column, text)]
            if starts:
                self.page.click(*self.position(starts[0], row))
                return
        raise AssertionError(f"{text!r} is not there:\n{self.text}")


def open_terminal(browser: Chromium, url: str, width: int = 1100, height: int = 800) -> TerminalPage:
    """Open an address of ``nn-tui serve``."""
    return TerminalPage(browser.open(url, width, height, FIND_TERMINAL))


def _starts(line: list[Cell], column: int, text: str) -> bool:
    return "".join(cell.text for cell in line[column:]).startswith(text)


def _colour(kind: str, value: int) -> str:
    return f"{value:06x}" if kind == "rgb" else kind if kind == "default" else f"palette {value}"
