"""A checkpoint: a network after some updates, with all that is needed to go on with its training."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A network after some updates.

    Attributes:
        experiment: Everything that determines the passes that follow.
        state: The parameters and the state of the optimiser; a copy that nothing overwrites.
        updates: The number of updates before it: pass ``updates + 1`` is the next one.
    """

    experiment: Experiment
    state: State
    updates: int


def checkpoint_at(run: Run, update: int) -> Checkpoint:
    """Return the checkpoint after an update that the run has made.

    Args:
        run: The run.
        update: The number of the update, 0 for the start.
    """
    return Checkpoint(run.segment(update).experiment, run.state_after(update), update)


def next_loss(checkpoint: Checkpoint) -> float:
    """Return the loss of the pass that follows a checkpoint."""
    return Engine(checkpoint.experiment).run(checkpoint.state, checkpoint.updates + 1).loss
