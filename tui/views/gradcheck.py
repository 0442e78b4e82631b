"""The page of a gradient check: its method, and every checked parameter, the worst first."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip

from nn_tui.core.analysis.gradcheck import RETRIES, STEP, TOLERANCE, GradientCheck
from nn_tui.core.display.number_text import fmt
from nn_tui.core.refs import Ref
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, message, message_plural, tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, text_strip, to_display, wrap
from nn_tui.tui.session.session import Session, clamp_ref, select, with_message

_DIGITS = 6


def sentence(result: GradientCheck, update: int) -> Message:
    """Return the result for pass ``update`` in one sentence."""
    worst = result.worst
    if worst is None:
        return message_plural(
            "Nothing to compare: the parameter is at a kink.",
            "Nothing to compare: all {count} parameters are at a kink.",
            len(result.checks),
        )
    text = message(
        "{checked} of {total} checked in pass {update:,}, worst relative error {error:.1e} at {name}",
        checked=len(result.checks), total=result.parameters, update=update, error=worst.error, name=worst.name,
    )  # fmt: skip
    if result.kinks:
        text = message("{comparison}, {count} at a kink left out", comparison=text, count=result.kinks)
    if result.passed:
        shorter = message(
            "Gradients agree: {checked} of {total} checked.", checked=len(result.checks), total=result.parameters
        )
        return message("Gradients agree: {comparison}.", comparison=text).or_shorter(shorter)
    shorter = message("Gradients DISAGREE, most of all at {name}.", name=worst.name)
    return message("Gradients DISAGREE: {comparison}.", comparison=text).or_shorter(shorter)


def introduction(result: GradientCheck, session: Session, palette: Palette, width: int) -> list[Strip]:
    """Return the lines above the parameters: the method, step and tolerance, and the headings of the columns."""
    text, dim, ascii_only = palette.style("text"), palette.style("dim"), palette.glyphs.is_ascii
    lines: list[Strip] = []
    trace = session.trace

    def add(paragraph: str, style: Style) -> None:
        lines.extend(text_strip(row, width, style) for row in wrap(to_display(paragraph, ascii_only), width))

    add(str(sentence(result, trace.update)), palette.style("title" if result.passed else "bad"))
    add(
        tr_plural(
            "The check compares two numbers for every weight and bias w: ∂L/∂w of backpropagation in pass {update}, "
            "and the difference (L(w + h) − L(w − h)) / 2h of the loss, with penalty, over its one sample.",
            "The check compares two numbers for every weight and bias w: ∂L/∂w of backpropagation in pass {update}, "
            "and the difference (L(w + h) − L(w − h)) / 2h of the loss, with penalty, over its {count} samples.",
            trace.n,
            update=trace.update,
        ),
        dim,
    )
    add(
        tr(
            "The step is h = {step:g} · max(1, |w|); if the numbers disagree, it is h/{smaller:g} or {larger:g}·h. "
            "The error is relative to the larger number, or to the smallest gradient that the rounding of the loss "
            "lets a difference show. The tolerance is {tolerance:g}: smaller errors are due to rounding.",
            step=STEP, smaller=1 / min(RETRIES), larger=max(RETRIES), tolerance=TOLERANCE,
        ),
        dim,
    )  # fmt: skip
    if result.kinks:
        add(
            tr(
                "kink: the loss has a corner between w − h and w + h (ReLU at z = 0, |ŷ − y| at 0, |w| at 0). Its two "
                "sides have different slopes, so the difference means nothing: such a parameter is listed at the end "
                "and does not count as wrong."
            ),
            dim,
        )
    lines.append(text_strip("", width, text))
    headings = "".join(
        [
            "  ",
            fit(tr("parameter"), 14, ellipsis=palette.glyphs.cut),
            *(
                fit(heading, size, right=True, ellipsis=palette.glyphs.cut)
                for heading, size in ((tr("backprop"), 16), (tr("difference"), 16), (tr("error"), 12))
            ),
        ]
    )
    lines.append(text_strip(headings, width, palette.style("title"), ellipsis=palette.glyphs.cut))
    return lines


def parameter_lines(result: GradientCheck, palette: Palette, width: int) -> list[Strip]:
    """Return a line for each checked parameter, the worst first and those on a kink last."""
    glyphs, lines = palette.glyphs, []
    for check in result.checks:
        analytic, numeric = (fmt(value, _DIGITS, width=16, glyphs=glyphs) for value in (check.analytic, check.numeric))
        error = tr("kink") if check.kink else f"{check.error:.1e}"
        is_wrong = not check.kink and check.error > TOLERANCE
        line = f"  {check.name:<14}{analytic}{numeric}{error:>12}"
        lines.append(text_strip(line, width, palette.style("bad" if is_wrong else "text"), ellipsis=glyphs.cut))
    return lines


def select_parameter(session: Session, result: GradientCheck, row: int, update: int) -> Session:
    """Select the parameter of a line of the check of pass ``update``, if the network on screen has it."""
    check, ref = result.checks[row], ref_of(result, row, session.ref.sample)
    if clamp_ref(session, ref) != ref:
        return with_message(
            session,
            message("{name} of pass {update:,} is not in the network on screen.", name=check.name, update=update),
        )
    analytic, numeric = (plain_number(value, _DIGITS) for value in (check.analytic, check.numeric))
    text = message(
        "{name}: in pass {update:,} backprop found {analytic}, the difference {numeric}.",
        name=check.name, update=update, analytic=analytic, numeric=numeric,
    )  # fmt: skip
    return with_message(select(session, ref), text)


def ref_of(result: GradientCheck, row: int, sample: int) -> Ref:
    """Return the address of the parameter of a line."""
    check = result.checks[row]
    if check.input is None:
        return Ref("b", check.layer, check.unit, 0, sample)
    return Ref("w", check.layer, check.unit, check.input, sample)
