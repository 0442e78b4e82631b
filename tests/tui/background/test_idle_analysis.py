"""Tests of what is computed when no key is pressed."""

from __future__ import annotations

from threading import Lock

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.lesson.loader import lesson_ids, load_lesson
from nn_tui.core.preset.loader import load_experiment, open_experiment
from nn_tui.tui.background.idle_analysis import IdleAnalysis
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.session.timeline import SCRUB_UPDATES, scrub
from tests.preset_texts import parse

WIDE = """
[data]
generator = "moons"
samples = 512
[[layers]]
units = 1024
[[layers]]
units = 1
activation = "sigmoid"
[training]
loss = "binary_cross_entropy"
"""


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


def test_the_passes_that_a_key_may_show_next_in_a_wide_network_are_computed_ahead() -> None:
    session = new_session(load_experiment(parse(WIDE)))
    for _ in range(SCRUB_UPDATES + 3):
        session = stepping.whole_pass(session)
    analysis = IdleAnalysis(Lock())
    while (filled := analysis.add_missing(session)) is not None:
        session = filled
    update = session.updates_done
    next_pass, pass_back = session.trace.update + 1, update - SCRUB_UPDATES
    assert not session.run.prepare(next_pass) and not session.run.prepare(pass_back)
    scrubbed = scrub(session, -SCRUB_UPDATES)
    assert scrubbed.trace.update == pass_back
    while (filled := analysis.add_missing(scrubbed)) is not None:
        scrubbed = filled
    assert not session.run.prepare(update), "scrubbing on shows the pass that was on screen before"
