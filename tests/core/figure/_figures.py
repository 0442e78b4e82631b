"""Moments of presets, and reading of figures: their elements by class, and the boxes of their texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.moments import parse_moment
from nn_tui.core.engine.quantities import first_nonzero_weight
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.svg import FONT_SIZE, text_width
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.moment import go_to_moment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment

SVG = "{http://www.w3.org/2000/svg}"

_TOUCH = 1.0  # units by which two boxes may overlap: their estimate is rough


def request_of(source: str | Experiment | Run, at: str = "0", **fields: Any) -> FigureRequest:
    """Return the request for a moment of a preset, an experiment or a run."""
    run = source if isinstance(source, Run) else None
    if run is None:
        run = Run.start(open_experiment(source) if isinstance(source, str) else source)  # type: ignore[arg-type]
    update, cursor = go_to_moment(run, parse_moment(at))
    trace = run.trace(update)
    return FigureRequest(run, trace, cursor, **{"ref": first_nonzero_weight(trace), **fields})


@dataclass(frozen=True)
class Box:
    """The box of a text that is not turned."""

    words: str
    left: float
    top: float
    right: float
    bottom: float


class Picture:
    """A figure that has been parsed as XML."""

    def __init__(self, text: str) -> None:
        self.root = ElementTree.fromstring(text)

    def all(self, class_: str) -> list[ElementTree.Element]:
        """Return the elements of a class, in their order."""
        return [item for item in self.root.iter() if class_ in (item.get("class") or "").split()]

    def texts(self, class_: str) -> list[str]:
        """Return the texts of a class, without their tooltips."""
        return [item.text or "" for item in self.all(class_) if item.tag == f"{SVG}text"]

    def said(self) -> str:
        """Return all texts of the figure."""
        return "\n".join(item.text or "" for item in self.root.iter(f"{SVG}text"))

    def child(self, name: str) -> str:
        """Return the text of a child of the figure: its title or its description."""
        return self.root.findtext(f"{SVG}{name}") or ""

    def size(self) -> tuple[float, float]:
        """Return the width and the height of the figure."""
        left, top, width, height = map(float, (self.root.get("viewBox") or "").split())
        assert (left, top) == (0, 0)
        return width, height

    def boxes(self) -> Iterator[Box]:
        """Yield the estimated boxes of all texts that are not turned."""
        for item in self.root.iter(f"{SVG}text"):
            if item.get("transform"):
                continue
            size, words = float(item.get("font-size", FONT_SIZE)), item.text or ""
            width, x, y = text_width(words, size), float(item.get("x", 0)), float(item.get("y", 0))
            left = {"start": x, "middle": x - width / 2, "end": x - width}[item.get("text-anchor", "start")]
            yield Box(words, left, y - 0.75 * size, left + width, y + 0.2 * size)

    def problems(self) -> list[str]:
        """Return the texts that leave the figure, and the pairs of texts that overlap."""
        width, height = self.size()
        boxes = list(self.boxes())
        outside = [
            box.words for box in boxes if box.left < 0 or box.top < 0 or box.right > width or box.bottom > height
        ]
        left, top, right, bottom = (
            np.array([getattr(box, side) for box in boxes]) for side in ("left", "top", "right", "bottom")
        )

        def meets(low: Array, high: Array) -> NDArray[np.bool_]:
            return np.asarray((low[:, None] + _TOUCH < high) & (low + _TOUCH < high[:, None]))

        pairs = np.argwhere(np.triu(meets(left, right) & meets(top, bottom), 1))
        return [*outside, *(f"{boxes[a].words} on {boxes[b].words}" for a, b in pairs.tolist())]


def points_of(data: str) -> Array:
    """Return the points (n, 2) of the data of a path."""
    return np.array([float(word) for word in re.findall(r"-?[\d.]+", data)]).reshape(-1, 2)
