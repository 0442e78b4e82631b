"""Fuzz tests of the files that are read: each file loads and its first pass runs, or one sentence names file and error.

Each test multiplies the profile's number of examples: the suite runs a few of them, and `make fuzz` reads more than a
hundred thousand files.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.preset.loader import find_preset, load_experiment, open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.tui.cli.main import main
from nn_tui.tui.config.config import read_config
from tests import _hostile as hostile
from tests.preset_texts import SMALL

MAX_LENGTH = 500  # characters of an error message
MANY = settings(max_examples=4 * settings().max_examples)
SOME = settings(max_examples=2 * settings().max_examples)
MAX_NUMBERS = 200_000  # numbers in a pass: larger experiments are only loaded
MAX_MEMORY = 10_000_000  # bytes: the buffer for the largest file that is read, and a little more
CSV_PRESET = SMALL.replace("inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]", 'csv = "d.csv"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a data set that presets may name."""
    path = tmp_path_factory.mktemp("files")
    (path / "d.csv").write_text("a,y\n0,0\n1,1\n2,0\n")
    return path


def check_message(sentence: str, name: str) -> None:
    """Check that a message is one short printable line that names the file."""
    assert sentence.isprintable(), ascii(sentence)
    assert name in sentence or any(other in sentence for other in hostile.OTHER_FILES), sentence
    assert 20 < len(sentence) < MAX_LENGTH, sentence
    assert sentence.endswith((".", "?")), sentence


def load(path: Path) -> Experiment | None:
    """Load a file and run its first pass; check the message and return None if the file is rejected."""
    with hostile.cpu_limit():
        try:
            experiment = open_experiment(str(path))
        except InputError as error:
            check_message(str(error), path.name)
            return None
        rows = min(experiment.training.batch_size or len(experiment.data.x), len(experiment.data.x))
        if parameter_count(experiment.sizes) + rows * sum(experiment.sizes) <= MAX_NUMBERS:
            run = Run.start(experiment)
            run.release(run.trace(1))
    return experiment


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return path


# Presets


@MANY
@given(text=hostile.mutated_presets())
def test_a_preset_with_mutated_values_loads_or_is_rejected(folder: Path, text: str) -> None:
    load(write(folder / "case.toml", text))


@MANY
@given(text=hostile.preset_texts)
def test_a_preset_with_mutated_text_loads_or_is_rejected(folder: Path, text: str) -> None:
    load(write(folder / "case.toml", text))


@SOME
@given(data=hostile.preset_bytes)
def test_a_preset_with_mutated_bytes_loads_or_is_rejected(folder: Path, data: bytes) -> None:
    load(write(folder / "case.toml", data))


@SOME
@given(data=st.one_of(st.binary(max_size=80), st.text(max_size=80)))
def test_a_preset_of_random_bytes_loads_or_is_rejected(folder: Path, data: str | bytes) -> None:
    load(write(folder / "case.toml", data))


# CSV files, opened directly or named by a preset


@MANY
@given(text=hostile.csv_texts)
@example(text="a,b\n0,a\n1.8961503816218355e+154,b\n")
def test_a_csv_file_with_mutated_text_loads_or_is_rejected(folder: Path, text: str) -> None:
    load(write(folder / "case.csv", text))


@SOME
@given(data=hostile.csv_bytes)
def test_a_csv_file_with_mutated_bytes_loads_or_is_rejected(folder: Path, data: bytes) -> None:
    load(write(folder / "case.csv", data))


