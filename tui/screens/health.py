"""The page of the findings, on which one can be chosen and its changes tried, and the dialogs of such a trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.trial import Trial, TrialRuns, compare_runs
from nn_tui.core.lesson.index import lessons_about
from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.progress import ProgressDialog
from nn_tui.tui.screens.text import TextPage
from nn_tui.tui.views.health import HealthPage


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen on the page of the findings.

    Attributes:
        finding: The number of the finding, from 0.
        remedy: The number of the change to try, from 0; None for no change.
        is_lesson: Whether the lesson about the finding is wanted; without it and a change, its figures are.
    """

    finding: int
    remedy: int | None = None
    is_lesson: bool = False


class FindingsPage(TextPage):
    """The findings, of which one is highlighted."""

    BINDINGS = [("up,k", "move(-1)", "Problem before"), ("down,j", "move(1)", "Next problem")]

    def __init__(self, page: Callable[[int], HealthPage], palette: Palette) -> None:
        super().__init__(self._document)
        self._page = page
        self._palette = palette
        self._headings: tuple[int, ...] = ()
        self.chosen = 0

    def _document(self, width: int) -> list[Strip]:
        page = self._page(width)
        self._headings = page.headings
        return page.lines

    def action_move(self, step: int) -> None:
        """Highlight the finding that many further down; beyond the last one the page scrolls."""
        target = self.chosen + step
        if not 0 <= target < len(self._headings):
            self.scroll_relative(y=3 * step, animate=False)
            return
        self.chosen = target
        ends = (*self._headings[1:], len(self._lines))
        top = self._headings[target] if target else 0
        self.scroll_to_region(Region(0, top, 1, ends[target] - top), animate=False, force=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line of the page; the heading of the highlighted finding begins with an arrow."""
        is_heading = self._headings and y + self.scroll_offset.y == self._headings[self.chosen]
        if not is_heading:
            return super().render_line(y)
        text = self._lines[self._headings[self.chosen]].text[1:]
        style = self._palette.style("selected") + Style.from_color(bgcolor=None)
        return Strip([Segment(self._palette.glyphs.arrow + text, style)]).crop(0, self.size.width)


class HealthScreen(Dialog[Choice | None]):
    """The page of the findings. The result is what was chosen, or None."""

    BINDINGS = [
        ("escape,q,i", "dismiss", "Close"),
        ("enter", "try_remedy(1)", "Try the first change"),
        *[(str(number), f"try_remedy({number})", "Try that change") for number in range(1, 10)],
        ("g", "go", "Go to the figures"),
        ("l", "lesson", "Open the lesson"),
    ]

    def __init__(self, findings: tuple[Finding, ...], page: Callable[[int], HealthPage], palette: Palette) -> None:
        super().__init__()
        self._findings = findings
        self._page = FindingsPage(page, palette)

    def compose(self) -> ComposeResult:
        """Compose the frame and its page."""
        with Vertical(id="dialog") as frame:
            frame.border_title = self.shown(tr("Health"))
            keys = tr("esc closes")
            if self._findings:
                keys = tr("↑ ↓ problem, enter or a digit tries, g figures, esc closes")
            frame.border_subtitle = self.shown(keys)
            yield self._page

    def on_mount(self) -> None:
        """Focus the page, so that the arrow keys move at once."""
        self._page.focus()

    def action_try_remedy(self, number: int) -> None:
        """Close, and try a change of the highlighted finding; without findings, close."""
        if not self._findings:
            self.dismiss(None)
        elif number <= len(self._findings[self._page.chosen].remedies):
            self.dismiss(Choice(self._page.chosen, number - 1))

    def action_go(self) -> None:
        """Close, and select the first figure of the highlighted finding."""
        if self._findings and self._findings[self._page.chosen].refs:
            self.dismiss(Choice(self._page.chosen))

    def action_lesson(self) -> None:
        """Close, and open the lesson about the highlighted finding, if there is one."""
        if self._findings and lessons_about(self._findings[self._page.chosen].kind):
            self.dismiss(Choice(self._page.chosen, is_lesson=True))


class TrialProgress(ProgressDialog[Trial | None]):
    """Train the runs of a trial in a thread. The result is the trial; None if it was stopped."""

    def __init__(self, runs: TrialRuns, palette: Palette) -> None:
        super().__init__(tr("Try a change"), tr("esc stops"), palette)
        self._runs = runs
        self._updates = runs.end - runs.plain.position  # of each run

    def train(self, should_stop: Callable[[], bool]) -> Trial | None:
        """Train both runs."""
        return compare_runs(self._runs, should_stop)

    def about(self) -> str:
        """Return what is trained."""
        return tr(
            "{change}: training {count:,} updates with it and without it.",
            change=self._runs.change, count=self._updates,
        )  # fmt: skip

    def part_done(self) -> float:
        """Return which part of the updates of both runs is trained."""
        return self.passes / (2 * self._updates)


class TrialScreen(Dialog[bool | None]):
    """The result of a trial. The result is whether both runs shall be compared on the main screen."""

    BINDINGS = [("escape,q", "close(False)", "Close"), ("enter", "close(True)", "Compare")]

    def __init__(self, document: Callable[[int], list[Strip]]) -> None:
        super().__init__()
        self._document = document

    def compose(self) -> ComposeResult:
        """Compose the frame and its page."""
        with Vertical(id="dialog") as frame:
            frame.border_title = self.shown(tr("Try a change"))
            frame.border_subtitle = self.shown(tr("enter shows both runs side by side, esc closes"))
            yield TextPage(self._document)

    def action_close(self, compare: bool) -> None:
        """Close with the answer."""
        self.dismiss(compare)
