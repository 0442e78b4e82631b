"""Output for image data: the sample beside its probabilities, and the first layer's weights as images."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, draw_message
from nn_tui.tui.draw.images import draw_image, draw_images, image_at, pixel_at
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.shading import draw_scale
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output_classes import draw_bars, find_bar
from nn_tui.tui.views.output_predictions import has_answers, unit_of

NOT_PIXELS = "Images are the weights of layer 1 alone: other layers' inputs are units. [ goes to layer 1."


def draw_sample_image(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The selected sample's picture above its probabilities; beside them where it is wide."""
    data = session.experiment.data
    assert data.image_shape is not None
    image = data.points[session.data_row].reshape(data.image_shape)
    bars = data.y.shape[1]
    if width >= 4 * height:
        left = _beside(width, height)
        picture = draw_image(image, palette, left, height)
        below = draw_bars(session, palette, width - left - 2, min(bars, height))
        gap = Canvas(2, height, palette).strips()
        rest = Canvas(width - left - 2, max(1, height - len(below)), palette).strips()[: height - len(below)]
        return [Strip.join(parts) for parts in zip(picture, gap, [*below, *rest], strict=True)]
    rows = _above(session, height)
    return [
        *draw_image(image, palette, width, rows),
        *draw_bars(session, palette, width, height - rows),
    ][:height]


def find_in_image(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """The input whose pixel, or the output whose bar is at a point."""
    shape = session.experiment.data.image_shape
    assert shape is not None
    if width >= 4 * height:
        left, high = _beside(width, height), height
        if x >= left:
            bars = min(session.experiment.data.y.shape[1], height)
            return find_bar(session, palette, width - left - 2, bars, x - left - 2, y) if x >= left + 2 else None
    else:
        left, high = width, min(height, _above(session, height))
        if y >= high:
            return find_bar(session, palette, width, height - high, x, y - high)
    pixel = pixel_at(shape, palette, left, high, x, y)
    return None if pixel is None else Ref("x", 0, pixel[0] * shape[1] + pixel[1], 0, session.ref.sample)


def _beside(width: int, height: int) -> int:
    """The cells of the picture that stands beside the bars."""
    return min(width // 2, 2 * height)


def _above(session: Session, height: int) -> int:
    """The lines of the picture that stands above the bars."""
    data = session.experiment.data
    assert data.image_shape is not None
    bars: int = data.y.shape[1]
    return max(min(height // 2 + 1, data.image_shape[0]), height - bars - 1)


def draw_weights(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The first layer's weights, one image a unit in its place of the input, with the scale."""
    images = _weight_images(session)
    unit = unit_of(session)
    chosen = unit[1] if unit is not None and unit[0] == 0 else None
    limit = float(np.nan_to_num(np.abs(images), posinf=0.0).max(initial=0.0)) or 1.0
    names = [f"{k + 1}/{len(images)}" for k in range(len(images))]
    strips = draw_images(list(images), palette, width, height - 1, limit=limit, names=names, selected=chosen)
    return [*strips, *_scale(limit, palette, width, "weight")]


def find_weight(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """The weight whose pixel is at a point; of a unit's name, the weight from the input that is selected."""
    shape, ref = session.experiment.data.image_shape, session.ref
    assert shape is not None
    unit = unit_of(session)
    chosen = unit[1] if unit is not None and unit[0] == 0 else 0
    count = session.engine.sizes[1]
    found = image_at(count, shape, palette, width, height - 1, x, y, selected=chosen) if y < height - 1 else None
    if found is None:
        return None
    index, pixel = found
    column = (ref.input if ref.is_weight and not ref.layer else 0) if pixel is None else pixel[0] * shape[1] + pixel[1]
    return Ref("w", 0, index, column, ref.sample)


def find_unit_weight(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """The selected unit's weight whose pixel is at a point."""
    shape, unit = session.experiment.data.image_shape, unit_of(session)
    assert shape is not None
    if unit is None or unit[0] != 0:
        return None
    pixel = pixel_at(shape, palette, width, height - 1, x, y)
    return None if pixel is None else Ref("w", 0, unit[1], pixel[0] * shape[1] + pixel[1], session.ref.sample)


def draw_unit(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The selected first-layer unit's weights as one image, and what it answers to this sample."""
    unit = unit_of(session)
    if unit is None or unit[0] != 0:
        return draw_message(NOT_PIXELS, palette, width, height)
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
    x = draw_scale(canvas, 0, limit, True, palette)
    canvas.put(x + 2, 0, note if x + 2 + cell_len(note) <= width else "", palette.style("dim"))
    return canvas.strips()
