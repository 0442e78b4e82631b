"""The command that predicts a row which a person types."""

from __future__ import annotations

from nn_tui.tui.pipeline import SessionScreen


async def predict(screen: SessionScreen) -> None:
    """Open the dialog in which a row is typed and predicted."""
    # Imported here, because the start of the app waits for every import and this screen is seldom opened.
    from nn_tui.tui.screens.predict import PredictScreen

    await screen.pause()
    await screen.ask(PredictScreen(screen.session, screen.palette))
