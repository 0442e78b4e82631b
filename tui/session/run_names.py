"""How runs are named: in messages, in the header, and beside one another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import cell_len

from nn_tui.core.edits.common import format_value
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.run.replay import Segment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.text import fit, to_display
from nn_tui.tui.session.session import Session

# The changes whose outcome is a setting of the experiment, and those that show in the sizes of its layers.
_SET = re.compile(r".+ → .+|(?:data )?seed \d+|(?:shuffle|standardize) \w+")
_SHAPE = re.compile(r"[+−].+")
_HEADER = 24  # cells of a run's name in the header
_NEWEST = 3


def run_label(run: Run) -> str:
    """What makes a run this one: its newest change and where it came, else its seed."""
    if len(run.segments) == 1:
        return f"weights of seed {run.experiment.init_seed}, nothing changed"
    return _when(run.segments[-1])


def names(run: Run, other: Run) -> tuple[str, str]:
    """What tells each of two runs from the other: ``η 0.5`` and ``η 2, w1[2,1] = 0``.

    Settings that are not the same in both, then the other changes that one of them alone has had.
    """
    both = run.experiment, other.experiment
    same_optimizer = both[0].training.optimizer.name == both[1].training.optimizer.name
    mine, theirs = (_settings(each, same_optimizer) for each in both)
    # A layer more or less moves the numbers of those behind it.
    is_moved = len(both[0].layers) != len(both[1].layers)
    told = [
        key
        for key in {**mine, **theirs}
        if mine.get(key) != theirs.get(key) and not (is_moved and key.startswith("activation"))
    ]
    own = _own_changes(run, other), _own_changes(other, run)
    is_reshaped = both[0].sizes != both[1].sizes
    first, second = (
        ", ".join([*(held[key] for key in told if key in held), *_unset(changes, is_reshaped)])
        for held, changes in zip((mine, theirs), own, strict=True)
    )
    if first == second:  # the same changes, at different updates perhaps
        first = second = ""
    first, second = (
        name or (_when(changes[-1]) if changes else "unchanged")
        for name, changes in zip((first, second), own, strict=True)
    )
    return (f"{first}, this", f"{second}, other") if first == second else (first, second)


def _settings(experiment: Experiment, all_options: bool) -> dict[str, str]:
    """What is in force, each with its value: ``η 0.5``; without ``all_options``, only those that are not usual."""
    training, layers, data = experiment.training, experiment.layers, experiment.preset.data
    optimizer = training.optimizer
    usual = OPTIMIZERS[optimizer.name].defaults
    options = {**usual, **dict(optimizer.options)}
    named = {
        "η": optimizer.learning_rate,
        **{key: value for key, value in options.items() if all_options or value != usual[key]},
        "reduction": training.reduction,
        "batch": training.batch_size,
        "shuffle": training.shuffle,
        "l1": training.l1,
        "l2": training.l2,
        "seed": experiment.init_seed,
        "data seed": experiment.seed,
        "samples": data.samples,
        "noise": data.noise,
        "standardize": data.standardize,
        **{f"activation {k}": layer.activation for k, layer in enumerate(layers, 1)},
    }
    said = {key: f"{key} {format_value(value)}" for key, value in named.items()}
    if not all_options:
        said["η"] = f"{optimizer.name} {said['η']}"
    return {"sizes": "–".join(map(str, experiment.sizes)), **said, "loss": training.loss}


def _own_changes(run: Run, other: Run) -> list[Segment]:
    """The changes that ``run`` has had and ``other`` has not, oldest first; runs that branched off share the others."""
    return [segment for segment in run.segments[1:] if segment not in other.segments]


def _unset(changes: Iterable[Segment], is_reshaped: bool) -> Iterable[str]:
    """The changes that no setting tells, the newest of each number."""
    labels = {segment.label.partition(" = ")[0]: segment.label for segment in changes}
    return (
        label
        for label in labels.values()
        if not _SET.fullmatch(label) and not (is_reshaped and _SHAPE.fullmatch(label))
    )


def _when(segment: Segment) -> str:
    return f"{segment.label} {f'at update {segment.start:,}' if segment.start else 'from the start'}"


def header_note(session: Session) -> str:
    """What the run on screen is compared with, and how far that is where it is not as far; "" alone."""
    other = session.other
    if other is None:
        return ""
    name = names(session.run, other)[1]
    name = fit(name, min(cell_len(name), _HEADER))
    if other.divergence is not None and other.divergence.update <= session.updates_done:
        return f"vs {name}, diverged"
    behind = f" at {other.reached:,}" if other.reached < session.updates_done else ""
    return f"vs {name}{behind}"


def changed_here(session: Session) -> str:
    """The changes at the update where the cursor stands, in one sentence; "" where there are none."""
    done = session.updates_done
    if session.cursor not in (0, session.pass_steps.end):
        return ""
    labels = [segment.label for segment in session.run.segments[1:] if segment.start == done]
    if not labels:
        return ""
    more = f" and {len(labels) - _NEWEST} more" if len(labels) > _NEWEST else ""
    way = "`f` goes on with it." if session.cursor else "`f` goes on, `⌫` takes it back."
    return f"Changed here: {', '.join(labels[: -_NEWEST - 1 : -1])}{more}. {way}"


def written(name: str, glyphs: Glyphs) -> str:
    """A run's name in the characters of the screen."""
    return to_display(name.replace("η", glyphs.eta), glyphs.is_ascii)
