"""The keys, from which the bindings, the footer and the help are made, and the moves that they apply to the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from textual.binding import Binding, BindingType

from nn_tui.tui.registry import VIEWS, show_next_view, show_view
from nn_tui.tui.session import branches, display, stepping, timeline
from nn_tui.tui.session.session import Move, Session
from nn_tui.tui.views import selection

Condition = Callable[[Session], bool]


def _always(session: Session) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One action and its keys.

    Attributes:
        action: The name of the action, also in the config file: a key of ``MOVES`` or ``VIEW_MOVES`` below, or of
            ``COMMANDS`` or ``DIALOGS`` in ``tui/actions/commands.py``.
        keys: Textual's names of the keys, with commas between them.
        key_label: The label of the keys on screen.
        label: The word in the footer.
        help: The sentence in the help.
        group: The heading in the help.
        can_act: Returns whether the action would have an effect now. If not, the footer leaves the key out, and
            pressing it shows the reason.
        footer_rank: The rank in the footer, from 1; 0 means not in the footer.
    """

    action: str
    keys: str
    key_label: str
    label: str
    help: str
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
    return s.cursor > 0 or s.trace.update > 1


def _can_go_back(s: Session) -> bool:
    return s.cursor > 0 or s.trace.update > 1 or stepping.undo_point_here(s) is not None


def _has_runs(s: Session) -> bool:
    return len(s.runs) > 1


def _can_return(s: Session) -> bool:
    return bool(s.follow_stack)


KEYS: tuple[KeyEntry, ...] = (
    KeyEntry("forward", "f", "f", "Forward", "Run the forward pass and the loss.", "Step", _can_forward, 1),
    KeyEntry("backward", "b", "b", "Backward", "Compute all gradients; no weight changes.", "Step", _can_backward, 1),
    KeyEntry("update", "u", "u", "Update", "Update the weights and biases.", "Step", _can_update, 1),
    KeyEntry("next_stop", "space", "␣", "Next", "Go to the next stop at this zoom.", "Step", footer_rank=2),
    KeyEntry("previous_stop", "backspace", "⌫", "Back", "Go back one stop, past updates too.", "Step", _can_go_back, 2),
    KeyEntry("zoom", "z", "z", "Zoom", "Set the zoom: pass, layer, operation or unit.", "Step", footer_rank=3),
    KeyEntry("whole_pass", "n", "n", "Pass", "Finish this pass or run the whole next one.", "Step", footer_rank=4),
    KeyEntry("whole_pass_back", "p", "p", "Pass back", "Go back one whole pass.", "Step", _can_go_back, 6),
    KeyEntry("run", "r", "r", "Run", "Run, or pause.", "Run", footer_rank=3),
    KeyEntry("faster", "plus,equals_sign", "+", "Faster", "Faster, up to flat out.", "Run"),
    KeyEntry("slower", "minus", "-", "Slower", "Slower, down to one stop a second.", "Run"),
    KeyEntry("goto", "t", "t", "Go to", "Go to the state after a given update.", "Run", footer_rank=7),
    KeyEntry("restart", "0", "0", "Restart", "Go to the start; edits made there stay.", "Run", _not_at_start, 8),
    KeyEntry("new_seed", "N", "N", "New seed", "Draw new initial weights; `⌫` undoes it.", "Run", footer_rank=9),
    KeyEntry(
        "play_back", "P", "P", "Play back", "Play the run backwards; `r` or any step pauses.", "Run", _can_go_back
    ),
    KeyEntry("ten_back", "ctrl+left", "ctrl ←", "", "Go back ten updates.", "Timeline"),
    KeyEntry("ten_on", "ctrl+right", "ctrl →", "", "Go ahead ten updates, at most to the last.", "Timeline"),
    KeyEntry("part_back", "shift+left", "shift ←", "", "Go back 5 % of the run.", "Timeline"),
    KeyEntry("part_on", "shift+right", "shift →", "", "Go ahead 5 % of the run.", "Timeline"),
    KeyEntry("run_start", "home", "home", "Start", "Go to the start of the run.", "Timeline"),
    KeyEntry("run_end", "end", "end", "End", "Go to the last computed update.", "Timeline"),
    KeyEntry("bookmark", "asterisk", "*", "Bookmark", "Set or remove a bookmark at this update.", "Timeline"),
    KeyEntry(
        "mark_back", "left_parenthesis", "(", "Mark −", "Previous mark: start, edit, bookmark, divergence.", "Timeline"
    ),
    KeyEntry("mark_on", "right_parenthesis", ")", "Mark +", "Next mark: edit, bookmark, divergence, end.", "Timeline"),
    KeyEntry(
        "edit", "e", "e", "Edit",
        "Change a weight, an input, η, a layer, …; the old run stays.", "Change", footer_rank=5,
    ),
    KeyEntry("switch_run", "a", "a", "Other run", "Switch to another run of this session.", "Change", _has_runs, 8),
    KeyEntry("compare", "c", "c", "Compare", "Compare to a run with one change; press again to stop.", "Change"),
    KeyEntry("seeds", "M", "M", "Many seeds", "Train from many seeds and count the stuck runs.", "Change"),
    KeyEntry("layer_back", "left_square_bracket", "[", "Layer −", "Show the layer before.", "Look"),
    KeyEntry("layer_on", "right_square_bracket", "]", "Layer +", "Show the layer after.", "Look", footer_rank=6),
    KeyEntry("up", "up,k", "↑ k", "", "Select the number above.", "Look"),
    KeyEntry("down", "down,j", "↓ j", "", "Select the number below.", "Look"),
    KeyEntry("left", "left,h", "← h", "", "Select the number to the left.", "Look"),
    KeyEntry("right", "right,l", "→ l", "", "Select the number to the right.", "Look"),
    KeyEntry(
        "select", "slash", "/", "Name", "Select a number by its name: w2[1,3], b1[2], x1, z1[2]@3 (sample 3), loss.",
        "Look", footer_rank=8,
    ),
    KeyEntry("factor", "semicolon", ";", "Factor", "Highlight the next number of the arithmetic.", "Look"),
    KeyEntry("follow", "greater_than_sign", ">", "Follow", "Select the highlighted number.", "Look"),
    KeyEntry("follow_back", "less_than_sign", "<", "Return", "Go back to the last selection.", "Look", _can_return, 8),
    KeyEntry("batch", "B", "B", "Batch", "Show one sample or the whole batch at once.", "Look", footer_rank=8),
    KeyEntry("health", "i", "i", "Health", "Show this run's problems, causes and remedies.", "Look", footer_rank=7),
    KeyEntry("landscape", "w", "w", "Landscape", "Show the loss landscape and the path so far.", "Look", footer_rank=9),
    KeyEntry("inspect", "enter", "enter", "Inspect", "Show details of the selected number.", "Look", footer_rank=7),
    KeyEntry("sample_back", "comma", ",", "Sample −", "Show the sample before.", "Look"),
    KeyEntry("sample_on", "full_stop", ".", "Sample +", "Show the next sample of the batch.", "Look", footer_rank=8),
    KeyEntry("digits", "d", "d", "Digits", "Show 2, 4, 6 or all digits.", "Look", footer_rank=8),
    KeyEntry("chart", "v", "v", "Chart", "Next chart: loss, accuracy, gradients, steps, learning rate.", "Look"),
    KeyEntry("recent", "E", "E", "Recent", "Chart: show the whole run or its last part.", "Look"),
    KeyEntry("log", "L", "L", "Log scale", "Chart: linear or log scale.", "Look"),
    KeyEntry("output_view", "y", "y", "Output", "Show the next output view for this data.", "Look"),
    KeyEntry("check", "g", "g", "Check", "Check all gradients with finite differences.", "Look", footer_rank=6),
    KeyEntry("network", "1", "1", "Network", "Show the network.", "Views"),
    KeyEntry("layer", "2", "2", "Layer", "Show the layer's matrices.", "Views"),
    KeyEntry("arithmetic", "3", "3", "Arithmetic", "Show the arithmetic.", "Views"),
    KeyEntry("output", "4", "4", "Output", "Show the output.", "Views"),
    KeyEntry("loss", "5", "5", "Loss", "Show the loss plot.", "Views"),
    KeyEntry("next_tab", "tab", "tab", "View", "The next view.", "Views"),
    KeyEntry("maximise", "m", "m", "Maximise", "Make the chosen view full screen, or undo.", "Views", footer_rank=9),
    KeyEntry("copy", "Y", "Y", "Copy", "Copy the arithmetic, or a matrix in the layer view.", "Look"),
    KeyEntry(
        "theme", "T", "T", "Colours", "Next colours: dark, light, contrast, ansi (the terminal's own), mono.", "App"
    ),
    KeyEntry("presets", "o", "o", "Presets", "Open a preset problem.", "App", footer_rank=5),
    KeyEntry("help", "question_mark,f1", "?", "Help", "Show help.", "App", footer_rank=1),
    KeyEntry("quit", "q", "q", "Quit", "Quit.", "App", footer_rank=1),
)  # fmt: skip


