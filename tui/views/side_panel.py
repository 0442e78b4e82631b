"""The panel beside the arithmetic: the activation's curve, and the selected number's values over the run as bars."""

from __future__ import annotations

from typing import Literal

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Array
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.activation import draw_activation
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting, make_strip, text_strip, to_display, wrap
from nn_tui.tui.session.session import Session

HistoryKey = Literal["value", "gradient"]
HISTORY_NAMES: dict[HistoryKey, Message] = {"value": message("value"), "gradient": message("gradient")}
HISTORY_BARS = 24  # bars of a history in a line of text
_MIN_CURVE_HEIGHT, _MAX_CURVE_HEIGHT = 8, 16  # lines
_MAX_BAR_WIDTH = 4  # cells
_MAX_BAR_HEIGHT = 6  # lines


def has_curve(session: Session) -> bool:
    """Return whether the selected number is a known point on an activation's curve, or the slope there."""
    return session.ref.quantity in ("a", "slope") and _activation_ref(session) == session.ref


def draw_curve(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the activation of the selected unit as a curve, with the unit's point and the tangent there."""
    ref, engine, trace = _activation_ref(session) or session.ref, session.engine, session.trace
    activation = engine.activations[ref.layer]
    z, a = (float(array[ref.layer][ref.sample, ref.unit]) for array in (trace.z, trace.a))
    with np.errstate(all="ignore"):

        def value(xs: Array) -> Array:
            out = np.empty((1, len(xs)))
            activation.value(xs[None, :], out)
            return np.asarray(out[0])

        return draw_activation(value, z, a, _slope(session, ref), palette, width, height)


def draw_side_panel(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw ``height`` lines: the curve of the selection's unit, and below it the selected number over the run.

    The curve is missing while this pass has not computed it, and the history in the first pass.
    """
    text = palette.style("text")
    point, history = _activation_ref(session), session.history
    has_history = history is not None and history.ref == session.ref and len(history.updates) > 1
    lines: list[Strip] = []
    if point is not None:
        room = height - 1
        if has_history:
            room = max(_MIN_CURVE_HEIGHT, room - 2 * (_MAX_BAR_HEIGHT + 1))
        lines.append(_caption(session, palette, point, width))
        lines += draw_curve(session, palette, width, min(room, _MAX_CURVE_HEIGHT))
    if has_history:
        lines += _draw_history(session, palette, width, height - len(lines))
    if not lines and session.is_known(session.ref):
        rows = wrap(
            to_display(tr("Its values over the run are drawn here from the second pass on."), palette.glyphs.is_ascii),
            width,
        )
        lines += [text_strip(row, width, palette.style("dim")) for row in rows]
    return [*lines, *[make_strip([], width, text)] * (height - len(lines))][:height]


def sparkline(values: tuple[float, ...], bars: str, width: int) -> str:
    """Return values as one line of bars, as :func:`bar_chart` does."""
    return bar_chart(values, bars, width, 1)[0]


def bar_chart(values: tuple[float, ...], bars: str, width: int, height: int) -> list[str]:
    """Return values as vertical bars.

    The smallest value has a bar of one step, so that it can be seen, and the largest fills all lines.

    Args:
        values: The values; one that is not finite has no bar.
        bars: The characters of a bar by its height, the first one empty.
        width: The maximum number of bars; of more values an even selection is drawn.
        height: The number of lines.

    Returns:
        The lines, the highest first.
    """
    array = np.asarray(values, dtype=np.float64)
    if len(array) > width:
        array = array[np.linspace(0, len(array) - 1, width).round().astype(np.intp)]
    is_finite = np.isfinite(array)
    if not is_finite.any():
        return [" " * len(array)] * height
    low, high = float(array[is_finite].min()), float(array[is_finite].max())
    top = len(bars) - 1
    half_range = high / 2 - low / 2  # half, so that it does not overflow
    with np.errstate(all="ignore"):
        share = (array / 2 - low / 2) / half_range if half_range > 0 else np.full(len(array), 0.5)
    steps = np.where(is_finite, 1 + np.rint(np.nan_to_num(share) * (height * top - 1)), 0).astype(np.intp)
    rows = [np.clip(steps - top * below, 0, top).tolist() for below in reversed(range(height))]
    return ["".join(bars[step] for step in row) for row in rows]


def history_series(session: Session) -> list[tuple[HistoryKey, tuple[float, ...]]]:
    """Return the selected number's values over the run, and those of its gradient once this pass has computed it."""
    history = session.history
    if history is None:
        return []
    series: list[tuple[HistoryKey, tuple[float, ...]]] = [("value", history.values)]
    if history.gradients and session.cursor >= session.pass_steps.after("backward"):
        series.append(("gradient", history.gradients))
    return series


def _draw_history(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw each series of the history under a line with its first and last value; no lines without room."""
    history, glyphs, dim = session.history, palette.glyphs, palette.style("dim")
    text = palette.style("text")
    series = history_series(session)
    bar_height = min(_MAX_BAR_HEIGHT, height // len(series) - 1)
    if history is None or bar_height < 1:
        return []
    lines = []
    passes = "   " + tr("passes {first} to {last}", first=history.updates[0], last=history.updates[-1])
    for key, values in series:
        name = HISTORY_NAMES[key]
        first, last = (fmt(value, session.digits, sign=False, glyphs=glyphs) for value in (values[0], values[-1]))
        ends = f"{first} {glyphs.to} {last}"
        ends = ends if cell_len(f"{name} {ends}") <= width else ""
        heading = [Segment(f"{name} ", dim), Segment(ends, text)]
        if cell_len(f"{name} {ends}{passes}") <= width:
            heading.append(Segment(passes, dim))
        lines.append(make_strip(heading, width, text))
        style = palette.style("train" if key == "value" else "backward")
        bar_width = min(_MAX_BAR_WIDTH, max(1, width // len(values)))
        rows = ["".join(bar * bar_width for bar in row) for row in bar_chart(values, glyphs.bars, width, bar_height)]
        lines += [make_strip([Segment(row, style)], width, text) for row in rows]
        passes = ""
    return lines


def _caption(session: Session, palette: Palette, point: Ref, width: int) -> Strip:
    """Return the curve's point in numbers; numbers that do not fit are left out, never cut."""
    trace, glyphs = session.trace, palette.glyphs
    name = session.engine.activations[point.layer].name
    values = (float(array[point.layer][point.sample, point.unit]) for array in (trace.z, trace.a))
    z, a, slope = (fmt(value, session.digits, sign=False, glyphs=glyphs) for value in (*values, _slope(session, point)))
    longest_first = (
        tr("{point}, slope {slope}", point=f"{name}({z}) = {a}", slope=slope),
        f"{name}({z}) = {a}, ∂a/∂z {slope}",
        tr("slope {slope}", slope=slope),
        name,
    )
    text = first_fitting([to_display(each, glyphs.is_ascii) for each in longest_first], width)
    return text_strip(text or "", width, palette.style("accent"))


def _activation_ref(session: Session) -> Ref | None:
    """Return the activation of the selection's unit; None if it is not known yet or has no slope, as softmax."""
    ref = session.ref
    if ref.quantity in ("x", "dx", "loss"):
        return None
    if ref.quantity not in ("a", "slope"):
        layer = len(session.engine.sizes) - 2 if ref.quantity in ("y", "term") else ref.layer
        ref = Ref("a", layer, ref.unit, 0, ref.sample)
    if session.engine.activations[ref.layer].slope is None or not session.is_known(ref.with_key("a")):
        return None
    return ref


def _slope(session: Session, point: Ref) -> float:
    slope = session.engine.activations[point.layer].slope
    index = (point.sample, point.unit)
    out = np.zeros((1, 1))
    if slope is not None:
        z, a = (np.array([[array[point.layer][index]]]) for array in (session.trace.z, session.trace.a))
        with np.errstate(all="ignore"):
            slope(z, a, out)
    return float(out[0, 0])
