"""Tests of the output panel: every view of every preset at every size, with numbers computed independently."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.preset.loader import find_preset, load_experiment, shipped_presets
from nn_tui.core.refs import Quantity, Ref
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.spec import Array
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session import display, stepping
from nn_tui.tui.session.session import Session, clamp_ref, new_session, select
from nn_tui.tui.views.network import unit_hit
from nn_tui.tui.views.output import output_views
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.output.classes import confusion
from nn_tui.tui.views.output.mistakes import mistakes, output_errors
from nn_tui.tui.views.output.moves import next_output, show_sample
from nn_tui.tui.views.output.predictions import SampleHit, predict_part
from nn_tui.tui.views.output.table import draw_table, table_sample_at
from tests._app import DARK, AppTester, experiment, in_app

KEYS_TESTED = {"output_view"}
ASCII = get_palette("mono", ascii=True)
# The panel's inside at 80×24, 120×40 and 200×60, and maximised at each of them.
SIZES = [(78, 10), (27, 20), (46, 34), (78, 17), (118, 33), (198, 53)]


def after(name: str, updates: int, **view: object) -> Session:
    """Return a session after some updates of a preset."""
    session = new_session(experiment(name))
    session.run.goto(updates)
    return replace(stepping.goto(session, updates), **view)  # type: ignore[arg-type]


def text(session: Session, width: int, height: int) -> str:
    """Return the text of the panel."""
    return "\n".join(strip.text for strip in output.draw(session, DARK, width, height))


def answers(session: Session, x: Array) -> Array:
    """Return the network's predictions, computed from its parameters."""
    a = x
    for weights, bias, layer in zip(
        session.trace.after.weights, session.trace.after.biases, session.experiment.layers, strict=True
    ):
        z = a @ weights.T + bias
        if layer.activation == "softmax":
            z = np.exp(z - z.max(axis=1, keepdims=True))
            a = z / z.sum(axis=1, keepdims=True)
        else:
            a = {"relu": np.maximum(z, 0), "tanh": np.tanh(z), "sigmoid": 1 / (1 + np.exp(-z))}[layer.activation]
    return np.asarray(a)


@in_app("xor", (160, 50))
async def test_y_cycles_through_the_views_that_fit_the_data(tester: AppTester) -> None:
    titles = []
    for _ in range(9):
        titles.append(tester.title("output").removeprefix("Output · "))
        await tester.press("y")
    assert titles == [
        "regions 1/8", "hidden h₁ h₂ 2/8", "hidden h₁ h₃ 3/8", "hidden h₁ h₄ 4/8", "confusion 5/8", "mistakes 6/8",
        "table 7/8", "a₁[1] 8/8", "regions 1/8",
    ]  # fmt: skip


@in_app("digits", (80, 24))
async def test_a_hidden_output_panel_is_shown_before_its_view_changes(tester: AppTester) -> None:
    await tester.press("y")
    await tester.wait_until(
        lambda: tester.session.tab == "output" and output_views.current_name(tester.session) == "sample"
    )
    await tester.wait_until(lambda: "sample 1/6" in tester.title("output"))
    await tester.press("y")
    await tester.wait_until(lambda: "confusion, test 2/6" in tester.title("output"))
    await tester.wait_until(lambda: re.search(r"test: \d+ of 539 right", tester.text("output")))


@in_app("xor")
async def test_a_click_on_a_hidden_unit_shows_its_map(tester: AppTester) -> None:
    panel, before = tester.widget("network"), tester.text("output")
    width, height = panel.size
    x, y = next(
        (x, y)
        for y in range(height)
        for x in range(width)
        if unit_hit(tester.session, DARK, width, height, x, y) == (1, 2)
    )
    await tester.pilot.click(panel, offset=(x + 1, y + 1))
    await tester.wait_until(lambda: tester.session.ref.unit == 2)
    await tester.wait_until(lambda: "a₁[3]" in tester.title("output") and tester.text("output") != before)
    await tester.press("y")
    await tester.wait_until(lambda: "regions" in tester.title("output"))


