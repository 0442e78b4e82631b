"""Arrange the panels of a wide terminal by what each of them needs.

The needs come from the preset's network and data, and not from the pass, so a key press moves no panel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from textual.geometry import Region

_MIN_RIGHT_WIDTH, _MIN_RIGHT_SHARE = 24, 0.235  # cells, and of the width
_GOOD_RIGHT_WIDTH, _MAX_RIGHT_SHARE = 26, 0.36
_MAX_NETWORK_SPARE = 4  # cells that the edges of a narrow network get besides those that they need
_MIN_NETWORK_WIDTH, _MIN_NETWORK_SHARE = 26, 0.24
_USUAL_LAYER_WIDTH, _USUAL_LAYER_SHARE = 59, 0.5
_MIN_LOSS_LINES, _MIN_LOSS_SHARE = 8, 0.22  # lines, and of the height
_MIN_ARITHMETIC_LINES, _MIN_ARITHMETIC_SHARE = 8, 0.3
_MAX_LOWER_SHARE = 0.45
_MIN_CODE_WIDTH = 80  # cells
_MIN_LINES_ABOVE_NOTES = 4
_ENOUGH_SHARE = 0.8  # of the width at which every weight has room


@dataclass(frozen=True, slots=True)
class LayerPanelSize:
    """A width of the layer's panel, and the lines that it then needs, with the border.

    Attributes:
        width: The width.
        lines: The lines of all layers below each other.
        page_lines: The lines of the layer that needs the most, alone.
        has_all_columns: Whether it shows all columns of every matrix.
    """

    width: int
    lines: int
    page_lines: int
    has_all_columns: bool = True


@dataclass(frozen=True, slots=True)
class OutputNeed:
    """The width and the lines of the output's panel, with the border.

    Attributes:
        width: The width that it can fill.
        lines: The lines that it can fill; for a picture, the lines below the picture.
        is_picture: Whether it is a picture, which needs as many lines as it is wide.
        narrow_lines: The lines that it can fill if it is narrower than ``width``, if they are more.
    """

    width: int
    lines: int
    is_picture: bool = False
    narrow_lines: int = 0

    def lines_in(self, width: int) -> int:
        """Return the lines that it can fill if it gets at most ``width`` cells."""
        return max(self.lines, self.narrow_lines) if width < self.width else self.lines


@dataclass(frozen=True, slots=True)
class PanelNeeds:
    """The needs of the panels, in cells and lines with the border.

    Attributes:
        network: The width at which every weight has room on its edge.
        narrow_network: The width from which the weights into a unit have room below each other; 0 for none.
        layer: Possible sizes of the layer's panel, the narrowest first.
        output: The size of the output's panel.
        arithmetic: The lines of the longest explanation.
        loss: The width of the table of two runs that are compared; 0 for one run.
        notes: The lines that the arithmetic must have for notes, as far as the panels above keep a few; 0 for none.
    """

    network: int
    layer: tuple[LayerPanelSize, ...]
    output: OutputNeed
    arithmetic: int
    loss: int = 0
    notes: int = 0
    narrow_network: int = 0


def arrange_panels(needs: PanelNeeds, width: int, height: int) -> Mapping[str, Region]:
    """Return where each view stands in an area of at least 100 by 15 cells.

    The network and the layer stand above the arithmetic, and the output above the loss. The output and the loss are a
    column of the whole height; if they need only the height of the arithmetic, the network reaches above them, where it
    has room for its weights. If the loss needs to be wider than the output, it stands beside the arithmetic alone.
    """
    min_network = max(_MIN_NETWORK_WIDTH, round(_MIN_NETWORK_SHARE * width))
    ideal_network = max(min_network, needs.network)
    min_right = max(_MIN_RIGHT_WIDTH, round(_MIN_RIGHT_SHARE * width))
    min_loss = max(_MIN_LOSS_LINES, round(_MIN_LOSS_SHARE * height))
    usual, output = min(_USUAL_LAYER_WIDTH, round(_USUAL_LAYER_SHARE * width)), needs.output.lines_in(width // 3)
    below = max(needs.arithmetic, output + _MIN_LOSS_LINES)
    if not needs.output.is_picture and below <= _MAX_LOWER_SHARE * height:
        widths = _LayerWidths(usual, width - ideal_network, width - min_network)
        layer, upper = _divide(needs, height, (below,), widths)
        if width - layer >= _ENOUGH_SHARE * ideal_network:
            upper = leave_notes(upper, height, needs.notes)
            right = max(min_right, min(needs.output.width, width // 3))
            return _regions(width, height, width, upper, layer, right, upper, output)
    room = width - _MIN_RIGHT_WIDTH - needs.narrow_network
    whole_layer = next((size.width for size in needs.layer if size.has_all_columns), width)
    if needs.narrow_network > min_network and room >= whole_layer:
        usual = min(usual, room)
        spare = width - usual - _GOOD_RIGHT_WIDTH - needs.narrow_network
        min_network = needs.narrow_network + max(0, min(_MAX_NETWORK_SPARE, spare))
        min_right = min(min_right, width - usual - min_network)
    min_below = min(needs.arithmetic, max(_MIN_ARITHMETIC_LINES, round(_MIN_ARITHMETIC_SHARE * height)))
    widths = _LayerWidths(usual, width - min_right - ideal_network, width - min_right - min_network)
    layer, upper = _divide(needs, height, (needs.arithmetic, min_below), widths)
    upper = leave_notes(upper, height, needs.notes)
    widest = needs.output.width
    if needs.output.is_picture:
        widest = 2 * (height - min_loss - output)
    right = max(min_right, min(widest, round(_MAX_RIGHT_SHARE * width), width - layer - ideal_network))
    if min(needs.loss, width // 3) > right:
        return _rows(width, height, upper, layer, right, min(needs.loss, width // 3))
    output = min(height - min_loss, output + (right // 2 if needs.output.is_picture else 0))
    return _regions(width, height, width - right, upper, layer, right, 0, output)


def show_code(regions: Mapping[str, Region]) -> Mapping[str, Region]:
    """Return the regions with the code in the place of the network; in that of the layer too if that is too narrow."""
    network, layer = regions["network"], regions["layer"]
    has_room = network.width >= _MIN_CODE_WIDTH
    places = {name: region for name, region in regions.items() if name != "network" and (has_room or name != "layer")}
    return places | {"code": network if has_room else network.union(layer)}


def leave_notes(upper: int, height: int, notes: int) -> int:
    """Return the lines above the arithmetic, fewer than ``upper`` if notes need the room."""
    return min(upper, max(_MIN_LINES_ABOVE_NOTES, height - notes))


@dataclass(frozen=True, slots=True)
class _LayerWidths:
    """Limits of the width of the layer's panel.

    Attributes:
        usual: The width that it has in any case, if it can fill that.
        wide: The width up to which it may be wider than it must be, to need fewer lines.
        max: The greatest width.
    """

    usual: int
    wide: int
    max: int


def _divide(needs: PanelNeeds, height: int, lines_below: tuple[int, ...], limits: _LayerWidths) -> tuple[int, int]:
    """Choose the width of the layer's panel and its lines.

    It shows all layers if they have room, and otherwise at least one layer as a whole. Lines that it does not need are
    shared with the panels below.

    Args:
        needs: The needs of the panels.
        height: The lines of the layer and the panels below together.
        lines_below: The lines below the layer that the panels there can fill; then those that they must have.
        limits: The limits of the width.
    """
    widest = max((size.width for size in needs.layer), default=0)
    usual = min(widest, limits.usual, limits.max)
    sizes = [replace(size, width=max(size.width, usual)) for size in needs.layer if size.width <= limits.max]
    for lines in lines_below:
        fitting = [size for size in sizes if size.lines <= height - lines]
        if fitting:
            chosen = _widest(fitting, limits.wide)
            return chosen.width, height - lines - (height - lines - chosen.lines) // 2
    for lines in lines_below:
        fitting = [size for size in sizes if size.page_lines <= height - lines]
        if fitting:
            chosen = _widest(fitting, limits.wide)
            return chosen.width, max(chosen.page_lines, height - lines_below[0])
    return limits.max, height - lines_below[-1]  # the panel scrolls


def _widest(sizes: Sequence[LayerPanelSize], limit: int) -> LayerPanelSize:
    """Return the widest of the sizes that are at most ``limit`` wide; the first one if all are wider."""
    return max((size for size in sizes if size.width <= limit), key=lambda size: size.width, default=sizes[0])


def _regions(
    width: int, height: int, top_width: int, upper: int, layer: int, right: int, right_top: int, output: int
) -> Mapping[str, Region]:
    """Return the regions of the views.

    Args:
        width: The width of the area.
        height: The height of the area.
        top_width: The width of the network and the layer together.
        upper: The lines of the network and the layer.
        layer: The width of the layer.
        right: The width of the output and the loss.
        right_top: The line in which the output begins.
        output: The lines of the output.
    """
    network = top_width - layer
    return {
        "network": Region(0, 0, network, upper),
        "layer": Region(network, 0, layer, upper),
        "arithmetic": Region(0, upper, width - right, height - upper),
        "output": Region(width - right, right_top, right, output),
        "loss": Region(width - right, right_top + output, right, height - right_top - output),
    }


def _rows(width: int, height: int, upper: int, layer: int, output: int, loss: int) -> Mapping[str, Region]:
    """Return the regions of two rows: network, layer and output above arithmetic and loss."""
    network = width - output - layer
    return {
        "network": Region(0, 0, network, upper),
        "layer": Region(network, 0, layer, upper),
        "output": Region(network + layer, 0, output, upper),
        "arithmetic": Region(0, upper, width - loss, height - upper),
        "loss": Region(width - loss, upper, loss, height - upper),
    }
