"""The output for image data: the sample as an image with its outputs, and the first layer's weights as images."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import fmt
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, StyledText, draw_message, put_items
from nn_tui.tui.draw.images import draw_image, draw_images, image_at, pixel_at
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.scale_legend import scale_item
from nn_tui.tui.session.scales import pixel_scale, scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.classes import bar_at, draw_bars
from nn_tui.tui.views.output.predictions import has_predictions, selected_unit

_GAP = 2  # cells between the image and the bars


def draw_sample_image(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the selected sample as an image, with its outputs as bars beside it in a wide panel, else below."""
    data = session.experiment.data
    image = data.points[session.data_row].reshape(_image_shape(session))
    if _is_wide(width, height):
        image_width = _image_width(width, height)
        bars_width = width - image_width - _GAP
        picture = draw_image(image, palette, image_width, height, scale=pixel_scale(session))
        bars = draw_bars(session, palette, bars_width, min(data.y.shape[1], height))
        bars += Canvas(bars_width, max(1, height - len(bars)), palette).strips()[: height - len(bars)]
        gap = Canvas(_GAP, height, palette).strips()
        return [Strip.join(parts) for parts in zip(picture, gap, bars, strict=True)]
    image_height = _image_height(session, height)
    picture = draw_image(image, palette, width, image_height, scale=pixel_scale(session))
    return [*picture, *draw_bars(session, palette, width, height - image_height)][:height]


def sample_image_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """Return the input whose pixel, or the output whose bar is at (x, y)."""
    if _is_wide(width, height):
        image_width, image_height = _image_width(width, height), height
        left = image_width + _GAP
        if x >= left:
            bars = min(session.experiment.data.y.shape[1], height)
            return bar_at(session, palette, width - left, bars, x - left, y)
        if x >= image_width:
            return None
    else:
        image_width, image_height = width, min(height, _image_height(session, height))
        if y >= image_height:
            return bar_at(session, palette, width, height - image_height, x, y - image_height)
    shape = _image_shape(session)
    pixel = pixel_at(shape, palette, image_width, image_height, x, y)
    return None if pixel is None else Ref("x", 0, pixel[0] * shape[1] + pixel[1], 0, session.ref.sample)


def _is_wide(width: int, height: int) -> bool:
    return width >= 4 * height


def _image_width(width: int, height: int) -> int:
    """Return the cells of an image beside the bars; a line is as high as two cells are wide."""
    return min(width // 2, 2 * height)


def _image_height(session: Session, height: int) -> int:
    """Return the lines of an image above the bars."""
    bars: int = session.experiment.data.y.shape[1]
    return max(min(height // 2 + 1, _image_shape(session)[0]), height - bars - 1)


def draw_weights(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the first layer's weights, an image for each unit, and the scale."""
    images = _weight_images(session)
    unit = selected_unit(session)
    selected = unit[1] if unit is not None and unit[0] == 0 else None
    scale = scale_of(session, "w", 0)
    names = [f"{k + 1}/{len(images)}" for k in range(len(images))]
    strips = draw_images(list(images), palette, width, height - 1, scale=scale, names=names, selected=selected)
    return [*strips, *_scale_line(scale, palette, width)]


def weight_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """Return the weight whose pixel is at (x, y); for the name of a unit, its weight from the selected input."""
    shape, ref, unit = _image_shape(session), session.ref, selected_unit(session)
    if y >= height - 1:
        return None
    selected = unit[1] if unit is not None and unit[0] == 0 else 0
    hit = image_at(session.engine.sizes[1], shape, palette, width, height - 1, x, y, selected=selected)
    if hit is None:
        return None
    index, pixel = hit
    if pixel is None:
        return Ref("w", 0, index, ref.input if ref.is_weight and not ref.layer else 0, ref.sample)
    return Ref("w", 0, index, pixel[0] * shape[1] + pixel[1], ref.sample)


def draw_unit_image(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the selected first-layer unit's weights as an image, with its activation for the selected sample."""
    unit = selected_unit(session)
    if unit is None or unit[0] != 0:
        text = tr("Only the weights of layer 1 are images: the inputs of other layers are units. `[` goes to layer 1.")
        return draw_message(format_keys(text, session.key_labels), palette, width, height)
    image = _weight_images(session)[unit[1]]
    scale, shown = scale_of(session, "w", 0), None
    if has_predictions(session):
        row = session.data_row
        outputs = run_forward(session.engine, session.state, session.experiment.data.x[row : row + 1])[1]
        shown = float(outputs[0][0, unit[1]])
    activation: list[StyledText] = [(f"a{palette.glyphs.sub(1)}[{unit[1] + 1}] = ", palette.style("dim"))]
    if shown is None:
        activation.append((palette.glyphs.blank, palette.style("blank")))
    else:
        style = palette.number(shown, scale_of(session, "a", 0))
        activation.append((fmt(shown, 3, sign=False, glyphs=palette.glyphs), style))
    strips = draw_image(image, palette, width, height - 1, scale=scale)
    return [*strips, *_scale_line(scale, palette, width, activation)]


def unit_weight_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """Return the selected unit's weight whose pixel is at (x, y)."""
    shape, unit = _image_shape(session), selected_unit(session)
    if unit is None or unit[0] != 0:
        return None
    pixel = pixel_at(shape, palette, width, height - 1, x, y)
    return None if pixel is None else Ref("w", 0, unit[1], pixel[0] * shape[1] + pixel[1], session.ref.sample)


def _image_shape(session: Session) -> tuple[int, int]:
    shape = session.experiment.data.image_shape
    assert shape is not None
    return shape


def _weight_images(session: Session) -> Array:
    """Return the first layer's weights (units, rows, columns)."""
    return session.state.weights[0].reshape(-1, *_image_shape(session))


def _scale_line(
    scale: NumberScale, palette: Palette, width: int, activation: Sequence[StyledText] | None = None
) -> list[Strip]:
    """Return the legend of the weights, and the activation behind it."""
    canvas = Canvas(width, 1, palette)
    put_items(canvas, 0, 0, [scale_item(f"w{palette.glyphs.sub(1)}", scale, palette), activation or []])
    return canvas.strips()
