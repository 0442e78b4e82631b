"""The first rows of a table of pixels as images."""

from __future__ import annotations

import numpy as np
from textual.strip import Strip

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.translation import tr
from nn_tui.tui.draw.images import draw_images, images_that_fit
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.table_review import TableReview


def is_image(review: TableReview, line: int) -> bool:
    """Return whether a line of the list of columns shows the pixels of an image."""
    return len(review.groups[line]) > 1


def draw_first_images(review: TableReview, line: int, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the images of the first rows side by side, each below the value of its target."""
    group, shape = review.groups[line], review.plan.image_shape
    rows = review.table.first_rows
    count = 1 if shape is None else min(len(rows), images_that_fit(shape, palette, width, height))
    numbers = [review.table.columns[index].numbers for index in group]
    pixels = np.array([column[:count] for column in numbers if column is not None])
    target = review.target
    names = [tr("{name} = {value}", name=review.plan.target.name, value=row[target]) for row in rows[:count]]
    limit = float(np.nanmax(np.abs(pixels), initial=0.0))
    scale = NumberScale("diverging" if bool((pixels < 0).any()) else "sequential", limit)
    images = list(pixels.T.reshape(-1, *(shape or (1, len(group)))))
    return draw_images(images, palette, width, height, names=names, scale=scale)
