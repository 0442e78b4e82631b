"""The commands that run the session: run, faster, slower, play backwards, quit."""

from __future__ import annotations

from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.session import display


async def run(screen: SessionScreen) -> None:
    """Run, or pause."""
    if screen.session.running:
        await screen.pause()
    else:
        await screen.compared_run.stop()  # the training takes over the run compared with
        screen.start_running()


async def faster(screen: SessionScreen) -> None:
    """Run faster."""
    await screen.set_speed(lambda session: display.change_speed(session, 1))


async def slower(screen: SessionScreen) -> None:
    """Run slower."""
    await screen.set_speed(lambda session: display.change_speed(session, -1))


async def play_back(screen: SessionScreen) -> None:
    """Play backwards, or pause."""
    was_playing = screen.session.playing_back
    await screen.pause()
    if not was_playing:
        screen.start_playing_back()


async def quit_app(screen: SessionScreen) -> None:
    """Quit the app."""
    screen.stop_training()
    screen.app.exit()
