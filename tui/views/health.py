"""The health view: each problem with its layer or units, its cause and a remedy; and the first problem in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.diagnosis.facts import SOLVED_SCORE, Facts
from nn_tui.core.diagnosis.finding import Finding, Kind
from nn_tui.core.diagnosis.observation import MIN_FLAT_UPDATES, PLATEAU_UPDATES, observe
from nn_tui.core.engine.steps import Phase
from nn_tui.core.lesson.index import lessons_about
from nn_tui.core.ref_parser import typed_name
from nn_tui.core.run.evaluation_sample import evaluation_sample
from nn_tui.core.run.metrics import Metrics, evaluate
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, all_of, message, tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import text_strip, to_display, wrap
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.layer_magnitudes import draw_layer_magnitudes

_MAX_UNITS = 4  # units of a finding that are named; of more, one less and their number
_MAX_ROWS = 2000  # rows of the training part that the progress is measured on
# The kinds of findings that can be judged only after a phase, and a noun phrase for what they are about.
_KINDS_BY_PHASE: tuple[tuple[Phase, tuple[Kind, ...], Message], ...] = (
    ("forward", ("dead_units", "saturated", "symmetric"), message("units after the forward pass")),
    ("backward", ("vanishing", "exploding"), message("gradients after the backward pass")),
    ("update", ("update_large",), message("steps after the update")),
)


def current_findings(session: Session) -> tuple[Finding, ...]:
    """Return the session's findings, without those about phases that this pass has not finished yet.

    Before the first pass, and after an edit, there are also those about the first weights, which ``check`` prints.
    """
    hidden = {kind for kinds, _ in _unknown(session) for kind in kinds}
    return tuple(finding for finding in session.findings if finding.kind not in hidden)


def _unknown(session: Session) -> list[tuple[tuple[Kind, ...], Message]]:
    """Return the kinds of findings that are not known yet, and what they are about."""
    is_first = session.updates_done == session.run.segment(session.trace.update - 1).start
    return [
        (kinds, name)
        for phase, kinds, name in _KINDS_BY_PHASE
        if session.cursor < session.pass_steps.after(phase) and not (is_first and phase != "update")
    ]


@dataclass(frozen=True, slots=True)
class HealthPage:
    """The page of the findings.

    Attributes:
        lines: Its lines.
        headings: The line of the heading of each finding.
    """

    lines: list[Strip]
    headings: tuple[int, ...]


def page(session: Session, palette: Palette, width: int) -> HealthPage:
    """Return the page of the current findings or the progress, of what is not known yet, and of the layers' sizes."""
    blank = text_strip("", width, palette.style("text"))
    unknown = [name for _, name in _unknown(session)]
    lines: list[Strip] = []
    headings = []
    for finding in current_findings(session):
        lines += [blank] if lines else []
        headings.append(len(lines))
        lines += finding_lines(finding, palette, width)
        if places := lessons_about(finding.kind):
            offer = tr("press l for the lesson: {title}", title=places[0].lesson.title)
            lines += _wrapped(offer, palette.style("accent"), palette, width, indent=4)
    if not headings:
        healthy = tr("No problem found so far.") if unknown else tr("No problem found in gradients, units and steps.")
        lines += _wrapped(healthy, palette.style("good"), palette, width)
        lines += _wrapped(progress_text(session), palette.style("text"), palette, width)
    if unknown:
        note = tr("Not known yet in this pass: {checks}.", checks=all_of(unknown))
        lines += [blank, *_wrapped(note, palette.style("dim"), palette, width)]
    if sizes := draw_layer_magnitudes(session, palette, width - 1):
        lines += [blank, *(strip.adjust_cell_length(width, palette.style("text")) for strip in sizes)]
    return HealthPage(lines, tuple(headings))


