"""Random keys, pastes, clicks and sizes for the real app while it trains: it must not fail, leak or hang.

The result depends on the time at which a key arrives, so this is a search. It runs for NN_TUI_MONKEY seconds if that
variable is set, and longer with `make monkey`. A failure names the seed and the event, and
`python -m tests._monkey --seeds SEED` plays them again.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.tui.keys.keys import KEYS
from tests._app import experiment
from tests._monkey import fuzz, leaks
from tests._monkey_child import Replayed, replay
from tests._random_events import BOUND, random_events

SECONDS = float(os.environ.get("NN_TUI_MONKEY", "0"))
SMALL = ("neuron", "xor", "mazur", "iris")


@pytest.mark.skipif(not SECONDS, reason="a random search: run make monkey, or set NN_TUI_MONKEY=7")
@pytest.mark.parametrize("seed", [1, 2])
def test_the_app_survives_random_input(tmp_path: Path, seed: int) -> None:
    run = fuzz(seed, 1_000_000, tmp_path, seconds=SECONDS, presets=SMALL)
    assert run.events and run.results


def test_a_seed_always_gives_the_same_input() -> None:
    one, two, other = random_events(7), random_events(7), random_events(8)
    first = [next(one) for _ in range(500)]
    assert first == [next(two) for _ in range(500)]
    assert first != [next(other) for _ in range(500)]


def test_a_run_that_does_not_replay_is_detected() -> None:
    run = Run.start(experiment("xor"))
    run.train(300)
    run = run.edited(250, run.experiment, Change("text", "nothing"))
    run.train(200)
    assert replay(run, float("inf")) == Replayed(450, 450, ())
    run.segments[1].state.array[0, 0] += 1e-12
    assert replay(run, float("inf")).wrong


def test_growth_is_detected() -> None:
    steady = [{"bytes": 10**8 + 10**6 * (index % 3), "threads": 4} for index in range(20)]
    assert leaks(steady) == []
    assert leaks([sample | {"bytes": sample["bytes"] + 4 * 10**7 * index} for index, sample in enumerate(steady)])
    assert leaks([sample | {"threads": 4 + 2 * index} for index, sample in enumerate(steady)])


def test_every_bound_key_is_pressed() -> None:
    names = {name for key in KEYS for name in key.keys.split(",") if key.action != "quit"}
    assert len(BOUND) == len(names) == len(set(BOUND))
