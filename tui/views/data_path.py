"""The data path: the values that belong to the selected number in forward pass, backward pass and update."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt, is_rounded
from nn_tui.core.engine.quantities import is_frozen
from nn_tui.core.engine.steps import Phase
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.parts import input_ref
from nn_tui.core.refs import STATE_LETTERS, Quantity, QuantityKey, Ref
from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.choices import PHASE_NAMES
from nn_tui.tui.session.scales import number_style
from nn_tui.tui.session.session import Session

PathColumn = tuple[Phase, list[Ref]]
_GAP = 2  # cells between two columns
_FEWER_DIGITS = (8, 6, 4, 3, 2)
_Phases = dict[Phase, list["_Entry"]]
_UNIT_QUANTITIES: tuple[Quantity, ...] = ("z", "a", "da", "dz")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A number: the texts of its symbol, of its value, or a dot if it is not known, and of its source.

    Attributes:
        width: The cells of the value, also if it is not computed yet.
    """

    ref: Ref
    symbol: str
    value: str
    width: int
    source: str


def draw_data_path(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the numbers of the selection's unit by phase, in the order in which they are computed.

    Each phase has a column or, where the columns are too wide or too high, lines below those of the phase before.
    A dot replaces a number that this pass has not computed yet. If all digits do not fit, rounded numbers with ≈ do.

    Returns:
        At most ``height`` lines, the first of them empty if there is room; no lines if the numbers do not fit.
    """
    columns = _columns(session)
    if not columns or height < len(columns):
        return []
    empty = make_strip([], width, palette.style("text"))
    fewer = (digits for digits in _FEWER_DIGITS if session.digits is None or digits < session.digits)
    for digits in (session.digits, *fewer):
        phases = {phase: [_entry(session, ref, digits, palette.glyphs) for ref in refs] for phase, refs in columns}
        drawn = _draw_columns(session, palette, phases, width)
        if not drawn or len(drawn) >= height:
            drawn = _draw_lines(session, palette, phases, width)
        if len(drawn) <= height:
            return [empty, *drawn] if len(drawn) < height else drawn
    return []


def _draw_columns(session: Session, palette: Palette, phases: _Phases, width: int) -> list[Strip]:
    """Draw a column for each phase; no lines if the columns do not fit ``width``."""
    value_widths = [max(entry.width for entry in entries) for entries in phases.values()]
    symbol_widths = [max(cell_len(entry.symbol) for entry in entries) for entries in phases.values()]
    column_width = width // len(phases)
    used = [symbol + 1 + value + _GAP for symbol, value in zip(symbol_widths, value_widths, strict=True)]
    if max(used) > column_width:
        return []
    text, dim = palette.style("text"), palette.style("dim")
    headings = [Segment(fit(_heading(phase, palette), column_width), palette.style(phase)) for phase in phases]
    lines = [make_strip(headings, width, text)]
    for row in range(max(map(len, phases.values()))):
        segments: list[Segment] = []
        for entries, symbol_width, value_width in zip(phases.values(), symbol_widths, value_widths, strict=True):
            if row >= len(entries):
                segments.append(Segment(" " * column_width, text))
                continue
            rest = column_width - symbol_width - 1 - value_width
            note = to_display(f"  {entries[row].source}", palette.glyphs.is_ascii)
            segments += _number(session, palette, entries[row], symbol_width, value_width)
            segments.append(Segment(fit(note if cell_len(note) + _GAP <= rest else "", rest), dim))
        lines.append(make_strip(segments, width, text))
    return lines


def _draw_lines(session: Session, palette: Palette, phases: _Phases, width: int) -> list[Strip]:
    """Draw the name of each phase followed by its numbers, wrapped to ``width`` cells."""
    text = palette.style("text")
    indent = max(cell_len(_heading(phase, palette)) for phase in phases) + _GAP
    lines: list[Strip] = []
    for phase, entries in phases.items():
        line, used = [Segment(fit(_heading(phase, palette), indent), palette.style(phase))], indent
        for entry in entries:
            symbol_width, value_width = cell_len(entry.symbol), entry.width
            needed = symbol_width + 1 + value_width
            if used > indent and used + needed > width:
                lines.append(make_strip(line, width, text))
                line, used = [Segment(" " * indent, text)], indent
            line += [*_number(session, palette, entry, symbol_width, value_width), Segment(" " * _GAP, text)]
            used += needed + _GAP
        lines.append(make_strip(line, width, text))
    return lines


def _heading(phase: Phase, palette: Palette) -> str:
    return to_display(str(PHASE_NAMES[phase]), palette.glyphs.is_ascii)


def _number(session: Session, palette: Palette, entry: _Entry, symbol_width: int, value_width: int) -> list[Segment]:
    """Return a symbol and its number, which ends at the right."""
    text = palette.style("text")
    is_selected = entry.ref.key == session.ref.key and entry.ref.layer == session.ref.layer
    return [
        Segment(fit(entry.symbol, symbol_width + 1), palette.style("title") if is_selected else text),
        Segment(" " * (value_width - cell_len(entry.value)), text),
        Segment(entry.value, _value_style(session, palette, entry.ref, is_selected)),
    ]


def _value_style(session: Session, palette: Palette, ref: Ref, is_selected: bool) -> Style:
    """Return the colour of a number, bold if it is the selected one; that of a blank if it is not known."""
    if not session.is_known(ref):
        return palette.style("blank")
    style = number_style(session, palette, ref, value_of(session.engine, session.trace, ref))
    return style + Style(bold=True) if is_selected else style


def _entry(session: Session, ref: Ref, digits: int | None, glyphs: Glyphs) -> _Entry:
    """Return the texts of a number; it is marked as rounded if it has fewer digits than the numbers of other views."""
    text = glyphs.blank
    if session.is_known(ref):
        value = value_of(session.engine, session.trace, ref)
        is_shortened = digits != session.digits and is_rounded(value, digits)
        text = (glyphs.approx if is_shortened else "") + fmt(value, digits, glyphs=glyphs).strip()
    width = max(0 if digits is None else digits + 3, cell_len(text))
    return _Entry(ref, to_display(ref.symbol, glyphs.is_ascii), text, width, _source(session, ref))


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
    if ref.key.is_step and is_frozen(session.engine, ref.key, ref.layer):
        return tr("frozen")
    sources: dict[Quantity, str] = {
        "z": f"Σ w·{before} + b",
        "a": f"{session.engine.activations[ref.layer].name}(z)",
        "term": tr("from z and y") if session.engine.loss.formula_of == "z" else tr("from ŷ and y"),
        "da": tr("from the loss") if is_output else tr("Wᵀ·δ of layer {layer}", layer=ref.layer + 2),
        "dz": tr("from ŷ − y") if is_fused else "∂L/∂a · ∂a/∂z",
        "dw": f"{total}δ·{before}",
        "db": f"{total}δ",
        "step_w": optimizer if session.engine.optimizer.slots else "−η·∂L/∂w",
        "step_b": optimizer if session.engine.optimizer.slots else "−η·∂L/∂b",
    }
    return sources.get(ref.quantity, "")
