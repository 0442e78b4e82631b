"""The health view: each problem with its layer or units, its cause and a remedy; and the first problem in one line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.analysis.badge import Badge, Kind
from nn_tui.core.analysis.health import SOLVED_ACCURACY
from nn_tui.core.engine.steps import Phase
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, all_of, message, tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import text_strip, to_display, wrap
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.layer_magnitudes import draw_layer_magnitudes

_MAX_UNITS = 4  # units of a badge that are named; of more, one less and their number
_MAX_ROWS = 2000  # rows of the training part that the progress is measured on
# The kinds of badges that can be judged only once a phase is done, and a noun phrase for what they are about.
_KINDS_BY_PHASE: tuple[tuple[Phase, tuple[Kind, ...], Message], ...] = (
    ("forward", ("dead", "saturated", "symmetric"), message("units after the forward pass")),
    ("backward", ("vanishing", "exploding"), message("gradients after the backward pass")),
    ("update", ("update_large", "update_small"), message("steps after the update")),
)


def current_badges(session: Session) -> tuple[Badge, ...]:
    """Return the session's badges, without those about phases that this pass has not finished yet."""
    hidden = {kind for phase, kinds, _ in _KINDS_BY_PHASE if not _is_done(session, phase) for kind in kinds}
    return tuple(badge for badge in session.badges if badge.kind not in hidden)


def document(session: Session, palette: Palette, width: int) -> list[Strip]:
    """Return the page of the current badges or the progress, of what is not known yet, and of the layers' sizes."""
    badges = current_badges(session)
    lines = badge_lines(badges, palette, width)
    if not badges:
        lines += _wrapped(progress_text(session), palette.style("text"), palette, width)
    to_come = [name for phase, _, name in _KINDS_BY_PHASE if not _is_done(session, phase)]
    if to_come:
        lines.append(text_strip("", width, palette.style("text")))
        note = tr("Not known yet in this pass: {checks}.", checks=all_of(to_come))
        lines += _wrapped(note, palette.style("dim"), palette, width)
    if sizes := draw_layer_magnitudes(session, palette, width - 1):
        lines.append(text_strip("", width, palette.style("text")))
        lines += [strip.adjust_cell_length(width, palette.style("text")) for strip in sizes]
    return lines


def progress_text(session: Session) -> str:
    """Return the loss at the cursor and, for classes, how many samples are classified wrongly; "" if unknown."""
    data, done = session.experiment.data, session.updates_done
    rows = np.unique(np.linspace(0, len(data.x) - 1, min(len(data.x), _MAX_ROWS)).astype(np.intp))
    evaluation = evaluate(session.engine, session.state, data.x[rows], data.y[rows])
    if evaluation is None:
        return ""
    loss, total, wrong = plain_number(evaluation.loss, 3), len(rows), evaluation.mistakes
    if wrong is None:
        return tr(
            "Loss {loss} on the training set after update {update:,}: "
            "whether that is good enough depends on the task.",
            loss=loss, update=done,
        )  # fmt: skip
    if not wrong:
        return tr_plural(
            "The prediction is right: loss {loss} on the training set after update {update:,}.",
            "All {count:,} predictions are right: loss {loss} on the training set after update {update:,}.",
            total, loss=loss, update=done,
        )  # fmt: skip
    if wrong <= (1 - SOLVED_ACCURACY) * total:
        return tr(
            "Almost solved: {wrong:,} of {total:,} predictions wrong, loss {loss} on the training set after update "
            "{update:,}.",
            wrong=wrong, total=total, loss=loss, update=done,
        )  # fmt: skip
    return tr(
        "Not solved yet: {wrong:,} of {total:,} predictions wrong, loss {loss} on the training set after update "
        "{update:,}. It is too early to tell whether it is stuck: see if the loss still falls.",
        wrong=wrong, total=total, loss=loss, update=done,
    )  # fmt: skip


def layer_summary(session: Session, palette: Palette, layer: int) -> str:
    """Return the first badge of a layer, for its title: ``! dead ReLU h₃``; "" if it has none."""
    badge = next((badge for badge in current_badges(session) if badge.layer == layer), None)
    if badge is None:
        return ""
    units = _unit_names(badge, palette)
    return to_display(f"{palette.glyphs.warn} {badge.name} {units}".rstrip(), palette.glyphs.is_ascii)


def badge_lines(badges: Sequence[Badge], palette: Palette, width: int) -> list[Strip]:
    """Return each badge as a heading and its sentences, in lines of ``width`` cells; one line for no badges."""
    text, dim = palette.style("text"), palette.style("dim")
    if not badges:
        return _wrapped(tr("No problem found in gradients, units and steps."), palette.style("good"), palette, width)
    lines: list[Strip] = []
    for badge in badges:
        if lines:
            lines.append(text_strip("", width, text))
        lines += _wrapped(_heading(badge, palette), palette.style(badge.severity), palette, width)
        for sentence, style in ((badge.symptom, text), (badge.cause, dim), (badge.advice, palette.style("accent"))):
            lines += _wrapped(str(sentence), style, palette, width, indent=2)
    return lines


def summary(badges: Sequence[Badge], palette: Palette) -> str:
    """Return the first badge and the number of others: ``! dead ReLU: h₃ of layer 1 (+2)``; "" for no badges."""
    if not badges:
        return ""
    more = f" (+{len(badges) - 1})" if len(badges) > 1 else ""
    return to_display(_heading(badges[0], palette) + more, palette.glyphs.is_ascii)


def _is_done(session: Session, phase: Phase) -> bool:
    return session.cursor >= session.pass_steps.after(phase)


def _heading(badge: Badge, palette: Palette) -> str:
    warn = palette.glyphs.warn
    if badge.layer is None:
        return f"{warn} {badge.name}"
    units = _unit_names(badge, palette)
    if not units:
        return tr("{warn} {problem}: layer {layer}", warn=warn, problem=badge.name, layer=badge.layer + 1)
    return tr(
        "{warn} {problem}: {units} of layer {layer}",
        warn=warn, problem=badge.name, units=units, layer=badge.layer + 1,
    )  # fmt: skip


def _unit_names(badge: Badge, palette: Palette) -> str:
    """Return the units of a badge, as ``h₁, h₂, h₃ and 5 more``; "" for a whole layer."""
    shown = badge.units if len(badge.units) <= _MAX_UNITS else badge.units[: _MAX_UNITS - 1]
    if badge.is_output:
        names = ", ".join(tr("output {number}", number=unit + 1) for unit in shown)
    else:
        names = ", ".join(f"h{palette.glyphs.sub(unit + 1)}" for unit in shown)
    rest = len(badge.units) - len(shown)
    return tr("{names} and {count} more", names=names, count=rest) if rest else names


def _wrapped(text: str, style: Style, palette: Palette, width: int, indent: int = 0) -> list[Strip]:
    """Wrap a text to lines of ``width`` cells."""
    rows = wrap(to_display(text, palette.glyphs.is_ascii), width, indent=" " * indent)
    return [text_strip(row, width, style) for row in rows]
