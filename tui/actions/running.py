"""The commands that run the session: run, faster, slower, play backwards, quit."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.lesson.condition import Condition
from nn_tui.core.translation import message
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.session import display, hints, timeline
from nn_tui.tui.session.session import Move, with_message


async def run(screen: SessionScreen) -> None:
    """Run, or pause."""
    async with screen.paused() as before:
        if not before.running:
            start_running(screen)


async def faster(screen: SessionScreen) -> None:
    """Run faster."""
    await set_speed(screen, lambda session: display.change_speed(session, 1))


async def slower(screen: SessionScreen) -> None:
    """Run slower."""
    await set_speed(screen, lambda session: display.change_speed(session, -1))


async def play_back(screen: SessionScreen) -> None:
    """Play backwards, or pause."""
    async with screen.paused() as before:
        if before.playing_back:
            return
        if timeline.at_start(screen.session):
            screen.show(with_message(screen.session, message("This is the start: there is nothing to play back.")))
        else:
            start_playing_back(screen)


async def set_speed(screen: SessionScreen, move: Move) -> None:
    """Apply a move that changes the speed; if the session is running, it goes on in the same direction."""
    async with screen.paused() as before:
        screen.show(move(screen.session))
        if before.running:
            text = screen.session.message
            start_playing_back(screen) if before.playing_back else start_running(screen, before.target, before.goal)
            if screen.session.running:  # otherwise the message that it diverged matters more than the speed
                screen.show(with_message(screen.session, text))


def start_running(screen: SessionScreen, target: int | None = None, goal: Condition | None = None) -> None:
    """Start running at the session's speed, or at full speed to update ``target`` or until ``goal`` holds."""
    session = screen.session
    divergence = session.run.divergence
    if divergence and session.updates_done >= divergence.update:
        screen.show(with_message(session, hints.hint(session)))
        return
    screen.show(replace(session, running=True, target=target, goal=goal, message=""))
    screen.trainer.start(screen.session)


def start_playing_back(screen: SessionScreen) -> None:
    """Start playing backwards at the session's speed; it ends at the start of the run."""
    screen.show(replace(screen.session, running=True, playing_back=True, message=""))
    screen.trainer.start(screen.session)


async def quit_app(screen: SessionScreen) -> None:
    """Quit the app."""
    screen.request_stop()
    screen.app.exit()