@pytest.mark.parametrize("name", [preset.id for preset in shipped_presets()])
def test_every_view_of_every_preset_fits_every_size(name: str) -> None:
    session = after(name, 3)
    last = len(session.engine.sizes) - 2
    seen = set()
    for view in output_views.available_views(session):
        for width, height in SIZES:
            drawn = output.draw(replace(session, output_view=view), DARK, width, height)
            assert [strip.cell_length for strip in drawn] == [width] * height, (view, width, height)
        assert len(output.draw(replace(session, output_view=view, running=True), DARK, 118, 33)) == 33
        plain = output.draw(replace(session, output_view=view), ASCII, 27, 20)
        assert len(plain) == 20 and all(strip.text.isascii() for strip in plain), view
        names: tuple[Quantity, ...] = ("a", "w", "x", "loss", "dx")
        for name in names:
            ref = clamp_ref(session, Ref(name, last - 1, 1, 1, 0))
            assert len(output.draw(replace(session, output_view=view, ref=ref), DARK, 27, 30)) == 30
        seen.add(output.title(replace(session, output_view=view), DARK))
    assert len(seen) == len(output_views.available_views(session)), "each view has a title of its own"


@pytest.mark.parametrize("name", ["digits", "iris", "moons", "xor"])
def test_the_confusion_matrix_counts_the_predictions(name: str) -> None:
    session = after(name, 40)
    data = session.experiment.data
    for part, x, y in (("train", data.x, data.y), ("test", data.x_test, data.y_test)):
        if not len(x):
            continue
        out = answers(session, x)
        classes = max(2, y.shape[1])
        said = out.argmax(axis=1) if y.shape[1] > 1 else (out[:, 0] >= 0.5).astype(int)
        true = y.argmax(axis=1) if y.shape[1] > 1 else y[:, 0].astype(int)
        expected = np.zeros((classes, classes), dtype=int)
        for one, other in zip(true, said, strict=True):
            expected[one, other] += 1
        assert confusion(predict_part(session, part), classes).tolist() == expected.tolist()  # type: ignore[arg-type]
        shown = text(replace(session, output_view="confusion" if part == "train" else "confusion, test"), 78, 17)
        assert part in shown and f"{np.trace(expected)} of {len(x)} right" in shown
        cells = re.findall(r"\d+|·", shown.split("\n")[2].removeprefix(data.classes[0]))
        assert [0 if cell == "·" else int(cell) for cell in cells[:classes]] == expected[0].tolist()


def test_both_parts_are_side_by_side_if_there_is_room() -> None:
    head = text(after("digits", 20, output_view="confusion"), 118, 33).split("\n")[0]
    assert head.index("train") < head.index("test")


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (78, "rows: true species, columns: predicted species"), (40, "species: y down, ŷ across"),
        (25, "y down, ŷ across"),
    ],
)  # fmt: skip
def test_the_heading_of_a_confusion_matrix_names_its_axes_with_the_target(width: int, words: str) -> None:
    assert text(after("iris", 2, output_view="confusion"), width, 17).split("\n")[0].rstrip() == f"train  {words}"


def test_the_confusion_matrix_of_a_table_compares_with_the_commonest_class_of_the_training_rows() -> None:
    session = after("iris", 2, output_view="confusion, test")
    data = session.experiment.data
    commonest = int(data.y.sum(axis=0).argmax())
    shown = text(session, 78, 17)
    right = int((answers(session, data.x_test).argmax(axis=1) == data.y_test.argmax(axis=1)).sum())
    total, base = len(data.x_test), int(data.y_test[:, commonest].sum())
    name = data.classes[commonest]
    assert f"{right} of {total} right ({right / total:.1%}); always {name}: {base} of {total}" in shown


