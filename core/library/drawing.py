"""Figures of a network for notebooks and files."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.moments import Moment, parse_moment
from nn_tui.core.engine.quantities import first_nonzero_weight
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.errors import locate_errors
from nn_tui.core.fields import check_choice
from nn_tui.core.figure.figures import FIGURES
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import THEMES
from nn_tui.core.run.moment import go_to_moment
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message


class SvgText(str):
    """The text of an SVG file, which a notebook shows as a picture."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)


def moment_at(at: str | int) -> Moment:
    """Return the moment that an argument ``at`` names, or raise InputError."""
    with locate_errors(path=("at",)):
        return parse_moment(str(at))


def draw_figure(run: Run, update: int, view: str, palette: str, moment: Moment | None) -> SvgText:
    """Return a figure of a network.

    Args:
        run: The run.
        update: The update after which the network is.
        view: The name of the figure, one of ``FIGURES``.
        palette: The colours, one of ``THEMES``.
        moment: The moment that is drawn, to which the run is moved; None for the network after ``update``.

    Raises:
        InputError: For an unknown name, and for a figure that does not suit the network or its data.
    """
    draw = FIGURES[check_choice(view, ("view",), FIGURES, message("a figure"))].draw
    check_choice(palette, ("palette",), THEMES, message("a palette"))
    number, cursor = max(update, 1), None if update else 0
    if moment is not None:
        with locate_errors(path=("at",)):
            number, cursor = go_to_moment(run, moment)
    engine = run.segment(number - 1).engine
    engine.use_threads()
    with np.errstate(all="ignore"):
        trace = engine.run(run.state_after(number - 1), number)
    cursor = steps_of(engine.sizes[1:]).end if cursor is None else cursor
    try:
        return SvgText(draw(FigureRequest(run, trace, cursor, first_nonzero_weight(trace), palette=palette)))
    finally:
        engine.release(trace)
