"""The commands that open a page over the main screen, and those on the screen itself: copy, colours, screenshot."""

from __future__ import annotations

import shlex
from pathlib import Path

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.lesson.index import lessons_about
from nn_tui.core.saved.atomic_write import write_atomically
from nn_tui.core.text import path_from_home, printable
from nn_tui.core.translation import Message, message
from nn_tui.tui.actions import editing, lesson
from nn_tui.tui.config.files import unused_path
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.screens.help import Help, LessonOffer
from nn_tui.tui.screens.text import EditableTextScreen
from nn_tui.tui.session.moment import moment_line
from nn_tui.tui.session.session import with_message
from nn_tui.tui.views import code_moves, details
from nn_tui.tui.views.clipboard import clipboard_text
from nn_tui.tui.widgets.theme import Recolor


async def inspect(screen: SessionScreen) -> None:
    """Show everything about the selected number; after a question of a lesson, go on as in the practice mode."""
    await screen.pause()
    session = screen.session
    if session.lesson is not None and (session.lesson.is_at_end or session.lesson.outcome is not None):
        await lesson.next_step(screen)
        return
    fold = code_moves.selected_fold(session) if session.tab == "code" else None
    if fold is not None:
        screen.apply_view_move(lambda s: code_moves.click_line(s, fold))
        return
    screen.app.push_screen(
        EditableTextScreen(
            details.title(session),
            lambda width: details.document(session, screen.palette, width),
            lambda: screen.run_worker(editing.edit(screen)),
        )
    )


async def show_help(screen: SessionScreen) -> None:
    """Show the keys, with a lesson about the selected number if there is one."""
    ref = screen.session.ref
    place = next(iter(lessons_about(ref.quantity)), None)
    if place is None:
        screen.app.push_screen(Help(screen.palette, screen.session.key_labels))
        return
    offer = LessonOffer(ref.symbol, place.lesson.title, lambda: screen.run_worker(lesson.open_place(screen, place)))
    screen.app.push_screen(Help(screen.palette, screen.session.key_labels, offer))


async def landscape(screen: SessionScreen) -> None:
    """Show the loss around the parameters."""
    await screen.pause()
    # Imported here, because the start of the app waits for every import and this screen is seldom opened.
    from nn_tui.tui.screens.landscape import LandscapeScreen

    screen.app.push_screen(LandscapeScreen(screen.session, screen.palette))


async def next_colors(screen: SessionScreen) -> None:
    """Take the next palette."""
    name = PALETTES[(PALETTES.index(screen.palette.name) + 1) % len(PALETTES)]
    screen.post_message(Recolor(name))


async def copy(screen: SessionScreen) -> None:
    """Copy the arithmetic or the matrix."""
    await screen.pause()
    description: Message | str
    description, text = clipboard_text(screen.session)
    if text:
        screen.app.copy_to_clipboard(text)
        if screen.session.tab == "code":
            description = message(
                "{text}: sent to the clipboard, if your terminal lets programs copy. `x` writes it to a file.",
                text=description,
            ).or_shorter(message("{text}: copied. If it was not: `x` writes it to a file.", text=description))
        else:
            description = message(
                "{text}: sent to the clipboard. If nothing was copied, your terminal does not support OSC 52.",
                text=description,
            ).or_shorter(message("{text}: copied, if your terminal supports OSC 52.", text=description))
    screen.show(with_message(screen.session, description))


async def copy_moment(screen: SessionScreen) -> None:
    """Copy the command line that opens the moment on screen."""
    await screen.pause()
    try:
        moment = moment_line(screen.session)
    except InputError as error:
        text = message("No command line opens this moment: {problem}", problem=error.problem)
    else:
        line = shlex.join(["nn-tui", *moment.arguments])
        screen.app.copy_to_clipboard(line)
        text = message("Copied: {line}", line=line)
        if moment.files:
            file = printable(moment.files[0])
            text = message("Copied. Send {file} too, and run this in its folder: {line}", file=file, line=line)
        if len(moment.files) > 1:
            data = printable(moment.files[1])
            text = message(
                "Copied. Send {file} and {data} too, and run this in their folder: {line}",
                file=file, data=data, line=line,
            )  # fmt: skip
    screen.show(with_message(screen.session, text))


async def screenshot(screen: SessionScreen) -> None:
    """Write a picture of the screen into the current folder."""
    session = screen.session
    stem = f"nn-tui-{session.experiment.preset.id}-update-{session.updates_done}"
    try:
        path = unused_path(Path.cwd(), stem, ".svg")
        write_atomically(path, screen.app.export_screenshot(title=f"nn-tui: {session.experiment.preset.title}"))
    except OSError as error:
        text = message("No picture: the current folder cannot be written to: {reason}.", reason=os_error_reason(error))
        screen.show(with_message(session, text))
        return
    screen.show(with_message(session, message("Picture written: {path}", path=path_from_home(path))))
