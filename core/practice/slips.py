"""The ways to make each mistake, as data: what is done differently in a pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.refs import BY_WEIGHT, Quantity, Ref

Kind = Literal[
    "sign", "slope_left_out", "slope_of_wrong_argument", "mean_left_out", "mean_twice", "half_or_two", "bias_left_out",
    "activation_left_out", "updated_weights", "transposed_weights", "learning_rate_left_out",
    "added_instead_of_subtracted", "one_sample_only", "accumulated", "wrong_unit", "bias_correction_left_out",
]  # fmt: skip
MAX_SAMPLES = 12  # of a larger batch, only the selected, the first and the last sample are tried alone
MAX_PARAMETERS = 2000  # of a larger network, no factor is taken from a neighbour
MAX_SHIFT = 6  # neighbours further away are not tried


@dataclass(frozen=True, slots=True)
class Slip:
    """One way to compute a pass with a mistake. The defaults are right.

    Attributes:
        error: The factor of ŷ − y; −1 for y − ŷ.
        reduction: A factor of the loss and of its derivative, beside that of the mean.
        gradient: A factor of dW and db.
        penalty: A factor of the penalty on the squares of the weights, and of its derivative.
        slope: What is used as the slope; "one" leaves it out, "of z" has z in place of a, and "of a" a in place of z.
        by_chain: Whether δ of a fused output is ∂L/∂a times the slope instead of ŷ − y.
        has_bias: Whether z includes the bias.
        output: The quantity that is used for a: a itself or z.
        input: What a layer, or its dW, takes from the layer before: a or z.
        backward: The weights that ∂L/∂a and ∂L/∂x use: those before the update, those after it as the pass gives them,
            or the right ones after it.
        transposed_forward: Whether z uses the transposed weights.
        transposed_backward: Whether ∂L/∂a and ∂L/∂x use the transposed weights.
        transposed_gradient: Whether dW is transposed.
        has_rate: Whether a step includes η.
        direction: The factor of the step that is added to the parameters.
        sample: The only sample that gradients and the loss take; None for all.
        sample_factor: A factor of that sample's part.
        adds_previous: Whether the gradients of the pass before are added.
        corrects_m: Whether m is corrected for its start at 0.
        corrects_v: Whether v is corrected for it.
        shifted: The quantity that is read from a neighbour, the axis and the distance; None for no quantity. A bias is
            shifted along axis −1.
    """

    error: float = 1.0
    reduction: float = 1.0
    gradient: float = 1.0
    penalty: float = 1.0
    slope: Literal["right", "one", "of z", "of a"] = "right"
    by_chain: bool = False
    has_bias: bool = True
    output: Literal["a", "z"] = "a"
    input: Literal["a", "z"] = "a"
    backward: Literal["before", "after", "right after"] = "before"
    transposed_forward: bool = False
    transposed_backward: bool = False
    transposed_gradient: bool = False
    has_rate: bool = True
    direction: float = 1.0
    sample: int | None = None
    sample_factor: float = 1.0
    adds_previous: bool = False
    corrects_m: bool = True
    corrects_v: bool = True
    shifted: tuple[Quantity, int, int] | None = None

    @property
    def is_by_layer(self) -> bool:
        """Whether it can be made in some layers and not in others."""
        is_forward = not self.has_bias or self.output != "a" or self.input != "a" or self.transposed_forward
        return is_forward or self.slope != "right" or self.backward != "before" or self.transposed_backward


NO_SLIP = Slip()


def slips_of(engine: Engine, trace: Trace, ref: Ref) -> Iterator[tuple[Kind, Slip]]:
    """Yield the ways to make each mistake that may change the number at ``ref``, the most usual first."""
    outputs, count = engine.sizes[-1], trace.n
    for by_chain in (False, True) if engine.loss.chain_gradient else (False,):
        yield "sign", Slip(error=-1.0, by_chain=by_chain)
        yield "slope_left_out", Slip(slope="one", by_chain=by_chain)
        yield "slope_of_wrong_argument", Slip(slope="of z", by_chain=by_chain)
        yield "slope_of_wrong_argument", Slip(slope="of a", by_chain=by_chain)
    if trace.scale != 1.0:
        for factor in {1.0 / trace.scale, float(count), float(outputs) if engine.loss.per_output else 1.0}:
            yield "mean_left_out", Slip(reduction=factor)
            yield "mean_twice", Slip(reduction=1.0 / factor)
            yield "mean_twice", Slip(gradient=1.0 / factor)
    for factor in (2.0, 0.5):
        yield "half_or_two", Slip(reduction=factor)
        if engine.network.l2:
            yield "half_or_two", Slip(penalty=factor)
    yield "bias_left_out", Slip(has_bias=False)
    for slope in ("right", "one", "of z"):
        yield "activation_left_out", Slip(output="z", slope=slope)
    yield "activation_left_out", Slip(input="z")
    yield "updated_weights", Slip(backward="after")
    yield "updated_weights", Slip(backward="right after")
    yield "transposed_weights", Slip(transposed_backward=True)
    yield "transposed_weights", Slip(transposed_forward=True)
    yield "transposed_weights", Slip(transposed_forward=True, transposed_backward=True)
    yield "transposed_weights", Slip(transposed_gradient=True)
    yield "learning_rate_left_out", Slip(has_rate=False)
    yield "added_instead_of_subtracted", Slip(direction=-1.0)
    if "beta2" in engine.optimizer.options:  # the Adam family
        for corrects_m, corrects_v in ((False, False), (False, True), (True, False)):
            yield "bias_correction_left_out", Slip(corrects_m=corrects_m, corrects_v=corrects_v)
    if count > 1:
        samples = range(count) if count <= MAX_SAMPLES else sorted({ref.sample, 0, count - 1})
        for sample in samples:
            for factor in sorted({1.0, 1.0 / trace.scale, float(count)}):
                yield "one_sample_only", Slip(sample=sample, sample_factor=factor)
    yield "accumulated", Slip(adds_previous=True)
    yield from (("wrong_unit", slip) for slip in _shifts(engine, ref))


def _shifts(engine: Engine, ref: Ref) -> Iterator[Slip]:
    """Yield the ways to read one factor of the number at ``ref`` from a neighbouring unit, input or sample."""
    if engine.parameters > MAX_PARAMETERS:
        return
    parameter, gradient, _, state = ref.parameter
    factors = (parameter, gradient, state) if ref.key.is_from_update else _FACTORS.get(ref.quantity, ())
    reach = min(max(engine.sizes) - 1, MAX_SHIFT)
    for distance in (offset for step in range(1, reach + 1) for offset in (-step, step)):
        for name in factors:
            yield Slip(shifted=(name, -1, distance))
            if name in BY_WEIGHT:
                yield Slip(shifted=(name, -2, distance))


_FACTORS: Mapping[Quantity, tuple[Quantity, ...]] = {
    "z": ("w", "b", "x", "a"),
    "a": ("z",),
    "slope": ("z", "a"),
    "term": ("a", "z", "y"),
    "loss": ("a", "z", "y"),
    "da": ("a", "z", "y", "dz", "w"),
    "dz": ("da", "slope", "a", "z", "y"),
    "dw": ("dz", "da", "slope", "x", "a"),
    "db": ("dz",),
    "dx": ("dz", "w"),
}
"""The quantities from which each is computed."""
