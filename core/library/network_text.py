"""What a network is, in two lines for a terminal and as a table for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.text import one_line, plain_number, truncate
from nn_tui.core.translation import Message, message, message_plural, tr

UNTITLED = "network"  # the id of a network from arrays, and its title if it is given none
_MAX_LAYERS = 12  # in a line or a table; the others are left out


def network_text(run: Run, update: int, loss: float | None) -> str:
    """Return two lines: the layers and the training, and how far the training is.

    Args:
        run: The run.
        update: The update after which the network is.
        loss: The loss of the last pass; None at the start.
    """
    experiment = run.segment(update).experiment
    return f"{_what(experiment)}\n{_progress(run, update, loss)}"


def network_html(run: Run, update: int, loss: float | None) -> str:
    """Return a table of the layers with a line above and below it; the arguments are those of :func:`network_text`."""
    experiment = run.segment(update).experiment
    heads = (tr("layer"), tr("weights"), tr("biases"), tr("activation"), tr("trained"))
    rows: list[tuple[str, ...]] = []
    for number, layer in list(enumerate(experiment.layers, 1))[:_MAX_LAYERS]:
        trained = tr("yes") if layer.train_weights and layer.train_bias else tr("no")
        if layer.train_weights != layer.train_bias:
            trained = tr("weights only") if layer.train_weights else tr("biases only")
        shape = f"{layer.units} × {experiment.sizes[number - 1]}"
        rows.append((str(number), shape, str(layer.units), layer.activation, trained))
    hidden = len(experiment.layers) - _MAX_LAYERS
    if hidden > 0:
        rows.append(("…", *[""] * (len(heads) - 1)))
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return (
        f"<p>{escape(_what(experiment))}</p>\n<table><thead><tr>{_cells('th', heads)}</tr></thead>"
        f"<tbody>{body}</tbody></table>\n<p>{escape(_progress(run, update, loss))}</p>\n"
    )


def _cells(tag: str, texts: Sequence[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


def _what(experiment: Experiment) -> str:
    training = experiment.training
    names = [layer.activation for layer in experiment.layers]
    sizes = [str(size) for size in experiment.sizes]
    if len(names) > _MAX_LAYERS:
        names, sizes = [*names[:2], "…", names[-1]], [*sizes[:3], "…", sizes[-1]]
    title = experiment.preset.title
    if title == experiment.preset.id == UNTITLED:
        return tr(
            "Network {sizes} ({activations}); loss {loss}; {optimizer}, learning rate {learning_rate}",
            sizes="-".join(sizes),
            activations=", ".join(names),
            loss=training.loss,
            optimizer=training.optimizer.name,
            learning_rate=plain_number(training.optimizer.learning_rate),
        )
    return tr(
        "Network {title}, {sizes} ({activations}); loss {loss}; {optimizer}, learning rate {learning_rate}",
        title=truncate(one_line(title)),
        sizes="-".join(sizes),
        activations=", ".join(names),
        loss=training.loss,
        optimizer=training.optimizer.name,
        learning_rate=plain_number(training.optimizer.learning_rate),
    )


def _progress(run: Run, update: int, loss: float | None) -> str:
    if run.divergence is not None and run.divergence.update <= update:
        return tr(
            "{rows}; {updates}; diverged: {finding}",
            rows=_rows(run, update),
            updates=_updates(update),
            finding=run.divergence.sentence,
        )
    if loss is None or loss != loss:
        return tr("{rows}; {updates}", rows=_rows(run, update), updates=_updates(update))
    return tr(
        "{rows}; {updates}; the loss of the last pass was {loss}",
        rows=_rows(run, update),
        updates=_updates(update),
        loss=plain_number(loss),
    )


def _rows(run: Run, update: int) -> Message:
    data = run.segment(update).experiment.data
    if len(data.x_test):
        return message_plural(
            "{count:,} training row, {test:,} for testing",
            "{count:,} training rows, {test:,} for testing",
            len(data.x),
            test=len(data.x_test),
        )
    return message_plural("{count:,} training row", "{count:,} training rows", len(data.x))


def _updates(update: int) -> Message:
    return message_plural("{count:,} update", "{count:,} updates", update) if update else message("not trained")
