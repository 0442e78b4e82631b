"""Tests of the syntax of changes: valid spellings, and one sentence for every invalid text or value."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.edits.parser import EDITS, apply_edit
from nn_tui.core.edits.places import edit_error_text
from nn_tui.core.errors import ErrorCode, InputError, KeyPath
from nn_tui.core.preset.loader import find_preset, load_experiment, open_experiment
from nn_tui.core.run.run import Run
from tests._edits import bits, edit, small_experiment, trained


def test_every_example_works() -> None:
    run = edit(trained(small_experiment(rate=0.2)), "freeze w1")
    for form in EDITS.values():
        text = form.example
        ready = edit(run, "unfreeze w1") if text == "freeze w1" else run
        if form.name == "inputs":  # only a typed table can get more
            ready = edit(run, "data = 0 1 -> 1; 1 1 -> 0")
        if form.name == "standardize_target":  # only numbers can be standardised
            ready = edit(run, "data = 0 1 -> 0.5; 1 1 -> 2")
        if text in ("y1 = 1", "y = 1") and run.experiment.data.y[0, 0] == 1.0:
            ready = edit(run, "y1 = 0")
        edited = apply_edit(text, ready, 9)
        assert edited is not ready and edited.segments[-1].change.kind != "start"
        assert edited.train(3) == 12, text
        assert form.help


@pytest.mark.parametrize(
    "text", ["eta=0.5", "η = 0.5", "lr 0.5", "LR=.5", "learning_rate = 0.5", "learning rate 0.5", "  eta  =  5e-1 "]
)
def test_the_learning_rate_has_many_names(text: str) -> None:
    assert change_text(apply_edit(text, trained(small_experiment()), 9).segments[-1].change) == "η 0.1 → 0.5"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("w₁[2,1] = −0.3", "w1[2,1] = -0.3"),
        ("w1 [2, 1]=0.3", "w1[2,1] = 0.3"),
        ("b2 = 0.25", "b2[1] = 0.25"),
        ("x[2] = 0.5", "x2 of sample 4 = 0.5"),
        ("activation1=relu", "activation 1 tanh → relu"),
        ("optimiser adam 0.05", "optimizer momentum → adam, η 0.05"),
        ("remove unit 2 layer 1", "−unit 2 of layer 1"),
        ("add unit 1", "+1 unit in layer 1"),
        ("units 1 = 2", "−2 units in layer 1"),
        ("add layer 1 3", "+layer 1: 3 tanh"),
        ("init 1 = normal std = 0.1", "init 1 = normal std=0.1"),
        ("schedule=cosine t_max = 50", "schedule constant → cosine T_max=50"),
        (
            "schedule inverse-time decay_rate=0.5 decay_steps=10",
            "schedule constant → inverse_time decay_steps=10 decay_rate=0.5",
        ),
        ("warm-up 5", "schedule constant → constant, warm-up 5"),
        ("seed", "seed 4"),
        ("data", "data seed 4"),
        ("w1 = [[1, 2], [3, 4], [5, 6], [7, 8]]", "all 8 weights of layer 1"),
        ("W₂ = −1/3 0.5 0 1", "all 4 weights of layer 2"),
        ("b1 = [0.1, 0.2, 0.3, 0.4]", "all 4 biases of layer 1"),
        ("x = 1 1/3", "all 2 inputs of sample 4"),
        ("y = 1/2", "y1 of sample 4 = 0.5"),
        ("w1[1,1] = 1/4", "w1[1,1] = 0.25"),
        ("eta = 1/8", "η 0.1 → 0.125"),
        ("batch = 100", "batch 5 → 100"),
        ("data = 1 0 → 1; 0 1 → 0", "data: 2 typed samples"),
        ("data = 1 0 1", "data: 1 typed sample"),
    ],
)
def test_other_spellings_are_valid(text: str, label: str) -> None:
    assert change_text(apply_edit(text, trained(small_experiment()), 9, row=3).segments[-1].change) == label


REFUSED = [
    # Schedules
    ("schedule", "missing", ("schedule",),
     "schedule: the new value is missing; write a schedule, for example schedule = cosine T_max=500."),
    ("schedule = cosin T_max=5", "not_a_choice", ("training", "schedule", "name"),
     'schedule: "cosin" is not a schedule. Did you mean "cosine"?'),
    ("schedule = cosine", "missing", ("training", "schedule", "T_max"),
     'T_max: it is missing; the schedule "cosine" needs it, and takes T_max, eta_min.'),
    ("schedule = cosine 5", "syntax", ("schedule",),
     'schedule: "5" is not an option; write for example schedule = cosine T_max=500.'),
    ("schedule = cosine T_max=0", "out_of_range", ("training", "schedule", "T_max"),
     "T_max: 0 is not between 1 and 1000000000."),
    ("schedule = cosine T_max=5 gamma=0.5", "conflict", ("training", "schedule", "gamma"),
     'gamma: it does not belong to "cosine", which takes T_max, eta_min.'),
    ("schedule = exponential gamma=0", "out_of_range", ("training", "schedule", "gamma"),
     "gamma: 0 is out of range; it must be more than 0."),
    ("schedule = step step_size=3 per=pass", "not_a_choice", ("training", "schedule", "per"),
     'per: "pass" is not a unit of time; it must be one of: update, epoch.'),
    ("warmup = -3", "out_of_range", ("training", "schedule", "warmup", "total_iters"),
     "warmup: -3 is not between 0 and 1000000000."),
    ("warmup = 3 start_factor=2", "out_of_range", ("training", "schedule", "warmup", "start_factor"),
     "warmup.start_factor: 2 is out of range; it must be more than 0 and at most 1."),
    ("warmup = 3 factor=2", "unknown_key", ("warmup",), 'warmup: there is no option "factor"; it takes start_factor.'),
    # Text that names no change
    ("", "missing", (), "write what to change, for example w1[2,1] = 0.3."),
    ("x" * 10_001, "too_large", (),
     "a change has at most 10000 characters."),
    ("activaton 1 = relu", "unknown_key", (), '"activaton 1 = relu" is not a setting. Did you mean "activation"?'),
    ("add layer", "syntax", (),
     '"add layer" is not complete; write for example: add 2 units to layer 1; add layer 2 4 relu.'),
    ("init", "syntax", (), '"init" is not complete; write for example: init = he_normal.'),
    ("layers = 3-2-1", "syntax", (),
     '"layers = 3-2-1" is more than one change; write for example inputs = 3, then units 1 = 2, or open a new '
     "network."),
    ("freeze", "syntax", (), '"freeze" is not complete; write for example: freeze w1.'),
    ("w1[2,1]0.3", "syntax", (), '"w1[2,1]0.3" is not complete; write for example: w1[2,1] = 0.3; '
     "w2 = [[0.2, -0.4, 1/3, 0]]."),
    ("z1[2] = 3", "computed", (), '"z1[2] = 3" is computed; only a weight, a bias, an input or a target can be set.'),
    ("ŷ₁ = 1", "computed", (), '"ŷ1 = 1" is computed; only a weight, a bias, an input or a target can be set.'),
    ("yhat = 1", "computed", (), '"yhat = 1" is computed; only a weight, a bias, an input or a target can be set.'),
    ("∂L/∂w₁[1,1] = 0", "computed", (),
     '"∂l/∂w1[1,1] = 0" is computed; only a weight, a bias, an input or a target can be set.'),
    # Parameters
    ("w1 = 3", "wrong_shape", ("w1",),
     'w1: layer 1 has 4 units; write 4 rows, each with a weight for each input (2). Did you mean "w1[1,1]"?'),
    ("w1 = [[1, 2, 3, 4], [5, 6, 7, 8]]", "wrong_shape", ("w1",),
     "w1: these rows look transposed: a row has the weights into one unit, so layer 1 takes 4 rows of 2."),
    ("w1 = [[1, 2], [3]]", "wrong_shape", ("w1",), "w1: row 2 has 1 number, but row 1 has 2."),
    ("w1 = [[1, 2], [3, x]]", "wrong_type", ("w1",), 'w1: "x" is not a number.'),
    ("w1 =", "missing", ("w1",),
     "w1: the new value is missing; write rows of numbers, for example w1 = [[0.2, 0.4], [-0.3, 0.1]]."),
    ("w5 = 3", "not_found", ("w5",),
     'w5: the layers go from 1 to 2. Did you mean "w1[3,1]"?'),
    ("w1[2] = 3", "syntax", ("w1[2]",), "w1[2]: layer 1 has 8 weights; name one, up to w1[4,2]."),
    ("b1 = 3", "wrong_shape", ("b1",), 'b1: layer 1 has 4 units; write 4 numbers. Did you mean "b1[1]"?'),
    ("b1 = 3 4", "wrong_shape", ("b1",), "b1: layer 1 has 4 units; write 4 numbers."),
    ("x = 1 2 3", "wrong_shape", ("x",),
     "x: the network has 2 inputs, so write 2 numbers; inputs = 3 changes that."),
    ("x = 1; 2", "wrong_shape", ("x",),
     "x: this is one sample, so write one row; all samples are data = 0 1 -> 1; 1 1 -> 0."),
    ("y = 1 2", "wrong_shape", ("y",), "y: the network has 1 output, so write 1 number."),
    ("w1[1,1] = 1e999", "not_finite", ("w1[1,1]",),
     'w1[1,1]: "1e999" is too large; the largest number is about 1.8e308.'),
    ("eta = 1/0", "wrong_type", ("eta",), 'eta: "1/0" is not a number; write for example eta = 0.5.'),
    ("w9[1,1] = 2", "not_found", ("w9[1,1]",), "w9[1,1]: the layers go from 1 to 2."),
    ("w1[5,1] = 2", "not_found", ("w1[5,1]",), "w1[5,1]: layer 1 has units 1 to 4."),
    ("w1[1,1] = 0,3", "wrong_type", ("w1[1,1]",), 'w1[1,1]: "0,3" is not a number; write for example w1[1,1] = 0.5.'),
    ("w1[1,1] = inf", "not_finite", ("layers", 0, "weights", 0, 0), "w1[1,1]: inf is not a finite number."),
    ("w1[1,1] =", "missing", ("w1[1,1]",),
     "w1[1,1]: the new value is missing; write a number, for example w1[1,1] = 0.5."),
    # Training
    ("eta", "missing", ("eta",), "eta: the new value is missing; write a number, for example eta = 0.5."),
    ("eta = fast", "wrong_type", ("eta",), 'eta: "fast" is not a number; write for example eta = 0.5.'),
    ("eta = -1", "out_of_range", ("training", "optimizer", "learning_rate"),
     "η: -1 is out of range; it must be more than 0."),
    ("eta = 0.1", "unchanged", ("training", "optimizer", "learning_rate"), "η: the value is 0.1 already."),
    ("optimizer = adm", "not_a_choice", ("training", "optimizer", "name"),
     'optimizer: "adm" is not an optimiser. Did you mean "adam"?'),
    ("optimizer = momentum", "unchanged", ("training", "optimizer", "name"),
     "optimizer: the value is momentum already."),
    ("optimizer = momentum 0", "out_of_range", ("training", "optimizer", "learning_rate"),
     "η: 0 is out of range; it must be more than 0."),
    ("optimizer = adam fast", "syntax", ("optimizer",),
     "optimizer: only one number, the learning rate, may follow the name; write for example "
     "optimizer = adam 0.01."),
    ("optimizer = adam 5 6", "syntax", ("optimizer",),
     "optimizer: only one number, the learning rate, may follow the name; write for example "
     "optimizer = adam 0.01."),
    ("optimizer", "missing", ("optimizer",),
     "optimizer: the new value is missing; write an optimiser, for example optimizer = adam."),
    ("beta1 = 0.5", "conflict", ("training", "optimizer", "beta1"),
     "beta1: the optimiser momentum has no such option; it takes eta, momentum. beta1 is an option of "
     "adam, adamw, nadam."),
    ("momentum = -1", "out_of_range", ("training", "optimizer", "momentum"),
     "momentum: -1 is out of range; it must be at least 0."),
    ("momentum = 0.9", "unchanged", ("training", "optimizer", "momentum"), "momentum: the value is 0.9 already."),
    ("loss = mse", "not_a_choice", ("training", "loss"),
     'loss: "mse" is not a loss. Did you mean "mean_squared_error"?'),
    ("loss = cross_entropy", "conflict", ("training", "loss"),
     'loss: "cross_entropy" needs softmax in layer 2; with "sigmoid" there, use one of: '
     "half_squared_error, mean_squared_error, mean_absolute_error, huber, "
     "binary_cross_entropy."),
    ("reduction = max", "not_a_choice", ("training", "reduction"),
     'reduction: "max" is not a reduction; it must be one of: mean, sum.'),
    ("batch = 0", "out_of_range", ("training", "batch_size"), "batch: 0 is not between 1 and 1000000."),
    ("batch = all", "wrong_type", ("batch",),
     'batch: "all" is not a whole number or full; write for example batch = 16.'),
    ("batch = 1_6", "wrong_type", ("batch",),
     'batch: "1_6" is not a whole number or full; write for example batch = 16.'),
    ("batch = ١٦", "wrong_type", ("batch",),
     'batch: "١٦" is not a whole number or full; write for example batch = 16.'),
    ("units ١ = 6", "missing", ("units",), "units: the number of the layer is missing; write for example units 1 = 6."),
    ("remove layer ١", "syntax", (),
     '"remove layer ١" is not complete; write for example: remove unit 2 of layer 1; remove layer 1.'),
    ("batch =", "missing", ("batch",),
     "batch: the new value is missing; write a whole number or full, for example batch = 16."),
    ("samples = 1_6", "wrong_type", ("samples",),
     'samples: "1_6" is not a whole number; write for example samples = 6.'),
    ("batch = 5", "unchanged", ("training", "batch_size"), "batch: the value is 5 already."),
    ("shuffle = maybe", "wrong_type", ("shuffle",),
     'shuffle: "maybe" is not on or off; write for example shuffle = off.'),
    ("shuffle = on", "unchanged", ("training", "shuffle"), "shuffle: the value is on already."),
    ("l2 = -1", "out_of_range", ("training", "l2"), "l2: -1 is out of range; it must be at least 0."),
    # Data
    ("x1 = nan", "not_finite", ("data", "inputs", 0, 0), "x1 of sample 1: nan is not a finite number."),
    ("x3 = 1", "not_found", ("x3",), "x3: the names go from x1 to x2."),
    ("y2 = 1", "not_found", ("y2",), "y2: the only such name is y1."),
    ("noise = -1", "out_of_range", ("data", "noise"),
     "noise: -1 is out of range; it must be at least 0 and at most 100."),
    ("samples = 0", "out_of_range", ("data", "samples"), "samples: 0 is not between 1 and 1000000."),
    ("samples = many", "wrong_type", ("samples",),
     'samples: "many" is not a whole number; write for example samples = 6.'),
    ("data = moons", "not_available", ("data",),
     'data: "moons" is a generator, which is chosen in a preset; here, write rows such as '
     "data = 0 1 -> 1; 1 1 -> 0."),
    ("data = 5", "syntax", ("data",),
     "data: write rows such as data = 0 1 -> 1; 1 1 -> 0, or another seed such as data seed = 5."),
    ("data = 1 0 1 1", "syntax", ("data",),
     'data: "1 0 1 1" is not a sample; write its inputs, -> and its targets, such as 1 0 1 -> 1.'),
    ("data = 1 0 -> x", "wrong_type", ("data",), 'data: "x" is not a number.'),
    ("data = 1 0 -> 1; 1 -> 0", "wrong_shape", ("data",),
     "data: row 2 has 1 -> 1 numbers, but row 1 has 2 -> 1."),
    ("inputs = 3", "not_available", ("data", "inputs"),
     "inputs: only typed data can get another number of inputs; write your data first, for example "
     "data = 0 1 -> 1; 1 1 -> 0."),
    ("inputs = many", "wrong_type", ("inputs",), 'inputs: "many" is not a whole number; write for example inputs = 3.'),
    ("data seed = -1", "out_of_range", ("data", "seed"), "data seed: -1 is not between 0 and 9223372036854775807."),
    ("data seed = 3", "unchanged", ("data", "seed"), "data seed: the value is 3 already."),
    ("standardize = off", "unchanged", ("data", "standardize"), "standardize: the value is off already."),
    ("standardise = maybe", "wrong_type", ("standardize",),
     'standardize: "maybe" is not on or off; write for example standardize = on.'),
    # Network
    ("activation = relu", "missing", ("activation",),
     "activation: the number of the layer is missing; write for example activation 1 = relu."),
    ("activation 1 = tanh", "unchanged", ("layers", 0, "activation"),
     "activation of layer 1: the value is tanh already."),
    ("activation 1 = relo", "not_a_choice", ("layers", 0, "activation"),
     'activation of layer 1: "relo" is not an activation. Did you mean "relu"?'),
    ("activation 1 = softmax", "conflict", ("layers", 0, "activation"),
     'activation of layer 1: "softmax" is for the output layer only; a hidden layer may use: '
     "identity, sigmoid, tanh, relu, leaky_relu, elu, gelu, silu, mish, softplus."),
    ("freeze w9", "not_found", ("layers", 8), "layer 9: there is no such layer; this network has layers 1 to 2."),
    ("unfreeze b1", "unchanged", (), "b1 is trained already."),
    ("units 2 = 3", "wrong_shape", ("layers", 1, "units"),
     "units of layer 2: 3 does not fit the data, whose 2 classes take 1 unit or 2 units."),
    ("units 1 = 0", "out_of_range", ("layers", 0, "units"), "units of layer 1: 0 is not between 1 and 100000."),
    ("units 1 = 4", "unchanged", ("layers", 0, "units"), "units of layer 1: the value is 4 already."),
    ("units 0 = 4", "not_found", ("layers", -1), "layer 0: there is no such layer; this network has layers 1 to 2."),
    ("add unit 3", "not_found", ("layers", 2), "layer 3: there is no such layer; this network has layers 1 to 2."),
    ("remove unit 9 of layer 1", "not_found", ("layers", 0),
     "layer 1: there is no unit 9; this layer has units 1 to 4."),
    ("remove unit 1 of layer 2", "not_available", ("layers", 1),
     "layer 2: this is the only unit of the layer; remove the layer instead."),
    ("remove layer 2", "not_available", ("layers", 1),
     "layer 2: the output layer cannot be removed; remove a hidden layer."),
    ("add layer 3 4", "not_found", ("layers", 2),
     "layer 3: the output layer stays last, so a new layer has a number from 1 to 2."),
    ("add layer 1 0", "out_of_range", ("layers", 0, "units"), "units of layer 1: 0 is not between 1 and 100000."),
    ("add layer 1 4 rely", "not_a_choice", ("layers", 0, "activation"),
     'activation of layer 1: "rely" is not an activation. Did you mean "relu"?'),
    ("init = he", "not_a_choice", ("init",),
     'init: "he" is not an initialisation. Did you mean "he_normal" or "he_uniform"?'),
    ("init = unit", "not_a_choice", ("init",),
     'init: "unit" is not an initialisation; it must be one of: zeros, constant, normal, uniform, '
     "xavier_uniform, xavier_normal, he_uniform, he_normal, lecun_normal, torch_default."),
    ("init 2 = normal std=-1", "out_of_range", ("layers", 1, "init_std"),
     "init_std of layer 2: -1 is out of range; it must be at least 0 and at most 1e+100."),
    ("init = normal 0.1", "syntax", ("init",),
     'init: "0.1" is not an option; write for example init = normal std=0.1.'),
    ("init = zeros std=1", "unknown_key", ("init",), "init: zeros has no option std; it takes no options."),
    ("init 3 = zeros", "not_found", ("layers", 2), "layer 3: there is no such layer; this network has layers 1 to 2."),
    ("seed = -1", "out_of_range", ("seed",), "seed: -1 is not between 0 and 9223372036854775807."),
]  # fmt: skip


@pytest.fixture(scope="module")
def run() -> Run:
    return trained(small_experiment())


@pytest.mark.parametrize(("text", "code", "path", "sentence"), REFUSED)
def test_an_invalid_change_is_rejected_in_one_sentence(
    run: Run, text: str, code: ErrorCode, path: KeyPath, sentence: str
) -> None:
    before = bits(run.state)
    with pytest.raises(InputError) as refused:
        apply_edit(text, run, 9)
    assert edit_error_text(refused.value) == sentence
    assert (refused.value.code, refused.value.path) == (code, path)
    assert len(run.segments) == 1 and bits(run.state) == before


PRESETS = [
    ("xor", "noise = 0.1", "not_available", ("data", "noise"),
     "noise: this data is a table; only generated data, such as circles or spiral, has noise."),
    ("iris", "samples = 9", "not_available", ("data", "samples"),
     "samples: this data is a file; only generated data, such as circles or spiral, has samples."),
    ("xor", "data", "not_available", ("data", "seed"),
     "data seed: this data is a table without a test part; nothing in it is random."),
    ("features", "x3 = 1", "computed", ("data", "inputs", 0, 2),
     "x3 of sample 1: it is computed from the inputs as x1^2; these can be set: x1, x2."),
    ("features", "x1 = 1e200", "overflow", ("data", "inputs", 0, 0),
     "x1 of sample 1: 1e+200 is so large that the inputs overflow; use a smaller number."),
    ("features", "remove layer 1", "not_available", ("layers", 0),
     "layer 1: the output layer cannot be removed; a network needs one."),
    ("features", "add layer 2 3", "not_found", ("layers", 1),
     "layer 2: the output layer stays last, so a new layer has the number 1."),
    ("iris", "y1 = 0.5", "conflict", ("data", "targets", 0, 0),
     "y1 of sample 1: 0.5 does not fit cross_entropy, whose targets sum to 1; write 1 at the right class, "
     "and the others become 0."),
    ("circles", "y1 = 3", "conflict", ("training", "loss"),
     'loss: "binary_cross_entropy" does not fit the targets (3) of training sample 1. Each target must be '
     "from 0 to 1."),
    ("circles", "activation 2 = relu", "conflict", ("training", "loss"),
     'loss: "binary_cross_entropy" needs sigmoid in layer 2; with "relu" there, use one of: '
     "half_squared_error, mean_squared_error, mean_absolute_error, huber."),
    ("mazur", "seed = 5", "not_available", ("seed",),
     "seed: no weight of this network is random; choose an init such as xavier_uniform first."),
    ("xor-zeros", "seed", "not_available", ("seed",),
     "seed: no weight of this network is random; choose an init such as xavier_uniform first."),
    ("circles", "init 1 = uniform low=1 high=0", "conflict", ("layers", 0, "init_low"),
     "init_low of layer 1: 1 is above init_high, 0; init_low must be the smaller one."),
]  # fmt: skip


@pytest.mark.parametrize(("preset", "text", "code", "path", "sentence"), PRESETS)
def test_a_change_that_does_not_fit_the_preset_is_rejected(
    preset: str, text: str, code: ErrorCode, path: KeyPath, sentence: str
) -> None:
    with pytest.raises(InputError) as refused:
        apply_edit(text, Run.start(load_experiment(find_preset(preset))), 0)
    assert edit_error_text(refused.value) == sentence
    assert (refused.value.code, refused.value.path) == (code, path)


def test_several_changes_may_stand_in_one_line() -> None:
    run = Run.start(open_experiment("xor"))
    changed = apply_edit("eta = 0.25; activation 1 = relu ;reduction = sum", run, 0)
    experiment = changed.experiment
    assert experiment.training.optimizer.learning_rate == 0.25 and experiment.training.reduction == "sum"
    assert experiment.layers[0].activation == "relu"
    assert [segment.change.kind for segment in changed.segments[1:]] == ["setting", "setting", "setting"]
    # The samples of typed data have the same sign between them.
    rows = apply_edit("data = 0 1 -> 1; 1 1 -> 0", run, 0)
    assert rows.experiment.data.x.tolist() == [[0.0, 1.0], [1.0, 1.0]]


@pytest.mark.parametrize("text", ["eta = 0.25; eta = ", "eta = 0.25; units 9 = 2", "eta = 0.25; nonsense"])
def test_a_line_with_a_wrong_change_changes_nothing(text: str) -> None:
    with pytest.raises(InputError):
        apply_edit(text, Run.start(open_experiment("xor")), 0)
