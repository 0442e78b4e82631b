"""The same training in PyTorch: its modules, its losses, its autograd, its optimisers, in float64."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from nn_tui.core.spec import Array, Experiment, ScheduleSpec

torch.set_default_dtype(torch.float64)  # also the type of the numbers that NAdam keeps besides its arrays

ACTIVATIONS: dict[str, Callable[[], torch.nn.Module]] = {
    "identity": torch.nn.Identity,
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
    "leaky_relu": torch.nn.LeakyReLU,
    "elu": torch.nn.ELU,
    "gelu": torch.nn.GELU,
    "silu": torch.nn.SiLU,
    "mish": torch.nn.Mish,
    "softplus": torch.nn.Softplus,
    "softmax": lambda: torch.nn.Softmax(dim=1),
}
FROM_LOGITS = ("binary_cross_entropy", "cross_entropy", "perceptron")


def loss_of(name: str, reduction: str, out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The data loss of one batch; ``out`` is z for the losses that PyTorch takes from the logits."""
    if name == "half_squared_error":
        total = 0.5 * functional.mse_loss(out, y, reduction="sum")
        return total / len(y) if reduction == "mean" else total
    if name == "perceptron":
        # Its derivative by z is step(z) − y; the step itself has none.
        total = (((out >= 0).double() - y).detach() * out).sum()
        return total / len(y) if reduction == "mean" else total
    functions: dict[str, Callable[..., torch.Tensor]] = {
        "mean_squared_error": functional.mse_loss,
        "mean_absolute_error": functional.l1_loss,
        "huber": functional.huber_loss,
        "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
        "cross_entropy": functional.cross_entropy,
    }
    return functions[name](out, y, reduction=reduction)


def optimizer_of(experiment: Experiment, parameters: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
    """``torch.optim``'s own optimiser, its defaults except for what the experiment names."""
    spec = experiment.training.optimizer
    lr, options = spec.learning_rate, dict(spec.options)
    betas = (options.pop("beta1", 0.9), options.pop("beta2", 0.999))
    match spec.name:
        case "sgd":
            return torch.optim.SGD(parameters, lr=lr)
        case "momentum":
            return torch.optim.SGD(parameters, lr=lr, **{"momentum": 0.9, **options})
        case "nesterov":
            return torch.optim.SGD(parameters, lr=lr, nesterov=True, **{"momentum": 0.9, **options})
        case "adagrad":
            return torch.optim.Adagrad(parameters, lr=lr, **options)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, lr=lr, **options)
        case "adam":
            return torch.optim.Adam(parameters, lr=lr, betas=betas, **options)
        case "adamw":
            return torch.optim.AdamW(parameters, lr=lr, betas=betas, **options)
        case "nadam":
            return torch.optim.NAdam(parameters, lr=lr, betas=betas, **options)
    raise KeyError(spec.name)


def scheduler_of(spec: ScheduleSpec, optimizer: torch.optim.Optimizer) -> torch.optim.lr_scheduler.LRScheduler:
    """``torch.optim``'s own schedule; inverse time decay, which PyTorch lacks, as a function of t."""
    options, scheduler = dict(spec.options), torch.optim.lr_scheduler
    found: torch.optim.lr_scheduler.LRScheduler
    match spec.name:
        case "constant":
            found = scheduler.ConstantLR(optimizer, factor=1.0)
        case "step":
            found = scheduler.StepLR(optimizer, int(options.pop("step_size")), **options)
        case "exponential":
            found = scheduler.ExponentialLR(optimizer, **options)
        case "cosine":
            found = scheduler.CosineAnnealingLR(optimizer, int(options.pop("T_max")), **options)
        case "inverse_time":
            found = scheduler.LambdaLR(
                optimizer, lambda t: 1.0 / (1.0 + options["decay_rate"] * t / options["decay_steps"])
            )
        case name:
            raise KeyError(name)
    if spec.warmup is None:
        return found
    length = spec.warmup.total_iters
    warm_up = scheduler.LinearLR(optimizer, spec.warmup.start_factor, total_iters=length)
    return scheduler.SequentialLR(optimizer, [warm_up, found], milestones=[length])


class Reference:
    """PyTorch's network with an experiment's starting values, trained on the batches it is given."""

    def __init__(self, experiment: Experiment, weights: list[Array], biases: list[Array]) -> None:
        self.experiment = experiment
        self.linears: list[torch.nn.Linear] = []
        modules: list[torch.nn.Module] = []
        for layer, w, b in zip(experiment.layers, weights, biases, strict=True):
            linear = torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64)
            with torch.no_grad():
                linear.weight.copy_(torch.tensor(w))
                linear.bias.copy_(torch.tensor(b))
            linear.weight.requires_grad = layer.train_weights
            linear.bias.requires_grad = layer.train_bias
            self.linears.append(linear)
            modules += [linear, ACTIVATIONS[layer.activation]()]
        if experiment.training.loss in FROM_LOGITS:
            modules.pop()
        self.model = torch.nn.Sequential(*modules)
        self.x, self.y = torch.tensor(experiment.data.x), torch.tensor(experiment.data.y)
        learning = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = optimizer_of(experiment, learning)
        self.scheduler = scheduler_of(experiment.training.schedule, self.optimizer)
        batch = min(experiment.training.batch_size or len(self.x), len(self.x))
        self.batches, self.updates = -(-len(self.x) // batch), 0

    def update(self, rows: np.ndarray[tuple[int], np.dtype[np.intp]] | None) -> float:
        """One update on these rows (None: all); returns the loss that was differentiated."""
        training = self.experiment.training
        x, y = (self.x, self.y) if rows is None else (self.x[rows.tolist()], self.y[rows.tolist()])
        self.optimizer.zero_grad(set_to_none=True)
        loss = loss_of(training.loss, training.reduction, self.model(x), y)
        for linear in self.linears:
            loss = loss + training.l1 * linear.weight.abs().sum() + 0.5 * training.l2 * linear.weight.square().sum()
        loss.backward()
        self.optimizer.step()
        self.updates += 1
        if training.schedule.per == "update" or self.updates % self.batches == 0:
            self.scheduler.step()
        return float(loss.item())

    @property
    def learning_rate(self) -> float:
        """η of the next update."""
        return float(self.optimizer.param_groups[0]["lr"])

    @property
    def weights(self) -> list[Array]:
        """W of every layer, (units, inputs)."""
        return [linear.weight.detach().numpy().copy() for linear in self.linears]

    @property
    def biases(self) -> list[Array]:
        """b of every layer, (units,)."""
        return [linear.bias.detach().numpy().copy() for linear in self.linears]
