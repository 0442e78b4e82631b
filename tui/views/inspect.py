"""Long texts about one thing: a number with all its digits and its explanation, the gradient check's list."""

from __future__ import annotations

from dataclasses import replace

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.explain import value_of
from nn_tui.core.gradcheck import TOLERANCE, GradientCheck
from nn_tui.core.refs import BY_SAMPLE
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, strip, text_strip, wrap
from nn_tui.tui.session import Session
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views.aside import curve, has_curve
from nn_tui.tui.views.words import plain

MOST_SAMPLES = 40
CURVE = (48, 13)  # cells


def title(session: Session) -> str:
    """The name of the selected number."""
    return session.ref.symbol


def document(session: Session, palette: Palette, width: int) -> list[Strip]:
    """The selected number in full: exact value, explanation, and its value for every sample of the batch."""
    text, dim = palette.style("text"), palette.style("dim")
    ref = session.ref
    lines: list[Strip] = []

    def add(words: str, style: Style = text) -> None:
        lines.append(strip([Segment(fit(plain(words, palette.glyphs.is_ascii), width), style)], width, text))

    known = session.is_known(ref)
    if known:
        add(f"exact value  {value_of(session.engine, session.trace, ref)!r}", palette.style("accent"))
    if ref.key in ("w", "b", "x", "y"):
        add(f"{session.keys.get('e', 'e')} edits it: the run goes on with another value, the old run is kept.", dim)
    add("")
    lines += arithmetic.document(session, palette, width)
    if has_curve(session) and width >= CURVE[0]:
        add("")
        lines += [line.adjust_cell_length(width, text) for line in curve(session, palette, *CURVE)]
    if known and ref.key in BY_SAMPLE and ref.key != "slope" and session.trace.n > 1:
        add("")
        add(f"for every sample of the batch ({session.trace.n})", palette.style("title"))
        for sample in range(min(session.trace.n, MOST_SAMPLES)):
            value = value_of(session.engine, session.trace, replace(ref, sample=sample))
            mark = palette.glyphs.arrow if sample == ref.sample else " "
            add(f"{mark} sample {sample + 1:<4} {fmt(value, session.digits, glyphs=palette.glyphs)}")
        if session.trace.n > MOST_SAMPLES:
            add(f"  {session.trace.n - MOST_SAMPLES} more", dim)
    if ref.key == "w":
        add("")
        add("Its gradient is one row below (arrow down), its step and w′ below that.", dim)
    return lines


def check_sentence(result: GradientCheck) -> str:
    """The result in one sentence."""
    worst = result.worst
    kinks = f", {result.kinks} on a kink set apart" if result.kinks else ""
    if worst is None:
        return f"Nothing to compare: all {len(result.checks)} parameters lie on a kink."
    verdict = "Gradients agree" if result.passed else "Gradients DISAGREE"
    checked = f"{len(result.checks)} of {result.parameters} checked"
    return f"{verdict}: {checked}, worst relative error {worst.error:.1e} at {worst.name}{kinks}."


def check_document(result: GradientCheck, session: Session, palette: Palette, width: int) -> list[Strip]:
    """Every checked parameter, worst first, with what an error, a kink and rounding are."""
    text, dim, glyphs = palette.style("text"), palette.style("dim"), palette.glyphs
    lines: list[Strip] = []

    def say(words: str, style: Style) -> None:
        lines.extend(text_strip(row, width, style) for row in wrap(plain(words, glyphs.is_ascii), width))

    say(check_sentence(result), palette.style("title" if result.passed else "bad"))
    say(
        f"Each parameter is moved a little both ways and the loss taken twice; relative errors up to {TOLERANCE:g} are "
        "what rounding leaves. A gradient too small for the loss's last digits to show is compared with the smallest "
        "that they can.",
        dim,
    )
    if result.kinks:
        say(
            "kink: the two sides of a corner (ReLU at 0, |w| at 0) have different slopes, so that their difference "
            "says nothing of either; such a parameter is set apart, and is not wrong.",
            dim,
        )
    lines.append(text_strip("", width, text))
    head = f"{'parameter':<14}{'backprop':>16}{'difference':>16}{'error':>12}"
    lines.append(strip([Segment(fit(head, width), palette.style("title"))], width, text))
    for check in result.checks[:400]:
        row = (
            f"{check.name:<14}{fmt(check.analytic, 6, width=16, glyphs=glyphs)}"
            f"{fmt(check.numeric, 6, width=16, glyphs=glyphs)}"
            f"{'kink' if check.kink else f'{check.error:.1e}':>12}"
        )
        bad = not check.kink and check.error > TOLERANCE
        lines.append(strip([Segment(fit(row, width), palette.style("bad" if bad else "text"))], width, text))
    if len(result.checks) > 400:
        more = f"{len(result.checks) - 400} more, all with smaller errors"
        lines.append(strip([Segment(fit(more, width), dim)], width, text))
    return lines
