"""Tests of what is said of the updates of the weights."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.watching.watch import Watch, watch
from tests.core.watching._programs import RATE, Arrays, descend, steps


def updated(update: str, count: int = 6, **options: object) -> Watch:
    """Return the watch over a program with a certain update; "adam, called late" calls step after it."""
    run = watch(quiet=True, **options)  # type: ignore[arg-type]
    m, v = dict[str, float | np.ndarray](), dict[str, float | np.ndarray]()
    done = 0

    def change(p: Arrays, g: Arrays) -> Arrays:
        nonlocal done
        done += 1
        found = {}
        for name, w in p.items():
            gradient = g[f"d{name}"]
            m[name], v[name] = 0.9 * m.get(name, 0.0) + 0.1 * gradient, 0.999 * v.get(name, 0.0) + 0.001 * gradient**2
            is_decayed = update == "decay" or (update == "decay of the weights" and name.startswith("W"))
            if update.startswith("adam"):
                found[name] = w - 0.01 * (m[name] / (1 - 0.9**done)) / (np.sqrt(v[name] / (1 - 0.999**done)) + 1e-8)
            elif update == "ascent" or (update == "ascent later" and done > 2):
                found[name] = w + RATE * gradient
            else:
                found[name] = w - RATE * (gradient + (0.1 * w if is_decayed else 0.0))
        if update.endswith("called late"):
            run.step(found, g, x, y)
        return found

    for step in steps(count, update=change):
        x, y = step.x, step.y
        if not update.endswith("called late"):
            run.step(step.weights, step.gradients, step.x, step.y, loss=step.loss)
    return run


def test_adam_that_is_watched_after_its_update_is_known() -> None:
    report = updated("adam, called late").report()
    assert "update 2: you call step after the update of the weights; call it before." in report
    assert "update 2: the weights change by adam with η = 0.01." in report
    assert "not those of" not in report


@pytest.mark.parametrize("update", ["decay", "decay of the weights"])
def test_weight_decay_is_known(update: str) -> None:
    run = updated(update)
    line = (
        "update 1: the weights change by sgd with η = 0.5 and the weight decay 0.1: the step is −η·(gradient + 0.1·w)."
    )
    assert run.report().splitlines()[2] == line and len(run.report().splitlines()) == 4
    assert run.run().experiment.training.optimizer.learning_rate == RATE


def test_steps_that_are_added_are_told_to_be_subtracted() -> None:
    report = updated("ascent").report().splitlines()
    assert report[2] == (
        "update 1: the step was added, so that the loss goes up; subtract it. It is +η·gradient with η = 0.5."
    )


def test_steps_that_are_added_later_are_told_to_be_subtracted() -> None:
    report = updated("ascent later").report().splitlines()
    assert report[3] == (
        "update 3: the step was added, so that the loss goes up; subtract it. It is +η·gradient with η = 0.5."
    )


def test_a_record_of_updates_that_are_not_known_says_so() -> None:
    notes = updated("ascent").run().experiment.preset.notes
    assert notes.startswith(
        "The optimiser of your program is not known: the weights after each pass are here those of sgd with η = 0.1. "
        "The next pass begins with the weights of your program."
    )


def test_gradients_of_a_wrong_shape_are_not_a_second_fault_of_the_update() -> None:
    run = watch(quiet=True)
    for step in steps(3, "bias not summed", lambda p, g: descend(p, {**g, "db1": 0.2 * g["db1"]})):
        run.step(step.weights, step.gradients, step.x, step.y, loss=step.loss)
    report = run.report()
    assert "db1 is 4 × 5: it is not summed over the samples" in report
    assert "not those of" not in report and "is not that of" not in report
