"""Learning-rate schedules: η as a function of the updates, or of the epochs, that are done.

Definitions and names of options are those of ``torch.optim.lr_scheduler``; PyTorch has no inverse time decay, which is
that of ``keras.optimizers.schedules.InverseTimeDecay``. η₀ is the learning rate of the optimiser, and k counts the
updates or epochs before the pass. A linear warm-up may come first; k of the schedule then counts from its end, as with
PyTorch's ``SequentialLR``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, inf, pi

from nn_tui.core.expression.equations import definition, fold, to_symbols
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.functions import cosine as cosine_of
from nn_tui.core.expression.functions import floor
from nn_tui.core.expression.nodes import Node, Num, Words, literal
from nn_tui.core.nn.symbols import HALF, PI, symbol
from nn_tui.core.spec import ScheduleSpec
from nn_tui.core.translation import Message, message

Options = Mapping[str, float]
Nums = Mapping[str, Num]


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule.

    Attributes:
        name: The name in presets and on the screen.
        rate: ``rate(base, k, options)`` is η after k updates or epochs, where ``base`` is η₀.
        rule: ``rule(n)`` is the same as an expression of the numbers η₀ and k and of the options, by their symbols.
        option_symbols: The symbols of the options in the rule.
        defaults: The default values of the options that have one.
        counts: The options that are whole numbers of updates or epochs, at least 1.
    """

    name: str
    rate: Callable[[float, int, Options], float]
    rule: Callable[[Nums], Node]
    option_symbols: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, float] = field(default_factory=dict)
    counts: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """The names of all options."""
        return tuple(self.option_symbols)

    @property
    def required(self) -> tuple[str, ...]:
        """The options without a default value."""
        return tuple(name for name in self.options if name not in self.defaults)

    @property
    def formula(self) -> Node:
        """The formula of η in symbols."""
        return to_symbols(self.rule(self.numbers(1.0, 1, dict.fromkeys(self.options, 1.0))))

    def numbers(self, base: float, k: int, options: Options) -> dict[str, Num]:
        """Return η₀, k and options by their symbols: the numbers of :attr:`rule`."""
        numbers = {"η₀": base, **{self.option_symbols[name]: value for name, value in options.items()}}
        given = {name: Num(value, symbol=symbol(name), is_given=True) for name, value in numbers.items()}
        return given | {"k": literal(k, symbol("k"))}


def power(base: float, exponent: float) -> float:
    """``base`` to the power of ``exponent``; infinity where that overflows."""
    try:
        result: float = base**exponent
    except OverflowError:
        return inf
    return result


def constant(base: float, k: int, o: Options) -> float:
    """η = η₀."""
    return base


def constant_rule(n: Nums) -> Node:
    """η₀."""
    return n["η₀"]