@SOME
@given(
    text=hostile.csv_texts,
    tree=st.sampled_from(
        [
            "",
            "classes = true",
            "standardize = true",
            "test_fraction = 0.5",
            "drop = []",
            'missing = "drop"',
            "header = false",
        ]
    ),
)
def test_a_mutated_csv_file_named_by_a_preset_loads_or_is_rejected(folder: Path, text: str, tree: str) -> None:
    write(folder / "d2.csv", text)
    preset = CSV_PRESET.replace("d.csv", "d2.csv").replace("targets = [[0], [1], [1], [0]]", f'target = "y"\n{tree}')
    path = write(folder / "named.toml", preset)
    with hostile.cpu_limit():
        try:
            load_experiment(find_preset(str(path)))
        except InputError as error:
            sentence = str(error)
            check_message(sentence, "d2.csv" if "d2.csv" in sentence else "named.toml")


@pytest.mark.parametrize("text", hostile.HUGE_CELLS, ids=["digits", "open quote", "letters", "overflow"])
def test_a_huge_cell_is_rejected(folder: Path, text: str) -> None:
    assert load(write(folder / "case.csv", text)) is None


# The config file: invalid entries are ignored with a notice

CONFIG = """palette = "light"
ascii = false
digits = 6
zoom = "unit"
speed = "flat out"
seed = 3
[keys]
forward = "x"
backward = ["y", "ctrl+b"]
"""


@MANY
@given(
    content=st.one_of(hostile.mutated(st.just(CONFIG), hostile.TOML_FRAGMENTS), hostile.mutated_bytes(st.just(CONFIG)))
)
def test_a_mutated_config_file_gives_printable_notices(folder: Path, content: str | bytes) -> None:
    with hostile.cpu_limit():
        config = read_config(write(folder / "config.toml", content))
    assert len(config.errors) <= 40
    for notice in map(str, config.errors):
        assert notice.isprintable() and "config.toml" in notice, ascii(notice)


# The command line


def run_command(argv: list[str]) -> tuple[int, str, str]:
    """Run a command line in this process; return its exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), hostile.cpu_limit():
        code = main(argv)
    return code, out.getvalue(), err.getvalue()


def check_command(path: Path) -> None:
    code, out, err = run_command(["check", str(path)])
    for text in (out, err):
        assert re.sub("\n", "", text).isprintable(), ascii(text)
    lines = err.splitlines()
    assert all(line.startswith("nn-tui: ") for line in lines) and "internal" not in err and "Traceback" not in err
    if code == 0:
        assert "valid" in out  # the lines of a valid preset are warnings
        return
    assert code == 1 and lines
    if not out:  # otherwise the file is valid, and the gradient check fails
        assert len(lines) == 1
        check_message(err.removeprefix("nn-tui: ").rstrip("\n"), path.name)


@SOME
@given(content=st.one_of(hostile.mutated_presets(), hostile.preset_texts, hostile.preset_bytes))
def test_the_check_command_prints_one_line_for_an_invalid_preset(folder: Path, content: str | bytes) -> None:
    check_command(write(folder / "case.toml", content))


@SOME
@given(content=st.one_of(hostile.csv_texts, hostile.csv_bytes))
def test_the_check_command_prints_one_line_for_an_invalid_csv_file(folder: Path, content: str | bytes) -> None:
    check_command(write(folder / "case.csv", content))


# Huge sizes are rejected before memory is allocated

HUGE = [
    ("units = 3", "units = 1_000_000_000"),
    ("units = 3", "units = 100_000\n[[layers]]\nunits = 100_000"),
    ("units = 3", "units = 3\n" + "[[layers]]\nunits = 3\n" * 10_000),
    ("inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]", 'generator = "xor"\nsamples = 1_000_000_000'),
    ("inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]", 'generator = "blobs"\nclasses = 1_000_000_000'),
    ("inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]", 'generator = "xor"\nsamples = 100_000_000'),
    ("[training]", "[training]\nbatch_size = 1_000_000_000"),
    ("[data]", "seed = 1" + "0" * 4000 + "\n[data]"),
    ("[data]", "[expect]\nupdates = 1" + "0" * 400 + "\n[data]"),
]


@pytest.mark.parametrize(("old", "new"), HUGE, ids=range(len(HUGE)))
def test_a_huge_size_is_rejected_before_memory_is_allocated(folder: Path, old: str, new: str) -> None:
    text = SMALL.replace(old, new)
    if "generator" in new:
        text = text.replace("targets = [[0], [1], [1], [0]]", "")
    path = write(folder / "case.toml", text)
    tracemalloc.start()
    try:
        assert load(path) is None
        assert tracemalloc.get_traced_memory()[1] < MAX_MEMORY + 400 * len(text)
    finally:
        tracemalloc.stop()


def test_a_batch_that_is_too_large_is_rejected_before_memory_is_allocated(folder: Path) -> None:
    text = SMALL.replace("units = 3", "units = 100_000").replace(
        "inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]\ntargets = [[0], [1], [1], [0]]", 'generator = "xor"\nsamples = 1000'
    )
    path = write(folder / "case.toml", text)
    tracemalloc.start()
    try:
        assert load(path) is None
        assert tracemalloc.get_traced_memory()[1] < MAX_MEMORY
    finally:
        tracemalloc.stop()


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
from nn_tui.tui.cli.main import main
for path in sys.argv[1:]:
    print(main(["check", path]))
"""
OVERSIZED_FILES = {
    "dotted keys": ".".join(["a"] * 100_000) + " = 1\n",
    "dotted keys in quotes": ".".join(['"a"'] * 50_000) + " = 1\n",
    "dotted headers": f"[{' . '.join(['a'] * 50_000)}]\n",
    "nested lists": "a = " + "[" * 200_000,
    "nested tables": "a = " + "{a=" * 100_000,
    "many tables": "".join(f"[t{i}]\n" for i in range(100_000)),
    "too large": "#" * (9 * 2**20),
    "one long name": "a" * 1_000_000 + " = 1\n",
    "one long value": f'title = "{"a" * 1_000_000}"\n',
}


