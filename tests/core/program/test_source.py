"""Tests of the source of programs: what people read is clean Python, whatever the texts in the data are."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.program.program import program
from nn_tui.core.program.source import WIDTH, array_source, comment, docstring, list_source, string_source
from nn_tui.core.program.values import AnyArray, Framework, Program
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, WarmupSpec
from nn_tui.core.translation import language
from tests._pseudo import PseudoLanguage
from tests._reference import COMBINATIONS, experiment, numbers, scheduled
from tests.core.program._scripts import load

SHOWN = ("xor", "iris", "digits", "features", "schedule", "vanishing", "xor-perceptron", "penguins-raw", "mazur")
TABLES = Path(__file__).parents[1] / "table" / "files"
HOSTILE = ('"""', "'''", "\\", 'a"b', "{x}", "# no", "line\nbreak", "\x1b[31m", "한국어", "'\"", "%s")


def program_of(problem: Experiment, framework: Framework = "numpy", update: int = 0) -> Program:
    """Return the program after some updates of an experiment, 0 for its start."""
    run = Run.start(problem)
    run.goto(update)
    return program(checkpoint_at(run, update), "shown", framework)


@pytest.mark.parametrize(
    "array",
    [
        numbers(1, 3), numbers(2, 40), numbers(3, 2, 2), numbers(4, 9, 3), numbers(5, 40, 3), numbers(6, 3, 30),
        numbers(7, 40, 30), numbers(8, 60, 1), numbers(9, 1, 60), np.array([[np.nan, np.inf, -np.inf, -0.0, 1e-300]]),
        np.arange(90), np.array([[5.0]]),
    ],
)  # fmt: skip
def test_the_source_of_an_array_gives_the_same_bits_and_fits_the_width(array: AnyArray) -> None:
    lines = array_source("value", array)
    names: dict[str, Any] = {"np": np}
    exec("\n".join(line.text for line in lines), names)
    assert names["value"].tobytes() == np.ascontiguousarray(array).tobytes()
    assert names["value"].shape == array.shape
    assert max(len(line.text.removesuffix("  # fmt: skip")) for line in lines) <= WIDTH


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_a_string_a_comment_and_a_docstring(text: str) -> None:
    assert ast.literal_eval(string_source(text)) == text
    source = "\n".join(line.text for line in (*comment(f"x {text}"), *docstring(f"{text} x", indent="")))
    (statement,) = ast.parse(source).body
    assert isinstance(statement, ast.Expr)


def test_a_long_list_has_several_lines() -> None:
    names = [f"w{number}" for number in range(60)]
    lines = [line.text for line in list_source(names, after=" = parameters", indent="    ", brackets="()")]
    assert lines[0] == "    (" and lines[-1] == "    ) = parameters  # fmt: skip"
    assert "".join(lines[1:-1]).replace(" ", "").rstrip(",").split(",") == names


def experiments() -> Iterator[Experiment]:
    """Yield experiments whose programs have all parts that there are."""
    yield from map(open_experiment, SHOWN)
    yield from (
        open_experiment(str(TABLES / f"{name}.csv")) for name in ("titanic-seaborn", "unemp", "auto-mpg-questionmarks")
    )
    for combination, optimizer in zip(COMBINATIONS, itertools.cycle(OPTIMIZERS), strict=False):
        yield experiment(combination, optimizer=optimizer, batch_size=2, l2=0.1)
    yield from (scheduled(name, "epoch", WarmupSpec(0.1, 5), "adam") for name in SCHEDULES)
    yield experiment(sizes=(3,) * 20, optimizer="nadam", frozen_weights=(0, 1), frozen_biases=(1, 2))
    yield experiment(frozen_weights=(0, 1), frozen_biases=(0, 1), l1=0.1)


def test_ruff_finds_nothing_and_formats_nothing(tmp_path: Path) -> None:
    for number, each in enumerate(experiments()):
        for framework in get_args(Framework):
            text = program_of(each, framework, update=2).text
            (tmp_path / f"{framework}_{number}.py").write_text(text, encoding="utf-8")
    for arguments in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--no-cache", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_do_not_break_a_program(text: str) -> None:
    iris = open_experiment("iris")
    data = replace(
        iris.data,
        input_names=(text, *iris.data.input_names[1:]),
        classes=(text, *iris.data.classes[1:]),
        output_names=(text, *iris.data.output_names[1:]),
    )
    script = load(program_of(replace(iris, data=data, preset=replace(iris.preset, title=text))))
    assert script.names["classes"][0] == text
    assert "\x1b" not in script.program.text


def test_a_program_in_another_language_does_the_same() -> None:
    with language(PseudoLanguage()):
        shown = program_of(open_experiment("penguins-raw"))
    assert load(shown).losses(2) == load(program_of(open_experiment("penguins-raw"))).losses(2)
    assert ast.dump(ast.parse(shown.text)) != ast.dump(ast.parse(program_of(open_experiment("penguins-raw")).text))
