"""What the blocks of a layer are made of: names, titles, scales, and the numbers themselves."""

from __future__ import annotations

from nn_tui.core.engine.quantities import extent, extent_of, quantity
from nn_tui.core.refs import STATE_LETTERS, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import Scale
from nn_tui.tui.session.session import Session

OLD = "old"  # what is said of what an optimiser kept, once it keeps something new


def cell_width(session: Session) -> int | None:
    """The cells of a number: one less than usual while everything shown is below 10."""
    digits, trace, layer = session.digits, session.trace, layer_of(session)
    if digits is None:
        return None
    sample = session.ref.sample
    shown = trace.before.biases[layer], trace.z[layer][sample], trace.a[layer][sample]
    extents = (extent(session.engine, trace, "w", layer), *map(extent_of, shown))
    small = all(finite and largest < 9.9 for largest, finite in extents)
    return digits + 3 if small and digits >= 4 else None


def layer_of(session: Session) -> int:
    """The layer whose matrices are shown: the selection's."""
    if session.ref.key in ("y", "term", "loss"):
        return len(session.engine.sizes) - 2
    return session.ref.layer


def row_names(session: Session, layer: int) -> str | tuple[str, ...]:
    """How the units of a layer are called: output names in the last, h₁ h₂ … before."""
    if layer == len(session.engine.sizes) - 2:
        names = session.experiment.data.output_names
        if len(names) == session.engine.sizes[-1]:
            return names
    return "h"


def column_names(session: Session, layer: int) -> str | tuple[str, ...]:
    """How the inputs of a layer are called."""
    if layer == 0:
        names = session.experiment.data.input_names
        if len(names) == session.engine.sizes[0]:
            return names
    return "h" if layer else "x"


def title_of(key: str, layer: int, glyphs: Glyphs, room: int = 80) -> str:
    """A block's title: ``W₁``, ``dW₁``, ``ΔW₁``; what is given and the loss belong to no layer.

    What the optimiser keeps goes by its letter where its name, with a word behind it, has no ``room``.
    """
    g, sub = glyphs, glyphs.sub(layer + 1)
    if key in ("x", "y", "dx"):
        return "target y" if key == "y" else key
    ref = Ref(key)
    if ref.is_optimizer_state:
        after = ref.part.endswith("_after")
        owner = f" of {'W' if ref.is_weight else 'b'}{sub}"
        name = ref.slot if len(f" {ref.slot}{owner} {OLD}") <= room else STATE_LETTERS[ref.slot]
        return f"{name}{g.prime if after else ''}{owner}"
    titles = {
        "w": f"W{sub}", "b": f"b{sub}", "z": f"z{sub}", "a": f"a{sub}", "term": "loss",
        "dw": f"dW{sub}", "db": f"db{sub}", "da": f"da{sub}",
        "slope": "slope" if g.is_ascii else f"{g.sigma}{g.prime}(z)", "dz": f"{g.delta}{sub}",
        "step_w": f"{g.step}W{sub}",
        "step_b": f"{g.step}b{sub}", "w_after": f"W{sub}{g.prime}", "b_after": f"b{sub}{g.prime}",
    }  # fmt: skip
    return titles[key]


def note_of(session: Session, key: str, layer: int) -> str:
    """A word for the parameters that no update changes, and for their step; their gradient is computed all the same.

    Below the new parameters what the optimiser kept is the old, from which its step was made.
    """
    ref = Ref(key)
    after = ref.part.endswith("_after")
    if ref.is_optimizer_state and not after:
        return OLD if session.cursor >= session.pass_steps.end else ""
    spec = session.experiment.layers[layer]
    frozen = (key in ("w", "step_w") and not spec.train_weights) or (key in ("b", "step_b") and not spec.train_bias)
    if ref.is_optimizer_state:
        frozen = not (spec.train_weights if ref.is_weight else spec.train_bias)
    return "frozen" if frozen else ""


def scale_of(session: Session, key: str, layer: int) -> Scale:
    """Activations that are never below 0 have a scale of their own."""
    bounded = key == "a" and session.engine.activations[layer].low == 0.0
    return "sequential" if bounded or key in ("slope", "term") else "diverging"


def quantity_of(session: Session, key: str, layer: int) -> Array:
    """A quantity of the pass on screen: (units, inputs), (units,) or (batch, units)."""
    return quantity(session.engine, session.trace, key, layer)


def limit(values: Array) -> float:
    """The magnitude that takes full colour: the largest finite one."""
    return extent_of(values)[0]


def limit_of(session: Session, key: str, layer: int) -> float:
    """The same of a quantity of the pass on screen, in all of its numbers."""
    return extent(session.engine, session.trace, key, layer)[0]
