"""Tests of the sentences that say what a task asks for."""

from __future__ import annotations

import pytest

from nn_tui.core.lesson.lesson import Do
from nn_tui.core.lesson.parser import parse_lesson
from nn_tui.tui.views.lesson_goals import goal_text
from tests.tui._lessons import TEXT, session_at


@pytest.mark.parametrize(
    ("goal", "text"),
    [
        ('until = "z1[1] >= 0 and w1[1,1] < 0"', "Task: z₁[1] ≥ 0 and w₁[1,1] < 0."),
        ('until = "z1[1]@1 >= 0"', "Task: z₁[1] ≥ 0."),
        ('until = "updates >= 40", within = 60', "Task: at least 40 updates, at most 60."),
        ('until = "updates >= 1"', "Task: number of updates ≥ 1."),
        ('until = "updates >= 2"', "Task: at least 2 updates."),
        ('until = "train_loss < 0.05", within = 1000', "Task: training loss < 0.05, after at most 1,000 updates."),
        ('until = "train_r2 > 0.8 and test_rmse < 5"', "Task: R² > 0.8 and test RMSE < 5."),
        ('until = "abs(w1[1,1] - 2) < 0.1"', "Task: |w₁[1,1] − 2| < 0.1."),
        ('until = "w1\'[1,1] != -1"', "Task: w′₁[1,1] ≠ −1."),
        ('reach = "1.loss"', "Task: compute the loss of pass 1."),
        ('reach = "2.forward"', "Task: finish the forward pass of pass 2."),
        ('reach = "1.backward"', "Task: finish the backward pass of pass 1."),
        ('reach = "1.update"', "Task: finish the update of pass 1."),
        ('reach = "1"', "Task: go to the end of pass 1."),
        ('reach = "1.z.1"', "Task: compute z of layer 1 in pass 1."),
    ],
)
def test_a_task_is_written_as_a_person_reads_it(goal: str, text: str) -> None:
    lesson = parse_lesson(f"{TEXT}[[steps]]\nsay = 'Do it.'\ndo = {{ {goal} }}\n", id="small", file="small.toml")
    session = session_at(lesson, len(lesson.steps) - 1)
    task = lesson.steps[-1].question
    assert isinstance(task, Do) and str(goal_text(task, session)) == text
