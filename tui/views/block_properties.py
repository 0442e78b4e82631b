"""The properties of the matrix blocks of a layer: labels, titles, notes and values."""

from __future__ import annotations

from rich.cells import cell_len

from nn_tui.core.data.labels import input_labels, unit_labels
from nn_tui.core.display.number_text import number_width
from nn_tui.core.engine.quantities import extent, extent_of, is_frozen, quantity
from nn_tui.core.refs import STATE_LETTERS, Quantity, QuantityLike, to_key
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import number_gap
from nn_tui.tui.session.session import Session

_MIN_COMPACT_DIGITS = 4


def cell_width(session: Session) -> int | None:
    """Return the cells of a number if one less than usual is enough; None for the usual width.

    One less is enough while all weights of the layer and the biases, z and a of the sample are below 10.
    """
    digits, trace, layer = session.digits, session.trace, shown_layer(session)
    if digits is None or digits < _MIN_COMPACT_DIGITS:
        return None
    sample = session.ref.sample
    vectors = trace.before.biases[layer], trace.z[layer][sample], trace.a[layer][sample]
    extents = (extent(session.engine, trace, "w", layer), *map(extent_of, vectors))
    # 9.9 leaves room for rounding up.
    return digits + 3 if all(is_finite and largest < 9.9 for largest, is_finite in extents) else None


def number_pitch(session: Session, glyphs: Glyphs) -> int:
    """Return the cells from the start of a number to the start of the next."""
    return (cell_width(session) or number_width(session.digits)) + number_gap(glyphs)


def shown_layer(session: Session) -> int:
    """Return the layer whose matrices are shown, from 0: that of the selected number."""
    if session.ref.quantity in ("y", "term", "loss"):
        return len(session.engine.sizes) - 2
    return session.ref.layer


def unit_names(session: Session, layer: int) -> str | tuple[str, ...]:
    """Return the names of a layer's units: those of the outputs for the last layer, else h₁ h₂ …

    A perceptron's prediction is step(z) and not the output of the unit, so its unit does not bear the name ŷ.
    """
    if layer == len(session.engine.sizes) - 2:
        names = unit_labels(session.experiment.data)
        if session.engine.loss.is_mistake_driven:
            names = tuple(tr("unit {number}", number=number) for number in range(1, len(names) + 1))
        if len(names) == session.engine.sizes[-1]:
            return names
    return "h"


def input_names(session: Session, layer: int) -> str | tuple[str, ...]:
    """Return the names of a layer's inputs: those of the data for the first layer, else h₁ h₂ …"""
    if layer == 0:
        names = input_labels(session.experiment.data)
        if len(names) == session.engine.sizes[0]:
            return names
    return "h" if layer else "x"


def block_title(key: QuantityLike, layer: int, glyphs: Glyphs, room: int = 80) -> str:
    """Return the title of a block: ``W₁``, ``dW₁``, ``ΔW₁``.

    Args:
        key: The quantity.
        layer: The layer, from 0.
        glyphs: The characters of the screen.
        room: The cells of the title. State of the optimiser has its letter where its name does not fit.
    """
    sub = glyphs.sub(layer + 1)
    key = to_key(key)
    prime = glyphs.prime if key.after else ""
    if key.is_optimizer_state:
        parameters = f"{'W' if key.is_weight else 'b'}{sub}"
        long, short = (
            tr("{state} of {parameters}", state=f"{name}{prime}", parameters=parameters)
            for name in (key.slot, STATE_LETTERS[key.slot])
        )
        return long if cell_len(f" {long} {_old_note()}") - len(prime) <= room else short
    titles: dict[Quantity, str] = {
        "x": "x", "y": tr("target y"), "dx": "dx",
        "w": f"W{sub}{prime}", "b": f"b{sub}{prime}", "z": f"z{sub}", "a": f"a{sub}", "term": tr("loss"),
        "dw": f"dW{sub}", "db": f"db{sub}", "da": f"da{sub}",
        "slope": f"{tr('slope')}{sub}" if glyphs.is_ascii else f"∂a/∂z{sub}",
        "dz": f"{glyphs.delta}{sub}",
        "step_w": f"{glyphs.step}W{sub}", "step_b": f"{glyphs.step}b{sub}",
    }  # fmt: skip
    return titles[key.quantity]


def target_width(glyphs: Glyphs) -> int:
    """Return the cells of the block of the targets that its title needs."""
    return cell_len(f" {block_title('y', 0, glyphs)} ")


def _old_note() -> str:
    """Return the note of an optimiser's state before the update, once the state after it is shown too."""
    return tr("old")


def block_note(session: Session, key: QuantityLike, layer: int) -> str:
    """Return the note of a block, "" for none: frozen parameters, and the old state of an optimiser."""
    key = to_key(key)
    if key.is_optimizer_state and not key.after:
        return _old_note() if session.cursor >= session.pass_steps.end else ""
    is_parameter = key.quantity in ("w", "b") and not key.after
    # A frozen parameter has a gradient all the same.
    if not (key.is_optimizer_state or key.is_step or is_parameter):
        return ""
    return tr("frozen") if is_frozen(session.engine, key, layer) else ""


def quantity_values(session: Session, key: QuantityLike, layer: int) -> Array:
    """Return a quantity of the pass on screen: (units, inputs), (units,) or (batch, units)."""
    return quantity(session.engine, session.trace, key, layer)
