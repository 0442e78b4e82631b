"""The moves of a session in the output: the next view, a sample or a unit that was clicked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tui.core.translation import Message, message
from nn_tui.tui.session.session import Session, select
from nn_tui.tui.views.output import output_views
from nn_tui.tui.views.output.predictions import SampleHit, has_hidden_unit


def next_output(session: Session) -> Session:
    """Take the next view of the output that fits the data."""
    views = output_views.available_views(session)
    names = list(views)
    if len(names) == 1:
        return replace(session, message=message("There is one way to show the output of this data."))
    name = names[(names.index(output_views.current_name(session)) + 1) % len(names)]
    return replace(session, output_view=name, message=views[name].sentence)


def show_unit(session: Session, is_visible: bool) -> Session:
    """Show the selected hidden unit's response in the output.

    Args:
        session: The session.
        is_visible: Whether the response is visible already. Then, and if the user chose another output view, the
            session stays as it is.
    """
    views = output_views.available_views(session)
    if "unit" not in views or is_visible or output_views.current_name(session) not in (next(iter(views)), "unit"):
        return session
    if not has_hidden_unit(session):
        return replace(session, output_view="")
    text = message("{about} `y` shows the other views.", about=views["unit"].sentence)
    return replace(session, output_view="unit", message=text)


def show_sample(session: Session, hit: SampleHit) -> Session:
    """Select the sample that was clicked in the output, if it is in the batch on screen."""

    def said(text: Message) -> Message:
        return message("{note} {sample}", note=hit.note, sample=text) if hit.note else text

    number = hit.row + 1
    if hit.part == "test":
        text = message("Sample {number} of the test part: no pass trains on it, so no batch has it.", number=number)
        return replace(session, message=said(text))
    rows = session.trace.rows
    samples = [hit.row] if rows is None else np.flatnonzero(rows == hit.row).tolist()
    if not samples:
        text = message(
            "Sample {number} of the training part is not in the batch of this pass: `n` goes on to other batches.",
            number=number,
        )
        return replace(session, message=said(text))
    chosen = select(session, replace(session.ref, sample=int(samples[0])))
    if rows is None:
        return replace(chosen, message=said(message("Sample {number} of the training part.", number=number)))
    text = message(
        "Sample {number} of the training part, {position} of {count} in this batch.",
        number=number, position=samples[0] + 1, count=session.trace.n,
    )  # fmt: skip
    return replace(chosen, message=said(text))