def test_the_errors_have_a_typical_error_in_the_units_of_the_target_and_that_of_the_mean() -> None:
    spec = find_preset("plane")
    scaled = load_experiment(
        replace(spec, data=replace(spec.data, samples=60, test_fraction=0.25, standardize_target=True))
    )
    session = new_session(scaled)
    session.run.goto(60)
    session = replace(stepping.goto(session, 60), output_view="errors")
    data = scaled.data
    exact = evaluate(session.engine, session.state, data.x_test, data.y_test)
    assert exact is not None and exact.rmse is not None
    base = float(np.sqrt(np.square(data.targets_test - data.targets.mean(axis=0)).mean()))
    head = text(session, 100, 12).split("\n")[0]
    assert head.startswith("largest errors; RMSE test ") and "always the mean" in head
    said = [float(number) for number in re.findall(r"\d+\.\d+", head)]
    assert said == [pytest.approx(value, abs=6e-4) for value in (exact.rmse, said[1], base)]
    assert text(session, 50, 12).split("\n")[0].startswith("largest errors; RMSE test ")


def test_the_mistakes_are_sorted_by_confidence() -> None:
    session = after("digits", 60, output_view="mistakes")
    data = session.experiment.data
    expected: list[tuple[str, int, int, int]] = []
    for part, x, y in (("train", data.x, data.y), ("test", data.x_test, data.y_test)):
        out = answers(session, x)
        said, true = out.argmax(axis=1), y.argmax(axis=1)
        expected += [(part, int(row), int(true[row]), int(said[row])) for row in np.flatnonzero(said != true)]
    found = [(each.part, each.row, each.true, each.predicted, each.confidence) for each in mistakes(session)]
    assert [one[4] for one in found] == sorted((one[4] for one in found), reverse=True)
    assert {one[:4] for one in found} == set(expected) and len(found) > 3
    shown = text(session, 60, 20)
    part, row, true, said, p = found[0]
    assert re.search(rf"{row + 1}\s+{part}\s+{true}\s+{said}\s+{p:.2f}", shown.split("\n")[2])
    counts = {name: sum(one[0] == name for one in found) for name in ("train", "test")}
    assert f"wrong: {counts['train']} of 1258 train, {counts['test']} of 539 test" in shown


def test_a_view_without_mistakes_reports_that_there_are_none() -> None:
    assert "classified correctly" in text(after("xor", 2000, output_view="mistakes"), 60, 12)


def test_a_probability_of_the_lower_class_is_one_minus_the_output() -> None:
    session = after("moons", 5)
    predictions = predict_part(session, "train")
    out = answers(session, session.experiment.data.x)[:, 0]
    assert predictions.confidence == pytest.approx(np.maximum(out, 1 - out), abs=1e-12)


def test_errors_are_output_minus_target_and_sorted_by_size() -> None:
    session = after("hills", 20)
    data = session.experiment.data
    hidden = np.tanh(data.x @ session.trace.after.weights[0].T + session.trace.after.biases[0])
    out = hidden @ session.trace.after.weights[1].T + session.trace.after.biases[1]
    worst = int(np.abs(out - data.y)[:, 0].argmax())
    train = [error for error in output_errors(session) if error.part == "train"]
    assert train[0].row == worst
    assert train[0].output == pytest.approx(out[worst, 0], abs=1e-12)
    sizes = [abs(error.output - error.target) for error in output_errors(session)]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (100, 30), (200, 60)])
