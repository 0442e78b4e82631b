"""A student with a pocket calculator: what the screen prints at its usual digits comes out, and is of one moment."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import evaluate, predict
from nn_tui.core.run.run import Run
from nn_tui.core.spec import OptimizerSpec
from nn_tui.tui.actions.viewing import toggle_log
from nn_tui.tui.draw.network import draw_network
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, begin, select
from nn_tui.tui.views import arithmetic, chart_panel, health, network, output
from nn_tui.tui.views.network import network_view
from nn_tui.tui.views.output_predictions import SampleHit
from nn_tui.tui.views.status import header
from tests._app import DARK, experiment
from tests.tui.views.test_arithmetic import computed, lines_of


def passes(preset: str, count: int, optimizer: str | None = None) -> Session:
    """A preset after so many passes, perhaps with another optimiser."""
    made = experiment(preset)
    if optimizer is not None:
        made = replace(made, training=replace(made.training, optimizer=OptimizerSpec(optimizer, 0.05)))
    session = begin(made)
    for _ in range(count):
        session = stepping.whole_pass(session)
    return session


def reach(preset: str, update: int) -> Session:
    """A preset trained up to an update."""
    session = begin(experiment(preset))
    session.run.train(update)
    return stepping.goto(session, update)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "adagrad", "nesterov"])
@pytest.mark.parametrize("digits", [4, 6])
def test_a_step_of_small_numbers_comes_out_by_hand_from_what_is_printed(optimizer: str, digits: int) -> None:
    session = replace(passes("xor", 60, optimizer), digits=digits)
    checked = 0
    for unit in range(4):
        here = select(session, Ref("w_after", 0, unit, 1))
        for line in lines_of(here):
            if not line.startswith("  Δ = −"):
                continue
            left, right = (computed(side) for side in line.split(" = ")[-2:])
            assert left is not None and right is not None
            assert left[0] == pytest.approx(right[0], rel=3 * 10.0 ** (1 - digits)), line
            checked += 1
    assert checked == 4


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
@pytest.mark.parametrize("digits", [2, 4, 6, None])
@pytest.mark.parametrize("count", [1, 2, 13])
def test_the_bias_correction_comes_out_by_hand(optimizer: str, digits: int | None, count: int) -> None:
    session = replace(passes("xor", count, optimizer), digits=digits)
    here = select(session, Ref("w_after", 0, 1, 1))
    found = [line.rpartition("   (")[0] or line for line in lines_of(here) if line.startswith(("  m̂ = ", "  v̂ = "))]
    assert len(found) == 2
    for line in found:
        left, right = (computed(side) for side in line.split(" = ")[-2:])
        assert left is not None and right is not None, line
        assert left[0] == pytest.approx(right[0], rel=2 * 10.0 ** (1 - (digits or 12))), line


@pytest.mark.parametrize(
    ("optimizer", "said"),
    [
        ("sgd", "(η = 0.05, t = 2)"),
        ("momentum", "(η = 0.05, t = 2)"),
        ("nesterov", "(η = 0.05, t = 2)"),
        ("adagrad", "(η = 0.05, ε = 1e-10, t = 2)"),
        ("rmsprop", "(η = 0.05, ε = 1e-08, t = 2)"),
        ("adam", "(η = 0.05, ε = 1e-08, t = 2)"),
        ("adamw", "(η = 0.05, ε = 1e-08, t = 2)"),
    ],
)
def test_every_constant_of_an_optimiser_has_its_value_in_the_arithmetic(optimizer: str, said: str) -> None:
    session = passes("xor", 2, optimizer)
    formula, *lines = lines_of(select(session, Ref("w_after", 0, 1, 1)))
    assert said in formula
    for name, value in session.engine.options.items():
        assert name == "eps" or re.search(rf"[=(×−] {value!r}|−{value!r}", "\n".join(lines)), name
    for slot in session.engine.optimizer.slots:
        rule = lines_of(select(session, Ref(f"m:{slot}:w_after", 0, 1, 1)))[0].split("   ")[0]
        assert "keeps of w₁[2,2]: " in rule and not re.search(r"\d\.\d", rule), "symbols alone"


@pytest.mark.parametrize("digits", [2, 4, 6, None])
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.1), (0.003, 0.0), (0.003, 0.1)])
def test_the_penalty_comes_out_by_hand_from_its_sums(l1: float, l2: float, digits: int | None) -> None:
    made = experiment("xor")
    session = stepping.whole_pass(begin(replace(made, training=replace(made.training, l1=l1, l2=l2))))
    lines = lines_of(replace(select(session, Ref("loss")), digits=digits))
    words, sums, result = next(line for line in lines if line.startswith("  penalty = ")).split(" = ")[1:]
    assert words == " + ".join([*["l1·Σ|w|"] * bool(l1), *["½·l2·Σw²"] * bool(l2)])
    left, right = computed(sums), computed(result.split("   ")[0])
    assert left is not None and right is not None
    assert left[0] == pytest.approx(right[0], rel=2 * 10.0 ** (1 - (digits or 12)))
    assert f"  penalty: {result.split('   ')[0]}" in lines and "no biases" in result
    every = np.concatenate([weights.ravel() for weights in session.trace.before.weights])
    assert f"({every.size} weights, " in result
    numbers = [float(number) for number in re.findall(r"[\d.]+", sums)]
    for spent, total in ((l1, np.abs(every).sum()), (l2, np.square(every).sum())):
        if spent:
            assert any(number == pytest.approx(total, rel=0.1 ** ((digits or 12) - 1)) for number in numbers)


@pytest.mark.parametrize("key", ["z", "dw", "db", "loss", "dz", "w_after", "step_w"])
@pytest.mark.parametrize("optimizer", [None, "adam"])
def test_four_lines_show_the_result_and_that_numbers_are_rounded(key: str, optimizer: str | None) -> None:
    session = select(passes("xor", 3, optimizer), Ref(key, 0, 1, 1 if key in ("dw", "w_after", "step_w") else 0, 2))
    whole = [line.strip() for line in lines_of(session, 78)]
    drawn = [strip.text for strip in arithmetic.draw(session, DARK, 78, 4)]
    results = [line for line in whole[1:] if re.match(r"(z₁|δ₁|∂L/∂\S+ = sum|L = sum|w′ = w|Δ = −)", line)]
    wanted = {"w_after": "w′ = w", "step_w": "Δ = −"}.get(key)
    result = next(line for line in results if wanted is None or line.startswith(wanted))
    text = "\n".join(drawn)
    assert result in text
    assert "≈" in text
    if key in ("dw", "db"):
        assert "▸ sample 3:" in text, "the term of the selected sample"


@pytest.mark.parametrize("preset", ["iris", "xor", "mazur"])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_the_picture_is_of_one_moment_also_while_the_update_is_made(preset: str, steps: int) -> None:
    """z of every unit comes out of the values, weights and biases that are drawn together."""
    session = stepping.update(stepping.backward(stepping.forward(passes(preset, 1))))
    session = replace(session, cursor=session.cursor - steps)
    view = network_view(session)
    assert "pass 2" in network.title(session, DARK)
    for layer in range(len(view.sizes) - 1):
        values, weights, biases = view.values[layer], view.edges[layer], view.biases[layer]
        assert values is not None and weights is not None and biases is not None
        assert np.allclose(weights @ values + biases, session.trace.z[layer][session.ref.sample], rtol=1e-12)
    if not steps:
        assert view.done == frozenset(range(1, len(view.sizes))), "every layer has had its update"


def test_the_caption_of_a_selected_edge_says_that_its_number_is_a_gradient() -> None:
    session = select(stepping.backward(stepping.forward(begin(experiment("xor")))), Ref("w", 1, 0, 2))
    drawn = draw_network(network_view(session), DARK, 78, 12)[-1].text.rstrip()
    shown = fmt(session.trace.dw[1][0, 2], session.digits, glyphs=DARK.glyphs)
    assert drawn.endswith(f"→ y ∂L/∂w {shown}")


def test_a_sample_of_a_small_batch_is_named_by_its_row_too() -> None:
    session = passes("and", 1)
    assert session.trace.n == 1 and session.trace.rows is not None
    row = int(session.trace.rows[0]) + 1
    assert f"sample 1 of 1 (row {row} of 4)" in header.draw(session, DARK, 120, 1)[0].text
    whole = header.draw(passes("xor", 1), DARK, 120, 1)[0].text
    assert "sample 3 of 4" in whole and "row" not in whole


@pytest.mark.parametrize("update", [502, 1000, 1500])
def test_a_run_that_is_not_solved_is_never_called_healthy(update: int) -> None:
    session = reach("xor-221-stuck", update)
    text = " ".join(line.text.strip() for line in health.document(session, DARK, 200))
    state = session.trace.after if session.updates_done == session.trace.update else session.trace.before
    data = session.experiment.data
    found = evaluate(session.engine, state, data.x, data.y)
    assert found is not None and found.mistakes
    assert f"Not solved yet: {found.mistakes} of 4 answers wrong, loss {found.loss:.3g} " in text
    assert "healthy" not in text


def test_a_solved_run_says_so_and_a_curve_says_its_loss() -> None:
    solved = reach("xor", 600)
    assert "All 4 answers are right: loss 0.0" in health.progress_text(solved)
    assert health.progress_text(begin(experiment("sine"))).startswith("Loss ")


def test_compared_losses_that_are_far_apart_begin_on_a_log_scale_and_l_switches() -> None:
    quick, slow = Run.start(experiment("xor")), Run.start(experiment("xor-221-stuck"))
    for run in (quick, slow):
        run.goto(1000)
    session = begin(experiment("xor"))
    session = replace(session, runs=(quick, slow), active=0, other=slow, trace=quick.trace(1000), chart="loss")
    assert chart_panel.is_log(session) and "log scale" in chart_panel.title(session, DARK)
    linear = toggle_log(session)
    assert not chart_panel.is_log(linear) and "linear" in linear.message
    assert chart_panel.is_log(toggle_log(linear))
    alone = replace(session, other=None)
    assert not chart_panel.is_log(alone), "one run keeps the scale that was chosen"
    assert not chart_panel.is_log(replace(session, other=quick)), "alike: the chosen scale"


def test_a_narrow_table_shows_every_output_and_a_click_finds_its_sample() -> None:
    session = passes("mazur", 1)
    rows = [strip.text for strip in output.draw(session, DARK, 27, 20)]
    text = "\n".join(rows)
    answers = predict(session.engine, session.trace.after, session.experiment.data.x)[0]
    for name, answer, target in zip(("y1", "y2"), answers, session.experiment.data.y[0], strict=True):
        row = next(row for row in rows if row.startswith(name))
        assert f"{answer:.4f}" in row and f"{target:.4f}" in row
    assert "answer" in text and all(len(row) == 27 for row in rows)
    for y in (1, 2):
        found = output.hit(session, DARK, 27, 20, 12, y)
        assert isinstance(found, SampleHit) and found.row == 0
    assert output.hit(session, DARK, 27, 20, 12, 3) is None


def test_the_z_and_the_answer_of_a_perceptron_have_two_names() -> None:
    session = stepping.backward(stepping.forward(passes("and", 1)))
    picture = "\n".join(strip.text for strip in draw_network(network_view(session), DARK, 30, 20))
    assert "z of y" in picture
    table = "\n".join(strip.text for strip in output.draw(session, DARK, 27, 20))
    assert "answer" in table and not re.search(r"target +y\b", table)