def progress_text(session: Session) -> str:
    """Return how good the run is at the cursor, and whether its loss still falls; "" without training rows."""
    data, done = session.experiment.data, session.updates_done
    rows = np.unique(np.linspace(0, len(data.x) - 1, min(len(data.x), _MAX_ROWS)).astype(np.intp))
    evaluation = evaluate(session.engine, session.state, data.x[rows], data.y[rows])
    if evaluation is None:
        return ""
    test = evaluate(session.engine, session.state, *evaluation_sample(data.x_test, data.y_test))
    if test is not None:
        return tr(
            "{score} {progress}",
            score=_test_score(test, evaluation, done), progress=_test_trend(session, test.loss),
        )  # fmt: skip
    loss, total, wrong = plain_number(evaluation.loss, 3), len(rows), evaluation.mistakes
    if wrong is None:
        score = tr("Loss {loss} on the training set after update {update:,}.", loss=loss, update=done)
    elif not wrong:
        return tr_plural(
            "The prediction is right: loss {loss} on the training set after update {update:,}.",
            "All {count:,} predictions are right: loss {loss} on the training set after update {update:,}.",
            total, loss=loss, update=done,
        )  # fmt: skip
    elif wrong <= (1 - SOLVED_SCORE) * total:
        return tr(
            "Almost solved: {wrong:,} of {total:,} predictions wrong, loss {loss} on the training set after update "
            "{update:,}.",
            wrong=wrong, total=total, loss=loss, update=done,
        )  # fmt: skip
    else:
        score = tr(
            "Not solved yet: {wrong:,} of {total:,} predictions wrong, loss {loss} on the training set after update "
            "{update:,}.",
            wrong=wrong, total=total, loss=loss, update=done,
        )  # fmt: skip
    return tr("{score} {progress}", score=score, progress=_trend(session))


def _test_score(test: Metrics, train: Metrics, update: int) -> Message:
    """Return a sentence on how good the run is on the test set, and beside it on the training set."""
    if test.accuracy is not None and train.accuracy is not None:
        return message(
            "On the test set {test:.1%} of the predictions are right, on the training set {train:.1%}, after update "
            "{update:,}.",
            test=test.accuracy, train=train.accuracy, update=update,
        )  # fmt: skip
    test_loss, train_loss = plain_number(test.loss, 3), plain_number(train.loss, 3)
    if test.r2 is None:
        return message(
            "Loss {test} on the test set and {train} on the training set after update {update:,}.",
            test=test_loss, train=train_loss, update=update,
        )  # fmt: skip
    return message(
        "Loss {test} (R² {r2:.3f}) on the test set and {train} on the training set after update {update:,}.",
        test=test_loss, train=train_loss, r2=test.r2, update=update,
    )  # fmt: skip


def _test_trend(session: Session, loss: float) -> Message:
    """Return a sentence on whether the test loss, now ``loss``, is the lowest since the last edit."""
    segment = session.run.segment(session.trace.update - 1)
    seen = observe(session.run, session.trace, session.updates_done, Facts(segment))
    before = [(each.test_loss, each.update) for each in seen.evaluations
              if each.test_loss is not None and each.update < session.updates_done]  # fmt: skip
    lowest, update = min(before, default=(loss, 0))
    if not lowest < loss:
        return message("The test loss, {loss}, is the lowest so far: train until it stops falling.",
                       loss=plain_number(loss, 4))  # fmt: skip
    return message(
        "The test loss is {loss}; the lowest recorded one was {lowest} at update {update:,}: stop there, unless it "
        "falls below that again.",
        loss=plain_number(loss, 4), lowest=plain_number(lowest, 4), update=update,
    )  # fmt: skip


