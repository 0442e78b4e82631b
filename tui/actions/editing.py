"""The dialogs that make another run: edit the run on screen, compare it with one that differs."""

from __future__ import annotations

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.edits.examples import edits_for
from nn_tui.core.edits.parser import apply_edit, complete_edit
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from nn_tui.core.text import plain_number
from nn_tui.core.translation import message, tr
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.screens.edit import EditPrompt
from nn_tui.tui.session import branches, overlay
from nn_tui.tui.session.run_names import run_label
from nn_tui.tui.session.session import Session

_ABOUT = {
    "w": message("Type a number for this weight, or a letter for another change."),
    "b": message("Type a number for this bias, or a letter for another change."),
    "x": message("Type a number for this input, or a letter for another change."),
    "y": message("Type a number for this target, or a letter for another change."),
}
_ABOUT_OTHERS = message("Write a line like those below, with your own numbers.")


async def edit(screen: SessionScreen) -> None:
    """Ask for an edit and apply it at the cursor."""
    await screen.pause()
    session = screen.session
    done, row = session.updates_done, session.data_row

    def attempt(text: str) -> Run:
        return _edited_run(session, text, row)

    number = branches.editable_number(session)
    about = _ABOUT_OTHERS if number is None else _ABOUT[number.quantity]
    if number is None or number.quantity in ("x", "y"):
        about = message(
            "{about} x and y are those of sample {sample} of the training data.", about=about, sample=row + 1
        )
    data = session.experiment.data
    if (number is None or number.quantity == "y") and has_standardized_targets(data):
        unit = 0 if number is None else number.unit
        about = message(
            "{about} Targets are standardised: write (target − {mean}) / {deviation}.",
            about=about,
            mean=plain_number(float(data.y_mean[unit])),
            deviation=plain_number(float(data.y_scale[unit])),
        )
    title = tr("Change something after update {update:,}", update=done)
    value = branches.selection_as_edit(session)
    prompt = EditPrompt(
        title,
        str(about),
        attempt,
        value,
        lambda text: complete_edit(text, session.run, done),
        edits=edits_for(session.engine.sizes),
        is_low=session.lesson is not None,
    )
    run = await screen.ask(prompt)
    if run is None:
        return
    await screen.pause()
    screen.show(branches.show_edited(session, run))


def _edited_run(session: Session, text: str, row: int) -> Run:
    """Return the run on screen with the edit that ``text`` describes.

    Raises:
        InputError: If the text is no edit, or the run has diverged at the cursor.
    """
    divergence = session.run.divergence
    if divergence is not None and session.updates_done >= divergence.update:
        problem = message(
            "the run has diverged here; close this, go back some passes ({key}), and change it there.",
            key=format_keys("`p`", session.key_labels),
        )
        raise InputError("diverged", problem, value=divergence)
    return apply_edit(text, session.run, session.updates_done, row)


async def compare(screen: SessionScreen) -> None:
    """Compare with a run that differs in one thing, or end the comparison."""
    await screen.pause()
    session = screen.session
    if session.overlaid:
        screen.show(overlay.end_overlay(session))
        return
    if session.other is not None:
        screen.show(branches.stop_comparing(session))
        return
    row = session.data_row
    previous = session.runs[session.active - 1]
    has_others = len(session.runs) > 1

    def attempt(text: str) -> Run:
        if has_others and not text.strip():
            return previous
        return apply_edit(text, session.run, 0, row)

    about = tr("Which setting should differ from the start? Both runs then train together.")
    if has_others:
        about += " " + tr("An empty line compares with the run before: {name}.", name=run_label(previous))
    title = tr("Compare with a run that differs")
    prompt = EditPrompt(title, about, attempt, complete=lambda text: complete_edit(text, session.run, 0))
    other = await screen.ask(prompt)
    if other is None:
        return
    await screen.pause()
    screen.show(branches.compare(screen.session, other))
