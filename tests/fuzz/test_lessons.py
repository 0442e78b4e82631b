"""Fuzz tests of lesson files: each gives a lesson or one sentence, and its check gives sentences and nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.check import lesson_problems
from nn_tui.core.lesson.condition import parse_condition
from nn_tui.core.lesson.formula import parse_formula
from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import load_lesson, shipped_lessons
from nn_tui.core.lesson.parser import KEYS
from nn_tui.core.lesson.text import check_fields
from nn_tui.core.preset.loader import load_experiment
from nn_tui.tui.session.lesson import next_step, open_step, previous_step
from nn_tui.tui.session.lesson_answers import choose_answer, follow_lesson, give_up, show_hint
from nn_tui.tui.session.practice_answers import answer
from nn_tui.tui.session.session import new_session
from nn_tui.tui.session.stepping import forward, whole_pass
from tests import _hostile as hostile

MAX_LENGTH = 500  # characters of an error message
MANY = settings(max_examples=4 * settings().max_examples)
BASE = """
kind = "lesson"
title = "T"
summary = "S."
preset = "neuron"
set = ["eta = 0.5", "b1[1] = -1"]
[[steps]]
say = "The sum is {z1[1]:3}. What is the output, with η = {learning_rate / 1}?"
at = "1.z.1.1"
select = "z1[1]"
view = "network"
teaches = ["a", "dead_units"]
keys = ["f"]
hint = "σ({z1[1]})."
claims = ["z1[1] < 1 and x1 > 0"]
ask = { quantity = "a1[1]", level = "number", digits = 3 }
solved = "{a1[1]}"
[[steps]]
say = "Which?"
at = 2
choose = [
  { answer = "{loss}", right = true, why = "W." },
  { answer = "7", why = "W." },
  { answer = "8", why = "{dw1[1,1]}" },
]
[[steps]]
say = "Train."
do = { until = "loss < 0.1", within = 30 }
solution = ["eta = 2"]
[[steps]]
say = "Go."
do = { reach = "2.dw.1.1" }
"""
TREE: dict[str, Any] = tomllib.loads(BASE)
TREES = (TREE, *(tomllib.loads(lesson.path.read_text("utf-8")) for lesson in shipped_lessons() if lesson.path))
LESSON_KEYS = st.one_of(st.sampled_from([key for keys in KEYS.values() for key in keys]), hostile.KEYS)
WORDS = st.sampled_from([
    "0", "1", "3", "1.loss", "2.backward.1.1", "9.update", "1.z.7", "20000.z", "z1[1]", "w9[1,1]", "a1[1]@5",
    "∂L/∂w₁[1,1]", "w1'[1,1]", "loss", "accuracy", "updates", "loss < 0.1", "z1[1] == ln(0)", "1/0 < loss",
    "loss < 1 and", "{loss}", "{", "}", "{}", "{:3}", "{loss:99}", "{1/0}", "{z1[1]} {dw1[1,1]}", "x. y! z? w.",
    "eta = 1e300",
    "w1[1,1] = nan", "add layer 1 3 relu", "units 1 = 4", "inputs = 2", "loss = cross_entropy", "optimizer = adam",
    "lesson", "neuron", "case.toml", "iris", "formula", "AND", "space", "network", "dead_units", "step_w",
])  # fmt: skip
VALUES = st.one_of(WORDS, hostile.ODD_VALUES, st.just(TREE["steps"][0]), st.just({"until": "loss < 9", "within": 2}))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lessons") / "case.toml"


def check_message(error: InputError) -> None:
    """Check that a message is one short printable line that names the file."""
    sentence = str(error)
    assert sentence.isprintable(), ascii(sentence)
    assert 20 < len(sentence) < MAX_LENGTH, sentence
    assert sentence.endswith((".", "?")), sentence
    assert error.file, sentence


def load(path: Path, text: str) -> Lesson | None:
    """Load a lesson; check the message and return None if the file is rejected."""
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with hostile.cpu_limit():
        try:
            return load_lesson(str(path))
        except InputError as error:
            check_message(error)
            return None


@MANY
@given(tree=hostile.mutated_trees(st.sampled_from(TREES), LESSON_KEYS, VALUES))
def test_a_lesson_with_mutated_values_loads_or_is_rejected(path: Path, tree: dict[str, Any]) -> None:
    load(path, hostile.document(tree))


@MANY
@given(text=hostile.mutated(st.just(BASE), hostile.TOML_FRAGMENTS))
def test_a_lesson_with_mutated_text_loads_or_is_rejected(path: Path, text: str) -> None:
    load(path, text)


@given(tree=hostile.mutated_trees(st.just(TREE), LESSON_KEYS, WORDS))
def test_the_check_of_a_mutated_lesson_says_what_is_wrong(path: Path, tree: dict[str, Any]) -> None:
    lesson = load(path, hostile.document(tree))
    if lesson is not None:
        with hostile.cpu_limit():
            problems = lesson_problems(lesson, ("space", "f"))
        for problem in problems:
            check_message(problem)


@given(tree=hostile.mutated_trees(st.just(TREE), LESSON_KEYS, WORDS))
def test_a_mutated_lesson_is_taken_in_the_app_or_one_sentence_says_why_not(path: Path, tree: dict[str, Any]) -> None:
    lesson = load(path, hostile.document(tree))
    if lesson is None:
        return
    for index in range(len(lesson.steps)):
        with hostile.cpu_limit():
            try:
                session = open_step(new_session(load_experiment(lesson.preset)), lesson, index, {})
            except InputError as error:
                check_message(error)
                continue
            for move in (show_hint, partial(choose_answer, text="1"), partial(answer, text="1"), forward, give_up):
                session = follow_lesson(session, move(session))
            for move in (whole_pass, next_step, previous_step):
                session = follow_lesson(session, move(session))


SIGNS = [*"()+-*/<=!'@{}: ", "<=", "==", "and", "loss", "z1[1]", "3", ".5", "1e9"]


@MANY
@given(text=st.one_of(st.text(max_size=30), st.lists(st.sampled_from(SIGNS)).map("".join)))
def test_any_text_is_a_formula_a_condition_or_one_sentence(text: str) -> None:
    parsers: tuple[Callable[[str], object], ...] = (parse_formula, parse_condition, check_fields)
    for parse in parsers:
        try:
            parse(text)
        except InputError as error:
            assert str(error).isprintable() and str(error).endswith(".")
