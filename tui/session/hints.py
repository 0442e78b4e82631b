"""The hint in the message line: what the next keys do in this state and at this zoom."""

from __future__ import annotations

from nn_tui.core.data.labels import input_labels
from nn_tui.core.engine.computed import operation_of
from nn_tui.core.engine.steps import Operation, Step
from nn_tui.core.lesson.lesson import Ask, Choose, Do
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.session import stepping
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.lesson import is_away
from nn_tui.tui.session.lesson_answers import has_hint
from nn_tui.tui.session.session import Session

_ARRAYS: dict[Operation, Message] = {
    "z": message("z"),
    "a": message("a"),
    "da": message("∂L/∂a"),
    "dz": message("δ"),
    "dw": message("∂L/∂w"),
    "db": message("∂L/∂b"),
    "update": message("w′ and b′"),
}


def hint(session: Session) -> str:
    """Return one or two sentences on the keys that can act now."""
    if session.is_presented:
        return ""
    if session.running:
        return _running_hint(session)
    if lesson_hint := _lesson_hint(session):
        return lesson_hint
    if session.practice is not None and session.practice.is_typing:
        return tr("Practice: `enter` asks the next question, or type its answer; `esc` leaves the line.")
    if session.practice is not None:
        return tr("Practice: `␣` asks the next question, `esc` ends with a summary, `Q` changes the level.")
    if ended := stepping.divergence_message_here(session):
        return ended
    cursor, steps = session.cursor, session.pass_steps
    if cursor >= steps.end:
        return tr("The weights are updated: W′ = W + ΔW. `f` begins the next pass, `⌫` goes back.")
    if cursor == steps.after("backward"):
        return tr("All gradients are ready: `u` updates the weights. `;` highlights a factor, `>` selects it.")
    next_ = _next_result(session)
    if cursor == steps.after("loss"):
        if session.zoom == "pass":
            return tr("The loss is ready: `b` or `␣` computes all gradients.")
        return tr("The loss is ready: `b` computes all gradients, `␣` only {next}.", next=next_)
    if cursor > steps.after("backward"):
        return tr("`␣` computes {next}, `⌫` goes back; `u` finishes the update.", next=next_)
    if cursor > steps.after("loss"):
        return tr(
            "`␣` computes {next}; `b` finishes the backward pass. `;` highlights a factor, `>` selects it.", next=next_
        )
    if cursor:
        return tr("`␣` computes {next}, `⌫` goes back; `f` finishes the forward pass.", next=next_)
    return _first_hint(session)


def _lesson_hint(session: Session) -> str:
    """Return the hint in a lesson: how to answer, to go on, or to return; "" where the usual keys are the task."""
    state = session.lesson
    if state is None:
        return ""
    if isinstance(state.question, Choose):
        if has_hint(session):
            return tr(
                "Type the letter of your answer and press `enter`. `tab` gives a hint, `ctrl+r` shows the answer."
            )
        return tr("Type the letter of your answer and press `enter`. `ctrl+r` shows the answer.")
    if isinstance(state.question, Ask):
        if session.practice is not None and session.practice.is_typing:
            return tr("Type your answer and press `enter`. `tab` gives a hint, `ctrl+r` shows the number.")
        return tr("`0` returns to the question, `ctrl+r` shows the number, `esc` leaves the lesson.")
    if isinstance(state.question, Do):
        if has_hint(session):
            return tr("`tab` gives a hint, `ctrl+r` a solution; `0` starts the task again.")
        return tr("`ctrl+r` shows a solution; `0` starts the task again.")
    if state.is_at_end:
        return tr("`pgdn` opens the next lesson, `o` lists all of them, `esc` leaves the lesson.")
    if is_away(session):
        return tr("`0` returns to the step, `pgdn` goes on, `esc` leaves the lesson.")
    return tr("`pgdn` goes on, `pgup` goes back, `esc` leaves the lesson. Look around: all other keys act, too.")


