"""The results of training from many starts, as a page of lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.analysis.seeds import BASELINE_FRACTION, STUCK_ACCURACY, STUCK_FRACTION, SeedResult, SeedsResult
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display, wrap

# The histogram has the largest of these numbers of bins, with the fewest of these digits, whose bounds look different.
BINS = (10, 5, 2)
BOUND_DIGITS = (4, 5, 6)


def progress_bar(part: float, width: int, full: str, rest: str) -> str:
    """Return a bar of ``width`` characters, of which ``part`` (0 to 1) are ``full``."""
    filled = round(part * width)
    return full * filled + rest * (width - filled)


def summary(result: SeedsResult) -> str:
    """Return a sentence on how many starts got stuck, diverged or converged."""
    done, stuck, diverged = len(result.results), len(result.stuck), len(result.diverged)
    if not done:
        return tr("Stopped before the first start was trained.")
    percent, converged = 100 * stuck / done, done - stuck - diverged
    if diverged:
        return tr_plural(
            "{stuck} of {count} start got stuck ({percent:.0f} %), {diverged} diverged, {converged} converged.",
            "{stuck} of {count} starts got stuck ({percent:.0f} %), {diverged} diverged, {converged} converged.",
            done,
            stuck=stuck,
            percent=percent,
            diverged=diverged,
            converged=converged,
        )
    return tr_plural(
        "{stuck} of {count} start got stuck ({percent:.0f} %), {converged} converged.",
        "{stuck} of {count} starts got stuck ({percent:.0f} %), {converged} converged.",
        done,
        stuck=stuck,
        percent=percent,
        converged=converged,
    )


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
    if result.stopped_at is not None:
        stopped = tr_plural(
            "Stopped early, after {done:,} of {updates:,} updates: {count} start was requested.",
            "Stopped early, after {done:,} of {updates:,} updates: {count} starts were requested.",
            result.requested, done=result.stopped_at, updates=result.updates,
        )  # fmt: skip
        add_wrapped(stopped, palette.style("warn"))
    elif len(result.results) < result.requested:
        stopped = tr_plural(
            "Stopped early: {count} start was requested.",
            "Stopped early: {count} starts were requested.",
            result.requested,
        )
        add_wrapped(stopped, palette.style("warn"))
    seeds = [each.seed for each in result.results]
    if not seeds:
        return lines
    about = tr_plural(
        "Initial weights of seeds {first} to {last}, {count:,} update each; the data and the order of the batches are "
        "the same.",
        "Initial weights of seeds {first} to {last}, {count:,} updates each; the data and the order of the batches are "
        "the same.",
        result.updates if result.stopped_at is None else result.stopped_at,
        first=seeds[0],
        last=seeds[-1],
    )
    add_wrapped(about, dim)
    if result.finite:
        add_wrapped(_stuck_rule(result), dim)
        add("")
        add(tr("Final loss of the training set"), head)
        bars, digits = _bars(result)
        labels = _bar_labels(bars, digits)
        label_width = max(map(cell_len, labels))
        max_count = max(count for *_, count in bars)
        for label, (low, _, count) in zip(labels, bars, strict=True):
            bar = progress_bar(count / max_count, max(1, width - label_width - 8), glyphs.full, " ").rstrip()
            style = bad if low >= result.threshold else good
            segments = [Segment(f"{fit(label, label_width)} ", dim), Segment(bar, style)]
            lines.append(make_strip([*segments, Segment(f" {count}" if count else "", text)], width, text))
        best, worst = (pick(result.finite, key=lambda each: each.loss) for pick in (min, max))
        add("")
        add_wrapped(f"{_best_run(best, digits)} {_worst_run(worst, digits)}")
    add("")
    for line, is_bad in _table(result):
        add(line, head if is_bad is None else bad if is_bad else text)
    if result.finite:
        add("")
        edit = f"seed = {best.seed}"
        advice = tr("To use the initial weights of the best start in this run, press `e` and type {edit}.", edit=edit)
        add_wrapped(format_keys(advice, key_labels), dim)
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


def _bar_labels(bars: list[tuple[float, float, int]], digits: int) -> list[str]:
    """Return the label of each bar, aligned: its lower and its upper bound, or one number if both look the same."""
    texts = [(f"{low:.{digits}g}", f"{high:.{digits}g}") for low, high, _ in bars]
    width = max(10, *(len(bound) for bounds in texts for bound in bounds))
    return [
        f"{low:>{width}}" if low == high else tr("{low} to {high}", low=f"{low:>{width}}", high=f"{high:<{width}}")
        for low, high in texts
    ]


def _stuck_rule(result: SeedsResult) -> str:
    """Return a sentence on when a start counts as stuck."""
    points = 100 * STUCK_ACCURACY
    if result.is_capped:
        return tr(
            "Counted as stuck: final loss above {threshold:.4g} ({percent:.0f} % of {baseline:.4g}, the loss of a "
            "network that always predicts the mean of the targets), or accuracy more than {points:.0f} points below "
            "the best.",
            threshold=result.threshold,
            percent=100 * BASELINE_FRACTION,
            baseline=result.baseline,
            points=points,
        )
    return tr(
        "Counted as stuck: final loss above {threshold:.4g} ({percent:.0f} % of the range from the best final loss to "
        "the lowest initial loss), or accuracy more than {points:.0f} points below the best.",
        threshold=result.threshold,
        percent=100 * STUCK_FRACTION,
        points=points,
    )


def _best_run(result: SeedResult, digits: int) -> str:
    loss = f"{result.loss:.{digits}g}"
    if result.r2 is not None:
        return tr("Best: seed {seed}, loss {loss}, R² {r2:.3f}.", seed=result.seed, loss=loss, r2=result.r2)
    if result.accuracy is None:
        return tr("Best: seed {seed}, loss {loss}.", seed=result.seed, loss=loss)
    return tr(
        "Best: seed {seed}, loss {loss}, accuracy {accuracy:.1%}.",
        seed=result.seed,
        loss=loss,
        accuracy=result.accuracy,
    )


def _worst_run(result: SeedResult, digits: int) -> str:
    loss = f"{result.loss:.{digits}g}"
    if result.r2 is not None:
        return tr("Worst: seed {seed}, loss {loss}, R² {r2:.3f}.", seed=result.seed, loss=loss, r2=result.r2)
    if result.accuracy is None:
        return tr("Worst: seed {seed}, loss {loss}.", seed=result.seed, loss=loss)
    return tr(
        "Worst: seed {seed}, loss {loss}, accuracy {accuracy:.1%}.",
        seed=result.seed,
        loss=loss,
        accuracy=result.accuracy,
    )


def _table(result: SeedsResult) -> Iterator[tuple[str, bool | None]]:
    """Yield the heading with None, and a line for every start, best first, with whether it did not converge."""
    has_r2 = any(each.r2 is not None for each in result.results)
    names = (tr("seed"), tr("loss"), tr("R²") if has_r2 else tr("accuracy"))
    seed_width, loss_width, score_width = (
        max(least, cell_len(name) + 2) for least, name in zip((6, 14, 11), names, strict=True)
    )

    def row(seed: str, loss: str, score: str, outcome: str) -> str:
        columns = zip((seed, loss, score), (seed_width, loss_width, score_width), strict=True)
        return "".join(fit(value, width, right=True) for value, width in columns) + f"   {outcome}"

    yield row(*names, tr("outcome")), None
    stuck = set(result.stuck)
    for each in sorted(result.results, key=lambda one: (one.diverged, one.loss)):
        if each.diverged:
            outcome = tr("diverged at update {update:,}", update=each.updates)
        else:
            outcome = tr("stuck") if each in stuck else tr("converged")
        score = "" if each.accuracy is None else f"{each.accuracy:.1%}"
        score = score if each.r2 is None else f"{each.r2:.3f}"
        yield row(str(each.seed), f"{each.loss:.6g}", score, outcome), each.diverged or each in stuck
