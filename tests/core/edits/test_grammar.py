"""Tests of the syntax of changes: valid spellings, and one sentence for every invalid text or value."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.parser import EDITS, parse_edit
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run
from tests._edits import bits, edit, small_experiment, trained


def test_every_example_works() -> None:
    run = edit(trained(small_experiment(rate=0.2)), "freeze w1")
    for form in EDITS.values():
        text = form.example
        ready = edit(run, "unfreeze w1") if text == "freeze w1" else run
        if text == "y1 = 1" and run.experiment.data.y[0, 0] == 1.0:
            ready = edit(run, "y1 = 0")
        edited = parse_edit(text, ready, 9)
        assert edited.run.segments[-1].label == edited.label
        assert edited.run.train(3) == 12, text
        assert form.help


@pytest.mark.parametrize(
    "text", ["eta=0.5", "η = 0.5", "lr 0.5", "LR=.5", "learning_rate = 0.5", "learning rate 0.5", "  eta  =  5e-1 "]
)
def test_the_learning_rate_has_many_names(text: str) -> None:
    assert parse_edit(text, trained(small_experiment()), 9).label == "η 0.1 → 0.5"


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
    ],
)
def test_other_spellings_are_valid(text: str, label: str) -> None:
    assert parse_edit(text, trained(small_experiment()), 9, row=3).label == label


REFUSED = [
    # Schedules
    ("schedule", "schedule: the new value is missing; write a schedule, as in schedule = cosine T_max=500."),
    ("schedule = cosin T_max=5", 'schedule: "cosin" is not a schedule; did you mean "cosine"?'),
    ("schedule = cosine", 'T_max: it is missing; "cosine" takes T_max, eta_min.'),
    ("schedule = cosine 5", 'schedule: "5" is no option; write for example schedule = cosine T_max=500.'),
    ("schedule = cosine T_max=0", "T_max: 0 is not between 1 and 1000000000."),
    ("schedule = cosine T_max=5 gamma=0.5", 'gamma: it does not go with "cosine", which takes T_max, eta_min.'),
    ("schedule = exponential gamma=0", "gamma: 0 is out of range; it must be more than 0."),
    ("schedule = step step_size=3 per=pass", 'per: "pass" is not a unit; it must be one of: update, epoch.'),
    ("warmup = -3", "warmup.total_iters: -3 is not between 1 and 1000000000."),
    ("warmup = 3 start_factor=2", "warmup.start_factor: 2 is out of range; it must be more than 0 and at most 1."),
    ("warmup = 3 factor=2", 'warmup: it has no option "factor", it takes start_factor.'),
    # Text that names no change
    ("", "there is nothing to change yet; write for example w1[2,1] = 0.3."),
    ("x" * 201, "a change has at most 200 characters."),
    ("activaton 1 = relu", '"activaton 1 = relu" names nothing that can be changed; did you mean "activation"?'),
    ("add layer", '"add layer" is not complete; write for example add 2 units to layer 1 or add layer 2 4 relu.'),
    ("init", '"init" is not complete; write for example init = he_normal.'),
    ("freeze", '"freeze" is not complete; write for example freeze w1.'),
    ("w1[2,1]0.3", '"w1[2,1]0.3" is not complete; write for example w1[2,1] = 0.3.'),
    ("z1[2] = 3", '"z1[2] = 3": this is computed; what can be set is a weight, a bias, an input or a target.'),
    ("∂L/∂w₁[1,1] = 0",
     '"∂l/∂w1[1,1] = 0": this is computed; what can be set is a weight, a bias, an input or a target.'),
    # Parameters
    ("w1 = 3", "w1: layer 1 has 8 weights; name one, up to w1[4,2]."),
    ("w1[2] = 3", "w1[2]: layer 1 has 8 weights; name one, up to w1[4,2]."),
    ("b1 = 3", "b1: layer 1 has 4 biases; name one, up to b1[4]."),
    ("w9[1,1] = 2", '"w9[1,1]": the layers go from 1 to 2'),
    ("w1[5,1] = 2", '"w1[5,1]": layer 1 has units 1 to 4'),
    ("w1[1,1] = 0,3", 'w1[1,1]: "0,3" is not a number; write for example w1[1,1] = 0.5.'),
    ("w1[1,1] = inf", "w1[1,1]: inf is not a finite number."),
    ("w1[1,1] =", "w1[1,1]: the new value is missing; write a number, as in w1[1,1] = 0.5."),
    # Training
    ("eta", "eta: the new value is missing; write a number, as in eta = 0.5."),
    ("eta = fast", 'eta: "fast" is not a number; write for example eta = 0.5.'),
    ("eta = -1", "η: -1 is out of range; it must be more than 0."),
    ("eta = 0.1", "η is 0.1 already."),
    ("optimizer = adm", 'optimizer: "adm" is not an optimiser; did you mean "adam"?'),
    ("optimizer = momentum", "optimizer is momentum already."),
    ("optimizer = momentum 0", "η: 0 is out of range; it must be more than 0."),
    ("optimizer = adam fast", 'eta: "fast" is not a number; write for example eta = 0.5.'),
    ("beta1 = 0.5",
     "beta1: the optimiser momentum has no such option, it takes momentum; beta1 goes with adam, adamw or nadam."),
    ("momentum = -1", "momentum: -1 is out of range; it must be at least 0."),
    ("momentum = 0.9", "momentum is 0.9 already."),
    ("loss = mse", 'loss: "mse" is not a loss; did you mean "mean_squared_error"?'),
    ("loss = cross_entropy", 'loss: "cross_entropy" needs softmax in the output layer, not "sigmoid"; '
     "change activation of layer 2, or the loss to binary_cross_entropy or half_squared_error."),
    ("reduction = max", 'reduction: "max" is not a reduction; it must be one of: mean, sum.'),
    ("batch = 0", "batch: 0 is not between 1 and 16."),
    ("batch = 17", "batch: 17 is not between 1 and 16."),
    ("batch = all", 'batch: "all" is not a whole number or full; write for example batch = 16.'),
    ("batch = 1_6", 'batch: "1_6" is not a whole number or full; write for example batch = 16.'),
    ("batch = ١٦", 'batch: "١٦" is not a whole number or full; write for example batch = 16.'),
    ("units ١ = 6", "units: say in which layer, as in units 1 = 6."),
    ("remove layer ١", '"remove layer ١" is not complete; write for example remove unit 2 of layer 1 or '
     "remove layer 1."),
    ("batch =", "batch: the new value is missing; write a whole number or full, as in batch = 16."),
    ("samples = 1_6", 'samples: "1_6" is not a whole number; write for example samples = 6.'),
    ("batch = 5", "batch is 5 already."),
    ("shuffle = maybe", 'shuffle: "maybe" is not on or off; write for example shuffle = off.'),
    ("shuffle = on", "shuffle is on already."),
    ("l2 = -1", "l2: -1 is out of range; it must be at least 0."),
    # Data
    ("x1 = nan", "x1: nan is not a finite number."),
    ("x3 = 1", '"x3": the names go from x1 to x2'),
    ("y2 = 1", '"y2": the names go from y1 to y1'),
    ("noise = -1", "noise: -1 is out of range; it must be at least 0 and at most 100."),
    ("samples = 0", "samples: 0 is not between 1 and 1000000."),
    ("samples = many", 'samples: "many" is not a whole number; write for example samples = 6.'),
    ("data seed = -1", "data seed: -1 is not between 0 and 9223372036854775807."),
    ("data seed = 3", "data seed is 3 already."),
    ("standardize = off", "standardize is off already."),
    ("standardise = maybe", 'standardize: "maybe" is not on or off; write for example standardize = on.'),
    # Network
    ("activation = relu", "activation: say in which layer, as in activation 1 = relu."),
    ("activation 1 = tanh", "activation 1 is tanh already."),
    ("activation 1 = relo", 'activation: "relo" is not an activation; did you mean "relu"?'),
    ("activation 1 = softmax", 'activation of layer 1: "softmax" belongs in the output layer alone; '
     "a hidden layer may use relu, tanh or sigmoid."),
    ("freeze w9", "there is no layer 9: this network has layers 1 to 2."),
    ("unfreeze b1", "b1 is trained already."),
    ("units 2 = 3", "units of layer 2: 3 does not fit the data, whose 2 classes take 1 unit or 2 units."),
    ("units 1 = 0", "units 1: 0 is not between 1 and 100000."),
    ("units 1 = 4", "units 1 is 4 already."),
    ("units 0 = 4", "there is no layer 0: this network has layers 1 to 2."),
    ("add unit 3", "there is no layer 3: this network has layers 1 to 2."),
    ("remove unit 9 of layer 1", "there is no unit 9 in layer 1, which has units 1 to 4."),
    ("remove unit 1 of layer 2", "layer 2 has one unit and needs it; remove the layer instead."),
    ("remove layer 2", "layer 2 is the output layer, which stays; remove a hidden one."),
    ("add layer 3 4", "there is no place 3 for a layer: the output layer stays last, so choose 1 to 2."),
    ("add layer 1 0", "units: 0 is not between 1 and 100000."),
    ("add layer 1 4 rely", 'activation: "rely" is not an activation; did you mean "relu"?'),
    ("init = he", 'init: "he" is not an initialisation; it must be one of: zeros, constant, normal, uniform, '
     "xavier_uniform, xavier_normal, he_uniform, he_normal, lecun_normal, torch_default."),
    ("init 2 = normal std=-1", "std: -1 is out of range; it must be at least 0 and at most 1e+100."),
    ("init = normal 0.1", 'init: "0.1" is no option; write for example init = normal std=0.1.'),
    ("init = zeros std=1", "init: zeros has no option std, it takes no options."),
    ("init 3 = zeros", "there is no layer 3: this network has layers 1 to 2."),
    ("seed = -1", "seed: -1 is not between 0 and 9223372036854775807."),
]  # fmt: skip


@pytest.fixture(scope="module")
def run() -> Run:
    return trained(small_experiment())


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_an_invalid_change_is_rejected_in_one_sentence(run: Run, text: str, sentence: str) -> None:
    before = bits(run.state)
    with pytest.raises(InputError) as refused:
        parse_edit(text, run, 9)
    assert str(refused.value) == sentence
    assert len(run.segments) == 1 and bits(run.state) == before


PRESETS = [
    ("xor", "noise = 0.1", "noise: this data is a table; only generated data, such as circles or spiral, has noise."),
    ("iris", "samples = 9",
     "samples: this data is a file; only generated data, such as circles or spiral, has samples."),
    ("xor", "data", "data seed: this data is a table without a test part; there is nothing to draw anew."),
    ("features", "x3 = 1", "x3 is computed from the inputs as x1^2; set x1 or x2 instead."),
    ("features", "x1 = 1e200", "x1: 1e+200 is so large that the inputs overflow; use a smaller number."),
    ("features", "remove layer 1", "layer 1 is the output layer, which stays; a network needs one."),
    ("features", "add layer 2 3", "there is no place 2 for a layer: the output layer stays last, so choose 1."),
    ("iris", "y1 = 0.5", "y1: 0.5 does not fit cross_entropy, whose targets sum to 1; "
     "write 1 at the class that is right, and the others become 0."),
    ("circles", "y1 = 3", 'loss: "binary_cross_entropy" does not fit the targets (3) of training sample 1; '
     "each target must be from 0 to 1."),
    ("circles", "activation 2 = relu", 'loss: "binary_cross_entropy" needs sigmoid in the output layer, not "relu"; '
     "change activation of layer 2, or the loss to half_squared_error."),
    ("mazur", "seed = 5", "seed: no weight here is drawn at random; choose an init such as xavier_uniform first."),
    ("xor-zeros", "seed", "seed: no weight here is drawn at random; choose an init such as xavier_uniform first."),
    ("circles", "init 1 = uniform low=1 high=0",
     "init_low of layer 1: 1 is above init_high, 0; low is the smaller of the two."),
]  # fmt: skip


@pytest.mark.parametrize(("preset", "text", "sentence"), PRESETS)
def test_a_change_that_does_not_fit_the_preset_is_rejected(preset: str, text: str, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_edit(text, Run.start(load_experiment(find_preset(preset))), 0)
    assert str(refused.value) == sentence
