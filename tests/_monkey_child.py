"""Run the app for the monkey: it also answers two keys with its state, and replays its runs at the end.

    python tests/_monkey_child.py REPORT PRESET

Each line of REPORT is JSON: the answer to a barrier or sample key, written after all earlier input is handled, or the
result at the end.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

import numpy as np
from textual.binding import Binding, BindingType
from textual.screen import Screen

from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.tui import app
from nn_tui.tui.actions import saved_session
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.session.session import Session, clamp_ref, new_session, show_notes

BARRIER, SAMPLE = "f20", "f21"  # keys without an action in the app: answer; answer with counts of the process
CHECKED_UPDATES = 12  # updates of each segment whose states are compared
MIDWAY, AT_END = 2.0, 30.0  # seconds for the replay: before another preset opens, and at the end


@dataclass(frozen=True, slots=True)
class Replayed:
    """The result of a replay: the number of updates replayed and reached, and the differences."""

    updates: int
    reached: int
    wrong: tuple[str, ...]


def replay(run: Run, seconds: float) -> Replayed:
    """Compute a run again from its start for at most ``seconds``, and compare it bit for bit."""
    end = perf_counter() + seconds
    replayed = Run.start(run.segments[0].experiment)
    wrong = [] if _same(replayed.segments[0].state, run.segments[0].state) else ["the start"]
    for index, segment in enumerate(run.segments):
        if index:
            replayed = replayed.edited(segment.start, segment.experiment, segment.change, segment.state)
        following = run.segments[index + 1].start if index + 1 < len(run.segments) else None
        last = run.reached if following is None else following
        step = max(1, (last - segment.start) // CHECKED_UPDATES)
        for update in [*range(segment.start + step, last, step), last]:
            while replayed.position < update and perf_counter() < end:
                replayed.goto(min(update, replayed.position + 2000), past_divergence=True)
            if replayed.position < update:
                return Replayed(replayed.position, run.reached, tuple(wrong))
            # After the last update of a segment the run has the state that the next edit set.
            if update != following and not _same(replayed.state_after(update), run.state_after(update)):
                wrong.append(f"update {update} of {run.reached}, segment {index} ({segment.change})")
    if len(run.segments) == 1:
        for one, two in zip(replayed.losses.points(), run.losses.points(), strict=True):
            if one.tobytes() != two.tobytes():
                wrong.append("the curve of the losses")
    return Replayed(replayed.position, run.reached, tuple(wrong))


def _same(one: State, two: State) -> bool:
    return one.array.tobytes() == two.array.tobytes() and one.steps == two.steps


def check_session(session: Session) -> list[str]:
    """Return a line for a contradiction in a session, or an empty list."""
    wrong = []
    run, trace = session.run, session.trace
    if not 1 <= trace.update <= run.reached + 1 or not 0 <= session.cursor <= session.pass_steps.end:
        wrong.append(f"the cursor: pass {trace.update}, step {session.cursor}, {run.reached} reached")
    elif clamp_ref(session, session.ref) != session.ref:
        wrong.append(f"the selection: {session.ref}")
    elif _computed(run.trace(trace.update)) != _computed(trace):
        wrong.append(f"pass {trace.update} as shown")
    return wrong


def _computed(trace: Trace) -> list[bytes]:
    return [numbers.tobytes() for numbers in trace.computed]


class InstrumentedApp(app.NNTui):
    """The app with two more keys, which answer in the report."""

    CSS_PATH = str(Path(app.__file__).with_name("style.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"answer('{key}')", show=False, priority=True) for key in (BARRIER, SAMPLE)
    ]
    report_path: Path
    answers = 0
    last_main: MainScreen | None = None
    results: list[Replayed]
    wrong: list[str]

    def get_default_screen(self) -> Screen[None]:
        """Return the main screen, and store it for the check at the end."""
        screen = super().get_default_screen()
        assert isinstance(screen, MainScreen)
        type(self).last_main = screen
        return screen

    def action_answer(self, key: str) -> None:
        """Answer a key after all earlier messages are handled."""
        self.screen.call_later(self._answer, key)

    def _answer(self, key: str) -> None:
        self.answers += 1
        stack = [type(screen).__name__ for screen in self.screen_stack]
        answer: dict[str, Any] = {"answer": self.answers, "main": isinstance(self.screen, MainScreen), "stack": stack}
        report(answer | (count_resources() if key == SAMPLE else {}))


def report(line: Mapping[str, Any]) -> None:
    """Add a line to the report."""
    with InstrumentedApp.report_path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")


ALIVE = Counter[str]()  # live objects by class name


def watch_objects() -> None:
    """Count objects as they are created and deleted; a list of all objects is unsafe while another thread runs."""
    for kind in (Run, Trace, State, Screen):
        _count(kind)


def _count(kind: type[Any]) -> None:
    name, init, delete = kind.__name__, kind.__init__, getattr(kind, "__del__", None)

    def __init__(self: Any, *args: Any, **options: Any) -> None:
        ALIVE[name] += 1
        init(self, *args, **options)

    def __del__(self: Any) -> None:
        ALIVE[name] -= 1
        if delete is not None:
            delete(self)

    kind.__init__, kind.__del__ = __init__, __del__


def count_resources() -> dict[str, int]:
    """Return how many objects, threads, files and bytes this process holds."""
    gc.collect()
    counts = {kind.__name__: ALIVE[kind.__name__] for kind in (Run, Trace, State, Screen)}
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    files = len(os.listdir("/proc/self/fd"))
    return {**counts, "bytes": pages * os.sysconf("SC_PAGE_SIZE"), "threads": threading.active_count(), "files": files}


def watch_presets() -> None:
    """Check the runs on screen before another preset replaces them."""
    original = saved_session.show_experiment

    def checked(screen: SessionScreen, experiment: Experiment) -> None:
        check_runs(screen.session, MIDWAY)
        original(screen, experiment)

    saved_session.show_experiment = checked


def check_runs(session: Session, seconds: float) -> None:
    """Check a session and replay all of its runs; store the results."""
    with np.errstate(all="ignore"):
        InstrumentedApp.wrong += check_session(session)
        InstrumentedApp.results += [replay(run, seconds / len(session.runs)) for run in session.runs]


def main(path: str, preset: str) -> int:
    """Run the app until it ends, then check its runs and report the result."""
    InstrumentedApp.report_path, InstrumentedApp.results, InstrumentedApp.wrong = Path(path), [], []
    with Path(f"{path}.stacks").open("w", encoding="utf-8") as stacks:
        faulthandler.register(signal.SIGUSR2, file=stacks, all_threads=True)
        app.NNTui = InstrumentedApp  # type: ignore[misc]
        watch_presets()
        watch_objects()
        code = app.run(show_notes(new_session(load_experiment(find_preset(preset)))))
    if code == 0 and InstrumentedApp.last_main is not None:
        check_runs(InstrumentedApp.last_main.session, AT_END)
        wrong = [*InstrumentedApp.wrong, *(line for result in InstrumentedApp.results for line in result.wrong)]
        replayed, reached = (
            sum(getattr(result, name) for result in InstrumentedApp.results) for name in ("updates", "reached")
        )
        report({"result": wrong, "runs": len(InstrumentedApp.results), "replayed": replayed, "reached": reached})
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