MOVES: Mapping[str, Move] = {
    "forward": stepping.forward,
    "backward": stepping.backward,
    "update": stepping.update,
    "next_stop": stepping.next_stop,
    "whole_pass": stepping.whole_pass,
    "whole_pass_back": stepping.whole_pass_back,
    "restart": stepping.restart,
    "new_seed": stepping.new_seed,
    "ten_back": lambda s: timeline.scrub(s, -10),
    "ten_on": lambda s: timeline.scrub(s, 10),
    "part_back": lambda s: timeline.scrub_part(s, -1),
    "part_on": lambda s: timeline.scrub_part(s, 1),
    "run_start": lambda s: stepping.goto(s, 0),
    "run_end": lambda s: stepping.goto(s, s.run.reached),
    "bookmark": timeline.toggle_bookmark,
    "mark_back": lambda s: timeline.jump(s, -1),
    "mark_on": lambda s: timeline.jump(s, 1),
    "switch_run": branches.switch_run,
}
"""The moves of the session by the name of the action. A training pauses before them."""

VIEW_MOVES: Mapping[str, Move] = {
    "zoom": display.next_zoom,
    "digits": display.next_digits,
    "layer_back": lambda s: display.change_layer(s, -1),
    "layer_on": lambda s: display.change_layer(s, 1),
    "sample_back": lambda s: display.change_sample(s, -1),
    "sample_on": lambda s: display.change_sample(s, 1),
    "factor": selection.highlight_next,
    "follow": selection.follow,
    "follow_back": selection.follow_back,
    "batch": selection.toggle_batch,
    "next_tab": show_next_view,
    "maximise": display.toggle_maximised,
    **{name: partial(show_view, name=name) for name in VIEWS},
}
"""The moves that change only the view. A training goes on."""


def bindings() -> list[BindingType]:
    """Return the bindings of the main screen. They have no priority, so that text inputs get the letters."""
    return [
        Binding(key.keys, f"do('{key.action}')", key.label or key.help, show=False, id=binding_id(key.action))
        for key in KEYS
    ]


def binding_id(action: str) -> str:
    """Return the binding id of an action in Textual's keymap."""
    return f"nn.{action}"
