"""Tests of the pipeline of a key press: the order of its steps, and what each action of the key table does."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from nn_tui.tui.actions.commands import COMMANDS, DIALOGS
from nn_tui.tui.keys.keys import KEYS, MOVES, VIEW_MOVES
from nn_tui.tui.pipeline import Step
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session
from tests._app import AppTester, in_app

ORDER = [
    "log_message", "follow", "add_badges", "add_history", "release_old_runs", "store", "draw_panels",
    "update_tooltip", "schedule_background_work",
]  # fmt: skip


def test_every_action_of_the_keys_has_one_meaning() -> None:
    tables = (MOVES, VIEW_MOVES, COMMANDS, DIALOGS)
    for key in KEYS:
        assert sum(key.action in table for table in tables) == 1, key.action
    without_key = {action for table in tables for action in table} - {key.action for key in KEYS}
    assert without_key == {"resume", "screenshot"}, "actions of the command palette alone"


@in_app()
async def test_a_key_takes_the_session_through_the_steps_in_their_order(tester: AppTester) -> None:
    main = tester.main
    calls: list[tuple[str, Session, Session]] = []

    def watched(step: Step) -> Step:
        def call(session: Session) -> Session:
            result = step(session)
            calls.append((step.__name__, session, result))
            return result

        return call

    main.steps = tuple(watched(step) for step in main.steps)
    await tester.press("f")
    names = [name for name, _, _ in calls]
    assert names[: len(ORDER)] == ORDER
    assert calls[0][1].cursor == tester.session.pass_steps.after("loss"), "the move comes before the steps"
    for (_, _, result), (_, following, _) in pairwise(calls[: len(ORDER)]):
        assert following is result, "each step gets the session that the step before returned"
    stored = next(session for name, session, _ in calls if name == "store")
    assert stored.history is not None, "the history is computed before the session is drawn"


def test_the_architecture_page_lists_the_steps_in_their_order() -> None:
    page = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = re.findall(r"^ +\| `([\w.]+)` \|", page, re.MULTILINE)
    assert [name.rpartition(".")[2] for name in listed] == ORDER


@in_app()
async def test_only_a_move_of_the_view_lets_a_training_go_on(tester: AppTester) -> None:
    for _ in range(20):  # the speed without pauses
        await tester.press("plus")
    await tester.press("r")
    await tester.wait_until(lambda: tester.session.run.reached > 5)
    tester.main.change_view(VIEW_MOVES["digits"])
    assert tester.session.running and tester.main.trainer.is_training
    await tester.main.apply(stepping.whole_pass)
    assert not tester.session.running and not tester.main.trainer.is_training
    await tester.press("r")
    await tester.wait_until(lambda: tester.main.trainer.is_training)
    await tester.main.apply(MOVES["run_start"])
    assert tester.session.updates_done == 0 and not tester.session.running
