"""The series of a chart, and the marker that each is drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.tui.draw.glyphs import Glyphs

Kind = Literal["line", "points"]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One line (or cloud) of a chart: ``x`` ascending and ``y``, both (n,); ``style_key`` colours it.

    A point that is not finite is a gap in the line. ``shape`` is the mark of points; without it, and for
    lines where there are several, each series gets its own. ``value`` is text for the legend, after the name.
    Series of several runs have their run's letter as their ``group``, which begins their name, too.
    """

    name: str
    x: ArrayLike
    y: ArrayLike
    style_key: str = "train"
    kind: Kind = "line"
    shape: str = ""
    value: str = ""
    group: str = ""


def markers_of(series: Sequence[Series], glyphs: Glyphs) -> list[str]:
    """The mark of each series in the plot and in the legend."""
    lines = [one for one in series if one.kind == "line"]
    several = len(lines) > 1 or any(np.size(one.x) < 2 for one in lines)  # one point is no line yet
    alone = glyphs.point if glyphs.is_ascii else glyphs.hline_thick
    return [
        one.shape or (glyphs.classes[k % len(glyphs.classes)] if several or one.kind == "points" else alone)
        for k, one in enumerate(series)
    ]