def test_a_disc_in_a_ring_is_round(size: tuple[int, int]) -> None:
    @in_app("circles", size)
    async def check(tester: AppTester) -> None:
        await tester.press("4")
        data = tester.session.experiment.data
        points = np.concatenate([data.points, data.points_test])
        assert np.ptp(points[:, 0]) == pytest.approx(np.ptp(points[:, 1]), rel=0.05), "the ring is round"
        await tester.wait_until(lambda: "wrong" in tester.text("output"))
        lines = tester.text("output").split("\n")
        axes = [(found, y) for y, line in enumerate(lines) for found in re.finditer(r"−1\.2 +x₁ +1\.3", line)]
        axis, bottom = min(axes, key=lambda each: each[0].start())
        marks = {
            (x, y) for y, line in enumerate(lines[:bottom]) for x, char in enumerate(line[: axis.end()])
            if char in "●○▲△✕" and x >= axis.start()
        }  # fmt: skip
        columns, rows = ([spot[axis] for spot in marks] for axis in (0, 1))
        width, height = max(columns) - min(columns) + 1, 2 * (max(rows) - min(rows) + 1)
        assert width == pytest.approx(height, abs=2), "a cell is twice as high as wide"
        if size == (80, 24):
            assert re.search(r"x₁ +x₂ +y +ŷ", tester.text("output")), "the table is beside the picture"

    check()


@pytest.mark.parametrize("quantity", ["a", "w", "dz"])
def test_a_unit_s_map_follows_the_selection(quantity: Quantity) -> None:
    session = after("moons", 30, output_view="unit")
    maps = []
    for unit in (0, 1):
        shown = replace(session, ref=clamp_ref(session, Ref(quantity, 0, unit, 0, 0)))
        assert f"a₁[{unit + 1}]" in output.title(shown, DARK)
        maps.append([list(strip) for strip in output.draw(shown, DARK, 40, 20)])
    assert maps[0] != maps[1]


def test_the_curve_has_the_values_at_the_cursor() -> None:
    session = after("sine", 200)
    data = session.experiment.data
    hidden = np.tanh(data.x[:1] @ session.trace.after.weights[0].T + session.trace.after.biases[0])
    value = float((hidden @ session.trace.after.weights[1].T + session.trace.after.biases[1])[0, 0])
    shown = text(session, 78, 17)
    legend = shown.split("\n")[0].replace("−", "-")
    assert f"network {value:.3f}" in legend and f"train {data.y[0, 0]:.3f}" in legend


def test_first_layer_weights_turn_to_the_selected_unit() -> None:
    session = after("digits", 2, output_view="weights")
    first = text(session, 27, 20)
    assert first.split("\n")[0].split() == ["1/32", "2/32", "3/32"]
    selected = replace(session, ref=clamp_ref(session, Ref("a", 0, 20, 0, 0)))
    assert "21/32" in text(selected, 27, 20).split() and " 1/32" not in text(selected, 27, 20)


def test_a_view_that_does_not_fit_the_data_is_replaced() -> None:
    session = after("sine", 1, output_view="regions")
    assert output_views.current_name(session) == "curve"
    assert next_output(session).output_view == list(output_views.available_views(session))[1]


@pytest.mark.parametrize(("name", "view"), [("xor", "table"), ("iris", "sample"), ("digits", "sample")])
def test_no_prediction_is_shown_before_the_forward_pass(name: str, view: str) -> None:
    session = replace(new_session(experiment(name)), output_view=view)
    for before in (session, stepping.next_stop(session), after(name, 2, cursor=0, output_view=view)):
        shown = text(before, 78, 17)
        assert not re.search(r"0\.\d", shown), shown
        assert output.cache_key(before, 20) != output.cache_key(stepping.forward(before), 20)
        assert re.search(r"0\.\d", text(stepping.forward(before), 78, 17))


@in_app("moons")
async def test_the_border_names_the_parameters_of_the_output(tester: AppTester) -> None:
    panel = tester.widget("output")
    for keys, done in (("", 0), ("f", 0), ("bu", 1), ("nnn", 4)):
        await tester.press(*keys)
        assert (f"after update {done}" if done else "no update yet") in f"{panel.border_title} {panel.border_subtitle}"


