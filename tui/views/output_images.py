"""Output for image data: the sample beside its probabilities, and the first layer's weights as images."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.metrics import run_forward
from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, message
from nn_tui.tui.draw.images import draw_image, image_strip
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.patches import put_scale
from nn_tui.tui.session import Session
from nn_tui.tui.views.output_base import has_answers, unit_of
from nn_tui.tui.views.output_classes import draw_bars

NOT_PIXELS = "Images are the weights of layer 1 alone: other layers' inputs are units. [ goes to layer 1."


def draw_sample_image(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The selected sample's picture above its probabilities; beside them where it is wide."""
    data = session.experiment.data
    assert data.image_shape is not None
    image = data.points[session.data_row].reshape(data.image_shape)
    bars = data.y.shape[1]
    if width >= 4 * height:
        left = min(width // 2, 2 * height)
        picture = draw_image(image, palette, left, height)
        below = draw_bars(session, palette, width - left - 2, min(bars, height))
        gap = Canvas(2, height, palette).strips()
        rest = Canvas(width - left - 2, max(1, height - len(below)), palette).strips()[: height - len(below)]
        return [Strip.join(parts) for parts in zip(picture, gap, [*below, *rest], strict=True)]
    rows = max(min(height // 2 + 1, data.image_shape[0]), height - bars - 1)
    return [
        *draw_image(image, palette, width, rows),
        *draw_bars(session, palette, width, height - rows),
    ][:height]


def draw_weights(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The first layer's weights, one image a unit in its place of the input, with the scale."""
    images = _weight_images(session)
    unit = unit_of(session)
    chosen = unit[1] if unit is not None and unit[0] == 0 else None
    limit = float(np.nan_to_num(np.abs(images), posinf=0.0).max(initial=0.0)) or 1.0
    names = [f"{k + 1}/{len(images)}" for k in range(len(images))]
    strips = image_strip(
        list(images), palette, width, height - 1, limit=limit, names=names, selected=chosen, counted=False
    )
    return [*strips, *_scale(limit, palette, width, "weight")]


def draw_unit(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The selected first-layer unit's weights as one image, and what it answers to this sample."""
    unit = unit_of(session)
    if unit is None or unit[0] != 0:
        return message(NOT_PIXELS, palette, width, height)
    image = _weight_images(session)[unit[1]]
    limit = float(np.nan_to_num(np.abs(image), posinf=0.0).max(initial=0.0)) or 1.0
    row = session.data_row
    activations = run_forward(session.engine, session.state, session.experiment.data.x[row : row + 1])[1]
    glyphs = palette.glyphs
    answer = (
        fmt(float(activations[0][0, unit[1]]), 3, sign=False, glyphs=glyphs) if has_answers(session) else glyphs.blank
    )
    strips = draw_image(image, palette, width, height - 1, limit=limit, scale="diverging")
    return [*strips, *_scale(limit, palette, width, f"a = {answer}")]


def _weight_images(session: Session) -> Array:
    shape = session.experiment.data.image_shape
    assert shape is not None
    return session.state.weights[0].reshape(-1, *shape)


def _scale(limit: float, palette: Palette, width: int, note: str) -> list[Strip]:
    canvas = Canvas(width, 1, palette)
    x = put_scale(canvas, 0, limit, True, palette)
    canvas.put(x + 2, 0, note if x + 2 + cell_len(note) <= width else "", palette.style("dim"))
    return canvas.strips()
