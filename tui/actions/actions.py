"""What each key does, by the name of its action. The keys themselves are in ``tui/keys/keys.py``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from nn_tui.tui.actions import (
    dialogs,
    editing,
    export,
    health,
    lesson,
    many_runs,
    new_network,
    pages,
    practice,
    predict,
    running,
    saved_session,
    saving,
    table,
    viewing,
)
from nn_tui.tui.pipeline import Action, ApplyMove, ApplyViewMove, CallCommand, OpenDialog
from nn_tui.tui.registry import VIEWS, show_view
from nn_tui.tui.session import branches, display, lesson_answers, selection, stepping, timeline
from nn_tui.tui.views import code_moves

ACTIONS: Mapping[str, Action] = {
    "forward": ApplyMove(stepping.forward),
    "backward": ApplyMove(stepping.backward),
    "update": ApplyMove(stepping.update),
    "next_stop": CallCommand(practice.next_stop),
    "previous_stop": CallCommand(saved_session.previous_stop),
    "zoom": ApplyViewMove(display.next_zoom),
    "whole_pass": ApplyMove(stepping.whole_pass),
    "whole_pass_back": ApplyMove(stepping.whole_pass_back),
    "run": CallCommand(running.run),
    "faster": CallCommand(running.faster),
    "slower": CallCommand(running.slower),
    "goto": OpenDialog(dialogs.goto),
    "restart": CallCommand(lesson.restart),
    "new_seed": ApplyMove(stepping.new_seed),
    "play_back": CallCommand(running.play_back),
    "ten_back": ApplyMove(lambda s: timeline.scrub(s, -timeline.SCRUB_UPDATES)),
    "ten_on": ApplyMove(lambda s: timeline.scrub(s, timeline.SCRUB_UPDATES)),
    "part_back": ApplyMove(lambda s: timeline.scrub_part(s, -1)),
    "part_on": ApplyMove(lambda s: timeline.scrub_part(s, 1)),
    "run_start": ApplyMove(timeline.go_to_start),
    "run_end": ApplyMove(timeline.go_to_end),
    "bookmark": ApplyMove(timeline.toggle_bookmark),
    "mark_back": ApplyMove(lambda s: timeline.jump(s, -1)),
    "mark_on": ApplyMove(lambda s: timeline.jump(s, 1)),
    "edit": OpenDialog(editing.edit),
    "switch_run": ApplyMove(branches.switch_run),
    "compare": OpenDialog(editing.compare),
    "seeds": OpenDialog(many_runs.many_runs),
    "layer_back": ApplyViewMove(lambda s: display.change_layer(s, -1)),
    "layer_on": ApplyViewMove(lambda s: display.change_layer(s, 1)),
    "up": CallCommand(partial(viewing.move_selection, down=-1, right=0)),
    "down": CallCommand(partial(viewing.move_selection, down=1, right=0)),
    "left": CallCommand(partial(viewing.move_selection, down=0, right=-1)),
    "right": CallCommand(partial(viewing.move_selection, down=0, right=1)),
    "select": OpenDialog(dialogs.select_by_name),
    "factor": ApplyViewMove(selection.highlight_next),
    "follow": ApplyViewMove(selection.follow),
    "follow_back": ApplyViewMove(selection.follow_back),
    "batch": ApplyViewMove(selection.toggle_batch),
    "predict": OpenDialog(predict.predict),
    "health": OpenDialog(health.show_health),
    "landscape": CallCommand(pages.landscape),
    "inspect": CallCommand(pages.inspect),
    "sample_back": ApplyViewMove(lambda s: display.change_sample(s, -1)),
    "sample_on": ApplyViewMove(lambda s: display.change_sample(s, 1)),
    "digits": ApplyViewMove(display.next_digits),
    "chart": CallCommand(viewing.next_chart),
    "recent": CallCommand(viewing.toggle_recent),
    "log": CallCommand(viewing.toggle_log),
    "output_view": CallCommand(viewing.next_output),
    "framework": ApplyViewMove(code_moves.next_framework),
    "check": CallCommand(dialogs.check),
    **{name: ApplyViewMove(partial(show_view, name=name)) for name in VIEWS},
    "next_tab": ApplyViewMove(lesson.hint_or_next_view),
    "maximise": ApplyViewMove(display.toggle_maximised),
    "copy": CallCommand(pages.copy),
    "theme": CallCommand(pages.next_colors),
    "presets": OpenDialog(dialogs.presets),
    "save_as": OpenDialog(saving.save_as),
    "export": OpenDialog(export.export),
    "copy_moment": CallCommand(pages.copy_moment),
    "practice": OpenDialog(practice.choose_level),
    "lesson_next": CallCommand(viewing.page_down),
    "lesson_back": CallCommand(viewing.page_up),
    "lesson_solution": CallCommand(lesson.give_up),
    "help": CallCommand(pages.show_help),
    "quit": CallCommand(running.quit_app),
    # These have no key.
    "learn": CallCommand(lesson.learn),
    "lessons": OpenDialog(dialogs.choose_lesson),
    "table_columns": OpenDialog(table.table_columns),
    "new_network": OpenDialog(new_network.new_network),
    "screenshot": CallCommand(pages.screenshot),
    "resume": CallCommand(saved_session.resume_newest),
    "exercises": OpenDialog(practice.choose_topic),
    "leave_practice": OpenDialog(practice.leave),
    "leave_lesson": CallCommand(lesson.leave),
    # The keys of the answer line.
    "practice_mark": CallCommand(practice.submit),
    "practice_hint": ApplyViewMove(lesson_answers.show_hint),
    "practice_reveal": CallCommand(lesson.reveal),
    "practice_leave_line": ApplyViewMove(lesson_answers.leave_line),
}
"""The action of each key, in the order of the keys."""

COMMANDS_WHILE_ASKING = frozenset(
    {
        "next_stop", "previous_stop", "up", "down", "left", "right", "select", "chart", "recent", "log", "output_view",
        "theme", "practice", "leave_practice", "help", "quit", "screenshot", "practice_mark",
        "practice_reveal", "lesson_next", "lesson_back", "lesson_solution", "leave_lesson", "restart",
    }
)  # fmt: skip
"""The commands and dialogs that act while a question of the practice mode is open; none of them shows its number."""