@in_app("xor", (100, 30))
async def test_narrow_borders_say_whether_numbers_are_from_before_or_after_the_update(tester: AppTester) -> None:
    def borders() -> list[str]:
        panels = [tester.widget(name) for name in ("network", "output", "loss")]
        return [f"{panel.border_title} {panel.border_subtitle}" for panel in panels]

    await tester.press("n", "f", "b")
    await tester.wait_until(lambda: all("after update 1" in each for each in borders()))
    await tester.press("u")
    await tester.wait_until(lambda: all("after update 2" in each for each in borders()[1:]))
    assert "before update 2" in borders()[0] and "before update 2" in tester.text("phases")
    assert "after update 2" in tester.text("header")


@pytest.mark.parametrize(("width", "height"), [(27, 20), (78, 10), (118, 33), (27, 12)])
def test_compared_runs_are_named_if_there_is_room(width: int, height: int) -> None:
    session = after("moons", 20)
    other = apply_edit("eta = 3", session.run, 0)
    other.goto(20)
    there = other.trace(20)
    compared = replace(session, runs=(session.run, other), other=other, other_trace=there)
    for view in output_views.available_views(compared):
        shown = replace(compared, output_view=view)
        drawn = output.draw(shown, DARK, width, height)
        assert [strip.cell_length for strip in drawn] == [width] * height
        for here in (
            shown,
            replace(shown, active=1, other=session.run, trace=there, other_trace=session.trace),
        ):
            rows = [strip.text for strip in output.draw(here, DARK, width, height)]
            is_same = rows == [strip.text for strip in drawn]
            assert is_same == (here is shown or height != 12), "A stands first; if one fits, it is that on screen"
    names = [strip.text for strip in output.draw(compared, DARK, width, height)]
    eta = session.experiment.training.optimizer.learning_rate
    found = [name in "\n".join(names) for name in (f"A: η {eta:g}", "B: η 3")]
    assert found == [height != 12] * 2
    assert output.cache_key(compared, 20) != output.cache_key(replace(compared, other_trace=None), 20)


def test_the_cache_key_has_every_input_of_the_drawing() -> None:
    session = after("moons", 3)
    same = replace(session, cursor=session.pass_steps.end, message="other")
    assert output.cache_key(same, 20) == output.cache_key(session, 20)
    others = [
        stepping.whole_pass(session),
        display.change_sample(session, 1),
        next_output(session),
        display.next_digits(session),
        select(session, Ref("a", 0, 5, 0, 0)),
        replace(session, running=True),
    ]
    assert all(output.cache_key(other, 20) != output.cache_key(session, 20) for other in others)


def test_running_computes_fewer_points_for_a_similar_picture() -> None:
    session = after("spiral", 200, ref=Ref("a", 2, 0, 0, 0))
    rest = [strip.text for strip in output.draw(session, DARK, 118, 33)]
    fast = [strip.text for strip in output.draw(replace(session, running=True), DARK, 118, 33)]
    points = [[x for x, char in enumerate(line) if char in "●▲○△✕"] for line in rest]
    assert points == [[x for x, char in enumerate(line) if char in "●▲○△✕"] for line in fast]


# Clicks on samples


async def click(tester: AppTester, x: int, y: int) -> None:
    """Click a cell of the output's content."""
    await tester.pilot.click(tester.widget("output"), offset=(x + 1, y + 1))


@pytest.mark.parametrize("selected", [0, 3, 7, 11])
@pytest.mark.parametrize("height", [2, 3, 5, 6, 12, 13, 14])
def test_a_table_without_room_counts_the_samples_above_and_below(selected: int, height: int) -> None:
    given = experiment("moons")
    data = replace(given.data, x=given.data.x[:12], y=given.data.y[:12], points=given.data.points[:12])
    session = show_sample(new_session(replace(given, data=data)), SampleHit("train", selected))
    lines = [strip.text for strip in draw_table(session, DARK, 60, height)]
    shown = [line for line in lines[1:] if line.strip() and "more:" not in line]
    more = [int(number) for line in lines if "more:" in line for number in re.findall(r"\d+", line)]
    assert len(shown) + sum(more) == 12 and (height == 2 or any("▸" in line for line in shown))
    rows = [table_sample_at(session, DARK, 60, height, 2, y) for y in range(height)]
    assert [found is not None for found in rows] == [0 < y <= len(shown) for y in range(height)]


