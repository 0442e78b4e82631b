"""Tests of what is computed when no key is pressed."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.lesson.loader import lesson_ids, load_lesson
from nn_tui.core.preset.loader import find_preset, load_experiment, open_experiment
from nn_tui.core.run.metrics import evaluate
from nn_tui.tui.background.idle_analysis import IdleAnalysis
from nn_tui.tui.session import stepping
from nn_tui.tui.session.cursor_evaluation import known_evaluations
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import chart_panel


def test_lessons_are_read_after_the_findings_and_the_history() -> None:
    analysis = IdleAnalysis(Lock())
    session = analysis.add_history(analysis.add_findings(stepping.forward(new_session(open_experiment("xor")))))
    assert session.history is not None
    assert not analysis.is_complete(session)  # the lessons are left
    parts = 0
    while (filled := analysis.add_missing(session)) is not None:
        assert filled is session
        parts += 1
    assert 1 <= parts <= len(lesson_ids())
    assert analysis.is_complete(session)
    assert all(load_lesson(name) is load_lesson(name) for name in lesson_ids())


def test_a_key_does_not_wait_for_a_replay_of_the_first_updates() -> None:
    session = new_session(open_experiment("too-fast"))
    session.run.goto(201)
    session = stepping.goto(session, 201)
    analysis = IdleAnalysis(Lock())
    shown = analysis.add_history(analysis.add_findings(session))
    assert not shown.findings and not analysis.is_complete(shown)
    while (filled := analysis.add_missing(shown)) is not None:
        shown = filled
    assert shown.findings == diagnose(session.run, session.trace, session.updates_done)
    assert shown.findings and analysis.is_complete(shown)
    assert analysis.add_findings(session).findings == shown.findings


def test_an_evaluation_that_takes_long_waits_until_no_key_is_pressed() -> None:
    preset = find_preset("moons")
    layers = (replace(preset.layers[0], units=400), replace(preset.layers[0], units=20), preset.layers[-1])
    data, training = replace(preset.data, samples=400), replace(preset.training, batch_size=4)
    session = new_session(load_experiment(replace(preset, data=data, layers=layers, training=training)))
    session.run.goto(100)
    session = stepping.goto(session, 100)
    assert session.run.evaluations.items[-1].update < 100
    analysis = IdleAnalysis(Lock())
    assert not analysis.is_complete(session)
    assert [each.update for each in known_evaluations(session)][-1] < 100
    shown, keys = session, {chart_panel.cache_key(session)}
    while (filled := analysis.add_missing(shown)) is not None:
        shown = filled
        keys.add(chart_panel.cache_key(shown))
    last = known_evaluations(shown)[-1]
    assert last.update == 100 and len(keys) > 1 and analysis.is_complete(shown)
    exact = evaluate(shown.engine, shown.state, shown.experiment.data.x, shown.experiment.data.y)
    assert exact is not None and last.train_loss == exact.loss
    moved = stepping.whole_pass(shown)
    assert known_evaluations(moved)[-1].update < 100, "it is not that of another update"
