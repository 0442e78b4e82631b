"""The health view: what is wrong, on which layer or units, why, and what to try; and the same in one line."""

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
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import text_strip, to_display, wrap
from nn_tui.tui.session.session import Session

_NAMED = 3
_ALL_WELL = "Nothing stands out in gradients, units and steps."
_MOST_ROWS = 2000  # of the training part that are asked for the answers of now
_JUDGED: tuple[tuple[Phase, tuple[Kind, ...], str], ...] = (
    ("forward", ("dead", "saturated", "symmetric"), "units after the forward pass"),
    ("backward", ("vanishing", "exploding"), "gradients after the backward pass"),
    ("update", ("update_large", "update_small"), "steps after the update"),
)


def reached(session: Session) -> tuple[Badge, ...]:
    """The session's badges about what this pass has computed: gradients once they are there, steps once made."""
    hidden: list[Kind] = []
    for phase, kinds, _ in _JUDGED:
        if session.cursor < session.pass_steps.after(phase):
            hidden += kinds
    return tuple(badge for badge in session.badges if badge.kind not in hidden)


def page(session: Session, palette: Palette, width: int) -> list[Strip]:
    """Every badge so far with its cause and advice, and what is still to be judged in this pass."""
    badges = reached(session)
    out = lines(badges, palette, width)
    if not badges:
        out += _wrapped(facts(session), palette.style("text"), palette, width)
    later = [words for phase, _, words in _JUDGED if session.cursor < session.pass_steps.after(phase)]
    if later:
        note = f"Still to come in this pass: {', '.join(later)}."
        out += [text_strip("", width, palette.style("text")), *_wrapped(note, palette.style("dim"), palette, width)]
    return out


def facts(session: Session) -> str:
    """How far the network has come with the parameters on screen: the loss, and how many answers are wrong."""
    data, done = session.experiment.data, session.updates_done
    rows = np.unique(np.linspace(0, len(data.x) - 1, min(len(data.x), _MOST_ROWS)).astype(np.intp))
    found = evaluate(session.engine, session.state, data.x[rows], data.y[rows])
    if found is None:
        return ""
    loss = f"loss {plain_number(found.loss, 3)} on the training set after update {done:,}"
    if found.mistakes is None:
        return f"L{loss[1:]}: whether that is good enough depends on the task."
    if not found.mistakes:
        return f"All {len(rows):,} answers are right: {loss}."
    wrong = f"{found.mistakes:,} of {len(rows):,} answers wrong"
    if found.mistakes <= (1 - SOLVED_ACCURACY) * len(rows):
        return f"Almost solved: {wrong}, {loss}."
    return f"Not solved yet: {wrong}, {loss}. It is too early to tell whether it is stuck: see if the loss still falls."


def mark(session: Session, palette: Palette, layer: int) -> str:
    """What a layer's title says of its first badge: ``! dead ReLU h₃``; else nothing."""
    mine = [badge for badge in reached(session) if badge.layer == layer]
    if not mine:
        return ""
    units = _units(mine[0], palette).removesuffix(" of ")
    return to_display(f"{palette.glyphs.warn} {mine[0].name} {units}".rstrip(), palette.glyphs.is_ascii)


def lines(badges: Sequence[Badge], palette: Palette, width: int) -> list[Strip]:
    """Every badge as a heading and its sentences, each line ``width`` cells; one line where there is none."""
    text, dim = palette.style("text"), palette.style("dim")
    if not badges:
        return _wrapped(_ALL_WELL, palette.style("good"), palette, width)
    out: list[Strip] = []
    for badge in badges:
        if out:
            out.append(text_strip("", width, text))
        out += _wrapped(_heading(badge, palette), palette.style(badge.severity), palette, width)
        for words, style in ((badge.symptom, text), (badge.cause, dim), (badge.advice, palette.style("accent"))):
            out += _wrapped(words, style, palette, width, indent=2)
    return out


def short(badges: Sequence[Badge], palette: Palette) -> str:
    """The first badge in a few words, as in ``! dead ReLU: h₃ of layer 1``, and how many more; else nothing."""
    if not badges:
        return ""
    more = f" (+{len(badges) - 1})" if len(badges) > 1 else ""
    return to_display(_heading(badges[0], palette) + more, palette.glyphs.is_ascii)


def _heading(badge: Badge, palette: Palette) -> str:
    where = "" if badge.layer is None else f": {_units(badge, palette)}layer {badge.layer + 1}"
    return f"{palette.glyphs.warn} {badge.name}{where}"


def _units(badge: Badge, palette: Palette) -> str:
    """``h₃ of ``, ``h₁, h₂, h₃ and 5 more of ``; empty for a whole layer."""
    if not badge.units:
        return ""
    stem = "output " if badge.is_output else "h"
    numbers = [str(unit + 1) if badge.is_output else palette.glyphs.sub(unit + 1) for unit in badge.units[:_NAMED]]
    names = [stem + number for number in numbers]
    rest = len(badge.units) - len(names)
    return ", ".join(names) + (f" and {rest} more of " if rest else " of ")


def _wrapped(words: str, style: Style, palette: Palette, width: int, indent: int = 0) -> list[Strip]:
    """The words in lines of exactly ``width`` cells, indented where there is room for it."""
    rows = wrap(to_display(words, palette.glyphs.is_ascii), width, indent=" " * indent)
    return [text_strip(row, width, style) for row in rows]
