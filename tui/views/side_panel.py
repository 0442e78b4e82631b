"""What stands beside the arithmetic where there is room: the activation's curve, and the number over the run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.refs import Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.activation import draw_activation
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, text_strip, to_display, wrap
from nn_tui.tui.session.session import Session

BARS = 24  # of a history in one line of text
_CURVE_LEAST, _CURVE_MOST = 8, 16  # lines
_WIDEST_BAR = 4  # cells
_BARS_MOST = 6  # lines of one series of bars
_EMPTY = "Its values over the run are drawn here from the second pass on."


def has_curve(session: Session) -> bool:
    """Whether the selection is a point on an activation's curve, and known."""
    return session.ref.key in ("a", "slope") and _point(session) == session.ref


def curve(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The activation's curve of the selected unit, which has one, with its point and its slope as the tangent."""
    ref, engine, trace = _point(session) or session.ref, session.engine, session.trace
    activation = engine.activations[ref.layer]
    z, a = (float(array[ref.layer][ref.sample, ref.unit]) for array in (trace.z, trace.a))
    with np.errstate(all="ignore"):

        def value(xs: Array) -> Array:
            out = np.empty((1, len(xs)))
            activation.value(xs[None, :], out)
            return np.asarray(out[0])

        return draw_activation(value, z, a, _slope(session, ref), palette, width, height)


def aside(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """``height`` lines: the curve of the unit that the selection belongs to, and below it the selection over the run.

    Of what is not computed, and of a first pass, which has no past, there is nothing.
    """
    text = palette.style("text")
    point = _point(session)
    past = session.history
    moved = past is not None and past.ref == session.ref and len(past.updates) > 1
    lines: list[Strip] = []
    if point is not None:
        room = height - 1 if not moved else max(_CURVE_LEAST, height - 1 - 2 * (_BARS_MOST + 1))
        lines.append(_caption(session, palette, point, width))
        lines += curve(session, palette, width, min(room, _CURVE_MOST))
    lines += _bars(session, palette, width, height - len(lines)) if moved else []
    if not lines and session.is_known(session.ref):
        words = wrap(to_display(_EMPTY, palette.glyphs.is_ascii), width)
        lines += [text_strip(row, width, palette.style("dim")) for row in words]
    return [*lines, *[make_strip([], width, text)] * (height - len(lines))][:height]


def sparkline(values: tuple[float, ...], bars: str, width: int) -> str:
    """Values as at most ``width`` bars, from the least (the lowest bar) to the greatest; a space if not finite."""
    return tall_bars(values, bars, width, 1)[0]


def tall_bars(values: tuple[float, ...], bars: str, width: int, height: int) -> list[str]:
    """Values as at most ``width`` bars in ``height`` lines, the highest first; a gap where one is not finite.

    The least value is one step high, so that it is still seen to be there, the greatest fills all lines.
    """
    found = np.asarray(values, dtype=np.float64)
    if len(found) > width:
        found = found[np.linspace(0, len(found) - 1, width).round().astype(np.intp)]
    usable = np.isfinite(found)
    if not usable.any():
        return [" " * len(found)] * height
    low, high = float(found[usable].min()), float(found[usable].max())
    top = len(bars) - 1
    spread = high / 2 - low / 2
    with np.errstate(all="ignore"):
        share = (found / 2 - low / 2) / spread if spread > 0 else np.full(len(found), 0.5)
    steps = np.where(usable, 1 + np.rint(np.nan_to_num(share) * (height * top - 1)), 0).astype(np.intp)
    rows = [np.clip(steps - top * below, 0, top).tolist() for below in reversed(range(height))]
    return ["".join(bars[step] for step in row) for row in rows]


def history_rows(session: Session) -> list[tuple[str, tuple[float, ...]]]:
    """The series of the selection's history by name, the gradient's once this pass has computed it."""
    past = session.history
    if past is None:
        return []
    rows = [("value", past.values)]
    if past.gradients and session.cursor >= session.pass_steps.after("backward"):
        rows.append(("gradient", past.gradients))
    return rows


def _bars(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    past, glyphs, dim = session.history, palette.glyphs, palette.style("dim")
    rows = history_rows(session)
    tall = min(_BARS_MOST, height // len(rows) - 1)
    if past is None or tall < 1:
        return []
    lines = []
    passes = f"   passes {past.updates[0]} to {past.updates[-1]}"
    for name, values in rows:
        ends = [fmt(value, session.digits, sign=False, glyphs=glyphs) for value in (values[0], values[-1])]
        words = f"{ends[0]} {glyphs.to} {ends[1]}"
        words = words if cell_len(f"{name} {words}") <= width else ""
        head = [Segment(f"{name} ", dim), Segment(words, palette.style("text"))]
        if cell_len(name + words + passes) < width:
            head.append(Segment(passes, dim))
        lines.append(make_strip(head, width, palette.style("text")))
        ink = palette.style("train" if name == "value" else "backward")
        wide = min(_WIDEST_BAR, max(1, width // len(values)))
        for row in tall_bars(values, glyphs.bars, width, tall):
            drawn = "".join(bar * wide for bar in row)
            lines.append(make_strip([Segment(drawn, ink)], width, palette.style("text")))
        passes = ""
    return lines


def _caption(session: Session, palette: Palette, point: Ref, width: int) -> Strip:
    """The point of the curve in numbers."""
    trace, glyphs = session.trace, palette.glyphs
    name = session.engine.activations[point.layer].name

    def number(value: float) -> str:
        return fmt(value, session.digits, sign=False, glyphs=glyphs)

    z, a = (number(float(array[point.layer][point.sample, point.unit])) for array in (trace.z, trace.a))
    slope = number(_slope(session, point))
    choices = (f"{name}({z}) = {a}, slope {slope}", f"{name}({z}) = {a}, σ′ {slope}", f"slope {slope}", name)
    said = (to_display(words, glyphs.is_ascii) for words in choices)
    # A number is left out, never cut: half of it would be another number.
    words = next((each for each in said if cell_len(each) <= width), "")
    return text_strip(words, width, palette.style("accent"))


def _point(session: Session) -> Ref | None:
    """The activation of the unit that the selection belongs to, where it is known and has a slope; else None."""
    ref = session.ref
    if ref.key in ("x", "dx", "loss"):
        return None
    if ref.key in ("a", "slope"):
        found = ref
    elif ref.key in ("y", "term"):
        found = Ref("a", len(session.engine.sizes) - 2, ref.unit, 0, ref.sample)
    else:
        found = Ref("a", ref.layer, ref.unit, 0, ref.sample)
    if session.engine.activations[found.layer].slope is None or not session.is_known(replace(found, key="a")):
        return None
    return found


def _slope(session: Session, point: Ref) -> float:
    found = session.engine.activations[point.layer].slope
    place = (point.sample, point.unit)
    out = np.zeros((1, 1))
    if found is not None:
        z, a = (np.array([[array[point.layer][place]]]) for array in (session.trace.z, session.trace.a))
        with np.errstate(all="ignore"):
            found(z, a, out)
    return float(out[0, 0])
