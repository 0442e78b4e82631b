"""Tests of the code view: the program that it shows computes the numbers on screen, stop by stop."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.steps import Zoom
from nn_tui.core.program.program import program
from nn_tui.core.program.values import FRAMEWORKS, Framework
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.spec import Array
from nn_tui.presets import COURSE
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, select
from nn_tui.tui.views import code
from nn_tui.tui.views.code_listing import Listing, listing
from nn_tui.tui.views.code_moves import (
    click_line,
    move_in_array,
    next_framework,
    next_number_line,
    select_line,
    selected_fold,
)
from tests._app import DARK, experiment
from tests._moves import session_after_passes

Steps = list[tuple[int, Array]]


def pass_begun(preset: str, passes: int = 2, framework: Framework = "numpy") -> Session:
    """Return a session at the start of a pass, in the code view."""
    session = stepping.next_stop(session_after_passes(experiment(preset), passes))
    return replace(session, cursor=0, zoom="operation", tab="code", framework=framework)


def text_of(session: Session, width: int = 100, height: int = 30) -> str:
    return "\n".join(strip.text.rstrip() for strip in code.draw(session, DARK, width, height))


def line_with(code_text: str, part: str) -> str:
    """Return the only line of a drawing with some text."""
    (line,) = (line for line in code_text.split("\n") if part in line)
    return line


def run_script(text: str, files: Mapping[str, bytes], folder: Path, lines: Mapping[int, str], *words: str) -> Steps:
    """Run a script, and return each of some lines that it ran, in order, with the value of its variable after it.

    Args:
        text: The script.
        files: Its files.
        folder: An empty folder.
        lines: The variables of these lines; lines count from 0.
        words: Its arguments.
    """
    path = folder / "script.py"
    for name, content in files.items():
        (folder / name).write_bytes(content)
    steps: Steps = []
    running: dict[FrameType, int] = {}

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != str(path):
            return None
        if event in ("line", "return"):
            before = running.get(frame, -1)
            if before in lines:
                steps.append((before, np.array(frame.f_locals[lines[before]])))
            running[frame] = frame.f_lineno - 1
        return trace

    arguments, tracer = sys.argv, sys.gettrace()
    sys.argv = [str(path), *words]
    try:
        compiled = compile(text, str(path), "exec")
        sys.settrace(trace)
        with redirect_stdout(StringIO()):
            exec(compiled, {"__name__": "__main__", "__file__": str(path)})
    finally:
        sys.settrace(tracer)
        sys.argv = arguments
    return steps


def variables(session: Session, shown: Listing) -> dict[int, str]:
    """Return the variable that each line of the pass assigns; lines count from 0."""
    found = {}
    for number, line in enumerate(shown.lines):
        ref = shown.ref_at(number, session.ref)
        if line.operations and line.key is not None and ref is not None:
            found[number] = code.python_name(shown, select(session, ref)).partition("[")[0]
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("preset", ["xor", "iris", "ravine-adam"])
def test_what_is_shown_is_what_is_exported(preset: str, framework: Framework) -> None:
    session = pass_begun(preset, framework=framework)
    exported = program(checkpoint_at(session.run, 2), session.experiment.preset.id, framework)
    for move in (stepping.forward, stepping.backward, stepping.update):
        session = move(session)
        shown = listing(session)
        assert shown.program.text == exported.text
        assert "".join(f"{line.text}\n" for line in shown.lines) == exported.text
        words = shown.words(0, len(shown.lines))
        assert "".join("".join(word.text for word in of_line) + "\n" for of_line in words) == exported.text
        assert shown.words(3, 60) == words[3:60]


@pytest.mark.parametrize("preset", COURSE)
def test_the_shown_program_computes_every_stop_in_the_order_of_the_current_lines(preset: str, tmp_path: Path) -> None:
    session = pass_begun(preset)
    shown = listing(session)
    names = variables(session, shown)
    steps = run_script(shown.program.text, shown.program.files, tmp_path, names, "--updates", "1")
    values, current = dict(steps), list[int]()
    while session.cursor < session.pass_steps.end:
        session = stepping.next_stop(session)
        lines = [line for line in code.current_lines(session, shown) if line in names]
        current += [line for line in lines if line not in current]
        is_frozen = session.step.phase == "update" and not lines
        assert lines or is_frozen
        for line in lines:
            key, layer = shown.lines[line].key, shown.lines[line].layer
            assert key is not None
            expected: float | Array = session.trace.loss
            if key.quantity != "loss":
                expected = quantity(session.engine, session.trace, key, layer)
            np.testing.assert_allclose(values[line], expected, rtol=1e-9, atol=1e-15, err_msg=shown.lines[line].text)
    assert [line for line, _ in steps] == current, "each stop has the lines that run next"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_operation_of_every_preset_has_a_line(framework: Framework) -> None:
    for preset in COURSE:
        session = pass_begun(preset, 0, framework)
        shown = listing(session)
        assert {(each.operation, each.layer) for each in session.pass_steps.operations} <= set(shown.computed), preset


@pytest.mark.parametrize("preset", ["iris", "ravine-momentum", "spiral"])
def test_the_name_of_a_number_is_that_of_the_variable_of_its_line(preset: str) -> None:
    session = pass_begun(preset)
    shown = listing(session)
    for number, line in enumerate(shown.lines):
        ref = shown.ref_at(number, session.ref)
        if line.key is not None and ref is not None:
            name = code.python_name(shown, select(session, ref)).partition("[")[0]
            assert name == line.text.partition(" = ")[0].split(",")[0].strip()


def test_a_stop_marks_its_lines_and_marks_those_that_ran() -> None:
    session = replace(pass_begun("xor"), zoom="layer")
    assert not code.current_lines(session, listing(session))
    session = stepping.next_stop(stepping.next_stop(session))
    text = text_of(session)
    assert line_with(text, "z1 = x @").startswith("✓") and line_with(text, "a1 = np.tanh").startswith("✓")
    assert line_with(text, "z2 = a1 @").startswith("▸") and line_with(text, "a2 = sigmoid").startswith("▸")
    assert not any(line.startswith(("✓", "▸")) for line in text.split("\n") if "dz2 =" in line)


@pytest.mark.parametrize("zoom", ["layer", "operation", "unit"])
def test_all_lines_that_a_key_ran_are_marked_with_that_of_the_selection(zoom: Zoom) -> None:
    session = stepping.backward(stepping.forward(replace(pass_begun("xor"), zoom=zoom)))
    assert session.ref.symbol == "∂L/∂w₂[1,1]"
    shown = text_of(session, height=60)
    marked = [line for line in shown.split("\n") if line.startswith("▸")]
    names = [line.split()[2] for line in marked if "=" in line]
    assert names == ["da2", "dz2", "dw2", "db2", "da1", "dz1", "dw1", "db1"]
    assert "last step: unit" not in shown
    session = stepping.update(session)
    marked = [line for line in text_of(session, height=60).split("\n") if line.startswith("▸") and "=" in line]
    assert [line.split()[2] for line in marked] == ["w1", "b1", "w2", "b2"]


def test_a_number_has_no_value_before_it_is_computed() -> None:
    session = stepping.forward(pass_begun("xor"))
    session = select(session, Ref("dw", 1, 0, 2))
    before, after = text_of(session), text_of(select(stepping.backward(session), session.ref))
    assert line_with(before, "dw2 =").rstrip().endswith("a1" + line_with(before, "dw2 =").rpartition("a1")[2])
    assert "∂L/∂w₂[1,3] =" not in before and line_with(before, "dw2 =").endswith("(1, 4)")
    value = session.trace.dw[1][0, 2]
    assert f"∂L/∂w₂[1,3] = {value:.4g}".replace("-", "−")[:18] in line_with(after, "dw2 =")
    assert "∂L/∂w₂[1,3] is dw2[0, 2]: Python counts from 0" in after


@pytest.mark.parametrize(
    ("ref", "part", "shape"),
    [
        (Ref("w", 0, 1, 1), "w1 = ...  # 8 lines, folded", "(4, 2)"),
        (Ref("b", 1), "b2 = np.array(", "(1,)"),
        (Ref("z", 0, 2, sample=3), "z1 = x @ w1.T + b1", "(4, 4)"),
        (Ref("term", 0), "loss = ", "()"),
        (Ref("db", 0, 3), "db1 = ", "(4,)"),
        (Ref("w", 0, 3, 1, after=True), "w1 = w1 - ", "(4, 2)"),
        (Ref("x", 0, 1), "x_train = np.array(", "(4, 2)"),
        (Ref("y", 0), "y_train = np.array(", "(4, 1)"),
    ],
    ids=lambda value: value.name if isinstance(value, Ref) else "",
)
def test_the_line_of_the_selected_number_is_in_the_window_with_its_shape(ref: Ref, part: str, shape: str) -> None:
    session = select(session_after_passes(experiment("xor"), 1), ref)
    for height in (8, 16, 40):
        assert line_with(text_of(session, height=height), part).endswith(shape)


def test_a_line_selects_its_number_and_the_indices_stay() -> None:
    session = select(stepping.forward(pass_begun("xor")), Ref("z", 0, 2, sample=3))
    shown = listing(session)
    below = next_number_line(session, 1)
    assert below is not None
    session = select_line(session, below)
    assert session.ref == Ref("a", 0, 2, sample=3)
    first = next(number for number, line in enumerate(shown.lines) if line.text.startswith("import numpy"))
    assert select_line(session, first) is session, "a line without a number"
    row = next(number for number, line in enumerate(shown.lines) if line.text.startswith("        [0."))
    assert select_line(session, row).ref == Ref("w", 0, 2, sample=3), "a row of the weights"
    end = next(number for number, line in enumerate(shown.lines) if line.text.startswith("    return z1"))
    assert select_line(session, end) is session, "a line of a function without a number"
    session = select(session, Ref("w", 0, 3, 1, after=True))
    assert shown.lines[next_number_line(session, 1) or 0].key == QuantityKey("b", after=True)
    last = select(session, Ref("b", 1, after=True))
    assert next_number_line(last, 1) is None


def test_left_and_right_go_through_the_numbers_of_the_array() -> None:
    session = select(pass_begun("xor"), Ref("w", 0, 0, 1, 2))
    assert move_in_array(session, 1).ref == Ref("w", 0, 1, 0, 2)
    assert move_in_array(session, -1).ref == Ref("w", 0, 0, 0, 2)
    first = select(session, Ref("w"))
    assert move_in_array(first, -1) is first
    last = select(session, Ref("b", 0, 3))
    assert move_in_array(last, 1) is last
    loss = select(session, Ref("loss"))
    assert "L is one number" in str(move_in_array(loss, 1).message)


def test_the_line_of_pytorch_that_does_a_whole_phase_stays_current() -> None:
    session = stepping.forward(pass_begun("xor", framework="pytorch"))
    assert line_with(text_of(session), "loss = ").startswith("▸")
    for _ in range(8):
        session = stepping.next_stop(session)
        assert line_with(text_of(session), "loss.backward()").startswith("▸")
    session = stepping.update(session)
    assert line_with(text_of(session), "loss.backward()").startswith("✓")
    assert line_with(text_of(session), "optimizer.step()").startswith("▸")


def test_the_key_shows_the_view_and_then_the_next_framework() -> None:
    session = next_framework(session_after_passes(experiment("xor"), 1))
    assert (session.tab, session.framework) == ("code", "numpy")
    session = next_framework(session)
    assert session.framework == "pytorch" and "PyTorch" in str(session.message)
    assert "import torch" in listing(session).program.text
    assert code.title(session, DARK) == "Code · PyTorch 2/2 · weights before update 1"
    assert next_framework(session).framework == "numpy"


def marked(session: Session, mark: str) -> list[str]:
    """Return the code of the lines with a mark, of the whole program."""
    rows = text_of(session, height=400).split("\n")[:-2]
    return [row[1:].split(maxsplit=1)[1].partition("  ")[0] for row in rows if row.startswith(mark)]


def numbered(session: Session) -> list[tuple[int | None, str]]:
    """Return the lines of the pass with their numbers."""
    shown = listing(session)
    return [(number, line.text) for number, line in zip(shown.numbers, shown.lines, strict=True) if line.operations]


def test_the_line_that_calls_the_model_is_current_and_its_modules_are_what_it_calls() -> None:
    session = stepping.next_stop(replace(pass_begun("iris", framework="pytorch"), zoom="unit"))
    text = text_of(session, height=400)
    line, module = (
        line_with(text, "loss = loss_function(model(x_train), y_train)"),
        line_with(text, "nn.Linear(4, 10),"),
    )
    assert line.endswith(f"calls line {module[1:].split()[0]}")
    assert marked(session, "▸") == ["loss = loss_function(model(x_train), y_train)"]
    assert marked(session, "○") == ["nn.Linear(4, 10),"]
    assert "nn.Linear" not in "".join(marked(session, "✓"))
    assert "▸ last step: unit 1 of 10  ○ called there" in text
    session = stepping.forward(session)
    assert not marked(session, "○") and "nn.Linear" not in "".join(marked(session, "✓"))


def test_the_view_shows_the_line_that_runs_after_a_step_in_pytorch() -> None:
    session = stepping.next_stop(pass_begun("iris", framework="pytorch"))
    top = code.first_line(session, 14, follows_stop=True)
    text = "\n".join(strip.text for strip in code.draw_window(session, DARK, 78, 14, top))
    assert "loss = loss_function(" in text


def test_all_statements_of_a_function_that_ran_are_marked() -> None:
    session = stepping.forward(replace(pass_begun("xor"), zoom="layer"))
    done = marked(session, "✓")
    for text in (
        "w1, b1, w2, b2 = parameters",
        "return z1, a1, z2, a2",
        "terms = (a2 - y) ** 2 / 2",
        "return float(loss)",
    ):
        assert text in done
    assert marked(session, "▸") == ["loss = terms.sum() / len(y)"]
    assert not any("dw1" in text or '"""' in text or text.startswith("#") for text in done)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(("preset", "first"), [("xor", 0), ("digits", 1), ("iris", 1)])