def test_oversized_files_are_rejected_within_a_memory_limit(folder: Path) -> None:
    paths = [write(folder / f"{name}.toml", text) for name, text in OVERSIZED_FILES.items()]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, paths)], capture_output=True, text=True, timeout=120, cwd=folder
    )
    assert done.returncode == 0 and done.stdout == "1\n" * len(paths)
    for line, path in zip(done.stderr.splitlines(), paths, strict=True):
        check_message(line.removeprefix("nn-tui: "), path.name)


# Paths


@pytest.mark.parametrize("csv", ["a" * 300, "a/" * 2000, "a/" * 60, "/dev/zero", "..", "d.csv/x", "\u200d" * 100])
def test_a_csv_path_that_is_no_file_is_rejected(folder: Path, csv: str) -> None:
    text = f'[data]\ncsv = "{csv}"\ntarget = "y"\n{SMALL[SMALL.index("[[layers]]") :]}'
    path = write(folder / "case.toml", text)
    with pytest.raises(InputError, match=r"data\.csv") as caught:
        load_experiment(find_preset(str(path)))
    check_message(str(caught.value), "case.toml")


@pytest.mark.parametrize("suffix", ["toml", "csv"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are Unix's")
@pytest.mark.parametrize(
    "make", [Path.mkdir, lambda path: os.mkfifo(path), lambda path: path.symlink_to(path), lambda path: None]
)
def test_a_special_file_is_rejected_without_waiting(tmp_path: Path, suffix: str, make: Callable[[Path], None]) -> None:
    path = tmp_path / f"case.{suffix}"
    make(path)
    assert load(path) is None


def test_a_path_of_the_maximal_length_is_rejected_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(12):
        folder /= "\u200d" * 80
    folder.mkdir(parents=True)
    for suffix in ("toml", "csv"):
        path = folder / f"{'n' * 240}.{suffix}"
        for content in ("", "a,y\n1,x\n"):
            code, _, err = run_command(["check", str(write(path, content))])
            assert code == 1 and err.count("\n") == 1
            assert len(err) < 2 * MAX_LENGTH, "the name itself may take 255 characters"
