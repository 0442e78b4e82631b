"""The moves that change the view of a run: zoom, digits, layer, sample and speed."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.steps import ZOOMS, Zoom
from nn_tui.core.translation import Message, message, message_plural
from nn_tui.tui.session import stepping
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.session import Session, select, with_message

_ZOOM_MESSAGES: dict[Zoom, Message] = {
    "pass": message("Zoom pass: `␣` does a whole forward, backward or update."),
    "layer": message("Zoom layer: `␣` does one layer."),
    "operation": message("Zoom operation: `␣` does one operation of a layer: z, a, ∂L/∂a, δ, ∂L/∂w, ∂L/∂b."),
    "unit": message("Zoom unit: `␣` does one operation of one unit."),
}


def next_zoom(session: Session) -> Session:
    """Take the next finer zoom, after the finest the coarsest; the cursor stays."""
    zoom = ZOOMS[(ZOOMS.index(session.zoom) + 1) % len(ZOOMS)]
    return replace(session, zoom=zoom, message=_ZOOM_MESSAGES[zoom])


def next_digits(session: Session) -> Session:
    """Show 2, 4, 6 or all digits."""
    digits = DIGITS[(DIGITS.index(session.digits) + 1) % len(DIGITS)]
    text = message("Numbers are shown with all digits, in the network and the legends with as many as fit.")
    shorter = message("Numbers are shown with all digits.")
    if digits is not None:
        text = message(
            "Numbers are shown with {digits} decimals, small ones with {digits} digits, "
            "in the network and the legends with as many as fit.",
            digits=digits,
        )
        shorter = message("Numbers are shown with {digits} decimals, small ones with {digits} digits.", digits=digits)
    text = text.or_shorter(shorter)
    return replace(session, digits=digits, message=text)


def change_layer(session: Session, direction: int) -> Session:
    """Select the same quantity in the layer before (``direction`` −1) or after (1)."""
    last = len(session.engine.sizes) - 2
    layer = (last if session.ref.quantity in ("y", "term", "loss") else session.ref.layer) + direction
    if not 0 <= layer <= last:
        before = message("There is no layer before layer 1.")
        return with_message(
            session, before if direction < 0 else message("There is no layer after layer {last}.", last=last + 1)
        )
    has_layers = session.ref.quantity not in ("x", "y", "term", "loss", "dx")
    ref = session.ref if has_layers else session.ref.with_key("w")
    return select(session, replace(ref, layer=layer))


def change_sample(session: Session, direction: int) -> Session:
    """Show the sample before (``direction`` −1) or after (1) in the batch."""
    sample = session.ref.sample + direction
    if not 0 <= sample < session.trace.n:
        text = message_plural("The batch has one sample.", "The batch has samples 1 to {count}.", session.trace.n)
        return with_message(session, text)
    return select(session, replace(session.ref, sample=sample))


def toggle_maximised(session: Session) -> Session:
    """Let the chosen view fill the screen, or show all views again."""
    return replace(session, maximised=not session.maximised, message="")


def change_speed(session: Session, direction: int) -> Session:
    """Take the next faster (``direction`` 1) or slower (−1) speed."""
    speed = min(max(session.speed + direction, 0), len(SPEEDS) - 1)
    label = SPEEDS[speed].label
    if speed != session.speed:
        text = message("Speed: {speed}.", speed=label)
    elif direction > 0:
        text = message("This is the highest speed: {speed}.", speed=label)
    else:
        text = message("This is the lowest speed: {speed}.", speed=label)
    ended = "" if session.running else stepping.divergence_message_here(session)
    if ended:  # the run may have diverged just before the key was pressed: then the message keeps saying so
        text = message("{speed} {divergence}", speed=text, divergence=ended)
    return replace(session, speed=speed, message=text)
