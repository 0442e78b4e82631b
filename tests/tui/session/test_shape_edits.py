"""Tests of moves across a change of the network's shape, and of the names of numbers."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.explain.explain import explain
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import Ref
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.session import Session, new_session
from tests._app import AppTester, in_app
from tests._explanations import known, numbers_of


def changed(change: str) -> Session:
    """Return XOR with a change of shape after update 3 and three more passes."""
    session = new_session(load_experiment(find_preset("xor")))
    for _ in range(3):
        session = stepping.whole_pass(session)
    session = branches.show_edited(session, apply_edit(change, session.run, 3))
    for _ in range(3):
        session = stepping.whole_pass(session)
    return session


@pytest.mark.parametrize("change", ["add layer 2 4 relu", "remove layer 1", "units 1 = 7"])
def test_every_move_across_a_change_of_shape_reaches_its_pass(change: str) -> None:
    session = changed(change)
    assert session.updates_done == 6
    for target in (1, 5, 2, 6, 3, 4, 0, 6):
        session = stepping.goto(session, target)
        assert session.updates_done == target
        assert session.cursor in (0, session.pass_steps.end)
    session = stepping.forward(stepping.goto(session, 3))
    assert (session.trace.update, session.cursor) == (4, session.pass_steps.after("loss"))
    session = stepping.whole_pass(stepping.goto(session, 3))
    assert (session.updates_done, session.cursor) == (4, session.pass_steps.end)
    for _ in range(200):
        session = stepping.previous_stop(session)
        assert session.cursor <= session.pass_steps.end
        if session.trace.update == 1 and session.cursor == 0:
            break
    assert session.updates_done == 0


def test_a_slope_is_explained_by_its_own_activation() -> None:
    session = stepping.forward(new_session(load_experiment(find_preset("mazur"))))
    found = explain(session.engine, session.trace, Ref("slope", 0, 0, 0, 0))
    a = next(number for number in numbers_of(found) if number.ref == Ref("a", 0, 0, 0, 0))
    assert found.value == pytest.approx(known(a) * (1 - known(a)), rel=1e-15)


@pytest.mark.parametrize("name", ["δ1[2]", "delta1[2]", "d1[2]", "dz1[2]"])
def test_delta_has_several_names(name: str) -> None:
    assert parse_ref(name, (2, 4, 1)) == Ref("dz", 0, 1)


def test_a_prime_is_accepted_before_and_after_the_layer() -> None:
    assert parse_ref("w1'[2,1]", (2, 4, 1)) == parse_ref("w'1[2,1]", (2, 4, 1)) == Ref("w", 0, 1, after=True)


@in_app()
async def test_a_capital_q_does_not_quit(tester: AppTester) -> None:
    await tester.press("f", "Q")
    await tester.wait_until(lambda: "Practice" in tester.all_text() and len(tester.app.screen_stack) == 2)
    await tester.press("escape")
    await tester.wait_until(lambda: len(tester.app.screen_stack) == 1)
    await tester.press("b")
    await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.after("backward"))


@in_app()
async def test_two_keys_for_a_dialog_open_it_once(tester: AppTester) -> None:
    await tester.press("e", "e")
    await tester.wait_until(lambda: len(tester.app.screen_stack) == 2)
    await tester.press("escape")
    await tester.wait_until(lambda: len(tester.app.screen_stack) == 1)


@in_app()
async def test_a_target_survives_a_change_of_speed(tester: AppTester) -> None:
    await tester.press("t")
    await tester.wait_until(lambda: len(tester.app.screen_stack) == 2)
    await tester.press(*"20000", "enter")
    await tester.press("minus")
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(lambda: tester.session.updates_done == 20000)