def test_line_numbers_stay_the_same_from_pass_to_pass(preset: str, first: int, framework: Framework) -> None:
    # Adam and momentum have a state from the first update on, and PyTorch loads it.
    before = numbered(pass_begun(preset, first, framework))
    assert before == numbered(pass_begun(preset, first + 1, framework))
    assert before == numbered(pass_begun(preset, 12, framework))


def test_numbers_of_arrays_are_folded_until_a_click_or_enter() -> None:
    session = pass_begun("xor")
    shown = listing(session)
    line = shown.assigned[QuantityKey("w"), 0]
    row = shown.lines[line + 2].text
    folded = text_of(select(session, Ref("w")))
    assert "w1 = ...  # " in folded and "lines, folded" in folded and row not in folded
    assert "enter or a click unfolds it" in folded and "unfolds" not in text_of(select(session, Ref("dw")), height=14)
    opened = click_line(session, line)
    assert opened.ref.key == QuantityKey("w") and selected_fold(opened) == line
    text = text_of(opened)
    assert "w1 = np.array(" in text and "w1 = ..." not in text
    assert line_with(text, row).strip() == row.strip(), "rows of numbers have no line number"
    assert numbered(opened) == numbered(session)
    assert click_line(opened, line).unfolded == session.unfolded


def test_the_name_in_python_says_its_sample_and_that_the_weight_is_new() -> None:
    session = stepping.update(stepping.backward(stepping.forward(pass_begun("xor"))))
    text = text_of(select(session, Ref("a", 0, 0, sample=2)))
    assert "a₁[1] of sample 3 is a1[2, 0]: Python counts from 0" in text
    text = text_of(select(session, Ref("w", 1, 0, 0, after=True)), width=120)
    assert "is w2[0, 0] after this line: Python counts from 0" in text


def test_a_selected_number_keeps_its_name_in_a_narrow_view() -> None:
    session = stepping.forward(replace(pass_begun("xor", framework="pytorch"), zoom="pass"))
    assert "calls lines" in line_with(text_of(session, width=100), "loss = loss_function(")
    assert line_with(text_of(session, width=78), "loss = loss_function(").endswith(f"L = {session.trace.loss:.4f}")
