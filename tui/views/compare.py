"""Two runs compared: the other one at the same pass, and the numbers of both side by side.

The run that began first is A, the other one B, whichever of them is on screen; what a change makes of one of them
takes its letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.engine.steps import steps_of
from nn_tui.core.explain.explain import value_of
from nn_tui.core.run.metrics import evaluate
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.map_cursor import map_cursor
from nn_tui.tui.session.run_names import displayed, distinct_names
from nn_tui.tui.session.session import Session, clamp_ref

DIGITS = 4
EXACT = 4_000_000  # multiplications that the accuracy of a state may cost, beside the pass itself
SHORT = {"accuracy": "right", "‖gradient‖": "‖grad‖", "|gradient|": "|grad|"}
TABLE_FROM, NAMES_FROM = 8, 5  # lines of a panel from which there is room for the table, and for the names alone


def behind(session: Session) -> Session | None:
    """The session of the run compared with, as far into the same pass; None without one.

    Where that run has no such pass, or another thread has it, it is shown as while it runs: what was recorded
    of it, and no pass of its own.
    """
    other = session.other
    if other is None:
        return None
    shown = replace(session, runs=(other,), active=0, other=session.run, other_trace=None)
    steps = steps_of(other.segment(session.trace.update - 1).engine.sizes[1:])
    trace = session.other_trace
    if trace is None:
        return replace(shown, cursor=steps.end, running=True)
    shown = replace(shown, trace=trace, cursor=map_cursor(session.pass_steps, steps, session.cursor))
    return replace(shown, ref=clamp_ref(shown, session.ref))


def letters(session: Session) -> tuple[str, str]:
    """What the run on screen and the one compared with are called: A is the one that began first."""
    order = [run for run in session.runs if run is session.run or run is session.other]
    return ("A", "B") if order[0] is session.run else ("B", "A")


def described(session: Session) -> tuple[str, str]:
    """What the run on screen and the one compared with are, by what tells them apart: ``sgd η 0.5``."""
    assert session.other is not None
    return distinct_names(session.run, session.other)


def why_absent(session: Session) -> str:
    """Why the run compared with has no numbers for the pass on screen."""
    other = session.other
    if other is None:
        return ""
    if other.divergence is not None and other.divergence.update < session.trace.update:
        return f"diverged at update {other.divergence.update:,}"
    return f"is at update {other.reached:,}"


@dataclass(frozen=True, slots=True)
class Row:
    """One run in the table: its letter, what it is, its figures by column, or ``absent`` instead of them."""

    letter: str
    name: str
    figures: tuple[str, ...]
    absent: str = ""


def heads(session: Session, glyphs: Glyphs) -> tuple[str, ...]:
    """The columns of the table: figures of the pass on screen, and the selected number unless it is one of them."""
    size = "|gradient|" if glyphs.is_ascii else "‖gradient‖"
    selected = () if session.ref.key == "loss" else (session.ref.symbol,)
    # A pass computes its loss before it updates; the accuracy is the cursor's.
    kind = "data loss" if _is_penalised(session) else "loss"
    return (
        f"{kind} of pass {session.trace.update:,}",
        *(("accuracy",) if _is_judged(session) else ()),
        size,
        *selected,
    )


def _is_penalised(session: Session) -> bool:
    """Whether a penalty is added in either run: the loss with it would stand beside one of other terms."""
    specs = (run.experiment.training for run in (session.run, session.other) if run is not None)
    return any(spec.l1 or spec.l2 for spec in specs)


def _is_judged(session: Session) -> bool:
    """Whether there are classes in either run: one changed target makes numbers of them."""
    return any(run is not None and run.engine.coding != "numbers" for run in (session.run, session.other))


def rows(session: Session, palette: Palette) -> tuple[Row, Row]:
    """The run on screen and the one compared with."""
    other = behind(session)
    assert other is not None
    (first, second), (one, two) = letters(session), described(session)
    judged, data_only = _is_judged(session), _is_penalised(session)
    own = Row(first, one, figures(session, palette, judged, data_only))
    if session.other_trace is None:
        return own, Row(second, two, (), why_absent(session))
    there = figures(other, palette, judged, data_only)
    if other.ref != session.ref:  # its network has another shape, and no such number
        there = (*there[:-1], palette.glyphs.blank)
    return own, Row(second, two, there)


def figures(session: Session, palette: Palette, judged: bool, data_only: bool) -> tuple[str, ...]:
    """One run's figures for the columns, each a blank mark until the pass has computed it, or where it has none.

    ``judged``: the accuracy is among them; ``data_only``: the loss is that of the data, without a penalty.
    """
    trace, glyphs = session.trace, palette.glyphs
    places = DIGITS if session.digits is None else session.digits

    def number(value: float, known: bool) -> str:
        return fmt(value, places, sign=False, glyphs=glyphs) if known else glyphs.blank

    found = [number(trace.data_loss if data_only else trace.loss, session.cursor >= session.pass_steps.after("loss"))]
    if judged:
        share = accuracy(session)
        found.append(glyphs.blank if share is None else f"{share:.1%}")
    with np.errstate(all="ignore"):
        size = float(np.linalg.norm(trace.gradient))
    found.append(number(size, session.cursor >= session.pass_steps.after("backward")))
    if session.ref.key == "loss":
        return tuple(found)
    known = session.is_known(session.ref)
    found.append(number(value_of(session.engine, trace, session.ref) if known else 0.0, known))
    return tuple(found)


def accuracy(session: Session) -> float | None:
    """The share of the training part that the parameters at the cursor classify correctly; None if not known.

    Of the recorded figures while it runs or where it would cost too much to find out.
    """
    data, engine = session.experiment.data, session.engine
    if session.running or len(data.x) * engine.parameters > EXACT:
        taken = [one for one in list(session.run.evaluations.items) if one.update <= session.updates_done]
        return taken[-1].train_accuracy if taken else None
    found = evaluate(engine, session.state, data.x, data.y)
    return None if found is None else found.accuracy


def lines_of(height: int) -> int:
    """How many lines the comparison takes of a panel of ``height`` lines."""
    return 4 if height >= TABLE_FROM else 1 if height >= NAMES_FROM else 0


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """What tells the runs apart in one line and, in four lines, their numbers below each other."""
    if height < 1:
        return []
    both = rows(session, palette)
    base, dim, accent, title = (palette.style(key) for key in ("text", "dim", "accent", "title"))
    ascii_only = palette.glyphs.is_ascii

    def line(*parts: Segment) -> Strip:
        return make_strip(list(parts), width, base)

    dot = f" {palette.glyphs.dot} "
    ordered = sorted(both, key=lambda row: row.letter)
    told = [f"{row.letter}: {displayed(row.name, palette.glyphs)}" for row in ordered]
    room = width - cell_len(dot)
    half = max(room // 2, room - min(map(cell_len, told)))  # a long name leaves room for the other
    said = dot.join(fit(one, min(cell_len(one), half), ellipsis=palette.glyphs.cut) for one in told)
    out = [line(Segment(fit(said, width, ellipsis=palette.glyphs.cut), title))]
    if height < 4:
        return out
    named = [to_display(head, ascii_only) for head in heads(session, palette.glyphs)]
    sizes = _sizes(named, both, width - 3)
    if 0 in sizes:  # short heads rather than a column less
        named = ["data loss" if _is_penalised(session) else "pass loss", *(SHORT.get(head, head) for head in named[1:])]
        sizes = _sizes(named, both, width - 3)
    out.append(line(Segment("   ", dim), *(Segment(fit(head, size, right=True), dim)
                                           for head, size in zip(named, sizes, strict=False))))  # fmt: skip
    for row in ordered:
        here = row is both[0]
        mark = Segment(f"{palette.glyphs.arrow if here else ' '}{row.letter} ", accent if here else base)
        cells = [
            Segment(fit(text, size, right=True, ellipsis=palette.glyphs.overflow), base)
            for text, size in zip(row.figures, sizes, strict=False)
        ]
        if row.absent:
            cells = [Segment(fit(f" {row.absent}", width - 3, ellipsis=palette.glyphs.cut), palette.style("warn"))]
        out.append(line(mark, *cells))
    return out


def _sizes(named: Sequence[str], both: Sequence[Row], room: int) -> list[int]:
    """The width of every column that fits; where it is tight the columns before the selected number go first."""
    sizes = [max([cell_len(head), *(cell_len(row.figures[k]) for row in both if row.figures)]) + 1
             for k, head in enumerate(named)]  # fmt: skip
    order = [k for k in range(len(sizes)) if k not in (0, len(sizes) - 1)]
    while sum(sizes) > room and order:
        sizes[order.pop()] = 0
    return sizes
