"""Tests of the chart panel: its charts, their numbers, and the omission of later updates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.run.change import Change
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.series import Series
from nn_tui.tui.session import stepping
from nn_tui.tui.session.branches import show_edited
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views import chart_panel
from nn_tui.tui.views.chart_panel import next_chart, toggle_log, toggle_recent
from tests._app import DARK, AppTester, close_to, experiment, in_app

KEYS_TESTED = {"chart", "recent"}


def after(name: str, updates: int, **view: object) -> Session:
    """Return a session after some updates of a preset."""
    return trained(experiment(name), updates, **view)


def trained(given: Experiment, updates: int, **view: object) -> Session:
    """Return a session after some updates of an experiment."""
    session = new_session(given)
    session.run.goto(updates)
    return replace(stepping.goto(session, updates), **view)  # type: ignore[arg-type]


def series(session: Session, name: str) -> Series:
    """Return a series of the chart on screen by its name."""
    return next(one for one in chart_panel.shown_series(session, DARK.glyphs) if one.name == name)


def points(one: Series) -> dict[float, float]:
    """Return the points of a series by x."""
    return dict(zip(np.asarray(one.x).tolist(), np.asarray(one.y).tolist(), strict=True))


def text(session: Session, width: int = 80, height: int = 20) -> str:
    """Return the text of the panel."""
    return "\n".join(strip.text for strip in chart_panel.draw(session, DARK, width, height))


@in_app("xor")
async def test_v_cycles_through_the_charts(tester: AppTester) -> None:
    await tester.press(*"nnn")
    titles = []
    for _ in range(7):
        titles.append(tester.title("loss").split(" · ")[0])
        await tester.press("v")
    names = ["Loss", "Accuracy", "Gradient norm", "Size of δ", "Update/weight", "Learning rate"]
    assert titles == [f"{name} {k}/6" for k, name in enumerate(names, 1)] + ["Loss 1/6"]


@in_app("xor")
async def test_e_toggles_between_the_recent_updates_and_the_whole_run(tester: AppTester) -> None:
    await tester.press("n", "E")
    await tester.wait_until(lambda: "recent" in tester.title("loss") and "last 200 passes" in tester.text("message"))
    await tester.press("E")
    await tester.wait_until(lambda: "recent" not in tester.title("loss") and "the whole run" in tester.text("message"))


@in_app("moons", (80, 24))
async def test_a_hidden_chart_panel_is_shown_before_its_chart_changes(tester: AppTester) -> None:
    await tester.press(*"nn")
    await tester.wait_until(lambda: not tester.visible("loss"))
    await tester.press("v")
    await tester.wait_until(lambda: tester.session.tab == "loss" and tester.session.chart == "loss")
    await tester.press("v")
    await tester.wait_until(lambda: tester.session.chart == "accuracy")
    await tester.wait_until(lambda: tester.visible("loss") and "Accuracy 2/6" in tester.title("loss"))
    await tester.wait_until(lambda: "● train set" in tester.text("loss") and "■ test set" in tester.text("loss"))


@in_app("moons", (80, 24))
async def test_the_next_chart_is_shown_by_a_key_that_follows_at_once_on_the_key_of_the_tab(tester: AppTester) -> None:
    await tester.press(*"nn")
    await tester.wait_until(lambda: not tester.visible("loss"))
    await tester.press("5", "v")
    await tester.wait_until(lambda: tester.session.tab == "loss" and tester.session.chart == "accuracy")


def test_a_regression_has_r2_where_classes_have_an_accuracy() -> None:
    session = after("sine", 3)
    seen = [session.chart]
    while (session := next_chart(session)).chart != "loss":
        seen.append(session.chart)
    assert seen == ["loss", "r2", "gradient", "delta", "ratio", "eta"]
    assert "Loss 1/6" in chart_panel.title(replace(session, chart="accuracy"), DARK), "a chart that says nothing here"


def test_the_loss_under_the_cursor_is_that_of_the_whole_set_after_the_update() -> None:
    session = after("moons", 7)
    data, engine = session.experiment.data, session.engine
    for name, x, y in (("train set", data.x, data.y), ("test set", data.x_test, data.y_test)):
        found = evaluate(engine, session.trace.after, x, y)
        assert found is not None
        one = series(session, name)
        assert close_to(one.value, found.loss)
        assert points(one)[7.0] == pytest.approx(found.loss, rel=1e-12)
        assert f"{name} {one.value}" in text(session)


def test_an_older_figure_names_its_update() -> None:
    session = after("digits", 30)
    per_epoch = session.engine.batches_per_epoch
    assert 10 < per_epoch < 30
    assert series(session, "test set").value.endswith(f" at {per_epoch}")
    batch = series(session, "this batch")
    assert close_to(batch.value.removesuffix(" before update 30"), session.trace.loss)
    assert batch.value.endswith(" before update 30") and batch.short_value.endswith(" before 30")
    began = stepping.forward(session)
    assert close_to(series(began, "this batch").value, began.trace.loss), "of the parameters on screen"


def test_the_penalty_is_drawn_if_the_training_has_one() -> None:
    given = experiment("moons")
    session = trained(replace(given, training=replace(given.training, l2=0.01)), 5)
    expected = 0.005 * sum(float((w**2).sum()) for w in session.trace.after.weights)
    assert points(series(session, "penalty"))[5.0] == pytest.approx(expected, rel=1e-12)
    total, data = points(series(session, "loss with penalty")), points(series(session, "train set"))
    assert total[4.0] == pytest.approx(data[4.0] + points(series(session, "penalty"))[4.0], rel=1e-12)
    assert "penalty" not in text(after("moons", 5))


def test_sums_over_parts_of_different_sizes_name_the_number_of_rows() -> None:
    given = experiment("digits")
    session = trained(replace(given, training=replace(given.training, reduction="sum")), 3)
    train, test = len(given.data.x), len(given.data.x_test)
    assert [one.name for one in chart_panel.shown_series(session, DARK.glyphs)] == [
        f"this batch, sum of {session.trace.n}", f"train set, sum of {train:,}", f"test set, sum of {test:,}"
    ]  # fmt: skip
    assert "sum of" not in text(after("digits", 3))
    whole = experiment("xor")
    assert "sum of" not in text(trained(replace(whole, training=replace(whole.training, reduction="sum")), 3)), (
        "one set"
    )


def test_gradients_and_steps_are_those_of_the_pass_on_screen() -> None:
    session = after("spiral", 6)
    trace = session.trace
    for layer, dw in enumerate(trace.dw):
        assert close_to(
            series(replace(session, chart="gradient"), f"W{DARK.glyphs.sub(layer + 1)}").value,
            float(np.linalg.norm(dw)),
        )
        old, new = trace.before.weights[layer], trace.after.weights[layer]
        ratio = float(np.linalg.norm(new - old) / np.linalg.norm(old))
        assert close_to(series(replace(session, chart="ratio"), f"W{DARK.glyphs.sub(layer + 1)}").value, ratio)


def test_a_single_layer_has_no_chart_of_delta() -> None:
    assert "delta" not in chart_panel.available_charts(after("plane", 2))


@pytest.mark.parametrize("size", [(36, 8), (36, 10), (60, 12), (100, 14)])
@pytest.mark.parametrize("chart", ["delta", "gradient", "ratio"])
def test_seven_layers_are_told_apart_by_labels_at_the_line_ends(chart: str, size: tuple[int, int]) -> None:
    session = replace(after("vanishing", 3), chart=chart)
    lines = chart_panel.draw(session, DARK, *size)
    shown = [label for line in lines if (label := re.search(r"([●▲■◆○△□][Wδ][₁-₇]) *$", line.text))]
    labels = [found[1] for found in shown]
    rows = size[1] - 2
    assert len(labels) == len(set(labels)) == min(7, rows)
    assert {label[-1] for label in labels} >= {"₁", "₇"}
    if chart == "delta" and rows > 7:
        assert [label[-1] for label in labels] == [*"₇₆₅₄₃₂₁"], "the highest line is at the top"


def test_the_usual_size_of_a_step_is_marked() -> None:
    lines = text(after("spiral", 6, chart="ratio")).split("\n")
    assert any(line.startswith("0.001┤") and "╌╌╌" in line for line in lines)


@pytest.mark.parametrize(("chart", "move"), [("loss", stepping.forward), ("gradient", stepping.backward)])
def test_the_charts_omit_figures_that_are_not_computed(chart: str, move: Callable[[Session], Session]) -> None:
    session = replace(after("xor", 4), chart=chart)
    began = stepping.next_stop(session)
    at = 4.0 if chart == "loss" else 5.0
    names = [one.name for one in chart_panel.shown_series(session, DARK.glyphs)]
    if chart == "loss":
        newest = [x for name in names for x in points(series(began, name)) if x > at]
    else:
        newest = [x for name in names for x in points(series(began, name)) if x >= at]
        began = stepping.forward(session)
    assert newest == []
    computed = move(began)
    assert all(max(points(series(computed, name))) == at for name in names)


def test_test_figures_of_the_pass_wait_for_its_update() -> None:
    session = stepping.backward(stepping.forward(after("moons", 4)))
    assert max(points(series(session, "test set"))) == 4.0
    assert max(points(series(stepping.update(session), "test set"))) == 5.0


def test_recent_shows_the_updates_around_the_cursor() -> None:
    session = toggle_recent(after("xor", 500))
    xs = np.asarray(series(session, "whole set").x)
    assert (xs.min(), xs.max()) == (300.0, 500.0)
    back = stepping.goto(session, 100)
    xs = np.asarray(series(back, "whole set").x)
    assert xs.min() <= 100 <= xs.max() and xs.max() - xs.min() <= 200


def test_a_changed_learning_rate_is_a_step() -> None:
    session = after("xor", 4)
    training = session.experiment.training
    changed = replace(training, optimizer=replace(training.optimizer, learning_rate=0.125))
    run = session.run.edited(4, replace(session.experiment, training=changed), Change("text", "η"))
    run.train(3)
    session = replace(session, runs=(run,), active=0, trace=run.trace(7), cursor=0, chart="eta")
    old = training.optimizer.learning_rate
    assert points(series(session, "η")) == {1.0: old, 4.0: old, 5.0: 0.125, 7.0: 0.125}
    assert series(session, "η").value == "0.125"


def test_numbers_that_are_not_finite_are_a_gap_and_break_nothing() -> None:
    session = new_session(experiment("too-fast"))
    session.run.train(5000)
    assert session.run.divergence is not None
    session = stepping.goto(session, session.run.divergence.update)
    for name in chart_panel.available_charts(session):
        for log in (False, True):
            for recent in (False, True):
                shown = text(replace(session, chart=name, log=log, recent=recent))
                assert len(shown.split("\n")) == 20


def test_every_chart_has_its_own_scale() -> None:
    session = after("moons", 5)
    gradients, ratios = (replace(session, chart=name) for name in ("gradient", "ratio"))
    assert "log" not in chart_panel.title(session, DARK)
    assert "log" in chart_panel.title(toggle_log(session), DARK)
    assert "log" in chart_panel.title(gradients, DARK), "layers differ by powers of ten"
    linear = toggle_log(gradients)
    assert "log" not in chart_panel.title(linear, DARK) and "linear" in str(linear.message)
    assert "log" in chart_panel.title(replace(linear, chart="ratio"), DARK), "the other charts keep theirs"
    assert "log" not in chart_panel.title(replace(linear, chart="loss"), DARK)
    for other in (gradients, ratios):  # what the config file and the palette say is about the loss
        assert chart_panel.title(replace(other, log=True), DARK) == chart_panel.title(other, DARK)
    assert "log" in chart_panel.title(replace(toggle_log(linear), chart="gradient"), DARK), "twice is as before"
    refused = toggle_log(replace(session, chart="accuracy"))
    assert not refused.log and not refused.swapped and "no logarithmic scale" in str(refused.message)
    refused = toggle_log(replace(after("sine", 3), chart="r2"))
    assert not refused.log and not refused.swapped and "no logarithmic scale" in str(refused.message)
    assert "log" not in chart_panel.title(refused, DARK)


@pytest.mark.parametrize("text", ["eta = 0.125", "w1[1,1] = 2", "batch = 2"])
def test_a_change_keeps_the_newest_point_of_the_loss(text: str) -> None:
    session = after("xor", 4)
    before = points(series(session, "whole set"))
    changed = show_edited(session, apply_edit(text, session.run, 4))
    assert changed.cursor == 0 and changed.trace.update == 5
    shown = chart_panel.shown_series(changed, DARK.glyphs)
    whole = points(next(one for one in shown if one.name == "whole set"))
    assert max(whole) == 4.0 and whole[4.0] == before[4.0]
    after_update = stepping.whole_pass(changed)
    assert max(points(series(after_update, "whole set"))) == 5.0


def test_running_flat_out_redraws_only_if_a_dot_changes() -> None:
    session = replace(after("xor", 2000), running=True)
    before = chart_panel.cache_key(session, 20)
    session.run.release(session.trace)
    session.run.train(1)
    assert chart_panel.cache_key(replace(session, trace=session.run.trace(2001)), 20) == before
    assert not re.search(r"set \d", text(session)), "a number that would be old at once"


def test_every_series_has_its_own_mark() -> None:
    for name in ("moons", "vanishing", "digits"):
        session = after(name, 3)
        for chart in chart_panel.available_charts(session):
            shown = chart_panel.shown_series(replace(session, chart=chart), DARK.glyphs)
            legend = "".join(text(replace(session, chart=chart), 100, 24).split("\n")[:3])
            marks = [legend[legend.index(f" {one.name}") - 1] for one in shown] if len(shown) > 1 else []
            assert len(set(marks)) == len(marks), legend


def test_the_labels_of_the_accuracy_have_the_unit_of_its_value() -> None:
    session = replace(after("iris", 40), chart="accuracy")
    shown = "\n".join(line.text for line in chart_panel.draw(session, DARK, 78, 12))
    axis = set(re.findall(r"(\S+)┤", shown))
    assert axis and all(re.fullmatch(r"\d+%", label) for label in axis)
    share = session.run.evaluations.items[-1].train_accuracy
    assert share is not None and f"train set {100 * share:.1f}%" in shown
    assert all(0 <= y <= 100 for y in points(series(session, "train set")).values())


def test_a_small_legend_names_every_series() -> None:
    session = after("digits", 2)
    for height in (6, 7):
        shown = "\n".join(line.text for line in chart_panel.draw(session, DARK, 22, height))
        assert all(name in shown for name in ("batch", "train", "test")), shown
