"""Tests of the shipped lessons: their course, and what texts assert of other states than that of their step."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.diagnosis.finding import Kind
from nn_tui.core.edits.at_start import start_with
from nn_tui.core.engine.trace import Trace
from nn_tui.core.lesson.lesson import Choose, Lesson
from nn_tui.core.lesson.loader import load_lesson, shipped_lessons
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.refs import QUANTITIES
from nn_tui.core.run.metrics import predict
from nn_tui.core.run.run import Run
from nn_tui.presets import LESSONS
from nn_tui.tui.draw.text import to_display

COMMON_FINDINGS: tuple[Kind, ...] = (
    "target_out_of_range", "inputs_unscaled", "sum_reduction", "exploding", "diverged", "learning_rate_high",
    "symmetric", "no_bias", "single_layer", "dead_units", "saturated", "vanishing", "learning_rate_low",
    "local_minimum", "plateau", "cycle", "update_large", "overfitting", "frozen", "constant_target", "constant_inputs",
    "targets_unscaled",
)  # fmt: skip


def run_of(name: str, *changes: str) -> Run:
    """Return the run of a lesson with some changes at its start."""
    lesson = load_lesson(name)
    return start_with(Run.start(load_experiment(lesson.preset)), (*lesson.changes, *changes))


def pass_of(run: Run, number: int) -> Trace:
    """Return a pass of a run after training up to it."""
    run.goto(number - 1)
    return run.trace(number)


def losses_of(run: Run, passes: int) -> list[float]:
    """Return the loss of each of the first passes."""
    return [pass_of(run, number).loss for number in range(1, passes + 1)]


def test_the_course_has_nine_chapters_with_a_lesson_for_each_file() -> None:
    assert len(LESSONS) == 9
    assert all(LESSONS.values())


@pytest.mark.parametrize("lesson", shipped_lessons(), ids=lambda lesson: lesson.id)
def test_a_lesson_has_six_to_fourteen_steps_and_four_questions(lesson: Lesson) -> None:
    assert 6 <= len(lesson.steps) <= 14
    assert lesson.questions >= 4


def test_every_quantity_and_the_common_findings_have_a_lesson() -> None:
    taught = {word for lesson in shipped_lessons() for step in lesson.steps for word in step.teaches}
    assert set(QUANTITIES) - taught == set()
    assert set(COMMON_FINDINGS) - taught == set()


@pytest.mark.parametrize("lesson", shipped_lessons(), ids=lambda lesson: lesson.id)
def test_every_text_can_be_spelled_in_ascii(lesson: Lesson) -> None:
    for step in lesson.steps:
        answers = step.question.answers if isinstance(step.question, Choose) else ()
        texts = (step.say, step.hint, step.solved, *(text for each in answers for text in (each.answer, each.why)))
        for text in texts:
            assert to_display(text, ascii_only=True).count("?") == text.count("?"), text


# What the texts assert


def test_xor_one_line_goes_round() -> None:
    run = run_of("xor-one-line", "batch = 1")
    for number in (8, 12, 16, 40):
        after = pass_of(run, number).after
        np.testing.assert_array_equal(after.weights[0], [[-1.0, 0.0]])
        np.testing.assert_array_equal(after.biases[0], [0.0])


def answers_of(name: str, *changes: str) -> list[int]:
    """Return the answers of a perceptron to (0, 0), (0, 1), (1, 0) and (1, 1)."""
    return [int(z >= 0) for z in pass_of(run_of(name, *changes), 1).z[0][:, 0]]


def test_the_answers_that_the_lines_suppose() -> None:
    assert answers_of("line", "b1 = 0.5") == [1, 1, 1, 1]
    assert answers_of("line", "w1 = [[0, 1]]", "b1 = -0.5") == [0, 1, 0, 1]
    for bias in (-2.1, -5):
        assert answers_of("xor-one-line", "w1 = [[1, 1]]", f"b1 = {bias}") == [0, 0, 0, 0]
    for bias in (1, 4):
        assert answers_of("xor-one-line", "w1 = [[1, -1]]", f"b1 = {bias}") == [1, 1, 1, 1]


def test_equal_weights_of_1_get_equal_gradients() -> None:
    trace = pass_of(run_of("symmetry", "init = constant value=1"), 2)
    assert np.ptp(trace.dw[0], axis=0).tolist() == [0, 0]
    assert np.ptp(trace.dw[1]) == 0
    assert trace.dw[0].any()


def test_one_hidden_unit_gives_0_and_its_output_weight_has_no_effect() -> None:
    first, other = (pass_of(run_of("forward-by-hand", *changes), 1) for changes in ((), ("w2[1,2] = 5",)))
    np.testing.assert_array_equal(first.a[1], other.a[1])


def test_cross_entropy_needs_about_ten_updates() -> None:
    losses = losses_of(run_of("cross-entropy", "b1 = -9"), 12)
    assert losses[6] > 0.1 > losses[11]
    deltas = [
        pass_of(run_of("cross-entropy", "b1 = -9", f"loss = {loss}"), 1).dz[0].item()
        for loss in ("binary_cross_entropy", "half_squared_error")
    ]
    assert deltas[0] / deltas[1] == pytest.approx(3000, rel=0.02)


def test_the_difference_of_two_losses_is_the_gradient() -> None:
    trace = pass_of(run_of("gradient-check"), 1)
    terms = 0.5 * (trace.a[0] - trace.y)[0] ** 2
    difference = (terms[2] - terms[0]) / 0.002
    assert difference == pytest.approx(trace.dw[0][1, 0], abs=5e-6)
    assert (round(difference, 4), round(terms[2] - terms[0], 7)) == (-0.2926, -0.0005851)


def test_eta_2_jumps_between_1_and_5() -> None:
    run = run_of("learning-rate", "eta = 2")
    assert [pass_of(run, number).before.weights[0].item() for number in (1, 2, 3, 100)] == [1, 5, 1, 5]


def test_single_samples_jump_between_the_same_two_weights() -> None:
    run = run_of("batches", "batch = 1")
    early, late = ([pass_of(run, n).after.weights[0].item() for n in (number, number + 1)] for number in (20, 2000))
    assert early == pytest.approx(late, abs=1e-5)


def test_the_first_step_of_a_small_eta_is_a_fiftieth_as_long() -> None:
    long, short = (pass_of(run_of("schedules", f"eta = {eta}"), 1).after.weights[0].item() for eta in (0.5, 0.01))
    assert (long + 20) / (short + 20) == pytest.approx(50)


def test_the_hill_is_near_0_and_the_samples_cancel_in_the_valley() -> None:
    slopes = [pass_of(run_of("local-minimum", f"w1[1,1] = {w}"), 1).dw[0].item() for w in (-0.1, 0.1, 0.9, 1.1)]
    assert [slope > 0 for slope in slopes] == [True, False, False, True]
    trace = pass_of(run_of("local-minimum"), 51)
    terms = (trace.dz[0] * trace.x).ravel()
    assert abs(terms.sum()) < 1e-9
    assert sorted(np.sign(terms[np.abs(terms) > 0.01])) == [-1, 1]


def test_large_targets_kill_the_unit_within_two_updates() -> None:
    run = run_of("dead-relu", "eta = 0.1", "data = 1 -> 50; 2 -> 100")
    assert [pass_of(run, number).a[0].any() for number in (1, 2, 3, 50)] == [True, True, False, False]
    small = run_of("dead-relu", "eta = 0.1")
    assert pass_of(small, 300).loss < 0.001


def test_the_mean_is_the_best_answer_to_equal_inputs() -> None:
    data = "data = 2 -> 2; 2 -> 5; 2 -> 3"
    losses = [pass_of(run_of("squared-error", data, "w1 = [[0]]", f"b1 = {b}"), 1).loss for b in (3, 10 / 3, 3.6, 5)]
    assert min(losses) == losses[1]


def test_delta_shrinks_by_64_with_sigmoid_and_grows_by_27_with_weights_of_3() -> None:
    sigmoid = pass_of(run_of("vanishing-gradient"), 1)
    assert sigmoid.dz[3].item() / sigmoid.dz[0].item() == 64
    changes = next(step.changes for step in load_lesson("vanishing-gradient").steps if "exploding" in step.teaches)
    relu = pass_of(run_of("vanishing-gradient", *changes), 1)
    assert relu.dz[0].item() / relu.dz[3].item() == pytest.approx(27)


def test_plain_descent_needs_more_than_100_updates_in_the_ravine() -> None:
    assert losses_of(run_of("momentum", "optimizer = sgd 0.2"), 101)[-1] > 0.05
    assert min(losses_of(run_of("momentum"), 101)) < 0.05


def test_ten_times_the_loss_leaves_the_first_steps_of_adam() -> None:
    base, scaled = (
        pass_of(run_of("adam", "optimizer = adam 0.5", *changes), 1).after.weights[0]
        for changes in ((), ("reduction = sum",))
    )
    np.testing.assert_allclose(base, scaled, atol=1e-6)


def test_only_differences_of_scores_count_for_softmax() -> None:
    first, shifted, third = (
        pass_of(run_of("softmax", f"b1 = {bias}"), 1).a[0][0] for bias in ("0 0 0", "10 10 10", "0 0 2")
    )
    np.testing.assert_allclose(first, shifted, rtol=1e-12)
    assert third[0] < first[0]


def test_iris_mixes_up_versicolor_and_virginica_only() -> None:
    run = run_of("iris")
    run.goto(300)
    data = run.engine.experiment.data
    assert data.classes == ("setosa", "versicolor", "virginica")
    for x, y in ((data.x, data.y), (data.x_test, data.y_test)):
        answers, targets = predict(run.engine, run.state, x).argmax(1), y.argmax(1)
        wrong = {frozenset(pair) for pair in zip(answers.tolist(), targets.tolist(), strict=True) if pair[0] != pair[1]}
        assert wrong == {frozenset({1, 2})}
