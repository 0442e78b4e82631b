"""Moving a run to a moment that is named by its pass, phase, layer and unit."""

from __future__ import annotations

from nn_tui.core.engine.moments import Moment, cursor_of
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message


def go_to_moment(run: Run, moment: Moment) -> tuple[int, int]:
    """Move a run to a moment; it is trained as far as necessary.

    Returns:
        The number of the pass, from 1, and the cursor in it.

    Raises:
        InputError: If the run does not get there, or the network has no such layer or unit.
    """
    update = max(1, moment.update)
    done = moment.update - bool(moment.part)  # a pass on screen counts as an update only when it is complete
    if run.goto(done) < done:
        finding = run.divergence
        problem = message("training diverged before pass {update}.", update=update)
        if finding is not None:
            problem = message(
                "training diverged before pass {update}: {finding}", update=update, finding=finding.sentence
            )
        raise InputError("diverged", problem)
    if not moment.update:
        return update, 0
    return update, cursor_of(moment, steps_of(run.segment(update - 1).engine.sizes[1:]))
