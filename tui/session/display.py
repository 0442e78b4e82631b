"""The moves that change the view of a run: zoom, digits, layer, sample and speed; and the hint on the next keys."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.steps import ZOOMS
from nn_tui.tui.session import stepping
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.session import Session, select, with_message


def next_zoom(session: Session) -> Session:
    """Take the next finer zoom, after the finest the coarsest; the cursor stays."""
    zoom = ZOOMS[(ZOOMS.index(session.zoom) + 1) % len(ZOOMS)]
    descriptions = {
        "pass": "`␣` does a whole forward, backward or update.",
        "layer": "`␣` does one layer.",
        "operation": "`␣` does one operation of a layer: z, a, da, δ, dW, db.",
        "unit": "`␣` does one operation of one unit.",
    }
    return replace(session, zoom=zoom, message=f"Zoom {zoom}: {descriptions[zoom]}")


def next_digits(session: Session) -> Session:
    """Show 2, 4, 6 or all digits."""
    digits = DIGITS[(DIGITS.index(session.digits) + 1) % len(DIGITS)]
    shown = "all digits" if digits is None else f"{digits} decimals, small ones with {digits} digits"
    return replace(session, digits=digits, message=f"Numbers are shown with {shown}.")


def change_layer(session: Session, direction: int) -> Session:
    """Select the same quantity in the layer before (``direction`` −1) or after (1)."""
    last = len(session.engine.sizes) - 2
    layer = (last if session.ref.quantity in ("y", "term", "loss") else session.ref.layer) + direction
    if not 0 <= layer <= last:
        return with_message(
            session, f"There is no layer {'before layer 1' if direction < 0 else f'after layer {last + 1}'}."
        )
    has_layers = session.ref.quantity not in ("x", "y", "term", "loss", "dx")
    ref = session.ref if has_layers else session.ref.with_key("w")
    return select(session, replace(ref, layer=layer))


def change_sample(session: Session, direction: int) -> Session:
    """Show the sample before (``direction`` −1) or after (1) in the batch."""
    sample = session.ref.sample + direction
    if not 0 <= sample < session.trace.n:
        only = "The batch has one sample." if session.trace.n == 1 else f"The batch has samples 1 to {session.trace.n}."
        return with_message(session, only)
    return select(session, replace(session.ref, sample=sample))


def toggle_maximised(session: Session) -> Session:
    """Let the chosen view fill the screen, or show all views again."""
    return replace(session, maximised=not session.maximised, message="")


def change_speed(session: Session, direction: int) -> Session:
    """Take the next faster (``direction`` 1) or slower (−1) speed."""
    speed = min(max(session.speed + direction, 0), len(SPEEDS) - 1)
    if speed == session.speed:
        text = f"{SPEEDS[speed].label} is as {'fast' if direction > 0 else 'slow'} as it goes."
    else:
        text = f"Speed: {SPEEDS[speed].label}."
    # The run may have diverged just before the key was pressed: then the message keeps saying so.
    ended = f" {_divergence_message(session)}" if not session.running and _divergence_message(session) else ""
    return replace(session, speed=speed, message=text + ended)


def _divergence_message(session: Session) -> str:
    """Return the message that the run diverged in this pass, with a remedy; "" if it did not."""
    divergence = session.run.divergence
    if divergence is None or session.trace.update < divergence.update:
        return ""
    return stepping.divergence_message(session)


def hint(session: Session) -> str:
    """Return one or two sentences on the keys that can act now."""
    if session.running:
        both = ", both runs in turn" if session.other is not None else ""
        if session.target is not None:
            return f"Going to {session.target:,}{both}: `r` or any step pauses."
        doing = "Playing back" if session.playing_back else f"Running{both}"
        return f"{doing}, {SPEEDS[session.speed].label}: `r` or any step pauses, `+` and `-` change the speed."
    if message := _divergence_message(session):
        return message
    if session.cursor >= session.pass_steps.end:
        return "The parameters have moved: W′ = W + ΔW. `f` begins the next pass, `⌫` goes back."
    loss_done, backward_done = (session.pass_steps.after(phase) for phase in ("loss", "backward"))
    if session.cursor == backward_done:
        return "Every gradient is there: `u` applies them. Arrows pick a number, `g` checks."
    if session.cursor == loss_done:
        return "The loss is known: `b` sends it backward to every gradient; `␣` goes by layers."
    if session.cursor:
        rest = "`f` finishes the forward pass" if session.cursor < loss_done else "`b` finishes the backward pass"
        rest = rest if session.cursor < backward_done else "`u` finishes the update"
        return f"`␣` goes on to the next stop, `⌫` back; {rest}."
    ref, trace = session.ref, session.trace
    first_layer = ref.quantity == "w" and not ref.after and ref.layer == 0
    if trace.update == 1 and ref.sample and first_layer and trace.x[ref.sample, ref.input]:
        shown = f"Sample {ref.sample + 1} is shown: its {session.experiment.data.input_names[ref.input]} is not 0."
        return f"Press `f`, `b`, `u`: forward, backward, update. {shown}"
    return "Press `f`: the forward pass, up to the loss. Then `b` (backward) and `u` (update)."
