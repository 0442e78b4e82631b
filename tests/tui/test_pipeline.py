"""Tests of the pipeline of a key press: the order of its steps, and what each action of the key table does."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from nn_tui.tui.actions.actions import ACTIONS
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session.session import Move, Session
from tests._app import AppTester, in_app

ORDER = [
    "follow_lesson", "log_message", "hide_notes", "follow_compared_run", "add_findings", "add_history",
    "release_old_runs", "set_session", "schedule_background_work", "blank_unanswered", "choose_view", "draw_panels",
    "update_tooltip", "show_answer_line",
]  # fmt: skip


def test_every_key_has_an_action() -> None:
    assert set(ACTIONS) - {key.action for key in KEYS} == {
        "new_network",
        "resume",
        "screenshot",
        "exercises",
        "leave_practice",
        "leave_lesson",
        "table_columns",
        "learn",
        "lessons",
        "practice_mark",
        "practice_hint",
        "practice_reveal",
        "practice_leave_line",
    }, "actions without a key"
    assert {key.action for key in KEYS} <= set(ACTIONS)


@in_app()
async def test_a_key_takes_the_session_through_the_steps_in_their_order(tester: AppTester) -> None:
    main = tester.main
    calls: list[tuple[str, Session, Session]] = []

    def watched(step: Move) -> Move:
        def call(session: Session) -> Session:
            result = step(session)
            calls.append((step.__name__, session, result))
            return result

        return call

    main.steps = tuple(watched(step) for step in main.steps)
    await tester.press("f")
    cursor = tester.session.pass_steps.after("loss")
    # What is computed at rest, such as the findings of the start, may go through the steps before the key does.
    first = next(index for index, (_, session, _) in enumerate(calls) if session.cursor == cursor)
    of_key = calls[first : first + len(ORDER)]
    assert [name for name, _, _ in of_key] == ORDER, "the move comes before all steps"
    for (_, _, result), (_, following, _) in pairwise(of_key):
        assert following is result, "each step gets the session that the step before returned"
    stored = next(session for name, session, _ in of_key if name == "set_session")
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
    await tester.main.action_do("digits")
    assert tester.session.running and tester.main.trainer.is_training
    await tester.main.action_do("whole_pass")
    assert not tester.session.running and not tester.main.trainer.is_training
    await tester.press("r")
    await tester.wait_until(lambda: tester.main.trainer.is_training)
    await tester.main.action_do("run_start")
    assert tester.session.updates_done == 0 and not tester.session.running
