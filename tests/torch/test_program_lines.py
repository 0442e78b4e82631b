"""The lines of programs for PyTorch: each computes the arrays of the operations that lie on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from nn_tui.core.engine.steps import steps_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.program.values import CodeLine
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment
from tests._reference import Combination, disagreement, experiment
from tests.core.program._scripts import TOLERANCE, Script, script_after

torch.set_num_threads(1)
WITHOUT_MODULE: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "softmax": lambda z: torch.softmax(z, dim=1),
    "sigmoid": torch.sigmoid,
    "identity": lambda z: z,
}
"""The last activations that are in no module: the loss function includes them, or a is z."""
UPDATE = ("batch = ", "optimizer.", "loss = ", "loss.")  # the lines of an update in the loop of ``train``
STEPPED = [
    *(Combination("tanh", "sigmoid", loss) for loss in LOSSES if LOSSES[loss].outputs is None),
    *(Combination("gelu", (LOSSES[loss].outputs or ("",))[0], loss) for loss in LOSSES if LOSSES[loss].outputs),
    Combination("identity", "softmax", "half_squared_error"),
    Combination("relu", "identity", "huber"),
]


class LineByLine:
    """A script that runs one update line by line, with what hooks see of each module.

    Attributes:
        found: The arrays so far, by operation and layer.
    """

    def __init__(self, script: Script, update: int) -> None:
        self.found: dict[tuple[str, int], Array] = {}
        self._names = {**script.names, "n": update}
        self._model = script.names["model"]
        for index, module in enumerate(self._model):
            module.register_forward_hook(self._hook("za"[index % 2], index // 2))

    def _hook(self, name: str, layer: int) -> Callable[[object, object, torch.Tensor], None]:
        def record(name: str, tensor: torch.Tensor) -> None:
            self.found[name, layer] = tensor.detach().numpy().copy()

        def hook(module: object, given: object, result: torch.Tensor) -> None:
            record(name, result)
            result.register_hook(lambda gradient: record(f"d{name}", gradient))

        return hook

    def run(self, line: CodeLine) -> None:
        """Run a line of the loop in ``train``."""
        exec(line.text.strip(), self._names)
        for layer, linear in enumerate(self._model[::2]):
            for name, parameter in (("w", linear.weight), ("b", linear.bias)):
                self.found[name, layer] = parameter.detach().numpy().copy()
                if parameter.grad is not None:
                    self.found[f"d{name}", layer] = parameter.grad.numpy().copy()
        if "loss" in self._names:
            self.found["loss", -1] = np.array(self._names["loss"].item())


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("combination", STEPPED, ids=lambda combination: combination.id)
def test_each_line_computes_what_its_stop_shows(combination: Combination, batch_size: int | None) -> None:
    problem = experiment(combination, (3, 4, 3, 2), 7, batch_size=batch_size, l2=0.1, optimizer="adam", shuffle=True)
    run = Run.start(problem)
    script = script_after(run, 5, "pytorch")
    steps, trace = LineByLine(script, 6), run.trace(6)
    sections = {section.name: section for section in script.program.sections}
    compared: list[tuple[str, int]] = []

    def compare(line: CodeLine) -> None:
        for operation, layer in line.operations:
            assert_same(problem, trace, steps.found, operation, layer)
            compared.append((operation, layer))

    for line in sections["training"].lines:
        if line.text.strip().startswith(UPDATE):
            steps.run(line)
            compare(line)
            if line.text.strip().startswith("loss = "):  # it has called the model and the loss function
                for definition in (*sections["network"].lines, *sections["loss"].lines):
                    compare(definition)
        else:
            assert not line.operations
    units = tuple(layer.units for layer in problem.layers)
    assert sorted(compared) == sorted((each.operation, each.layer) for each in steps_of(units).operations)
    run.release(trace)


def assert_same(
    problem: Experiment, trace: Trace, found: dict[tuple[str, int], Any], operation: str, layer: int
) -> None:
    """Compare the array of an operation with that of the trace."""
    if operation == "loss":
        assert found["loss", -1] == pytest.approx(trace.loss, rel=TOLERANCE)
        return
    if operation == "update":
        assert disagreement(trace.after.weights[layer], found["w", layer]) <= TOLERANCE
        assert disagreement(trace.after.biases[layer], found["b", layer]) <= TOLERANCE
        return
    if operation == "da" and ("da", layer) not in found:  # of the last layer, whose activation is in no module
        assert layer == len(problem.layers) - 1 and ("a", layer) not in found
        return
    if operation == "a" and ("a", layer) not in found:
        activation = WITHOUT_MODULE[problem.layers[layer].activation]
        theirs = activation(torch.from_numpy(found["z", layer])).numpy()
    else:
        theirs = found[operation, layer]
    ours = {"z": trace.z, "a": trace.a, "da": trace.da, "dz": trace.dz, "dw": trace.dw, "db": trace.db}[operation]
    assert disagreement(ours[layer], theirs) <= TOLERANCE, (operation, layer)


@pytest.mark.parametrize("combination", STEPPED, ids=lambda combination: combination.id)
def test_the_model_has_the_names_of_the_exported_weights(combination: Combination) -> None:
    script = script_after(Run.start(experiment(combination, (3, 4, 3, 2))), 0, "pytorch")
    names = ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]
    assert list(script.names["model"].state_dict()) == names
