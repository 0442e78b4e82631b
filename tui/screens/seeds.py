"""Training from many seeds: the prompt for the numbers, the progress, and the page of results."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from threading import Event

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, Label
from textual.worker import get_current_worker

from nn_tui.core.analysis.seeds import (
    BASELINE_FRACTION,
    STUCK_ACCURACY,
    STUCK_FRACTION,
    SeedResult,
    SeedsResult,
    train_seeds,
)
from nn_tui.core.spec import Experiment
from nn_tui.core.text import parse_int
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display, wrap
from nn_tui.tui.screens.dialog import Dialog

MAX_STARTS = 1000
MAX_UPDATES = 1_000_000  # for each start
# The histogram has the largest of these numbers of bins, with the fewest of these digits, whose bounds look different.
BINS = (10, 5, 2)
BOUND_DIGITS = (4, 5, 6)
CONVERGED = "found the way down"
PROGRESS_INTERVAL = 0.1  # seconds


class SeedsPrompt(Dialog[tuple[int, int] | None]):
    """Ask for the numbers of starts and of updates for each. The result is both, or None if cancelled."""

    BINDINGS = [("escape", "cancel", "Cancel")]

    def __init__(self, count: int, updates: int) -> None:
        super().__init__()
        self._count = count
        self._updates = updates

    def compose(self) -> ComposeResult:
        """Compose the two inputs."""
        with Vertical(id="ask") as frame:
            frame.border_title = "Many seeds"
            frame.border_subtitle = "enter trains, tab: the other line, esc cancels"
            about = "Train this network from many initial weights, to see how many get stuck."
            yield Label(about, id="about", markup=False)
            yield Label("Starts:", markup=False)
            yield Input(str(self._count), id="count")
            yield Label("Updates for each:", markup=False)
            yield Input(str(self._updates), id="updates")
            yield Label("", id="problem", markup=False)

    @on(Input.Submitted)
    def _submit(self) -> None:
        numbers: list[int] = []
        for id, name, min_, max_ in (
            ("#count", "Starts", 2, MAX_STARTS),
            ("#updates", "Updates", 1, MAX_UPDATES),
        ):
            number = parse_int(self.query_one(id, Input).value.replace(",", ""), min_, max_)
            if number is None:
                self.query_one("#problem", Label).update(f"{name}: write a whole number from {min_} to {max_:,}.")
                self.query_one(id, Input).focus()
                return
            numbers.append(number)
        self.dismiss((numbers[0], numbers[1]))

    def action_cancel(self) -> None:
        """Close without training."""
        self.dismiss(None)


class SeedsProgress(Dialog[SeedsResult]):
    """Train the starts in a thread. The result has those that were done when all were or when escape was pressed."""

    BINDINGS = [("escape", "cancel", "Cancel")]

    class Done(Message):
        """The thread has ended with ``result``."""

        def __init__(self, result: SeedsResult) -> None:
            super().__init__()
            self.result = result

    def __init__(self, experiment: Experiment, count: int, updates: int, palette: Palette) -> None:
        super().__init__()
        self._experiment = experiment
        self._palette = palette
        self._result = SeedsResult(count, updates)
        self._passes = 0
        self._stop = Event()

    def compose(self) -> ComposeResult:
        """Compose the sentence and the progress bar."""
        with Vertical(id="ask") as frame:
            frame.border_title = "Many seeds"
            frame.border_subtitle = "esc stops and shows what there is"
            yield Label("", id="about", markup=False)
            yield Label("", id="bar", markup=False)

    def on_mount(self) -> None:
        """Start to train, unless the app is exiting and nothing was composed."""
        if not self.query("#about"):
            return
        self._show_progress()
        self.set_interval(PROGRESS_INTERVAL, self._show_progress)
        self._train()

    @work(thread=True, exclusive=True)
    def _train(self) -> None:
        worker = get_current_worker()

        def should_stop() -> bool:
            self._passes += 1
            return self._stop.is_set() or worker.is_cancelled

        def progress(result: SeedsResult) -> None:
            self._result, self._passes = result, 0

        result = train_seeds(
            self._experiment, self._result.requested, self._result.updates, should_stop=should_stop, progress=progress
        )
        self.post_message(self.Done(result))

    def _show_progress(self) -> None:
        result, glyphs = self._result, self._palette.glyphs
        done = len(result.results)
        part = min(1.0, (done + min(1.0, self._passes / result.updates)) / result.requested)
        stuck = f", {len(result.stuck)} of them stuck" if done else ""
        self.query_one("#about", Label).update(f"{done} of {result.requested} starts trained{stuck}.")
        bar = self.query_one("#bar", Label)
        width = max(10, self.query_one("#ask").content_size.width - 6)
        bar.update(f"{_bar(part, width, glyphs.full, glyphs.hline)} {100 * part:3.0f} %")

    @on(Done)
    def _close(self, message: Done) -> None:
        self.dismiss(message.result)

    def action_cancel(self) -> None:
        """Stop the training; the starts that are done are shown."""
        self._stop.set()


def _bar(part: float, width: int, full: str, rest: str) -> str:
    filled = round(part * width)
    return full * filled + rest * (width - filled)


def summary(result: SeedsResult) -> str:
    """Return a sentence on how many starts got stuck, diverged or converged."""
    done, stuck, diverged = len(result.results), len(result.stuck), len(result.diverged)
    if not done:
        return "Stopped before the first start was trained."
    text = f"{stuck} of {done} starts got stuck ({100 * stuck / done:.0f} %)"
    text += f", {diverged} diverged" if diverged else ""
    return f"{text}; {done - stuck - diverged or 'none'} found the way down."


def results_page(result: SeedsResult, palette: Palette, width: int, key_labels: Mapping[str, str]) -> list[Strip]:
    """Draw the results: the number of stuck runs, a histogram of the final losses, and every start, best first.

    Args:
        result: The results of the starts.
        palette: The colours.
        width: Cells of a line.
        key_labels: The label of each remapped key, by its default label.
    """
    text, dim, head = palette.style("text"), palette.style("dim"), palette.style("title")
    bad, good = palette.style("bad"), palette.style("good")
    glyphs = palette.glyphs
    lines: list[Strip] = []

    def add(line: str, style: Style = text) -> None:
        displayed = to_display(line, glyphs.is_ascii)
        lines.append(make_strip([Segment(fit(displayed, width, ellipsis=glyphs.cut), style)], width, text))

    def add_wrapped(sentence: str, style: Style = text) -> None:
        for line in wrap(sentence, width):
            add(line, style)

    add_wrapped(summary(result), head)
    if len(result.results) < result.requested:
        add_wrapped(f"It was stopped: {result.requested} starts were asked for.", palette.style("warn"))
    seeds = [each.seed for each in result.results]
    if not seeds:
        return lines
    add_wrapped(
        f"Initial weights of seeds {seeds[0]} to {seeds[-1]}, {result.updates:,} updates each; "
        "the data and the order of the batches are the same.",
        dim,
    )
    if result.finite:
        level = (
            f"{100 * BASELINE_FRACTION:.0f} % of the loss of always answering the mean of the targets "
            f"({result.baseline:.4g}), "
            if result.is_capped
            else f"{100 * STUCK_FRACTION:.0f} % of the way back up from the best end to the lowest start, "
        )
        add_wrapped(
            f"Stuck: the final loss is above {result.threshold:.4g}, {level}"
            f"or its accuracy is more than {100 * STUCK_ACCURACY:.0f} points below the best one's.",
            dim,
        )
        add("")
        add("Final loss of the training set", head)
        bars, digits = _bars(result)
        bounds = [bound for low, high, _ in bars for bound in (low, high)]
        bound_width = max(10, *(len(f"{bound:.{digits}g}") for bound in bounds))
        max_count = max(count for *_, count in bars)
        for low, high, count in bars:
            start, end = f"{low:.{digits}g}", f"{high:.{digits}g}"
            to, end = ("to", end) if end != start else ("", "")
            label = f"{start:>{bound_width}} {to:^4} {end:<{bound_width}}"
            bar = _bar(count / max_count, max(1, width - cell_len(label) - 8), glyphs.full, " ").rstrip()
            style = bad if low >= result.threshold else good
            parts = [Segment(f"{label} ", dim), Segment(bar, style), Segment(f" {count}" if count else "", text)]
            lines.append(make_strip(parts, width, text))
        best, worst = (pick(result.finite, key=lambda each: each.loss) for pick in (min, max))
        add("")
        best_figures, worst_figures = _loss_and_accuracy(best, digits), _loss_and_accuracy(worst, digits)
        add_wrapped(f"Best: seed {best.seed}, {best_figures}. Worst: seed {worst.seed}, {worst_figures}.")
    add("")
    add(f"{'seed':>6}{'loss':>14}{'accuracy':>11}   outcome", head)
    stuck = set(result.stuck)
    for each in sorted(result.results, key=lambda one: (one.diverged, one.loss)):
        outcome = f"diverged at update {each.updates:,}" if each.diverged else "stuck" if each in stuck else CONVERGED
        accuracy = "" if each.accuracy is None else f"{each.accuracy:.1%}"
        add(f"{each.seed:>6}{each.loss:>14.6g}{accuracy:>11}   {outcome}", bad if outcome != CONVERGED else text)
    add("")
    add_wrapped(
        format_keys("`e` and then seed = 3 draws the weights of a seed into the run on screen.", key_labels), dim
    )
    return lines


def _bars(result: SeedsResult) -> tuple[list[tuple[float, float, int]], int]:
    """Return (low, high, count) of each bar of the histogram, and the digits with which the bounds look different.

    If all losses look the same there is one bar.
    """
    for bins, digits in product(BINS, BOUND_DIGITS):
        edges, counts = result.histogram(bins)
        if len({f"{edge:.{digits}g}" for edge in edges}) == len(edges):
            pairs = zip(edges[:-1], edges[1:], counts, strict=True)
            return [(float(low), float(high), int(count)) for low, high, count in pairs], digits
    losses = [each.loss for each in result.finite]
    return [(min(losses), max(losses), len(losses))], BOUND_DIGITS[-1]


def _loss_and_accuracy(result: SeedResult, digits: int) -> str:
    accuracy = "" if result.accuracy is None else f", accuracy {result.accuracy:.1%}"
    return f"loss {result.loss:.{digits}g}{accuracy}"
