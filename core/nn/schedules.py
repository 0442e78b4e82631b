"""Learning-rate schedules: η as a function of the updates, or of the epochs, that are done.

Definitions and names of options are those of ``torch.optim.lr_scheduler``; PyTorch has no inverse time decay, which is
that of ``keras.optimizers.schedules.InverseTimeDecay``. η₀ is the learning rate of the optimiser, and t counts the
updates or epochs before the pass. A linear warm-up may come first; t of the schedule then counts from its end, as with
PyTorch's ``SequentialLR``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, inf, pi

from nn_tui.core.expression import Line, Num
from nn_tui.core.spec import ScheduleSpec
from nn_tui.core.text import superscript

Options = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule.

    Attributes:
        name: The name in presets and on the screen.
        rate: ``rate(base, t, options)`` is η after t updates or epochs, where ``base`` is η₀.
        formula: The formula of η.
        numbers: ``numbers(base, t, options)`` is the right side of the formula with numbers.
        required: The options without a default value.
        defaults: The other options by name, with their default values.
        counts: The options that are whole numbers of updates or epochs, at least 1.
    """

    name: str
    rate: Callable[[float, int, Options], float]
    formula: str
    numbers: Callable[[float, int, Options], Line]
    required: tuple[str, ...] = ()
    defaults: dict[str, float] = field(default_factory=dict)
    counts: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """The names of all options."""
        return (*self.required, *self.defaults)


def power(base: float, exponent: float) -> float:
    """``base`` to the power of ``exponent``; infinity where that overflows."""
    try:
        result: float = base**exponent
    except OverflowError:
        return inf
    return result


def constant(base: float, t: int, o: Options) -> float:
    """η = η₀."""
    return base


def constant_numbers(base: float, t: int, o: Options) -> Line:
    """η₀."""
    return (Num(base),)


def step(base: float, t: int, o: Options) -> float:
    """η = η₀·γ^⌊t/s⌋ (torch.optim.lr_scheduler.StepLR)."""
    return base * power(o["gamma"], t // o["step_size"])


def step_numbers(base: float, t: int, o: Options) -> Line:
    """η₀ × γ³."""
    return (Num(base), " × ", Num(o["gamma"]), superscript(int(t // o["step_size"])))


def exponential(base: float, t: int, o: Options) -> float:
    """η = η₀·γᵗ (torch.optim.lr_scheduler.ExponentialLR)."""
    return base * power(o["gamma"], t)


def exponential_numbers(base: float, t: int, o: Options) -> Line:
    """η₀ × γ³⁷."""
    return (Num(base), " × ", Num(o["gamma"]), superscript(t))


def inverse_time(base: float, t: int, o: Options) -> float:
    """η = η₀ / (1 + r·t/s) (keras.optimizers.schedules.InverseTimeDecay)."""
    return base / (1.0 + o["decay_rate"] * t / o["decay_steps"])


def inverse_time_numbers(base: float, t: int, o: Options) -> Line:
    """η₀ / (1 + r × t / s)."""
    return (Num(base), " / (1 + ", Num(o["decay_rate"]), f" × {t} / ", Num(o["decay_steps"]), ")")


def cosine(base: float, t: int, o: Options) -> float:
    """η = ηₘ + ½·(η₀ − ηₘ)·(1 + cos(π·t/T)) (torch.optim.lr_scheduler.CosineAnnealingLR).

    ηₘ is eta_min and T is T_max. After T the rate rises again, as in PyTorch.
    """
    return o["eta_min"] + 0.5 * (base - o["eta_min"]) * (1.0 + cos(pi * t / o["T_max"]))


def cosine_numbers(base: float, t: int, o: Options) -> Line:
    """ηₘ + 0.5 × (η₀ − ηₘ) × (1 + cos(π × t / T))."""
    low = Num(o["eta_min"])
    return (low, " + 0.5 × (", Num(base), " − ", low, f") × (1 + cos(π × {t} / ", Num(o["T_max"]), "))")


SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        Schedule("constant", constant, "η₀", constant_numbers),
        Schedule("step", step, "η₀·γ^⌊t/s⌋", step_numbers, ("step_size",), {"gamma": 0.1}, ("step_size",)),
        Schedule("exponential", exponential, "η₀·γᵗ", exponential_numbers, ("gamma",)),
        Schedule(
            "inverse_time",
            inverse_time,
            "η₀ / (1 + r·t/s)",
            inverse_time_numbers,
            ("decay_steps", "decay_rate"),
            counts=("decay_steps",),
        ),
        Schedule(
            "cosine",
            cosine,
            "ηₘ + ½·(η₀ − ηₘ)·(1 + cos(π·t/T))",
            cosine_numbers,
            ("T_max",),
            {"eta_min": 0.0},
            ("T_max",),
        ),
    )
}
WARM_UP = "η₀·(f + (1 − f)·t/n)"  # torch.optim.lr_scheduler.LinearLR with end_factor 1
DEFAULT_START_FACTOR = 1.0 / 3.0  # of LinearLR


def learning_rate(base: float, spec: ScheduleSpec, t: int) -> float:
    """η after ``t`` updates or epochs.

    Args:
        base: η₀, the learning rate of the optimiser.
        spec: The schedule and its options.
        t: The number of updates or epochs that are done.
    """
    warm_up = spec.warmup
    if warm_up is not None:
        if t < warm_up.total_iters:
            return base * (warm_up.start_factor + (1.0 - warm_up.start_factor) * t / warm_up.total_iters)
        t -= warm_up.total_iters
    schedule = SCHEDULES[spec.name]
    return schedule.rate(base, t, {**schedule.defaults, **dict(spec.options)})


def learning_rate_line(base: float, spec: ScheduleSpec, t: int) -> Line:
    """The line that explains η after ``t`` updates or epochs, without its last part, `` = η``."""
    warm_up, unit = spec.warmup, "update" if spec.per == "update" else "epoch"
    if warm_up is not None and t < warm_up.total_iters:
        factor = Num(warm_up.start_factor)
        numbers: Line = (Num(base), " × (", factor, " + (1 − ", factor, f") × {t} / {warm_up.total_iters})")
        return (f"{unit} {t + 1}, warm-up: η = {WARM_UP} = ", *numbers)
    schedule, after = SCHEDULES[spec.name], t - (warm_up.total_iters if warm_up else 0)
    numbers = schedule.numbers(base, after, {**schedule.defaults, **dict(spec.options)})
    return (f"{unit} {t + 1}, {schedule.name} schedule: η = {schedule.formula} = ", *numbers)
