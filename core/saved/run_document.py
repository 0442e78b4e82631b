"""Documents of a run alone, for programs without a screen; the app opens them like those that it writes."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.engine.blas import kernels
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.run.run import Run
from nn_tui.core.saved.codec import invalid_value
from nn_tui.core.saved.document import DocumentInfo, read_document, rejecting_misfits, write_document
from nn_tui.core.saved.record import record_run, restore_run
from nn_tui.core.saved.runs import SavedRuns, restore_runs, save_runs
from nn_tui.core.text import printable

# The fields of these classes are keys in the files.


@dataclass(frozen=True, slots=True)
class SavedPosition:
    """A position in a session: the number of the run, from 0, of the pass, and of the steps that are done in it."""

    run: int
    update: int
    cursor: int


@dataclass(frozen=True, slots=True)
class RunTree:
    """The tree of a document of a run: the run, and the position that the app opens. It has no view."""

    runs: SavedRuns
    here: SavedPosition


@dataclass(frozen=True, slots=True)
class _AnyTree:
    """The tree of any document; ``place`` is what the app saves beside the runs."""

    runs: SavedRuns
    here: SavedPosition | None = None
    place: dict[str, object] | None = None


def run_document(run: Run, update: int, saved_at: int) -> bytes:
    """Return a document of a run, which the app opens after ``update``; no other thread may train the run.

    Args:
        run: The run.
        update: An update that it has made; 0 for the start.
        saved_at: The time in seconds since 1970.

    Raises:
        InputError: For a run that is too large for a document.
    """
    shown = max(1, update)
    trace = run.trace(shown)  # a document has at least the first pass
    run.release(trace)
    engine = run.segment(shown - 1).engine
    cursor = steps_of(engine.sizes[1:]).end if update else 0
    preset = run.segment(shown - 1).experiment.preset
    record = record_run(run, shown=shown)
    info = DocumentInfo(
        preset=printable(preset.id)[:200],
        title=printable(preset.title)[:200],
        update=update,
        reached=max(update, run.finished),
        saved_at=saved_at,
        kernels=kernels(max(segment.engine.threads for segment in run.segments))[:200],
    )
    return write_document(info, RunTree(save_runs([record]), SavedPosition(0, shown, cursor)))


def read_run(content: bytes) -> tuple[Run, int]:
    """Return the run of a document that the app or :func:`run_document` wrote, and the update after which it is.

    Of a session with several runs, it is the one on screen.

    Raises:
        InputError: If the content is damaged or no document.
    """
    tree = read_document(content, _AnyTree)
    with rejecting_misfits():
        here = tree.here or _position(tree.place)
        records = restore_runs(tree.runs)
        if here.run >= len(records) or not 1 <= here.update <= records[here.run].progress.reached:
            raise invalid_value("here")
        run = restore_run(records[here.run])
        last = steps_of(run.segment(here.update - 1).engine.sizes[1:]).end
        return run, here.update if here.cursor >= last else here.update - 1


def _position(place: dict[str, object] | None) -> SavedPosition:
    """Return the position on screen from what the app saved."""
    here = place.get("here") if place else None
    numbers = [here.get(name) for name in ("run", "update", "cursor")] if isinstance(here, dict) else []
    if len(numbers) != 3 or not all(type(number) is int and number >= 0 for number in numbers):
        raise invalid_value("place", "here")
    return SavedPosition(*(number for number in numbers if isinstance(number, int)))
