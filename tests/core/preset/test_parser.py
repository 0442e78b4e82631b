"""Check that preset files are read, and that invalid text is refused in one sentence with file, key and remedy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.spec import Expect, LayerSpec, OptimizerSpec, ScheduleSpec, TrainingSpec, WarmupSpec
from nn_tui.core.translation import language
from tests._pseudo import BEGIN, PseudoLanguage
from tests._tour import NAMES, plain_words, words
from tests.preset_texts import CONTRACT, INPUTS, LOSS, SIGMOID, SMALL, TABLE, TANH, TARGETS, parse, refusal


def test_the_example_of_the_format_is_read_as_written() -> None:
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
    data = preset.data
    assert (data.standardize, data.standardize_target, data.test_fraction) == (False, False, 0.0)


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


def test_a_schedule_with_a_warm_up() -> None:
    text = """
[training.schedule]
name = "cosine"
T_max = 500
per = "epoch"
[training.schedule.warmup]
total_iters = 10
"""
    expected = ScheduleSpec("cosine", (("T_max", 500.0),), "epoch", WarmupSpec(1 / 3, 10))
    assert parse(SMALL + text).training.schedule == expected
    assert parse(SMALL).training.schedule.is_constant


@pytest.mark.parametrize("note", ['"{}"', "'{}'", '"""\n\\"{} \\n"{}""""', "'''{}'''", '"a" # {}', '"" # "{}\n#\'{}'])
def test_dots_in_text_are_not_a_key(note: str) -> None:
    dots = ".".join(["a"] * 40)
    assert parse(f"notes = {note.format(dots, dots)}\n{SMALL}").layers[0].units == 3


KEYS = words(
    "schedule per update epoch step_size gamma table generator target sum"
)  # that SMALL and CONTRACT do not have
REFUSED = [
    # names, each with the nearest valid one
    (
        SIGMOID,
        'activation = "sigmiod"',
        'layers[1].activation: "sigmiod" is not an activation. Did you mean "sigmoid"?',
    ),
    (TANH, 'activation = "linear"', '"linear" is not an activation. Did you mean "identity"?'),
    (TANH, "activation = 3", "layers[0].activation: 3 is not an activation; it must be one of: identity, sigmoid"),
    (LOSS, 'loss = "mse"', 'training.loss: "mse" is not a loss. Did you mean "mean_squared_error"?'),
    (LOSS, "", "training.loss: it is missing; it must be one of: half_squared_error"),
    (LOSS, LOSS + '\nreduction = "avg"', 'training.reduction: "avg" is not a reduction; it must be one of: mean, sum.'),
    ('"sgd"', '"Adam"', 'training.optimizer.name: "Adam" is not an optimiser. Did you mean "adam"?'),
    (TANH, TANH + '\ninit = "he"', 'layers[0].init: "he" is not an initialisation'),
    (TABLE, 'generator = "spirals"', 'data.generator: "spirals" is not a generator. Did you mean "spiral"?'),
    (TARGETS, TARGETS + '\nfeatures = ["x1^3"]', 'data.features[0]: "x1^3" is not a feature. Did you mean'),
    # keys
    (LOSS, LOSS + "\nlearning_rate = 1", "training.learning_rate: there is no such key; the keys here are: loss"),
    ('"sgd"', '"sgd"\nlr = 1', 'training.optimizer.lr: there is no such key. Did you mean "learning_rate"?'),
    (TANH, TANH + "\nunit = 3", 'layers[0].unit: there is no such key. Did you mean "units"?'),
    ("[data]", "[dat]\n[data]", 'dat: there is no such key. Did you mean "data"?'),
    (
        "[data]",
        "[expect]\nupdates = 1\nloss_under = 1\n[data]",
        'expect.loss_under: there is no such key. Did you mean "loss_below"?',
    ),
    (
        '"sgd"',
        '"sgd"\nweight_decay = 0.1',
        'weight_decay: "sgd" has no weight_decay; write l2 under [training], or use the optimiser adamw.',
    ),
    (
        '"sgd"',
        '"sgd"\nbeta1 = 0.9',
        'training.optimizer.beta1: it does not belong to "sgd", which takes learning_rate.',
    ),
    (
        '"sgd"',
        '"momentum"\neps = 0.9',
        'training.optimizer.eps: it does not belong to "momentum", which takes learning_rate, momentum.',
    ),
    (
        TANH,
        TANH + "\ninit_std = 0.1",
        'layers[0].init_std: it does not belong to "xavier_uniform", which takes no options.',
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
    ("units = 3", "units = 1000000000", "layers[0].units: 1000000000 is not between 1 and"),
    (TABLE, 'generator = "moons"\nsamples = 10000000', "data.samples: 10000000 is not between 1 and 1000000."),
    # the schedule
    (LOSS, LOSS + '\n[training.schedule]\nname = "cos"', 'training.schedule.name: "cos" is not a schedule'),
    (
        LOSS,
        LOSS + '\n[training.schedule]\nname = "step"',
        'step_size: it is missing; the schedule "step" needs it',
    ),
    (
        LOSS,
        LOSS + '\n[training.schedule]\nname = "step"\nstep_size = 2.5',
        "training.schedule.step_size: 2.5 is not a whole number.",
    ),
    (
        LOSS,
        LOSS + "\n[training.schedule]\ngamma = 0.5",
        'training.schedule.gamma: it does not belong to "constant", which takes no options.',
    ),
    (LOSS, LOSS + '\n[training.schedule]\nper = "row"', 'training.schedule.per: "row" is not a unit'),
    (
        LOSS,
        LOSS + "\n[training.schedule.warmup]\nstart_factor = 0",
        "training.schedule.warmup.start_factor: 0 is out of range; it must be more than 0 and at most 1.",
    ),
    # data
    (TABLE, "", "data: write one of: inputs and targets, generator, csv."),
    (
        TARGETS,
        TARGETS + '\ngenerator = "moons"',
        "data: write only one of: inputs and targets, generator, csv; it has inputs, targets and generator.",
    ),
    (TARGETS, "", "data.targets: it is missing; a table has inputs and targets."),
    (TARGETS, TARGETS + "\nnoise = 0.1", "data.noise: it is for generator data, but this is table data."),
    (TABLE, 'generator = "moons"\nclasses = 3', "data.classes: only the generator blobs has a choice of classes."),
    (TABLE, 'csv = "iris.csv"', "data.target: it is missing; it names the column to predict."),
    (
        INPUTS,
        "inputs = [[0, 0], [0], [1, 0], [1, 1]]",
        "data.inputs[1]: this row has 1 number, but the first row has 2.",
    ),
    (INPUTS, "inputs = [[0, 0], [0, true], [1, 0], [1, 1]]", "data.inputs[1][1]: true is not a number."),
    (INPUTS, "inputs = [[], [], [], []]", "data.inputs: it must be a list of rows"),
    (TARGETS, "targets = [[0], [1]]", "data.targets: it has 2 rows, but inputs has 4; write"),
]


@pytest.mark.parametrize(("old", "new", "message"), REFUSED)
def test_a_wrong_value_is_refused_with_file_key_and_remedy(old: str, new: str, message: str) -> None:
    assert old in SMALL
    text = refusal(SMALL.replace(old, new, 1))
    assert text.startswith("mine.toml: ")
    assert message in text


@pytest.mark.parametrize(("old", "new", "message"), REFUSED)
def test_the_sentence_of_an_error_is_translated(old: str, new: str, message: str) -> None:
    text = SMALL.replace(old, new, 1)
    with language(PseudoLanguage()), pytest.raises(InputError) as caught:
        load_experiment(parse(text))
    with language(PseudoLanguage()):
        said = str(caught.value)
    allowed = NAMES | KEYS | words(text, CONTRACT, "mine toml")
    assert BEGIN in said and plain_words(said, allowed) == set()


def test_too_many_layers_are_refused() -> None:
    deep = SMALL.replace("[training]", "[[layers]]\nunits = 1\n" * 63 + "[training]", 1)
    assert "layers: 65 layers are too many; a preset may have 64." in refusal(deep)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('title = "x\n', "mine.toml: line 1, column 11: this is not valid TOML: Illegal character '\\n'."),
        ("seed = 1\nseed = 2\n", "mine.toml: line 2, column 9: this is not valid TOML: Cannot overwrite a value."),
        ("seed = ", "mine.toml: this is not valid TOML, at the end of the file: Invalid value."),
        ("seed = " + "9" * 5000, "mine.toml: a number has too many digits."),
        ("a." * 50000 + "a = 1", "mine.toml: line 1: a dotted key may have 16 parts at most."),
        ('\n["a"' + ' . "a"' * 50000 + "]", "mine.toml: line 2: a dotted key"),
        ("x = {" + "a." * 50000 + "a = 1}", "mine.toml: line 1: a dotted key"),
        ('"a\\""' + '."a\\""' * 50000 + " = 1", "mine.toml: line 1: a dotted key"),
        ('x = """y""""\n' + "a." * 50000 + "a = 1", "mine.toml: line 2: a dotted key"),
        ("x = \"#\" # \"\n" + "a." * 50000 + "a = 1", "mine.toml: line 2: a dotted key"),
        ("a = " + "[" * 20000 + "]" * 20000, "mine.toml: values are nested too deeply."),
        ("", "mine.toml: data: it is missing; a preset has [data], [[layers]] and [training]."),
        ("data = 3\nlayers = 3\ntraining = 3", "mine.toml: data: 3 is not a table; write [data]."),
        ("layers = []\n[data]\n[training]", "mine.toml: data: write one of"),
        ('title = "\\u001b[31mred"\n' + SMALL, 'mine.toml: title: "\\x1b[31mred" contains a control character.'),
        ('summary = "a\\u202eb"\n' + SMALL, 'mine.toml: summary: "a\\u202eb" contains a control character.'),
        ('"\\u001b]0;x" = 1\n' + SMALL, "mine.toml: \\x1b]0;x: there is no such key"),
        (SMALL.replace('"tanh"', '"\\u0007' + "z" * 5000 + '"'), 'layers[0].activation: "\\x07zzz'),
    ],
)  # fmt: skip
def test_text_that_is_not_a_preset_is_refused(text: str, sentence: str) -> None:
    assert sentence in refusal(text)


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
def test_any_text_is_refused_in_a_printable_message(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert str(caught.value).isprintable()