def _trend(session: Session) -> Message:
    """Return a sentence on whether the loss still falls."""
    segment = session.run.segment(session.trace.update - 1)
    with np.errstate(all="ignore"):
        seen = observe(session.run, session.trace, session.updates_done, Facts(segment))
        if seen.is_solved and seen.engine.coding == "numbers":
            return message("The network explains {score:.1%} of the variance of the targets (R²).", score=seen.score)
        if seen.recent_fall is None:
            return message(
                "It is too early to tell whether it is stuck: that is judged from {count} updates on.",
                count=MIN_FLAT_UPDATES,
            )
        if seen.is_as_good_as_possible:
            return message("It is as good as the nearest neighbour in the data: the rest is probably noise.")
        if seen.is_flat:
            return message(
                "The loss has hardly fallen for {window:,} updates; after {count:,} without progress this counts as a "
                "plateau.",
                window=seen.window, count=PLATEAU_UPDATES,
            )  # fmt: skip
    return message(
        "The loss still falls: by {part:.1%} in the last {window:,} updates.", part=seen.recent_fall, window=seen.window
    )


def layer_summary(session: Session, palette: Palette, layer: int) -> str:
    """Return the first finding of a layer, for its title: ``! dead ReLU h₃``; "" if it has none."""
    finding = next((finding for finding in current_findings(session) if finding.layer == layer), None)
    if finding is None:
        return ""
    units = _unit_names(finding, palette)
    return to_display(f"{palette.glyphs.warn} {finding.name} {units}".rstrip(), palette.glyphs.is_ascii)


def finding_lines(finding: Finding, palette: Palette, width: int) -> list[Strip]:
    """Return a finding as a heading, its sentences, figures and changes, in lines of ``width`` cells."""
    text, dim, accent = palette.style("text"), palette.style("dim"), palette.style("accent")
    lines = _wrapped(_heading(finding, palette), palette.style(finding.severity), palette, width, indent=2)
    for sentence, style in ((finding.symptom, text), (finding.cause, dim), (finding.advice, text)):
        lines += _wrapped(str(sentence), style, palette, width, indent=4)
    if finding.refs:
        names = all_of([typed_name(ref, with_sample=ref.quantity in ("x", "y")) for ref in finding.refs])
        lines += _wrapped(tr("The figures: {names}.", names=names), dim, palette, width, indent=4)
    for number, change in enumerate(finding.remedies, 1):
        lines += _wrapped(
            tr("press {number} to try {change}", number=number, change=change), accent, palette, width, indent=4
        )
    return lines


def summary(findings: Sequence[Finding], palette: Palette) -> str:
    """Return the first finding and the number of others: ``! dead ReLU: h₃ of layer 1 (+2)``; "" for no findings."""
    if not findings:
        return ""
    more = f" (+{len(findings) - 1})" if len(findings) > 1 else ""
    return to_display(_heading(findings[0], palette) + more, palette.glyphs.is_ascii)


def _heading(finding: Finding, palette: Palette) -> str:
    warn = palette.glyphs.warn
    if finding.layer is None:
        return f"{warn} {finding.name}"
    units = _unit_names(finding, palette)
    if not units:
        return tr("{warn} {problem}: layer {layer}", warn=warn, problem=finding.name, layer=finding.layer + 1)
    return tr(
        "{warn} {problem}: {units} of layer {layer}",
        warn=warn, problem=finding.name, units=units, layer=finding.layer + 1,
    )  # fmt: skip


def _unit_names(finding: Finding, palette: Palette) -> str:
    """Return the units of a finding, as ``h₁, h₂, h₃ and 5 more``; "" for a whole layer."""
    shown = finding.units if len(finding.units) <= _MAX_UNITS else finding.units[: _MAX_UNITS - 1]
    if finding.is_output:
        names = ", ".join(tr("output {number}", number=unit + 1) for unit in shown)
    else:
        names = ", ".join(f"h{palette.glyphs.sub(unit + 1)}" for unit in shown)
    rest = len(finding.units) - len(shown)
    return tr("{names} and {count} more", names=names, count=rest) if rest else names


def _wrapped(text: str, style: Style, palette: Palette, width: int, indent: int = 0) -> list[Strip]:
    """Wrap a text to lines of ``width`` cells."""
    rows = wrap(to_display(text, palette.glyphs.is_ascii), width, indent=" " * indent)
    return [text_strip(row, width, style) for row in rows]