@in_app("xor")
async def test_a_click_on_a_row_of_the_table_selects_its_sample(tester: AppTester) -> None:
    await tester.press("f")
    for sample in (1, 3, 0):
        lines = tester.text("output").split("\n")
        first = next(k for k, line in enumerate(lines) if "ŷ−y" in line) + 1
        await click(tester, 6, first + sample)
        await tester.wait_until(
            lambda: (
                tester.session.ref.sample == sample
                and f"Sample {sample + 1} of the training part" in tester.text("message")
            )
        )
        await tester.wait_until(lambda: tester.text("output").split("\n")[first + sample].startswith("▸"))


@in_app("xor")
async def test_a_click_on_a_point_of_the_plane_selects_its_sample(tester: AppTester) -> None:
    data = tester.session.experiment.data
    lines = tester.text("output").split("\n")
    end = next(y for y, line in enumerate(lines) if "wrong" in line)
    spots = [(x, y) for y, line in enumerate(lines[:end]) for x, char in enumerate(line) if char in "●▲✕"]
    assert len(spots) == 4
    middle_x, middle_y = (sum(spot[axis] for spot in spots) / 4 for axis in (0, 1))
    for x, y in spots:
        await click(tester, x, y)
        x1, x2 = data.points[tester.session.ref.sample]
        assert (x1 > 0.5) == (x > middle_x) and (x2 > 0.5) == (y < middle_y)


@in_app("digits", (120, 40))
async def test_a_click_on_a_sample_outside_of_the_batch_explains_why(tester: AppTester) -> None:
    await tester.press(*"nn", "4", "m")
    await tester.main.apply_move(lambda s: replace(s, output_view="mistakes"))
    found = mistakes(tester.session)
    before = tester.session.ref
    rows = tester.session.trace.rows
    assert rows is not None
    seen = set()
    for line, mistake in enumerate(found[:30]):
        await click(tester, 8, line + 2)
        row, words = mistake.row, tester.text("message")
        assert f"Sample {row + 1} of the" in words
        if mistake.part == "test":
            assert "no pass trains on it" in words
        elif row not in rows:
            assert "not in the batch" in words
        else:
            await tester.wait_until(lambda: rows[tester.session.ref.sample] == row)
        seen.add(mistake.part)
        await tester.main.apply_move(lambda s: replace(s, ref=before))
    assert seen == {"train", "test"}


