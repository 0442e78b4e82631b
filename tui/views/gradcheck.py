"""The page of a gradient check: its method, and every checked parameter, the worst first."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip

from nn_tui.core.analysis.gradcheck import RETRIES, STEP, TOLERANCE, GradientCheck
from nn_tui.core.refs import Ref
from nn_tui.core.text import plain_number
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import text_strip, to_display, wrap
from nn_tui.tui.session.session import Session, clamp_ref, select, with_message

_DIGITS = 6


def sentence(result: GradientCheck, update: int) -> str:
    """Return the result for pass ``update`` in one sentence."""
    worst = result.worst
    kinks = f", {result.kinks} on a kink set apart" if result.kinks else ""
    if worst is None:
        return f"Nothing to compare: all {len(result.checks)} parameters lie on a kink."
    verdict = "Gradients agree" if result.passed else "Gradients DISAGREE"
    checked = f"{len(result.checks)} of {result.parameters} checked in pass {update:,}"
    return f"{verdict}: {checked}, worst relative error {worst.error:.1e} at {worst.name}{kinks}."


def introduction(result: GradientCheck, session: Session, palette: Palette, width: int) -> list[Strip]:
    """Return the lines above the parameters: the method, step and tolerance, and the headings of the columns."""
    text, dim, ascii_only = palette.style("text"), palette.style("dim"), palette.glyphs.is_ascii
    lines: list[Strip] = []
    trace = session.trace

    def add(paragraph: str, style: Style) -> None:
        lines.extend(text_strip(row, width, style) for row in wrap(to_display(paragraph, ascii_only), width))

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
    headings = f"  {'parameter':<14}{'backprop':>16}{'difference':>16}{'error':>12}"
    lines.append(text_strip(headings, width, palette.style("title"), ellipsis=palette.glyphs.cut))
    return lines


def parameter_lines(result: GradientCheck, palette: Palette, width: int) -> list[Strip]:
    """Return a line for each checked parameter, the worst first and those on a kink last."""
    glyphs, lines = palette.glyphs, []
    for check in result.checks:
        analytic, numeric = (fmt(value, _DIGITS, width=16, glyphs=glyphs) for value in (check.analytic, check.numeric))
        error = "kink" if check.kink else f"{check.error:.1e}"
        is_wrong = not check.kink and check.error > TOLERANCE
        line = f"  {check.name:<14}{analytic}{numeric}{error:>12}"
        lines.append(text_strip(line, width, palette.style("bad" if is_wrong else "text"), ellipsis=glyphs.cut))
    return lines


def select_parameter(session: Session, result: GradientCheck, row: int, update: int) -> Session:
    """Select the parameter of a line of the check of pass ``update``, if the network on screen has it."""
    check, ref = result.checks[row], ref_of(result, row, session.ref.sample)
    if clamp_ref(session, ref) != ref:
        return with_message(session, f"{check.name} of pass {update:,} is not in the network on screen.")
    analytic, numeric = (plain_number(value, _DIGITS) for value in (check.analytic, check.numeric))
    message = f"{check.name}: in pass {update:,} backprop found {analytic}, the difference {numeric}."
    return with_message(select(session, ref), message)


def ref_of(result: GradientCheck, row: int, sample: int) -> Ref:
    """Return the address of the parameter of a line."""
    check = result.checks[row]
    if check.input is None:
        return Ref("b", check.layer, check.unit, 0, sample)
    return Ref("w", check.layer, check.unit, check.input, sample)
