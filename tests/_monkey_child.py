"""The app as the monkey plays with it: nothing in it is changed, but it says how it is, and replays all it did.

    python tests/_monkey_child.py REPORT PRESET

Lines of JSON go to REPORT: an answer to each barrier key, once everything typed before it is dealt with, and at the
end a verdict.
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
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.session.session import Session, clamp_ref

BARRIER, LOOK = "f20", "f21"  # keys that no action has: answer when all before is done, and say how the process is
PLACES = 12  # of a run that are compared
MIDWAY, AT_END = 2.0, 30.0  # seconds of replay at most for the runs that a preset takes off the screen, and at the end


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found: how many updates it computed again, of how many, and what came out otherwise."""

    updates: int
    reached: int
    wrong: tuple[str, ...]


def replay(run: Run, seconds: float) -> Replayed:
    """Compute a run again from its start, as far as it gets in ``seconds``, and compare bit for bit."""
    end = perf_counter() + seconds
    again = Run.start(run.segments[0].experiment)
    wrong = [] if _same(again.segments[0].state, run.segments[0].state) else ["the start"]
    for index, segment in enumerate(run.segments):
        if index:
            again = again.edited(segment.start, segment.experiment, segment.label, segment.state)
        following = run.segments[index + 1].start if index + 1 < len(run.segments) else None
        last = run.reached if following is None else following
        step = max(1, (last - segment.start) // PLACES)
        for place in [*range(segment.start + step, last, step), last]:
            while again.position < place and perf_counter() < end:
                again.goto(min(place, again.position + 2000), past_divergence=True)
            if again.position < place:
                return Replayed(again.position, run.reached, tuple(wrong))
            # Where a change begins, the run has the state that it was changed to.
            if place != following and not _same(again.state_after(place), run.state_after(place)):
                wrong.append(f"update {place} of {run.reached}, segment {index} ({segment.label})")
    if len(run.segments) == 1:
        for one, two in zip(again.losses.points(), run.losses.points(), strict=True):
            if one.tobytes() != two.tobytes():
                wrong.append("the curve of the losses")
    return Replayed(again.position, run.reached, tuple(wrong))


def _same(one: State, two: State) -> bool:
    return one.array.tobytes() == two.array.tobytes() and one.steps == two.steps


def check_session(session: Session) -> list[str]:
    """What in a session does not fit together."""
    wrong = []
    run, shown = session.run, session.trace
    if not 1 <= shown.update <= run.reached + 1 or not 0 <= session.cursor <= session.pass_steps.end:
        wrong.append(f"the cursor: pass {shown.update}, step {session.cursor}, {run.reached} reached")
    elif clamp_ref(session, session.ref) != session.ref:
        wrong.append(f"the selection: {session.ref}")
    elif _computed(run.trace(shown.update)) != _computed(shown):
        wrong.append(f"pass {shown.update} as shown")
    return wrong


def _computed(trace: Trace) -> list[bytes]:
    return [numbers.tobytes() for numbers in trace.computed]


class Watched(app.NNTui):
    """The app; two more keys answer, and what a preset replaces is replayed first."""

    CSS_PATH = str(Path(app.__file__).with_name("style.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"answer('{key}')", show=False, priority=True) for key in (BARRIER, LOOK)
    ]
    report: Path
    answers = 0
    last_main: MainScreen | None = None
    verdicts: list[Replayed]
    wrong: list[str]

    def get_default_screen(self) -> Screen[None]:
        """The main screen, kept for the verdict."""
        screen = super().get_default_screen()
        assert isinstance(screen, MainScreen)
        type(self).last_main = screen
        return screen

    def action_answer(self, key: str) -> None:
        """Answer one of our keys, which wait for their turn as all keys do."""
        self.screen.call_later(self._answer, key)

    def _answer(self, key: str) -> None:
        self.answers += 1
        stack = [type(screen).__name__ for screen in self.screen_stack]
        said: dict[str, Any] = {"answer": self.answers, "main": isinstance(self.screen, MainScreen), "stack": stack}
        tell(said | (process() if key == LOOK else {}))


def tell(said: Mapping[str, Any]) -> None:
    """Add a line to the report."""
    with Watched.report.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(said) + "\n")


ALIVE = Counter[str]()  # objects by the name of their class


def watch_objects() -> None:
    """Count what is made and what goes: to list all objects would break a tuple that another thread is making."""
    for kind in (Run, Trace, State, Screen):
        _count(kind)


def _count(kind: type[Any]) -> None:
    name, made, gone = kind.__name__, kind.__init__, getattr(kind, "__del__", None)

    def __init__(self: Any, *args: Any, **options: Any) -> None:
        ALIVE[name] += 1
        made(self, *args, **options)

    def __del__(self: Any) -> None:
        ALIVE[name] -= 1
        if gone is not None:
            gone(self)

    kind.__init__, kind.__del__ = __init__, __del__


def process() -> dict[str, int]:
    """How much of everything this process holds."""
    gc.collect()
    counts = {kind.__name__: ALIVE[kind.__name__] for kind in (Run, Trace, State, Screen)}
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    files = len(os.listdir("/proc/self/fd"))
    return {**counts, "bytes": pages * os.sysconf("SC_PAGE_SIZE"), "threads": threading.active_count(), "files": files}


def watch_presets() -> None:
    """Replay the runs on screen before a preset takes their place."""
    original = MainScreen.open_experiment

    def checked(self: MainScreen, experiment: Experiment) -> None:
        judge(self.session, MIDWAY)
        original(self, experiment)

    MainScreen.open_experiment = checked  # type: ignore[assignment, method-assign]


def judge(session: Session, seconds: float) -> None:
    """Replay every run of a session and note what is wrong."""
    with np.errstate(all="ignore"):
        Watched.wrong += check_session(session)
        Watched.verdicts += [replay(run, seconds / len(session.runs)) for run in session.runs]


def main(report: str, preset: str) -> int:
    """Run the app to its end, then tell the verdict."""
    Watched.report, Watched.verdicts, Watched.wrong = Path(report), [], []
    with Path(f"{report}.stacks").open("w", encoding="utf-8") as stacks:
        faulthandler.register(signal.SIGUSR2, file=stacks, all_threads=True)
        app.NNTui = Watched  # type: ignore[misc]
        watch_presets()
        watch_objects()
        code = app.run(load_experiment(find_preset(preset)))
    if code == 0 and Watched.last_main is not None:
        judge(Watched.last_main.session, AT_END)
        wrong = [*Watched.wrong, *(each for verdict in Watched.verdicts for each in verdict.wrong)]
        again, reached = (sum(getattr(each, name) for each in Watched.verdicts) for name in ("updates", "reached"))
        tell({"verdict": wrong, "runs": len(Watched.verdicts), "replayed": again, "reached": reached})
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