def find(session: Session, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample at a point of the panel."""
    found = output.hit(session, DARK, width, height, x, y)
    assert not isinstance(found, Ref)
    return found


def number(session: Session, width: int, height: int, x: int, y: int) -> Ref | None:
    """Return the number at a point of the panel."""
    found = output.hit(session, DARK, width, height, x, y)
    return found if isinstance(found, Ref) else None


@pytest.mark.parametrize(("width", "height"), [(27, 20), (78, 17), (118, 33), (30, 6)])
@pytest.mark.parametrize("name", ["xor", "iris", "sine", "moons", "hills", "digits"])
def test_every_line_of_a_list_is_the_sample_that_it_names(name: str, width: int, height: int) -> None:
    session = after(name, 3)
    views = [view for view in output_views.available_views(session) if view in ("mistakes", "errors", "table")]
    assert views
    for view in views:
        shown = replace(session, output_view=view)
        lines = text(shown, width, height).split("\n")
        for y, line in enumerate(lines):
            found = find(shown, width, height, 5, y)
            if view == "table":
                if found is not None:
                    moved = show_sample(replace(shown, ref=replace(shown.ref, sample=0)), found)
                    assert moved.ref.sample == found.row
                continue
            named = re.match(r"[ ▸] +(\d+) +(?!more)\S", line)
            assert (found is not None) == (named is not None), line
            if found is not None and named is not None:
                assert found.row == int(named[1]) - 1
        assert find(shown, width, height, 5, 0) is None


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [("xor", 27, 20), ("moons", 27, 20), ("hills", 27, 20), ("spiral", 27, 20), ("spiral", 78, 17), ("moons", 118, 33)],
)
def test_the_point_of_every_sample_finds_it_or_one_beside_it(name: str, width: int, height: int) -> None:
    session = after(name, 1)
    data = session.experiment.data
    hits = set()
    for y in range(height):
        for x in range(width):
            found = find(session, width, height, x, y)
            if found is not None and found.part == "train":
                hits.add(found.row)
    assert hits <= set(range(len(data.x)))
    assert len(hits) >= min(len(data.x), 12), "points in one cell hide each other"


def test_a_cell_of_the_confusion_matrix_goes_through_its_samples() -> None:
    session = after("iris", 2, output_view="confusion")
    predictions = predict_part(session, "train")
    counts = confusion(predictions, 3)
    width, height = 78, 17
    shown = text(session, width, height).split("\n")
    seen: dict[tuple[int, int], set[int]] = {}
    for y in range(height):
        for x in range(width):
            found = find(session, width, height, x, y)
            if found is not None:
                at = int(np.flatnonzero(predictions.rows == found.row)[0])
                cell = (int(predictions.true[at]), int(predictions.predicted[at]))
                assert str(counts[cell]) in shown[y] and f"{counts[cell]} of class" in str(found.note)
                seen.setdefault(cell, set()).add(found.row)
    assert set(seen) == {(i, j) for i in range(3) for j in range(3) if counts[i, j]}
    assert all(len(rows) == 1 for rows in seen.values()), "the surest of each"
    # Again and again: through all that the batch has, and round.
    cell, spot = max(((i, j) for i, j in seen), key=lambda c: counts[c]), None
    for y in range(height):
        for x in range(width):
            found = find(session, width, height, x, y)
            if found is not None and found.row in seen[cell]:
                spot = (x, y)
    assert spot is not None
    rows = []
    for _ in range(6):
        found = find(session, width, height, *spot)
        assert found is not None
        rows.append(found.row)
        session = show_sample(session, found)
    assert len(set(rows)) == 6, "its class has more samples than that"


def test_a_click_finds_the_sample_of_the_clicked_run() -> None:
    session = after("moons", 20, output_view="mistakes")
    other = apply_edit("eta = 3", session.run, 0)
    other.goto(20)
    there = other.trace(20)
    compared = replace(session, runs=(session.run, other), other=other, other_trace=there)
    left, right = (find(compared, 118, 33, x, 3) for x in (5, 70))
    own = mistakes(session)[0]
    assert left is not None and (left.part, left.row) == (own.part, own.row)
    twin = mistakes(replace(session, runs=(other,), active=0, trace=there))[0]
    assert right is not None and (right.part, right.row) == (twin.part, twin.row)


@pytest.mark.parametrize(("width", "height"), [(27, 20), (46, 34), (78, 10)])
def test_every_point_of_a_curve_finds_a_sample_and_the_empty_plane_none(width: int, height: int) -> None:
    session = after("sine", 3)
    data = session.experiment.data
    shown = text(session, width, height).split("\n")
    top = next(y for y, line in enumerate(shown) if "┤" in line or "│" in line)
    points = {(x, y) for y in range(top, height) for x, mark in enumerate(shown[y]) if mark in "●○"}
    assert len(points) > 12
    seen = set()
    for y in range(height):
        for x in range(width):
            found = find(session, width, height, x, y)
            near = {(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & points
            assert found is None or near, "a point is drawn there"
            if (x, y) in points:
                assert found is not None
                seen.add((found.part, found.row))
    assert len(seen) >= len(points) * 0.9, "each its own, but for those that one cell shares"
    left, right = (min(seen, key=lambda one: sign * (data.x if one[0] == "train" else data.x_test)[one[1], 0])
                   for sign in (1, -1))  # fmt: skip
    at = {one: [x for x, y in points if (f := find(session, width, height, x, y)) and (f.part, f.row) == one]
          for one in (left, right)}  # fmt: skip
    assert max(at[left]) < min(at[right])


@pytest.mark.parametrize(("name", "width", "height"), [
    ("iris", 27, 20), ("iris", 78, 10), ("iris", 78, 17), ("digits", 27, 25), ("digits", 78, 10), ("digits", 27, 12),
])  # fmt: skip
def test_every_bar_is_the_output_that_it_names(name: str, width: int, height: int) -> None:
    session = after(name, 2, output_view="sample")
    data = session.experiment.data
    names = data.classes or data.output_names
    seen = set()
    for y, line in enumerate(text(session, width, height).split("\n")):
        for x in range(width):
            ref = number(session, width, height, x, y)
            if ref is not None and ref.quantity == "a":
                assert ref.layer == 1
                assert re.search(rf"{re.escape(names[ref.unit][:4])}\S* +[━─]+ +[01]\.\d\d", line)
                seen.add(ref.unit)
    drawn = re.findall(r"[━─]+ +[01]\.\d\d", text(session, width, height))
    assert len(seen) == len(drawn) >= 3
    before = replace(new_session(experiment(name)), output_view="sample")
    keys = {ref.quantity for y in range(height) for x in range(width) if (ref := number(before, width, height, x, y))}
    assert keys <= {"x"}, "what is not computed has no bar"


@in_app("digits")
async def test_clicks_on_bars_pixels_and_weights_select_them(tester: AppTester) -> None:
    await tester.press("f")
    size = tester.widget("output").size
    lines = tester.text("output").split("\n")
    await click(tester, 5, next(y for y, line in enumerate(lines) if line.startswith("7 ")))
    await tester.wait_until(lambda: tester.session.ref == Ref("a", 1, 7, 0, tester.session.ref.sample))
    await click(tester, size.width // 2, size.height // 4)
    pixel = tester.session.ref
    await tester.wait_until(lambda: pixel.quantity == "x" and pixel.symbol in tester.title("arithmetic"))
    await tester.main.apply_move(lambda s: replace(s, output_view="weights"))
    seen = set()
    for y in range(size.height):
        for x in range(0, size.width, 3):
            ref = number(tester.session, size.width, size.height, x, y)
            if ref is not None:
                seen.add(ref.unit)
    assert len(seen) > 3
    x, y = next((x, y) for y in range(1, size.height) for x in range(size.width)
                if (ref := number(tester.session, size.width, size.height, x, y)) and ref.unit == 2)  # fmt: skip
    await click(tester, x, y)
    await tester.wait_until(lambda: tester.session.ref == replace(tester.session.ref.with_key("w"), layer=0, unit=2))
    await tester.wait_until(lambda: output_views.current_name(tester.session) == "weights", "the view stays")


def test_short_bars_have_the_confusion_matrix_beside_them() -> None:
    session = after("iris", 2, output_view="sample")
    shown = text(session, 78, 10)
    right = int((predict_part(session, "test").true == predict_part(session, "test").predicted).sum())
    assert f"{right} of 45 right" in shown and "virginica  ━" in shown
    cells = [find for y in range(10) for x in range(78)
             if isinstance(find := output.hit(session, DARK, 78, 10, x, y), SampleHit)]  # fmt: skip
    assert {found.part for found in cells} == {"test"}
    assert "right" not in text(session, 60, 10), "too narrow for both"
