"""The data path: the values that belong to the selected number in forward pass, backward pass and update."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.engine.steps import Phase
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.parts import input_ref
from nn_tui.core.refs import STATE_LETTERS, Quantity, QuantityKey, Ref
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.scales import number_style
from nn_tui.tui.session.session import Session

PathColumn = tuple[Phase, list[Ref]]
_GAP = 2  # cells between two columns
_HEADINGS: dict[Phase, Message] = {
    "forward": message("forward"),
    "loss": message("loss"),
    "backward": message("backward"),
    "update": message("update"),
}
_UNIT_QUANTITIES: tuple[Quantity, ...] = ("z", "a", "da", "dz")


def draw_data_path(session: Session, palette: Palette, width: int) -> list[Strip]:
    """Draw a column for each phase with the numbers of the selection's unit in the order in which they are computed.

    A dot replaces a number that this pass has not computed yet.

    Returns:
        An empty line and the lines of the columns; no lines if the columns do not fit ``width``.
    """
    columns = _columns(session)
    ascii_only = palette.glyphs.is_ascii
    entries = [[_entry(session, ref, palette.glyphs) for ref in refs] for _, refs in columns]
    symbol_widths = [max(cell_len(to_display(symbol, ascii_only)) for symbol, _, _ in rows) for rows in entries]
    # Reserve room for numbers that are not computed yet.
    min_width = 0 if session.digits is None else session.digits + 3
    value_widths = [max(min_width, *(cell_len(value) for _, value, _ in rows)) for rows in entries]
    column_width = width // max(1, len(columns))
    used = [symbol + 1 + value + _GAP for symbol, value in zip(symbol_widths, value_widths, strict=True)]
    if not columns or max(used) > column_width:
        return []
    text, dim = palette.style("text"), palette.style("dim")
    headings = [
        Segment(fit(to_display(str(_HEADINGS[phase]), ascii_only), column_width), palette.style(phase))
        for phase, _ in columns
    ]
    lines = [make_strip([], width, text), make_strip(headings, width, text)]
    for row in range(max(len(rows) for rows in entries)):
        segments: list[Segment] = []
        for (_, refs), rows, symbol_width, value_width in zip(
            columns, entries, symbol_widths, value_widths, strict=True
        ):
            if row >= len(rows):
                segments.append(Segment(" " * column_width, text))
                continue
            symbol, value, source = rows[row]
            is_selected = refs[row].key == session.ref.key and refs[row].layer == session.ref.layer
            rest = column_width - symbol_width - 1 - value_width
            note = to_display(f"  {source}", ascii_only)
            segments += [
                Segment(
                    fit(to_display(symbol, ascii_only), symbol_width + 1),
                    palette.style("title" if is_selected else "text"),
                ),
                Segment(" " * (value_width - cell_len(value)), text),
                Segment(value, _value_style(session, palette, refs[row], is_selected)),
                Segment(fit(note if cell_len(note) + _GAP <= rest else "", rest), dim),
            ]
        lines.append(make_strip(segments, width, text))
    return lines


def _value_style(session: Session, palette: Palette, ref: Ref, is_selected: bool) -> Style:
    """Return the colour of a number, bold if it is the selected one; that of a blank if it is not known."""
    if not session.is_known(ref):
        return palette.style("blank")
    style = number_style(session, palette, ref, value_of(session.engine, session.trace, ref))
    return style + Style(bold=True) if is_selected else style


def _entry(session: Session, ref: Ref, glyphs: Glyphs) -> tuple[str, str, str]:
    """Return the symbol, the number or a dot, and the source of a number."""
    value = glyphs.blank
    if session.is_known(ref):
        value = fmt(value_of(session.engine, session.trace, ref), session.digits, glyphs=glyphs).strip()
    return ref.symbol, value, _source(session, ref)


def _columns(session: Session) -> list[PathColumn]:
    """Return the numbers of each phase; empty for an input and for the loss, which belong to no single unit."""
    ref = session.ref
    if ref.quantity in ("x", "dx", "loss"):
        return []
    if ref.quantity in ("y", "term"):
        last = len(session.engine.sizes) - 2
        z, a, da, dz = (replace(ref, quantity=quantity, layer=last) for quantity in _UNIT_QUANTITIES)
        return [("forward", [z, a]), ("loss", [ref.with_key("y"), ref.with_key("term")]), ("backward", [da, dz])]
    parameter, gradient, step, state = ref.parameter
    z, a, da, dz = (ref.with_key(quantity) for quantity in _UNIT_QUANTITIES)
    forward = [ref.with_key(parameter), z, a]
    if ref.is_weight:
        forward.insert(0, input_ref(ref.layer, ref.input, ref.sample))
    backward = [da, dz, ref.with_key(gradient)]
    new_state = [QuantityKey(state, slot, after=True) for slot in session.engine.optimizer.slots]
    update = [ref.with_key(key) for key in (*new_state, QuantityKey(step), QuantityKey(parameter, after=True))]
    return [("forward", forward), ("backward", backward), ("update", update)]


def _source(session: Session, ref: Ref) -> str:
    """Return a short formula of how a number is computed; "" for a number that is given."""
    optimizer = session.experiment.training.optimizer.name
    before = "a" if ref.layer else "x"
    is_output = ref.layer == len(session.engine.sizes) - 2
    is_fused = is_output and session.engine.loss.chain_gradient
    total = "Σₙ " if session.trace.n > 1 else ""
    if ref.is_optimizer_state:
        gradient = f"∂L/∂{ref.parameter.value}"
        return tr("from {state} and {gradient}", state=STATE_LETTERS[ref.slot], gradient=gradient)
    if ref.after:
        return f"{ref.quantity} + Δ{ref.quantity}"
    sources: dict[Quantity, str] = {
        "z": f"Σ w·{before} + b",
        "a": f"{session.engine.activations[ref.layer].name}(z)",
        "term": tr("from z and y") if session.engine.loss.formula_of == "z" else tr("from ŷ and y"),
        "da": tr("from the loss") if is_output else tr("Wᵀ·δ of layer {layer}", layer=ref.layer + 2),
        "dz": tr("from ŷ − y") if is_fused else "∂L/∂a · σ′(z)",
        "dw": f"{total}δ·{before}",
        "db": f"{total}δ",
        "step_w": optimizer if session.engine.optimizer.slots else "−η·∂L/∂w",
        "step_b": optimizer if session.engine.optimizer.slots else "−η·∂L/∂b",
    }
    return sources.get(ref.quantity, "")
