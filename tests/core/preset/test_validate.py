"""Preset files that are wrong: each is refused with one sentence that says where, what, and what instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, load_experiment
from tests.preset_texts import CONTRACT, SMALL, parse


def _refusal(text: str, folder: Path | None = None) -> str:
    """The sentence with which reading or loading ``text`` is refused."""
    with pytest.raises(InputError) as caught:
        load_experiment(parse(text, folder))
    sentence = str(caught.value)
    assert sentence.isprintable(), "control characters reached the message"
    assert sentence.endswith((".", "?"))
    assert len(sentence) < 400
    return sentence


SIGMOID, TANH, LOSS = 'activation = "sigmoid"', 'activation = "tanh"', 'loss = "binary_cross_entropy"'
INPUTS, TARGETS = "inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]", "targets = [[0], [1], [1], [0]]"
TABLE = f"{INPUTS}\n{TARGETS}"
REFUSED = [
    # names, each with the nearest that is valid
    (
        SIGMOID,
        'activation = "sigmiod"',
        'layers[1].activation: "sigmiod" is not an activation; did you mean "sigmoid"?',
    ),
    (TANH, 'activation = "linear"', '"linear" is not an activation; did you mean "identity"?'),
    (TANH, "activation = 3", "layers[0].activation: 3 is not an activation; it must be one of: identity, sigmoid"),
    (LOSS, 'loss = "mse"', 'training.loss: "mse" is not a loss; did you mean "mean_squared_error"?'),
    (LOSS, "", "training.loss: it is missing; it must be one of: half_squared_error"),
    (LOSS, LOSS + '\nreduction = "avg"', 'training.reduction: "avg" is not a reduction; it must be one of: mean, sum.'),
    ('"sgd"', '"Adam"', 'training.optimizer.name: "Adam" is not an optimiser; did you mean "adam"?'),
    (TANH, TANH + '\ninit = "he"', 'layers[0].init: "he" is not an initialisation'),
    (TABLE, 'generator = "spirals"', 'data.generator: "spirals" is not a generator; did you mean "spiral"?'),
    (TARGETS, TARGETS + '\nfeatures = ["x1^3"]', 'data.features[0]: "x1^3" is not a feature; did you mean'),
    # keys
    (LOSS, LOSS + "\nlearning_rate = 1", "training.learning_rate: there is no such key; the keys here are: loss"),
    ('"sgd"', '"sgd"\nlr = 1', 'training.optimizer.lr: there is no such key; did you mean "learning_rate"?'),
    (TANH, TANH + "\nunit = 3", 'layers[0].unit: there is no such key; did you mean "units"?'),
    ("[data]", "[dat]\n[data]", 'dat: there is no such key; did you mean "data"?'),
    (
        "[data]",
        "[expect]\nupdates = 1\nloss_under = 1\n[data]",
        'expect.loss_under: there is no such key; did you mean "loss_below"?',
    ),
    (
        '"sgd"',
        '"sgd"\nweight_decay = 0.1',
        'weight_decay: "sgd" has none; write l2 under [training], or use the optimiser adamw.',
    ),
    (
        '"sgd"',
        '"sgd"\nbeta1 = 0.9',
        'training.optimizer.beta1: it does not go with "sgd", which takes learning_rate alone.',
    ),
    ('"sgd"', '"momentum"\neps = 0.9', 'training.optimizer.eps: it does not go with "momentum", which takes momentum.'),
    (
        TANH,
        TANH + "\ninit_std = 0.1",
        'layers[0].init_std: it does not go with "xavier_uniform", which takes no options.',
    ),
    # types: true is not a number, and text is not either
    ("units = 3", "units = true", "layers[0].units: true is not a whole number."),
    ("units = 3", "units = 3.0", "layers[0].units: 3.0 is not a whole number."),
    ("units = 3", 'units = "3"', 'layers[0].units: "3" is not a whole number.'),
    ("units = 3", "", "layers[0].units: it is missing; it must be a whole number."),
    (LOSS, LOSS + "\nl2 = true", "training.l2: true is not a number."),
    (LOSS, LOSS + "\nl2 = 1979-05-27", "training.l2: 1979-05-27 is not a number."),
    (LOSS, LOSS + "\nshuffle = 1", "training.shuffle: 1 is not true or false."),
    (LOSS, LOSS + '\nbatch_size = "all"', 'training.batch_size: "all" is not a whole number or "full".'),
    (TANH, TANH + "\nbias = 0.1", "layers[0].bias: 0.1 is not a list of numbers, such as [0.1, 0.2]."),
    (TANH, TANH + "\nweights = [1, 2]", "layers[0].weights: it must be a list of rows of numbers"),
    ("[data]", "title = 3\n[data]", "title: 3 is not text; put it in quotes."),
    (TABLE, 'csv = 3\ntarget = "y"', "data.csv: 3 is not text; put it in quotes."),
    # ranges
    ("units = 3", "units = 0", "layers[0].units: 0 is not between 1 and"),
    ("[data]", "seed = -1\n[data]", "seed: -1 is not between 0 and"),
    ("[data]", "seed = 0x" + "f" * 40 + "\n[data]", "is not between 0 and"),
    (LOSS, LOSS + "\nbatch_size = 0", "training.batch_size: 0 is not between 1 and"),
    (LOSS, LOSS + "\nl1 = -1", "training.l1: -1 is out of range; it must be at least 0."),
    (LOSS, LOSS + "\nl1 = nan", "training.l1: nan is not a finite number."),
    (
        '"sgd"',
        '"sgd"\nlearning_rate = 0',
        "training.optimizer.learning_rate: 0 is out of range; it must be more than 0.",
    ),
    ('"sgd"', '"sgd"\nlearning_rate = inf', "training.optimizer.learning_rate: inf is not a finite number."),
    ('"sgd"', '"sgd"\nlearning_rate = 1' + "0" * 400, "is not a finite number."),
    ('"sgd"', '"adam"\nbeta2 = 1.0', "beta2: 1 is out of range; it must be at least 0 and less than 1."),
    (
        TARGETS,
        TARGETS + "\ntest_fraction = 1",
        "data.test_fraction: 1 is out of range; it must be at least 0 and less than 1.",
    ),
    (TABLE, 'generator = "moons"\nsamples = 0', "data.samples: 0 is not between 1 and"),
    (TABLE, 'generator = "moons"\nnoise = -0.1', "data.noise: -0.1 is out of range"),
    (
        "[data]",
        "[expect]\nupdates = 1\naccuracy_at_least = 95\n[data]",
        "expect.accuracy_at_least: 95 is out of range; it must be at least 0 and at most 1.",
    ),
    ("[data]", "[expect]\nloss_below = 1\n[data]", "expect.updates: it is missing; it must be a whole number."),
    (
        "[data]",
        "[expect]\nupdates = 1\nloss_below = 1\ndiverges = true\n[data]",
        "expect.diverges: a run that diverges has no loss or accuracy to expect.",
    ),
    (
        "[data]",
        "[expect]\nupdates = 1\naccuracy_at_most = 0.5\ndiverges = true\n[data]",
        "expect.diverges: a run that diverges has no loss or accuracy to expect.",
    ),
    (
        "[data]",
        "[expect]\nupdates = 1\nloss_below = 0.1\nloss_above = 0.2\n[data]",
        "expect.loss_above: no loss is above 0.2 and below 0.1; loss_above is the smaller one.",
    ),
    ("[data]", "[expect]\nupdates = 1\nloss_below = 0\n[data]", "expect.loss_below: no loss is below 0; write"),
    (
        "[data]",
        "[expect]\nupdates = 1\naccuracy_at_least = 0.9\naccuracy_at_most = 0.8\n[data]",
        "expect.accuracy_at_least: no accuracy is 0.9 or more and 0.8 or less; accuracy_at_least is the smaller one.",
    ),
    # data
    (TABLE, "", "data: it takes exactly one of inputs and targets, generator, or csv; it has none of them."),
    (
        TARGETS,
        TARGETS + '\ngenerator = "moons"',
        "data: it takes exactly one of inputs and targets, generator, or csv; it has table and generator.",
    ),
    (TARGETS, "", "data.targets: it is missing; a table has inputs and targets."),
    (TARGETS, TARGETS + "\nnoise = 0.1", "data.noise: it goes with a generator, but this data is a table."),
    (TABLE, 'generator = "moons"\nclasses = 3', "data.classes: only the generator blobs has a choice of classes."),
    (TABLE, 'csv = "iris.csv"', "data.target: it is missing; it names the column to predict."),
    (INPUTS, "inputs = [[0, 0], [0], [1, 0], [1, 1]]", "data.inputs[1]: 1 number, but the first row has 2."),
    (INPUTS, "inputs = [[0, 0], [0, true], [1, 0], [1, 1]]", "data.inputs[1][1]: true is not a number."),
    (INPUTS, "inputs = [[], [], [], []]", "data.inputs: it must be a list of rows"),
    (TARGETS, "targets = [[0], [1]]", "data.targets: its rows are 2, but those of inputs are 4."),
    # shapes and combinations
    (TANH, TANH + "\nbias = [1, 2]", "layers[0].bias: 2 numbers for 3 units; it must have one for each unit."),
    (
        TANH,
        TANH + "\nweights = [[1, 2]]",
        "layers[0].weights: 1 × 2 does not fit; it must be 3 × 2, a row for each unit and a column for each input.",
    ),
    (SIGMOID, SIGMOID + "\nweights = [[1, 2]]", "layers[1].weights: 1 × 2 does not fit; it must be 1 × 3"),
    ("units = 1", "units = 2", "layers[1].units: 2 does not fit the data, which has 1 target column."),
    (TANH, 'activation = "softmax"', 'layers[0].activation: "softmax" belongs in the output layer alone'),
    (SIGMOID, TANH, 'needs sigmoid in the output layer, not "tanh"; change layers[1].activation'),
    (
        LOSS,
        'loss = "cross_entropy"',
        "change layers[1].activation, or the loss to binary_cross_entropy or half_squared_error.",
    ),
    (LOSS, 'loss = "perceptron"', 'training.loss: "perceptron" needs identity in the output layer, not "sigmoid"'),
    (
        TARGETS,
        "targets = [[0], [1], [1], [2]]",
        "does not fit the targets (2) of training sample 4; each target must be from 0 to 1.",
    ),
    (
        TARGETS,
        "targets = [[-1], [1], [1], [-1]]",
        "does not fit the targets (-1) of training sample 1; each target must be from 0 to 1; write 0 for −1.",
    ),
    (
        TANH,
        TANH + '\ninit = "uniform"\ninit_low = 2',
        "layers[0].init_low: 2 is above init_high, 1; low is the smaller of the two.",
    ),
    # size, before anything is allocated
    ("units = 3", "units = 1000000000", "layers[0].units: 1000000000 is not between 1 and"),
    (
        "units = 3\n",
        "units = 90000\n[[layers]]\nunits = 90000\n",
        "layers: 8,100,450,001 parameters are more than the 20,000,000",
    ),
    (TABLE, 'generator = "moons"\nsamples = 10000000', "data.samples: 10000000 is not between 1 and 1000000."),
]


@pytest.mark.parametrize(("old", "new", "sentence"), REFUSED)
def test_a_wrong_preset_is_refused_with_file_key_and_remedy(old: str, new: str, sentence: str) -> None:
    assert old in SMALL
    refusal = _refusal(SMALL.replace(old, new, 1))
    assert refusal.startswith("mine.toml: ")
    assert sentence in refusal


@pytest.mark.parametrize(
    ("loss", "activation", "targets", "fits"),
    [
        ("cross_entropy", "softmax", "[[0.25, 0.75]]", True),
        ("cross_entropy", "softmax", "[[0.5, 0.6]]", False),
        ("cross_entropy", "softmax", "[[1.5, -0.5]]", False),
        ("cross_entropy", "softmax", "[[1, 1]]", False),
        ("binary_cross_entropy", "sigmoid", "[[0.5, 1]]", True),
        ("binary_cross_entropy", "sigmoid", "[[-0.1, 1]]", False),
        ("perceptron", "identity", "[[0, 1]]", True),
        ("perceptron", "identity", "[[0.5, 1]]", False),
        ("mean_squared_error", "softmax", "[[3, 4]]", True),
    ],
)
def test_targets_must_suit_the_loss(loss: str, activation: str, targets: str, fits: bool) -> None:
    text = f"""
