"""The keys of a session as functions, for tests that make random moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nn_tui.core.spec import Experiment
from nn_tui.tui.session import display, stepping
from nn_tui.tui.session.session import Session, new_session

Move = Callable[[Session], Session]

STEPS: Mapping[str, Move] = {
    "f": stepping.forward,
    "b": stepping.backward,
    "u": stepping.update,
    "space": stepping.next_stop,
    "backspace": stepping.previous_stop,
    "n": stepping.whole_pass,
    "p": stepping.whole_pass_back,
    "z": display.next_zoom,
    "0": stepping.restart,
    "N": stepping.new_seed,
}
LOOKS: Mapping[str, Move] = {
    "d": display.next_digits,
    "[": lambda s: display.change_layer(s, -1),
    "]": lambda s: display.change_layer(s, 1),
    ",": lambda s: display.change_sample(s, -1),
    ".": lambda s: display.change_sample(s, 1),
}


def session_after_passes(experiment: Experiment, passes: int) -> Session:
    """Return a session on the experiment after ``passes`` whole passes."""
    session = new_session(experiment)
    for _ in range(passes):
        session = stepping.whole_pass(session)
    return session
