"""The loss view: the batch loss of every pass, the whole training and test set now and then."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from textual.strip import Strip

from nn_tui.tui.draw.charts import Series, draw_chart
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session import Session

DOTS = 256  # a run moves the curve by less than a dot until it has grown by this part of itself


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Loss against updates, the cursor marked; log or linear."""
    x, y = session.run.losses.points()
    if session.updates_done < session.trace.update == session.run.reached and session.at < session.course.after("loss"):
        # The pass on screen has been computed ahead of the cursor: its loss is not known there yet.
        x, y = x[:-1], y[:-1]
    series = [Series("batch", x, y, "train")]
    taken = list(session.run.samples.taken)
    tested = [(sample.update, sample.test_loss) for sample in taken if sample.test_loss is not None]
    if tested:
        # A sample after update u is what pass u + 1 starts from.
        series.append(
            Series("test", np.array([u + 1.0 for u, _ in tested]), np.array([loss for _, loss in tested]), "test")
        )
    cursor = float(session.trace.update) if session.run.reached > 1 else None
    return draw_chart(series, palette, width, height, log=session.log, cursor=cursor)


def depends(session: Session) -> Hashable:
    """What the chart is drawn from; while running, to what a chart of a few hundred dots can show."""
    run = session.run
    known = session.at >= session.course.after("loss")
    dot = max(1, run.reached // DOTS) if session.running else 1
    return (id(run), run.reached // dot, session.trace.update // dot, dot, known, session.log, len(run.samples.taken))


def title(session: Session, palette: Palette) -> str:
    """The panel's title with the newest whole-set figures."""
    taken = list(session.run.samples.taken)
    at = session.updates_done
    near = [sample for sample in taken if sample.update <= at]
    parts = ["Loss, log" if session.log else "Loss"]
    if near:
        sample = near[-1]
        if sample.train_accuracy is not None:
            parts.append(f"accuracy {sample.train_accuracy:.1%}")
        if sample.test_accuracy is not None:
            parts.append(f"test {sample.test_accuracy:.1%}")
    return f" {palette.glyphs.dot} ".join(part for part in parts if part)
