"""The length of a training, in updates or in epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_UPDATES
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message


@dataclass(frozen=True, slots=True)
class TrainingLength:
    """How long to train."""

    count: int
    unit: Literal["updates", "epochs"] = "updates"

    def updates_of(self, run: Run) -> int:
        """Return the length in updates of a run.

        Raises:
            InputError: For more than MAX_UPDATES.
        """
        if self.unit == "updates":
            return self.count
        batches = run.engine.batches_per_epoch
        updates = self.count * batches
        if updates > MAX_UPDATES:
            problem = message(
                "{epochs:,} epochs are {updates:,} updates, more than the limit of {max:,}; "
                "use at most {most:,} epochs.",
                epochs=self.count,
                updates=updates,
                max=MAX_UPDATES,
                most=MAX_UPDATES // batches,
            )
            raise InputError("out_of_range", problem, path=("--epochs",), value=self.count)
        return updates
