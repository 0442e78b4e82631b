"""Tests of the lines of a program for NumPy: each one assigns the array that its key names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.steps import LayerOperation, steps_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.program.values import CodeLine, SectionName
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from tests._reference import COMBINATIONS, Combination, experiment
from tests.core.program._scripts import Script, script_after

PASS: tuple[SectionName, ...] = (
    "network",
    "loss",
    "backward",
    "optimizer",
)  # the sections in the order in which a pass runs


def lines_of_a_pass(script: Script) -> list[CodeLine]:
    """Return the lines that operations of a pass do, in order."""
    sections = {section.name: section.lines for section in script.program.sections}
    return [line for name in PASS for line in sections[name] if line.operations]


def variables(script: Script, trace: Trace) -> dict[str, Any]:
    """Return the variables of the program before a pass, with the batch in place of all rows."""
    names = dict(script.names)
    rows = slice(None) if trace.rows is None else trace.rows
    x, y = names["x_train"][rows], names["y_train"][rows]
    names |= {"x": x, "x_train": x, "y": y, "y_train": y, "eta": trace.learning_rate, "t": trace.update}
    if "product" in names:
        names["product"] *= names["momentum_of"](names["t"])
    return names


def check_line(line: CodeLine, names: Mapping[str, Any], run: Run, trace: Trace) -> None:
    """Assert that the array that a line has assigned is the one of its key."""
    assert line.key is not None
    variable = line.text.split(" = ")[0].split(",")[0].strip()
    expected = (
        np.array(trace.loss) if line.key.quantity == "loss" else quantity(run.engine, trace, line.key, line.layer)
    )
    np.testing.assert_allclose(names[variable], expected, rtol=1e-9, atol=1e-15, err_msg=line.text)


def check_pass(problem: Experiment, after: int = 3) -> None:
    """Run the lines of a pass one by one, and compare each array with that of the trace."""
    run = Run.start(problem)
    script, trace = script_after(run, after), run.trace(after + 1)
    names = variables(script, trace)
    sections = {section.name: section.lines for section in script.program.sections}
    for line in (*sections["data"], *sections["parameters"]):
        if line.key is not None:
            check_line(line, names, run, trace)
    with np.errstate(all="ignore"):
        for line in (line for name in PASS for line in sections[name]):
            text = line.text.strip()
            if line.key is not None:
                exec(text, names)
                check_line(line, names, run, trace)
            elif text.startswith(("terms = ", "weights = ", "penalty = ")):
                exec(text, names)


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_every_line_assigns_the_array_of_its_key(combination: Combination) -> None:
    check_pass(experiment(combination, sizes=(3, 4, 3, 2), rows=7, batch_size=3, l1=0.01, l2=0.1))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_line_of_an_update_assigns_the_array_of_its_key(optimizer: str) -> None:
    check_pass(experiment(optimizer=optimizer, batch_size=2, shuffle=True))


def test_the_arrays_of_a_file_are_those_of_their_keys() -> None:
    check_pass(open_experiment("digits"))


@pytest.mark.parametrize("frozen", [(), (0,), (0, 1)])
def test_the_lines_do_the_operations_of_a_pass_in_order(frozen: tuple[int, ...]) -> None:
    problem = experiment(sizes=(3, 4, 3, 2), frozen_weights=frozen, frozen_biases=frozen)
    done = [each for line in lines_of_a_pass(script_after(Run.start(problem), 0)) for each in line.operations]
    operations = [(each.operation, each.layer) for each in all_operations(problem)]
    assert list(dict.fromkeys(done)) == operations


def all_operations(problem: Experiment) -> tuple[LayerOperation, ...]:
    """Return the operations of a pass."""
    return steps_of(problem.sizes[1:]).operations


def test_a_line_of_a_fused_loss_does_two_operations() -> None:
    problem = experiment(Combination("tanh", "softmax", "cross_entropy"))
    (line,) = (line for line in lines_of_a_pass(script_after(Run.start(problem), 0)) if ("da", 1) in line.operations)
    assert (line.text, line.operations) == ("    dz2 = (a2 - y) / len(y)", (("da", 1), ("dz", 1)))
