"""The commands on kept sessions, and opening a preset or a file, which keeps the session on screen first."""

from __future__ import annotations

import os
from dataclasses import replace

from nn_tui.core.errors import InputError
from nn_tui.core.preset.warnings import experiment_warnings
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import Message, message
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.saved.auto_saver import not_saved_message
from nn_tui.tui.saved.offers import offer_message, other_window_message, welcome_back
from nn_tui.tui.saved.opened import record_opened
from nn_tui.tui.saved.readers import open_any
from nn_tui.tui.saved.session_store import SessionInfo, left_out_summary, no_session_message
from nn_tui.tui.session import stepping
from nn_tui.tui.session.document import is_as_opened, is_worth_saving, with_unsaved_work
from nn_tui.tui.session.presenting import start_presenting
from nn_tui.tui.session.session import Session, new_session, show_notes, with_message


async def previous_stop(screen: SessionScreen) -> None:
    """Go to the stop before; as the first key, resume the kept session that was offered."""
    offer, session = screen.offer, screen.session
    if session.practice is None:
        is_at_start = session.cursor == 0 and not is_worth_saving(session)
    else:
        is_at_start = session.practice.question is None and not session.practice.is_begun
    if offer is not None and (is_at_start if session.document is None else is_as_opened(session)):
        screen.offer = None
        await _resume_or_offer(screen, offer)
    else:
        await screen.apply_move(stepping.previous_stop)


async def _resume_or_offer(screen: SessionScreen, offer: SessionInfo) -> None:
    """Resume a session; if it is damaged, offer the next one."""
    before = screen.session
    await resume(screen, offer)
    if screen.auto_saver is None or screen.session.run is not before.run:
        return
    sessions, _ = screen.auto_saver.find_sessions()
    if sessions:
        screen.offer = sessions[0]
        screen.show(with_message(screen.session, f"{screen.session.message} {offer_message(sessions[0])}"))


async def resume_newest(screen: SessionScreen) -> None:
    """Resume the newest kept session."""
    if screen.auto_saver is None:
        screen.show(with_message(screen.session, message("Sessions are not kept: this is switched off.")))
        return
    sessions, notices = screen.auto_saver.find_sessions()
    if not sessions:
        none = message("No other session is kept.")
        text = no_session_message(screen.auto_saver.folder, notices) if notices else none
        screen.show(with_message(screen.session, text))
    elif await _save_current(screen):
        loaded, damaged = screen.auto_saver.load_first(sessions, screen.session.key_labels)
        _show_resumed(screen, loaded, left_out_summary(screen.auto_saver.folder, [*notices, *damaged]))


async def resume(screen: SessionScreen, saved: SessionInfo) -> None:
    """Keep the session on screen and resume another one; if that fails, nothing changes."""
    if screen.auto_saver is None or not await _save_current(screen):
        return
    try:
        _show_resumed(screen, (saved, screen.auto_saver.load(saved, screen.session.key_labels)))
    except InputError as error:
        _show_resumed(screen, None, str(error))


async def _save_current(screen: SessionScreen) -> bool:
    """Pause and keep the session on screen; return False, with a message, if that fails."""
    await screen.pause()
    if screen.auto_saver is None or screen.auto_saver.save(screen.session):
        return True
    screen.show(with_message(screen.session, not_saved_message(screen.auto_saver.problem)))
    return False


def _show_resumed(screen: SessionScreen, loaded: tuple[SessionInfo, Session] | None, problem: str = "") -> None:
    """Show a resumed session, if there is one, and the message about damaged ones."""
    screen.offer = None
    if loaded is None:
        screen.show(with_message(screen.session, problem))
        return
    saved, session = loaded
    document = screen.session.document
    if document is not None and document.saved_at == saved.document_saved_at:
        session = with_unsaved_work(replace(session, document=document))
    screen.show(with_message(session, f"{welcome_back(saved, session)} {problem}".rstrip()))


async def open_preset(screen: SessionScreen, name: str) -> None:
    """Open a preset by id or a file; if it is invalid, show why and keep the run on screen."""
    await screen.pause()
    try:
        opened = open_any(name)
    except InputError as error:
        screen.show(with_message(screen.session, str(error)))
        return
    if isinstance(opened, Session):
        _show_document(screen, opened)
    else:
        show_experiment(screen, opened)


def _show_document(screen: SessionScreen, session: Session) -> None:
    text = keep_session(screen, session.experiment.preset.id)
    if screen.auto_saver is not None and session.document is not None:
        is_alone = screen.auto_saver.lock_document(session.document.path)
        text = text if is_alone else other_window_message()
    screen.show(with_message(replace(session, key_labels=screen.session.key_labels), text))


def keep_session(screen: SessionScreen, preset: str) -> Message | str:
    """Keep the session before another one replaces it; return a sentence if that fails."""
    screen.offer = None
    if screen.auto_saver is None:
        return ""
    is_saved = screen.auto_saver.save(screen.session)
    screen.auto_saver.close()
    record_opened(os.environ, preset)
    if is_saved:
        return ""
    return message("The previous session is not kept: {problem}", problem=screen.auto_saver.problem)


def show_experiment(screen: SessionScreen, experiment: Experiment) -> None:
    """Keep the session and show another experiment from its start, with the same view settings; a lesson goes on."""
    old = screen.session
    text = keep_session(screen, experiment.preset.id) or next(iter(experiment_warnings(experiment)), "")
    fresh = new_session(
        experiment,
        digits=old.digits,
        zoom=old.zoom,
        tab=old.tab,
        maximised=old.maximised and not old.overlaid,  # an overlay fills the screen
        log=old.log,
        swapped=old.swapped,
        chart=old.chart,
        recent=old.recent,
        output_view=old.output_view,
        speed=old.speed,
        key_labels=old.key_labels,
    )
    if old.is_presented:
        fresh = start_presenting(fresh)
    away = None if old.lesson is None else replace(old.lesson, is_typing=False)
    fresh = replace(fresh, message=text, lesson=away)
    screen.show(fresh if fresh.is_presented else show_notes(fresh))
