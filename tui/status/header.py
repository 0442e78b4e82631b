"""The header: preset, architecture, loss and optimiser at the left; epoch, update and sample at the right."""

from __future__ import annotations

from itertools import groupby

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting, fit, make_strip, to_display
from nn_tui.tui.session.document import document_title
from nn_tui.tui.session.practice_state import OUTCOMES, Practice
from nn_tui.tui.session.progress import progress_text
from nn_tui.tui.session.run_names import comparison_note, displayed
from nn_tui.tui.session.session import Session

_SPACING = 5  # cells: one at each end of the header, three between its halves
_MIN_WIDTH_PROGRESS = 100  # cells from which the header always says in words which updates are done
_MIN_TITLE = 6  # cells of a shortened preset title; a shorter one would say nothing


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the header; if the width is too small, the left half drops or shortens its parts."""
    right = _right_half(session, palette, width)
    right = fit(right, min(cell_len(right), width - 1), ellipsis=palette.glyphs.cut)
    left = to_display(_left_half(session, palette, width - cell_len(right) - _SPACING), palette.glyphs.is_ascii)
    segments = [
        Segment(" ", palette.style("text")),
        Segment(fit(left, max(0, width - cell_len(right) - 2), ellipsis=palette.glyphs.cut), palette.style("title")),
        Segment(right, palette.style("accent")),
    ]
    return [make_strip(segments, width, palette.style("text"))]


def _left_half(session: Session, palette: Palette, room: int) -> str:
    """Return the longest description of the experiment that fits ``room`` cells."""
    training, title = session.experiment.training, session.experiment.preset.title
    first = document_title(session) or "nn-tui"
    sizes, short_sizes = _sizes(session, palette), _short_sizes(session, palette)
    activations = ", ".join(name for name, _ in groupby(layer.activation for layer in session.experiment.layers))
    rate = f"{palette.glyphs.eta} {_rate(session)}"
    optimizer = f"{training.optimizer.name} {rate}"
    # The formula also shows the loss, and titles show the activations: a narrow header drops these first.
    longest_first = (
        (first, title, sizes, activations, training.loss.replace("_", " "), optimizer),
        (first, title, sizes, activations, optimizer),
        (first, title, sizes, optimizer),
        *(((first, sizes, optimizer), (first, short_sizes, rate), (first,)) if session.document is not None else ()),
        (title, sizes, optimizer),
        (title, short_sizes, rate),
    )
    dot = _separator(palette)
    text = first_fitting(map(dot.join, longest_first), room)
    if text is not None:
        return text
    facts = f"{dot}{short_sizes}{dot}{rate}"
    if room - cell_len(facts) >= _MIN_TITLE:
        return clip(title, room - cell_len(facts), palette) + facts
    text = first_fitting((f"{title}{dot}{short_sizes}", title), room)
    if text is not None:
        return text
    return clip(title, room, palette) if room >= _MIN_TITLE else ""


def _right_half(session: Session, palette: Palette, width: int) -> str:
    """Return the other run, epoch, update and sample, in the longest form that leaves room for the whole title."""
    dot = _separator(palette)
    note = displayed(comparison_note(session), palette.glyphs)
    first = [note] if note else []
    if session.practice is not None and session.lesson is None and not session.is_presented:
        first.append(_practice_counts(session.practice, width))
    else:
        first.append(tr("epoch {epoch}", epoch=session.trace.epoch))
    progress, sample = progress_text(session), _sample_forms(session)
    longest_first = [dot.join([*first, progress, text]) for text in sample]
    if width < _MIN_WIDTH_PROGRESS:
        longest_first.append(dot.join([*first, tr("update {update}", update=session.updates_done), sample[-1]]))
    rate = f"{session.experiment.training.optimizer.name} {palette.glyphs.eta} {_rate(session)}"
    left = dot.join([session.experiment.preset.title, _short_sizes(session, palette), rate])
    return first_fitting(longest_first, width - cell_len(left) - _SPACING) or longest_first[-1]


def _sample_forms(session: Session) -> list[str]:
    """Return forms of the sample's number, the longest first; that of a mini-batch also has its row in the data."""
    sample, count = session.ref.sample + 1, session.trace.n
    short = tr("sample {sample} of {count}", sample=sample, count=count)
    if session.trace.rows is None:
        return [short]
    in_batch = tr("sample {sample} of {count} in this batch", sample=sample, count=count)
    in_data = tr(
        "sample {sample} of {count} in this batch (row {row} of {rows} in the data)",
        sample=sample, count=count, row=session.data_row + 1, rows=len(session.experiment.data.x),
    )  # fmt: skip
    return [in_data, in_batch, short]


def _practice_counts(practice: Practice, width: int) -> str:
    """Return how the questions of the practice mode ended."""
    once, later, revealed = (practice.count(outcome) for outcome in OUTCOMES)
    if width < _MIN_WIDTH_PROGRESS:
        return tr("right {once}, later {later}, revealed {revealed}", once=once, later=later, revealed=revealed)
    return tr(
        "practice: right at once {once}, later {later}, revealed {revealed}",
        once=once, later=later, revealed=revealed,
    )  # fmt: skip


def _rate(session: Session) -> str:
    """η of the pass; a schedule makes it a number of many digits."""
    training, rate = session.experiment.training, session.trace.learning_rate
    return f"{rate:g}" if training.schedule.is_constant else f"{rate:.4g}"


def _separator(palette: Palette) -> str:
    return f" {palette.glyphs.dot} "


def _sizes(session: Session, palette: Palette) -> str:
    """Return the sizes of the layers: ``2–4–1``."""
    return _dash(palette).join(map(str, session.engine.sizes))


def _short_sizes(session: Session, palette: Palette) -> str:
    """Return the sizes of the layers, with a run of equal ones written once where that is shorter: ``2–(6×24)–1``."""
    dash, by = _dash(palette), palette.glyphs.by
    runs = [(size, len(list(run))) for size, run in groupby(session.engine.sizes)]
    forms = ((dash.join([str(size)] * count), f"({count}{by}{size})") for size, count in runs)
    return dash.join(min(long, short, key=len) for long, short in forms)


def _dash(palette: Palette) -> str:
    return "-" if palette.glyphs.is_ascii else "–"
