"""The keys, from which the bindings, the footer and the help are made. ``tui/actions/actions.py`` says what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from nn_tui.core.translation import Message, message
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.session import stepping
from nn_tui.tui.session.lesson import is_away
from nn_tui.tui.session.lesson_answers import has_solution
from nn_tui.tui.session.session import Session

Condition = Callable[[Session], bool]


def _always(session: Session) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One action and its keys.

    Attributes:
        action: The name of the action in ``ACTIONS`` (``tui/actions/actions.py``) and in the config file.
        keys: Textual's names of the keys, with commas between them.
        key_label: The label of the keys on screen.
        label: The name of the action, in the footer and the command palette.
        help: The sentence in the help.
        group: The group in the help, one of GROUPS.
        can_act: Returns whether the action would have an effect now. If not, the footer leaves the key out, and
            pressing it shows the reason.
        footer_rank: The rank in the footer, from 1; 0 means not in the footer.
    """

    action: str
    keys: str
    key_label: str
    label: Message
    help: Message
    group: str
    can_act: Condition = _always
    footer_rank: int = 0


def _can_forward(s: Session) -> bool:
    return s.cursor >= s.pass_steps.end or s.cursor < s.pass_steps.after("loss")


def _can_backward(s: Session) -> bool:
    return s.pass_steps.after("loss") <= s.cursor < s.pass_steps.after("backward")


def _can_update(s: Session) -> bool:
    return s.pass_steps.after("backward") <= s.cursor < s.pass_steps.end


def _not_at_start(s: Session) -> bool:
    if s.lesson is not None:
        return is_away(s)
    return s.cursor > 0 or s.trace.update > 1


def _can_go_back(s: Session) -> bool:
    return s.cursor > 0 or s.trace.update > 1 or stepping.undo_point_here(s) is not None


def _has_runs(s: Session) -> bool:
    return len(s.runs) > 1


def _can_return(s: Session) -> bool:
    return bool(s.follow_stack)


def _has_layers(s: Session) -> bool:
    return len(s.engine.sizes) > 2


def _has_samples(s: Session) -> bool:
    return s.trace.n > 1


def _shows_code(s: Session) -> bool:
    return s.tab == "code"


def _in_lesson(s: Session) -> bool:
    return s.lesson is not None


def _has_step_before(s: Session) -> bool:
    return s.lesson is not None and (s.lesson.index > 0 or s.lesson.is_at_end)


GROUPS: Mapping[str, Message] = {
    "step": message("Step"), "run": message("Run"), "timeline": message("Timeline"), "change": message("Change"),
    "look": message("Look"), "views": message("Views"), "lesson": message("Lesson"), "app": message("App"),
}  # fmt: skip
"""The heading of each group of keys in the help."""

