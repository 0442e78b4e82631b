"""The commands that run the session: run, faster, slower, play backwards, quit."""

from __future__ import annotations

from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.session import display


async def run(screen: SessionScreen) -> None:
    """Run, or pause."""
    await screen.run()


async def faster(screen: SessionScreen) -> None:
    """Run faster."""
    await screen.set_speed(lambda session: display.change_speed(session, 1))


async def slower(screen: SessionScreen) -> None:
    """Run slower."""
    await screen.set_speed(lambda session: display.change_speed(session, -1))


async def play_back(screen: SessionScreen) -> None:
    """Play backwards, or pause."""
    await screen.play_back()


async def quit_app(screen: SessionScreen) -> None:
    """Quit the app."""
    screen.stop_training()
    screen.app.exit()
