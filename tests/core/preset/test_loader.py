"""Check that presets are found by id or path and loaded, and that unreadable files are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.loader import (
    find_preset,
    load_experiment,
    open_experiment,
    preset_ids,
    read_preset,
    shipped_presets,
    user_presets,
)
from nn_tui.presets import COURSE
from tests.preset_texts import SMALL, parse


def test_a_given_seed_replaces_that_of_the_preset() -> None:
    experiment = load_experiment(parse("seed = 3\n" + SMALL), 8)
    assert (experiment.seed, experiment.init_seed) == (8, 8)
    assert load_experiment(parse("seed = 3\n" + SMALL)).seed == 3
    assert load_experiment(parse(SMALL), MAX_SEED).seed == MAX_SEED
    with pytest.raises(InputError, match=r": seed: 9223372036854775808 is not between 0 and 9223372036854775807\.$"):
        load_experiment(parse(SMALL), MAX_SEED + 1)
    with pytest.raises(InputError, match=r": seed: a number of thousands of digits is not between 0 and"):
        load_experiment(parse(SMALL), 10**5000)
    with pytest.raises(InputError, match="-1 is not between 0 and"):
        load_experiment(parse(SMALL), -1)


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert find_preset(str(tmp_path / "bom.toml")).id == "bom"


def test_the_course_lists_exactly_the_shipped_files() -> None:
    folder = Path(__file__).parents[3] / "presets"
    assert sorted(COURSE) == sorted(path.stem for path in folder.glob("*.toml"))
    assert len(COURSE) == len(set(COURSE))
    assert preset_ids()[: len(COURSE)] == COURSE
    assert tuple(preset.id for preset in shipped_presets()) == COURSE


def test_every_shipped_preset_has_a_description_and_loads() -> None:
    for preset in shipped_presets():
        load_experiment(preset)
        assert preset.title and preset.summary and preset.notes and preset.expect, preset.id
        assert len(preset.title) <= 44 and len(preset.summary) <= 96, preset.id
    assert len({preset.title for preset in shipped_presets()}) == len(COURSE)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder for the user's own presets."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "nn-tui" / "presets"
    folder.mkdir(parents=True)
    return folder


def test_an_own_preset_is_found_by_its_name(own: Path) -> None:
    (own / "homework.toml").write_text(SMALL)
    assert find_preset("homework").folder == own
    assert preset_ids() == (*COURSE, "homework")
    assert [preset.id for preset in user_presets()[0]] == ["homework"]


def test_an_invalid_own_preset_is_reported_and_hides_no_other(own: Path) -> None:
    (own / "good.toml").write_text(SMALL)
    (own / "wrong.toml").write_text("seed = ")
    (own / "xor.toml").write_text(SMALL)
    presets, problems = user_presets()
    assert [preset.id for preset in presets] == ["good"]
    assert problems == (
        "wrong.toml: this is not valid TOML, at the end of the file: Invalid value.",
        "xor.toml: a shipped preset has this name; rename the file.",
    )
    assert find_preset("xor").title == "XOR"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("iirs", 'there is no preset "iirs". Did you mean "iris" or "digits"?'),
        ("XOR", '"xor"'),
        ("qqqq", 'there is no preset "qqqq"; nn-tui list shows all presets.'),
        ("../xor", "there is no preset"),
        ("a\x1b[31m", 'there is no preset "a\\x1b[31m"'),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(own: Path, name: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        find_preset(name)
    assert sentence in str(caught.value)


def test_without_a_home_the_shipped_presets_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert preset_ids() == COURSE


def test_a_copy_of_a_shipped_preset_finds_the_shipped_data(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "presets" / "iris.toml"
    copy = tmp_path / "mine.toml"
    copy.write_text(shipped.read_text("utf-8"), "utf-8")
    assert load_experiment(read_preset(copy)).data.x.shape == load_experiment(find_preset("iris")).data.x.shape
    (tmp_path / "iris.csv").write_text("a,species\n1,p\n2,q\n3,p\n4,q\n5,p\n6,q\n")
    with pytest.raises(InputError, match="3 does not fit the data, whose 2 classes take 1 unit or 2 units"):
        # The file beside the preset wins, and it has two species.
        load_experiment(read_preset(copy))


@pytest.mark.parametrize(
    ("rows", "units", "activation", "loss", "classes"),
    [
        (["1,0.5", "2,0.7", "3,0.2", "4,0.9", "5,0.1", "6,0.3"], 1, "identity", "mean_squared_error", ()),
        (["1,no", "2,yes", "3,no", "4,yes", "5,no", "6,yes"], 1, "sigmoid", "binary_cross_entropy", ("no", "yes")),
        (["1,0", "2,1", "3,0", "4,1", "5,0", "6,1"], 1, "sigmoid", "binary_cross_entropy", ("0", "1")),
        (["1,a", "2,b", "3,c"] * 4, 3, "softmax", "cross_entropy", ("a", "b", "c")),
        (["1,10", "2,20", "3,30", "4,41", "5,53", "6,60"], 1, "identity", "mean_squared_error", ()),
    ],
)
def test_a_csv_file_alone_makes_a_preset(
    tmp_path: Path, rows: list[str], units: int, activation: str, loss: str, classes: tuple[str, ...]
) -> None:
    path = tmp_path / "points.csv"
    path.write_text("x,answer\n" + "\n".join(rows) + "\n")
    preset = find_preset(str(path))
    assert preset == open_experiment(str(path)).preset
    assert (preset.id, preset.data.target, preset.data.standardize) == ("points", "answer", True)
    assert (preset.layers[-1].units, preset.layers[-1].activation) == (units, activation)
    assert preset.training.loss == loss
    assert load_experiment(preset).data.classes == classes


@pytest.mark.parametrize(
    "rows", [["1,0", "2,1", "3,0", "4,1", "5,0", "6,1"], ["1,a", "2,b", "3,c"] * 8, ["1,.5", "2,9"]]
)
def test_an_opened_csv_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[str]) -> None:
    path = tmp_path / "points.csv"
    path.write_text("x,answer\n" + "\n".join(rows) + "\n")
    expected = load_experiment(find_preset(str(path)), 3)
    opened: list[Path] = []
    original = Path.open

    def counted(self: Path, mode: str = "r") -> object:
        opened.append(self)
        return original(self, mode)

    monkeypatch.setattr(Path, "open", counted)
    experiment = open_experiment(str(path), 3)
    assert opened == [path]
    assert experiment.preset == expected.preset
    assert (experiment.seed, experiment.layers) == (3, expected.layers)
    for name in ("x", "y", "x_test", "y_test"):
        assert getattr(experiment.data, name).tolist() == getattr(expected.data, name).tolist()


def test_an_experiment_is_opened_by_id() -> None:
    experiment = open_experiment("xor")
    assert (experiment.preset.id, experiment.seed) == ("xor", find_preset("xor").seed)


def test_numbers_too_large_in_an_opened_csv_file_are_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("x,y\n1.7e308,1\n-1.7e308,2.5\n")
    with pytest.raises(InputError, match=r'^large\.csv: the values of "x" are too large to standardise;'):
        open_experiment(str(path))


def test_a_bad_csv_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n3,4,5\n")
    with pytest.raises(InputError, match=r"bad\.csv: line 3: this line has 3 cells, but the table has 2 columns"):
        find_preset(str(tmp_path / "bad.csv"))


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(SMALL.encode() + b"\n# caf\xe9\n")
    (tmp_path / "huge.toml").write_bytes(b"#" * (8 * 2**20 + 1))
    (tmp_path / "folder.toml").mkdir()
    for name, sentence in {
        "latin.toml": f"latin.toml: line {SMALL.count(chr(10)) + 2}: this is not UTF-8 text; save the file as UTF-8.",
        "huge.toml": "huge.toml: it is larger than the 8 MiB that a preset may have.",
        "folder.toml": "folder.toml: it cannot be read: is a directory.",
        "none.toml": "none.toml: it cannot be read: no such file or directory.",
        "n\0l.toml": "the name contains a NUL character, which no file name may have.",
    }.items():
        with pytest.raises(InputError) as caught:
            find_preset(str(tmp_path / name))
        assert str(caught.value).endswith(sentence)
