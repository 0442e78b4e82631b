"""The moves that change the view of a run: zoom, digits, layer, sample and speed; and the hint on the next keys."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.steps import ZOOMS, Zoom
from nn_tui.core.translation import Message, message, message_plural, tr
from nn_tui.tui.session import stepping
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.session import Session, select, with_message

_ZOOM_MESSAGES: dict[Zoom, Message] = {
    "pass": message("Zoom pass: `␣` does a whole forward, backward or update."),
    "layer": message("Zoom layer: `␣` does one layer."),
    "operation": message("Zoom operation: `␣` does one operation of a layer: z, a, da, δ, dW, db."),
    "unit": message("Zoom unit: `␣` does one operation of one unit."),
}


def next_zoom(session: Session) -> Session:
    """Take the next finer zoom, after the finest the coarsest; the cursor stays."""
    zoom = ZOOMS[(ZOOMS.index(session.zoom) + 1) % len(ZOOMS)]
    return replace(session, zoom=zoom, message=_ZOOM_MESSAGES[zoom])


def next_digits(session: Session) -> Session:
    """Show 2, 4, 6 or all digits."""
    digits = DIGITS[(DIGITS.index(session.digits) + 1) % len(DIGITS)]
    text = message("Numbers are shown with all digits.")
    if digits is not None:
        text = message("Numbers are shown with {digits} decimals, small ones with {digits} digits.", digits=digits)
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
        text = message("{speed} is the highest speed.", speed=label)
    else:
        text = message("{speed} is the lowest speed.", speed=label)
    ended = "" if session.running else _divergence_message(session)
    if ended:  # the run may have diverged just before the key was pressed: then the message keeps saying so
        text = message("{speed} {divergence}", speed=text, divergence=ended)
    return replace(session, speed=speed, message=text)


def _divergence_message(session: Session) -> str:
    """Return the message that the run diverged in this pass, with a remedy; "" if it did not."""
    divergence = session.run.divergence
    if divergence is None or session.trace.update < divergence.update:
        return ""
    return stepping.divergence_message(session)


def hint(session: Session) -> str:
    """Return one or two sentences on the keys that can act now."""
    if session.running:
        return _running_hint(session)
    if ended := _divergence_message(session):
        return ended
    cursor, steps = session.cursor, session.pass_steps
    if cursor >= steps.end:
        return tr("The weights are updated: W′ = W + ΔW. `f` begins the next pass, `⌫` goes back.")
    if cursor == steps.after("backward"):
        return tr("All gradients are ready: `u` updates the weights, `g` checks the gradients.")
    if cursor == steps.after("loss"):
        return tr("The loss is ready: `b` computes all gradients, `␣` those of one layer.")
    if cursor > steps.after("backward"):
        return tr("`␣` goes to the next stop, `⌫` goes back; `u` finishes the update.")
    if cursor > steps.after("loss"):
        return tr("`␣` goes to the next stop, `⌫` goes back; `b` finishes the backward pass.")
    if cursor:
        return tr("`␣` goes to the next stop, `⌫` goes back; `f` finishes the forward pass.")
    ref, trace = session.ref, session.trace
    first_layer = ref.quantity == "w" and not ref.after and ref.layer == 0
    if trace.update == 1 and ref.sample and first_layer and trace.x[ref.sample, ref.input]:
        return tr(
            "Press `f`, `b`, `u`: forward, backward, update. Sample {sample} is shown: its {input} is not 0.",
            sample=ref.sample + 1,
            input=session.experiment.data.input_names[ref.input],
        )
    return tr("Press `f`: the forward pass, up to the loss. Then `b` (backward) and `u` (update).")


def _running_hint(session: Session) -> str:
    """Return the hint while the session runs: what it does, and the keys that pause it or change the speed."""
    speed = SPEEDS[session.speed].label
    if session.target is not None:
        if session.other is not None:
            return tr("Both runs go to update {target:,} in turn: `r` or any step pauses.", target=session.target)
        return tr("Going to update {target:,}: `r` or any step pauses.", target=session.target)
    if session.playing_back:
        return tr("Playing back, {speed}: `r` or any step pauses, `+` and `-` change the speed.", speed=speed)
    if session.other is not None:
        return tr("Both runs in turn, {speed}: `r` or any step pauses, `+` and `-` change the speed.", speed=speed)
    return tr("Running, {speed}: `r` or any step pauses, `+` and `-` change the speed.", speed=speed)
