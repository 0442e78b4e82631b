"""Tests of the comparison of two runs and of many starts, on the running app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from textual.widgets import Input

from nn_tui.core.analysis.seeds import SeedResult, SeedsResult
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.explain.explain import value_of
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run
from nn_tui.tui.background.training import Training, train
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.saved.snapshot import pack_snapshot, restore_session, take_snapshot
from nn_tui.tui.screens.edit import EditPrompt
from nn_tui.tui.screens.many_runs import ManyRunsPrompt
from nn_tui.tui.screens.seeds import SeedsProgress
from nn_tui.tui.screens.seeds_results import results_page, summary
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session import branches, comparison
from nn_tui.tui.session.run_names import distinct_names
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import chart_panel, chart_series
from nn_tui.tui.views import compare as comparing
from tests._app import DARK, AppTester, close_to, experiment, in_app, screen_text


async def prompt_opened(tester: AppTester) -> None:
    """Wait until the prompt for a change is open."""
    await tester.wait_until(lambda: isinstance(tester.app.screen, EditPrompt) and bool(tester.app.screen.query(Input)))


async def answer(tester: AppTester, text: str) -> None:
    """Write a change into the prompt that opens, and press enter."""
    await prompt_opened(tester)
    tester.app.screen.query_one(Input).value = text
    await tester.settle()
    await tester.press("enter")


async def train_until(tester: AppTester, condition: Callable[[], bool]) -> None:
    """Train until a condition holds, then pause."""
    tester.send("r")
    await tester.wait_until(lambda: tester.session.running and condition())
    tester.send("r")
    await tester.wait_until(lambda: not tester.session.running)


async def compare(tester: AppTester, text: str) -> None:
    """Compare with a run that differs by ``text``."""
    await tester.press("c")
    await answer(tester, text)
    await tester.wait_until(lambda: tester.app.screen is tester.main and tester.session.other is not None)
    await tester.settle()


async def change(tester: AppTester, text: str) -> None:
    """Change the run on screen."""
    before = tester.session.run
    await tester.press("e")
    await answer(tester, text)
    await tester.wait_until(lambda: tester.app.screen is tester.main and tester.session.run is not before)


def other(tester: AppTester) -> Run:
    """Return the other run of the comparison."""
    assert tester.session.other is not None
    return tester.session.other


def check_bits(run: Run, first: Run, text: str = "") -> None:
    """Check that a run has the numbers of the same run trained alone."""
    alone = Run.start(first.segments[0].experiment)
    if text:
        alone = apply_edit(text, alone, 0)
    alone.train(run.reached)
    assert alone.state_after(run.reached).array.tobytes() == run.state_after(run.reached).array.tobytes()
    assert [a.tobytes() for a in alone.losses.points()] == [a.tobytes() for a in run.losses.points()]


@in_app()
async def test_both_runs_step_together_and_are_plotted(tester: AppTester) -> None:
    await tester.press(*"nnn")
    await compare(tester, "eta = 5")
    await tester.wait_until(lambda: other(tester).reached == 3, "brought to the same update at once")
    await tester.wait_until(
        lambda: "vs η 5" in tester.text("header") and "Compared with: η 2 → 5 from the start." in tester.text("message")
    )
    await tester.wait_until(lambda: "η 2" in tester.text("loss") and "η 5" in tester.text("loss"))
    marks = {line[0] for line in tester.text("loss").split("\n") if line[:1] in "●○"} or set("●○") & set(
        tester.text("loss")
    )
    assert len(marks) == 2, "told apart by shape"
    for key in "nfbuf":
        await tester.press(key)
        loss_known = tester.session.cursor >= tester.session.pass_steps.after("loss")
        await tester.wait_until(lambda: other(tester).reached == tester.session.trace.update - (not loss_known))
    check_bits(tester.session.run, tester.session.run)
    check_bits(other(tester), tester.session.run, "eta = 5")
    await tester.press("t")
    tester.app.screen.query_one("#answer", Input).value = "updates == 50"
    await tester.press("enter")
    await tester.wait_until(lambda: "updates == 50 holds after update 50." in tester.text("message"))
    await tester.wait_until(lambda: other(tester).reached == tester.session.run.reached == 50)
    check_bits(other(tester), tester.session.run, "eta = 5")
    await tester.press("c")
    await tester.wait_until(
        lambda: (
            tester.session.other is None and "vs" not in tester.text("header") and "has ended" in tester.text("message")
        )
    )
    await tester.wait_until(lambda: "η 5" not in tester.text("loss") and len(tester.session.runs) == 2)
    reached = tester.session.runs[1].reached
    await tester.press("n", "n")
    await tester.wait_until(lambda: tester.session.runs[1].reached == reached, "it goes on alone")


@in_app()
async def test_the_other_run_is_one_key_away_and_the_comparison_stays(tester: AppTester) -> None:
    await tester.press(*"nn")
    await compare(tester, "optimizer = adam 0.01")
    first, second = tester.session.run, other(tester)
    await tester.wait_until(lambda: "vs adam" in tester.text("header"))
    await tester.press("a")
    await tester.wait_until(lambda: tester.session.run is second and tester.session.other is first)
    await tester.wait_until(
        lambda: "vs sgd" in tester.text("header") and "Run 2 of 2: optimizer sgd → adam" in tester.text("message")
    )
    await tester.wait_until(lambda: tester.session.updates_done == 2)
    await tester.press("n", "n")
    assert first.reached == second.reached == 4


@in_app()
async def test_both_runs_train_flat_out_with_exact_numbers(tester: AppTester) -> None:
    await compare(tester, "eta = 5")
    await tester.press("plus")
    await train_until(tester, lambda: tester.session.updates_done > 500 and other(tester).reached > 500)
    await tester.wait_until(lambda: other(tester).reached >= tester.session.updates_done)
    check_bits(tester.session.run, tester.session.run)
    check_bits(other(tester), tester.session.run, "eta = 5")
    await tester.wait_until(lambda: "vs η 5" in tester.text("header"))


@in_app()
async def test_slow_training_also_trains_the_other_run(tester: AppTester) -> None:
    await compare(tester, "seed = 12")
    await train_until(tester, lambda: tester.session.updates_done > 5)
    await tester.wait_until(lambda: other(tester).reached == tester.session.updates_done)
    check_bits(other(tester), tester.session.run, "seed = 12")


@in_app()
async def test_a_run_far_behind_is_trained_in_the_background(tester: AppTester) -> None:
    await tester.press("plus")
    await train_until(tester, lambda: tester.session.updates_done > 3000)
    done = tester.session.updates_done
    await compare(tester, "eta = 0.5")
    await tester.press("p")  # any key stops it, and it goes on from where it was
    await tester.wait_until(lambda: other(tester).reached >= done - 1)
    await tester.wait_until(lambda: " at " not in tester.text("header"))
    check_bits(other(tester), tester.session.run, "eta = 0.5")


@in_app()
async def test_switching_during_background_training_uses_no_run_twice(tester: AppTester) -> None:
    await tester.press("plus")
    await train_until(tester, lambda: tester.session.updates_done > 5000)
    first = tester.session.run
    await compare(tester, "eta = 0.5")
    for _ in range(4):
        await tester.press("a")
    await train_until(tester, lambda: True)
    await tester.wait_until(lambda: tester.session.run is first)
    await tester.wait_until(lambda: other(tester).reached >= tester.session.updates_done)
    check_bits(first, first)
    check_bits(other(tester), first, "eta = 0.5")


@in_app()
async def test_a_bad_change_is_refused_in_the_prompt(tester: AppTester) -> None:
    await tester.press("c")
    await prompt_opened(tester)
    for text, words in (("eta = 2", "already"), ("", "write what to change"), ("foo", "is not a setting")):
        tester.app.screen.query_one(Input).value = text
        await tester.settle()
        await tester.press("enter")
        await tester.wait_until(lambda: words in screen_text(tester.app) and tester.session.other is None)
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: len(tester.session.runs) == 1)


@in_app("xor", (80, 24))
async def test_an_empty_line_compares_with_the_run_before_the_change(tester: AppTester) -> None:
    await tester.press(*"nnnnnn")
    old = tester.session.run
    await tester.press("p", "p", "p", "e")
    await answer(tester, "eta = 0.5")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await compare(tester, "")
    await tester.wait_until(lambda: other(tester) is old and "vs η 2" in tester.text("header"))
    await tester.press("5")
    await tester.wait_until(lambda: "η 0.5" in tester.text("loss") and "η 2" in tester.text("loss"))
    assert old.reached == 6, "it has been further already"


@in_app("too-fast")
async def test_a_diverged_other_run_stays_at_its_last_update(tester: AppTester) -> None:
    await tester.press("home")
    await compare(tester, "eta = 0.001")
    await tester.press("a", "plus")
    tester.send("r")
    await tester.wait_until(lambda: other(tester).divergence is not None)
    await tester.wait_until(lambda: tester.session.updates_done > (other(tester).reached + 20))
    tester.send("r")
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(lambda: "diverged" in tester.text("header"))
    await tester.press("n")
    found = other(tester).divergence
    assert found is not None and other(tester).reached == found.update


class NullReceiver:
    """A receiver of messages that drops every frame."""

    def post_message(self, message: object) -> bool:
        return True


@pytest.mark.parametrize("target", [1, 7, 500])
def test_training_in_turn_ends_both_runs_at_the_target(target: int) -> None:
    run = Run.start(experiment("iris"))
    second = apply_edit("batch = 7", run, 0)
    train(Training(run, second, target=target), 0, NullReceiver(), lambda: False)  # type: ignore[arg-type]
    assert run.position == second.position == target
    check_bits(second, run, "batch = 7")


def test_a_run_further_ahead_is_not_trained_again() -> None:
    run = Run.start(experiment("xor"))
    second = apply_edit("eta = 1", run, 0)
    second.train(900)
    train(Training(run, second, target=300), 0, NullReceiver(), lambda: False)  # type: ignore[arg-type]
    assert run.position == 300 and second.reached == 900


def test_names_tell_two_runs_apart() -> None:
    run = Run.start(experiment("xor"))
    for text, expected in (
        ("eta = 0.5", ("η 2", "η 0.5")),
        ("optimizer = adam", ("sgd η 2", "adam η 0.01")),
        ("activation 1 = relu", ("activation 1 tanh", "activation 1 relu")),
        ("seed = 5", (f"seed {run.experiment.init_seed}", "seed 5")),
        ("add layer 1 3 relu", ("2–4–1", "2–3–4–1")),
        ("units 1 = 6", ("2–4–1", "2–6–1")),
        ("w1[2,1] = 0", ("unchanged", "w1[2,1] = 0")),
        ("freeze w1", ("unchanged", "freeze w1")),
        ("shuffle = off", ("shuffle on", "shuffle off")),
        ("loss = mean_squared_error", (run.experiment.training.loss, "mean_squared_error")),
    ):
        second = apply_edit(text, run, 0)
        assert distinct_names(run, second) == expected
        assert distinct_names(second, run) == expected[::-1]
    assert len(set(distinct_names(apply_edit("eta = 1", run, 0), apply_edit("eta = 1", run, 0)))) == 2


def changed(run: Run, *texts: str) -> Run:
    """Return ``run`` with the changes ``texts``, one update after each."""
    for text in texts:
        run.goto(run.reached + 1)
        run = apply_edit(text, run, run.reached)
    return run


def test_a_name_lists_every_difference_after_several_changes() -> None:
    run = Run.start(experiment("xor"))
    slow = apply_edit("eta = 0.5", run, 0)
    mine = changed(run, "w1[2,1] = 0", "b1[1] = 1")
    assert distinct_names(slow, mine) == ("η 0.5", "η 2, w1[2,1] = 0, b1[1] = 1")
    assert distinct_names(mine, slow) == ("η 2, w1[2,1] = 0, b1[1] = 1", "η 0.5")
    assert distinct_names(run, changed(mine, "w1[2,1] = 3"))[1] == "w1[2,1] = 3, b1[1] = 1", "the newest of each"
    adam = changed(slow, "optimizer = adam", "beta1 = 0.8", "b1[1] = 1")
    assert distinct_names(mine, adam)[1] == "adam η 0.01, β₁ 0.8, b1[1] = 1"
    assert distinct_names(changed(mine, "l2 = 0.1"), changed(mine, "l2 = 0.2")) == ("l2 0.1", "l2 0.2"), (
        "what both have is left"
    )
    both = changed(run, "eta = 0.5", "w1[2,1] = 0")
    assert distinct_names(slow, both) == ("η 2 → 0.5 from the start", "w1[2,1] = 0"), "it is not unchanged"
    late = changed(run, "eta = 0.5")
    assert distinct_names(slow, late) == ("η 2 → 0.5 from the start", f"η 2 → 0.5 at update {late.segments[-1].start}")


def test_runs_of_other_sizes_are_named_by_their_sizes() -> None:
    run = Run.start(experiment("iris"))
    small = apply_edit("units1 = 3", run, 0)
    assert distinct_names(run, small) == ("4–10–3", "4–3–3")
    assert distinct_names(run, changed(small, "units1 = 20")) == ("4–10–3", "4–20–3")


@pytest.mark.parametrize("other_first", [False, True])
def test_a_run_keeps_its_letter_if_the_other_is_replaced(other_first: bool) -> None:
    @in_app("xor", (80, 24))
    async def steps(tester: AppTester) -> None:
        await tester.press("n", "n")
        await compare(tester, "eta = 0.5")
        if other_first:
            await tester.press("a")
        second, wanted = other(tester), comparison.letters(tester.session)
        assert wanted == (("B", "A") if other_first else ("A", "B"))
        for text in ("w1[2,1] = 0", "b1[1] = 1", *(f"w2[1,1] = {k}" for k in range(8))):
            await change(tester, text)
            await tester.wait_until(lambda: other(tester) is second and comparison.letters(tester.session) == wanted)
            await tester.press("n")
        await tester.press("N")
        await tester.wait_until(lambda: other(tester) is second and comparison.letters(tester.session) == wanted)
        while tester.session.undo_points:
            before = tester.session.undo_points
            await tester.press("home", "backspace") if tester.session.updates_done else await tester.press("backspace")
            await tester.wait_until(lambda: other(tester) is second and comparison.letters(tester.session) == wanted)
            if tester.session.undo_points == before:
                break
        await tester.press("a")
        await tester.wait_until(
            lambda: other(tester) is not second and comparison.letters(tester.session) == wanted[::-1]
        )

    steps()


def test_a_resumed_comparison_has_its_names_and_letters() -> None:
    session = new_session(experiment("xor"))
    for text in ("w1[2,1] = 0", "b1[1] = 1"):
        session = branches.show_edited(session, apply_edit(text, session.run, 0))
    session = branches.compare(session, apply_edit("eta = 0.5", session.run, 0))
    session = branches.show_edited(session, apply_edit("b2 = 1", session.run, 0))
    again = restore_session(pack_snapshot(take_snapshot(session, 10)).content, {})
    for each in (session, again):
        assert comparison.names(each) == ("η 2, b2[1] = 1", "η 0.5")
        assert comparison.letters(each) == ("A", "B")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_long_names_are_shortened_so_that_both_fit(size: tuple[int, int]) -> None:
    @in_app("xor", size)
    async def play(tester: AppTester) -> None:
        await compare(tester, "eta = 0.5")
        for text in ("w1[2,1] = 0", "b1[1] = 1", "b1[2] = 1", "w1[3,1] = 0", "w1[4,1] = 0", "w1[1,1] = 0"):
            await change(tester, text)
        await tester.press("5")
        first = tester.text("loss").split("\n")[0]
        assert first.startswith("A: η 2, w1[2,1] = 0, ") and "· B: η 0.5" in first
        await tester.wait_until(lambda: "vs η 0.5 " in tester.text("header"))
        await tester.press("a")
        await tester.wait_until(lambda: "vs η 2, w1[2,1] = 0, b1[1]… " in tester.text("header"))

    play()


@pytest.mark.parametrize("preset", ["xor", "iris", "digits"])
def test_the_table_of_a_usual_screen_has_every_column(preset: str) -> None:
    @in_app(preset)
    async def play(tester: AppTester) -> None:
        await compare(tester, "eta = 0.5")
        await tester.press("n")
        lines = tester.text("loss").split("\n")
        assert lines[1].split()[:4] == ["pass", "loss", "right", "‖grad‖"]
        for row in (comparing.table(tester.session, DARK)[0], comparing.table(tester.session, DARK)[1]):
            line = next(line for line in lines[2:4] if row.letter in line.split()[0])
            assert line.split()[-len(row.figures) :] == list(row.figures), "whole numbers"

    play()


@in_app("iris", (200, 60))
async def test_a_penalty_of_one_run_is_in_neither_loss_of_the_table(tester: AppTester) -> None:
    await compare(tester, "l2 = 0.1")
    await tester.press("n")
    await tester.wait_until(lambda: tester.session.other_trace is not None)
    session, there = tester.session, tester.session.other_trace
    assert (
        there is not None and comparing.headings(session, DARK.glyphs)[0] == f"data loss of pass {session.trace.update}"
    )
    mine, others = (row.figures[0] for row in comparing.table(session, DARK))
    assert there.penalty > 0.1 and close_to(mine, session.trace.data_loss) and close_to(others, there.data_loss)
    await tester.wait_until(lambda: "data loss of pass" in tester.text("loss"))


def table(tester: AppTester) -> dict[str, dict[str, str]]:
    """Return the numbers of the table by run and by column."""
    lines = tester.text("loss").split("\n")
    named = f"loss of pass {tester.session.trace.update:,}"
    heads = ["loss", *lines[1].replace(named, "").split()]
    assert len(heads[1:]) == len(lines[1].split()) - 4, "the pass that computed the loss is named"
    found = {}
    for line in lines[2:4]:
        letter, *cells = line.replace("▸", " ").split()
        found[letter] = dict(zip(heads, cells, strict=True))
    return found


def check_table(tester: AppTester) -> None:
    """Check the numbers of both runs on screen against runs trained alone; numbers not yet computed must be blank."""
    session, shown = tester.session, table(tester)
    assert session.other is not None
    for letter, run in zip(comparison.letters(session), (session.run, session.other), strict=True):
        row, number, cursor, steps = shown[letter], session.trace.update, session.cursor, session.pass_steps
        alone = Run.start(run.experiment)
        alone.goto(number - 1)
        trace, engine = alone.trace(number), alone.engine
        loss, size = row["loss"], row["‖gradient‖"]
        assert close_to(loss, trace.loss) if cursor >= steps.after("loss") else loss == "·"
        norm = float(np.linalg.norm(trace.gradient))
        assert close_to(size, norm) if cursor >= steps.after("backward") else size == "·"
        data, state = alone.experiment.data, trace.after if cursor >= steps.end else trace.before
        judged = evaluate(engine, state, data.x, data.y)
        assert judged is not None and judged.accuracy is not None
        assert row["accuracy"] == f"{judged.accuracy:.1%}"
        chosen = row["loss" if session.ref.quantity == "loss" else session.ref.symbol]
        assert (
            close_to(chosen, value_of(engine, trace, session.ref)) if session.is_known(session.ref) else chosen == "·"
        )


@pytest.mark.parametrize("text", ["eta = 5", "optimizer = adam 0.01", "seed = 9", "activation 1 = relu"])
def test_every_key_moves_both_runs_to_the_same_pass(text: str) -> None:
    @in_app("xor", (160, 50))
    async def steps(tester: AppTester) -> None:
        await tester.press(*"nnn")
        await compare(tester, text)
        check_table(tester)
        keys = [
            "f",
            "b",
            "u",
            "space",
            "space",
            "p",
            "p",
            "n",
            "ctrl+left",
            "end",
            "home",
            "f",
            "backspace",
            "a",
            "n",
            "B",
        ]
        for key in keys:
            await tester.press(key)
            check_table(tester)
        for name in ("z1[2]", "dw2[1,1]", "w2[1,3]", "x1"):
            await tester.press("slash")
            await tester.wait_until(
                lambda: tester.app.screen is not tester.main and bool(tester.app.screen.query(Input))
            )
            tester.app.screen.query_one(Input).value = name
            await tester.press("enter")
            await tester.wait_until(lambda: tester.app.screen is tester.main)
            check_table(tester)

    steps()


@in_app("xor", (160, 50))
async def test_one_line_names_the_differences_by_the_letters_of_the_runs(tester: AppTester) -> None:
    await compare(tester, "optimizer = adam 0.01")
    adam = other(tester).experiment.training.optimizer.learning_rate
    said = f"A: sgd η 2 · B: adam η {adam:g}"
    await tester.wait_until(lambda: tester.text("loss").startswith(said))
    await tester.wait_until(lambda: "▸A" in tester.text("loss") and "▸B" not in tester.text("loss"))
    await tester.press("a")
    await tester.wait_until(lambda: tester.text("loss").startswith(said), "whichever is on screen")
    await tester.wait_until(lambda: "▸B" in tester.text("loss") and "▸A" not in tester.text("loss"))


@in_app("moons", (160, 50))
async def test_every_chart_draws_both_runs_with_different_marks(tester: AppTester) -> None:
    await tester.press(*"nnnn")
    await compare(tester, "eta = 0.01")
    glyphs = DARK.glyphs
    for chart in chart_panel.available_charts(tester.session):
        alone = chart_series.CHARTS[chart].series(replace(tester.session, other=None), glyphs)
        await tester.wait_until(lambda: tester.session.chart == chart)
        shown = chart_panel.shown_series(tester.session, glyphs)
        assert [one.name for one in shown] == [f"{run} {one.name}" for run in "AB" for one in alone]
        for name in (one.name for one in alone):
            first, second = (next(one for one in shown if one.name == f"{run} {name}") for run in "AB")
            assert np.asarray(first.x).tolist() == np.asarray(second.x).tolist()
            assert not np.array_equal(np.asarray(first.y)[1:], np.asarray(second.y)[1:])
            assert first.value and second.value
        legend = "\n".join(tester.text("loss").split("\n")[4:8])
        marks = [legend[legend.index(f" {one.name}") - 1] for one in shown]
        assert len(set(marks)) == len(marks) and not set(marks) & {" ", "│"}, legend
        await tester.press("v")


@in_app("ravine-sgd", (160, 50))
async def test_a_diverged_run_is_named_beside_the_other_run(tester: AppTester) -> None:
    await compare(tester, "eta = 1e200")
    lost = other(tester)
    for _ in range(8):
        await tester.press("n")
    found = lost.divergence
    assert found is not None
    await tester.wait_until(lambda: f"B  diverged at update {found.update}" in tester.text("loss"))
    await tester.wait_until(lambda: close_to(tester.text("loss").split("▸A")[1].split()[0], tester.session.trace.loss))
    while tester.session.trace.update > found.update:
        await tester.press("p")
    await tester.wait_until(
        lambda: "diverged" not in tester.text("loss"), "the pass in which it did has numbers, such as they are"
    )


@in_app("xor", (160, 50))
async def test_running_flat_out_shows_both_runs_at_the_same_pass(tester: AppTester) -> None:
    await compare(tester, "eta = 5")
    await tester.press("plus")
    tester.send("r")
    seen: list[int] = []

    def is_new_pair() -> bool:
        here, there = tester.session.trace, tester.session.other_trace
        if not tester.session.running or there is None or here.update in (1, *seen):
            return False
        assert there.update == here.update
        seen.append(here.update)
        return True

    for _ in range(5):
        await tester.wait_until(is_new_pair)
    tester.send("r")
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(lambda: tester.session.other_trace is not None)
    check_table(tester)
    await tester.press("c")
    await tester.wait_until(lambda: tester.session.other_trace is None and "A:" not in tester.text("loss"))


@in_app()
async def test_the_other_loss_is_drawn_at_the_same_updates(tester: AppTester) -> None:
    await tester.press(*"nnn")
    await compare(tester, "w1[1,1] = 3")
    series = next(one for one in chart_panel.shown_series(tester.session, DARK.glyphs) if one.name == "B whole set")
    x, y = np.asarray(series.x), np.asarray(series.y)
    assert x.tolist() == [0, 1, 2, 3]
    for update, loss in zip(x, y, strict=True):
        trace = other(tester).trace(int(update) + 1)
        assert loss == trace.loss
        other(tester).release(trace)


# Many starts


async def open_prompt(tester: AppTester) -> None:
    """Open the prompt for many runs."""
    await tester.press("M")
    await tester.wait_until(lambda: isinstance(tester.app.screen, ManyRunsPrompt))
    await tester.settle()


@in_app("xor-221", (80, 24))
async def test_many_seeds_report_how_many_get_stuck(tester: AppTester) -> None:
    await tester.press("M")
    await tester.wait_until(
        lambda: isinstance(tester.app.screen, ManyRunsPrompt) and bool(tester.app.screen.query(Input))
    )
    await tester.settle()
    await tester.wait_until(lambda: tester.app.screen.query_one("#count", Input).value == "20")
    await tester.wait_until(
        lambda: tester.app.screen.query_one("#updates", Input).value == "2000", "as many as the preset needs"
    )
    tester.app.screen.query_one("#count", Input).value = "8"
    await tester.pilot.press("enter")
    await tester.wait_until(lambda: isinstance(tester.app.screen, TextScreen))
    await tester.wait_until(lambda: "starts got stuck (" in screen_text(tester.app))
    shown = screen_text(tester.app)
    assert " of 8 " in shown and "2,000 updates" in shown
    stuck = int(shown.split(" of 8 starts")[0].split()[-1])
    assert 1 <= stuck <= 5, "seed 0 of this network is known to be stuck"
    assert "█" in shown and "Final loss" in shown
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: len(tester.session.runs) == 1 and tester.session.updates_done == 0)


@in_app("digits", (80, 24))
async def test_many_seeds_stop_on_escape_and_show_partial_results(tester: AppTester) -> None:
    await tester.press("M")
    await tester.wait_until(
        lambda: isinstance(tester.app.screen, ManyRunsPrompt) and bool(tester.app.screen.query(Input))
    )
    await tester.settle()
    tester.app.screen.query_one("#count", Input).value = "1000"
    tester.app.screen.query_one("#updates", Input).value = "20"
    tester.send("enter")
    await tester.wait_until(lambda: isinstance(tester.app.screen, SeedsProgress))
    await tester.wait_until(lambda: "of 1000 starts trained, " in screen_text(tester.app))
    tester.send("escape")
    await tester.wait_until(lambda: isinstance(tester.app.screen, TextScreen))
    await tester.settle()
    await tester.wait_until(lambda: "Stopped early: 1000 starts were requested." in screen_text(tester.app))
    await tester.press("escape", "n")
    await tester.wait_until(lambda: tester.session.updates_done == 1)


@in_app()
async def test_bad_counts_are_refused(tester: AppTester) -> None:
    await tester.press("M")
    await tester.wait_until(
        lambda: isinstance(tester.app.screen, ManyRunsPrompt) and bool(tester.app.screen.query(Input))
    )
    for count, updates, words in (
        ("0", "10", "Starts: write a whole number from 2 to 1,000"),
        ("x", "10", "Starts"),
        ("5", "1.5", "Updates: write a whole number from 1 to 1,000,000"),
        ("5", "9" * 30, "Updates"),
        ("5", "9" * 5000, "Updates"),
        ("000000000002999999", "10", "Starts: write a whole number from 2 to 1,000"),
        ("5", "0" * 5000, "Updates"),
    ):
        tester.app.screen.query_one("#count", Input).value = count
        tester.app.screen.query_one("#updates", Input).value = updates
        await tester.settle()
        await tester.press("enter")
        await tester.wait_until(lambda: words in screen_text(tester.app), (count, updates))
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


@in_app("mazur")
async def test_given_weights_have_one_start_and_can_be_trained_with_several_settings(tester: AppTester) -> None:
    await open_prompt(tester)
    await tester.wait_until(lambda: "so there is one start" in screen_text(tester.app))
    await tester.press("enter")
    await tester.wait_until(lambda: "Settings: write one with several values" in screen_text(tester.app))
    tester.app.screen.query_one("#count", Input).value = "3"
    await tester.press(*"eta=1,2", "enter")
    await tester.wait_until(lambda: "no weight of this network is random" in screen_text(tester.app))
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    # A weight that was changed at the start is the start of every run.
    edited = apply_edit("w1[1,1] = 0.9", tester.session.run, 0)
    tester.main.show(branches.show_edited(tester.session, edited))
    await open_prompt(tester)
    await tester.press(*"eta=1,2", "enter")
    await tester.wait_until(lambda: "2 runs are trained." in screen_text(tester.app))
    await tester.press("enter")
    await tester.wait_until(lambda: len(tester.session.runs) == 3)
    assert tester.session.run.segments[0].state.weights[0][0, 0] == 0.9


def seeds(*losses: float, asked: int = 4, diverged: int = 0) -> SeedsResult:
    """Return the result of many starts with these final losses."""
    ends = [SeedResult(seed, 1.0, loss, None, 10, False) for seed, loss in enumerate(losses)]
    ends += [SeedResult(len(losses) + k, 1.0, float("nan"), None, 3, True) for k in range(diverged)]
    return SeedsResult(asked, 10, tuple(ends))


@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_page_of_a_regression_has_r2_instead_of_an_accuracy(ascii_only: bool) -> None:
    starts = [replace(each, r2=1.0 - each.loss) for each in seeds(0.1, 0.25).results]
    lines = results_page(SeedsResult(2, 10, tuple(starts)), get_palette("dark", ascii=ascii_only), 100, {})
    text = "\n".join(line.text for line in lines)
    name = "R^2" if ascii_only else "R²"
    assert f"Best: seed 0, loss 0.1, {name} 0.900." in text and f"Worst: seed 1, loss 0.25, {name} 0.750." in text
    (heading,) = (line.text.split() for line in lines if "outcome" in line.text)
    assert heading == ["seed", "loss", name, "outcome"]


@pytest.mark.parametrize("width", [40, 70, 100])
@pytest.mark.parametrize(
    "result", [seeds(), seeds(0.1), seeds(0.1, 0.1), seeds(0.01, 0.9, diverged=1), seeds(diverged=2)], ids=repr
)
def test_the_page_of_any_result_fits_and_counts_right(result: SeedsResult, width: int) -> None:
    for ascii_only in (False, True):
        lines = results_page(result, get_palette("dark", ascii=ascii_only), width, {})
        assert all(line.cell_length == width for line in lines)
        text = "\n".join(line.text for line in lines)
        assert not ascii_only or text.isascii()
    ends = {f"{each.seed:>6}" for each in result.results}
    assert all(any(line.text.startswith(end) for line in lines) for end in ends), "every start is listed"


def test_the_page_names_the_update_at_which_the_starts_were_stopped() -> None:
    stopped = replace(seeds(0.01, 0.9), stopped_at=7)
    page = " ".join(line.text.strip() for line in results_page(stopped, DARK, 100, {}))
    assert "Stopped early, after 7 of 10 updates: 4 starts were requested." in page
    assert "Initial weights of seeds 0 to 1, 7 updates each" in page


def test_the_progress_names_the_starts_that_are_side_by_side() -> None:
    screen = SeedsProgress(experiment("xor"), 100, 5000, DARK)
    assert screen.about() == "No start of 100 trained yet." and screen.part_done() == 0.0
    shown: list[tuple[str, float]] = []

    def should_stop() -> bool:
        shown.append((screen.about(), screen.part_done()))
        return len(shown) > 40

    screen.train(should_stop)
    about, part = shown[-1]
    assert about == "100 of 100 starts are in training, side by side." and part == pytest.approx(39 / 5000)


def test_the_summary_counts_stuck_and_diverged() -> None:
    assert summary(seeds(0.01, 0.02, 0.9, diverged=1)) == "1 of 4 starts got stuck (25 %), 1 diverged, 2 converged."
    histogram = [line.text for line in results_page(seeds(0.01, 0.011, 0.9), DARK, 80, {}) if " to " in line.text]
    assert sum(int(line.split()[-1]) for line in histogram if "█" in line) == 3


@pytest.mark.parametrize(
    "losses",
    [
        (0.693144, 0.693145, 0.69315, 0.6932),
        (0.69314, 0.7, 0.8),
        (0.693144, 0.693145, 0.693146),
        (0.6931441, 0.6931442),
        (1e-9, 1e-3, 0.5),
        (0.25, 0.25),
    ],
)
def test_the_bounds_of_the_bars_differ_as_printed(losses: tuple[float, ...]) -> None:
    page = [line.text for line in results_page(seeds(*losses), DARK, 80, {})]
    start = 1 + next(k for k, line in enumerate(page) if line.startswith("Final loss of"))
    bars = page[start : next(k for k, line in enumerate(page) if k > start and not line.strip())]
    bounds = [line.split("█")[0].split(" to ") for line in bars]
    for pair in bounds:
        if len(pair) == 2:
            low, high = pair
            assert low.strip() != high.split()[0]
    assert len(bars) == 1 or len({pair[0] for pair in bounds}) == len(bars) > 1
    assert sum(int(line.split()[-1]) for line in bars if "█" in line) == len(losses)


def test_the_page_recommends_the_best_start_and_never_one_that_diverged() -> None:
    mixed = " ".join(line.text.strip() for line in results_page(seeds(0.9, 0.1, 0.5, diverged=2), DARK, 80, {}))
    assert "press e and type seed = 1." in mixed
    assert "and type" not in " ".join(line.text for line in results_page(seeds(diverged=4), DARK, 80, {}))


def test_the_page_reports_that_no_start_has_learnt() -> None:
    result = replace(seeds(0.69314, 0.69315, 0.6932, diverged=1), baseline=0.693147)
    assert summary(result) == "3 of 4 starts got stuck (75 %), 1 diverged, 0 converged."
    assert any("loss 0.6932" in line.text for line in results_page(result, DARK, 40, {})), "nothing is cut off"
    page = " ".join(line.text.strip() for line in results_page(result, DARK, 80, {}))
    assert "(95 % of 0.6931, the loss of a network that always predicts the mean of the targets)" in page
    assert "converged" not in page.partition("0 converged.")[2]


@in_app("xor", (80, 24), ascii=True)
async def test_a_comparison_in_ascii(tester: AppTester) -> None:
    await tester.press(*"nnn")
    await compare(tester, "eta = 5")
    await tester.press("5", "n")
    await tester.wait_until(
        lambda: tester.all_text().isascii() and "?" not in tester.text("header") + tester.text("loss")
    )
    await tester.press("a")
    await tester.wait_until(lambda: tester.all_text().isascii() and "Run 2 of 2" in tester.text("message"))


@in_app("xor", (120, 40))
async def test_the_selected_loss_is_one_column(tester: AppTester) -> None:
    await tester.press("f", "c")
    await tester.press(*"eta=0.1", "enter")
    await tester.wait_until(lambda: tester.session.other is not None)
    await tester.wait_until(lambda: tester.session.ref.quantity == "loss")
    await tester.wait_until(lambda: comparing.headings(tester.session, DARK.glyphs)[-1] != tester.session.ref.symbol)
    await tester.wait_until(
        lambda: all(
            len(row.figures) == len(comparing.headings(tester.session, DARK.glyphs))
            for row in comparing.table(tester.session, DARK)
        )
    )
    await tester.press("down")
    await tester.wait_until(lambda: comparing.headings(tester.session, DARK.glyphs)[-1] == tester.session.ref.symbol)


class HeldLock:
    """A lock that another thread holds; it counts the queries."""

    queries = 0

    def locked(self) -> bool:
        self.queries += 1
        return True


@in_app()
async def test_a_replay_waits_while_the_other_run_trains(tester: AppTester) -> None:
    """The number of BLAS threads is a setting of the whole process, and two runs may need different ones."""
    await tester.press("n", "n")
    free, held = tester.main.analysis.other_run_lock, HeldLock()
    tester.main.analysis.other_run_lock = held  # type: ignore[assignment]
    await tester.press("down")
    await tester.wait_until(lambda: held.queries >= 4, "it is queried repeatedly")
    assert tester.session.history is None
    tester.main.analysis.other_run_lock = free
    await tester.wait_until(lambda: tester.session.history is not None)