KEYS: tuple[KeyEntry, ...] = (
    KeyEntry(
        "forward", "f", "f", message("Forward"), message("Run the forward pass and the loss."), "step", _can_forward, 1,
    ),
    KeyEntry(
        "backward", "b", "b", message("Backward"),
        message("Compute all gradients; no weight changes."), "step", _can_backward, 1,
    ),
    KeyEntry("update", "u", "u", message("Update"), message("Update the weights and biases."), "step", _can_update, 1),
    KeyEntry(
        "next_stop", "space", "␣", message("Next"), message("Go to the next stop at this zoom."), "step", footer_rank=2,
    ),
    KeyEntry(
        "previous_stop", "backspace", "⌫", message("Back"),
        message("Go back one stop, past updates too."), "step", _can_go_back, 2,
    ),
    KeyEntry(
        "zoom", "z", "z", message("Zoom"),
        message("Set the zoom: pass, layer, operation or unit."), "step", footer_rank=8,
    ),
    KeyEntry(
        "whole_pass", "n", "n", message("Pass"),
        message("Finish this pass or run the whole next one."), "step", footer_rank=4,
    ),
    KeyEntry(
        "whole_pass_back", "p", "p", message("Pass back"), message("Go back one whole pass."), "step", _can_go_back, 8,
    ),
    KeyEntry("run", "r", "r", message("Run"), message("Run, or pause."), "run", footer_rank=3),
    KeyEntry(
        "faster", "plus,equals_sign", "+", message("Faster"),
        message("Faster, up to full speed."), "run", footer_rank=9,
    ),
    KeyEntry("slower", "minus", "-", message("Slower"), message("Slower, down to one stop a second."), "run"),
    KeyEntry(
        "goto", "t", "t", message("Go to"),
        message("Go to an update, or train to a goal: loss < 0.01."), "run", footer_rank=8,
    ),
    KeyEntry(
        "restart", "0", "0", message("Restart"),
        message("Go to the start; changes made at update 0 stay. Lesson: back to the step."), "run", _not_at_start, 8,
    ),
    KeyEntry(
        "new_seed", "N", "N", message("New seed"),
        message("Draw new initial weights; `⌫` undoes it."), "run", footer_rank=9,
    ),
    KeyEntry(
        "play_back", "P", "P", message("Play back"),
        message("Play the run backwards; `r` or any step pauses."), "run", _can_go_back,
    ),
    KeyEntry("ten_back", "ctrl+left", "ctrl ←", message("Ten back"), message("Go back ten updates."), "timeline"),
    KeyEntry(
        "ten_on", "ctrl+right", "ctrl →", message("Ten ahead"),
        message("Go ahead ten updates, at most to the last."), "timeline",
    ),
    KeyEntry("part_back", "shift+left", "shift ←", message("5 % back"), message("Go back 5 % of the run."), "timeline"),
    KeyEntry(
        "part_on", "shift+right", "shift →", message("5 % ahead"), message("Go ahead 5 % of the run."), "timeline",
    ),
    KeyEntry("run_start", "home", "home", message("Start"), message("Go to the start of the run."), "timeline"),
    KeyEntry("run_end", "end", "end", message("End"), message("Go to the last computed update."), "timeline"),
    KeyEntry(
        "bookmark", "asterisk", "*", message("Bookmark"),
        message("Set or remove a bookmark at this update."), "timeline",
    ),
    KeyEntry(
        "mark_back", "left_parenthesis", "(", message("Mark −"),
        message("Previous mark: start, edit, bookmark, divergence."), "timeline",
    ),
    KeyEntry(
        "mark_on", "right_parenthesis", ")", message("Mark +"),
        message("Next mark: edit, bookmark, divergence, end."), "timeline",
    ),
    KeyEntry(
        "edit", "e", "e", message("Edit"),
        message("Change a weight, an input, η, a layer, …; the old run stays."), "change", footer_rank=5,
    ),
    KeyEntry(
        "switch_run", "a", "a", message("Other run"),
        message("Switch to another run of this session."), "change", _has_runs, 8,
    ),
    KeyEntry(
        "compare", "c", "c", message("Compare"),
        message("Compare to a run with one change; press again to stop."), "change",
    ),
    KeyEntry(
        "seeds", "M", "M", message("Many runs"),
        message("Train from many starts, or with all combinations of settings (a sweep)."), "change", footer_rank=9,
    ),
    KeyEntry(
        "layer_back", "left_square_bracket", "[", message("Layer −"),
        message("Show the layer before."), "look", _has_layers,
    ),
    KeyEntry(
        "layer_on", "right_square_bracket", "]", message("Layer +"),
        message("Show the layer after."), "look", _has_layers, 3,
    ),
    KeyEntry("up", "up,k", "↑ k", message("Number above"), message("Select the number above."), "look"),
    KeyEntry("down", "down,j", "↓ j", message("Number below"), message("Select the number below."), "look"),
    KeyEntry("left", "left,h", "← h", message("Number to the left"), message("Select the number to the left."), "look"),
    KeyEntry(
        "right", "right,l", "→ l", message("Number to the right"), message("Select the number to the right."), "look",
    ),
    KeyEntry(
        "select", "slash", "/", message("Name"),
        message("Select a number by its name: w2[1,3], b1[2], x1, y1, yhat1, z1[2]@3 (sample 3), loss."), "look",
        footer_rank=8,
    ),
    KeyEntry(
        "factor", "semicolon", ";", message("Factor"), message("Highlight the next number of the arithmetic."), "look",
    ),
    KeyEntry("follow", "greater_than_sign", ">", message("Follow"), message("Select the highlighted number."), "look"),
    KeyEntry(
        "follow_back", "less_than_sign", "<", message("Return"),
        message("Go back to the last selection."), "look", _can_return, 8,
    ),
    KeyEntry(
        "batch", "B", "B", message("Batch"),
        message("Show one sample or the whole batch at once."), "look", footer_rank=8,
    ),
    KeyEntry(
        "predict", "R", "R", message("Predict"),
        message("Predict a row or a point that you type."), "look", footer_rank=9,
    ),
    KeyEntry(
        "health", "i", "i", message("Health"),
        message("Show this run's problems, causes and remedies."), "look", footer_rank=7,
    ),
    KeyEntry(
        "landscape", "w", "w", message("Landscape"),
        message("Show the loss landscape and the path so far."), "look", footer_rank=9,
    ),
    KeyEntry(
        "inspect", "enter", "enter", message("Inspect"),
        message("Show details of the selected number."), "look", footer_rank=8,
    ),
    KeyEntry(
        "sample_back", "comma", ",", message("Sample −"), message("Show the sample before."), "look", _has_samples,
    ),
    KeyEntry(
        "sample_on", "full_stop", ".", message("Sample +"),
        message("Show the next sample of the batch."), "look", _has_samples, 8,
    ),
    KeyEntry("digits", "d", "d", message("Digits"), message("Show 2, 4, 6 or all digits."), "look", footer_rank=6),
    KeyEntry(
        "chart", "v", "v", message("Chart"),
        message("Next chart: loss, accuracy or R², gradients, steps, learning rate."), "look", footer_rank=7,
    ),
    KeyEntry("recent", "E", "E", message("Recent"), message("Chart: show the whole run or its last part."), "look"),
    KeyEntry("log", "L", "L", message("Log scale"), message("Chart: linear or log scale."), "look"),
    KeyEntry("output_view", "y", "y", message("Output"), message("Show the next output view for this data."), "look"),
    KeyEntry(
        "framework", "C", "C", message("NumPy/PyTorch"),
        message("Code: show the program for NumPy or PyTorch."), "look", _shows_code, 3,
    ),
    KeyEntry(
        "check", "g", "g", message("Check"),
        message("Check all gradients with finite differences."), "look", footer_rank=8,
    ),
    *(
        KeyEntry(name, str(number), str(number), view.label, view.help, "views")
        for number, (name, view) in enumerate(VIEWS.items(), 1)
    ),
    KeyEntry("next_tab", "tab", "tab", message("View"), message("The next view."), "views"),
    KeyEntry(
        "maximise", "m", "m", message("Maximise"),
        message("Make the chosen view full screen, or undo."), "views", footer_rank=9,
    ),
    KeyEntry(
        "lesson_next", "pagedown", "pgdn", message("Next step"),
        message("Lesson: the next step or lesson. Code: a page down. With --present: the next number."),
        "lesson", _in_lesson, 1,
    ),
    KeyEntry(
        "lesson_back", "pageup", "pgup", message("Step back"),
        message("Lesson: the step before. Code: a page up. With --present: the number before."),
        "lesson", _has_step_before, 2,
    ),
    KeyEntry(
        "lesson_solution", "ctrl+r", "ctrl+r", message("Solution"),
        message("Lesson: show the answer or the solution."), "lesson", has_solution, 6,
    ),
    KeyEntry(
        "copy", "Y", "Y", message("Copy"),
        message("Copy the arithmetic, a matrix in the layer view, or the program."), "look",
    ),
    KeyEntry(
        "theme", "T", "T", message("Colours"),
        message("Next colours: dark, light, contrast, ansi (the terminal's own), mono."), "app",
    ),
    KeyEntry(
        "presets", "o", "o", message("Presets"),
        message("Open a preset or a file such as a table, or type a new network."), "app", footer_rank=7,
    ),
    KeyEntry(
        "save_as", "s", "s", message("Save"),
        message("Save the session in a document, or the network as a preset."), "app", footer_rank=5,
    ),
    KeyEntry(
        "export", "x", "x", message("Export"),
        message("Write the network as code, arrays or a model for other programs, or a figure."), "app", footer_rank=9,
    ),
    KeyEntry(
        "copy_moment", "S", "S", message("Share"),
        message("Copy the command line that opens this moment."), "app", footer_rank=8,
    ),
    KeyEntry(
        "practice", "Q", "Q", message("Practice"),
        message("Practice: predict each number before you see it; esc leaves."), "app", footer_rank=7,
    ),
    KeyEntry("help", "question_mark,f1", "?", message("Help"), message("Show help."), "app", footer_rank=1),
    KeyEntry("quit", "q", "q", message("Quit"), message("Quit."), "app", footer_rank=1),
)  # fmt: skip


def bindings() -> list[BindingType]:
    """Return the bindings of the main screen. They have no priority, so that text inputs get the letters."""
    return [
        Binding(key.keys, f"do('{key.action}')", str(key.label), show=False, id=binding_id(key.action)) for key in KEYS
    ]


def binding_id(action: str) -> str:
    """Return the binding id of an action in Textual's keymap."""
    return f"nn.{action}"
