"""The matrix of the diagnosis: settings that go wrong in one way each, at least three for every kind of finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nn_tui.core.diagnosis.finding import Kind
from nn_tui.core.run.run import Run
from tests.core.diagnosis._problems import preset, start_text


@dataclass(frozen=True)
class Setting:
    """A problem that goes wrong, and what must be found first.

    Attributes:
        kind: The kind of the first finding.
        name: A short name.
        text: The preset file.
        update: The update after which it must be found.
    """

    kind: Kind
    name: str
    text: str
    update: int

    def start(self) -> Run:
        """Return the run at its start."""
        return start_text(self.text)


# A line has a name, an update, and the arguments of preset(): data, layers, training, and a seed that is not 1.
_LINES: dict[Kind, str] = {
    "constant_target": """
        all 1, one unit | 300 | one_answer 1.0 | 1 sigmoid | binary_cross_entropy sgd 0.5
        all 3.5, tanh | 100 | one_answer 3.5 30 4 | 6 tanh, 1 identity | mean_squared_error adam 0.01
        one class of two | 200 | one_class | 5 relu init=he_uniform, 2 softmax | cross_entropy sgd 0.1
    """,
    "constant_inputs": """
        zeros, classes | 300 | one_input 0.0 | 4 tanh, 1 sigmoid | binary_cross_entropy sgd 0.5
        ones, numbers | 100 | one_input 1.0 30 4 | 6 relu init=he_uniform, 1 identity | mean_squared_error adam 0.01
        one layer | 300 | one_input 0.5 20 3 | 1 sigmoid | half_squared_error momentum 0.1
    """,
    "conflicting_rows": """
        XOR with a wrong row | 300 | xor_with 0 0 1 | 4 tanh, 1 sigmoid | half_squared_error sgd 0.5
        softmax | 100 | xor_with 1 0 0 1 | 6 relu init=he_uniform, 2 softmax | cross_entropy adam 0.01
        one layer | 500 | xor_with 1 1 1 | 1 sigmoid | binary_cross_entropy momentum 0.1
    """,
    "target_out_of_range": """
        sine with sigmoid | 500 | sine samples=60 | 8 tanh, 1 sigmoid | half_squared_error sgd 0.5
        1 to 4 with tanh | 300 | regression 40 2 offset=2.5 | 6 tanh, 1 tanh | mean_squared_error adam 0.02
        negative with relu | 200 | line_data 50 -1.0 2 | 8 sigmoid, 1 relu bias=[1.0] | huber sgd 0.1
        -1 and 1 with sigmoid | 400 | two_classes 60 2 low=-1 | 12 tanh, 1 sigmoid | mean_squared_error sgd 0.3
        sum over 81 rows | 1000 | regression 81 3 | 6 sigmoid, 1 sigmoid | half_squared_error sgd 0.01 reduction=sum
        sine of a sum | 5000 | sine_of_sum | 6 sigmoid, 1 sigmoid | half_squared_error sgd 0.1 reduction=sum | 0
    """,
    "inputs_unscaled": """
        x times 100, linear | 1 | regression 40 1 100.0 | 1 identity | mean_squared_error sgd 0.01
        x times 100, linear, later | 200 | regression 40 2 100.0 | 1 identity | mean_squared_error sgd 0.001
        images 0 to 255, relu | 50 | images 60 5 | 16 relu init=he_uniform, 3 softmax | cross_entropy sgd 0.1
        x times 100, tanh | 300 | two_classes 80 2 100.0 | 8 tanh, 1 sigmoid | binary_cross_entropy adam 0.01
        x times 1000, relu | 20 | regression 60 3 1000.0 | 12 relu init=he_uniform, 1 identity | \
            mean_squared_error sgd 0.01
        far from 0, sigmoid | 600 | two_classes 60 2 5.0 50.0 | 6 sigmoid, 1 sigmoid | \
            half_squared_error sgd 0.5 batch_size=1
        years, logistic | 500 | two_classes 50 1 10.0 40.0 | 8 tanh, 1 sigmoid | binary_cross_entropy sgd 0.1
        house prices, relu | 300 | house_prices 60 | 8 relu init=he_uniform, 1 identity | mean_squared_error sgd 0.01
        house prices, tanh | 1000 | house_prices 80 | 12 tanh, 1 identity | mean_squared_error adam 0.01 batch_size=10
        thousandths | 300 | two_classes 100 2 0.001 | 8 tanh, 1 sigmoid | binary_cross_entropy sgd 0.5
    """,
    "targets_unscaled": """
        hundreds, tanh | 200 | regression 60 2 target_scale=200.0 offset=300.0 | 8 tanh, 1 identity | \
            mean_squared_error sgd 0.01
        thousands, relu | 300 | regression 80 3 target_scale=3000.0 | 16 relu init=he_uniform, 1 identity | \
            half_squared_error adam 0.01
        fifties, sigmoid | 200 | regression 50 1 target_scale=10.0 offset=50.0 | 6 sigmoid, 1 identity | \
            mean_absolute_error sgd 0.05
        offset, relu | 100 | regression 100 3 target_scale=100.0 offset=500.0 | 10 relu init=he_uniform, 1 identity | \
            mean_squared_error sgd 0.01
    """,
    "sum_reduction": """
        circles | 300 | circles samples=200 | 8 tanh, 1 sigmoid | binary_cross_entropy sgd 0.5 reduction=sum
        regression | 100 | regression 300 2 | 6 tanh, 1 identity | mean_squared_error sgd 0.02 reduction=sum
        three classes | 20 | blobs samples=150 | 10 relu init=he_uniform, 3 softmax | \
            cross_entropy sgd 0.5 reduction=sum
        plane | 100 | plane samples=300 | 1 identity | mean_squared_error sgd 0.1 reduction=sum
        XOR, 256 rows | 300 | xor 64 | 2 sigmoid init=normal, 1 sigmoid init=normal | \
            binary_cross_entropy sgd 0.1 reduction=sum | 0
    """,
    "symmetric": """
        zeros | 300 | xor | 4 tanh init=zeros, 1 sigmoid init=zeros | half_squared_error sgd 0.5
        constant | 500 | moons samples=100 | 8 sigmoid init=constant, 1 sigmoid init=constant | \
            binary_cross_entropy adam 0.02
        constant regression | 300 | sine samples=60 | 6 tanh init=constant, 1 identity init=constant | \
            mean_squared_error sgd 0.1
    """,
    "no_bias": """
        a line with an offset | 500 | line_data 40 2.0 | 1 identity train_bias=false | mean_squared_error sgd 0.1
        classes off the origin | 500 | shifted_classes 80 | 1 sigmoid train_bias=false | binary_cross_entropy sgd 0.5
        tanh without biases | 2000 | line_data 60 3.0 2 | 6 tanh train_bias=false, 1 identity train_bias=false | \
            mean_squared_error sgd 0.05
        relu without biases | 1500 | line_data 60 2.0 1 | \
            8 relu init=he_uniform train_bias=false, 1 identity train_bias=false | half_squared_error adam 0.01
        XOR without biases | 1000 | xor | 4 tanh train_bias=false, 1 sigmoid train_bias=false | \
            half_squared_error sgd 0.5
        six rows, one of them 0 0 | 10000 | first_column | 1 sigmoid weights=[[-0.17,0.44]] train_bias=false | \
            half_squared_error sgd 1.0 reduction=sum
    """,
    "single_layer": """
        XOR, one unit | 500 | xor | 1 sigmoid | half_squared_error sgd 0.5
        circles | 300 | circles samples=100 | 1 sigmoid | binary_cross_entropy adam 0.05
        linear hidden layer | 400 | circles samples=80 | 6 identity, 1 sigmoid | binary_cross_entropy sgd 0.3
        sine | 500 | sine samples=60 | 1 identity | mean_squared_error sgd 0.1
        spiral softmax | 600 | two_classes 90 2 | 1 sigmoid | mean_squared_error sgd 0.5
        XOR, softmax | 300 | xor one_hot=1 | 2 softmax | cross_entropy sgd 0.5 | 0
    """,
    "penalty_high": """
        l2 on classes | 300 | two_classes 80 2 | 8 tanh, 1 sigmoid | binary_cross_entropy sgd 0.3 l2=0.5
        l1 on moons | 1000 | moons samples=100 | 10 tanh, 1 sigmoid | binary_cross_entropy adam 0.02 l1=0.05
        l2 on three classes | 500 | blobs samples=90 | 6 sigmoid, 3 softmax | cross_entropy momentum 0.05 l2=0.4
        l2 on a sine | 300 | sine samples=80 | 12 relu init=he_uniform, 1 identity | mean_squared_error adam 0.01 l2=0.3
    """,
    "frozen": """
        output of zeros | 300 | sine samples=60 | 8 tanh, 1 identity init=zeros train_weights=false | \
            mean_squared_error sgd 0.1
        two layers | 2000 | circles samples=100 | \
            2 * 3 tanh train_weights=false, 1 sigmoid | binary_cross_entropy sgd 0.3
        weights and biases | 300 | circles samples=100 | 3 tanh train_weights=false train_bias=false, 1 sigmoid | \
            binary_cross_entropy adam 0.05
    """,
    "dead_units": """
        from the start | 100 | circles samples=80 | 6 relu init=he_uniform bias=[-9,-9,-9,-9,-9,-9], 1 sigmoid | \
            binary_cross_entropy sgd 0.5
        relu output | 200 | regression 40 2 offset=3.0 | 6 tanh, 1 relu bias=[-8.0] | mean_squared_error sgd 0.1
        relu output, long step | 100 | moons samples=100 | 8 tanh, 1 relu | mean_squared_error sgd 0.5
        regression | 300 | sine samples=60 | \
            10 relu init=he_uniform bias=[-5,-5,-5,-5,-5,-5,-5,-5,-5,-5], 1 identity | mean_squared_error adam 0.01
        second layer | 100 | sine samples=80 | \
            8 relu init=he_uniform, 4 relu init=he_uniform bias=[-10,-10,-10,-10], 1 identity | \
            mean_squared_error adam 0.01
    """,
    "saturated": """
        far biases, tanh | 200 | two_classes 60 2 | 4 tanh bias=[9,-9,12,-12], 1 sigmoid | half_squared_error sgd 0.5
        sigmoid output | 300 | moons samples=80 | 6 tanh, 1 sigmoid bias=[12.0] | half_squared_error sgd 0.5
        wide weights, two layers | 300 | regression 60 3 | 2 * 8 tanh init=normal init_std=100.0, 1 identity | \
            mean_squared_error adam 0.001
        far biases, regression | 300 | sine samples=80 | 6 tanh bias=[5,5,-5,5,-5,5], 1 identity | \
            mean_squared_error sgd 0.05
    """,
    "exploding": """
        leaky relu | 0 | circles samples=80 | 6 * 20 leaky_relu init=normal, 1 sigmoid | binary_cross_entropy sgd 0.1
        relu regression | 5 | regression 60 3 | 5 * 30 relu init=normal init_std=0.8, 1 identity | \
            mean_squared_error sgd 0.01
        elu classes | 1 | blobs samples=90 | 6 * 25 elu init=normal init_std=0.8, 3 softmax | cross_entropy sgd 0.05
        eight layers | 1 | sine samples=80 | 8 * 16 relu init=normal, 1 identity | mean_squared_error sgd 0.01
    """,
    "vanishing": """
        deep sigmoid | 300 | circles samples=80 | 6 * 8 sigmoid, 1 sigmoid | binary_cross_entropy sgd 0.1
        deep sigmoid regression | 100 | sine samples=60 | 6 * 8 sigmoid, 1 identity | mean_squared_error sgd 0.1
        small tanh weights | 200 | moons samples=80 | 4 * 10 tanh init=normal init_std=0.02, 1 sigmoid | \
            binary_cross_entropy momentum 0.01
        ten layers, small weights | 200 | blobs samples=100 | 8 * 8 tanh init=normal init_std=0.1, 3 softmax | \
            cross_entropy sgd 0.1
    """,
    "diverged": """
        plane | 2000 | plane samples=60 | 1 identity | mean_squared_error sgd 3.0
        tanh | 2000 | regression 60 2 | 8 tanh, 1 identity | half_squared_error sgd 6.0
        leaky relu | 500 | regression 80 3 | 12 leaky_relu init=he_uniform, 1 identity | \
            mean_squared_error momentum 0.9
        one layer, four inputs | 500 | regression 100 4 | 1 identity | half_squared_error sgd 3
    """,
    "learning_rate_high": """
        plane | 60 | plane samples=60 | 1 identity | mean_squared_error sgd 2.2
        rmsprop | 300 | regression 60 2 | 2 * 8 leaky_relu, 1 identity | mean_squared_error rmsprop 1.0 batch_size=10
        mini-batches | 600 | regression 80 4 | 8 elu, 1 identity | huber sgd 1.5 batch_size=4
        classes | 500 | circles samples=100 | 8 leaky_relu, 1 sigmoid | binary_cross_entropy sgd 8.0 batch_size=10
        mini-batches, tanh | 200 | moons samples=200 noise=0.1 | 16 tanh, 1 sigmoid | \
            binary_cross_entropy sgd 20 batch_size=16
        relu regression | 500 | sine samples=100 | 16 relu init=he_uniform, 1 identity | mean_squared_error sgd 1
        relu dies | 200 | moons samples=100 | 8 relu init=he_uniform, 1 sigmoid | binary_cross_entropy sgd 30.0 | 3
        rmsprop kills relu | 40 | sine samples=60 | 2 * 6 relu init=he_uniform, 1 identity | \
            mean_squared_error rmsprop 1 batch_size=10
        nesterov, later | 300 | moons samples=100 | 2 * 6 relu init=he_uniform, 1 sigmoid | \
            half_squared_error nesterov 3 batch_size=10
        adagrad, leaky relu | 100 | moons samples=100 | 8 leaky_relu init=he_uniform, 1 sigmoid | \
            half_squared_error adagrad 3 batch_size=10
        rmsprop, not dead | 300 | sine samples=60 | 2 * 6 leaky_relu init=he_uniform, 1 identity | \
            mean_squared_error rmsprop 0.3 batch_size=10
        adam, relu | 300 | regression 60 2 | 16 relu init=he_uniform, 1 identity | huber adam 1
        adam, softplus | 1000 | xor | 8 softplus, 1 sigmoid | half_squared_error adam 3
        momentum, silu | 300 | moons samples=100 | 2 * 6 silu init=he_uniform, 1 sigmoid | \
            half_squared_error momentum 3 batch_size=10
        adam, elu | 30 | xor | 16 elu init=he_uniform, 1 sigmoid | half_squared_error adam 3
    """,
    "learning_rate_low": """
        XOR | 2000 | xor | 4 tanh, 1 sigmoid | half_squared_error sgd 0.001
        moons, relu | 1000 | moons samples=100 | 8 relu init=he_uniform, 1 sigmoid | \
            binary_cross_entropy sgd 0.0001 batch_size=10
        adam | 500 | sine samples=60 | 8 tanh, 1 identity | mean_squared_error adam 0.000001
        XOR one by one | 4000 | xor | 2 sigmoid, 1 sigmoid | half_squared_error sgd 0.01 batch_size=1
        relu, mini-batches | 500 | circles samples=200 noise=0.05 | 16 relu init=he_uniform, 1 sigmoid | \
            binary_cross_entropy sgd 0.001 batch_size=32
        adagrad | 1000 | regression 70 2 | 12 tanh, 1 identity | mean_squared_error adagrad 0.0005
        as good as the neighbours | 1000 | three_regions 90 | 8 tanh, 3 softmax | \
            cross_entropy sgd 0.0005 batch_size=10
        a schedule that falls fast | 300 | circles samples=100 | 8 tanh, 1 sigmoid | \
            binary_cross_entropy sgd 0.5 schedule.name=exponential schedule.gamma=0.9
        steps after two epochs | 1000 | moons samples=200 | 16 relu init=he_uniform, 1 sigmoid | binary_cross_entropy \
            adam 0.01 batch_size=20 schedule.name=step schedule.step_size=2 schedule.gamma=0.1 schedule.per=epoch
        a long warm-up | 500 | xor | 4 tanh, 1 sigmoid | half_squared_error sgd 0.5 \
            schedule.warmup.total_iters=100000 schedule.warmup.start_factor=0.00001
        three classes, adam | 500 | blobs samples=150 | 8 relu init=he_uniform, 3 softmax | cross_entropy adam 0.00001
    """,
    "local_minimum": """
        XOR 2-2-1 | 4000 | xor | 2 sigmoid, 1 sigmoid | half_squared_error sgd 2.0 | 0
        one silu unit | 400 | three_rows | 1 silu weights=[[1.5]] bias=[-1.5] train_bias=false | \
            half_squared_error sgd 1.0
        tiny weights, relu | 3000 | moons samples=80 | 10 relu init=normal init_std=0.0001, \
            1 sigmoid init=normal init_std=0.0001 | binary_cross_entropy sgd 0.1
        circles, two units | 1500 | circles samples=100 | 2 tanh, 1 sigmoid | binary_cross_entropy adam 0.05
        XOR, two tanh units | 3000 | xor | 2 tanh, 1 sigmoid | half_squared_error sgd 1.0
    """,
    "plateau": """
        XOR, small weights | 2000 | xor | 2 sigmoid init=normal init_std=0.1, 1 sigmoid init=normal init_std=0.1 | \
            half_squared_error sgd 0.5
        tanh, tiny weights | 1500 | xor | 4 tanh init=normal init_std=0.001, 1 sigmoid init=normal init_std=0.001 | \
            binary_cross_entropy sgd 0.1
        circles, small weights | 1500 | circles samples=100 | \
            4 sigmoid init=normal init_std=0.01, 1 sigmoid init=normal init_std=0.01 | half_squared_error sgd 0.5
    """,
    "overfitting": """
        two spirals | 2000 | spiral samples=100 noise=0.3 test_fraction=0.5 | 2 * 32 tanh, 1 sigmoid | \
            binary_cross_entropy adam 0.01
        noisy sine | 3000 | noisy_sine 40 0.5 | 40 tanh init=normal init_std=3.0, 1 identity | \
            mean_squared_error adam 0.02
        overlapping classes | 2000 | gaussians samples=60 noise=0.6 test_fraction=0.5 | \
            40 relu init=he_uniform, 1 sigmoid | binary_cross_entropy adam 0.02
        moons | 1500 | moons samples=50 noise=0.4 test_fraction=0.5 | 30 tanh, 1 sigmoid | \
            binary_cross_entropy adam 0.03
    """,
}


def _settings() -> Iterator[Setting]:
    for kind, lines in _LINES.items():
        for line in lines.strip().splitlines():
            name, update, data, layers, training, *seed = re.split(r" \|\s+", line.strip())
            yield Setting(kind, name, preset(data, layers, training, *map(int, seed)), int(update))


SETTINGS = tuple(_settings())
"""All settings, by kind."""
