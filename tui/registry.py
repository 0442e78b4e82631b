"""The views by name, in the order of their tabs and keys, and the moves that show one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nn_tui.core.translation import message
from nn_tui.tui.session.session import Session
from nn_tui.tui.view import View
from nn_tui.tui.views import chart_panel, code, layer, network, presenter
from nn_tui.tui.views.asking import hidden_while_asking, key_while_asking, title_while_asking
from nn_tui.tui.views.output import panel as output

VIEWS: Mapping[str, View] = {
    "network": View(
        label=message("Network"),
        help=message("Show the network."),
        about=message(
            "Units and edges; width and colour by weight, after backward by gradient. Click a unit to select it."
        ),
        draw=network.draw,
        title=network.title,
        click=network.click,
        tip=network.tip,
    ),
    "layer": View(
        label=message("Layer"),
        help=message("Show the layer's matrices."),
        about=message("Every matrix of one layer, as far as this pass has computed it. Click a number to select it."),
        draw=layer.draw,
        title=layer.title,
    ),
    "arithmetic": View(
        label=message("Arithmetic"),
        help=message("Show the arithmetic."),
        about=message("The formula of the selected number, first in symbols and then in numbers."),
        draw=presenter.draw,
        title=presenter.title,
        click=presenter.click,
        is_alone=True,
    ),
    "output": View(
        label=message("Output"),
        help=message("Show the output."),
        about=message("Predictions beside their targets. Click a sample, a bar or a pixel to select it."),
        draw=hidden_while_asking(output.draw),
        title=title_while_asking(output.title, message("Output")),
        cache_key=key_while_asking(output.cache_key),
        click=output.click,
    ),
    "loss": View(
        label=message("Loss"),
        help=message("Show the loss plot."),
        about=message("The loss over the run."),
        draw=hidden_while_asking(chart_panel.draw),
        title=title_while_asking(chart_panel.title, message("Loss")),
        cache_key=key_while_asking(chart_panel.cache_key),
        is_alone=True,
    ),
    "code": View(
        label=message("Code"),
        help=message("Show the program of this pass."),
        about=message("The program that computes this pass. Click a line to select its number."),
        draw=code.draw,
        title=code.title,
        is_alone=True,
        is_on_demand=True,
    ),
}

TABS: tuple[str, ...] = tuple(VIEWS)


def show_view(session: Session, name: str) -> Session:
    """Choose a view."""
    return replace(session, tab=name, message="")


def show_next_view(session: Session) -> Session:
    """Choose the next view."""
    return show_view(session, TABS[(TABS.index(session.tab) + 1) % len(TABS)])
