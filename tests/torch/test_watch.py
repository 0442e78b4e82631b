"""The watch over training loops of real PyTorch: modules, tensors, losses and optimisers of torch.optim."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional

from nn_tui.core.errors import InputError
from nn_tui.core.watching.watch import Watch, watch
from tests._pages import python_blocks, without_digits

PAGE = Path(__file__).parents[2] / "docs" / "watch.md"
X = torch.randn(50, 4, generator=torch.Generator().manual_seed(1))
LABELS = (X.sum(1) > 0).long() + (X[:, 0] > 0.5).long()
BINARY = (X[:, :1] * X[:, 1:2] > 0).to(X.dtype)  # double if an earlier module sets that as the default


class OwnNet(nn.Module):  # type: ignore[misc]  # mypy runs without PyTorch
    """A module with a forward of its own."""

    def __init__(self, is_twice: bool = False) -> None:
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(4, 16), nn.Linear(16, 8), nn.Linear(8, 3)
        self.is_twice = is_twice

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits = self.fc3(functional.relu(self.fc2(functional.relu(self.fc1(x)))))
        return logits.softmax(dim=1) if self.is_twice else logits


def sequential(*, has_sigmoid: bool = True) -> nn.Module:
    torch.manual_seed(2)
    layers = [nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)]
    return nn.Sequential(*layers, nn.Sigmoid()) if has_sigmoid else nn.Sequential(*layers)


def own(*, is_twice: bool = False) -> nn.Module:
    torch.manual_seed(2)
    return OwnNet(is_twice)


def train(
    run: Watch,
    model: nn.Module,
    loss_of: Callable[..., torch.Tensor],
    optimizer: torch.optim.Optimizer,
    targets: torch.Tensor,
    *,
    count: int = 4,
    zeroes: bool = True,
    is_late: bool = False,
) -> list[str]:
    """Train with a call in each step, and return the log."""
    inputs = X.to(next(model.parameters()).dtype)
    for _ in range(count):
        if zeroes:
            optimizer.zero_grad()
        loss = loss_of(model(inputs), targets)
        loss.backward()
        if not is_late:
            run.step(model, inputs=inputs, targets=targets, loss=loss)
        optimizer.step()
        if is_late:
            run.step(model, inputs=inputs, targets=targets, loss=loss)
    return run.report().splitlines()


def test_a_sequential_module_with_its_own_sigmoid() -> None:
    model = sequential()
    report = train(watch(quiet=True), model, nn.BCELoss(), torch.optim.SGD(model.parameters(), lr=0.5), BINARY)
    assert report[0] == "watching 4-8-1 (tanh, sigmoid); the loss is binary_cross_entropy (mean)."
    assert "2.weight.grad" in report[1] and report[2] == "update 1: the weights change by sgd with η = 0.5."
    assert report[-1].startswith("updates 1 to 4: equal to") and len(report) == 4


def test_a_loss_that_includes_the_sigmoid() -> None:
    model = sequential(has_sigmoid=False)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    report = train(watch(quiet=True), model, nn.BCEWithLogitsLoss(), optimizer, BINARY)
    assert report[0] == "watching 4-8-1 (tanh, sigmoid); the loss is binary_cross_entropy (mean)."
    assert report[2] == "update 1: the weights change by adam with η = 0.01." and len(report) == 4


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_module_with_its_own_forward_and_labels(dtype: torch.dtype) -> None:
    model = own().to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    report = train(watch(quiet=True), model, nn.CrossEntropyLoss(), optimizer, LABELS, count=8)
    assert report[0] == "watching 4-16-8-3 (relu, relu, softmax); the loss is cross_entropy (mean)."
    assert report[2] == "update 1: the weights change by sgd with η = 0.1."
    assert report[3] == "update 2: the weights change by momentum with η = 0.1."
    digits = int(report[-1].removesuffix(" digits.").rpartition(" ")[2])
    assert digits >= (12 if dtype is torch.float64 else 4) and len(report) == 5


@pytest.mark.parametrize(
    "make",
    [
        lambda p: torch.optim.SGD(p, lr=0.1),
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8),
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.99)),
        lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
        lambda p: torch.optim.NAdam(p, lr=0.01),
        lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9),
        lambda p: torch.optim.Adagrad(p, lr=0.1),
    ],
)
def test_updates_of_each_optimiser_and_a_schedule(
    make: Callable[..., torch.optim.Optimizer],
) -> None:
    model = own().double()
    optimizer = make(model.parameters())
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
    run = watch(loss=nn.CrossEntropyLoss(), optimizer=optimizer, quiet=True)
    for _ in range(4):
        train(run, model, nn.CrossEntropyLoss(), optimizer, LABELS, count=1)
        scheduler.step()
    report = run.report().splitlines()
    assert report[-1].startswith("updates 1 to 4: equal to 1") and len(report) == 3


def test_the_record_of_single_precision_is_a_run_without_jumps() -> None:
    model = own()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    run = watch(loss=nn.CrossEntropyLoss(), optimizer=optimizer, quiet=True)
    train(run, model, nn.CrossEntropyLoss(), optimizer, LABELS, count=30)
    recorded = run.run()
    assert recorded.finished == 30 and len(recorded.segments) == 1


def test_gradients_that_are_never_set_to_0() -> None:
    model = own()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    report = train(watch(quiet=True), model, nn.CrossEntropyLoss(), optimizer, LABELS, zeroes=False)
    assert report[3].startswith("update 2: fc3.weight.grad") and "optimizer.zero_grad()" in report[3]


def test_calls_after_the_step_are_recognised() -> None:
    model = own()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    report = train(watch(quiet=True), model, nn.CrossEntropyLoss(), optimizer, LABELS, is_late=True)
    assert report[1].startswith("update 2: you call step after the update of the weights; call it before.")
    assert report[-1].startswith("updates 2 to 4: equal to")


def test_a_softmax_before_a_loss_that_includes_it() -> None:
    model = own(is_twice=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    report = train(watch(quiet=True), model, nn.CrossEntropyLoss(), optimizer, LABELS)
    sentence = "softmax is taken twice: the loss includes it, so give the loss the numbers before softmax."
    assert report[1] == f"update 1: {sentence}" and report[-1] == "updates 1 to 4: the same difference."


def test_tensors_in_lists() -> None:
    torch.manual_seed(0)
    w1, b1, w2, b2 = (torch.randn(*shape) for shape in ((4, 8), (8,), (8, 3), (3,)))
    parameters = [w1, b1, w2, b2]
    for parameter in parameters:
        parameter.requires_grad = True
    run = watch(quiet=True)
    for _ in range(3):
        logits = torch.tanh(X @ w1 + b1) @ w2 + b2
        loss = functional.cross_entropy(logits, LABELS)
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        run.step(parameters, [parameter.grad for parameter in parameters], X, LABELS, loss=loss)
        for parameter in parameters:
            assert parameter.grad is not None
            parameter.data -= 0.1 * parameter.grad
    assert run.report().splitlines()[0] == "watching 4-8-3 (tanh, softmax); the loss is cross_entropy (mean)."
    assert run.report().splitlines()[-1].startswith("updates 1 to 3: equal to")


def test_images_of_mini_batches_through_flatten() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(36, 12), nn.ReLU(), nn.Linear(12, 10))
    optimizer, run = torch.optim.SGD(model.parameters(), lr=0.1), watch(quiet=True)
    for size in (8, 8, 5):
        images, labels = torch.rand(size, 1, 6, 6), torch.randint(0, 10, (size,))
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(images), labels)
        loss.backward()
        run.step(model, inputs=images, targets=labels, loss=loss.item())
        optimizer.step()
    assert run.report().splitlines()[-1].startswith("updates 1 to 3: equal to") and run.run().finished == 3


def test_named_parameters_and_a_state_dictionary() -> None:
    model = sequential()
    for form in (lambda: model.named_parameters(), lambda: model.state_dict(), lambda: list(model.parameters())):
        model.zero_grad()
        loss = nn.BCELoss()(model(X), BINARY)
        loss.backward()
        run = watch(quiet=True)
        gradients = [parameter.grad for parameter in model.parameters()]
        run.step(form(), gradients, X, BINARY, loss=loss)
        assert "update 1: equal to" in run.report()


def test_a_frozen_layer_does_not_change() -> None:
    model = own().double()
    model.fc1.requires_grad_(False)
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    run = watch(quiet=True)
    report = train(run, model, nn.CrossEntropyLoss(), optimizer, LABELS)
    assert report[-1].startswith("updates 1 to 4: equal to 1") and len(report) == 4
    assert not run.run().experiment.layers[0].train_weights


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([nn.Conv2d(1, 2, 3), nn.Linear(2, 1)], "the module has a layer Conv2d; only networks of dense layers"),
        ([nn.Linear(4, 2), nn.PReLU(), nn.Linear(2, 1)], "the module has a layer PReLU; only"),
        ([nn.Linear(4, 2), nn.Dropout(0.5), nn.Linear(2, 1)], "the module has a layer Dropout; only"),
        ([nn.Linear(4, 2), nn.ELU(0.3), nn.Linear(2, 1)], r"ELU can only be watched with alpha=1\.0\."),
    ],
)
def test_modules_that_cannot_be_watched(layers: list[nn.Module], sentence: str) -> None:
    with pytest.raises(InputError, match=f"weights: {sentence}"):
        watch(quiet=True).step(nn.Sequential(*layers), inputs=X, targets=BINARY)


def test_a_dropout_that_leaves_nothing_out_is_watched() -> None:
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.0), nn.Flatten(), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    report = train(watch(quiet=True), model, nn.MSELoss(), optimizer, BINARY)
    assert report[0] == "watching 4-8-1 (tanh, identity); the loss is mean_squared_error (mean)."


@pytest.mark.parametrize(
    ("loss", "option"),
    [
        (nn.HuberLoss(delta=0.3), r"delta=1\.0"),
        (nn.CrossEntropyLoss(label_smoothing=0.1), r"label_smoothing=0\.0"),
        (nn.BCEWithLogitsLoss(pos_weight=torch.ones(1)), "pos_weight=None"),
    ],
)
def test_losses_with_options_that_ours_do_not_have(loss: nn.Module, option: str) -> None:
    with pytest.raises(InputError, match=f"loss: {type(loss).__name__} can only be watched with {option}"):
        watch(loss=loss)


def test_optimisers_with_options_that_ours_do_not_have() -> None:
    model = sequential()
    first, second = list(model[0].parameters()), list(model[2].parameters())
    for optimizer, sentence in (
        (torch.optim.SGD(first, lr=0.1, weight_decay=0.1), "SGD cannot be watched with weight_decay; leave out"),
        (torch.optim.RMSprop(first, lr=0.1, momentum=0.1), "RMSprop cannot be watched with momentum; leave out"),
        (torch.optim.LBFGS(first), "LBFGS cannot be watched; leave out optimizer"),
        (torch.optim.SGD([{"params": first}, {"params": second, "lr": 1.0}], lr=0.1), "its groups of parameters have"),
    ):
        with pytest.raises(InputError, match=f"optimizer: {sentence}"):
            watch(optimizer=optimizer)


def test_the_example_of_the_page_prints_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    ((source, texts),) = [block for block in python_blocks(PAGE) if "torch" in block[0]]
    exec(source, {})
    printed = without_digits(capsys.readouterr().out)
    assert printed == without_digits(texts[0]) + texts[1]
