"""A small lesson, and helpers to take lessons in the app."""

from __future__ import annotations

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.parser import parse_lesson
from nn_tui.core.preset.loader import load_experiment
from nn_tui.tui.session.lesson import open_step
from nn_tui.tui.session.session import Session, new_session

TEXT = """
kind = "lesson"
title = "A small lesson"
summary = "Every kind of question, once."
preset = "neuron"

[[steps]]
say = "The weight is {w1[1,1]}, the input {x1}. Look at it with `/`."
select = "w1[1,1]"
view = "layer"

[[steps]]
say = "What is z?"
view = "arithmetic"
ask = "z1[1]"
hint = "Multiply, then add the bias."
solved = "So z is {z1[1]}."

[[steps]]
say = "Is the bias above or below 0?"
select = "b1[1]"
hint = "Look at its sign."
choose = [
  { answer = "Above.", why = "It is {b1[1]}." },
  { answer = "Below.", right = true, why = "It is {b1[1]}, which is below 0." },
]

[[steps]]
say = "Press `f` for the loss."
set = ["eta = 0.25"]
keys = ["f", "space"]
do = { reach = "1.loss" }
solved = "The loss is {loss}."

[[steps]]
say = "Bring the loss below 0.003."
at = "2"
do = { until = "loss < 0.003", within = 20 }
solution = ["eta = 2"]
"""


def small_lesson() -> Lesson:
    """Return the lesson."""
    return parse_lesson(TEXT, id="small", file="small.toml")


def session_at(lesson: Lesson, index: int = 0) -> Session:
    """Return a session at a step of a lesson."""
    return open_step(new_session(load_experiment(lesson.preset)), lesson, index, {})


def picture(session: Session) -> tuple[object, ...]:
    """Return what a step gives, as values that can be compared."""
    state = session.lesson
    assert state is not None
    run = [(segment.start, segment.experiment.training) for segment in session.run.segments]
    parameters = session.trace.before.array.tobytes(), session.trace.after.array.tobytes()
    place = session.trace.update, session.cursor, session.ref, session.tab, session.zoom, session.practice
    return state.index, state.texts, state.is_typing, state.outcome, run, parameters, place
