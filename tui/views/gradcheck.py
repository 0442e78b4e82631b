"""The gradient check as a page: what was compared and how, and every checked parameter, worst first."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.analysis.gradcheck import RETRIES, STEP, TOLERANCE, GradientCheck
from nn_tui.core.refs import Ref
from nn_tui.core.text import plain_number
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, text_strip, to_display, wrap
from nn_tui.tui.session.session import Session, clamp_ref, select, with_message

DIGITS = 6


def sentence(result: GradientCheck, update: int) -> str:
    """The result for pass ``update`` in one sentence."""
    worst = result.worst
    kinks = f", {result.kinks} on a kink set apart" if result.kinks else ""
    if worst is None:
        return f"Nothing to compare: all {len(result.checks)} parameters lie on a kink."
    verdict = "Gradients agree" if result.passed else "Gradients DISAGREE"
    checked = f"{len(result.checks)} of {result.parameters} checked in pass {update:,}"
    return f"{verdict}: {checked}, worst relative error {worst.error:.1e} at {worst.name}{kinks}."


def intro(result: GradientCheck, session: Session, palette: Palette, width: int) -> list[Strip]:
    """What was compared, with which step and tolerance, what a kink is, and the columns' heads."""
    text, dim, ascii_only = palette.style("text"), palette.style("dim"), palette.glyphs.is_ascii
    lines: list[Strip] = []
    trace = session.trace

    def add(words: str, style: Style) -> None:
        lines.extend(text_strip(row, width, style) for row in wrap(to_display(words, ascii_only), width))

    add(sentence(result, trace.update), palette.style("title" if result.passed else "bad"))
    samples = "its one sample" if trace.n == 1 else f"its {trace.n} samples"
    add(
        f"Compared, for every weight and bias w: ∂L/∂w of backpropagation in pass {trace.update}, and the difference "
        f"(L(w + h) − L(w − h)) / 2h of the loss itself, penalty included, over {samples}. The step is "
        f"h = {STEP:g} · max(1, |w|), where that disagrees h/{1 / min(RETRIES):g} or {max(RETRIES):g}·h. The error is "
        "relative to the larger of the two, or to the least gradient that the loss's last digits can show; the "
        f"tolerance is {TOLERANCE:g}, which is what rounding leaves.",
        dim,
    )
    if result.kinks:
        add(
            "kink: between w − h and w + h lies a corner (ReLU at z = 0, |a − y| at 0, |w| at 0). Its two sides have "
            "different slopes, so that the difference says nothing of either: such a parameter is set apart at the "
            "end, and is not wrong.",
            dim,
        )
    lines.append(text_strip("", width, text))
    head = f"  {'parameter':<14}{'backprop':>16}{'difference':>16}{'error':>12}"
    lines.append(text_strip(head, width, palette.style("title"), ellipsis=palette.glyphs.cut))
    return lines


def rows(result: GradientCheck, palette: Palette, width: int) -> list[Strip]:
    """Every checked parameter, worst first and those on a kink last."""
    text, glyphs = palette.style("text"), palette.glyphs
    lines = []
    for check in result.checks:
        row = (
            f"  {check.name:<14}{fmt(check.analytic, DIGITS, width=16, glyphs=glyphs)}"
            f"{fmt(check.numeric, DIGITS, width=16, glyphs=glyphs)}"
            f"{'kink' if check.kink else f'{check.error:.1e}':>12}"
        )
        bad = not check.kink and check.error > TOLERANCE
        lines.append(
            make_strip(
                [Segment(fit(row, width, ellipsis=glyphs.cut), palette.style("bad" if bad else "text"))],
                width,
                text,
            )
        )
    return lines


def chosen(session: Session, result: GradientCheck, row: int, update: int) -> Session:
    """Select the parameter of a row of the check of pass ``update``, if the network on screen has it."""
    check, ref = result.checks[row], ref_of(result, row, session.ref.sample)
    if clamp_ref(session, ref) != ref:
        return with_message(session, f"{check.name} of pass {update:,} is not in the network on screen.")
    found, other = (plain_number(value, DIGITS) for value in (check.analytic, check.numeric))
    told = f"{check.name}: in pass {update:,} backprop found {found}, the difference {other}."
    return with_message(select(session, ref), told)


def ref_of(result: GradientCheck, row: int, sample: int) -> Ref:
    """The parameter of a row."""
    check = result.checks[row]
    if check.input is None:
        return Ref("b", check.layer, check.unit, 0, sample)
    return Ref("w", check.layer, check.unit, check.input, sample)
