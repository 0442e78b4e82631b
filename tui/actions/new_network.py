"""The command that asks for a network of one's own and opens it."""

from __future__ import annotations

from nn_tui.core.preset.form import form_experiment
from nn_tui.tui.actions.saved_session import show_experiment
from nn_tui.tui.pipeline import SessionScreen


async def new_network(screen: SessionScreen) -> None:
    """Ask for a network and open it; what was typed is there again the next time."""
    # Imported here, because the start of the app waits for every import and this screen is seldom opened.
    from nn_tui.tui.screens.new_network import NewNetworkScreen

    await screen.pause()
    dialog = NewNetworkScreen(screen.network_form, form_experiment)
    experiment = await screen.ask(dialog)
    screen.network_form = dialog.form
    if experiment is not None:
        await screen.pause()
        show_experiment(screen, experiment)