def step(base: float, k: int, o: Options) -> float:
    """η = η₀·γ^⌊k/s⌋ (torch.optim.lr_scheduler.StepLR)."""
    return base * power(o["gamma"], k // o["step_size"])


def step_rule(n: Nums) -> Node:
    """η₀·γ^⌊k/s⌋."""
    return n["η₀"] * n["γ"] ** fold(floor(n["k"] / n["s"]))


def exponential(base: float, k: int, o: Options) -> float:
    """η = η₀·γᵏ (torch.optim.lr_scheduler.ExponentialLR)."""
    return base * power(o["gamma"], k)


def exponential_rule(n: Nums) -> Node:
    """η₀·γᵏ."""
    return n["η₀"] * n["γ"] ** n["k"]


def inverse_time(base: float, k: int, o: Options) -> float:
    """η = η₀ / (1 + r·k/s) (keras.optimizers.schedules.InverseTimeDecay)."""
    return base / (1.0 + o["decay_rate"] * k / o["decay_steps"])


def inverse_time_rule(n: Nums) -> Node:
    """η₀ / (1 + r·k/s)."""
    return n["η₀"] / (1 + n["r"] * n["k"] / n["s"])


def cosine(base: float, k: int, o: Options) -> float:
    """η = ηₘ + ½·(η₀ − ηₘ)·(1 + cos(π·k/T)) (torch.optim.lr_scheduler.CosineAnnealingLR).

    ηₘ is eta_min and T is T_max. After T the rate rises again, as in PyTorch.
    """
    return o["eta_min"] + 0.5 * (base - o["eta_min"]) * (1.0 + cos(pi * k / o["T_max"]))


def cosine_rule(n: Nums) -> Node:
    """ηₘ + ½·(η₀ − ηₘ)·(1 + cos(π·k/T))."""
    return n["ηₘ"] + literal(0.5, HALF) * (n["η₀"] - n["ηₘ"]) * (1 + cosine_of(PI * n["k"] / n["T"]))


def warm_up(base: float, k: int, o: Options) -> float:
    """η = η₀·(f + (1 − f)·k/n) (torch.optim.lr_scheduler.LinearLR with end_factor 1)."""
    return base * (o["start_factor"] + (1.0 - o["start_factor"]) * k / o["total_iters"])


def warm_up_rule(n: Nums) -> Node:
    """η₀·(f + (1 − f)·k/n)."""
    return n["η₀"] * (n["f"] + (1 - n["f"]) * n["k"] / n["n"])


_ALL = (
    Schedule("constant", constant, constant_rule),
    Schedule("step", step, step_rule, {"step_size": "s", "gamma": "γ"}, {"gamma": 0.1}, ("step_size",)),
    Schedule("exponential", exponential, exponential_rule, {"gamma": "γ"}),
    Schedule(
        "inverse_time",
        inverse_time,
        inverse_time_rule,
        {"decay_steps": "s", "decay_rate": "r"},
        counts=("decay_steps",),
    ),
    Schedule("cosine", cosine, cosine_rule, {"T_max": "T", "eta_min": "ηₘ"}, {"eta_min": 0.0}, ("T_max",)),
)
SCHEDULES: dict[str, Schedule] = {schedule.name: schedule for schedule in _ALL}
DEFAULT_START_FACTOR = 1.0 / 3.0  # of LinearLR
_WARM_UP = Schedule(
    "warm-up",
    warm_up,
    warm_up_rule,
    {"start_factor": "f", "total_iters": "n"},
    {"start_factor": DEFAULT_START_FACTOR},
    ("total_iters",),
)


def learning_rate(base: float, spec: ScheduleSpec, k: int) -> float:
    """η after ``k`` updates or epochs.

    Args:
        base: η₀, the learning rate of the optimiser.
        spec: The schedule and its options.
        k: The number of updates or epochs that are done.
    """
    schedule, done, options = _schedule_after(spec, k)
    return schedule.rate(base, done, options)


def learning_rate_line(base: float, spec: ScheduleSpec, k: int) -> Line:
    """Return the line that explains η after ``k`` updates or epochs, as in :func:`learning_rate`."""
    schedule, done, options = _schedule_after(spec, k)
    eta = Num(schedule.rate(base, done, options), symbol=symbol("η"))
    rule = schedule.rule(schedule.numbers(base, done, options))
    return Line("rate", definition(eta, rule), Words(_rate_label(schedule, spec.per, k)))


def _schedule_after(spec: ScheduleSpec, k: int) -> tuple[Schedule, int, Options]:
    """Return what gives η after ``k`` updates or epochs.

    Returns:
        The warm-up or the schedule after it, how many of its own updates or epochs are done, and its options.
    """
    warmup = spec.warmup
    if warmup is not None and k < warmup.total_iters:
        return _WARM_UP, k, {"start_factor": warmup.start_factor, "total_iters": warmup.total_iters}
    schedule = SCHEDULES[spec.name]
    done = k if warmup is None else k - warmup.total_iters
    return schedule, done, {**schedule.defaults, **dict(spec.options)}


def _rate_label(schedule: Schedule, per: str, k: int) -> Message:
    """Return the words before the computation of η."""
    if schedule is _WARM_UP:
        if per == "update":
            return message("update {update}, warm-up:", update=k + 1)
        return message("epoch {epoch}, warm-up:", epoch=k + 1)
    if per == "update":
        return message("update {update}, {schedule} schedule:", update=k + 1, schedule=schedule.name)
    return message("epoch {epoch}, {schedule} schedule:", epoch=k + 1, schedule=schedule.name)
