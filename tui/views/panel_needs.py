"""The sizes that the panels of a session can fill, from its network, its data and its batch."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from dataclasses import replace
from itertools import pairwise

from nn_tui.core.data.labels import input_labels, unit_labels
from nn_tui.core.refs import Ref
from nn_tui.tui.draw.edge_labels import MIN_LABELLED_GAP
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.session.session import Session, select
from nn_tui.tui.views.arrangement import LayerPanelSize, OutputNeed, PanelNeeds
from nn_tui.tui.views.layer import layer_sizes
from nn_tui.tui.views.network import has_small_integer_inputs
from nn_tui.tui.views.output.output_views import available_views
from nn_tui.tui.views.output.table import MAX_TABLE_ROWS

_BORDER = 2  # cells and lines of the two borders of a panel
_DIGITS = 3  # so that a number has 7 cells whatever its value, enough for 4 decimals if it is below 10
_MAX_LAYER_WIDTH = 200  # cells; a wider panel needs about as many lines
_MIN_LAYER_WIDTH, _NUMBER_WIDTH = 40, 8  # the widths that are tried differ by a number
_UNIT_WIDTH, _LABELLED_GAP = 9, 18  # cells of a unit with its value, and of edges with their values
_INTEGER_INPUT_WIDTH, _SMALL_INPUT_WIDTH, _SMALL_UNIT_WIDTH = 3, 6, 7  # cells of an input, and of a unit
_MAX_STACKED_EDGES = 16  # between two layers
_COLUMN_WIDTH = 9  # cells of a column of a table
_MAX_SAMPLE_LINES = 4  # lines of an explanation that each show one sample
_SUMMARY_LINES = 6  # lines of the summary below an explanation
_COMPARISON_WIDTH = 60  # cells of the table of two runs
_CONFUSION_LINES = 7  # lines of a confusion matrix beside those of its classes
_MIN_TABLE_ROWS = 3  # samples of a large data set below a picture


def needs_key(session: Session) -> Hashable:
    """Return the values that the needs depend on: a key press that keeps them moves no panel."""
    data, engine = session.experiment.data, session.engine
    names = tuple(activation.name for activation in engine.activations)
    network = engine.sizes, names, engine.optimizer.slots, engine.loss.name
    labels = input_labels(data), unit_labels(data)
    return *network, *labels, _output_need(session), _batch_size(session), _compares(session)


def _compares(session: Session) -> bool:
    """Return whether the panel of the loss has the table of several runs."""
    return session.other is not None or bool(session.overlaid)


def panel_needs(session: Session, glyphs: Glyphs) -> PanelNeeds:
    """Return the needs of a session's panels; they depend on no number of a pass."""
    count = len(session.engine.sizes)
    samples = min(_batch_size(session), _MAX_SAMPLE_LINES)
    return PanelNeeds(
        network=count * _UNIT_WIDTH + (count - 1) * _LABELLED_GAP + _BORDER,
        layer=tuple(_layer_panel_sizes(session, glyphs)),
        narrow_network=_narrow_network(session),
        output=_output_need(session),
        arithmetic=_BORDER + 3 + samples + _SUMMARY_LINES,
        loss=_COMPARISON_WIDTH if _compares(session) else 0,
    )


def _narrow_network(session: Session) -> int:
    """Return the width from which the weights have room below each other; 0 if a layer has too many for that."""
    sizes = session.engine.sizes
    if any(inputs * units > _MAX_STACKED_EDGES for inputs, units in pairwise(sizes)):
        return 0
    gaps = len(sizes) - 1
    inputs = _INTEGER_INPUT_WIDTH if has_small_integer_inputs(session.experiment.data) else _SMALL_INPUT_WIDTH
    return _SMALL_UNIT_WIDTH * gaps + inputs + MIN_LABELLED_GAP * gaps + _BORDER


def _batch_size(session: Session) -> int:
    """Return the samples of a whole batch."""
    rows = len(session.experiment.data.x)
    return min(rows, session.experiment.training.batch_size or rows)


def _layer_panel_sizes(session: Session, glyphs: Glyphs) -> Iterator[LayerPanelSize]:
    """Yield sizes of the layer's panel from the narrowest on, each with fewer lines than the one before."""
    session = replace(session, digits=_DIGITS, batch=False)
    sizes, activations = session.engine.sizes, session.engine.activations
    last = len(sizes) - 2
    kinds = [(sizes[k], sizes[k + 1], k == 0, k == last, activations[k].name) for k in range(last + 1)]
    samples = {kind: select(session, Ref("w", layer, 0, 0)) for layer, kind in enumerate(kinds)}
    widths = range(_MIN_LAYER_WIDTH, _MAX_LAYER_WIDTH, _NUMBER_WIDTH)
    sizes_of = {kind: list(layer_sizes(sample, glyphs, widths)) for kind, sample in samples.items()}
    min_lines = min_page_lines = math.inf
    for content_width, *layers in zip(widths, *(sizes_of[kind] for kind in kinds), strict=True):
        lines, page_lines = sum(each.lines for each in layers), max(each.lines for each in layers)
        if lines < min_lines or page_lines < min_page_lines:
            min_lines, min_page_lines = min(lines, min_lines), min(page_lines, min_page_lines)
            needed = min(content_width, max(each.width for each in layers))
            has_all_columns = all(each.has_all_columns for each in layers)
            yield LayerPanelSize(needed + _BORDER, lines + _BORDER, page_lines + _BORDER, has_all_columns)


def _output_need(session: Session) -> OutputNeed:
    """Return the needs of the output view that suits the data best."""
    data = session.experiment.data
    rows, outputs = data.y.shape
    inputs = data.points.shape[1]
    fills = next(iter(available_views(session).values())).fills
    if fills == "all":
        return OutputNeed(10**4, 10**4)
    if fills in ("picture", "curve"):
        table = 0 if fills == "curve" else 2 + (rows if rows <= MAX_TABLE_ROWS else _MIN_TABLE_ROWS)
        return OutputNeed(0, _BORDER + 2 + table, is_picture=True)
    if fills == "bars":  # a bar for each class, and their confusion matrix
        return OutputNeed(_COLUMN_WIDTH * (outputs + 2), _BORDER + 2 * outputs + _CONFUSION_LINES)
    columns = inputs + 2 * outputs + (outputs == 1)
    table_width = columns * _COLUMN_WIDTH + 2 + _BORDER
    return OutputNeed(table_width, _BORDER + 1 + rows, narrow_lines=_BORDER + 1 + rows * outputs)
