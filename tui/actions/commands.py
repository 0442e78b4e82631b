"""What the keys do whose action is more than one move of the session, by the name of the action."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial

from nn_tui.tui.actions import dialogs, editing, pages, running, saved_session, viewing
from nn_tui.tui.pipeline import SessionScreen

COMMANDS: Mapping[str, Callable[[SessionScreen], Awaitable[None]]] = {
    "previous_stop": saved_session.previous_stop,
    "run": running.run,
    "faster": running.faster,
    "slower": running.slower,
    "play_back": running.play_back,
    "up": partial(viewing.move_selection, down=-1, right=0),
    "down": partial(viewing.move_selection, down=1, right=0),
    "left": partial(viewing.move_selection, down=0, right=-1),
    "right": partial(viewing.move_selection, down=0, right=1),
    "chart": viewing.next_chart,
    "recent": viewing.toggle_recent,
    "log": viewing.toggle_log,
    "output_view": viewing.next_output,
    "check": dialogs.check,
    "inspect": pages.inspect,
    "health": pages.show_health,
    "landscape": pages.landscape,
    "help": pages.show_help,
    "copy": pages.copy,
    "screenshot": pages.screenshot,
    "theme": pages.next_colors,
    "resume": saved_session.resume_newest,
    "quit": running.quit_app,
}
"""Commands of the screen. A key that is pressed meanwhile waits until the command has ended."""

DIALOGS: Mapping[str, Callable[[SessionScreen], Coroutine[None, None, None]]] = {
    "goto": dialogs.goto,
    "select": dialogs.select_by_name,
    "presets": dialogs.presets,
    "seeds": dialogs.seeds,
    "edit": editing.edit,
    "compare": editing.compare,
}
"""Commands that wait for the answer to a dialog."""
