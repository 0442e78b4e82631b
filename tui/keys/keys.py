"""The table of keys, from which the bindings, the footer and the help are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from nn_tui.tui.session.session import Session
from nn_tui.tui.session.stepping import undo_point_here

Condition = Callable[[Session], bool]


def _always(session: Session) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Key:
    """One action and its keys.

    Attributes:
        action: The action, as Textual writes it.
        keys: Textual's names of the keys, with commas between them.
        shown: How the keys are displayed.
        label: The word in the footer.
        help: The sentence in the help.
        group: The heading in the help.
        can_act: Returns whether the action would have an effect now. If not, the footer leaves the key out, and
            pressing it shows the reason.
        footer: The rank in the footer, from 1; 0 means not in the footer.
    """

    action: str
    keys: str
    shown: str
    label: str
    help: str
    group: str
    can_act: Condition = _always
    footer: int = 0


def _can_forward(s: Session) -> bool:
    return s.cursor >= s.pass_steps.end or s.cursor < s.pass_steps.after("loss")


def _can_backward(s: Session) -> bool:
    return s.pass_steps.after("loss") <= s.cursor < s.pass_steps.after("backward")


def _can_update(s: Session) -> bool:
    return s.pass_steps.after("backward") <= s.cursor < s.pass_steps.end


def _not_at_start(s: Session) -> bool:
    return s.cursor > 0 or s.trace.update > 1


def _can_go_back(s: Session) -> bool:
    return s.cursor > 0 or s.trace.update > 1 or undo_point_here(s) is not None


def _has_runs(s: Session) -> bool:
    return len(s.runs) > 1


def _has_trail(s: Session) -> bool:
    return bool(s.trail)


KEYS: tuple[Key, ...] = (
    Key("forward", "f", "f", "Forward", "Run the forward pass and the loss.", "Step", _can_forward, 1),
    Key("backward", "b", "b", "Backward", "Compute all gradients; no weight changes.", "Step", _can_backward, 1),
    Key("update", "u", "u", "Update", "Update the weights and biases.", "Step", _can_update, 1),
    Key("next_stop", "space", "␣", "Next", "Go to the next stop at this zoom.", "Step", footer=2),
    Key("previous_stop", "backspace", "⌫", "Back", "Go back one stop, past updates too.", "Step", _can_go_back, 2),
    Key("zoom", "z", "z", "Zoom", "Set the step size: pass, layer, operation, unit.", "Step", footer=3),
    Key("whole_pass", "n", "n", "Pass", "Finish this pass or run the whole next one.", "Step", footer=4),
    Key("whole_pass_back", "p", "p", "Pass back", "Go back one whole pass.", "Step", _can_go_back, 6),
    Key("run", "r", "r", "Run", "Run, or pause.", "Run", footer=3),
    Key("faster", "plus,equals_sign", "+", "Faster", "Faster, up to flat out.", "Run"),
    Key("slower", "minus", "-", "Slower", "Slower, down to one stop a second.", "Run"),
    Key("goto", "t", "t", "Go to", "Go to the state after a given update.", "Run", footer=7),
    Key("restart", "0", "0", "Restart", "Restart this run with its edits; `⌫` undoes it.", "Run", _not_at_start, 8),
    Key("new_seed", "N", "N", "New seed", "Draw new initial weights; `⌫` undoes it.", "Run", footer=9),
    Key("play_back", "P", "P", "Play back", "Play the run backwards; `r` or any step pauses.", "Run", _can_go_back),
    Key("scrub(-10)", "ctrl+left", "ctrl ←", "", "Go back ten updates.", "Timeline"),
    Key("scrub(10)", "ctrl+right", "ctrl →", "", "Go ahead up to ten computed updates.", "Timeline"),
    Key("scrub_part(-1)", "shift+left", "shift ←", "", "Go back 5 % of the run.", "Timeline"),
    Key("scrub_part(1)", "shift+right", "shift →", "", "Go ahead 5 % of the run.", "Timeline"),
    Key("run_start", "home", "home", "Start", "Go to the start of the run.", "Timeline"),
    Key("run_end", "end", "end", "End", "Go to the last computed update.", "Timeline"),
    Key("bookmark", "asterisk", "*", "Bookmark", "Set or remove a bookmark at this update.", "Timeline"),
    Key("jump(-1)", "left_parenthesis", "(", "Mark −", "Previous mark: a bookmark, edit or start.", "Timeline"),
    Key("jump(1)", "right_parenthesis", ")", "Mark +", "Next mark: a bookmark, edit or end.", "Timeline"),
    Key("edit", "e", "e", "Edit", "Change a weight, an input, η, a layer, …; the old run stays.", "Change", footer=5),
    Key("switch_run", "a", "a", "Other run", "Show the other run at the same update.", "Change", _has_runs, 8),
    Key("compare", "c", "c", "Compare", "Compare to a run with one change; press again to stop.", "Change"),
    Key("seeds", "M", "M", "Many seeds", "Train from many seeds: how many get stuck?", "Change"),
    Key("layer_back", "left_square_bracket", "[", "Layer −", "Show the layer before.", "Look"),
    Key("layer_on", "right_square_bracket", "]", "Layer +", "Show the layer after.", "Look", footer=6),
    Key("move(-1,0)", "up,k", "↑ k", "", "Select the number above.", "Look"),
    Key("move(1,0)", "down,j", "↓ j", "", "Select the number below.", "Look"),
    Key("move(0,-1)", "left,h", "← h", "", "Select the number to the left.", "Look"),
    Key("move(0,1)", "right,l", "→ l", "", "Select the number to the right.", "Look"),
    Key("select", "slash", "/", "Name", "Select a number by its name: w2[1,3], b1[2], x1, loss.", "Look", footer=8),
    Key("factor", "semicolon", ";", "Factor", "Highlight the arithmetic's next number.", "Look"),
    Key("follow", "greater_than_sign", ">", "Follow", "Go to where the highlighted number was computed.", "Look"),
    Key("follow_back", "less_than_sign", "<", "Return", "Go back to where `>` was pressed.", "Look", _has_trail, 8),
    Key("batch", "B", "B", "Batch", "Show one sample or the whole batch at once.", "Look", footer=8),
    Key("health", "i", "i", "Health", "Show this run's problems, causes and remedies.", "Look", footer=7),
    Key("landscape", "w", "w", "Landscape", "Show the loss landscape and the path so far.", "Look", footer=9),
    Key("inspect", "enter", "enter", "Inspect", "Show details of the selected number.", "Look", footer=7),
    Key("sample_back", "comma", ",", "Sample −", "Show the sample before.", "Look"),
    Key("sample_on", "full_stop", ".", "Sample +", "Show the next sample of the batch.", "Look", footer=8),
    Key("digits", "d", "d", "Digits", "Show 2, 4, 6 or all digits.", "Look", footer=8),
    Key("chart", "v", "v", "Chart", "Next chart: loss, accuracy, gradients, steps, learning rate.", "Look"),
    Key("recent", "E", "E", "Recent", "Chart: show the whole run or its last part.", "Look"),
    Key("log", "L", "L", "Log scale", "Chart: linear or log scale.", "Look"),
    Key("output_view", "y", "y", "Output", "Show the next output view for this data.", "Look"),
    Key("check", "g", "g", "Check", "Check all gradients with central differences.", "Look", footer=6),
    Key("tab(0)", "1", "1", "Network", "Show the network.", "Views"),
    Key("tab(1)", "2", "2", "Layer", "Show the layer's matrices.", "Views"),
    Key("tab(2)", "3", "3", "Arithmetic", "Show the arithmetic.", "Views"),
    Key("tab(3)", "4", "4", "Output", "Show the output.", "Views"),
    Key("tab(4)", "5", "5", "Loss", "Show the loss plot.", "Views"),
    Key("next_tab", "tab", "tab", "View", "The next view.", "Views"),
    Key("maximise", "m", "m", "Maximise", "Make the chosen view full screen, or undo.", "Views", footer=9),
    Key("copy", "Y", "Y", "Copy", "Copy the arithmetic, or a matrix in the layer view.", "Look"),
    Key("theme", "T", "T", "Colours", "Next colours: dark, light, contrast, ansi (the terminal's own), mono.", "App"),
    Key("presets", "o", "o", "Presets", "Open a preset problem.", "App", footer=5),
    Key("help", "question_mark,f1", "?", "Help", "Show help.", "App", footer=1),
    Key("quit", "q", "q", "Quit", "Quit.", "App", footer=1),
)  # fmt: skip


def bindings() -> list[BindingType]:
    """Return the bindings of the main screen. They have no priority, so that text inputs get the letters."""
    return [Binding(key.keys, key.action, key.label or key.help, show=False, id=binding_id(key)) for key in KEYS]


_NAMES = {
    "move(-1,0)": "up", "move(1,0)": "down", "move(0,-1)": "left", "move(0,1)": "right",
    "scrub(-10)": "ten_back", "scrub(10)": "ten_on", "scrub_part(-1)": "part_back", "scrub_part(1)": "part_on",
    "jump(-1)": "mark_back", "jump(1)": "mark_on",
    "tab(0)": "network", "tab(1)": "layer", "tab(2)": "arithmetic", "tab(3)": "output", "tab(4)": "loss",
}  # fmt: skip


def key_name(key: Key) -> str:
    """Return the name of a key's action in the config file."""
    plain = key.action.replace("(", "_").replace(")", "").replace(",", "_").replace("-", "m")
    return _NAMES.get(key.action, plain)


def binding_id(key: Key) -> str:
    """Return the binding id of a key's action in Textual's keymap."""
    return f"nn.{key_name(key)}"
