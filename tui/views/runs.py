"""How runs are named: in messages, in the header, and beside one another."""

from __future__ import annotations

import re

from nn_tui.core.timeline import Run
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.session import Session
from nn_tui.tui.views.words import plain

_CHANGE = re.compile(r"(?P<what>.+?) (?P<old>\S+) → (?P<new>[^\s,]+).*")
_SELF_NAMED = ("optimizer", "loss")  # their values say what they are
_NEWEST = 3


def run_label(run: Run) -> str:
    """What makes a run this one: its newest change and where it came, else its seed."""
    if len(run.segments) == 1:
        return f"weights of seed {run.experiment.init_seed}, nothing changed"
    last = run.segments[-1]
    return f"{last.label} {f'at update {last.start:,}' if last.start else 'from the start'}"


def names(run: Run, other: Run) -> tuple[str, str]:
    """A short name for each of two runs, by what tells them apart: ``η 0.1`` and ``η 0.5``."""
    one, two = run.segments[-1].label, other.segments[-1].label
    first, second = _short(one, "new"), _short(two, "new")
    if other.segments[0] is run.segments[0] or run.segments[0].experiment is other.segments[0].experiment:
        # One came out of the other: the change of the younger one says what the older one has instead.
        if len(run.segments) < len(other.segments):
            first = _short(two, "old")
        elif len(other.segments) < len(run.segments):
            second = _short(one, "old")
    if len(run.segments) == len(other.segments) == 1:
        first, second = (f"seed {each.experiment.init_seed}" for each in (run, other))
    if first == second:
        first, second = f"{first}, this", f"{second}, other"
    return first, second


def _short(label: str, side: str) -> str:
    found = _CHANGE.fullmatch(label)
    if found is None:
        return label if side == "new" else "unchanged"
    value = found[side]
    return value if found["what"] in _SELF_NAMED else f"{found['what']} {value}"


def header_note(session: Session) -> str:
    """What the run on screen is compared with, and how far that is where it is not as far; "" alone."""
    other = session.other
    if other is None:
        return ""
    name = names(session.run, other)[1]
    if other.divergence is not None and other.divergence.update <= session.updates_done:
        return f"vs {name}, diverged"
    behind = f" at {other.reached:,}" if other.reached < session.updates_done else ""
    return f"vs {name}{behind}"


def changed_here(session: Session) -> str:
    """The changes at the update where the cursor stands, in one sentence; "" where there are none."""
    done = session.updates_done
    if session.at not in (0, session.course.end):
        return ""
    labels = [segment.label for segment in session.run.segments[1:] if segment.start == done]
    if not labels:
        return ""
    more = f" and {len(labels) - _NEWEST} more" if len(labels) > _NEWEST else ""
    way = "`f` goes on with it." if session.at else "`f` goes on, `⌫` takes it back."
    return f"Changed here: {', '.join(labels[: -_NEWEST - 1 : -1])}{more}. {way}"


def written(name: str, glyphs: Glyphs) -> str:
    """A run's name in the characters of the screen."""
    return plain(name.replace("η", glyphs.eta), glyphs.is_ascii)
