"""Tests of the mode for a projector: one key shows the number that the key before has hidden."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nn_tui.core.refs import Ref
from nn_tui.tui.app import NNTui
from nn_tui.tui.session.presenting import start_presenting
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.start import StartOptions
from tests._app import DARK, AppTester, experiment
from tests.tui._lessons import session_at, small_lesson


def on_projector(test: Callable[[AppTester], Awaitable[None]], session: Session, size: tuple[int, int]) -> None:
    """Run a coroutine test with an app that shows a session on a projector."""

    async def run() -> None:
        app = NNTui(session.experiment, DARK, StartOptions(session=start_presenting(session)))
        async with app.run_test(size=size) as pilot:
            await test(AppTester(app, pilot))

    asyncio.run(run())


def test_a_number_is_hidden_until_the_next_key() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("3", "f", "f")
        await tester.wait_until(lambda: tester.session.is_known(Ref("z")))
        await tester.press("0")
        await tester.wait_until(lambda: tester.session.cursor == 0)
        await tester.press("pagedown")
        await tester.wait_until(
            lambda: "z₁[1] = " in tester.text("arithmetic") and "██████" in tester.text("arithmetic")
        )
        assert not tester.session.is_known(Ref("z")) and "0.3775" not in tester.all_text()
        assert "0.1500 × 0.0500 + 0.2000 × 0.1000 + 0.3500 = ?" in tester.text("arithmetic")
        assert not tester.visible("answer-line") and tester.text("message").strip() == ""
        await tester.press("pagedown")
        await tester.wait_until(lambda: "= 0.3775" in tester.text("arithmetic"))
        assert tester.text("message").strip() == "", "no hints"
        assert "practice" not in tester.text("header")
        await tester.press("pagedown")
        await tester.wait_until(lambda: tester.session.ref.quantity == "a")
        await tester.press("r")
        assert tester.session.is_known(tester.session.ref), "any command shows the number first"
        await tester.press("pageup")
        await tester.wait_until(lambda: tester.session.ref.quantity == "z")

    on_projector(check, new_session(experiment("mazur")), (80, 24))


def test_the_chain_rule_comes_first() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("f", "f", "b", "b", "slash")
        await tester.wait_until(lambda: tester.app.screen is not tester.main)
        await tester.press(*"dw1[1,1]", "enter")
        await tester.wait_until(lambda: "∂L/∂w₁[1,1]" in tester.title("arithmetic"))
        await tester.wait_until(lambda: "▀▀▀" in tester.text("arithmetic"), "the number is large")
        text = tester.text("arithmetic")
        chain, formula = text.index("∂L/∂a · ∂a/∂z · ∂z/∂w = 0.03635"), text.index("∂L/∂w₁[1,1] = δ₁[1]·x[1]")
        assert text.index("▀▀▀") < chain < formula

    on_projector(check, new_session(experiment("mazur")), (120, 40))


def test_a_clicker_leads_through_a_lesson() -> None:
    async def check(tester: AppTester) -> None:
        def state() -> tuple[int, str | None]:
            assert tester.session.lesson is not None
            return tester.session.lesson.index, tester.session.lesson.outcome

        seen = [state()]
        for _ in range(8):
            before = state()
            tester.send("pagedown")
            await tester.wait_until(lambda: state() != before)
            seen.append(state())
        assert seen == [(0, None), *[(step, outcome) for step in range(1, 5) for outcome in (None, "revealed")]]
        tester.send("pagedown")
        await tester.wait_until(lambda: "This was the last step." in tester.text("lesson"))
        assert not tester.visible("choice-line") and not tester.visible("answer-line")

    on_projector(check, session_at(small_lesson()), (120, 40))
