"""A copy of a run that shares nothing that is written to, so that another thread may train it."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.run.run import Run
from nn_tui.core.saved.record import RunRecord, record_run, restore_run


def copy_run(run: Run) -> Run:
    """Return a run with the same past that goes on with the same bits; no other thread may train ``run`` meanwhile."""
    record = record_run(run)
    segments = tuple(replace(segment, engine=Engine(segment.experiment, segment.engine)) for segment in record.segments)
    return restore_run(RunRecord(segments, record.progress))
