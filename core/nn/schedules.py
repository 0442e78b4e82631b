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
from nn_tui.core.expression.nodes import Apply, Node, Num, Symbol, Words, literal
from nn_tui.core.spec import ScheduleSpec
from nn_tui.core.translation import Message, message

Options = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule.

    Attributes:
        name: The name in presets and on the screen.
        rate: ``rate(base, k, options)`` is η after k updates or epochs, where ``base`` is η₀.
        rule: ``rule(base, k, options)`` is the same as an expression of numbers with their symbols.
        required: The options without a default value.
        defaults: The other options by name, with their default values.
        counts: The options that are whole numbers of updates or epochs, at least 1.
    """

    name: str
    rate: Callable[[float, int, Options], float]
    rule: Callable[[Num, int, Options], Node]
    required: tuple[str, ...] = ()
    defaults: dict[str, float] = field(default_factory=dict)
    counts: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """The names of all options."""
        return (*self.required, *self.defaults)

    @property
    def formula(self) -> Node:
        """The formula of η in symbols."""
        return to_symbols(self.rule(_base(1.0), 1, dict.fromkeys(self.options, 1.0)))


def _base(value: float) -> Num:
    return Num(value, symbol=Symbol("η₀"), is_given=True)


def _option(value: float, symbol: str) -> Num:
    return Num(value, symbol=Symbol(symbol), is_given=True)


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


def constant_rule(base: Num, k: int, o: Options) -> Node:
    """η₀."""
    return base


def step(base: float, k: int, o: Options) -> float:
    """η = η₀·γ^⌊k/s⌋ (torch.optim.lr_scheduler.StepLR)."""
    return base * power(o["gamma"], k // o["step_size"])


def step_rule(base: Num, k: int, o: Options) -> Node:
    """η₀·γ^⌊k/s⌋."""
    steps = Apply("floor", (literal(k, "k") / _option(o["step_size"], "s"),))
    return base * _option(o["gamma"], "γ") ** fold(steps)


def exponential(base: float, k: int, o: Options) -> float:
    """η = η₀·γᵏ (torch.optim.lr_scheduler.ExponentialLR)."""
    return base * power(o["gamma"], k)


def exponential_rule(base: Num, k: int, o: Options) -> Node:
    """η₀·γᵏ."""
    return base * _option(o["gamma"], "γ") ** literal(k, "k")


def inverse_time(base: float, k: int, o: Options) -> float:
    """η = η₀ / (1 + r·k/s) (keras.optimizers.schedules.InverseTimeDecay)."""
    return base / (1.0 + o["decay_rate"] * k / o["decay_steps"])


def inverse_time_rule(base: Num, k: int, o: Options) -> Node:
    """η₀ / (1 + r·k/s)."""
    return base / (1 + _option(o["decay_rate"], "r") * literal(k, "k") / _option(o["decay_steps"], "s"))


def cosine(base: float, k: int, o: Options) -> float:
    """η = ηₘ + ½·(η₀ − ηₘ)·(1 + cos(π·k/T)) (torch.optim.lr_scheduler.CosineAnnealingLR).

    ηₘ is eta_min and T is T_max. After T the rate rises again, as in PyTorch.
    """
    return o["eta_min"] + 0.5 * (base - o["eta_min"]) * (1.0 + cos(pi * k / o["T_max"]))


def cosine_rule(base: Num, k: int, o: Options) -> Node:
    """ηₘ + ½·(η₀ − ηₘ)·(1 + cos(π·k/T))."""
    low, half, turn = _option(o["eta_min"], "ηₘ"), literal(0.5, "½"), Symbol("π", pi)
    return low + half * (base - low) * (1 + Apply("cos", (turn * literal(k, "k") / _option(o["T_max"], "T"),)))


SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        Schedule("constant", constant, constant_rule),
        Schedule("step", step, step_rule, ("step_size",), {"gamma": 0.1}, ("step_size",)),
        Schedule("exponential", exponential, exponential_rule, ("gamma",)),
        Schedule(
            "inverse_time",
            inverse_time,
            inverse_time_rule,
            ("decay_steps", "decay_rate"),
            counts=("decay_steps",),
        ),
        Schedule(
            "cosine",
            cosine,
            cosine_rule,
            ("T_max",),
            {"eta_min": 0.0},
            ("T_max",),
        ),
    )
}
DEFAULT_START_FACTOR = 1.0 / 3.0  # of LinearLR


def learning_rate(base: float, spec: ScheduleSpec, k: int) -> float:
    """η after ``k`` updates or epochs.

    Args:
        base: η₀, the learning rate of the optimiser.
        spec: The schedule and its options.
        k: The number of updates or epochs that are done.
    """
    warm_up = spec.warmup
    if warm_up is not None:
        if k < warm_up.total_iters:
            return base * (warm_up.start_factor + (1.0 - warm_up.start_factor) * k / warm_up.total_iters)
        k -= warm_up.total_iters
    schedule = SCHEDULES[spec.name]
    return schedule.rate(base, k, {**schedule.defaults, **dict(spec.options)})


def warm_up_rule(base: Num, k: int, start_factor: float, total: int) -> Node:
    """η₀·(f + (1 − f)·k/n) (torch.optim.lr_scheduler.LinearLR with end_factor 1)."""
    factor = _option(start_factor, "f")
    return base * (factor + (1 - factor) * literal(k, "k") / literal(total, "n"))


def learning_rate_line(base: float, spec: ScheduleSpec, k: int) -> Line:
    """Return the line that explains η after ``k`` updates or epochs, as in :func:`learning_rate`."""
    warm_up, eta = spec.warmup, Num(learning_rate(base, spec, k), symbol=Symbol("η"))
    if warm_up is not None and k < warm_up.total_iters:
        rule = warm_up_rule(_base(base), k, warm_up.start_factor, warm_up.total_iters)
    else:
        schedule, after = SCHEDULES[spec.name], k - (warm_up.total_iters if warm_up else 0)
        rule = schedule.rule(_base(base), after, {**schedule.defaults, **dict(spec.options)})
    return Line("rate", definition(eta, rule), Words(_rate_label(spec, k)))


def _rate_label(spec: ScheduleSpec, k: int) -> Message:
    """Return the words before the computation of η."""
    is_by_update = spec.per == "update"
    if spec.warmup is not None and k < spec.warmup.total_iters:
        if is_by_update:
            return message("update {update}, warm-up:", update=k + 1)
        return message("epoch {epoch}, warm-up:", epoch=k + 1)
    if is_by_update:
        return message("update {update}, {schedule} schedule:", update=k + 1, schedule=spec.name)
    return message("epoch {epoch}, {schedule} schedule:", epoch=k + 1, schedule=spec.name)
