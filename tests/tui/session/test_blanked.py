"""While a question is open, its number appears nowhere: in no view, at no number of digits."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.engine.steps import Zoom
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.expression.explanation import written_numbers
from nn_tui.core.practice.names import LEVELS, Level
from nn_tui.core.refs import BY_SAMPLE, QuantityKey, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.session import stepping
from nn_tui.tui.session.blanked import blank_unanswered
from nn_tui.tui.session.choices import DIGITS
from nn_tui.tui.session.lesson_answers import choose_answer
from nn_tui.tui.session.practice import practise, start_practice
from nn_tui.tui.session.practice_answers import answer, reveal
from nn_tui.tui.session.session import Move, Session, new_session
from nn_tui.tui.status import footer, header, message_line, phases, practice_bar, tabs, timeline_bar
from tests._app import DARK, experiment
from tests._explanations import experiments
from tests.tui._lessons import session_at, small_lesson

NUMBER = re.compile(r"[−+-]?\d*\.\d+(?:e[−+-]?\d+)?")
MIN_DIGITS = 3  # significant digits; a shorter text may stand for many numbers
MOVES = (stepping.next_stop, stepping.forward, stepping.backward, stepping.update, stepping.whole_pass)
BARS = (header.draw, phases.draw, tabs.draw, timeline_bar.draw, practice_bar.draw, message_line.draw, footer.draw)


def screen_of(session: Session, width: int, height: int) -> str:
    """Return the text of every view and bar, with the titles of the views, as the screen draws them."""
    drawn = blank_unanswered(session)
    parts = [strip.text for draw in BARS for strip in draw(drawn, DARK, width, 1)]
    for view in VIEWS.values():
        parts += [view.title(drawn, DARK), *(strip.text for strip in view.draw(drawn, DARK, width, height))]
    return "\n".join(parts)


def is_value(text: str, value: float) -> bool:
    """Return whether a printed number of at least three significant digits is a value rounded to its digits."""
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    digits = mantissa.lstrip("+-").replace(".", "").lstrip("0")
    if len(digits) < MIN_DIGITS:
        return False
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(abs(float(mantissa + (f"e{exponent}" if exponent else ""))) - abs(value)) <= unit * 0.5000001


def known_values(session: Session) -> list[float]:
    """Return every number of the pass that is known while the question is open."""
    values: list[float] = [session.trace.learning_rate, *session.trace.x.ravel(), *session.trace.y.ravel()]
    values += session.trace.before.array.ravel().tolist()  # the parameters and the optimiser's state
    for ref in known_refs(session):
        values.append(value_of(session.engine, session.trace, ref))
        values += [number.value or 0.0 for _, number in written_numbers(explain(session.engine, session.trace, ref))]
    return values


def known_refs(session: Session) -> list[Ref]:
    """Return the addresses of the computed numbers that are known."""
    refs: list[Ref] = [Ref("loss")]
    for layer, units in enumerate(session.engine.sizes[1:]):
        for name in ("z", "a", "slope", "da", "dz", "dw", "db", "w", "b"):
            key = QuantityKey(name, after=name in ("w", "b"))
            if name == "slope" and session.engine.activations[layer].slope is None:
                continue
            samples = range(session.trace.n) if name in BY_SAMPLE else range(1)
            columns = range(session.engine.sizes[layer]) if key.is_weight else range(1)
            refs += [key.at(layer, u, k, n) for u in range(units) for k in columns for n in samples]
    return [ref for ref in refs if session.is_known(ref)]


@settings(max_examples=40)
@given(
    experiments(),
    st.lists(st.sampled_from(MOVES), min_size=1, max_size=9),
    st.sampled_from(("operation", "unit", "layer")),
    st.sampled_from(LEVELS),
    st.sampled_from(DIGITS),
    st.integers(0, 4),
)
def test_the_asked_number_stands_nowhere(
    shown: Experiment, moves: list[Move], zoom: Zoom, level: Level, digits: int | None, sample: int
) -> None:
    session = new_session(shown, digits=digits)
    session = start_practice(session, level, 4)
    session = replace(session, zoom=zoom, ref=replace(session.ref, sample=sample % session.trace.n))
    for move in moves:
        session = practise(move)(session)
        question = session.practice.question if session.practice else None
        if question is None:
            continue
        assert not session.is_known(question.ref)
        session = answer(session, "12345")
        value = value_of(session.engine, session.trace, question.ref)
        screen = screen_of(session, 110, 40)
        found = {text for text in NUMBER.findall(screen) if is_value(text, value)}
        known = known_values(session) if found else []
        leaked = [text for text in found if not any(is_value(text, number) for number in known)]
        where = [line for line in screen.split("\n") if any(text in line for text in leaked)]
        assert not leaked, (question.ref.name, value, where)
        session = reveal(session)
        assert session.is_known(question.ref)


def test_views_of_the_whole_run_are_hidden_only_while_a_question_is_open() -> None:
    session = stepping.whole_pass(new_session(experiment("xor")))
    asking = practise(stepping.forward)(start_practice(session, "formula", 4))
    hidden = "Hidden until you have answered"
    assert hidden in screen_of(asking, 110, 40) and hidden not in screen_of(session, 110, 40)


def test_no_finding_tells_the_answer_of_a_lesson() -> None:
    run = Run.start(experiment("dying-relu"))
    run.goto(5)
    session = replace(session_at(small_lesson(), 2), findings=diagnose(run, run.trace(5), 5))
    assert session.findings and not blank_unanswered(session).findings
    assert blank_unanswered(choose_answer(session, "b")).findings == session.findings
