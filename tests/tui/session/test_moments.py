"""What the screen says of the moment it shows: where a run is going, whose loss it is, how far the run has come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.explain.explain import explain
from nn_tui.core.refs import Ref
from nn_tui.tui.draw.charts import draw_chart
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.series import Series
from nn_tui.tui.session import display, stepping, timeline
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views import compare
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.status import header, message_line, timeline_bar
from tests._app import DARK, AppTester, experiment, in_app
from tests._sessions import MOVES

FLAT_OUT = len(SPEEDS) - 1


def said(session: Session, width: int = 120) -> str:
    """The line of words."""
    return message_line.draw(session, DARK, width, 1)[0].text.strip()


@in_app(size=(80, 24))
async def test_a_run_to_an_update_says_where_it_goes_and_escape_pauses_it(tester: AppTester) -> None:
    await tester.press("t", *"99999999")
    tester.send("enter")
    await tester.wait_until(lambda: tester.session.updates_done > 50)
    await tester.wait_until(
        lambda: "to 99,999,999" in tester.text("phases") and "passes/s" not in tester.text("phases")
    )
    await tester.wait_until(lambda: tester.text("message").strip() == "Going to 99,999,999: r or any step pauses.")
    tester.send("escape")
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(lambda: "paused" in tester.text("phases") and tester.session.target is None)
    await tester.press("escape")
    await tester.wait_until(lambda: not tester.session.running, "escape pauses, and starts nothing")


@in_app()
async def test_playing_back_is_said_in_words(tester: AppTester) -> None:
    await tester.press("n", "n", "n")
    tester.send("P")
    await tester.wait_until(lambda: tester.session.playing_back)
    await tester.wait_until(lambda: display.hint(tester.session).startswith("Playing back, "))
    await tester.wait_until(
        lambda: not display.hint(replace(tester.session, playing_back=False)).startswith("Playing back")
    )


def test_two_runs_compared_name_the_pass_that_computed_the_loss() -> None:
    session = MOVES["c"](stepping.whole_pass(new_session(experiment("xor"))))
    assert session.other is not None
    assert compare.headings(session, DARK.glyphs)[0] == "loss of pass 1"
    assert "pass loss" in compare.draw(session, DARK, 36, 4)[1].text
    assert "loss of pass 1" in compare.draw(session, DARK, 70, 4)[1].text


def test_the_loss_calls_an_output_by_its_class() -> None:
    for preset, unit, name in (("digits", 3, "output 3 (4th)"), ("iris", 0, "output setosa"), ("xor", 0, "output 1")):
        session = new_session(experiment(preset))
        sample = int(session.trace.y[:, unit].argmax())
        found = explain(session.engine, session.trace, Ref("loss", sample=sample))
        assert any(f"{name}: a " in str(part) for line in found.lines for part in line), preset


def test_a_narrow_legend_names_every_curve_with_its_value() -> None:
    curves = [Series(name, [0.0, 1.0], [1.0, 2.0], value="2.7522") for name in ("this batch", "train set", "test set")]
    shown = [strip.text.strip() for strip in draw_chart(curves, DARK, 32, 7)]
    assert shown[:2] == ["● batch 2.7522  ▲ train 2.7522", "■ test 2.7522"]
    lowest = draw_chart(curves, DARK, 32, 5)[0].text
    assert all(name in lowest for name in ("batch", "train", "test"))


@pytest.mark.parametrize("preset", ["digits", "xor", "too-fast", "iris"])
@pytest.mark.parametrize("width", range(60, 141, 5))
def test_the_halves_of_the_header_stand_apart(preset: str, width: int) -> None:
    session = new_session(experiment(preset))
    left, _, _ = header.draw(session, DARK, width, 1)[0].text.partition("epoch")
    assert left.endswith("   ")


def test_the_furthest_is_the_last_update_made() -> None:
    session = new_session(experiment("xor"))
    assert [timeline.last_finished_update(each) for each in (session, stepping.forward(session))] == [0, 0]
    assert timeline_bar.draw(session, DARK, 80, 1)[0].text.split()[-1] == "0"
    one = stepping.whole_pass(session)
    assert timeline.last_finished_update(one) == 1
    assert timeline_bar.draw(one, DARK, 80, 1)[0].text.split()[-1] == "1"
    two = stepping.whole_pass(one)
    assert timeline.last_finished_update(two) == timeline.last_finished_update(stepping.goto(two, 1)) == 2


@in_app()
async def test_the_prompt_names_no_update_that_has_not_been_made(tester: AppTester) -> None:
    await tester.press("t")
    await tester.wait_until(lambda: "0 is the start and the furthest so far" in tester.all_text())
    await tester.press("escape", "n", "n", "t")
    await tester.wait_until(lambda: "2 the furthest so far" in tester.all_text())


def test_a_faster_speed_does_not_hide_that_the_run_diverged() -> None:
    session = new_session(experiment("too-fast"))
    session.run.train(400)
    session = stepping.goto(session, session.run.reached)
    assert session.run.divergence is not None
    for speed in (FLAT_OUT, 0):
        words = said(display.change_speed(replace(session, speed=speed), 1))
        assert "Diverged at update 319" in words


@in_app("too-fast")
async def test_a_run_that_diverges_while_the_speed_is_changed_says_so(tester: AppTester) -> None:
    tester.send("r")
    for _ in range(5):
        tester.send("plus")
    await tester.wait_until(lambda: tester.session.run.divergence is not None and not tester.session.running)
    await tester.settle()
    await tester.wait_until(lambda: "Diverged at update 319" in tester.text("message"))


def test_after_an_update_what_the_optimiser_kept_is_named_old() -> None:
    session = stepping.backward(stepping.forward(new_session(experiment("iris"))))
    for each, note in ((session, ""), (stepping.update(session), "old")):
        plan = layer_view.layout_layer(each, DARK.glyphs, 80, 60)
        notes = {placed.block.key: placed.block.note for band in plan.bands for placed in band.blocks}
        kept = {key: value for key, value in notes.items() if key.startswith("m:")}
        assert kept == {
            f"m:{slot}:{part}{after}": "" if after else note
            for slot in ("m", "v")
            for part in ("w", "b")
            for after in ("", "_after")
        }


def test_the_title_of_the_targets_stands_apart_from_the_next() -> None:
    session = stepping.forward(new_session(experiment("digits")))
    session = replace(session, ref=Ref("z", layer=1))
    plan = layer_view.layout_layer(session, DARK.glyphs, 55, 40)
    drawn = [strip.text for strip in draw_matrix(plan, DARK, 0, 0, 55, 40)]
    assert any("target y  loss 10" in line for line in drawn)
    title = next(line for line in drawn if "target y" in line)
    for line in drawn[drawn.index(title) + 1 :][:10]:
        assert len(line) == 55
        assert line[13] == " ", "the numbers stand below their titles"


@pytest.mark.parametrize(
    ("keys", "rest"), [("f", "`f` finishes the forward pass"), ("fb", "`b` finishes the backward pass"),
                       ("fbu", "`u` finishes the update")]
)  # fmt: skip
def test_in_the_middle_of_a_phase_the_hint_names_the_key_that_ends_it(keys: str, rest: str) -> None:
    session = replace(new_session(experiment("xor")), zoom="unit")
    for key in keys:
        session = {"f": stepping.forward, "b": stepping.backward, "u": stepping.update}[key](session)
    assert "finishes" not in display.hint(session)
    assert rest in display.hint(stepping.previous_stop(session))
