"""Tests of opening a table by itself: what it becomes, and that documents and presets give the same bits again."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.data.consistency import is_consistent
from nn_tui.core.errors import InputError
from nn_tui.core.preset.from_network import network_text
from nn_tui.core.preset.loader import find_preset, load_experiment, open_experiment, read_preset
from nn_tui.core.preset.table_file import table_preset
from nn_tui.core.run.run import Run
from nn_tui.core.saved.document import DocumentInfo, read_document, write_document
from nn_tui.core.saved.record import record_run, restore_run
from nn_tui.core.saved.runs import SavedRuns, restore_runs, save_runs
from nn_tui.core.spec import Dataset, Experiment
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.values import TableOptions
from tests._edits import edit

TABLES = Path(__file__).parents[1] / "table" / "files"
ARRAYS = (
    "x", "y", "x_test", "y_test", "points", "points_test", "x_mean", "x_scale", "y_mean", "y_scale", "targets", "fill",
)  # fmt: skip
NAMES = ("input_names", "output_names", "classes", "image_shape")
INFO = DocumentInfo("table", "Table", 0, 0, 3, "kernels")


def assert_same_data(data: Dataset, again: Dataset) -> None:
    for name in ARRAYS:
        first, second = getattr(data, name), getattr(again, name)
        assert first.shape == second.shape and first.tobytes() == second.tobytes(), name
    assert [getattr(data, name) for name in NAMES] == [getattr(again, name) for name in NAMES]


def in_document(experiment: Experiment) -> Run:
    """Return the run that starts with an experiment as a document has it."""
    content = write_document(INFO, save_runs([record_run(Run.start(experiment))]))
    return restore_run(restore_runs(read_document(content, SavedRuns))[0])


def exported(experiment: Experiment, path: Path) -> Experiment:
    """Write an experiment as a preset, and open it."""
    run = Run.start(experiment)
    path.write_text(network_text(experiment, run.state, 0, path.parent), encoding="utf-8")
    again = load_experiment(read_preset(path))
    assert Run.start(again).state.array.tobytes() == run.state.array.tobytes()
    return again


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.*")), ids=lambda path: path.name)
def test_a_table_comes_back_from_a_document_and_from_a_preset(path: Path, tmp_path: Path) -> None:
    if path.suffix == ".md":
        return
    try:
        experiment = open_experiment(str(path))
    except InputError:
        assert path.name in ("webpage-saved-as-data.csv", "diabetes_target.csv.gz")  # the second has one column
        return
    assert is_consistent(experiment.data)
    run = in_document(experiment)
    assert_same_data(experiment.data, run.experiment.data)
    assert run.experiment.preset == experiment.preset
    again = exported(experiment, tmp_path / "mine.toml")
    assert_same_data(experiment.data, again.data)
    assert again.preset.data.csv is not None
    for text in ("standardize = off", "data seed = 9"):  # without the file
        if experiment.data.x_test.size or text[0] == "s":
            assert_same_data(edit(Run.start(experiment), text, 0).experiment.data, edit(run, text, 0).experiment.data)


NUMBERS = st.one_of(
    st.integers(-9, 9).map(str), st.floats(-1e6, 1e6, width=32).map(repr), st.sampled_from(["1e300", "0.1", "7", "-0"])
)
COLUMNS = [
    NUMBERS,
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["red", "blue", "Grün", "빨강", 'a "b"', "1,5", ""]),
    st.sampled_from(["0", "1", "2"]),
    st.dates().map(str),
    st.just("same"),
    st.text("abc\u202eé;= ", max_size=6),
    st.integers(1, 9).map(lambda n: f"${n},000"),
]


@st.composite
def tables(draw: st.DrawFn) -> str:
    rows = draw(st.integers(3, 26))
    columns = [
        [draw(st.text("ab =é\t\n1,\u2066", max_size=4)), *(draw(cells) for _ in range(rows))]
        for cells in draw(st.lists(st.sampled_from(COLUMNS), min_size=2, max_size=5))
    ]
    if draw(st.booleans()):
        columns.insert(draw(st.integers(0, len(columns))), ["Id", *map(str, range(1, rows + 1))])
    for column in columns:
        for row in draw(st.sets(st.integers(1, rows), max_size=2)):
            column[row] = draw(st.sampled_from(["", "NA", "?"]))
    stream = io.StringIO()
    csv.writer(stream, delimiter=draw(st.sampled_from(",;\t"))).writerows(zip(*columns, strict=True))
    return stream.getvalue()


CHANGES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "missing": st.sampled_from(["mean", "drop"]),
        "test_fraction": st.sampled_from([0.0, 0.4]),
        "standardize": st.booleans(),
        "standardize_target": st.just(False),
    },
)


@given(tables(), CHANGES)
def test_any_table_comes_back_from_a_document_and_from_a_preset(
    tmp_path_factory: pytest.TempPathFactory, text: str, changes: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("table")
    (folder / "own.data").write_text(text, encoding="utf-8", newline="")
    try:
        experiment = open_experiment(str(folder / "own.data"), changes=changes)
    except InputError as error:
        assert str(error).isprintable()
        return
    assert is_consistent(experiment.data)
    assert_same_data(experiment.data, in_document(experiment).experiment.data)
    assert_same_data(experiment.data, exported(experiment, folder / "mine.toml").data)


def test_a_table_is_read_once_with_its_progress(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("x,z,y\n" + "".join(f"{n / 7},{n * n % 97},{n % 31 / 4}\n" for n in range(20_000)))
    shares: list[float] = []
    experiment = open_experiment(str(path), progress=shares.append)
    assert len(shares) > 1 and shares == sorted(shares) and shares[-1] <= 1.0  # a second reading would begin at 0
    path.unlink()
    assert_same_data(experiment.data, in_document(experiment).experiment.data)


def test_reading_stops_when_it_is_asked_to(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("x,y\n1.5,2\n3,4.5\n5,7\n")
    with pytest.raises(InputError) as caught:
        open_experiment(str(path), should_stop=lambda: True)
    assert caught.value.code == "cancelled"


def test_standard_input_has_no_file(tmp_path: Path) -> None:
    experiment = open_experiment("-", source=b"x,y\n1.5,red\n3,blue\n5,red\n", changes={"target": "x"})
    assert (experiment.preset.title, experiment.preset.folder) == ("standard input", None)
    assert experiment.data.input_names == ("y=blue", "y=red")
    assert_same_data(experiment.data, in_document(experiment).experiment.data)
    again = exported(experiment, tmp_path / "mine.toml")
    assert again.preset.data.csv is None and np.array_equal(again.data.x, experiment.data.x)
    with pytest.raises(InputError, match="standard input has a preset; save it as a file"):
        open_experiment("-", source=b'title = "A"\n[[layers]]\nunits = 1\n')


def test_what_was_chosen_is_written_into_the_preset(tmp_path: Path) -> None:
    changes = {"target": "mpg", "keep": ["car_name"], "missing": "drop", "test_fraction": 0.25}
    path = TABLES / "auto-mpg-questionmarks.csv"
    experiment = open_experiment(str(path), changes=changes)
    spec = exported(experiment, tmp_path / "mine.toml").preset.data
    assert (spec.target, spec.test_fraction, spec.standardize, spec.standardize_target) == ("mpg", 0.25, True, True)
    assert spec.options == TableOptions(
        ",", ".", True, "ascii" if spec.options and spec.options.encoding == "ascii" else "utf-8",
        keep=("car_name",), target_kind="numbers", missing="drop",
    )  # fmt: skip


def test_the_test_rows_may_be_in_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("x,kind\n1.5,a\n3.25,b\n5,a\n6,b\n8.5,a\n")
    (tmp_path / "test.csv").write_text("kind,x\nb,2.5\na,7\n")
    experiment = open_experiment(str(tmp_path / "train.csv"), changes={"test_csv": "test.csv"})
    data = experiment.data
    assert data.points.tolist() == [[1.5], [3.25], [5.0], [6.0], [8.5]] and data.points_test.tolist() == [[2.5], [7.0]]
    assert data.y_test.tolist() == [[1.0], [0.0]]
    assert experiment.preset.data.test_fraction == 0.0
    run = in_document(experiment)
    assert_same_data(data, run.experiment.data)
    (tmp_path / "presets").mkdir()
    again = exported(experiment, tmp_path / "presets" / "mine.toml")
    assert_same_data(data, again.data)
    assert again.preset.data.options is not None and again.preset.data.options.test_csv == "../test.csv"
    with pytest.raises(InputError, match="the test part is a file of its own, so nothing in this data is random"):
        edit(run, "data seed = 3", 0)
    with pytest.raises(InputError) as caught:
        open_experiment(str(tmp_path / "train.csv"), changes={"test_csv": "tset.csv"})
    assert caught.value.path == ("data", "test_csv") and caught.value.suggestions == ("test.csv",)


def test_a_table_that_was_read_becomes_an_experiment_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("x,z,kind\n1.5,2,a\n3.25,5,b\n5,7,a\n6,8,b\n")
    table = read_table(path)
    path.unlink()
    choices: list[dict[str, object]] = [{}, {"target": "z", "drop": ["kind"]}]
    presets = [table_preset(str(path), changes, table) for changes in choices]
    by_kind, by_size = (load_experiment(preset, 7, table=opened.table) for preset, opened in presets)
    assert (by_kind.sizes[0], by_kind.data.classes) == (2, ("a", "b"))
    assert (by_size.data.input_names, by_size.data.output_names, by_size.seed) == (("x",), ("z",), 7)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("titanic.cvs", None, 'there is no file titanic.cvs in {folder}. Did you mean "titanic.csv"?'),
        ("titanic", None, 'there is no preset "titanic"'),
        (
            "titanic.toml",
            None,
            'titanic.toml: it cannot be read: no such file or directory. Did you mean "titanic.csv"?',
        ),
        (
            "mine.conf",
            "[data]\n\n[[layers]]\n",
            'mine.conf: it is a preset, and not a table; rename it to "mine.toml".',
        ),
        ("a.nntui", "", "a.nntui: it is a document, and not a preset; open it with: nn-tui a.nntui"),
    ],
)
def test_another_file_gets_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str | None, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("titanic.csv").write_text("x,y\n1,2\n3,4.5\n")
    if text is not None:
        Path(name).write_text(text)
    with pytest.raises(InputError) as caught:
        find_preset(name)
    assert sentence.format(folder=tmp_path) in str(caught.value)


def test_a_file_with_the_name_of_a_preset_does_not_hide_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("xor").write_text("x,y\n1,2\n3,4.5\n")
    assert open_experiment("xor").preset.title == "XOR"
    assert open_experiment("./xor").preset.title == "xor"


@pytest.mark.parametrize(
    ("cells", "name"), [(("1e308", "2.5"), "size"), (("2.5", "1e308"), "price")], ids=["an input", "the target"]
)
def test_a_column_too_large_to_standardise_is_named(tmp_path: Path, cells: tuple[str, str], name: str) -> None:
    path = tmp_path / "large.csv"
    rows = [f"{row}.5,{('-', '')[row % 2]}{cells[0]},{('-', '')[row % 3 == 0]}{cells[1]}" for row in range(30)]
    path.write_text("\n".join(("other,size,price", *rows, "")))
    with pytest.raises(InputError, match=f'the values of "{name}" are too large') as caught:
        open_experiment(str(path))
    assert caught.value.path == ()