def not_computed_text(session: Session) -> str:
    """Return the sentence that the selected number is still to come, with the keys to press until it is there."""
    operation, cursor, steps = operation_of(session.ref.key), session.cursor, session.pass_steps
    symbol = session.ref.symbol
    if operation in ("z", "a", "loss"):
        return tr("{symbol} is not computed yet in this pass: it needs forward (`f`).", symbol=symbol)
    if operation == "update" and cursor >= steps.after("backward"):
        return tr("{symbol} is not computed yet in this pass: it needs update (`u`).", symbol=symbol)
    if operation == "update" and cursor >= steps.after("loss"):
        return tr(
            "{symbol} is not computed yet in this pass: it needs backward (`b`), then update (`u`).", symbol=symbol
        )
    if operation == "update":
        return tr(
            "{symbol} is not computed yet in this pass: it needs forward (`f`), backward (`b`), then update (`u`).",
            symbol=symbol,
        )
    if cursor >= steps.after("loss"):
        return tr("{symbol} is not computed yet in this pass: it needs backward (`b`).", symbol=symbol)
    return tr("{symbol} is not computed yet in this pass: it needs forward (`f`), then backward (`b`).", symbol=symbol)


def _first_hint(session: Session) -> str:
    """Return the hint at the start of a pass, with the reason if another sample than the first is shown."""
    ref, trace = session.ref, session.trace
    is_first_weight = ref.quantity == "w" and not ref.after and ref.layer == 0
    if trace.update == 1 and ref.sample and is_first_weight and trace.x[ref.sample, ref.input]:
        return tr(
            "Press `f`, `b`, `u`: forward, backward, update. Sample {sample} is shown: its {input} is not 0, "
            "so the weight has an effect.",
            sample=ref.sample + 1,
            input=input_labels(session.experiment.data)[ref.input],
        )
    return tr("Press `f`: the forward pass, up to the loss. Then `b` (backward) and `u` (update).")


def _next_result(session: Session) -> Message:
    """Return what the next stop of this pass computes."""
    steps, zoom = session.pass_steps, session.zoom
    step = steps.step_at(steps.next(session.cursor, zoom) or steps.end)
    if zoom == "pass":
        return message("the rest of this phase")
    if step.operation == "loss":
        return message("the loss")
    if zoom == "layer":
        return _layer_result(step)
    assert step.operation is not None and step.layer is not None and step.unit is not None
    array, layer = _ARRAYS[step.operation], step.layer + 1
    if zoom == "operation":
        return message("{array} of layer {layer}", array=array, layer=layer)
    return message("{array} of unit {unit} in layer {layer}", array=array, unit=step.unit + 1, layer=layer)


def _layer_result(step: Step) -> Message:
    if step.layer is None or step.phase == "update":
        return message("the other layers")
    if step.phase == "backward":
        return message("the gradients of layer {layer}", layer=step.layer + 1)
    return message("layer {layer}", layer=step.layer + 1)


def _running_hint(session: Session) -> str:
    """Return the hint while the session runs: what it does, and the keys that pause it or change the speed."""
    speed = SPEEDS[session.speed].label
    if session.goal is not None and session.target is not None:
        goal, limit = session.goal.text, session.target
        if session.other is not None:
            return tr(
                "Both runs in turn until {goal}, at most to update {limit:,}: `r` pauses.", goal=goal, limit=limit
            )
        return tr("Training until {goal}, at most to update {limit:,}: `r` pauses.", goal=goal, limit=limit)
    if session.target is not None:
        if session.other is not None:
            return tr("Both runs go to update {target:,} in turn: `r` or any step pauses.", target=session.target)
        return tr("Going to update {target:,}: `r` or any step pauses.", target=session.target)
    if session.playing_back:
        return tr("Playing back, {speed}: `r` or any step pauses, `+` and `-` change the speed.", speed=speed)
    if session.other is not None:
        return tr("Both runs in turn, {speed}: `r` or any step pauses, `+` and `-` change the speed.", speed=speed)
    return tr("Running, {speed}: `r` or any step pauses, `+` and `-` change the speed.", speed=speed)
