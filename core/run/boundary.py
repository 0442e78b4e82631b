"""The line between two classes of a network with one output: its equation, and the numbers that are 0 on it."""

from __future__ import annotations

from nn_tui.core.data.classes import threshold
from nn_tui.core.engine.engine import Engine
from nn_tui.core.spec import Array


def boundary_name(engine: Engine) -> str:
    """Return the equation of the boundary: ``ŷ = 0.5``; ``z = 0`` for a perceptron, whose prediction jumps there."""
    if engine.loss.is_mistake_driven:
        return "z = 0"
    return f"ŷ = {threshold(engine.experiment.data.y):g}"


def boundary_values(engine: Engine, z: Array, outputs: Array) -> Array | None:
    """Return numbers (n,) that are 0 on the boundary between two classes; None if there are more classes.

    Args:
        engine: The engine of the network.
        z: z of the last layer (n, K).
        outputs: The predictions (n, K).
    """
    if outputs.shape[1] != 1:
        return None
    # z shows the direction of the line better than an output that is 0 on its one side and 1 on the other.
    level = boundary_level(engine)
    return outputs[:, 0] - threshold(engine.experiment.data.y) if level is None else z[:, 0] - level


def boundary_level(engine: Engine) -> float | None:
    """Return z of the last layer on the boundary; None if the output has no simple inverse there."""
    if engine.loss.is_mistake_driven:
        return 0.0
    half = threshold(engine.experiment.data.y)
    levels = {("identity", 0.0): 0.0, ("identity", 0.5): 0.5, ("sigmoid", 0.5): 0.0, ("tanh", 0.0): 0.0}
    return levels.get((engine.activations[-1].name, half))
