"""A view of the session, and a click into it. The registry of views is in ``registry``."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from textual.strip import Strip

from nn_tui.core.translation import Message
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session


@dataclass(frozen=True, slots=True)
class Click:
    """A point in the content of a view that was clicked, or that the mouse pointer is on.

    Attributes:
        palette: The colours and characters of the view.
        width: The cells of a line of the content.
        height: The lines of the content.
        x: The column, from 0.
        y: The line, from 0.
        sizes: The width and height of every view, by its name; unknown for a tooltip.
    """

    palette: Palette
    width: int
    height: int
    x: int
    y: int
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """A view.

    Attributes:
        label: Its name in the tab bar.
        help: The sentence about the key that shows it.
        about: The tooltip of its border, below the title.
        draw: Draws the lines of a session at a width and a height.
        title: Returns the title in its border.
        cache_key: Returns, for a height, a value that changes whenever the lines would change; None to draw for every
            session.
        click: Returns the session after a click; None if clicks have no effect.
        tip: Returns the tooltip for a point; None if there are no tooltips.
        is_alone: Whether a narrow terminal shows it without the arithmetic below it.
        is_on_demand: Whether a wide terminal shows it only while it is chosen, in the place of other views.
    """

    label: Message
    help: Message
    about: Message
    draw: Callable[[Session, Palette, int, int], list[Strip]]
    title: Callable[[Session, Palette], str]
    cache_key: Callable[[Session, int], Hashable] | None = None
    click: Callable[[Session, Click], Session] | None = None
    tip: Callable[[Session, Click], str | None] | None = None
    is_alone: bool = False
    is_on_demand: bool = False
