"""Names of runs, for messages, for the header, and for a run beside the one that it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from nn_tui.core.edits.change_text import OPTION_SYMBOLS, change_message, change_text, format_value
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.run.change import SETTING_KINDS, SHAPE_KINDS
from nn_tui.core.run.replay import Segment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.text import sizes_text
from nn_tui.core.translation import Message, all_of, message, tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.text import fit, to_display
from nn_tui.tui.session.session import Session

_HEADER_WIDTH = 24  # cells of a run's name in the header
_MAX_EDITS = 3  # edits named in one message


def run_label(run: Run) -> Message:
    """Return a run's newest edit and the update at which it was made, or the seed of the weights if there is none."""
    if len(run.segments) == 1:
        return message("weights of seed {seed}, nothing changed", seed=run.experiment.init_seed)
    return _edit_and_update(run.segments[-1])


def distinct_names(run: Run, other: Run) -> tuple[str, str]:
    """Return names for two runs that tell them apart, such as ``η 0.5`` and ``η 2, w1[2,1] = 0``.

    A name lists the settings that differ between the runs, then the other edits that only this run has.
    """
    both = run.experiment, other.experiment
    same_optimizer = both[0].training.optimizer.name == both[1].training.optimizer.name
    # A layer more or less moves the numbers of those after it.
    same_layers = len(both[0].layers) == len(both[1].layers)
    mine, theirs = (_settings(each, all_options=same_optimizer, activations=same_layers) for each in both)
    differing = [key for key in {**mine, **theirs} if mine.get(key) != theirs.get(key)]
    own = _own_edits(run, other), _own_edits(other, run)
    is_reshaped = both[0].sizes != both[1].sizes
    first, second = (
        ", ".join([*(settings[key] for key in differing if key in settings), *_other_edits(edits, is_reshaped)])
        for settings, edits in zip((mine, theirs), own, strict=True)
    )
    if first == second:  # the same edits, perhaps at different updates
        first = second = ""
    first, second = (
        name or (str(_edit_and_update(edits[-1])) if edits else tr("unchanged"))
        for name, edits in zip((first, second), own, strict=True)
    )
    if first == second:
        return tr("{name}, this run", name=first), tr("{name}, other run", name=second)
    return first, second


def names_of(runs: Sequence[Run]) -> tuple[str, ...]:
    """Return a short name for each of several runs: the settings and the other edits that not all of them have."""
    experiments = [run.experiment for run in runs]
    same_optimizer = len({each.training.optimizer.name for each in experiments}) == 1
    same_layers = len({len(each.layers) for each in experiments}) == 1
    settings = [_settings(each, all_options=same_optimizer, activations=same_layers) for each in experiments]
    if all(each.seed == each.init_seed for each in experiments):  # one number tells both apart
        settings = [{key: text for key, text in each.items() if key != "data seed"} for each in settings]
    differing = [key for key in dict.fromkeys(key for each in settings for key in each)
                 if len({each.get(key) for each in settings}) > 1]  # fmt: skip
    is_reshaped = len({each.sizes for each in experiments}) > 1
    edits = [list(_other_edits(run.segments[1:], is_reshaped)) for run in runs]
    common = set(edits[0]).intersection(*edits[1:]) if edits else set()
    return tuple(
        ", ".join([*(own[key] for key in differing if key in own), *(text for text in texts if text not in common)])
        or tr("unchanged")
        for own, texts in zip(settings, edits, strict=True)
    )


def _settings(experiment: Experiment, *, all_options: bool, activations: bool) -> dict[str, str]:
    """Return the settings of an experiment by name, each as its name and value: ``η 0.5``.

    Args:
        experiment: The experiment.
        all_options: Whether to list the optimiser's options that have their default as well.
        activations: Whether to list the activation of each layer.
    """
    training, layers, data = experiment.training, experiment.layers, experiment.preset.data
    optimizer = training.optimizer
    defaults = OPTIMIZERS[optimizer.name].defaults
    options = {**defaults, **dict(optimizer.options)}
    named = {
        "η": optimizer.learning_rate,
        **{
            OPTION_SYMBOLS.get(key, key): value
            for key, value in options.items()
            if all_options or value != defaults[key]
        },
        "schedule": training.schedule,
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
        "standardize_target": data.standardize_target,
        **{f"activation {k}": layer.activation for k, layer in enumerate(layers if activations else (), 1)},
    }
    texts = {key: f"{key} {format_value(value)}" for key, value in named.items()}
    if not all_options:
        texts["η"] = f"{optimizer.name} {texts['η']}"
    return {"sizes": sizes_text(experiment.sizes), **texts, "loss": training.loss}


def _own_edits(run: Run, other: Run) -> list[Segment]:
    """Return the edits of ``run`` that ``other`` does not share, oldest first."""
    return [segment for segment in run.segments[1:] if segment not in other.segments]


def _other_edits(edits: Iterable[Segment], is_reshaped: bool) -> Iterable[str]:
    """Return the texts of the edits that change no setting; of several edits of one number, the newest."""
    changes = {segment.change.target: segment.change for segment in edits}
    left_out = SETTING_KINDS | SHAPE_KINDS if is_reshaped else SETTING_KINDS
    return (change_text(change) for change in changes.values() if change.kind not in left_out)


def _edit_and_update(segment: Segment) -> Message:
    if segment.start:
        return message("{edit} at update {update:,}", edit=change_message(segment.change), update=segment.start)
    return message("{edit} from the start", edit=change_message(segment.change))


def comparison_note(session: Session) -> str:
    """Return the name of the run compared with, and its last update if that is earlier; "" without a comparison."""
    other = session.other
    if other is None:
        return ""
    name = distinct_names(session.run, other)[1]
    name = fit(name, min(cell_len(name), _HEADER_WIDTH), ellipsis="…")
    if other.divergence is not None and other.divergence.update <= session.updates_done:
        return tr("vs {name}, diverged", name=name)
    if other.reached < session.updates_done:
        return tr("vs {name} at {update:,}", name=name, update=other.reached)
    return tr("vs {name}", name=name)


def edits_note(session: Session) -> str:
    """Return a sentence on the edits made at the cursor's update, without those of a lesson; "" if there are none."""
    done = session.updates_done
    given = None if session.lesson is None else session.lesson.given
    first = 1 if given is None else len(given.run.segments)
    if session.cursor not in (0, session.pass_steps.end):
        return ""
    texts = [change_text(segment.change) for segment in session.run.segments[first:] if segment.start == done]
    if not texts:
        return ""
    edits: list[object] = list(texts[: -_MAX_EDITS - 1 : -1])
    if len(texts) > _MAX_EDITS:
        edits.append(message("{count} more", count=len(texts) - _MAX_EDITS))
    if session.cursor:
        return tr("Changed here: {edits}. `f` goes on.", edits=all_of(edits))
    return tr("Changed here: {edits}. `f` goes on, `⌫` undoes the change.", edits=all_of(edits))


def displayed(name: str, glyphs: Glyphs) -> str:
    """Return a run's name in the characters that the screen can show."""
    return to_display(name.replace("η", glyphs.eta), glyphs.is_ascii)