[data]
inputs = [[1.0]]
targets = {targets}
[[layers]]
units = 2
activation = "{activation}"
[training]
loss = "{loss}"
"""
    if fits:
        assert load_experiment(parse(text)).sizes == (1, 2)
    else:
        assert f'"{loss}" does not fit the targets' in _refusal(text)


@pytest.mark.parametrize("loss", ["half_squared_error", "huber", "mean_absolute_error", "mean_squared_error"])
@pytest.mark.parametrize("activation", ["identity", "sigmoid", "tanh", "relu", "gelu", "softplus"])
def test_the_free_losses_take_any_output(loss: str, activation: str) -> None:
    text = SMALL.replace(LOSS, f'loss = "{loss}"\nreduction = "sum"').replace(SIGMOID, f'activation = "{activation}"')
    assert load_experiment(parse(text)).training.loss == loss


def test_too_many_layers_are_refused() -> None:
    deep = SMALL.replace("[training]", "[[layers]]\nunits = 1\n" * 63 + "[training]", 1)
    assert "layers: 65 are more than the 64 that a preset may have." in _refusal(deep)


def test_the_output_layer_must_fit_the_classes() -> None:
    text = SMALL.replace(TABLE, 'generator = "moons"').replace("units = 1", "units = 3")
    assert "layers[1].units: 3 does not fit the data, whose 2 classes take 1 unit or 2 units." in _refusal(text)
    text = SMALL.replace(TABLE, 'generator = "blobs"\nclasses = 4')
    assert "layers[1].units: 1 does not fit the data, whose 4 classes take 4 units." in _refusal(text)


def test_a_batch_too_large_for_memory_is_refused() -> None:
    text = SMALL.replace(TABLE, 'generator = "moons"\nsamples = 100000').replace("units = 3", "units = 5000")
    assert "training.batch_size: 100000 rows through 5003 units are more than" in _refusal(text)
    assert load_experiment(parse(text.replace(LOSS, LOSS + "\nbatch_size = 100"))).sizes == (2, 5000, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('title = "x\n', "mine.toml: line 1, column 11: not valid TOML: Illegal character '\\n'."),
        ("seed = 1\nseed = 2\n", "mine.toml: line 2, column 9: not valid TOML: Cannot overwrite a value."),
        ("seed = ", "mine.toml: end of the file: not valid TOML: Invalid value."),
        ("seed = " + "9" * 5000, "mine.toml: a number has too many digits."),
        ("a." * 50000 + "a = 1", "mine.toml: line 1: a dotted key of a preset has three parts at most."),
        ('\n["a"' + ' . "a"' * 50000 + "]", "mine.toml: line 2: a dotted key"),
        ("x = {" + "a." * 50000 + "a = 1}", "mine.toml: line 1: a dotted key"),
        ('"a\\""' + '."a\\""' * 50000 + " = 1", "mine.toml: line 1: a dotted key"),
        ('x = """y""""\n' + "a." * 50000 + "a = 1", "mine.toml: line 2: a dotted key"),
        ("x = \"#\" # \"\n" + "a." * 50000 + "a = 1", "mine.toml: line 2: a dotted key"),
        ("a = " + "[" * 20000 + "]" * 20000, "mine.toml: values are nested too deeply for a preset."),
        ("", "mine.toml: [data]: it is missing; a preset has [data], [[layers]] and [training]."),
        ("data = 3\nlayers = 3\ntraining = 3", "mine.toml: data: 3 is not a table; write [data]."),
        ("layers = []\n[data]\n[training]", "mine.toml: data: it takes exactly one of"),
        ('title = "\\u001b[31mred"\n' + SMALL, 'mine.toml: title: "\\x1b[31mred" holds a control character.'),
        ('summary = "a\\u202eb"\n' + SMALL, 'mine.toml: summary: "a\\u202eb" holds a control character.'),
        ('"\\u001b]0;x" = 1\n' + SMALL, "mine.toml: \\x1b]0;x: there is no such key"),
        (SMALL.replace('"tanh"', '"\\u0007' + "z" * 5000 + '"'), 'layers[0].activation: "\\x07zzz'),
    ],
)  # fmt: skip
def test_text_that_is_no_preset_is_refused(text: str, sentence: str) -> None:
    assert sentence in _refusal(text)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(SMALL.encode() + b"\n# caf\xe9\n")
    (tmp_path / "huge.toml").write_bytes(b"#" * (8 * 2**20 + 1))
    (tmp_path / "folder.toml").mkdir()
    for name, sentence in {
        "latin.toml": f"latin.toml: line {SMALL.count(chr(10)) + 2}: this is not UTF-8 text; save the file as UTF-8.",
        "huge.toml": "huge.toml: it is larger than the 8 MiB that a preset may have.",
        "folder.toml": "folder.toml: it cannot be read: is a directory.",
        "none.toml": "none.toml: it cannot be read: no such file or directory.",
        "n\0l.toml": "this is not a file name.",
    }.items():
        with pytest.raises(InputError) as caught:
            find_preset(str(tmp_path / name))
        assert str(caught.value).endswith(sentence)


SCRAPS = [
    "true",
    "-1",
    "1e400",
    "nan",
    '"softmax"',
    "[]",
    "[[1]]",
    "{}",
    "99999999999",
    '"\\u0000"',
    "[[0.5, true]]",
    "\x00",
    "=",
    "\n[",
    '"""',
    "0",
]


@given(
    source=st.sampled_from([CONTRACT, SMALL]),
    cuts=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 12), st.sampled_from(SCRAPS)), min_size=1, max_size=3),
)
def test_a_mutated_preset_loads_or_is_refused_and_never_crashes(source: str, cuts: list[tuple[int, int, str]]) -> None:
    for at, length, scrap in cuts:
        source = source[:at] + scrap + source[at + length :]
    try:
        load_experiment(parse(source))
    except InputError as error:
        assert str(error).isprintable() and len(str(error)) < 500


@given(
    source=st.sampled_from([CONTRACT, SMALL]),
    line=st.integers(0, 30),
    value=st.sampled_from(SCRAPS),
)
def test_any_value_of_any_key_loads_or_is_refused(source: str, line: int, value: str) -> None:
    lines = source.strip().splitlines()
    key, equals, _ = lines[line % len(lines)].partition("=")
    if equals:
        lines[line % len(lines)] = f"{key}= {value}"
    try:
        load_experiment(parse("\n".join(lines)))
    except InputError as error:
        assert str(error).isprintable() and len(str(error)) < 500


@given(st.text(max_size=200))
def test_any_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert str(caught.value).isprintable()
