"""The selection's way through the pass: what it takes part in forward, backward and in the update, with its numbers."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.engine.steps import Phase
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.parts import input_ref
from nn_tui.core.refs import STATE_LETTERS, Ref
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.session import Session

Column = tuple[Phase, list[Ref]]
_GAP = 2


def way(session: Session, palette: Palette, width: int) -> list[Strip]:
    """A column for each phase with the numbers of the selection's unit in the order they are computed.

    What this pass has not computed yet is blank. Empty where the columns do not fit ``width``.
    """
    columns = _columns(session)
    ascii_only = palette.glyphs.is_ascii
    entries = [[_entry(session, ref, palette.glyphs) for ref in refs] for _, refs in columns]
    symbols = [max(cell_len(to_display(symbol, ascii_only)) for symbol, _, _ in rows) for rows in entries]
    least = 0 if session.digits is None else session.digits + 3  # what is still to come has its place
    numbers = [max(least, *(cell_len(value) for _, value, _ in rows)) for rows in entries]
    each = width // max(1, len(columns))
    if not columns or any(a + 1 + b + _GAP > each for a, b in zip(symbols, numbers, strict=True)):
        return []
    text, dim = palette.style("text"), palette.style("dim")
    lines = [make_strip([], width, text)]
    heads = [Segment(fit(phase, each), palette.style(phase)) for phase, _ in columns]
    lines.append(make_strip(heads, width, text))
    for row in range(max(len(rows) for rows in entries)):
        segments: list[Segment] = []
        for (_, refs), rows, wide, size in zip(columns, entries, symbols, numbers, strict=True):
            if row >= len(rows):
                segments.append(Segment(" " * each, text))
                continue
            symbol, value, how = rows[row]
            here = refs[row].key == session.ref.key and refs[row].layer == session.ref.layer
            words = to_display(f"  {how}", ascii_only)
            words = words if cell_len(words) + wide + 1 + size + _GAP <= each else ""
            segments += [
                Segment(fit(to_display(symbol, ascii_only), wide + 1), palette.style("title" if here else "text")),
                Segment(value.rjust(size), palette.style("title" if here else "accent")),
                Segment(fit(words, each - wide - 1 - size), dim),
            ]
        lines.append(make_strip(segments, width, text))
    return lines


def _entry(session: Session, ref: Ref, glyphs: Glyphs) -> tuple[str, str, str]:
    """The symbol, the number (a dot where it is not computed), and what it is made from."""
    value = glyphs.blank
    if session.is_known(ref):
        value = fmt(value_of(session.engine, session.trace, ref), session.digits, glyphs=glyphs)
    return ref.symbol, value, _how(session, ref)


def _columns(session: Session) -> list[Column]:
    """The numbers of each phase; none for an input or the loss, which go into every unit."""
    ref = session.ref
    if ref.key in ("x", "dx", "loss"):
        return []
    if ref.key in ("y", "term"):
        last = len(session.engine.sizes) - 2
        answer = [replace(ref, key=key, layer=last) for key in ("z", "a", "da", "dz")]
        given = [replace(ref, key=key) for key in ("y", "term")]
        return [("forward", answer[:2]), ("loss", given), ("backward", answer[2:])]
    own = "w" if ref.is_weight else "b"
    forward = [replace(ref, key=key) for key in (own, "z", "a")]
    if ref.is_weight:
        forward.insert(0, input_ref(ref.layer, ref.input, ref.sample))
    kept = [f"m:{slot}:{own}_after" for slot in session.engine.optimizer.slots]
    backward = [replace(ref, key=key) for key in ("da", "dz", f"d{own}")]
    return [
        ("forward", forward),
        ("backward", backward),
        ("update", [replace(ref, key=key) for key in (*kept, f"step_{own}", f"{own}_after")]),
    ]


def _how(session: Session, ref: Ref) -> str:
    """What a number is made from, in a few signs."""
    experiment, last = session.experiment, len(session.engine.sizes) - 2
    before = "a" if ref.layer else "x"
    output = ref.layer == last
    optimizer = experiment.training.optimizer.name
    plain_descent = optimizer == "sgd"
    fused = output and session.engine.loss.fused
    if ref.is_optimizer_state:
        return f"from {STATE_LETTERS[ref.slot]} and ∂L/∂{'w' if ref.is_weight else 'b'}"
    return {
        "z": f"Σ w·{before} + b",
        "a": f"{session.engine.activations[ref.layer].name}(z)",
        "term": "of a and y",
        "da": "from the loss" if output else f"Wᵀ·δ of layer {ref.layer + 2}",
        "dz": "from a − y" if fused else "∂L/∂a · σ′(z)",
        "dw": f"Σₙ δ·{before}",
        "db": "Σₙ δ",
        "step_w": "−η·∂L/∂w" if plain_descent else optimizer,
        "step_b": "−η·∂L/∂b" if plain_descent else optimizer,
        "w_after": "w + Δw",
        "b_after": "b + Δb",
    }.get(ref.key, "")
