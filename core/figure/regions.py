"""The output over the inputs as a figure: over the plane of two inputs, or as a curve over one."""

from __future__ import annotations

from nn_tui.core.data.classes import has_classes
from nn_tui.core.errors import InputError
from nn_tui.core.figure.curve import MAX_OUTPUTS, draw_curve
from nn_tui.core.figure.plane import draw_plane
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.translation import message


def draw_regions(request: FigureRequest) -> str:
    """Return the figure of the output over the inputs.

    Raises:
        InputError: There are more than two inputs, or several outputs that are numbers.
    """
    data = request.data
    inputs, outputs = data.points.shape[1], data.y.shape[1]
    if inputs > 2 or data.image_shape:
        problem = message(
            "the figure regions needs one or two inputs, and this network has {count:,}; take network or layer "
            "instead.",
            count=inputs,
        )
        raise InputError("not_available", problem)
    if inputs == 1 and outputs <= MAX_OUTPUTS:
        return draw_curve(request)
    if inputs == 2 and (outputs == 1 or has_classes(data)):
        return draw_plane(request, has_classes=has_classes(data))
    problem = message(
        "the figure regions needs classes or a single output, and this network has {count:,} outputs that are numbers; "
        "take network or layer instead.",
        count=outputs,
    )
    raise InputError("not_available", problem)
