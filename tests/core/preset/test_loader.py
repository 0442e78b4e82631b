"""Preset files: the format that other tools rely on, and one clear sentence for every file that is wrong."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.dotted_keys import long_key
from nn_tui.core.preset.loader import (
    find_preset,
    load_experiment,
    preset_from_csv,
    preset_ids,
    read_preset,
    shipped_presets,
    user_presets,
)
from nn_tui.core.spec import Expect, LayerSpec, OptimizerSpec, TrainingSpec
from nn_tui.presets import COURSE
from tests.preset_texts import CONTRACT, SMALL, parse


def test_the_contract_example_reads_as_written() -> None:
    preset = parse(CONTRACT)
    first = LayerSpec(2, "sigmoid", weights=((0.15, 0.20), (0.25, 0.30)), bias=(0.35, 0.35), train_bias=False)
    assert preset.title == "Mazur 2-2-2" and preset.summary == "One line." and preset.seed == 7
    assert preset.data.inputs == ((0.05, 0.10),) and preset.data.targets == ((0.01, 0.99),)
    assert preset.layers[0] == first
    assert preset.training == TrainingSpec("half_squared_error", "mean", 1, False, 0.0, 0.0, OptimizerSpec("sgd", 0.5))
    assert preset.expect == Expect(2000, loss_below=0.01)
    assert load_experiment(preset).sizes == (2, 2, 2)


def test_the_defaults_are_those_of_the_format() -> None:
    preset = parse(SMALL)
    assert (preset.id, preset.title, preset.seed, preset.expect) == ("mine", "mine", 0, None)
    assert preset.layers[0] == LayerSpec(3, "tanh", init="xavier_uniform", train_weights=True, train_bias=True)
    assert preset.training == TrainingSpec("binary_cross_entropy", "mean", None, True, 0.0, 0.0)
    assert preset.training.optimizer == OptimizerSpec("sgd", 0.1, ())
    assert (preset.data.standardize, preset.data.test_fraction) == (False, 0.0)


@pytest.mark.parametrize(
    ("name", "rate"),
    [("sgd", 0.1), ("momentum", 0.1), ("nesterov", 0.1), ("adagrad", 0.01), ("rmsprop", 0.01), ("adam", 0.001)],
)
def test_each_optimiser_has_its_own_default_learning_rate(name: str, rate: float) -> None:
    assert parse(SMALL.replace('"sgd"', f'"{name}"')).training.optimizer.learning_rate == rate


def test_full_and_sum_and_options_are_read() -> None:
    text = SMALL.replace('entropy"', 'entropy"\nbatch_size = "full"\nreduction = "sum"')
    training = parse(text.replace('"sgd"', '"adamw"\nbeta1 = 0.5\nweight_decay = 0')).training
    assert (training.batch_size, training.reduction) == (None, "sum")
    assert training.optimizer.options == (("beta1", 0.5), ("weight_decay", 0.0))
    layer = SMALL.replace('"tanh"', '"tanh"\ninit = "uniform"\ninit_low = -0.5\ninit_high = 0.5')
    assert parse(layer).layers[0].init_options == (("low", -0.5), ("high", 0.5))


def test_text_is_put_on_one_line() -> None:
    preset = parse('title = "A\tB"\nnotes = """\nFirst\n  second."""\n' + SMALL)
    assert (preset.title, preset.notes) == ("A B", "First second.")


def test_a_seed_given_replaces_the_preset_s() -> None:
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


def test_a_byte_order_mark_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert find_preset(str(tmp_path / "bom.toml")).id == "bom"


def test_the_course_lists_exactly_the_files() -> None:
    folder = Path(__file__).parents[3] / "presets"
    assert sorted(COURSE) == sorted(path.stem for path in folder.glob("*.toml"))
    assert len(COURSE) == len(set(COURSE))
    assert preset_ids()[: len(COURSE)] == COURSE
    assert tuple(preset.id for preset in shipped_presets()) == COURSE


def test_every_shipped_preset_says_what_it_is_and_loads() -> None:
    for preset in shipped_presets():
        load_experiment(preset)
        assert preset.title and preset.summary and preset.notes and preset.expect, preset.id
        assert len(preset.title) <= 44 and len(preset.summary) <= 96, preset.id
    assert len({preset.title for preset in shipped_presets()}) == len(COURSE)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the user's own presets."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "nn-tui" / "presets"
    folder.mkdir(parents=True)
    return folder


def test_an_own_preset_is_found_by_its_name(own: Path) -> None:
    (own / "homework.toml").write_text(SMALL)
    assert find_preset("homework").folder == own
    assert preset_ids() == (*COURSE, "homework")
    assert [preset.id for preset in user_presets()[0]] == ["homework"]


def test_a_wrong_own_preset_is_named_and_hides_nothing(own: Path) -> None:
    (own / "good.toml").write_text(SMALL)
    (own / "wrong.toml").write_text("seed = ")
    (own / "xor.toml").write_text(SMALL)
    presets, problems = user_presets()
    assert [preset.id for preset in presets] == ["good"]
    assert problems == (
        "wrong.toml: end of the file: not valid TOML: Invalid value.",
        "xor.toml: a shipped preset has this name; rename the file.",
    )
    assert find_preset("xor").title == "XOR"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("iirs", 'there is no preset "iirs"; did you mean "iris" or "digits"?'),
        ("XOR", '"xor"'),
        ("qqqq", 'there is no preset "qqqq"; nn-tui list shows them all.'),
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
    assert preset == preset_from_csv(path)
    assert (preset.id, preset.data.target, preset.data.standardize) == ("points", "answer", True)
    assert (preset.layers[-1].units, preset.layers[-1].activation) == (units, activation)
    assert preset.training.loss == loss
    assert load_experiment(preset).data.classes == classes


@pytest.mark.parametrize("note", ['"{}"', "'{}'", '"""\n\\"{} \\n"{}""""', "'''{}'''", '"a" # {}', '"" # "{}\n#\'{}'])
def test_dots_in_text_are_no_key(note: str) -> None:
    dots = ".".join(["a"] * 40)
    assert parse(f"notes = {note.format(dots, dots)}\n{SMALL}").layers[0].units == 3


@pytest.mark.parametrize(
    "text", ['"' * 10**6, "a." * 15 + "b" * 10**6, '"""' + "\\" * 10**6, "'a" * 10**6, "-" * 10**6]
)
def test_looking_for_long_keys_takes_time_with_the_length_alone(text: str) -> None:
    started = time.process_time()
    assert long_key(text) is None
    assert time.process_time() - started < 2.0


def test_a_bad_csv_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n1,2\nx,3\n")
    with pytest.raises(InputError, match=r"bad\.csv, line 3, column 1"):
        find_preset(str(tmp_path / "bad.csv"))
